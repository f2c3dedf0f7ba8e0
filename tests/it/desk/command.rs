//! The same by the command line, beside a service: recorded as an operator sees it, ids and moments masked.
//!
//! `MOTHERLINE_RECORD=1 cargo test --test it desk::command` writes the transcript anew; read what changed.

use std::fmt::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use chrono::{DateTime, Days, TimeDelta, Utc};
use motherline::clock::Clock;
use motherline::flows::answering::{self, Fate};
use motherline::flows::broadcasting;
use motherline::store::Database;
use motherline::store::surveys::{self, Given};
use motherline::worker::rehearsal::World;
use serde_json::Value;
use tempfile::TempDir;

use super::{AMY, BEA, CAT, writes};
use crate::conversation::{SCRIPT, US};
use crate::support::engines;
use crate::support::service::{Service, Settings, eventually, port};

/// An operator at a terminal.
struct Desk {
    address: String,
    folder: TempDir,
    transcript: String,
    /// What is masked, and by what.
    masks: Vec<(String, String)>,
}

impl Desk {
    fn run(&self, arguments: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_motherline"))
            .env_remove("MOTHERLINE_CONFIG")
            .current_dir(self.folder.path())
            .args(arguments)
            .args(["--database", &self.address])
            .stdin(Stdio::null())
            .output()
            .expect("motherline runs")
    }

    /// Gives a command, and writes down what it says; gives that, unmasked.
    fn gives(&mut self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        let both = [output.stdout.as_slice(), output.stderr.as_slice()].concat();
        let said = String::from_utf8(both).expect("UTF-8");
        let command: Vec<String> = arguments
            .iter()
            .map(|word| if word.contains(' ') { format!("{word:?}") } else { (*word).to_owned() })
            .collect();
        let code = output.status.code().expect("an exit code");
        let code = if code == 0 { String::new() } else { format!("[exit code {code}]\n") };
        let shown = self.masked(&format!("$ motherline {}\n{said}{code}\n", command.join(" ")));
        self.transcript.push_str(&shown);
        said
    }

    fn mask(&mut self, id: &str, name: &str) {
        self.masks.push((id.to_owned(), format!("<{name}>")));
        self.masks.push((id[id.len() - 6..].to_owned(), format!("<{name}>")));
    }

    fn masked(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for (secret, mask) in &self.masks {
            text = text.replace(secret, mask);
        }
        let mut shown = String::new();
        let mut rest = text.as_str();
        while let Some(place) = rest.find(" UTC") {
            let at = place.checked_sub("2026-11-23 14:00".len());
            let moment = at.filter(|at| rest.as_bytes()[*at].is_ascii_digit());
            let _ = match moment {
                Some(at) => write!(shown, "{}<moment>", &rest[..at]),
                None => write!(shown, "{} UTC", &rest[..place]),
            };
            rest = &rest[place + " UTC".len()..];
        }
        shown.push_str(rest);
        // How long she waits is a matter of the machine.
        let mut pieces = shown.split("waits ");
        let first = pieces.next().unwrap_or_default().to_owned();
        pieces.fold(first, |shown, piece| match piece.split_once(" min") {
            Some((time, rest)) if time.len() < 3 => shown + "waits <time>" + rest,
            _ => shown + "waits " + piece,
        })
    }
}

/// A life up to now, on the machine's clock, so that commands and it agree on the time.
async fn life(database: &Database) -> World {
    let start = Clock::System.now() - TimeDelta::minutes(1);
    let mut world =
        World::new(database.clone(), &SCRIPT, vec![US.to_owned()], start, 7).await.expect("a world");
    // The day where they live: that of this machine may be another.
    let today = start.with_timezone(&chrono_tz::America::New_York).date_naive();
    let due = (today + Days::new(140)).format("%B %-d, %Y").to_string();
    for (her, words) in [(AMY, ["BABY", &due, "YES", "10001"]), (CAT, ["BABY", &due, "YES", "10001"])] {
        assert_eq!(4, writes(&mut world, her, &words).await.len());
    }
    let spanish = (today + Days::new(140)).format("%d/%m/%Y").to_string();
    let answers = writes(&mut world, BEA, &["BEBE", &spanish, "SI", "10001"]).await;
    assert!(answers.len() >= 4, "{answers:?}");
    world
}

