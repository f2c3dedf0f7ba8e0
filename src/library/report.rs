//! What there is and what it costs: coverage by track, week, topic, language and state, and the SMS that one mother
//! takes. A [`Report`] is counted purely from a library; [`Report::lines`] prints it, and serde makes it JSON.

mod cost;
mod lines;
mod price;

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Days, NaiveDate};
use serde::Serialize;

pub use self::cost::{HerTexts, Mother};
pub use self::price::{NotAPrice, Price, Prices};

use super::state::State;
use super::{Library, NoSuchProgram, Program, Tip};
use crate::domain::gestation::{BABY_WEEKS, HELD_AFTER_DUE_DAYS, PREGNANCY_DAYS, Track};
use crate::domain::language::Language;
use crate::domain::plan::{ReadBy, Reader, Slot};
use crate::domain::reading::reading;
use crate::domain::segment::Encoding;

/// Tips of pregnancy begin in this week: before, hardly anybody knows.
const FIRST_WEEK: i64 = 4;
/// Where tips count that no mother gets.
const FAMILY: &str = "family";

/// The report.
#[derive(Debug, Serialize)]
pub struct Report {
    /// The library's hash.
    pub hash: String,
    /// The day on which review states were looked at, and on which the mothers of the reckoning enroll.
    pub on: NaiveDate,
    /// The currency of the prices; none without prices.
    pub currency: Option<String>,
    /// By id.
    pub programs: Vec<ProgramReport>,
}

/// One program.
#[derive(Debug, Serialize)]
pub struct ProgramReport {
    /// Its id.
    pub program: String,
    /// Its name in its first language.
    pub name: String,
    /// How many tips it has: those for the mother, second texts, and those for who cares for her.
    pub tips: u32,
    /// By topic, then by track; those for the family alone count under `family`.
    pub topics: BTreeMap<String, BTreeMap<&'static str, u32>>,
    /// Week by week of the tracks that have weeks, of what the mother gets.
    pub weeks: Vec<TrackWeeks>,
    /// By priority: 1 vital, 2 important, 3 nice to know.
    pub priorities: BTreeMap<u8, u32>,
    /// In the program's order.
    pub languages: Vec<LanguageReport>,
    /// Its questions, by state of review.
    pub questions: BTreeMap<State, u32>,
    /// What one mother gets.
    pub mothers: Vec<Mother>,
}

/// The weeks of a track.
#[derive(Debug, Serialize)]
pub struct TrackWeeks {
    /// The track.
    pub track: &'static str,
    /// From the first week on.
    pub weeks: Vec<WeekSlots>,
}

/// One week.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct WeekSlots {
    /// Completed weeks.
    pub week: i64,
    /// How many slots the cadence gives it.
    pub due: u32,
    /// How many of them have a tip.
    pub filled: u32,
}

/// One language of a program.
#[derive(Debug, Serialize)]
pub struct LanguageReport {
    /// Which.
    pub language: Language,
    /// How many tips have words in it.
    pub tips: u32,
    /// By state of review.
    pub states: BTreeMap<State, u32>,
    /// How many were translated from other words than those that stand in the first language now.
    pub stale: u32,
    /// How they travel.
    pub segments: Segments,
    /// How hard they are to read; none where the language has no formula here.
    pub reading: Option<ReadingReport>,
}

/// SMS, of the national form of each text.
#[derive(Debug, Default, Serialize)]
pub struct Segments {
    /// Of all texts together.
    pub total: u32,
    /// A text.
    pub average: f64,
    /// Texts in the cheap encoding.
    pub gsm7: u32,
    /// Texts in the costly one.
    pub ucs2: u32,
    /// How many texts take one SMS, two, three.
    pub by_count: BTreeMap<u32, u32>,
}

/// Reading levels.
#[derive(Debug, Serialize)]
pub struct ReadingReport {
    /// The formula.
    pub method: &'static str,
    /// Its mean over all texts.
    pub mean: f64,
    /// How many texts it can judge.
    pub texts: u32,
    /// How many of them are harder than sixth grade.
    pub beyond_sixth_grade: u32,
}

impl Report {
    /// Counts the programs named, or all if none is.
    pub fn of(
        library: &Library,
        today: NaiveDate,
        programs: &[String],
        prices: &Prices,
    ) -> Result<Self, NoSuchProgram> {
        let programs = library.chosen(programs)?;
        Ok(Self {
            hash: library.hash.clone(),
            on: today,
            currency: prices.any().then(|| prices.currency.clone()),
            programs: programs.into_iter().map(|program| one(program, today, prices)).collect(),
        })
    }
}

