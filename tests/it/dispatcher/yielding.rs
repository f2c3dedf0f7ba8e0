//! While women are being answered, what can wait is claimed in small parts; while they wait too long, in smaller ones.

use std::time::Duration;

use chrono::TimeDelta;
use motherline::flows::Bell;
use motherline::store::{Database, outbox};

use super::{House, text};
use crate::support::engines::on_both;

const TIPS: i64 = 2000;
const SENT: &str = "SELECT COUNT(*) FROM history WHERE state = 4";
/// What is begun in larger claims than while women wait too long, and than while they are answered.
const ABOVE_LITTLE: &str = "SELECT CAST(COALESCE(SUM(texts), 0) AS BIGINT)
       FROM (SELECT COUNT(*) AS texts FROM begun GROUP BY claim HAVING COUNT(*) > 64) AS c";
const ABOVE_PART: &str = "SELECT CAST(COALESCE(SUM(texts), 0) AS BIGINT)
       FROM (SELECT COUNT(*) AS texts FROM begun GROUP BY claim HAVING COUNT(*) > 256) AS c";
/// Where the test itself is held up, a claim may not know of the women.
const FEW: i64 = TIPS / 4;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tips_leave_room_for_answers() {
    on_both(async |database| {
        watch_claims(&database).await;
        let house = House::begin(&database, "yielding", |sender| {
            (sender.segments_per_second, sender.segments_per_day) = (1_000_000, 1_000_000);
        })
        .await;
        let bells = &house.service().bells;
        // Women are answered, and at once.
        drain(&house, TIPS, || bells.ring_here(Bell::Answers)).await;
        assert!(house.count(ABOVE_PART).await < FEW);
        // A woman's text was handled so late that she must have waited for something.
        drain(&house, 2 * TIPS, || {
            bells.ring_here(Bell::Answers);
            bells.handled_after(TimeDelta::seconds(1));
        })
        .await;
        assert!(house.count(ABOVE_LITTLE).await < FEW);
        house.end().await;
    })
    .await;
}

/// Queues tips and lets them go until so many are sent, with something happening all the time.
async fn drain(house: &House, sent: i64, meanwhile: impl Fn()) {
    meanwhile();
    change(&house.database, &["DELETE FROM begun"]).await;
    let service = house.service();
    let tips: Vec<_> = (0..TIPS).map(|_| text(service, &house.sender.name, "+12025550143", false)).collect();
    let mut tx = house.database.begin().await.expect("a transaction");
    outbox::queue(&mut tx, &tips).await.expect("they wait");
    tx.commit().await.expect("they wait");
    let patience = tokio::time::Instant::now() + Duration::from_secs(60);
    while house.count(SENT).await < sent {
        assert!(tokio::time::Instant::now() < patience, "tips go on");
        meanwhile();
        // The pace goes on.
        house.wait(TimeDelta::milliseconds(1));
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// Writes down in which claim each text was begun: a claim charges its sender's account once, at its end.
async fn watch_claims(database: &Database) {
    let tables = [
        "CREATE TABLE claims (number BIGINT)",
        "INSERT INTO claims VALUES (0)",
        "CREATE TABLE begun (claim BIGINT)",
    ];
    change(database, &tables).await;
    match database {
        Database::Sqlite { .. } => {
            let triggers = [
                "CREATE TRIGGER begins AFTER UPDATE ON outbox WHEN NEW.tries > OLD.tries
                     BEGIN INSERT INTO begun SELECT number FROM claims; END",
                "CREATE TRIGGER charges AFTER UPDATE ON sender_accounts
                     BEGIN UPDATE claims SET number = number + 1; END",
            ];
            change(database, &triggers).await;
        }
        Database::Postgres(_) => {
            let triggers = [
                "CREATE FUNCTION begins() RETURNS trigger LANGUAGE plpgsql AS
                     'BEGIN INSERT INTO begun SELECT number FROM claims; RETURN NEW; END'",
                "CREATE FUNCTION charges() RETURNS trigger LANGUAGE plpgsql AS
                     'BEGIN UPDATE claims SET number = number + 1; RETURN NEW; END'",
                "CREATE TRIGGER begins AFTER UPDATE ON outbox FOR EACH ROW WHEN (NEW.tries > OLD.tries)
                     EXECUTE FUNCTION begins()",
                "CREATE TRIGGER charges AFTER UPDATE ON sender_accounts FOR EACH ROW EXECUTE FUNCTION charges()",
            ];
            change(database, &triggers).await;
        }
    }
}

async fn change(database: &Database, statements: &[&'static str]) {
    for sql in statements {
        super::execute(database, sql).await;
    }
}
