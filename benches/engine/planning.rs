//! Planning: rows a second by `flows::planning::plan_all`, beside the set-based statements that write the same rows
//! and move the same enrollments on; and what those who are not due cost those who are.

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use motherline::clock::{Clock, ManualClock};
use motherline::domain::gestation::Anchor;
use motherline::domain::plan::{self, Next};
use motherline::flows::planning::{course, plan_all};
use motherline::flows::populating::{Crowd, populate};
use motherline::flows::publishing::start;
use motherline::store::Database;
use motherline::store::agenda::{self, Coming};
use uuid::Uuid;

use crate::figures::{Sample, Watch};
use crate::table::{Goal, Row, Table};
use crate::world::{Engine, SENDER, World, close, count, on_pool};

/// The database in which everybody is due.
const DUE: &str = "due";
const COPY: &str = "planning";
/// Enrollments planned in a transaction, where nothing is measured.
const BATCH: i64 = 4096;
/// A Tuesday on which every mother is 22+1; her tip is due that day in one program and the next in the other.
pub const TUESDAY: NaiveDate = NaiveDate::from_ymd_opt(2026, 11, 24).expect("a date");
/// Thursday 03:00 in UTC: Wednesday's tips are due in every zone, Friday's in none.
const HOURS: i64 = 2 * 24 + 3;

pub fn now() -> DateTime<Utc> {
    TUESDAY.and_hms_opt(0, 0, 0).expect("midnight").and_utc() + TimeDelta::hours(HOURS)
}

pub fn clock() -> Clock {
    Clock::Manual(ManualClock::at(now()))
}

/// What is wanted, in parts of the set statements.
fn goal(engine: Engine) -> Goal {
    Goal::AtLeast(match engine {
        Engine::Sqlite => 0.55,
        Engine::Postgres => 0.90,
    })
}

/// Everybody is due.
pub async fn measure(world: &World, table: &mut Table) {
    let settings = &world.settings;
    for engine in settings.engines() {
        eprintln!("enrolling {} made-up mothers on {}", settings.mothers, engine.name());
        prepare(world, engine, DUE, settings.mothers).await;
        let row = |batch: &usize| {
            let what = format!("planning, {}, batches of {batch}", engine.name());
            Row::new(what, "rows/s", "set statements", goal(engine))
        };
        let mut rows: Vec<Row> = settings.batches.iter().map(row).collect();
        for _ in settings.rounds() {
            let ideal = ideal(world, engine).await;
            for (batch, row) in settings.batches.iter().zip(&mut rows) {
                row.add(ours(world, engine, *batch as i64).await, ideal);
            }
        }
        table.add(rows);
        world.remove(engine, DUE);
    }
}

/// Makes a database of made-up mothers who are all due, each for exactly one tip that the library has.
pub async fn prepare(world: &World, engine: Engine, name: &str, mothers: u64) {
    world.create(engine, name);
    let database = world.open(engine, name).await;
    let edition = start(&database, &clock(), &world.stock.files, true).await.expect("an edition").edition;
    let crowd = Crowd { mothers, seed: 1, sender: SENDER };
    populate(&database, &clock(), &edition.library, &crowd).await.expect("a crowd");
    let dated = "UPDATE enrollments SET anchor_kind = 'due', anchor_date = $1, enrolled_on = $2";
    let all =
        "SELECT e.id, e.program, s.zone FROM enrollments e JOIN subscribers s ON s.id = e.subscriber_id";
    let (birth, enrolled) = (TUESDAY - Days::new(22 * 7 + 1) + Days::new(280), TUESDAY - Days::new(60));
    let all: Vec<(Uuid, String, String)> = on_pool!(&database, |pool| {
        let dated = sqlx::query(dated).bind(birth).bind(enrolled);
        dated.execute(pool).await.expect("all have dates");
        sqlx::query("DELETE FROM agenda").execute(pool).await.expect("an empty agenda");
        sqlx::query_as(all).fetch_all(pool).await.expect("everybody")
    });
    // Each at her own minute, as the planner would have left her.
    let moment = |(id, program, zone): (Uuid, String, String)| {
        let program = edition.library.program(&program).expect("her program");
        let course = course(program, id, Anchor::Due(birth), enrolled, zone.parse().ok());
        let Next::Due(occurrence) = plan::next(&course, TUESDAY - Days::new(1)) else {
            panic!("she has a tip")
        };
        (id, occurrence.on, occurrence.at.expect("a window"))
    };
    let mut coming: Vec<Coming> = all.into_iter().map(moment).collect();
    coming.sort_by_key(|(id, _, at)| (*at, *id));
    let mut tx = database.begin().await.expect("a transaction");
    for part in coming.chunks(4096) {
        agenda::put(&mut tx, part).await.expect("all are due");
    }
    tx.commit().await.expect("a commit");
    close(database).await;
}

