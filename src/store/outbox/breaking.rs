//! Texts of which one breaks whoever handles it. They are found by their ids alone, since whatever else they hold
//! may be what breaks.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{Claim, programs_waiting};
use crate::store::{StoreResult, Tx, on};

/// The first answers of a sender that are due.
pub async fn due_answers(tx: &mut Tx, claim: &Claim<'_>, limit: i64) -> StoreResult<Vec<Uuid>> {
    let select = "SELECT id FROM outbox WHERE state = 0 AND lane = 0 AND sender = $1 AND next_try_at <= $2
                   ORDER BY next_try_at, id LIMIT $3";
    on!(tx, select, |conn, sql| sqlx::query_scalar(sql)
        .bind(claim.sender)
        .bind(claim.now)
        .bind(limit)
        .fetch_all(conn)
        .await)
}

/// The first texts of broadcasts that are due for a sender.
pub async fn due_urgent(tx: &mut Tx, claim: &Claim<'_>, limit: i64) -> StoreResult<Vec<Uuid>> {
    let select = "SELECT id FROM outbox WHERE state = 0 AND lane = 2 AND sender = $1 AND next_try_at <= $2
                   ORDER BY next_try_at, id LIMIT $3";
    on!(tx, select, |conn, sql| sqlx::query_scalar(sql)
        .bind(claim.sender)
        .bind(claim.now)
        .bind(limit)
        .fetch_all(conn)
        .await)
}

/// The first unasked texts that are due, of each of its programs.
pub async fn due_unasked(tx: &mut Tx, claim: &Claim<'_>, limit: i64) -> StoreResult<Vec<Uuid>> {
    let select = "SELECT id FROM outbox WHERE state = 0 AND lane = 1 AND sender = $1 AND program = $4
                     AND next_try_at <= $2 ORDER BY next_try_at, id LIMIT $3";
    let mut texts = Vec::new();
    for program in programs_waiting(tx, claim.sender).await? {
        let some: Vec<Uuid> = on!(tx, select, |conn, sql| sqlx::query_scalar(sql)
            .bind(claim.sender)
            .bind(claim.now)
            .bind(limit)
            .bind(&program)
            .fetch_all(conn)
            .await)?;
        texts.extend(some);
    }
    Ok(texts)
}

/// Puts a waiting text off, and says why.
pub async fn put_off(tx: &mut Tx, text: Uuid, at: DateTime<Utc>, reason: &str) -> StoreResult<()> {
    let update = "UPDATE outbox SET next_try_at = $2, reason = $3 WHERE id = $1 AND state = 0";
    on!(tx, update, |conn, sql| sqlx::query(sql)
        .bind(text)
        .bind(at)
        .bind(reason)
        .execute(conn)
        .await
        .map(|_| ()))
}
