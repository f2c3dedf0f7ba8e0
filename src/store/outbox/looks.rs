//! Looks at the outbox: for workers, transcripts, operators and metrics. Nothing here writes.

use chrono::{DateTime, Utc};
use sqlx::FromRow;
use uuid::Uuid;

use crate::ids::text_of;
use crate::store::{StoreResult, Tx, on};

/// When the earliest waiting or doubtful text is to be looked at.
pub async fn next_moment(tx: &mut Tx) -> StoreResult<Option<DateTime<Utc>>> {
    let select = "SELECT MIN(next_try_at) FROM outbox WHERE state IN (0, 3)";
    on!(tx, select, |conn, sql| sqlx::query_scalar(sql).fetch_one(conn).await)
}

/// What a transcript tells of a text.
#[derive(Clone, Debug, FromRow)]
pub struct Told {
    /// What it is.
    pub kind: String,
    /// The tip's track.
    pub track: Option<String>,
    /// The tip.
    pub tip: Option<String>,
    /// The tip's week.
    pub week: Option<i32>,
    /// How many SMS it takes.
    pub segments: i32,
    /// Her zone.
    pub zone: Option<String>,
}

/// The text of an attempt, for a transcript.
pub async fn told(tx: &mut Tx, attempt: Uuid) -> StoreResult<Option<Told>> {
    let select = "SELECT t.kind, t.track, t.tip, t.week, t.segments, s.zone
                    FROM texts t JOIN subscribers s ON s.id = t.subscriber_id
                   WHERE t.id = $1";
    let (text, _) = text_of(attempt);
    on!(tx, select, |conn, sql| sqlx::query_as(sql).bind(text).fetch_optional(conn).await)
}

/// Whether an answer to her waits, and no try of it has begun.
pub async fn answer_waits(tx: &mut Tx, subscriber: Uuid) -> StoreResult<bool> {
    let select = "SELECT EXISTS (SELECT 1 FROM outbox
                                  WHERE subscriber_id = $1 AND state = 0 AND kind <> 'tip' AND lane = 0)";
    on!(tx, select, |conn, sql| sqlx::query_scalar(sql).bind(subscriber).fetch_one(conn).await)
}

/// How many texts are in each state that is not an end, a lane, and the oldest due moment of those waiting.
pub async fn depth(tx: &mut Tx) -> StoreResult<Vec<(i16, i16, i64, Option<DateTime<Utc>>)>> {
    let select = "SELECT state, lane, COUNT(*), MIN(next_try_at) FROM outbox
                   GROUP BY state, lane ORDER BY state, lane";
    on!(tx, select, |conn, sql| sqlx::query_as(sql).fetch_all(conn).await)
}

/// How many texts of each sender are in doubt.
pub async fn doubts(tx: &mut Tx) -> StoreResult<Vec<(String, i64)>> {
    let select = "SELECT sender, COUNT(*) FROM outbox WHERE state = 3 GROUP BY sender";
    on!(tx, select, |conn, sql| sqlx::query_as(sql).fetch_all(conn).await)
}

/// A text that is not a tip, for an operator's eyes.
#[derive(Clone, Debug, FromRow)]
pub struct Answered {
    /// When it was queued.
    pub queued_at: DateTime<Utc>,
    /// What it is.
    pub kind: String,
    /// Its state's code.
    pub state: i16,
    /// Why it did not arrive.
    pub reason: Option<String>,
}

/// A person's texts that are not tips, the oldest first.
pub async fn answers_to(tx: &mut Tx, subscriber: Uuid) -> StoreResult<Vec<Answered>> {
    let select = "SELECT queued_at, kind, state, reason, id FROM outbox WHERE subscriber_id = $1 AND kind <> 'tip'
                   UNION ALL
                  SELECT queued_at, kind, state, reason, id FROM history WHERE subscriber_id = $1 AND kind <> 'tip'
                   ORDER BY queued_at, id";
    on!(tx, select, |conn, sql| sqlx::query_as(sql).bind(subscriber).fetch_all(conn).await)
}
