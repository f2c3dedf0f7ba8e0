//! The replies the service can give, by the key under which the library words them.

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
        /// Somebody who cares for the mother is enrolled.
        EnrolledFamily = "enrolled_family",
        /// She is enrolled with a pregnancy already.
        AlreadyDue = "already_due",
        /// She is enrolled with a baby already.
        AlreadyBorn = "already_born",
        /// Nothing changes.
        Unchanged = "unchanged",
        /// Unasked: the date is still missing.
        NudgeDate = "nudge_date",
        /// Unasked: the YES to her due date is still missing. It names the date: what asked before may never have come.
        NudgeDue = "nudge_due",
        /// The same of a birth.
        NudgeBorn = "nudge_born",
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
        /// She uses a start word after a loss: the date, if there is one.
        AskDateAfterLoss = "ask_date_after_loss",
        /// When did the baby come?
        AskBirth = "ask_birth",
        /// Reads several births back.
        ConfirmBirths = "confirm_births",
        /// Reads one day back on which several babies were born.
        ConfirmBornSeveral = "confirm_born_several",
        /// Reads a birth back that was today.
        ConfirmBornToday = "confirm_born_today",
        /// The tips follow all babies.
        BirthsDone = "births_done",
        /// Unasked, past the due date: has the baby come?
        BirthNews = "birth_news",
        /// Not yet: asked again in a week.
        NotYet = "not_yet",
        /// A loss told together with danger.
        LossDanger = "loss_danger",
        /// Which of several babies?
        LossWhich = "loss_which",
        /// The texts for the others go on.
        LossOne = "loss_one",
        /// A few texts of support will come.
        SupportYes = "support_yes",
        /// Nothing more comes.
        SupportNo = "support_no",
        /// What was misread is undone.
        Undone = "undone",
        /// So many babies are expected.
        SeveralDue = "several_due",
        /// So many babies are here.
        SeveralBorn = "several_born",
        /// Only vital tips from here on.
        Less = "less",
        /// All tips again.
        MoreBack = "more_back",
        /// There is no second text.
        MoreNone = "more_none",
        /// Nothing until she asks for it.
        Paused = "paused",
        /// Nothing until a day.
        PausedUntil = "paused_until",
        /// Unasked, four weeks into a pause.
        StillPaused = "still_paused",
        /// At what hour?
        TimeAsk = "time_ask",
        /// Tips come at that hour.
        TimeSet = "time_set",
        /// That is no hour for texts.
        TimeOutside = "time_outside",
        /// The same, where her zone is not known.
        TimeUnsure = "time_unsure",
        /// In this language from here on.
        LanguageSet = "language_set",
        /// Which language?
        LanguageAsk = "language_ask",
        /// Not in that one.
        LanguageNone = "language_none",
        /// To which number?
        MoveAsk = "move_ask",
        /// Reads the new number back.
        MoveConfirm = "move_confirm",
        /// The new phone was asked.
        MoveSent = "move_sent",
        /// Unasked, to the new phone: is it you?
        MoveOffer = "move_offer",
        /// To the new phone: welcome.
        Moved = "moved",
        /// To the old phone: nothing more comes here.
        MovedAway = "moved_away",
        /// That does not work.
        MoveNot = "move_not",
        /// A move from a phone we do not know.
        MoveUnknown = "move_unknown",
        /// The one confirmation of a stop by somebody else.
        Wrong = "wrong",
        /// Unasked: is this still you?
        StillYou = "still_you",
        /// It is.
        StillYouYes = "still_you_yes",
        /// Where does she live now?
        PlaceAsk = "place_ask",
        /// Texts follow the clock there.
        PlaceSet = "place_set",
        /// What we hold, of a pregnancy.
        DetailsDue = "details_due",
        /// What we hold, of a baby.
        DetailsBorn = "details_born",
        /// What we hold of somebody not enrolled.
        DetailsNone = "details_none",
        /// What is held of her after a loss.
        DetailsLost = "details_lost",
        /// The one confirmation of a stop: shall all be erased as well?
        DeleteSure = "delete_sure",
        /// It is.
        Deleted = "deleted",
        /// It is not.
        DeleteNo = "delete_no",
        /// Tips for those who care for her.
        PersonFamily = "person_family",
        /// The same for a health worker.
        PersonWorker = "person_worker",
        /// Tips for the mother herself.
        PersonMother = "person_mother",
        /// When is the visit?
        ApptAsk = "appt_ask",
        /// The visit is noted.
        ApptSet = "appt_set",
        /// Reads a visit back that is too near for more than one reminder.
        ApptSetDay = "appt_set_day",
        /// Reads a visit back that is too near for any.
        ApptSetSoon = "appt_set_soon",
        /// Reads several visits back, told in one text.
        ApptSetSeveral = "appt_set_several",
        /// The visits that she noted: she asked.
        ApptList = "appt_list",
        /// That moment is over.
        ApptPast = "appt_past",
        /// Unasked, three days before.
        ApptSoon = "appt_soon",
        /// Unasked, the day before.
        ApptTomorrow = "appt_tomorrow",
        /// Unasked, the day after: did it take place?
        ApptAfter = "appt_after",
        /// It did.
        ApptKept = "appt_kept",
        /// It did; when the next one is due.
        ApptKeptNext = "appt_kept_next",
        /// It did not.
        ApptMissed = "appt_missed",
        /// No more reminders of it.
        ApptCanceled = "appt_canceled",
        /// No visit is noted.
        ApptNone = "appt_none",
        /// Which visit?
        ApptWhich = "appt_which",
        /// None of the answers.
        QuestionAgain = "question_again",
        /// She may be in danger.
        DangerMother = "danger_mother",
        /// The unborn baby moves less.
        DangerMovements = "danger_movements",
        /// Waters or contractions too early.
        DangerLabor = "danger_labor",
        /// A baby is in danger.
        DangerBaby = "danger_baby",
        /// Poison, a fall, an accident.
        DangerPoison = "danger_poison",
        /// She may harm herself.
        DangerMind = "danger_mind",
        /// Somebody harms her.
        DangerViolence = "danger_violence",
        /// The one confirmation of a stop, told together with danger.
        DangerStop = "danger_stop",
        /// The one confirmation of a stop, told together with a loss.
        StoppedLoss = "stopped_loss",
        /// One more text to her question.
        HelpAdded = "help_added",
        /// Any other text after a loss.
        FreeTextFrozen = "free_text_frozen",
        /// No more answers today.
        Resting = "resting",
        /// Texts give nothing away from here on.
        SafeOn = "safe_on",
        /// Plain texts again.
        SafeOff = "safe_off",
        /// Unasked: there is something to read.
        SafeNotice = "safe_notice",
        /// Nothing is waiting.
        SafeNone = "safe_none",
        /// Under what is shown: there is more.
        SafeMore = "safe_more",
    }
}

