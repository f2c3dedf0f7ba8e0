//! What breaks in a dispatcher silences no sender: one text is found and set aside, a part is started again.

use std::sync::{LazyLock, Mutex, PoisonError};

use chrono::TimeDelta;
use motherline::flows::doubt;
use motherline::store::Database;
use tracing::field::{Field, Visit};
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};

use super::{House, execute};
use crate::support::engines::on_both;
use crate::support::service::eventually;

const AMY: &str = "+12025550143";
const BEA: &str = "+12025550144";
const CAT: &str = "+12025550145";

const ACCEPTED: &str = "SELECT COUNT(*) FROM history WHERE state = 4";
const SET_ASIDE: &str =
    "SELECT COUNT(*) FROM history WHERE state = 7 AND phone = '+12025550144' AND tries = 0
                            AND reason LIKE '%a person must look'";
const BROKE: &str = "SELECT COUNT(*) FROM alarms WHERE kind = 'dispatcher_broke'";

/// Makes Bea's texts such that no claim can bear them: a moment that SQLite holds and nobody can read, one beyond
/// all moments in PostgreSQL, at which the reader panics.
async fn poison(database: &Database) {
    let sql = match database {
        Database::Sqlite { .. } => "UPDATE outbox SET not_after = 'soon' WHERE phone = '+12025550144'",
        Database::Postgres(_) => "UPDATE outbox SET not_after = 'infinity' WHERE phone = '+12025550144'",
    };
    execute(database, sql).await;
}