async fn answered(world: &World) {
    let mut tx = world.service().database.begin().await.expect("a transaction");
    for (outcome, people) in [("had", 2), ("not-yet", 1)] {
        for _ in 0..people {
            let enrollment = world.service().id();
            let at: DateTime<Utc> = world.now();
            let given = Given {
                enrollment,
                question: "flu-shot",
                outcome,
                program: US,
                language: "en",
                edition: 1,
                at,
            };
            surveys::answer(&mut tx, &given).await.expect("noted");
        }
    }
    tx.commit().await.expect("noted");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_day_at_the_desk() {
    let folder = TempDir::new().expect("a folder");
    let address = engines::sqlite(folder.path());
    let database = Database::open(&address, 2).await.expect("a database");
    let mut world = life(&database).await;
    let mut desk = Desk { address, folder, transcript: String::new(), masks: Vec::new() };
    desk.gives(&["inbox"]);
    writes(&mut world, AMY, &["Where can I get a crib for free in my town?"]).await;
    writes(&mut world, BEA, &["estoy sangrando mucho"]).await;
    answered(&world).await;
    for listed in answering::list(&database, Fate::Open, 9).await.expect("a list") {
        let name = if listed.phone.as_deref() == Some(AMY) { "Amy's item" } else { "Bea's item" };
        desk.mask(&listed.item.id.to_string(), name);
    }
    let ends = |desk: &Desk, name: &str| {
        let mask = format!("<{name}>");
        let found = desk.masks.iter().find(|(end, shown)| *shown == mask && end.len() == 6);
        found.expect("an id").0.clone()
    };
    let (amy, bea) = (ends(&desk, "Amy's item"), ends(&desk, "Bea's item"));
    let listed = desk.gives(&["inbox"]);
    assert!(!listed.contains("+1"), "no number without being asked");
    desk.gives(&["inbox", "--numbers"]);
    let seen = |desk: &mut Desk, name: &str| {
        let shown = String::from_utf8(desk.run(&["inbox", "show", &bea]).stdout).expect("UTF-8");
        let seen = shown.trim_end().rsplit("--seen ").next().expect("a moment").to_owned();
        desk.masks.push((seen.clone(), format!("<{name}>")));
        seen
    };
    let read = seen(&mut desk, "when she wrote");
    desk.gives(&["inbox", "show", &bea]);
    desk.gives(&["inbox", "answer", &amy, "--by", "Ana", "--say", "Try the county’s office: call 211."]);
    desk.gives(&[
        "inbox",
        "answer",
        &amy,
        "--by",
        "Ana",
        "--say",
        "Try the county office: call 211.",
        "--yes",
    ]);
    desk.gives(&["inbox", "answer", &amy, "--by", "Bob", "--say", "Try 211.", "--yes"]);
    desk.gives(&["inbox", "close", &bea, "--by", "Ana"]);
    writes(&mut world, BEA, &["¿Dónde puedo conseguir una cuna gratis en mi ciudad?"]).await;
    desk.gives(&["inbox", "close", &bea, "--by", "Ana", "--seen", &read]);
    let read = seen(&mut desk, "when she wrote again");
    desk.gives(&["inbox", "close", &bea, "--by", "Ana", "--seen", &read]);
    desk.gives(&["inbox", "--state", "answered"]);
    desk.gives(&["inbox", "show", "12"]);
    desk.gives(&["answers"]);
    desk.gives(&["partners"]);

    let signed = ["--by", "Ana", "--why", "the water is bad", "--emergency", "--price", "0.0083"];
    let english = ["--say", "en=Boil your water."];
    let spanish = ["--say", "es=Hierva el agua, también la del bebé."];
    let command = |extra: &[&'static str]| [&["broadcast"][..], &signed, extra].concat();
    desk.gives(&command(&english));
    desk.gives(&command(&[&english[..], &spanish].concat()));
    desk.gives(&command(&[&english[..], &spanish, &["--people", "2"]].concat()));
    let sent = desk.run(&command(&[&english[..], &spanish, &["--people", "3"]].concat()));
    assert!(sent.status.success(), "{}", String::from_utf8_lossy(&sent.stderr));
    let (broadcast, _) = broadcasting::list(&database).await.expect("a list").remove(0);
    desk.mask(&broadcast.id.to_string(), "broadcast");
    let id = broadcast.id.simple().to_string();
    desk.gives(&command(&[&english[..], &spanish, &["--people", "3"]].concat()));
    desk.gives(&["broadcast", "list"]);
    desk.gives(&["broadcast", "show", &id[26..]]);
    desk.gives(&["broadcast", "stop", &id[26..], "--by", "Bob"]);
    desk.gives(&["broadcast", "show", &id[26..]]);
    desk.gives(&["broadcast", "--by", "Ana", "--why", "a slip", "--say", "en=Hello {name}"]);
    desk.gives(&["broadcast", "--by", "Ana"]);

    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cmd/desk.txt");
    if std::env::var_os("MOTHERLINE_RECORD").is_some() {
        std::fs::write(&path, &desk.transcript).expect("recorded");
    }
    let expected = std::fs::read_to_string(&path).expect("a recorded transcript");
    assert_eq!(expected, desk.transcript, "the transcript of the desk changed: read it, then record it");

    // In JSON, for other programs.
    let objects = |arguments: &[&str]| {
        let output = desk.run(arguments);
        let words = String::from_utf8(output.stdout).expect("UTF-8");
        words.lines().map(|line| serde_json::from_str(line).expect("an object")).collect::<Vec<Value>>()
    };
    let items = objects(&["inbox", "--json", "--state", "closed"]);
    assert_eq!((1, "bleeding"), (items.len(), items[0]["sign"].as_str().expect("a sign")));
    assert!(items[0]["number"].is_null() && items[0]["words"] == "estoy sangrando mucho");
    assert_eq!(66.7, objects(&["answers", "--json"])[0]["percent"]);
    let shown = objects(&["broadcast", "show", &id, "--json"]);
    assert_eq!(
        (3, 3),
        (
            shown[0]["people"].as_i64().expect("people"),
            shown[0]["texts"]["canceled"].as_i64().expect("texts")
        )
    );
    database.close().await;
}

/// To many it goes only with the name of a second person.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn above_the_limit_a_second_name_is_needed() {
    let folder = TempDir::new().expect("a folder");
    let address = engines::sqlite(folder.path());
    let database = Database::open(&address, 2).await.expect("a database");
    life(&database).await;
    std::fs::write(folder.path().join("limit.toml"), "[console]\napprove_above = 2\n").expect("written");
    let desk = Desk { address, folder, transcript: String::new(), masks: Vec::new() };
    let words = ["broadcast", "--config", "limit.toml", "--by", "Ana", "--why", "a test", "--people", "3"];
    let words = [&words[..], &["--say", "en=Boil your water.", "--say", "es=Hierva el agua."]].concat();
    for (more, said) in [(&[][..], "--approved-by"), (&["--approved-by", "ana"], "must be another")] {
        let refused = desk.run(&[&words, more].concat());
        assert!(!refused.status.success());
        let said_it = String::from_utf8_lossy(&refused.stderr).into_owned();
        assert!(said_it.contains(said), "{said_it}");
    }
    assert!(broadcasting::list(&database).await.expect("a list").is_empty());
    let sent = desk.run(&[&words[..], &["--approved-by", "Bob"]].concat());
    assert!(sent.status.success(), "{}", String::from_utf8_lossy(&sent.stderr));
    let (broadcast, queued) = broadcasting::list(&database).await.expect("a list").remove(0);
    assert_eq!((Some("Bob"), 3), (broadcast.approved_by.as_deref(), queued));
    database.close().await;
}

/// What waits for a person is counted by urgency, and an answer by command is sent by the service that runs.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn beside_a_service_that_runs() {
    let folder = TempDir::new().expect("a folder");
    let address = engines::sqlite(folder.path());
    let database = Database::open(&address, 2).await.expect("a database");
    let mut world = life(&database).await;
    writes(&mut world, AMY, &["I am bleeding a lot"]).await;
    let item = answering::list(&database, Fate::Open, 9).await.expect("a list").remove(0).item;
    database.close().await;
    let config = format!(
        "[[gateway]]\nname = \"rehearsal\"\nkind = \"rehearsal\"\n[[sender]]\nname = \"rehearsal\"\n\
         gateway = \"rehearsal\"\naddress = \"511411\"\nprograms = [\"{US}\"]\n[privacy]\nkey_file = \"{}\"\n",
        folder.path().join("key").display()
    );
    let service = Service::start(Settings::new(config, address.clone(), port())).await;
    let danger = r#"motherline_help_items_open{urgency="danger"}"#;
    assert_eq!(1.0, service.metric(danger).await);
    assert_eq!(0.0, service.metric(r#"motherline_help_items_open{urgency="question"}"#).await);
    assert!(!service.log().to_lowercase().contains("inbox"), "the greeting tells nothing of it");
    let desk = Desk { address, folder, transcript: String::new(), masks: Vec::new() };
    let id = item.id.to_string();
    let answered = desk.run(&["inbox", "answer", &id, "--by", "Ana", "--say", "Call 911 now.", "--yes"]);
    assert!(answered.status.success(), "{}", String::from_utf8_lossy(&answered.stderr));
    let words = ["broadcast", "--by", "Ana", "--why", "a test", "--emergency", "--people", "3"];
    let words = [&words[..], &["--say", "en=Boil your water.", "--say", "es=Hierva el agua."]].concat();
    let told = desk.run(&words);
    assert!(told.status.success(), "{}", String::from_utf8_lossy(&told.stderr));
    // What was said before it began has no reports.
    eventually("both are delivered", async || {
        let sent = service.sent_to(AMY).await;
        let delivered = |kind: &str| sent.iter().any(|text| text.kind == kind && text.state() == "delivered");
        (delivered("broadcast") && delivered("reply")).then_some(())
    })
    .await;
    // Queues are measured anew when it is time.
    eventually("nobody waits", async || (service.metric(danger).await == 0.0).then_some(())).await;
}
