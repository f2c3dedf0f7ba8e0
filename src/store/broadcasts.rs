//! One text to many: what it says, whom it may reach, to whom it was queued and what became of that. `planning`: how it
//! is written, counted and approved at the console; `audience`: whom it may reach; `outcome`: what became of it.

mod audience;
pub mod outcome;
pub mod planning;

use chrono::{DateTime, Utc};
use sqlx::{FromRow, QueryBuilder};
use uuid::Uuid;

pub use self::audience::{Candidate, Silent, by_enrollment, candidates, part_end, past_candidates, silent};
use super::{Sql, StoreResult, Tx, chunks, column, on};

/// A broadcast.
#[derive(Clone, Debug, Default, FromRow)]
pub struct Broadcast {
    /// Its id.
    pub id: Uuid,
    /// Who made it.
    pub made_by: String,
    /// Why.
    pub why: String,
    /// Whom it is for, as JSON.
    pub segment: String,
    /// Its words by language, as JSON.
    pub words: String,
    /// It goes at any hour.
    pub emergency: bool,
    /// [`DRAFT`], [`WAITING`], [`SENDING`], [`SENT`], [`STOPPED`], [`WITHDRAWN`].
    pub state: String,
    /// How many people were counted and confirmed.
    pub people: i64,
    /// When they were counted: nobody who came later is one of them.
    pub made_at: DateTime<Utc>,
    /// When all of it was queued, or when it was stopped.
    pub ended_at: Option<DateTime<Utc>>,
    /// Of which program it is; none: of every one.
    pub program: Option<String>,
    /// Which account wrote it; none: the command line.
    pub account_id: Option<Uuid>,
    /// When its count was confirmed, where a second person has to approve it.
    pub submitted_at: Option<DateTime<Utc>>,
    /// The second person.
    pub approved_by: Option<String>,
    /// When they approved.
    pub approved_at: Option<DateTime<Utc>>,
    /// What the last count came to, as JSON.
    pub counted: Option<String>,
    /// Since when somebody waits for a count.
    pub count_asked_at: Option<DateTime<Utc>>,
    /// What became of its texts, as JSON.
    pub outcome: Option<String>,
    /// When that was reckoned.
    pub outcome_at: Option<DateTime<Utc>>,
    /// Stopped: since when nothing of it waits any more.
    pub cleared_at: Option<DateTime<Utc>>,
    /// Of which recalled tip it is a correction; none: it is none.
    pub corrects: Option<String>,
    /// Up to which person it has been queued; none: nobody yet.
    pub queued_to: Option<Uuid>,
    /// Who confirmed its count, where a second person has to approve it.
    pub submitted_by: Option<String>,
    /// By which account.
    pub submitted_account: Option<Uuid>,
    /// How many of its texts had still to leave when it was reckoned up last; none: not yet reckoned.
    pub waiting: Option<i64>,
}

impl Broadcast {
    /// Whether anything of it may have been queued.
    pub fn is_begun(&self) -> bool {
        matches!(self.state.as_str(), SENDING | SENT | STOPPED)
    }

    /// Whether something of it is still to leave.
    pub fn is_going(&self) -> bool {
        self.state == SENDING || (self.state == SENT && self.waiting.is_none_or(|texts| texts > 0))
    }
}

/// It is being written.
pub const DRAFT: &str = "draft";
/// It waits for a second person.
pub const WAITING: &str = "waiting";
/// It was given up before any of it was queued.
pub const WITHDRAWN: &str = "withdrawn";

/// It is being queued, or was when its process ended.
pub const SENDING: &str = "sending";
/// All of it was queued.
pub const SENT: &str = "sent";
/// What had not left does not leave any more.
pub const STOPPED: &str = "stopped";

macro_rules! broadcasts {
    ($which:literal) => {
        concat!(
            "SELECT id, made_by, why, segment, words, emergency, state, people, made_at, ended_at, program, account_id,
                    submitted_at, approved_by, approved_at, counted, count_asked_at, outcome, outcome_at, cleared_at,
                    corrects, queued_to, submitted_by, submitted_account, waiting
               FROM broadcasts ",
            $which
        )
    };
}

pub(super) use broadcasts;

