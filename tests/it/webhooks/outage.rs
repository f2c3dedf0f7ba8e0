//! The database goes away and comes back: Twilio is asked to try again, nothing is half done, and all goes on
//! by itself.

use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};

use motherline::store::Database;
use tempfile::TempDir;
use tokio::task::JoinSet;

use super::house::{AMY, BEA, House, settings};
use super::proxy::Proxy;
use super::twilio::Twilio;
use crate::support::engines;
use crate::support::service::{eventually, on_each};

const SID: &str = "SM000000000000000000000000000000e1";

async fn house_behind_proxy() -> (House, Proxy) {
    let direct = engines::postgres();
    let (server, name) = direct.rsplit_once('/').expect("an address");
    let (user, port) = server.rsplit_once(':').expect("a port");
    let proxy = Proxy::to(port.parse().expect("a port")).await;
    let twilio = Twilio::open().await;
    let mut settings = settings(&twilio, &format!("{user}:{}/{name}", proxy.port), "");
    settings.looked_at = Some(direct.clone());
    let folder = TempDir::new().expect("a folder");
    (House::of(twilio, settings, folder).await, proxy)
}

#[tokio::test]
async fn while_postgres_is_away_twilio_is_asked_to_try_again() {
    let (house, proxy) = house_behind_proxy().await;
    // One text is at Twilio and one report under way when it happens.
    let delivered = house.says(BEA, "HELP").await;
    house.service.until_states(BEA, &["accepted"]).await;
    let release = house.twilio.will_hold(AMY);
    house.says(AMY, "BABY").await;
    proxy.cut();
    let (text, report, ready, live) = tokio::join!(
        house.text_as(SID, AMY, "HELP", &[]),
        house.report(&delivered, "delivered", &[]),
        house.service.get("/health/ready"),
        house.service.get("/health/live"),
    );
    assert_eq!((503, 503), (text, report));
    assert_eq!((503, 200), (ready.expect("an answer").0, live.expect("an answer").0));
    release.send(()).expect("Twilio waits");
    assert_eq!(1, house.service.heard(AMY).await.len(), "nothing of it is written");
    assert_eq!("accepted", house.service.states(BEA).await[0]);

    proxy.open();
    eventually("it is ready again", async || {
        house.service.get("/health/ready").await.filter(|(status, _)| *status == 200)
    })
    .await;
    // Twilio tries again, with the same names.
    assert_eq!(200, house.text_as(SID, AMY, "HELP", &[]).await);
    assert_eq!(200, house.report(&delivered, "delivered", &[]).await);
    house.twilio.post_to(AMY, 2).await;
    // What Twilio had answered during the outage was not forgotten.
    house.service.until_states(AMY, &["accepted"; 2]).await;
    assert_eq!("delivered", house.service.states(BEA).await[0]);
    assert_eq!(2, house.twilio.posts_to(AMY).len());
}

/// The connection lives and nothing comes through: Twilio waits for fifteen seconds and not longer.
#[tokio::test]
async fn a_silent_postgres_is_away_too() {
    let (house, proxy) = house_behind_proxy().await;
    proxy.freeze();
    let before = Instant::now();
    assert_eq!(503, house.text_as(SID, AMY, "BABY", &[]).await);
    assert!(before.elapsed() < Duration::from_secs(12), "{:?}", before.elapsed());
    assert!(house.service.heard(AMY).await.is_empty());
    proxy.open();
    eventually("it is heard again", async || {
        (house.text_as(SID, AMY, "BABY", &[]).await == 200).then_some(())
    })
    .await;
    house.twilio.post_to(AMY, 1).await;
    assert_eq!(1, house.service.heard_all(AMY, 1).await.len());
}

/// It answers, but not to this: somebody has locked the table.
#[tokio::test]
async fn a_postgres_that_hangs_is_away_too() {
    let (house, _proxy) = house_behind_proxy().await;
    let Database::Postgres(pool) = &house.service.database else { unreachable!("it is PostgreSQL") };
    let mut lock = pool.begin().await.expect("a transaction");
    sqlx::query("LOCK TABLE inbox IN ACCESS EXCLUSIVE MODE").execute(&mut *lock).await.expect("the lock");
    let before = Instant::now();
    assert_eq!(503, house.text_as(SID, AMY, "BABY", &[]).await);
    assert!(before.elapsed() < Duration::from_secs(12), "{:?}", before.elapsed());
    lock.rollback().await.expect("the lock is given back");
    assert!(house.service.heard(AMY).await.is_empty(), "nothing of it is written");
    assert_eq!(200, house.text_as(SID, AMY, "BABY", &[]).await);
    house.twilio.post_to(AMY, 1).await;
}

#[tokio::test]
async fn a_locked_sqlite_is_away_too() {
    let house = House::open().await;
    let lock = house.service.database.begin().await.expect("the lock");
    assert_eq!(503, house.text_as(SID, AMY, "BABY", &[]).await);
    // Nothing was written, so this gives the lock back.
    lock.commit().await.expect("the lock is given back");
    assert!(house.service.heard(AMY).await.is_empty(), "nothing of it is written");
    assert_eq!(200, house.text_as(SID, AMY, "BABY", &[]).await);
    house.twilio.post_to(AMY, 1).await;
}

