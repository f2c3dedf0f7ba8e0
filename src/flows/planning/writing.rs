//! What was decided, written in one transaction: all of it, or nothing.

use std::collections::HashSet;

use chrono::TimeDelta;

use super::deciding::Decided;
use crate::flows::{Bell, Service};
use crate::store::agenda::{self, Version};
use crate::store::plan::{self, Lot, Step};
use crate::store::planned::Outcome;
use crate::store::{StoreResult, Tx, outbox, people};

/// Clocks of two machines may differ by so much.
const SKEW: TimeDelta = TimeDelta::seconds(5);

/// Writes a batch; gives how many lines it took, or 0 if another planner was faster.
pub(super) async fn write(service: &Service, decided: &Decided) -> StoreResult<usize> {
    let now = service.now();
    let mut tx = service.database.begin().await?;
    let revoked = agenda::revoked_since(&mut tx, decided.read_at - SKEW).await?;
    let stands = |id, version| !revoked.contains(&(id, version));
    let steps: Vec<Step>;
    let mut steps = if revoked.is_empty() {
        &decided.steps
    } else {
        // Its line is met again, and is known for revoked then.
        steps = decided.steps.iter().filter(|step| stands(step.line.1, step.line.2)).cloned().collect();
        &steps
    };
    let words: Vec<_> =
        decided.words.values().map(|text| (&text.hash, &*text.body, text.encoding, text.segments)).collect();
    outbox::share_words(&mut tx, &words).await?;
    plan::lay_out(&mut tx, &decided.lots, steps).await?;
    let expected = steps.iter().filter(|step| step.lot.is_some()).count();
    let without;
    if plan::record(&mut tx, &decided.lots, steps, now).await? < expected {
        without = without_old(&mut tx, &decided.lots, steps, now).await?;
        steps = &without;
    }
    let queued = plan::queue(&mut tx, &decided.lots, steps, decided.edition, now).await?;
    let moving = steps.iter().filter(|step| step.moves_to.is_some()).count();
    let texts = steps.iter().filter(|step| step.text.is_some()).count();
    if queued < texts || plan::advance(&mut tx, steps).await? < moving {
        tracing::info!(lines = decided.lines, "another planner was faster");
        return Ok(0);
    }
    let struck: Vec<_> = decided.struck.iter().filter(|line| stands(line.1, line.2)).copied().collect();
    agenda::strike(&mut tx, &struck).await?;
    let complete: Vec<Version> =
        decided.complete.iter().filter(|version| !revoked.contains(version)).copied().collect();
    people::complete(&mut tx, &complete, now).await?;
    agenda::strike(&mut tx, &decided.revoked).await?;
    let gone: Vec<Version> = decided.revoked.iter().map(|line| (line.1, line.2)).collect();
    agenda::forget(&mut tx, &gone).await?;
    plan::clear(&mut tx).await?;
    tx.commit().await?;
    if queued > 0 {
        service.bells.ring(Bell::Outbound);
    }
    Ok(decided.lines)
}

/// An occurrence whose day is there already was planned before. One whose tip is there already is recorded as what
/// it is: the day passes without a text. Gives the steps without those texts.
async fn without_old(
    tx: &mut Tx,
    lots: &[Lot],
    steps: &[Step],
    now: chrono::DateTime<chrono::Utc>,
) -> StoreResult<Vec<Step>> {
    let old = plan::unrecorded(tx, lots, steps).await?;
    let is_old = |step: &Step| step.text.is_some_and(|(text, _)| old.contains(&text));
    let repeated: HashSet<Lot> = steps
        .iter()
        .filter(|step| is_old(step))
        .filter_map(|step| Some(Lot { outcome: Outcome::Repeat, tip: None, ..lots.get(step.lot?)?.clone() }))
        .collect();
    let repeated: Vec<Lot> = repeated.into_iter().collect();
    let place = |lot: usize| {
        repeated.iter().position(|other| (other.on, other.slot) == (lots[lot].on, lots[lot].slot))
    };
    let repeats: Vec<Step> = steps
        .iter()
        .filter(|step| is_old(step))
        .map(|step| Step { lot: step.lot.and_then(place), text: None, moves_to: None, ..step.clone() })
        .collect();
    plan::clear(tx).await?;
    plan::lay_out(tx, &repeated, &repeats).await?;
    plan::record(tx, &repeated, &repeats, now).await?;
    plan::clear(tx).await?;
    let kept: Vec<Step> = steps
        .iter()
        .map(|step| if is_old(step) { Step { lot: None, text: None, ..step.clone() } } else { step.clone() })
        .collect();
    plan::lay_out(tx, lots, &kept).await?;
    Ok(kept)
}
