//! The message library: the one that ships is sound, and every fault of a broken one is told at once.

mod book;
mod checks;
mod damage;
mod edits;
mod questions;
mod report;
mod sheets;
mod spreadsheets;
mod translations;

use std::collections::BTreeMap;
use std::process::Command;

use chrono::NaiveDate;
use motherline::domain::plan::Reader;
use motherline::library::{Carries, Fault, Files, Library, Severity};
use serde_json::Value;
use tempfile::TempDir;

fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 21).expect("a date")
}

fn faults(files: &Files) -> Vec<Fault> {
    let mut faults = Library::read(files, today()).faults;
    faults.retain(|fault| fault.severity != Severity::Note);
    faults
}

/// The library that ships, with one file changed.
fn changed(path: &str, change: impl Fn(&str) -> String) -> Files {
    let Files(mut files) = Files::built_in();
    let old = files.get(path).unwrap_or_else(|| panic!("{path}")).clone();
    let new = change(&old);
    assert_ne!(old, new, "{path} was not changed");
    files.insert(path.to_owned(), new);
    Files(files)
}

#[test]
fn the_library_that_ships_has_no_fault() {
    let faults = faults(&Files::built_in());
    assert!(faults.is_empty(), "{faults:#?}");
}

/// Whoever copies the examples begins without a fault.
#[test]
fn the_examples_are_sound() {
    let Files(mut files) = Files::built_in();
    files.insert(
        "programs/example-program.toml".to_owned(),
        include_str!("../../message-library/EXAMPLE-program.toml").to_owned(),
    );
    let tips = include_str!("../../message-library/EXAMPLE-tips.toml");
    // The example program speaks English alone.
    let english: String =
        tips.lines().filter(|line| !line.starts_with("text.es")).map(|line| format!("{line}\n")).collect();
    files.insert("tips/example-program/tips.toml".to_owned(), english);
    files.insert(
        "tips/text4baby-us/example.toml".to_owned(),
        tips.replace("id = \"example", "id = \"us-example").replace("of = \"example", "of = \"us-example"),
    );
    for (folder, example) in [
        ("partners", include_str!("../../message-library/EXAMPLE-partners.toml")),
        ("questions", include_str!("../../message-library/EXAMPLE-questions.toml")),
    ] {
        let ours = example
            .replace("id = \"example", "id = \"us-example")
            .replace("tip = \"example", "tip = \"us-example");
        let ours = ours
            .replace("question = \"example", "question = \"us-example")
            .replace("next = \"example", "next = \"us-example");
        let name = if folder == "partners" {
            "partners/text4baby-us.toml"
        } else {
            "questions/text4baby-us/example.toml"
        };
        files.insert(name.to_owned(), ours);
    }
    let found = faults(&Files(files));
    let real = |fault: &&Fault| !["slot-empty", "loss-set", "starter", "same-text"].contains(&fault.check);
    let real: Vec<_> = found.iter().filter(real).collect();
    assert!(real.is_empty(), "{real:#?}");
}

#[test]
fn no_clinician_is_invented() {
    let library = Library::read(&Files::built_in(), today()).library.expect("a library");
    for program in library.programs.values() {
        for (_, tip) in program.tips() {
            assert_eq!(None, tip.approved_until, "{} claims a review that nobody made", tip.id);
        }
        for (id, asking) in &program.questions {
            assert_eq!(None, asking.approved_until, "{id} claims a review that nobody made");
        }
    }
}

