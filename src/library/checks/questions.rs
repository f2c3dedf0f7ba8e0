//! Checks over `questions/`: each question can be asked, each answer comes to one thing, and somebody stands for it.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use toml::Spanned;

use super::words::known;
use super::{review, sources};
use crate::domain::language::Language;
use crate::domain::segment;
use crate::domain::survey::Accepts;
use crate::domain::wording::placeholders;
use crate::library::fault::{Fault, Spot};
use crate::library::format::{Drafts, ProgramFile, TipEntry};
use crate::library::help::Filling;
use crate::library::questions::{LaterEntry, OutcomeEntry, QuestionEntry, accepts};

const KINDS: [&str; 3] = ["yes_no", "number", "letter"];
/// An answer is waited for no longer than this many days.
const OPEN: u32 = 60;
/// Nothing is asked later than this many days after.
const LATEST: u32 = 120;
/// A question, or a reply and the question after it, takes at most so many SMS.
const LONGEST: u32 = 3;

type Texts = BTreeMap<String, Spanned<String>>;

/// `question`, and of each question `source`, `link`, `review`, `review-expired`.
pub fn questions(drafts: &Drafts, today: NaiveDate, faults: &mut Vec<Fault>) {
    let mut seen = Seen::default();
    for (owner, file) in &drafts.questions {
        let Some(program) = super::program_of(drafts, owner) else {
            faults.push(Fault::error("question", &file.spot, format!("there is no program {owner:?}")));
            continue;
        };
        let filling = Filling::of(program, drafts);
        for entry in &file.value.question {
            let spot = drafts.spot(&file.spot.file, entry.span());
            let mut look =
                Look { drafts, owner, program, filling: &filling, spot: &spot, faults: &mut *faults };
            look.question(entry.as_ref(), &mut seen);
            sources::source(drafts, &spot, entry.as_ref().source.as_ref(), faults);
            review::review(drafts, &spot, entry.as_ref().review.as_ref(), today, faults);
        }
    }
}

/// What no two questions share.
#[derive(Default)]
struct Seen {
    ids: BTreeSet<String>,
    tips: BTreeSet<String>,
}

struct Look<'a> {
    drafts: &'a Drafts,
    owner: &'a str,
    program: &'a ProgramFile,
    filling: &'a Filling<'a>,
    spot: &'a Spot,
    faults: &'a mut Vec<Fault>,
}

