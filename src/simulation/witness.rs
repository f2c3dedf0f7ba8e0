//! What was heard and said, in the order in which it was: what truths are held against.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::live::Claim;
use super::phrases::Topic;
use super::words::Says;

/// Something that happened between a phone and us.
#[derive(Clone, Debug)]
pub enum Entry {
    /// She wrote.
    Heard(Heard),
    /// We began to send.
    Said(Said),
    /// The provider said that she opted out there.
    OptedOut {
        /// Which phone.
        phone: u32,
        /// When.
        at: DateTime<Utc>,
    },
}

/// A text of hers.
#[derive(Clone, Debug)]
pub struct Heard {
    /// Its id.
    pub id: Uuid,
    /// From which phone.
    pub phone: u32,
    /// When she wrote it.
    pub at: DateTime<Utc>,
    /// When it reached us.
    pub reached: DateTime<Utc>,
    /// Its words.
    pub body: String,
    /// What it means.
    pub topic: Topic,
    /// What it claims.
    pub claim: Option<Claim>,
}

/// A try of a text of ours.
#[derive(Clone, Debug)]
pub struct Said {
    /// The text's id.
    pub id: Uuid,
    /// Which try.
    pub number: i16,
    /// To which phone.
    pub phone: u32,
    /// When the try began.
    pub at: DateTime<Utc>,
    /// It went out in the lane of answers.
    pub answer: bool,
    /// Its words.
    pub body: Arc<str>,
    /// What they say.
    pub says: Says,
    /// When it is too late to be right.
    pub not_after: DateTime<Utc>,
    /// Whether the gateway took it, for all that nobody but us knows.
    pub taken: bool,
    /// Whether its answer was lost, so that another try may follow.
    pub doubtful: bool,
}
