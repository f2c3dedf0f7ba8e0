//! What a mother types, and the date that is read from it.

mod english;
mod hints;
mod laws;
mod russian;
mod spanish;
mod vectors;

use chrono::NaiveDate;
use motherline::domain::date_text::{DateWords, read};

/// The day on which all these tests take place, the one of the vectors.
fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 21).expect("a day of the calendar")
}

fn words(language: &str) -> DateWords {
    let path = format!("{}/message-library/lexicons/{language}/dates.toml", env!("CARGO_MANIFEST_DIR"));
    let file = std::fs::read_to_string(&path).expect("the lexicon is there");
    toml::from_str(&file).unwrap_or_else(|fault| panic!("{path}: {fault}"))
}

/// What a table expects: a date, `-` for none, with `?` behind it if there is another reading.
fn said(text: &str, words: &DateWords) -> String {
    let (date, ambiguous) = read(text, words, today()).explain(today());
    let date = date.map_or_else(|| "-".to_owned(), |date| date.to_string());
    if ambiguous { date + "?" } else { date }
}

/// Compares a whole table and shows every line that differs.
fn check(language: &str, table: &[(&str, &str)]) {
    let words = words(language);
    let wrong: Vec<String> = table
        .iter()
        .filter_map(|(text, expected)| {
            let said = said(text, &words);
            (said != *expected).then(|| format!("{text:?}: expected {expected}, read {said}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{} of {} are wrong:\n{}", wrong.len(), table.len(), wrong.join("\n"));
}
