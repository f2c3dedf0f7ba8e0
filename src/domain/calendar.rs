//! Local time: zones, the hours in which unasked texts may go out, and cadences.
//!
//! A wall-clock time that the change to summer time skips becomes the first instant after the gap; one that
//! the change back repeats is taken the first time. So each local day has each of its times exactly once.

use std::str::FromStr;
use std::sync::Arc;

use chrono::{
    DateTime, Datelike, Days, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, TimeZone, Utc, Weekday,
};
use chrono_tz::Tz;

/// Where her calendar is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Whereabouts {
    /// She told us, or her number leaves no doubt.
    Known(Tz),
    /// Somewhere in the program's reach: dates go by its home zone, hours by what all zones have in common.
    Unsure {
        /// The program's home zone.
        home: Tz,
        /// Every zone she may be in.
        reach: Arc<[Tz]>,
    },
}

impl Whereabouts {
    /// The zone whose calendar counts.
    pub fn zone(&self) -> Tz {
        match self {
            Self::Known(zone) => *zone,
            Self::Unsure { home, .. } => *home,
        }
    }

    /// The local date at an instant.
    pub fn date_at(&self, at: DateTime<Utc>) -> NaiveDate {
        at.with_timezone(&self.zone()).date_naive()
    }

    /// The instant at which a local day begins.
    pub fn start_of(&self, date: NaiveDate) -> DateTime<Utc> {
        instant(self.zone(), date.and_time(NaiveTime::MIN))
    }
}

/// A span of time, from its start up to and without its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// First instant.
    pub opens: DateTime<Utc>,
    /// First instant after it.
    pub closes: DateTime<Utc>,
}

impl Span {
    /// Whether the instant lies in it.
    pub fn contains(&self, at: DateTime<Utc>) -> bool {
        self.opens <= at && at < self.closes
    }

    fn overlap(self, other: Self) -> Option<Self> {
        let both = Self { opens: self.opens.max(other.opens), closes: self.closes.min(other.closes) };
        (both.opens < both.closes).then_some(both)
    }
}

/// The local hours in which unasked texts may go out; all others are quiet hours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// Opening on weekdays and Saturdays.
    pub opens: NaiveTime,
    /// Closing, every day.
    pub closes: NaiveTime,
    /// Opening on Sundays.
    pub sunday_opens: NaiveTime,
}

impl Window {
    /// The window of a local day; none where the zones she may be in have no hour in common that day.
    pub fn on(&self, date: NaiveDate, whereabouts: &Whereabouts) -> Option<Span> {
        match whereabouts {
            Whereabouts::Known(zone) => self.in_zone(date, *zone),
            Whereabouts::Unsure { home, reach } => {
                reach.iter().try_fold(self.in_zone(date, *home)?, |common, zone| {
                    // Far to the east or west it may be another day: hers is whichever shares most with us.
                    [date.pred_opt(), Some(date), date.succ_opt()]
                        .into_iter()
                        .flatten()
                        .filter_map(|day| self.in_zone(day, *zone)?.overlap(common))
                        .max_by_key(|span| span.closes - span.opens)
                })
            }
        }
    }

    /// The window that holds `at`, or the next to open, looking two weeks ahead at most.
    pub fn at_or_after(&self, at: DateTime<Utc>, whereabouts: &Whereabouts) -> Option<Span> {
        let today = whereabouts.date_at(at);
        today
            .pred_opt()?
            .iter_days()
            .take(16)
            .filter_map(|day| self.on(day, whereabouts))
            .find(|w| at < w.closes)
    }

    fn in_zone(&self, date: NaiveDate, zone: Tz) -> Option<Span> {
        let opens = if date.weekday() == Weekday::Sun { self.sunday_opens } else { self.opens };
        let span = Span {
            opens: instant(zone, date.and_time(opens)),
            closes: instant(zone, date.and_time(self.closes)),
        };
        (span.opens < span.closes).then_some(span)
    }
}

/// The instant of a wall-clock time in a zone, in gaps and overlaps as the module says.
pub fn instant(zone: Tz, wall: NaiveDateTime) -> DateTime<Utc> {
    // Whole days have been skipped (Samoa, 2011), so the search for the end of a gap goes that far.
    (0..=4 * 36)
        .find_map(|quarter| zone.from_local_datetime(&(wall + TimeDelta::minutes(15 * quarter))).earliest())
        .map_or_else(|| wall.and_utc(), |local| local.with_timezone(&Utc))
}

/// A cron expression in local time (seconds first, weekdays by name), of which only the first time of each
/// day counts: no mother gets two tips in one day.
#[derive(Clone, Debug)]
pub struct Cadence(cron::Schedule);

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
        let schedule =
            text.parse().map_err(|error: cron::error::Error| NotACadence::Syntax(error.to_string()))?;
        let weekdays = text.split_whitespace().nth(5).unwrap_or_default();
        if weekdays.bytes().any(|b| b.is_ascii_digit()) {
            return Err(NotACadence::NumberedWeekday);
        }
        Ok(Self(schedule))
    }
}

impl Cadence {
    /// The first day on or after `date` on which it fires, with the wall-clock time.
    pub fn on_or_after(&self, date: NaiveDate) -> Option<NaiveDateTime> {
        // The crate iterates in a zone: UTC has no gaps and no overlaps, so here it stands for the wall.
        let before = date.and_time(NaiveTime::MIN).and_utc() - TimeDelta::seconds(1);
        self.0.after(&before).next().map(|wall| wall.naive_utc())
    }

    /// How many days from `first` to `last`, both included, it fires on.
    pub fn count_between(&self, first: NaiveDate, last: NaiveDate) -> u32 {
        let mut count = 0;
        let mut from = first;
        while let Some(wall) = self.on_or_after(from).filter(|wall| wall.date() <= last) {
            count += 1;
            from = wall.date() + Days::new(1);
        }
        count
    }
}
