//! Memory: what the real program holds at most while it drains a queue, a long one beside a short one. All its parts
//! run; its pace is the highest that a configuration can have, so that both are drained equally fast.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::queue::{self, HER};
use crate::simulator::ACCOUNT;
use crate::table::{Goal, Row, Table};
use crate::world::{Engine, SENDER, World};

/// What the issue allows.
const MOST: f64 = 100.0;
const MORE: f64 = 10.0;
/// A program that sends nothing is given up after so long.
const PATIENCE: Duration = Duration::from_secs(30);
const LOOK: Duration = Duration::from_millis(50);

/// Both queues, each once: what a process holds hardly varies.
pub async fn measure(world: &World, table: &mut Table) {
    let (few, many) = (world.settings.texts, world.settings.full);
    for engine in world.settings.engines() {
        let (short, long) = (drained(world, engine, few).await, drained(world, engine, many).await);
        let (beside, what) = (format!("with {few}"), format!("memory, {}, {many} queued", engine.name()));
        let mut flat = Row::new(what.clone(), "MB", beside, Goal::Within(MORE));
        flat.add(long.peak, short.peak);
        let mut small = Row::new(what, "MB", "MB allowed", Goal::AtMost(1.0));
        small.add(long.peak, MOST);
        table.add([flat, small]);
        for (texts, held) in [(few, short), (many, long)] {
            table.note(format!(
                "memory, {}, {texts} queued: {} taken; VmHWM {:.1} MB, all pages counted; at the end {:.1} of its \
                 own, {:.1} of files, {:.1} shared.",
                engine.name(),
                held.taken,
                held.peak,
                held.own,
                held.files,
                held.shared
            ));
        }
    }
}

/// What a process holds, in megabytes.
struct Held {
    peak: f64,
    own: f64,
    files: f64,
    shared: f64,
    taken: u64,
}

impl Held {
    fn by(process: u32, taken: u64) -> Self {
        let status = std::fs::read_to_string(format!("/proc/{process}/status")).expect("its state");
        let number = |name: &str| {
            let line = status.lines().find(|line| line.starts_with(name)).expect("a line of its state");
            let kilobytes = line.split_whitespace().nth(1).and_then(|word| word.parse::<f64>().ok());
            kilobytes.expect("a number") / 1000.0 * 1.024
        };
        Self {
            peak: number("VmHWM:"),
            own: number("RssAnon:"),
            files: number("RssFile:"),
            shared: number("RssShmem:"),
            taken,
        }
    }
}

async fn drained(world: &World, engine: Engine, texts: u64) -> Held {
    let name = queue::of(world, engine, texts).await;
    // The short queue is used again; the long one fills the disk.
    let last = texts == world.settings.full;
    let used = if last { name } else { "drained".to_owned() };
    if !last {
        world.copy(engine, &queue::of(world, engine, texts).await, &used);
    }
    world.simulator.clear().await;
    let folder = TempDir::new().expect("a temporary folder");
    let program = Program::start(&world.address(engine, &used), &world.simulator.url, folder.path());
    let begun = Instant::now();
    while world.simulator.account().await.taken == 0 {
        assert!(begun.elapsed() < PATIENCE, "the program sends nothing");
        tokio::time::sleep(LOOK).await;
    }
    tokio::time::sleep(world.settings.drain).await;
    let account = world.simulator.account().await;
    assert_eq!(0, account.again, "the gateway took texts twice");
    let held = Held::by(program.0.id(), account.taken);
    drop(program);
    world.remove(engine, &used);
    held
}

/// The real program.
struct Program(Child);

impl Program {
    fn start(database: &str, simulator: &str, folder: &Path) -> Self {
        let config = folder.join("motherline.toml");
        std::fs::write(&config, configuration(simulator)).expect("its configuration");
        let process = Command::new(env!("CARGO_BIN_EXE_motherline"))
            .args(["serve", "--listen", "127.0.0.1:0", "--database", database])
            .args(["--library", concat!(env!("CARGO_MANIFEST_DIR"), "/message-library"), "--config"])
            .arg(config)
            .env("BENCH_TOKEN", crate::caller::TOKEN)
            .env("RUST_LOG", "error")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .spawn()
            .expect("motherline starts");
        Self(process)
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // Its database goes with it. Nothing more can be done if even this fails.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn configuration(simulator: &str) -> String {
    format!(
        r#"
[server]
public_url = "{}"

[[gateway]]
name = "{SENDER}"
kind = "twilio"
account_sid = "{ACCOUNT}"
auth_token = {{ env = "BENCH_TOKEN" }}
base_url = "{simulator}"

[[sender]]
name = "{SENDER}"
gateway = "{SENDER}"
address = "+12025550100"
programs = ["text4baby-us", "text4baby-russia"]
trial = true
test_numbers = ["{HER}"]
segments_per_second = 100000
segments_per_day = 1000000000
"#,
        crate::caller::PUBLIC
    )
}
