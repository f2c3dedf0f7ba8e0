//! How far a tip's review has come: what the book marks and the report counts.

use std::fmt;

use chrono::NaiveDate;
use serde::Serialize;

/// Whether a tip may reach the public.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Nobody has signed it.
    Draft,
    /// A named reviewer stands for it.
    Approved,
    /// The reviewer's word has run out.
    Expired,
}

impl State {
    /// Each, in the order of a tip's life.
    pub const ALL: [Self; 3] = [Self::Draft, Self::Approved, Self::Expired];

    /// The state on a day of a tip that is approved until another; none if it never was. The last day counts.
    pub fn of(approved_until: Option<NaiveDate>, today: NaiveDate) -> Self {
        match approved_until {
            None => Self::Draft,
            Some(until) if until < today => Self::Expired,
            Some(_) => Self::Approved,
        }
    }

    /// As people read it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Approved => "approved",
            Self::Expired => "expired",
        }
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
