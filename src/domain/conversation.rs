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

pub mod dates;
mod question;
mod reply;
mod respond;
mod steps;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub use self::dates::{DateKind, DateProblem, DateTaken};
pub use self::reply::{Fields, Reply};
pub use self::respond::respond;

use super::calendar::Whereabouts;
use super::date_text::DateWords;
use super::gestation::Anchor;
use super::keyword::Parsed;
use super::language::Language;
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
        /// She began anew with another pregnancy or baby.
        Replaced = "replaced",
        /// The baby's first year is over.
        Completed = "completed",
    }
}

/// A question that waits for her answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "asks", rename_all = "snake_case")]
pub enum Step {
    /// A due date or a birth date; or the first day of her last period.
    Date {
        /// The last period was asked for.
        last_period: bool,
        /// What the date is for.
        purpose: Purpose,
    },
    /// Whether we read the date right.
    Confirm {
        /// How we read it.
        taken: DateTaken,
        /// How else it can be read.
        others: Vec<DateTaken>,
        /// What the date is for.
        purpose: Purpose,
    },
    /// Which of the other readings.
    Choose {
        /// As numbered to her, from 1.
        choices: Vec<DateTaken>,
        /// What the date is for.
        purpose: Purpose,
    },
    /// Where she lives.
    Place {
        /// The date she confirmed.
        anchor: Anchor,
    },
    /// Whether the start word means a new pregnancy or baby.
    NewOne,
    /// Whether she wants everything to stop.
    StopUnsure {
        /// The question this one came in front of.
        before: Option<Box<Step>>,
    },
    /// Whether the dates still hold, after START.
    Resume {
        /// What would be resumed.
        enrollment: Uuid,
    },
}

impl Step {
    /// The question that was open before she was asked whether she means stop; else this one.
    fn beneath(&self) -> Option<&Self> {
        match self {
            Self::StopUnsure { before } => before.as_deref(),
            step => Some(step),
        }
    }
}

/// What a date is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// To enroll.
    Enroll,
    /// To re-time an enrollment (and to resume it, if it was stopped).
    Retime(Uuid),
}

/// A conversation under way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conversation {
    /// The program it is about.
    pub program: String,
    /// The language it is held in.
    pub language: Language,
    /// The open question.
    pub step: Step,
    /// An answer that made no sense was already met with help at this step.
    pub unread: bool,
}

/// What the conversation needs to know of an enrollment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Enrolled {
    /// Its id.
    pub id: Uuid,
    /// Its program.
    pub program: String,
    /// Its language.
    pub language: Language,
    /// Its state.
    pub state: EnrollmentState,
    /// Its due date or birth.
    pub anchor: Anchor,
}

/// Where she lives, as far as she told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// As she gave it, tidied.
    pub name: String,
    /// Its IANA zone.
    pub zone: chrono_tz::Tz,
    /// The state or region it lies in, as the library's help knows it.
    pub area: Option<String>,
}

/// What a program's people know: implemented by an edition of the library.
pub trait Guide: Sync {
    /// The language's way with dates.
    fn dates(&self, language: Language) -> &DateWords;
    /// The place she names, if the program can tell.
    fn place(&self, program: &str, text: &str) -> Option<Place>;
    /// Whether the program asks for a ZIP code (otherwise for a postcode or city).
    fn asks_zip(&self, program: &str) -> bool;
}

/// All that the answer depends on.
pub struct Scene<'a> {
    /// Her local date.
    pub today: NaiveDate,
    /// What she wrote.
    pub text: &'a str,
    /// What its words mean.
    pub parsed: &'a Parsed,
    /// The provider took it for STOP and blocks her from now on.
    pub provider_stopped: bool,
    /// The provider answers this very STOP itself, so we must not.
    pub provider_confirms: bool,
    /// The provider already answered it (its own HELP).
    pub provider_answered: bool,
    /// She said STOP and has not come back.
    pub stopped: bool,
    /// The provider refuses to text her until she writes START, YES or UNSTOP.
    pub blocked: bool,
    /// A text that answered no question was already met with help lately.
    pub hinted: bool,
    /// The open question.
    pub conversation: Option<&'a Conversation>,
    /// Her enrollments, the newest first.
    pub enrollments: &'a [Enrolled],
    /// The program and language to speak of and in when nothing else tells.
    pub fallback: (&'a str, Language),
    /// The library.
    pub guide: &'a dyn Guide,
}

/// One thing to be done; all of one answer are done in one transaction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Send a reply.
    Say {
        /// Which.
        reply: Reply,
        /// Of which program it speaks.
        program: String,
        /// In which language.
        language: Language,
        /// What fills its placeholders.
        fields: Fields,
    },
    /// The open question is now this one.
    Ask(Conversation),
    /// The question stays, and help was given once.
    MarkUnread,
    /// No question is open any more.
    Close,
    /// A new enrollment; an active one in the same program is replaced.
    Enroll {
        /// Its program.
        program: String,
        /// Its language.
        language: Language,
        /// Its due date or birth.
        anchor: Anchor,
        /// Where she lives, if she told.
        place: Option<Place>,
    },
    /// New dates for an enrollment, resuming it if it was stopped.
    Retime {
        /// Which.
        enrollment: Uuid,
        /// Its new due date or birth.
        anchor: Anchor,
    },
    /// Tips come again.
    Resume {
        /// Which.
        enrollment: Uuid,
    },
    /// Everything ends and what is queued is canceled.
    Stop,
    /// Nothing about pregnancy or baby goes out any more, and what is queued is canceled.
    Freeze,
    /// The provider carries texts to her again.
    Unblock,
    /// She asked to come back while the provider blocks her: an operator must know.
    ReportBlocked,
    /// A text that answered no question was met with help: not again for a while.
    MarkHinted,
}

/// The local date in the zone of `whereabouts` is what "today" means to her.
pub fn today(whereabouts: &Whereabouts, now: chrono::DateTime<chrono::Utc>) -> NaiveDate {
    whereabouts.date_at(now)
}
