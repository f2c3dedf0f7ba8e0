//! What changed from one state of the library to another, tip by tip and language by language.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::Files;
use super::format::{self, ReviewEntry, TipEntry};

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

/// How a tip changed.
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

/// Files beside the tips that changed.
pub fn other_files(before: &Files, after: &Files) -> Vec<String> {
    let names: BTreeSet<&String> = before.0.keys().chain(after.0.keys()).collect();
    let changed = names.into_iter().filter(|name| before.0.get(*name) != after.0.get(*name));
    changed.filter(|name| !name.starts_with("tips/")).cloned().collect()
}

type Id = (String, String);

fn by_id(files: &Files) -> BTreeMap<Id, TipEntry> {
    let (drafts, _) = format::load(files);
    let named = drafts.tips.into_iter().filter_map(|(program, tip)| {
        let id = tip.value.id.as_ref()?.as_ref().clone();
        Some(((program, id), tip.value))
    });
    named.collect()
}

fn change(id: &Id, before: Option<&TipEntry>, after: Option<&TipEntry>) -> Option<TipChange> {
    let words_of = |tip: Option<&TipEntry>, language: &str| {
        tip.and_then(|tip| tip.text.get(language)).map(|text| text.as_ref().clone())
    };
    let languages: BTreeSet<&String> =
        before.into_iter().chain(after).flat_map(|tip| tip.text.keys()).collect();
    let words: BTreeMap<String, _> = languages
        .into_iter()
        .map(|language| (language.clone(), (words_of(before, language), words_of(after, language))))
        .filter(|(_, (old, new))| old != new)
        .collect();
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
    let text = |value: &Option<toml::Spanned<String>>| {
        value.as_ref().map(|value| value.as_ref().clone()).unwrap_or_default()
    };
    let number = |value: &Option<toml::Spanned<i64>>| {
        value.as_ref().map(|value| value.as_ref().to_string()).unwrap_or_default()
    };
    let source = tip.source.as_ref().map(toml::Spanned::as_ref);
    let review = tip.review.as_ref().map(toml::Spanned::as_ref);
    [
        ("stale", tip.stale.as_ref().map(|stale| stale.as_ref().join(", ")).unwrap_or_default()),
        ("track", text(&tip.track)),
        ("loss", text(&tip.loss)),
        ("of", text(&tip.of)),
        ("week", number(&tip.week)),
        ("slot", number(&tip.slot)),
        ("topic", text(&tip.topic)),
        ("needs", text(&tip.needs)),
        ("reader", text(&tip.reader)),
        ("priority", number(&tip.priority)),
        (
            "source",
            source
                .map(|source| format!("{} {}", text(&source.organization), text(&source.url)))
                .unwrap_or_default(),
        ),
        ("review", review.map(|review| text(&review.state)).unwrap_or_default()),
        ("reviewer", review.and_then(signature).map(|(who, on)| format!("{who} {on}")).unwrap_or_default()),
    ]
}
