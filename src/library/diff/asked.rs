//! What changed in the questions: their words, what their answers come to, who signed.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use toml::Spanned;

use super::{Kind, differing, signature, source_of, state_of};
use crate::library::Files;
use crate::library::format;
use crate::library::questions::{OutcomeEntry, QuestionEntry};

/// A question that changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct QuestionChange {
    /// Its program.
    pub program: String,
    /// The question.
    pub question: String,
    /// New, gone or changed.
    pub kind: Kind,
    /// The words that changed, by where they stand and the language: before, after.
    pub words: BTreeMap<String, (Option<String>, Option<String>)>,
    /// What its answers come to, by outcome, where that changed: before, after.
    pub outcomes: BTreeMap<String, (Option<String>, Option<String>)>,
    /// What else changed, by field: before, after.
    pub fields: BTreeMap<String, (Option<String>, Option<String>)>,
    /// Whether it names the same signature for what is new.
    #[serde(skip)]
    same_signature: bool,
}

impl QuestionChange {
    /// Whether a reviewer's signature stands under words or answers that were changed since.
    pub fn outran_its_review(&self) -> bool {
        self.same_signature && !(self.words.is_empty() && self.outcomes.is_empty())
    }
}

/// Every question that changed, by program and id.
pub fn questions(before: &Files, after: &Files) -> Vec<QuestionChange> {
    let (before, after) = (by_id(before), by_id(after));
    let ids: BTreeSet<_> = before.keys().chain(after.keys()).collect();
    ids.into_iter().filter_map(|id| change(id, before.get(id), after.get(id))).collect()
}

type Id = (String, String);

fn by_id(files: &Files) -> BTreeMap<Id, QuestionEntry> {
    let (drafts, _) = format::load_where(files, |path| path.starts_with("questions/"));
    let all = drafts.questions.into_iter().flat_map(|(program, file)| {
        let questions = file.value.question.into_iter().map(Spanned::into_inner);
        questions.map(move |question| ((program.clone(), question.id.as_ref().clone()), question))
    });
    all.collect()
}

fn change(id: &Id, before: Option<&QuestionEntry>, after: Option<&QuestionEntry>) -> Option<QuestionChange> {
    let of = |laid_out: fn(&QuestionEntry) -> BTreeMap<String, String>| {
        differing(&before.map(laid_out).unwrap_or_default(), &after.map(laid_out).unwrap_or_default())
    };
    let (words, outcomes, fields) = (of(words), of(outcomes), of(fields));
    let kind = match (before, after) {
        (None, _) => Kind::New,
        (_, None) => Kind::Gone,
        _ if words.is_empty() && outcomes.is_empty() && fields.is_empty() => return None,
        _ => Kind::Changed,
    };
    let signed = |question: Option<&QuestionEntry>| {
        question.and_then(|question| signature(question.review.as_ref()?.as_ref()))
    };
    let same_signature = signed(before).is_some() && signed(before) == signed(after);
    // Of one that is new or gone the words say enough.
    let fields = if kind == Kind::Changed { fields } else { BTreeMap::new() };
    Some(QuestionChange {
        program: id.0.clone(),
        question: id.1.clone(),
        kind,
        words,
        outcomes,
        fields,
        same_signature,
    })
}

/// All that it says: `en`, `had-it en`, `had-it later en`.
fn words(question: &QuestionEntry) -> BTreeMap<String, String> {
    let mut all: BTreeMap<String, String> =
        question.text.iter().map(|(language, text)| (language.clone(), text.as_ref().clone())).collect();
    for outcome in question.outcome.iter().map(Spanned::as_ref) {
        let later = outcome.later.iter().flat_map(|later| &later.text).map(|text| (" later", text));
        for (when, (language, text)) in outcome.reply.iter().map(|text| ("", text)).chain(later) {
            all.insert(format!("{}{when} {language}", outcome.name), text.as_ref().clone());
        }
    }
    all
}

/// What answers come to: `1, 2; then us-flu-pay; after 30 days us-flu-later`.
fn outcomes(question: &QuestionEntry) -> BTreeMap<String, String> {
    let laid_out = |outcome: &OutcomeEntry| {
        let next = outcome.next.as_ref().map(|next| format!("then {next}"));
        let later = outcome.later.as_ref().map(|later| {
            format!("after {} days {}", later.days, later.question.as_deref().unwrap_or("a text"))
        });
        let all: Vec<String> = [outcome.answers.join(", ")].into_iter().chain(next).chain(later).collect();
        all.join("; ")
    };
    let all = question.outcome.iter().map(Spanned::as_ref);
    all.map(|outcome| (outcome.name.clone(), laid_out(outcome))).collect()
}

fn fields(question: &QuestionEntry) -> BTreeMap<String, String> {
    let review = question.review.as_ref().map(Spanned::as_ref);
    let fields = [
        ("kind", Some(question.kind.as_ref().clone())),
        ("tip", question.tip.as_ref().map(|tip| tip.as_ref().clone())),
        ("open_days", question.open_days.as_ref().map(|days| days.as_ref().to_string())),
        ("source", question.source.as_ref().map(|source| source_of(source.as_ref()))),
        ("review", review.map(state_of)),
        ("reviewer", review.and_then(signature).map(|(who, on)| format!("{who} {on}"))),
    ];
    fields.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect()
}
