//! What a row of a list comes to, and everything that is to be said of it.

use serde::{Deserialize, Serialize};

use crate::domain::named::named;
use crate::flows::enrolling::Refused;

named! {
    /// What a row comes to, or something to be said of it.
    pub enum Verdict {
        /// Nothing is wrong with it.
        Good = "good",
        /// The spreadsheet program had damaged it, and it could be mended with certainty.
        Repaired = "repaired",
        /// She was enrolled.
        Enrolled = "enrolled",
        /// She was enrolled already.
        Before = "before",
        /// The same number stands in an earlier row.
        Twice = "twice",
        /// There is no number.
        NumberMissing = "number_missing",
        /// It is no number.
        NumberUnread = "number_unread",
        /// The spreadsheet program has cut its last figures off.
        NumberCut = "number_cut",
        /// There are several.
        NumberSeveral = "number_several",
        /// It can be several numbers.
        NumberUnsure = "number_unsure",
        /// The number of a country that the program does not serve.
        Country = "country",
        /// No sender carries the program.
        NoSender = "no_sender",
        /// Only test numbers are texted.
        NotListed = "not_listed",
        /// She has said STOP.
        Stopped = "stopped",
        /// Her provider lets nothing through.
        Blocked = "blocked",
        /// She has told of a loss.
        Lost = "lost",
        /// She is not to be had.
        Closed = "closed",
        /// There is no date.
        DateMissing = "date_missing",
        /// There is a due date and a birth.
        DateBoth = "date_both",
        /// No date can be read.
        DateUnread = "date_unread",
        /// It can be two days.
        DateUnsure = "date_unsure",
        /// No due date, or no birth, can be on that day.
        DateImpossible = "date_impossible",
        /// The language is none of the program's.
        LanguageUnknown = "language_unknown",
        /// Who she is to the baby cannot be read.
        ReaderUnknown = "reader_unknown",
        /// The partner's code is none.
        PartnerUnread = "partner_unread",
        /// To be said: the code is not in the program's list, and is counted all the same.
        PartnerUnlisted = "partner_unlisted",
        /// Nothing says when or how she agreed.
        ConsentMissing = "consent_missing",
        /// She did not agree.
        ConsentNo = "consent_no",
        /// Nobody knows whether what stands there means that she agreed.
        ConsentUnclear = "consent_unclear",
        /// The day on which she agreed cannot be.
        ConsentDate = "consent_date",
        /// A cell is a formula.
        Formula = "formula",
        /// It could not be enrolled, and an operator must look.
        Broke = "broke",
        /// Whoever it was asked to be erased.
        Erased = "erased",
        /// Mended: the number had lost its plus or its zeros.
        NumberMended = "number_mended",
        /// Mended: the date had become a number.
        DateSerial = "date_serial",
        /// Mended: the whole column shows which comes first, day or month.
        DateOrder = "date_order",
        /// Mended: only one of the readings can be.
        DateOnly = "date_only",
        /// Mended: the ZIP code had lost its zeros.
        PlaceMended = "place_mended",
        /// To be said: the place is not known, and she is enrolled without one.
        PlaceUnread = "place_unread",
    }
}

named! {
    /// Verdicts of one kind.
    pub enum Group {
        /// Nothing is wrong.
        Good = "good",
        /// Mended.
        Repaired = "repaired",
        /// Enrolled.
        Enrolled = "enrolled",
        /// Enrolled before.
        Before = "before",
        /// Twice in the list.
        Twice = "twice",
        /// No number.
        Number = "number",
        /// It can be two things.
        Unsure = "unsure",
        /// Not served.
        Country = "country",
        /// Not to be enrolled.
        Never = "never",
        /// No date that can be.
        Date = "date",
        /// No yes of hers.
        Consent = "consent",
        /// Something else cannot be read.
        Other = "other",
    }
}

impl Group {
    /// All verdicts of the kind.
    pub fn verdicts(self) -> Vec<&'static str> {
        Verdict::ALL.iter().filter(|verdict| verdict.group() == self).map(|verdict| verdict.name()).collect()
    }
}

impl Verdict {
    /// Whether it is said of a row that is enrolled all the same.
    pub fn lets_through(self) -> bool {
        matches!(
            self,
            Self::Good
                | Self::Repaired
                | Self::NumberMended
                | Self::DateSerial
                | Self::DateOrder
                | Self::DateOnly
                | Self::PlaceMended
                | Self::PlaceUnread
                | Self::PartnerUnlisted
        )
    }

    /// Whether it is only said, and nothing was mended.
    pub fn is_aside(self) -> bool {
        matches!(self, Self::PlaceUnread | Self::PartnerUnlisted)
    }

    /// What kind it is of, where it is told in a word.
    pub fn group(self) -> Group {
        match self {
            Self::Good | Self::PlaceUnread | Self::PartnerUnlisted => Group::Good,
            Self::Repaired
            | Self::NumberMended
            | Self::DateSerial
            | Self::DateOrder
            | Self::DateOnly
            | Self::PlaceMended => Group::Repaired,
            Self::Enrolled => Group::Enrolled,
            Self::Before => Group::Before,
            Self::Twice => Group::Twice,
            Self::NumberMissing | Self::NumberUnread | Self::NumberCut | Self::NumberSeveral => Group::Number,
            Self::DateUnsure | Self::NumberUnsure => Group::Unsure,
            Self::Country => Group::Country,
            Self::Stopped
            | Self::Blocked
            | Self::Lost
            | Self::Closed
            | Self::Erased
            | Self::NoSender
            | Self::NotListed => Group::Never,
            Self::DateMissing | Self::DateBoth | Self::DateUnread | Self::DateImpossible => Group::Date,
            Self::ConsentMissing | Self::ConsentNo | Self::ConsentUnclear | Self::ConsentDate => {
                Group::Consent
            }
            Self::LanguageUnknown
            | Self::ReaderUnknown
            | Self::PartnerUnread
            | Self::Formula
            | Self::Broke => Group::Other,
        }
    }

    /// Of a number that is refused.
    pub fn of(refused: &Refused) -> Self {
        match refused {
            Refused::NoSender => Self::NoSender,
            Refused::Country(_) => Self::Country,
            Refused::NotListed => Self::NotListed,
            Refused::Enrolled(_) => Self::Before,
            Refused::Stopped(_) => Self::Stopped,
            Refused::Blocked(_) => Self::Blocked,
            Refused::Lost(_) => Self::Lost,
            Refused::Closed => Self::Closed,
            Refused::Date => Self::DateImpossible,
        }
    }
}

/// Something to be said of a row: what, and what fills the sentence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note(pub String, pub Vec<String>);

impl Note {
    /// With what fills it.
    pub fn new<const N: usize>(what: Verdict, values: [String; N]) -> Self {
        Self(what.name().to_owned(), values.to_vec())
    }

    /// With nothing to fill.
    pub fn plain(what: Verdict) -> Self {
        Self::new(what, [])
    }

    /// What is said.
    pub fn what(&self) -> Option<Verdict> {
        Verdict::named(&self.0)
    }

    /// As they are kept.
    pub fn all_to_json(notes: &[Self]) -> String {
        serde_json::to_string(notes).unwrap_or_else(|_| "[]".to_owned())
    }

    /// Reads them back.
    pub fn all_from_json(json: &str) -> Vec<Self> {
        serde_json::from_str(json).unwrap_or_default()
    }
}
