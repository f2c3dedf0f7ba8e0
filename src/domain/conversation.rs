//! The conversation: state + text → effects. Pure: it decides, the flow `inbound` carries out.
//!
//! ```text
//!            start word            date              YES             ZIP, postcode, SKIP
//!   (none) ────────────► Date ───────────► Confirm ───────► Place ─────────────────────► enrolled
//!                         ▲ │ LMP            │ NO
//!                         └─┘                ├──────────► Choose (other readings of the same date)
//!                         ▲──────────────────┘ no other reading
//!   UPDATE ► Date … Confirm ─YES► re-timed        START ► Resume ─YES► resumed, NO ► Date …
//!   start word while enrolled ► NewOne ─YES► Date …        perhaps STOP ► StopUnsure ─YES► stopped
//! ```
//! STOP, HELP, START, UPDATE, a start word and words of loss are heard in every state. After STOP only HELP,
//! START and start words are answered, until one of them has begun a conversation.

mod alert;
mod births;
pub mod dates;
mod deed;
mod effect;
mod fields;
mod losses;
mod pace;
mod person;
mod question;
mod reply;
mod respond;
mod scene;
mod step;
mod steps;
mod surveys;
mod unseen;
mod visits;
mod written;

pub use self::alert::{Listening, heeded};
pub use self::dates::{DateKind, DateProblem, DateTaken};
pub use self::deed::{Deed, Lost, NotDone, done};
pub use self::effect::Effect;
pub use self::fields::{Fields, Line};
pub use self::losses::UNDONE_WITHIN;
pub use self::reply::Reply;
pub use self::respond::respond;
pub use self::scene::{Enrolled, Fresh, Guide, Known, Place, Scene, today};
pub use self::step::{Conversation, Purpose, Step};
pub use self::visits::{Visit, When};

use super::named::named;

named! {
    /// What has become of an enrollment.
    pub enum EnrollmentState {
        /// Tips are planned.
        Active = "active",
        /// She said STOP, or the provider says she did.
        Stopped = "stopped",
        /// She told of a loss: nothing about pregnancy or baby goes out.
        Frozen = "frozen",
        /// The same, and she said yes to a few texts of support, which are still coming.
        Supported = "supported",
        /// She began anew with another pregnancy or baby.
        Replaced = "replaced",
        /// The baby's first year is over.
        Completed = "completed",
    }
}
