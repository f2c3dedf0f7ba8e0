//! A broadcast to those who got a tip that was recalled: each is told once what was wrong with it, however often and in
//! however many parts that is said.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::drafting::give_up;
use super::queuing::halt_in;
use super::{Message, Segment};
use crate::domain::conversation::EnrollmentState;
use crate::domain::delivery::State;
use crate::domain::gestation::Anchor;
use crate::domain::plan::Needs;
use crate::flows::Service;
use crate::flows::auditing::Actor;
use crate::flows::receipts::IN_DOUBT;
use crate::store::broadcasts::{self, Candidate, DRAFT, SENDING, SENT, Silent, WAITING, planning};
use crate::store::editions;
use crate::store::outbox::{self, NewText};
use crate::store::recipients::{self, Receipt};
use crate::store::{StoreResult, Tx, unread};

/// Which recalled tip a broadcast corrects, and for whom that is right.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Corrects {
    /// The tip.
    pub tip: String,
    /// Since when it is recalled: who was told in an earlier recall is told again.
    pub recalled_at: DateTime<Utc>,
    /// What must be true for the words to be right.
    pub needs: Needs,
}

impl Corrects {
    /// Whether it takes a pregnancy or a baby for granted: then it is not for who has told of a loss.
    pub(super) fn of_baby(&self) -> bool {
        !matches!(self.needs, Needs::Mother | Needs::Neutral)
    }
}

/// Whether somebody got a tip, by what became of its text, and whether that is sure; none: she did not. Where it is so long
/// ago that the text is not kept any more, she may have.
pub(in crate::flows) fn got(text_state: Option<i16>, code: Option<&str>) -> Option<bool> {
    match text_state.map(State::from_code) {
        Some(Some(State::Accepted | State::Sent | State::Delivered)) => Some(true),
        None | Some(Some(State::Sending | State::InDoubt)) => Some(false),
        Some(Some(State::Failed)) if code == Some(IN_DOUBT) => Some(false),
        _ => None,
    }
}

/// Whether the recall that a message corrects stands, held until the transaction ends; so with every other message. It is
/// held before a broadcast is, as who lifts it does.
pub(super) async fn stands(tx: &mut Tx, message: &Message) -> StoreResult<bool> {
    let Some(corrects) = &message.segment.corrects else { return Ok(true) };
    let recall = editions::hold_recall(tx, &corrects.tip).await?;
    Ok(recall.is_some_and(|recall| recall.at == corrects.recalled_at))
}

/// Her dates are others by now: takes back what waits of corrections by an enrollment that are not right any more. What is
/// right all the same still tells her; a loss is looked at when it leaves, since she may take that back.
pub(in crate::flows) async fn outdate(
    tx: &mut Tx,
    (subscriber, enrollment): (Uuid, Uuid),
    (anchor, today): (Anchor, NaiveDate),
    reason: &str,
    now: DateTime<Utc>,
) -> StoreResult<()> {
    for (text, segment) in broadcasts::corrections_waiting(tx, subscriber, enrollment).await? {
        let corrects = serde_json::from_str::<Segment>(&segment).ok().and_then(|segment| segment.corrects);
        if corrects.is_some_and(|corrects| corrects.needs.met(anchor, today)) {
            continue;
        }
        if outbox::cancel_one(tx, text, reason, now).await? {
            unread::shown(tx, text).await?;
        }
    }
    Ok(())
}

/// The tip was right after all, and its recall is lifted in this transaction: nobody is told from here on that it was
/// wrong. What was not begun is given up, what goes is stopped.
pub(in crate::flows) async fn call_off(
    service: &Service,
    tx: &mut Tx,
    tip: &str,
    by: &Actor,
) -> StoreResult<()> {
    for one in broadcasts::correcting(tx, tip).await? {
        // As it is now, since who decided about it a moment ago is waited for.
        let Some(one) = planning::lock(tx, one.id).await? else { continue };
        match one.state.as_str() {
            DRAFT | WAITING => give_up(service, tx, one, by).await?,
            // What waits may be known of an earlier moment than that in which the last was queued.
            SENDING | SENT if one.waiting != Some(0) || one.outcome_at < one.ended_at => {
                halt_in(service, tx, one.id, by).await?;
            }
            _ => {}
        }
    }
    Ok(())
}

