//! Texts in doubt: sent perhaps, and nothing proves it. Evidence settles them, never a guess.
//!
//! A report that carries our name for the try settles one at any time (see `receipts`). Here the provider is
//! asked, where it can be: found, it counts as accepted; certainly not there, it may be sent again; and while it does
//! not answer, the doubt stays, as long as the text is right. A provider that takes each name of ours once needs no
//! question: the same try is handed over again under its name, by the same gateway, in the queue like any other
//! ([`outbox::REPEAT`]); whatever comes of that but an acceptance or a refusal leaves it in doubt.
//!
//! Where nobody can tell for [`PATIENCE`], the kind of the text decides: an answer she waits for is repeated, since
//! twice is better than never; anything unasked is not, since next week brings another. Either way its account
//! says so, and evidence that comes later still counts.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};

use super::dispatch::{DOUBT_PAUSE, ORPHANED};
use super::receipts::{self, IN_DOUBT, Tried};
use super::{Bell, Service};
use crate::domain::delivery::State;
use crate::domain::reason;
use crate::gateway::Lookup;
use crate::store::StoreResult;
use crate::store::attempts::{self, Failed};
use crate::store::outbox::{self, Doubtful, End, Kept, Kind};
use crate::store::standing::{Among, Standing, standing};

/// A doubt that could not be settled is looked at again after this time.
const AGAIN: TimeDelta = TimeDelta::minutes(3);
/// So long evidence is waited for.
pub const PATIENCE: TimeDelta = TimeDelta::minutes(15);
/// An answer is tried so often at most while nobody can tell: more would be a flood of the same words.
const REPEATS: i64 = 3;

/// Brings into doubt what dead dispatchers had begun; gives how many texts.
pub async fn recover(service: &Service) -> StoreResult<usize> {
    recover_begun_by(service, service.now() - ORPHANED).await
}

/// The same at the start of the only process there is: whatever is held, its holder is dead, and nobody need
/// wait.
pub async fn recover_at_start(service: &Service) -> StoreResult<()> {
    recover_begun_by(service, service.now() + TimeDelta::days(1)).await.map(|_| ())
}