/// Writes a new broadcast down.
pub async fn begin(tx: &mut Tx, new: &Broadcast) -> StoreResult<()> {
    let insert =
        "INSERT INTO broadcasts (id, made_by, why, segment, words, emergency, state, people, made_at, program,
                                 account_id, corrects)
                  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
    on!(tx, insert, |conn, sql| sqlx::query(sql)
        .bind(new.id)
        .bind(&new.made_by)
        .bind(&new.why)
        .bind(&new.segment)
        .bind(&new.words)
        .bind(new.emergency)
        .bind(&new.state)
        .bind(new.people)
        .bind(new.made_at)
        .bind(&new.program)
        .bind(new.account_id)
        .bind(&new.corrects)
        .execute(conn)
        .await
        .map(|_| ()))
}

/// Every broadcast, the newest first.
pub async fn all(tx: &mut Tx) -> StoreResult<Vec<Broadcast>> {
    let select = broadcasts!("ORDER BY made_at DESC, id DESC");
    on!(tx, select, |conn, sql| sqlx::query_as(sql).fetch_all(conn).await)
}

/// Those that are being queued, and those that were counted after a moment and begun: the newest first.
pub async fn lately(tx: &mut Tx, since: DateTime<Utc>) -> StoreResult<Vec<Broadcast>> {
    let select = broadcasts!(
        "WHERE state = 'sending' OR (state IN ('sent', 'stopped') AND made_at > $1)
         ORDER BY made_at DESC, id DESC"
    );
    on!(tx, select, |conn, sql| sqlx::query_as(sql).bind(since).fetch_all(conn).await)
}

/// The corrections of a tip, the newest first.
pub async fn correcting(tx: &mut Tx, tip: &str) -> StoreResult<Vec<Broadcast>> {
    let select = broadcasts!("WHERE corrects = $1 ORDER BY id DESC");
    on!(tx, select, |conn, sql| sqlx::query_as(sql).bind(tip).fetch_all(conn).await)
}

/// What waits of corrections by an enrollment of hers: each text, and whom it is for. What may have arrived and waits to be
/// handed over again is left to the claim.
pub async fn corrections_waiting(
    tx: &mut Tx,
    subscriber: Uuid,
    enrollment: Uuid,
) -> StoreResult<Vec<(Uuid, String)>> {
    let select = "SELECT o.id, b.segment
                    FROM outbox o JOIN broadcast_texts t ON t.text_id = o.id JOIN broadcasts b ON b.id = t.broadcast_id
                   WHERE o.subscriber_id = $1 AND o.kind <> 'tip' AND o.kind = 'correction' AND o.enrollment_id = $2
                     AND o.state = 0 AND (o.code IS NULL OR o.code <> 'repeat')";
    on!(tx, select, |conn, sql| sqlx::query_as(sql).bind(subscriber).bind(enrollment).fetch_all(conn).await)
}

/// A broadcast.
pub async fn find(tx: &mut Tx, id: Uuid) -> StoreResult<Option<Broadcast>> {
    let select = broadcasts!("WHERE id = $1");
    on!(tx, select, |conn, sql| sqlx::query_as(sql).bind(id).fetch_optional(conn).await)
}

const HOLD: Sql = Sql::pair(
    "SELECT state FROM broadcasts WHERE id = $1",
    // Several may queue it; whoever stops it waits for the part that is being queued, and finds it.
    "SELECT state FROM broadcasts WHERE id = $1 FOR SHARE",
);

/// The state of a broadcast, as it stays until the transaction ends.
pub async fn hold(tx: &mut Tx, id: Uuid) -> StoreResult<Option<String>> {
    on!(tx, HOLD, |conn, sql| sqlx::query_scalar(sql).bind(id).fetch_optional(conn).await)
}

/// Ends a broadcast's queuing, or stops it; false if it was stopped before, has ended in this way, or was not begun.
pub async fn end(tx: &mut Tx, id: Uuid, state: &str, now: DateTime<Utc>) -> StoreResult<bool> {
    let update = "UPDATE broadcasts SET state = $2, ended_at = $3
                   WHERE id = $1 AND state <> $2 AND state IN ('sending', 'sent')";
    on!(tx, update, |conn, sql| sqlx::query(sql)
        .bind(id)
        .bind(state)
        .bind(now)
        .execute(conn)
        .await
        .map(|done| done.rows_affected() == 1))
}