impl Look<'_> {
    fn wrong(&mut self, message: impl Into<String>) {
        self.faults.push(Fault::error("question", self.spot, message));
    }

    fn question(&mut self, question: &QuestionEntry, seen: &mut Seen) {
        let id = question.id.as_ref();
        let letters = id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        if id.is_empty() || !letters {
            self.wrong("an id is small letters, digits and hyphens");
        }
        if !seen.ids.insert(id.clone()) {
            self.wrong(format!("{id:?} is used already"));
        }
        if !KINDS.contains(&question.kind.as_ref().as_str()) {
            self.wrong(format!("{:?} is no kind: yes_no, number or letter", question.kind.as_ref()));
        }
        if question.open_days.as_ref().is_some_and(|days| !(1..=OPEN).contains(days.as_ref())) {
            self.wrong(format!("an answer is waited for 1 to {OPEN} days"));
        }
        if question.tip.is_none() || !question.text.is_empty() {
            self.words("the question", &question.text, None);
        }
        match &question.tip {
            Some(tip) => self.asked_by(question, tip.as_ref(), seen),
            None if self.leads_to(id) => {}
            None => {
                let message = "nobody is asked it: no tip asks it, and no answer leads to it";
                self.faults.push(Fault::warning("question", self.spot, message));
            }
        }
        if question.outcome.is_empty() {
            self.wrong("it has no outcome");
        }
        self.outcomes(question);
    }

    /// A question that a tip asks has its words from there.
    fn asked_by(&mut self, question: &QuestionEntry, id: &str, seen: &mut Seen) {
        if !seen.tips.insert(id.to_owned()) {
            self.wrong(format!("the tip {id:?} asks another question already"));
        }
        let Some(tip) = self.tip(id) else {
            return self.wrong(format!("the program has no tip {id:?}"));
        };
        let approved = |review: Option<&Spanned<_>>| review.is_some_and(review::is_approved);
        if approved(tip.review.as_ref()) && !approved(question.review.as_ref()) {
            let message = format!(
                "the tip {id:?} is approved and the question it asks is not: the public gets neither until both are"
            );
            self.faults.push(Fault::warning("question", self.spot, message));
        }
    }

    fn outcomes(&mut self, question: &QuestionEntry) {
        let kind = question.kind.as_ref();
        let mut names = BTreeSet::new();
        let mut taken: Vec<Accepts> = Vec::new();
        for outcome in question.outcome.iter().map(Spanned::as_ref) {
            let name = &outcome.name;
            if name.trim().is_empty() || !names.insert(name) {
                self.wrong(format!(
                    "{name:?}: each outcome has a name of its own, under which it is counted"
                ));
            }
            if outcome.answers.is_empty() {
                self.wrong(format!("{name}: no answer comes to it"));
            }
            // Where nobody knows what an answer is, only that is told.
            let answers = outcome.answers.iter().filter(|_| KINDS.contains(&kind.as_str()));
            for answer in answers {
                let Some(accepted) = accepts(kind, answer) else {
                    self.wrong(format!("{name}: {answer:?} is no answer to a question of the kind {kind}"));
                    continue;
                };
                if taken.iter().any(|other| overlap(other, &accepted)) {
                    self.wrong(format!("{name}: {answer:?} belongs to two outcomes"));
                }
                taken.push(accepted);
            }
            self.ways(outcome);
        }
    }

    /// What an outcome leads to.
    fn ways(&mut self, outcome: &OutcomeEntry) {
        let name = &outcome.name;
        let later = outcome.later.as_ref();
        for way in ways(outcome) {
            match self.find(way).map(|asked| asked.text.is_empty()) {
                None => self.wrong(format!("{name}: there is no question {way:?}")),
                Some(true) => {
                    self.wrong(format!("{name}: {way:?} has no words of its own to be asked with"));
                }
                Some(false) => {}
            }
        }
        let after = outcome.next.as_ref().and_then(|next| self.find(next)).map(|next| next.text.clone());
        if outcome.next.is_none() || !outcome.reply.is_empty() {
            self.words(name, &outcome.reply, after.as_ref());
        }
        let Some(later) = later else { return };
        if !(1..=LATEST).contains(&later.days) {
            self.wrong(format!("{name}: what comes later comes within 1 to {LATEST} days"));
        }
        match &later.question {
            None => self.words(&format!("{name}, later"), &later.text, None),
            Some(_) if !later.text.is_empty() => {
                self.wrong(format!("{name}: later comes a question or a text, not both"));
            }
            Some(_) => {}
        }
    }

    /// Words in each language of the program and in no other, that fit, alone or with the question after them.
    fn words(&mut self, what: &str, words: &Texts, after: Option<&Texts>) {
        let languages = self.program.languages.as_ref();
        for language in words.keys().filter(|language| !languages.contains(language)) {
            self.wrong(format!("{what} has words in {language:?}, which the program does not speak"));
        }
        for language in languages {
            let Some(text) = words.get(language).filter(|text| !text.as_ref().trim().is_empty()) else {
                self.wrong(format!("{what} has no words in {language}"));
                continue;
            };
            for name in placeholders(text.as_ref()) {
                if !known(self.drafts, Some(self.program), name) {
                    let message = format!("{what} in {language} cannot know {{{name}}}");
                    self.faults.push(Fault::error("placeholder", self.spot, message));
                }
            }
            let Ok(spoken) = language.parse::<Language>() else { continue };
            let mut whole = self.filling.longest(spoken, text.as_ref());
            if let Some(next) = after.and_then(|after| after.get(language)) {
                whole = format!("{whole} {}", self.filling.longest(spoken, next.as_ref()));
            }
            let segments = segment::count(&whole).segments;
            if segments > LONGEST {
                self.wrong(format!("{what} in {language} takes {segments} SMS: at most {LONGEST}"));
            }
        }
    }

    fn tip(&self, id: &str) -> Option<&TipEntry> {
        let mut tips = self.drafts.tips.iter().filter(|(owner, _)| owner == self.owner);
        let named = |tip: &TipEntry| tip.id.as_ref().is_some_and(|name| name.as_ref() == id);
        tips.find(|(_, tip)| named(&tip.value)).map(|(_, tip)| &tip.value)
    }

    fn find(&self, id: &str) -> Option<&QuestionEntry> {
        self.all().find(|question| question.id.as_ref() == id)
    }

    /// Whether an answer to another question leads to one.
    fn leads_to(&self, id: &str) -> bool {
        let others = self.all().filter(|question| question.id.as_ref() != id);
        others
            .flat_map(|question| &question.outcome)
            .flat_map(|outcome| ways(outcome.as_ref()))
            .any(|way| way == id)
    }

    /// The program's questions.
    fn all(&self) -> impl Iterator<Item = &QuestionEntry> {
        let files = self.drafts.questions.iter().filter(|(owner, _)| owner == self.owner);
        files.flat_map(|(_, file)| &file.value.question).map(Spanned::as_ref)
    }
}

/// The questions that an outcome leads to.
fn ways(outcome: &OutcomeEntry) -> impl Iterator<Item = &String> {
    let later = outcome.later.as_ref();
    outcome.next.iter().chain(later.and_then(|later: &LaterEntry| later.question.as_ref()))
}

fn overlap(one: &Accepts, other: &Accepts) -> bool {
    match (one, other) {
        (Accepts::Between(from, to), Accepts::Between(first, last)) => from <= last && first <= to,
        _ => one == other,
    }
}
