//! Questions with answers: `questions/<program>/<survey>.toml`, their shape, and made ready. Their checks are in
//! `checks/questions.rs`.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::Deserialize;
use toml::Spanned;

use super::checks;
use super::format::{ReviewEntry, SourceEntry};
use super::help::Filling;
use super::program::{Carries, Text};
use crate::domain::keyword::fold;
use crate::domain::language::Language;
use crate::domain::survey::{Accepts, Later, Outcome, Question};

/// A file of questions.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QuestionsFile {
    #[serde(default)]
    pub question: Vec<Spanned<QuestionEntry>>,
}

/// A question.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QuestionEntry {
    pub id: Spanned<String>,
    pub kind: Spanned<String>,
    pub tip: Option<Spanned<String>>,
    pub open_days: Option<Spanned<u32>>,
    #[serde(default)]
    pub text: BTreeMap<String, Spanned<String>>,
    #[serde(default)]
    pub outcome: Vec<Spanned<OutcomeEntry>>,
    pub source: Option<Spanned<SourceEntry>>,
    pub review: Option<Spanned<ReviewEntry>>,
}

/// What answers come to.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OutcomeEntry {
    pub name: String,
    pub answers: Vec<String>,
    #[serde(default)]
    pub reply: BTreeMap<String, Spanned<String>>,
    pub next: Option<String>,
    pub later: Option<LaterEntry>,
}

/// What comes days later.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LaterEntry {
    pub days: u32,
    pub question: Option<String>,
    #[serde(default)]
    pub text: BTreeMap<String, Spanned<String>>,
}

/// How long an answer is waited for where the authors do not say.
pub(super) const OPEN_DAYS: u32 = 14;

/// A question ready to be asked.
#[derive(Clone, Debug)]
pub struct Asking {
    /// What its answers come to.
    pub question: Question,
    /// Its words, where no tip asks it.
    pub words: BTreeMap<Language, String>,
    /// What is said to each outcome.
    pub replies: Vec<BTreeMap<Language, String>>,
    /// What is said days later to each outcome.
    pub later: Vec<BTreeMap<Language, String>>,
    /// Until when a named reviewer stands for it; none while it is a draft.
    pub approved_until: Option<NaiveDate>,
}

impl Asking {
    /// Whether a sender may ask it on a day.
    pub fn may_go(&self, on: NaiveDate, carries: Carries) -> bool {
        carries == Carries::Drafts || self.approved_until.is_some_and(|until| on <= until)
    }
}

/// Words as a tip of its program would say them, in every language.
fn worded(
    words: &BTreeMap<String, Spanned<String>>,
    filling: &Filling<'_>,
) -> Option<BTreeMap<Language, String>> {
    let each = words.iter().map(|(language, words)| {
        let language: Language = language.parse().ok()?;
        Some((language, Text::new(&filling.words(language, None, words.as_ref())).body.to_string()))
    });
    each.collect()
}

/// A question made ready; none if the checks let through what they should not have.
pub fn compile(entry: &QuestionEntry, filling: &Filling<'_>) -> Option<Asking> {
    let outcome = |outcome: &OutcomeEntry| {
        Some(Outcome {
            name: outcome.name.clone(),
            answers: outcome
                .answers
                .iter()
                .map(|answer| accepts(entry.kind.as_ref(), answer))
                .collect::<Option<_>>()?,
            next: outcome.next.clone(),
            later: outcome
                .later
                .as_ref()
                .map(|later| Later { days: later.days, question: later.question.clone() }),
        })
    };
    let outcomes: Vec<&OutcomeEntry> = entry.outcome.iter().map(Spanned::as_ref).collect();
    let review = entry.review.as_ref()?.as_ref();
    let approved = review.state.as_ref()?.as_ref() == "approved";
    Some(Asking {
        question: Question {
            id: entry.id.as_ref().clone(),
            tip: entry.tip.as_ref().map(|tip| tip.as_ref().clone()),
            open_days: entry.open_days.as_ref().map_or(OPEN_DAYS, |days| *days.as_ref()),
            outcomes: outcomes.iter().map(|one| outcome(one)).collect::<Option<_>>()?,
        },
        words: worded(&entry.text, filling)?,
        replies: outcomes.iter().map(|one| worded(&one.reply, filling)).collect::<Option<_>>()?,
        later: outcomes
            .iter()
            .map(|one| one.later.as_ref().map_or(Some(BTreeMap::new()), |later| worded(&later.text, filling)))
            .collect::<Option<_>>()?,
        approved_until: match review.expires_on.as_ref() {
            _ if !approved => None,
            Some(date) => Some(checks::date(date.as_ref())?),
            None => Some(NaiveDate::MAX),
        },
    })
}

/// An answer as authors write it: yes, no, 3, 0-4, A. YES and NO may stand beside the figures that say the same.
pub(super) fn accepts(kind: &str, written: &str) -> Option<Accepts> {
    let number = |text: &str| text.trim().parse::<u32>().ok();
    let range = || {
        let (from, to) = written.split_once('-').unwrap_or((written, written));
        let (from, to) = (number(from)?, number(to)?);
        (from <= to).then_some(Accepts::Between(from, to))
    };
    match kind {
        "yes_no" | "number" | "letter" if written == "yes" => Some(Accepts::Yes),
        "yes_no" | "number" | "letter" if written == "no" => Some(Accepts::No),
        "number" => range(),
        "letter" => range().or_else(|| {
            let letter = fold(written);
            (letter.chars().count() == 1).then_some(Accepts::Letter(letter))
        }),
        _ => None,
    }
}
