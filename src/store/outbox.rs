//! Texts to send, from queued to their end. The states are [`State`]'s; this file moves rows between them
//! and nothing else does.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::{FromRow, QueryBuilder};
use uuid::Uuid;

use super::{Sql, StoreResult, Tx, on};
use crate::domain::delivery::State;
use crate::domain::language::Language;
use crate::domain::named::named;
use crate::domain::segment::Encoding;

named! {
    /// What a text is.
    pub enum Kind {
        /// An answer to what she just wrote.
        Reply = "reply",
        /// A tip that is due.
        Tip = "tip",
        /// A reminder of an open question.
        Nudge = "nudge",
        /// A reminder of a date.
        Reminder = "reminder",
    }
}

/// The lane of answers; it is served first.
pub const ANSWERS: i16 = 0;
/// The lane of everything unasked.
pub const UNASKED: i16 = 1;

/// The words of a text.
#[derive(Clone, Debug)]
pub enum Words {
    /// Stored once, by their hash, and shared.
    Shared([u8; 32]),
    /// Hers alone.
    Own(String),
}

/// A text to queue.
#[derive(Clone, Debug)]
pub struct NewText {
    /// Its id.
    pub id: Uuid,
    /// For whom.
    pub subscriber: Uuid,
    /// For which enrollment.
    pub enrollment: Option<Uuid>,
    /// The text it answers.
    pub answers: Option<Uuid>,
    /// By which sender.
    pub sender: String,
    /// To which number.
    pub phone: String,
    /// What it is.
    pub kind: Kind,
    /// In which language.
    pub language: Language,
    /// Its words.
    pub words: Words,
    /// How they travel.
    pub encoding: Encoding,
    /// How many SMS they take.
    pub segments: u32,
    /// Of which program.
    pub program: Option<String>,
    /// From which edition.
    pub edition: Option<i64>,
    /// Which tip, where in its track, and for which local day.
    pub tip: Option<TipPlace>,
    /// Now.
    pub queued_at: DateTime<Utc>,
    /// Not before.
    pub due_at: DateTime<Utc>,
    /// Too late from here on.
    pub not_after: DateTime<Utc>,
    /// The end of the window it was placed in.
    pub window_closes_at: Option<DateTime<Utc>>,
}

/// Which tip a text carries.
#[derive(Clone, Debug)]
pub struct TipPlace {
    /// Its id.
    pub tip: String,
    /// Its track.
    pub track: &'static str,
    /// Its week.
    pub week: i32,
    /// Her local day.
    pub on: NaiveDate,
}

impl NewText {
    fn lane(&self) -> i16 {
        if self.answers.is_some() { ANSWERS } else { UNASKED }
    }
}

/// Queues texts.
pub async fn queue(tx: &mut Tx, texts: &[NewText]) -> StoreResult<()> {
    if texts.is_empty() {
        return Ok(());
    }
    let insert = "INSERT INTO outbox (id, subscriber_id, enrollment_id, inbox_id, sender, phone, lane, kind,
                                      language, wording, body, encoding, segments, program, edition, tip,
                                      track, week, occurs_on, queued_at, not_after, window_closes_at, state,
                                      next_try_at) ";
    on!(tx, insert, |conn, sql| {
        let mut query = QueryBuilder::new(sql);
        query.push_values(texts, |mut row, text| {
            let (hash, body) = match &text.words {
                Words::Shared(hash) => (Some(hash.as_slice()), None),
                Words::Own(body) => (None, Some(body.as_str())),
            };
            row.push_bind(text.id)
                .push_bind(text.subscriber)
                .push_bind(text.enrollment)
                .push_bind(text.answers)
                .push_bind(&text.sender)
                .push_bind(&text.phone)
                .push_bind(text.lane())
                .push_bind(text.kind.name())
                .push_bind(text.language.as_str())
                .push_bind(hash)
                .push_bind(body)
                .push_bind(text.encoding.name())
                .push_bind(text.segments as i32)
                .push_bind(&text.program)
                .push_bind(text.edition)
                .push_bind(text.tip.as_ref().map(|tip| tip.tip.as_str()))
                .push_bind(text.tip.as_ref().map(|tip| tip.track))
                .push_bind(text.tip.as_ref().map(|tip| tip.week))
                .push_bind(text.tip.as_ref().map(|tip| tip.on))
                .push_bind(text.queued_at)
                .push_bind(text.not_after)
                .push_bind(text.window_closes_at)
                .push_bind(State::Queued.code())
                .push_bind(text.due_at);
        });
        query.build().persistent(false).execute(conn).await.map(|_| ())
    })
}

