//! No page walks through a large table: every statement that the pages ask is caught as it is asked, and its
//! plan read. It needs a process of its own, since only one can listen to what is asked.

use std::collections::BTreeSet;
use std::process::Command;
use std::sync::Mutex;

use chrono::TimeDelta;
use motherline::domain::role::{Grant, Role};
use motherline::flows::broadcasting;
use motherline::ids::Ids;
use motherline::store::Database;
use motherline::worker::rehearsal::World;
use sqlx::{AssertSqlSafe, Row};
use tracing::field::{Field, Visit};
use tracing_subscriber::Layer;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::{Context, SubscriberExt};
use uuid::Uuid;

use super::texts::{Ended, counted, world, write};
use crate::support::console::Browser;
use crate::support::engines::on_both;

/// Tables that grow with the service.
const LARGE: [&str; 16] = [
    "history",
    "enrollments",
    "subscribers",
    "planned",
    "reports",
    "inbox",
    "attempts",
    "outbox",
    "agenda",
    "broadcast_texts",
    "help_items",
    "help_texts",
    "answers",
    "audit",
    "consents",
    "import_rows",
];

static ASKED: Mutex<BTreeSet<String>> = Mutex::new(BTreeSet::new());

#[test]
fn no_page_walks_through_a_large_table() {
    let mut alone = Command::new(std::env::current_exe().expect("this program"));
    alone.args(["--exact", "console::plans::in_a_process_of_its_own", "--ignored", "--nocapture"]);
    let told = alone.output().expect("it ran");
    let said = format!("{}{}", String::from_utf8_lossy(&told.stdout), String::from_utf8_lossy(&told.stderr));
    assert!(told.status.success() && said.contains("1 passed"), "{said}");
}

#[tokio::test]
#[ignore = "run by the test above, in a process of its own"]
async fn in_a_process_of_its_own() {
    let only = Targets::new().with_target("sqlx::query", tracing::Level::DEBUG);
    let log = tracing_subscriber::registry().with(Listening.with_filter(only));
    tracing::subscriber::set_global_default(log).expect("nobody else listens");
    on_both(async |database| {
        let mut world = world(&database).await;
        for text in ["BABY", "3/12/2027", "YES", "10001"] {
            world.text(super::texts::AMY, text).await.expect("a text");
        }
        world.text(super::texts::AMY, "I am bleeding a lot").await.expect("a text");
        let now = world.now();
        let hours = |hours| now - TimeDelta::hours(hours);
        let mut texts: Vec<Ended> = (0..400).map(|n| Ended::delivered(hours(n))).collect();
        texts.extend((0..60).map(|n| Ended::failed(hours(n * 3), "30003")));
        write(&database, &Ids::seeded(1), &texts).await;
        counted(&world).await;
        let mut browser = Browser::signed_in(world.service(), Role::ALL).await;
        asked();
        for range in ["today", "7d", "30d", "own&from=2025-06-01"] {
            browser.get(&format!("/console/overview?range={range}")).await.ok();
            for filter in [
                "",
                "&state=failed",
                "&code=30003",
                "&state=delivered&prefix=%2B1202",
                "&gateway=rehearsal&program=text4baby-us",
                "&state=open",
                "&state=unarrived&prefix=%2B1",
                "&sender=rehearsal&state=accepted",
            ] {
                browser.get(&format!("/console/delivery?range={range}{filter}")).await.ok();
            }
        }
        let list = browser.get("/console/delivery?range=30d&state=failed").await.ok();
        browser.get(&list.link("/console/delivery/0")).await.ok();
        browser.get("/console/delivery/texts.csv?range=30d&code=30003").await.ok();
        elsewhere(&world, &mut browser).await;
        let asked = asked();
        assert!(asked.len() > 30, "what was asked was heard: {}", asked.len());
        let mut faults = Vec::new();
        for sql in asked.iter().filter(|sql| LARGE.iter().any(|table| sql.contains(table))) {
            let plan = plan(&database, sql).await;
            if let Some(fault) = fault(&database, &plan, sql) {
                faults.push(format!("{fault}\n  {sql}\n{}", plan.join("\n")));
            }
        }
        assert!(faults.is_empty(), "{} of {}:\n{}", faults.len(), asked.len(), faults.join("\n\n"));
    })
    .await;
}

