//! Several of each part on one PostgreSQL: nothing is handled twice, nothing is sent twice; and SQLite is for
//! one process.

use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::killed::{TOKEN, config, count, write};
use crate::support::engines;
use crate::support::gateway::Simulator;
use crate::support::service::{Service, Settings, eventually, eventually_within, port};

const WOMEN: usize = 100;
/// So many write one after the other, each when the last is answered.
const LONE: usize = 20;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn several_of_each_part_share_one_postgres() {
    let gateway = Simulator::start(&["--latency-ms", "5", "--no-reports"], TOKEN);
    let (database, first) = (engines::postgres(), port());
    let part = |only, port| {
        let mut settings =
            Settings::new(config(first, &gateway.url), database.clone(), port).secret("KILLED_TOKEN", TOKEN);
        settings.only = Some(only);
        settings
    };
    let mut services = vec![Service::start(part("web", first)).await];
    for only in ["web", "scheduler", "scheduler", "dispatcher", "dispatcher"] {
        services.push(Service::start(part(only, port())).await);
    }
    for woman in 0..WOMEN {
        // Either web process, as a balancer would; the provider repeats every tenth call at the other one.
        assert_eq!(200, write(&services[woman % 2], first, woman).await);
        if woman % 10 == 0 {
            assert_eq!(200, write(&services[(woman + 1) % 2], first, woman).await);
        }
    }
    let patience = Duration::from_secs(30);
    eventually_within(patience, "every answer is accepted", async || {
        let accepted = count(&services[0], "SELECT COUNT(*) FROM texts WHERE state = 4").await;
        (accepted == WOMEN as i64).then_some(())
    })
    .await;
    let carried = gateway.texts().await;
    assert_eq!(WOMEN, carried.len());
    assert!(carried.values().all(|text| text.taken == 1), "a woman got her answer twice");
    assert_eq!(WOMEN as i64, count(&services[0], "SELECT SUM(tries) FROM texts").await);
    for service in &mut services {
        assert_eq!(0, service.stop().await);
    }
}

/// The web process queues the answer, the dispatcher's sends it: looking about once a second, it would need about a
/// second each.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_queued_by_one_process_wakes_the_dispatcher_of_another() {
    let gateway = Simulator::start(&["--latency-ms", "5", "--no-reports"], TOKEN);
    let (database, first) = (engines::postgres(), port());
    let part = |only, port| {
        let mut settings =
            Settings::new(config(first, &gateway.url), database.clone(), port).secret("KILLED_TOKEN", TOKEN);
        settings.only = Some(only);
        settings
    };
    let web = Service::start(part("web", first)).await;
    let _dispatcher = Service::start(part("dispatcher", port())).await;
    let mut took = Vec::new();
    // A machine that is busy elsewhere may be slow once, and twice.
    for attempt in 0..3 {
        let began = Instant::now();
        for woman in attempt * LONE..(attempt + 1) * LONE {
            assert_eq!(200, write(&web, first, woman).await);
            eventually("she is answered", async || (gateway.texts().await.len() > woman).then_some(())).await;
        }
        took.push(began.elapsed());
        if began.elapsed() < Duration::from_millis(500) * LONE as u32 {
            return;
        }
    }
    panic!("they wait for what looks about by itself: {took:?}");
}

#[tokio::test]
async fn a_second_process_on_one_sqlite_is_refused() {
    let folder = TempDir::new().expect("a folder");
    let database = engines::sqlite(folder.path());
    let mut first = Service::start(Settings::new("", database.clone(), port())).await;
    let (code, said) = Settings::new("", database.clone(), port()).refused();
    assert_eq!(2, code);
    assert!(said.contains("SQLite is for one process"), "{said}");
    // However the first ends, its lock ends with it.
    first.kill();
    first.start_again().await;
    assert_eq!(0, first.stop().await);
}
