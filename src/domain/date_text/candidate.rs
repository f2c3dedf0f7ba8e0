//! One day as she may have meant it, and which days there are.

use chrono::{Datelike, NaiveDate};

use super::lexicon::Order;

/// A leap year, for a day without a year: 29 February is one.
const ANY_LEAP_YEAR: i32 = 2000;
/// Leap years lie at most this far apart (1896 to 1904).
const LEAP_GAP: i32 = 8;

/// A day she may have meant; the year is none if she gave none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Candidate {
    pub day: u32,
    pub month: u32,
    pub year: Option<i32>,
}

impl Candidate {
    /// Her date if she gave the year, else the next such day, today included.
    #[must_use]
    pub fn next_on_or_after(&self, today: NaiveDate) -> Option<NaiveDate> {
        let years = today.year()..=today.year().saturating_add(LEAP_GAP);
        self.first_in(years, |date| date >= today)
    }

    /// Her date if she gave the year, else the last such day, today included.
    #[must_use]
    pub fn last_on_or_before(&self, today: NaiveDate) -> Option<NaiveDate> {
        let years = (today.year().saturating_sub(LEAP_GAP)..=today.year()).rev();
        self.first_in(years, |date| date <= today)
    }

    fn first_in(
        &self,
        mut years: impl Iterator<Item = i32>,
        fits: impl Fn(NaiveDate) -> bool,
    ) -> Option<NaiveDate> {
        let in_year = |year| NaiveDate::from_ymd_opt(year, self.month, self.day);
        match self.year {
            Some(year) => in_year(year),
            None => years.find_map(|year| in_year(year).filter(|date| fits(*date))),
        }
    }

    /// The same day of the same month and year, or of a year only one of the two tells.
    pub(super) fn agreeing_with(self, other: Candidate) -> Option<Candidate> {
        let years_agree = self.year.is_none() || other.year.is_none() || self.year == other.year;
        (self.day == other.day && self.month == other.month && years_agree)
            .then(|| Candidate { year: self.year.or(other.year), ..self })
    }

    pub(super) fn with_day(self, day: u32) -> Option<Candidate> {
        exists(day, self.month, self.year).then_some(Candidate { day, ..self })
    }
}

impl From<NaiveDate> for Candidate {
    fn from(date: NaiveDate) -> Self {
        Candidate { day: date.day(), month: date.month(), year: Some(date.year()) }
    }
}

/// Whether the calendar has such a day; without a year, whether some year has it.
pub(super) fn exists(day: u32, month: u32, year: Option<i32>) -> bool {
    NaiveDate::from_ymd_opt(year.unwrap_or(ANY_LEAP_YEAR), month, day).is_some()
}

/// The day and month of two numbers in the order of her language, then in the other order, as far as they are days.
pub(super) fn both_orders(order: Order, first: u32, second: u32, year: Option<i32>) -> Vec<Candidate> {
    let month_first = Candidate { month: first, day: second, year };
    let day_first = Candidate { month: second, day: first, year };
    let mut readings = match order {
        Order::MonthFirst => vec![month_first, day_first],
        Order::DayFirst => vec![day_first, month_first],
    };
    readings.retain(|reading| exists(reading.day, reading.month, year));
    readings.dedup();
    readings
}
