//! Waiting texts placed elsewhere in time: taken back, in another window, spread again.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::domain::segment::Encoding;
use crate::store::{Sql, StoreResult, Tx, column, on};

/// Takes tries back that were begun and certainly not sent, to be begun anew at their time; gives the texts that were.
pub async fn take_back(tx: &mut Tx, texts: &[(Uuid, i16)], at: DateTime<Utc>) -> StoreResult<Vec<Uuid>> {
    // A state that is reckoned with invites PostgreSQL to no index.
    const ON_SQLITE: &str = "UPDATE outbox SET state = 0, tries = tries - 1, next_try_at = $3
                              WHERE id = $1 AND tries = $2 AND state IN (2, 3)";
    const ON_POSTGRES: &str = "UPDATE outbox o SET state = 0, tries = o.tries - 1, next_try_at = $3
                                 FROM unnest($1::uuid[], $2::int2[]) AS t (id, number)
                                WHERE o.id = t.id AND o.tries = t.number AND o.state + 0 IN (2, 3)
                            RETURNING o.id";
    match tx {
        Tx::Sqlite(tx) => {
            let mut taken = Vec::with_capacity(texts.len());
            for (id, number) in texts {
                let update = sqlx::query(ON_SQLITE).bind(*id).bind(*number).bind(at);
                if update.execute(&mut **tx).await?.rows_affected() > 0 {
                    taken.push(*id);
                }
            }
            Ok(taken)
        }
        Tx::Postgres(tx) => {
            sqlx::query_scalar(ON_POSTGRES)
                .bind(column(texts, |(id, _)| *id))
                .bind(column(texts, |(_, number)| *number))
                .bind(at)
                .fetch_all(&mut **tx)
                .await
        }
    }
}

/// Lets the try of a text in doubt be begun again under its name; `code` is [`REPEAT`](super::REPEAT) from here on.
pub async fn repeat(
    tx: &mut Tx,
    text: Uuid,
    number: i16,
    at: DateTime<Utc>,
    reason: &str,
) -> StoreResult<()> {
    let update = "UPDATE outbox SET state = 0, tries = tries - 1, next_try_at = $3, code = $4, reason = $5
                   WHERE id = $1 AND tries = $2 AND state = 3";
    on!(tx, update, |conn, sql| sqlx::query(sql)
        .bind(text)
        .bind(number)
        .bind(at)
        .bind(super::REPEAT)
        .bind(reason)
        .execute(conn)
        .await
        .map(|_| ()))
}

/// Leaves a text that was looked at to another gateway, and looks again at `at`.
pub async fn leave_to_another(tx: &mut Tx, text: Uuid, at: DateTime<Utc>) -> StoreResult<()> {
    let update = "UPDATE outbox SET state = 0, next_try_at = $2 WHERE id = $1 AND state = 11";
    on!(tx, update, |conn, sql| sqlx::query(sql).bind(text).bind(at).execute(conn).await.map(|_| ()))
}

/// The program and the language of a text, and whether it is of an enrollment: only then it is taken back after a loss.
pub async fn speaks(tx: &mut Tx, text: Uuid) -> StoreResult<Option<(String, String, bool)>> {
    let select = "SELECT program, language, enrollment_id IS NOT NULL FROM outbox WHERE id = $1";
    on!(tx, select, |conn, sql| sqlx::query_as(sql).bind(text).fetch_optional(conn).await)
}

/// What waits unasked to a person, planned tips and broadcasts aside, and is not covered yet: ids, programs and words.
pub async fn waiting_words(tx: &mut Tx, subscriber: Uuid) -> StoreResult<Vec<(Uuid, String, String)>> {
    let select = "SELECT o.id, o.program, COALESCE(o.body, w.body)
                    FROM outbox o LEFT JOIN wordings w ON w.hash = o.wording
                   WHERE o.subscriber_id = $1 AND o.kind <> 'tip' AND o.lane = 1 AND o.state = 0
                     AND o.program IS NOT NULL AND (o.body IS NOT NULL OR w.body IS NOT NULL)
                     AND NOT EXISTS (SELECT 1 FROM unread WHERE unread.id = o.id)
                   ORDER BY o.queued_at, o.id";
    on!(tx, select, |conn, sql| sqlx::query_as(sql).bind(subscriber).fetch_all(conn).await)
}

