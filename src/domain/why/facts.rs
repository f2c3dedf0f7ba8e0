//! All that a verdict depends on.

use chrono::{DateTime, NaiveDate, Utc};

use crate::domain::conversation::EnrollmentState;
use crate::domain::delivery::State;
use crate::domain::named::named;
use crate::domain::plan::{Reader, Terms};
use crate::domain::reason;

/// Something that changed what comes to her.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// She enrolled.
    Enrolled,
    /// She, or her provider, ended all texts.
    Stopped,
    /// Texts came again, or her dates were changed.
    Dates,
    /// Her baby was born.
    Born,
    /// She told of a loss.
    Lost,
    /// It was none.
    Undone,
    /// She said yes to the texts after it, which know no LESS and no pause.
    Supported,
    /// A pause began: her first local day with tips again, if that is on record.
    Paused(Option<NaiveDate>),
    /// A pause ended.
    Back,
    /// LESS.
    Less,
    /// MORE, which ends a pause as well.
    More,
    /// She told who reads.
    Reader(Reader),
    /// Other terms: another hour, several babies, other words.
    Terms,
    /// Another place, another zone.
    Place,
    /// Another phone.
    Moved,
}

/// A change, when it was, and her local day of that.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Event {
    /// The moment.
    pub at: DateTime<Utc>,
    /// On which day.
    pub on: NaiveDate,
    /// What.
    pub what: Change,
}

named! {
    /// What an occurrence came to when it was planned.
    pub enum Planned {
        /// Its tip was queued.
        Queued = "queued",
        /// There was none that its sender might carry.
        NoTip = "no_tip",
        /// It was too late already.
        Expired = "expired",
        /// She had it already.
        Repeat = "repeat",
        /// No hour in common that day.
        NoWindow = "no_window",
    }
}

/// A text that was queued for the day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    /// Its state.
    pub state: State,
    /// Tries so far.
    pub tries: i16,
    /// Where it waits: not before.
    pub next_try_at: Option<DateTime<Utc>>,
    /// Her local day of that.
    pub next_try_on: Option<NaiveDate>,
    /// The provider's code.
    pub code: Option<String>,
    /// Why it came to nothing, as written down.
    pub reason: Option<String>,
}

/// Why a text came to nothing, or waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// Its gateway said so; else the service did.
    pub by_gateway: bool,
    /// In these words.
    pub words: String,
}

impl Text {
    /// Why, and who says so. Only a gateway gives a code of its own with it.
    pub(super) fn said(&self) -> Option<Said> {
        let words = self.reason.clone()?;
        let own = self.code.as_deref().is_none_or(|code| OWN_CODES.contains(&code));
        Some(Said { by_gateway: !own && !reason::ALL.contains(&&*words), words })
    }
}

/// What the plan, as it is now, says of the day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Plan {
    /// A tip.
    Due {
        /// When; none: the zones she may be in have no hour in common that day.
        at: Option<DateTime<Utc>>,
        /// The library has one that her sender may carry.
        has_tip: bool,
    },
    /// Nothing, because the due date is three weeks past and no birth was told.
    Held,
    /// Nothing, because the course is over.
    Over,
    /// Nothing on that day; the next one is this, if any.
    OtherDays(Option<NaiveDate>),
    /// The program is not in the library any more.
    NoProgram,
}

/// Codes that the service itself gives to a text.
const OWN_CODES: [&str; 3] = ["in_doubt", "not_allowed", "repeat"];

/// All that a verdict depends on.
#[derive(Clone, Debug)]
pub struct Facts<'a> {
    /// The day asked about, in her calendar.
    pub on: NaiveDate,
    /// Today there.
    pub today: NaiveDate,
    /// Now.
    pub now: DateTime<Utc>,
    /// When she enrolled.
    pub enrolled_on: NaiveDate,
    /// What has become of the enrollment.
    pub state: EnrollmentState,
    /// Since which day.
    pub state_on: NaiveDate,
    /// How it departs from its program's rhythm, now.
    pub terms: &'a Terms,
    /// Since which day nothing unasked may go to her.
    pub stopped_on: Option<NaiveDate>,
    /// Since which day her provider refuses.
    pub blocked_on: Option<NaiveDate>,
    /// What changed, the oldest first.
    pub events: &'a [Event],
    /// What the record of occurrences has for the day, and when it was planned.
    pub planned: Option<(Planned, DateTime<Utc>)>,
    /// The text of that.
    pub text: Option<&'a Text>,
    /// Why a text for this day was taken back before it went; the day is free in the record again.
    pub taken_back: Option<&'a str>,
    /// What the plan says.
    pub plan: Plan,
    /// Until when the sender may not send.
    pub held_until: Option<DateTime<Utc>>,
}
