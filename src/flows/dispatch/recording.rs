//! Recording: what the gateway said of each try, in one transaction for as many as have landed.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};

use super::receipts::{self, Tried};
use super::{DOUBT_PAUSE, HOLD, Ready, hold};
use crate::domain::delivery::State;
use crate::domain::retry;
use crate::flows::Service;
use crate::flows::senders::Sender;
use crate::gateway::{Gateway, Outcome};
use crate::store::attempts::{self, Failed};
use crate::store::failing;
use crate::store::outbox::{self, End, Kept};
use crate::store::reports;
use crate::store::{StoreResult, Tx};

/// Writes what a gateway said of each send. A result counts only for the last try of its text.
pub async fn record(
    service: &Service,
    sender: &Sender,
    gateway: &Gateway,
    results: &[(Ready, Outcome)],
) -> StoreResult<()> {
    let now = service.now();
    let (mut ends, mut kept, mut failed) = (Vec::with_capacity(results.len()), Vec::new(), Vec::new());
    for (text, outcome) in results {
        match outcome {
            Outcome::Accepted { provider_id } => ends.push(End {
                id: text.id,
                tries: text.number,
                state: State::Accepted,
                code: None,
                reason: None,
                provider_id: provider_id.clone(),
                named_by_provider: !gateway.reports_by_our_name(),
            }),
            Outcome::RefusedRecipient { code, sentence, .. }
            | Outcome::RefusedUs { code, sentence, stops_sender: false } => {
                ends.push(End::plain(text.id, text.number, State::Failed, Some(code), sentence));
            }
            Outcome::RefusedUs { code, sentence, stops_sender: true }
            | Outcome::Transient { code, sentence, .. }
            | Outcome::Ambiguous { code, sentence } => {
                let (state, at) = again(text, outcome, now);
                let (code, sentence) = (code.clone(), sentence.clone());
                kept.push(Kept {
                    id: text.id,
                    number: text.number,
                    repeats: text.repeats,
                    state,
                    at,
                    code: Some(code.clone()),
                    reason: Some(sentence.clone()),
                });
                failed.push(Failed {
                    text: text.id,
                    number: text.number,
                    gateway: gateway.name.clone(),
                    began_at: text.began_at,
                    outcome: name(outcome),
                    code,
                    sentence,
                });
            }
        }
    }
    let mut tx = service.database.begin().await?;
    let moved = outbox::end(&mut tx, &ends, now).await?;
    if moved < ends.len() as u64 {
        // A report was quicker and ended some of them: what is new is only the provider's name.
        reports::name(&mut tx, &gateway.name, &ends).await?;
    }
    outbox::keep(&mut tx, &kept).await?;
    attempts::insert(&mut tx, &failed, now).await?;
    consequences(service, &mut tx, sender, results, now).await?;
    receipts::adopt(service, &mut tx, &gateway.name, &tried(results)).await?;
    tx.commit().await?;
    tracing::debug!(results = results.len(), "recorded");
    count(service, sender, results);
    Ok(())
}

fn tried(results: &[(Ready, Outcome)]) -> Vec<Tried<'_>> {
    results
        .iter()
        .map(|(text, outcome)| Tried {
            text: text.id,
            number: text.number,
            began_at: text.began_at,
            provider_id: match outcome {
                Outcome::Accepted { provider_id } => provider_id.as_deref(),
                _ => None,
            },
        })
        .collect()
}

/// What else follows: she opted out at the provider; the sender is stopped; a person must look.
async fn consequences(
    service: &Service,
    tx: &mut Tx,
    sender: &Sender,
    results: &[(Ready, Outcome)],
    now: DateTime<Utc>,
) -> StoreResult<()> {
    for (text, outcome) in results {
        match outcome {
            Outcome::RefusedRecipient { opted_out: true, .. } => {
                receipts::provider_opt_out(service, tx, text.subscriber, &sender.name).await?;
            }
            Outcome::RefusedRecipient { .. } => {
                failing::note(tx, &[(text.id, text.subscriber)], now).await?;
            }
            Outcome::RefusedUs { sentence, stops_sender: true, .. } => {
                hold(service, tx, sender, now + HOLD, "sender_refused", sentence).await?;
            }
            Outcome::RefusedUs { sentence, code, .. } => {
                let subject = format!("{} {code}", sender.name);
                service.alarm(tx, "text_refused", &subject, sentence, TimeDelta::hours(1)).await?;
            }
            _ => {}
        }
    }
    Ok(())
}

/// In which state a text that was not accepted waits, and until when.
fn again(text: &Ready, outcome: &Outcome, now: DateTime<Utc>) -> (State, DateTime<Utc>) {
    // What would come back too late comes back at its end, and expires there by name. Until then it is tried:
    // an outage of the gateway ends, and a tip that could still have gone must not have been given up.
    let after = |wait: TimeDelta| (State::Queued, (now + wait).min(text.not_after));
    let (state, at) = match outcome {
        Outcome::Transient { retry_after, .. } => {
            let wait = retry::wait(u32::from(text.number.unsigned_abs()), text.id, *retry_after);
            after(TimeDelta::from_std(wait).unwrap_or(HOLD))
        }
        Outcome::Ambiguous { .. } => (State::InDoubt, now + DOUBT_PAUSE),
        _ => after(HOLD),
    };
    // That it was not taken this time says nothing of the first: it keeps its name, and another try would have its own.
    if text.repeats { (State::InDoubt, at) } else { (state, at) }
}

fn name(outcome: &Outcome) -> &'static str {
    match outcome {
        Outcome::Accepted { .. } => "accepted",
        Outcome::RefusedRecipient { .. } => "refused_recipient",
        Outcome::RefusedUs { .. } => "refused_us",
        Outcome::Transient { .. } => "transient",
        Outcome::Ambiguous { .. } => "ambiguous",
    }
}

fn code(outcome: &Outcome) -> Option<&str> {
    match outcome {
        Outcome::Accepted { .. } => None,
        Outcome::RefusedRecipient { code, .. }
        | Outcome::RefusedUs { code, .. }
        | Outcome::Transient { code, .. }
        | Outcome::Ambiguous { code, .. } => Some(code),
    }
}

fn count(service: &Service, sender: &Sender, results: &[(Ready, Outcome)]) {
    let mut sums: HashMap<(&str, Option<&str>), u64> = HashMap::new();
    for (_, outcome) in results {
        *sums.entry((name(outcome), code(outcome))).or_default() += 1;
    }
    for ((outcome, code), times) in sums {
        service.metrics.sends(&sender.name, outcome, code, times);
    }
}
