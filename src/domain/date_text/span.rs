//! How long something is to last: "2 weeks", "a month", "на неделю".

use chrono::NaiveDate;

use super::quantities;
use super::tokens::{Kind, Quantity, Token, Unit};
use super::words::DateWords;

/// Days of a week.
const WEEK: u64 = 7;
/// Days of a month, as far as anybody means it who says "for a month".
const MONTH: u64 = 30;

/// The days that a text counts; a week or a month without a number is one. None where it counts none, or hours.
#[must_use]
pub fn days_long(text: &str, words: &DateWords, today: NaiveDate) -> Option<u64> {
    let tokens = quantities::counted_apart(text, words, today);
    let counted = tokens.iter().find_map(|token| match token.kind {
        Kind::Quantity(Quantity { count: Some(count), unit, .. }) => days(count, unit),
        _ => None,
    });
    counted.or_else(|| (0..tokens.len()).find_map(|at| one(&tokens, at, words)))
}

fn one(tokens: &[Token], at: usize, words: &DateWords) -> Option<u64> {
    let (_, unit) =
        words.units.at(tokens, at).filter(|(_, unit)| matches!(unit, Unit::Week | Unit::Month))?;
    days(1, unit)
}

fn days(count: u32, unit: Unit) -> Option<u64> {
    let each = match unit {
        Unit::Day => 1,
        Unit::Week => WEEK,
        Unit::Month => MONTH,
        Unit::Other => return None,
    };
    Some(u64::from(count) * each)
}