/// Stores words to be shared, each once.
pub async fn share_words(tx: &mut Tx, words: &[(&[u8; 32], &str, Encoding, u32)]) -> StoreResult<()> {
    if words.is_empty() {
        return Ok(());
    }
    on!(tx, "INSERT INTO wordings (hash, body, encoding, segments) ", |conn, sql| {
        let mut query = QueryBuilder::new(sql);
        query.push_values(words, |mut row, (hash, body, encoding, segments)| {
            row.push_bind(hash.as_slice())
                .push_bind(*body)
                .push_bind(encoding.name())
                .push_bind(*segments as i32);
        });
        query.push(" ON CONFLICT (hash) DO NOTHING");
        query.build().persistent(false).execute(conn).await.map(|_| ())
    })
}

/// The words stored under each of these hashes.
pub async fn shared_words(tx: &mut Tx, hashes: &HashSet<Vec<u8>>) -> StoreResult<HashMap<Vec<u8>, String>> {
    if hashes.is_empty() {
        return Ok(HashMap::new());
    }
    let rows: Vec<(Vec<u8>, String)> =
        on!(tx, "SELECT hash, body FROM wordings WHERE hash IN (", |conn, sql| {
            let mut query = QueryBuilder::new(sql);
            let mut list = query.separated(", ");
            for hash in hashes {
                list.push_bind(hash.as_slice());
            }
            query.push(")");
            query.build_query_as().persistent(false).fetch_all(conn).await
        })?;
    Ok(rows.into_iter().collect())
}

/// Which of a person's waiting texts to take back.
#[derive(Clone, Copy, Debug)]
pub enum Cancel {
    /// All of them.
    All,
    /// All that nobody asked for, of one enrollment.
    UnaskedOf(Uuid),
}

/// Takes back what waits and what is leased but not begun; gives the ids. A text whose attempt is written
/// may be on the wire and stays.
pub async fn cancel(
    tx: &mut Tx,
    subscriber: Uuid,
    which: Cancel,
    reason: &str,
    now: DateTime<Utc>,
) -> StoreResult<Vec<Uuid>> {
    let update = "UPDATE outbox SET state = 9, lease = NULL, ended_at = $2, reason = $3
                   WHERE subscriber_id = $1 AND state IN (0, 1)
                     AND ($4 IS NULL OR (lane = 1 AND enrollment_id = $4))
               RETURNING id";
    let enrollment = match which {
        Cancel::All => None,
        Cancel::UnaskedOf(enrollment) => Some(enrollment),
    };
    on!(tx, update, |conn, sql| sqlx::query_scalar(sql)
        .bind(subscriber)
        .bind(now)
        .bind(reason)
        .bind(enrollment)
        .fetch_all(conn)
        .await)
}

/// A text in a dispatcher's hands.
#[derive(Clone, FromRow)]
pub struct Leased {
    /// Its id.
    pub id: Uuid,
    /// For whom.
    pub subscriber_id: Uuid,
    /// For which enrollment.
    pub enrollment_id: Option<Uuid>,
    /// To which number.
    pub phone: String,
    /// The hash of its shared words.
    pub wording: Option<Vec<u8>>,
    /// Its own words.
    pub body: Option<String>,
    /// How they travel.
    pub encoding: String,
    /// How many SMS they take.
    pub segments: i32,
    /// Too late from here on.
    pub not_after: DateTime<Utc>,
    /// The end of the window it was placed in.
    pub window_closes_at: Option<DateTime<Utc>>,
    /// Attempts so far.
    pub tries: i16,
}

