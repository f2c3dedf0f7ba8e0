//! A sender's pace and its turns: exact over several processes on one database, fair between programs.

use std::time::{Duration, Instant};

use chrono::TimeDelta;
use motherline::flows::dispatch::{self, Desk, Room};
use motherline::flows::senders::Sender;
use motherline::store::{Database, outbox};
use tempfile::TempDir;

use crate::dispatcher::{House, text};
use crate::killed::{TOKEN, config, count};
use crate::support::engines::{self, on_both};
use crate::support::gateway::Simulator;
use crate::support::service::{Service, Settings, eventually, eventually_within, port};
use crate::support::texts::{queue, reminder};

/// Segments a second, for the sender.
const PACE: u32 = 40;
/// Seconds for which the pace is watched. It is promised over a minute: `MOTHERLINE_WATCH=60`, in `make soak`.
const WATCHED: u32 = 12;

fn paced(port: u16, url: &str) -> String {
    let programs = r#"programs = ["text4baby-us", "text4baby-russia"]"#;
    config(port, url)
        .replace("segments_per_second = 1000", &format!("segments_per_second = {PACE}"))
        .replace(r#"programs = ["text4baby-us"]"#, programs)
}

/// Texts of a program that are due now, each of one segment.
pub async fn fall_due(service: &Service, program: &str, texts: usize) {
    let phone = |n: usize| format!("+12025550{:03}", 100 + n % 100);
    let due = (0..texts).map(|n| reminder(phone(n), format!("{program} {n}"), program));
    queue(service, &due.collect::<Vec<_>>()).await;
}

async fn kept(services: &[Service], gateway: &Simulator) {
    let seconds = std::env::var("MOTHERLINE_WATCH").ok().and_then(|n| n.parse().ok()).unwrap_or(WATCHED);
    fall_due(&services[0], "text4baby-us", (PACE * (seconds + 30)) as usize).await;
    // The pace is looked at once it has begun.
    let sent = || async { gateway.account().await["taken"].as_u64().unwrap_or_default() };
    let before = eventually_within(Duration::from_secs(60), "the first texts", async || {
        let sent = sent().await;
        (sent > u64::from(PACE)).then_some(sent)
    })
    .await;
    let begun = Instant::now();
    tokio::time::sleep(Duration::from_secs(u64::from(seconds))).await;
    let (after, watched) = (sent().await, begun.elapsed());
    let went = (after - before) as f64 / watched.as_secs_f64() / f64::from(PACE);
    // A step of 100 ms more or less at each end of the time that is watched. A machine that is busy with something
    // else may make it slower than its pace, never faster; where that is asked for, it is held to both.
    let slack = 0.005 + 0.3 / f64::from(seconds);
    let least = if std::env::var_os("MOTHERLINE_WATCH").is_some() { 1.0 - slack } else { 0.5 };
    assert!((least..=1.0 + slack).contains(&went), "{went} of the pace");
    eprintln!("over {watched:?}: {went:.4} of the pace, by {} processes", services.len());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_process_keeps_the_pace() {
    let folder = TempDir::new().expect("a folder");
    let gateway = Simulator::start(&["--no-reports"], TOKEN);
    let port = port();
    let settings = Settings::new(paced(port, &gateway.url), engines::sqlite(folder.path()), port);
    let services = [Service::start(settings.secret("KILLED_TOKEN", TOKEN)).await];
    kept(&services, &gateway).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn several_processes_share_one_pace_exactly() {
    let gateway = Simulator::start(&["--no-reports"], TOKEN);
    let database = engines::postgres();
    let mut services = Vec::new();
    for _ in 0..3 {
        let port = port();
        let mut settings = Settings::new(paced(port, &gateway.url), database.clone(), port);
        settings.only = Some("dispatcher");
        services.push(Service::start(settings.secret("KILLED_TOKEN", TOKEN)).await);
    }
    kept(&services, &gateway).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn programs_take_turns() {
    let folder = TempDir::new().expect("a folder");
    let gateway = Simulator::start(&["--no-reports"], TOKEN);
    let port = port();
    // American numbers in a Russian program: the sender serves both countries.
    let settings = Settings::new(paced(port, &gateway.url), engines::sqlite(folder.path()), port);
    let service = Service::start(settings.secret("KILLED_TOKEN", TOKEN)).await;
    // One program has a thousand texts due before the other has any.
    fall_due(&service, "text4baby-us", 1000).await;
    fall_due(&service, "text4baby-russia", 60).await;
    eventually_within(Duration::from_secs(60), "the small program's texts", async || {
        let left = "SELECT COUNT(*) FROM outbox WHERE program = 'text4baby-russia'";
        (count(&service, left).await == 0).then_some(())
    })
    .await;
    let sent = count(&service, "SELECT COUNT(*) FROM history WHERE program = 'text4baby-us'").await;
    assert!((40..=260).contains(&sent), "the small one waited for {sent} of the large one's");
}

const OF_ONE: &str = "SELECT COUNT(*) FROM outbox WHERE program = 'text4baby-us' AND state = 2";
const OF_OTHER: &str = "SELECT COUNT(*) FROM outbox WHERE program = 'text4baby-russia' AND state = 2";

/// Which programs have texts is not asked with every claim: one whose texts come while another's are many has its turn
/// within a second, and at once where the other has too few.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_program_that_begins_to_wait_has_its_turn() {
    on_both(async |database| {
        let house = House::begin(&database, "another", |_| {}).await;
        let service = house.service().clone();
        let sender = Sender { name: "of two".to_owned(), ..(*house.sender).clone() };
        let wait = async |program: &str, texts: usize| {
            let of = |_| {
                let mut text = text(&service, &sender.name, "+12025550143", false);
                text.program = Some(program.to_owned());
                text
            };
            let mut tx = database.begin().await.expect("a transaction");
            outbox::queue(&mut tx, &(0..texts).map(of).collect::<Vec<_>>()).await.expect("they wait");
            tx.commit().await.expect("they wait");
        };
        let mut desk = Desk::default();
        let mut claim = async |unasked: usize| {
            let room = Room { answers: 0, unasked, pressing: false };
            dispatch::claim(&service, &sender, "rehearsal", room, &mut desk)
                .await
                .expect("claimed")
                .unasked
                .len()
        };
        wait("text4baby-us", 30).await;
        assert_eq!(4, claim(4).await);
        wait("text4baby-russia", 10).await;
        assert_eq!(4, claim(4).await);
        house.wait(TimeDelta::seconds(1));
        assert_eq!(4, claim(4).await);
        assert_eq!((10, 2), (house.count(OF_ONE).await, house.count(OF_OTHER).await));
        // The last of one, and at once those of another that nobody knew of.
        assert_eq!(28, claim(50).await);
        wait("a third", 3).await;
        assert_eq!(3, claim(50).await);
        house.end().await;
    })
    .await;
}

/// The room for what is sent and not recorded: what is on the wire, and one batch.
const UNRECORDED: u64 = 64 + 1000;

/// A database that takes no results: nobody goes on sending what nobody can write down.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn never_more_is_sent_and_unrecorded_than_is_on_the_wire_and_a_batch() {
    let gateway = Simulator::start(&["--no-reports"], TOKEN);
    let port = port();
    let fast =
        config(port, &gateway.url).replace("segments_per_second = 1000", "segments_per_second = 100000");
    let settings = Settings::new(fast, engines::postgres(), port);
    let service = Service::start(settings.secret("KILLED_TOKEN", TOKEN)).await;
    let Database::Postgres(pool) = &service.database else { panic!("PostgreSQL") };
    let mut lock = pool.begin().await.expect("a transaction");
    sqlx::query("LOCK TABLE history IN EXCLUSIVE MODE").execute(&mut *lock).await.expect("a lock");
    fall_due(&service, "text4baby-us", 6000).await;
    let sent = || async { gateway.account().await["taken"].as_u64().unwrap_or_default() };
    let at_rest = eventually("it rests", async || {
        let before = sent().await;
        tokio::time::sleep(Duration::from_secs(1)).await;
        (before > 0 && before == sent().await).then_some(before)
    })
    .await;
    assert!(at_rest <= UNRECORDED, "{at_rest} are sent and unrecorded");
    lock.rollback().await.expect("no lock");
    eventually("all are sent and recorded", async || {
        (count(&service, "SELECT COUNT(*) FROM history WHERE state = 4").await == 6000).then_some(())
    })
    .await;
    assert_eq!(6000, sent().await, "each once");
}
