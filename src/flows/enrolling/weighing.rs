//! Whether a number may be enrolled, and what may be said of it to whoever asks.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use uuid::Uuid;

use super::Wish;
use crate::domain::conversation::{DateKind, DateTaken, EnrollmentState};
use crate::domain::gestation::Anchor;
use crate::domain::phone::PhoneNumber;
use crate::flows::senders::{Audience, Sender};
use crate::flows::{Service, erasing, inbound};
use crate::library::Program;
use crate::store::people::{self, Enrollment, Subscriber};
use crate::store::{StoreResult, Tx};

/// Why a number is not enrolled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refused {
    /// No sender carries the program.
    NoSender,
    /// It is a number of a country that the program does not serve; which, if the number tells.
    Country(Option<String>),
    /// The sender texts its test numbers only.
    NotListed,
    /// She gets the program's texts already.
    Enrolled(Uuid),
    /// She has said STOP.
    Stopped(Uuid),
    /// Her provider lets nothing through.
    Blocked(Uuid),
    /// She has told of a loss.
    Lost(Uuid),
    /// She is not to be had, and why is not for whoever asks.
    Closed,
    /// The date cannot be.
    Date,
}

impl Refused {
    /// As it stands in the record.
    pub fn name(&self) -> &'static str {
        match self {
            Self::NoSender => "no_sender",
            Self::Country(_) => "country",
            Self::NotListed => "not_listed",
            Self::Enrolled(_) => "enrolled",
            Self::Stopped(_) => "stopped",
            Self::Blocked(_) => "blocked",
            Self::Lost(_) => "lost",
            Self::Closed => "closed",
            Self::Date => "date_impossible",
        }
    }

    /// Who she is, where whoever asks may know.
    pub fn her(&self) -> Option<Uuid> {
        match self {
            Self::Enrolled(id) | Self::Stopped(id) | Self::Blocked(id) | Self::Lost(id) => Some(*id),
            Self::NoSender | Self::Country(_) | Self::NotListed | Self::Closed | Self::Date => None,
        }
    }
}

/// What is held of a number that speaks for or against enrolling it.
#[derive(Clone, Debug)]
pub struct Held {
    /// Whose it is.
    pub subscriber: Uuid,
    /// She has said STOP.
    pub stopped: bool,
    /// Her provider lets nothing through.
    pub blocked: bool,
    /// She has told of a loss, enrolled or not, and has begun nothing new since.
    pub lost: bool,
    /// What she is or was enrolled in.
    pub enrollments: Vec<Past>,
}

/// What she is or was enrolled in.
#[derive(Clone, Debug)]
pub struct Past {
    /// The program.
    pub program: String,
    /// The state.
    pub state: EnrollmentState,
    /// When she enrolled.
    pub enrolled_at: DateTime<Utc>,
    /// Of a loss: she has begun something new since. When it was told does not show that: the last text of support is
    /// sent weeks later, and moves the state's own date.
    pub settled: bool,
}

impl Held {
    /// Whether a loss is the last that she told of what this is about. What ended before the loss, however late she
    /// enrolled in it, is no new beginning.
    fn is_lost(&self, one: &Past) -> bool {
        let begun_anew =
            one.settled && self.enrollments.iter().any(|other| other.enrolled_at > one.enrolled_at);
        matches!(one.state, EnrollmentState::Frozen | EnrollmentState::Supported) && !begun_anew
    }
}

