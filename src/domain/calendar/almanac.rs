//! What many enrollments ask of the calendar, answered once.
//!
//! Thousands of enrollments fall due together, in few zones and on few days. An almanac is made for one batch
//! of them and dropped with it: it keeps every answer it gave, about a hundred bytes for each place and day.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, Utc};

use super::{Span, Whereabouts, Window, first_open, instant};

/// The local calendars of all places that a batch asks for.
///
/// A place is a window and a [`Whereabouts`]: what programs have in common, they share.
#[derive(Debug, Default)]
pub struct Almanac(HashMap<(Window, Whereabouts), Local>);

impl Almanac {
    /// The calendar of a place.
    pub fn local(&mut self, window: &Window, whereabouts: &Whereabouts) -> &mut Local {
        let place = (*window, whereabouts.clone());
        self.0.entry(place).or_insert_with_key(|(window, whereabouts)| Local::new(window, whereabouts))
    }
}

/// The calendar of one place: as [`Window`], [`Whereabouts`] and [`instant`] tell it, with a memory.
#[derive(Debug)]
pub struct Local {
    window: Window,
    whereabouts: Whereabouts,
    windows: BTreeMap<NaiveDate, Option<Span>>,
    instants: BTreeMap<NaiveDateTime, DateTime<Utc>>,
    /// The last answer of [`Local::at_or_after`], with its question: a batch asks about one moment.
    open: Option<(DateTime<Utc>, Option<Span>)>,
}

impl Local {
    /// A calendar that was asked nothing yet.
    pub fn new(window: &Window, whereabouts: &Whereabouts) -> Self {
        Self {
            window: *window,
            whereabouts: whereabouts.clone(),
            windows: BTreeMap::new(),
            instants: BTreeMap::new(),
            open: None,
        }
    }

    /// The window of a local day: [`Window::on`].
    pub fn on(&mut self, date: NaiveDate) -> Option<Span> {
        *self.windows.entry(date).or_insert_with(|| self.window.on(date, &self.whereabouts))
    }

    /// The window that holds `at`, or the next to open: [`Window::at_or_after`].
    pub fn at_or_after(&mut self, at: DateTime<Utc>) -> Option<Span> {
        match self.open {
            Some((asked, window)) if asked == at => window,
            _ => {
                let window = first_open(self.whereabouts.date_at(at), at, |day| self.on(day));
                self.open = Some((at, window));
                window
            }
        }
    }

    /// The instant of a wall-clock time: [`instant`].
    pub fn instant(&mut self, wall: NaiveDateTime) -> DateTime<Utc> {
        *self.instants.entry(wall).or_insert_with(|| instant(self.whereabouts.zone(), wall))
    }

    /// The instant at which a local day begins: [`Whereabouts::start_of`].
    pub fn start_of(&mut self, date: NaiveDate) -> DateTime<Utc> {
        self.instant(date.and_time(NaiveTime::MIN))
    }
}
