//! The engine's speeds on both databases, each beside what bounds it, in the same run: `cargo bench --bench engine`.
//!
//! - [`dispatch`]: texts sent through a gateway simulator and recorded as accepted, beside a bare loop of
//!   reqwest that posts the same forms as many at a time and records nothing.
//! - [`planning`]: enrollments planned, beside the set-based statements that write the same rows.
//! - [`inbound`]: women's texts written and thanked for, and how long until the answer is at the gateway, while a
//!   morning's tips go out by the same sender; beside a listener that only thanks.
//! - [`reports`]: delivery reports merged, beside the same listener.
//!
//! Rounds are interleaved, and a ratio is of one round: absolute figures drift with the machine, ratios less.
//! `cargo bench --bench engine -- planning` measures that alone. Sizes come from the environment:
//!
//! | variable | default | what |
//! |---|---|---|
//! | `BENCH_TEXTS` | 20000 | texts queued for a dispatch |
//! | `BENCH_IN_FLIGHT` | 64 | texts in flight; several: `64,256` |
//! | `BENCH_MOTHERS` | 20000 | enrollments due for a planning |
//! | `BENCH_BATCH` | 1024 | enrollments planned in a transaction |
//! | `BENCH_QUEUED` | 1000000 | tips in the way of inbound |
//! | `BENCH_RATE` | 100 | texts a second that women write steadily |
//! | `BENCH_SECONDS` | 20 | for so long |
//! | `BENCH_CALLS` | 20000 | texts that come at once after that |
//! | `BENCH_CONNECTIONS` | 256 | over so many connections, reports too |
//! | `BENCH_ROUNDS` | 5 | rounds |
//! | `BENCH_ENGINE` | both | `sqlite` or `postgresql`: only that one |
//! | `BENCH_LIMIT` | 30 | seconds after which a measurement is cut and told as far as it came |
//!
//! Databases lie in the temporary folder (`TMPDIR`): on a disk, not in memory, or commits cost nothing.

mod caller;
mod cluster;
mod dispatch;
mod figures;
mod house;
mod inbound;
mod planning;
mod reports;
mod simulator;
mod world;

use std::time::Duration;

use figures::Row;
use world::{Engine, World};

/// The sizes.
pub struct Settings {
    texts: u64,
    in_flight: Vec<usize>,
    mothers: u64,
    batch: i64,
    queued: u64,
    rate: u64,
    seconds: u64,
    calls: u64,
    connections: usize,
    rounds: usize,
    limit: Duration,
    only: Option<String>,
}

impl Settings {
    /// The engines to measure.
    fn engines(&self) -> impl Iterator<Item = Engine> {
        let wanted =
            |engine: &Engine| self.only.as_ref().is_none_or(|only| engine.name().eq_ignore_ascii_case(only));
        Engine::BOTH.into_iter().filter(wanted)
    }
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if arguments.iter().any(|argument| argument == simulator::ARGUMENT) {
        return simulator::run();
    }
    if !arguments.iter().any(|argument| argument == "--bench") {
        eprintln!("This measures and takes minutes: run it by `cargo bench --bench engine`.");
        return;
    }
    let named: Vec<&String> = arguments.iter().filter(|argument| !argument.starts_with('-')).collect();
    let wanted = |name: &str| named.is_empty() || named.iter().any(|part| name.contains(part.as_str()));
    let settings = Settings {
        texts: size("BENCH_TEXTS", 20_000),
        in_flight: sizes("BENCH_IN_FLIGHT", 64),
        mothers: size("BENCH_MOTHERS", 20_000),
        batch: size("BENCH_BATCH", 1024) as i64,
        queued: size("BENCH_QUEUED", 1_000_000),
        rate: size("BENCH_RATE", 100).max(1),
        seconds: size("BENCH_SECONDS", 20),
        calls: size("BENCH_CALLS", 20_000),
        connections: size("BENCH_CONNECTIONS", 256) as usize,
        rounds: size("BENCH_ROUNDS", 5).max(1) as usize,
        limit: Duration::from_secs(size("BENCH_LIMIT", 30)),
        only: std::env::var("BENCH_ENGINE").ok(),
    };
    if !["dispatch", "planning", "inbound", "reports"].into_iter().any(wanted) {
        return;
    }
    motherline::telemetry::start_logging();
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .expect("a runtime like the service's");
    let rows = runtime.block_on(async {
        let world = World::new(settings).await;
        let mut rows = Vec::new();
        if wanted("dispatch") {
            rows.extend(dispatches(&world).await);
        }
        if wanted("planning") {
            rows.extend(plannings(&world).await);
        }
        if wanted("inbound") {
            rows.extend(inbounds(&world).await);
        }
        if wanted("reports") {
            rows.extend(reported(&world).await);
        }
        rows
    });
    figures::print(&rows, load.split(' ').next().unwrap_or_default());
}

