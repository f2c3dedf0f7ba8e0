//! The flows, on SQLite and on PostgreSQL: what must never be lost, doubled or sent too late.

mod agenda;
mod asking;
mod delivery;
mod faults;
mod hearing;
mod planning;
mod repeating;
mod retention;
mod waking;

use chrono::{DateTime, Utc};
use motherline::store::Database;
use motherline::worker::rehearsal::{Line, World};

use crate::conversation::SCRIPT;
use crate::support::engines::count;

/// A woman whose number is reserved for fiction.
const HER: &str = "+12025550143";
/// A Monday in New York.
const START: &str = "2026-11-23T09:00:00-05:00";

fn at(text: &str) -> DateTime<Utc> {
    DateTime::parse_from_rfc3339(text).expect("a time").with_timezone(&Utc)
}

async fn world(database: Database) -> World {
    World::new(database, &SCRIPT, vec!["text4baby-us".to_owned()], at(START), 7).await.expect("a world")
}

/// Enrolls her in New York, 20+0 on the day of the start; gives nothing back but the silence after.
async fn enroll(world: &mut World) {
    for body in ["BABY", "April 12, 2027", "YES", "10001"] {
        world.text(HER, body).await.expect("a text");
    }
    let confirmation = world.take_lines().pop().expect("a confirmation");
    assert!(confirmation.body.contains("STOP"), "not enrolled: {}", confirmation.body);
}

/// The tips among lines, by id.
fn tips(lines: &[Line]) -> Vec<&str> {
    lines.iter().filter_map(|line| line.tip.as_deref()).collect()
}

/// Changes rows by hand.
async fn execute(database: &Database, sql: &'static str) {
    match database {
        Database::Sqlite { write, .. } => drop(sqlx::query(sql).execute(write).await.expect("a change")),
        Database::Postgres(pool) => drop(sqlx::query(sql).execute(pool).await.expect("a change")),
    }
}
