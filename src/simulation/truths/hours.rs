//! Third truth: her hours, by her own clock.

use std::sync::Arc;

use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, Timelike, Utc, Weekday};
use chrono_tz::Tz;

use super::{Said, Says, Truth, Truths};
use crate::domain::conversation::Reply;
use crate::library::Program;

/// A program's hours and reach.
pub struct Home {
    /// Its id.
    pub program: String,
    /// Its home zone.
    pub zone: Tz,
    zones: Arc<[Tz]>,
    opens: NaiveTime,
    sunday_opens: NaiveTime,
    closes: NaiveTime,
}

impl Home {
    /// Of a program.
    pub fn of(program: &Program) -> Self {
        let window = program.timetable.window;
        Self {
            program: program.id.clone(),
            zone: program.home_zone,
            zones: program.zones.clone(),
            opens: window.opens,
            sunday_opens: window.sunday_opens,
            closes: window.closes,
        }
    }

    /// Her local day; who keeps her place to herself has the program's.
    pub fn day(&self, zone: Option<Tz>, at: DateTime<Utc>) -> NaiveDate {
        at.with_timezone(&zone.unwrap_or(self.zone)).date_naive()
    }

    /// Whether her hours are open; of who keeps her place to herself, wherever she may be.
    pub fn open(&self, zone: Option<Tz>, at: DateTime<Utc>) -> bool {
        match zone {
            Some(zone) => self.open_in(zone, at),
            None => self.zones.iter().all(|zone| self.open_in(*zone, at)),
        }
    }

    fn open_in(&self, zone: Tz, at: DateTime<Utc>) -> bool {
        let clock = at.with_timezone(&zone);
        let opens = if clock.weekday() == Weekday::Sun { self.sunday_opens } else { self.opens };
        opens <= clock.time() && clock.time() < self.closes
    }

    /// From which hour to which the report shades its plot.
    pub fn shown(&self) -> (u32, u32) {
        (self.opens.hour(), self.closes.hour())
    }
}

impl Truths {
    pub(super) fn hours(&mut self, said: &Said) {
        if said.answer {
            return;
        }
        self.check(Truth::Hours);
        let standing = &self.standings[said.phone as usize];
        let country = standing.country;
        // A new phone is asked by the clock of the one that is left.
        let asked = said.says == Says::Reply(Reply::MoveOffer);
        let zone = if asked { self.standings[standing.other as usize].zone } else { standing.zone };
        let clock = said.at.with_timezone(&zone.unwrap_or(self.homes[country].zone));
        self.unasked_hours[clock.hour() as usize] += 1;
        if !self.homes[country].open(zone, said.at) {
            let whose = if zone.is_some() { "by her clock" } else { "at home, and somewhere it is night" };
            self.fail(Truth::Hours, said, format!("it was {} {whose}", clock.format("%a %Y-%m-%d %H:%M:%S")));
        }
    }
}
