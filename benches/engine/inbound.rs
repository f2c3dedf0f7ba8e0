//! Inbound, while a morning's tips go out by the same sender: how long it takes from a woman's text at the webhook
//! until the gateway has the answer and that is recorded, at a steady rate; and how many texts a second are written
//! and thanked for when as many come as can, beside a listener that writes nothing.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use motherline::clock::Clock;
use motherline::store::Database;
use tokio::sync::Mutex;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::caller::{self, Connection, request};
use crate::figures::{Sample, Watch, grouped};
use crate::house::{self, House};
use crate::table::{Goal, Row, Table};
use crate::world::{Engine, SENDER, World, count};
use crate::{dispatch, queue};

const COPY: &str = "inbound";
/// The beginning of the numbers of women who write: a country code that nobody has.
const HERS: &str = "+999";
/// After the last call answers are waited for so long.
const PATIENCE: Duration = Duration::from_secs(30);
/// Milliseconds in which she must have her answer.
const SOON: f64 = 250.0;

/// Both engines, steady and flooded.
pub async fn measure(world: &World, table: &mut Table) {
    let settings = &world.settings;
    for engine in settings.engines() {
        queue::of(world, engine, settings.queued).await;
    }
    let row = |what: &str, engine: Engine, unit, beside: &str, goal| {
        Row::new(format!("inbound, {}, {what}", engine.name()), unit, beside, goal)
    };
    let steady = format!("{} a second", settings.rate);
    let mut rows: Vec<[Row; 3]> = settings
        .engines()
        .map(|engine| {
            let median = row(&format!("{steady}, median"), engine, "ms to the answer", "ms", Goal::Open);
            let p99 = row(&format!("{steady}, p99"), engine, "ms to the answer", "ms", Goal::AtMost(1.0));
            [median, p99, row("as many as can", engine, "accepted/s", "bare listener", Goal::Open)]
        })
        .collect();
    for round in settings.rounds() {
        let bare = bare(world).await;
        for (engine, [median, p99, flood]) in settings.engines().zip(&mut rows) {
            let ours = ours(world, engine).await;
            median.add(ours.waits.answers.at(0.5), SOON);
            p99.add(ours.waits.answers.at(0.99), SOON);
            flood.add(ours.flood, bare);
            table.note(format!(
                "inbound, {}, round {round}: the slowest answer after {:.0} ms; begun to be sent after {:.0} ms, \
                 and thanked after {:.0} ms, at p99; meanwhile {} tips/s.",
                engine.name(),
                ours.waits.answers.at(1.0),
                ours.waits.begun.at(0.99),
                ours.waits.thanks.at(0.99),
                grouped(ours.waits.tips),
            ));
        }
    }
    rows.into_iter().for_each(|rows| table.add(rows));
}

/// What one round came to.
struct Round {
    /// The flood.
    flood: Sample,
    /// From webhook to answer, at the steady rate.
    waits: Waits,
}

/// Steady first, then a flood, while tips go out all the time.
async fn ours(world: &World, engine: Engine) -> Round {
    let settings = &world.settings;
    world.copy(engine, &queue::of(world, engine, settings.queued).await, COPY);
    let database = world.open(engine, COPY).await;
    world.simulator.clear().await;
    let mut house = House::open(world, database.clone(), settings.in_flight[0]).await;
    house.begin();
    // Tips are under way before the first woman writes.
    tokio::time::sleep(Duration::from_secs(1)).await;
    let steady = settings.rate * settings.seconds;
    let waits = waits(world, &house, &database, steady).await;
    let requests: Arc<[Vec<u8>]> = (steady..steady + settings.calls).map(text).collect();
    let connections = caller::connect(house.address, settings.connections).await;
    let watch = Watch::start(world.server(engine));
    let thanked = caller::flood(connections, requests).await;
    let flood = watch.stop(thanked, settings.calls);
    let written = count(&database, "SELECT COUNT(*) FROM inbox").await;
    assert_eq!(steady + thanked, written, "what was thanked for is not what was written");
    let waiting = count(&database, "SELECT COUNT(*) FROM outbox WHERE kind = 'tip'").await;
    assert!(waiting > 0, "the tips were gone before the women had written");
    house.close().await;
    world.remove(engine, COPY);
    Round { flood, waits }
}

/// The same flood against a listener that only thanks, and nothing beside it.
async fn bare(world: &World) -> Sample {
    let stop = CancellationToken::new();
    let address = house::bare(&stop).await;
    let requests: Arc<[Vec<u8>]> = (0..world.settings.calls).map(text).collect();
    let connections = caller::connect(address, world.settings.connections).await;
    let watch = Watch::start(None);
    let thanked = caller::flood(connections, requests).await;
    let sample = watch.stop(thanked, world.settings.calls);
    stop.cancel();
    sample
}

