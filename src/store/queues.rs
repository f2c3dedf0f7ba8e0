//! What waits to be sent and why, as it is at this moment. The outbox may hold a morning's millions, so nothing here
//! counts further than [`MOST`]: each statement walks along an index of what waits, and stops there.

use chrono::{DateTime, Utc};
use sqlx::FromRow;
use uuid::Uuid;

use super::outbox::{ANSWERS, URGENT};
use super::{StoreResult, Tx, on};

/// Nothing is counted further: beyond it "more than" says enough.
pub const MOST: i64 = 20_000;

/// Part of a queue.
#[derive(Clone, Copy, Debug)]
pub struct Queue<'a> {
    /// Of this sender.
    pub sender: &'a str,
    /// In this lane.
    pub lane: i16,
    /// Of this program; none, but for the lane of what nobody asked for: of every one.
    pub program: Option<&'a str>,
}

/// What waits in it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, FromRow)]
pub struct Waiting {
    /// Texts whose time has come.
    pub due: i64,
    /// Since when the first of them could go.
    pub since: Option<DateTime<Utc>>,
}

macro_rules! due {
    ($lane:literal, $program:literal) => {
        concat!(
            "SELECT COUNT(*) AS due, MIN(next_try_at) AS since
               FROM (SELECT next_try_at FROM outbox WHERE state = 0 AND lane = ",
            $lane,
            " AND sender = $1 AND next_try_at <= $2 AND ",
            $program,
            " ORDER BY next_try_at LIMIT $4) waiting"
        )
    };
}

/// What is due in a queue.
pub async fn due(tx: &mut Tx, queue: Queue<'_>, now: DateTime<Utc>) -> StoreResult<Waiting> {
    let select = match queue.lane {
        ANSWERS => due!("0", "($3 = '*' OR program = $3)"),
        URGENT => due!("2", "($3 = '*' OR program = $3)"),
        _ => due!("1", "program = $3"),
    };
    on!(tx, select, |conn, sql| sqlx::query_as(sql)
        .bind(queue.sender)
        .bind(now)
        .bind(queue.program.unwrap_or("*"))
        .bind(MOST + 1)
        .fetch_one(conn)
        .await)
}

/// What waits of a program's unasked texts for a later time, by the code of the try that came to nothing; without one
/// they wait for their window.
pub async fn later(
    tx: &mut Tx,
    sender: &str,
    program: &str,
    now: DateTime<Utc>,
) -> StoreResult<Vec<(String, i64)>> {
    let select = "SELECT code, COUNT(*) FROM
                      (SELECT COALESCE(code, '') AS code FROM outbox
                        WHERE state = 0 AND lane = 1 AND sender = $1 AND program = $2 AND next_try_at > $3
                        ORDER BY next_try_at LIMIT $4) waiting
                  GROUP BY code ORDER BY 2 DESC";
    on!(tx, select, |conn, sql| sqlx::query_as(sql)
        .bind(sender)
        .bind(program)
        .bind(now)
        .bind(MOST + 1)
        .fetch_all(conn)
        .await)
}

/// Texts in doubt, by sender and program.
pub async fn doubts(tx: &mut Tx) -> StoreResult<Vec<(String, String, i64)>> {
    let select = "SELECT sender, program, COUNT(*) FROM outbox WHERE state = 3 GROUP BY sender, program";
    on!(tx, select, |conn, sql| sqlx::query_as(sql).fetch_all(conn).await)
}

/// Texts on the wire, by sender and program.
pub async fn sending(tx: &mut Tx) -> StoreResult<Vec<(String, String, i64)>> {
    let select = "SELECT sender, program, COUNT(*) FROM outbox WHERE state = 2 GROUP BY sender, program";
    on!(tx, select, |conn, sql| sqlx::query_as(sql).fetch_all(conn).await)
}

/// How many texts that were queued in a range of ids have not ended, [`MOST`] and one at most.
pub async fn unended(tx: &mut Tx, (from, to): (Uuid, Uuid), program: Option<&str>) -> StoreResult<i64> {
    let select = "SELECT COUNT(*) FROM (SELECT id FROM outbox WHERE id >= $1 AND id < $2 AND ($3 = '*' OR program = $3)
                                         ORDER BY id LIMIT $4) waiting";
    on!(tx, select, |conn, sql| sqlx::query_scalar(sql)
        .bind(from)
        .bind(to)
        .bind(program.unwrap_or("*"))
        .bind(MOST + 1)
        .fetch_one(conn)
        .await)
}

