//! Laws of the plan, for any enrollment in any zone on any day of three years, with their changes to summer
//! time and back and a leap day.

use std::sync::LazyLock;

use chrono::{DateTime, Datelike, Days, Months, NaiveDate, NaiveTime, TimeDelta, Utc, Weekday};
use chrono_tz::Tz;
use motherline::domain::calendar::Whereabouts;
use motherline::domain::gestation::{Anchor, Track, stage_on};
use motherline::domain::plan::{Course, Needs, Next, Occurrence, next};
use motherline::flows::planning;
use motherline::library::{Carries, Library, Program};
use proptest::prelude::*;
use proptest::sample::select;
use uuid::Uuid;

use crate::conversation::{FILES, RUSSIA, US};

pub(super) static LIBRARY: LazyLock<Library> =
    LazyLock::new(|| Library::read(&FILES, first_day()).library.expect("a sound library"));

/// Zones of the southern half, with odd offsets and odd changes of the clock.
pub(super) const ELSEWHERE: [Tz; 10] = [
    Tz::Australia__Sydney,
    Tz::Australia__Lord_Howe,
    Tz::Australia__Adelaide,
    Tz::Pacific__Auckland,
    Tz::Pacific__Chatham,
    Tz::America__Santiago,
    Tz::America__Asuncion,
    Tz::America__Sao_Paulo,
    Tz::Africa__Johannesburg,
    Tz::Pacific__Kiritimati,
];

pub(super) fn first_day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 1, 1).expect("a day")
}

/// A woman, for the plan.
#[derive(Clone, Debug)]
pub(super) struct Woman {
    id: Uuid,
    program: &'static str,
    anchor: Anchor,
    pub(super) enrolled_on: NaiveDate,
    zone: Option<Tz>,
}

impl Woman {
    fn program(&self) -> &'static Program {
        LIBRARY.program(self.program).expect("a program")
    }

    pub(super) fn course(&self) -> Course<'static> {
        planning::course(self.program(), self.id, self.anchor, self.enrolled_on, self.zone)
    }

    /// Every occurrence up to a day, and how it ends if it ends before.
    fn plan(&self, until: NaiveDate) -> (Vec<Occurrence>, Option<Next>) {
        let course = self.course();
        let (mut all, mut after) = (Vec::new(), self.enrolled_on);
        loop {
            match next(&course, after) {
                Next::Due(due) if due.on > until => return (all, None),
                Next::Due(due) => {
                    after = due.on;
                    all.push(due);
                }
                end => return (all, Some(end)),
            }
        }
    }

    /// The day before the first birthday, said here a second time; none if she enrolled too late for it.
    fn farewell(&self) -> Option<NaiveDate> {
        let Anchor::Born(born) = self.anchor else { return None };
        let birthday = born.checked_add_months(Months::new(12)).expect("a day");
        birthday.pred_opt().filter(|day| *day > self.enrolled_on)
    }

    /// Her starter pack ends early only for the farewell.
    fn pack(&self) -> usize {
        let before = |day: &u64| self.farewell().is_none_or(|last| self.enrolled_on + Days::new(*day) < last);
        (1..=6).filter(before).count()
    }

    fn whole_plan(&self) -> Vec<Occurrence> {
        let (all, end) = self.plan(self.enrolled_on + Days::new(800));
        assert!(end.is_some(), "it ends");
        all
    }
}

prop_compose! {
    pub(super) fn woman()(
        program in select(vec![US, RUSSIA]),
        enrolled in 0..3 * 365_i64 + 1,
        (born, days) in prop_oneof![(Just(false), -21..=280_i64), (Just(true), -365..=0_i64)],
        place in 0..60_usize,
        id in any::<u128>(),
    ) -> Woman {
        let enrolled_on = first_day() + TimeDelta::days(enrolled);
        let date = enrolled_on + TimeDelta::days(days);
        let zones = &LIBRARY.program(program).expect("a program").zones;
        let zone = zones.iter().chain(&ELSEWHERE).nth(place).copied();
        let anchor = if born { Anchor::Born(date) } else { Anchor::Due(date) };
        Woman { id: Uuid::from_u128(id), program, anchor, enrolled_on, zone }
    }
}

