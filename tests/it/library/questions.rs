//! The checks over questions, visits, partners, lexicons and the length of replies, each by a fault that is made.

use motherline::library::{Fault, Files, Severity};

use super::faults;
use super::sheets::few;

/// A question without a fault, but for what each case changes.
const SOUND: &str = r#"[[question]]
id = "test-N"
kind = "letter"
tip = "TIP"
open_days = 14
[[question.outcome]]
name = "one"
answers = ["1"]
reply.en = "Good."
reply.es = "Bien."
[[question.outcome]]
name = "two"
answers = ["2", "b"]
reply.en = "Fine."
reply.es = "Muy bien."
later = { days = 7, text.en = "Hello again.", text.es = "Hola de nuevo." }
[question.source]
organization = "o"
title = "t"
url = "https://example.org"
year = 2020
[question.review]
state = "draft"
"#;

/// What is changed, to what, and the faults that this is: their check and a few of their words.
type Case = (&'static str, &'static str, &'static [(&'static str, &'static str)]);

const LATER: &str = "later = { days = 7, text.en = \"Hello again.\", text.es = \"Hola de nuevo.\" }";

const CASES: &[Case] = &[
    ("", "", &[]),
    ("id = \"test-N\"", "id = \"Test N\"", &[("question", "small letters")]),
    ("id = \"test-N\"", "id = \"us-flu-1\"", &[("question", "\"us-flu-1\" is used already")]),
    ("\"letter\"", "\"essay\"", &[("question", "no kind: yes_no, number or letter")]),
    ("= 14", "= 0", &[("question", "waited for 1 to 60 days")]),
    ("= 14", "= 61", &[("question", "waited for 1 to 60 days")]),
    ("\"TIP\"", "\"us-nowhere\"", &[("question", "no tip \"us-nowhere\"")]),
    ("\"TIP\"", "\"us-preg-25-3-flu-question\"", &[("question", "asks another question already")]),
    (
        "tip = \"TIP\"",
        "text.en = \"Is it so? 1 or 2\"",
        &[("question", "the question has no words in es"), ("question", "nobody is asked it")],
    ),
    ("answers = [\"1\"]", "answers = [\"maybe\"]", &[("question", "one: \"maybe\" is no answer")]),
    ("answers = [\"1\"]", "answers = [\"5-3\"]", &[("question", "one: \"5-3\" is no answer")]),
    ("answers = [\"1\"]", "answers = []", &[("question", "one: no answer comes to it")]),
    ("[\"2\", \"b\"]", "[\"0-3\"]", &[("question", "two: \"0-3\" belongs to two outcomes")]),
    ("[\"1\"]", "[\"B\"]", &[("question", "two: \"b\" belongs to two outcomes")]),
    ("name = \"two\"", "name = \"one\"", &[("question", "a name of its own")]),
    ("name = \"two\"", "name = \" \"", &[("question", "a name of its own")]),
    ("reply.es = \"Bien.\"\n", "", &[("question", "one has no words in es")]),
    ("reply.es = \"Bien.\"", "reply.es = \" \"", &[("question", "one has no words in es")]),
    ("reply.es = \"Bien.\"", "reply.es = \"Bien.\"\nreply.fr = \"Bon.\"", &[("question", "\"fr\"")]),
    ("\"Good.\"", "\"Ask {nobody}.\"", &[("placeholder", "one in en cannot know {nobody}")]),
    ("\"Good.\"", "LONG", &[("question", "one in en takes 4 SMS: at most 3")]),
    (
        "\"Good.\"",
        "\"Good.\"\nnext = \"us-nowhere\"",
        &[("question", "one: there is no question \"us-nowhere\"")],
    ),
    ("\"Good.\"", "\"Good.\"\nnext = \"us-flu-1\"", &[("question", "no words of its own to be asked with")]),
    // With the question that follows in the same text.
    ("\"Good.\"", "NEARLY\nnext = \"us-flu-pay\"", &[("question", "one in en takes 4 SMS: at most 3")]),
    ("days = 7", "days = 0", &[("question", "two: what comes later comes within 1 to 120 days")]),
    ("days = 7", "days = 121", &[("question", "two: what comes later comes within 1 to 120 days")]),
    (", text.es = \"Hola de nuevo.\"", "", &[("question", "two, later has no words in es")]),
    (LATER, "later = { days = 7, question = \"us-nowhere\" }", &[("question", "two: there is no question")]),
    ("days = 7", "days = 7, question = \"us-flu-pay\"", &[("question", "a question or a text, not both")]),
    ("Hello again.", "Now that your baby is here, call us.", &[("birth-words", "days later")]),
    ("Hello again.", "You are pregnant. Drink a lot of water.", &[("pregnancy-words", "days later")]),
    ("Hello again.", "If your baby is here, call us.", &[]),
    ("title = \"t\"\n", "", &[("source", "source.title is missing")]),
    ("https://example.org", "example.org", &[("link", "https://…")]),
    ("state = \"draft\"", "state = \"fine\"", &[("review", "no review state")]),
    ("state = \"draft\"", "state = \"approved\"", &[("review", "names its reviewer")]),
    (
        "state = \"draft\"",
        "state = \"approved\"\nreviewer = \"A\"\nreviewed_on = 2024-01-01\nexpires_on = 2026-11-20",
        &[("review-expired", "the review has expired")],
    ),
    ("[question.review]\nstate = \"draft\"\n", "", &[("review", "who stands for it")]),
    ("OUTCOMES", "", &[("question", "it has no outcome")]),
];

/// The faults of each of these, which stand one after the other in one file.
fn faults_of(files: &Files, path: &str, entries: &[String]) -> Vec<Vec<Fault>> {
    let Files(mut files) = files.clone();
    files.insert(path.to_owned(), entries.concat());
    let all = faults(&Files(files));
    let mut first = 1;
    let own = entries.iter().map(|entry| {
        let lines = first..first + entry.lines().count();
        first = lines.end;
        all.iter().filter(|fault| fault.file == path && lines.contains(&fault.line)).cloned().collect()
    });
    own.collect()
}

#[track_caller]
fn are(found: &[Fault], expected: &[(&str, &str)], what: &str) {
    let fits = found.len() == expected.len()
        && expected.iter().all(|(check, hint)| {
            found.iter().any(|fault| fault.check == *check && fault.message.contains(hint))
        });
    assert!(fits, "{what}: {expected:?}, not {found:#?}");
}

/// Checks that fail, each with words of what it says.
type Expected = &'static [(&'static str, &'static str)];

#[test]
fn each_fault_of_a_question_is_named_with_its_place() {
    let files = Files::built_in();
    let asked: String = files
        .0
        .iter()
        .filter(|(path, _)| path.starts_with("questions/"))
        .map(|(_, text)| text.as_str())
        .collect();
    // A tip for each, which asks nothing yet.
    let tips = files.0.iter().filter(|(path, _)| path.starts_with("tips/text4baby-us/pregnancy/"));
    let mut tips = tips
        .flat_map(|(_, text)| text.lines())
        .filter_map(|line| line.strip_prefix("id = \"")?.strip_suffix('"'));
    let mut tip = || tips.find(|tip| !asked.contains(*tip)).expect("a tip");
    let entries: Vec<String> = CASES
        .iter()
        .enumerate()
        .map(|(number, (old, new, _))| {
            let new = new.replace("LONG", &format!("\"{}\"", "Call now. ".repeat(60)));
            let new = new.replace("NEARLY", &format!("\"{}\"", "Call now. ".repeat(40)));
            let question = match *old {
                "" => SOUND.to_owned(),
                "OUTCOMES" => {
                    let (head, rest) = SOUND.split_once("[[question.outcome]]").expect("outcomes");
                    let (_, tail) = rest.split_once("[question.source]").expect("a source");
                    format!("{head}[question.source]{tail}")
                }
                old => {
                    assert!(SOUND.contains(old), "{old}");
                    SOUND.replacen(old, &new, 1)
                }
            };
            question.replacen("test-N", &format!("test-{number}"), 1).replacen("TIP", tip(), 1)
        })
        .collect();
    let found = faults_of(&files, "questions/text4baby-us/zz.toml", &entries);
    for ((old, new, expected), found) in CASES.iter().zip(found) {
        are(&found, expected, &format!("{old} -> {new}"));
        let warning =
            |fault: &Fault| fault.message.contains("nobody is asked") || fault.check == "review-expired";
        for fault in &found {
            let severity = if warning(fault) { Severity::Warning } else { Severity::Error };
            assert_eq!(severity, fault.severity, "{fault}");
        }
    }
}

#[test]
fn questions_and_partners_of_no_program_are_named() {
    let Files(mut files) = few();
    files.insert("questions/nobody/x.toml".to_owned(), String::new());
    files.insert("partners/nobody.toml".to_owned(), String::new());
    let found = faults(&Files(files));
    for (path, check) in [("questions/nobody/x.toml", "question"), ("partners/nobody.toml", "partner")] {
        let own: Vec<Fault> = found.iter().filter(|fault| fault.file == path).cloned().collect();
        are(&own, &[(check, "there is no program \"nobody\"")], path);
    }
}

#[test]
fn each_fault_of_a_partner_is_named_with_its_place() {
    let cases: [(&str, &str, Expected); 6] = [
        ("CLINIC7", "Clinic 7", &[]),
        ("clinic7", "Another clinic", &[("partner", "is somebody's already")]),
        ("CLINIC 8", "Clinic 8", &[("partner", "without spaces")]),
        ("C", "Clinic", &[("partner", "2 to 20 letters")]),
        ("ROSA", " ", &[("partner", "whose code it is")]),
        ("КЛИНИКА7", "Any letters will do", &[]),
    ];
    let entry =
        |(code, name, _): &(&str, &str, _)| format!("[[partner]]\ncode = \"{code}\"\nname = \"{name}\"\n");
    let entries: Vec<String> = cases.iter().map(entry).collect();
    let found = faults_of(&few(), "partners/text4baby-us.toml", &entries);
    for ((code, _, expected), found) in cases.iter().zip(found) {
        are(&found, expected, code);
    }
}

#[test]
fn each_fault_of_a_visit_is_named_with_its_place() {
    let path = "programs/text4baby-us.toml";
    let Files(files) = few();
    let before = files[path].lines().count();
    let cases: [(&str, i64, &str, Expected); 5] = [
        ("pregnancy", 42, "name.en = \"visit\"\nname.es = \"cita\"", &[]),
        ("pregnant", 20, "name.en = \"visit\"\nname.es = \"cita\"", &[("visit", "0 to 42")]),
        ("pregnancy", 43, "name.en = \"visit\"\nname.es = \"cita\"", &[("visit", "0 to 42")]),
        ("baby", 53, "name.en = \"visit\"\nname.es = \"cita\"", &[("visit", "0 to 52")]),
        ("baby", 26, "name.en = \"visit\"", &[("visit", "its name is missing in es")]),
    ];
    let mut entries =
        vec![files[path].replace("emergency = \"911\"", "emergency = \"911\"\nstillbirth_from_week = 8")];
    assert_eq!(before + 1, entries[0].lines().count(), "a line more");
    entries.extend(
        cases.iter().map(|(track, week, names, _)| {
            format!("[[visit]]\ntrack = \"{track}\"\nweek = {week}\n{names}\n")
        }),
    );
    let mut found = faults_of(&few(), path, &entries).into_iter();
    let whole: Vec<Fault> =
        found.next().expect("the program").into_iter().filter(|fault| fault.check == "visit").collect();
    are(&whole, &[("visit", "between 16 and 28")], "stillbirth_from_week");
    for ((track, week, _, expected), found) in cases.iter().zip(found) {
        are(&found, expected, &format!("{track} {week}"));
    }
}

#[test]
fn faults_within_the_lexicons_are_named() {
    let Files(mut files) = few();
    let mut change = |path: &str, old: &str, new: &str| {
        let text = files.get_mut(path).unwrap_or_else(|| panic!("{path}"));
        assert!(text.contains(old), "{path} has no {old:?}");
        *text = text.replacen(old, new, 1);
    };
    change("lexicons/en/keywords.toml", "\n[classes]\n", "\n[classes]\nzzz = [\"a <nowhere>\"]\n");
    change("lexicons/es/requests.toml", "\n[classes]\n", "\n[classes]\nzzz = [\"a <nowhere>\"]\n");
    change("lexicons/ru/times.toml", "at = \"09:30\"", "at = \"9:70\"");
    let danger = "turns = [\"<nowhere>\"]\ncalm = []\nsettled = []\n[[sign]]\nname = \"bleeding\"\nsays = [\"blood\"]\n";
    files.insert("lexicons/en/danger.toml".to_owned(), danger.to_owned());
    let found = faults(&Files(files));
    for (path, check, hint) in [
        ("lexicons/en/keywords.toml", "keywords", "<nowhere>"),
        ("lexicons/es/requests.toml", "requests", "<nowhere>"),
        ("lexicons/ru/times.toml", "times", "9:70"),
        ("lexicons/en/danger.toml", "danger", "<nowhere>"),
        ("lexicons/en/danger.toml", "danger", "self-harm has no words"),
    ] {
        let there =
            |fault: &&Fault| fault.file == path && fault.check == check && fault.message.contains(hint);
        let fault = found.iter().find(there).unwrap_or_else(|| panic!("{check} {hint}: {found:#?}"));
        assert_eq!(Severity::Error, fault.severity);
    }
    assert!(!found.iter().any(|fault| fault.message.contains("bleeding has no words")), "it has some");
}

#[test]
fn a_lexicon_that_is_missing_is_named() {
    for kind in ["dates", "keywords", "requests", "times", "danger"] {
        let Files(mut files) = few();
        let path = format!("lexicons/es/{kind}.toml");
        files.remove(&path).unwrap_or_else(|| panic!("{path}"));
        let found = faults(&Files(files));
        let own: Vec<Fault> = found.into_iter().filter(|fault| fault.check == "lexicon-missing").collect();
        assert_eq!(vec![path.as_str()], own.iter().map(|fault| fault.file.as_str()).collect::<Vec<_>>());
    }
}

#[test]
fn a_reply_that_takes_too_many_sms_with_long_values_is_told() {
    let Files(mut files) = few();
    let mut longer = |language: &str, key: &str, by: usize| {
        let text = files.get_mut(&format!("replies/{language}.toml")).expect("the replies");
        let begins = text.find(&format!("\n{key} = \"")).expect("the reply") + key.len() + 5;
        let letter = if language == "ru" { "щ" } else { "x" };
        text.insert_str(begins, &format!("{} ", letter.repeat(by)));
    };
    // Two SMS hold 306 letters of GSM-7, and three 201 of UCS-2.
    longer("en", "unchanged", 300);
    longer("ru", "unchanged", 160);
    longer("ru", "moved", 200);
    // Its words fit; the date, the age and the program's name that fill it make it too long.
    let words = "{program} {date} {age}";
    let es = files.get_mut("replies/es.toml").expect("the replies");
    let line = es.lines().find(|line| line.starts_with("start_due = ")).expect("the reply").to_owned();
    *es = es.replace(&line, &format!("start_due = \"{} {words}\"", "x".repeat(270)));
    let found = faults(&Files(files));
    let found: Vec<&Fault> = found.iter().filter(|fault| fault.check == "reply-length").collect();
    let told: Vec<(&str, &str)> = found
        .iter()
        .map(|fault| (fault.file.as_str(), fault.message.split(' ').next().unwrap_or_default()))
        .collect();
    assert_eq!(
        vec![
            ("replies/en.toml", "unchanged"),
            ("replies/es.toml", "start_due"),
            ("replies/ru.toml", "moved")
        ],
        told,
        "{found:#?}"
    );
    for fault in found {
        assert_eq!(Severity::Warning, fault.severity);
        assert!(fault.line > 1 && fault.message.contains("SMS with long values"), "{fault}");
    }
}
