//! Lives: a mother made from a seed and her number alone, so that everyone can meet her again.

mod fate;
mod wants;

use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;

use super::cast::{Cast, Country};
use super::chance::Chance;
use super::mother::{Habits, LeavesOff, Mother, Wish};
use crate::domain::gestation::Anchor;

/// The time that is simulated.
#[derive(Clone, Copy, Debug)]
pub struct Span {
    /// From.
    pub from: DateTime<Utc>,
    /// Until.
    pub until: DateTime<Utc>,
}

/// Numbers beyond this one are those that mothers move to.
const SECOND: u32 = 3_000;

/// A life under way of being made up.
struct Draft<'a> {
    chance: Chance,
    span: Span,
    country: &'a Country,
    zone: Tz,
    joins: DateTime<Utc>,
    wishes: Vec<(DateTime<Utc>, Wish)>,
    births: Vec<NaiveDate>,
    kinds: Vec<&'static str>,
    plain: bool,
}

/// Makes a mother.
pub fn mother(cast: &Cast, seed: u64, index: u32, span: Span) -> Mother {
    let mut chance = Chance::of(seed, u64::from(index));
    let weights: Vec<u64> = cast.countries.iter().map(|country| country.weight).collect();
    let country_at = chance.weighed(&weights);
    let country = &cast.countries[country_at];
    let language = *chance.pick(&country.languages);
    let (zone, words) = chance.pick(&country.places).clone();
    let tells_place = !chance.in_thousand(120);
    let mut draft = Draft {
        chance: chance.beside(1),
        span,
        country,
        zone,
        joins: span.from,
        wishes: Vec::new(),
        births: Vec::new(),
        kinds: vec![if tells_place { "tells where she lives" } else { "keeps her place to herself" }],
        // Half of them do nothing but what is foreseen.
        plain: chance.in_thousand(400),
    };
    draft.joins = draft.beginning();
    let anchor = draft.fate();
    draft.wishes.push((draft.joins, Wish::Join(anchor)));
    if !draft.plain {
        draft.wants(language);
    }
    let habits = draft.habits();
    draft.end(&habits);
    Mother {
        index,
        country: country_at,
        language,
        begins: country
            .starts
            .iter()
            .find(|(spoken, _)| *spoken == language)
            .map_or_else(String::new, |(_, word)| word.clone()),
        zone,
        place: tells_place.then_some(words),
        phone: country.number(index),
        second: country.number(SECOND + index),
        wishes: draft.wishes,
        births: draft.births,
        habits,
        kinds: draft.kinds,
        plain: draft.plain,
    }
}

