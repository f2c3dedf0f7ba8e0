//! Broadcasts go ahead of tips and behind answers. They are seldom: whether any waits is looked up now and then, and a
//! claim asks for them only while one is due.

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::Desk;
use crate::store::outbox::{self, Claim, Place};
use crate::store::{StoreResult, Tx};

/// How often it is looked whether any waits.
const LOOK: TimeDelta = TimeDelta::seconds(1);
/// Before every place.
const BEGINNING: Place = (DateTime::UNIX_EPOCH, Uuid::nil());

/// What is known of the lane of broadcasts.
#[derive(Default)]
pub(super) struct Watch {
    looked_at: Option<DateTime<Utc>>,
    /// When the first that waits is due; none: nothing does, as far as is known.
    first: Option<DateTime<Utc>>,
    /// Up to where the queue has been claimed since the last look.
    reached: Option<Place>,
}

impl Desk {
    /// Tips are held back from here on, or not any more: what is urgent goes all the same.
    pub fn hold_tips(&mut self, held: bool) {
        self.holds_tips = held;
    }
}

/// Texts of broadcasts that are due.
pub(super) async fn take_urgent(
    tx: &mut Tx,
    claim: &Claim<'_>,
    limit: i64,
    desk: &mut Desk,
) -> StoreResult<Vec<outbox::Claimed>> {
    if limit <= 0 {
        return Ok(Vec::new());
    }
    let watch = &mut desk.urgent;
    // A clock that was put back must not keep anybody from looking.
    let lately = |at| (TimeDelta::zero()..LOOK).contains(&(claim.now - at));
    if !watch.looked_at.is_some_and(lately) {
        let first = outbox::first_urgent(tx, claim.sender).await?;
        *watch = Watch { looked_at: Some(claim.now), first, reached: None };
    }
    if watch.first.is_none_or(|first| first > claim.now) {
        return Ok(Vec::new());
    }
    let texts = outbox::claim_urgent(tx, claim, watch.reached.unwrap_or(BEGINNING), limit).await?;
    watch.reached = texts.last().map(|text| (text.next_try_at, text.id)).or(watch.reached);
    if (texts.len() as i64) < limit {
        // What falls due, or comes back, before the next look is found by that.
        watch.first = None;
    }
    Ok(texts)
}
