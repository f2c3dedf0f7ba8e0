//! What a text brings about: decided here, carried out by the flow `effects`.

use chrono::NaiveDate;
use uuid::Uuid;

use super::visits::When;
use super::{Conversation, Fields, Place, Reply};
use crate::domain::danger::Sign;
use crate::domain::gestation::{Anchor, Loss};
use crate::domain::language::Language;
use crate::domain::phone::PhoneNumber;
use crate::domain::plan::{Reader, Terms};

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
    /// A pregnancy is closed by the birth of a baby or of several.
    Born {
        /// Which.
        enrollment: Uuid,
        /// The births; never empty.
        births: Vec<NaiveDate>,
    },
    /// Asked again in a week whether the baby has come.
    AskLater {
        /// Which pregnancy.
        enrollment: Uuid,
    },
    /// Tips come again.
    Resume {
        /// Which.
        enrollment: Uuid,
    },
    /// Other terms for an enrollment.
    Change {
        /// Which.
        enrollment: Uuid,
        /// Its new terms.
        terms: Terms,
        /// Why, for the record.
        reason: &'static str,
    },
    /// Everything ends and what is queued is canceled.
    Stop,
    /// Nothing about pregnancy or baby goes out any more, and what is queued is canceled.
    Freeze,
    /// What a loss froze goes on as it was before, with these terms if one of several babies was lost.
    Unfreeze {
        /// Which enrollment; none: all.
        only: Option<(Uuid, Anchor, Terms)>,
    },
    /// A few texts after a loss.
    Support {
        /// After which enrollment's.
        enrollment: Uuid,
        /// What was lost.
        loss: Loss,
    },
    /// Another language for all she gets.
    Speak(Language),
    /// Who she is to the baby, in all she gets and will get.
    Role(Reader),
    /// Another place.
    Place(Place),
    /// The new phone is asked whether it is hers.
    OfferMove {
        /// The new number.
        to: PhoneNumber,
    },
    /// All that the other phone got comes to this one.
    MoveHere {
        /// The subscriber who moves.
        from: Uuid,
    },
    /// Somebody else has this number now.
    Recycled,
    /// She gives a sign of life.
    Alive,
    /// All that we hold of her goes, but for the proof of consent.
    Erase,
    /// A visit is noted.
    NoteVisit(When),
    /// A visit is off.
    CancelVisit(Uuid),
    /// Whether a visit took place.
    VisitWas {
        /// Which.
        visit: Uuid,
        /// It did.
        kept: bool,
    },
    /// An answer to a question of the library; what it says to it is sent.
    Answered {
        /// Of which program.
        program: String,
        /// The question.
        question: String,
        /// Which of its outcomes, from 0.
        outcome: usize,
    },
    /// The second text on the last tip.
    SendSecond,
    /// Texts give nothing away from here on, or do again.
    Discreet(bool),
    /// What waits is shown.
    ShowWaiting {
        /// She may ask for more of it afterwards; if not, it follows the answer to SAFE OFF.
        goes_on: bool,
    },
    /// A person is to read this.
    Flag {
        /// The gravest sign it tells of.
        sign: Option<Sign>,
    },
    /// The provider carries texts to her again.
    Unblock,
    /// She asked to come back while the provider blocks her: an operator must know.
    ReportBlocked,
    /// A text that answered no question was met with help: not again for a while.
    MarkHinted,
}
