//! What spreadsheets and translators' files have in common: the library laid flat ([`Shelf`]), a proposal a row, a
//! verdict on each ([`Verdict`]), and the weighing of all of them together against the checks ([`weigh()`]).

mod damaged;
mod note;
mod shelf;
mod weigh;
mod why;
mod words;

use serde::Serialize;

use super::edit::Change;
use super::fault::Fault;
use super::files::Files;

pub use damaged::{Damaged, NothingToTranslate, TooMuch, WrongLine};
pub use note::{Mended, Note, Sign};
pub use shelf::{NoShelf, Shelf};
pub use weigh::weigh;
pub use why::{Found, Meant, Odd, Shown, Why, WrongCell, named, truth};
pub use words::{alike_but_for_accidents, is_gsm_alphabet, mended};

/// A text that is brought in has so many characters at most; three SMS of GSM-7 are 459.
pub const LONGEST: usize = 2000;

/// What becomes of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// A tip that was not there.
    Created,
    /// A tip that was there, and is something else now.
    Changed,
    /// It says what stands there already.
    Same,
    /// It asks for nothing: a translation that is empty or not finished.
    Skipped,
    /// It is not taken over.
    Refused,
}

impl Outcome {
    /// Each, in the order in which they are counted.
    pub const ALL: [Self; 5] = [Self::Created, Self::Changed, Self::Same, Self::Skipped, Self::Refused];

    /// The word for it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Changed => "changed",
            Self::Same => "same",
            Self::Skipped => "skipped",
            Self::Refused => "refused",
        }
    }
}

/// A value that changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Changed {
    /// Its cell or line; none if the file has none for it.
    pub place: Option<String>,
    /// Which field, or `text` with its language.
    pub field: String,
    /// What stands there; empty if nothing does.
    pub before: String,
    /// What will.
    pub after: String,
}

/// What becomes of one row, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Verdict {
    /// Where the row stands: `text4baby-us!A12`, or `es.po:120`.
    pub place: String,
    /// The tip it names.
    pub tip: Option<String>,
    /// What becomes of it.
    pub outcome: Outcome,
    /// What changes.
    pub changes: Vec<Changed>,
    /// Why it is refused or skipped.
    pub why: Vec<Why>,
    /// What else the author should know.
    pub notes: Vec<Note>,
}

impl Verdict {
    /// One that is not taken over.
    pub fn refused(place: impl Into<String>, tip: Option<&str>, why: Vec<Why>) -> Self {
        Self::new(place.into(), tip, Outcome::Refused, why)
    }

    /// One that asks for nothing.
    pub fn skipped(place: impl Into<String>, tip: Option<&str>, why: Why) -> Self {
        Self::new(place.into(), tip, Outcome::Skipped, vec![why])
    }

    /// One that says what stands there.
    pub fn same(place: impl Into<String>, tip: Option<&str>) -> Self {
        Self::new(place.into(), tip, Outcome::Same, Vec::new())
    }

    fn new(place: String, tip: Option<&str>, outcome: Outcome, why: Vec<Why>) -> Self {
        Self { place, tip: tip.map(str::to_owned), outcome, changes: Vec::new(), why, notes: Vec::new() }
    }

    /// Takes it back.
    fn refuse(&mut self, why: Why) {
        self.outcome = Outcome::Refused;
        self.changes.clear();
        self.why.push(why);
    }
}

/// A row with what it asks for, if anything.
pub struct Proposal {
    /// What is thought of it so far.
    pub verdict: Verdict,
    /// What it asks for.
    pub change: Option<Change>,
}

impl From<Verdict> for Proposal {
    fn from(verdict: Verdict) -> Self {
        Self { verdict, change: None }
    }
}

/// All that a file proposes.
#[derive(Default)]
pub struct Proposals {
    /// A proposal a row, in the order of the file.
    pub rows: Vec<Proposal>,
    /// What is to be told of the file as a whole.
    pub notes: Vec<Note>,
}

/// What an import comes to.
pub struct Weighed {
    /// A verdict a row, in the order of the file.
    pub verdicts: Vec<Verdict>,
    /// What is to be told of the file as a whole.
    pub notes: Vec<Note>,
    /// The library with every row that is not refused; none if it would then have an error that it had not before.
    pub after: Option<Files>,
    /// Those errors, which no single row can be blamed for.
    pub faults: Vec<Fault>,
}

impl Weighed {
    /// How many rows came to this.
    pub fn count(&self, outcome: Outcome) -> usize {
        self.verdicts.iter().filter(|verdict| verdict.outcome == outcome).count()
    }
}
