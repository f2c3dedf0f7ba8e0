//! The almanac is a memory and nothing else: what a batch of women is told is what each would be told alone.
//! Whole plans are compared, so they cross every change to summer time and back, north and south.

use chrono::{DateTime, Days, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;
use motherline::domain::calendar::{Almanac, Whereabouts, instant};
use motherline::domain::plan::{Next, next, next_with};
use motherline::library::Program;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use super::laws::{ELSEWHERE, LIBRARY, first_day, woman};
use crate::conversation::{RUSSIA, US};

prop_compose! {
    /// A moment of the three years, and now and then one in which nothing is round.
    fn moment()(
        minutes in 0..3 * 365 * 24 * 60_i64,
        seconds in prop_oneof![Just(0), 0..60_i64],
    ) -> NaiveDateTime {
        first_day().and_time(NaiveTime::MIN) + TimeDelta::minutes(minutes) + TimeDelta::seconds(seconds)
    }
}

fn zone() -> impl Strategy<Value = Tz> {
    select([&program(US).zones, &program(RUSSIA).zones, &ELSEWHERE[..]].concat())
}

fn program(id: &str) -> &'static Program {
    LIBRARY.program(id).expect("a program")
}

/// What the clocks of a zone show.
fn shown(zone: Tz, at: DateTime<Utc>) -> NaiveDateTime {
    at.with_timezone(&zone).naive_local()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_batch_is_told_what_each_would_be_told_alone(women in vec(woman(), 1..8)) {
        let mut almanac = Almanac::default();
        for woman in women {
            let course = woman.course();
            let mut after = woman.enrolled_on;
            loop {
                let alone = next(&course, after);
                let told = next_with(&mut almanac, &course, after);
                prop_assert_eq!(alone, told, "after {} in {:?}", after, woman);
                let Next::Due(due) = alone else { break };
                after = due.on;
                let begins = course.whereabouts.start_of(due.on);
                let local = almanac.local(&course.timetable.window, &course.whereabouts);
                prop_assert_eq!(course.timetable.window.on(due.on, &course.whereabouts), local.on(due.on));
                prop_assert_eq!(begins, local.start_of(due.on));
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_window_of_a_moment_is_the_same(
        id in select(vec![US, RUSSIA]),
        zones in vec(prop_oneof![3 => zone().prop_map(Some), 1 => Just(None)], 1..6),
        moments in vec(moment(), 1..4),
    ) {
        let (program, mut almanac) = (program(id), Almanac::default());
        let window = program.timetable.window;
        for at in moments.iter().map(NaiveDateTime::and_utc) {
            for zone in &zones {
                let whereabouts = program.whereabouts(*zone);
                let alone = window.at_or_after(at, &whereabouts);
                // Twice, because the second time is answered from memory.
                for _ in 0..2 {
                    let told = almanac.local(&window, &whereabouts).at_or_after(at);
                    prop_assert_eq!(alone, told, "{} in {:?}", at, zone);
                }
            }
        }
    }

    #[test]
    fn programs_with_one_home_and_another_reach_are_kept_apart(day in 0..3 * 365_u64, far in zone()) {
        let program = program(US);
        let (window, home, day) = (program.timetable.window, program.home_zone, first_day() + Days::new(day));
        let reach = |zones: &[Tz]| Whereabouts::Unsure { home, reach: zones.into() };
        let mut almanac = Almanac::default();
        let known = Whereabouts::Known(home);
        for whereabouts in [reach(&[home]), known, reach(&[home, far]), program.whereabouts(None)] {
            prop_assert_eq!(window.on(day, &whereabouts), almanac.local(&window, &whereabouts).on(day));
        }
    }

    #[test]
    fn the_hours_in_common_are_day_everywhere(
        day in 0..3 * 365_u64,
        home in zone(),
        reach in vec(zone(), 1..4),
    ) {
        let (window, day) = (program(US).timetable.window, first_day() + Days::new(day));
        let hers = |day, zone| window.on(day, &Whereabouts::Known(zone));
        let common = window.on(day, &Whereabouts::Unsure { home, reach: reach.clone().into() });
        if let Some(common) = common {
            for zone in reach.iter().chain([&home]) {
                let there = hers(shown(*zone, common.opens).date(), *zone).expect("a window");
                let inside = there.opens <= common.opens && common.closes <= there.closes;
                prop_assert!(inside, "{zone}: {common:?}");
            }
        }
        if let [far] = reach[..] {
            let days = (day - Days::new(2)).iter_days().take(5).filter_map(|day| hers(day, far));
            let home = hers(day, home).expect("a window");
            let shares = days.map(|there| there.closes.min(home.closes) - there.opens.max(home.opens));
            let longest = shares.max().filter(|share| *share > TimeDelta::zero());
            prop_assert_eq!(longest, common.map(|common| common.closes - common.opens));
        }
    }
}

#[test]
fn a_time_skipped_is_the_end_of_the_gap_and_one_that_comes_twice_the_first() {
    let mut skipped = 0;
    for zone in LIBRARY.programs.values().flat_map(|program| program.zones.iter()).chain(&ELSEWHERE) {
        for day in first_day().iter_days().take(3 * 365) {
            let start = |day: NaiveDate| instant(*zone, day.and_time(NaiveTime::MIN));
            if start(day + Days::new(1)) - start(day) == TimeDelta::hours(24) {
                continue;
            }
            let mut last = start(day);
            for minute in (0..24 * 60).step_by(7) {
                let wall = day.and_time(NaiveTime::MIN) + TimeDelta::minutes(minute);
                let at = instant(*zone, wall);
                assert!(last <= at && at < start(day + Days::new(1)), "{zone}: {wall}");
                last = at;
                if let Some(first) = zone.from_local_datetime(&wall).earliest() {
                    assert_eq!(first, at);
                } else {
                    assert!(
                        shown(*zone, at) > wall && shown(*zone, at - TimeDelta::seconds(1)) < wall,
                        "{wall}"
                    );
                    skipped += 1;
                }
            }
        }
    }
    assert!(skipped > 100, "{skipped}");
}
