//! The book of tips: the whole library as one page for the printer, which is what a review board signs.
//!
//! [`Book`] is a plain account of what stands on the page, made purely from the authors' files (`gather`, `block`,
//! `asking`); the template `book/book.html` lays it out. The page needs nothing beside itself: no script, no font, no picture.

mod asking;
mod block;
mod gather;
pub(super) mod phrases;

use askama::Template;
use chrono::NaiveDate;

pub use self::asking::{LaterBlock, OutcomeBlock, QuestionBlock, Questions, Survey, Way};
pub use self::phrases::language as language_name;

use super::choice::NoSuchProgram;
use super::state::State;
use super::{Fault, Files};

/// The book.
#[derive(Template)]
#[template(path = "library/book/book.html")]
pub struct Book {
    /// Its title.
    pub title: String,
    /// The library's hash: two books with one hash say the same.
    pub hash: String,
    /// The day on which review states were looked at.
    pub on: NaiveDate,
    /// One after the other.
    pub programs: Vec<ProgramPart>,
}

/// No book can be made.
#[derive(Debug, thiserror::Error)]
pub enum NoBook {
    /// What is signed must be what is sent, and such a library is not sent.
    #[error("the library has errors, so there is nothing to sign yet:\n{}",
            .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))]
    Faulty(Vec<Fault>),
    /// A program that was asked for is not there.
    #[error(transparent)]
    NoSuchProgram(#[from] NoSuchProgram),
}

/// A program.
pub struct ProgramPart {
    /// Its id.
    pub id: String,
    /// Its name in its first language.
    pub name: String,
    /// Its languages' names, as a list.
    pub languages: String,
    /// A line a language.
    pub tallies: Vec<Tally>,
    /// What is printed under one running head.
    pub parts: Vec<Part>,
    /// What is asked, and what is answered to the answers.
    pub questions: Option<Questions>,
    /// Names and numbers that depend on where she lives.
    pub helps: Vec<Help>,
    /// Their page's name in the style sheet.
    pub helps_page: String,
    /// Their running head, as a string of the style sheet.
    pub helps_head: String,
}

/// What there is in one language.
#[derive(Default)]
pub struct Tally {
    /// The language's own name.
    pub language: String,
    /// Tips in all.
    pub tips: usize,
    /// Of them unsigned.
    pub drafts: usize,
    /// Signed, and the signature holds.
    pub approved: usize,
    /// Signed once.
    pub expired: usize,
    /// SMS of all of them together.
    pub segments: u32,
    /// Those in the costly encoding.
    pub costly: usize,
    /// Those that are harder to read than sixth grade.
    pub hard: usize,
}

/// Tracks that belong together on paper: each part begins a page and has its own running head.
pub struct Part {
    /// Its name in the style sheet.
    pub page: String,
    /// The running head, as a string of the style sheet.
    pub head: String,
    /// Its tracks.
    pub tracks: Vec<TrackPart>,
}

/// A track.
pub struct TrackPart {
    /// Where links to it lead.
    pub anchor: String,
    /// Its title.
    pub title: &'static str,
    /// When its tips are sent, in one or two sentences.
    pub about: &'static str,
    /// Weeks, or what stands in their place.
    pub sections: Vec<Section>,
}

/// A week of a track, a text of the starter pack, or a kind of loss.
pub struct Section {
    /// Where links to it lead.
    pub anchor: String,
    /// Its name in the table of contents.
    pub short: String,
    /// Its title: "Week 20".
    pub title: String,
    /// In plain words what that is: "20+0 to 20+6".
    pub span: String,
    /// Its tips, in the order of slots.
    pub tips: Vec<TipBlock>,
}

/// A tip.
pub struct TipBlock {
    /// Its id.
    pub id: String,
    /// Which of its week.
    pub slot: String,
    /// What it is about.
    pub topic: String,
    /// The tip that it is the second text of.
    pub of: Option<First>,
    /// Whom it is for, in words, if not for the mother alone; empty if it is.
    pub reader: &'static str,
    /// To whom it is sent, in words.
    pub needs: &'static str,
    /// How important it is, in words.
    pub priority: String,
    /// Side by side, in the program's order of languages.
    pub columns: Vec<Column>,
    /// What depends on where she lives.
    pub notes: Vec<String>,
    /// Where its facts come from.
    pub source: Source,
    /// How far its review has come.
    pub state: State,
    /// The same in words, with who signed and until when.
    pub mark: String,
}

/// The tip that a second text or a question belongs to.
pub struct First {
    /// Its id, to which the link leads.
    pub id: String,
    /// Where it stands, in words.
    pub place: String,
}

/// A tip, a question or a reply in one language.
pub struct Column {
    /// The language's code.
    pub language: String,
    /// Its own name.
    pub name: String,
    /// The words, as she gets them.
    pub words: String,
    /// How many SMS.
    pub segments: u32,
    /// The encoding's name.
    pub encoding: &'static str,
    /// Septets or UTF-16 units.
    pub units: u32,
    /// What makes it costly, in words; empty if nothing does.
    pub cost: String,
    /// The reading level, in words; empty where there is no formula.
    pub reading: String,
    /// Whether that is beyond sixth grade.
    pub hard: bool,
    /// Whether it was translated from other words than those that stand beside it.
    pub stale: bool,
}

/// Where facts come from.
#[derive(Default)]
pub struct Source {
    /// Who says so.
    pub organization: String,
    /// Where.
    pub title: String,
    /// The address of it.
    pub url: String,
    /// Of which year.
    pub year: String,
}

/// A kind of help: one number for the country, others by region.
pub struct Help {
    /// What tips call it.
    pub placeholder: String,
    /// What she gets who lives in no region named.
    pub national: String,
    /// Where all of them are from.
    pub source: Source,
    /// By region: its code, and the words.
    pub local: Vec<(String, String)>,
}

impl Book {
    /// Makes the book of some programs, or of all if none is named.
    pub fn of(files: &Files, today: NaiveDate, programs: &[String]) -> Result<Self, NoBook> {
        gather::book(files, today, programs)
    }

    /// How many tips stand in it.
    pub fn tips(&self) -> usize {
        let parts = self.programs.iter().flat_map(|program| &program.parts);
        parts
            .flat_map(|part| &part.tracks)
            .flat_map(|track| &track.sections)
            .map(|part| part.tips.len())
            .sum()
    }

    /// How many questions.
    pub fn questions(&self) -> usize {
        let all = self.programs.iter().filter_map(|program| program.questions.as_ref());
        all.map(|questions| questions.states.iter().sum::<usize>()).sum()
    }

    /// The page.
    pub fn html(&self) -> Result<String, askama::Error> {
        self.render()
    }
}
