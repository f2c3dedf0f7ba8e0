//! Patterns: wordings as a lexicon describes them (the notation is `notation`'s), and how they match.
//!
//! Matching keeps the set of places reached so far, so its cost grows with text and pattern, never beyond.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use super::message::Word;

/// Words that `...` may stand for.
const GAP: usize = 4;

/// The named lists of a lexicon.
pub type Classes = BTreeMap<String, Choice>;

/// A described wording: its parts, one after the other.
#[derive(Clone, Debug, Deserialize)]
#[serde(try_from = "String")]
pub struct Pattern(pub(super) Vec<Node>);

/// One of several wordings: a list of a lexicon, or a bracket within a pattern.
///
/// Nearly all begin with a word that is written out, so the words of a text find the few that may fit.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(from = "Vec<Pattern>")]
pub struct Choice {
    /// Wordings of one word, in order: nearly all brackets hold a few, and there are tens of thousands of brackets.
    words: Vec<String>,
    longer: Vec<Pattern>,
    /// Which of the longer ones begin with a word, in order.
    by_first: Vec<(String, usize)>,
    /// Those whose first word cannot be told beforehand.
    others: Vec<usize>,
}

/// A part of a pattern.
#[derive(Clone, Debug)]
pub enum Node {
    Word(String),
    Begins(String),
    Ends(String),
    Number,
    Choice(Choice),
    Maybe(Choice),
    Class(String),
    Gap,
    First,
    Last,
}

type Places = BTreeSet<usize>;

impl Choice {
    /// Whether the words say one of these anywhere.
    pub fn is_in(&self, words: &[Word], classes: &Classes) -> bool {
        !self.advance(words, classes, &(0..=words.len()).collect()).is_empty()
    }

    /// Whether the words say one of these and nothing else.
    pub fn is_all_of(&self, words: &[Word], classes: &Classes) -> bool {
        !words.is_empty() && self.reach(0, words, classes).contains(&words.len())
    }

    /// How many words at the beginning say one of these.
    pub fn leads(&self, words: &[Word], classes: &Classes) -> usize {
        self.reach(0, words, classes).last().copied().unwrap_or(0)
    }

    /// How many words at the end say one of these.
    pub fn trails(&self, words: &[Word], classes: &Classes) -> usize {
        let begin = (0..words.len()).find(|&at| self.reach(at, words, classes).contains(&words.len()));
        words.len() - begin.unwrap_or(words.len())
    }

    /// Where one of these is first said.
    pub fn first_in(&self, words: &[Word], classes: &Classes) -> Option<usize> {
        (0..words.len()).find(|&at| !self.reach(at, words, classes).is_empty())
    }

    /// Every word written out in these.
    pub fn vocabulary(&self) -> Vec<&str> {
        let mut words = Vec::new();
        self.each(&mut |choice| {
            words.extend(choice.words.iter().map(String::as_str));
            words.extend(choice.parts().filter_map(|node| match node {
                Node::Word(word) => Some(word.as_str()),
                _ => None,
            }));
        });
        words
    }

    /// Every class named in these.
    pub fn class_names(&self) -> Vec<&str> {
        let mut names = Vec::new();
        self.each(&mut |choice| {
            names.extend(choice.parts().filter_map(|node| match node {
                Node::Class(name) => Some(name.as_str()),
                _ => None,
            }));
        });
        names
    }

    /// Looks at this list and at each bracket within it.
    fn each<'a>(&'a self, look: &mut dyn FnMut(&'a Self)) {
        look(self);
        for node in self.parts() {
            if let Node::Choice(choice) | Node::Maybe(choice) = node {
                choice.each(look);
            }
        }
    }

    /// The parts of the longer ones.
    fn parts(&self) -> impl Iterator<Item = &Node> {
        self.longer.iter().flat_map(|pattern| &pattern.0)
    }

    fn reach(&self, at: usize, words: &[Word], classes: &Classes) -> Places {
        self.advance(words, classes, &Places::from([at]))
    }

    fn advance(&self, words: &[Word], classes: &Classes, from: &Places) -> Places {
        let mut reached = Places::new();
        for &at in from {
            for reading in words.get(at).into_iter().flat_map(Word::readings) {
                if self.words.binary_search_by(|word| word.as_str().cmp(reading)).is_ok() {
                    reached.insert(at + 1);
                }
                let begin = self.by_first.partition_point(|(first, _)| first.as_str() < reading);
                let fits = |entry: &&(String, usize)| entry.0 == reading;
                for &(_, index) in self.by_first[begin..].iter().take_while(fits) {
                    reached.append(&mut self.longer[index].advance(words, classes, Places::from([at])));
                }
            }
        }
        for &index in &self.others {
            reached.append(&mut self.longer[index].advance(words, classes, from.clone()));
        }
        reached
    }

    /// The wordings of one word.
    pub fn single_words(&self) -> &[String] {
        &self.words
    }

    /// The longer ones.
    pub fn longer(&self) -> &[Pattern] {
        &self.longer
    }

    /// The list taken apart: the wordings of one word, and the longer ones.
    pub fn into_wordings(self) -> (Vec<String>, Vec<Pattern>) {
        (self.words, self.longer)
    }

