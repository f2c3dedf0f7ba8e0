//! A mother's text, from the webhook to its effects.
//!
//! [`accept_all`] writes down what has come and nothing more; the webhooks answer 200 only then. [`handle`] takes
//! texts of different women, lets the pure conversation decide on each, and carries everything out in one
//! transaction: a crash before its end leaves them all as they were.
//!
//! One text must not hold up the others, nor come back for ever. So if a batch fails, its texts are handled again
//! each by itself; and a text that has failed, or that may have ended the process, is counted before it is handled
//! once more, and after [`TRIES`] given up to a person.

mod deciding;

pub(super) use self::deciding::may_move;

use chrono::{DateTime, TimeDelta, Utc};

use self::deciding::decide;
pub(super) use self::deciding::number;
use super::{Bell, Service};
use crate::store::failure::is_away;
use crate::store::inbox::{self, Received, Waiting};
use crate::store::{StoreResult, Tx};

/// Handling is tried so often before a person must look.
const TRIES: i16 = 5;
/// The wait after a failed try; after the second twice as long, and so on.
const PAUSE: TimeDelta = TimeDelta::seconds(5);

/// Beyond this time no further text is added to a transaction: others want to write as well.
const HOLD: TimeDelta = TimeDelta::milliseconds(10);
/// The same where they can: a transaction of many costs each of them less, which counts when there is little time.
const HOLD_BESIDE_OTHERS: TimeDelta = TimeDelta::milliseconds(50);

/// Writes a text down. False: the provider had sent it before, and nothing more happens.
pub async fn accept(service: &Service, received: &Received) -> StoreResult<bool> {
    Ok(accept_all(service, std::slice::from_ref(received)).await? == 1)
}

/// Writes texts down, all or none; gives how many the provider had not sent before.
pub async fn accept_all(service: &Service, received: &[Received]) -> StoreResult<u64> {
    // PostgreSQL keeps no NUL in a text, and nobody means one.
    let clean = |text: &str| text.replace('\0', "");
    let cleaned: Vec<Received> = received
        .iter()
        .map(|text| Received {
            provider_id: clean(&text.provider_id),
            phone: clean(&text.phone),
            body: clean(&text.body),
            ..text.clone()
        })
        .collect();
    let mut tx = service.database.begin_first().await?;
    let new = inbox::insert(&mut tx, &cleaned).await?;
    tx.commit().await?;
    if new > 0 {
        service.bells.ring(Bell::Inbound);
    }
    Ok(new)
}

/// Handles up to `limit` waiting texts; gives how many there were.
pub async fn handle(service: &Service, limit: i64) -> StoreResult<usize> {
    handle_trusting(service, DateTime::<Utc>::MIN_UTC, limit).await
}

/// The same where only texts that came since a moment are known not to have ended a process: those before it are
/// counted first.
pub async fn handle_trusting(service: &Service, since: DateTime<Utc>, limit: i64) -> StoreResult<usize> {
    let now = service.now();
    let mut tx = service.database.begin_first().await?;
    let texts = inbox::next(&mut tx, now, limit).await?;
    let count = texts.len();
    let (failed, mut fresh): (Vec<_>, Vec<_>) = texts.into_iter().partition(|text| text.tries > 0);
    let mut hold = if service.database.is_embedded() { HOLD } else { HOLD_BESIDE_OTHERS };
    if fresh.iter().any(|text| text.received_at < since) {
        // What is counted is handled, or it would wait for nothing.
        hold = TimeDelta::MAX;
        for text in &mut fresh {
            inbox::count_try(&mut tx, text, now + PAUSE).await?;
            text.tries += 1;
        }
        tx.commit().await?;
        tx = service.database.begin_first().await?;
    }
    match together(service, tx, &fresh, hold).await {
        Err(error) if is_away(&error) => return Err(error),
        Err(error) => {
            tracing::warn!(count = fresh.len(), %error, "texts could not be handled together");
            one_by_one(service, fresh).await?;
        }
        Ok(()) => {}
    }
    one_by_one(service, failed).await?;
    Ok(count)
}

/// Handles texts in one transaction, or none of them. Those that it has no time for are left as they are.
async fn together(service: &Service, mut tx: Tx, texts: &[Waiting], hold: TimeDelta) -> StoreResult<()> {
    if texts.is_empty() {
        return tx.commit().await;
    }
    let now = service.now();
    inbox::wait_briefly(&mut tx).await?;
    let mut taken = Vec::with_capacity(texts.len());
    for text in texts {
        taken.push((text, decide(service, &mut tx, text, now).await?));
        if service.now() - now > hold {
            break;
        }
    }
    if inbox::handled(&mut tx, &taken, now).await? < taken.len() {
        // Another process has one of them by now: its effects count, ours must not.
        return Ok(());
    }
    tx.commit().await?;
    let after = service.now();
    for (text, taken_for) in taken {
        service.metrics.inbound(taken_for);
        service.bells.handled_after(after - text.received_at);
    }
    service.bells.ring(Bell::Answers);
    Ok(())
}

/// Handles texts each by itself, its try counted first.
async fn one_by_one(service: &Service, texts: Vec<Waiting>) -> StoreResult<()> {
    for mut text in texts {
        let mut tx = service.database.begin_first().await?;
        if text.tries >= TRIES {
            give_up(service, &mut tx, &text).await?;
            tx.commit().await?;
            continue;
        }
        let pause = PAUSE * i32::from(text.tries + 1);
        if !inbox::count_try(&mut tx, &text, service.now() + pause).await? {
            continue;
        }
        tx.commit().await?;
        text.tries += 1;
        let tx = service.database.begin_first().await?;
        let Err(error) = together(service, tx, std::slice::from_ref(&text), HOLD).await else { continue };
        tracing::error!(inbox = %text.id, tries = text.tries, %error, "a text could not be handled");
        if is_away(&error) {
            return Err(error);
        }
        if text.tries >= TRIES {
            let mut tx = service.database.begin_first().await?;
            give_up(service, &mut tx, &text).await?;
            tx.commit().await?;
        }
    }
    Ok(())
}

async fn give_up(service: &Service, tx: &mut Tx, text: &Waiting) -> StoreResult<()> {
    inbox::give_up(tx, text.id, service.now()).await?;
    let detail = "a text received could not be handled: a person must read it and answer";
    service.alarm(tx, "text_given_up", &text.id.to_string(), detail, TimeDelta::days(1)).await.map(|_| ())
}
