//! Whether a number may be enrolled, and what may be said of it to whoever asks.

use std::sync::Arc;

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
    /// What she is or was enrolled in, the newest first.
    pub enrollments: Vec<(String, EnrollmentState)>,
}

/// Why a number may not be enrolled in a program, by what is held of it; `mine` are the programs of whoever asks.
pub fn against(held: Option<&Held>, erased: bool, program: &str, mine: &[String]) -> Option<Refused> {
    let Some(held) = held else { return erased.then_some(Refused::Closed) };
    let id = held.subscriber;
    let known = held.enrollments.iter().any(|(program, _)| mine.contains(program));
    let told = |refused| if known { refused } else { Refused::Closed };
    let lost = |state: EnrollmentState| matches!(state, EnrollmentState::Frozen | EnrollmentState::Supported);
    // Of a loss before a STOP the loss is said: it is what to be careful of.
    match held.enrollments.first() {
        Some((of, state)) if lost(*state) => {
            return Some(if mine.contains(of) { Refused::Lost(id) } else { Refused::Closed });
        }
        _ if held.blocked => return Some(told(Refused::Blocked(id))),
        _ if held.stopped => return Some(told(Refused::Stopped(id))),
        _ if erased => return Some(Refused::Closed),
        _ => {}
    }
    let here = |(of, state): &(String, EnrollmentState)| of == program && *state == EnrollmentState::Active;
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
        enrollments: enrollments.iter().map(|one| (one.program.clone(), one.state)).collect(),
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
    use super::*;

    const OURS: &str = "ours";
    const OTHERS: &str = "theirs";

    fn held(stopped: bool, blocked: bool, enrollments: &[(&str, EnrollmentState)]) -> Held {
        let enrollments = enrollments.iter().map(|(of, state)| ((*of).to_owned(), *state)).collect();
        Held { subscriber: Uuid::nil(), stopped, blocked, enrollments }
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
            (Some(held(true, false, &[(OURS, Stopped)])), false, Some(Refused::Stopped(id))),
            (Some(held(true, false, &[(OTHERS, Stopped)])), false, Some(Refused::Closed)),
            (Some(held(true, true, &[(OURS, Stopped)])), false, Some(Refused::Blocked(id))),
            (Some(held(false, true, &[(OTHERS, Active)])), false, Some(Refused::Closed)),
            (Some(held(false, false, &[(OURS, Frozen)])), false, Some(Refused::Lost(id))),
            (Some(held(true, false, &[(OURS, Supported)])), false, Some(Refused::Lost(id))),
            (Some(held(false, false, &[(OTHERS, Frozen), (OURS, Completed)])), false, Some(Refused::Closed)),
            (Some(held(false, false, &[(OURS, Active)])), false, Some(Refused::Enrolled(id))),
            // She began anew by herself, and that is over; another program is another matter.
            (Some(held(false, false, &[(OURS, Completed), (OURS, Frozen)])), false, None),
            (Some(held(false, false, &[(OURS, Replaced), (OTHERS, Active)])), false, None),
        ] {
            assert_eq!(refused, against(held.as_ref(), erased, OURS, &mine), "{held:?}, {erased}");
        }
    }
}