/// What the issue of the library promised, counted without the checks.
#[test]
fn every_slot_is_filled_in_every_language() {
    let library = Library::read(&Files::built_in(), today()).library.expect("a library");
    for (id, per_week) in [("text4baby-us", 3), ("text4baby-russia", 2)] {
        let program = library.program(id).expect("a program");
        let mut slots: BTreeMap<(&str, &str, i64), Vec<u32>> = BTreeMap::new();
        for (slot, tip) in program.tips() {
            assert!(program.languages.iter().all(|language| tip.texts.contains_key(language)), "{}", tip.id);
            let whose = if tip.reader.reaches(Reader::Mother) { "" } else { "family" };
            slots.entry((whose, slot.track.name(), slot.week)).or_default().push(slot.number);
        }
        let whole: Vec<u32> = (1..=per_week).collect();
        for (track, weeks) in [("pregnancy", 4..=42), ("baby", 0..=51)] {
            for week in weeks {
                assert_eq!(Some(&whole), slots.get(&("", track, week)), "{id} {track} {week}");
            }
        }
        assert_eq!(Some(&vec![1]), slots.get(&("", "pregnancy", 43)), "43+0");
        assert_eq!(Some(&vec![1]), slots.get(&("", "farewell", 0)));
        for loss in ["loss-miscarriage", "loss-stillbirth", "loss-baby"] {
            assert!(slots.get(&("", loss, 0)).is_some_and(|texts| texts.len() >= 4), "{id} {loss}");
        }
        // Who cares for her gets one a week, and a starter pack as long as hers.
        for week in 4..=42 {
            assert!(slots.contains_key(&("family", "pregnancy", week)), "{id} family {week}");
        }
        let pack = slots.get(&("family", "starter", 0)).map(Vec::len);
        assert_eq!(Some(6), pack, "{id}");
        assert_eq!(6, program.timetable.starter_days);
    }
}

#[test]
fn drafts_never_reach_the_public() {
    let library = Library::read(&Files::built_in(), today()).library.expect("a library");
    let program = library.program("text4baby-us").expect("a program");
    let language = program.languages[0];
    let due = motherline::domain::gestation::Anchor::Due(today() + chrono::Days::new(140));
    let (slot, _) = program.tips().into_iter().find(|(slot, _)| slot.week == 20).expect("a tip");
    assert!(program.tip(slot, due, today(), Carries::Drafts, language, None).is_some());
    assert!(program.tip(slot, due, today(), Carries::Approved, language, None).is_none());
    for id in program.questions.keys() {
        assert!(program.asking(id, today(), Carries::Drafts).is_some(), "{id}");
        assert!(program.asking(id, today(), Carries::Approved).is_none(), "{id}");
    }
}

/// A tip whose question nobody has signed would ask for an answer of which nothing comes.
#[test]
fn a_tip_that_asks_goes_only_where_its_question_may_be_asked() {
    let path = "tips/text4baby-us/pregnancy/week-25.toml";
    let signed =
        "state = \"approved\"\nreviewer = \"Dr. A\"\nreviewed_on = 2026-11-20\nexpires_on = 2028-11-20";
    let tips = changed(path, |text| text.replace("state = \"draft\"", signed));
    let Files(mut both) = tips.clone();
    let questions = both.get_mut("questions/text4baby-us/flu.toml").expect("the questions");
    *questions = questions.replace("state = \"draft\"", signed);
    let goes = |files: &Files| {
        let checked = Library::read(files, today());
        let warned = checked.faults.iter().any(|fault| fault.message.contains("us-preg-25-3-flu-question"));
        let library = checked.library.expect("a library");
        let program = library.program("text4baby-us").expect("a program");
        let (slot, _) = *program
            .tips()
            .iter()
            .find(|(_, tip)| &*tip.id == "us-preg-25-3-flu-question")
            .expect("the tip that asks");
        let due = motherline::domain::gestation::Anchor::Due(today() + chrono::Days::new(105));
        let tip = program.tip(slot, due, today(), Carries::Approved, program.languages[0], None);
        (tip.map(|(tip, _)| tip.id.to_string()), warned)
    };
    assert_eq!((None, true), goes(&tips), "and the check says why");
    assert_eq!((Some("us-preg-25-3-flu-question".to_owned()), false), goes(&Files(both)));
}

