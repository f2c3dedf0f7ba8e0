//! The replies the service can give, by the key under which the library words them.

use chrono::NaiveDate;

use super::dates::DateTaken;
use crate::domain::gestation::Anchor;
use crate::domain::named::named;

named! {
    /// A reply. Its words lie in `message-library/replies/`.
    pub enum Reply {
        /// The first answer to a start word.
        AskDate = "ask_date",
        /// No date could be read.
        AskDateAgain = "ask_date_again",
        /// She named two dates.
        AskOneDate = "ask_one_date",
        /// Asks for the first day of her last period.
        AskLastPeriod = "ask_lmp",
        /// No such day could be read.
        AskLastPeriodAgain = "ask_lmp_again",
        /// Reads a due date back.
        ConfirmDue = "confirm_due",
        /// Reads a birth back.
        ConfirmBorn = "confirm_born",
        /// Reads the last period back, with the due date it gives.
        ConfirmLastPeriod = "confirm_lmp",
        /// Neither YES nor NO.
        YesOrNo = "yes_or_no",
        /// How else the date can be read.
        OfferOthers = "offer_others",
        /// None of those.
        ChooseAgain = "choose_again",
        /// A due date more than 280 days ahead.
        DateTooFar = "date_too_far",
        /// Too long ago for a due date and for a baby under one.
        DateTooOld = "date_too_old",
        /// A birth that is still to come.
        BornInFuture = "born_in_future",
        /// No last period of a present pregnancy.
        LastPeriodImpossible = "lmp_impossible",
        /// Asks for her ZIP code.
        AskZip = "ask_zip",
        /// Asks for her postcode or city.
        AskPostcode = "ask_postcode",
        /// No such ZIP code.
        ZipAgain = "zip_again",
        /// No such postcode or city.
        PostcodeAgain = "postcode_again",
        /// The confirmation of a pregnancy.
        EnrolledDue = "enrolled_due",
        /// The confirmation of a baby.
        EnrolledBorn = "enrolled_born",
        /// She is enrolled with a pregnancy already.
        AlreadyDue = "already_due",
        /// She is enrolled with a baby already.
        AlreadyBorn = "already_born",
        /// Nothing changes.
        Unchanged = "unchanged",
        /// Unasked: the date is still missing.
        NudgeDate = "nudge_date",
        /// Unasked: the YES is still missing.
        NudgeConfirm = "nudge_confirm",
        /// Unasked: the place is still missing.
        NudgePlace = "nudge_place",
        /// The one confirmation of STOP.
        Stopped = "stopped",
        /// Did she mean STOP?
        StopUnsure = "stop_unsure",
        /// HELP.
        Help = "help",
        /// START, pregnant: reads program and date back.
        StartDue = "start_due",
        /// START with a baby.
        StartBorn = "start_born",
        /// Tips come again.
        Resumed = "resumed",
        /// Nothing to resume or update.
        HowToJoin = "how_to_join",
        /// Asks for the new date.
        AskUpdate = "ask_update",
        /// The new due date is in force.
        UpdatedDue = "updated_due",
        /// The birth is in force.
        UpdatedBorn = "updated_born",
        /// Any other text from an enrolled woman.
        FreeTextEnrolled = "free_text_enrolled",
        /// Any other text from somebody not enrolled.
        FreeTextStranger = "free_text_stranger",
        /// An answer to no question.
        NothingAsked = "nothing_asked",
        /// She told of a loss.
        Loss = "loss",
        /// She writes again after that.
        Frozen = "frozen",
        /// No program serves her country.
        CountryNotServed = "country_not_served",
    }
}

impl Reply {
    /// The placeholders its words may use, beside those that every reply may: `program`, `contact`,
    /// `frequency`, `emergency`, `keyword`. Those marked `true` it must use.
    pub fn placeholders(self) -> &'static [(&'static str, bool)] {
        match self {
            Self::AskDate | Self::AskDateAgain | Self::AskOneDate | Self::AskUpdate => &[("example", false)],
            Self::NudgeDate | Self::NudgeConfirm | Self::NudgePlace => &[("example", false)],
            Self::AskLastPeriod | Self::AskLastPeriodAgain => &[("example_past", false)],
            Self::ConfirmDue | Self::ConfirmBorn | Self::AlreadyDue | Self::AlreadyBorn => {
                &[("date", true), ("age", true)]
            }
            Self::UpdatedDue | Self::UpdatedBorn => &[("date", true), ("age", true)],
            Self::StartDue | Self::StartBorn => &[("program", true), ("date", true), ("age", true)],
            Self::ConfirmLastPeriod => &[("date", true), ("due", true), ("age", true)],
            Self::YesOrNo => &[("date", true)],
            Self::OfferOthers | Self::ChooseAgain => &[("choices", true)],
            Self::DateTooFar | Self::DateTooOld | Self::BornInFuture => &[("date", true), ("example", false)],
            Self::LastPeriodImpossible => &[("date", true), ("example_past", false)],
            Self::EnrolledDue | Self::EnrolledBorn | Self::Resumed => {
                &[("program", true), ("frequency", true)]
            }
            Self::Stopped => &[("program", true)],
            Self::Help => &[("program", true), ("contact", true), ("frequency", true)],
            Self::HowToJoin => &[("keyword", true)],
            Self::FreeTextEnrolled | Self::Loss => &[("emergency", true)],
            Self::FreeTextStranger | Self::Frozen => &[("emergency", true), ("keyword", true)],
            Self::AskZip
            | Self::AskPostcode
            | Self::ZipAgain
            | Self::PostcodeAgain
            | Self::Unchanged
            | Self::StopUnsure
            | Self::NothingAsked
            | Self::CountryNotServed => &[],
        }
    }
}

/// What fills a reply's placeholders, before it is put into words of a language.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fields {
    /// `{date}`.
    pub date: Option<NaiveDate>,
    /// `{age}` and `{due}`: how far along she is, or how old the baby.
    pub anchor: Option<Anchor>,
    /// `{choices}`, numbered from 1.
    pub choices: Vec<DateTaken>,
}

impl Fields {
    /// Of a date and what it is.
    pub fn of(anchor: Anchor) -> Self {
        Self { date: Some(anchor.date()), anchor: Some(anchor), choices: Vec::new() }
    }
}
