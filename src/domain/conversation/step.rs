//! The open question: what was asked, and what her answer will be about. Kept as JSON between her texts.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::dates::DateTaken;
use super::visits::When;
use crate::domain::gestation::{Anchor, Loss};
use crate::domain::language::Language;
use crate::domain::phone::PhoneNumber;

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
    /// When the baby, or babies, came.
    Birth {
        /// Whose birth.
        enrollment: Uuid,
    },
    /// Whether several births were read right.
    Births {
        /// Whose.
        enrollment: Uuid,
        /// Each, in her order.
        born: Vec<NaiveDate>,
    },
    /// Unasked: whether the baby has come.
    News {
        /// Which pregnancy.
        enrollment: Uuid,
    },
    /// Which of several babies was lost.
    LossWhich {
        /// Of which enrollment.
        enrollment: Uuid,
        /// The births of those that lived, as numbered to her; empty: none is born yet, and 1 is one of them, 2 all.
        born: Vec<NaiveDate>,
    },
    /// Whether she would like a few texts of support.
    Support {
        /// After which enrollment's loss.
        enrollment: Uuid,
        /// What was lost.
        loss: Loss,
    },
    /// At what hour.
    Time,
    /// Which language.
    Language {
        /// As numbered to her.
        choices: Vec<Language>,
    },
    /// To which phone.
    Move,
    /// Whether we read the new number right.
    MoveConfirm {
        /// The new number.
        to: PhoneNumber,
    },
    /// To the new phone: whether it is her.
    MoveOffer {
        /// The subscriber who wants to move here.
        from: Uuid,
    },
    /// Unasked: whether it is still her.
    StillYou,
    /// Where she lives now.
    NewPlace,
    /// Whether all shall be erased.
    Erase,
    /// When the visit is.
    Visit,
    /// Which visit is off.
    VisitWhich {
        /// As numbered to her.
        visits: Vec<(Uuid, When)>,
    },
    /// Unasked: whether the visit took place.
    VisitAfter {
        /// Which.
        visit: Uuid,
    },
    /// A question of the library.
    Question {
        /// Its id.
        question: String,
    },
    /// What a person of ours wrote to her: whatever she writes next is for them.
    Person {
        /// The question this one came in front of.
        before: Option<Box<Step>>,
    },
}

impl Step {
    /// The question that was open before she was asked whether she means stop, or a person wrote to her; else this one.
    pub fn beneath(&self) -> Option<&Self> {
        match self {
            Self::StopUnsure { before } | Self::Person { before } => before.as_deref()?.beneath(),
            step => Some(step),
        }
    }

    /// Of which enrollment it asks what only a living pregnancy or baby has.
    pub fn about(&self) -> Option<Uuid> {
        match self {
            Self::Date { purpose, .. } | Self::Confirm { purpose, .. } | Self::Choose { purpose, .. } => {
                match purpose {
                    Purpose::Enroll => None,
                    Purpose::Retime(enrollment) | Purpose::Birth(enrollment) => Some(*enrollment),
                }
            }
            Self::Resume { enrollment }
            | Self::Birth { enrollment }
            | Self::Births { enrollment, .. }
            | Self::News { enrollment } => Some(*enrollment),
            _ => None,
        }
    }

    /// What is left of it where what it asks is settled for her; none: nothing.
    pub fn without(&self, settled: &dyn Fn(&Self) -> bool) -> Option<Self> {
        let left = |before: &Option<Box<Self>>| before.as_ref()?.without(settled).map(Box::new);
        match self {
            Self::StopUnsure { before } => Some(Self::StopUnsure { before: left(before) }),
            Self::Person { before } => Some(Self::Person { before: left(before) }),
            step => Some(step.clone()).filter(|step| !settled(step)),
        }
    }

    /// Whether it belongs to a half-done enrollment, of which she is reminded once.
    pub fn enrolls(&self) -> bool {
        match self {
            Self::Date { purpose, .. } | Self::Confirm { purpose, .. } | Self::Choose { purpose, .. } => {
                *purpose == Purpose::Enroll
            }
            Self::Place { .. } => true,
            Self::Person { before } => before.as_ref().is_some_and(|before| before.enrolls()),
            _ => false,
        }
    }

    /// Whether an answer is still understood when its time is over: nothing else will ask it again.
    pub fn outlives(&self) -> bool {
        matches!(
            self,
            Self::News { .. }
                | Self::Support { .. }
                | Self::VisitAfter { .. }
                | Self::Question { .. }
                | Self::StillYou
                | Self::LossWhich { .. }
        )
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
    /// To close a pregnancy by its birth.
    Birth(Uuid),
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