/// A part of the people whom a message may reach; of a correction, by the enrollments that got the tip.
pub(super) async fn candidates(
    tx: &mut Tx,
    message: &Message,
    broadcast: Uuid,
    by: DateTime<Utc>,
    part: (Uuid, Uuid),
) -> StoreResult<Vec<Candidate>> {
    let Some(corrects) = &message.segment.corrects else {
        return broadcasts::candidates(tx, broadcast, by, part).await;
    };
    let people = broadcasts::past_candidates(tx, broadcast, by, part).await?;
    let receipts = receipts(tx, corrects, part).await?;
    let each = people.chunk_by(|a, b| a.subscriber == b.subscriber);
    Ok(each.flat_map(|hers| by_receipts(corrects, hers, &receipts)).collect())
}

/// The enrollments of one woman by which she is told, of all that she had, the newest first.
fn by_receipts(corrects: &Corrects, hers: &[Candidate], receipts: &HashMap<Uuid, Receipt>) -> Vec<Candidate> {
    let lost = |one: &Candidate| {
        matches!(one.enrollment_state, EnrollmentState::Frozen | EnrollmentState::Supported)
    };
    let bereaved = hers.iter().any(|one| one.lost || one.unsettled);
    let mut told = Vec::new();
    for (place, her) in hers.iter().enumerate() {
        let Some(receipt) = receipts.get(&her.enrollment) else { continue };
        let active = her.enrollment_state == EnrollmentState::Active;
        // A loss freezes what is active and leaves what was over before as it was; one long ago says nothing of what has
        // begun since.
        let after_loss = match active {
            true => her.lost,
            false => bereaved || hers[..=place].iter().any(lost),
        };
        let mut her = if active || after_loss { her } else { successor(corrects, her, hers) }.clone();
        if after_loss {
            her.enrollment_state = EnrollmentState::Frozen;
        }
        her.queued |= receipt.told;
        told.push(her);
    }
    told
}

/// What has become of an enrollment since: where another took its place, that one knows her dates and hears of a birth or
/// a loss. That a birth was told stays true, whatever came after.
fn successor<'a>(corrects: &Corrects, her: &'a Candidate, hers: &'a [Candidate]) -> &'a Candidate {
    let born = |one: &Candidate| matches!(one.anchor(), Anchor::Born(_));
    let follows =
        |one: &&Candidate| one.enrollment_state == EnrollmentState::Active && one.program == her.program;
    let replaced = her.enrollment_state == EnrollmentState::Replaced;
    let newer = hers.iter().find(follows).filter(|_| replaced);
    newer.filter(|newer| corrects.needs != Needs::Baby || born(newer) || !born(her)).unwrap_or(her)
}

/// A part of those who may not be texted any more, in the same way.
pub(super) async fn silent(
    tx: &mut Tx,
    message: &Message,
    by: DateTime<Utc>,
    part: (Uuid, Uuid),
) -> StoreResult<Vec<Silent>> {
    let mut people = broadcasts::silent(tx, by, part).await?;
    if let Some(corrects) = &message.segment.corrects {
        let receipts = receipts(tx, corrects, part).await?;
        people.retain(|silent| receipts.contains_key(&silent.her.enrollment));
    }
    Ok(people)
}

async fn receipts(
    tx: &mut Tx,
    corrects: &Corrects,
    part: (Uuid, Uuid),
) -> StoreResult<HashMap<Uuid, Receipt>> {
    let all = recipients::receipts(tx, &corrects.tip, corrects.recalled_at, part).await?;
    let arrived = all.into_iter().filter(|one| got(one.text_state, one.code.as_deref()).is_some());
    Ok(arrived.map(|one| (one.enrollment, one)).collect())
}

/// Notes who is told by which text. Whom another correction has reached meanwhile is not told twice.
pub(super) async fn tell(tx: &mut Tx, message: &Message, texts: &mut Vec<NewText>) -> StoreResult<()> {
    let Some(corrects) = &message.segment.corrects else { return Ok(()) };
    let mut new = Vec::with_capacity(texts.len());
    for text in texts.drain(..) {
        if recipients::tell(tx, &corrects.tip, corrects.recalled_at, text.subscriber, text.id).await? {
            new.push(text);
        }
    }
    *texts = new;
    Ok(())
}
