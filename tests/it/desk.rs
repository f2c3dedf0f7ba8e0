//! What operators do with the conversation: they read and answer what mothers write, count, and tell many at once.

mod broadcast;
mod command;
mod counting;
mod inbox;
mod lane;
mod reach;

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use motherline::domain::language::Language;
use motherline::flows::broadcasting::{self, Counted, Message, Queued, Segment};
use motherline::library::Text;
use motherline::store::Database;
use motherline::store::broadcasts::Broadcast;
use motherline::worker::rehearsal::{Line, World};

use crate::conversation::{RUSSIA, SCRIPT, US, at};

/// A Monday morning in New York.
const START: &str = "2026-11-23T09:00:00-05:00";
/// That night.
const NIGHT: &str = "2026-11-23T22:30:00-05:00";
const AMY: &str = "+12025550141";
const BEA: &str = "+12025550142";
const CAT: &str = "+12025550143";
const DORA: &str = "+79161234567";
const BY: (&str, &str) = ("Ana", "the water is bad");

async fn world(database: &Database) -> World {
    let programs = vec![US.to_owned(), RUSSIA.to_owned()];
    World::new(database.clone(), &SCRIPT, programs, at(START), 7).await.expect("a world")
}

/// She writes these texts; gives what she is answered.
async fn writes(world: &mut World, her: &str, texts: &[&str]) -> Vec<String> {
    world.take_lines();
    for text in texts {
        world.text(her, text).await.expect("a text");
    }
    said(world).into_iter().map(|line| line.body).collect()
}

/// Enrolled at once, with this due date.
async fn enrolls(world: &mut World, her: &str, due: &str) {
    assert_eq!(4, writes(world, her, &["BABY", due, "YES", "10001"]).await.len());
}

async fn enrolls_in_spanish(world: &mut World, her: &str) {
    assert_eq!(4, writes(world, her, &["BEBE", "12 de abril de 2027", "SI", "10001"]).await.len());
}

/// What went out since somebody last looked.
fn said(world: &mut World) -> Vec<Line> {
    world.take_lines().into_iter().filter(|line| line.direction == "out").collect()
}

/// Time passes until then; gives what went out.
async fn until(world: &mut World, then: &str) -> Vec<Line> {
    said(world);
    world.advance_to(at(then)).await.expect("time passes");
    said(world)
}

/// Time passes.
async fn passes(world: &mut World, time: TimeDelta) -> Vec<Line> {
    let then = world.now() + time;
    said(world);
    world.advance_to(then).await.expect("time passes");
    said(world)
}

/// To whom broadcasts went, in order, and the words.
fn told(lines: &[Line]) -> Vec<(&str, &str)> {
    let ours = lines.iter().filter(|line| line.kind.as_deref() == Some("broadcast"));
    ours.map(|line| (line.to.as_deref().expect("a number"), line.body.as_str())).collect()
}

fn language(code: &str) -> Language {
    code.parse().expect("a language")
}

/// A message in English, Spanish and Russian, to everybody.
fn message(emergency: bool) -> Message {
    let words = [("en", "Boil your water."), ("es", "Hierva el agua."), ("ru", "Кипятите воду.")];
    let words: BTreeMap<_, _> = words.map(|(code, words)| (language(code), Text::new(words))).into();
    Message { segment: Segment::default(), words, emergency }
}

async fn count(world: &World, message: &Message) -> Counted {
    broadcasting::count(world.service(), message, None).await.expect("counted")
}

/// Counts, begins and queues.
async fn send(world: &World, message: &Message) -> (Broadcast, Queued) {
    let counted = count(world, message).await;
    let broadcast = broadcasting::begin(world.service(), message, &counted, BY, false).await.expect("begun");
    let queued = broadcasting::queue(world.service(), message, &broadcast).await.expect("queued");
    (broadcast, queued)
}

/// What became of the texts of broadcasts, by number.
async fn ends(database: &Database) -> Vec<(String, i16, Option<String>)> {
    let select = "SELECT phone, state, reason FROM history WHERE kind = 'broadcast' ORDER BY phone";
    match database {
        Database::Sqlite { read, .. } => sqlx::query_as(select).fetch_all(read).await,
        Database::Postgres(pool) => sqlx::query_as(select).fetch_all(pool).await,
    }
    .expect("the ends")
}

/// Moves the clock on, and nothing happens meanwhile.
fn move_clock(world: &World, to: DateTime<Utc>) {
    let motherline::clock::Clock::Manual(hands) = &world.service().clock else { panic!("a manual clock") };
    hands.advance_to(to);
}
