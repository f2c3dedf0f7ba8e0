//! A last part of a sender's day is kept for answers: tips never use it, several processes share it exactly, and
//! the cap itself is never passed.

use std::time::Duration;

use chrono::{Days, NaiveDate, NaiveTime, TimeDelta};
use motherline::flows::dispatch::{self, Desk, Room};
use motherline::flows::senders::Sender;
use motherline::store::{Database, outbox, service as facts};
use tempfile::TempDir;
use uuid::Uuid;

use crate::dispatcher::{House, execute, text};
use crate::killed::{TOKEN, config, count};
use crate::support::engines::{self, on_both};
use crate::support::gateway::Simulator;
use crate::support::service::{Service, Settings, eventually, eventually_within, port};
use crate::support::texts::{queue, reminder};
use crate::throttle::fall_due;

const ALARMS: &str = "SELECT COUNT(*) FROM alarms WHERE kind = 'daily_cap'";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tips_leave_a_part_of_the_day_to_answers() {
    on_both(async |database| {
        let house = House::begin(&database, "capped", |sender| sender.segments_per_day = 100).await;
        house.queue(&["+12025550143"; 120], false).await;
        let sent = "SELECT COUNT(*) FROM history WHERE state = 4";
        house.until(95, sent).await;
        house.until(1, ALARMS).await;
        // They wait, and do not come round again and again.
        let moved = "SELECT COUNT(*) FROM outbox WHERE state = 0 AND tries = 0";
        assert_eq!(25, house.count(moved).await);
        // She who says STOP is told at once that it is done.
        house.queue(&["+12025550144"; 3], true).await;
        house.until(98, sent).await;
        assert_eq!(3, house.count("SELECT COUNT(*) FROM history WHERE kind = 'reply'").await);
        // Answers in turn never pass the cap.
        house.queue(&["+12025550144"; 4], true).await;
        house.until(100, sent).await;
        house.until(2, ALARMS).await;
        assert_eq!(100, house.count("SELECT segments FROM sender_accounts WHERE sender = 'capped'").await);
        // The next day is another one; answers go first.
        house.wait(TimeDelta::days(1));
        house.until(127, sent).await;
        house.end().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_who_claim_at_once_share_both_parts_exactly() {
    on_both(async |database| {
        let house = House::begin(&database, "another", |_| {}).await;
        let service = house.service().clone();
        let capped = Sender { name: "shared".to_owned(), segments_per_day: 60, ..(*house.sender).clone() };
        house.end().await;
        let texts: Vec<_> = (0..200).map(|n| text(&service, "shared", "+12025550143", n % 2 == 0)).collect();
        let mut tx = database.begin().await.expect("a transaction");
        outbox::queue(&mut tx, &texts).await.expect("they wait");
        tx.commit().await.expect("they wait");
        for (room, wanted) in [((0, 7), (0, 55)), ((3, 0), (5, 0))] {
            let mut claimers = tokio::task::JoinSet::new();
            for _ in 0..4 {
                let (service, sender) = (service.clone(), capped.clone());
                claimers.spawn(async move {
                    let room = Room { answers: room.0, unasked: room.1, pressing: false };
                    let (mut desk, mut answers, mut unasked) = (Desk::default(), 0, 0);
                    for _ in 0..40 {
                        let claimed = dispatch::claim(&service, &sender, "rehearsal", room, &mut desk).await;
                        let claimed = claimed.expect("claimed");
                        answers += claimed.answers.len();
                        unasked += claimed.unasked.len();
                    }
                    (answers, unasked)
                });
            }
            let all = claimers.join_all().await;
            let sum = all.iter().fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
            assert_eq!(wanted, sum);
        }
    })
    .await;
}

/// Two machines whose clocks are half a minute apart, about midnight; and texts that are taken back after it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_day_was_charged_stays_with_that_day() {
    on_both(async |database| {
        let house = House::begin(&database, "another", |_| {}).await;
        let service = house.service().clone();
        let sender = Sender { name: "capped".to_owned(), segments_per_day: 100, ..(*house.sender).clone() };
        let texts: Vec<_> = (0..40).map(|_| text(&service, "capped", "+12025550143", false)).collect();
        let mut tx = database.begin().await.expect("a transaction");
        outbox::queue(&mut tx, &texts).await.expect("they wait");
        tx.commit().await.expect("they wait");
        let claim = async |unasked| {
            // The pace goes on.
            house.wait(TimeDelta::seconds(1));
            let room = Room { answers: 0, unasked, pressing: false };
            let claimed = dispatch::claim(&service, &sender, "rehearsal", room, &mut Desk::default()).await;
            claimed.expect("claimed").unasked
        };
        let segments = "SELECT segments FROM sender_accounts WHERE sender = 'capped'";
        let tomorrow = service.now().date_naive().succ_opt().expect("a day");
        let midnight = tomorrow.and_time(NaiveTime::MIN).and_utc();
        house.wait(midnight - service.now() - TimeDelta::seconds(30));
        let last = claim(2).await;
        assert_eq!((2, 2), (last.len(), house.count(segments).await));
        // Another machine has begun the next day: what this one takes is taken from that one.
        charge(&house, &database, tomorrow, 90).await;
        assert_eq!((3, 93), (claim(3).await.len(), house.count(segments).await));
        assert_eq!((2, 95), (claim(9).await.len(), house.count(segments).await));
        // What comes back after midnight is not given back to a day that never paid for it.
        house.wait(TimeDelta::minutes(2));
        dispatch::take_back(&service, &sender, &last).await.expect("taken back");
        assert_eq!(95, house.count(segments).await);
        let waits = "SELECT COUNT(*) FROM outbox WHERE sender = 'capped' AND state = 0 AND tries = 0";
        assert_eq!(40 - 5, house.count(waits).await);
        // A day that cannot be is none, and neither is a pace that is used up for an hour: some clock was wrong.
        house.wait(TimeDelta::days(1));
        charge(&house, &database, tomorrow + Days::new(300), 95).await;
        execute(&database, "UPDATE sender_accounts SET paced_until = '2026-11-25T12:00:00+00:00'").await;
        execute(&database, "UPDATE sender_accounts SET held_until = '2026-12-25T12:00:00+00:00'").await;
        assert_eq!((9, 9), (claim(9).await.len(), house.count(segments).await));
        house.end().await;
    })
    .await;
}

async fn charge(house: &House, database: &Database, day: NaiveDate, segments: i64) {
    let mut tx = database.begin().await.expect("a transaction");
    let charged = facts::charge(&mut tx, "capped", house.world.now(), (day, segments), None).await;
    charged.expect("charged");
    tx.commit().await.expect("charged");
}

async fn shared(services: &[Service], gateway: &Simulator) {
    let service = &services[0];
    fall_due(service, "text4baby-us", 300).await;
    let sent = "SELECT COUNT(*) FROM history";
    eventually_within(Duration::from_secs(60), "all tips that may go today", async || {
        (count(service, sent).await == 190 && count(service, ALARMS).await == 1).then_some(())
    })
    .await;
    let answers: Vec<_> = (0..14)
        .map(|n| {
            let mut text = reminder(format!("+1212555010{}", n % 10), format!("answer {n}"), "text4baby-us");
            text.answers = Some(Uuid::nil());
            text
        })
        .collect();
    queue(service, &answers).await;
    eventually("the answers that may go today", async || {
        (count(service, sent).await == 200 && count(service, ALARMS).await == 2).then_some(())
    })
    .await;
    assert_eq!(10, count(service, "SELECT COUNT(*) FROM history WHERE lane = 0").await);
    assert_eq!(200, gateway.account().await["taken"].as_u64().unwrap_or_default(), "the cap, and no more");
}

fn capped(port: u16, url: &str) -> String {
    format!("{}segments_per_day = 200\n", config(port, url))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_process_keeps_a_part_of_the_day_for_answers() {
    let folder = TempDir::new().expect("a folder");
    let gateway = Simulator::start(&["--no-reports"], TOKEN);
    let port = port();
    let settings = Settings::new(capped(port, &gateway.url), engines::sqlite(folder.path()), port);
    shared(&[Service::start(settings.secret("KILLED_TOKEN", TOKEN)).await], &gateway).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn several_processes_keep_one_part_of_the_day_for_answers() {
    let gateway = Simulator::start(&["--no-reports"], TOKEN);
    let database = engines::postgres();
    let mut services = Vec::new();
    for _ in 0..3 {
        let port = port();
        let mut settings = Settings::new(capped(port, &gateway.url), database.clone(), port);
        settings.only = Some("dispatcher");
        services.push(Service::start(settings.secret("KILLED_TOKEN", TOKEN)).await);
    }
    shared(&services, &gateway).await;
}