/// Whether the local clock of a zone shows waking hours: said here a second time, without the window's code.
fn awake(at: DateTime<Utc>, zone: Tz, program: &str) -> bool {
    let local = at.with_timezone(&zone);
    let noon = program == US && local.weekday() == Weekday::Sun;
    let opens = NaiveTime::from_hms_opt(if noon { 12 } else { 9 }, 0, 0).expect("a time");
    let closes = NaiveTime::from_hms_opt(20, 0, 0).expect("a time");
    opens <= local.time() && local.time() < closes
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_tip_comes_by_day_on_its_own_day(woman in woman()) {
        let course = woman.course();
        for due in woman.whole_plan() {
            let at = due.at.expect("an hour of this day is day everywhere");
            prop_assert_eq!(due.on, course.whereabouts.date_at(at), "{:?}", due);
            prop_assert!(at < due.not_after, "{due:?}");
            match &course.whereabouts {
                Whereabouts::Known(zone) => prop_assert!(awake(at, *zone, woman.program), "{due:?}"),
                Whereabouts::Unsure { reach, .. } => {
                    prop_assert!(reach.len() > 20);
                    for zone in reach.iter() {
                        prop_assert!(awake(at, *zone, woman.program), "{due:?} in {zone}");
                    }
                }
            }
        }
    }

    #[test]
    fn at_most_one_a_local_day_and_each_slot_once(woman in woman()) {
        let all = woman.whole_plan();
        for pair in all.windows(2) {
            prop_assert!(pair[0].on < pair[1].on, "{pair:?}");
            prop_assert!(pair[0].at < pair[1].at);
            prop_assert!(pair[0].slot < pair[1].slot, "in the order of the track: {pair:?}");
        }
    }

    #[test]
    fn the_starter_pack_first_then_todays_week(woman in woman()) {
        let all = woman.whole_plan();
        for (index, due) in all.iter().take(woman.pack()).enumerate() {
            prop_assert_eq!(Track::Starter, due.slot.track);
            prop_assert_eq!(index as u32 + 1, due.slot.number);
            prop_assert_eq!(woman.enrolled_on + Days::new(index as u64 + 1), due.on, "daily, from tomorrow");
        }
        let farewell = all.iter().find(|due| due.slot.track == Track::Farewell);
        prop_assert_eq!(woman.farewell(), farewell.map(|due| due.on), "on whatever weekday");
        prop_assert!(farewell.is_none_or(|last| all.last() == Some(last)), "it is the last word");
        for due in all.iter().skip(woman.pack()).filter(|due| due.slot.track != Track::Farewell) {
            let stage = stage_on(woman.anchor, due.on).expect("a stage");
            prop_assert_eq!((stage.track, stage.week), (due.slot.track, due.slot.week), "never a past week's");
        }
    }

    #[test]
    fn the_slots_of_a_full_week_run_without_a_gap(woman in woman()) {
        let per_week = if woman.program == US { 3 } else { 2 };
        let all = woman.whole_plan();
        let by_week = |due: &&Occurrence| matches!(due.slot.track, Track::Pregnancy | Track::Baby);
        let weekly: Vec<Occurrence> = all.iter().filter(by_week).copied().collect();
        let Some(first) = weekly.first().map(|due| due.slot.week) else { return Ok(()) };
        let last = weekly.last().expect("one").slot.week;
        for week in first..=last {
            let numbers: Vec<u32> =
                weekly.iter().filter(|due| due.slot.week == week).map(|due| due.slot.number).collect();
            let whole: Vec<u32> = (1..=per_week).collect();
            // Week 43 has but its first day, and the first week may have begun in the starter pack.
            if week == 43 && weekly[0].slot.track == Track::Pregnancy {
                prop_assert!(numbers == [1], "week {week}: {numbers:?}");
            } else if week == first {
                prop_assert!(whole.ends_with(&numbers), "week {week}: {numbers:?}");
            } else {
                prop_assert_eq!(whole, numbers, "week {}", week);
            }
        }
    }

    #[test]
    fn the_ends_are_kept(woman in woman()) {
        let (all, end) = woman.plan(woman.enrolled_on + Days::new(800));
        for due in all.iter().skip(6) {
            match woman.anchor {
                Anchor::Due(date) => prop_assert!(due.on <= date + Days::new(21), "after 43+0: {due:?}"),
                Anchor::Born(born) => prop_assert!(due.on < born + Months::new(12), "after the birthday: {due:?}"),
            }
        }
        let expected = if matches!(woman.anchor, Anchor::Due(_)) { Next::Held } else { Next::Complete };
        prop_assert_eq!(Some(expected), end);
    }

    #[test]
    fn no_words_of_a_pregnancy_or_baby_that_may_not_be(woman in woman()) {
        let language = woman.program().languages[0];
        for due in woman.whole_plan() {
            let tip = woman.program().tip(due.slot, woman.anchor, due.on, Carries::Drafts, language, None);
            let needs = tip.map(|(tip, _)| tip.needs);
            match woman.anchor {
                Anchor::Due(date) => {
                    let sure = due.on < date - Days::new(21);
                    prop_assert!(sure || needs != Some(Needs::Pregnancy), "from 37+0: {due:?}");
                    prop_assert_ne!(Some(Needs::Baby), needs, "{:?}", due);
                }
                Anchor::Born(_) => prop_assert_ne!(Some(Needs::Pregnancy), needs, "{:?}", due),
            }
            if due.slot.track == Track::Starter {
                prop_assert!(needs.is_some(), "the pack has no gap: {due:?}");
            }
        }
    }

    #[test]
    fn too_late_is_never_after_the_successors_day_nor_her_week(woman in woman()) {
        let course = woman.course();
        let all = woman.whole_plan();
        for (index, due) in all.iter().enumerate() {
            if let Some(successor) = all.get(index + 1) {
                prop_assert!(due.not_after <= course.whereabouts.start_of(successor.on), "{due:?}");
            }
            let last_moment = course.whereabouts.date_at(due.not_after - TimeDelta::seconds(1));
            if matches!(due.slot.track, Track::Pregnancy | Track::Baby) {
                let week = stage_on(woman.anchor, last_moment).expect("a stage").week;
                prop_assert_eq!(due.slot.week, week, "{:?}", due);
            }
        }
    }

    #[test]
    fn the_future_does_not_depend_on_where_it_is_looked_at_from(woman in woman(), days in 0..300_u64, more in 0..300_u64) {
        let near = woman.enrolled_on + Days::new(days);
        let (short, _) = woman.plan(near);
        let (long, _) = woman.plan(near + Days::new(more));
        prop_assert!(long.starts_with(&short), "a longer horizon only extends it");
        let later = long.iter().find(|due| due.on > near).copied();
        if let Some(expected) = later {
            prop_assert_eq!(Next::Due(expected), next(&woman.clone().course(), near), "nothing is remembered");
        }
    }

    #[test]
    fn a_million_women_do_not_fall_due_in_one_second(woman in woman()) {
        let mut other = woman.clone();
        other.id = Uuid::from_u128(woman.id.as_u128() ^ (1 << 80));
        let (hers, others) = (woman.whole_plan(), other.whole_plan());
        prop_assert!(hers.iter().zip(&others).all(|(a, b)| (a.on, a.slot) == (b.on, b.slot)), "the same days");
        prop_assert!(hers.iter().zip(&others).any(|(a, b)| a.at != b.at), "another minute");
    }
}
