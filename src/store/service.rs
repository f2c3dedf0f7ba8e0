//! What the service itself must remember: editions, duties, holds, caps, alarms, audit, facts.

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use super::{StoreResult, Tx, on};

/// The number of the edition with a hash, stored if it is new.
pub async fn edition(tx: &mut Tx, hash: &str, files: &str, now: DateTime<Utc>) -> StoreResult<i64> {
    let select = "SELECT number FROM editions WHERE hash = $1";
    let insert = "INSERT INTO editions (number, hash, files, made_at)
                  SELECT COALESCE(MAX(number), 0) + 1, $1, $2, $3 FROM editions
                   WHERE TRUE -- SQLite would read ON as part of a join
                  ON CONFLICT DO NOTHING";
    on!(tx, insert, |conn, sql| sqlx::query(sql)
        .bind(hash)
        .bind(files)
        .bind(now)
        .execute(conn)
        .await
        .map(|_| ()))?;
    on!(tx, select, |conn, sql| sqlx::query_scalar(sql).bind(hash).fetch_one(conn).await)
}

/// The newest edition: its number and its files, as JSON.
pub async fn newest_edition(tx: &mut Tx) -> StoreResult<Option<(i64, String)>> {
    let select = "SELECT number, files FROM editions ORDER BY number DESC LIMIT 1";
    on!(tx, select, |conn, sql| sqlx::query_as(sql).fetch_optional(conn).await)
}

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
                   WHERE duties.holder = $2 OR duties.until <= $3";
    on!(tx, upsert, |conn, sql| sqlx::query(sql)
        .bind(name)
        .bind(holder)
        .bind(now)
        .bind(until)
        .execute(conn)
        .await
        .map(|done| done.rows_affected() == 1))
}

/// Keeps a sender from sending until `until`.
pub async fn hold_sender(tx: &mut Tx, sender: &str, until: DateTime<Utc>, reason: &str) -> StoreResult<()> {
    let upsert = "INSERT INTO sender_holds (sender, until, reason) VALUES ($1, $2, $3)
                  ON CONFLICT (sender) DO UPDATE SET until = excluded.until, reason = excluded.reason";
    on!(tx, upsert, |conn, sql| sqlx::query(sql)
        .bind(sender)
        .bind(until)
        .bind(reason)
        .execute(conn)
        .await
        .map(|_| ()))
}

/// Until when a sender is held, if it is.
pub async fn sender_held(
    tx: &mut Tx,
    sender: &str,
    now: DateTime<Utc>,
) -> StoreResult<Option<DateTime<Utc>>> {
    let select = "SELECT until FROM sender_holds WHERE sender = $1 AND until > $2";
    on!(tx, select, |conn, sql| sqlx::query_scalar(sql).bind(sender).bind(now).fetch_optional(conn).await)
}

/// Charges a sender with segments; gives its total of the day.
pub async fn charge(tx: &mut Tx, sender: &str, day: NaiveDate, segments: i64) -> StoreResult<i64> {
    let upsert = "INSERT INTO sender_days (sender, day, segments) VALUES ($1, $2, $3)
                  ON CONFLICT (sender, day) DO UPDATE SET segments = sender_days.segments + excluded.segments
                  RETURNING segments";
    on!(tx, upsert, |conn, sql| sqlx::query_scalar(sql)
        .bind(sender)
        .bind(day)
        .bind(segments)
        .fetch_one(conn)
        .await)
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

/// Writes down who changed what.
pub async fn audit(
    tx: &mut Tx,
    id: Uuid,
    at: DateTime<Utc>,
    actor: &str,
    action: &str,
    subscriber: Option<Uuid>,
    detail: &str,
) -> StoreResult<()> {
    let insert = "INSERT INTO audit (id, at, actor, action, subscriber_id, detail)
                  VALUES ($1, $2, $3, $4, $5, $6)";
    on!(tx, insert, |conn, sql| sqlx::query(sql)
        .bind(id)
        .bind(at)
        .bind(actor)
        .bind(action)
        .bind(subscriber)
        .bind(detail)
        .execute(conn)
        .await
        .map(|_| ()))
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

/// Whether nobody has ever written to this service.
pub async fn is_empty(tx: &mut Tx) -> StoreResult<bool> {
    let select = "SELECT (SELECT COUNT(*) FROM subscribers) + (SELECT COUNT(*) FROM inbox)";
    let rows: i64 = on!(tx, select, |conn, sql| sqlx::query_scalar(sql).fetch_one(conn).await)?;
    Ok(rows == 0)
}
