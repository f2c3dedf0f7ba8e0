//! What fills the placeholders of a reply.

use chrono::{NaiveDate, NaiveTime};

use super::dates::DateTaken;
use super::visits::When;
use crate::domain::gestation::Anchor;
use crate::domain::language::Language;

/// What fills a reply's placeholders, before it is put into words of a language.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fields {
    /// `{date}`.
    pub date: Option<NaiveDate>,
    /// `{age}` and `{due}`: how far along she is, or how old the baby.
    pub anchor: Option<Anchor>,
    /// `{choices}`, numbered from 1.
    pub choices: Vec<Line>,
    /// `{dates}`.
    pub dates: Vec<NaiveDate>,
    /// `{when}`.
    pub when: Option<When>,
    /// `{time}`.
    pub time: Option<NaiveTime>,
    /// `{opens}`.
    pub opens: Option<NaiveTime>,
    /// `{closes}`.
    pub closes: Option<NaiveTime>,
    /// `{n}`.
    pub n: Option<u32>,
    /// `{place}`.
    pub place: Option<String>,
    /// `{since}`.
    pub since: Option<NaiveDate>,
    /// `{phone}`, in E.164.
    pub phone: Option<String>,
    /// `{languages}`.
    pub languages: Vec<Language>,
    /// `{visit}`: its place in the program's schedule.
    pub visit: Option<usize>,
    /// `{answers}`.
    pub answers: Option<String>,
}

/// One line of a list of choices.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Line {
    /// A reading of a date.
    Date(DateTaken),
    /// One of several babies.
    One,
    /// All of them.
    All,
    /// The baby born on a day.
    Baby(NaiveDate),
    /// A language.
    Language(Language),
    /// A visit.
    Visit(When),
}

impl Fields {
    /// Of a date and what it is.
    pub fn of(anchor: Anchor) -> Self {
        Self { date: Some(anchor.date()), anchor: Some(anchor), ..Self::default() }
    }

    /// A list of readings of a date.
    pub fn readings(choices: &[DateTaken]) -> Self {
        Self { choices: choices.iter().copied().map(Line::Date).collect(), ..Self::default() }
    }
}
