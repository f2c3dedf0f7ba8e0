//! What the service itself must remember: duties, holds, caps, alarms, audit, facts.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use sqlx::FromRow;
use uuid::Uuid;

use super::{Sql, StoreResult, Tx, on};

/// Takes or keeps a duty until `until`; false while another holds it.
pub async fn hold_duty(
    tx: &mut Tx,
    name: &str,
    holder: Uuid,
    now: DateTime<Utc>,
    until: DateTime<Utc>,
) -> StoreResult<bool> {
    let upsert = "INSERT INTO duties (name, holder, until) VALUES ($1, $2, $4)
                  ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until = excluded.until
                   WHERE duties.holder = $2 OR duties.until <= $3 OR duties.until > $5";
    // What another holds for so long was written by a clock that was wrong.
    let beyond = until + TimeDelta::hours(1);
    on!(tx, upsert, |conn, sql| sqlx::query(sql)
        .bind(name)
        .bind(holder)
        .bind(now)
        .bind(until)
        .bind(beyond)
        .execute(conn)
        .await
        .map(|done| done.rows_affected() == 1))
}

/// Gives a duty back.
pub async fn leave_duty(tx: &mut Tx, name: &str, holder: Uuid) -> StoreResult<()> {
    let delete = "DELETE FROM duties WHERE name = $1 AND holder = $2";
    on!(tx, delete, |conn, sql| sqlx::query(sql).bind(name).bind(holder).execute(conn).await.map(|_| ()))
}

/// What a sender has used, and whether it may send.
#[derive(Clone, Debug, FromRow)]
pub struct Account {
    /// It may not send before.
    pub held_until: Option<DateTime<Utc>>,
    /// Up to when its segments a second are spent.
    pub paced_until: DateTime<Utc>,
    /// The day that the segments belong to.
    pub day: NaiveDate,
    /// Segments charged on that day.
    pub segments: i64,
    /// The dispatcher that is at work.
    pub worker: Option<Uuid>,
    /// Until when others leave its unasked texts to it.
    pub worker_until: Option<DateTime<Utc>>,
}

const ACCOUNT: Sql = Sql::pair(
    "SELECT held_until, paced_until, day, segments, worker, worker_until FROM sender_accounts WHERE sender = $1",
    "SELECT held_until, paced_until, day, segments, worker, worker_until FROM sender_accounts WHERE sender = $1 FOR UPDATE",
);

/// A sender's account, opened if it has none, locked until the transaction ends: of several processes one
/// claims at a time, and each sees what the others have used.
pub async fn account(tx: &mut Tx, sender: &str, now: DateTime<Utc>) -> StoreResult<Account> {
    let found = on!(tx, ACCOUNT, |conn, sql| sqlx::query_as(sql).bind(sender).fetch_optional(conn).await)?;
    if let Some(account) = found {
        return Ok(account);
    }
    let insert = "INSERT INTO sender_accounts (sender, paced_until, day, segments) VALUES ($1, $2, $3, 0)
                  ON CONFLICT DO NOTHING";
    on!(tx, insert, |conn, sql| sqlx::query(sql)
        .bind(sender)
        .bind(now)
        .bind(now.date_naive())
        .execute(conn)
        .await
        .map(|_| ()))?;
    on!(tx, ACCOUNT, |conn, sql| sqlx::query_as(sql).bind(sender).fetch_one(conn).await)
}

/// The dispatcher that is at work for a sender, and until when, without waiting for whoever has the account locked.
pub async fn at_work(tx: &mut Tx, sender: &str) -> StoreResult<Option<(Uuid, DateTime<Utc>)>> {
    let select = "SELECT worker, worker_until FROM sender_accounts WHERE sender = $1 AND worker IS NOT NULL";
    on!(tx, select, |conn, sql| sqlx::query_as(sql).bind(sender).fetch_optional(conn).await)
}

/// Charges a sender: what its account says from here on, of its pace, of a day's segments, and of who is at work.
pub async fn charge(
    tx: &mut Tx,
    sender: &str,
    paced_until: DateTime<Utc>,
    (day, segments): (NaiveDate, i64),
    at_work: Option<(Uuid, DateTime<Utc>)>,
) -> StoreResult<()> {
    let update =
        "UPDATE sender_accounts SET paced_until = $2, day = $3, segments = $4, worker = $5, worker_until = $6
                   WHERE sender = $1";
    on!(tx, update, |conn, sql| sqlx::query(sql)
        .bind(sender)
        .bind(paced_until)
        .bind(day)
        .bind(segments)
        .bind(at_work.map(|(worker, _)| worker))
        .bind(at_work.map(|(_, until)| until))
        .execute(conn)
        .await
        .map(|_| ()))
}

