//! A date as one place of the text names it, and what several such places say together.

use std::ops::Range;

use super::Candidate;
use super::tokens::Token;
use super::words::DateWords;

/// One place of the text that names a day.
#[derive(Clone, Debug)]
pub(super) struct Mention {
    /// The tokens it is made of.
    pub span: Range<usize>,
    /// The token that is the day.
    pub day_at: usize,
    /// What it can mean, preferred first; empty if it names a day that does not exist.
    pub readings: Vec<Candidate>,
}

impl Mention {
    /// Whether words such as "early" before it say that no day is meant.
    pub fn is_vague(&self, tokens: &[Token], words: &DateWords) -> bool {
        let mut start = self.span.start;
        while start > 0 && words.joins.ends_at(tokens, start) {
            start -= 1;
        }
        words.vague.ends_at(tokens, start)
    }
}

/// What she means by all she named, and whether that is more than one date.
///
/// Places that can mean the same day confirm each other: "3/4 (April 3)" is 3 April. Otherwise the preferred
/// reading of each is kept.
pub(super) fn together(mentions: &[Mention]) -> (Vec<Candidate>, bool) {
    let mut named = mentions.iter().map(|mention| &mention.readings).filter(|readings| !readings.is_empty());
    let Some(first) = named.next() else {
        return (Vec::new(), false);
    };
    let agreed = named.try_fold(first.clone(), |agreed, readings| {
        let shared = shared(&agreed, readings);
        (!shared.is_empty()).then_some(shared)
    });
    match agreed {
        Some(readings) => (readings, false),
        None => (preferred(mentions), true),
    }
}

fn shared(some: &[Candidate], others: &[Candidate]) -> Vec<Candidate> {
    some.iter().flat_map(|one| others.iter().filter_map(|other| one.agreeing_with(*other))).collect()
}

fn preferred(mentions: &[Mention]) -> Vec<Candidate> {
    let mut dates: Vec<Candidate> = Vec::new();
    for first in mentions.iter().filter_map(|mention| mention.readings.first()) {
        if !dates.contains(first) {
            dates.push(*first);
        }
    }
    dates
}
