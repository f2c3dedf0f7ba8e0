//! The database goes away and comes back: Twilio is asked to try again, nothing is half done, and all goes on
//! by itself.

use std::time::{Duration, Instant};

use motherline::store::Database;
use tempfile::TempDir;

use super::house::{AMY, BEA, House, settings};
use super::proxy::Proxy;
use super::twilio::Twilio;
use crate::support::engines;
use crate::support::service::eventually;

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