/// Gives back what a sender was charged with on a day for texts that did not leave.
pub async fn refund(tx: &mut Tx, sender: &str, day: NaiveDate, segments: i64) -> StoreResult<()> {
    let update = "UPDATE sender_accounts SET segments = CASE WHEN segments > $3 THEN segments - $3 ELSE 0 END
                   WHERE sender = $1 AND day = $2";
    on!(tx, update, |conn, sql| sqlx::query(sql)
        .bind(sender)
        .bind(day)
        .bind(segments)
        .execute(conn)
        .await
        .map(|_| ()))
}

/// Keeps a sender from sending until `until`.
pub async fn hold_sender(tx: &mut Tx, sender: &str, until: DateTime<Utc>, reason: &str) -> StoreResult<()> {
    let upsert = "INSERT INTO sender_accounts (sender, held_until, hold_reason, paced_until, day, segments)
                  VALUES ($1, $2, $3, $4, $5, 0)
                  ON CONFLICT (sender) DO UPDATE SET held_until = excluded.held_until,
                                                     hold_reason = excluded.hold_reason";
    on!(tx, upsert, |conn, sql| sqlx::query(sql)
        .bind(sender)
        .bind(until)
        .bind(reason)
        .bind(DateTime::UNIX_EPOCH)
        .bind(NaiveDate::default())
        .execute(conn)
        .await
        .map(|_| ()))
}

/// A gateway is left alone because of trouble, since this moment unless it was before.
pub async fn open_circuit(tx: &mut Tx, sender: &str, gateway: &str, now: DateTime<Utc>) -> StoreResult<()> {
    let insert =
        "INSERT INTO circuits (sender, gateway, open_since) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
    on!(tx, insert, |conn, sql| sqlx::query(sql)
        .bind(sender)
        .bind(gateway)
        .bind(now)
        .execute(conn)
        .await
        .map(|_| ()))
}

/// It is not any more.
pub async fn close_circuit(tx: &mut Tx, sender: &str, gateway: &str) -> StoreResult<()> {
    let delete = "DELETE FROM circuits WHERE sender = $1 AND gateway = $2";
    on!(tx, delete, |conn, sql| sqlx::query(sql).bind(sender).bind(gateway).execute(conn).await.map(|_| ()))
}

/// Raises an alarm, unless one of the same kind and subject was raised since `unless_since`.
pub async fn alarm(
    tx: &mut Tx,
    id: Uuid,
    kind: &str,
    subject: &str,
    detail: &str,
    now: DateTime<Utc>,
    unless_since: DateTime<Utc>,
) -> StoreResult<bool> {
    let insert = "INSERT INTO alarms (id, at, kind, subject, detail)
                  SELECT $1, $2, $3, $4, $5
                   WHERE NOT EXISTS (SELECT 1 FROM alarms WHERE kind = $3 AND subject = $4 AND at > $6)";
    on!(tx, insert, |conn, sql| sqlx::query(sql)
        .bind(id)
        .bind(now)
        .bind(kind)
        .bind(subject)
        .bind(detail)
        .bind(unless_since)
        .execute(conn)
        .await
        .map(|done| done.rows_affected() == 1))
}

/// A fact about this database.
pub async fn fact(tx: &mut Tx, name: &str) -> StoreResult<Option<String>> {
    let select = "SELECT value FROM facts WHERE name = $1";
    on!(tx, select, |conn, sql| sqlx::query_scalar(sql).bind(name).fetch_optional(conn).await)
}

/// Sets a fact about this database.
pub async fn set_fact(tx: &mut Tx, name: &str, value: &str) -> StoreResult<()> {
    let upsert = "INSERT INTO facts (name, value) VALUES ($1, $2)
                  ON CONFLICT (name) DO UPDATE SET value = excluded.value";
    on!(tx, upsert, |conn, sql| sqlx::query(sql).bind(name).bind(value).execute(conn).await.map(|_| ()))
}

/// Moves a fact on from what it was; whether it was that still. Who moves it first goes on, and whoever did the same work
/// beside it finds that it has moved and leaves the work alone.
pub async fn move_fact(tx: &mut Tx, name: &str, from: Option<&str>, to: &str) -> StoreResult<bool> {
    let write = match from {
        Some(_) => "UPDATE facts SET value = $2 WHERE name = $1 AND value = $3",
        None => {
            "INSERT INTO facts (name, value) SELECT $1, $2 WHERE CAST($3 AS TEXT) IS NULL ON CONFLICT DO NOTHING"
        }
    };
    on!(tx, write, |conn, sql| sqlx::query(sql)
        .bind(name)
        .bind(to)
        .bind(from)
        .execute(conn)
        .await
        .map(|done| done.rows_affected() == 1))
}

/// Whether nobody has ever written to this service.
pub async fn is_empty(tx: &mut Tx) -> StoreResult<bool> {
    let select = "SELECT (SELECT COUNT(*) FROM subscribers) + (SELECT COUNT(*) FROM inbox)";
    let rows: i64 = on!(tx, select, |conn, sql| sqlx::query_scalar(sql).fetch_one(conn).await)?;
    Ok(rows == 0)
}
