//! Second and fifth truth: once, and in time.

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};

use super::{Said, Truth, Truths};
use crate::domain::gestation::Track;
use crate::store::witness::Seen;

/// Days of a pregnancy.
const TERM: i64 = 280;
/// Second texts, which she asks for, have no day and no week.
const MORE: &str = "more";

impl Truths {
    pub(super) fn once(&mut self, said: &Said, seen: &Seen) {
        if !said.taken {
            return;
        }
        if said.number > 1 || self.taken.contains_key(&said.id) || is_first_of_many(said) {
            let times = self.taken.entry(said.id).or_default();
            *times += 1;
            // An answer may be repeated where nobody can tell whether it arrived; nothing else may.
            let most = if said.answer { 3 } else { 1 };
            if *times > most {
                self.fail(Truth::Once, said, "the gateway took it more often than it may".to_owned());
            }
        }
        let (Some(tip), Some(enrollment)) = (&seen.tip, seen.enrollment_id) else { return };
        if seen.kind != "tip" || seen.track.as_deref() == Some(MORE) {
            return;
        }
        self.check(Truth::Once);
        if !self.tips.insert((enrollment, Arc::from(tip.as_str()))) {
            self.fail(Truth::Once, said, format!("the tip {tip} had come before"));
        }
        let standing = &self.standings[said.phone as usize];
        let today = self.homes[standing.country].day(standing.zone, said.at);
        // Whoever has moved to another zone since has two names for the day of the last one.
        let same = |(day, at): (NaiveDate, DateTime<Utc>)| {
            day == today && self.homes[standing.country].day(standing.zone, at) == today
        };
        if standing.last_tip.is_some_and(same) {
            self.fail(Truth::Once, said, format!("another tip had come on {today}"));
        }
        self.standings[said.phone as usize].last_tip = Some((today, said.at));
    }

    pub(super) fn fresh(&mut self, said: &Said, seen: &Seen) {
        self.check(Truth::Fresh);
        if said.at > said.not_after {
            return self.fail(Truth::Fresh, said, format!("it was right until {}", said.not_after));
        }
        let (Some(tip), Some(week)) = (&seen.tip, seen.week) else { return };
        let Some(track) = self.words.tip(tip).map(|place| self.words.tips[place as usize].track) else {
            return;
        };
        let standing = &self.standings[said.phone as usize];
        let today = self.homes[standing.country].day(standing.zone, said.at);
        let since = |day: chrono::NaiveDate| (today - day).num_days();
        let hers: Vec<i64> = match track {
            Track::Pregnancy => standing.due.iter().map(|due| since(*due) + TERM).collect(),
            Track::Baby => standing.born.iter().map(|born| since(*born)).collect(),
            _ => return,
        };
        let weeks: Vec<i64> = hers.iter().map(|days| days.div_euclid(7)).collect();
        if seen.kind == "tip" && !weeks.contains(&i64::from(week)) {
            let dates = format!("due {:?}, born {:?}", standing.due, standing.born);
            self.fail(
                Truth::Fresh,
                said,
                format!("{tip} is for week {week}, and on {today} hers is {weeks:?}: {dates}"),
            );
        }
    }
}

/// A first try that may be followed by another of the same text, because its answer was lost.
fn is_first_of_many(said: &Said) -> bool {
    said.number == 1 && said.taken && said.doubtful
}
