//! A lexicon checked, and made ready for looking up.

use chrono::Weekday::{self, Fri, Mon, Sat, Sun, Thu, Tue, Wed};

use super::candidate::exists;
use super::letters::fold;
use super::lexicon::Lexicon;
use super::phrases::Phrasebook;
use super::tokens::Unit;
use super::words::{DateWords, RelativeWords};
use super::{Candidate, Hint};

/// No word means more weeks, or days, than these.
const FURTHEST: u64 = 9;
/// A week as the lexicons list it.
const WEEK: [Weekday; 7] = [Mon, Tue, Wed, Thu, Fri, Sat, Sun];

impl TryFrom<Lexicon> for DateWords {
    type Error = String;

    fn try_from(lexicon: Lexicon) -> Result<Self, String> {
        check(&lexicon)?;
        let list = |phrases| Phrasebook::of_lists([(phrases, ())]);
        let Lexicon { hints, units, relative, .. } = &lexicon;
        Ok(DateWords {
            order: lexicon.order,
            months: counted(&lexicon.months).map(|(name, month)| (fold(name), month)).collect(),
            glued_before_month: glued_before_month(&lexicon),
            numbers: Phrasebook::new(
                counted(&lexicon.numbers).chain(
                    lexicon.year_words.iter().map(|(words, year)| (words.as_str(), year.unsigned_abs())),
                ),
            ),
            ordinal_endings: list(&lexicon.ordinal_endings),
            joins: list(&lexicon.joins),
            number_joins: list(&lexicon.number_joins),
            before_year: list(&lexicon.before_year),
            after_year: list(&lexicon.after_year),
            either: list(&lexicon.either),
            and: lexicon.and.iter().map(|word| fold(word)).collect(),
            vague: list(&lexicon.vague),
            weekdays: Phrasebook::of_lists(lexicon.weekdays.iter().zip(WEEK)),
            articles: list(&lexicon.articles),
            not_dates: list(&lexicon.not_dates),
            hints: Phrasebook::of_lists([
                (&hints.due, Hint::Due),
                (&hints.born, Hint::Born),
                (&hints.last_period, Hint::LastPeriod),
            ]),
            age: list(&hints.age),
            units: Phrasebook::of_lists([
                (&units.day, Unit::Day),
                (&units.week, Unit::Week),
                (&units.month, Unit::Month),
                (&units.other, Unit::Other),
            ]),
            week_label: list(&units.week_label),
            relative: RelativeWords {
                days: Phrasebook::new(relative.days.iter().map(|(word, n)| (word.as_str(), *n))),
                years: Phrasebook::new(relative.years.iter().map(|(word, n)| (word.as_str(), *n))),
                ahead_before: list(&relative.ahead_before),
                ahead_after: list(&relative.ahead_after),
                ago_before: list(&relative.ago_before),
                ago_after: list(&relative.ago_after),
                so_far: list(&relative.so_far),
                from: list(&relative.from),
                weeks: Phrasebook::new(relative.weeks.iter().map(|(word, n)| (word.as_str(), *n))),
                not_at_hand: Phrasebook::new(
                    relative.not_at_hand.iter().map(|(word, n)| (word.as_str(), *n)),
                ),
            },
            holidays: Phrasebook::new(lexicon.holidays.iter().flat_map(|holiday| {
                let date = Candidate { day: holiday.day, month: holiday.month, year: None };
                holiday.names.iter().map(move |name| (name.as_str(), date))
            })),
            familiar: familiar(&lexicon),
            format: lexicon.format,
        })
    }
}

/// What an author can get wrong in the file beyond its spelling.
fn check(lexicon: &Lexicon) -> Result<(), String> {
    for (name, count) in [("months", lexicon.months.len()), ("format.months", lexicon.format.months.len())] {
        if count != 12 {
            return Err(format!("{name} must list twelve months, not {count}"));
        }
    }
    for part in ["{day}", "{month}", "{year}"] {
        if !lexicon.format.pattern.contains(part) {
            return Err(format!("format.pattern must say where {part} goes"));
        }
    }
    let far =
        lexicon.relative.weeks.iter().chain(&lexicon.relative.not_at_hand).find(|(_, n)| **n > FURTHEST);
    if let Some((words, n)) = far {
        return Err(format!("`{words}` is {n} ahead, and at most {FURTHEST} are meant to be"));
    }
    match lexicon.holidays.iter().find(|holiday| !exists(holiday.day, holiday.month, None)) {
        Some(holiday) => Err(format!("there is no day {} in month {}", holiday.day, holiday.month)),
        None => Ok(()),
    }
}

/// Each phrase with the place of its list, counted from one.
fn counted(lists: &[Vec<String>]) -> impl Iterator<Item = (&str, u32)> {
    lists.iter().zip(1..).flat_map(|(list, place)| list.iter().map(move |phrase| (phrase.as_str(), place)))
}

/// Words that may be typed in one with a month; a single letter would be found in too many others.
fn glued_before_month(lexicon: &Lexicon) -> Vec<String> {
    let words = lexicon.joins.iter().chain(&lexicon.ordinal_endings);
    words.map(|word| fold(word)).filter(|word| word.chars().count() > 1).collect()
}

fn familiar(lexicon: &Lexicon) -> Phrasebook<()> {
    let Lexicon { hints, units, relative, .. } = lexicon;
    let lists = [
        &lexicon.ordinal_endings,
        &lexicon.joins,
        &lexicon.either,
        &lexicon.articles,
        &lexicon.filler,
        &hints.due,
        &hints.born,
        &hints.last_period,
        &units.day,
        &units.week,
        &units.month,
        &relative.ahead_before,
        &relative.ahead_after,
        &relative.ago_before,
        &relative.ago_after,
    ];
    let weekdays = lexicon.weekdays.iter().flatten();
    let phrases = lists.into_iter().flatten().chain(weekdays).chain(relative.days.keys());
    let holidays = lexicon.holidays.iter().flat_map(|holiday| &holiday.names);
    Phrasebook::new(phrases.chain(holidays).map(|phrase| (phrase.as_str(), ())))
}
