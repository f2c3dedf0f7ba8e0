//! The engine's speeds on both databases, each beside what bounds it, in the same run: `cargo bench --bench engine`.
//!
//! - [`dispatch`]: texts sent through the gateway simulator and recorded as accepted, beside a [`bare`] loop of
//!   reqwest that posts the same forms as many at a time and records nothing.
//! - [`distant`](dispatch::measure_distant): the same to a gateway that answers late, beside the most that can be had.
//! - [`processes`]: several dispatchers on one PostgreSQL, beside one alone.
//! - [`memory`]: what the real program holds with a long queue, beside a short one.
//! - [`planning`]: enrollments planned, beside the set-based statements that write the same rows.
//! - [`enrolled`]: those who are due among many who are not, beside the same without the others.
//! - [`inbound`]: women's texts written and thanked for, and how long until the gateway has the answer, while a
//!   morning's tips go out by the same sender; beside a listener that only thanks.
//! - [`reports`]: delivery reports merged, beside the same listener and beside the texts as they go out.
//!
//! Rounds are interleaved, and a ratio is of one round: absolute figures drift with the machine, ratios less.
//! `cargo bench --bench engine -- planning` measures that alone. Sizes come from the environment:
//!
//! | variable | default | what |
//! |---|---|---|
//! | `BENCH_TEXTS` | 50000 | texts queued for a dispatch; reports; the short queue of `memory` |
//! | `BENCH_MANY` | 500000 | texts queued for the long dispatch |
//! | `BENCH_IN_FLIGHT` | 64,256 | texts in flight; the first alone where only one is measured |
//! | `BENCH_LATENCY` | 50 | milliseconds, for `distant` |
//! | `BENCH_WINDOW` | 8 | seconds over which its steady rate is counted |
//! | `BENCH_SHARED` | 300000 | texts queued for `processes` |
//! | `BENCH_FULL` | 5000000 | the long queue of `memory` |
//! | `BENCH_DRAIN` | 6 | seconds for which it is drained |
//! | `BENCH_MOTHERS` | 200000 | enrollments due for a planning |
//! | `BENCH_BATCHES` | 4096 | enrollments planned in a transaction |
//! | `BENCH_DUE`, `BENCH_ENROLLED` | 10000, 1000000 | so many due of so many, for `enrolled` |
//! | `BENCH_QUEUED` | 1000000 | tips in the way of inbound |
//! | `BENCH_RATE` | 100 | texts a second that women write steadily |
//! | `BENCH_SECONDS` | 10 | for so long |
//! | `BENCH_CALLS` | 20000 | texts that come at once after that |
//! | `BENCH_CONNECTIONS` | 256 | over so many connections, reports too |
//! | `BENCH_ROUNDS` | 5 | rounds |
//! | `BENCH_ENGINE` | both | `sqlite` or `postgresql`: only that one |
//! | `BENCH_POSTGRES` | none | settings of its server, `shared_buffers=1GB jit=off`; Debian's otherwise |
//! | `BENCH_LIMIT` | 60 | seconds after which a dispatch is cut and told as far as it came |
//!
//! Databases lie in the temporary folder (`TMPDIR`): on a disk, not in memory, or commits cost nothing. The long
//! queue takes some gigabytes there, for as long as it is measured.

mod bare;
mod caller;
// The tests' server, with commits that wait for the disk, as they do in service.
#[path = "../../tests/it/support/cluster.rs"]
mod cluster;
mod dispatch;
mod enrolled;
mod figures;
mod house;
mod inbound;
mod memory;
mod planning;
mod processes;
mod queue;
mod reports;
mod settings;
mod simulator;
mod table;
mod world;

use settings::Settings;
use table::Table;
use world::World;

const PARTS: [&str; 8] =
    ["dispatch", "distant", "processes", "memory", "planning", "enrolled", "inbound", "reports"];

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).next() {
        Some(simulator::ARGUMENT) => return simulator::run(&arguments[1]),
        Some(processes::ARGUMENT) => return processes::run(&arguments[1..]),
        _ => {}
    }
    if !arguments.iter().any(|argument| argument == "--bench") {
        eprintln!("This measures and takes minutes: run it by `cargo bench --bench engine`.");
        return;
    }
    let named: Vec<&String> = arguments.iter().filter(|argument| !argument.starts_with('-')).collect();
    let wanted = |part: &&str| named.is_empty() || named.iter().any(|name| part.contains(name.as_str()));
    let parts: Vec<&str> = PARTS.into_iter().filter(wanted).collect();
    if parts.is_empty() {
        return;
    }
    motherline::telemetry::start_logging();
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .expect("a runtime like the service's");
    runtime.block_on(async {
        let world = World::new(Settings::read()).await;
        let mut table = Table::default();
        for part in parts {
            let began = std::time::Instant::now();
            measure(part, &world, &mut table).await;
            eprintln!("{part}: {} seconds", began.elapsed().as_secs());
        }
        table.print(load.split(' ').next().unwrap_or_default());
    });
}

async fn measure(part: &str, world: &World, table: &mut Table) {
    match part {
        "dispatch" => dispatch::measure(world, table).await,
        "distant" => dispatch::measure_distant(world, table).await,
        "processes" => processes::measure(world, table).await,
        "memory" => memory::measure(world, table).await,
        "planning" => planning::measure(world, table).await,
        "enrolled" => enrolled::measure(world, table).await,
        "inbound" => inbound::measure(world, table).await,
        "reports" => reports::measure(world, table).await,
        unknown => unreachable!("{unknown}"),
    }
}
