//! Retention: what has ended and is older than its policy is deleted, a little at a time.
//!
//! Every id here is a UUID of version 7 (RFC 9562), which begins with the time at which it was made: the rows
//! that are too old are the first of their table, found without an index of their own. What proves consent,
//! what guarantees that nothing comes twice and what is still to be done is never deleted here.

use chrono::{DateTime, TimeDelta, Utc};

use super::{Service, importing};
use crate::ids::first_at;
use crate::store::old::{self, Old};
use crate::store::{StoreResult, accounts, agenda, sessions};

/// Rows deleted in one transaction: others wait no longer for it than for a batch of texts.
const BATCH: i64 = 500;
/// Tries to sign in that failed count for a quarter of an hour; they are kept a little for who looks into them.
const FAILURES: TimeDelta = TimeDelta::days(30);

/// How long each kind of row is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retention {
    /// Texts that have ended, with their words, numbers and tries.
    pub texts: TimeDelta,
    /// Reports as received.
    pub reports: TimeDelta,
    /// Texts received and handled.
    pub inbox: TimeDelta,
}

/// Deletes a batch of each kind; gives how many rows, 0 when nothing is too old.
pub async fn forget(service: &Service, policy: &Retention) -> StoreResult<u64> {
    let now = service.now();
    let mut forgotten = 0;
    for (what, kept) in [
        (Old::Texts, policy.texts),
        (Old::Strays, policy.texts),
        (Old::Tries, policy.texts),
        (Old::Reports, policy.reports),
        (Old::Inbox, policy.inbox),
    ] {
        forgotten += batch(service, what, now - kept).await?;
    }
    let mut tx = service.database.begin().await?;
    forgotten += agenda::forget_old(&mut tx, now).await?;
    forgotten += sessions::forget_ended(&mut tx, now).await?;
    forgotten += accounts::forget_failures(&mut tx, now - FAILURES).await?;
    tx.commit().await?;
    Ok(forgotten + importing::forget_old(service, now).await?)
}

async fn batch(service: &Service, what: Old, before: DateTime<Utc>) -> StoreResult<u64> {
    let mut tx = service.database.begin().await?;
    let gone = old::delete(&mut tx, what, first_at(before), BATCH).await?;
    if gone > 0 {
        tx.commit().await?;
        tracing::info!(?what, rows = gone, "too old to be kept: deleted");
    }
    Ok(gone)
}
