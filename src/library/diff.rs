//! What changed from one state of the library to another, tip by tip, question by question, language by language.

mod asked;
pub mod wording;

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

pub use self::asked::{QuestionChange, questions};

use super::Files;
use super::format::{self, ReviewEntry, SourceEntry, TipEntry};

/// A tip that changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TipChange {
    /// Its program.
    pub program: String,
    /// The tip.
    pub tip: String,
    /// New, gone or changed.
    pub kind: Kind,
    /// The words that changed, by language: before, after.
    pub words: BTreeMap<String, (Option<String>, Option<String>)>,
    /// What else changed, by field: before, after.
    pub fields: BTreeMap<&'static str, (String, String)>,
    /// Whether it names the same signature for words that are new.
    #[serde(skip)]
    same_signature: bool,
}

/// How a tip or a question changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// It was not there.
    New,
    /// It is not there any more.
    Gone,
    /// It says or is something else.
    Changed,
}

impl TipChange {
    /// Whether a reviewer's signature stands under words that were changed since.
    pub fn outran_its_review(&self) -> bool {
        self.same_signature && !self.words.is_empty()
    }
}

/// Every tip that changed, by program and id.
pub fn tips(before: &Files, after: &Files) -> Vec<TipChange> {
    let (before, after) = (by_id(before), by_id(after));
    let ids: BTreeSet<_> = before.keys().chain(after.keys()).collect();
    ids.into_iter().filter_map(|id| change(id, before.get(id), after.get(id))).collect()
}

/// Files beside the tips and questions that changed.
pub fn other_files(before: &Files, after: &Files) -> Vec<String> {
    let names: BTreeSet<&String> = before.0.keys().chain(after.0.keys()).collect();
    let changed = names.into_iter().filter(|name| before.0.get(*name) != after.0.get(*name));
    changed.filter(|name| !name.starts_with("tips/") && !name.starts_with("questions/")).cloned().collect()
}

type Id = (String, String);

fn by_id(files: &Files) -> BTreeMap<Id, TipEntry> {
    let (drafts, _) = format::load_where(files, |path| path.starts_with("tips/"));
    let named = drafts.tips.into_iter().filter_map(|(program, tip)| {
        let id = tip.value.id.as_ref()?.as_ref().clone();
        Some(((program, id), tip.value))
    });
    named.collect()
}

fn change(id: &Id, before: Option<&TipEntry>, after: Option<&TipEntry>) -> Option<TipChange> {
    let words_of = |tip: Option<&TipEntry>| {
        let words = tip.into_iter().flat_map(|tip| &tip.text);
        words.map(|(language, text)| (language.clone(), text.as_ref().clone())).collect()
    };
    let words = differing(&words_of(before), &words_of(after));
    let mut fields = BTreeMap::new();
    if let (Some(before), Some(after)) = (before, after) {
        let pairs = fields_of(before).into_iter().zip(fields_of(after));
        for ((name, old), (_, new)) in pairs.filter(|((_, old), (_, new))| old != new) {
            fields.insert(name, (old, new));
        }
    }
    let kind = match (before, after) {
        (None, _) => Kind::New,
        (_, None) => Kind::Gone,
        _ if words.is_empty() && fields.is_empty() => return None,
        _ => Kind::Changed,
    };
    let signature = |tip: Option<&TipEntry>| tip.and_then(|tip| signature(tip.review.as_ref()?.as_ref()));
    let same_signature = signature(before).is_some() && signature(before) == signature(after);
    Some(TipChange { program: id.0.clone(), tip: id.1.clone(), kind, words, fields, same_signature })
}

/// What differs between two tables of words: before, after.
fn differing(
    before: &BTreeMap<String, String>,
    after: &BTreeMap<String, String>,
) -> BTreeMap<String, (Option<String>, Option<String>)> {
    let names: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let pairs =
        names.into_iter().map(|name| (name.clone(), (before.get(name).cloned(), after.get(name).cloned())));
    pairs.filter(|(_, (old, new))| old != new).collect()
}

fn source_of(source: &SourceEntry) -> String {
    format!("{} {}", written(&source.organization), written(&source.url))
}

fn state_of(review: &ReviewEntry) -> String {
    written(&review.state)
}

fn written(value: &Option<toml::Spanned<String>>) -> String {
    value.as_ref().map(|value| value.as_ref().clone()).unwrap_or_default()
}

/// Who signed and when; none for a draft.
fn signature(review: &ReviewEntry) -> Option<(String, String)> {
    let approved = review.state.as_ref().is_some_and(|state| state.as_ref() == "approved");
    let shown = |date: &toml::Spanned<toml::value::Datetime>| date.as_ref().to_string();
    approved.then(|| {
        (
            review.reviewer.as_ref().map(|name| name.as_ref().clone()).unwrap_or_default(),
            review.reviewed_on.as_ref().map(shown).unwrap_or_default(),
        )
    })
}

fn fields_of(tip: &TipEntry) -> [(&'static str, String); 13] {
    let number = |value: &Option<toml::Spanned<i64>>| {
        value.as_ref().map(|value| value.as_ref().to_string()).unwrap_or_default()
    };
    let source = tip.source.as_ref().map(toml::Spanned::as_ref);
    let review = tip.review.as_ref().map(toml::Spanned::as_ref);
    [
        ("stale", tip.stale.as_ref().map(|stale| stale.as_ref().join(", ")).unwrap_or_default()),
        ("track", written(&tip.track)),
        ("loss", written(&tip.loss)),
        ("of", written(&tip.of)),
        ("week", number(&tip.week)),
        ("slot", number(&tip.slot)),
        ("topic", written(&tip.topic)),
        ("needs", written(&tip.needs)),
        ("reader", written(&tip.reader)),
        ("priority", number(&tip.priority)),
        ("source", source.map(source_of).unwrap_or_default()),
        ("review", review.map(state_of).unwrap_or_default()),
        ("reviewer", review.and_then(signature).map(|(who, on)| format!("{who} {on}")).unwrap_or_default()),
    ]
}
