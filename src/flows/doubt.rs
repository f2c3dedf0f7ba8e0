//! Texts in doubt: sent perhaps, and nothing proves it. Evidence settles them, never a guess.
//!
//! A report that carries our reference settles one at any time (see `receipts`). Here the provider is asked,
//! where it can be: found, it counts as accepted; certainly not there, it may be sent again; cannot tell,
//! it stays in doubt until it is too late to be right, and then it has failed and says why.

use chrono::{DateTime, TimeDelta, Utc};

use super::dispatch::DOUBT_PAUSE;
use super::{Service, receipts};
use crate::domain::delivery::State;
use crate::gateway::Lookup;
use crate::store::attempts::Found;
use crate::store::outbox::{self, Doubtful, Settled};
use crate::store::{StoreResult, attempts, inbox};

/// A doubt that the provider cannot settle is looked at again after this time.
const AGAIN: TimeDelta = TimeDelta::minutes(30);

/// Frees what dead dispatchers held; gives how many texts came into doubt.
pub async fn recover(service: &Service) -> StoreResult<usize> {
    recover_held_until(service, service.now()).await
}

/// The same at the start of the only process there is: whatever is held, its holder is dead, and nobody need
/// wait for a lease to run out.
pub async fn recover_at_start(service: &Service) -> StoreResult<()> {
    let now = service.now();
    let mut tx = service.database.begin().await?;
    inbox::free_all(&mut tx, now).await?;
    tx.commit().await?;
    recover_held_until(service, now + TimeDelta::days(1)).await.map(|_| ())
}

async fn recover_held_until(service: &Service, by: DateTime<Utc>) -> StoreResult<usize> {
    let now = service.now();
    let mut tx = service.database.begin().await?;
    let doubtful = outbox::recover(&mut tx, by, now, now + DOUBT_PAUSE).await?;
    attempts::close_orphans(&mut tx, &doubtful, now).await?;
    tx.commit().await?;
    if !doubtful.is_empty() {
        tracing::warn!(count = doubtful.len(), "texts were being sent when their dispatcher died: in doubt");
    }
    Ok(doubtful.len())
}

/// The texts whose doubt is to be looked at now, with their words.
pub async fn waiting(service: &Service, limit: i64) -> StoreResult<Vec<(Doubtful, String)>> {
    let mut tx = service.database.read().await?;
    let texts = outbox::doubtful(&mut tx, service.now(), limit).await?;
    let hashes = texts.iter().filter_map(|text| text.wording.clone()).collect();
    let words = outbox::shared_words(&mut tx, &hashes).await?;
    let with_words = texts.into_iter().map(|text| {
        let shared = || words.get(text.wording.as_deref()?).cloned();
        let body = text.body.clone().or_else(shared).unwrap_or_default();
        (text, body)
    });
    Ok(with_words.collect())
}

/// Lets the answer of a provider count: of the gateway of that name.
pub async fn settle(service: &Service, gateway: &str, text: &Doubtful, lookup: &Lookup) -> StoreResult<()> {
    let now = service.now();
    let (state, at, reason) = match lookup {
        Lookup::Found { evidence, .. } => {
            (evidence.map_or(State::Accepted, |evidence| State::Accepted.merge(evidence)), now, None)
        }
        Lookup::NotThere if text.not_after > now => (State::Queued, now, None),
        Lookup::NotThere => (State::Expired, now, Some("it was never sent, and its time has passed")),
        Lookup::CannotTell if text.not_after > now => (
            State::InDoubt,
            (now + AGAIN).min(text.not_after),
            Some("it may have been sent: waiting for a report"),
        ),
        Lookup::CannotTell => (State::Failed, now, Some("it may have been sent, but no report ever came")),
    };
    let mut tx = service.database.begin().await?;
    let result = Settled {
        id: text.id,
        state,
        at,
        code: reason.map(|_| "in_doubt".to_owned()),
        reason: reason.map(str::to_owned),
    };
    outbox::resolve_doubt(&mut tx, &result).await?;
    if let Lookup::Found { provider_id, .. } = lookup {
        attempts::name(&mut tx, text.attempt_id, provider_id).await?;
        let attempt = Found { id: text.attempt_id, outbox_id: text.id, number: text.tries };
        receipts::adopt(service, &mut tx, gateway, &attempt, provider_id).await?;
    }
    tx.commit().await?;
    if state == State::Queued {
        service.bells.outbound.notify_waiters();
    }
    Ok(())
}
