//! Visits that she noted.

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use sqlx::FromRow;
use uuid::Uuid;

use super::{StoreResult, Tx, on};
use crate::domain::conversation::{Visit, When};

/// As a time of day is kept.
const CLOCK: &str = "%H:%M";

#[derive(FromRow)]
struct Row {
    id: Uuid,
    on_day: NaiveDate,
    at_time: Option<String>,
}

impl From<Row> for Visit {
    fn from(row: Row) -> Self {
        let at = row.at_time.and_then(|time| NaiveTime::parse_from_str(&time, CLOCK).ok());
        Self { id: row.id, when: When { on: row.on_day, at } }
    }
}

/// Notes a visit.
pub async fn note(
    tx: &mut Tx,
    subscriber: Uuid,
    enrollment: Option<Uuid>,
    visit: &Visit,
    now: DateTime<Utc>,
) -> StoreResult<()> {
    let insert = "INSERT INTO visits (id, subscriber_id, enrollment_id, on_day, at_time, state, noted_at)
                  VALUES ($1, $2, $3, $4, $5, 'noted', $6)";
    on!(tx, insert, |conn, sql| sqlx::query(sql)
        .bind(visit.id)
        .bind(subscriber)
        .bind(enrollment)
        .bind(visit.when.on)
        .bind(visit.when.at.map(|time| time.format(CLOCK).to_string()))
        .bind(now)
        .execute(conn)
        .await
        .map(|_| ()))
}

/// Her noted visits from a day on, the earliest first.
pub async fn noted(tx: &mut Tx, subscriber: Uuid, from: NaiveDate) -> StoreResult<Vec<Visit>> {
    let select = "SELECT id, on_day, at_time FROM visits
                   WHERE subscriber_id = $1 AND on_day >= $2 AND state = 'noted' ORDER BY on_day, at_time, id";
    let rows: Vec<Row> =
        on!(tx, select, |conn, sql| sqlx::query_as(sql).bind(subscriber).bind(from).fetch_all(conn).await)?;
    Ok(rows.into_iter().map(Visit::from).collect())
}

/// A visit that is still noted.
pub async fn find(tx: &mut Tx, visit: Uuid) -> StoreResult<Option<Visit>> {
    let select = "SELECT id, on_day, at_time FROM visits WHERE id = $1 AND state = 'noted'";
    let row: Option<Row> =
        on!(tx, select, |conn, sql| sqlx::query_as(sql).bind(visit).fetch_optional(conn).await)?;
    Ok(row.map(Visit::from))
}

/// What became of a visit: `kept`, `missed`, `canceled`.
pub async fn settle(tx: &mut Tx, subscriber: Uuid, visit: Uuid, state: &str) -> StoreResult<()> {
    let update = "UPDATE visits SET state = $3 WHERE id = $2 AND subscriber_id = $1";
    on!(tx, update, |conn, sql| sqlx::query(sql)
        .bind(subscriber)
        .bind(visit)
        .bind(state)
        .execute(conn)
        .await
        .map(|_| ()))
}

/// Gives all visits of a person to another.
pub async fn hand_over(tx: &mut Tx, from: Uuid, to: Uuid) -> StoreResult<()> {
    let update = "UPDATE visits SET subscriber_id = $2 WHERE subscriber_id = $1";
    on!(tx, update, |conn, sql| sqlx::query(sql).bind(from).bind(to).execute(conn).await.map(|_| ()))
}
