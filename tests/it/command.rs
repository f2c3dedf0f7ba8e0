//! The command line: recorded transcripts of rehearsals, made-up mothers, and *why*.
//!
//! `MOTHERLINE_RECORD=1 cargo test --test it command` writes the transcripts anew; read what changed.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};
use std::time::Instant;

use serde_json::Value;
use tempfile::TempDir;

use crate::support::engines;

fn motherline(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_motherline"))
        .args(args)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .env_remove("MOTHERLINE_CONFIG")
        .env_remove("MOTHERLINE_DATABASE")
        .output()
        .expect("motherline runs")
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

fn recorded(name: &str) {
    let scenario = format!("tests/cmd/{name}.toml");
    let output = motherline(&["rehearse", &scenario]);
    assert!(output.status.success(), "{}", said(&output));
    let transcript = String::from_utf8(output.stdout).expect("UTF-8");
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/cmd/{name}.txt"));
    if std::env::var_os("MOTHERLINE_RECORD").is_some() {
        fs::write(&path, &transcript).expect("recorded");
    }
    let expected = fs::read_to_string(&path).expect("a recorded transcript");
    assert_eq!(expected, transcript, "the transcript of {name} changed: read it, then record it");
}

#[test]
fn an_english_pregnancy() {
    recorded("english");
}

#[test]
fn a_spanish_newborn() {
    recorded("spanish");
}

#[test]
fn a_russian_loss() {
    recorded("russian");
}

/// Every part of the conversation, in three languages: read the transcripts as a mother would.
#[test]
fn everything_a_mother_can_say() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/rehearsals");
    let mut scenarios: Vec<String> = Vec::new();
    for part in fs::read_dir(&folder).expect("the rehearsals") {
        for language in fs::read_dir(part.expect("a part").path()).expect("its languages") {
            let path = language.expect("a file").path();
            if path.extension().is_some_and(|extension| extension == "toml") {
                let path = path.strip_prefix(env!("CARGO_MANIFEST_DIR")).expect("here").to_path_buf();
                scenarios.push(path.display().to_string());
            }
        }
    }
    scenarios.sort();
    assert!(scenarios.len() >= 36, "twelve parts in three languages");
    let args: Vec<&str> = std::iter::once("rehearse").chain(scenarios.iter().map(String::as_str)).collect();
    let output = motherline(&args);
    assert!(output.status.success(), "{}", said(&output));
    let transcripts = String::from_utf8(output.stdout).expect("UTF-8");
    let mut changed = Vec::new();
    for transcript in transcripts.split("== ").filter(|transcript| !transcript.is_empty()) {
        let (name, transcript) = transcript.split_once('\n').expect("a heading");
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(name).with_extension("txt");
        if std::env::var_os("MOTHERLINE_RECORD").is_some() {
            fs::write(&path, transcript).expect("recorded");
        }
        if fs::read_to_string(&path).unwrap_or_default() != transcript {
            changed.push(name);
        }
    }
    assert!(changed.is_empty(), "these transcripts changed: read them, then record them: {changed:?}");
}

#[test]
fn the_same_rehearsal_in_json() {
    let output = motherline(&["rehearse", "tests/cmd/english.toml", "--json"]);
    let lines: Vec<Value> = String::from_utf8(output.stdout)
        .expect("UTF-8")
        .lines()
        .map(|line| serde_json::from_str(line).expect("an object a line"))
        .collect();
    let times: Vec<_> = lines
        .iter()
        .map(|line| chrono::DateTime::parse_from_rfc3339(line["at"].as_str().expect("at")).expect("a time"))
        .collect();
    assert!(times.is_sorted(), "in order of time");
    for line in &lines {
        let inward = line["direction"] == "in";
        assert_eq!("+12025550143", line[if inward { "from" } else { "to" }]);
        assert!(line["body"].is_string() && line["segments"].is_u64());
        if line["kind"] == "tip" {
            assert!(line["tip"].is_string() && line["track"].is_string());
            let local = line["at"].as_str().expect("at");
            assert!(local.ends_with("-05:00"), "her zone with its offset: {local}");
        }
    }
    let weeks: Vec<_> = lines.iter().filter(|l| l["track"] == "pregnancy").map(|l| &l["week"]).collect();
    assert!(!weeks.is_empty() && weeks.iter().all(|week| week.is_u64()));
}

#[test]
fn a_crowd_fills_only_an_empty_database_and_no_real_gateway_serves_it() {
    let folder = TempDir::new().expect("a folder");
    for address in [engines::sqlite(folder.path()), engines::postgres()] {
        let fill = ["populate", "--mothers", "3000", "--seed", "5", "--database", &address];
        let began = Instant::now();
        let first = motherline(&fill);
        assert!(first.status.success(), "{}", said(&first));
        eprintln!("3000 mothers in {:?}", began.elapsed());
        let second = motherline(&fill);
        assert!(!second.status.success() && said(&second).contains("not empty"), "{}", said(&second));
        let config = folder.path().join("real.toml");
        fs::write(
            &config,
            "[server]\npublic_url = \"https://example.org\"\n[[gateway]]\nname = \"kannel\"\nkind = \"kannel\"\n\
             sendsms_url = \"http://127.0.0.1:1/cgi-bin/sendsms\"\nusername = \"u\"\npassword = { env = \"PATH\" }\n\
             callback_secret = { env = \"PATH\" }\n[[sender]]\nname = \"s\"\ngateway = \"kannel\"\naddress = \"511411\"\n\
             programs = [\"text4baby-us\"]\n",
        )
        .expect("written");
        let config = config.display().to_string();
        let served =
            motherline(&["serve", "--listen", "127.0.0.1:0", "--config", &config, "--database", &address]);
        assert!(!served.status.success() && said(&served).contains("made-up people"), "{}", said(&served));
        let why = motherline(&["why", "+12025550100", "--database", &address]);
        assert!(why.status.success() && said(&why).contains("+12025550100"), "{}", said(&why));
        // Of the last of them: what is next is told in the console's own sentences, which end.
        let why = motherline(&["why", "+9990000002999", "--database", &address]);
        let next = said(&why).lines().find_map(|line| line.strip_prefix("  next: ").map(str::to_owned));
        assert!(next.as_ref().is_some_and(|next| next.ends_with('.')), "{}", said(&why));
    }
}

#[test]
fn why_says_so_when_a_number_is_unknown_or_none() {
    let folder = TempDir::new().expect("a folder");
    let address = engines::sqlite(folder.path());
    assert!(said(&motherline(&["why", "+12025550199", "--database", &address])).contains("never written"));
    assert!(!motherline(&["why", "mother", "--database", &address]).status.success());
}