/// Queues texts that are not due before a minute has passed, so that they can be spoiled first.
async fn queue_spoiled(house: &House, phones: &[&str], answers: bool) {
    let hold = "UPDATE sender_accounts SET held_until = '2026-11-24T00:00:00+00:00'";
    execute(&house.database, hold).await;
    house.queue(phones, answers).await;
    poison(&house.database).await;
    execute(&house.database, "UPDATE sender_accounts SET held_until = NULL").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_text_that_breaks_every_claim_silences_nobody_and_is_set_aside() {
    on_both(async |database| {
        for answers in [true, false] {
            execute(&database, "DELETE FROM history").await;
            execute(&database, "DELETE FROM alarms").await;
            let house = House::begin(&database, "spoiled", |_| {}).await;
            house.queue(&[AMY], true).await;
            house.until(1, ACCEPTED).await;
            queue_spoiled(&house, &[AMY, BEA, CAT], answers).await;
            house.until(3, ACCEPTED).await;
            // It is tried again by itself, with pauses, and whoever is queued meanwhile goes at once.
            for others in 0..4 {
                house.until(0, SET_ASIDE).await;
                house.queue(&[AMY, CAT], true).await;
                house.until(3 + 2 * (others + 1), ACCEPTED).await;
            }
            eventually("it is set aside", async || {
                house.wait(TimeDelta::seconds(5));
                (house.count(SET_ASIDE).await == 1).then_some(())
            })
            .await;
            assert_eq!(1, house.count("SELECT COUNT(*) FROM alarms WHERE kind = 'text_set_aside'").await);
            assert_eq!(0, house.count("SELECT COUNT(*) FROM outbox").await);
            assert_eq!(0, house.count(BROKE).await, "no part had to be started again");
            house.end().await;
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn where_nothing_passes_no_text_is_blamed() {
    on_both(async |database| {
        let house = House::begin(&database, "blamed", |_| {}).await;
        trap(&database, "outbox", "UPDATE", "NEW.state = 2").await;
        house.queue(&[AMY, BEA, CAT], true).await;
        house.until(1, BROKE).await;
        for _ in 0..20 {
            house.wait(TimeDelta::seconds(10));
            tokio::time::sleep(std::time::Duration::from_millis(30)).await;
        }
        assert_eq!(3, house.count("SELECT COUNT(*) FROM outbox WHERE state = 0 AND tries = 0").await);
        untrap(&database, "outbox").await;
        eventually("all three go out", async || {
            house.wait(TimeDelta::seconds(10));
            (house.count(ACCEPTED).await == 3).then_some(())
        })
        .await;
        assert_eq!(3, house.count("SELECT SUM(tries) FROM history").await, "each once");
        house.end().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_result_that_cannot_be_recorded_holds_up_no_other() {
    on_both(async |database| {
        let house = House::begin(&database, "unwritten", |_| {}).await;
        trap(&database, "history", "INSERT", "NEW.phone = '+12025550144'").await;
        house.queue(&[AMY, BEA, CAT], true).await;
        house.until(2, ACCEPTED).await;
        house.until(1, "SELECT COUNT(*) FROM alarms WHERE kind = 'result_unrecorded'").await;
        house.queue(&[AMY, CAT], true).await;
        house.until(4, ACCEPTED).await;
        untrap(&database, "history").await;
        // It was sent, and nothing proves it: evidence settles it, not a second text.
        house.wait(TimeDelta::seconds(61));
        assert_eq!(1, doubt::recover(house.service()).await.expect("recovered"));
        assert_eq!(1, house.count("SELECT COUNT(*) FROM outbox WHERE state = 3 AND tries = 1").await);
        house.end().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_part_breaks_is_started_again() {
    LazyLock::force(&LOG);
    on_both(async |database| {
        for (part, sender) in
            [("claimer", "break-claimer"), ("feeder", "break-feeder"), ("recorder", "break-recorder")]
        {
            execute(&database, "DELETE FROM history").await;
            execute(&database, "DELETE FROM alarms").await;
            ARMED.lock().unwrap_or_else(PoisonError::into_inner).push((sender, part));
            let house = House::begin(&database, sender, |_| {}).await;
            house.queue(&[AMY, BEA, CAT], true).await;
            house.until(1, BROKE).await;
            house.queue(&[AMY, BEA, CAT], false).await;
            // What the feeder had in hand may have come into doubt, and is not sent again here.
            house.until(6, ACCEPTED).await;
            assert_eq!(6, house.count("SELECT SUM(tries) FROM history").await, "each once");
            let told = "SELECT COUNT(*) FROM alarms WHERE kind = 'dispatcher_broke' AND detail LIKE 'its %er broke%'";
            assert_eq!(1, house.count(told).await, "{part}");
            house.end().await;
        }
    })
    .await;
}

/// A log that breaks whoever writes to it: once, for a part of a sender's dispatcher.
struct Trapdoor;
static ARMED: Mutex<Vec<(&str, &str)>> = Mutex::new(Vec::new());
static LOG: LazyLock<()> = LazyLock::new(|| {
    let only = Targets::new().with_target("motherline::worker::dispatcher", tracing::Level::DEBUG);
    let log = tracing_subscriber::registry().with(Trapdoor.with_filter(only));
    tracing::subscriber::set_global_default(log).expect("nobody else listens");
});

#[derive(Default)]
struct Said {
    sender: String,
    part: String,
}

impl Visit for Said {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        let value = format!("{value:?}").trim_matches('"').to_owned();
        match field.name() {
            "sender" => self.sender = value,
            "part" => self.part = value,
            _ => {}
        }
    }
}

impl<S: tracing::Subscriber> Layer<S> for Trapdoor {
    fn on_event(&self, event: &tracing::Event<'_>, _: Context<'_, S>) {
        if *event.metadata().level() != tracing::Level::DEBUG {
            return;
        }
        let mut said = Said::default();
        event.record(&mut said);
        let mut armed = ARMED.lock().unwrap_or_else(PoisonError::into_inner);
        let before = armed.len();
        armed.retain(|(sender, part)| (*sender, *part) != (&*said.sender, &*said.part));
        let sprung = armed.len() < before;
        drop(armed);
        assert!(!sprung, "the log breaks");
    }
}

/// From now on no row for which this holds can be written.
async fn trap(database: &Database, table: &'static str, what: &'static str, when: &'static str) {
    let traps = match database {
        Database::Sqlite { .. } => vec![format!(
            "CREATE TRIGGER trap BEFORE {what} ON {table} WHEN {when} BEGIN SELECT RAISE(ABORT, 'no'); END"
        )],
        Database::Postgres(_) => vec![
            "CREATE FUNCTION trap() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''no''; END'"
                .to_owned(),
            format!(
                "CREATE TRIGGER trap BEFORE {what} ON {table} FOR EACH ROW WHEN ({when})
                 EXECUTE FUNCTION trap()"
            ),
        ],
    };
    for trap in traps {
        // Made of what stands in this file.
        execute(database, Box::leak(trap.into_boxed_str())).await;
    }
}

async fn untrap(database: &Database, table: &'static str) {
    let drop = match database {
        Database::Sqlite { .. } => "DROP TRIGGER trap".to_owned(),
        Database::Postgres(_) => format!("DROP TRIGGER trap ON {table}"),
    };
    execute(database, Box::leak(drop.into_boxed_str())).await;
}
