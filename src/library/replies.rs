//! Replies put into words: placeholders filled, dates written out, ages counted with the right plural.

use std::collections::{BTreeMap, HashMap};

use chrono::{Datelike, Days, NaiveDate, NaiveTime};
use intl_pluralrules::{PluralCategory, PluralRules};

use super::book;
use super::format::UnitEntry;
use super::{Library, Program};
use crate::domain::conversation::{DateKind, DateTaken, Fields, Guide, Line, Reply, When};
use crate::domain::gestation::{Anchor, stage_on};
use crate::domain::language::Language;
use crate::domain::wording::fill;

/// From this age on a baby's age is told in months.
const MONTHS_FROM_DAY: i64 = 91;
/// How far ahead the example of a due date lies.
const EXAMPLE_AHEAD: Days = Days::new(120);
/// How long ago the example of a birth lies.
const EXAMPLE_BIRTH: Days = Days::new(2);
/// How far ahead the example of a visit lies, and at what time it is.
const EXAMPLE_VISIT: Days = Days::new(9);
const EXAMPLE_TIME: Option<NaiveTime> = NaiveTime::from_hms_opt(14, 30, 0);
/// In place of what she never told.
const NOT_TOLD: &str = "-";
/// How long ago the example of a last period lies.
const EXAMPLE_BACK: Days = Days::new(50);

/// The replies of one language.
pub struct Replies {
    /// By key.
    pub texts: HashMap<Reply, String>,
    /// The lines a list of choices is made of.
    pub choices: HashMap<&'static str, String>,
    /// Counted words.
    pub units: BTreeMap<String, UnitEntry>,
    /// The language's plural rules (CLDR).
    pub plurals: PluralRules,
}

/// The keys of the lines of a list of choices, beside the replies proper.
pub const CHOICE_KEYS: [&str; 8] = [
    "choice_due",
    "choice_born",
    "choice_lmp",
    "choice_one",
    "choice_all",
    "choice_baby",
    "choice_language",
    "choice_appt",
];
/// What they may say beside their number.
pub const CHOICE_FIELDS: &[(&str, bool)] =
    &[("n", true), ("date", false), ("language", false), ("when", false)];

/// A program speaking a language on a day.
pub struct Voice<'a> {
    /// The library.
    pub library: &'a Library,
    /// Of which program it speaks.
    pub program: &'a Program,
    /// In which language.
    pub language: Language,
    /// The day, in her zone.
    pub today: NaiveDate,
}

