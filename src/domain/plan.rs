//! What is due, and when: a pure function of the enrollment's dates, so any future can be printed.
//!
//! Nothing here remembers what was sent. The tip of an occurrence is named by the week she is in that day
//! and by how many occurrences that week has had, so a missed day never shifts the days after it.
//!
//! [`next`] answers for one enrollment; [`next_with`] says the same of each of many, and reckons a place and
//! a day but once.

mod starter;
mod terms;

use chrono::{DateTime, Days, NaiveDate, NaiveDateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use self::starter::Pack;
pub use self::terms::{Pause, ReadBy, Reader, Support, Terms};
use super::calendar::{Almanac, Cadence, Local, Whereabouts, Window};
use super::gestation::{
    Anchor, BABY_WEEKS, EITHER_FROM_DAY, HELD_AFTER_DUE_DAYS, PREGNANCY_DAYS, Track, farewell_on, stage_on,
};
use crate::ids::stable_hash;

/// Texts to women who chose the same hour are spread over this time after it.
const CHOSEN_HOUR_SPREAD: TimeDelta = TimeDelta::minutes(15);

/// What must be true for a tip's words to be right.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Needs {
    /// She is pregnant now.
    Pregnancy,
    /// A birth was confirmed and the baby lives.
    Baby,
    /// About her alone: right before, during and after.
    Mother,
    /// Right for anyone.
    Neutral,
    /// Worded to be right whether or not the baby has come.
    Either,
}

impl Needs {
    /// Whether it is met on a day. From 37+0 a pregnancy is taken for granted no more, and a birth is
    /// never taken for granted.
    pub fn met(self, anchor: Anchor, on: NaiveDate) -> bool {
        match self {
            Self::Pregnancy => {
                matches!(anchor, Anchor::Due(_)) && (on - anchor.day_zero()).num_days() < EITHER_FROM_DAY
            }
            Self::Baby => matches!(anchor, Anchor::Born(_)),
            Self::Mother | Self::Neutral | Self::Either => true,
        }
    }
}

/// A program's rhythm.
#[derive(Clone, Debug)]
pub struct Timetable {
    /// When unasked texts may go out.
    pub window: Window,
    /// Over how long the texts of one occurrence are spread.
    pub spread: TimeDelta,
    /// How many texts the starter pack has, one a day.
    pub starter_days: u32,
    /// The numbers of those of them that speak of a baby: they come once a birth is told as well.
    pub newborn: Vec<u32>,
    /// Whether the day before the first birthday has a text of its own, at the starter pack's hour.
    pub farewell: bool,
    /// How many texts the longest set after a loss has.
    pub support_texts: u32,
    /// The starter pack's cadence.
    pub starter: Cadence,
    /// The pregnancy track's.
    pub pregnancy: Cadence,
    /// The baby track's.
    pub baby: Cadence,
}

/// What the plan needs to know of an enrollment.
#[derive(Clone, Debug)]
pub struct Course<'a> {
    /// Its id, from which her constant minute of the hour comes.
    pub enrollment: Uuid,
    /// The due date or the birth.
    pub anchor: Anchor,
    /// Her local date when she enrolled; the starter pack begins the day after.
    pub enrolled_on: NaiveDate,
    /// Her zone, as far as it is known.
    pub whereabouts: Whereabouts,
    /// Her program's rhythm.
    pub timetable: &'a Timetable,
    /// How she departs from it.
    pub terms: Terms,
}

/// A place in a track: which tip is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
pub struct Slot {
    /// The track.
    pub track: Track,
    /// Completed weeks; 0 in the starter pack.
    pub week: i64,
    /// 1 is the first of its week or pack.
    pub number: u32,
}

/// One moment at which a tip is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Occurrence {
    /// Her local day.
    pub on: NaiveDate,
    /// Which tip.
    pub slot: Slot,
    /// When it goes out; none if the zones she may be in have no hour in common that day.
    pub at: Option<DateTime<Utc>>,
    /// From here on it is too late to be right: her week is over or the next tip's day begins.
    pub not_after: DateTime<Utc>,
    /// The date it is counted from: of several babies, the one whose turn it is.
    pub anchor: Anchor,
    /// Which of the week's tips is meant.
    pub pick: Pick,
}

/// Which tip an occurrence is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pick {
    /// The slot's own.
    OfSlot,
    /// The most important one of the week.
    OfWeek,
    /// The same, if it is vital.
    VitalOfWeek,
}