fn one(program: &Program, today: NaiveDate, prices: &Prices) -> ProgramReport {
    let tips = program.tips();
    let mut topics: BTreeMap<String, BTreeMap<&'static str, u32>> = BTreeMap::new();
    let mut priorities: BTreeMap<u8, u32> = BTreeMap::new();
    for (slot, tip) in &tips {
        let place = if tip.reader == ReadBy::Family { FAMILY } else { slot.track.name() };
        *topics.entry(tip.topic.clone()).or_default().entry(place).or_default() += 1;
        *priorities.entry(tip.priority).or_default() += 1;
    }
    let mut questions: BTreeMap<State, u32> = State::ALL.map(|state| (state, 0)).into();
    for asking in program.questions.values() {
        *questions.entry(State::of(asking.approved_until, today)).or_default() += 1;
    }
    let languages = program.languages.iter();
    ProgramReport {
        program: program.id.clone(),
        name: languages.clone().next().map_or("", |first| program.name(*first)).to_owned(),
        tips: tips.len() as u32,
        topics,
        weeks: [Track::Pregnancy, Track::Baby].map(|track| weeks(program, track, &tips)).into(),
        priorities,
        languages: languages.map(|language| in_language(*language, &tips, today)).collect(),
        questions,
        mothers: cost::mothers(program, today, prices),
    }
}

fn weeks(program: &Program, track: Track, tips: &[(Slot, &Tip)]) -> TrackWeeks {
    let last_day = PREGNANCY_DAYS + HELD_AFTER_DUE_DAYS;
    let (weeks, cadence) = match track {
        Track::Baby => (0..=BABY_WEEKS - 1, &program.timetable.baby),
        _ => (FIRST_WEEK..=last_day / 7, &program.timetable.pregnancy),
    };
    // An ordinary week, far from any holiday rule.
    let monday = NaiveDate::from_isoywd_opt(2026, 20, chrono::Weekday::Mon).unwrap_or_default();
    let count = |weeks| {
        let due = |week: i64| {
            // The last week of pregnancy ends with its first days.
            let days = if track == Track::Pregnancy { (last_day - week * 7).min(6) } else { 6 };
            // Her week may begin on any weekday: a week cut short has as many slots as the luckiest gets.
            let begins = monday.iter_days().take(7);
            let slots = begins.map(|day| cadence.count_between(day, day + Days::new(days.unsigned_abs())));
            slots.max().unwrap_or(0)
        };
        let numbers: BTreeSet<(i64, u32)> = tips
            .iter()
            .filter(|(slot, tip)| slot.track == track && tip.reader.reaches(Reader::Mother))
            .map(|(slot, _)| (slot.week, slot.number))
            .collect();
        let week = |week: i64| {
            let due = due(week);
            let filled = (1..=due).filter(|number| numbers.contains(&(week, *number))).count();
            WeekSlots { week, due, filled: filled as u32 }
        };
        Iterator::map(weeks, week).collect()
    };
    TrackWeeks { track: track.name(), weeks: count(weeks) }
}

fn in_language(language: Language, tips: &[(Slot, &Tip)], today: NaiveDate) -> LanguageReport {
    let mut states: BTreeMap<State, u32> = State::ALL.map(|state| (state, 0)).into();
    let mut segments = Segments::default();
    let mut read = Vec::new();
    let (mut count, mut stale) = (0, 0);
    for (_, tip) in tips {
        let Some(words) = tip.texts.get(&language) else { continue };
        count += 1;
        stale += u32::from(words.stale);
        *states.entry(State::of(tip.approved_until, today)).or_default() += 1;
        segments.total += words.national.segments;
        *segments.by_count.entry(words.national.segments).or_default() += 1;
        match words.national.encoding {
            Encoding::Gsm7 => segments.gsm7 += 1,
            Encoding::Ucs2 => segments.ucs2 += 1,
        }
        read.extend(reading(language, &words.national.body));
    }
    segments.average = f64::from(segments.total) / f64::from(count.max(1));
    let reading = read.first().map(|first| ReadingReport {
        method: first.method,
        mean: read.iter().map(|read| read.value).sum::<f64>() / read.len() as f64,
        texts: read.len() as u32,
        beyond_sixth_grade: read.iter().filter(|read| !read.plain).count() as u32,
    });
    LanguageReport { language, tips: count, states, stale, segments, reading }
}
