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
mod tongue;

use std::time::{Duration, Instant};

use motherline::domain::role::Role;
use motherline::flows::{Service, erasing};
use motherline::store::{Database, erasures};
use tempfile::TempDir;
use uuid::Uuid;

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
    crowd::count(&service).await;
    let mut browser = Browser::signed_in(&service, Role::ALL).await;
    let recall = [("id", &*a_tip(&service)), ("why", "the dose is wrong")];
    let page = browser.post("/console/review/recalls", &recall).await;
    assert_eq!(303, page.status, "{}", page.text());
    println!("{:<34} {:>9} {:>9} {:>8}", "page", "median ms", "p95 ms", "KB");
    for (name, path) in pages(&service).await {
        ask(&mut browser, name, &path).await;
    }
    find(&service, &mut browser).await;
    work(&service, &mut browser).await;
    database.close().await;
}

/// What is no page that is looked at, but work that a page asks for.
async fn work(service: &Service, browser: &mut Browser) {
    let began = Instant::now();
    browser.get(&format!("/console/review/recalls/{}/count", a_tip(service))).await.ok();
    println!("who got a recalled tip: counted in {:.1} s", began.elapsed().as_secs_f64());
    let mother = a_mother(service).await;
    let began = Instant::now();
    let file = browser
        .post(&format!("/console/mothers/{mother}/export"), &[("as", "json"), ("why", "she asked for it")])
        .await
        .ok();
    println!(
        "all that is held of a mother: {} KB in {:.2} s",
        file.body.len() / 1024,
        began.elapsed().as_secs_f64()
    );
    let began = Instant::now();
    let mut tx = service.database.begin().await.expect("a transaction");
    erasures::erase(&mut tx, mother, "+12025550100", service.now()).await.expect("erased");
    tx.commit().await.expect("erased");
    println!("a mother erased in {:.2} s; ", began.elapsed().as_secs_f64());
    let began = Instant::now();
    let mut walks = 0;
    while !erasures::texts(&mut service.database.read().await.expect("a look"), service.now())
        .await
        .expect("texts")
        .is_empty()
    {
        erasing::erase(service, 1).await.expect("looked for");
        walks += 1;
    }
    let took = began.elapsed().as_secs_f64();
    println!("what was reported of her looked for, behind her, in {took:.1} s in {walks} beats");
}

/// The mother of the last text.
async fn a_mother(service: &Service) -> Uuid {
    let last = "SELECT subscriber_id AS id FROM history ORDER BY id DESC LIMIT 1";
    crowd::one(&service.database, last).await
}

/// The pages, as somebody opens them in the course of a day.
async fn pages(service: &Service) -> Vec<(&'static str, String)> {
    let mother = a_mother(service).await;
    let text = crowd::one(&service.database, "SELECT id FROM history ORDER BY id DESC LIMIT 1").await;
    let asked =
        crowd::one(&service.database, "SELECT id FROM help_items WHERE state = 'open' ORDER BY id LIMIT 1")
            .await;
    let broadcast = crowd::one(&service.database, "SELECT id FROM broadcasts ORDER BY id LIMIT 1").await;
    let tip = a_tip(service);
    vec![
        ("overview", "/console/overview".to_owned()),
        ("overview, live part", "/console/overview/live".to_owned()),
        ("overview, thirty days", "/console/overview?range=30d".to_owned()),
        ("delivery", "/console/delivery".to_owned()),
        ("delivery, thirty days", "/console/delivery?range=30d".to_owned()),
        ("delivery, failed in thirty days", "/console/delivery?range=30d&state=failed".to_owned()),
        ("delivery, a rare code", "/console/delivery?range=30d&code=30007".to_owned()),
        ("delivery, a prefix", "/console/delivery?range=30d&state=unarrived&prefix=%2B1202".to_owned()),
        ("delivery, one text", format!("/console/delivery/{text}")),
        ("a mother", format!("/console/mothers/{mother}")),
        ("why", format!("/console/mothers/{mother}/why")),
        ("inbox", "/console/inbox".to_owned()),
        ("inbox, one item", format!("/console/inbox/{asked}")),
        ("broadcasts", "/console/broadcasts".to_owned()),
        ("a broadcast", format!("/console/broadcasts/{broadcast}")),
        ("enroll", "/console/enroll".to_owned()),
        ("partners and places", "/console/partners".to_owned()),
        ("library", "/console/library".to_owned()),
        ("a tip", format!("/console/library/tips/{tip}")),
        ("a tip, its history", format!("/console/library/tips/{tip}/history")),
        ("preview", "/console/library/preview".to_owned()),
        ("review", "/console/review".to_owned()),
        ("editions", "/console/review/editions".to_owned()),
        ("recalls", "/console/review/recalls".to_owned()),
        ("a recall", format!("/console/review/recalls/{tip}")),
        ("questions", "/console/questions".to_owned()),
        ("a question", "/console/questions/text4baby-us/us-danger-1".to_owned()),
        ("people", "/console/accounts".to_owned()),
        ("audit", "/console/audit?who=all".to_owned()),
        ("account", "/console/me".to_owned()),
    ]
}

/// One of the library's tips.
fn a_tip(service: &Service) -> String {
    let edition = service.shelf.edition();
    let tips = crowd::tips(&edition.library);
    tips.iter().find(|tip| tip.starts_with("us")).or(tips.first()).expect("a tip").to_string()
}

/// Somebody is looked for by her number.
async fn find(service: &Service, browser: &mut Browser) {
    let mut took = Vec::with_capacity(TIMES);
    for number in crowd::numbers(&service.database, TIMES).await {
        let began = Instant::now();
        let page = browser.post("/console/mothers", &[("number", &number)]).await;
        took.push(began.elapsed());
        assert_eq!(303, page.status, "{number}: {}", page.text());
    }
    tell("a mother found by her number", took, 0);
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
    tell(name, took, weight);
}

fn tell(name: &str, mut took: Vec<Duration>, weight: usize) {
    took.sort();
    let (median, p95) = (took[TIMES / 2], took[TIMES * 95 / 100]);
    let millis = |time: Duration| time.as_secs_f64() * 1_000.0;
    let slow = if median > LONGEST { "  slower than 100 ms" } else { "" };
    let heavy = if weight > HEAVIEST { "  heavier than 150 KB" } else { "" };
    println!("{name:<34} {:>9.1} {:>9.1} {:>8}{slow}{heavy}", millis(median), millis(p95), weight / 1024);
}
