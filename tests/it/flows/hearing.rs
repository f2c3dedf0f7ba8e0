//! Texts are handled together, and one that cannot be handled stands alone: it holds up no other woman, goes before
//! her own later texts, is never tried for ever, and not even the end of the process makes it uncounted.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use motherline::flows::{Service, inbound};
use motherline::store::Database;
use motherline::store::inbox::Received;

use super::{count, execute, world};
use crate::support::engines::{self, on_both};

const AMY: &str = "+12025550143";
const BEA: &str = "+12025550144";
const CAT: &str = "+12025550145";

async fn says(service: &Service, phone: &str, words: &str) {
    let received = Received {
        id: service.id(),
        gateway: "rehearsal".to_owned(),
        provider_id: service.id().to_string(),
        sender: "rehearsal".to_owned(),
        phone: phone.to_owned(),
        body: words.to_owned(),
        answered_by: None,
        at: service.now(),
    };
    assert!(inbound::accept(service, &received).await.expect("accepted"));
}

/// The states and tries of a number's texts, the oldest first.
async fn texts(database: &Database, phone: &str) -> Vec<(i16, i16)> {
    let select = "SELECT state, tries FROM inbox WHERE phone = $1 ORDER BY received_at, id";
    match database {
        Database::Sqlite { read, .. } => sqlx::query_as(select).bind(phone).fetch_all(read).await,
        Database::Postgres(pool) => sqlx::query_as(select).bind(phone).fetch_all(pool).await,
    }
    .expect("her texts")
}

async fn trap(database: &Database) {
    match database {
        Database::Sqlite { .. } => {
            let trap = "CREATE TRIGGER trap BEFORE INSERT ON subscribers WHEN NEW.phone = '+12025550143'
                        BEGIN SELECT RAISE(ABORT, 'not her'); END";
            execute(database, trap).await;
        }
        Database::Postgres(_) => {
            let says = "CREATE FUNCTION trap() RETURNS trigger LANGUAGE plpgsql
                        AS 'BEGIN RAISE EXCEPTION ''not her''; END'";
            execute(database, says).await;
            let trap = "CREATE TRIGGER trap BEFORE INSERT ON subscribers FOR EACH ROW
                        WHEN (NEW.phone = '+12025550143') EXECUTE FUNCTION trap()";
            execute(database, trap).await;
        }
    }
}

#[tokio::test]
async fn a_text_that_cannot_be_handled_stands_alone() {
    on_both(async |database| {
        let mut world = world(database.clone()).await;
        trap(&database).await;
        for (phone, words) in [(BEA, "HELP"), (AMY, "HELP"), (CAT, "HELP"), (AMY, "STOP")] {
            says(world.service(), phone, words).await;
        }
        assert_eq!(3, inbound::handle(world.service(), 10).await.expect("a batch"));
        assert_eq!(2, count(&database, "SELECT COUNT(*) FROM outbox").await, "the others are answered");
        assert_eq!(vec![(0, 1), (0, 0)], texts(&database, AMY).await, "her later text waits for the first");
        assert_eq!(
            0,
            inbound::handle(world.service(), 10).await.expect("nothing"),
            "it is not tried at once"
        );
        for tries in 2..=5 {
            world.advance_to(world.now() + TimeDelta::minutes(1)).await.expect("time");
            let state = if tries < 5 { 0 } else { 3 };
            assert_eq!((state, tries), texts(&database, AMY).await[0], "try {tries}");
        }
        let alarms = "SELECT COUNT(*) FROM alarms WHERE kind = 'text_given_up'";
        assert_eq!(1, count(&database, alarms).await, "a person is told");
        let drop = match &database {
            Database::Sqlite { .. } => "DROP TRIGGER trap",
            Database::Postgres(_) => "DROP TRIGGER trap ON subscribers",
        };
        execute(&database, drop).await;
        world.advance_to(world.now() + TimeDelta::minutes(1)).await.expect("time");
        assert_eq!(2, texts(&database, AMY).await[1].0, "then her STOP is heard");
    })
    .await;
}

