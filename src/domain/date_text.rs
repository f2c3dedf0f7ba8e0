//! Dates as people type them in a text message, in the words of one language.
//!
//! [`read`] takes her text as it came, `its mar 3 27` or `ПДР 03.03.27, первая беременность`, and says which
//! days it can mean. It judges nothing more: whether the day can be a due date or a birth is for
//! the conversation, which knows what was asked and reads the date back to her. In doubt the reader finds nothing,
//! for asking again costs one text, and a wrong date costs months of wrong tips.
//!
//! A text passes through these rooms in turn; each spends what it understood, so that no number is read twice:
//!
//! 1. `letters` and `tokens` cut it into numbers, words and signs;
//! 2. `spelled` turns numbers in words into numbers;
//! 3. `hints` notes the words that say what the date is of;
//! 4. `quantities` sets apart what is counted and is no date: weeks, hours, money;
//! 5. `named` reads dates with a month's name, `numeric` those of numbers only;
//! 6. `alternatives` finds the second day of "March 3 or 4";
//! 7. `relative` reads "tomorrow" and "in 3 weeks" where there was no date.
//!
//! `near` reads what is no date by itself, and a day to somebody who has asked for one: "on Tuesday"; `week` the same with
//! its week, "on Tuesday next week". `span` reads how long something is to last: "2 weeks".
//!
//! Every word of every language stands in `lexicons/<language>/dates.toml`, whose shape is `lexicon`; none
//! stands here.

mod alternatives;
mod candidate;
mod figures;
mod from_lexicon;
mod hints;
mod letters;
mod lexicon;
mod mention;
mod named;
mod near;
mod numeric;
mod phrases;
mod quantities;
mod relative;
mod span;
mod spelled;
mod tokens;
mod week;
mod words;
mod year;

use chrono::NaiveDate;

pub use self::candidate::Candidate;
pub use self::near::Near;
pub use self::span::days_long;
pub use self::week::{day_of_week, is_only_a_week};
pub use self::words::DateWords;

/// What a text says about dates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// The preferred reading first, then the swapped order if it is a date too. If she named several dates,
    /// the preferred reading of each, in her order.
    pub candidates: Vec<Candidate>,
    /// What the words around the date say it is.
    pub hint: Option<Hint>,
    /// She named two different dates.
    pub several: bool,
    /// "I'm 20 weeks": how far along she is, which is not a date.
    pub gestation_weeks: Option<u32>,
}

/// What a date is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hint {
    Due,
    Born,
    LastPeriod,
}

/// Reads her text. Total: whatever she typed, there is an answer, and long texts cost no more than short ones.
#[must_use]
pub fn read(text: &str, words: &DateWords, today: NaiveDate) -> Reading {
    let mut tokens = tokens::tokens(text);
    spelled::into_numbers(&mut tokens, words, today);
    let hints = hints::find(&tokens, words);
    quantities::set_apart(&mut tokens, words);
    let gestation_weeks = relative::weeks_along(&tokens, words);

    let mut mentions = named::find(&mut tokens, words, today);
    mentions.extend(numeric::find(&mut tokens, words, today));
    mentions.extend(alternatives::find(&tokens, &mentions, words));
    mentions.sort_by_key(|mention| mention.span.start);

    let (mut candidates, several) = mention::together(&mentions);
    let mut date_at = mentions.first().map_or(0, |mention| mention.span.start);
    // "Today" and "in 3 weeks" turn up in any talk: they are the date only if the text is about one.
    let about_a_date = !hints.is_empty() || words.all_familiar(&tokens, &[]);
    if mentions.is_empty()
        && gestation_weeks.is_none()
        && about_a_date
        && let Some((at, day)) = relative::day(&tokens, words, today)
    {
        candidates.push(day);
        date_at = at;
    }
    Reading { candidates, hint: hints::belonging_to(&hints, date_at), several, gestation_weeks }
}

impl Reading {
    /// The one date to begin with, and whether there is another reading: what `motherline explain date` prints.
    ///
    /// A day without a year is the next such day. Two dates are no date, and ambiguous.
    #[must_use]
    pub fn explain(&self, today: NaiveDate) -> (Option<NaiveDate>, bool) {
        if self.several {
            return (None, true);
        }
        let date = self.candidates.first().and_then(|first| first.next_on_or_after(today));
        (date, self.candidates.len() > 1)
    }
}
