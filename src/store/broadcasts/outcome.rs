//! What became of a broadcast: why texts failed, who stopped after it, who answered.

use chrono::{DateTime, Utc};
use sqlx::FromRow;
use uuid::Uuid;

use super::on;
use crate::domain::delivery::State;
use crate::ids::first_at;
use crate::store::{StoreResult, Tx};

/// Texts that failed for one reason.
#[derive(Clone, Debug, PartialEq, Eq, FromRow, serde::Serialize, serde::Deserialize)]
pub struct Failure {
    /// The provider's code.
    pub code: Option<String>,
    /// The same as a sentence.
    pub reason: Option<String>,
    /// How many.
    pub texts: i64,
}

/// Why texts of a broadcast failed, the most frequent reasons first.
pub async fn failures(tx: &mut Tx, broadcast: Uuid, limit: i64) -> StoreResult<Vec<Failure>> {
    let select = "SELECT h.code, h.reason, COUNT(*) AS texts
                    FROM broadcast_texts t JOIN history h ON h.id = t.text_id
                   WHERE t.broadcast_id = $1 AND h.state = $2
                   GROUP BY h.code, h.reason ORDER BY COUNT(*) DESC, h.code LIMIT $3";
    on!(tx, select, |conn, sql| sqlx::query_as(sql)
        .bind(broadcast)
        .bind(State::Failed.code())
        .bind(limit)
        .fetch_all(conn)
        .await)
}

/// A reader who did something after her text: when that left, and when she did it first.
pub type Deed = (DateTime<Utc>, DateTime<Utc>);

/// Between which moments something was done. Ids begin with their time, so that only what is between is looked at.
pub type Between = (DateTime<Utc>, DateTime<Utc>);

/// Its readers who opted out after it, one row each.
pub async fn stops(tx: &mut Tx, broadcast: Uuid, between: Between) -> StoreResult<Vec<Deed>> {
    let select = "SELECT h.began_at, MIN(c.at)
                    FROM consents c
                    JOIN broadcast_texts t ON t.broadcast_id = $1 AND t.subscriber_id = c.subscriber_id
                    JOIN history h ON h.id = t.text_id
                   WHERE c.id >= $2 AND c.id < $3 AND c.action = 'opt_out' AND c.at >= h.began_at
                   GROUP BY h.id, h.began_at";
    deeds(tx, select, broadcast, between).await
}

/// Its readers who wrote anything after it, one row each.
pub async fn replies(tx: &mut Tx, broadcast: Uuid, between: Between) -> StoreResult<Vec<Deed>> {
    let select = "SELECT h.began_at, MIN(i.received_at)
                    FROM inbox i
                    JOIN subscribers s ON s.phone = i.phone
                    JOIN broadcast_texts t ON t.broadcast_id = $1 AND t.subscriber_id = s.id
                    JOIN history h ON h.id = t.text_id
                   WHERE i.id >= $2 AND i.id < $3 AND i.received_at >= h.began_at
                   GROUP BY h.id, h.began_at";
    deeds(tx, select, broadcast, between).await
}

async fn deeds(
    tx: &mut Tx,
    select: &'static str,
    broadcast: Uuid,
    (from, to): Between,
) -> StoreResult<Vec<Deed>> {
    on!(tx, select, |conn, sql| sqlx::query_as(sql)
        .bind(broadcast)
        .bind(first_at(from))
        .bind(first_at(to))
        .fetch_all(conn)
        .await)
}

/// Keeps what was reckoned; so many texts had still to leave.
pub async fn keep(
    tx: &mut Tx,
    broadcast: Uuid,
    (outcome, waiting): (&str, i64),
    now: DateTime<Utc>,
) -> StoreResult<()> {
    let update = "UPDATE broadcasts SET outcome = $2, outcome_at = $3, waiting = $4 WHERE id = $1";
    on!(tx, update, |conn, sql| sqlx::query(sql)
        .bind(broadcast)
        .bind(outcome)
        .bind(now)
        .bind(waiting)
        .execute(conn)
        .await
        .map(|_| ()))
}
