//! A date in a cell: one that a spreadsheet program holds for a date, one that it made a number of, one as people type it.
//! 03/04/2027 is two days, unless its whole column shows which comes first.

use chrono::{Datelike, Days, NaiveDate};

use super::verdict::{Note, Verdict};
use crate::domain::date_text::{self, DateWords};
use crate::library::spreadsheet::Cell;

/// Serial numbers that can be a date of this service: the years 2000 to 2099.
const SERIALS: std::ops::RangeInclusive<u64> = 36_526..=73_050;
/// A cell is shown no longer.
const SHOWN: usize = 40;

/// Which comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// 13/04: the day.
    DayFirst,
    /// 04/13: the month.
    MonthFirst,
}

/// What a column shows of its dates.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Shown {
    /// Which comes first, if every date that can be only one way agrees.
    pub order: Option<Order>,
    /// Some dates were left as text and others were not, though they may have become numbers since: the program has read
    /// those by another order than their author's.
    pub torn: bool,
}

impl Shown {
    /// Looks through a column.
    pub fn by<'a>(cells: impl Iterator<Item = &'a Cell>) -> Self {
        let (mut days, mut months, mut real) = (0, 0, 0);
        for cell in cells {
            match cell {
                Cell::Date(_) => real += 1,
                Cell::Number(number) if number.fract() == 0.0 && SERIALS.contains(&(*number as u64)) => {
                    real += 1;
                }
                Cell::Text(text) if serial_in(bare(text)).is_some() => real += 1,
                Cell::Text(text) => match figures(bare(text)) {
                    Some((first, second, _)) if first > 12 && second <= 12 => days += 1,
                    Some((first, second, _)) if second > 12 && first <= 12 => months += 1,
                    _ => {}
                },
                _ => {}
            }
        }
        let order = match (days, months) {
            (0, 0) => None,
            (_, 0) => Some(Order::DayFirst),
            (0, _) => Some(Order::MonthFirst),
            _ => None,
        };
        Self { order, torn: real > 0 && days + months > 0 }
    }
}

/// What a date is read with.
pub struct Reading<'a> {
    /// What its column shows.
    pub shown: Shown,
    /// How the clerk's language writes dates.
    pub words: &'a DateWords,
    /// Whether in that language a date with dots has its day first.
    pub dots_day_first: bool,
    /// The present day.
    pub today: NaiveDate,
}

