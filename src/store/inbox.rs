//! Texts received: written before anything acts on them, handled once.

use chrono::{DateTime, Utc};
use sqlx::FromRow;
use uuid::Uuid;

use super::{Sql, StoreResult, Tx, on};

/// A text as received.
#[derive(Clone, Debug)]
pub struct Received {
    /// Our id for it.
    pub id: Uuid,
    /// The gateway it came by.
    pub gateway: String,
    /// The provider's id for it.
    pub provider_id: String,
    /// Which of our senders it was sent to.
    pub sender: String,
    /// Who sent it.
    pub phone: String,
    /// Its words.
    pub body: String,
    /// stop, start, help: the provider answered her itself.
    pub answered_by: Option<String>,
    /// When.
    pub at: DateTime<Utc>,
}

/// Writes a text received; false if the provider sent it before.
pub async fn insert(tx: &mut Tx, received: &Received) -> StoreResult<bool> {
    let insert = "INSERT INTO inbox (id, gateway, provider_id, sender, phone, body, answered_by, received_at,
                                     state, next_try_at)
                  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, $8)
                  ON CONFLICT (gateway, provider_id) DO NOTHING";
    on!(tx, insert, |conn, sql| sqlx::query(sql)
        .bind(received.id)
        .bind(&received.gateway)
        .bind(&received.provider_id)
        .bind(&received.sender)
        .bind(&received.phone)
        .bind(&received.body)
        .bind(&received.answered_by)
        .bind(received.at)
        .execute(conn)
        .await
        .map(|done| done.rows_affected() == 1))
}

/// A text waiting to be handled.
#[derive(Clone, FromRow)]
pub struct Waiting {
    /// Our id for it.
    pub id: Uuid,
    /// The gateway it came by.
    pub gateway: String,
    /// Which of our senders it was sent to.
    pub sender: String,
    /// Who sent it.
    pub phone: String,
    /// Its words.
    pub body: String,
    /// The provider answered her itself.
    pub answered_by: Option<String>,
    /// When it came.
    pub received_at: DateTime<Utc>,
    /// How often handling it failed.
    pub tries: i16,
}

// A woman's texts are handled in the order in which they came: none is leased while an earlier one waits.
const LEASE: Sql = Sql::pair(
    "UPDATE inbox SET state = 1, lease = $1, next_try_at = $2
      WHERE id IN (SELECT i.id FROM inbox i
                    WHERE i.state < 2 AND i.next_try_at <= $3
                      AND NOT EXISTS (SELECT 1 FROM inbox e WHERE e.phone = i.phone AND e.state < 2
                                         AND (e.received_at < i.received_at
                                              OR (e.received_at = i.received_at AND e.id < i.id)))
                    ORDER BY i.received_at LIMIT $4)
  RETURNING id, gateway, sender, phone, body, answered_by, received_at, tries",
    "UPDATE inbox SET state = 1, lease = $1, next_try_at = $2
      WHERE id IN (SELECT i.id FROM inbox i
                    WHERE i.state < 2 AND i.next_try_at <= $3
                      AND NOT EXISTS (SELECT 1 FROM inbox e WHERE e.phone = i.phone AND e.state < 2
                                         AND (e.received_at < i.received_at
                                              OR (e.received_at = i.received_at AND e.id < i.id)))
                    ORDER BY i.received_at LIMIT $4 FOR UPDATE SKIP LOCKED)
  RETURNING id, gateway, sender, phone, body, answered_by, received_at, tries",
);

/// Takes texts to handle, until `until`. A lease that ran out is taken anew: its holder died.
pub async fn lease(
    tx: &mut Tx,
    lease: Uuid,
    until: DateTime<Utc>,
    now: DateTime<Utc>,
    limit: i64,
) -> StoreResult<Vec<Waiting>> {
    let mut texts: Vec<Waiting> = on!(tx, LEASE, |conn, sql| sqlx::query_as(sql)
        .bind(lease)
        .bind(until)
        .bind(now)
        .bind(limit)
        .fetch_all(conn)
        .await)?;
    texts.sort_by_key(|text| (text.received_at, text.id));
    Ok(texts)
}

/// Marks a text handled; false if the lease was lost, and then the transaction must not commit.
pub async fn handled(
    tx: &mut Tx,
    id: Uuid,
    lease: Uuid,
    intent: Option<&str>,
    now: DateTime<Utc>,
) -> StoreResult<bool> {
    let update = "UPDATE inbox SET state = 2, lease = NULL, handled_at = $3, intent = $4
                   WHERE id = $1 AND lease = $2 AND state = 1";
    on!(tx, update, |conn, sql| sqlx::query(sql)
        .bind(id)
        .bind(lease)
        .bind(now)
        .bind(intent)
        .execute(conn)
        .await
        .map(|done| done.rows_affected() == 1))
}

/// Puts a text back after a failure, to be tried at `next_try_at`; `give_up` leaves it to a person.
pub async fn failed(
    tx: &mut Tx,
    id: Uuid,
    lease: Uuid,
    next_try_at: DateTime<Utc>,
    give_up: bool,
) -> StoreResult<()> {
    let update = "UPDATE inbox SET state = $3, lease = NULL, tries = tries + 1, next_try_at = $4
                   WHERE id = $1 AND lease = $2 AND state = 1";
    let state: i16 = if give_up { 3 } else { 0 };
    on!(tx, update, |conn, sql| sqlx::query(sql)
        .bind(id)
        .bind(lease)
        .bind(state)
        .bind(next_try_at)
        .execute(conn)
        .await
        .map(|_| ()))
}

/// Frees every leased text: for a start at which nobody else can hold one.
pub async fn free_all(tx: &mut Tx, now: DateTime<Utc>) -> StoreResult<()> {
    let update = "UPDATE inbox SET state = 0, lease = NULL, next_try_at = $1 WHERE state = 1";
    on!(tx, update, |conn, sql| sqlx::query(sql).bind(now).execute(conn).await.map(|_| ()))
}

/// How many texts wait, and since when the oldest does.
pub async fn backlog(tx: &mut Tx) -> StoreResult<(i64, Option<DateTime<Utc>>)> {
    let select = "SELECT COUNT(*), MIN(received_at) FROM inbox WHERE state < 2";
    on!(tx, select, |conn, sql| sqlx::query_as(sql).fetch_one(conn).await)
}

/// A text she sent, for an operator's eyes.
#[derive(Clone, Debug, FromRow)]
pub struct Heard {
    /// When it came.
    pub received_at: DateTime<Utc>,
    /// Its words.
    pub body: String,
    /// What it was taken for.
    pub intent: Option<String>,
}

/// The texts a number sent, the oldest first.
pub async fn heard_from(tx: &mut Tx, phone: &str) -> StoreResult<Vec<Heard>> {
    let select = "SELECT received_at, body, intent FROM inbox WHERE phone = $1 ORDER BY received_at, id";
    on!(tx, select, |conn, sql| sqlx::query_as(sql).bind(phone).fetch_all(conn).await)
}
