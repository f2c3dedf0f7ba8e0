//! Texts that will be due by themselves.

use chrono::{DateTime, Utc};
use sqlx::FromRow;
use uuid::Uuid;

use super::{StoreResult, Tx, on};

/// A text that will be due.
#[derive(Clone, Debug, FromRow)]
pub struct Promise {
    /// Its id.
    pub id: Uuid,
    /// To whom.
    pub subscriber_id: Uuid,
    /// For which enrollment.
    pub enrollment_id: Option<Uuid>,
    /// What it is.
    pub kind: String,
    /// The visit it is about.
    pub about: Option<Uuid>,
    /// What else it needs, as JSON.
    pub detail: Option<String>,
    /// When.
    pub due_at: DateTime<Utc>,
    /// Too late to be right from here on.
    pub not_after: DateTime<Utc>,
}

/// Makes a promise.
pub async fn make(tx: &mut Tx, promise: &Promise) -> StoreResult<()> {
    let insert =
        "INSERT INTO promises (id, subscriber_id, enrollment_id, kind, about, detail, due_at, not_after)
                  VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    on!(tx, insert, |conn, sql| sqlx::query(sql)
        .bind(promise.id)
        .bind(promise.subscriber_id)
        .bind(promise.enrollment_id)
        .bind(&promise.kind)
        .bind(promise.about)
        .bind(&promise.detail)
        .bind(promise.due_at)
        .bind(promise.not_after)
        .execute(conn)
        .await
        .map(|_| ()))
}

/// Promises to be kept now.
pub async fn due(tx: &mut Tx, now: DateTime<Utc>, limit: i64) -> StoreResult<Vec<Promise>> {
    let select = "SELECT id, subscriber_id, enrollment_id, kind, about, detail, due_at, not_after
                    FROM promises WHERE due_at <= $1 ORDER BY due_at, id LIMIT $2";
    on!(tx, select, |conn, sql| sqlx::query_as(sql).bind(now).bind(limit).fetch_all(conn).await)
}

/// One of them, if it still is.
pub async fn still_due(tx: &mut Tx, promise: Uuid, now: DateTime<Utc>) -> StoreResult<Option<Promise>> {
    let select = "SELECT id, subscriber_id, enrollment_id, kind, about, detail, due_at, not_after
                    FROM promises WHERE id = $1 AND due_at <= $2";
    on!(tx, select, |conn, sql| sqlx::query_as(sql).bind(promise).bind(now).fetch_optional(conn).await)
}

/// When the next one is to be kept.
pub async fn next_due(tx: &mut Tx) -> StoreResult<Option<DateTime<Utc>>> {
    let select = "SELECT MIN(due_at) FROM promises";
    on!(tx, select, |conn, sql| sqlx::query_scalar(sql).fetch_one(conn).await)
}

/// Keeps a promise for later.
pub async fn postpone(tx: &mut Tx, promise: Uuid, to: DateTime<Utc>) -> StoreResult<()> {
    let update = "UPDATE promises SET due_at = $2 WHERE id = $1";
    on!(tx, update, |conn, sql| sqlx::query(sql).bind(promise).bind(to).execute(conn).await.map(|_| ()))
}

/// Keeps a promise at another time, and up to another one.
pub async fn retime(
    tx: &mut Tx,
    promise: Uuid,
    due_at: DateTime<Utc>,
    not_after: DateTime<Utc>,
) -> StoreResult<()> {
    let update = "UPDATE promises SET due_at = $2, not_after = $3 WHERE id = $1";
    on!(tx, update, |conn, sql| sqlx::query(sql)
        .bind(promise)
        .bind(due_at)
        .bind(not_after)
        .execute(conn)
        .await
        .map(|_| ()))
}

/// A promise that is kept, or not to be kept.
pub async fn forget(tx: &mut Tx, promise: Uuid) -> StoreResult<()> {
    let delete = "DELETE FROM promises WHERE id = $1";
    on!(tx, delete, |conn, sql| sqlx::query(sql).bind(promise).execute(conn).await.map(|_| ()))
}

/// Takes promises of a kind back that were made for an enrollment.
pub async fn take_back(tx: &mut Tx, subscriber: Uuid, enrollment: Uuid, kind: &str) -> StoreResult<()> {
    let delete = "DELETE FROM promises WHERE subscriber_id = $1 AND enrollment_id = $2 AND kind = $3";
    on!(tx, delete, |conn, sql| sqlx::query(sql)
        .bind(subscriber)
        .bind(enrollment)
        .bind(kind)
        .execute(conn)
        .await
        .map(|_| ()))
}

/// Takes all promises back that were made for an enrollment.
pub async fn take_back_of(tx: &mut Tx, subscriber: Uuid, enrollment: Uuid) -> StoreResult<()> {
    let delete = "DELETE FROM promises WHERE subscriber_id = $1 AND enrollment_id = $2";
    on!(tx, delete, |conn, sql| sqlx::query(sql)
        .bind(subscriber)
        .bind(enrollment)
        .execute(conn)
        .await
        .map(|_| ()))
}

/// Takes promises about a visit back.
pub async fn take_back_about(tx: &mut Tx, subscriber: Uuid, about: Uuid) -> StoreResult<()> {
    let delete = "DELETE FROM promises WHERE subscriber_id = $1 AND about = $2";
    on!(tx, delete, |conn, sql| sqlx::query(sql).bind(subscriber).bind(about).execute(conn).await.map(|_| ()))
}

/// Takes all promises of one kind to a person back.
pub async fn take_back_kind(tx: &mut Tx, subscriber: Uuid, kind: &str) -> StoreResult<()> {
    let delete = "DELETE FROM promises WHERE subscriber_id = $1 AND kind = $2";
    on!(tx, delete, |conn, sql| sqlx::query(sql).bind(subscriber).bind(kind).execute(conn).await.map(|_| ()))
}

/// Takes all promises to a person back.
pub async fn take_back_all(tx: &mut Tx, subscriber: Uuid) -> StoreResult<()> {
    let delete = "DELETE FROM promises WHERE subscriber_id = $1";
    on!(tx, delete, |conn, sql| sqlx::query(sql).bind(subscriber).execute(conn).await.map(|_| ()))
}

/// All promises to a person, the earliest first.
pub async fn of(tx: &mut Tx, subscriber: Uuid) -> StoreResult<Vec<Promise>> {
    let select = "SELECT id, subscriber_id, enrollment_id, kind, about, detail, due_at, not_after
                    FROM promises WHERE subscriber_id = $1 ORDER BY due_at, id";
    on!(tx, select, |conn, sql| sqlx::query_as(sql).bind(subscriber).fetch_all(conn).await)
}

/// Gives all promises to a person to another.
pub async fn hand_over(tx: &mut Tx, from: Uuid, to: Uuid) -> StoreResult<()> {
    let update = "UPDATE promises SET subscriber_id = $2 WHERE subscriber_id = $1";
    on!(tx, update, |conn, sql| sqlx::query(sql).bind(from).bind(to).execute(conn).await.map(|_| ()))
}