impl Reading<'_> {
    /// The day that a cell means, and what was mended; `can_be` says which days are possible at all.
    pub fn read(
        &self,
        cell: &Cell,
        can_be: &impl Fn(NaiveDate) -> bool,
    ) -> Result<(NaiveDate, Option<Note>), Note> {
        match cell {
            Cell::Formula => Err(Note::plain(Verdict::Formula)),
            Cell::Truth(truth) => Err(unread(&truth.to_string())),
            Cell::Other(odd) => Err(unread(odd.written())),
            Cell::Date(date) => self.real(*date, can_be).map(|date| (date, None)),
            Cell::Number(number) if number.fract() == 0.0 && *number > 0.0 => {
                self.serial(*number as u64, can_be)
            }
            Cell::Number(number) => Err(unread(&number.to_string())),
            Cell::Text(text) => self.text(text, can_be),
        }
    }

    fn real(&self, date: NaiveDate, can_be: &impl Fn(NaiveDate) -> bool) -> Result<NaiveDate, Note> {
        let swapped = NaiveDate::from_ymd_opt(date.year(), date.day(), date.month());
        match swapped.filter(|swapped| self.shown.torn && *swapped != date && can_be(*swapped)) {
            Some(swapped) if can_be(date) => Err(unsure(date, swapped)),
            _ => possible(date, can_be),
        }
    }

    /// Counted from 1899-12-30, as every spreadsheet program does for days after February 1900.
    fn serial(
        &self,
        number: u64,
        can_be: &impl Fn(NaiveDate) -> bool,
    ) -> Result<(NaiveDate, Option<Note>), Note> {
        let first = NaiveDate::from_ymd_opt(1899, 12, 30).filter(|_| SERIALS.contains(&number));
        let date = first.and_then(|first| first.checked_add_days(Days::new(number)));
        let date = date.ok_or_else(|| unread(&number.to_string()))?;
        // It was a date before it was a number: what is in doubt of dates is in doubt of it.
        let date = self.real(date, can_be)?;
        Ok((date, Some(Note::new(Verdict::DateSerial, [number.to_string()]))))
    }

    fn text(
        &self,
        text: &str,
        can_be: &impl Fn(NaiveDate) -> bool,
    ) -> Result<(NaiveDate, Option<Note>), Note> {
        let text = bare(text);
        if let Some(number) = serial_in(text) {
            return self.serial(number, can_be);
        }
        let iso = text.replace('/', "-");
        if iso.len() == 10 && iso.as_bytes()[4] == b'-' {
            let date = iso.parse::<NaiveDate>().map_err(|_| unread(text))?;
            return possible(date, can_be).map(|date| (date, None));
        }
        if let Some((first, second, year)) = figures(text) {
            return self.figures(text, (first, second, year), can_be);
        }
        // A date without its year was written nobody knows when.
        let reading = date_text::read(text, self.words, self.today);
        let dated = text.split(|c: char| !c.is_ascii_digit()).any(|run| run.len() == 4);
        if reading.several || !dated || reading.gestation_weeks.is_some() {
            return Err(unread(text));
        }
        let days: Vec<NaiveDate> = reading
            .candidates
            .iter()
            .filter(|candidate| candidate.year.is_some())
            .filter_map(|candidate| candidate.next_on_or_after(self.today))
            .collect();
        let possible: Vec<NaiveDate> = days.iter().copied().filter(|day| can_be(*day)).collect();
        match (possible.as_slice(), days.first()) {
            ([only], _) => Ok((*only, None)),
            ([one, other, ..], _) => Err(unsure(*one, *other)),
            ([], Some(day)) => Err(impossible(*day)),
            ([], None) => Err(unread(text)),
        }
    }

    fn figures(
        &self,
        text: &str,
        (first, second, year): (u32, u32, i32),
        can_be: &impl Fn(NaiveDate) -> bool,
    ) -> Result<(NaiveDate, Option<Note>), Note> {
        let day_first = NaiveDate::from_ymd_opt(year, second, first);
        let month_first = NaiveDate::from_ymd_opt(year, first, second);
        let (one, other) = match (day_first, month_first) {
            (None, None) => return Err(unread(text)),
            (Some(only), None) | (None, Some(only)) => {
                return possible(only, can_be).map(|date| (date, None));
            }
            (Some(one), Some(other)) if one == other => {
                return possible(one, can_be).map(|date| (date, None));
            }
            (Some(one), Some(other)) => (one, other),
        };
        if self.dots_day_first && text.contains('.') {
            return possible(one, can_be).map(|date| (date, None));
        }
        let mended = |date, note| possible(date, can_be).map(|date| (date, Some(note)));
        match self.shown.order {
            Some(Order::DayFirst) => mended(one, Note::new(Verdict::DateOrder, [text.to_owned()])),
            Some(Order::MonthFirst) => mended(other, Note::new(Verdict::DateOrder, [text.to_owned()])),
            None => match (can_be(one), can_be(other)) {
                (true, true) => Err(unsure(one, other)),
                (true, false) => mended(one, Note::new(Verdict::DateOnly, [text.to_owned()])),
                (false, true) => mended(other, Note::new(Verdict::DateOnly, [text.to_owned()])),
                (false, false) => Err(impossible(one)),
            },
        }
    }
}

/// A date as somebody typed it, without what programs put around it: an apostrophe, a time of day.
fn bare(text: &str) -> &str {
    let text = text.trim().trim_start_matches('\'').trim_matches('\u{feff}').trim();
    let is_half = |word: &str| matches!(word.to_lowercase().replace('.', "").as_str(), "am" | "pm");
    let without_half =
        text.rsplit_once(' ').filter(|(_, half)| is_half(half)).map_or(text, |(before, _)| before);
    let is_time = |time: &str| {
        let time = time.split_once('.').map_or(time, |(time, _)| time);
        let parts: Vec<&str> = time.split(':').collect();
        let figures =
            |part: &&str| (1..=2).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
        (2..=3).contains(&parts.len()) && parts.iter().all(figures)
    };
    let timed = without_half.trim_end().rsplit_once([' ', 'T']).filter(|(_, time)| is_time(time));
    timed.map_or(text, |(date, _)| date.trim_end())
}

/// A date that was made a number and then a text.
fn serial_in(text: &str) -> Option<u64> {
    let whole = text.strip_suffix(".0").unwrap_or(text);
    whole.parse::<u64>().ok().filter(|number| SERIALS.contains(number))
}

