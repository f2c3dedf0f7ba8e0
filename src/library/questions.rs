//! Questions with answers: `questions/<program>/<survey>.toml`, their shape, their checks, and made ready.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use serde::Deserialize;
use toml::Spanned;

use super::checks;
use super::fault::Fault;
use super::format::{Drafts, ReviewEntry, SourceEntry};
use super::help::Filling;
use super::program::{Carries, Text};
use crate::domain::keyword::fold;
use crate::domain::language::Language;
use crate::domain::segment;
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
const OPEN_DAYS: u32 = 14;
/// Nothing is asked later than this many days after.
const LATEST: u32 = 120;
/// A reply and the question after it take at most so many SMS.
const LONGEST: u32 = 3;

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
    approved_until: Option<NaiveDate>,
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

/// An answer as authors write it: yes, no, 3, 0-4, A.
fn accepts(kind: &str, written: &str) -> Option<Accepts> {
    let number = |text: &str| text.trim().parse::<u32>().ok();
    let range = || match written.split_once('-') {
        Some((from, to)) => Some(Accepts::Between(number(from)?, number(to)?)),
        None => number(written).map(|one| Accepts::Between(one, one)),
    };
    match kind {
        "yes_no" if written == "yes" => Some(Accepts::Yes),
        "yes_no" if written == "no" => Some(Accepts::No),
        "number" => range(),
        "letter" => range().or_else(|| {
            let letter = fold(written);
            (letter.chars().count() == 1).then_some(Accepts::Letter(letter))
        }),
        _ => None,
    }
}

/// `question`: ids, kinds, answers that overlap, ways that lead nowhere, words that are missing or too long.
pub fn questions(drafts: &Drafts, _: NaiveDate, faults: &mut Vec<Fault>) {
    let mut seen = BTreeSet::new();
    for (owner, file) in &drafts.questions {
        let Some(program) = drafts.programs.iter().find(|program| program.value.id.as_ref() == owner) else {
            faults.push(Fault::error("question", &file.spot, format!("there is no program {owner:?}")));
            continue;
        };
        let filling = Filling::of(&program.value, drafts);
        for entry in &file.value.question {
            let look = Look { drafts, owner, filling: &filling, languages: program.value.languages.as_ref() };
            let wrong = look.question(entry, &mut seen);
            let spot = drafts.spot(&file.spot.file, entry.span());
            faults.extend(wrong.into_iter().map(|message| Fault::error("question", &spot, message)));
        }
    }
}

struct Look<'a> {
    drafts: &'a Drafts,
    owner: &'a str,
    filling: &'a Filling<'a>,
    languages: &'a [String],
}

