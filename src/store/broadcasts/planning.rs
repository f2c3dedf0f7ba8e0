//! How a broadcast comes about at the console: written, counted, approved; and what is still to be done with those that
//! were begun.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{Broadcast, broadcasts, on};
use crate::store::{Sql, StoreResult, Tx};

const LOCK: Sql = Sql::pair(broadcasts!("WHERE id = $1"), broadcasts!("WHERE id = $1 FOR UPDATE"));

/// A broadcast, locked until the transaction ends.
pub async fn lock(tx: &mut Tx, id: Uuid) -> StoreResult<Option<Broadcast>> {
    on!(tx, LOCK, |conn, sql| sqlx::query_as(sql).bind(id).fetch_optional(conn).await)
}

/// Writes down all that may change of a broadcast while it is not begun, and its beginning.
pub async fn put(tx: &mut Tx, broadcast: &Broadcast) -> StoreResult<()> {
    let update = "UPDATE broadcasts
                     SET made_by = $2, why = $3, segment = $4, words = $5, emergency = $6, state = $7, people = $8,
                         made_at = $9, program = $10, account_id = $11, submitted_at = $12, approved_by = $13,
                         approved_at = $14, counted = $15, count_asked_at = $16, ended_at = $17,
                         submitted_by = $18, submitted_account = $19
                   WHERE id = $1";
    on!(tx, update, |conn, sql| sqlx::query(sql)
        .bind(broadcast.id)
        .bind(&broadcast.made_by)
        .bind(&broadcast.why)
        .bind(&broadcast.segment)
        .bind(&broadcast.words)
        .bind(broadcast.emergency)
        .bind(&broadcast.state)
        .bind(broadcast.people)
        .bind(broadcast.made_at)
        .bind(&broadcast.program)
        .bind(broadcast.account_id)
        .bind(broadcast.submitted_at)
        .bind(&broadcast.approved_by)
        .bind(broadcast.approved_at)
        .bind(&broadcast.counted)
        .bind(broadcast.count_asked_at)
        .bind(broadcast.ended_at)
        .bind(&broadcast.submitted_by)
        .bind(broadcast.submitted_account)
        .execute(conn)
        .await
        .map(|_| ()))
}

/// Keeps what a count came to, unless another was asked for meanwhile: the audience may be another one by now.
pub async fn keep_count(tx: &mut Tx, id: Uuid, asked: DateTime<Utc>, counted: &str) -> StoreResult<()> {
    let update =
        "UPDATE broadcasts SET counted = $3, count_asked_at = NULL WHERE id = $1 AND count_asked_at = $2";
    on!(tx, update, |conn, sql| sqlx::query(sql)
        .bind(id)
        .bind(asked)
        .bind(counted)
        .execute(conn)
        .await
        .map(|_| ()))
}

/// Up to this person a broadcast has been queued.
pub async fn queued_to(tx: &mut Tx, id: Uuid, person: Uuid) -> StoreResult<()> {
    let update = "UPDATE broadcasts SET queued_to = $2 WHERE id = $1";
    on!(tx, update, |conn, sql| sqlx::query(sql).bind(id).bind(person).execute(conn).await.map(|_| ()))
}

/// Nothing of a stopped broadcast waits any more.
pub async fn cleared(tx: &mut Tx, id: Uuid, now: DateTime<Utc>) -> StoreResult<()> {
    let update = "UPDATE broadcasts SET cleared_at = $2 WHERE id = $1 AND cleared_at IS NULL";
    on!(tx, update, |conn, sql| sqlx::query(sql).bind(id).bind(now).execute(conn).await.map(|_| ()))
}

const LIST: Sql = Sql::pair(
    broadcasts!(
        "WHERE (program IN (SELECT value FROM json_each($1)) OR $2) AND id < $3
           AND ($4 = 'all' OR $4 = CASE WHEN state IN ('draft', 'waiting') THEN 'planned'
                                        WHEN state = 'sending' THEN 'going'
                                        WHEN state = 'sent' AND (waiting IS NULL OR waiting > 0) THEN 'going'
                                        ELSE 'finished' END)
         ORDER BY id DESC LIMIT $5"
    ),
    broadcasts!(
        "WHERE (program = ANY (ARRAY(SELECT json_array_elements_text($1::json))) OR $2)
           AND id < $3
           AND ($4 = 'all' OR $4 = CASE WHEN state IN ('draft', 'waiting') THEN 'planned'
                                        WHEN state = 'sending' THEN 'going'
                                        WHEN state = 'sent' AND (waiting IS NULL OR waiting > 0) THEN 'going'
                                        ELSE 'finished' END)
         ORDER BY id DESC LIMIT $5"
    ),
);

/// The broadcasts of these programs before one, the newest first; `every`: all there are, of whatever program. `stage`: those
/// that are *planned*, *going* or *finished*; or *all*.
pub async fn list(
    tx: &mut Tx,
    (programs, every): (&[String], bool),
    stage: &str,
    before: Uuid,
    limit: i64,
) -> StoreResult<Vec<Broadcast>> {
    let programs = serde_json::to_string(programs).unwrap_or_default();
    on!(tx, LIST, |conn, sql| sqlx::query_as(sql)
        .bind(programs)
        .bind(every)
        .bind(before)
        .bind(stage)
        .bind(limit)
        .fetch_all(conn)
        .await)
}

/// The emergencies that were begun at the console and are being queued.
pub async fn urgent(tx: &mut Tx) -> StoreResult<Vec<Uuid>> {
    let select = "SELECT id FROM broadcasts WHERE state = 'sending' AND emergency AND account_id IS NOT NULL";
    on!(tx, select, |conn, sql| sqlx::query_scalar(sql).fetch_all(conn).await)
}

/// The broadcasts that something may be left to do with: to count, to queue, to take back, to reckon up.
pub async fn at_hand(tx: &mut Tx, since: DateTime<Utc>) -> StoreResult<Vec<Broadcast>> {
    let select = broadcasts!(
        "WHERE count_asked_at IS NOT NULL OR state = 'sending' OR (state = 'stopped' AND cleared_at IS NULL)
            OR (state IN ('sent', 'stopped') AND (outcome_at IS NULL OR made_at > $1 OR outcome_at < ended_at))
         ORDER BY emergency DESC, id"
    );
    on!(tx, select, |conn, sql| sqlx::query_as(sql).bind(since).fetch_all(conn).await)
}
