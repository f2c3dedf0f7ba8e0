//! When the handling of texts breaks: a row that cannot be read, words that are missing, a fault of ours. One text
//! must not silence its sender, so those that are due are named here one by one, without a look at what they
//! hold, and the one that breaks every time is set aside for a person.

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::Room;
use crate::domain::reason;
use crate::flows::Service;
use crate::flows::senders::Sender;
use crate::store::outbox::{self, Claim};
use crate::store::{StoreError, StoreResult};

/// A text that is due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Due {
    /// Its id.
    pub id: Uuid,
    /// Whether she waits for it.
    pub is_answer: bool,
}

/// The texts that a claim with this room would look at first: answers, then broadcasts, then of each program.
pub async fn due(service: &Service, sender: &Sender, room: Room) -> StoreResult<Vec<Due>> {
    let limit = |room: usize| i64::try_from(room).unwrap_or(i64::MAX);
    let claim = Claim { sender: &sender.name, gateway: "", now: service.now() };
    let mut tx = service.database.read().await?;
    let answers = outbox::due_answers(&mut tx, &claim, limit(room.answers)).await?;
    let unasked = match room.unasked {
        0 => Vec::new(),
        some => {
            let urgent = outbox::due_urgent(&mut tx, &claim, limit(some)).await?;
            [urgent, outbox::due_unasked(&mut tx, &claim, limit(some)).await?].concat()
        }
    };
    let answers = answers.into_iter().map(|id| Due { id, is_answer: true });
    Ok(answers.chain(unasked.into_iter().map(|id| Due { id, is_answer: false })).collect())
}

/// Puts a text off whose handling broke.
pub async fn put_off(service: &Service, text: Due, at: DateTime<Utc>) -> StoreResult<()> {
    let mut tx = service.database.begin().await?;
    outbox::put_off(&mut tx, text.id, at, reason::BREAKS).await?;
    tx.commit().await
}

/// Sets a text aside whose handling breaks every time, and tells a person.
pub async fn set_aside(service: &Service, text: Due) -> StoreResult<()> {
    let mut tx = service.database.begin().await?;
    let reason = reason::BROKE;
    if outbox::set_aside(&mut tx, text.id, reason, service.now()).await? {
        let subject = text.id.to_string();
        service.alarm(&mut tx, "text_set_aside", &subject, reason, TimeDelta::days(1)).await?;
    }
    tx.commit().await
}

/// Raises the alarm that what a gateway said of a text cannot be recorded.
pub async fn unrecorded(service: &Service, text: Uuid) -> StoreResult<()> {
    let detail = "what the gateway said of this text could not be recorded: it comes into doubt, and is settled by \
                  evidence";
    let mut tx = service.database.begin().await?;
    service.alarm(&mut tx, "result_unrecorded", &text.to_string(), detail, TimeDelta::days(1)).await?;
    tx.commit().await
}

/// Raises the alarm that a part of a sender's dispatcher broke, once an hour at most.
pub async fn dispatcher_broke(service: &Service, sender: &Sender, part: &str) -> StoreResult<()> {
    let detail = format!(
        "its {part} broke and is started again; what had been sent is recorded, or in doubt and settled by evidence"
    );
    let mut tx = service.database.begin().await?;
    service.alarm(&mut tx, "dispatcher_broke", &sender.name, &detail, TimeDelta::hours(1)).await?;
    tx.commit().await
}

/// What broke, in words that hold nothing of the row: an error may quote what it could not read.
pub fn what_broke(error: &StoreError) -> String {
    match error {
        StoreError::Database(error) => {
            format!("the database refused it, code {}", error.code().unwrap_or_default())
        }
        StoreError::ColumnDecode { index, .. } => format!("its column {index} cannot be read"),
        StoreError::RowNotFound => "what belongs to it is missing".to_owned(),
        _ => "what the database gave makes no sense".to_owned(),
    }
}