const LEASE: Sql = Sql::pair(
    "UPDATE outbox SET state = 1, lease = $1, next_try_at = $2
      WHERE id IN (SELECT id FROM outbox
                    WHERE sender = $3 AND lane = $4 AND state = 0 AND next_try_at <= $5
                    ORDER BY next_try_at LIMIT $6)
  RETURNING id, subscriber_id, enrollment_id, phone, wording, body, encoding, segments, not_after,
            window_closes_at, tries",
    "UPDATE outbox SET state = 1, lease = $1, next_try_at = $2
      WHERE id IN (SELECT id FROM outbox
                    WHERE sender = $3 AND lane = $4 AND state = 0 AND next_try_at <= $5
                    ORDER BY next_try_at LIMIT $6 FOR UPDATE SKIP LOCKED)
  RETURNING id, subscriber_id, enrollment_id, phone, wording, body, encoding, segments, not_after,
            window_closes_at, tries",
);

/// A dispatcher's claim: its token, and until when it holds.
#[derive(Clone, Copy, Debug)]
pub struct Lease {
    /// A result counts only under the same token.
    pub token: Uuid,
    /// When it runs out.
    pub until: DateTime<Utc>,
}

/// Takes texts of one lane that are due.
pub async fn lease(
    tx: &mut Tx,
    lease: Lease,
    sender: &str,
    lane: i16,
    now: DateTime<Utc>,
    limit: i64,
) -> StoreResult<Vec<Leased>> {
    on!(tx, LEASE, |conn, sql| sqlx::query_as(sql)
        .bind(lease.token)
        .bind(lease.until)
        .bind(sender)
        .bind(lane)
        .bind(now)
        .bind(limit)
        .fetch_all(conn)
        .await)
}

/// Gives leased texts back, each to be tried at its time.
pub async fn give_back(tx: &mut Tx, token: Uuid, texts: &[(Uuid, DateTime<Utc>)]) -> StoreResult<()> {
    if texts.is_empty() {
        return Ok(());
    }
    on!(tx, "WITH v (id, at) AS (", |conn, sql| {
        let mut query = QueryBuilder::new(sql);
        query.push_values(texts, |mut row, (id, at)| {
            row.push_bind(*id).push_bind(*at);
        });
        query.push(
            ") UPDATE outbox SET state = 0, lease = NULL, next_try_at = v.at
                 FROM v WHERE outbox.id = v.id AND outbox.state = 1 AND outbox.lease = ",
        );
        query.push_bind(token);
        query.build().persistent(false).execute(conn).await.map(|_| ())
    })
}

/// Begins the send of leased texts: the last check that she has not stopped and that it is not too late.
/// Gives those that may go, with the number of their attempt.
pub async fn begin(
    tx: &mut Tx,
    lease: Lease,
    texts: &[Uuid],
    now: DateTime<Utc>,
) -> StoreResult<Vec<(Uuid, i16)>> {
    if texts.is_empty() {
        return Ok(Vec::new());
    }
    on!(tx, "UPDATE outbox SET state = 2, tries = tries + 1, next_try_at = ", |conn, sql| {
        let mut query = QueryBuilder::new(sql);
        query.push_bind(lease.until);
        query.push(" WHERE state = 1 AND lease = ").push_bind(lease.token);
        query.push(" AND not_after > ").push_bind(now);
        query.push(
            " AND EXISTS (SELECT 1 FROM subscribers s
                           WHERE s.id = outbox.subscriber_id
                             AND (s.stopped_at IS NULL
                                  OR (outbox.inbox_id IS NOT NULL AND outbox.queued_at >= s.stopped_at)))
              AND id IN (",
        );
        let mut ids = query.separated(", ");
        for id in texts {
            ids.push_bind(*id);
        }
        query.push(") RETURNING id, tries");
        query.build_query_as().persistent(false).fetch_all(conn).await
    })
}

/// Ends those of these leased texts that were not begun: the ones too late expire, the others are canceled
/// because she has stopped.
pub async fn settle_unbegun(tx: &mut Tx, token: Uuid, texts: &[Uuid], now: DateTime<Utc>) -> StoreResult<()> {
    if texts.is_empty() {
        return Ok(());
    }
    on!(tx, "UPDATE outbox SET state = CASE WHEN not_after <= ", |conn, sql| {
        let mut query = QueryBuilder::new(sql);
        query.push_bind(now);
        query.push(" THEN 8 ELSE 9 END, reason = CASE WHEN not_after <= ").push_bind(now);
        query.push(" THEN 'its time had passed before it could be sent' ELSE 'she had stopped' END,");
        query.push(" lease = NULL, ended_at = ").push_bind(now);
        query.push(" WHERE state = 1 AND lease = ").push_bind(token).push(" AND id IN (");
        let mut ids = query.separated(", ");
        for id in texts {
            ids.push_bind(*id);
        }
        query.push(")");
        query.build().persistent(false).execute(conn).await.map(|_| ())
    })
}

