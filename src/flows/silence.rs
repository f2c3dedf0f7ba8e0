//! Numbers that do not take texts any more: asked whether it is still her, and stopped after a run of failures.
//!
//! Whatever ends a text for good at a phone is written down as *failing*. Each such phone is looked at once: the last
//! tips tell how long the run is. A run as long as configured stops it; half of one, from a woman who has not written
//! for months, asks in words that give nothing away whether it is still her.

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::Service;
use super::auditing::{self, Actor, Object};
use super::promises::Promising;
use crate::domain::conversation::{EnrollmentState, Step};
use crate::domain::reason;
use crate::store::failing::{self, Run};
use crate::store::outbox::{self, Cancel};
use crate::store::people::{self, Mark};
use crate::store::{StoreResult, Tx, promises, talk};

/// A failure is remembered so long: a run of tips of one a week fits into it.
const KEPT: TimeDelta = TimeDelta::days(180);

/// When a number is taken for nobody's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// Texts in a row that failed for good.
    pub failures: usize,
    /// Without a sign of life for so long she is asked whether it is still her.
    pub silent: TimeDelta,
}

/// Looks at phones that did not take texts; gives how many.
pub async fn look(service: &Service, patience: Patience, limit: i64) -> StoreResult<usize> {
    let mut tx = service.database.begin().await?;
    let phones = failing::next(&mut tx, limit).await?;
    for subscriber in &phones {
        one(service, &mut tx, patience, *subscriber).await?;
        failing::looked(&mut tx, *subscriber, service.now() - KEPT).await?;
    }
    tx.commit().await?;
    Ok(phones.len())
}

async fn one(service: &Service, tx: &mut Tx, patience: Patience, subscriber: Uuid) -> StoreResult<()> {
    let now = service.now();
    let Some(her) = people::lock_id(tx, subscriber).await?.filter(|her| her.stopped_at.is_none()) else {
        return Ok(());
    };
    let run = failing::run(tx, subscriber, patience.failures).await?;
    if run.failures >= patience.failures {
        return stop(service, tx, subscriber, &run).await;
    }
    let heard: Option<DateTime<Utc>> = run.heard_at;
    let silent = heard.is_none_or(|heard| now - heard >= patience.silent);
    if !silent || run.failures * 2 < patience.failures {
        return Ok(());
    }
    // Asked once, she is asked no more while that is unanswered.
    let kept = talk::open_question(tx, subscriber).await?;
    if kept.is_some_and(|kept| matches!(serde_json::from_str(&kept.step), Ok(Step::StillYou))) {
        return Ok(());
    }
    let edition = service.shelf.edition();
    let enrollments = people::enrollments_of(tx, subscriber).await?;
    let active = enrollments.iter().find(|one| one.state == EnrollmentState::Active);
    let Some(program) = active.and_then(|one| edition.library.program(&one.program)) else { return Ok(()) };
    let asked = promises::of(tx, subscriber).await?;
    if asked.iter().all(|promise| promise.kind != super::promises::Kind::StillYou.name()) {
        let promising = Promising { service, program, subscriber, zone: her.zone() };
        promising.still_you(tx).await?;
    }
    Ok(())
}

/// Nobody is there: everything ends, and a person can see why.
async fn stop(service: &Service, tx: &mut Tx, subscriber: Uuid, run: &Run) -> StoreResult<()> {
    let now = service.now();
    let reason = reason::UNREACHABLE;
    people::mark(tx, subscriber, Mark::Stopped, Some(now)).await?;
    people::stopped_by(tx, subscriber, "unreachable").await?;
    people::leave(tx, subscriber, None, EnrollmentState::Stopped, reason, now).await?;
    promises::take_back_all(tx, subscriber).await?;
    outbox::cancel(tx, subscriber, Cancel::All, reason, now).await?;
    let detail = format!("{} {reason}: nothing more is sent to this number until it writes", run.failures);
    let her = Object::mother(subscriber, None);
    auditing::note(service, tx, &Actor::named("service"), "unreachable", her, &detail).await?;
    tracing::info!(%subscriber, failures = run.failures, "stopped: {reason}");
    Ok(())
}
