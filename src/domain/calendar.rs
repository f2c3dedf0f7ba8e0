//! Local time: zones, the hours in which unasked texts may go out, and cadences.
//!
//! A wall-clock time that the change to summer time skips becomes the first instant after the gap; one that
//! the change back repeats is taken the first time. So each local day has each of its times exactly once.
//!
//! To turn one wall-clock time into an instant costs some 40 ns, and the hours that thirty zones have in
//! common cost 4 µs: whoever plans for many asks an [`Almanac`], which reckons each of them once.

mod almanac;
mod cadence;

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, NaiveTime, Offset, TimeZone, Utc, Weekday};
use chrono_tz::{GapInfo, Tz};

pub use self::almanac::{Almanac, Local};
pub use self::cadence::{Cadence, NotACadence};

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

/// By the calendar's zone alone: programs with one home and another reach are rare, and equality tells them
/// apart.
impl Hash for Whereabouts {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.zone().hash(state);
    }
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
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
                let hers = self.in_zone(date, *home)?;
                reach.iter().try_fold(hers, |common, zone| self.share(common, date, *zone))
            }
        }
    }

    /// What a zone leaves of hours in common.
    fn share(&self, common: Span, date: NaiveDate, zone: Tz) -> Option<Span> {
        let shared = |day: NaiveDate| self.in_zone(day, zone)?.overlap(common);
        // Far to the east or west it may be another day: hers is whichever shares most with us. No day shares
        // more than all.
        let same = shared(date);
        if same == Some(common) {
            return same;
        }
        let (before, after) = (date.pred_opt().and_then(shared), date.succ_opt().and_then(shared));
        [before, same, after].into_iter().flatten().max_by_key(|span| span.closes - span.opens)
    }

    /// The window that holds `at`, or the next to open, looking two weeks ahead at most.
    pub fn at_or_after(&self, at: DateTime<Utc>, whereabouts: &Whereabouts) -> Option<Span> {
        first_open(whereabouts.date_at(at), at, |day| self.on(day, whereabouts))
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

/// The first window that is not over at `at`, which lies on the local day `today`; `on` tells each day's.
fn first_open(
    today: NaiveDate,
    at: DateTime<Utc>,
    on: impl FnMut(NaiveDate) -> Option<Span>,
) -> Option<Span> {
    today.pred_opt()?.iter_days().take(16).filter_map(on).find(|window| at < window.closes)
}

/// The instant of a wall-clock time in a zone, in gaps and overlaps as the module says.
pub fn instant(zone: Tz, wall: NaiveDateTime) -> DateTime<Utc> {
    let first = zone.offset_from_local_datetime(&wall).earliest();
    let shown = first.and_then(|offset| wall.checked_sub_offset(offset.fix()));
    let after_gap = || GapInfo::new(&wall, &zone)?.end.map(|end| end.naive_utc());
    shown.or_else(after_gap).unwrap_or(wall).and_utc()
}
