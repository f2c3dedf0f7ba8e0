//! A broadcast to those who got a tip that was recalled: each is told once what was wrong with it, however often and in
//! however many parts that is said.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::Message;
use crate::domain::conversation::EnrollmentState;
use crate::domain::delivery::State;
use crate::domain::plan::Needs;
use crate::flows::receipts::IN_DOUBT;
use crate::store::broadcasts::{self, Candidate, Silent};
use crate::store::outbox::NewText;
use crate::store::recipients::{self, Receipt};
use crate::store::{StoreResult, Tx};

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
    let mut people = broadcasts::past_candidates(tx, broadcast, by, part).await?;
    let receipts = receipts(tx, corrects, part).await?;
    let lost = |her: &Candidate| {
        matches!(her.enrollment_state, EnrollmentState::Frozen | EnrollmentState::Supported)
    };
    let bereaved: HashSet<Uuid> = people.iter().filter(|her| lost(her)).map(|her| her.subscriber).collect();
    people.retain_mut(|her| {
        let Some(receipt) = receipts.get(&her.enrollment) else { return false };
        her.queued |= receipt.told;
        // She may have told of it by an enrollment that came after.
        if bereaved.contains(&her.subscriber) && her.enrollment_state != EnrollmentState::Stopped {
            her.enrollment_state = EnrollmentState::Frozen;
        }
        true
    });
    Ok(people)
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