/// Her local day and the instant of an occurrence, as an enrollment keeps them; none: nothing is left to plan.
pub type NextDue = Option<(NaiveDate, DateTime<Utc>)>;

/// What comes next on a course.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// A tip.
    Due(Occurrence),
    /// Nothing until she tells of the birth: the due date is three weeks past.
    Held,
    /// Nothing: the baby's first year is over.
    Complete,
}

/// The first occurrence on a local day later than `after`.
pub fn next(course: &Course<'_>, after: NaiveDate) -> Next {
    next_in(&mut Local::new(&course.timetable.window, &course.whereabouts), course, after)
}

/// Every occurrence on local days later than `after`, to the end of the course.
pub fn occurrences<'a>(course: &'a Course<'_>, after: NaiveDate) -> impl Iterator<Item = Occurrence> + 'a {
    let mut last = after;
    std::iter::from_fn(move || {
        let Next::Due(occurrence) = next(course, last) else { return None };
        last = occurrence.on;
        Some(occurrence)
    })
}

/// The first occurrence after a day, by an almanac that a batch of enrollments shares.
pub fn next_with(almanac: &mut Almanac, course: &Course<'_>, after: NaiveDate) -> Next {
    next_in(almanac.local(&course.timetable.window, &course.whereabouts), course, after)
}

fn next_in(local: &mut Local, course: &Course<'_>, after: NaiveDate) -> Next {
    if let Some(support) = course.terms.support {
        return terms::support(local, course, support, after);
    }
    let after = match course.terms.pause {
        None => after,
        Some(Pause { until: Some(day) }) => after.max(day - Days::new(1)),
        Some(Pause { until: None }) => return Next::Held,
    };
    let pack = Pack::of(course, local, after);
    let due = match next_due(course, &pack, after) {
        Ok(found) => found,
        Err(end) => return end,
    };
    let (on, slot) = (due.on, due.slot);
    let at = course.wall(slot.track, on, due.shift).zip(local.on(on)).map(|(wall, window)| {
        let earliest = local.instant(wall).max(window.opens);
        // A millisecond before the closing hour at the latest, even for a cadence late in the evening.
        let earliest = earliest.min(window.closes - TimeDelta::milliseconds(1));
        earliest + own_part(course.enrollment, course.spread().min(window.closes - earliest))
    });
    // The tip is right until her week ends and until the day of its successor, so that a late one never meets
    // the next one on the same day.
    let successor = next_due(course, &pack, on).ok().map(|next| next.on);
    let week_ends = matches!(slot.track, Track::Pregnancy | Track::Baby)
        .then(|| due.anchor.day_zero() + Days::new((slot.week.unsigned_abs() + 1) * 7));
    let last = successor.into_iter().chain(week_ends).min().unwrap_or(on + Days::new(1));
    let pick = course.terms.pick(slot.track);
    Next::Due(Occurrence { on, slot, at, not_after: local.start_of(last), anchor: due.anchor, pick })
}

/// A slot, its day, and by which baby's clock.
#[derive(Clone, Copy)]
struct Due {
    on: NaiveDate,
    slot: Slot,
    anchor: Anchor,
    /// Days after the cadence's own day.
    shift: u64,
}

fn next_due(course: &Course<'_>, pack: &Pack, after: NaiveDate) -> Result<Due, Next> {
    let mut after = after;
    loop {
        let due = if course.terms.siblings.is_empty() {
            by_clock(course, pack, (course.anchor, 0, true), after)?
        } else {
            by_clocks(course, pack, after)?
        };
        // One a week: on the first day of her week that the cadence has.
        if due.slot.number == 1 || course.terms.pick(due.slot.track) == Pick::OfSlot {
            return Ok(due);
        }
        after = due.on;
    }
}

/// Babies born on different days have each its own clock: the eldest keeps the cadence's days, the next comes a
/// day after it, and so on, so that no day has two. What both are due comes once, because the record of an
/// enrollment takes no tip twice. The farewell is the youngest's.
fn by_clocks(course: &Course<'_>, pack: &Pack, after: NaiveDate) -> Result<Due, Next> {
    let mut births = course.terms.siblings.clone();
    births.push(course.anchor.date());
    births.sort_unstable();
    births.dedup();
    let youngest = births.len() - 1;
    let each = births.iter().enumerate().map(|(index, born)| {
        by_clock(course, pack, (Anchor::Born(*born), index as u64, index == youngest), after)
    });
    each.filter_map(Result::ok).min_by_key(|due| due.on).ok_or(Next::Complete)
}

