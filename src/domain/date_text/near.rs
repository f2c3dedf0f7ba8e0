//! A day told by its name or its number alone: "Tuesday", "the 20th".
//!
//! Of a due date that says nothing, so [`super::read`] does not take it. Whoever has asked for a day that is near, a birth
//! or a visit, does, and reads it back to her.

use chrono::{Datelike, Days, Months, NaiveDate, Weekday};

use super::quantities;
use super::tokens::{Kind, Token, group};
use super::words::DateWords;

/// Shorter names of days are ordinary words as well: "sat", "sun", "vie".
const NAME_LONG_ENOUGH: usize = 4;
/// A day of this number comes within so many months: there is no 31st in two months running.
const MONTHS: u32 = 2;

/// A day near today.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Near {
    /// By its name.
    Weekday(Weekday),
    /// By its number in the month.
    Day(u32),
}

impl Near {
    /// The only day that a text tells so.
    #[must_use]
    pub fn read(text: &str, words: &DateWords, today: NaiveDate) -> Option<Self> {
        let tokens = quantities::counted_apart(text, words, today);
        let named = weekdays(&tokens, words);
        match named.as_slice() {
            [] => day_of_month(&tokens, words).map(Self::Day),
            [(_, first), others @ ..] if others.iter().all(|(_, other)| other == first) => {
                Some(Self::Weekday(*first))
            }
            _ => None,
        }
    }

    /// The last such day, today included.
    #[must_use]
    pub fn last_on_or_before(self, today: NaiveDate) -> Option<NaiveDate> {
        match self {
            Self::Weekday(day) => {
                (0..7).map(|back| today - Days::new(back)).find(|date| date.weekday() == day)
            }
            Self::Day(day) => self.within(day, today, NaiveDate::checked_sub_months, |date| date <= today),
        }
    }

    /// The next such day, today included.
    #[must_use]
    pub fn next_on_or_after(self, today: NaiveDate) -> Option<NaiveDate> {
        match self {
            Self::Weekday(day) => {
                (0..7).map(|ahead| today + Days::new(ahead)).find(|date| date.weekday() == day)
            }
            Self::Day(day) => self.within(day, today, NaiveDate::checked_add_months, |date| date >= today),
        }
    }

    fn within(
        self,
        day: u32,
        today: NaiveDate,
        step: fn(NaiveDate, Months) -> Option<NaiveDate>,
        fits: impl Fn(NaiveDate) -> bool,
    ) -> Option<NaiveDate> {
        let first = today.with_day(1)?;
        let months = (0..=MONTHS).filter_map(|months| step(first, Months::new(months)));
        months.filter_map(|month| month.with_day(day)).find(|date| fits(*date))
    }
}

/// The days of the week that are named, and where. An abbreviation counts only where all the words are those of a date.
pub(super) fn weekdays(tokens: &[Token], words: &DateWords) -> Vec<(usize, Weekday)> {
    let mut found = Vec::new();
    for at in 0..tokens.len() {
        let Some((end, day)) = words.weekdays.at(tokens, at) else { continue };
        let long = tokens[at..end]
            .iter()
            .filter_map(Token::word)
            .any(|word| word.chars().count() >= NAME_LONG_ENOUGH);
        if long || words.all_familiar(tokens, &numbers(tokens)) {
            found.push((at, day));
        }
    }
    found
}

/// The only number of a text whose other words are those of a date.
fn day_of_month(tokens: &[Token], words: &DateWords) -> Option<u32> {
    let all = numbers(tokens);
    let [at] = all.as_slice() else { return None };
    let number = tokens[*at].number()?;
    let alone = group(tokens, *at).len() == 1 && number.is_short() && (1..=31).contains(&number.value);
    (alone && words.all_familiar(tokens, &all)).then_some(number.value)
}

fn numbers(tokens: &[Token]) -> Vec<usize> {
    (0..tokens.len()).filter(|at| matches!(tokens[*at].kind, Kind::Number(_))).collect()
}
