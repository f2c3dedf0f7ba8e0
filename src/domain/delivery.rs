//! What became of a text: its states, and how reports that come late, early, twice or out of order merge.

use serde::Serialize;

/// How far a text is known to have come. Ordered: a lower piece of evidence never undoes a higher one, so
/// merging is taking the greater, which commutes and may be repeated. A delivery outranks a failure: a
/// handset's receipt is proof, while failures are also reported for parts and for attempts given up early.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Evidence {
    /// The gateway took it.
    Accepted,
    /// The operator's message centre has it.
    Sent,
    /// It will not arrive.
    Failed,
    /// The handset has it.
    Delivered,
}

/// The state of a row of the outbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Waiting for its time, its lane and its sender.
    Queued,
    /// An attempt was written: from here on it may be on the wire.
    Sending,
    /// It may have been sent and nothing proves it. Not sent again before evidence settles it.
    InDoubt,
    /// The gateway took it.
    Accepted,
    /// The operator's message centre has it.
    Sent,
    /// The handset has it.
    Delivered,
    /// It did not and will not arrive.
    Failed,
    /// Its time passed before it could go.
    Expired,
    /// Taken back before it went: she stopped, or her dates changed.
    Canceled,
}

impl State {
    /// Every state, with the code it is stored under. Codes are never reused: 1 was once a state.
    const CODES: [(Self, i16, &'static str); 9] = [
        (Self::Queued, 0, "queued"),
        (Self::Sending, 2, "sending"),
        (Self::InDoubt, 3, "in_doubt"),
        (Self::Accepted, 4, "accepted"),
        (Self::Sent, 5, "sent"),
        (Self::Delivered, 6, "delivered"),
        (Self::Failed, 7, "failed"),
        (Self::Expired, 8, "expired"),
        (Self::Canceled, 9, "canceled"),
    ];

    /// The code in the database.
    pub fn code(self) -> i16 {
        self.row().1
    }

    /// Its name for people.
    pub fn name(self) -> &'static str {
        self.row().2
    }

    /// The state stored under `code`.
    pub fn from_code(code: i16) -> Option<Self> {
        Self::CODES.iter().find(|row| row.1 == code).map(|row| row.0)
    }

    fn row(self) -> &'static (Self, i16, &'static str) {
        Self::CODES.iter().find(|row| row.0 == self).unwrap_or(&Self::CODES[0])
    }

    /// What is known of its way so far.
    fn evidence(self) -> Option<Evidence> {
        match self {
            Self::Accepted => Some(Evidence::Accepted),
            Self::Sent => Some(Evidence::Sent),
            Self::Failed => Some(Evidence::Failed),
            Self::Delivered => Some(Evidence::Delivered),
            _ => None,
        }
    }

    /// The state once `evidence` is known. Commutative and idempotent over evidence.
    #[must_use]
    pub fn merge(self, evidence: Evidence) -> Self {
        match self.evidence().map_or(evidence, |known| known.max(evidence)) {
            Evidence::Accepted => Self::Accepted,
            Evidence::Sent => Self::Sent,
            Evidence::Failed => Self::Failed,
            Evidence::Delivered => Self::Delivered,
        }
    }
}
