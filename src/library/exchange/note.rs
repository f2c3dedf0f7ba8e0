//! What else is to be said of a row that comes in, or of its file: each with what fills it, said here in English as the
//! command line prints it.

use serde::{Serialize, Serializer};

use super::why::{Found, Odd, named, sheet};
use crate::library::field::Field;

/// What else is to be said of a row, or of a file as a whole.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Note {
    /// What a check would have somebody look at.
    #[error(transparent)]
    Found(Found),
    /// Words were put back.
    #[error("{}{how}", before(.place.as_deref()))]
    Mended {
        /// Where, if the row alone does not tell.
        place: Option<String>,
        /// What was done.
        how: Mended,
    },
    /// Nothing but signs differs.
    #[error("{0}: only signs differ from what stands there: left as it is")]
    SignsOnly(String),
    /// The signature is for other words.
    #[error("{} left as in the library: this file was exported when the tip said something else", named(.0))]
    StandingLeft(Vec<Field>),
    /// The words under a signature change.
    #[error("a draft, because its words change: they must be reviewed as they are now")]
    Draft,
    /// A new tip that says it is signed.
    #[error("comes in as a draft: nobody can have reviewed it here. Export again, and sign then")]
    NewDraft,
    /// A tip that moves stays in its file.
    #[error("it stays in the file {0}")]
    Stays(String),
    /// A sheet that is no program's.
    #[error("{} {name:?} was not read.", sheet(*.hidden))]
    SheetUnread {
        /// Whether people do not see it.
        hidden: bool,
        /// Its name.
        name: String,
    },
    /// A sheet that people do not see.
    #[error("The sheet {0:?} is hidden; it was read all the same.")]
    SheetHidden(String),
    /// A column of a name that nothing has.
    #[error("{place}: there is no column {name:?}; it was not read.")]
    NoColumn {
        /// Where.
        place: String,
        /// Its name.
        name: String,
    },
    /// A column whose name is none.
    #[error("{place}: there is no column \"{what}\"; it was not read.")]
    NoColumnName {
        /// Where.
        place: String,
        /// What stands in place of a name.
        what: Odd,
    },
    /// Columns that are not there.
    #[error("{sheet}: without these columns, so they stay as they are: {}.", .columns.join(", "))]
    WithoutColumns {
        /// In which sheet.
        sheet: String,
        /// Which.
        columns: Vec<String>,
    },
    /// Tips without a row.
    #[error("{sheet}: {count} tips of {program} have no row here; they stay as they are.")]
    WithoutRow {
        /// In which sheet.
        sheet: String,
        /// How many.
        count: usize,
        /// Of which program.
        program: String,
    },
    /// Entries that are kept for memory only.
    #[error("{file}: {count} old entries (#~) were not read.")]
    Obsolete {
        /// In which file.
        file: String,
        /// How many.
        count: usize,
    },
    /// Tips without an entry.
    #[error("{file}: {count} tips of {program} are not in it; they stay as they are.")]
    WithoutEntry {
        /// In which file.
        file: String,
        /// How many.
        count: usize,
        /// Of which program.
        program: String,
    },
}

/// What was put back in words that came in.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Mended {
    /// Only spaces differ.
    #[error("only spaces or line breaks differ from the words in the library: left as they are")]
    Spaces,
    /// Only these signs differ.
    #[error("only {} differ from the words in the library: left as they are", signs(.0))]
    Signs(Vec<Sign>),
    /// These signs would cost more.
    #[error("{} would cost more SMS: put back to plain signs", signs(.0))]
    Dear(Vec<Sign>),
}

/// A sign that a program has put in.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Sign {
    /// Spaces at which no line breaks.
    #[error("non-breaking spaces")]
    Unbreaking,
    /// Other spaces, or what nobody sees.
    #[error("special spaces")]
    Space,
    /// Itself.
    #[error("{0}")]
    Itself(char),
}

// As people read it: the JSON of the command line has it in words.
impl Serialize for Note {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

fn before(place: Option<&str>) -> String {
    place.map_or_else(String::new, |place| format!("{place}: "))
}

fn signs(signs: &[Sign]) -> String {
    signs.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
}