/// Why a number may not be enrolled in a program, by what is held of it; `mine` are the programs of whoever asks.
pub fn against(held: Option<&Held>, erased: bool, program: &str, mine: &[String]) -> Option<Refused> {
    let Some(held) = held else { return erased.then_some(Refused::Closed) };
    let id = held.subscriber;
    let known = |one: &Past| mine.contains(&one.program);
    let told = |refused| if held.enrollments.iter().any(known) { refused } else { Refused::Closed };
    let lost: Vec<&Past> = held.enrollments.iter().filter(|one| held.is_lost(one)).collect();
    // Of a loss before a STOP the loss is said: it is what to be careful of.
    if !lost.is_empty() {
        let may_know = lost.into_iter().any(known);
        return Some(if may_know { Refused::Lost(id) } else { Refused::Closed });
    }
    match held {
        Held { lost: true, .. } => return Some(told(Refused::Lost(id))),
        Held { blocked: true, .. } => return Some(told(Refused::Blocked(id))),
        Held { stopped: true, .. } => return Some(told(Refused::Stopped(id))),
        _ if erased => return Some(Refused::Closed),
        _ => {}
    }
    let here = |one: &Past| one.program == program && one.state == EnrollmentState::Active;
    held.enrollments.iter().any(here).then_some(Refused::Enrolled(id))
}

/// The sender that carries a program to a number: one to the public before one for a trial.
pub fn sender_for(service: &Service, program: &Program, phone: &PhoneNumber) -> Result<Arc<Sender>, Refused> {
    let rank = |sender: &Sender| match sender.audience {
        Audience::Public => 0,
        Audience::Trial(_) => 1,
        Audience::Rehearsal => 2,
    };
    let mut senders: Vec<&Arc<Sender>> =
        service.senders.iter().filter(|sender| sender.programs.contains(&program.id)).collect();
    senders.sort_by_key(|sender| rank(sender));
    let Some(first) = senders.first() else { return Err(Refused::NoSender) };
    let rehearsed = first.audience == Audience::Rehearsal;
    match phone.region() {
        Some(region) if !program.countries.contains(&region) => return Err(Refused::Country(Some(region))),
        None if !rehearsed => return Err(Refused::Country(None)),
        _ => {}
    }
    senders.into_iter().find(|sender| sender.may_text(phone)).cloned().ok_or(Refused::NotListed)
}

/// A number as somebody typed it, in a country of the program.
pub fn number(service: &Service, program: &Program, typed: &str) -> Option<PhoneNumber> {
    let senders = service.senders.iter().filter(|sender| sender.programs.contains(&program.id));
    let mut senders: Vec<&Arc<Sender>> = senders.collect();
    senders.sort_by_key(|sender| sender.audience == Audience::Rehearsal);
    senders.into_iter().find_map(|sender| inbound::number(typed, sender, &[program]))
}

/// Weighs a number as the database knows it now: its sender and what she is enrolled in, or why not.
pub(super) async fn weigh(
    service: &Service,
    tx: &mut Tx,
    program: &Program,
    wish: &Wish,
    her: Option<&Subscriber>,
    mine: &[String],
) -> StoreResult<Result<(Arc<Sender>, Vec<Enrollment>), Refused>> {
    let sender = match sender_for(service, program, &wish.phone) {
        Ok(sender) => sender,
        Err(refused) => return Ok(Err(refused)),
    };
    let today = program.whereabouts(zone_of(her, wish)).date_at(service.now());
    if !taken(wish.anchor).plausible(today) {
        return Ok(Err(Refused::Date));
    }
    let erased = erasing::is_known(service, tx, &wish.phone).await?;
    let enrollments = match her {
        Some(her) => people::enrollments_of(tx, her.id).await?,
        None => Vec::new(),
    };
    let held = her.map(|her| Held {
        subscriber: her.id,
        stopped: her.stopped_at.is_some(),
        blocked: her.blocked_at.is_some(),
        lost: her.lost_at.is_some(),
        enrollments: enrollments
            .iter()
            .map(|one| Past {
                program: one.program.clone(),
                state: one.state,
                enrolled_at: one.enrolled_at,
                settled: one.before_loss().is_none(),
            })
            .collect(),
    });
    Ok(match against(held.as_ref(), erased, &program.id, mine) {
        Some(refused) => Err(refused),
        None => Ok((sender, enrollments)),
    })
}

fn taken(anchor: Anchor) -> DateTaken {
    match anchor {
        Anchor::Due(date) => DateTaken { kind: DateKind::Due, date },
        Anchor::Born(date) => DateTaken { kind: DateKind::Born, date },
    }
}

