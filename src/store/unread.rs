//! What waits until she says that she is alone.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{StoreResult, Tx, on};

/// Keeps words for her, under the id of the text that told her of them; `of_baby`: they take a pregnancy or a baby for
/// granted.
pub async fn keep(
    tx: &mut Tx,
    text: Uuid,
    subscriber: Uuid,
    (body, of_baby): (&str, bool),
    now: DateTime<Utc>,
) -> StoreResult<()> {
    let insert = "INSERT INTO unread (id, subscriber_id, body, at, of_baby) VALUES ($1, $2, $3, $4, $5)";
    on!(tx, insert, |conn, sql| sqlx::query(sql)
        .bind(text)
        .bind(subscriber)
        .bind(body)
        .bind(now)
        .bind(of_baby)
        .execute(conn)
        .await
        .map(|_| ()))
}

/// What is kept for her, with its id, the latest first.
pub async fn of(tx: &mut Tx, subscriber: Uuid) -> StoreResult<Vec<(Uuid, String)>> {
    let select = "SELECT id, body FROM unread WHERE subscriber_id = $1 ORDER BY at DESC, id DESC";
    on!(tx, select, |conn, sql| sqlx::query_as(sql).bind(subscriber).fetch_all(conn).await)
}

/// She has seen what was kept under this id.
pub async fn shown(tx: &mut Tx, id: Uuid) -> StoreResult<()> {
    let delete = "DELETE FROM unread WHERE id = $1";
    on!(tx, delete, |conn, sql| sqlx::query(sql).bind(id).execute(conn).await.map(|_| ()))
}

/// These texts were taken back before they told her of it: it is not right any more either.
pub async fn forget(tx: &mut Tx, texts: &[Uuid]) -> StoreResult<()> {
    for text in texts {
        shown(tx, *text).await?;
    }
    Ok(())
}

/// She told of a loss: what takes a pregnancy or a baby for granted is never shown, tips of before neither.
pub async fn forget_baby(tx: &mut Tx, subscriber: Uuid, now: DateTime<Utc>) -> StoreResult<()> {
    let delete = "DELETE FROM unread WHERE subscriber_id = $1 AND of_baby";
    on!(tx, delete, |conn, sql| sqlx::query(sql).bind(subscriber).execute(conn).await.map(|_| ()))?;
    seen(tx, subscriber, now).await
}

/// She has seen all tips that came up to a moment.
pub async fn seen(tx: &mut Tx, subscriber: Uuid, up_to: DateTime<Utc>) -> StoreResult<()> {
    let update = "UPDATE subscribers SET read_at = $2 WHERE id = $1";
    on!(tx, update, |conn, sql| sqlx::query(sql).bind(subscriber).bind(up_to).execute(conn).await.map(|_| ()))
}

/// What waits on one phone waits on another, and what she has seen there she has seen.
pub async fn hand_over(tx: &mut Tx, from: Uuid, to: Uuid) -> StoreResult<()> {
    for update in [
        "UPDATE unread SET subscriber_id = $2 WHERE subscriber_id = $1",
        "UPDATE subscribers SET read_at = (SELECT read_at FROM subscribers WHERE id = $1) WHERE id = $2",
    ] {
        on!(tx, update, |conn, sql| sqlx::query(sql).bind(from).bind(to).execute(conn).await.map(|_| ()))?;
    }
    Ok(())
}

/// Up to when she has seen what there was.
pub async fn seen_at(tx: &mut Tx, subscriber: Uuid) -> StoreResult<Option<DateTime<Utc>>> {
    let select = "SELECT read_at FROM subscribers WHERE id = $1";
    on!(tx, select, |conn, sql| sqlx::query_scalar(sql).bind(subscriber).fetch_one(conn).await)
}