impl Draft<'_> {
    /// When she joins: early or late in the time, on a leap day, on the eve of a change of clocks.
    fn beginning(&mut self) -> DateTime<Utc> {
        let days = (self.span.until - self.span.from).num_days().max(2);
        let begin = self.span.from.with_timezone(&self.zone).date_naive();
        let day = match self.chance.weighed(&[45, 33, 6, 11, 5]) {
            0 => begin + Days::new(self.chance.below(days.min(60).unsigned_abs())),
            1 => begin + Days::new(self.chance.below((days * 4 / 5).max(1).unsigned_abs())),
            2 => self.named(leap_days(self.span), "joins on February 29"),
            3 => {
                let changes = changes(self.zone, self.span);
                self.named(changes, "joins around a change of clocks")
            }
            _ => begin + Days::new((days - 1 - self.chance.between(0, (days - 1).min(20))).unsigned_abs()),
        };
        let at = self.at(day);
        let early = self.span.from + TimeDelta::hours(1);
        let late = self.span.until - TimeDelta::hours(12);
        at.clamp(early, late.max(early))
    }

    /// One of some days, counted under a name; any day if there are none.
    fn named(&mut self, days: Vec<NaiveDate>, kind: &'static str) -> NaiveDate {
        if days.is_empty() {
            return self.span.from.with_timezone(&self.zone).date_naive() + Days::new(1);
        }
        self.kinds.push(kind);
        *self.chance.pick(&days)
    }

    /// A moment of one of her days: mostly while people are awake.
    fn at(&mut self, day: NaiveDate) -> DateTime<Utc> {
        let hour = if self.chance.in_thousand(850) {
            self.chance.between(7, 21)
        } else {
            self.chance.between(0, 23)
        };
        let (minute, second) = (self.chance.below(60) as u32, self.chance.below(60) as u32);
        let time = NaiveTime::from_hms_opt(hour as u32, minute, second).unwrap_or_default();
        local(self.zone, day, time)
    }

    /// Her local day at a moment.
    fn day(&self, at: DateTime<Utc>) -> NaiveDate {
        at.with_timezone(&self.zone).date_naive()
    }

    /// Adds a wish on a day, unless that is before she joins or beyond the end.
    fn wish(&mut self, day: NaiveDate, wish: Wish) -> Option<DateTime<Utc>> {
        let at = self.at(day).max(self.joins + TimeDelta::hours(2));
        let fits = at < self.span.until;
        if fits {
            self.wishes.push((at, wish));
        }
        fits.then_some(at)
    }

    fn habits(&mut self) -> Habits {
        let leaves_off = [LeavesOff::Date, LeavesOff::Confirm, LeavesOff::Place];
        let leaves_off = (!self.plain && self.chance.in_thousand(60)).then(|| *self.chance.pick(&leaves_off));
        let machine = (!self.plain && self.chance.in_thousand(15)).then(|| {
            let from = self.joins + TimeDelta::days(self.chance.between(1, 200));
            (from, from + TimeDelta::days(3))
        });
        let lost_phone = (!self.plain && self.chance.in_thousand(20))
            .then(|| self.joins + TimeDelta::days(self.chance.between(20, 300)));
        if leaves_off.is_some() {
            self.kinds.push("leaves off half way through joining");
        }
        if machine.is_some() {
            self.kinds.push("has an automatic answer for some days");
        }
        if lost_phone.is_some() {
            self.kinds.push("has a phone that dies");
        }
        Habits {
            answers: if self.plain { 0 } else { *self.chance.pick(&[0, 300, 700, 950]) },
            late: 150,
            tells_news: !self.plain && self.chance.in_thousand(600),
            leaves_off,
            machine,
            lost_phone,
        }
    }

    /// What she cannot do any more is taken out; the rest is put in order.
    fn end(&mut self, habits: &Habits) {
        if let Some(lost) = habits.lost_phone {
            self.wishes.retain(|(at, _)| *at < lost);
        }
        self.wishes.sort_by_key(|(at, _)| *at);
        let anchor = self.wishes.iter().find_map(|(_, wish)| match wish {
            Wish::Join(anchor) => Some(*anchor),
            _ => None,
        });
        let (day, leap) = (self.day(self.joins), leap_days(self.span));
        match anchor {
            Some(Anchor::Born(born)) => {
                self.kinds.push("joins with a baby");
                if leap.contains(&born) {
                    self.kinds.push("baby born on February 29");
                }
            }
            Some(Anchor::Due(due)) => {
                let weeks = (280 - (due - day).num_days()).div_euclid(7);
                self.kinds.push(match weeks {
                    ..=12 => "joins in the first weeks of pregnancy",
                    13..=30 => "joins in the middle of pregnancy",
                    31..=39 => "joins late in pregnancy",
                    _ => "joins when the due date is past",
                });
                if leap.contains(&due) {
                    self.kinds.push("due on February 29");
                }
            }
            None => {}
        }
        if self.births.iter().any(|born| leap.contains(born) && anchor != Some(Anchor::Born(*born))) {
            self.kinds.push("gives birth on February 29");
        }
    }
}

/// The instant of a wall-clock time; where clocks skip it, an hour later.
pub fn local(zone: Tz, day: NaiveDate, time: NaiveTime) -> DateTime<Utc> {
    let wall = day.and_time(time);
    let found = zone.from_local_datetime(&wall).earliest();
    let found = found.or_else(|| zone.from_local_datetime(&(wall + TimeDelta::hours(1))).earliest());
    found.map_or_else(|| wall.and_utc(), |at| at.with_timezone(&Utc))
}

/// The 29ths of February in a span.
fn leap_days(span: Span) -> Vec<NaiveDate> {
    let years = span.from.date_naive().iter_days().take_while(|day| *day <= span.until.date_naive());
    years.filter(|day| day.format("%m-%d").to_string() == "02-29").collect()
}

/// The days before and on which a zone changes its clocks in a span.
fn changes(zone: Tz, span: Span) -> Vec<NaiveDate> {
    let offset = |day: NaiveDate| {
        let noon = local(zone, day, NaiveTime::from_hms_opt(12, 0, 0).unwrap_or_default());
        noon.with_timezone(&zone).naive_local() - noon.naive_utc()
    };
    let days = span.from.date_naive().iter_days().take_while(|day| *day < span.until.date_naive());
    let changed = days.filter(|day| offset(*day) != offset(*day - Days::new(1)));
    changed.flat_map(|day| [day - Days::new(1), day]).collect()
}