async fn recover_begun_by(service: &Service, by: DateTime<Utc>) -> StoreResult<usize> {
    let now = service.now();
    let mut tx = service.database.begin().await?;
    let orphans = outbox::orphans(&mut tx, by, now + DOUBT_PAUSE).await?;
    if orphans.is_empty() {
        return Ok(0);
    }
    let tries: Vec<Failed> = orphans
        .into_iter()
        .map(|orphan| Failed {
            text: orphan.id,
            number: orphan.tries,
            gateway: orphan.gateway,
            began_at: orphan.began_at,
            outcome: "ambiguous",
            code: "crash".to_owned(),
            sentence: "the service stopped while it was being sent".to_owned(),
        })
        .collect();
    attempts::insert(&mut tx, &tries, now).await?;
    let mut by_gateway: BTreeMap<&str, Vec<Tried<'_>>> = BTreeMap::new();
    for failed in &tries {
        by_gateway.entry(&failed.gateway).or_default().push(Tried {
            text: failed.text,
            number: failed.number,
            began_at: failed.began_at,
            provider_id: None,
        });
    }
    for (gateway, tries) in by_gateway {
        receipts::adopt(service, &mut tx, gateway, &tries).await?;
    }
    tx.commit().await?;
    tracing::warn!(count = tries.len(), "texts were being sent when their dispatcher died: in doubt");
    Ok(tries.len())
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

/// Lets the answer of a provider count.
pub async fn settle(service: &Service, text: &Doubtful, lookup: &Lookup) -> StoreResult<()> {
    let now = service.now();
    let mut tx = service.database.begin().await?;
    // Evidence may have come while the provider was asked, or another process may have been quicker.
    let stands = standing(&mut tx, vec![text.id]).await?;
    let in_doubt = State::InDoubt.code();
    let still =
        |now: &Standing| now.among == Among::Outbox && now.tries == text.tries && now.state == in_doubt;
    if !stands.iter().any(still) {
        return Ok(());
    }
    let mut lookup = lookup;
    if let Lookup::Found { provider_id, .. } = lookup
        && outbox::named_elsewhere(&mut tx, text.subscriber_id, text.id, provider_id).await?
    {
        // It found the same words sent at about the same time, and those are another text's.
        lookup = &Lookup::CannotTell;
    }
    let mut waits = false;
    let doubts = attempts::doubts(&mut tx, text.id).await?;
    match verdict(text, doubts, lookup, now) {
        Verdict::End(state, reason) => {
            let (provider_id, code) = match lookup {
                Lookup::Found { provider_id, .. } => (Some(provider_id.clone()), None),
                _ => (None, Some(IN_DOUBT.to_owned())),
            };
            let end = End {
                id: text.id,
                tries: text.tries,
                state,
                code,
                reason: reason.map(str::to_owned),
                provider_id,
                named_by_provider: false,
            };
            outbox::end(&mut tx, &[end], now).await?;
        }
        Verdict::Keep(state, at, reason) => {
            waits = state == State::Queued;
            let kept = Kept {
                id: text.id,
                number: text.tries,
                repeats: false,
                state,
                at,
                code: Some(IN_DOUBT.to_owned()),
                reason: Some(reason.to_owned()),
            };
            outbox::keep(&mut tx, &[kept]).await?;
        }
        Verdict::Repeat => {
            waits = true;
            let reason = reason::HANDED_AGAIN;
            outbox::repeat(&mut tx, text.id, text.tries, now, reason).await?;
        }
    }
    if let Lookup::Found { provider_id, .. } = lookup {
        let provider_id = Some(provider_id.as_str());
        let tried = Tried { text: text.id, number: text.tries, began_at: text.began_at, provider_id };
        receipts::adopt(service, &mut tx, &text.gateway, &[tried]).await?;
    }
    tx.commit().await?;
    if waits {
        service.bells.ring(Bell::Outbound);
    }
    Ok(())
}

enum Verdict {
    End(State, Option<&'static str>),
    Keep(State, DateTime<Utc>, &'static str),
    /// The same try is begun again.
    Repeat,
}

/// `doubts`: how many of its tries came into doubt. Those that certainly came to nothing do not count.
fn verdict(text: &Doubtful, doubts: i64, lookup: &Lookup, now: DateTime<Utc>) -> Verdict {
    let right = text.not_after > now;
    let patient = now < text.doubtful_since + PATIENCE;
    let asked = text.kind == Kind::Reply.name();
    match lookup {
        Lookup::Found { evidence, .. } => {
            let state = evidence.map_or(State::Accepted, |evidence| State::Accepted.merge(evidence));
            Verdict::End(state, None)
        }
        Lookup::NotThere if right => Verdict::Keep(State::Queued, now, reason::NEVER_LEFT),
        Lookup::NotThere => Verdict::End(State::Expired, Some(reason::NEVER_SENT)),
        Lookup::Repeat if right => Verdict::Repeat,
        Lookup::CannotTell if patient => Verdict::Keep(State::InDoubt, now + AGAIN, reason::WAITS_FOR_REPORT),
        // Evidence is there and cannot be had just now: neither twice nor never.
        Lookup::NoAnswer if right => Verdict::Keep(State::InDoubt, now + AGAIN, reason::PROVIDER_SILENT),
        Lookup::NoAnswer | Lookup::Repeat => Verdict::End(State::Failed, Some(reason::PROVIDER_LATE)),
        Lookup::CannotTell if asked && right && doubts < REPEATS => {
            Verdict::Keep(State::Queued, now, reason::ANSWERED_AGAIN)
        }
        Lookup::CannotTell => Verdict::End(State::Failed, Some(reason::NOT_REPEATED)),
    }
}
