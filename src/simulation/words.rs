//! What a text from us says, known by its words alone, as a woman knows it who reads it.
//!
//! Nothing here asks the conversation or the database: replies are found by the authors' own wordings, tips and
//! questions by the words that an edition gave them.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use chrono::NaiveDate;
use unicode_normalization::UnicodeNormalization;

use crate::domain::conversation::Reply;
use crate::domain::gestation::Track;
use crate::domain::plan::Needs;
use crate::domain::survey::Accepts;
use crate::library::{Carries, Library};

/// What a text says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Says {
    /// A tip, by its place among the tips.
    Tip(u32),
    /// One of the authored replies.
    Reply(Reply),
    /// A question of the library, by its place.
    Question(u32),
    /// Something else: an answer to an answer, a correction, several texts in one.
    Other,
}

/// A tip, as the files have it.
#[derive(Clone, Debug)]
pub struct TipFact {
    /// Its id.
    pub id: Arc<str>,
    /// What must be true for it to be right.
    pub needs: Needs,
    /// Its track.
    pub track: Track,
    /// Completed weeks.
    pub week: i64,
    /// Whether a reviewer stands for it on the first day.
    pub approved: bool,
    /// The question it asks.
    pub asks: Option<u32>,
}

/// A question, as far as whoever answers it must know.
#[derive(Clone, Debug)]
pub struct QuestionFact {
    /// Its id.
    pub id: String,
    /// Answers that are understood.
    pub answers: Vec<Accepts>,
}

/// Everything that may be said.
pub struct Words {
    /// Tips.
    pub tips: Vec<TipFact>,
    /// Questions.
    pub questions: Vec<QuestionFact>,
    by_tip: HashMap<String, u32>,
    by_words: HashMap<(String, Arc<str>), u32>,
    asked: HashMap<(String, String), u32>,
    replies: Vec<Wording>,
}

/// A reply's wording: what stands between its placeholders.
struct Wording {
    reply: Reply,
    parts: Vec<String>,
    length: usize,
}

impl Words {
    /// Of a library's files.
    pub fn of(library: &Library, on: NaiveDate) -> Self {
        let mut words = Self {
            tips: Vec::new(),
            questions: Vec::new(),
            by_tip: HashMap::new(),
            by_words: HashMap::new(),
            asked: HashMap::new(),
            replies: wordings(library),
        };
        for program in library.programs.values() {
            let mut by_tip = BTreeMap::new();
            for (id, asking) in &program.questions {
                let place = words.questions.len() as u32;
                let outcomes = &asking.question.outcomes;
                let answers = outcomes.iter().flat_map(|outcome| outcome.answers.clone()).collect();
                words.questions.push(QuestionFact { id: id.clone(), answers });
                for text in asking.words.values() {
                    words.asked.insert((program.id.clone(), text.clone()), place);
                }
                by_tip.extend(asking.question.tip.clone().map(|tip| (tip, place)));
            }
            for (slot, tip) in program.tips() {
                let place = words.tips.len() as u32;
                words.tips.push(TipFact {
                    id: tip.id.clone(),
                    needs: tip.needs,
                    track: slot.track,
                    week: slot.week,
                    approved: tip.may_go(on, Carries::Approved),
                    asks: by_tip.get(&*tip.id).copied(),
                });
                words.by_tip.insert(tip.id.to_string(), place);
            }
        }
        words.learn(library);
        words
    }

    /// Learns the words that an edition gives to tips it has.
    pub fn learn(&mut self, library: &Library) {
        for program in library.programs.values() {
            for (_, tip) in program.tips() {
                let Some(place) = self.by_tip.get(&*tip.id).copied() else { continue };
                for words in tip.texts.values() {
                    for text in std::iter::once(&words.national).chain(words.local.values()) {
                        self.by_words.insert((program.id.clone(), text.body.clone()), place);
                    }
                }
            }
        }
    }

    /// The place of a tip.
    pub fn tip(&self, id: &str) -> Option<u32> {
        self.by_tip.get(id).copied()
    }

    /// What a text of a program says.
    pub fn read(&self, program: &str, body: &str) -> Says {
        if let Some(tip) = self.by_words.get(&(program.to_owned(), Arc::from(body))) {
            return Says::Tip(*tip);
        }
        if let Some(question) = self.asked.get(&(program.to_owned(), body.to_owned())) {
            return Says::Question(*question);
        }
        // A question may follow the answer to the one before, in one text.
        let follows = || {
            let ending =
                self.asked.iter().find(|((of, text), _)| of == program && body.ends_with(text.as_str()));
            ending.map(|(_, place)| Says::Question(*place))
        };
        let fitting = self.replies.iter().filter(|wording| wording.fits(body));
        let longest = fitting.max_by_key(|wording| wording.length).map(|wording| Says::Reply(wording.reply));
        // What still waited follows the answer to SAFE OFF.
        let in_front = || {
            let (first, _) = body.split_once('\n')?;
            let off = |wording: &&Wording| wording.reply == Reply::SafeOff && wording.fits(first);
            self.replies.iter().find(off).map(|wording| Says::Reply(wording.reply))
        };
        in_front().or(longest).or_else(follows).unwrap_or(Says::Other)
    }
}

impl Wording {
    fn fits(&self, body: &str) -> bool {
        let Some((first, rest)) = self.parts.split_first() else { return false };
        let Some(mut left) = body.strip_prefix(first.as_str()) else { return false };
        let Some((last, between)) = rest.split_last() else { return left.is_empty() };
        for part in between {
            let Some(at) = left.find(part.as_str()) else { return false };
            left = &left[at + part.len()..];
        }
        left.ends_with(last.as_str())
    }
}

/// The wordings of all languages, read from the files themselves.
fn wordings(library: &Library) -> Vec<Wording> {
    let files = library.files.0.iter().filter(|(path, _)| path.starts_with("replies/"));
    let tables = files.filter_map(|(_, content)| content.parse::<toml::Table>().ok());
    let mut found = Vec::new();
    for table in tables {
        for (key, value) in &table {
            let (Some(reply), Some(words)) = (Reply::named(key), value.as_str()) else { continue };
            let words: String = words.nfc().collect();
            let mut parts = Vec::new();
            let mut left = words.as_str();
            while let Some((before, after)) = left.split_once('{') {
                parts.push(before.to_owned());
                left = after.split_once('}').map_or("", |(_, rest)| rest);
            }
            parts.push(left.to_owned());
            let length = parts.iter().map(String::len).sum();
            found.push(Wording { reply, parts, length });
        }
    }
    found
}
