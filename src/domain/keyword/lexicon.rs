//! The lexicons: what each language's `keywords.toml` holds, and all of them made ready for look-up.

use std::collections::BTreeSet;

use serde::Deserialize;

use super::{
    StartWord,
    fold::fold,
    message::Word,
    pattern::{Choice, Classes},
    spelling::Spelling,
};

/// One language's `lexicons/<language>/keywords.toml`. The file itself explains each list to its authors.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeywordWords {
    pub(in crate::domain) courtesies: Choice,
    pub(super) asides: Choice,
    pub(super) questions: Choice,
    pub(in crate::domain) classes: Classes,
    pub(super) stop: StopWords,
    pub(super) loss: LossWords,
    pub(super) help: WholeTexts,
    pub(super) start: WholeTexts,
    pub(super) update: WholeTexts,
    pub(super) baby: BabyWords,
    pub(super) answers: AnswerWords,
    pub(in crate::domain) real_words: RealWords,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StopWords {
    pub words: Choice,
    pub alone: Choice,
    pub wording: Choice,
    pub unless: Choice,
    pub hedges: Choice,
    pub doubt: Choice,
    pub harmless: Choice,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LossWords {
    pub words: Choice,
    pub wording: Choice,
    pub asked: Choice,
    pub unless: Choice,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WholeTexts {
    pub words: Choice,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct BabyWords {
    pub beside: Choice,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AnswerWords {
    pub yes: Choice,
    pub no: Choice,
    pub skip: Choice,
    pub last_period: Choice,
    #[serde(default)]
    pub still_her: Choice,
}

/// Words that must not be taken for slips of others.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::domain) struct RealWords {
    list: String,
}

impl RealWords {
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.list.split_whitespace()
    }
}

impl KeywordWords {
    /// Faults that only show once the whole file is read: patterns that name a class it does not have.
    pub fn faults(&self) -> Vec<String> {
        let named: BTreeSet<&str> = self.lists().flat_map(Choice::class_names).collect();
        let unknown = named.into_iter().filter(|name| !self.classes.contains_key(*name));
        unknown
            .map(|name| format!("a pattern names <{name}>, but [classes] has no list of that name"))
            .collect()
    }

    /// Whether any of these is said within the words.
    pub(super) fn says(&self, list: &Choice, words: &[Word]) -> bool {
        list.is_in(words, &self.classes)
    }

    /// Whether any of these is all the words say.
    pub(super) fn says_only(&self, list: &Choice, words: &[Word]) -> bool {
        list.is_all_of(words, &self.classes)
    }

    fn lists(&self) -> impl Iterator<Item = &Choice> {
        let Self { stop, loss, answers, .. } = self;
        let lists = [
            [&self.courtesies, &self.asides, &self.questions, &self.help.words, &self.start.words],
            [&self.update.words, &self.baby.beside, &stop.words, &stop.alone, &stop.wording],
            [&stop.unless, &stop.hedges, &stop.doubt, &stop.harmless, &loss.words],
            [&loss.wording, &loss.asked, &loss.unless, &answers.yes, &answers.no],
        ];
        let classes = self.classes.values();
        let others = [&answers.skip, &answers.last_period, &answers.still_her];
        lists.into_iter().flatten().chain(others).chain(classes)
    }
}

/// All languages of the library and all programs' start words, ready for look-up.
#[derive(Clone, Debug)]
pub struct Keywords {
    languages: Vec<(String, KeywordWords)>,
    pub(super) starts: Vec<Start>,
    pub(super) spelling: Spelling,
}

/// A start word taken apart.
#[derive(Clone, Debug)]
pub(super) struct Start {
    pub word: StartWord,
    pub parts: Vec<String>,
}

impl Keywords {
    /// Makes the lexicons and the programs' start words ready.
    pub fn new(
        words: impl IntoIterator<Item = (String, KeywordWords)>,
        starts: impl IntoIterator<Item = StartWord>,
    ) -> Self {
        let languages: Vec<(String, KeywordWords)> = words.into_iter().collect();
        let starts: Vec<Start> = starts.into_iter().map(Start::from).collect();
        let lists = languages.iter().flat_map(|(_, words)| words.lists());
        let written = lists.flat_map(Choice::vocabulary).map(str::to_owned);
        let vocabulary = written.chain(starts.iter().flat_map(|start| start.parts.clone())).collect();
        let real = languages.iter().flat_map(|(_, words)| words.real_words.iter());
        let spelling = Spelling::new(vocabulary, real.map(fold).collect());
        Self { languages, starts, spelling }
    }

    /// The lexicons, hers first: a word that two languages share means what it means in hers.
    pub(super) fn hers_first(&self, language: &str) -> Vec<&KeywordWords> {
        let (hers, others): (Vec<_>, Vec<_>) = self.languages.iter().partition(|(code, _)| code == language);
        hers.into_iter().chain(others).map(|(_, words)| words).collect()
    }

    /// Makes ready what is otherwise made when it is first asked.
    pub fn warm(&self) {
        self.spelling.warm();
    }

    /// Every lexicon.
    pub(super) fn lexicons(&self) -> impl Iterator<Item = &KeywordWords> {
        self.languages.iter().map(|(_, words)| words)
    }
}

impl Start {
    /// Whether the words are this start word and nothing else.
    pub fn is(&self, words: &[Word]) -> bool {
        let fits = |(part, word): (&String, &Word)| word.readings().any(|reading| reading == part);
        !words.is_empty() && self.parts.len() == words.len() && self.parts.iter().zip(words).all(fits)
    }
}

impl From<StartWord> for Start {
    fn from(word: StartWord) -> Self {
        let parts = fold(&word.word)
            .split(|c: char| !c.is_alphanumeric())
            .filter(|part| !part.is_empty())
            .map(str::to_owned)
            .collect();
        Self { word, parts }
    }
}
