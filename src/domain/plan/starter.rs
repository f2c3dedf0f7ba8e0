//! The starter pack: one text a day from the day after she enrolled, before her weekly tips begin. And after she told of a
//! birth, what it says to who joins with a baby: the signs of danger in a newborn and in herself are not left to the day
//! of the week on which she happens to tell it.

use chrono::{Days, NaiveDate};

use super::{Course, Slot, Timetable};
use crate::domain::calendar::Local;
use crate::domain::gestation::Track;

/// The days of one enrollment's packs.
pub(super) struct Pack {
    /// Each day in order, with the number of its text.
    days: Vec<(NaiveDate, u32)>,
    /// The last day that belongs to the first pack, or the day she enrolled.
    joined: NaiveDate,
    /// The first and the last day of what comes after a birth.
    newborn: Option<(NaiveDate, NaiveDate)>,
}

impl Pack {
    /// Her packs, as they matter after a day: most enrollments are past them, and theirs are not looked for.
    pub(super) fn of(course: &Course<'_>, local: &mut Local, after: NaiveDate) -> Self {
        let Course { enrolled_on, timetable, terms, .. } = course;
        // Who asked for less has one text a week, from that day on.
        let starter_days = if terms.less { 0 } else { timetable.starter_days };
        let joining: Vec<u32> = (1..=starter_days).collect();
        let mut days = daily(timetable, local, *enrolled_on, &joining, after);
        let joined = days.last().map_or(*enrolled_on, |(day, _)| *day);
        let mut newborn = None;
        if let Some(told) = terms.birth_told {
            // What of the first pack is still to come when she tells of the birth is worded for the baby already.
            let over = |number: &u32| days.iter().all(|(day, other)| other != number || *day <= told);
            let again: Vec<u32> = timetable.newborn.iter().copied().filter(over).collect();
            let from = told.max(joined);
            let more = daily(timetable, local, from, &again, after);
            newborn = more.last().map(|(last, _)| (from + Days::new(1), *last));
            days.extend(more);
        }
        Self { days, joined, newborn }
    }

    /// The first of its texts due on a day or later.
    pub(super) fn on_or_after(&self, day: NaiveDate) -> Option<(NaiveDate, Slot)> {
        let index = self.days.partition_point(|(due, _)| *due < day);
        let (on, number) = *self.days.get(index)?;
        Some((on, Slot { track: Track::Starter, week: 0, number }))
    }

    /// The first day from one on whose weekly slots are due.
    pub(super) fn weekly_from(&self, day: NaiveDate) -> NaiveDate {
        let day = day.max(self.joined + Days::new(1));
        match self.newborn {
            Some((first, last)) if (first..=last).contains(&day) => last + Days::new(1),
            _ => day,
        }
    }
}

/// Texts on the first local days after `from` on which one can go out; none at all if they are long over.
fn daily(
    timetable: &Timetable,
    local: &mut Local,
    from: NaiveDate,
    numbers: &[u32],
    after: NaiveDate,
) -> Vec<(NaiveDate, u32)> {
    // However few days have a window, the pack is over when so many were searched.
    let searched = numbers.len() * 8 + 8;
    if after > from + Days::new(searched as u64) {
        return Vec::new();
    }
    let open = |day: &NaiveDate| timetable.starter.on(*day).is_some() && local.on(*day).is_some();
    let days = from.iter_days().skip(1).take(searched).filter(open);
    days.zip(numbers.iter().copied()).collect()
}
