//! How tips did: sent, delivered, answered, and how many women stopped within a day. The history is walked once, in the
//! order of its ids, behind the time in which reports and answers still come; what it adds up to is kept
//! (`store::figures`), so that no page counts texts.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::Service;
use crate::domain::delivery::State;
use crate::ids::first_at;
use crate::store::figures::{self, Ended, Figures, Of};
use crate::store::{StoreResult, service as facts};

/// Younger texts are not counted yet: their reports may still come, and the day after them is not over.
pub const SETTLED_AFTER: TimeDelta = TimeDelta::days(3);
/// What she does within this time may be for the tip.
const WITHIN: TimeDelta = TimeDelta::days(1);
/// Up to where the history was walked.
const WALKED: &str = "tip figures up to";

/// Adds up to so many texts that have settled; gives how many there were.
pub async fn add(service: &Service, most: i64) -> StoreResult<usize> {
    let before = first_at(service.now() - SETTLED_AFTER);
    let mut tx = service.database.read().await?;
    let fact = facts::fact(&mut tx, WALKED).await?;
    let walked = fact.as_deref().and_then(|id| Uuid::parse_str(id).ok()).unwrap_or_default();
    let texts = figures::ended(&mut tx, walked, before, most).await?;
    drop(tx);
    let Some(last) = texts.last().map(|text| text.id) else { return Ok(0) };
    let mut sums: BTreeMap<Of, Figures> = BTreeMap::new();
    for text in &texts {
        if let Some((of, counted)) = counted(text) {
            let sum = sums.entry(of).or_default();
            sum.sent += counted.sent;
            sum.delivered += counted.delivered;
            sum.replied += counted.replied;
            sum.ended += counted.ended;
            sum.segments += counted.segments;
        }
    }
    let mut tx = service.database.begin().await?;
    // First, and only from where it stood: another process that did the same meanwhile has moved on, and then this
    // counts nothing.
    if !facts::move_fact(&mut tx, WALKED, fact.as_deref(), &last.to_string()).await? {
        return Ok(0);
    }
    for (of, sum) in &sums {
        figures::add(&mut tx, of, sum).await?;
    }
    tx.commit().await?;
    Ok(texts.len())
}

/// What one text counts for; none: no gateway took it, or it is of no tip that is known.
fn counted(text: &Ended) -> Option<(Of, Figures)> {
    let began = text.began_at?;
    let state = State::from_code(text.state)?;
    let delivered = state == State::Delivered;
    if !delivered && !matches!(state, State::Accepted | State::Sent) {
        return None;
    }
    let soon = |at: Option<DateTime<Utc>>| i64::from(at.is_some_and(|at| at - began <= WITHIN));
    let of = (text.program.clone()?, text.tip.clone()?, text.edition.unwrap_or(0), text.language.clone());
    let figures = Figures {
        sent: 1,
        delivered: i64::from(delivered),
        replied: soon(text.replied_at),
        ended: soon(text.stopped_at),
        segments: i64::from(text.segments),
    };
    Some((of, figures))
}