/// Plans everybody who is due, however many they are.
pub async fn everybody(world: &World, database: &Database) {
    let service = world.stock.service(database.clone(), clock());
    plan_all(&service, BATCH).await.expect("a plan");
}

/// Our planner, batch by batch.
async fn ours(world: &World, engine: Engine, batch: i64) -> Sample {
    let (database, all) = open(world, engine).await;
    let service = world.stock.service(database.clone(), clock());
    let watch = Watch::start(world.server(engine));
    let planned = plan_all(&service, batch).await.expect("a plan") as u64;
    let sample = watch.stop(planned, all);
    finish(world, engine, database, planned).await;
    sample
}

/// What any planner must at least do in this database: the same rows written from the rows that are there, by
/// one statement a table, in one transaction, with nothing computed.
async fn ideal(world: &World, engine: Engine) -> Sample {
    let (database, all) = open(world, engine).await;
    let (now, day, later) = (now(), TUESDAY + Days::new(1), now() + TimeDelta::days(1));
    let watch = Watch::start(world.server(engine));
    on_pool!(&database, |pool| {
        let mut tx = pool.begin().await.expect("a transaction");
        let planned = sqlx::query(PLANNED).bind(now).bind(day);
        planned.execute(&mut *tx).await.expect("occurrences");
        let queued = sqlx::query(QUEUED).bind(now).bind(day).bind(later).bind([0_u8; 32].as_slice());
        queued.execute(&mut *tx).await.expect("texts");
        let advanced = sqlx::query(advanced(engine)).bind(now).bind(day);
        advanced.execute(&mut *tx).await.expect("next moments");
        tx.commit().await.expect("a commit");
    });
    let sample = watch.stop(all, all);
    finish(world, engine, database, all).await;
    sample
}

const PLANNED: &str = "
    INSERT INTO planned (enrollment_id, occurs_on, track, week, slot, tip, outbox_id, outcome, planned_at)
    SELECT enrollment_id, $2, 'pregnancy', 22, 2, 'us-preg-22-2-iron', enrollment_id, 'queued', $1
      FROM agenda WHERE next_at <= $1";
const QUEUED: &str = "
    INSERT INTO outbox (id, subscriber_id, enrollment_id, version, inbox_id, sender, phone, lane, kind, language,
                        wording, body, encoding, segments, program, edition, tip, track, week, occurs_on,
                        queued_at, not_after, window_closes_at, state, next_try_at, tries)
    SELECT enrollment_id, subscriber_id, enrollment_id, version, NULL, sender, phone, 1, 'tip', language,
           $4, NULL, 'GSM-7', 1, program, 1, 'us-preg-22-2-iron', 'pregnancy', 22, $2,
           $1, $3, $3, 0, $1, 0
      FROM agenda WHERE next_at <= $1";

/// To the same minute of the Friday: the order in which they stand is kept, as it is by the planner.
fn advanced(engine: Engine) -> &'static str {
    match engine {
        Engine::Sqlite => {
            "UPDATE agenda SET next_on = $2, next_at = '2026-11-27' || substr(next_at, 11) WHERE next_at <= $1"
        }
        Engine::Postgres => {
            "UPDATE agenda SET next_on = $2, next_at = next_at + interval '3 days' WHERE next_at <= $1"
        }
    }
}

async fn open(world: &World, engine: Engine) -> (Database, u64) {
    world.copy(engine, DUE, COPY);
    let database = world.open(engine, COPY).await;
    let all = count(&database, "SELECT COUNT(*) FROM agenda").await;
    (database, all)
}

/// What was counted must be there: a row in each table an enrollment.
async fn finish(world: &World, engine: Engine, database: Database, planned: u64) {
    let queued = "SELECT COUNT(*) FROM planned p JOIN outbox o ON o.id = p.outbox_id AND o.state = 0";
    assert_eq!(count(&database, queued).await, planned, "not every enrollment got its rows");
    database.close().await;
    world.remove(engine, COPY);
}
