//! How fast the console's pages answer with a million enrolled and ten million texts sent, on both databases:
//! `cargo bench --bench console`. Each page is asked for by somebody who may see everything, again and again; printed are
//! the median and the slowest of twenty, and the page's weight. The aim is 100 ms at the median, and 150 KB.
//!
//! | variable | default | what |
//! |---|---|---|
//! | `BENCH_ENROLLED` | 1000000 | enrollments |
//! | `BENCH_SENT` | 10000000 | texts in the history, over the last thirty days |
//! | `BENCH_ENGINE` | both | `sqlite` or `postgresql`: only that one |
//!
//! Databases lie in the temporary folder (`TMPDIR`) and take some ten gigabytes each while they are measured.

#[path = "../../tests/it/support/cluster.rs"]
mod cluster;
#[expect(dead_code, reason = "tests use more of it")]
#[path = "../../tests/it/support/console.rs"]
mod console;
mod crowd;

use std::time::{Duration, Instant};

use motherline::domain::role::Role;
use motherline::flows::Service;
use motherline::store::Database;
use tempfile::TempDir;

use self::cluster::Cluster;
use self::console::Browser;

/// Each page is asked for so often, after a few times that do not count.
const TIMES: usize = 40;
const WARM: usize = 5;
/// What a page may take at the median, and what it may weigh.
const LONGEST: Duration = Duration::from_millis(100);
const HEAVIEST: usize = 150 * 1024;

fn main() {
    // `cargo test --benches` asks for the list, and `cargo bench` passes a flag.
    if std::env::args().any(|argument| argument == "--list" || argument == "--test") {
        return;
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let only = std::env::var("BENCH_ENGINE").ok();
        for engine in ["sqlite", "postgresql"] {
            if only.as_ref().is_none_or(|only| only == engine) {
                measure(engine).await;
            }
        }
    });
}

async fn measure(engine: &str) {
    let folder = TempDir::new().expect("a temporary folder");
    let (address, _cluster) = match engine {
        "sqlite" => (format!("sqlite:{}", folder.path().join("console.db").display()), None),
        _ => {
            let cluster =
                Cluster::start(&["shared_buffers=512MB", "max_wal_size=4GB", "checkpoint_timeout=30min"]);
            cluster.ask("CREATE DATABASE console");
            (cluster.address("console"), Some(cluster))
        }
    };
    let database = Database::open(&address, 8).await.expect("a database");
    let began = Instant::now();
    let service = crowd::gather(&database).await;
    println!("{engine}: filled in {} s", began.elapsed().as_secs());
    let mut browser = Browser::signed_in(&service, Role::ALL).await;
    println!("{:<34} {:>9} {:>9} {:>8}", "page", "median ms", "p95 ms", "KB");
    for (name, path) in pages(&service).await {
        ask(&mut browser, name, &path).await;
    }
    database.close().await;
}

/// The pages, as somebody opens them in the course of a day.
async fn pages(service: &Service) -> Vec<(&'static str, String)> {
    let mother =
        crowd::one(&service.database, "SELECT subscriber_id AS id FROM history ORDER BY id DESC LIMIT 1")
            .await;
    let text = crowd::one(&service.database, "SELECT id FROM history ORDER BY id DESC LIMIT 1").await;
    vec![
        ("overview", "/console/overview".to_owned()),
        ("overview, live part", "/console/overview/live".to_owned()),
        ("delivery", "/console/delivery".to_owned()),
        ("delivery, one text", format!("/console/delivery/{text}")),
        ("a mother", format!("/console/mothers/{mother}")),
        ("why", format!("/console/mothers/{mother}/why")),
        ("inbox", "/console/inbox".to_owned()),
        ("broadcasts", "/console/broadcasts".to_owned()),
        ("enroll", "/console/enroll".to_owned()),
        ("partners and places", "/console/partners".to_owned()),
        ("library", "/console/library".to_owned()),
        ("review", "/console/review".to_owned()),
        ("questions", "/console/questions".to_owned()),
        ("people", "/console/accounts".to_owned()),
        ("audit", "/console/audit?who=all".to_owned()),
        ("account", "/console/me".to_owned()),
    ]
}

async fn ask(browser: &mut Browser, name: &str, path: &str) {
    let mut took = Vec::with_capacity(TIMES);
    let mut weight = 0;
    for time in 0..WARM + TIMES {
        let began = Instant::now();
        let page = browser.get(path).await;
        if time >= WARM {
            took.push(began.elapsed());
        }
        if page.status != 200 {
            println!("{name:<34} answered {}", page.status);
            return;
        }
        weight = page.body.len();
    }
    took.sort();
    let (median, p95) = (took[TIMES / 2], took[TIMES * 95 / 100]);
    let millis = |time: Duration| time.as_secs_f64() * 1_000.0;
    let slow = if median > LONGEST { "  slower than 100 ms" } else { "" };
    let heavy = if weight > HEAVIEST { "  heavier than 150 KB" } else { "" };
    println!("{name:<34} {:>9.1} {:>9.1} {:>8}{slow}{heavy}", millis(median), millis(p95), weight / 1024);
}