    /// Every word that one of these may begin with, if that can be told.
    fn first_words(&self) -> Option<Vec<&str>> {
        let words = self
            .words
            .iter()
            .map(String::as_str)
            .chain(self.by_first.iter().map(|(first, _)| first.as_str()));
        self.others.is_empty().then(|| words.collect())
    }
}

impl Pattern {
    /// Whether the words say this anywhere.
    pub fn is_in(&self, words: &[Word], classes: &Classes) -> bool {
        !self.advance(words, classes, (0..=words.len()).collect()).is_empty()
    }

    /// Where the words say this: from each word on the shortest way.
    pub fn places(&self, words: &[Word], classes: &Classes) -> Vec<std::ops::Range<usize>> {
        let from = |at: usize| {
            let reached = self.advance(words, classes, Places::from([at]));
            reached.into_iter().find(|end| *end > at).map(|end| at..end)
        };
        (0..words.len()).filter_map(from).collect()
    }

    fn advance(&self, words: &[Word], classes: &Classes, from: Places) -> Places {
        self.0.iter().fold(
            from,
            |from, node| {
                if from.is_empty() { from } else { node.advance(words, classes, from) }
            },
        )
    }

    fn first_words(&self) -> Option<Vec<&str>> {
        match self.0.as_slice() {
            [Node::Word(word), ..] => Some(vec![word]),
            [Node::Choice(choice), ..] => choice.first_words(),
            _ => None,
        }
    }
}

impl Node {
    fn advance(&self, words: &[Word], classes: &Classes, from: Places) -> Places {
        let step = |fits: &dyn Fn(&str) -> bool| {
            let fits = |at: &&usize| words.get(**at).is_some_and(|word| word.readings().any(fits));
            from.iter().filter(fits).map(|at| at + 1).collect()
        };
        match self {
            Self::Word(this) => step(&|reading| reading == this),
            Self::Begins(stem) => step(&|reading| reading.starts_with(stem)),
            Self::Ends(tail) => step(&|reading| reading.ends_with(tail)),
            Self::Number => step(&|reading| reading.chars().all(|c| c.is_ascii_digit())),
            Self::Choice(choice) => choice.advance(words, classes, &from),
            Self::Maybe(choice) => {
                let mut reached = choice.advance(words, classes, &from);
                reached.extend(from);
                reached
            }
            Self::Class(name) => {
                classes.get(name).map(|class| class.advance(words, classes, &from)).unwrap_or_default()
            }
            Self::Gap => from.iter().flat_map(|&at| at..=(at + GAP).min(words.len())).collect(),
            Self::First => from.into_iter().filter(|&at| at == 0).collect(),
            Self::Last => from.into_iter().filter(|&at| at == words.len()).collect(),
        }
    }
}

impl From<Vec<Pattern>> for Choice {
    fn from(patterns: Vec<Pattern>) -> Self {
        let mut choice = Self::default();
        for mut pattern in patterns {
            if let [Node::Word(word)] = pattern.0.as_mut_slice() {
                choice.words.push(std::mem::take(word));
                continue;
            }
            let index = choice.longer.len();
            match pattern.first_words() {
                Some(firsts) => {
                    choice.by_first.extend(firsts.into_iter().map(|word| (word.to_owned(), index)))
                }
                None => choice.others.push(index),
            }
            choice.longer.push(pattern);
        }
        choice.words.sort_unstable();
        choice.words.dedup();
        choice.by_first.sort_unstable();
        choice.by_first.dedup();
        choice
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn choice(patterns: &[&str]) -> Choice {
        Choice::from(patterns.iter().map(|pattern| pattern.parse().unwrap()).collect::<Vec<Pattern>>())
    }

    fn says(pattern: &str, text: &str) -> bool {
        let classes = Classes::from([("texts".to_owned(), choice(&["texts", "text messages"]))]);
        let words: Vec<Word> = text.split_whitespace().map(Word::exactly).collect();
        choice(&[pattern]).is_in(&words, &classes)
    }

    #[test]
    fn each_mark_means_what_the_notation_says() {
        assert!(says("stop [all] [the|these] <texts>", "please stop these text messages now"));
        assert!(says("stop ... <texts>", "stop a b c d texts"));
        assert!(!says("stop ... <texts>", "stop a b c d e texts"));
        assert!(says("^ (no more|enough) $", "no more"));
        assert!(!says("^ no more $", "no more nausea"));
        assert!(says("потеря* #", "потеряла 2"));
        assert!(says("stop *ing", "stop smoking"));
        assert!(says("don't opt-out", "dont opt out"));
        assert!(!says("<unheard-of>", "stop"));
    }

    #[test]
    fn the_ends_of_a_text_can_be_measured() {
        let words: Vec<Word> = "hello stop thank you".split_whitespace().map(Word::exactly).collect();
        let courtesies = choice(&["hello", "thank you [so much]", "you"]);
        let classes = Classes::new();
        assert_eq!(courtesies.leads(&words, &classes), 1);
        assert_eq!(courtesies.trails(&words, &classes), 2);
        assert_eq!(courtesies.first_in(&words[1..], &classes), Some(1));
    }
}
