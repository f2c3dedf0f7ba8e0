//! Whole texts against everything they are held against at once: keywords, danger, requests, dates.
//!
//! `tests/vectors/heard-<language>.toml` has the texts that were once misread, and their neighbours.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use motherline::domain::conversation::Guide;
use motherline::domain::date_text;
use motherline::domain::keyword::{self, Answer, Intent};
use motherline::domain::language::Language;
use motherline::library::Library;
use serde::Deserialize;

use crate::conversation::LIBRARY;

const LANGUAGES: [&str; 3] = ["en", "es", "ru"];
/// The day on which the dates of these files are read.
const TODAY: NaiveDate = NaiveDate::from_ymd_opt(2026, 11, 23).expect("a day");

/// A file of labelled texts.
#[derive(Deserialize)]
struct Labelled {
    /// By the first sign that they tell of.
    #[serde(default)]
    danger: BTreeMap<String, Vec<String>>,
    /// By the name of the request.
    #[serde(default)]
    request: BTreeMap<String, Vec<String>>,
    /// The day that each tells.
    #[serde(default)]
    date: BTreeMap<String, NaiveDate>,
    /// By the keyword, by the answer, or as `free`.
    #[serde(flatten)]
    other: BTreeMap<String, Vec<String>>,
}

/// Where a text is held to belong.
enum List<'a> {
    Danger(&'a str),
    Request(&'a str),
    Other(&'a str),
}

/// Whether a text is heard as its list says, in the order in which `respond` asks.
fn is_heard(library: &Library, text: &str, language: &str, list: &List<'_>) -> bool {
    let parsed = keyword::parse(text, language, &library.keywords);
    let signs = library.dangers.find(text).signs;
    let asked = library.requests.read(text, language);
    let ends = matches!(parsed.intent, Some(Intent::Stop | Intent::Loss));
    let plain = parsed.intent.is_none();
    match list {
        List::Danger(sign) => !ends && signs.first().is_some_and(|first| first.name() == *sign),
        List::Request(name) => !ends && asked.is_some_and(|asked| asked.request.name() == *name),
        List::Other("doubt") => plain && parsed.stop_in_doubt,
        List::Other("yes") => plain && parsed.answer == Some(Answer::Yes),
        List::Other("no") => plain && parsed.answer == Some(Answer::No),
        List::Other("skip") => plain && parsed.answer == Some(Answer::Skip),
        List::Other("still_her") => plain && parsed.answer == Some(Answer::StillHer),
        List::Other("free") => {
            plain && !parsed.stop_in_doubt && parsed.answer.is_none() && signs.is_empty() && asked.is_none()
        }
        List::Other(keyword) => parsed.intent.map(Intent::name) == Some(*keyword),
    }
}

#[test]
fn what_was_once_misread_is_heard() {
    let library: &Library = &LIBRARY;
    let mut misses = Vec::new();
    for language in LANGUAGES {
        let file = format!("{}/tests/vectors/heard-{language}.toml", env!("CARGO_MANIFEST_DIR"));
        let file = std::fs::read_to_string(file).expect("the labelled texts");
        let labelled: Labelled = toml::from_str(&file).unwrap_or_else(|fault| panic!("{language}: {fault}"));
        let danger = labelled.danger.iter().map(|(sign, texts)| (List::Danger(sign), texts));
        let request = labelled.request.iter().map(|(name, texts)| (List::Request(name), texts));
        let other = labelled.other.iter().map(|(name, texts)| (List::Other(name), texts));
        for (list, texts) in danger.chain(request).chain(other) {
            let missed = texts.iter().filter(|text| !is_heard(library, text, language, &list));
            let (List::Danger(name) | List::Request(name) | List::Other(name)) = &list;
            misses.extend(missed.map(|text| format!("{language} {name}: {text:?}")));
        }
        let spoken: Language = language.parse().expect("a language");
        for (text, day) in &labelled.date {
            let (read, _) = date_text::read(text, library.dates(spoken), TODAY).explain(TODAY);
            if read != Some(*day) {
                misses.push(format!("{language} {day}: {text:?}, not {read:?}"));
            }
        }
    }
    assert!(misses.is_empty(), "{} misheard:\n{}", misses.len(), misses.join("\n"));
}
