//! Dispatch: texts a second sent by the real dispatcher over the Twilio gateway and recorded as accepted, beside a
//! bare loop of reqwest that posts the same forms as many at a time and records nothing; and the steady rate
//! where answers take long, beside what can then be had at most.

use std::sync::Arc;
use std::time::Duration;

use motherline::clock::Clock;
use motherline::flows::dispatch::SEND_LIMIT;
use motherline::gateway::Http;
use motherline::store::Database;
use motherline::telemetry::Metrics;
use motherline::worker::dispatcher::Dispatcher;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::figures::{Sample, Watch};
use crate::house::gateway;
use crate::simulator::Simulator;
use crate::table::{Goal, Row, Table};
use crate::world::{Engine, SENDER, Stock, World, count};
use crate::{bare, queue};

const COPY: &str = "dispatch";
/// How often the counter is looked at.
const LOOK: Duration = Duration::from_millis(2);
/// What has been recorded as accepted.
pub const ACCEPTED: &str = "SELECT COUNT(*) FROM history WHERE state = 4";
/// Connections are open and limits are found by then.
const WARM: Duration = Duration::from_secs(2);

/// What is wanted, in parts of the bare loop.
fn goal(engine: Engine) -> Goal {
    Goal::AtLeast(match engine {
        Engine::Sqlite => 0.60,
        Engine::Postgres => 0.40,
    })
}

/// Whole queues, beside the bare loop.
pub async fn measure(world: &World, table: &mut Table) {
    let settings = &world.settings;
    let first = settings.in_flight[0];
    let few = settings.in_flight.iter().map(|in_flight| (settings.texts, *in_flight));
    for (texts, in_flight) in few.chain([(settings.many, first)]) {
        let mut words = Arc::from([]);
        let mut rows = Vec::new();
        for engine in settings.engines() {
            let name = queue::of(world, engine, texts).await;
            words = queue::words(world, engine, &name).await;
            let what = format!("dispatch, {}, {texts} queued, {in_flight} in flight", engine.name());
            rows.push(Row::new(what, "texts/s", "bare loop", goal(engine)));
        }
        for _ in settings.rounds() {
            let bare = bare::all(&world.simulator, &words, texts, in_flight).await;
            for (engine, row) in settings.engines().zip(&mut rows) {
                row.add(ours(world, engine, texts, in_flight).await, bare);
            }
        }
        table.add(rows);
    }
}

/// The dispatcher, from its start until the last text is recorded in the database.
pub async fn ours(world: &World, engine: Engine, texts: u64, in_flight: usize) -> Sample {
    world.copy(engine, &queue::of(world, engine, texts).await, COPY);
    let database = world.open(engine, COPY).await;
    world.simulator.clear().await;
    let http = client();
    let watch = Watch::start(world.server(engine));
    let running = Running::start(&world.stock, &database, &world.simulator.url, http, in_flight);
    while watch.elapsed() < world.settings.limit && accepted(&running.metrics) < texts {
        tokio::time::sleep(LOOK).await;
    }
    // The counter may be behind its commit, or ahead of it: what counts is what the database says.
    let mut recorded = count(&database, ACCEPTED).await;
    while watch.elapsed() < world.settings.limit && recorded < texts {
        tokio::time::sleep(LOOK).await;
        recorded = count(&database, ACCEPTED).await;
    }
    let sample = watch.stop(recorded, texts);
    finish(world, engine, running, database, &world.simulator).await;
    sample
}

/// Where an answer takes long, beside as many in flight as there may be, each for that long.
pub async fn measure_distant(world: &World, table: &mut Table) {
    let settings = &world.settings;
    let distant = Simulator::start(settings.latency);
    let most = |in_flight: usize| in_flight as f64 / settings.latency.as_secs_f64();
    let widest = settings.in_flight.iter().copied().max().unwrap_or_default();
    let texts = (most(widest) * (WARM + settings.window).as_secs_f64() * 1.1) as u64;
    let mut words = Arc::from([]);
    for engine in settings.engines() {
        let name = queue::of(world, engine, texts).await;
        words = queue::words(world, engine, &name).await;
    }
    let millis = settings.latency.as_millis();
    for &in_flight in &settings.in_flight {
        let row = |who: &str, goal| {
            let what = format!("dispatch, {who}, {millis} ms away, {in_flight} in flight");
            Row::new(what, "texts/s", "in flight ÷ latency", goal)
        };
        let mut rows: Vec<Row> =
            settings.engines().map(|engine| row(engine.name(), Goal::AtLeast(0.95))).collect();
        let mut bare = row("bare loop", Goal::Open);
        for _ in settings.rounds() {
            for (engine, row) in settings.engines().zip(&mut rows) {
                row.add(steady(world, engine, &distant, texts, in_flight).await, most(in_flight));
            }
            let sample = bare::steady(&distant, &words, in_flight, WARM, settings.window).await;
            bare.add(sample, most(in_flight));
        }
        table.add(rows);
        table.add([bare]);
    }
}

/// The steady rate: counted in the database after the start is over, and again at the end of the window.
async fn steady(world: &World, engine: Engine, distant: &Simulator, texts: u64, in_flight: usize) -> Sample {
    world.copy(engine, &queue::of(world, engine, texts).await, COPY);
    let database = world.open(engine, COPY).await;
    distant.clear().await;
    let running = Running::start(&world.stock, &database, &distant.url, client(), in_flight);
    tokio::time::sleep(WARM).await;
    let before = count(&database, ACCEPTED).await;
    let watch = Watch::start(world.server(engine));
    tokio::time::sleep(world.settings.window).await;
    let recorded = count(&database, ACCEPTED).await - before;
    let sample = watch.stop(recorded, recorded);
    finish(world, engine, running, database, distant).await;
    sample
}

/// The service's one HTTP client, without a connection yet.
pub fn client() -> Arc<Http> {
    Arc::new(Http::new(SEND_LIMIT).expect("a client"))
}

/// A dispatcher at work.
pub struct Running {
    pub metrics: Arc<Metrics>,
    stop: CancellationToken,
    task: JoinHandle<()>,
}

impl Running {
    /// Starts one that sends to the simulator at this address.
    pub fn start(stock: &Stock, database: &Database, url: &str, http: Arc<Http>, in_flight: usize) -> Self {
        let service = stock.service(database.clone(), Clock::System);
        let sender = service.senders.get(SENDER).expect("the sender").clone();
        let (metrics, stop) = (service.metrics.clone(), CancellationToken::new());
        let routes = vec![(Arc::new(gateway(url)), sender.address.clone())];
        let dispatcher = Dispatcher::new(service, http, routes, sender, in_flight);
        Self { metrics, task: tokio::spawn(dispatcher.run(stop.clone())), stop }
    }

    /// Ends it: what is on the wire is waited for and recorded.
    pub async fn end(self) {
        self.stop.cancel();
        self.task.await.expect("the dispatcher ends well");
    }
}

async fn finish(world: &World, engine: Engine, running: Running, database: Database, simulator: &Simulator) {
    running.end().await;
    simulator.agrees(count(&database, ACCEPTED).await).await;
    database.close().await;
    world.remove(engine, COPY);
}

/// How many sends the service has counted as accepted: looking costs the database nothing.
fn accepted(metrics: &Metrics) -> u64 {
    let all = metrics.encode();
    let line = all
        .lines()
        .find(|line| line.starts_with("motherline_sends_total{") && line.contains(r#"outcome="accepted""#));
    line.and_then(|line| line.rsplit(' ').next()?.parse().ok()).unwrap_or_default()
}
