//! The starter pack: one text a day from the day after she enrolled, before her weekly tips begin.

use chrono::{Days, NaiveDate};

use super::{Course, Slot};
use crate::domain::calendar::Local;
use crate::domain::gestation::Track;

/// The days of one enrollment's starter pack: the first local days after enrolling on which a text can go
/// out.
pub(super) struct Pack {
    enrolled_on: NaiveDate,
    days: Vec<NaiveDate>,
}

impl Pack {
    /// Her pack, as it matters after a day: most enrollments are past it, and theirs is not looked for.
    pub(super) fn of(course: &Course<'_>, local: &mut Local, after: NaiveDate) -> Self {
        let Course { enrolled_on, timetable, .. } = course;
        // However few days have a window, the pack is over when so many were searched.
        let searched = timetable.starter_days as usize * 8 + 8;
        let over = *enrolled_on + Days::new(searched as u64);
        let days = if after > over {
            Vec::new()
        } else {
            enrolled_on
                .iter_days()
                .skip(1)
                .take(searched)
                .filter(|day| timetable.starter.on(*day).is_some() && local.on(*day).is_some())
                .take(timetable.starter_days as usize)
                .collect()
        };
        Self { enrolled_on: *enrolled_on, days }
    }

    /// The first of its texts due on a day or later.
    pub(super) fn on_or_after(&self, day: NaiveDate) -> Option<(NaiveDate, Slot)> {
        let index = self.days.partition_point(|due| *due < day);
        let on = *self.days.get(index)?;
        Some((on, Slot { track: Track::Starter, week: 0, number: index as u32 + 1 }))
    }

    /// The first day whose weekly slots are due.
    pub(super) fn ends(&self) -> NaiveDate {
        *self.days.last().unwrap_or(&self.enrolled_on) + Days::new(1)
    }
}
