//! A cadence answers as the crate `cron` would, whether it was understood as a plain weekly one or not.

use chrono::{Days, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta};
use motherline::domain::calendar::Cadence;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};

/// Days on and about the changes of months and years, of which some are leap years.
fn day() -> impl Strategy<Value = NaiveDate> {
    let first = NaiveDate::from_ymd_opt(2023, 12, 25).expect("a day");
    (0..6 * 366_u64).prop_map(move |days| first + Days::new(days))
}

/// Weekdays as authors write them: all, one, a list in any order, a range.
fn weekdays() -> impl Strategy<Value = String> {
    let names = vec!["MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN"];
    prop_oneof![
        select(vec!["*", "?", "MON-FRI", "Tue-Thu", "SUN-TUE", "SUN-SAT", "*/2", "Saturday"])
            .prop_map(str::to_owned),
        subsequence(names, 1..=7).prop_shuffle().prop_map(|days| days.join(",")),
    ]
}

/// Expressions, half of them plain weekly ones.
fn expression() -> impl Strategy<Value = String> {
    let time = (
        select(vec!["0", "59", "*/20", "15,45", "*"]),
        select(vec!["0", "30", "59", "10-20", "*/7"]),
        select(vec!["10", "0", "23", "9,17", "20,8", "*"]),
    );
    let month = prop_oneof![
        3 => Just(("*", "*")),
        1 => Just(("?", "1-12")),
        1 => Just(("1/1", "JAN-DEC")),
        1 => Just(("1,15", "*")),
        1 => Just(("31", "*")),
        1 => Just(("29-30", "2,4")),
        1 => Just(("*", "MAR-SEP")),
    ];
    let year = prop_oneof![4 => Just(""), 1 => Just(" *"), 1 => Just(" 2024/2"), 1 => Just(" 2025-2026")];
    (time, month, weekdays(), year).prop_map(|((second, minute, hour), (day, month), weekdays, year)| {
        format!("{second} {minute} {hour} {day} {month} {weekdays}{year}")
    })
}

/// The crate's own answer, in UTC, which has no gaps and no overlaps.
fn asked(schedule: &cron::Schedule, date: NaiveDate) -> Option<NaiveDateTime> {
    let before = date.and_time(NaiveTime::MIN).and_utc() - TimeDelta::seconds(1);
    schedule.after(&before).next().map(|wall| wall.naive_utc())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_cadence_answers_as_the_crate_does(text in expression(), date in day(), days in 0..40_u64) {
        let Ok(cadence) = text.parse::<Cadence>() else {
            return Err(TestCaseError::reject("not a cadence"));
        };
        let schedule: cron::Schedule = text.parse().expect("the same text");
        prop_assert_eq!(asked(&schedule, date), cadence.on_or_after(date), "{} from {}", text, date);
        let fires = |day: NaiveDate| asked(&schedule, day).filter(|wall| wall.date() == day);
        prop_assert_eq!(fires(date), cadence.on(date), "{} on {}", text, date);
        let count = date.iter_days().take(days as usize + 1).filter_map(fires).count();
        let counted = cadence.count_between(date, date + Days::new(days));
        prop_assert_eq!(count as u32, counted, "{} from {}", text, date);
    }
}

#[test]
fn the_shorthands_of_the_crate_are_cadences_too() {
    let saturday = NaiveDate::from_ymd_opt(2026, 11, 28).expect("a day");
    for (text, on) in [("@daily", "2026-11-28"), ("@weekly", "2026-11-29"), ("@monthly", "2026-12-01")] {
        let cadence: Cadence = text.parse().expect("a cadence");
        assert_eq!(
            Some(format!("{on} 00:00:00")),
            cadence.on_or_after(saturday).map(|wall| wall.to_string()),
            "{text}"
        );
    }
}

#[test]
fn nothing_fires_between_a_day_and_the_one_before() {
    let day = NaiveDate::from_ymd_opt(2026, 11, 23).expect("a Monday");
    for text in ["0 0 10 * * *", "0 0 10 * * MON,WED,FRI", "0 0 10 1,15 * *"] {
        let cadence: Cadence = text.parse().expect("a cadence");
        assert_eq!(0, cadence.count_between(day, day - Days::new(1)), "{text}");
        assert_eq!(0, cadence.count_between(day, day - Days::new(30)), "{text}");
    }
}