/// Ends leased texts that may not be sent to their number at all.
pub async fn refuse(
    tx: &mut Tx,
    token: Uuid,
    texts: &[Uuid],
    reason: &str,
    now: DateTime<Utc>,
) -> StoreResult<()> {
    for text in texts {
        let update =
            "UPDATE outbox SET state = 7, lease = NULL, ended_at = $3, code = 'not_allowed', reason = $4
                       WHERE id = $1 AND lease = $2 AND state = 1";
        on!(tx, update, |conn, sql| sqlx::query(sql)
            .bind(*text)
            .bind(token)
            .bind(now)
            .bind(reason)
            .execute(conn)
            .await
            .map(|_| ()))?;
    }
    Ok(())
}

/// What a send has come to.
#[derive(Clone, Debug)]
pub struct Settled {
    /// The text.
    pub id: Uuid,
    /// Its state now.
    pub state: State,
    /// When to try again, or when doubt is looked at; otherwise when it ended.
    pub at: DateTime<Utc>,
    /// The provider's code.
    pub code: Option<String>,
    /// As a plain sentence.
    pub reason: Option<String>,
}

/// Records what sends came to. One whose lease was lost, or of which a report already told more, stays.
pub async fn settle(tx: &mut Tx, token: Uuid, results: &[Settled]) -> StoreResult<()> {
    if results.is_empty() {
        return Ok(());
    }
    on!(tx, "WITH v (id, state, at, code, reason) AS (", |conn, sql| {
        let mut query = QueryBuilder::new(sql);
        query.push_values(results, |mut row, result| {
            row.push_bind(result.id)
                .push_bind(result.state.code())
                .push_bind(result.at)
                .push_bind(&result.code)
                .push_bind(&result.reason);
        });
        query.push(
            ") UPDATE outbox SET state = v.state, next_try_at = v.at, ended_at = v.at, code = v.code,
                                 reason = v.reason, lease = NULL
                 FROM v WHERE outbox.id = v.id AND outbox.state = 2 AND outbox.lease = ",
        );
        query.push_bind(token);
        query.build().persistent(false).execute(conn).await.map(|_| ())
    })
}

/// Frees what dead dispatchers held whose leases end by `by`: leased texts wait again, begun ones are in doubt
/// until `look_at`. Gives the ids of the doubtful.
pub async fn recover(
    tx: &mut Tx,
    by: DateTime<Utc>,
    now: DateTime<Utc>,
    look_at: DateTime<Utc>,
) -> StoreResult<Vec<Uuid>> {
    let free =
        "UPDATE outbox SET state = 0, lease = NULL, next_try_at = $2 WHERE state = 1 AND next_try_at <= $1";
    on!(tx, free, |conn, sql| sqlx::query(sql).bind(by).bind(now).execute(conn).await.map(|_| ()))?;
    let doubt = "UPDATE outbox SET state = 3, lease = NULL, next_try_at = $2, code = 'crash',
                                   reason = 'the service stopped while it was being sent'
                  WHERE state = 2 AND next_try_at <= $1 RETURNING id";
    on!(tx, doubt, |conn, sql| sqlx::query_scalar(sql).bind(by).bind(look_at).fetch_all(conn).await)
}

/// Expires what waits and is too late to be right.
pub async fn expire(tx: &mut Tx, now: DateTime<Utc>) -> StoreResult<u64> {
    let update = "UPDATE outbox SET state = 8, ended_at = $1,
                                    reason = 'its time had passed before it could be sent'
                   WHERE state = 0 AND next_try_at <= $1 AND not_after <= $1";
    on!(tx, update, |conn, sql| sqlx::query(sql)
        .bind(now)
        .execute(conn)
        .await
        .map(|done| done.rows_affected()))
}

