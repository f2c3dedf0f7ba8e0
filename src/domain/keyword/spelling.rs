//! Spelling: which word of the lexicons somebody meant who typed it almost right.
//!
//! A real word is never corrected: the lexicons list those that lie within one slip of theirs (shop, step,
//! alta). Inside a sentence the words of the lexicons themselves stand as they are, too.

use std::collections::{HashMap, HashSet};
use std::sync::OnceLock;

use strsim::osa_distance;

/// Letters a word of the lexicon needs before a slip is forgiven at all.
const FORGIVEN: usize = 4;

/// Letters it needs inside a sentence, where short words are too easily others.
const FORGIVEN_IN_SENTENCE: usize = 6;

/// Letters it needs before repeated letters are forgiven beside the slip: "misscariage" has both.
const FORGIVEN_TWICE: usize = 9;

/// The words of the lexicons, findable by near forms.
#[derive(Clone, Debug, Default)]
pub struct Spelling {
    vocabulary: HashSet<String>,
    real_words: HashSet<String>,
    /// From a word, whole or with any one letter left out, to the words of the lexicon it may be. Made when it is first
    /// asked: most who read a library never ask.
    near: OnceLock<HashMap<String, Vec<String>>>,
}

/// A word of the lexicon and how many slips away it is: none if letters were only repeated.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct NearWord<'a> {
    pub slips: usize,
    pub word: &'a str,
}

impl Spelling {
    /// `vocabulary` can be meant by a slip; `real_words` are only themselves.
    pub fn new(vocabulary: HashSet<String>, real_words: HashSet<String>) -> Self {
        Self { vocabulary, real_words, near: OnceLock::new() }
    }

    /// Makes ready what is made when it is first asked, so that nobody who waits for an answer waits for it.
    pub fn warm(&self) -> &HashMap<String, Vec<String>> {
        self.near.get_or_init(|| {
            let mut near: HashMap<String, Vec<String>> = HashMap::new();
            for word in self.vocabulary.iter().filter(|word| letters(word) >= 2) {
                for key in keys(word) {
                    near.entry(key).or_default().push(word.clone());
                }
            }
            near
        })
    }

    /// The words that a text of one word may mean: repeated letters are free ("stoooop"), one slip (a
    /// letter wrong, missing, added, or two swapped) is forgiven from four letters on.
    pub fn near(&self, typed: &str) -> Vec<NearWord<'_>> {
        let guessable = letters(typed) >= 3 && typed.chars().all(char::is_alphabetic);
        if !guessable || self.is_real(typed) {
            return Vec::new();
        }
        let mut found: Vec<NearWord> = keys(typed)
            .iter()
            .filter_map(|key| self.warm().get(key))
            .flatten()
            .filter_map(|word| Some(NearWord { slips: slips(typed, word)?, word }))
            .collect();
        found.sort_unstable();
        found.dedup();
        found
    }

    /// The words that one word of a sentence may mean.
    pub fn near_in_sentence(&self, typed: &str) -> impl Iterator<Item = &str> {
        let near = if self.knows(typed) { Vec::new() } else { self.near(typed) };
        near.into_iter()
            .filter(|near| near.slips == 0 || letters(near.word) >= FORGIVEN_IN_SENTENCE)
            .map(|near| near.word)
    }

    /// Whether this is a real word that a keyword must not be mistaken for.
    pub fn is_real(&self, typed: &str) -> bool {
        self.real_words.contains(typed)
    }

    /// Whether this is a word as it stands.
    pub fn knows(&self, typed: &str) -> bool {
        self.vocabulary.contains(typed) || self.is_real(typed)
    }
}

/// How many letters a word has.
pub fn letters(word: &str) -> usize {
    word.chars().count()
}

/// How many slips lead from `word` to what was typed; `None` if more than we forgive.
fn slips(typed: &str, word: &str) -> Option<usize> {
    let (short_typed, short_word) = (squeeze(typed), squeeze(word));
    let one_apart = |a: &str, b: &str| osa_distance(a, b) <= 1;
    let shorter = letters(typed).min(letters(word));
    if short_typed == short_word {
        Some(0)
    } else if shorter >= FORGIVEN && one_apart(typed, word)
        || shorter >= FORGIVEN_TWICE && one_apart(&short_typed, &short_word)
    {
        Some(1)
    } else {
        None
    }
}

/// The word with every run of one letter reduced to that letter.
fn squeeze(word: &str) -> String {
    let mut chars: Vec<char> = word.chars().collect();
    chars.dedup();
    chars.into_iter().collect()
}

/// The word, as it is and squeezed, and each with any one letter left out: two words within one slip
/// share at least one of these.
fn keys(word: &str) -> HashSet<String> {
    [word.to_owned(), squeeze(word)].iter().flat_map(|word| with_one_left_out(word)).collect()
}

fn with_one_left_out(word: &str) -> Vec<String> {
    let without = |(at, c): (usize, char)| [&word[..at], &word[at + c.len_utf8()..]].concat();
    word.char_indices().map(without).chain([word.to_owned()]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spelling() -> Spelling {
        let set = |words: &[&str]| words.iter().map(|&word| word.to_owned()).collect();
        Spelling::new(set(&["stop", "end", "halt", "miscarriage"]), set(&["shop", "send"]))
    }

    #[test]
    fn one_slip_and_repeated_letters_are_forgiven() {
        for (typed, meant, slips) in [
            ("stoooop", "stop", 0),
            ("tsop", "stop", 1),
            ("stap", "stop", 1),
            ("stopt", "stop", 1),
            ("hallt", "halt", 0),
            ("misscariage", "miscarriage", 0),
            ("misscarrage", "miscarriage", 1),
        ] {
            assert!(spelling().near(typed).contains(&NearWord { slips, word: meant }), "{typed}");
        }
    }

    #[test]
    fn real_words_and_short_words_stand_as_they_are() {
        for typed in ["shop", "send", "and", "sop", "endo", "st0p"] {
            assert!(spelling().near(typed).is_empty(), "{typed}");
        }
        assert_eq!(spelling().near_in_sentence("stpo").count(), 0);
    }
}
