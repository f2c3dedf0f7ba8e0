//! What else she wants in all that time, on days of its own.

use chrono::NaiveDate;

use super::Draft;
use super::fate::plus;
use crate::domain::gestation::Anchor;
use crate::domain::language::Language;
use crate::simulation::mother::Wish;

/// Hours that people ask for, some of them at night.
const HOURS: [&str; 6] = ["18:00", "9:00", "19:30", "12:00", "6:00", "23:00"];

impl Draft<'_> {
    /// Some wishes.
    pub(super) fn wants(&mut self, language: Language) {
        let count = [0, 1, 2, 3, 4, 6][self.chance.weighed(&[15, 30, 25, 15, 10, 5])];
        let first = self.day(self.joins);
        let days = (self.day(self.span.until) - first).num_days().max(1);
        for _ in 0..count {
            let day = plus(first, self.chance.below(days.unsigned_abs()) as i64);
            self.want(day, language);
        }
        if self.chance.in_thousand(180) {
            let day = plus(first, self.chance.below(days.unsigned_abs()) as i64);
            self.stop(day);
        }
    }

    fn stop(&mut self, day: NaiveDate) {
        self.wish(day, Wish::Stop);
        if self.chance.in_thousand(450) {
            let back = plus(day, self.chance.between(0, 90));
            self.wish(back, Wish::ComeBack);
        }
    }

    fn want(&mut self, day: NaiveDate, language: Language) {
        let weights = [8, 6, 6, 4, 6, 3, 6, 4, 1, 12, 5, 4, 6, 10, 4, 5, 3, 3, 4, 4, 2];
        match self.chance.weighed(&weights) {
            0 => {
                self.wish(day, Wish::Less);
                self.perhaps(400, day, Wish::More);
            }
            1 => self.one(day, Wish::More),
            2 => {
                let days = *self.chance.pick(&[7, 14, 30, 90]);
                self.one(day, Wish::Pause(Some(days)));
            }
            3 => {
                self.wish(day, Wish::Pause(None));
                self.perhaps(600, day, Wish::Resume);
            }
            4 => {
                let hour = *self.chance.pick(&HOURS);
                self.one(day, Wish::Hour(hour));
            }
            5 => {
                let others: Vec<Language> =
                    self.country.languages.iter().filter(|other| **other != language).copied().collect();
                if !others.is_empty() {
                    let other = *self.chance.pick(&others);
                    self.one(day, Wish::Language(other));
                }
            }
            6 => {
                let (zone, place) = self.chance.pick(&self.country.places).clone();
                self.one(day, Wish::House { zone, place });
            }
            7 => self.one(day, Wish::NewPhone),
            8 => self.one(day, Wish::Wrong),
            9 => {
                let on = plus(day, self.chance.between(2, 40));
                self.wish(day, Wish::Visit(on));
                if self.chance.in_thousand(200) {
                    let off = plus(day, self.chance.between(0, 3));
                    self.wish(off, Wish::CancelVisit);
                }
            }
            10 => {
                self.wish(day, Wish::Safe);
                self.perhaps(400, day, Wish::SafeOff);
            }
            11 => {
                let sure = self.chance.in_thousand(700);
                self.one(day, Wish::Delete { sure });
            }
            12 => self.one(day, Wish::Danger),
            13 => self.one(day, Wish::Question),
            14 => self.one(day, Wish::Thanks),
            15 => self.one(day, Wish::Junk),
            16 => self.one(day, Wish::Echo),
            17 => self.one(day, Wish::Details),
            18 => self.one(day, Wish::Help),
            19 => {
                let due = plus(day, self.chance.between(20, 200));
                self.one(day, Wish::Update(due));
            }
            _ => {
                let due = plus(day, self.chance.between(100, 250));
                self.one(day, Wish::Again(Anchor::Due(due)));
            }
        }
    }

    fn one(&mut self, day: NaiveDate, wish: Wish) {
        self.wish(day, wish);
    }

    /// What may follow, days or weeks later.
    fn perhaps(&mut self, in_thousand: u64, day: NaiveDate, wish: Wish) {
        if self.chance.in_thousand(in_thousand) {
            let later = plus(day, self.chance.between(1, 60));
            self.wish(later, wish);
        }
    }
}
