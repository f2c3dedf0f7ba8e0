//! The questions as they stand in the book: who asks, what answers come to, what is said to each, who signed.

use toml::Spanned;

use super::block::{dates, source, text};
use super::gather::{Desk, css_string};
use super::{Column, First, Source, phrases};
use crate::library::format::{At, TipEntry};
use crate::library::questions::{LaterEntry, OPEN_DAYS, OutcomeEntry, QuestionEntry, QuestionsFile};
use crate::library::state::State;

/// All questions of a program.
pub struct Questions {
    /// Their page's name in the style sheet.
    pub page: String,
    /// Their running head, as a string of the style sheet.
    pub head: String,
    /// A section for each of the authors' files.
    pub surveys: Vec<Survey>,
    /// How many there are in each state: draft, approved, expired.
    pub states: [usize; 3],
}

/// Questions that belong together: one file.
pub struct Survey {
    /// Where links to it lead.
    pub anchor: String,
    /// The file's name in words.
    pub title: String,
    /// In its order.
    pub questions: Vec<QuestionBlock>,
}

/// A question.
pub struct QuestionBlock {
    /// Where links to it lead.
    pub anchor: String,
    /// Its id.
    pub id: String,
    /// How it is answered, in words.
    pub kind: &'static str,
    /// For how many days an answer is waited for.
    pub open_days: u32,
    /// The tip that asks it.
    pub tip: Option<First>,
    /// That tip's words.
    pub asked: Vec<Column>,
    /// The answers to other questions that lead to it, in words.
    pub after: Vec<String>,
    /// Its own words, where an answer leads to it.
    pub columns: Vec<Column>,
    /// What its answers come to.
    pub outcomes: Vec<OutcomeBlock>,
    /// Where its facts come from.
    pub source: Source,
    /// How far its review has come.
    pub state: State,
    /// The same in words, with who signed and until when.
    pub mark: String,
}

/// What some answers come to.
pub struct OutcomeBlock {
    /// The name under which it is counted.
    pub name: String,
    /// The answers.
    pub answers: String,
    /// What is said at once.
    pub columns: Vec<Column>,
    /// The question in the same text.
    pub next: Option<Way>,
    /// What comes later.
    pub later: Option<LaterBlock>,
}

/// A way to another question.
pub struct Way {
    /// Where the link leads.
    pub anchor: String,
    /// The question's id.
    pub id: String,
}

/// What comes days later.
pub struct LaterBlock {
    /// How many.
    pub days: u32,
    /// The question asked then.
    pub question: Option<Way>,
    /// Or what is said.
    pub columns: Vec<Column>,
}

impl Desk<'_> {
    /// All questions of the program; none if it asks nothing.
    pub fn questions(&self, name: &str) -> Option<Questions> {
        let surveys: Vec<Survey> = self.surveys().map(|file| self.survey(file)).collect();
        let of_state = |state: &State| {
            let all = surveys.iter().flat_map(|survey| &survey.questions);
            all.filter(|question| question.state == *state).count()
        };
        let states = State::ALL.each_ref().map(of_state);
        (states.iter().sum::<usize>() > 0).then(|| Questions {
            page: self.page("questions"),
            head: css_string(&format!("{name} · Questions")),
            states,
            surveys,
        })
    }

    fn surveys(&self) -> impl Iterator<Item = &At<QuestionsFile>> {
        self.drafts.questions.iter().filter(|(owner, _)| *owner == self.program.id).map(|(_, file)| file)
    }

    fn survey(&self, file: &At<QuestionsFile>) -> Survey {
        let stem = file.spot.file.trim_end_matches(".toml").rsplit('/').next().unwrap_or_default();
        let title = stem.replace('-', " ");
        let mut letters = title.chars();
        let title = letters
            .next()
            .map_or_else(String::new, |first| first.to_uppercase().to_string() + letters.as_str());
        Survey {
            anchor: format!("{}-questions-{stem}", self.program.id),
            title,
            questions: file.value.question.iter().map(|entry| self.question(entry.as_ref())).collect(),
        }
    }

    fn question(&self, entry: &QuestionEntry) -> QuestionBlock {
        let review = entry.review.as_ref().map(Spanned::as_ref);
        let (until, on) = review.map_or((None, None), dates);
        let state = State::of(until, self.today);
        let reviewer = review.map_or_else(String::new, |review| text(&review.reviewer));
        let tip: Option<&TipEntry> = entry.tip.as_ref().and_then(|tip| self.tip(tip.as_ref()));
        QuestionBlock {
            anchor: anchor(entry.id.as_ref()),
            id: entry.id.as_ref().clone(),
            kind: phrases::kind(entry.kind.as_ref()),
            open_days: entry.open_days.as_ref().map_or(OPEN_DAYS, |days| *days.as_ref()),
            tip: entry.tip.as_ref().and_then(|tip| self.first(tip.as_ref())),
            asked: tip.map(|tip| self.columns(&tip.text)).unwrap_or_default(),
            after: self.after(entry.id.as_ref()),
            columns: self.columns(&entry.text),
            outcomes: entry.outcome.iter().map(|outcome| self.outcome(outcome.as_ref())).collect(),
            source: entry.source.as_ref().map(|entry| source(entry.as_ref())).unwrap_or_default(),
            state,
            mark: phrases::mark(state, &reviewer, on, until),
        }
    }

    fn outcome(&self, outcome: &OutcomeEntry) -> OutcomeBlock {
        OutcomeBlock {
            name: outcome.name.clone(),
            answers: outcome.answers.join(", "),
            columns: self.columns(&outcome.reply),
            next: outcome.next.as_ref().map(|next| way(next)),
            later: outcome.later.as_ref().map(|later| LaterBlock {
                days: later.days,
                question: later.question.as_ref().map(|question| way(question)),
                columns: self.columns(&later.text),
            }),
        }
    }

    /// The answers that lead to a question: "the answer not-yet to us-flu-1, 30 days later".
    fn after(&self, id: &str) -> Vec<String> {
        let mut ways = Vec::new();
        for entry in self.surveys().flat_map(|file| &file.value.question).map(Spanned::as_ref) {
            for outcome in entry.outcome.iter().map(Spanned::as_ref) {
                let answer = format!("the answer {} to {}", outcome.name, entry.id.as_ref());
                if outcome.next.as_deref() == Some(id) {
                    ways.push(format!("{answer}, at once"));
                }
                let later = |later: &&LaterEntry| later.question.as_deref() == Some(id);
                if let Some(later) = outcome.later.as_ref().filter(later) {
                    ways.push(format!("{answer}, {} days later", later.days));
                }
            }
        }
        ways
    }
}

fn way(question: &str) -> Way {
    Way { anchor: anchor(question), id: question.to_owned() }
}

/// Where links to a question lead: no id of a tip has a point in it.
fn anchor(question: &str) -> String {
    format!("ask.{question}")
}
