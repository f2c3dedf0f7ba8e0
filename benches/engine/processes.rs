//! Several dispatchers on one PostgreSQL, each a process of its own, beside one alone: the same queue, and each with
//! as many in flight. Meanwhile the queue's dead rows and the oldest transaction are watched.

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use motherline::store::Database;

use crate::dispatch::{ACCEPTED, Running, client};
use crate::figures::{Sample, Watch};
use crate::queue;
use crate::table::{Goal, Row, Table};
use crate::world::{Engine, Stock, World, count, open};

/// What makes this program a dispatcher; after it stand the database, the simulator, and how many in flight.
pub const ARGUMENT: &str = "dispatcher";
const COPY: &str = "shared";
const LOOK: Duration = Duration::from_millis(5);
/// How often the server is asked how it fares.
const WATCH: Duration = Duration::from_millis(100);
const DEAD: &str = "SELECT n_dead_tup FROM pg_stat_user_tables WHERE relname = 'outbox'";
const OLDEST: &str = "
    SELECT COALESCE(MAX(EXTRACT(EPOCH FROM clock_timestamp() - xact_start)), 0)::float8 FROM pg_stat_activity
     WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()";

/// One, two and four.
pub async fn measure(world: &World, table: &mut Table) {
    let settings = &world.settings;
    if !settings.engines().any(|engine| engine == Engine::Postgres) {
        return;
    }
    let in_flight = settings.in_flight[0];
    let several = [2, 4];
    let mut rows = several.map(|processes| {
        let what = format!("dispatch, PostgreSQL, {processes} processes, {in_flight} in flight each");
        Row::new(what, "texts/s", "one process", Goal::AtLeast(1.0))
    });
    let mut strains = [Strain::default(); 3];
    for _ in settings.rounds() {
        let alone = drain(world, 1, in_flight, &mut strains[0]).await;
        for ((processes, row), strain) in several.into_iter().zip(&mut rows).zip(&mut strains[1..]) {
            row.add(drain(world, processes, in_flight, strain).await, alone);
        }
    }
    table.add(rows);
    for (processes, strain) in [1].into_iter().chain(several).zip(strains) {
        table.note(format!(
            "{processes} processes over {} texts: dead rows of the queue at most {}, oldest transaction at most \
             {:.0} ms; nothing was taken twice.",
            settings.shared,
            strain.dead_rows,
            strain.oldest * 1e3
        ));
    }
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
    let texts = world.settings.shared;
    world.copy(engine, &queue::of(world, engine, texts).await, COPY);
    world.simulator.clear().await;
    let address = world.address(engine, COPY);
    let mut helpers: Vec<Helper> =
        (0..processes).map(|_| Helper::start(&address, &world.simulator.url, in_flight)).collect();
    let database = world.open(engine, COPY).await;
    let watch = Watch::over(helpers.iter().map(|helper| helper.process.id()).collect(), world.server(engine));
    helpers.iter_mut().for_each(Helper::begin);
    let (mut recorded, mut looked) = (0, watch.elapsed());
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
    let sample = watch.stop(recorded.max(count(&database, ACCEPTED).await), texts);
    strain.see(&database).await;
    drop(helpers);
    world.simulator.agrees(count(&database, ACCEPTED).await).await;
    database.close().await;
    world.remove(engine, COPY);
    sample
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
