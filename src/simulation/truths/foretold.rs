//! What can be foretold of a plain life, day by day, with a calendar and a pencil: the days on which a tip is due, the
//! questions whether the baby has come, the reminders of visits.

use std::collections::BTreeSet;

use chrono::{DateTime, Datelike, Days, Months, NaiveDate, Utc, Weekday};

use super::{Standing, Truth, Truths};
use crate::library::{Library, Program};

/// What a program's rhythm is, as its file says.
pub struct Foretold {
    starter: u64,
    newborn: Vec<u32>,
    pregnancy: Vec<Weekday>,
    baby: Vec<Weekday>,
    farewell: bool,
}

/// Days past the due date on which she is asked.
const NEWS: [u64; 3] = [3, 10, 17];
/// A question may come so many days late.
const NEWS_LATE: u64 = 3;
/// Days until nothing more comes without news of the birth.
const HELD_AFTER: u64 = 21;
/// A baby this old, in days, is no newborn any more.
const NEWBORN: i64 = 84;
/// Days of a baby's tips.
const BABY: u64 = 52 * 7;

impl Foretold {
    /// Of a program; none if its cadences are not days of the week.
    pub fn of(library: &Library, program: &Program) -> Option<Self> {
        let file: toml::Table =
            library.files.0.get(&format!("programs/{}.toml", program.id))?.parse().ok()?;
        let cadence = |track: &str| -> Option<Vec<Weekday>> {
            let words = file.get("cadence")?.get(track)?.as_str()?;
            let days = words.split_whitespace().nth(5)?;
            days.split(',').map(|day| day.parse().ok()).collect()
        };
        Some(Self {
            starter: u64::from(program.timetable.starter_days),
            newborn: program.timetable.newborn.clone(),
            pregnancy: cadence("pregnancy")?,
            baby: cadence("baby")?,
            farewell: program.timetable.farewell,
        })
    }

    /// The days on which something is due, up to a day.
    fn days(
        &self,
        joined: NaiveDate,
        standing: &Standing,
        told: Option<NaiveDate>,
        end: NaiveDate,
    ) -> BTreeSet<NaiveDate> {
        let pack: Vec<NaiveDate> = joined.iter_days().skip(1).take(self.starter as usize).collect();
        let weekly = pack.last().copied().unwrap_or(joined) + Days::new(1);
        let mut days: BTreeSet<NaiveDate> = pack.into_iter().collect();
        if let Some(due) = standing.first_due {
            let last = told.unwrap_or(end).min(due + Days::new(HELD_AFTER));
            days.extend(
                weekly
                    .iter_days()
                    .take_while(|day| *day <= last)
                    .filter(|day| self.pregnancy.contains(&day.weekday())),
            );
        }
        if let Some(born) = standing.born.first().copied() {
            let told = told.filter(|_| standing.first_due.is_some());
            // After she told of it, a few days on what is to be known of a newborn; then by the week.
            let newborn: Vec<NaiveDate> = match told.filter(|told| (*told - born).num_days() <= NEWBORN) {
                Some(told) => {
                    let over = |number: &&u32| joined + Days::new(u64::from(**number)) <= told;
                    let texts = self.newborn.iter().filter(over).count();
                    told.max(weekly - Days::new(1)).iter_days().skip(1).take(texts).collect()
                }
                None => Vec::new(),
            };
            let after = newborn.last().map(|last| *last + Days::new(1));
            days.extend(newborn);
            let from = after.or(told).map_or(weekly, |from| from.max(weekly)).max(born);
            let over = born + Days::new(BABY);
            days.extend(
                from.iter_days()
                    .take_while(|day| *day < over)
                    .filter(|day| self.baby.contains(&day.weekday())),
            );
            let farewell = born + Months::new(12) - Days::new(1);
            if self.farewell && joined < farewell {
                days.retain(|day| *day < farewell);
                days.insert(farewell);
            }
        }
        days.retain(|day| *day <= end);
        days
    }
}

