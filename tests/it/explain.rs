//! `motherline explain` against the worked cases in `tests/vectors/`, through the real program.

use std::io::Write;
use std::process::{Command, Stdio};

use serde_json::{Value, json};

/// Asks the program; one answer a question.
fn explain(what: &str, questions: &[Value]) -> Vec<Value> {
    let mut child = Command::new(env!("CARGO_BIN_EXE_motherline"))
        .args(["explain", what])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("motherline runs");
    let lines: String = questions.iter().map(|question| format!("{question}\n")).collect();
    let mut input = child.stdin.take().expect("its input");
    let writer = std::thread::spawn(move || input.write_all(lines.as_bytes()).expect("written"));
    let output = child.wait_with_output().expect("its output");
    writer.join().expect("written");
    assert!(output.status.success());
    let answers: Vec<Value> = String::from_utf8(output.stdout)
        .expect("UTF-8")
        .lines()
        .map(|line| serde_json::from_str(line).expect("a JSON object a line"))
        .collect();
    assert_eq!(questions.len(), answers.len(), "one line in, one line out");
    answers
}

fn vectors(name: &str) -> Value {
    let path = format!("{}/tests/vectors/{name}.json", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_str(&std::fs::read_to_string(path).expect("vectors")).expect("JSON")
}

fn listed(vectors: &Value, key: &str) -> Vec<Value> {
    vectors[key].as_array().expect("a list").clone()
}

#[test]
fn every_segment_vector() {
    let cases = listed(&vectors("segments"), "vectors");
    let questions: Vec<Value> = cases.iter().map(|case| json!({ "text": case["text"] })).collect();
    for (case, answer) in cases.iter().zip(explain("segments", &questions)) {
        for key in ["encoding", "units", "segments", "parts"] {
            assert_eq!(case[key], answer[key], "{key} of {}", case["text"]);
        }
    }
}

#[test]
fn culprits_are_named_with_what_to_write_instead() {
    let answers =
        explain("segments", &[json!({ "text": "It’s a “boy” — 50 €" }), json!({ "text": "plain" })]);
    let expected = json!([
        { "char": "’", "substitute": "'" },
        { "char": "“", "substitute": "\"" },
        { "char": "”", "substitute": "\"" },
        { "char": "—", "substitute": "-" },
    ]);
    assert_eq!(expected, answers[0]["culprits"]);
    assert_eq!(json!([]), answers[1]["culprits"]);
}

#[test]
fn every_phone_vector() {
    let cases = listed(&vectors("phones"), "vectors");
    let question = |case: &Value| json!({ "text": case["raw"], "region": case["default_region"] });
    let questions: Vec<Value> = cases.iter().map(question).collect();
    for (case, answer) in cases.iter().zip(explain("phone", &questions)) {
        assert_eq!(case["e164"], answer["e164"], "{}", case["raw"]);
        if case["valid"] == true {
            assert_eq!(case["region"], answer["region"], "region of {}", case["raw"]);
        }
    }
}

#[test]
fn every_date_vector_that_is_required() {
    let file = vectors("dates");
    let today = &file["meta"]["today"];
    let optional = ["holiday", "relative", "words", "typo", "translit", "homoglyph", "arguable"];
    let cases: Vec<Value> = listed(&file, "vectors")
        .into_iter()
        .filter(|case| !optional.contains(&case["kind"].as_str().unwrap_or_default()))
        .collect();
    let question = |case: &Value| json!({ "text": case["text"], "language": case["lang"], "today": today });
    let questions: Vec<Value> = cases.iter().map(question).collect();
    for (case, answer) in cases.iter().zip(explain("date", &questions)) {
        let read = (&answer["date"], &answer["ambiguous"]);
        assert_eq!((&case["iso"], &case["ambiguous"]), read, "{} {}", case["lang"], case["text"]);
    }
}

#[test]
fn every_gestation_vector() {
    let file = vectors("gestation");
    let (mut questions, mut expected) = (Vec::new(), Vec::new());
    for lmp in listed(&file, "lmp") {
        for point in listed(&lmp, "on") {
            let stage = match point["days"].as_i64() {
                Some(days) if days >= 0 => {
                    json!({ "track": "pregnancy", "week": point["weeks"], "day": point["days_in_week"] })
                }
                _ => json!({ "track": null, "week": null, "day": null }),
            };
            for anchor in ["lmp", "edd"] {
                let key = if anchor == "edd" { "due" } else { "lmp" };
                questions.push(json!({ key: lmp[anchor], "on": point["date"] }));
                expected.push(stage.clone());
            }
        }
    }
    for birth in listed(&file, "birth") {
        for age in listed(&birth, "ages") {
            questions.push(json!({ "born": birth["birth"], "on": age["date"] }));
            let days = age["days"].as_i64().expect("days");
            expected.push(json!({ "track": "baby", "week": age["weeks"], "day": days % 7 }));
        }
    }
    for ((question, expected), answer) in questions.iter().zip(expected).zip(explain("stage", &questions)) {
        assert_eq!(expected, answer, "{question}");
    }
}

#[test]
fn keywords_in_words() {
    let cases = [
        ("STOP", "en", json!("stop")),
        ("no más", "es", json!("stop")),
        ("СТОП", "ru", json!("stop")),
        ("how do I stop smoking", "en", Value::Null),
        ("info", "en", json!("help")),
        ("bebé", "es", json!("baby")),
        ("МАЛЫШ", "ru", json!("baby")),
        ("actualizar", "es", json!("update")),
        ("YES", "en", Value::Null),
        ("у меня выкидыш", "ru", json!("loss")),
    ];
    let questions: Vec<Value> =
        cases.iter().map(|(text, language, _)| json!({ "text": text, "language": language })).collect();
    for ((text, _, intent), answer) in cases.iter().zip(explain("keyword", &questions)) {
        assert_eq!(*intent, answer["intent"], "{text}");
    }
}

#[test]
fn requests_in_words() {
    let cases = [
        ("less", "en", json!("less"), ""),
        ("APPT 12/15 2PM", "en", json!("appointment"), "12/15 2PM"),
        ("menos", "es", json!("less"), ""),
        ("реже", "ru", json!("less"), ""),
        ("the baby kicks a lot", "en", Value::Null, ""),
    ];
    let questions: Vec<Value> =
        cases.iter().map(|(text, language, ..)| json!({ "text": text, "language": language })).collect();
    for ((text, _, request, rest), answer) in cases.iter().zip(explain("request", &questions)) {
        assert_eq!(*request, answer["request"], "{text}");
        assert_eq!(*rest, answer["rest"].as_str().unwrap_or_default(), "{text}");
    }
}

/// Which texts tell of danger is measured elsewhere; here each is answered with a list, and thanks with an empty one.
#[test]
fn signs_of_danger_are_listed() {
    let answers = explain("danger", &[json!({ "text": "thank you" }), json!({ "text": "" })]);
    assert!(answers.iter().all(|answer| answer["signs"] == json!([])), "{answers:?}");
}

#[test]
fn a_question_that_makes_no_sense_is_answered_with_an_error() {
    let output = Command::new("sh")
        .args(["-c", "echo '{\"due\": \"soon\"}' | \"$0\" explain stage", env!("CARGO_BIN_EXE_motherline")])
        .output()
        .expect("a shell");
    assert_eq!(Some(1), output.status.code());
    assert!(String::from_utf8_lossy(&output.stdout).contains("error"));
}
