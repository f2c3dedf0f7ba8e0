//! Lists of words and phrases, each with what it means, looked up at a place in a text.

use super::tokens::{Kind, Token, tokens};

/// Phrases of one kind. The longest that fits wins: "day after tomorrow" before "tomorrow".
#[derive(Clone, Debug)]
pub(super) struct Phrasebook<T> {
    longest_first: Vec<(Vec<Kind>, T)>,
}

impl<T: Clone> Phrasebook<T> {
    pub fn new<'a>(entries: impl IntoIterator<Item = (&'a str, T)>) -> Self {
        let mut longest_first: Vec<(Vec<Kind>, T)> = entries
            .into_iter()
            .map(|(phrase, meaning)| (kinds(phrase), meaning))
            .filter(|(phrase, _)| !phrase.is_empty())
            .collect();
        longest_first.sort_by_key(|(phrase, _)| std::cmp::Reverse(phrase.len()));
        Phrasebook { longest_first }
    }

    /// Whole lists of phrases that mean the same.
    pub fn of_lists<'a>(lists: impl IntoIterator<Item = (&'a Vec<String>, T)>) -> Self {
        Self::new(
            lists.into_iter().flat_map(|(list, meaning)| {
                list.iter().map(move |phrase| (phrase.as_str(), meaning.clone()))
            }),
        )
    }

    /// The longest phrase that begins at `at`: where it ends, and what it means.
    pub fn at(&self, tokens: &[Token], at: usize) -> Option<(usize, T)> {
        self.longest_first
            .iter()
            .find_map(|(phrase, meaning)| Some((end_of(phrase, tokens, at)?, meaning.clone())))
    }

    /// Whether a phrase ends right before `end`.
    pub fn ends_at(&self, tokens: &[Token], end: usize) -> bool {
        self.longest_first.iter().any(|(phrase, _)| {
            (0..end).rev().take(2 * phrase.len()).any(|at| end_of(phrase, tokens, at) == Some(end))
        })
    }

    /// Whether a phrase stands anywhere in the text.
    pub fn anywhere(&self, tokens: &[Token]) -> bool {
        (0..tokens.len()).any(|at| self.at(tokens, at).is_some())
    }
}

/// A phrase of the lexicon is cut as a text is, so both are compared in the same shape.
fn kinds(phrase: &str) -> Vec<Kind> {
    tokens(phrase).into_iter().map(|token| token.kind).collect()
}

/// Where the phrase ends if it begins at `at`. A hyphen may stand for a space: "twenty-first".
fn end_of(phrase: &[Kind], tokens: &[Token], at: usize) -> Option<usize> {
    let mut next = at;
    for (place, kind) in phrase.iter().enumerate() {
        let hyphenated = place > 0
            && !matches!(kind, Kind::Sign(_))
            && tokens.get(next).and_then(Token::tight_sign) == Some('-');
        if hyphenated {
            next += 1;
        }
        if tokens.get(next).map(|token| &token.kind) != Some(kind) {
            return None;
        }
        next += 1;
    }
    Some(next)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_phrase_wins_and_a_hyphen_is_a_space() {
        let book = Phrasebook::new([("twenty", 20), ("twenty first", 21)]);
        assert_eq!(book.at(&tokens("Twenty-First of May"), 0), Some((3, 21)));
        assert_eq!(book.at(&tokens("twenty of May"), 0), Some((1, 20)));
    }

    #[test]
    fn a_phrase_is_found_from_its_end() {
        let book = Phrasebook::new([("from now", ())]);
        let text = tokens("two weeks from now on");
        assert!(book.ends_at(&text, 4));
        assert!(!book.ends_at(&text, 3));
        assert!(book.anywhere(&text));
    }
}
