//! What one mother gets and what it costs, counted over her whole course: by the planner that serves her, so that
//! the starter pack, the last weeks and the farewell count as they come.

use chrono::{Days, NaiveDate};
use serde::Serialize;
use uuid::Uuid;

use super::price::{Price, Prices};
use crate::domain::calendar::Whereabouts;
use crate::domain::gestation::{Anchor, PREGNANCY_DAYS};
use crate::domain::language::Language;
use crate::domain::plan::{Course, Slot, Terms, occurrences};
use crate::library::{Carries, Program};

/// When a mother joins: the week of her pregnancy, or none on the day her baby is born.
const JOINING: [(&str, Option<u64>); 3] = [
    ("from week 4 to the first birthday", Some(4)),
    ("from week 20 to the first birthday", Some(20)),
    ("from birth to the first birthday", None),
];

/// A mother who joins today, whose baby is born on the due date, and who tells of it that day.
#[derive(Debug, Serialize)]
pub struct Mother {
    /// When she joins.
    pub course: &'static str,
    /// What she gets, in each language of the program.
    pub languages: Vec<HerTexts>,
}

/// What she gets in one language: tips alone, without answers to what she writes.
#[derive(Debug, Serialize)]
pub struct HerTexts {
    /// The language.
    pub language: Language,
    /// How many texts.
    pub texts: u32,
    /// How many SMS they take.
    pub segments: u32,
    /// How often a tip is due and there is none for her.
    pub without_tip: u32,
    /// What an SMS costs.
    pub price: Option<Price>,
    /// What all of them cost.
    pub cost: Option<Price>,
}

/// Every kind of mother.
pub fn mothers(program: &Program, today: NaiveDate, prices: &Prices) -> Vec<Mother> {
    let mother = |(name, week): (&'static str, Option<u64>)| {
        let due = due(program, today, week);
        let count = |language: &Language| in_language(program, &due, *language, prices);
        Mother { course: name, languages: program.languages.iter().map(count).collect() }
    };
    JOINING.map(mother).into()
}

/// A day on which a tip is due, what is known of her that day, and which tip.
type Due = (NaiveDate, Anchor, Slot);

fn due(program: &Program, joins: NaiveDate, week: Option<u64>) -> Vec<Due> {
    let mut due = Vec::new();
    let Some(week) = week else {
        follow(program, joins, Anchor::Born(joins), joins, NaiveDate::MAX, &mut due);
        return due;
    };
    let born = joins + Days::new(PREGNANCY_DAYS.unsigned_abs() - week * 7);
    follow(program, joins, Anchor::Due(born), joins, born, &mut due);
    follow(program, joins, Anchor::Born(born), born, NaiveDate::MAX, &mut due);
    due
}

/// Adds what is due on the days later than `after` and before `end`.
fn follow(
    program: &Program,
    enrolled_on: NaiveDate,
    anchor: Anchor,
    after: NaiveDate,
    end: NaiveDate,
    due: &mut Vec<Due>,
) {
    let course = Course {
        // Her minute of the hour costs nothing.
        enrollment: Uuid::nil(),
        anchor,
        enrolled_on,
        whereabouts: Whereabouts::Known(program.home_zone),
        timetable: &program.timetable,
        terms: Terms::default(),
    };
    let hers = occurrences(&course, after).take_while(|occurrence| occurrence.on < end);
    due.extend(hers.map(|occurrence| (occurrence.on, anchor, occurrence.slot)));
}

fn in_language(program: &Program, due: &[Due], language: Language, prices: &Prices) -> HerTexts {
    let (mut texts, mut segments, mut without_tip) = (0, 0, 0);
    for (on, anchor, slot) in due {
        match program.tip(*slot, *anchor, *on, Carries::Drafts, language, None) {
            Some((_, text)) => {
                texts += 1;
                segments += text.segments;
            }
            None => without_tip += 1,
        }
    }
    let price = prices.of(language);
    HerTexts { language, texts, segments, without_tip, price, cost: price.map(|price| price.times(segments)) }
}
