//! Several dispatchers on one PostgreSQL, each a process of its own, beside one alone: the same queue, and each with
//! as many in flight. The clock starts when they are at work: processes live for weeks, and their beginning (connections,
//! first statements) is no part of their pace. Meanwhile the queue's dead rows and the oldest transaction are watched.
//!
//! A round drains six queues: by one, two, four, four, two and one of them, so that a machine that grows slower or faster
//! meanwhile does so to all alike; the next round begins with two, the one after it with four, so that nobody has the
//! middle always. What one alone comes to the first and the second time, beside itself, tells how much of any ratio here
//! is chance.

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use motherline::store::Database;

use crate::dispatch::{ACCEPTED, Running, client};
use crate::figures::{Sample, Watch};
use crate::queue;
use crate::table::{Goal, Row, Table};
use crate::world::{Engine, Stock, World, count, open};

/// What makes this program a dispatcher; after it stand the database, the simulator, and how many in flight.
pub const ARGUMENT: &str = "dispatcher";
const COPY: &str = "shared";
/// Texts that go before the clock starts.
const BEGINNING: u64 = 20_000;
/// So many beside each other.
const PROCESSES: [usize; 3] = [1, 2, 4];
const LOOK: Duration = Duration::from_millis(5);
/// How often the server is asked how it fares.
const WATCH: Duration = Duration::from_millis(100);
/// As if they had been queued to be sent now: of texts that are late, dispatchers make no difference among themselves.
const ON_TIME: [&str; 3] =
    ["UPDATE outbox SET next_try_at = now()", "VACUUM FULL ANALYZE outbox", "CHECKPOINT"];
const DEAD: &str = "SELECT n_dead_tup FROM pg_stat_user_tables WHERE relname = 'outbox'";
const OLDEST: &str = "
    SELECT COALESCE(MAX(EXTRACT(EPOCH FROM clock_timestamp() - xact_start)), 0)::float8 FROM pg_stat_activity
     WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()";

/// All of [`PROCESSES`].
pub async fn measure(world: &World, table: &mut Table) {
    let settings = &world.settings;
    if !settings.engines().any(|engine| engine == Engine::Postgres) {
        return;
    }
    let in_flight = settings.in_flight[0];
    let mut rows = [2, 4].map(|processes| {
        let what = format!("dispatch, PostgreSQL, {processes} processes, {in_flight} in flight each");
        Row::new(what, "texts/s", "one process", Goal::NotLess { chance: 0.0 })
    });
    let what = format!("dispatch, PostgreSQL, one process again, {in_flight} in flight");
    let mut again = Row::new(what, "texts/s", "itself", Goal::Open);
    let mut strains = [Strain::default(); PROCESSES.len()];
    for round in settings.rounds() {
        let mut order = [0, 1, 2];
        order.rotate_left((round - 1) % PROCESSES.len());
        let mut samples: [Vec<Sample>; PROCESSES.len()] = Default::default();
        for at in order.into_iter().chain(order.into_iter().rev()) {
            samples[at].push(drain(world, PROCESSES[at], in_flight, &mut strains[at]).await);
        }
        let [alone, two, four] = samples.map(|twice| (twice[0], twice[1]));
        let both = |(first, second): (Sample, Sample)| first.and(second);
        rows[0].add(both(two), both(alone));
        rows[1].add(both(four), both(alone));
        again.add(alone.1, alone.0);
    }
    let chance = 2.0 * standard_error(again.apart(), settings.rounds);
    table.add(rows.map(|row| row.with(Goal::NotLess { chance })));
    table.add([again]);
    for (processes, strain) in PROCESSES.into_iter().zip(strains) {
        table.note(format!(
            "{processes} processes over {} texts: dead rows of the queue at most {}, oldest transaction at most \
             {:.0} ms; nothing was taken twice.",
            settings.shared,
            strain.dead_rows,
            strain.oldest * 1e3
        ));
    }
}

/// Of a ratio in the table, from how far two single drains are apart in the middle of the rounds.
fn standard_error(apart: f64, rounds: usize) -> f64 {
    // Half of all differences are smaller than two thirds of their standard deviation.
    let of_a_pair = apart / 0.6745;
    // Each ratio is of two sums of two, which are apart by less than two single ones, by the root of two; and a median of
    // rounds is surer than a round, by their root (less a fifth, for a median).
    1.25 * of_a_pair / (2.0 * rounds as f64).sqrt()
}