/// The operator went to lunch with a lock on her row.
#[tokio::test]
async fn a_woman_whose_row_is_held_holds_up_no_other() {
    let database = Database::open(&engines::postgres(), 8).await.expect("a database");
    let mut world = world(database.clone()).await;
    world.text(AMY, "HELP").await.expect("a text");
    world.advance_to(world.now() + TimeDelta::seconds(1)).await.expect("time");
    let Database::Postgres(pool) = &database else { unreachable!("it is PostgreSQL") };
    let mut lunch = pool.begin().await.expect("a transaction");
    let lock = "SELECT 1 FROM subscribers WHERE phone = $1 FOR UPDATE";
    sqlx::query(lock).bind(AMY).execute(&mut *lunch).await.expect("her row");
    for phone in [AMY, BEA, CAT] {
        says(world.service(), phone, "INFO").await;
    }
    assert_eq!(3, inbound::handle(world.service(), 10).await.expect("a batch"));
    assert_eq!([(2, 1), (2, 1)], [texts(&database, BEA).await[0], texts(&database, CAT).await[0]]);
    assert_eq!((0, 1), texts(&database, AMY).await[1]);
    lunch.rollback().await.expect("after lunch");
    world.advance_to(world.now() + TimeDelta::minutes(1)).await.expect("time");
    assert_eq!((2, 2), texts(&database, AMY).await[1]);
    database.close().await;
}

/// What was in hand when a process ended is counted before it is handled by the next, and given up in the end.
#[tokio::test]
async fn a_text_that_ends_the_process_does_not_come_back_for_ever() {
    let database = Database::open(&engines::postgres(), 16).await.expect("a database");
    let world = world(database.clone()).await;
    let service = world.service();
    says(service, AMY, "HELP").await;
    let since = service.now() + TimeDelta::seconds(1);
    let Database::Postgres(pool) = &database else { unreachable!("it is PostgreSQL") };
    for tries in 1..=5 {
        // Her handling hangs, and is cut off there.
        let mut lock = pool.begin().await.expect("a transaction");
        let table = "LOCK TABLE subscribers IN ACCESS EXCLUSIVE MODE";
        sqlx::query(table).execute(&mut *lock).await.expect("the table");
        tokio::select! {
            ended = inbound::handle_trusting(service, since, 10) => panic!("it must hang: {ended:?}"),
            () = until_tried(&database, tries) => {}
        }
        lock.rollback().await.expect("the table is given back");
        assert_eq!(vec![(0, tries)], texts(&database, AMY).await);
        execute(&database, "UPDATE inbox SET next_try_at = received_at").await;
    }
    assert_eq!(1, inbound::handle_trusting(service, since, 10).await.expect("it is given up"));
    assert_eq!(vec![(3, 5)], texts(&database, AMY).await);
    assert_eq!(0, inbound::handle_trusting(service, since, 10).await.expect("nothing waits"));
    database.close().await;
}

async fn until_tried(database: &Database, tries: i16) {
    while texts(database, AMY).await[0].1 < tries {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    // It has begun by then, or will with the row it cannot have.
    tokio::time::sleep(Duration::from_millis(50)).await;
}

/// After a start the texts that waited are counted together and handled together.
#[tokio::test]
async fn what_waited_at_a_start_is_handled() {
    on_both(async |database| {
        let world = world(database.clone()).await;
        for phone in [AMY, BEA, CAT] {
            says(world.service(), phone, "HELP").await;
        }
        let since: DateTime<Utc> = world.now() + TimeDelta::seconds(1);
        assert_eq!(3, inbound::handle_trusting(world.service(), since, 10).await.expect("a batch"));
        assert_eq!(3, count(&database, "SELECT COUNT(*) FROM inbox WHERE state = 2 AND tries = 1").await);
        assert_eq!(3, count(&database, "SELECT COUNT(*) FROM outbox").await);
    })
    .await;
}

/// Texts that came since the start are handled together too: one handled by itself would have its try counted.
#[tokio::test]
async fn what_comes_together_is_handled_together() {
    on_both(async |database| {
        let world = world(database.clone()).await;
        let since = world.now();
        for phone in [AMY, BEA, CAT] {
            says(world.service(), phone, "HELP").await;
        }
        assert_eq!(3, inbound::handle_trusting(world.service(), since, 10).await.expect("a batch"));
        assert_eq!(3, count(&database, "SELECT COUNT(*) FROM inbox WHERE state = 2 AND tries = 0").await);
        assert_eq!(3, count(&database, "SELECT COUNT(*) FROM outbox").await);
    })
    .await;
}