fn possible(date: NaiveDate, can_be: &impl Fn(NaiveDate) -> bool) -> Result<NaiveDate, Note> {
    if can_be(date) { Ok(date) } else { Err(impossible(date)) }
}

fn impossible(date: NaiveDate) -> Note {
    Note::new(Verdict::DateImpossible, [date.to_string()])
}

fn unsure(one: NaiveDate, other: NaiveDate) -> Note {
    let (first, second) = (one.min(other), one.max(other));
    Note::new(Verdict::DateUnsure, [first.to_string(), second.to_string()])
}

fn unread(text: &str) -> Note {
    Note::new(Verdict::DateUnread, [text.chars().filter(|c| !c.is_control()).take(SHOWN).collect()])
}

/// 3/4/27: three figures, the last of them a year.
fn figures(text: &str) -> Option<(u32, u32, i32)> {
    let parts: Vec<&str> = text.trim().split(['/', '.', '-', ' ']).filter(|part| !part.is_empty()).collect();
    let [first, second, year] = parts.as_slice() else { return None };
    let whole = |part: &str, most: usize| {
        (part.len() <= most && part.bytes().all(|byte| byte.is_ascii_digit())).then(|| part.parse().ok())?
    };
    let (first, second): (u32, u32) = (whole(first, 2)?, whole(second, 2)?);
    let counted: u32 = whole(year, 4).filter(|_| year.len() == 2 || year.len() == 4)?;
    let year = i32::try_from(if counted < 100 { counted + 2000 } else { counted }).ok()?;
    Some((first, second, year))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Cell {
        Cell::Text(text.to_owned())
    }

    fn day(year: i32, month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(year, month, day).expect("a day")
    }

    #[test]
    fn a_torn_column_is_seen_whatever_its_dates_have_become() {
        let left = "13/04/2027";
        for (cells, torn) in [
            (vec![Cell::Date(day(2027, 3, 4)), text(left)], true),
            (vec![Cell::Number(46_450.0), text(left)], true),
            (vec![text("46450"), text(left)], true),
            (vec![text("46450.0"), text("13/04/2027 0:00")], true),
            (vec![Cell::Date(day(2027, 3, 4)), text("4/13/2027 12:00:00 AM")], true),
            (vec![Cell::Number(46_450.0), text("03/04/2027")], false),
            (vec![text(left), text("03/04/2027")], false),
            (vec![Cell::Number(46_450.0), Cell::Date(day(2027, 3, 4))], false),
        ] {
            assert_eq!(torn, Shown::by(cells.iter()).torn, "{cells:?}");
        }
    }

    #[test]
    fn a_number_of_a_torn_column_is_as_doubtful_as_a_date() {
        let words = concat!(env!("CARGO_MANIFEST_DIR"), "/message-library/lexicons/en/dates.toml");
        let words = std::fs::read_to_string(words).expect("the lexicon is there");
        let words: DateWords = toml::from_str(&words).expect("a lexicon");
        let today = day(2026, 11, 23);
        let reading = |torn| Reading {
            shown: Shown { order: Some(Order::DayFirst), torn },
            words: &words,
            dots_day_first: false,
            today,
        };
        let can_be = |date: NaiveDate| (0..290).contains(&(date - today).num_days());
        // The fourth of March, or the third of April.
        let serial = (day(2027, 3, 4) - day(1899, 12, 30)).num_days();
        for cell in [Cell::Number(serial as f64), text(&serial.to_string()), text(&format!("{serial}.0"))] {
            assert!(reading(false).read(&cell, &can_be).is_ok());
            let note = reading(true).read(&cell, &can_be).expect_err("in doubt");
            assert_eq!(Some(Verdict::DateUnsure), note.what(), "{cell:?}");
        }
        for (typed, read) in [
            ("13/04/2027 0:00", Ok(day(2027, 4, 13))),
            ("13/04/2027 00:00:00", Ok(day(2027, 4, 13))),
            ("2027-04-13T00:00:00.000", Ok(day(2027, 4, 13))),
            ("04.03.2027 9:30", Ok(day(2027, 3, 4))),
            ("4/13/2027 12:00:00 AM", Ok(day(2027, 4, 13))),
            ("13/13/2027 0:00", Err(Some(Verdict::DateUnread))),
        ] {
            let seen = reading(false).read(&text(typed), &can_be);
            assert_eq!(read, seen.map(|(date, _)| date).map_err(|note| note.what()), "{typed}");
        }
    }
}
