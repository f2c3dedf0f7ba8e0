//! The library as one sender may use it on one day: what the conversation is guided by. Questions that nobody has
//! signed do not exist for a sender to the public: they are neither asked nor is an answer to them taken.

use chrono::{NaiveDate, NaiveTime};

use super::{Carries, Library};
use crate::domain::conversation::{Guide, Place};
use crate::domain::date_text::DateWords;
use crate::domain::gestation::Anchor;
use crate::domain::language::Language;
use crate::domain::phone::PhoneNumber;
use crate::domain::survey::Question;
use crate::domain::time_text::TimeWords;

/// A library, and what may be said of it.
pub struct Allowed<'a> {
    /// The library.
    pub library: &'a Library,
    /// What the sender may carry.
    pub carries: Carries,
    /// The day, in her zone.
    pub on: NaiveDate,
}

impl Guide for Allowed<'_> {
    fn dates(&self, language: Language) -> &DateWords {
        self.library.dates(language)
    }

    fn times(&self, language: Language) -> &TimeWords {
        self.library.times(language)
    }

    fn place(&self, program: &str, text: &str) -> Option<Place> {
        self.library.place(program, text)
    }

    fn asks_zip(&self, program: &str) -> bool {
        self.library.asks_zip(program)
    }

    fn languages(&self, program: &str) -> &[Language] {
        self.library.languages(program)
    }

    fn hours(&self, program: &str) -> (NaiveTime, NaiveTime) {
        self.library.hours(program)
    }

    fn stillbirth_from(&self, program: &str) -> i64 {
        self.library.stillbirth_from(program)
    }

    fn next_visit(&self, program: &str, anchor: Anchor, after: NaiveDate) -> Option<(usize, NaiveDate)> {
        self.library.next_visit(program, anchor, after)
    }

    fn question(&self, program: &str, id: &str) -> Option<&Question> {
        let asking = self.library.program(program)?.asking(id, self.on, self.carries)?;
        Some(&asking.question)
    }

    fn phone(&self, program: &str, text: &str) -> Option<PhoneNumber> {
        self.library.phone(program, text)
    }
}