#[test]
fn each_fault_is_named_with_its_place() {
    let week = "tips/text4baby-us/pregnancy/week-20.toml";
    let us = "programs/text4baby-us.toml";
    let cases: [(&str, &str, &str, &str); 14] = [
        (week, "needs = \"pregnancy\"", "needs = \"baby\"", "needs"),
        (week, "track = \"pregnancy\"", "track = \"pregnant\"", "track"),
        (week, "week = 20", "week = 99", "week"),
        (week, "priority = 1", "priority = 9", "priority"),
        (week, "state = \"draft\"", "state = \"approved\"", "review"),
        (week, "url = \"https://", "url = \"htp:", "link"),
        (week, "text.es = ", "text.fr = ", "tip-words"),
        (week, "text.en = \"", "text.en = \"{baby} ", "placeholder"),
        (week, "[[tip]]", "[[tipp]]", "syntax"),
        (us, "MON,WED,FRI", "1,3,5", "cadence"),
        (us, "home_zone = \"America/New_York\"", "home_zone = \"America/Boston\"", "zone"),
        (us, "opens = \"09:00\"", "opens = \"21:00\"", "window"),
        ("replies/en.toml", "{frequency}", "often", "placeholder"),
        ("places/russia.toml", "Europe/Kaliningrad", "Europe/Konigsberg", "place-zone"),
    ];
    for (path, old, new, check) in cases {
        let files =
            changed(path, |text| text.replacen(old, new, if path.starts_with("replies") { 99 } else { 1 }));
        let checked = Library::read(&files, today());
        assert!(checked.library.is_none(), "{old} → {new} is an error");
        let found = checked.faults.iter().find(|fault| fault.check == check && fault.file == path);
        let line = found.unwrap_or_else(|| panic!("{check} in {path}: {:#?}", checked.faults)).line;
        assert!(line >= 1, "{check} has a line");
    }
}

#[test]
fn a_thousand_faults_are_a_thousand_lines() {
    let tip = "[[tip]]\nid = \"x\"\ntrack = \"pregnancy\"\nweek = 99\nslot = 1\ntopic = \"t\"\nneeds = \"neutral\"\npriority = 1\ntext.en = \"a\"\ntext.es = \"b\"\n[tip.source]\norganization = \"o\"\ntitle = \"t\"\nurl = \"https://example.org\"\nyear = 2020\n[tip.review]\nstate = \"draft\"\n";
    let many: String = (0..1000).map(|n| tip.replace("\"x\"", &format!("\"many-{n}\""))).collect();
    let Files(mut files) = Files::built_in();
    files.insert("tips/text4baby-us/many.toml".to_owned(), many);
    let found = faults(&Files(files));
    assert_eq!(1000, found.iter().filter(|fault| fault.check == "week").count());
}

#[test]
fn the_command_tells_all_and_says_by_its_exit_code_whether_it_is_usable() {
    let folder = TempDir::new().expect("a folder");
    let Files(files) = changed("tips/text4baby-us/starter.toml", |text| {
        text.replacen("needs = \"neutral\"", "needs = \"nobody\"", 1).replacen(
            "priority = 1",
            "priority = 7",
            1,
        )
    });
    for (path, text) in &files {
        let path = folder.path().join(path);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        std::fs::write(path, text).expect("written");
    }
    let check = |args: &[&str]| {
        Command::new(env!("CARGO_BIN_EXE_motherline"))
            .args(["library", "check", "--library"])
            .arg(folder.path())
            .args(args)
            .output()
            .expect("motherline runs")
    };
    let output = check(&[]);
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(Some(1), output.status.code());
    assert!(
        said.contains("starter.toml:") && said.contains("error[needs]") && said.contains("error[priority]"),
        "{said}"
    );
    let json = check(&["--json"]);
    for line in String::from_utf8_lossy(&json.stdout).lines() {
        let fault: Value = serde_json::from_str(line).expect("an object a line");
        assert!(fault["check"].is_string() && fault["line"].is_number() && fault["file"].is_string());
    }
}
