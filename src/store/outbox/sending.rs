//! Texts on their way: claimed, and what their tries came to.
//!
//! To claim a text is to begin a try of it: the row's own `tries`, `gateway` and `began_at` are the attempt,
//! written before anything is sent. A result counts only for the try it belongs to; that number is the fence
//! against a dispatcher that was taken for dead.

use chrono::{DateTime, Utc};
use sqlx::{FromRow, QueryBuilder};
use uuid::Uuid;

use crate::domain::delivery::State;
use crate::store::gathered::gathered;
use crate::store::{Sql, StoreResult, Tx, filled, on};

/// A text that fell due, and whether its try has begun.
#[derive(Clone, FromRow)]
pub struct Claimed {
    /// Its id.
    pub id: Uuid,
    /// For whom.
    pub subscriber_id: Uuid,
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
    /// When it fell due.
    pub next_try_at: DateTime<Utc>,
    /// 2: its try has begun. 0: its window has closed. 8: it is too late. 9: she has stopped. [`REVOKED`],
    /// [`ELSEWHERE`], [`RECALLED`]; of a broadcast also [`CALLED_OFF`], [`BEREAVED`], [`UNCOVERED`].
    pub state: i16,
    /// Tries so far, this one included if it has begun.
    pub tries: i16,
    /// The code of its last try that came to nothing, or [`REPEAT`].
    pub code: Option<String>,
}

/// The verdict on a tip that was planned from what has changed since, in the very moment of the change.
pub const REVOKED: i16 = 10;
/// The verdict on a text that is to be handed over once more under the same name, by another gateway than this.
pub const ELSEWHERE: i16 = 11;
/// The verdict on a tip that was recalled since it was queued.
pub const RECALLED: i16 = 12;
/// The verdict on a text of a broadcast that was stopped.
pub const CALLED_OFF: i16 = 13;
/// The verdict on a text of a broadcast to a woman who has told of a loss since, if it is not for her as well.
pub const BEREAVED: i16 = 14;
/// The verdict on a text of a broadcast or a correction that shows its words to a woman who has asked that nothing be shown.
pub const UNCOVERED: i16 = 15;
/// The code of a text in doubt that is handed over again: the same try, under the same name, by the same gateway, which
/// takes each name once.
pub const REPEAT: &str = "repeat";

/// Who claims, and when.
#[derive(Clone, Copy, Debug)]
pub struct Claim<'a> {
    /// The sender whose texts these are.
    pub sender: &'a str,
    /// The gateway that will carry them.
    pub gateway: &'a str,
    /// Now.
    pub now: DateTime<Utc>,
}

/// A place in the order of a queue: when a text is due, and its id.
pub type Place = (DateTime<Utc>, Uuid);

// The one statement that begins tries: the last look at whether she has stopped, whether her window is still
// open and whether the text is still right. It takes the rows that are due in their order and gives each its
// verdict (10 to 15 are no states); what must not go keeps its number of tries and is ended or
// placed anew in the same transaction. SQLite finds a row again by its rowid, without another look into an index.
// `also` are verdicts that only some texts need.
macro_rules! claim {
    ($key:literal, $also:literal, $which:literal, $lock:literal) => {
        concat!(
            "WITH due (key, verdict) AS MATERIALIZED (
                 SELECT o.",
            $key,
            ",
                        CASE WHEN o.not_after <= $1 THEN 8
                             WHEN o.window_closes_at <= $1 THEN 0
                             WHEN EXISTS (SELECT 1 FROM subscribers s
                                           WHERE s.id = o.subscriber_id AND s.stopped_at IS NOT NULL
                                             AND (o.inbox_id IS NULL OR o.queued_at < s.stopped_at)) THEN 9
                             WHEN EXISTS (SELECT 1 FROM revoked r
                                           WHERE r.enrollment_id = o.enrollment_id AND r.version = o.version) THEN 10
                             WHEN EXISTS (SELECT 1 FROM recalled_words w WHERE w.hash = o.wording) THEN 12
                             WHEN o.code = 'repeat' AND o.gateway <> $3 THEN 11
                             ",
            $also,
            "
                             ELSE 2 END
                   FROM outbox o
                  WHERE o.state = 0 AND ",
            $which,
            $lock,
            ") UPDATE outbox
                  SET state = due.verdict, tries = tries + CASE due.verdict WHEN 2 THEN 1 ELSE 0 END,
                      gateway = CASE due.verdict WHEN 2 THEN $3 ELSE gateway END,
                      began_at = CASE due.verdict WHEN 2 THEN $1 ELSE began_at END
                 FROM due WHERE outbox.",
            $key,
            " = due.key
            RETURNING outbox.id, subscriber_id, phone, wording, body, encoding, segments, not_after,
                      next_try_at, state, tries, code"
        )
    };
}

macro_rules! answers {
    ($key:literal, $lock:literal) => {
        claim!(
            $key,
            "",
            "o.lane = 0 AND o.sender = $2 AND o.next_try_at <= $1
              ORDER BY o.next_try_at, o.id LIMIT $4",
            $lock
        )
    };
}