/// The other pages, as somebody opens them in the course of a day.
async fn elsewhere(world: &World, browser: &mut Browser) {
    let found = browser.post("/console/mothers", &[("number", "202 555 0141")]).await.leads_to();
    for page in [
        &*found,
        &format!("{found}/why"),
        &format!("{found}/do/date"),
        "/console/inbox",
        "/console/inbox?show=answered",
        "/console/inbox/replies",
        "/console/broadcasts",
        "/console/broadcasts/new",
        "/console/enroll",
        "/console/enroll/imports",
        "/console/partners",
        "/console/library",
        "/console/library/list?program=text4baby-us",
        "/console/library/tips/us-preg-22-2-iron",
        "/console/library/tips/us-preg-22-2-iron/history",
        "/console/library/preview",
        "/console/review",
        "/console/review/publish",
        "/console/review/editions",
        "/console/review/recalls",
        "/console/questions",
        "/console/questions/text4baby-us/us-danger-1",
        "/console/accounts",
        "/console/audit",
        "/console/audit?who=all",
        "/console/me",
    ] {
        browser.get(page).await.ok();
    }
    let mother = found.rsplit('/').next().expect("an id");
    browser.get(&format!("/console/audit?who=all&mother={mother}")).await.ok();
    // Who administers one program is asked to whom each deed belongs.
    let own = Grant { role: Role::Administrator, program: Some("text4baby-us".to_owned()) };
    let mut lena = Browser::granted(world.service(), "Lena", vec![own]).await;
    for page in ["", "?who=all", &format!("?who=all&mother={mother}")] {
        lena.get(&format!("/console/audit{page}")).await.ok();
    }
    let export = [("as", "json"), ("why", "she asked for it")];
    browser.post(&format!("{found}/export"), &export).await.ok();
    let inbox = browser.get("/console/inbox").await.ok();
    browser.get(&inbox.link("/console/inbox/0")).await.ok();
    let broadcast =
        [("why", "a flood"), ("program", "text4baby-us"), ("area", "NY"), ("words-en", "Boil your water.")];
    let broadcast = browser.post("/console/broadcasts/new", &broadcast).await.leads_to();
    broadcasting::carry_on(world.service(), Uuid::nil()).await.expect("counted");
    browser.get(&broadcast).await.ok();
    browser
        .post("/console/review/recalls", &[("id", "us-preg-08-2-fish"), ("why", "wrong")])
        .await
        .leads_to();
    browser.get("/console/review/recalls/us-preg-08-2-fish").await.ok();
    browser.get("/console/review/recalls/us-preg-08-2-fish/count").await.ok();
    let words = [("text-en", "It is 211."), ("text-es", "Es el 211."), ("needs", "neutral")];
    let told = browser.post("/console/review/recalls/us-preg-08-2-fish/correct", &words).await.leads_to();
    broadcasting::carry_on(world.service(), Uuid::nil()).await.expect("counted");
    browser.get(&told).await.ok();
    browser.get("/console/broadcasts?show=planned").await.ok();
}

/// What was asked since this was called last.
fn asked() -> BTreeSet<String> {
    std::mem::take(&mut *ASKED.lock().expect("a list"))
}

