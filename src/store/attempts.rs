//! One row a try, written before the send and closed after it.

use chrono::{DateTime, Utc};
use sqlx::{FromRow, QueryBuilder};
use uuid::Uuid;

use super::{StoreResult, Tx, on};

/// A try to be begun.
#[derive(Clone, Copy, Debug)]
pub struct Begun {
    /// Our name for the send.
    pub id: Uuid,
    /// The text.
    pub text: Uuid,
    /// Which try it is.
    pub number: i16,
}

/// Writes tries in the transaction that begins their texts.
pub async fn insert(tx: &mut Tx, gateway: &str, begun: &[Begun], now: DateTime<Utc>) -> StoreResult<()> {
    if begun.is_empty() {
        return Ok(());
    }
    on!(tx, "INSERT INTO attempts (id, outbox_id, number, gateway, began_at) ", |conn, sql| {
        let mut query = QueryBuilder::new(sql);
        query.push_values(begun, |mut row, attempt| {
            row.push_bind(attempt.id)
                .push_bind(attempt.text)
                .push_bind(attempt.number)
                .push_bind(gateway)
                .push_bind(now);
        });
        query.build().persistent(false).execute(conn).await.map(|_| ())
    })
}

/// How a try ended.
#[derive(Clone, Debug)]
pub struct Ended {
    /// Our name for the send.
    pub id: Uuid,
    /// accepted, refused_recipient, refused_us, transient, ambiguous.
    pub outcome: &'static str,
    /// The provider's name for it.
    pub provider_id: Option<String>,
    /// The provider's code.
    pub code: Option<String>,
    /// As a plain sentence.
    pub sentence: Option<String>,
}

/// Closes tries.
pub async fn close(tx: &mut Tx, ended: &[Ended], now: DateTime<Utc>) -> StoreResult<()> {
    if ended.is_empty() {
        return Ok(());
    }
    on!(tx, "WITH v (id, outcome, provider_id, code, sentence) AS (", |conn, sql| {
        let mut query = QueryBuilder::new(sql);
        query.push_values(ended, |mut row, attempt| {
            row.push_bind(attempt.id)
                .push_bind(attempt.outcome)
                .push_bind(&attempt.provider_id)
                .push_bind(&attempt.code)
                .push_bind(&attempt.sentence);
        });
        query.push(") UPDATE attempts SET outcome = v.outcome, provider_id = v.provider_id, code = v.code,");
        query.push(" sentence = v.sentence, ended_at = ").push_bind(now);
        query.push(" FROM v WHERE attempts.id = v.id AND attempts.ended_at IS NULL");
        query.build().persistent(false).execute(conn).await.map(|_| ())
    })
}

/// Closes the open try of texts whose dispatcher died: nobody knows how it ended.
pub async fn close_orphans(tx: &mut Tx, texts: &[Uuid], now: DateTime<Utc>) -> StoreResult<()> {
    if texts.is_empty() {
        return Ok(());
    }
    on!(tx, "UPDATE attempts SET outcome = 'ambiguous', code = 'crash', ended_at = ", |conn, sql| {
        let mut query = QueryBuilder::new(sql);
        query.push_bind(now).push(" WHERE ended_at IS NULL AND outbox_id IN (");
        let mut ids = query.separated(", ");
        for id in texts {
            ids.push_bind(*id);
        }
        query.push(")");
        query.build().persistent(false).execute(conn).await.map(|_| ())
    })
}

/// A try, found by one of its names, with its text.
#[derive(Clone, Debug, FromRow)]
pub struct Found {
    /// Our name for the send.
    pub id: Uuid,
    /// The text.
    pub outbox_id: Uuid,
    /// Which try it is.
    pub number: i16,
}

/// The try with our reference, or with the provider's name for it.
pub async fn find(
    tx: &mut Tx,
    gateway: &str,
    reference: Option<Uuid>,
    provider_id: Option<&str>,
) -> StoreResult<Option<Found>> {
    if let Some(reference) = reference {
        let select = "SELECT id, outbox_id, number FROM attempts WHERE id = $1 AND gateway = $2";
        let found = on!(tx, select, |conn, sql| sqlx::query_as(sql)
            .bind(reference)
            .bind(gateway)
            .fetch_optional(conn)
            .await)?;
        if found.is_some() {
            return Ok(found);
        }
    }
    let Some(provider_id) = provider_id else {
        return Ok(None);
    };
    let select = "SELECT id, outbox_id, number FROM attempts WHERE gateway = $1 AND provider_id = $2";
    on!(tx, select, |conn, sql| sqlx::query_as(sql)
        .bind(gateway)
        .bind(provider_id)
        .fetch_optional(conn)
        .await)
}

/// Writes down the provider's name for a try whose answer was lost.
pub async fn name(tx: &mut Tx, attempt: Uuid, provider_id: &str) -> StoreResult<()> {
    let update = "UPDATE attempts SET provider_id = $2 WHERE id = $1 AND provider_id IS NULL";
    on!(tx, update, |conn, sql| sqlx::query(sql)
        .bind(attempt)
        .bind(provider_id)
        .execute(conn)
        .await
        .map(|_| ()))
}