impl Voice<'_> {
    /// The words of a reply; none if the library lost the language since she enrolled.
    pub fn say(&self, reply: Reply, fields: &Fields) -> Option<String> {
        let replies = self.library.replies.get(&self.language)?;
        let template = replies.texts.get(&reply)?;
        Some(fill(template, |name| self.value(replies, fields, name)))
    }

    fn value(&self, replies: &Replies, fields: &Fields, name: &str) -> Option<String> {
        let write = |time| self.library.times(self.language).write(time);
        Some(match name {
            "program" => self.program.name(self.language).to_owned(),
            "contact" => self.program.contact(self.language).to_owned(),
            "frequency" => self.program.frequency(self.language).to_owned(),
            "hours" => self.program.hours(self.language).to_owned(),
            "emergency" => self.program.emergency.clone(),
            "crisis" => self.program.line("crisis").to_owned(),
            "violence" => self.program.line("women").to_owned(),
            "poison" => self.program.line("poison").to_owned(),
            "keyword" => self.program.keyword(self.language).to_owned(),
            "example" => self.write(self.today + EXAMPLE_AHEAD),
            "example_past" => self.write(self.today - EXAMPLE_BACK),
            "example_birth" => self.write(self.today - EXAMPLE_BIRTH),
            "example_when" => self.when(&When { on: self.today + EXAMPLE_VISIT, at: EXAMPLE_TIME }),
            "date" => self.write(fields.date?),
            "due" => self.write(fields.anchor?.date()),
            "age" => replies.age(fields.anchor?, self.today),
            "choices" => self.choices(replies, &fields.choices),
            "dates" => self.several(fields.dates.iter().map(|date| self.write(*date)).collect()),
            "when" => self.when(fields.when.as_ref()?),
            "time" => write(fields.time?),
            "opens" => write(fields.opens?),
            "closes" => write(fields.closes?),
            "n" => fields.n?.to_string(),
            "place" => fields.place.clone().unwrap_or_else(|| NOT_TOLD.to_owned()),
            "since" => self.write(fields.since?),
            "phone" => fields.phone.clone()?,
            "languages" => self.several(
                fields.languages.iter().map(|one| book::phrases::language(one.as_str()).to_owned()).collect(),
            ),
            "visit" => self.program.visit_name(fields.visit?, self.language).to_owned(),
            "answers" => fields.answers.clone()?,
            _ => return None,
        })
    }

    fn write(&self, date: NaiveDate) -> String {
        self.library.dates(self.language).write(date)
    }

    /// A visit's day, and its time if it is known.
    fn when(&self, when: &When) -> String {
        let day = self.write(when.on);
        when.at
            .map_or(day.clone(), |time| format!("{day}, {}", self.library.times(self.language).write(time)))
    }

    /// Things named one after the other, each once. A date may have a comma of its own.
    fn several(&self, mut all: Vec<String>) -> String {
        all.dedup();
        all.join("; ")
    }

    fn choices(&self, replies: &Replies, choices: &[Line]) -> String {
        let line = |(index, choice): (usize, &Line)| {
            let (key, date) = match choice {
                Line::Date(DateTaken { kind: DateKind::Due, date }) => ("choice_due", Some(*date)),
                Line::Date(DateTaken { kind: DateKind::Born, date }) => ("choice_born", Some(*date)),
                Line::Date(DateTaken { kind: DateKind::LastPeriod, date }) => ("choice_lmp", Some(*date)),
                Line::One => ("choice_one", None),
                Line::All => ("choice_all", None),
                Line::Baby(date) => ("choice_baby", Some(*date)),
                Line::Language(_) => ("choice_language", None),
                Line::Visit(_) => ("choice_appt", None),
            };
            fill(&replies.choices[key], |name| match (name, choice) {
                ("n", _) => Some((index + 1).to_string()),
                ("date", _) => date.map(|date| self.write(date)),
                ("language", Line::Language(language)) => {
                    Some(book::phrases::language(language.as_str()).to_owned())
                }
                ("when", Line::Visit(when)) => Some(self.when(when)),
                _ => None,
            })
        };
        choices.iter().enumerate().map(line).collect::<Vec<_>>().join("\n")
    }
}

impl Replies {
    /// "26 weeks 3 days", "5 days", "4 months".
    fn age(&self, anchor: Anchor, today: NaiveDate) -> String {
        let Some(stage) = stage_on(anchor, today) else {
            return self.counted("week", 0);
        };
        let days_old = stage.week * 7 + stage.day;
        if matches!(anchor, Anchor::Born(_)) && days_old >= MONTHS_FROM_DAY {
            return self.counted("month", completed_months(anchor.date(), today));
        }
        match (stage.week, stage.day) {
            (0, days) => self.counted("day", days),
            (weeks, 0) => self.counted("week", weeks),
            (weeks, days) => {
                let pattern = match self.units.get("age") {
                    Some(UnitEntry::Pattern(pattern)) => pattern.as_str(),
                    _ => "{weeks} {days}",
                };
                fill(pattern, |name| match name {
                    "weeks" => Some(self.counted("week", weeks)),
                    "days" => Some(self.counted("day", days)),
                    _ => None,
                })
            }
        }
    }

    fn counted(&self, unit: &str, n: i64) -> String {
        let Some(UnitEntry::Forms(forms)) = self.units.get(unit) else {
            return n.to_string();
        };
        let category = self.plurals.select(n.unsigned_abs()).unwrap_or(PluralCategory::OTHER);
        let form = forms.get(category_name(category)).or_else(|| forms.get("other"));
        form.map_or_else(|| n.to_string(), |form| fill(form, |name| (name == "n").then(|| n.to_string())))
    }
}

fn category_name(category: PluralCategory) -> &'static str {
    match category {
        PluralCategory::ZERO => "zero",
        PluralCategory::ONE => "one",
        PluralCategory::TWO => "two",
        PluralCategory::FEW => "few",
        PluralCategory::MANY => "many",
        PluralCategory::OTHER => "other",
    }
}

fn completed_months(born: NaiveDate, today: NaiveDate) -> i64 {
    let months =
        i64::from(today.year() - born.year()) * 12 + i64::from(today.month0()) - i64::from(born.month0());
    if today.day() < born.day() { months - 1 } else { months }
}
