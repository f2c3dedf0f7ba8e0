//! What happens to her: births early, on time and late, of one or two; losses; and what she tells of it.

use chrono::{Days, NaiveDate};

use super::{Draft, leap_days};
use crate::domain::gestation::Anchor;
use crate::simulation::mother::{Loss, LostWhen, Wish};

/// Days of a pregnancy.
const TERM: i64 = 280;

impl Draft<'_> {
    /// Her dates as she joins, and everything that follows from them.
    pub(super) fn fate(&mut self) -> Anchor {
        let today = self.day(self.joins);
        let leap = leap_days(self.span);
        match self.chance.weighed(&[62, 30, 8]) {
            0 => self.pregnancy(today, None),
            1 => self.baby(today, None),
            _ => match leap.first() {
                Some(leap) if *leap <= today && (today - *leap).num_days() < 340 => {
                    self.baby(today, Some(*leap))
                }
                Some(leap) if *leap > today && (*leap - today).num_days() < 250 => {
                    self.pregnancy(today, Some(*leap))
                }
                _ => self.pregnancy(today, None),
            },
        }
    }

    fn pregnancy(&mut self, today: NaiveDate, due: Option<NaiveDate>) -> Anchor {
        let along = match self.chance.weighed(&[50, 28, 15, 7]) {
            0 => self.chance.between(28, 84),
            1 => self.chance.between(85, 216),
            2 => self.chance.between(217, 279),
            _ => self.chance.between(280, 300),
        };
        let due = due.unwrap_or_else(|| plus(today, TERM - along));
        let along = TERM - (due - today).num_days();
        let twins = self.chance.in_thousand(60);
        match self.chance.weighed(&[55, 17, 8, 8, 7, 3, 2]) {
            // Births by days of pregnancy.
            0 => self.birth(due, along, (266, 286), twins, "birth on time"),
            1 => self.birth(due, along, (287, 300), twins, "birth after the due date"),
            2 => self.birth(due, along, (196, 258), twins, "birth weeks too early"),
            3 => self.kinds.push("never tells of the birth"),
            4 => self.loss_in_pregnancy(due, along, twins),
            5 => self.stillbirth(due, along),
            _ => self.kinds.push("never tells of the birth"),
        }
        Anchor::Due(due)
    }

    fn birth(&mut self, due: NaiveDate, along: i64, (from, to): (i64, i64), twins: bool, kind: &'static str) {
        let earliest = along + 1;
        let day = self.chance.between(from.max(earliest), to.max(earliest + 5));
        let born = plus(due, day - TERM);
        self.kinds.push(kind);
        let mut days = vec![born];
        if twins {
            self.kinds.push("twins");
            self.plain = false;
            let two_days = self.chance.in_thousand(400);
            days.push(if two_days { plus(born, 1) } else { born });
            if two_days {
                self.kinds.push("twins born on two days");
            }
            if self.chance.in_thousand(600) {
                let ahead = self.chance.between(0, (day - along - 2).max(0));
                self.wish(plus(due, along + ahead - TERM), Wish::Twins);
            }
        }
        self.births.clone_from(&days);
        let last = days.last().copied().unwrap_or(born);
        let told = match self.chance.weighed(&[70, 14, 9, 7]) {
            0 => Some(plus(last, self.chance.between(0, 6))),
            1 => {
                self.kinds.push("tells of the birth only when asked");
                self.plain = false;
                None
            }
            2 => {
                self.kinds.push("tells of the birth late");
                Some(plus(last, self.chance.between(25, 70)))
            }
            _ => {
                self.kinds.push("never tells of the birth");
                None
            }
        };
        if let Some(told) = told {
            let at_once = self.chance.in_thousand(600);
            self.wish(told, Wish::Birth { days, at_once });
            self.after_birth(told, twins);
        }
    }

    /// A baby may be lost, or one of two.
    fn after_birth(&mut self, from: NaiveDate, twins: bool) {
        if !self.chance.in_thousand(if twins { 250 } else { 25 }) {
            return;
        }
        self.plain = false;
        let one = twins && self.chance.in_thousand(700);
        self.kinds.push(if one { "loss of one twin" } else { "loss of a baby" });
        let on = plus(from, self.chance.between(1, 150));
        let loss = Loss { when: LostWhen::Baby, one, support: self.support() };
        self.wish(on, Wish::Loss(loss));
        self.after_loss(on);
    }

    fn loss_in_pregnancy(&mut self, due: NaiveDate, along: i64, twins: bool) {
        self.plain = false;
        let day = self.chance.between(along + 1, (along + 60).min(TERM));
        let on = plus(due, day - TERM);
        let one = twins && self.chance.in_thousand(500);
        if one {
            let first = plus(due, along - TERM);
            self.wish(first, Wish::Twins);
            self.kinds.push("loss of one of two in pregnancy");
        } else {
            self.kinds.push("loss in pregnancy");
        }
        let loss = Loss { when: LostWhen::Pregnancy, one, support: self.support() };
        self.wish(on, Wish::Loss(loss));
        self.after_loss(on);
    }

    fn stillbirth(&mut self, due: NaiveDate, along: i64) {
        self.plain = false;
        self.kinds.push("stillbirth");
        let day = self.chance.between((along + 1).max(200), (along + 5).max(285));
        let on = plus(due, day - TERM);
        let loss = Loss { when: LostWhen::Birth, one: false, support: self.support() };
        self.wish(on, Wish::Loss(loss));
        self.after_loss(on);
    }

    fn support(&mut self) -> Option<bool> {
        match self.chance.weighed(&[45, 25, 30]) {
            0 => Some(true),
            1 => Some(false),
            _ => None,
        }
    }

    /// Some were misunderstood, and some are pregnant again months later.
    fn after_loss(&mut self, on: NaiveDate) {
        match self.chance.weighed(&[75, 13, 12]) {
            0 => {}
            1 => {
                let later = self.chance.between(0, 3);
                if self.wish(plus(on, later), Wish::Undo).is_some() {
                    self.kinds.push("loss undone");
                }
            }
            _ => {
                let later = plus(on, self.chance.between(70, 160));
                let due = plus(later, self.chance.between(180, 250));
                self.wish(later, Wish::Again(Anchor::Due(due)));
            }
        }
    }

    fn baby(&mut self, today: NaiveDate, born: Option<NaiveDate>) -> Anchor {
        let old = match self.chance.weighed(&[60, 35, 5]) {
            0 => self.chance.between(0, 90),
            1 => self.chance.between(91, 330),
            _ => self.chance.between(331, 364),
        };
        let born = born.unwrap_or_else(|| plus(today, -old));
        self.births = vec![born];
        let twins = self.chance.in_thousand(30);
        if twins {
            self.plain = false;
            self.kinds.push("twins");
            self.births.push(born);
            self.wish(plus(today, self.chance.beside(7).between(0, 20)), Wish::Twins);
        }
        self.after_birth(plus(today, 20), twins);
        Anchor::Born(born)
    }
}

/// A day so many days later, or earlier.
pub(super) fn plus(day: NaiveDate, days: i64) -> NaiveDate {
    if days < 0 { day - Days::new(days.unsigned_abs()) } else { day + Days::new(days.unsigned_abs()) }
}