macro_rules! unasked {
    ($key:literal, $lock:literal) => {
        claim!(
            $key,
            // A correction that was queued before corrections were broadcasts.
            "WHEN o.kind = 'correction' AND o.wording IS NOT NULL
                  AND EXISTS (SELECT 1 FROM subscribers s WHERE s.id = o.subscriber_id AND s.discreet) THEN 15",
            "o.lane = 1 AND o.sender = $2 AND o.program = $5 AND o.next_try_at <= $1
                AND (o.next_try_at, o.id) > ($6, $7)
              ORDER BY o.next_try_at, o.id LIMIT $4",
            $lock
        )
    };
}

// What a broadcast must be asked besides, in the lane of broadcasts alone: the others pay nothing for it. One that goes
// after a loss as well names no enrollment. A correction may name one that was over before the loss, which left it what it
// was (as `broadcasting::correcting` has it when it is queued).
macro_rules! with_broadcasts {
    ($key:literal, $which:literal, $lock:literal) => {
        claim!(
            $key,
            "WHEN o.lane = 2 AND EXISTS (SELECT 1 FROM broadcast_texts t JOIN broadcasts b ON b.id = t.broadcast_id
                                          WHERE t.text_id = o.id AND b.state = 'stopped') THEN 13
             WHEN o.lane = 2
                  AND EXISTS (SELECT 1 FROM enrollments e, subscribers s
                               WHERE e.id = o.enrollment_id AND s.id = o.subscriber_id
                                 AND (s.lost_at IS NOT NULL OR e.state IN ('frozen', 'supported')
                                      OR (o.kind = 'correction' AND e.state <> 'active'
                                          AND EXISTS (SELECT 1 FROM enrollments f
                                                       WHERE f.subscriber_id = o.subscriber_id
                                                         AND f.state IN ('frozen', 'supported')
                                                         AND (f.before_loss IS NOT NULL
                                                              OR f.enrolled_at >= e.enrolled_at))))) THEN 14
             WHEN o.lane = 2 AND o.wording IS NOT NULL
                  AND EXISTS (SELECT 1 FROM subscribers s WHERE s.id = o.subscriber_id AND s.discreet) THEN 15",
            $which,
            $lock
        )
    };
}

macro_rules! urgent {
    ($key:literal, $lock:literal) => {
        with_broadcasts!(
            $key,
            "o.lane = 2 AND o.sender = $2 AND o.next_try_at <= $1 AND (o.next_try_at, o.id) > ($5, $6)
              ORDER BY o.next_try_at, o.id LIMIT $4",
            $lock
        )
    };
}

macro_rules! one {
    ($key:literal, $lock:literal) => {
        with_broadcasts!($key, "o.sender = $2 AND o.id = $4", $lock)
    };
}

const ONE: Sql = Sql::pair(one!("rowid", ""), one!("id", " FOR UPDATE SKIP LOCKED"));
const ANSWERS: Sql = Sql::pair(answers!("rowid", ""), answers!("id", " FOR UPDATE SKIP LOCKED"));
const URGENT: Sql = Sql::pair(urgent!("rowid", ""), urgent!("id", " FOR UPDATE SKIP LOCKED"));
const UNASKED: Sql = Sql::pair(unasked!("rowid", ""), unasked!("id", " FOR UPDATE SKIP LOCKED"));

/// Claims answers that are due.
pub async fn claim_answers(tx: &mut Tx, claim: &Claim<'_>, limit: i64) -> StoreResult<Vec<Claimed>> {
    let texts = on!(tx, ANSWERS, |conn, sql| sqlx::query_as(sql)
        .bind(claim.now)
        .bind(claim.sender)
        .bind(claim.gateway)
        .bind(limit)
        .fetch_all(conn)
        .await);
    texts.map(in_order)
}

/// Claims one text, whether or not it is due; none if it waits no more.
pub async fn claim_one(tx: &mut Tx, claim: &Claim<'_>, text: Uuid) -> StoreResult<Option<Claimed>> {
    on!(tx, ONE, |conn, sql| sqlx::query_as(sql)
        .bind(claim.now)
        .bind(claim.sender)
        .bind(claim.gateway)
        .bind(text)
        .fetch_optional(conn)
        .await)
}

fn in_order(mut texts: Vec<Claimed>) -> Vec<Claimed> {
    texts.sort_unstable_by_key(|text| (text.next_try_at, text.id));
    texts
}

/// When the first broadcast's text that waits for a sender is due.
pub async fn first_urgent(tx: &mut Tx, sender: &str) -> StoreResult<Option<DateTime<Utc>>> {
    let select = "SELECT MIN(next_try_at) FROM outbox WHERE state = 0 AND lane = 2 AND sender = $1";
    on!(tx, select, |conn, sql| sqlx::query_scalar(sql).bind(sender).fetch_one(conn).await)
}

