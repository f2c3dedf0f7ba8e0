//! Texts in doubt: how they come into it when a dispatcher dies, and how they are settled.

use chrono::{DateTime, Utc};
use sqlx::FromRow;
use uuid::Uuid;

use super::Settled;
use crate::store::{StoreResult, Tx, on};

/// Frees what dead dispatchers held whose leases end by `by`: leased texts wait again, begun ones are in doubt
/// until `look_at`. Gives the ids of the doubtful.
pub async fn recover(
    tx: &mut Tx,
    by: DateTime<Utc>,
    now: DateTime<Utc>,
    look_at: DateTime<Utc>,
) -> StoreResult<Vec<Uuid>> {
    let free =
        "UPDATE outbox SET state = 0, lease = NULL, next_try_at = $2 WHERE state = 1 AND next_try_at <= $1";
    on!(tx, free, |conn, sql| sqlx::query(sql).bind(by).bind(now).execute(conn).await.map(|_| ()))?;
    let doubt = "UPDATE outbox SET state = 3, lease = NULL, next_try_at = $2, code = 'crash',
                                   reason = 'the service stopped while it was being sent'
                  WHERE state = 2 AND next_try_at <= $1 RETURNING id";
    on!(tx, doubt, |conn, sql| sqlx::query_scalar(sql).bind(by).bind(look_at).fetch_all(conn).await)
}

/// A text in doubt, with its last attempt.
#[derive(Clone, FromRow)]
pub struct Doubtful {
    /// The text.
    pub id: Uuid,
    /// Its sender.
    pub sender: String,
    /// To which number.
    pub phone: String,
    /// The hash of its shared words.
    pub wording: Option<Vec<u8>>,
    /// Its own words.
    pub body: Option<String>,
    /// Too late from here on.
    pub not_after: DateTime<Utc>,
    /// Attempts so far.
    pub tries: i16,
    /// The attempt in doubt.
    pub attempt_id: Uuid,
    /// When it began.
    pub began_at: DateTime<Utc>,
}

/// The texts whose doubt is to be looked at now.
pub async fn doubtful(tx: &mut Tx, now: DateTime<Utc>, limit: i64) -> StoreResult<Vec<Doubtful>> {
    let select = "SELECT o.id, o.sender, o.phone, o.wording, o.body, o.not_after, o.tries,
                         a.id AS attempt_id, a.began_at
                    FROM outbox o JOIN attempts a ON a.outbox_id = o.id AND a.number = o.tries
                   WHERE o.state = 3 AND o.next_try_at <= $1 ORDER BY o.next_try_at LIMIT $2";
    on!(tx, select, |conn, sql| sqlx::query_as(sql).bind(now).bind(limit).fetch_all(conn).await)
}

/// Records what became of a text in doubt, unless evidence came first.
pub async fn resolve_doubt(tx: &mut Tx, result: &Settled) -> StoreResult<()> {
    let update = "UPDATE outbox SET state = $2, next_try_at = $3, ended_at = $3, code = $4, reason = $5
                   WHERE id = $1 AND state = 3";
    on!(tx, update, |conn, sql| sqlx::query(sql)
        .bind(result.id)
        .bind(result.state.code())
        .bind(result.at)
        .bind(&result.code)
        .bind(&result.reason)
        .execute(conn)
        .await
        .map(|_| ()))
}
