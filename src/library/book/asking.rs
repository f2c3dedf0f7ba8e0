//! The questions as they stand in the book: who asks, what answers come to, what is said to each, who signed.

use toml::Spanned;

use super::block::{dates, source, text};
use super::gather::{Desk, css_string};
use super::{LaterBlock, OutcomeBlock, QuestionBlock, Questions, Survey, Way, phrases};
use crate::library::format::{At, TipEntry};
use crate::library::questions::{LaterEntry, OPEN_DAYS, OutcomeEntry, QuestionEntry, QuestionsFile};
use crate::library::state::State;

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