/// The worst that was seen.
#[derive(Clone, Copy, Default)]
struct Strain {
    dead_rows: i64,
    /// In seconds.
    oldest: f64,
}

async fn drain(world: &World, processes: usize, in_flight: usize, strain: &mut Strain) -> Sample {
    let engine = Engine::Postgres;
    let texts = BEGINNING + world.settings.shared;
    world.copy(engine, &queue::of(world, engine, texts).await, COPY);
    on_time(world).await;
    world.simulator.clear().await;
    let address = world.address(engine, COPY);
    let mut helpers: Vec<Helper> =
        (0..processes).map(|_| Helper::start(&address, &world.simulator.url, in_flight)).collect();
    let database = world.open(engine, COPY).await;
    helpers.iter_mut().for_each(Helper::begin);
    let limit = Instant::now() + world.settings.limit;
    while world.simulator.account().await.taken < BEGINNING && Instant::now() < limit {
        tokio::time::sleep(LOOK).await;
    }
    let watch = Watch::over(helpers.iter().map(|helper| helper.process.id()).collect(), world.server(engine));
    let before = count(&database, ACCEPTED).await;
    let (mut recorded, mut looked) = (before, watch.elapsed());
    while recorded < texts && watch.elapsed() < world.settings.limit {
        tokio::time::sleep(LOOK).await;
        if watch.elapsed() - looked >= WATCH {
            looked = watch.elapsed();
            strain.see(&database).await;
        }
        // Counting rows would cost the server as much as moving them.
        if world.simulator.account().await.taken >= texts {
            recorded = count(&database, ACCEPTED).await;
        }
    }
    let sample = watch.stop(recorded.max(count(&database, ACCEPTED).await) - before, texts - before);
    strain.see(&database).await;
    drop(helpers);
    world.simulator.agrees(count(&database, ACCEPTED).await).await;
    database.close().await;
    world.remove(engine, COPY);
    sample
}

async fn on_time(world: &World) {
    let database = world.open(Engine::Postgres, COPY).await;
    let Database::Postgres(pool) = &database else { return };
    for statement in ON_TIME {
        sqlx::raw_sql(statement).execute(pool).await.expect("they are due now");
    }
    database.close().await;
}

impl Strain {
    async fn see(&mut self, database: &Database) {
        let Database::Postgres(pool) = database else { return };
        let dead: i64 = sqlx::query_scalar(DEAD).fetch_one(pool).await.expect("dead rows");
        let oldest: f64 = sqlx::query_scalar(OLDEST).fetch_one(pool).await.expect("an age");
        *self = Self { dead_rows: self.dead_rows.max(dead), oldest: self.oldest.max(oldest) };
    }
}

/// A dispatcher in a process of its own; it drains and ends when dropped.
struct Helper {
    process: Child,
}

impl Helper {
    /// Starts one, and waits until it is ready.
    fn start(database: &str, simulator: &str, in_flight: usize) -> Self {
        let program = std::env::current_exe().expect("this program's path");
        let mut process = Command::new(program)
            .args([ARGUMENT, database, simulator, &in_flight.to_string()])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("a dispatcher starts");
        let said = process.stdout.take().expect("its output");
        BufReader::new(said).read_line(&mut String::new()).expect("it is ready");
        Self { process }
    }

    fn begin(&mut self) {
        let input = self.process.stdin.as_mut().expect("its input");
        input.write_all(b"go\n").expect("it is told");
    }
}

impl Drop for Helper {
    fn drop(&mut self) {
        drop(self.process.stdin.take());
        // Ended by closing its input; nothing more can be done if even this fails.
        let _ = self.process.wait();
    }
}

/// Such a process's own life.
pub fn run(arguments: &[String]) {
    let [database, simulator, in_flight] = arguments else { panic!("a database, a simulator, a number") };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let (stock, database) = (Stock::new().await, open(database).await);
        let (http, in_flight) = (client(), in_flight.parse().expect("a number"));
        println!("ready");
        wait_for_line().await;
        let running = Running::start(&stock, &database, simulator, http, in_flight);
        wait_for_end().await;
        running.end().await;
        database.close().await;
    });
}

async fn wait_for_line() {
    let read = || std::io::stdin().read_line(&mut String::new()).map(|_| ());
    tokio::task::spawn_blocking(read).await.expect("a reader").expect("a line");
}

async fn wait_for_end() {
    let read = || std::io::stdin().read_to_end(&mut Vec::new()).map(|_| ());
    tokio::task::spawn_blocking(read).await.expect("a reader").expect("the end");
}
