//! Many calls at once: each is written before it is answered, none takes another with it, and she is answered in
//! the order in which she wrote.

use std::sync::Arc;
use std::time::Duration;

use chrono::Days;
use motherline::clock::Clock;
use motherline::store::Database;
use tempfile::TempDir;
use tokio::task::JoinSet;

use super::house::{AMY, House, settings};
use super::twilio::{Post, Twilio};
use crate::support::engines;
use crate::support::service::{eventually, on_each};

/// A house on each engine, one after the other.
async fn on_both(test: impl AsyncFn(Arc<House>)) {
    let folder = TempDir::new().expect("a folder");
    for database in [engines::sqlite(folder.path()), engines::postgres()] {
        eprintln!("on {}", database.split(':').next().unwrap_or_default());
        let twilio = Twilio::open().await;
        let settings = settings(&twilio, &database, "");
        test(Arc::new(House::of(twilio, settings, TempDir::new().expect("a folder")).await)).await;
    }
}

/// A number reserved for fiction.
fn woman(index: usize) -> String {
    let areas = [202, 212, 213, 312];
    format!("+1{}55501{:02}", areas[index / 100], index % 100)
}

async fn count(house: &House, sql: &'static str) -> i64 {
    on_each!(&house.service.database, |pool| sqlx::query_scalar(sql).fetch_one(pool).await).expect("a count")
}

async fn execute(house: &House, sql: &'static str) {
    on_each!(&house.service.database, |pool| sqlx::query(sql).execute(pool).await.map(drop))
        .expect("it is done");
}

/// A hundred women write three texts each, all of them at once, and Twilio brings each text twice.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_burst_is_written_once_and_answered_in_order() {
    on_both(async |house| {
        let due = Clock::System.now().date_naive() + Days::new(150);
        let due = due.format("%m/%d/%Y").to_string();
        let mut women = JoinSet::new();
        for index in 0..100 {
            let (house, due) = (house.clone(), due.clone());
            women.spawn(async move {
                for (number, body) in ["BABY", &due, "YES"].into_iter().enumerate() {
                    let (from, sid) = (woman(index), format!("SM{:032x}", index * 3 + number));
                    let twice = tokio::join!(
                        house.text_as(&sid, &from, body, &[]),
                        house.text_as(&sid, &from, body, &[])
                    );
                    assert_eq!((200, 200), twice);
                }
            });
        }
        women.join_all().await;
        eventually("every answer is at Twilio", async || (house.twilio.count() >= 300).then_some(())).await;
        assert_eq!(300, count(&house, "SELECT COUNT(*) FROM inbox WHERE state = 2").await);
        let out_of_order = "SELECT COUNT(*) FROM inbox a JOIN inbox b ON a.phone = b.phone
              WHERE (a.received_at, a.id) < (b.received_at, b.id) AND a.handled_at >= b.handled_at";
        assert_eq!(0, count(&house, out_of_order).await);
        let asked = "SELECT COUNT(*) FROM conversations WHERE step LIKE '%lace%'";
        assert_eq!(100, count(&house, asked).await, "each was understood in her order: the place is left");
        assert_eq!(300, count(&house, "SELECT COUNT(DISTINCT inbox_id) FROM texts").await);
        assert_eq!((300, 300), (count(&house, "SELECT COUNT(*) FROM texts").await, house.twilio.count()));
    })
    .await;
}

