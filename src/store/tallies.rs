//! Counts of texts that have ended, of texts received, of tips that were skipped, and of who is enrolled: what pages
//! show instead of counting themselves. [`counting`] counts what lies in the big tables, a range of ids at a time;
//! [`keeping`] puts whole buckets in the place of what stood there; [`asking`] is for pages.
//!
//! An id begins with the time at which it was made, so an hour of any big table is one range of its key.

mod asking;
mod census;
mod counting;
mod keeping;

pub use self::asking::*;
pub use self::census::*;
pub use self::counting::*;
pub use self::keeping::*;

use chrono::{DateTime, DurationRound as _, TimeDelta, Utc};
use sqlx::FromRow;

/// A bucket of one hour.
pub const HOUR: i16 = 1;
/// A bucket of one day (UTC).
pub const DAY: i16 = 24;

/// What texts that have ended are counted by.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, FromRow)]
pub struct Texts {
    /// Their program; empty: of none.
    pub program: String,
    /// Their sender.
    pub sender: String,
    /// The gateway of the last try; empty: there was none.
    pub gateway: String,
    /// Their language.
    pub language: String,
    /// What they are.
    pub kind: String,
    /// Their state.
    pub state: i16,
    /// The gateway had taken them.
    pub taken: bool,
    /// The provider's code; empty: none.
    pub code: String,
    /// How long they took, in classes of [`crate::domain::pace`].
    pub pace: i16,
}

/// The same by the beginning of the number.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, FromRow)]
pub struct Prefixed {
    /// The number's first characters.
    pub prefix: String,
    /// Their program.
    pub program: String,
    /// Their sender.
    pub sender: String,
    /// The gateway of the last try.
    pub gateway: String,
    /// Their state.
    pub state: i16,
    /// The gateway had taken them.
    pub taken: bool,
    /// The provider's code.
    pub code: String,
}

/// What texts received are counted by.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, FromRow)]
pub struct Inbound {
    /// The program in which she enrolled last; empty: in none.
    pub program: String,
    /// To which sender she wrote.
    pub sender: String,
    /// What it was taken for; empty: it waits, or was given up.
    pub intent: String,
}

/// What tips that were due and not queued are counted by.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, FromRow)]
pub struct Skipped {
    /// Their program.
    pub program: String,
    /// Their sender.
    pub sender: String,
    /// Their language.
    pub language: String,
    /// Why: [`super::planned::Outcome`].
    pub outcome: String,
}

/// The beginning of the hour of a moment.
pub fn hour_of(at: DateTime<Utc>) -> DateTime<Utc> {
    at.duration_trunc(TimeDelta::hours(1)).unwrap_or(at)
}

/// The beginning of the day (UTC) of a moment.
pub fn day_of(at: DateTime<Utc>) -> DateTime<Utc> {
    at.duration_trunc(TimeDelta::days(1)).unwrap_or(at)
}
