//! What NGOs author, and how it becomes something the service can send.
//!
//! ```text
//! folder, built-in copy or stored edition ──files──► load ──entries + places──► checks ──► compile ──► Library
//! ```
//! Every fault is named, with file and line, and all are told at once; a library with an error is never used.

mod allowed;
pub mod book;
pub mod checks;
mod choice;
mod compile;
pub mod desk;
pub mod diff;
pub mod edit;
pub mod exchange;
pub mod fault;
mod field;
pub mod files;
mod format;
mod glossary;
mod help;
mod places;
mod program;
pub mod questions;
mod replies;
pub mod report;
pub mod save;
pub mod spreadsheet;
pub mod state;
pub mod translations;

use std::collections::{BTreeMap, BTreeSet};

use chrono::{NaiveDate, NaiveTime};

pub use self::allowed::Allowed;
pub use self::book::phrases::language as name_of_language;
pub use self::choice::NoSuchProgram;
pub use self::fault::{Fault, Severity};
pub use self::field::{Field, FlatTip, Kind as FieldKind};
pub use self::files::Files;
pub use self::places::PlaceKind;
pub use self::program::{Carries, Listener, Program, Text, Tip};
pub use self::questions::Asking;
pub use self::replies::Voice;

use crate::domain::conversation::{Guide, Place};
use crate::domain::danger::Dangers;
use crate::domain::date_text::DateWords;
use crate::domain::gestation::Anchor;
use crate::domain::keyword::{self, Intent, Keywords};
use crate::domain::language::Language;
use crate::domain::phone::PhoneNumber;
use crate::domain::request::Requests;
use crate::domain::survey::Question;
use crate::domain::time_text::TimeWords;
use places::Places;
use replies::Replies;

/// One state of everything authored, checked and ready for use.
pub struct Library {
    /// SHA-256 over its files, in hexadecimal: two libraries with one hash say the same.
    pub hash: String,
    /// The files it was read from.
    pub files: Files,
    /// By id.
    pub programs: BTreeMap<String, Program>,
    /// What its words mean when she writes them.
    pub keywords: Keywords,
    /// The same with one language's words alone: which language a word is from.
    spoken: BTreeMap<Language, Keywords>,
    replies: BTreeMap<Language, Replies>,
    dates: BTreeMap<Language, DateWords>,
    first_dates: DateWords,
    places: BTreeMap<String, Places>,
    /// What she asks for beside the keywords.
    pub requests: Requests,
    /// The signs of danger.
    pub dangers: Dangers,
    times: BTreeMap<Language, TimeWords>,
    first_times: TimeWords,
}

/// A library was read: it may be usable or not.
pub struct Checked {
    /// The library, if no fault is an error.
    pub library: Option<Library>,
    /// Every fault, errors first, then by file and line.
    pub faults: Vec<Fault>,
}

impl Library {
    /// Reads, checks and compiles a library. `today` decides whether a review has expired.
    pub fn read(files: &Files, today: NaiveDate) -> Checked {
        let (mut drafts, mut faults) = format::load(files);
        faults.extend(checks::run(&drafts, today));
        let broken = faults.iter().any(|fault| fault.severity == Severity::Error);
        let library = if broken {
            None
        } else {
            match compile::compile(&mut drafts, files) {
                Ok(library) => {
                    checks::reply_lengths(&drafts, &library, &mut faults);
                    Some(library)
                }
                Err(fault) => {
                    faults.push(fault);
                    None
                }
            }
        };
        faults.sort_by(|a, b| a.order().cmp(&b.order()));
        Checked { library, faults }
    }

    /// The one language in which a text has this intent; none if it has it in several (STOP) or in none.
    pub fn language_of(&self, text: &str, intent: Intent) -> Option<Language> {
        let means = |(language, words): (&Language, &Keywords)| {
            (keyword::parse(text, language.as_str(), words).intent == Some(intent)).then_some(*language)
        };
        let mut languages = self.spoken.iter().filter_map(means);
        languages.next().filter(|_| languages.next().is_none())
    }

    /// Makes ready what is otherwise made for the first text that comes: a running service does so before it hears.
    pub fn warm(&self) {
        self.keywords.warm();
        self.requests.warm();
        self.dangers.warm();
        self.spoken.values().for_each(Keywords::warm);
    }

    /// The states or regions that a program's women may live in, by their codes.
    pub fn areas(&self, program: &str) -> BTreeSet<String> {
        match self.program(program).map(|program| &program.place) {
            Some(PlaceKind::UsZip) => places::STATES.iter().map(|code| (*code).to_owned()).collect(),
            Some(PlaceKind::File(name)) => self.places.get(name).map_or_else(BTreeSet::new, |places| {
                places.areas.postcodes.values().chain(places.areas.cities.values()).cloned().collect()
            }),
            None => BTreeSet::new(),
        }
    }

    /// The program of that id.
    pub fn program(&self, id: &str) -> Option<&Program> {
        self.programs.get(id)
    }
}

impl Guide for Library {
    fn dates(&self, language: Language) -> &DateWords {
        // The check `lexicon-missing` has made sure that every language of every program is there; a
        // subscriber whose language left the library is read like the first one's.
        self.dates.get(&language).unwrap_or(&self.first_dates)
    }

    fn place(&self, program: &str, text: &str) -> Option<Place> {
        match &self.program(program)?.place {
            PlaceKind::UsZip => places::zip(text),
            PlaceKind::File(name) => self.places.get(name)?.find(text),
        }
    }

    fn asks_zip(&self, program: &str) -> bool {
        self.program(program).is_some_and(|program| program.place == PlaceKind::UsZip)
    }

    fn times(&self, language: Language) -> &TimeWords {
        self.times.get(&language).unwrap_or(&self.first_times)
    }

    fn languages(&self, program: &str) -> &[Language] {
        self.program(program).map_or(&[], |program| &program.languages)
    }

    fn hours(&self, program: &str) -> (NaiveTime, NaiveTime) {
        let window = self.program(program).map(|program| program.timetable.window);
        window.map_or((NaiveTime::MIN, NaiveTime::MIN), |window| (window.opens, window.closes))
    }

    fn stillbirth_from(&self, program: &str) -> i64 {
        self.program(program).map_or(0, |program| program.stillbirth_from)
    }

    fn next_visit(&self, program: &str, anchor: Anchor, after: NaiveDate) -> Option<(usize, NaiveDate)> {
        self.program(program)?.next_visit(anchor, after)
    }

    fn question(&self, program: &str, id: &str) -> Option<&Question> {
        self.program(program)?.questions.get(id).map(|asking| &asking.question)
    }

    fn phone(&self, program: &str, text: &str) -> Option<PhoneNumber> {
        let countries = &self.program(program)?.countries;
        let served = |phone: &PhoneNumber| phone.region().is_some_and(|region| countries.contains(&region));
        let typed = countries.iter().find_map(|country| PhoneNumber::parse(text, Some(country)));
        typed.filter(served)
    }
}
