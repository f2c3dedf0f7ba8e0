//! What the reader knows of one language, made ready for looking up, and dates written out in it.

use std::collections::HashMap;

use chrono::{Datelike, NaiveDate, Weekday};
use serde::Deserialize;

use super::letters::fold;
use super::lexicon::{Format, Lexicon, Order};
use super::phrases::Phrasebook;
use super::tokens::{Kind, Token, Unit};
use super::{Candidate, Hint};

/// A misspelled word is taken for a month from this length on: `июня` and `июля` are one letter apart.
const LONG_ENOUGH: usize = 5;
/// Names shorter than this are abbreviations, with which too many words end or are nearly spelled.
const NAME_LONG_ENOUGH: usize = 4;

/// All that the reader knows of one language, from `lexicons/<language>/dates.toml`.
#[derive(Clone, Debug, Deserialize)]
#[serde(try_from = "Lexicon")]
pub struct DateWords {
    pub(super) order: Order,
    pub(super) format: Format,
    pub(super) months: HashMap<String, u32>,
    /// Words typed in one with the month after them: `3demarzo`, `3rdmarch`.
    pub(super) glued_before_month: Vec<String>,
    /// Numbers in words and years in words.
    pub(super) numbers: Phrasebook<u32>,
    pub(super) ordinal_endings: Phrasebook<()>,
    pub(super) joins: Phrasebook<()>,
    pub(super) number_joins: Phrasebook<()>,
    pub(super) before_year: Phrasebook<()>,
    pub(super) after_year: Phrasebook<()>,
    pub(super) either: Phrasebook<()>,
    /// Folded.
    pub(super) and: Vec<String>,
    pub(super) vague: Phrasebook<()>,
    pub(super) weekdays: Phrasebook<Weekday>,
    pub(super) articles: Phrasebook<()>,
    pub(super) not_dates: Phrasebook<()>,
    pub(super) hints: Phrasebook<Hint>,
    pub(super) age: Phrasebook<()>,
    pub(super) units: Phrasebook<Unit>,
    pub(super) week_label: Phrasebook<()>,
    pub(super) relative: RelativeWords,
    pub(super) holidays: Phrasebook<Candidate>,
    /// Every word above that may accompany a date, and those that say nothing.
    pub(super) familiar: Phrasebook<()>,
}

/// Words of dates told from today.
#[derive(Clone, Debug)]
pub(super) struct RelativeWords {
    pub days: Phrasebook<i64>,
    pub years: Phrasebook<i32>,
    pub ahead_before: Phrasebook<()>,
    pub ahead_after: Phrasebook<()>,
    pub ago_before: Phrasebook<()>,
    pub ago_after: Phrasebook<()>,
    pub so_far: Phrasebook<()>,
    pub from: Phrasebook<()>,
    pub weeks: Phrasebook<u64>,
    pub not_at_hand: Phrasebook<u64>,
}

impl DateWords {
    /// A date written so that nobody can take it for another: "March 14, 2027", "14 марта 2027 г."
    #[must_use]
    pub fn write(&self, date: NaiveDate) -> String {
        self.format
            .pattern
            .replace("{day}", &date.day().to_string())
            .replace("{month}", &self.format.months[date.month0() as usize])
            .replace("{year}", &date.year().to_string())
    }

    /// What a text says between its "and"s, semicolons and lines.
    #[must_use]
    pub fn parts(&self, text: &str) -> Vec<String> {
        let mut parts = vec![String::new()];
        for word in text.split_inclusive(char::is_whitespace) {
            let and = self.and.contains(&fold(word.trim()));
            if let Some(part) = parts.last_mut().filter(|_| !and) {
                part.push_str(word);
            }
            if and || word.trim_end_matches(' ').ends_with([';', '\n']) {
                parts.push(String::new());
            }
        }
        parts.retain(|part| !part.trim().is_empty());
        parts
    }

    /// The month that this token names, also if it is misspelled by one letter.
    pub(super) fn month(&self, token: &Token) -> Option<u32> {
        let word = token.word()?;
        let exact = |name: &str| self.months.get(name).copied();
        // Only at a number is a short name what it seems: `1stmay` names a month, `tomar` none.
        let is_safe = |name: &str| !token.spaced || name.chars().count() >= NAME_LONG_ENOUGH;
        let glued = self.glued_before_month.iter().filter_map(|prefix| word.strip_prefix(prefix.as_str()));
        exact(word)
            .or_else(|| glued.filter(|name| is_safe(name)).find_map(exact))
            .or_else(|| self.misspelled_month(word))
    }

    /// The only month within one slip of the finger; none if two are as near.
    fn misspelled_month(&self, word: &str) -> Option<u32> {
        if word.chars().count() < LONG_ENOUGH {
            return None;
        }
        let mut near = self
            .months
            .iter()
            .filter(|(name, _)| name.chars().count() >= NAME_LONG_ENOUGH)
            .filter(|(name, _)| strsim::osa_distance(name, word) <= 1)
            .map(|(_, month)| *month);
        let first = near.next()?;
        near.all(|month| month == first).then_some(first)
    }

    /// Whether the text holds nothing but words that may accompany a date, what is understood already, and the
    /// tokens at `except`.
    pub(super) fn all_familiar(&self, tokens: &[Token], except: &[usize]) -> bool {
        let mut at = 0;
        while at < tokens.len() {
            if let Some((end, ())) = self.familiar.at(tokens, at) {
                at = end;
            } else if !matches!(tokens[at].kind, Kind::Word(_) | Kind::Number(_)) || except.contains(&at) {
                at += 1;
            } else {
                return false;
            }
        }
        true
    }

    /// The place after the ending of a number put in order: after "20-я", "20th".
    pub(super) fn past_ending(&self, tokens: &[Token], at: usize) -> usize {
        let hyphen = tokens.get(at).and_then(Token::tight_sign) == Some('-');
        let ending = if hyphen { at + 1 } else { at };
        match self.ordinal_endings.at(tokens, ending) {
            Some((end, ())) if !tokens[ending].spaced => end,
            _ => at,
        }
    }

    /// The place after all words that may stand inside a date.
    pub(super) fn past_joins(&self, tokens: &[Token], from: usize) -> usize {
        let mut at = from;
        while let Some((end, ())) = self.joins.at(tokens, at) {
            at = end;
        }
        at
    }

    /// Whether a month is named from `from` on, so that what stands before belongs to it.
    pub(super) fn month_follows(&self, tokens: &[Token], from: usize) -> bool {
        let next = self.past_joins(tokens, self.past_ending(tokens, from));
        tokens.get(next).is_some_and(|token| self.month(token).is_some())
    }

    /// Whether a word follows that has nothing to do with dates, as in "2-3 spoons".
    pub(super) fn stranger_at(&self, tokens: &[Token], at: usize) -> bool {
        tokens.get(at).is_some_and(|token| token.word().is_some() && self.month(token).is_none())
            && self.familiar.at(tokens, at).is_none()
    }
}