/// PostgreSQL restarts in the middle of a burst: whoever got 200 is answered, whoever got 503 is when Twilio has
/// tried again, and nobody twice.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_burst_over_a_restart_of_postgres_is_written_once() {
    const WOMEN: usize = 60;
    let (house, proxy) = house_behind_proxy().await;
    let house = Arc::new(house);
    let write = async |until_written: bool| {
        let mut calls = JoinSet::new();
        for index in 0..WOMEN {
            let house = house.clone();
            calls.spawn(async move {
                let (sid, from) = (format!("SM{index:032x}"), format!("+1202555{:04}", 100 + index));
                loop {
                    let status = house.text_as(&sid, &from, "HELP", &[]).await;
                    if !until_written || status == 200 {
                        return status;
                    }
                    tokio::time::sleep(Duration::from_millis(200)).await;
                }
            });
        }
        let mut statuses = Vec::new();
        while let Some(status) = calls.join_next().await {
            statuses.push(status.expect("a status"));
            if statuses.len() == 5 && !until_written {
                proxy.cut();
            }
        }
        statuses
    };
    let statuses = write(false).await;
    assert!(statuses.iter().all(|status| [200, 503].contains(status)), "{statuses:?}");
    let written = statuses.iter().filter(|status| **status == 200).count();
    let count = async |sql: &'static str| -> i64 {
        on_each!(&house.service.database, |pool| sqlx::query_scalar(sql).fetch_one(pool).await).expect("rows")
    };
    assert!(count("SELECT COUNT(*) FROM inbox").await >= written as i64, "what was thanked for is written");
    proxy.open();
    assert!(write(true).await.iter().all(|status| *status == 200));
    eventually("all are handled", async || {
        (count("SELECT COUNT(*) FROM inbox WHERE state = 2").await == WOMEN as i64).then_some(())
    })
    .await;
    assert_eq!(WOMEN as i64, count("SELECT COUNT(*) FROM inbox").await);
    let answers = "SELECT COUNT(DISTINCT inbox_id) FROM texts";
    assert_eq!(
        (WOMEN as i64, WOMEN as i64),
        (count(answers).await, count("SELECT COUNT(*) FROM texts").await)
    );
    for index in 0..WOMEN {
        let posts = house.twilio.posts_to(&format!("+1202555{:04}", 100 + index)).len();
        assert!(posts <= 1, "a woman got her answer {posts} times");
    }
}

/// Nothing can be written any more, as on a full disk: the files of the database may not grow. A limit on a process
/// is the nearest thing to a full disk that needs no disk of its own.
#[tokio::test]
async fn a_full_disk_is_away_too() {
    let folder = TempDir::new().expect("a folder");
    let database = engines::sqlite(folder.path());
    let file = database.strip_prefix("sqlite:").expect("a file").to_owned();
    let twilio = Twilio::open().await;
    let mut settings = settings(&twilio, &database, "");
    // Writing beyond the limit is then an error and no longer the end.
    settings.before = Some("trap '' XFSZ");
    let house = House::of(twilio, settings, folder).await;
    let delivered = house.says(BEA, "HELP").await;
    house.service.until_states(BEA, &["accepted"]).await;
    let release = house.twilio.will_hold(AMY);
    house.says(AMY, "BABY").await;

    let full = std::fs::metadata(Path::new(&format!("{file}-wal"))).expect("the log of the database").len();
    assert!(full > 100_000, "what the service says must still find room: {full}");
    may_grow_to(&house, &full.to_string());
    let (text, report) =
        tokio::join!(house.text_as(SID, AMY, "HELP", &[]), house.report(&delivered, "delivered", &[]));
    assert_eq!((503, 503), (text, report));
    release.send(()).expect("Twilio waits");
    assert_eq!(503, house.text_as(SID, AMY, "HELP", &[]).await);
    assert_eq!(1, house.service.heard(AMY).await.len(), "nothing of it is written");
    assert_eq!("accepted", house.service.states(BEA).await[0]);

    may_grow_to(&house, "unlimited");
    assert_eq!(200, house.text_as(SID, AMY, "HELP", &[]).await);
    assert_eq!(200, house.report(&delivered, "delivered", &[]).await);
    house.twilio.post_to(AMY, 2).await;
    house.service.until_states(AMY, &["accepted"; 2]).await;
    assert_eq!("delivered", house.service.states(BEA).await[0]);
}

/// Sets how large a file of the running service may become.
fn may_grow_to(house: &House, bytes: &str) {
    let id = house.service.id().to_string();
    let set = Command::new("prlimit").args(["--pid", &id, &format!("--fsize={bytes}:unlimited")]).status();
    assert!(set.expect("prlimit, of Debian's package util-linux").success());
}