fn by_clock(
    course: &Course<'_>,
    pack: &Pack,
    clock: (Anchor, u64, bool),
    after: NaiveDate,
) -> Result<Due, Next> {
    let (anchor, _, says_farewell) = clock;
    let first = after + Days::new(1);
    let farewell = course.farewell(anchor).filter(|_| says_farewell);
    // The farewell is the last word: what is left of a pack begun in the last days gives way to it.
    let packed = pack.on_or_after(first).filter(|(on, _)| farewell.is_none_or(|last| *on < last));
    let weekly = by_week(course, pack, clock, farewell, first);
    match (packed, weekly) {
        (Some((on, _)), Ok(weekly)) if weekly.on < on => Ok(weekly),
        (Some((on, slot)), _) => Ok(Due { on, slot, anchor, shift: 0 }),
        (None, weekly) => weekly,
    }
}

/// The first weekly slot on a day or later.
fn by_week(
    course: &Course<'_>,
    pack: &Pack,
    (anchor, shift, _): (Anchor, u64, bool),
    farewell: Option<NaiveDate>,
    first: NaiveDate,
) -> Result<Due, Next> {
    let track = match anchor {
        Anchor::Due(_) => Track::Pregnancy,
        Anchor::Born(_) => Track::Baby,
    };
    let end = match (track, farewell) {
        (Track::Baby, Some(last)) if first <= last => {
            let slot = Slot { track: Track::Farewell, week: 0, number: 1 };
            Ok(Due { on: last, slot, anchor, shift: 0 })
        }
        (Track::Baby, _) => Err(Next::Complete),
        _ => Err(Next::Held),
    };
    let later = Days::new(shift);
    let mut from = first.max(anchor.day_zero());
    let on = loop {
        let Some(wall) = course.cadence(track).on_or_after(pack.weekly_from(from) - later) else {
            return end;
        };
        let on = wall.date() + later;
        // A day of the cadence may lie in a pack that begins later.
        if pack.weekly_from(on) == on {
            break on;
        }
        from = on;
    };
    let days = (on - anchor.day_zero()).num_days();
    let over = match track {
        Track::Baby => days >= BABY_WEEKS * 7,
        _ => days > PREGNANCY_DAYS + HELD_AFTER_DUE_DAYS,
    };
    let Some(stage) = stage_on(anchor, on).filter(|_| !over) else { return end };
    let week_starts = on - Days::new(stage.day.unsigned_abs());
    let number = course.cadence(track).count_between(week_starts - later, on - later);
    Ok(Due { on, slot: Slot { track, week: stage.week, number }, anchor, shift })
}

impl Course<'_> {
    fn cadence(&self, track: Track) -> &Cadence {
        match track {
            Track::Starter | Track::Farewell | Track::Loss(_) | Track::More => &self.timetable.starter,
            Track::Baby => &self.timetable.baby,
            Track::Pregnancy => &self.timetable.pregnancy,
        }
    }

    /// The wall-clock time of an occurrence on a day, `shift` days after its cadence's own; none if the cadence
    /// skips that. Her own hour goes before the cadence's.
    fn wall(&self, track: Track, on: NaiveDate, shift: u64) -> Option<NaiveDateTime> {
        let cadence = self.cadence(track);
        let wall = match track {
            // These come whatever day it is.
            Track::Farewell | Track::Loss(_) => on.and_time(cadence.on_or_after(on)?.time()),
            _ => cadence.on(on - Days::new(shift))? + Days::new(shift),
        };
        Some(self.terms.hour.map_or(wall, |hour| on.and_time(hour)))
    }

    /// Over how long texts of one moment are spread: close to the hour she chose, if she chose one.
    fn spread(&self) -> TimeDelta {
        let spread = self.timetable.spread;
        if self.terms.hour.is_some() { spread.min(CHOSEN_HOUR_SPREAD) } else { spread }
    }

    /// The day of the last text, if there is one and she enrolled before it.
    fn farewell(&self, anchor: Anchor) -> Option<NaiveDate> {
        let Anchor::Born(born) = anchor else { return None };
        Some(farewell_on(born)).filter(|last| self.timetable.farewell && self.enrolled_on < *last)
    }
}

/// Her own constant part of a span, in milliseconds, evenly spread over all enrollments: from nothing up to and without
/// the whole span.
pub fn own_part(enrollment: Uuid, span: TimeDelta) -> TimeDelta {
    let room = span.num_milliseconds().max(1).unsigned_abs();
    TimeDelta::milliseconds((stable_hash(enrollment) % room) as i64)
}