/// Something in one text is too much for the database: the others of its batch are written all the same.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_bad_text_takes_no_other_with_it() {
    on_both(async |house| {
        match &house.service.database {
            Database::Sqlite { .. } => {
                let trap = "CREATE TRIGGER trap BEFORE INSERT ON inbox WHEN NEW.body = 'bad'
                            BEGIN SELECT RAISE(ABORT, 'bad'); END";
                execute(&house, trap).await;
            }
            Database::Postgres(_) => {
                let says = "CREATE FUNCTION trap() RETURNS trigger LANGUAGE plpgsql
                            AS 'BEGIN RAISE EXCEPTION ''bad''; END'";
                execute(&house, says).await;
                let trap = "CREATE TRIGGER trap BEFORE INSERT ON inbox FOR EACH ROW WHEN (NEW.body = 'bad')
                            EXECUTE FUNCTION trap()";
                execute(&house, trap).await;
            }
        }
        // While the inbox is locked, calls gather.
        let mut lock = house.service.database.begin().await.expect("a transaction");
        if let motherline::store::Tx::Postgres(tx) = &mut lock {
            sqlx::query("LOCK TABLE inbox IN EXCLUSIVE MODE").execute(&mut **tx).await.expect("the lock");
        }
        let mut calls = JoinSet::new();
        for index in 0..40 {
            let house = house.clone();
            calls.spawn(async move {
                let body = if index == 17 { "bad" } else { "HELP" };
                (index, house.text_as(&format!("SM{index:032x}"), &woman(index), body, &[]).await)
            });
        }
        tokio::time::sleep(Duration::from_millis(500)).await;
        lock.commit().await.expect("the lock is given back");
        for (index, status) in calls.join_all().await {
            assert_eq!(if index == 17 { 503 } else { 200 }, status, "{index}");
        }
        eventually("all others are answered", async || (house.twilio.count() >= 39).then_some(())).await;
        assert_eq!(39, count(&house, "SELECT COUNT(*) FROM inbox").await);
        match &house.service.database {
            Database::Sqlite { .. } => execute(&house, "DROP TRIGGER trap").await,
            Database::Postgres(_) => execute(&house, "DROP TRIGGER trap ON inbox").await,
        }
        assert_eq!(200, house.text_as(&format!("SM{:032x}", 17), &woman(17), "bad", &[]).await);
    })
    .await;
}

/// Two hundred texts, five reports of each, every one twice and in no order.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_burst_of_reports_leaves_each_text_where_it_belongs() {
    on_both(async |house| {
        let mut calls = JoinSet::new();
        for index in 0..200 {
            let house = house.clone();
            calls.spawn(async move { house.text(&woman(index), "HELP").await });
        }
        assert!(calls.join_all().await.iter().all(|status| *status == 200));
        eventually("every answer is recorded", async || {
            let sql = "SELECT COUNT(*) FROM history WHERE state = 4";
            (count(&house, sql).await == 200).then_some(())
        })
        .await;
        let posts: Vec<Post> = (0..200).map(|index| house.twilio.posts_to(&woman(index)).remove(0)).collect();
        let posts = Arc::new(posts);
        let mut callers = JoinSet::new();
        for caller in 0..50 {
            let (house, posts) = (house.clone(), posts.clone());
            callers.spawn(async move {
                for step in 0..40 {
                    // Each of 1,000 places twice, 7,919 apart.
                    let place = (caller * 40 + step) * 7919 % 1000;
                    let (text, report) = (place % 200, place / 200);
                    let last = if text % 2 == 0 { "delivered" } else { "sent" };
                    let said = ["queued", "sent", last, "undelivered", "sending"][report];
                    assert_eq!(200, house.report(&posts[text], said, &[("ErrorCode", "30005")]).await);
                }
            });
        }
        callers.join_all().await;
        // All is in the database when it is answered: nothing need be waited for.
        for (state, name) in [("6", "delivered"), ("7", "failed")] {
            let sql = match state {
                "6" => "SELECT COUNT(*) FROM history WHERE state = 6 AND code IS NULL",
                _ => "SELECT COUNT(*) FROM history WHERE state = 7 AND code = '30005'",
            };
            assert_eq!(100, count(&house, sql).await, "{name}");
        }
        let kept = "SELECT COUNT(*) FROM reports WHERE attempt_id IS NOT NULL";
        assert_eq!(2000, count(&house, kept).await, "each is kept as it came");
    })
    .await;
}

/// A call that nobody waits for any more is not lost either: she is answered once.
#[tokio::test]
async fn a_caller_that_hangs_up_is_heard_once() {
    let house = House::open().await;
    let lock = house.service.database.begin().await.expect("the lock");
    let call = house.text_as("SM000000000000000000000000000000ff", AMY, "HELP", &[]);
    assert!(tokio::time::timeout(Duration::from_millis(300), call).await.is_err(), "it waits for the lock");
    lock.commit().await.expect("the lock is given back");
    assert_eq!(200, house.text_as("SM000000000000000000000000000000ff", AMY, "HELP", &[]).await);
    house.twilio.post_to(AMY, 1).await;
    assert_eq!(1, house.service.heard_all(AMY, 1).await.len());
}
