//! The lexicons: what each language's `keywords.toml` holds, and all of them made ready for look-up.

use std::collections::HashSet;

use serde::Deserialize;

use super::{
    StartWord,
    fold::fold,
    message::Word,
    pattern::{Classes, Pattern},
    spelling::Spelling,
};

/// One language's `lexicons/<language>/keywords.toml`. The file itself explains each list to its authors.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeywordWords {
    pub(super) courtesies: Vec<Pattern>,
    pub(super) asides: Vec<Pattern>,
    pub(super) questions: Vec<Pattern>,
    pub(super) classes: Classes,
    pub(super) stop: StopWords,
    pub(super) loss: LossWords,
    pub(super) help: WholeTexts,
    pub(super) start: WholeTexts,
    pub(super) update: WholeTexts,
    pub(super) baby: BabyWords,
    pub(super) answers: AnswerWords,
    real_words: RealWords,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StopWords {
    pub words: Vec<Pattern>,
    pub alone: Vec<Pattern>,
    pub wording: Vec<Pattern>,
    pub unless: Vec<Pattern>,
    pub hedges: Vec<Pattern>,
    pub doubt: Vec<Pattern>,
    pub harmless: Vec<Pattern>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LossWords {
    pub words: Vec<Pattern>,
    pub wording: Vec<Pattern>,
    pub unless: Vec<Pattern>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct WholeTexts {
    pub words: Vec<Pattern>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct BabyWords {
    pub beside: Vec<Pattern>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AnswerWords {
    pub yes: Vec<Pattern>,
    pub no: Vec<Pattern>,
    pub skip: Vec<Pattern>,
    pub last_period: Vec<Pattern>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RealWords {
    list: String,
}

impl KeywordWords {
    /// Faults that only show once the whole file is read: patterns that name a class it does not have.
    pub fn faults(&self) -> Vec<String> {
        let named = self.patterns().into_iter().flat_map(Pattern::class_names);
        let named: HashSet<&str> = named
            .chain(self.classes.values().flat_map(|class| class.class_names()))
            .collect();
        let mut unknown: Vec<&str> = named
            .into_iter()
            .filter(|name| !self.classes.contains_key(*name))
            .collect();
        unknown.sort_unstable();
        unknown
            .into_iter()
            .map(|name| format!("a pattern names <{name}>, but [classes] has no list of that name"))
            .collect()
    }

    /// Whether any of these is said within the words.
    pub(super) fn says(&self, patterns: &[Pattern], words: &[Word]) -> bool {
        patterns
            .iter()
            .any(|pattern| pattern.is_in(words, &self.classes))
    }

    /// Whether any of these is all the words say.
    pub(super) fn says_only(&self, patterns: &[Pattern], words: &[Word]) -> bool {
        patterns
            .iter()
            .any(|pattern| pattern.is_all_of(words, &self.classes))
    }

    fn patterns(&self) -> Vec<&Pattern> {
        let Self {
            stop,
            loss,
            answers,
            ..
        } = self;
        [
            &self.courtesies,
            &self.asides,
            &self.questions,
            &self.help.words,
            &self.start.words,
            &self.update.words,
            &self.baby.beside,
            &stop.words,
            &stop.alone,
            &stop.wording,
            &stop.unless,
            &stop.hedges,
            &stop.doubt,
            &stop.harmless,
            &loss.words,
            &loss.wording,
            &loss.unless,
            &answers.yes,
            &answers.no,
            &answers.skip,
            &answers.last_period,
        ]
        .into_iter()
        .flatten()
        .collect()
    }

    fn vocabulary(&self) -> impl Iterator<Item = &str> {
        let classes = self.classes.values().flat_map(|class| class.vocabulary());
        self.patterns()
            .into_iter()
            .flat_map(Pattern::vocabulary)
            .chain(classes)
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
        let written = languages
            .iter()
            .flat_map(|(_, words)| words.vocabulary())
            .map(str::to_owned);
        let vocabulary = written
            .chain(starts.iter().flat_map(|start| start.parts.clone()))
            .collect();
        let real = languages
            .iter()
            .flat_map(|(_, words)| words.real_words.list.split_whitespace());
        let spelling = Spelling::new(vocabulary, real.map(fold).collect());
        Self {
            languages,
            starts,
            spelling,
        }
    }

    /// The lexicons, hers first: a word that two languages share means what it means in hers.
    pub(super) fn hers_first(&self, language: &str) -> Vec<&KeywordWords> {
        let (hers, others): (Vec<_>, Vec<_>) = self
            .languages
            .iter()
            .partition(|(code, _)| code == language);
        hers.into_iter()
            .chain(others)
            .map(|(_, words)| words)
            .collect()
    }

    /// Every lexicon.
    pub(super) fn lexicons(&self) -> impl Iterator<Item = &KeywordWords> {
        self.languages.iter().map(|(_, words)| words)
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
