//! What the planner's work grows with: as many due, scattered among a hundred times as many enrolled, beside the
//! same number due with nobody else enrolled. The due ones are marked just before, in both: neither starts cold. What
//! marking them left to be written is written before the clock starts: scattered lines are pages each, and the planner,
//! who leaves lines where they belong, has no part in that.

use std::time::Duration;

use chrono::Days;
use motherline::flows::planning::plan_all;
use motherline::store::Database;

use crate::figures::{Sample, Watch};
use crate::planning::{TUESDAY, clock, prepare};
use crate::table::{Goal, Row, Table};
use crate::world::{Engine, World, close, count, on_pool};

const FEW: &str = "few_enrolled";
const MANY: &str = "many_enrolled";
const COPY: &str = "enrolled";
/// As the service plans.
const BATCH: i64 = 4096;
/// One plan takes an eighth of a second, too short for a figure: so many are a round, the two kinds by turns.
const PLANS: u64 = 3;
/// The random end of an id, two bytes.
const ENDS: u64 = 1 << 16;

/// Milliseconds for as many as are due.
pub async fn measure(world: &World, table: &mut Table) {
    let settings = &world.settings;
    let (due, enrolled) = (settings.due, settings.enrolled);
    for engine in settings.engines() {
        for (name, mothers) in [(FEW, due), (MANY, enrolled)] {
            eprintln!("enrolling {mothers} made-up mothers on {}", engine.name());
            prepare(world, engine, name, mothers).await;
            let database = world.open(engine, name).await;
            let later = match engine {
                Engine::Sqlite => LATER_SQLITE,
                Engine::Postgres => LATER_POSTGRES,
            };
            on_pool!(&database, |pool| {
                let update = sqlx::query(later).bind(TUESDAY + Days::new(28));
                update.execute(pool).await.expect("nobody is due");
            });
            close(database).await;
        }
        let what = format!("planning, {}, {due} due of {enrolled} enrolled", engine.name());
        let mut row = Row::new(what, "ms", format!("ms, of {due} enrolled"), Goal::AtMost(1.2));
        for round in settings.rounds() {
            let mut sums: Option<(Sample, Sample)> = None;
            for plan in 0..PLANS {
                // Others in each: so many of the ends as there are due of all.
                let share = (ENDS * due).div_ceil(enrolled);
                let first = share * (PLANS * (round as u64 - 1) + plan) % (ENDS - share + 1);
                let few = due_of(world, engine, FEW, 0..ENDS).await;
                let many = due_of(world, engine, MANY, first..first + share).await;
                sums = Some(sums.map_or((few, many), |sums| (sums.0.and(few), sums.1.and(many))));
            }
            let (few, many) = sums.expect("a plan");
            row.add(many.millis_for(due), few.millis_for(due));
        }
        table.add([row]);
        world.remove(engine, FEW);
        world.remove(engine, MANY);
    }
}

/// Plans those whose ids end so, in a copy: what was planned before is the same for both, nothing.
async fn due_of(world: &World, engine: Engine, name: &str, ends: std::ops::Range<u64>) -> Sample {
    world.copy(engine, name, COPY);
    let database = world.open(engine, COPY).await;
    let all = mark(&database, ends).await;
    let written = match engine {
        Engine::Sqlite => "PRAGMA wal_checkpoint(TRUNCATE)",
        Engine::Postgres => "CHECKPOINT",
    };
    on_pool!(&database, |pool| sqlx::raw_sql(written)
        .execute(pool)
        .await
        .expect("it is written")
        .rows_affected());
    // What that left to the disk.
    tokio::time::sleep(Duration::from_millis(300)).await;
    let service = world.stock.service(database.clone(), clock());
    let before = count(&database, "SELECT COUNT(*) FROM outbox").await;
    let watch = Watch::start(world.server(engine));
    let planned = plan_all(&service, BATCH).await.expect("a plan") as u64;
    let sample = watch.stop(planned, all);
    let queued = count(&database, "SELECT COUNT(*) FROM outbox").await - before;
    assert_eq!((all, all), (planned, queued), "not everybody who was due got her text");
    database.close().await;
    world.remove(engine, COPY);
    sample
}

async fn mark(database: &Database, ends: std::ops::Range<u64>) -> u64 {
    let bytes = |end: u64| u16::try_from(end).expect("two bytes").to_be_bytes().to_vec();
    let (first, last) = (bytes(ends.start), bytes(ends.end - 1));
    let mark = match database {
        Database::Sqlite { .. } => MARK_SQLITE,
        Database::Postgres(_) => MARK_POSTGRES,
    };
    on_pool!(database, |pool| {
        let update = sqlx::query(mark).bind(TUESDAY);
        update.bind(first).bind(last).execute(pool).await.expect("some are due").rows_affected()
    })
}

// Everybody keeps her own minute, so that the due ones stand in the order in which the planner would have left them.
const LATER_SQLITE: &str = "
    UPDATE agenda SET next_on = $1, next_at = '2026-12-22' || substr(next_at, 11)";
const LATER_POSTGRES: &str = "
    UPDATE agenda SET next_on = $1, next_at = next_at + interval '28 days'";
const MARK_SQLITE: &str = "
    UPDATE agenda SET next_on = $1, next_at = '2026-11-24' || substr(next_at, 11)
     WHERE substr(enrollment_id, 15) BETWEEN $2 AND $3";
const MARK_POSTGRES: &str = "
    UPDATE agenda SET next_on = $1, next_at = next_at - interval '28 days'
     WHERE substring(uuid_send(enrollment_id) from 15) BETWEEN $2 AND $3";
