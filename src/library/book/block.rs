//! One tip as it stands in the book: its words in each language, what they cost, where they are from, who signed.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use toml::Spanned;

use super::gather::Desk;
use super::{Column, Source, TipBlock, phrases};
use crate::domain::language::Language;
use crate::domain::plan::ReadBy;
use crate::domain::reading::reading;
use crate::domain::segment;
use crate::domain::wording::placeholders;
use crate::library::format::{ReviewEntry, SourceEntry, TipEntry};
use crate::library::program::Text;
use crate::library::state::State;
use crate::library::{checks, help};

impl Desk<'_> {
    /// The tip as it stands in the book.
    pub fn block(&self, tip: &TipEntry, slot: String) -> Option<TipBlock> {
        let review = tip.review.as_ref().map(Spanned::as_ref);
        let (until, on) = review.map_or((None, None), dates);
        let state = State::of(until, self.today);
        let columns: Vec<Column> =
            self.program.languages.iter().filter_map(|language| self.column(tip, *language)).collect();
        Some(TipBlock {
            id: text(&tip.id),
            slot,
            topic: text(&tip.topic),
            of: tip.of.as_ref().and_then(|of| self.first(of.as_ref())),
            reader: phrases::reader(reader_of(tip)),
            needs: phrases::needs(checks::needs(tip.needs.as_ref()?.as_ref())?),
            priority: phrases::priority(u8::try_from(number(&tip.priority)?).ok()?),
            notes: self.notes(tip),
            columns,
            source: tip.source.as_ref().map(|source| self::source(source.as_ref())).unwrap_or_default(),
            state,
            mark: phrases::mark(
                state,
                &review.map_or_else(String::new, |review| text(&review.reviewer)),
                on,
                until,
            ),
        })
    }

    fn column(&self, tip: &TipEntry, language: Language) -> Option<Column> {
        let column = self.words(tip.text.get(language.as_str())?.as_ref(), language);
        Some(Column { stale: tip.is_stale(language), ..column })
    }

    /// Words in each language of the program.
    pub fn columns(&self, words: &BTreeMap<String, Spanned<String>>) -> Vec<Column> {
        let languages = self.program.languages.iter();
        let there = languages.filter_map(|language| Some((language, words.get(language.as_str())?)));
        there.map(|(language, words)| self.words(words.as_ref(), *language)).collect()
    }

    fn words(&self, template: &str, language: Language) -> Column {
        let sent = Text::new(&self.filling.words(language, None, template));
        let counted = segment::count(&sent.body);
        let read = reading(language, &sent.body);
        Column {
            language: language.to_string(),
            name: phrases::language(language.as_str()).to_owned(),
            words: sent.body.to_string(),
            segments: counted.segments,
            encoding: counted.encoding.name(),
            units: counted.units,
            cost: phrases::cost(&counted),
            reading: read.map(phrases::reading).unwrap_or_default(),
            hard: read.is_some_and(|read| !read.plain),
            stale: false,
        }
    }

    /// What a tip says otherwise elsewhere: the national form stands on the page, the others are at its end.
    fn notes(&self, tip: &TipEntry) -> Vec<String> {
        let mut names: Vec<&str> = tip.text.values().flat_map(|text| placeholders(text.as_ref())).collect();
        names.sort_unstable();
        names.dedup();
        let helps =
            names.into_iter().filter_map(|name| Some((name, help::of(self.drafts, self.file, name)?)));
        helps
            .map(|(name, help)| {
                let first = self.program.languages.first().copied();
                let national = help.national.as_ref().zip(first);
                let words = national.map_or_else(String::new, |(line, language)| line.as_ref().words(language));
                let longest: Vec<String> = self
                    .program
                    .languages
                    .iter()
                    .filter_map(|language| {
                        let template = tip.text.get(language.as_str())?.as_ref();
                        let sent = Text::new(&self.filling.longest(*language, template));
                        Some(format!("{} SMS in {}", sent.segments, phrases::language(language.as_str())))
                    })
                    .collect();
                format!(
                    "“{words}” is the national form of {{{name}}}. {} regions have their own, listed with the \
                     program’s numbers of help; with the longest the text takes {}.",
                    help.local.len(),
                    longest.join(", ")
                )
            })
            .collect()
    }
}

/// Until when a tip is approved, if it is, and since when.
pub fn dates(review: &ReviewEntry) -> (Option<NaiveDate>, Option<NaiveDate>) {
    let approved = review.state.as_ref().is_some_and(|state| state.as_ref() == "approved");
    let date = |value: &Option<Spanned<toml::value::Datetime>>| checks::date(value.as_ref()?.as_ref());
    let until = approved.then(|| date(&review.expires_on).unwrap_or(NaiveDate::MAX));
    (until, date(&review.reviewed_on))
}

/// Whom a tip is for; the mother, if it does not say.
pub fn reader_of(tip: &TipEntry) -> ReadBy {
    tip.reader.as_ref().and_then(|reader| ReadBy::named(reader.as_ref())).unwrap_or(ReadBy::Mother)
}

/// Where facts come from, as it is printed.
pub fn source(entry: &SourceEntry) -> Source {
    Source {
        organization: text(&entry.organization),
        title: text(&entry.title),
        url: text(&entry.url),
        year: number(&entry.year).map(|year| year.to_string()).unwrap_or_default(),
    }
}

/// A field's words; nothing if it is left out.
pub fn text(value: &Option<Spanned<String>>) -> String {
    value.as_ref().map(|value| value.as_ref().clone()).unwrap_or_default()
}

/// A field's number.
pub fn number(value: &Option<Spanned<i64>>) -> Option<i64> {
    value.as_ref().map(|value| *value.as_ref())
}