/// A text in doubt, with its last attempt.
#[derive(Clone, FromRow)]
pub struct Doubtful {
    /// The text.
    pub id: Uuid,
    /// Its sender.
    pub sender: String,
    /// To which number.
    pub phone: String,
    /// The hash of its shared words.
    pub wording: Option<Vec<u8>>,
    /// Its own words.
    pub body: Option<String>,
    /// Too late from here on.
    pub not_after: DateTime<Utc>,
    /// Attempts so far.
    pub tries: i16,
    /// The attempt in doubt.
    pub attempt_id: Uuid,
    /// When it began.
    pub began_at: DateTime<Utc>,
}

/// The texts whose doubt is to be looked at now.
pub async fn doubtful(tx: &mut Tx, now: DateTime<Utc>, limit: i64) -> StoreResult<Vec<Doubtful>> {
    let select = "SELECT o.id, o.sender, o.phone, o.wording, o.body, o.not_after, o.tries,
                         a.id AS attempt_id, a.began_at
                    FROM outbox o JOIN attempts a ON a.outbox_id = o.id AND a.number = o.tries
                   WHERE o.state = 3 AND o.next_try_at <= $1 ORDER BY o.next_try_at LIMIT $2";
    on!(tx, select, |conn, sql| sqlx::query_as(sql).bind(now).bind(limit).fetch_all(conn).await)
}

/// Records what became of a text in doubt, unless evidence came first.
pub async fn resolve_doubt(tx: &mut Tx, result: &Settled) -> StoreResult<()> {
    let update = "UPDATE outbox SET state = $2, next_try_at = $3, ended_at = $3, code = $4, reason = $5
                   WHERE id = $1 AND state = 3";
    on!(tx, update, |conn, sql| sqlx::query(sql)
        .bind(result.id)
        .bind(result.state.code())
        .bind(result.at)
        .bind(&result.code)
        .bind(&result.reason)
        .execute(conn)
        .await
        .map(|_| ()))
}

/// When the earliest waiting or doubtful text is to be looked at.
pub async fn next_moment(tx: &mut Tx) -> StoreResult<Option<DateTime<Utc>>> {
    let select = "SELECT MIN(next_try_at) FROM outbox WHERE state IN (0, 1, 2, 3)";
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
    let select = "SELECT o.kind, o.track, o.tip, o.week, o.segments, s.zone
                    FROM attempts a JOIN outbox o ON o.id = a.outbox_id
                                    JOIN subscribers s ON s.id = o.subscriber_id
                   WHERE a.id = $1";
    on!(tx, select, |conn, sql| sqlx::query_as(sql).bind(attempt).fetch_optional(conn).await)
}

/// How many texts are in each state that is not an end, and the oldest due moment of those waiting.
pub async fn depth(tx: &mut Tx) -> StoreResult<Vec<(i16, i16, i64, Option<DateTime<Utc>>)>> {
    let select = "SELECT state, lane, COUNT(*), MIN(next_try_at) FROM outbox
                   WHERE state IN (0, 1, 2, 3) GROUP BY state, lane ORDER BY state, lane";
    on!(tx, select, |conn, sql| sqlx::query_as(sql).fetch_all(conn).await)
}

/// The program of an unasked text and her zone: what its window depends on.
pub async fn window_of(tx: &mut Tx, text: Uuid) -> StoreResult<Option<(Option<String>, Option<String>)>> {
    let select = "SELECT o.program, s.zone FROM outbox o JOIN subscribers s ON s.id = o.subscriber_id
                   WHERE o.id = $1";
    on!(tx, select, |conn, sql| sqlx::query_as(sql).bind(text).fetch_optional(conn).await)
}

/// Gives a leased text back, placed in another window.
pub async fn place(
    tx: &mut Tx,
    token: Uuid,
    text: Uuid,
    at: DateTime<Utc>,
    closes: DateTime<Utc>,
) -> StoreResult<()> {
    let update = "UPDATE outbox SET state = 0, lease = NULL, next_try_at = $3, window_closes_at = $4
                   WHERE id = $1 AND lease = $2 AND state = 1";
    on!(tx, update, |conn, sql| sqlx::query(sql)
        .bind(text)
        .bind(token)
        .bind(at)
        .bind(closes)
        .execute(conn)
        .await
        .map(|_| ()))
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
    let select = "SELECT queued_at, kind, state, reason FROM outbox
                   WHERE subscriber_id = $1 AND kind <> 'tip' ORDER BY queued_at, id";
    on!(tx, select, |conn, sql| sqlx::query_as(sql).bind(subscriber).fetch_all(conn).await)
}
