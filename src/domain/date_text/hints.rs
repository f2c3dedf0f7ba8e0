//! What the words around a date say it is: a due date, a birth, a last period.

use super::Hint;
use super::tokens::Token;
use super::words::DateWords;

/// A word that says what a date is of, and where it stands.
#[derive(Clone, Copy, Debug)]
pub(super) struct Hinted {
    at: usize,
    hint: Hint,
}

/// All such words, in the order of the text. The longest phrase counts: "will be born" is no birth yet.
pub(super) fn find(tokens: &[Token], words: &DateWords) -> Vec<Hinted> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        match words.hints.at(tokens, at) {
            Some((end, hint)) => {
                found.push(Hinted { at, hint });
                at = end;
            }
            None => at += 1,
        }
    }
    found
}

/// The hint that belongs to a date at `date_at`: the nearest before it, else the first after it.
/// "Not sure of my due date, last period was 3/3" is about the period.
pub(super) fn belonging_to(hints: &[Hinted], date_at: usize) -> Option<Hint> {
    let before = hints.iter().rev().find(|hinted| hinted.at < date_at);
    before.or_else(|| hints.first()).map(|hinted| hinted.hint)
}
