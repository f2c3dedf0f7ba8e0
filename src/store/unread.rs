//! What waits until she says that she is alone.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{StoreResult, Tx, on};

/// Keeps words for her, under the id of the text that told her of them.
pub async fn keep(
    tx: &mut Tx,
    text: Uuid,
    subscriber: Uuid,
    body: &str,
    now: DateTime<Utc>,
) -> StoreResult<()> {
    let insert = "INSERT INTO unread (id, subscriber_id, body, at) VALUES ($1, $2, $3, $4)";
    on!(tx, insert, |conn, sql| sqlx::query(sql)
        .bind(text)
        .bind(subscriber)
        .bind(body)
        .bind(now)
        .execute(conn)
        .await
        .map(|_| ()))
}

/// What is kept for her and since when, the oldest first.
pub async fn of(tx: &mut Tx, subscriber: Uuid) -> StoreResult<Vec<(DateTime<Utc>, String)>> {
    let select = "SELECT at, body FROM unread WHERE subscriber_id = $1 ORDER BY at, id";
    on!(tx, select, |conn, sql| sqlx::query_as(sql).bind(subscriber).fetch_all(conn).await)
}

/// She has seen all there was up to a moment.
pub async fn seen(tx: &mut Tx, subscriber: Uuid, up_to: DateTime<Utc>) -> StoreResult<()> {
    let delete = "DELETE FROM unread WHERE subscriber_id = $1 AND at <= $2";
    on!(tx, delete, |conn, sql| sqlx::query(sql)
        .bind(subscriber)
        .bind(up_to)
        .execute(conn)
        .await
        .map(|_| ()))?;
    let update = "UPDATE subscribers SET read_at = $2 WHERE id = $1";
    on!(tx, update, |conn, sql| sqlx::query(sql).bind(subscriber).bind(up_to).execute(conn).await.map(|_| ()))
}

/// Up to when she has seen what there was.
pub async fn seen_at(tx: &mut Tx, subscriber: Uuid) -> StoreResult<Option<DateTime<Utc>>> {
    let select = "SELECT read_at FROM subscribers WHERE id = $1";
    on!(tx, select, |conn, sql| sqlx::query_scalar(sql).bind(subscriber).fetch_one(conn).await)
}