/// Gives a text that was looked at other words of its own, and lets it wait on.
pub async fn reword(
    tx: &mut Tx,
    text: Uuid,
    body: &str,
    encoding: Encoding,
    segments: u32,
) -> StoreResult<()> {
    let update =
        "UPDATE outbox SET state = 0, wording = NULL, body = $2, encoding = $3, segments = $4 WHERE id = $1";
    on!(tx, update, |conn, sql| sqlx::query(sql)
        .bind(text)
        .bind(body)
        .bind(encoding.name())
        .bind(segments as i32)
        .execute(conn)
        .await
        .map(|_| ()))
}

/// The program of an unasked text and her zone: what its window depends on.
pub async fn window_of(tx: &mut Tx, text: Uuid) -> StoreResult<Option<(String, Option<String>)>> {
    let select = "SELECT o.program, s.zone FROM outbox o JOIN subscribers s ON s.id = o.subscriber_id
                   WHERE o.id = $1";
    on!(tx, select, |conn, sql| sqlx::query_as(sql).bind(text).fetch_optional(conn).await)
}

/// Places a waiting text in another window.
pub async fn place(tx: &mut Tx, text: Uuid, at: DateTime<Utc>, closes: DateTime<Utc>) -> StoreResult<()> {
    let update = "UPDATE outbox SET next_try_at = $2, window_closes_at = $3 WHERE id = $1 AND state = 0";
    on!(tx, update, |conn, sql| sqlx::query(sql)
        .bind(text)
        .bind(at)
        .bind(closes)
        .execute(conn)
        .await
        .map(|_| ()))
}

/// Tips of a program that have been due since `before` or longer and whose windows are still open at `now`, with when
/// these close.
pub async fn late(
    tx: &mut Tx,
    sender: &str,
    program: &str,
    (before, now): (DateTime<Utc>, DateTime<Utc>),
    limit: i64,
) -> StoreResult<Vec<(Uuid, DateTime<Utc>)>> {
    const LATE: Sql = Sql::pair(
        "SELECT id, window_closes_at FROM outbox
          WHERE state = 0 AND lane = 1 AND sender = $1 AND program = $2 AND next_try_at <= $3 AND window_closes_at > $4
          ORDER BY next_try_at, id LIMIT $5",
        "SELECT id, window_closes_at FROM outbox
          WHERE state = 0 AND lane = 1 AND sender = $1 AND program = $2 AND next_try_at <= $3 AND window_closes_at > $4
          ORDER BY next_try_at, id LIMIT $5 FOR UPDATE SKIP LOCKED",
    );
    on!(tx, LATE, |conn, sql| sqlx::query_as(sql)
        .bind(sender)
        .bind(program)
        .bind(before)
        .bind(now)
        .bind(limit)
        .fetch_all(conn)
        .await)
}

/// Places waiting texts elsewhere in the windows that they have.
pub async fn place_all(tx: &mut Tx, places: &[(Uuid, DateTime<Utc>)]) -> StoreResult<()> {
    const ON_SQLITE: &str = "UPDATE outbox SET next_try_at = $2 WHERE id = $1 AND state = 0";
    const ON_POSTGRES: &str = "UPDATE outbox o SET next_try_at = p.at
                                 FROM unnest($1::uuid[], $2::timestamptz[]) AS p (id, at)
                                WHERE o.id = p.id AND o.state + 0 = 0";
    match tx {
        Tx::Sqlite(tx) => {
            for (text, at) in places {
                sqlx::query(ON_SQLITE).bind(*text).bind(*at).execute(&mut **tx).await?;
            }
        }
        Tx::Postgres(tx) => {
            let texts = column(places, |(text, _)| *text);
            let moments = column(places, |(_, at)| *at);
            sqlx::query(ON_POSTGRES).bind(texts).bind(moments).execute(&mut **tx).await?;
        }
    }
    Ok(())
}
