//! Who is signed in at the console, from which browser.

use chrono::{DateTime, Utc};
use sqlx::FromRow;
use uuid::Uuid;

use super::{StoreResult, Tx, on};

/// A browser's session. Its name is in the cookie alone; here it is known by the SHA-256 of that.
#[derive(Clone, FromRow)]
pub struct Session {
    /// The digest of its name.
    pub id: Vec<u8>,
    /// Whose; none: nobody has signed in by it yet.
    pub account_id: Option<Uuid>,
    /// What it holds, as JSON.
    pub data: String,
    /// What the browser calls itself.
    pub agent: String,
    /// From where.
    pub address: String,
    /// When it began.
    pub began_at: DateTime<Utc>,
    /// When it was last used, to the minute.
    pub seen_at: DateTime<Utc>,
    /// When it ends, unless it is used before.
    pub expires_at: DateTime<Utc>,
}

macro_rules! sessions {
    ($which:literal) => {
        concat!(
            "SELECT id, account_id, data, agent, address, began_at, seen_at, expires_at FROM sessions ",
            $which
        )
    };
}

/// One, if it has not ended: it was used since, and began after `began_after`.
pub async fn find(
    tx: &mut Tx,
    id: &[u8],
    now: DateTime<Utc>,
    began_after: DateTime<Utc>,
) -> StoreResult<Option<Session>> {
    let select = sessions!("WHERE id = $1 AND expires_at > $2 AND began_at > $3");
    on!(tx, select, |conn, sql| sqlx::query_as(sql)
        .bind(id)
        .bind(now)
        .bind(began_after)
        .fetch_optional(conn)
        .await)
}

/// Begins one; false if there is one of that name.
pub async fn begin(tx: &mut Tx, session: &Session) -> StoreResult<bool> {
    let insert = "INSERT INTO sessions (id, account_id, data, agent, address, began_at, seen_at, expires_at)
                  VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (id) DO NOTHING";
    on!(tx, insert, |conn, sql| sqlx::query(sql)
        .bind(&session.id)
        .bind(session.account_id)
        .bind(&session.data)
        .bind(&session.agent)
        .bind(&session.address)
        .bind(session.began_at)
        .bind(session.seen_at)
        .bind(session.expires_at)
        .execute(conn)
        .await
        .map(|done| done.rows_affected() == 1))
}

/// Writes down what one holds now. One that was ended stays ended.
pub async fn keep(tx: &mut Tx, session: &Session) -> StoreResult<()> {
    let update = "UPDATE sessions SET account_id = $2, data = $3, agent = $4, address = $5, seen_at = $6,
                                      expires_at = $7
                   WHERE id = $1";
    on!(tx, update, |conn, sql| sqlx::query(sql)
        .bind(&session.id)
        .bind(session.account_id)
        .bind(&session.data)
        .bind(&session.agent)
        .bind(&session.address)
        .bind(session.seen_at)
        .bind(session.expires_at)
        .execute(conn)
        .await
        .map(|_| ()))
}

/// Ends one.
pub async fn end(tx: &mut Tx, id: &[u8]) -> StoreResult<()> {
    let delete = "DELETE FROM sessions WHERE id = $1";
    on!(tx, delete, |conn, sql| sqlx::query(sql).bind(id).execute(conn).await.map(|_| ()))
}

/// Ends all of an account's, but for one.
pub async fn end_all(tx: &mut Tx, account: Uuid, but: &[u8]) -> StoreResult<u64> {
    let delete = "DELETE FROM sessions WHERE account_id = $1 AND id <> $2";
    on!(tx, delete, |conn, sql| sqlx::query(sql)
        .bind(account)
        .bind(but)
        .execute(conn)
        .await
        .map(|done| done.rows_affected()))
}

/// Those of an account that have not ended, the last used first.
pub async fn of(
    tx: &mut Tx,
    account: Uuid,
    now: DateTime<Utc>,
    began_after: DateTime<Utc>,
) -> StoreResult<Vec<Session>> {
    let select =
        sessions!("WHERE account_id = $1 AND expires_at > $2 AND began_at > $3 ORDER BY seen_at DESC, id");
    on!(tx, select, |conn, sql| sqlx::query_as(sql)
        .bind(account)
        .bind(now)
        .bind(began_after)
        .fetch_all(conn)
        .await)
}

/// Forgets those that have ended.
pub async fn forget_ended(tx: &mut Tx, now: DateTime<Utc>) -> StoreResult<u64> {
    let delete = "DELETE FROM sessions WHERE expires_at < $1";
    on!(tx, delete, |conn, sql| sqlx::query(sql)
        .bind(now)
        .execute(conn)
        .await
        .map(|done| done.rows_affected()))
}
