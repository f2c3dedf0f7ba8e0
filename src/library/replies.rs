//! Replies put into words: placeholders filled, dates written out, ages counted with the right plural.

use std::collections::{BTreeMap, HashMap};

use chrono::{Datelike, Days, NaiveDate};
use intl_pluralrules::{PluralCategory, PluralRules};

use super::format::UnitEntry;
use super::{Library, Program};
use crate::domain::conversation::{DateKind, DateTaken, Fields, Guide, Reply};
use crate::domain::gestation::{Anchor, stage_on};
use crate::domain::language::Language;
use crate::domain::wording::fill;

/// From this age on a baby's age is told in months.
const MONTHS_FROM_DAY: i64 = 91;
/// How far ahead the example of a due date lies.
const EXAMPLE_AHEAD: Days = Days::new(120);
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
pub const CHOICE_KEYS: [&str; 3] = ["choice_due", "choice_born", "choice_lmp"];

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
        Some(match name {
            "program" => self.program.name(self.language).to_owned(),
            "contact" => self.program.contact(self.language).to_owned(),
            "frequency" => self.program.frequency(self.language).to_owned(),
            "emergency" => self.program.emergency.clone(),
            "keyword" => self.program.keyword(self.language).to_owned(),
            "example" => self.write(self.today + EXAMPLE_AHEAD),
            "example_past" => self.write(self.today - EXAMPLE_BACK),
            "date" => self.write(fields.date?),
            "due" => self.write(fields.anchor?.date()),
            "age" => replies.age(fields.anchor?, self.today),
            "choices" => self.choices(replies, &fields.choices),
            _ => return None,
        })
    }

    fn write(&self, date: NaiveDate) -> String {
        self.library.dates(self.language).write(date)
    }

    fn choices(&self, replies: &Replies, choices: &[DateTaken]) -> String {
        let line = |(index, choice): (usize, &DateTaken)| {
            let key = match choice.kind {
                DateKind::Due => "choice_due",
                DateKind::Born => "choice_born",
                DateKind::LastPeriod => "choice_lmp",
            };
            fill(&replies.choices[key], |name| match name {
                "n" => Some((index + 1).to_string()),
                "date" => Some(self.write(choice.date)),
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
