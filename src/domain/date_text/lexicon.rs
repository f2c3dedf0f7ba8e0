//! The shape of `lexicons/<language>/dates.toml`, as its authors see it.
//!
//! Case and accents do not matter in these lists, and a phrase may hold several words. What is a list of
//! lists (months, numbers) is counted from one.

use std::collections::BTreeMap;

use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Lexicon {
    pub order: Order,
    /// Twelve lists of the names, cases, abbreviations and usual misspellings of a month.
    pub months: Vec<Vec<String>>,
    /// Words for one, two, three …, both counting ("three") and in order ("third").
    pub numbers: Vec<Vec<String>>,
    /// Years said in words: "twenty twenty seven" = 2027.
    #[serde(default)]
    pub year_words: BTreeMap<String, i32>,
    /// What is written right after a number to put it in order: the "rd" of 3rd.
    pub ordinal_endings: Vec<String>,
    /// Words that may stand between day, month and year: "of", "the".
    pub joins: Vec<String>,
    /// Words that may stand between day, month and year when all are numbers: "3 del 3 del 27".
    #[serde(default)]
    pub number_joins: Vec<String>,
    /// Words that say that a number after a month is its year: the "del" of "marzo del 27".
    #[serde(default)]
    pub before_year: Vec<String>,
    /// Words that say that the number before them is a year: "года".
    #[serde(default)]
    pub after_year: Vec<String>,
    /// Words between two days when she names two: "or", "to".
    pub either: Vec<String>,
    /// Words between two days when she names both: "and".
    #[serde(default)]
    pub and: Vec<String>,
    /// Words before a month that say she does not mean a day: "early", "end".
    pub vague: Vec<String>,
    /// The names of each day of the week, Monday first.
    pub weekdays: [Vec<String>; 7],
    /// "A", "an": one, but only before a unit of time.
    pub articles: Vec<String>,
    /// Phrases that look like a date and are none: "24/7", "may be".
    pub not_dates: Vec<String>,
    /// Words that say nothing about a date, so that a text of these words and two bare numbers is still a date.
    pub filler: Vec<String>,
    pub format: Format,
    pub hints: Hints,
    pub units: Units,
    pub relative: Relative,
    #[serde(default)]
    pub holidays: Vec<Holiday>,
}

/// Which of the two numbers of `3/4` is the month.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Order {
    MonthFirst,
    DayFirst,
}

/// How a date is written back to her.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Format {
    /// With `{day}`, `{month}` and `{year}`.
    pub pattern: String,
    /// Twelve names, in the case the pattern wants.
    pub months: Vec<String>,
}

/// Words that say what a date is of.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Hints {
    pub due: Vec<String>,
    pub born: Vec<String>,
    pub last_period: Vec<String>,
    /// Words that make a count of weeks the age of a baby already born: "old".
    pub age: Vec<String>,
}

/// Words after a number that make it a count.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Units {
    pub day: Vec<String>,
    pub week: Vec<String>,
    pub month: Vec<String>,
    /// What is counted but tells no date: hours, pounds, children.
    pub other: Vec<String>,
    /// Words for a week that stand before its number: "week 20".
    pub week_label: Vec<String>,
}

/// Dates told from today.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Relative {
    /// "tomorrow" = 1.
    pub days: BTreeMap<String, i64>,
    /// "next year" = 1.
    pub years: BTreeMap<String, i32>,
    /// The "in" of "in 3 weeks".
    pub ahead_before: Vec<String>,
    /// The "from now" of "3 weeks from now".
    pub ahead_after: Vec<String>,
    pub ago_before: Vec<String>,
    /// The "ago" of "3 weeks ago".
    pub ago_after: Vec<String>,
    /// Words that would be `ahead_before` but tell how far along she is: "estoy en 20 semanas".
    #[serde(default)]
    pub so_far: Vec<String>,
    /// The "from" of "a week from tomorrow".
    #[serde(default)]
    pub from: Vec<String>,
    /// Weeks after this one: "next week" = 1.
    #[serde(default)]
    pub weeks: BTreeMap<String, u64>,
    /// Words beside a day of the week that is so many days ahead at the soonest: the "next" of "next Tuesday" = 3.
    #[serde(default)]
    pub not_at_hand: BTreeMap<String, u64>,
}

/// A holiday that falls on the same day each year.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Holiday {
    pub names: Vec<String>,
    pub month: u32,
    pub day: u32,
}