/// Where her clock is, as far as anybody told.
pub(super) fn zone_of(her: Option<&Subscriber>, wish: &Wish) -> Option<Tz> {
    wish.place.as_ref().map(|place| place.zone).or_else(|| her?.zone())
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    const OURS: &str = "ours";
    const OTHERS: &str = "theirs";

    /// What she was enrolled in, the newest first; a loss is settled if `true`.
    type Enrollments<'a> = &'a [(&'a str, EnrollmentState, bool)];

    fn held(stopped: bool, blocked: bool, enrollments: Enrollments<'_>) -> Held {
        let days = (0..enrollments.len() as i64).rev();
        let past = |((program, state, settled), day): (&(&str, EnrollmentState, bool), i64)| Past {
            program: (*program).to_owned(),
            state: *state,
            enrolled_at: DateTime::UNIX_EPOCH + TimeDelta::days(day),
            settled: *settled,
        };
        let enrollments = enrollments.iter().zip(days).map(past).collect();
        Held { subscriber: Uuid::nil(), stopped, blocked, lost: false, enrollments }
    }

    /// She has told of a loss that no enrollment of hers shows.
    fn lost(stopped: bool, enrollments: Enrollments<'_>) -> Held {
        Held { lost: true, ..held(stopped, false, enrollments) }
    }

    #[test]
    fn nobody_is_brought_back_and_no_more_is_said_than_may_be_known() {
        use EnrollmentState::{Active, Completed, Frozen, Replaced, Stopped, Supported};
        let id = Uuid::nil();
        let mine = [OURS.to_owned()];
        for (held, erased, refused) in [
            (None, false, None),
            (None, true, Some(Refused::Closed)),
            (Some(held(false, false, &[])), false, None),
            (Some(held(false, false, &[])), true, Some(Refused::Closed)),
            (Some(held(true, false, &[])), false, Some(Refused::Closed)),
            (Some(held(true, false, &[(OURS, Stopped, true)])), false, Some(Refused::Stopped(id))),
            (Some(held(true, false, &[(OTHERS, Stopped, true)])), false, Some(Refused::Closed)),
            (Some(held(true, true, &[(OURS, Stopped, true)])), false, Some(Refused::Blocked(id))),
            (Some(held(false, true, &[(OTHERS, Active, true)])), false, Some(Refused::Closed)),
            (Some(held(false, false, &[(OURS, Frozen, false)])), false, Some(Refused::Lost(id))),
            (Some(held(true, false, &[(OURS, Supported, false)])), false, Some(Refused::Lost(id))),
            (
                Some(held(false, false, &[(OTHERS, Frozen, false), (OURS, Completed, true)])),
                false,
                Some(Refused::Closed),
            ),
            (Some(held(false, false, &[(OURS, Active, true)])), false, Some(Refused::Enrolled(id))),
            // She began anew by herself, and that is over; another program is another matter.
            (Some(held(false, false, &[(OURS, Completed, true), (OURS, Frozen, true)])), false, None),
            (Some(held(false, false, &[(OURS, Replaced, true), (OTHERS, Active, true)])), false, None),
            // What she enrolled in later had ended before the loss.
            (
                Some(held(false, false, &[(OURS, Completed, true), (OURS, Frozen, false)])),
                false,
                Some(Refused::Lost(id)),
            ),
            (
                Some(held(false, false, &[(OURS, Completed, true), (OTHERS, Supported, false)])),
                false,
                Some(Refused::Closed),
            ),
            // It says of itself that something came after it, and there is nothing.
            (Some(held(false, false, &[(OURS, Frozen, true)])), false, Some(Refused::Lost(id))),
            // Told before she was enrolled in anything, or when all was over.
            (Some(lost(false, &[])), false, Some(Refused::Closed)),
            (Some(lost(true, &[(OURS, Completed, true)])), false, Some(Refused::Lost(id))),
            (Some(lost(false, &[(OTHERS, Completed, true)])), false, Some(Refused::Closed)),
        ] {
            assert_eq!(refused, against(held.as_ref(), erased, OURS, &mine), "{held:?}, {erased}");
        }
    }
}
