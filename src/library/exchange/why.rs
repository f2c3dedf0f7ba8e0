//! Why a row is not taken over: each reason with what fills it. Said here in English, as the command line prints it; the
//! console says the same in the language of who reads it.

use chrono::NaiveDate;
use serde::{Serialize, Serializer};

use crate::library::field::Field;

/// Why a row is refused or skipped.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Why {
    /// What a check says of it.
    #[error(transparent)]
    Found(Found),
    /// Tips under a sheet's name that is no program's.
    #[error("{} {name:?} is named like no program, so nobody knows whose tips these are: name it one of {}, or \
             import it alone with --program", sheet(*.hidden), .known.join(", "))]
    Nameless {
        /// Whether people do not see the sheet.
        hidden: bool,
        /// Its name.
        name: String,
        /// The programs that there are.
        known: Vec<String>,
    },
    /// A cell under no column name.
    #[error("{0} stands under no column name: is the row shifted?")]
    Headless(String),
    /// Cells made one.
    #[error("{0} are merged cells: take the merging away and fill each cell")]
    Merged(String),
    /// Another row has the same id.
    #[error("the id {tip:?} stands here and in {other}: which one is meant?")]
    Twice {
        /// The id.
        tip: String,
        /// Where the other row is.
        other: String,
    },
    /// A cell that cannot be read.
    #[error("{place} {wrong}")]
    Cell {
        /// Where.
        place: String,
        /// What is wrong with it.
        wrong: WrongCell,
    },
    /// There is no id.
    #[error("{0} is empty: every tip has an id")]
    NoId(String),
    /// The tip is another program's.
    #[error("{place}: the tip {tip:?} belongs to {owner}, not to {program}")]
    Foreign {
        /// Where its id stands.
        place: String,
        /// The id.
        tip: String,
        /// Whose it is.
        owner: String,
        /// Whose sheet this is.
        program: String,
    },
    /// A field that every tip has was emptied.
    #[error("{place} is empty: {field} cannot be taken away (every tip has one)")]
    FieldEmptied {
        /// Where.
        place: String,
        /// Its column.
        field: String,
    },
    /// The words in a language were emptied.
    #[error(
        "{place} is empty: {words} cannot be taken away (without words in each language a tip is no tip)"
    )]
    WordsEmptied {
        /// Where.
        place: String,
        /// Their column.
        words: String,
    },
    /// The tip was changed since the file was made.
    #[error(
        "the tip was changed in the library since this file was exported, so this row would undo that: export \
             again and put your change in"
    )]
    Overtaken,
    /// Nothing shows that the words were seen that are signed.
    #[error("{} can be changed only in a row that has its fingerprint, which tells that these words were seen: export \
             again", named(.0))]
    Unseen(Vec<Field>),
    /// A new tip lacks these columns.
    #[error("{place}: a new tip needs also: {}", .columns.join(", "))]
    Lacking {
        /// Where its id stands.
        place: String,
        /// What is missing.
        columns: Vec<String>,
    },
    /// A new tip has no place in the program.
    #[error("{0}: a new tip needs a track that exists, and its week or its loss")]
    Nowhere(String),
    /// Another entry is of the same tip.
    #[error("the tip {tip:?} stands here and in line {line}: which one is meant?")]
    EntryTwice {
        /// Which tip.
        tip: String,
        /// Where the other begins.
        line: usize,
    },
    /// An entry without the tip's id.
    #[error("the entry has no msgctxt, so nobody knows which tip it is")]
    NoContext,
    /// There is no such tip.
    #[error("{program} has no tip {tip:?}: a translation cannot add one")]
    NoTip {
        /// In which program.
        program: String,
        /// Which.
        tip: String,
    },
    /// What was translated is not what stands there now.
    #[error(
        "this translates other words than those that stand in the library now, which are {0:?}: export again and \
             translate those"
    )]
    OtherWords(String),
    /// There is no translation.
    #[error("not translated")]
    Untranslated,
    /// The translator is not sure of it.
    #[error("marked fuzzy, that is, to be looked over by somebody")]
    Fuzzy,
    /// The translation is too long.
    #[error("the translation has {length} characters; a text has {most} at most")]
    Lengthy {
        /// So long it is.
        length: usize,
        /// So long it may be.
        most: usize,
    },
}

/// What is wrong with a cell.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WrongCell {
    /// It is computed.
    #[error("is a formula: copy the cell and paste it as its value")]
    Formula,
    /// A box, ticked or not.
    #[error("is the truth value {}: write the value as text", truth(*.0))]
    Truth(bool),
    /// What no value is.
    #[error("is {0}: write the value as text")]
    Odd(Odd),
    /// It is too long.
    #[error("has {length} characters; a cell has {most} at most")]
    Lengthy {
        /// So long it is.
        length: usize,
        /// So long it may be.
        most: usize,
    },
    /// Words that became a date.
    #[error("was made a date by the spreadsheet program ({0}): write an apostrophe before the words")]
    DateForWords(NaiveDate),
    /// A number that became a date.
    #[error("was made a date by the spreadsheet program ({0}): write a whole number")]
    DateForNumber(NaiveDate),
    /// It is no whole number.
    #[error("is {0}: write a whole number")]
    NoNumber(Shown),
    /// It is no date; so it may be meant.
    #[error("is {shown}: write a date as {meant}")]
    NoDate {
        /// What stands there.
        shown: Shown,
        /// How to write it.
        meant: Meant,
    },
}

/// What stands in a cell: a number, or words.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Shown {
    /// As it is.
    #[error("{0}")]
    Number(String),
    /// Between quotation marks.
    #[error("{0:?}")]
    Words(String),
}

impl Shown {
    /// It alone.
    pub fn bare(&self) -> &str {
        match self {
            Self::Number(text) | Self::Words(text) => text,
        }
    }
}

/// How a date is to be written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Meant {
    /// For example.
    #[error("2026-11-28")]
    Some,
    /// So.
    #[error("{0}")]
    One(NaiveDate),
    /// It can be two days.
    #[error("{0} or as {1}, whichever is meant")]
    Either(NaiveDate, NaiveDate),
}

/// What stands in a cell that is neither words nor a number nor a date.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Odd {
    /// The spreadsheet program's own error: `#N/A`.
    #[error("the error {0}")]
    Error(String),
    /// A time of day, as it is written.
    #[error("a time of day")]
    Time(String),
    /// A formula, where a name should stand.
    #[error("a formula")]
    Formula,
}

impl Odd {
    /// What people see in the cell, which is in no language.
    pub fn written(&self) -> &str {
        match self {
            Self::Error(text) | Self::Time(text) => text,
            Self::Formula => "=",
        }
    }
}

/// What a check found in a tip as it would be.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message} [{check}]")]
pub struct Found {
    /// Which check.
    pub check: &'static str,
    /// What it says: English.
    pub message: String,
}

// As people read it: the JSON of the command line has it in words.
impl Serialize for Why {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// A sheet, at the beginning of a sentence.
pub fn sheet(hidden: bool) -> &'static str {
    if hidden { "The hidden sheet" } else { "The sheet" }
}

/// As spreadsheet programs write it.
pub fn truth(truth: bool) -> &'static str {
    if truth { "TRUE" } else { "FALSE" }
}

/// Columns by their names.
pub fn named(fields: &[Field]) -> String {
    fields.iter().map(|field| field.name()).collect::<Vec<_>>().join(", ")
}