async fn plan(database: &Database, sql: &str) -> Vec<String> {
    match database {
        Database::Sqlite { read, .. } => {
            let explain = AssertSqlSafe(format!("EXPLAIN QUERY PLAN {sql}"));
            let rows = sqlx::query(explain).persistent(false).fetch_all(read).await;
            rows.expect("a plan").iter().map(|row| row.get::<String, _>("detail")).collect()
        }
        Database::Postgres(pool) => {
            let values = (1..2_000).take_while(|number| sql.contains(&format!("${number}"))).count();
            let nulls = vec!["NULL"; values].join(", ");
            let call = if values == 0 { "asked".to_owned() } else { format!("asked({nulls})") };
            let mut connection = pool.acquire().await.expect("a connection");
            let prepare =
                format!("SET plan_cache_mode = force_generic_plan; DEALLOCATE ALL; PREPARE asked AS {sql}");
            sqlx::raw_sql(AssertSqlSafe(prepare)).execute(&mut *connection).await.expect("prepared");
            let explain = AssertSqlSafe(format!("EXPLAIN EXECUTE {call}"));
            let rows = sqlx::raw_sql(explain).fetch_all(&mut *connection).await.expect("a plan");
            let plan = rows.iter().map(|row| row.get::<String, _>(0)).collect();
            // Its own statements are forgotten with it.
            let _ = connection.close().await;
            plan
        }
    }
}

/// The line of a plan that walks through a large table.
fn fault(database: &Database, plan: &[String], sql: &str) -> Option<String> {
    // Known, and told where it stands (`store::exports`): an index for it would slow down every tip.
    if sql.contains("FROM agenda t WHERE") {
        return None;
    }
    let large = |line: &str| {
        LARGE.iter().any(|table| {
            let words: Vec<&str> = line.split([' ', '(']).collect();
            words.contains(table)
        })
    };
    if database.is_embedded() {
        let walks = |line: &&String| line.starts_with("SCAN") && large(line) && !stops(line);
        return plan.iter().find(walks).cloned();
    }
    for (place, line) in plan.iter().enumerate() {
        let depth = |line: &str| line.len() - line.trim_start().len();
        let below = plan[place + 1..].iter().take_while(|next| depth(next) > depth(line));
        let bounded = below.clone().any(|next| next.contains("Index Cond"));
        // What waits may be a morning's millions: a walk along them passes none for one that fits, unless it has been
        // looked up before where it is to end.
        let own = below.clone().take_while(|next| !next.contains("->"));
        let filters = own.clone().any(|next| next.trim_start().starts_with("Filter:"));
        let hers = own.clone().any(|next| next.contains("id = "));
        if line.contains(" on outbox") && filters && !hers && !sql.contains("AS first_began_at") {
            return Some(line.clone());
        }
        if line.contains("Seq Scan") && large(line) {
            return Some(line.clone());
        }
        if line.contains("Index") && line.contains("Scan") && large(line) && !bounded && !stops(line) {
            return Some(line.clone());
        }
    }
    None
}

/// What is on the wire or in doubt, which is never much, and what is open for a person, which is as many as people can
/// answer.
fn stops(line: &str) -> bool {
    ["outbox_doubtful", "outbox_sending", "help_items_open"].iter().any(|index| line.contains(index))
}

/// Hears what is asked.
struct Listening;

#[derive(Default)]
struct Said {
    summary: String,
    statement: String,
}

impl Visit for Said {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        self.keep(field, format!("{value:?}"));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.keep(field, value.to_owned());
    }
}

impl Said {
    fn keep(&mut self, field: &Field, value: String) {
        match field.name() {
            "summary" => self.summary = value,
            "db.statement" => self.statement = value,
            _ => {}
        }
    }
}

impl<S: tracing::Subscriber> Layer<S> for Listening {
    fn on_event(&self, event: &tracing::Event<'_>, _: Context<'_, S>) {
        let mut said = Said::default();
        event.record(&mut said);
        let sql = if said.statement.trim().is_empty() { said.summary } else { said.statement };
        if sql.trim_start().starts_with("SELECT") {
            ASKED.lock().expect("a list").insert(sql.trim().to_owned());
        }
    }
}
