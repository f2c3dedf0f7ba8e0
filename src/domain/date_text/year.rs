//! Which numbers are years, and which years can be meant.

use chrono::{Datelike, NaiveDate};

use super::tokens::{Number, Token};
use super::words::DateWords;

/// Years that four digits may name; what is sensible within them is for the caller to judge.
const FULL: std::ops::RangeInclusive<i32> = 1990..=2100;
/// How far a year of two digits may lie from this one: `3/3/72` is neither a due date nor a birth we were told of.
const NEAR: std::ops::RangeInclusive<i32> = -5..=3;

/// What stands in the place of a year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Year {
    /// No number, or one that is something else.
    Missing,
    Given(i32),
    /// A year in which nothing of this can happen: the whole is no date.
    Absurd,
}

impl Year {
    pub fn given(self) -> Option<i32> {
        match self {
            Year::Given(year) => Some(year),
            Year::Missing | Year::Absurd => None,
        }
    }
}

/// The number at `at` as the year of a date that ends before it.
///
/// A short number that belongs to what follows is no year: "3 марта 27 апреля", "March 3, 12 cousins".
pub(super) fn year_at(tokens: &[Token], at: usize, words: &DateWords, today: NaiveDate) -> Year {
    let Some(number) = tokens.get(at).and_then(Token::number) else {
        return Year::Missing;
    };
    let belongs_to_next = words.stranger_at(tokens, at + 1) || words.month_follows(tokens, at + 1);
    match number.digits {
        2 if belongs_to_next => Year::Missing,
        2 | 4 => full_year(number, today).map_or(Year::Absurd, Year::Given),
        _ => Year::Missing,
    }
}

/// The year that a number written in the place of a year means; none if that is absurd.
pub(super) fn full_year(number: Number, today: NaiveDate) -> Option<i32> {
    let value = i32::try_from(number.value).ok()?;
    match number.digits {
        2 => Some(2000 + value).filter(|year| is_near(*year, today)),
        4 => Some(value).filter(|year| FULL.contains(year)),
        _ => None,
    }
}

/// Whether a number of four digits reads as a year rather than as a day and a month.
pub(super) fn is_full_year(number: Number) -> bool {
    number.digits == 4 && i32::try_from(number.value).is_ok_and(|year| FULL.contains(&year))
}

/// Whether a year is near enough to belong to this pregnancy or this baby.
pub(super) fn is_near(year: i32, today: NaiveDate) -> bool {
    NEAR.contains(&year.saturating_sub(today.year()))
}
