//! From a date as read to what it can be: a due date, a birth, the first day of a last period.

use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};

use crate::domain::date_text::{Candidate, Hint, Reading};
use crate::domain::gestation::{Anchor, HELD_AFTER_DUE_DAYS, PREGNANCY_DAYS};

/// Days a birth may lie back.
const BIRTH_DAYS: i64 = 365;

/// What a date is taken for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DateKind {
    /// The due date.
    Due,
    /// The baby's birth.
    Born,
    /// The first day of her last period.
    LastPeriod,
}

/// A date and what it is taken for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DateTaken {
    /// What for.
    pub kind: DateKind,
    /// The date she gave.
    pub date: NaiveDate,
}

impl DateTaken {
    /// The anchor it gives.
    pub fn anchor(self) -> Anchor {
        match self.kind {
            DateKind::Due => Anchor::Due(self.date),
            DateKind::Born => Anchor::Born(self.date),
            DateKind::LastPeriod => Anchor::from_last_period(self.date),
        }
    }

    /// Whether it can be: a due date from 21 days ago to 280 days ahead, a birth within the last 365 days,
    /// a first day of the last period 0 to 301 days ago.
    pub fn plausible(self, today: NaiveDate) -> bool {
        let ahead = (self.date - today).num_days();
        match self.kind {
            DateKind::Due => (-HELD_AFTER_DUE_DAYS..=PREGNANCY_DAYS).contains(&ahead),
            DateKind::Born => (-BIRTH_DAYS..=0).contains(&ahead),
            DateKind::LastPeriod => (-(PREGNANCY_DAYS + HELD_AFTER_DUE_DAYS)..=0).contains(&ahead),
        }
    }
}

/// Why a date cannot be taken for anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DateProblem {
    /// There is no date in the text.
    Unreadable,
    /// She named two.
    Several,
    /// More than 280 days ahead.
    TooFar(NaiveDate),
    /// Too long ago for a due date and for a baby under one.
    TooOld(NaiveDate),
    /// A birth that is still to come.
    BornInFuture(NaiveDate),
    /// No last period of a present pregnancy.
    LastPeriodImpossible(NaiveDate),
}

/// Every way to take the date she wrote, the likeliest first; never empty when there is one.
pub fn take(reading: &Reading, last_period: bool, today: NaiveDate) -> Result<Vec<DateTaken>, DateProblem> {
    if reading.several {
        return Err(DateProblem::Several);
    }
    let kinds = kinds(reading.hint, last_period);
    let mut ways: Vec<DateTaken> = Vec::new();
    for candidate in &reading.candidates {
        for date in dates(candidate, today) {
            for kind in in_order(kinds, date, today) {
                let way = DateTaken { kind, date };
                if way.plausible(today) && !ways.contains(&way) {
                    ways.push(way);
                }
            }
        }
    }
    if let Some(weeks) = reading.gestation_weeks.filter(|_| ways.is_empty() && !last_period) {
        // "I'm 20 weeks": no date, but it gives one, and she is asked whether it is right.
        let due = today + Days::new(PREGNANCY_DAYS.unsigned_abs()) - Days::new(u64::from(weeks) * 7);
        ways.extend(Some(DateTaken { kind: DateKind::Due, date: due }).filter(|way| way.plausible(today)));
    }
    if ways.is_empty() { Err(problem(reading, last_period, today)) } else { Ok(likeliest_first(ways, kinds)) }
}

/// What the date may be: only what was asked for, or what her words say, or anything.
fn kinds(hint: Option<Hint>, last_period: bool) -> &'static [DateKind] {
    match hint {
        Some(Hint::Due) => &[DateKind::Due],
        Some(Hint::Born) => &[DateKind::Born],
        Some(Hint::LastPeriod) => &[DateKind::LastPeriod],
        None if last_period => &[DateKind::LastPeriod],
        None => &[DateKind::Due, DateKind::Born, DateKind::LastPeriod],
    }
}

/// The next such day and the last one, where she gave no year.
fn dates(candidate: &Candidate, today: NaiveDate) -> Vec<NaiveDate> {
    let both = [candidate.next_on_or_after(today), candidate.last_on_or_before(today)];
    let mut dates: Vec<NaiveDate> = both.into_iter().flatten().collect();
    dates.dedup();
    dates
}

/// A day gone by is a birth before it is an overdue date; today and later it is the due date.
fn in_order(kinds: &'static [DateKind], date: NaiveDate, today: NaiveDate) -> impl Iterator<Item = DateKind> {
    let past_order = [DateKind::Born, DateKind::Due, DateKind::LastPeriod];
    let order = if date < today { past_order } else { [DateKind::Due, DateKind::Born, DateKind::LastPeriod] };
    order.into_iter().filter(|kind| kinds.contains(kind))
}

/// A last period nobody asked for is offered only after everything else.
fn likeliest_first(mut ways: Vec<DateTaken>, kinds: &[DateKind]) -> Vec<DateTaken> {
    if kinds.len() > 1 {
        ways.sort_by_key(|way| way.kind == DateKind::LastPeriod);
    }
    ways
}

fn problem(reading: &Reading, last_period: bool, today: NaiveDate) -> DateProblem {
    let Some(date) = reading.candidates.first().and_then(|first| first.next_on_or_after(today)) else {
        return DateProblem::Unreadable;
    };
    match kinds(reading.hint, last_period) {
        [DateKind::LastPeriod] => DateProblem::LastPeriodImpossible(date),
        [DateKind::Born] if date > today => DateProblem::BornInFuture(date),
        _ if date > today + Days::new(PREGNANCY_DAYS.unsigned_abs()) => DateProblem::TooFar(date),
        _ => DateProblem::TooOld(date),
    }
}
