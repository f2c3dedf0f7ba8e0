//! Phones that did not take a text, until they are looked into.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{StoreResult, Tx, on};
use crate::domain::delivery::State;

/// A text that failed for good at its phone.
pub async fn note(tx: &mut Tx, texts: &[(Uuid, Uuid)], now: DateTime<Utc>) -> StoreResult<()> {
    for (text, subscriber) in texts {
        let insert = "INSERT INTO failing (text_id, subscriber_id, at) VALUES ($1, $2, $3)
                      ON CONFLICT (text_id) DO NOTHING";
        on!(tx, insert, |conn, sql| sqlx::query(sql)
            .bind(*text)
            .bind(*subscriber)
            .bind(now)
            .execute(conn)
            .await
            .map(|_| ()))?;
    }
    Ok(())
}

/// The subscribers of some that were not looked into.
pub async fn next(tx: &mut Tx, limit: i64) -> StoreResult<Vec<Uuid>> {
    let select = "SELECT DISTINCT subscriber_id FROM (SELECT subscriber_id FROM failing WHERE NOT looked ORDER BY at LIMIT $1) f";
    on!(tx, select, |conn, sql| sqlx::query_scalar(sql).bind(limit).fetch_all(conn).await)
}

/// A phone was looked into; what failed there before a moment is forgotten.
pub async fn looked(tx: &mut Tx, subscriber: Uuid, forget: DateTime<Utc>) -> StoreResult<()> {
    let update = "UPDATE failing SET looked = TRUE WHERE subscriber_id = $1 AND NOT looked";
    on!(tx, update, |conn, sql| sqlx::query(sql).bind(subscriber).execute(conn).await.map(|_| ()))?;
    let delete = "DELETE FROM failing WHERE subscriber_id = $1 AND looked AND at < $2";
    on!(tx, delete, |conn, sql| sqlx::query(sql)
        .bind(subscriber)
        .bind(forget)
        .execute(conn)
        .await
        .map(|_| ()))
}

/// How long nothing has come through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Run {
    /// Tips in a row that failed for good at her phone, the last one among them.
    pub failures: usize,
    /// Her last sign of life.
    pub heard_at: Option<DateTime<Utc>>,
}

/// The run of failures of a subscriber, counted over her last tips as far as `most`: those that were sent to the number
/// she has now, and since she was last heard. What failed for a reason of ours or
/// of the gateway's neither counts nor ends a run.
pub async fn run(tx: &mut Tx, subscriber: Uuid, most: usize) -> StoreResult<Run> {
    let select = "SELECT h.state FROM planned p
                    JOIN enrollments e ON e.id = p.enrollment_id
                    JOIN subscribers s ON s.id = e.subscriber_id
                    JOIN history h ON h.id = p.outbox_id
                    LEFT JOIN failing f ON f.text_id = h.id
                   WHERE e.subscriber_id = $1 AND h.phone = s.phone
                     AND (s.heard_at IS NULL OR h.queued_at > s.heard_at)
                     AND (h.state IN (4, 5, 6) OR h.state = 7 AND f.text_id IS NOT NULL)
                   ORDER BY p.occurs_on DESC LIMIT $2";
    let states: Vec<i16> = on!(tx, select, |conn, sql| sqlx::query_scalar(sql)
        .bind(subscriber)
        .bind(most as i64)
        .fetch_all(conn)
        .await)?;
    let failures = states.iter().take_while(|state| **state == State::Failed.code()).count();
    let heard = "SELECT heard_at FROM subscribers WHERE id = $1";
    let heard_at: Option<DateTime<Utc>> =
        on!(tx, heard, |conn, sql| sqlx::query_scalar(sql).bind(subscriber).fetch_one(conn).await)?;
    Ok(Run { failures, heard_at })
}
