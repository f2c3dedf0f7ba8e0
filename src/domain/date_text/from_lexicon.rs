//! A lexicon checked, and made ready for looking up.

use super::candidate::exists;
use super::letters::fold;
use super::lexicon::Lexicon;
use super::phrases::Phrasebook;
use super::tokens::Unit;
use super::words::{DateWords, RelativeWords};
use super::{Candidate, Hint};

impl TryFrom<Lexicon> for DateWords {
    type Error = String;

    fn try_from(lexicon: Lexicon) -> Result<Self, String> {
        check(&lexicon)?;
        let hints = Phrasebook::of(&lexicon.hints.due, Hint::Due)
            .and(Phrasebook::of(&lexicon.hints.born, Hint::Born))
            .and(Phrasebook::of(&lexicon.hints.last_period, Hint::LastPeriod));
        let units = Phrasebook::of(&lexicon.units.day, Unit::Day)
            .and(Phrasebook::of(&lexicon.units.week, Unit::Week))
            .and(Phrasebook::of(&lexicon.units.month, Unit::Month))
            .and(Phrasebook::of(&lexicon.units.other, Unit::Other));
        let relative = &lexicon.relative;
        Ok(DateWords {
            order: lexicon.order,
            months: counted(&lexicon.months).map(|(name, month)| (fold(name), month)).collect(),
            glued_before_month: glued_before_month(&lexicon),
            numbers: Phrasebook::new(
                counted(&lexicon.numbers).chain(
                    lexicon.year_words.iter().map(|(words, year)| (words.as_str(), year.unsigned_abs())),
                ),
            ),
            ordinal_endings: Phrasebook::of(&lexicon.ordinal_endings, ()),
            joins: Phrasebook::of(&lexicon.joins, ()),
            number_joins: Phrasebook::of(&lexicon.number_joins, ()),
            before_year: Phrasebook::of(&lexicon.before_year, ()),
            after_year: Phrasebook::of(&lexicon.after_year, ()),
            either: Phrasebook::of(&lexicon.either, ()),
            vague: Phrasebook::of(&lexicon.vague, ()),
            articles: Phrasebook::of(&lexicon.articles, ()),
            not_dates: Phrasebook::of(&lexicon.not_dates, ()),
            hints,
            age: Phrasebook::of(&lexicon.hints.age, ()),
            units,
            week_label: Phrasebook::of(&lexicon.units.week_label, ()),
            relative: RelativeWords {
                days: Phrasebook::new(relative.days.iter().map(|(word, n)| (word.as_str(), *n))),
                years: Phrasebook::new(relative.years.iter().map(|(word, n)| (word.as_str(), *n))),
                ahead_before: Phrasebook::of(&relative.ahead_before, ()),
                ahead_after: Phrasebook::of(&relative.ahead_after, ()),
                ago_before: Phrasebook::of(&relative.ago_before, ()),
                ago_after: Phrasebook::of(&relative.ago_after, ()),
                so_far: Phrasebook::of(&relative.so_far, ()),
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
    match lexicon.holidays.iter().find(|holiday| !exists(holiday.day, holiday.month, None)) {
        Some(holiday) => Err(format!("there is no day {} in month {}", holiday.day, holiday.month)),
        None => Ok(()),
    }
}

/// Each phrase with the place of its list, counted from one.
fn counted(lists: &[Vec<String>]) -> impl Iterator<Item = (&str, u32)> {
    lists.iter().zip(1..).flat_map(|(list, place)| list.iter().map(move |phrase| (phrase.as_str(), place)))
}

/// A single letter is too little to tell such a word from another: `amar` is no `a mar`.
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
        &lexicon.weekdays,
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
    let phrases = lists.into_iter().flatten().chain(relative.days.keys());
    Phrasebook::of(phrases.chain(lexicon.holidays.iter().flat_map(|holiday| &holiday.names)), ())
}