impl Look<'_> {
    fn question(&self, entry: &Spanned<QuestionEntry>, seen: &mut BTreeSet<String>) -> Vec<String> {
        let question = entry.as_ref();
        let id = question.id.as_ref();
        let mut wrong = Vec::new();
        if !seen.insert(id.clone()) {
            wrong.push(format!("{id:?} is used already"));
        }
        if !["yes_no", "number", "letter"].contains(&question.kind.as_ref().as_str()) {
            wrong.push(format!("{:?} is no kind: yes_no, number or letter", question.kind.as_ref()));
        }
        match &question.tip {
            Some(tip) if !self.has_tip(tip.as_ref()) => {
                wrong.push(format!("the program has no tip {:?}", tip.as_ref()))
            }
            Some(_) => {}
            None => wrong.extend(self.words("the question", &question.text, None)),
        }
        if question.outcome.is_empty() {
            wrong.push("it has no outcome".to_owned());
        }
        wrong.extend(self.review(question));
        wrong.extend(self.outcomes(question));
        wrong
    }

    fn review(&self, question: &QuestionEntry) -> Option<String> {
        let review = question.review.as_ref().map(Spanned::as_ref);
        let state = review.and_then(|review| review.state.as_ref()).map(|state| state.as_ref().as_str());
        let signed = review.is_some_and(|review| {
            review.reviewer.is_some() && review.reviewed_on.is_some() && review.expires_on.is_some()
        });
        match state {
            Some("draft") => None,
            Some("approved") if signed => None,
            Some("approved") => {
                Some("an approved question names its reviewer, reviewed_on and expires_on".to_owned())
            }
            _ => Some("say who stands for it: [question.review] state = \"draft\"".to_owned()),
        }
    }

    fn outcomes(&self, question: &QuestionEntry) -> Vec<String> {
        let kind = question.kind.as_ref();
        let mut wrong = Vec::new();
        let mut taken: Vec<Accepts> = Vec::new();
        for outcome in question.outcome.iter().map(Spanned::as_ref) {
            let name = &outcome.name;
            for answer in &outcome.answers {
                let Some(accepted) = accepts(kind, answer) else {
                    wrong.push(format!("{name}: {answer:?} is no answer to a question of the kind {kind}"));
                    continue;
                };
                if taken.iter().any(|other| overlap(other, &accepted)) {
                    wrong.push(format!("{name}: {answer:?} belongs to two outcomes"));
                }
                taken.push(accepted);
            }
            let next = outcome.next.as_ref();
            let later = outcome.later.as_ref();
            for way in next.into_iter().chain(later.and_then(|later| later.question.as_ref())) {
                match self.find(way) {
                    None => wrong.push(format!("{name}: there is no question {way:?}")),
                    Some(asked) if asked.text.is_empty() => {
                        wrong.push(format!("{name}: {way:?} has no words of its own to be asked with"));
                    }
                    Some(_) => {}
                }
            }
            if later.is_some_and(|later| !(1..=LATEST).contains(&later.days)) {
                wrong.push(format!("{name}: what comes later comes within 1 to {LATEST} days"));
            }
            let after = next.and_then(|next| self.find(next)).map(|next| &next.text);
            if next.is_none() || !outcome.reply.is_empty() {
                wrong.extend(self.words(name, &outcome.reply, after));
            }
            if let Some(later) = later.filter(|later| later.question.is_none()) {
                wrong.extend(self.words(&format!("{name}, later"), &later.text, None));
            }
        }
        wrong
    }

    fn words(
        &self,
        what: &str,
        words: &BTreeMap<String, Spanned<String>>,
        after: Option<&BTreeMap<String, Spanned<String>>>,
    ) -> Vec<String> {
        let mut wrong = Vec::new();
        for language in self.languages {
            let Some(text) = words.get(language) else {
                wrong.push(format!("{what} has no words in {language}"));
                continue;
            };
            let Ok(spoken) = language.parse::<Language>() else { continue };
            let mut whole = self.filling.longest(spoken, text.as_ref());
            if let Some(next) = after.and_then(|after| after.get(language)) {
                whole = format!("{whole} {}", self.filling.longest(spoken, next.as_ref()));
            }
            let segments = segment::count(&whole).segments;
            if segments > LONGEST {
                wrong.push(format!("{what} in {language} takes {segments} SMS: at most {LONGEST}"));
            }
        }
        wrong
    }

    fn has_tip(&self, id: &str) -> bool {
        let mut tips = self.drafts.tips.iter().filter(|(owner, _)| owner == self.owner);
        tips.any(|(_, tip)| tip.value.id.as_ref().is_some_and(|name| name.as_ref() == id))
    }

    fn find(&self, id: &str) -> Option<&QuestionEntry> {
        let files = self.drafts.questions.iter().filter(|(owner, _)| owner == self.owner);
        let mut all = files.flat_map(|(_, file)| &file.value.question).map(Spanned::as_ref);
        all.find(|question| question.id.as_ref() == id)
    }
}

fn overlap(one: &Accepts, other: &Accepts) -> bool {
    match (one, other) {
        (Accepts::Between(from, to), Accepts::Between(first, last)) => from <= last && first <= to,
        _ => one == other,
    }
}
