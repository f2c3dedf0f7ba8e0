//! Cadences: the local days on which a track sends, and at what time.
//!
//! Authors write cron expressions, and nearly always a plain weekly one: these weekdays, this time. What that
//! means is worked out once, when the library is read, and answered by counting. Any other expression is
//! asked of the crate `cron` each time, at a microsecond or so.

use std::str::FromStr;

use chrono::{Datelike, Days, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Weekday};
use cron::TimeUnitSpec;

/// A cron expression in local time (seconds first, weekdays by name), of which only the first time of each
/// day counts: no mother gets two tips in one day.
#[derive(Clone, Debug)]
pub struct Cadence(Rule);

#[derive(Clone, Debug)]
enum Rule {
    Weekly(Weekly),
    Other(Box<cron::Schedule>),
}

/// The text is not a cadence.
#[derive(Debug, thiserror::Error)]
pub enum NotACadence {
    /// The crate `cron` refuses it.
    #[error("not a cron expression of six fields (second minute hour day month weekday): {0}")]
    Syntax(String),
    /// In some cron dialects 1 is Sunday and in others Monday.
    #[error(
        "weekdays are written by name (MON,WED,FRI), because their numbers mean different days to different people"
    )]
    NumberedWeekday,
}

impl FromStr for Cadence {
    type Err = NotACadence;

    fn from_str(text: &str) -> Result<Self, NotACadence> {
        let schedule: cron::Schedule =
            text.parse().map_err(|error: cron::error::Error| NotACadence::Syntax(error.to_string()))?;
        let weekdays = text.split_whitespace().nth(5).unwrap_or_default();
        if weekdays.bytes().any(|b| b.is_ascii_digit()) {
            return Err(NotACadence::NumberedWeekday);
        }
        Ok(Self(match Weekly::of(&schedule) {
            Some(weekly) => Rule::Weekly(weekly),
            None => Rule::Other(Box::new(schedule)),
        }))
    }
}

impl Cadence {
    /// The first day on or after `date` on which it fires, with the wall-clock time.
    pub fn on_or_after(&self, date: NaiveDate) -> Option<NaiveDateTime> {
        match &self.0 {
            Rule::Weekly(weekly) => weekly.on_or_after(date),
            Rule::Other(schedule) => {
                // The crate iterates in a zone: UTC has no gaps and no overlaps, so it stands for the wall.
                let before = date.and_time(NaiveTime::MIN).and_utc() - TimeDelta::seconds(1);
                schedule.after(&before).next().map(|wall| wall.naive_utc())
            }
        }
    }

    /// The wall-clock time at which it fires on a day, if it does.
    pub fn on(&self, date: NaiveDate) -> Option<NaiveDateTime> {
        self.on_or_after(date).filter(|wall| wall.date() == date)
    }

    /// How many days from `first` to `last`, both included, it fires on.
    pub fn count_between(&self, first: NaiveDate, last: NaiveDate) -> u32 {
        if let Rule::Weekly(weekly) = &self.0 {
            return weekly.count_between(first, last);
        }
        let mut count = 0;
        let mut from = first;
        while let Some(wall) = self.on_or_after(from).filter(|wall| wall.date() <= last) {
            count += 1;
            from = wall.date() + Days::new(1);
        }
        count
    }
}

/// The same weekdays every week, at the same time.
#[derive(Clone, Copy, Debug)]
struct Weekly {
    /// Bit 0 is Monday, bit 6 Sunday. Never all clear.
    days: u8,
    time: NaiveTime,
}

impl Weekly {
    /// What a schedule means, if every day of every month is open to it and the weekday alone decides.
    ///
    /// The crate's years end in 2100, and a weekly cadence goes on: nobody's plan reaches that far.
    fn of(schedule: &cron::Schedule) -> Option<Self> {
        let open =
            schedule.days_of_month().is_all() && schedule.months().is_all() && schedule.years().is_all();
        let time = NaiveTime::from_hms_opt(
            schedule.hours().iter().next()?,
            schedule.minutes().iter().next()?,
            schedule.seconds().iter().next()?,
        )?;
        // The crate counts from 1 for Sunday.
        let weekdays = schedule.days_of_week().iter();
        let days = weekdays.fold(0, |days, number| days | 1 << ((number + 5) % 7));
        (open && days != 0).then_some(Self { days, time })
    }

    /// The days of a week that begins on `weekday`: bit 0 is that day.
    fn from(self, weekday: Weekday) -> u8 {
        let begin = weekday.num_days_from_monday();
        (self.days >> begin | self.days << (7 - begin)) & 0b111_1111
    }

    fn on_or_after(self, date: NaiveDate) -> Option<NaiveDateTime> {
        let wait = self.from(date.weekday()).trailing_zeros();
        Some(date.checked_add_days(Days::new(wait.into()))?.and_time(self.time))
    }

    fn count_between(self, first: NaiveDate, last: NaiveDate) -> u32 {
        let Ok(days) = u32::try_from((last - first).num_days() + 1) else {
            return 0;
        };
        let rest = self.from(first.weekday()) & ((1 << (days % 7)) - 1);
        days / 7 * self.days.count_ones() + rest.count_ones()
    }
}