/// A woman's HELP: her number is her own, and nobody's.
fn text(woman: u64) -> Vec<u8> {
    let (sid, from) = (format!("SM{woman:032x}"), number(woman));
    let form = [
        ("MessageSid", &*sid),
        ("From", &*from),
        ("To", "+12025550100"),
        ("Body", "HELP"),
        ("NumMedia", "0"),
    ];
    request(&format!("/webhooks/{SENDER}/inbound"), &form)
}

fn number(woman: u64) -> String {
    format!("{HERS}{:010}", 9_000_000_000 + woman)
}

/// So many women write at the steady rate, each at her moment whether or not the others have been answered.
async fn waits(world: &World, house: &House, database: &Database, women: u64) -> Waits {
    let sent_before = count(database, dispatch::ACCEPTED).await;
    let idle: Arc<Mutex<Vec<Connection>>> = Arc::default();
    let mut beat =
        tokio::time::interval(Duration::from_secs(1) / u32::try_from(world.settings.rate).expect("few"));
    let (mut calls, mut wrote, mut thanks) = (JoinSet::new(), HashMap::new(), Vec::new());
    let began = Clock::System.now();
    for woman in 0..women {
        beat.tick().await;
        let (request, idle, address) = (text(woman), idle.clone(), house.address);
        calls.spawn(async move {
            let kept = idle.lock().await.pop();
            let mut connection = match kept {
                Some(connection) => connection,
                None => Connection::open(address).await,
            };
            let at = Clock::System.now();
            assert_eq!(200, connection.call(&request).await, "she is thanked");
            let thanked = Clock::System.now();
            idle.lock().await.push(connection);
            (woman, at, thanked)
        });
    }
    while let Some(call) = calls.join_next().await {
        let (woman, at, thanked) = call.expect("a call");
        wrote.insert(number(woman), at);
        thanks.push(millis(at, thanked));
    }
    let sent = count(database, dispatch::ACCEPTED).await - sent_before;
    let tips = sent as f64 * 1e3 / millis(began, Clock::System.now());
    let patience = Clock::System.now() + PATIENCE;
    while count(database, ANSWERED).await < women && Clock::System.now() < patience {
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let answered = answered(database).await;
    assert_eq!(women, answered.len() as u64, "women wait for their answers");
    let waited = |number: &str, at: DateTime<Utc>| Some(millis(*wrote.get(number)?, at));
    let begun = answered.iter().filter_map(|(number, began, _)| waited(number, *began)).collect();
    let answers = answered.iter().filter_map(|(number, _, ended)| waited(number, *ended)).collect();
    Waits { answers: Sorted::of(answers), begun: Sorted::of(begun), thanks: Sorted::of(thanks), tips }
}

const ANSWERED: &str = "SELECT COUNT(*) FROM history WHERE kind <> 'tip' AND state = 4";
const ANSWERS: &str = "SELECT phone, began_at, ended_at FROM history WHERE kind <> 'tip' AND state = 4";

/// When each woman's answer was begun to be sent, and when it was recorded as taken by the gateway: the same clock as
/// the callers'. It was handed over between the two.
async fn answered(database: &Database) -> Vec<(String, DateTime<Utc>, DateTime<Utc>)> {
    let answers = match database {
        Database::Sqlite { read, .. } => sqlx::query_as(ANSWERS).fetch_all(read).await,
        Database::Postgres(pool) => sqlx::query_as(ANSWERS).fetch_all(pool).await,
    };
    answers.expect("the answers")
}

fn millis(from: DateTime<Utc>, to: DateTime<Utc>) -> f64 {
    (to - from).num_microseconds().unwrap_or_default() as f64 / 1e3
}

/// How long women waited.
struct Waits {
    /// Until the gateway had the answer, and that was recorded.
    answers: Sorted,
    /// Until the answer was begun to be sent.
    begun: Sorted,
    /// Until the webhook was answered.
    thanks: Sorted,
    /// Tips a second meanwhile.
    tips: f64,
}

/// Milliseconds, the shortest first.
struct Sorted(Vec<f64>);

impl Sorted {
    fn of(mut waits: Vec<f64>) -> Self {
        waits.sort_unstable_by(f64::total_cmp);
        Self(waits)
    }

    fn at(&self, part: f64) -> f64 {
        let index = self.0.len().saturating_sub(1) as f64 * part;
        self.0.get(index as usize).copied().unwrap_or(f64::NAN)
    }
}
