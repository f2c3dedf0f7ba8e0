//! The starter pack where not every day has hours for it: its days are the next that have, and none is lost.

use chrono::{Datelike, Days, NaiveDate, NaiveTime, Weekday};
use chrono_tz::Tz;
use motherline::domain::calendar::{Almanac, Whereabouts, Window};
use motherline::domain::gestation::{Anchor, Track};
use motherline::domain::plan::{Course, Next, Occurrence, Terms, Timetable, next, next_with};
use uuid::Uuid;

use super::laws::LIBRARY;
use crate::conversation::US;

/// A program that is silent on Sundays, and whose pack comes on the days of `starter`.
fn timetable(starter: &str) -> Timetable {
    let timetable = LIBRARY.program(US).expect("a program").timetable.clone();
    let silent = Window { sunday_opens: timetable.window.closes, ..timetable.window };
    Timetable { window: silent, starter: starter.parse().expect("a cadence"), ..timetable }
}

fn course(timetable: &Timetable, enrolled_on: NaiveDate, whereabouts: Whereabouts) -> Course<'_> {
    let anchor = Anchor::Due(enrolled_on + Days::new(200));
    Course {
        enrollment: Uuid::from_u128(7),
        anchor,
        enrolled_on,
        whereabouts,
        timetable,
        terms: Terms::default(),
    }
}

/// The first occurrences of a course, asked for day by day, so that nothing hangs on where one looks from.
fn first(course: &Course<'_>, count: usize) -> Vec<Occurrence> {
    let (mut found, mut almanac): (Vec<Occurrence>, _) = (Vec::new(), Almanac::default());
    for day in course.enrolled_on.iter_days().take(100) {
        let due = next(course, day);
        assert_eq!(due, next_with(&mut almanac, course, day));
        let Next::Due(due) = due else { break };
        if found.last().is_none_or(|last| last.on < due.on) {
            found.push(due);
        }
    }
    found.truncate(count);
    found
}

#[test]
fn a_day_without_hours_is_made_up_for() {
    let daily = timetable("0 0 10 * * *");
    for enrolled in 1..=28 {
        let enrolled_on = NaiveDate::from_ymd_opt(2026, 11, enrolled).expect("a day");
        let course = course(&daily, enrolled_on, Whereabouts::Known(Tz::America__New_York));
        let pack = first(&course, 7);
        let days = (enrolled_on + Days::new(1)).iter_days().filter(|day| day.weekday() != Weekday::Sun);
        let told: Vec<_> = pack.iter().take(6).map(|due| (due.on, due.slot.track, due.slot.number)).collect();
        let expected: Vec<_> = days.zip(1..=6).map(|(day, number)| (day, Track::Starter, number)).collect();
        assert_eq!(expected, told);
        assert_eq!(Track::Pregnancy, pack[6].slot.track, "and then her weekly tips");
        assert!(pack.iter().all(|due| due.at.is_some()));
    }
}

#[test]
fn a_pack_of_one_text_a_week_takes_six_weeks() {
    let weekly = timetable("0 0 10 * * SAT");
    let enrolled_on = NaiveDate::from_ymd_opt(2026, 11, 23).expect("a Monday");
    let course = course(&weekly, enrolled_on, Whereabouts::Known(Tz::America__New_York));
    let pack = first(&course, 7);
    let saturdays = (0..6).map(|week| enrolled_on + Days::new(5 + 7 * week));
    assert_eq!(saturdays.collect::<Vec<_>>(), pack.iter().take(6).map(|due| due.on).collect::<Vec<_>>());
    assert_eq!((Track::Pregnancy, enrolled_on + Days::new(42)), (pack[6].slot.track, pack[6].on));
}

#[test]
fn where_no_day_has_hours_the_weekly_days_are_still_told() {
    let mut never = timetable("0 0 10 * * *");
    never.window.opens = NaiveTime::from_hms_opt(20, 0, 0).expect("a time");
    let enrolled_on = NaiveDate::from_ymd_opt(2026, 11, 23).expect("a Monday");
    let whereabouts = LIBRARY.program(US).expect("a program").whereabouts(None);
    let days = first(&course(&never, enrolled_on, whereabouts), 3);
    assert!(days.iter().all(|due| due.at.is_none() && due.slot.track == Track::Pregnancy), "{days:?}");
    assert_eq!(Some(enrolled_on + Days::new(2)), days.first().map(|due| due.on), "a Wednesday");
}
