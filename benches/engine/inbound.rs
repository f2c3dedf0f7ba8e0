//! Inbound, while a morning's tips go out by the same sender: how long it takes from a woman's text at the webhook
//! to the answer at the gateway, at a steady rate; and how many texts a second are written and thanked for when as
//! many come as can, beside a listener that writes nothing.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use motherline::gateway::Http;
use tokio::sync::Mutex;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::caller::{self, Connection, request};
use crate::figures::{Sample, Watch};
use crate::house::{self, House};
use crate::simulator::HERS;
use crate::world::{Engine, SENDER, World, count};
use crate::{dispatch, figures};

const QUEUE: &str = "morning";
const COPY: &str = "inbound";
/// After the last call answers are waited for so long.
const PATIENCE: Duration = Duration::from_secs(30);

/// Fills a queue with a morning's tips.
pub async fn prepare(world: &World, engine: Engine) {
    dispatch::fill(world, engine, QUEUE, world.settings.queued).await;
}

/// What one round came to.
pub struct Round {
    /// The flood.
    pub flood: Sample,
    /// From webhook to answer, at the steady rate.
    pub waits: Waits,
}

/// Steady first, then a flood, while tips go out all the time.
pub async fn ours(world: &World, engine: Engine, in_flight: usize) -> Round {
    let settings = &world.settings;
    world.copy(engine, QUEUE, COPY);
    let database = world.open(engine, COPY).await;
    let mut house = House::open(world, database.clone(), in_flight).await;
    house.begin();
    // Tips are under way before the first woman writes.
    tokio::time::sleep(Duration::from_secs(1)).await;
    let steady = settings.rate * settings.seconds;
    let waits = waits(world, &house, steady).await;
    let requests: Arc<[Vec<u8>]> = (steady..steady + settings.calls).map(text).collect();
    let connections = caller::connect(house.address, settings.connections).await;
    let watch = Watch::start(world.server(engine));
    let thanked = caller::flood(connections, requests).await;
    let flood = watch.stop(thanked, settings.calls);
    let written = count(&database, "SELECT COUNT(*) FROM inbox").await;
    assert_eq!(steady + thanked, written, "what was thanked for is not what was written");
    house.close().await;
    world.remove(engine, COPY);
    Round { flood, waits }
}

/// The same flood against a listener that only thanks, and nothing beside it.
pub async fn bare(world: &World) -> Sample {
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
async fn waits(world: &World, house: &House, women: u64) -> Waits {
    let http = Http::new(Duration::from_secs(10)).expect("a client");
    let sent_before = world.simulator.count(&http).await;
    // Answers of an earlier round.
    world.simulator.answers(&http).await;
    let idle: Arc<Mutex<Vec<Connection>>> = Arc::default();
    let mut beat =
        tokio::time::interval(Duration::from_secs(1) / u32::try_from(world.settings.rate).expect("few"));
    let (mut calls, mut wrote, mut thanks) = (JoinSet::new(), HashMap::new(), Vec::new());
    let began = now();
    for woman in 0..women {
        beat.tick().await;
        let (request, idle, address) = (text(woman), idle.clone(), house.address);
        calls.spawn(async move {
            let kept = idle.lock().await.pop();
            let mut connection = match kept {
                Some(connection) => connection,
                None => Connection::open(address).await,
            };
            let at = now();
            assert_eq!(200, connection.call(&request).await, "she is thanked");
            let thanked = now() - at;
            idle.lock().await.push(connection);
            (woman, at, thanked)
        });
    }
    while let Some(call) = calls.join_next().await {
        let (woman, at, thanked) = call.expect("a call");
        wrote.insert(number(woman), at);
        thanks.push(thanked);
    }
    let tips = (world.simulator.count(&http).await - sent_before) as f64 / (now() - began).as_secs_f64();
    let mut answered = HashMap::new();
    let patience = now() + PATIENCE;
    while answered.len() < wrote.len() && now() < patience {
        let answers = world.simulator.answers(&http).await;
        answered.extend(answers.into_iter().filter(|(number, _)| wrote.contains_key(number)));
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let waits = wrote.iter().filter_map(|(number, at)| Some(answered.get(number)?.saturating_sub(*at)));
    Waits { answers: waits.collect(), unanswered: wrote.len() - answered.len(), thanks, tips }
}

/// The same clock as the simulator's, which is another process.
fn now() -> Duration {
    SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970")
}

/// How long women waited.
pub struct Waits {
    answers: Vec<Duration>,
    unanswered: usize,
    thanks: Vec<Duration>,
    tips: f64,
}

impl fmt::Display for Waits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let of = |waits: &Vec<Duration>| {
            let mut sorted = waits.clone();
            sorted.sort_unstable();
            let at = |part: f64| {
                let index = (sorted.len().saturating_sub(1)) as f64 * part;
                sorted.get(index as usize).copied().unwrap_or_default().as_secs_f64() * 1e3
            };
            format!("p50 {:.0}, p99 {:.0}, longest {:.0} ms", at(0.5), at(0.99), at(1.0))
        };
        write!(
            f,
            "webhook to answer at the gateway: {}; webhook to 200: {}; {} answers, {} missing; tips meanwhile {}/s",
            of(&self.answers),
            of(&self.thanks),
            self.answers.len(),
            self.unanswered,
            figures::grouped(self.tips),
        )
    }
}
