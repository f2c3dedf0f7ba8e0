//! A day told by its name and its week: "Tuesday next week", "a week from Friday", "в следующий вторник".
//!
//! Only of what lies ahead, and read back to her. Weeks begin on Monday (ISO 8601), so that on a Sunday the next one
//! begins tomorrow.

use chrono::{Days, NaiveDate, Weekday};

use super::near::{Near, weekdays};
use super::phrases::Phrasebook;
use super::relative::{self, Direction};
use super::tokens::{Kind, Quantity, Token, Unit, tokens};
use super::words::DateWords;
use super::{named, numeric, quantities};

/// The day that a text tells by its name and its week; none where it names no week, or a date as well.
#[must_use]
pub fn day_of_week(text: &str, words: &DateWords, today: NaiveDate) -> Option<NaiveDate> {
    let tokens = quantities::counted_apart(text, words, today);
    let named = weekdays(&tokens, words);
    let (at, day) = *named.first()?;
    if named.iter().any(|(_, other)| *other != day) || names_a_date(&tokens, words, today) {
        return None;
    }
    let week = |weeks: u64| in_week_of(today + Days::new(7 * weeks), day);
    counted(&tokens, words, today, day)
        .or_else(|| anywhere(&words.relative.weeks, &tokens).map(week))
        .or_else(|| Near::Weekday(day).next_on_or_after(today + Days::new(not_at_hand(&tokens, at, words)?)))
}

/// Whether the text tells of another week than this, and of no day: "my visit is next week".
#[must_use]
pub fn is_only_a_week(text: &str, words: &DateWords) -> bool {
    let tokens = tokens(text);
    let week = (0..tokens.len()).find_map(|at| Some((at, words.relative.weeks.at(&tokens, at)?.0)));
    week.is_some_and(|(at, end)| {
        let others: Vec<Token> = tokens[..at].iter().chain(&tokens[end..]).cloned().collect();
        end - at > 1 && words.all_familiar(&others, &[])
    })
}

/// "In two weeks on Tuesday", "a week from Tuesday".
fn counted(tokens: &[Token], words: &DateWords, today: NaiveDate, day: Weekday) -> Option<NaiveDate> {
    (0..tokens.len()).find_map(|at| {
        let Kind::Quantity(Quantity { count: Some(weeks), unit: Unit::Week, .. }) = tokens[at].kind else {
            return None;
        };
        let ahead = Days::new(7 * u64::from(weeks));
        let after = relative::past_quantity(tokens, at);
        let from = words.relative.from.at(tokens, after).and_then(|(end, ())| words.weekdays.at(tokens, end));
        if from.is_some() {
            return Near::Weekday(day).next_on_or_after(today.succ_opt()?)?.checked_add_days(ahead);
        }
        let counts = relative::direction(tokens, at, words) == Some(Direction::Ahead);
        counts.then(|| today.checked_add_days(ahead)).flatten().map(|then| in_week_of(then, day))
    })
}

/// In how many days a weekday is at the soonest, by a word beside it: nobody says "next Tuesday" of tomorrow.
fn not_at_hand(tokens: &[Token], at: usize, words: &DateWords) -> Option<u64> {
    let book = &words.relative.not_at_hand;
    let (end, _) = words.weekdays.at(tokens, at)?;
    let before = (0..at).find_map(|start| book.at(tokens, start).filter(|(end, _)| *end == at));
    before.or_else(|| book.at(tokens, end)).map(|(_, days)| days)
}

fn names_a_date(tokens: &[Token], words: &DateWords, today: NaiveDate) -> bool {
    let mut tokens = tokens.to_vec();
    !named::find(&mut tokens, words, today).is_empty() || !numeric::find(&mut tokens, words, today).is_empty()
}

fn anywhere(book: &Phrasebook<u64>, tokens: &[Token]) -> Option<u64> {
    (0..tokens.len()).find_map(|at| book.at(tokens, at)).map(|(_, weeks)| weeks)
}

fn in_week_of(date: NaiveDate, day: Weekday) -> NaiveDate {
    date.week(Weekday::Mon).first_day() + Days::new(day.num_days_from_monday().into())
}