impl Reply {
    /// The placeholders its words may use, beside those that every reply may: `program`, `contact`,
    /// `frequency`, `emergency`, `keyword`. Those marked `true` it must use.
    pub fn placeholders(self) -> &'static [(&'static str, bool)] {
        match self {
            Self::AskDate
            | Self::AskDateAfterLoss
            | Self::AskDateAgain
            | Self::AskOneDate
            | Self::AskUpdate => &[("example", false)],
            Self::NudgeDate | Self::NudgePlace => &[("example", false)],
            Self::NudgeDue | Self::NudgeBorn => &[("date", true)],
            Self::AskLastPeriod | Self::AskLastPeriodAgain => &[("example_past", false)],
            Self::ConfirmDue | Self::ConfirmBorn | Self::AlreadyDue | Self::AlreadyBorn => {
                &[("date", true), ("age", true)]
            }
            Self::UpdatedDue => &[("date", true), ("age", true)],
            Self::UpdatedBorn => &[("date", true), ("age", false)],
            Self::ConfirmBornSeveral => &[("n", true), ("date", true), ("age", false)],
            Self::ConfirmBornToday => &[("date", true)],
            Self::StartDue | Self::StartBorn => &[("program", true), ("date", true), ("age", true)],
            Self::ConfirmLastPeriod => &[("date", true), ("due", true), ("age", true)],
            Self::YesOrNo => &[("date", true)],
            Self::OfferOthers | Self::ChooseAgain => &[("choices", true)],
            Self::DateTooFar | Self::DateTooOld | Self::BornInFuture => &[("date", true), ("example", false)],
            Self::LastPeriodImpossible => &[("date", true), ("example_past", false)],
            Self::EnrolledDue | Self::EnrolledBorn | Self::Resumed => {
                &[("program", true), ("frequency", true)]
            }
            Self::Stopped | Self::EnrolledFamily => &[("program", true)],
            Self::Help => &[("program", true), ("contact", true), ("frequency", true)],
            Self::HowToJoin => &[("keyword", true)],
            Self::FreeTextEnrolled => &[("hours", true), ("emergency", true)],
            Self::Loss => &[("emergency", true)],
            Self::FreeTextStranger | Self::Frozen => &[("emergency", true), ("keyword", true)],
            Self::AskBirth | Self::BirthNews => &[("example_birth", false)],
            Self::ConfirmBirths | Self::BirthsDone => &[("dates", true)],
            Self::NotYet => &[("date", false)],
            Self::LossWhich | Self::LanguageAsk | Self::ApptWhich | Self::ApptSetSeveral | Self::ApptList => {
                &[("choices", true)]
            }
            Self::SupportNo | Self::LossOne => &[("crisis", false)],
            Self::SeveralDue | Self::SeveralBorn => &[("n", true)],
            Self::PausedUntil => &[("date", true)],
            Self::TimeSet | Self::TimeUnsure => &[("time", true)],
            Self::TimeOutside => &[("opens", true), ("closes", true)],
            Self::LanguageNone => &[("languages", true)],
            Self::MoveConfirm | Self::MoveSent | Self::MoveOffer | Self::MovedAway => &[("phone", true)],
            Self::MoveNot => &[("phone", false)],
            Self::MoveUnknown => &[("keyword", true)],
            Self::Wrong => &[("program", true)],
            Self::PlaceSet => &[("place", true)],
            Self::DetailsDue | Self::DetailsBorn => &[("date", true), ("place", true), ("since", true)],
            Self::ApptAsk => &[("example_when", false)],
            Self::ApptSet
            | Self::ApptSetDay
            | Self::ApptSetSoon
            | Self::ApptPast
            | Self::ApptSoon
            | Self::ApptTomorrow
            | Self::ApptAfter
            | Self::ApptCanceled => &[("when", true)],
            Self::ApptKeptNext => &[("date", true), ("visit", true)],
            Self::QuestionAgain => &[("answers", true)],
            Self::DangerMother
            | Self::DangerMovements
            | Self::DangerLabor
            | Self::DangerBaby
            | Self::DangerPoison
            | Self::Resting => &[("emergency", true)],
            Self::DangerMind => &[("crisis", true)],
            Self::DangerViolence => &[("violence", true)],
            Self::DangerStop | Self::StoppedLoss => &[("program", true), ("emergency", true)],
            Self::HelpAdded => &[("hours", true)],
            Self::FreeTextFrozen => &[("hours", true), ("emergency", true)],
            Self::AskZip
            | Self::AskPostcode
            | Self::ZipAgain
            | Self::PostcodeAgain
            | Self::Unchanged
            | Self::StopUnsure
            | Self::NothingAsked
            | Self::CountryNotServed
            | Self::LossDanger
            | Self::SupportYes
            | Self::Undone
            | Self::Less
            | Self::MoreBack
            | Self::MoreNone
            | Self::Paused
            | Self::StillPaused
            | Self::TimeAsk
            | Self::LanguageSet
            | Self::MoveAsk
            | Self::Moved
            | Self::StillYou
            | Self::StillYouYes
            | Self::PlaceAsk
            | Self::DetailsNone
            | Self::DetailsLost
            | Self::DeleteSure
            | Self::Deleted
            | Self::DeleteNo
            | Self::PersonFamily
            | Self::PersonWorker
            | Self::PersonMother
            | Self::ApptKept
            | Self::ApptMissed
            | Self::ApptNone
            | Self::SafeOn
            | Self::SafeOff
            | Self::SafeNotice
            | Self::SafeNone
            | Self::SafeMore => &[],
        }
    }
}