/// People looked at in one go.
const PART: i64 = 1_000;

const TOLD_POSTGRES: &str = "INSERT INTO broadcast_texts (broadcast_id, subscriber_id, text_id)
     SELECT $1, r.* FROM unnest($2::uuid[], $3::uuid[]) AS r
     ON CONFLICT DO NOTHING RETURNING text_id";

/// Notes that a broadcast is queued to people, each with her text; gives the texts of those to whom it had not been.
pub async fn queued(tx: &mut Tx, broadcast: Uuid, texts: &[(Uuid, Uuid)]) -> StoreResult<Vec<Uuid>> {
    match tx {
        Tx::Sqlite(tx) => {
            let mut new = Vec::with_capacity(texts.len());
            for part in chunks(texts) {
                let mut query =
                    QueryBuilder::new("INSERT INTO broadcast_texts (broadcast_id, subscriber_id, text_id) ");
                query.push_values(part, |mut row, (subscriber, text)| {
                    row.push_bind(broadcast).push_bind(*subscriber).push_bind(*text);
                });
                query.push(" ON CONFLICT DO NOTHING RETURNING text_id");
                let ids: Vec<Uuid> = query.build_query_scalar().fetch_all(&mut **tx).await?;
                new.extend(ids);
            }
            Ok(new)
        }
        Tx::Postgres(tx) => {
            sqlx::query_scalar(TOLD_POSTGRES)
                .bind(broadcast)
                .bind(column(texts, |(subscriber, _)| *subscriber))
                .bind(column(texts, |(_, text)| *text))
                .fetch_all(&mut **tx)
                .await
        }
    }
}

/// What was kept of a part of a broadcast, until its readers are alone, goes.
pub async fn forget_unread(tx: &mut Tx, broadcast: Uuid, (after, end): (Uuid, Uuid)) -> StoreResult<()> {
    let delete = "DELETE FROM unread WHERE subscriber_id > $2 AND subscriber_id <= $3
                     AND id IN (SELECT text_id FROM broadcast_texts
                                 WHERE broadcast_id = $1 AND subscriber_id > $2 AND subscriber_id <= $3)";
    on!(tx, delete, |conn, sql| sqlx::query(sql)
        .bind(broadcast)
        .bind(after)
        .bind(end)
        .execute(conn)
        .await
        .map(|_| ()))
}

/// The last person of the next part after `after` to whom a broadcast was queued; none if there are no more.
pub async fn queued_end(tx: &mut Tx, broadcast: Uuid, after: Uuid) -> StoreResult<Option<Uuid>> {
    let select = "SELECT subscriber_id FROM (SELECT subscriber_id FROM broadcast_texts
                                              WHERE broadcast_id = $1 AND subscriber_id > $2
                                              ORDER BY subscriber_id LIMIT $3) AS part
                   ORDER BY subscriber_id DESC LIMIT 1";
    on!(tx, select, |conn, sql| sqlx::query_scalar(sql)
        .bind(broadcast)
        .bind(after)
        .bind(PART)
        .fetch_optional(conn)
        .await)
}

/// How many texts of a broadcast are in each state; none: so old that they are not kept any more.
pub async fn fates(tx: &mut Tx, broadcast: Uuid) -> StoreResult<Vec<(Option<i16>, i64)>> {
    let select = "SELECT COALESCE(o.state, h.state) AS state, COUNT(*) FROM broadcast_texts t
                    LEFT JOIN outbox o ON o.id = t.text_id
                    LEFT JOIN history h ON h.id = t.text_id
                   WHERE t.broadcast_id = $1 GROUP BY COALESCE(o.state, h.state) ORDER BY 1";
    on!(tx, select, |conn, sql| sqlx::query_as(sql).bind(broadcast).fetch_all(conn).await)
}

/// To how many people a broadcast was queued.
pub async fn count(tx: &mut Tx, broadcast: Uuid) -> StoreResult<i64> {
    let select = "SELECT COUNT(*) FROM broadcast_texts WHERE broadcast_id = $1";
    on!(tx, select, |conn, sql| sqlx::query_scalar(sql).bind(broadcast).fetch_one(conn).await)
}