/// Claims texts of broadcasts that are due and come after a place in their queue.
pub async fn claim_urgent(
    tx: &mut Tx,
    claim: &Claim<'_>,
    after: Place,
    limit: i64,
) -> StoreResult<Vec<Claimed>> {
    let texts = on!(tx, URGENT, |conn, sql| gathered(
        sqlx::query_as(sql)
            .bind(claim.now)
            .bind(claim.sender)
            .bind(claim.gateway)
            .bind(limit)
            .bind(after.0)
            .bind(after.1)
            .fetch(conn)
    )
    .await);
    texts.map(in_order)
}

/// Claims unasked texts of one program that are due and come after a place in its queue.
pub async fn claim_unasked(
    tx: &mut Tx,
    claim: &Claim<'_>,
    program: &str,
    after: Place,
    limit: i64,
) -> StoreResult<Vec<Claimed>> {
    let texts = on!(tx, UNASKED, |conn, sql| gathered(
        sqlx::query_as(sql)
            .bind(claim.now)
            .bind(claim.sender)
            .bind(claim.gateway)
            .bind(limit)
            .bind(program)
            .bind(after.0)
            .bind(after.1)
            .fetch(conn)
    )
    .await);
    texts.map(in_order)
}

/// The programs that have unasked texts waiting for a sender, each found by one look into the index.
pub async fn programs_waiting(tx: &mut Tx, sender: &str) -> StoreResult<Vec<String>> {
    let next = "SELECT MIN(program) FROM outbox
                 WHERE state = 0 AND lane = 1 AND sender = $1 AND program > $2";
    let first = "SELECT MIN(program) FROM outbox WHERE state = 0 AND lane = 1 AND sender = $1";
    let mut found: Option<String> =
        on!(tx, first, |conn, sql| sqlx::query_scalar(sql).bind(sender).fetch_one(conn).await)?;
    let mut programs = Vec::new();
    while let Some(program) = found.take() {
        found = on!(tx, next, |conn, sql| sqlx::query_scalar(sql)
            .bind(sender)
            .bind(&program)
            .fetch_one(conn)
            .await)?;
        programs.push(program);
    }
    Ok(programs)
}

/// A text whose try came to nothing yet.
#[derive(Clone, Debug)]
pub struct Kept {
    /// The text.
    pub id: Uuid,
    /// Which try.
    pub number: i16,
    /// Whether this is what a try came to that was begun again under its name. Whoever had begun it first, and was
    /// taken for dead, has no say any more in when it goes again.
    pub repeats: bool,
    /// Queued or in doubt.
    pub state: State,
    /// When to try again, or to look at the doubt.
    pub at: DateTime<Utc>,
    /// The provider's code.
    pub code: Option<String>,
    /// As a plain sentence.
    pub reason: Option<String>,
}

const KEEP_POSTGRES: &str =
    "UPDATE outbox o SET state = r.state, next_try_at = r.at, code = r.code, reason = r.reason
       FROM unnest($1::uuid[], $2::int2[], $3::int2[], $4::timestamptz[], $5::text[], $6::text[], $7::bool[])
            AS r (id, number, state, at, code, reason, repeats)
      WHERE o.id = r.id AND o.tries = r.number AND (r.repeats OR COALESCE(o.code, '') <> 'repeat')";

/// Keeps texts in the queue: to be tried again, or in doubt.
pub async fn keep(tx: &mut Tx, texts: &[Kept]) -> StoreResult<()> {
    if texts.is_empty() {
        return Ok(());
    }
    match tx {
        Tx::Sqlite(tx) => {
            for part in filled(texts) {
                let mut query =
                    QueryBuilder::new("WITH v (id, number, state, at, code, reason, repeats) AS (");
                query.push_values(&part, |mut row, text| {
                    row.push_bind(text.map(|text| text.id))
                        .push_bind(text.map(|text| text.number))
                        .push_bind(text.map(|text| text.state.code()))
                        .push_bind(text.map(|text| text.at))
                        .push_bind(text.and_then(|text| text.code.as_deref()))
                        .push_bind(text.and_then(|text| text.reason.as_deref()))
                        .push_bind(text.map(|text| text.repeats));
                });
                query.push(
                    ") UPDATE outbox SET state = v.state, next_try_at = v.at, code = v.code, reason = v.reason
                         FROM v WHERE outbox.id = v.id AND outbox.tries = v.number
                                  AND (v.repeats OR COALESCE(outbox.code, '') <> 'repeat')",
                );
                query.build().execute(&mut **tx).await?;
            }
            Ok(())
        }
        Tx::Postgres(tx) => sqlx::query(KEEP_POSTGRES)
            .bind(texts.iter().map(|text| text.id).collect::<Vec<_>>())
            .bind(texts.iter().map(|text| text.number).collect::<Vec<_>>())
            .bind(texts.iter().map(|text| text.state.code()).collect::<Vec<_>>())
            .bind(texts.iter().map(|text| text.at).collect::<Vec<_>>())
            .bind(texts.iter().map(|text| text.code.as_deref()).collect::<Vec<_>>())
            .bind(texts.iter().map(|text| text.reason.as_deref()).collect::<Vec<_>>())
            .bind(texts.iter().map(|text| text.repeats).collect::<Vec<_>>())
            .execute(&mut **tx)
            .await
            .map(|_| ()),
    }
}
