//! Tries to sign in: each is written down before it is weighed, and struck out if it was right. What is left failed.

use chrono::{DateTime, Utc};
use sha2::{Digest, Sha256};
use sqlx::FromRow;
use uuid::Uuid;

use super::wait_for;
use crate::store::{StoreResult, Tx, on};

/// Tries of one account, or from one place, wait for each other from here to the end of the transaction: as many at once
/// are counted as one after the other.
pub async fn lock_tries(tx: &mut Tx, email: &str, place: &str) -> StoreResult<()> {
    let key = |kind: &str, what: &str| {
        let digest = Sha256::digest(format!("{kind} {what}").as_bytes());
        digest.iter().take(8).fold(0, |key: i64, byte| key << 8 | i64::from(*byte))
    };
    // In one order, so that no two wait for each other.
    let mut keys = [key("account", email), key("place", place)];
    keys.sort_unstable();
    for key in keys {
        wait_for(tx, key).await?;
    }
    Ok(())
}

/// Writes down a try.
pub async fn failed(tx: &mut Tx, id: Uuid, email: &str, place: &str, at: DateTime<Utc>) -> StoreResult<()> {
    let insert = "INSERT INTO failed_sign_ins (id, email, address, at) VALUES ($1, $2, $3, $4)";
    on!(tx, insert, |conn, sql| sqlx::query(sql)
        .bind(id)
        .bind(email)
        .bind(place)
        .bind(at)
        .execute(conn)
        .await
        .map(|_| ()))
}

/// How many tries failed.
#[derive(Clone, Copy, Debug, FromRow)]
pub struct Failures {
    /// Of this account from this place.
    pub here: i64,
    /// Of this account, from anywhere.
    pub of_account: i64,
    /// From this place, of any account.
    pub from_place: i64,
}

/// How many tries failed since a moment.
pub async fn failures(tx: &mut Tx, email: &str, place: &str, since: DateTime<Utc>) -> StoreResult<Failures> {
    let select = "SELECT (SELECT COUNT(*) FROM failed_sign_ins
                           WHERE email = $1 AND at > $3 AND address = $2) AS here,
                         (SELECT COUNT(*) FROM failed_sign_ins WHERE email = $1 AND at > $3) AS of_account,
                         (SELECT COUNT(*) FROM failed_sign_ins WHERE address = $2 AND at > $3) AS from_place";
    on!(tx, select, |conn, sql| sqlx::query_as(sql).bind(email).bind(place).bind(since).fetch_one(conn).await)
}

/// Strikes out a try that was right.
pub async fn forget(tx: &mut Tx, id: Uuid) -> StoreResult<()> {
    let delete = "DELETE FROM failed_sign_ins WHERE id = $1";
    on!(tx, delete, |conn, sql| sqlx::query(sql).bind(id).execute(conn).await.map(|_| ()))
}

/// Forgets the failed tries of an account from a place where it has signed in now.
pub async fn forgive(tx: &mut Tx, email: &str, place: &str) -> StoreResult<()> {
    let delete = "DELETE FROM failed_sign_ins WHERE email = $1 AND address = $2";
    on!(tx, delete, |conn, sql| sqlx::query(sql).bind(email).bind(place).execute(conn).await.map(|_| ()))
}

/// Forgets all failed tries of an account whose password is another one now.
pub async fn forgive_all(tx: &mut Tx, email: &str) -> StoreResult<()> {
    let delete = "DELETE FROM failed_sign_ins WHERE email = $1";
    on!(tx, delete, |conn, sql| sqlx::query(sql).bind(email).execute(conn).await.map(|_| ()))
}

/// Forgets failed tries that are old.
pub async fn forget_failures(tx: &mut Tx, before: DateTime<Utc>) -> StoreResult<u64> {
    let delete = "DELETE FROM failed_sign_ins WHERE at < $1";
    on!(tx, delete, |conn, sql| sqlx::query(sql)
        .bind(before)
        .execute(conn)
        .await
        .map(|done| done.rows_affected()))
}
