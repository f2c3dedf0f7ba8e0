//! Planning as it comes: a batch of enrollments due together, of both programs, in all their zones.

use std::hint::black_box;
use std::time::Duration;

use chrono::{DateTime, Days, NaiveDate, Utc};
use chrono_tz::Tz;
use criterion::{BenchmarkId, Criterion, Throughput};
use motherline::domain::calendar::{Almanac, Span};
use motherline::domain::gestation::Anchor;
use motherline::domain::language::Language;
use motherline::domain::plan::{self, Course, Next, Terms};
use motherline::ids::stable_hash;
use motherline::library::{Carries, Library, Program, Tip};
use uuid::Uuid;

use crate::{US, library};

const RUSSIA: &str = "text4baby-russia";
/// A Friday: both programs text.
const FRIDAY: NaiveDate = NaiveDate::from_ymd_opt(2026, 11, 27).expect("a date");

/// An enrollment that is due on the Friday.
struct Waiting<'a> {
    program: &'a Program,
    id: Uuid,
    anchor: Anchor,
    enrolled_on: NaiveDate,
    zone: Option<Tz>,
    language: Language,
}

impl<'a> Waiting<'a> {
    /// One of many, of either program, in any week of pregnancy or of the first year.
    fn number(library: &'a Library, number: u128, sure: bool) -> Self {
        let chance = |which: u128, below: u64| stable_hash(Uuid::from_u128(number << 8 | which)) % below;
        let program = library.program([US, RUSSIA][chance(0, 2) as usize]).expect("the program");
        let week_zero = FRIDAY - Days::new(chance(1, 300));
        let anchor = match chance(2, 2) {
            0 => Anchor::from_last_period(week_zero),
            _ => Anchor::Born(week_zero),
        };
        let known = program.zones[chance(3, program.zones.len() as u64) as usize];
        Self {
            program,
            id: Uuid::from_u128(number),
            anchor,
            enrolled_on: FRIDAY - Days::new(1 + chance(4, 200)),
            zone: sure.then_some(known),
            language: program.languages[0],
        }
    }

    fn course(&self) -> Course<'a> {
        Course {
            enrollment: self.id,
            anchor: self.anchor,
            enrolled_on: self.enrolled_on,
            whereabouts: self.program.whereabouts(self.zone),
            timetable: &self.program.timetable,
            terms: Terms::default(),
        }
    }

    /// All that planning decides of it: what is due, when it may go, with which words, and what comes after.
    fn decide(&self, almanac: &mut Almanac, now: DateTime<Utc>) -> (Option<Span>, Option<&'a Tip>, Next) {
        let course = self.course();
        let Next::Due(due) = plan::next_with(almanac, &course, FRIDAY - Days::new(1)) else {
            return (None, None, Next::Held);
        };
        let window = almanac.local(&course.timetable.window, &course.whereabouts).at_or_after(now);
        let tip = self.program.tip(due.slot, self.anchor, due.on, Carries::Drafts, self.language, None);
        (window, tip.map(|(tip, _)| tip), plan::next_with(almanac, &course, due.on))
    }
}

/// Enrollments due together, each batch with an almanac of its own. One through `thrpt` is the time an
/// enrollment.
pub fn batches(c: &mut Criterion) {
    let library = library();
    let now = FRIDAY.and_hms_opt(17, 0, 0).expect("a time").and_utc();
    let mut group = c.benchmark_group("planning a batch");
    group.sample_size(20).measurement_time(Duration::from_secs(2));
    for (name, sure) in [("zones known", true), ("zones unsure", false)] {
        let numbers = (0..).map(|number| Waiting::number(&library, number, sure));
        let due = |waiting: &Waiting<'_>| {
            let next = plan::next(&waiting.course(), FRIDAY - Days::new(1));
            matches!(next, Next::Due(occurrence) if occurrence.on == FRIDAY)
        };
        let waiting: Vec<_> = numbers.filter(due).take(10_000).collect();
        for size in [500, 10_000] {
            group.throughput(Throughput::Elements(size));
            group.bench_with_input(BenchmarkId::new(name, size), &waiting[..size as usize], |b, waiting| {
                b.iter(|| {
                    let mut almanac = Almanac::default();
                    for waiting in waiting {
                        black_box(waiting.decide(&mut almanac, now));
                    }
                });
            });
        }
    }
}
