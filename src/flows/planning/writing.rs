//! What was decided, written in one transaction: all of it, or nothing.

use std::collections::HashSet;

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::deciding::Decided;
use crate::flows::{Bell, Service};
use crate::store::agenda::{self, Version};
use crate::store::plan::{self, Lot, Sheets, Step};
use crate::store::planned::Outcome;
use crate::store::{StoreResult, Tx, outbox, people};

/// Clocks of two machines may differ by so much.
const SKEW: TimeDelta = TimeDelta::seconds(5);

/// Writes a batch; gives how many lines it took, or 0 if another planner was faster.
pub(super) async fn write(service: &Service, mut decided: Decided) -> StoreResult<usize> {
    let now = service.now();
    let mut tx = service.database.begin().await?;
    let revoked = agenda::revoked_since(&mut tx, decided.read_at - SKEW).await?;
    if !revoked.is_empty() {
        leave_out(service, &mut decided, &revoked);
    }
    let words: Vec<_> =
        decided.words.values().map(|text| (&text.hash, &*text.body, text.encoding, text.segments)).collect();
    outbox::share_words(&mut tx, &words).await?;
    plan::lay_out(&mut tx, decided.sheets).await?;
    let (lots, mut steps) = (decided.lots, decided.steps);
    let occurrences = steps.iter().filter(|step| step.lot.is_some()).count();
    if plan::record(&mut tx, &lots, &steps, now).await? < occurrences {
        take_back_old(service, &mut tx, &lots, &mut steps, now).await?;
    }
    let queued = plan::queue(&mut tx, &lots, &steps, decided.edition, now).await?;
    let texts = steps.iter().filter(|step| step.text.is_some()).count();
    let moves = steps.iter().filter(|step| step.moves_to.is_some()).count();
    if queued < texts || plan::advance(&mut tx, &steps).await? < moves {
        tracing::info!(lines = decided.lines, "another planner was faster");
        return Ok(0);
    }
    people::complete(&mut tx, &decided.complete, now).await?;
    agenda::strike(&mut tx, &decided.struck).await?;
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

/// Leaves out what was revoked after it was read. Its line is met again, and is known for revoked then.
fn leave_out(service: &Service, decided: &mut Decided, revoked: &HashSet<Version>) {
    let stands = |id: Uuid, version: i32| !revoked.contains(&(id, version));
    decided.steps.retain(|step| stands(step.line.1, step.line.2));
    decided.struck.retain(|line| stands(line.1, line.2));
    decided.complete.retain(|version| stands(version.0, version.1));
    decided.sheets = Sheets::of(&service.database, &decided.lots, &decided.steps);
}

/// An occurrence whose day is there already was planned before. One whose tip is there already is recorded as what
/// it is: the day passes without a text. Neither text is queued.
async fn take_back_old(
    service: &Service,
    tx: &mut Tx,
    lots: &[Lot],
    steps: &mut [Step],
    now: DateTime<Utc>,
) -> StoreResult<()> {
    let old = plan::unrecorded(tx, lots, steps).await?;
    // The same lots, in the same places, without their tips.
    let repeated: Vec<Lot> =
        lots.iter().map(|lot| Lot { outcome: Outcome::Repeat, tip: None, ..lot.clone() }).collect();
    let mut repeats = Vec::new();
    for step in steps.iter_mut().filter(|step| step.text.is_some_and(|(text, _)| old.contains(&text))) {
        repeats.push(Step { text: None, moves_to: None, ..step.clone() });
        (step.lot, step.text) = (None, None);
    }
    plan::clear(tx).await?;
    plan::lay_out(tx, Sheets::of(&service.database, &repeated, &repeats)).await?;
    plan::record(tx, &repeated, &repeats, now).await?;
    plan::clear(tx).await?;
    plan::lay_out(tx, Sheets::of(&service.database, lots, steps)).await
}
