//! What waits to be sent and why, as it is at this moment. The outbox may hold a morning's millions, so nothing here
//! counts further than [`MOST`]: each statement walks along an index of what waits, and stops there.

use chrono::{DateTime, Utc};
use sqlx::FromRow;
use uuid::Uuid;

use super::outbox::{ANSWERS, URGENT};
use super::{StoreResult, Tx, on};

/// Nothing is counted further: beyond it "more than" says enough.
pub const MOST: i64 = 10_000;

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
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Waiting {
    /// Texts whose time has come.
    pub due: i64,
    /// Since when the first of them could go.
    pub since: Option<DateTime<Utc>>,
    /// What waits for a later time, by the code of the try that came to nothing; without one it waits for its window.
    pub later: Vec<(String, i64)>,
    /// When the first try began of a text that is still tried again.
    pub tried_since: Option<DateTime<Utc>>,
    /// There is more than was looked through.
    pub more: bool,
}

impl Waiting {
    /// Whether nothing waits.
    pub fn is_empty(&self) -> bool {
        self.due == 0 && self.later.is_empty()
    }

    /// Texts that could have gone: what is due, and what was tried and is to be tried again.
    pub fn late(&self) -> i64 {
        let again = self.later.iter().filter(|(code, _)| !code.is_empty());
        self.due + again.map(|(_, texts)| texts).sum::<i64>()
    }

    /// Since when the first of these could have gone. That its next try lies ahead makes no text younger.
    pub fn late_since(&self) -> Option<DateTime<Utc>> {
        [self.since, self.tried_since].into_iter().flatten().min()
    }
}

/// Of a lane that programs share, so many texts are looked through, and those of a program counted among them: who asks
/// for one program never walks along all the others' texts.
macro_rules! lane {
    ($columns:literal, $select:literal, $which:literal, $behind:literal) => {
        [
            concat!(
                $select,
                "(SELECT ",
                $columns,
                " FROM outbox WHERE state = 0 AND lane = 0 AND sender = $1",
                $which,
                " ORDER BY next_try_at LIMIT $3) waiting",
                $behind
            ),
            concat!(
                $select,
                "(SELECT ",
                $columns,
                " FROM outbox WHERE state = 0 AND lane = 1 AND sender = $1",
                " AND program = $2",
                $which,
                " ORDER BY next_try_at LIMIT $3) waiting",
                $behind
            ),
            concat!(
                $select,
                "(SELECT ",
                $columns,
                " FROM outbox WHERE state = 0 AND lane = 2 AND sender = $1",
                $which,
                " ORDER BY next_try_at LIMIT $3) waiting",
                $behind
            ),
        ]
    };
}

const DUE: [&str; 3] = lane!(
    "program, next_try_at",
    "SELECT CAST(COALESCE(SUM(CASE WHEN $2 = '*' OR program = $2 THEN 1 ELSE 0 END), 0) AS BIGINT),
            MIN(CASE WHEN $2 = '*' OR program = $2 THEN next_try_at END), COUNT(*) FROM ",
    " AND next_try_at <= $4",
    ""
);
const LATER: [&str; 3] = lane!(
    "program, COALESCE(code, '') AS code",
    "SELECT code, CAST(SUM(CASE WHEN $2 = '*' OR program = $2 THEN 1 ELSE 0 END) AS BIGINT), COUNT(*) FROM ",
    " AND next_try_at > $4",
    " GROUP BY code ORDER BY 2 DESC, code"
);
// What is tried again comes first in the order of tries.
const TRIED: [&str; 3] = lane!(
    "id, program, tries",
    "SELECT MIN((SELECT a.began_at FROM attempts a WHERE a.text_id = waiting.id AND a.number = 1)) FROM ",
    "",
    " WHERE tries > 0 AND ($2 = '*' OR program = $2)"
);
/// Among so many texts the one that was tried first is looked for.
const TRIED_AMONG: i64 = 1_000;

/// What waits in a queue.
pub async fn waiting(tx: &mut Tx, queue: Queue<'_>, now: DateTime<Utc>) -> StoreResult<Waiting> {
    let lane = match queue.lane {
        ANSWERS => 0,
        URGENT => 2,
        _ => 1,
    };
    let program = queue.program.unwrap_or("*");
    let (due, since, passed): (i64, Option<DateTime<Utc>>, i64) =
        on!(tx, DUE[lane], |conn, sql| sqlx::query_as(sql)
            .bind(queue.sender)
            .bind(program)
            .bind(MOST + 1)
            .bind(now)
            .fetch_one(conn)
            .await)?;
    let later: Vec<(String, i64, i64)> = on!(tx, LATER[lane], |conn, sql| sqlx::query_as(sql)
        .bind(queue.sender)
        .bind(program)
        .bind(MOST + 1)
        .bind(now)
        .fetch_all(conn)
        .await)?;
    let more = passed > MOST || later.iter().map(|(.., passed)| passed).sum::<i64>() > MOST;
    let later = later.into_iter().filter(|(_, texts, _)| *texts > 0).map(|(code, texts, _)| (code, texts));
    let mut waiting = Waiting { due, since, later: later.collect(), tried_since: None, more };
    if waiting.late() > 0 {
        waiting.tried_since = on!(tx, TRIED[lane], |conn, sql| sqlx::query_scalar(sql)
            .bind(queue.sender)
            .bind(program)
            .bind(TRIED_AMONG)
            .fetch_one(conn)
            .await)?;
    }
    Ok(waiting)
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

/// What was counted, and whether there may be more of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counted {
    /// So many.
    pub texts: i64,
    /// At least.
    pub more: bool,
}

impl std::ops::AddAssign for Counted {
    fn add_assign(&mut self, other: Self) {
        self.texts += other.texts;
        self.more |= other.more;
    }
}

/// How many texts that were queued in a range of ids have not ended, among the first [`MOST`] of every program.
pub async fn unended(tx: &mut Tx, (from, to): (Uuid, Uuid), program: Option<&str>) -> StoreResult<Counted> {
    let select = "SELECT CAST(COALESCE(SUM(CASE WHEN $3 = '*' OR program = $3 THEN 1 ELSE 0 END), 0) AS BIGINT),
                         COUNT(*)
                    FROM (SELECT program FROM outbox WHERE id >= $1 AND id < $2 ORDER BY id LIMIT $4) waiting";
    let (texts, passed): (i64, i64) = on!(tx, select, |conn, sql| sqlx::query_as(sql)
        .bind(from)
        .bind(to)
        .bind(program.unwrap_or("*"))
        .bind(MOST + 1)
        .fetch_one(conn)
        .await)?;
    Ok(Counted { texts: texts.min(MOST), more: passed > MOST })
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

/// The oldest unsent text of a program, if it is among the [`MOST`] oldest; none: of all.
pub async fn oldest(tx: &mut Tx, program: Option<&str>) -> StoreResult<Option<Oldest>> {
    let select = "SELECT id, kind, program, sender, queued_at, next_try_at, reason
                    FROM (SELECT * FROM outbox WHERE id > $3 ORDER BY id LIMIT $2) oldest
                   WHERE $1 = '*' OR program = $1 ORDER BY id LIMIT 1";
    on!(tx, select, |conn, sql| sqlx::query_as(sql)
        .bind(program.unwrap_or("*"))
        .bind(if program.is_some() { MOST } else { 1 })
        .bind(Uuid::nil())
        .fetch_optional(conn)
        .await)
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
