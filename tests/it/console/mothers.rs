//! One mother at the console: found by her number, her page, why she got something or did not, and what is done for her.

mod acting;
mod again;
mod awaited;
mod bereaved;
mod finding;
mod programs;
mod unasked;
mod why;

use motherline::domain::phone::PhoneNumber;
use motherline::store::people::Enrollment;
use motherline::store::{Database, audits, mothers, people};
use motherline::worker::rehearsal::World;
use uuid::Uuid;

use super::writes;
use crate::conversation::at;

const AMY: &str = "+12025550141";
const BEA: &str = "+12025550142";
const CAT: &str = "+12025550143";
const DORA: &str = "+79161234567";
const START: &str = "2026-11-23T09:00:00-05:00";

async fn world(database: &Database) -> World {
    super::world_at(database, START).await
}

/// Enrolled in New York with this due date.
async fn enrolls(world: &mut World, her: &str, due: &str) {
    writes(world, her, &["BABY", due, "YES", "10001"]).await;
}

async fn until(world: &mut World, then: &str) {
    world.advance_to(at(then)).await.expect("time passes");
}

async fn id_of(world: &World, number: &str) -> Uuid {
    found(world, number).await.expect("she is known").id
}

async fn found(world: &World, number: &str) -> Option<people::Subscriber> {
    let number = PhoneNumber::from_e164(number).expect("a number");
    let mut tx = world.service().database.read().await.expect("a transaction");
    mothers::by_phone(&mut tx, &number).await.expect("a look")
}

async fn enrollments(world: &World, number: &str) -> Vec<Enrollment> {
    let id = id_of(world, number).await;
    let mut tx = world.service().database.read().await.expect("a transaction");
    people::enrollments_of(&mut tx, id).await.expect("enrollments")
}

/// What was done at the console: by whom, what, to whom, in detail; the newest first.
async fn deeds(world: &World) -> Vec<(String, String, Option<Uuid>, String)> {
    let mut tx = world.service().database.read().await.expect("a transaction");
    let all = audits::list(&mut tx, &audits::Sought::default(), 1_000).await.expect("deeds");
    all.into_iter().map(|deed| (deed.actor, deed.action, deed.subscriber_id, deed.detail)).collect()
}

fn page_of(id: Uuid) -> String {
    format!("/console/mothers/{id}")
}
