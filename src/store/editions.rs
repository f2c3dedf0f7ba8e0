//! Editions of the message library, whole and never changed, and the tips that were recalled from them.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use sqlx::{FromRow, QueryBuilder};

use super::{Sql, StoreResult, Tx, on};

/// An edition without its files.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct EditionRow {
    /// 1 is the first.
    pub number: i64,
    /// SHA-256 over its files, in hexadecimal.
    pub hash: String,
    /// When it was published.
    pub made_at: DateTime<Utc>,
    /// By whom.
    pub made_by: String,
    /// Why.
    pub reason: String,
}

/// Who publishes, recalls or lifts, when and why.
#[derive(Clone, Copy, Debug)]
pub struct Signature<'a> {
    /// Who.
    pub by: &'a str,
    /// Why.
    pub why: &'a str,
    /// When.
    pub at: DateTime<Utc>,
}

/// Adds an edition as the next one; gives its number. Two who publish at once: the second fails on the number and is
/// to try again.
pub async fn add(tx: &mut Tx, hash: &str, files: &str, signed: Signature<'_>) -> StoreResult<i64> {
    let insert = "INSERT INTO editions (number, hash, files, made_at, made_by, reason)
                  SELECT COALESCE(MAX(number), 0) + 1, $1, $2, $3, $4, $5 FROM editions
                  RETURNING number";
    on!(tx, insert, |conn, sql| sqlx::query_scalar(sql)
        .bind(hash)
        .bind(files)
        .bind(signed.at)
        .bind(signed.by)
        .bind(signed.why)
        .fetch_one(conn)
        .await)
}

/// The newest edition, without its files.
pub async fn newest(tx: &mut Tx) -> StoreResult<Option<EditionRow>> {
    let select = "SELECT number, hash, made_at, made_by, reason FROM editions ORDER BY number DESC LIMIT 1";
    on!(tx, select, |conn, sql| sqlx::query_as(sql).fetch_optional(conn).await)
}

/// Every edition, the newest first.
pub async fn all(tx: &mut Tx) -> StoreResult<Vec<EditionRow>> {
    let select = "SELECT number, hash, made_at, made_by, reason FROM editions ORDER BY number DESC";
    on!(tx, select, |conn, sql| sqlx::query_as(sql).fetch_all(conn).await)
}

/// The newest edition that says just this, if one does.
pub async fn with_hash(tx: &mut Tx, hash: &str) -> StoreResult<Option<i64>> {
    let select = "SELECT MAX(number) FROM editions WHERE hash = $1";
    on!(tx, select, |conn, sql| sqlx::query_scalar(sql).bind(hash).fetch_one(conn).await)
}

/// An edition's hash and files, as JSON.
pub async fn files(tx: &mut Tx, number: i64) -> StoreResult<Option<(String, String)>> {
    let select = "SELECT hash, files FROM editions WHERE number = $1";
    on!(tx, select, |conn, sql| sqlx::query_as(sql).bind(number).fetch_optional(conn).await)
}

/// A tip that is not sent any more.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Recall {
    /// The tip.
    pub tip: String,
    /// Since when.
    pub at: DateTime<Utc>,
    /// By whom.
    pub made_by: String,
    /// Why.
    pub reason: String,
}

/// Recalls a tip; one that is recalled already keeps its first date. Gives what stands, held until the transaction ends.
pub async fn recall(tx: &mut Tx, tip: &str, signed: Signature<'_>) -> StoreResult<Recall> {
    let insert =
        "INSERT INTO recalls (tip, at, made_by, reason) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING";
    loop {
        on!(tx, insert, |conn, sql| sqlx::query(sql)
            .bind(tip)
            .bind(signed.at)
            .bind(signed.by)
            .bind(signed.why)
            .execute(conn)
            .await
            .map(|_| ()))?;
        // One that stood already may be lifted before it is held: then it is recalled anew.
        if let Some(stands) = hold_recall(tx, tip).await? {
            return Ok(stands);
        }
    }
}

const HOLD_RECALL: Sql = Sql::pair(
    "SELECT tip, at, made_by, reason FROM recalls WHERE tip = $1",
    "SELECT tip, at, made_by, reason FROM recalls WHERE tip = $1 FOR UPDATE",
);

/// The recall of a tip, held until the transaction ends: nobody lifts it meanwhile.
pub async fn hold_recall(tx: &mut Tx, tip: &str) -> StoreResult<Option<Recall>> {
    on!(tx, HOLD_RECALL, |conn, sql| sqlx::query_as(sql).bind(tip).fetch_optional(conn).await)
}

/// Words of a recalled tip, whose recall is held: texts with them do not leave.
pub async fn recall_words(tx: &mut Tx, tip: &str, hashes: &[[u8; 32]]) -> StoreResult<()> {
    for part in hashes.chunks(256) {
        on!(tx, "INSERT INTO recalled_words (hash, tip) ", |conn, sql| {
            let mut query = QueryBuilder::new(sql);
            query.push_values(part, |mut row, hash| {
                row.push_bind(hash.as_slice()).push_bind(tip);
            });
            query.push(" ON CONFLICT DO NOTHING");
            query.build().persistent(false).execute(conn).await.map(|_| ())
        })?;
    }
    Ok(())
}

/// Lets a recalled tip be sent again; false if it was not recalled.
pub async fn lift(tx: &mut Tx, tip: &str) -> StoreResult<bool> {
    let delete = "DELETE FROM recalls WHERE tip = $1";
    let words = "DELETE FROM recalled_words WHERE tip = $1";
    // The recall goes first: whoever is adding words to it holds it, and is waited for. What they added goes too.
    let was: bool = on!(tx, delete, |conn, sql| sqlx::query(sql)
        .bind(tip)
        .execute(conn)
        .await
        .map(|done| done.rows_affected() == 1))?;
    on!(tx, words, |conn, sql| sqlx::query(sql).bind(tip).execute(conn).await.map(|_| ()))?;
    Ok(was)
}

/// Every recall, the newest first.
pub async fn recalls(tx: &mut Tx) -> StoreResult<Vec<Recall>> {
    let select = "SELECT tip, at, made_by, reason FROM recalls ORDER BY at DESC, tip";
    on!(tx, select, |conn, sql| sqlx::query_as(sql).fetch_all(conn).await)
}

/// The words that may not leave: few, and asked for with every claim.
pub async fn recalled_words(tx: &mut Tx) -> StoreResult<HashSet<Vec<u8>>> {
    let select = "SELECT DISTINCT hash FROM recalled_words";
    let hashes: Vec<Vec<u8>> = on!(tx, select, |conn, sql| sqlx::query_scalar(sql).fetch_all(conn).await)?;
    Ok(hashes.into_iter().collect())
}