async fn dispatches(world: &World) -> Vec<Row> {
    let settings = &world.settings;
    let mut forms = std::sync::Arc::default();
    for engine in settings.engines() {
        eprintln!("dispatch: queueing {} texts on {}", settings.texts, engine.name());
        forms = dispatch::prepare(world, engine).await;
    }
    let mut rows = Vec::new();
    for &in_flight in &settings.in_flight {
        let title = |engine: Engine| format!("dispatch, {}, {in_flight} in flight", engine.name());
        let mut measured: Vec<Row> =
            settings.engines().map(|engine| Row::new(title(engine), "texts", "a bare loop")).collect();
        for round in 1..=settings.rounds {
            let bare = dispatch::bare(world, &forms, in_flight).await;
            for (engine, row) in settings.engines().zip(&mut measured) {
                let ours = dispatch::ours(world, engine, in_flight).await;
                eprintln!("{}, round {round}: {ours}; bare: {bare}", row.what);
                row.add(ours, bare);
            }
        }
        rows.extend(measured);
    }
    rows
}

async fn plannings(world: &World) -> Vec<Row> {
    let settings = &world.settings;
    for engine in settings.engines() {
        eprintln!("planning: enrolling {} made-up mothers on {}", settings.mothers, engine.name());
        planning::prepare(world, engine, planning::DUE, settings.mothers).await;
    }
    let title = |engine: Engine| format!("planning, {}, batches of {}", engine.name(), settings.batch);
    let mut measured: Vec<Row> =
        settings.engines().map(|engine| Row::new(title(engine), "rows", "set statements")).collect();
    for round in 1..=settings.rounds {
        for (engine, row) in settings.engines().zip(&mut measured) {
            let ideal = planning::ideal(world, engine).await;
            let ours = planning::ours(world, engine).await;
            eprintln!("{}, round {round}: {ours}; set statements: {ideal}", row.what);
            row.add(ours, ideal);
        }
    }
    measured
}

async fn inbounds(world: &World) -> Vec<Row> {
    let settings = &world.settings;
    let in_flight = settings.in_flight[0];
    for engine in settings.engines() {
        eprintln!("inbound: queueing {} tips on {}", settings.queued, engine.name());
        inbound::prepare(world, engine).await;
    }
    let title = |engine: Engine| format!("inbound, {}, {} connections", engine.name(), settings.connections);
    let mut measured: Vec<Row> =
        settings.engines().map(|engine| Row::new(title(engine), "texts", "a bare listener")).collect();
    for round in 1..=settings.rounds {
        let bare = inbound::bare(world).await;
        for (engine, row) in settings.engines().zip(&mut measured) {
            let ours = inbound::ours(world, engine, in_flight).await;
            println!("{}, round {round}: {}", row.what, ours.waits);
            eprintln!("{}, round {round}: {}; bare: {bare}", row.what, ours.flood);
            row.add(ours.flood, bare);
        }
    }
    measured
}

async fn reported(world: &World) -> Vec<Row> {
    let settings = &world.settings;
    let title = |engine: Engine| format!("reports, {}, {} connections", engine.name(), settings.connections);
    let mut calls = Vec::new();
    for engine in settings.engines() {
        eprintln!("reports: sending {} texts on {}", settings.texts, engine.name());
        calls.push(reports::prepare(world, engine).await);
    }
    let mut measured: Vec<Row> =
        settings.engines().map(|engine| Row::new(title(engine), "reports", "a bare listener")).collect();
    for round in 1..=settings.rounds {
        for ((engine, row), calls) in settings.engines().zip(&mut measured).zip(&calls) {
            let bare = reports::bare(world, calls).await;
            let ours = reports::ours(world, engine, calls).await;
            eprintln!("{}, round {round}: {ours}; bare: {bare}", row.what);
            row.add(ours, bare);
        }
    }
    measured
}

fn size(name: &str, default: u64) -> u64 {
    let given = std::env::var(name).ok();
    given.map_or(default, |text| text.parse().unwrap_or_else(|_| panic!("{name} is not a number: {text}")))
}

fn sizes(name: &str, default: usize) -> Vec<usize> {
    let given = std::env::var(name).unwrap_or_else(|_| default.to_string());
    let number =
        |text: &str| text.trim().parse().unwrap_or_else(|_| panic!("{name} is not a list of numbers"));
    given.split(',').map(number).collect()
}
