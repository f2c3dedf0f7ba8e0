//! What is told from today: "tomorrow", "in 3 weeks", "2 days ago", a holiday; and how many weeks along she is.

use chrono::{Datelike, Days, Months, NaiveDate};

use super::Candidate;
use super::tokens::{Kind, Quantity, Token, Unit};
use super::words::DateWords;
use super::year::is_near;

/// From the week in which a pregnancy can be known to the longest that one lasts.
const WEEKS_ALONG: std::ops::RangeInclusive<u32> = 4..=44;

/// Which way is counted from today.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Direction {
    Ahead,
    Ago,
}

/// A day counted from today, or a holiday.
pub(super) fn day(tokens: &[Token], words: &DateWords, today: NaiveDate) -> Option<(usize, Candidate)> {
    (0..tokens.len()).find_map(|at| {
        let counted = counted(tokens, at, words, today).or_else(|| {
            let (_, days) = words.relative.days.at(tokens, at)?;
            let direction = if days < 0 { Direction::Ago } else { Direction::Ahead };
            moved(today, days.unsigned_abs(), direction)
        });
        let date = counted.map(Candidate::from);
        date.or_else(|| words.holidays.at(tokens, at).map(|(_, holiday)| holiday)).map(|date| (at, date))
    })
}

/// How many weeks along she says she is. Weeks from now or ago are not that, nor are those of a baby's age.
pub(super) fn weeks_along(tokens: &[Token], words: &DateWords) -> Option<u32> {
    if words.age.anywhere(tokens) {
        return None;
    }
    (0..tokens.len()).find_map(|at| match tokens[at].kind {
        Kind::Quantity(Quantity { count: Some(weeks), unit: Unit::Week, .. }) => {
            let of_a_month = words.month_follows(tokens, past_quantity(tokens, at));
            let along = WEEKS_ALONG.contains(&weeks) && direction(tokens, at, words).is_none();
            (along && !of_a_month).then_some(weeks)
        }
        _ => None,
    })
}

fn counted(tokens: &[Token], at: usize, words: &DateWords, today: NaiveDate) -> Option<NaiveDate> {
    let Kind::Quantity(Quantity { count: Some(count), unit, .. }) = tokens[at].kind else {
        return None;
    };
    let (today, direction) = match from_another_day(tokens, at, words) {
        Some(days) => (moved(today, days, Direction::Ahead)?, Direction::Ahead),
        None => (today, direction(tokens, at, words)?),
    };
    let date = match unit {
        Unit::Day => moved(today, count.into(), direction),
        Unit::Week => moved(today, 7 * u64::from(count), direction),
        Unit::Month => match direction {
            Direction::Ahead => today.checked_add_months(Months::new(count)),
            Direction::Ago => today.checked_sub_months(Months::new(count)),
        },
        Unit::Other => None,
    };
    date.filter(|date| is_near(date.year(), today))
}

/// The day from which a quantity is counted, where that is not today: "a week from tomorrow".
fn from_another_day(tokens: &[Token], at: usize, words: &DateWords) -> Option<u64> {
    let (end, ()) = words.relative.from.at(tokens, past_quantity(tokens, at))?;
    let (_, days) = words.relative.days.at(tokens, end)?;
    u64::try_from(days).ok()
}

fn moved(today: NaiveDate, days: u64, direction: Direction) -> Option<NaiveDate> {
    match direction {
        Direction::Ahead => today.checked_add_days(Days::new(days)),
        Direction::Ago => today.checked_sub_days(Days::new(days)),
    }
}

/// Whether the words beside a quantity count it from today: "in 3 weeks", "3 weeks ago".
pub(super) fn direction(tokens: &[Token], at: usize, words: &DateWords) -> Option<Direction> {
    if matches!(tokens[at].kind, Kind::Quantity(quantity) if quantity.in_a_row) {
        return None;
    }
    let relative = &words.relative;
    let after = past_quantity(tokens, at);
    if relative.ago_after.at(tokens, after).is_some() || relative.ago_before.ends_at(tokens, at) {
        Some(Direction::Ago)
    } else if relative.so_far.ends_at(tokens, at) {
        None
    } else if relative.ahead_after.at(tokens, after).is_some() || relative.ahead_before.ends_at(tokens, at) {
        Some(Direction::Ahead)
    } else {
        None
    }
}

/// The place after a quantity, whose own words are spent.
pub(super) fn past_quantity(tokens: &[Token], at: usize) -> usize {
    let spent = tokens[at + 1..].iter().take_while(|token| token.kind == Kind::Spent);
    at + 1 + spent.count()
}
