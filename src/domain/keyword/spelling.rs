//! Spelling: which word of the lexicons somebody meant who typed it almost right.
//!
//! Only a word that nobody knows is corrected. The lexicons list the real words that lie within one slip of
//! theirs (shop, step, alta), and every word of every lexicon is known too.

use std::collections::{HashMap, HashSet};

use strsim::osa_distance;

/// Letters a word of the lexicon needs before one slip is forgiven inside a sentence.
const FORGIVEN_IN_SENTENCE: usize = 6;

/// The known words, findable by near forms.
#[derive(Clone, Debug, Default)]
pub struct Spelling {
    known: HashSet<String>,
    /// From a squeezed word, and from it with any one letter left out, to the words it may be.
    near: HashMap<String, Vec<String>>,
}

/// A word of the lexicon and how many slips away it is: 0 if only letters were repeated.
#[derive(Debug, PartialEq, Eq)]
pub struct NearWord<'a> {
    pub word: &'a str,
    pub slips: usize,
}

impl Spelling {
    /// `vocabulary` can be meant by a slip; `real_words` only stand as they are.
    pub fn new(vocabulary: HashSet<String>, real_words: HashSet<String>) -> Self {
        let mut near: HashMap<String, Vec<String>> = HashMap::new();
        for word in vocabulary.iter().filter(|word| letters(word) >= 2) {
            let squeezed = squeeze(word);
            for key in with_one_left_out(&squeezed) {
                near.entry(key).or_default().push(word.clone());
            }
        }
        Self {
            known: vocabulary.into_iter().chain(real_words).collect(),
            near,
        }
    }

    /// Whether this is a word as it stands.
    pub fn knows(&self, typed: &str) -> bool {
        self.known.contains(typed)
    }

    /// The words that an unknown one may be: repeated letters are free ("stoooop"), one slip (a letter
    /// wrong, missing, added, or two swapped) is forgiven. Words shorter than four letters are not guessed.
    pub fn near(&self, typed: &str) -> Vec<NearWord<'_>> {
        let guessable = letters(typed) >= 3 && typed.chars().all(char::is_alphabetic);
        if !guessable || self.knows(typed) {
            return Vec::new();
        }
        let squeezed = squeeze(typed);
        let mut found: Vec<NearWord> = with_one_left_out(&squeezed)
            .iter()
            .filter_map(|key| self.near.get(key))
            .flatten()
            .map(|word| NearWord {
                word,
                slips: osa_distance(&squeeze(word), &squeezed),
            })
            .filter(|near| {
                near.slips == 0 || near.slips == 1 && letters(typed) >= 4 && letters(near.word) >= 4
            })
            .collect();
        found.sort_by_key(|near| (near.slips, near.word));
        found.dedup();
        found
    }

    /// The words that an unknown one may be inside a sentence, where short words are too easily others.
    pub fn near_in_sentence(&self, typed: &str) -> impl Iterator<Item = &str> {
        self.near(typed)
            .into_iter()
            .filter(|near| near.slips == 0 || letters(near.word) >= FORGIVEN_IN_SENTENCE)
            .map(|near| near.word)
    }
}

/// How many letters a word has.
pub fn letters(word: &str) -> usize {
    word.chars().count()
}

/// The word with every run of one letter reduced to that letter.
fn squeeze(word: &str) -> String {
    let mut chars: Vec<char> = word.chars().collect();
    chars.dedup();
    chars.into_iter().collect()
}

/// The word, and the word with each one of its letters left out. Two words within one slip always share one.
fn with_one_left_out(word: &str) -> HashSet<String> {
    let without = |(at, c): (usize, char)| [&word[..at], &word[at + c.len_utf8()..]].concat();
    word.char_indices()
        .map(without)
        .chain([word.to_owned()])
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spelling() -> Spelling {
        let set = |words: &[&str]| words.iter().map(|&word| word.to_owned()).collect();
        Spelling::new(set(&["stop", "end", "miscarriage"]), set(&["shop", "send"]))
    }

    #[test]
    fn one_slip_and_repeated_letters_are_forgiven() {
        for typed in ["stoooop", "tsop", "stpo", "sto0p", "stopp", "stap", "stopt"] {
            let expected = typed != "sto0p"; // digits are the business of look-alikes
            assert_eq!(
                spelling().near(typed).iter().any(|n| n.word == "stop"),
                expected,
                "{typed}"
            );
        }
        assert_eq!(
            spelling().near("misscariage"),
            [NearWord {
                word: "miscarriage",
                slips: 0
            }]
        );
    }

    #[test]
    fn real_words_and_short_words_stand_as_they_are() {
        for typed in ["shop", "send", "and", "sop", "endo"] {
            assert!(spelling().near(typed).is_empty(), "{typed}");
        }
        assert_eq!(spelling().near_in_sentence("stpo").count(), 0);
    }
}