/// The text that was queued first of all that wait.
#[derive(Clone, Debug, FromRow)]
pub struct Oldest {
    /// It.
    pub id: Uuid,
    /// What it is.
    pub kind: String,
    /// Of which program.
    pub program: String,
    /// By which sender.
    pub sender: String,
    /// Since when it waits.
    pub queued_at: DateTime<Utc>,
    /// When it is tried next.
    pub next_try_at: DateTime<Utc>,
    /// Why the last try came to nothing.
    pub reason: Option<String>,
}

/// The oldest unsent text of a program; none: of all.
pub async fn oldest(tx: &mut Tx, program: Option<&str>) -> StoreResult<Option<Oldest>> {
    let select = "SELECT id, kind, program, sender, queued_at, next_try_at, reason FROM outbox
                   WHERE $1 = '*' OR program = $1 ORDER BY id LIMIT 1";
    on!(tx, select, |conn, sql| sqlx::query_as(sql).bind(program.unwrap_or("*")).fetch_optional(conn).await)
}

/// What keeps a sender.
#[derive(Clone, Debug, FromRow)]
pub struct Keeping {
    /// The sender.
    pub sender: String,
    /// It may not send before.
    pub held_until: Option<DateTime<Utc>>,
    /// Why.
    pub hold_reason: Option<String>,
    /// Segments it was charged with on its day.
    pub segments: i64,
    /// That day.
    pub day: chrono::NaiveDate,
}

/// What keeps the senders.
pub async fn keeping(tx: &mut Tx) -> StoreResult<Vec<Keeping>> {
    let select = "SELECT sender, held_until, hold_reason, segments, day FROM sender_accounts ORDER BY sender";
    on!(tx, select, |conn, sql| sqlx::query_as(sql).fetch_all(conn).await)
}

/// Gateways that are left alone because of trouble: sender, gateway, since when.
pub async fn circuits(tx: &mut Tx) -> StoreResult<Vec<(String, String, DateTime<Utc>)>> {
    let select = "SELECT sender, gateway, open_since FROM circuits ORDER BY sender, gateway";
    on!(tx, select, |conn, sql| sqlx::query_as(sql).fetch_all(conn).await)
}

/// What was raised for an operator.
#[derive(Clone, Debug, FromRow)]
pub struct Raised {
    /// What it is about.
    pub kind: String,
    /// Sender, gateway, program …
    pub subject: String,
    /// As a sentence.
    pub detail: String,
    /// When.
    pub at: DateTime<Utc>,
}

/// The alarms raised since an id was made, the newest first, so many at most.
pub async fn raised(tx: &mut Tx, since: Uuid, most: i64) -> StoreResult<Vec<Raised>> {
    let select = "SELECT kind, subject, detail, at FROM alarms WHERE id >= $1 ORDER BY id DESC LIMIT $2";
    on!(tx, select, |conn, sql| sqlx::query_as(sql).bind(since).bind(most).fetch_all(conn).await)
}

/// Help items that wait, by program and urgency, with the oldest of each.
pub async fn helps(tx: &mut Tx) -> StoreResult<Vec<(String, i16, i64, DateTime<Utc>)>> {
    let select = "SELECT program, urgency, COUNT(*), MIN(opened_at) FROM help_items WHERE state = 'open'
                   GROUP BY program, urgency";
    on!(tx, select, |conn, sql| sqlx::query_as(sql).fetch_all(conn).await)
}