impl Truths {
    /// Holds the days that were planned for a plain mother against those that had to be.
    pub fn foretell(&mut self, phone: u32, rhythm: &Foretold, planned: &[NaiveDate], end: DateTime<Utc>) {
        let standing = &self.standings[phone as usize];
        let (Some(joined), Some(zone)) = (standing.joined, standing.zone) else { return };
        let day = |at: DateTime<Utc>| at.with_timezone(&zone).date_naive();
        let told = standing.told.map(day);
        let end = day(end) - Days::new(2);
        let around = |other: &NaiveDate| told.is_some_and(|told| (*other - told).num_days().abs() <= 1);
        let kept = |days: BTreeSet<NaiveDate>| -> BTreeSet<NaiveDate> {
            days.into_iter().filter(|day| *day <= end && !around(day)).collect()
        };
        let expected = kept(rhythm.days(day(joined), standing, told, end));
        let found = kept(planned.iter().copied().collect());
        let mother = Some(standing.mother);
        let (missing, surplus): (Vec<_>, Vec<_>) =
            (expected.difference(&found).copied().collect(), found.difference(&expected).copied().collect());
        let dates = format!(
            "joined {}, due {:?}, born {:?}, told {told:?}",
            day(joined),
            standing.first_due,
            standing.born
        );
        *self.checked.entry(Truth::Ends).or_default() += expected.len() as u64;
        for (days, what) in [
            (missing, "a tip was due and there is no record of it"),
            (surplus, "a tip was planned for a day that has none"),
        ] {
            if let Some(first) = days.first() {
                let at = first.and_time(chrono::NaiveTime::MIN).and_utc();
                self.find(Truth::Ends, mother, at, format!("{what}: {days:?} ({dates})"));
            }
        }
        self.foretell_news(phone, day(joined), told, end);
    }

    fn foretell_news(&mut self, phone: u32, joined: NaiveDate, told: Option<NaiveDate>, end: NaiveDate) {
        let standing = &self.standings[phone as usize];
        let (Some(due), mother) = (standing.first_due, Some(standing.mother)) else { return };
        let asked = standing.news.clone();
        for on in NEWS.map(|days| due + Days::new(days)) {
            let last = on + Days::new(NEWS_LATE);
            if on <= joined || last > end || told.is_some_and(|told| told <= last) {
                continue;
            }
            self.check(Truth::Promised);
            if !asked.iter().any(|day| (on..=last).contains(day)) {
                let at = on.and_time(chrono::NaiveTime::MIN).and_utc();
                let what = format!(
                    "she was to be asked on {on} whether the baby has come, and was asked on {asked:?}"
                );
                self.find(Truth::Promised, mother, at, what);
            }
        }
    }

    /// Holds the reminders of visits against the visits, of everybody who could be reminded.
    pub fn foretell_visits(&mut self, end: DateTime<Utc>) {
        let mut found = Vec::new();
        let mut checked = 0;
        for standing in &self.standings {
            let can =
                standing.enrolled && standing.stopped.is_none() && !standing.lost && !standing.unreachable;
            let Some(zone) = standing.zone.filter(|_| can) else { continue };
            let last = end.with_timezone(&zone).date_naive() - Days::new(2);
            for visit in standing.visits.iter().filter(|visit| !visit.void && visit.day <= last) {
                let ahead = (visit.day - visit.on).num_days();
                let due = [(ahead >= 4, visit.soon, "three days"), (ahead >= 2, visit.tomorrow, "one day")];
                for (due, came, when) in due {
                    checked += u64::from(due);
                    if due && !came {
                        found.push((standing.mother, visit.day, when));
                    }
                }
            }
        }
        *self.checked.entry(Truth::Promised).or_default() += checked;
        for (mother, day, when) in found {
            let at = day.and_time(chrono::NaiveTime::MIN).and_utc();
            let what = format!("of the visit on {day} she was not reminded {when} before");
            self.find(Truth::Promised, Some(mother), at, what);
        }
    }
}
