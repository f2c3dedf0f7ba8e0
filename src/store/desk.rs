//! The desk: tips that are being written and reviewed, what was said about them, who has them open.

use chrono::{DateTime, Utc};
use sqlx::FromRow;
use uuid::Uuid;

use super::{Sql, StoreResult, Tx, on};

/// How a tip on the desk stands, without what it says.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Standing {
    /// Its id.
    pub tip: String,
    /// Its program.
    pub program: String,
    /// Digest of the tip as the edition had it when it was begun; none: it is new.
    pub base_mark: Option<String>,
    /// Digest of the tip as it is being written.
    pub mark: String,
    /// writing, waiting, returned, approved.
    pub state: String,
    /// JSON: the accounts that changed it since it was last signed.
    pub writers: String,
    /// The account that is asked to review it.
    pub reviewer: Option<Uuid>,
    /// Who changed it last.
    pub changed_by: String,
    /// When.
    pub changed_at: DateTime<Utc>,
    /// Since when it waits for a reviewer.
    pub submitted_at: Option<DateTime<Utc>>,
}

/// A tip on the desk.
#[derive(Clone, Debug, FromRow)]
pub struct Row {
    /// How it stands.
    #[sqlx(flatten)]
    pub standing: Standing,
    /// JSON: the tip as the edition had it when it was begun.
    pub base: Option<String>,
    /// JSON: the tip as it is being written.
    pub content: String,
}

macro_rules! standing {
    ($more:literal) => {
        concat!(
            "SELECT tip, program, base_mark, mark, state, writers, reviewer, changed_by, changed_at, submitted_at",
            $more
        )
    };
}

/// All that lies on the desk, by id.
pub async fn all(tx: &mut Tx) -> StoreResult<Vec<Standing>> {
    let select = standing!(" FROM desk_tips ORDER BY tip");
    on!(tx, select, |conn, sql| sqlx::query_as(sql).fetch_all(conn).await)
}

impl Standing {
    /// Whether it says something else than what it was begun from; if not, it only waits for its signature.
    pub fn is_written(&self) -> bool {
        self.base_mark.as_ref() != Some(&self.mark)
    }
}

/// What all that are written say ([`Standing::is_written`]), by id: id, mark, and what it says as JSON.
pub async fn contents(tx: &mut Tx) -> StoreResult<Vec<(String, String, String)>> {
    let select =
        "SELECT tip, mark, content FROM desk_tips WHERE base_mark IS NULL OR base_mark <> mark ORDER BY tip";
    on!(tx, select, |conn, sql| sqlx::query_as(sql).fetch_all(conn).await)
}

const FIND: Sql = Sql::pair(
    standing!(", base, content FROM desk_tips WHERE tip = $1"),
    standing!(", base, content FROM desk_tips WHERE tip = $1 FOR UPDATE"),
);

/// One, held until the transaction ends.
pub async fn hold(tx: &mut Tx, tip: &str) -> StoreResult<Option<Row>> {
    on!(tx, FIND, |conn, sql| sqlx::query_as(sql).bind(tip).fetch_optional(conn).await)
}

/// One, to be read.
pub async fn find(tx: &mut Tx, tip: &str) -> StoreResult<Option<Row>> {
    let select = standing!(", base, content FROM desk_tips WHERE tip = $1");
    on!(tx, select, |conn, sql| sqlx::query_as(sql).bind(tip).fetch_optional(conn).await)
}

/// Puts one on the desk in the place of what lies there under the mark `over`; none: nothing lies there. False, and
/// nothing is changed, if that is not so any more.
pub async fn put(tx: &mut Tx, row: &Row, over: Option<&str>) -> StoreResult<bool> {
    let insert = "INSERT INTO desk_tips (tip, program, base_mark, mark, state, writers, reviewer, changed_by, changed_at,
                                         submitted_at, base, content)
                  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
                  ON CONFLICT DO NOTHING";
    let update = "UPDATE desk_tips SET program = $2, base_mark = $3, mark = $4, state = $5, writers = $6, reviewer = $7,
                                       changed_by = $8, changed_at = $9, submitted_at = $10, base = $11, content = $12
                  WHERE tip = $1 AND mark = $13";
    let one = &row.standing;
    let put = if over.is_some() { update } else { insert };
    on!(tx, put, |conn, sql| {
        let query = sqlx::query(sql)
            .bind(&one.tip)
            .bind(&one.program)
            .bind(&one.base_mark)
            .bind(&one.mark)
            .bind(&one.state)
            .bind(&one.writers)
            .bind(one.reviewer)
            .bind(&one.changed_by)
            .bind(one.changed_at)
            .bind(one.submitted_at)
            .bind(&row.base)
            .bind(&row.content);
        let query = match over {
            Some(mark) => query.bind(mark),
            None => query,
        };
        query.execute(conn).await.map(|done| done.rows_affected() == 1)
    })
}

/// Takes one from the desk.
pub async fn take(tx: &mut Tx, tip: &str) -> StoreResult<()> {
    for delete in ["DELETE FROM desk_tips WHERE tip = $1", "DELETE FROM desk_open WHERE tip = $1"] {
        on!(tx, delete, |conn, sql| sqlx::query(sql).bind(tip).execute(conn).await.map(|_| ()))?;
    }
    Ok(())
}

/// Something that was said about a tip.
#[derive(Clone, Debug, FromRow)]
pub struct Remark {
    /// Its id.
    pub id: Uuid,
    /// About which tip.
    pub tip: String,
    /// Who.
    pub made_by: String,
    /// When.
    pub at: DateTime<Utc>,
    /// remark, submitted, withdrawn, returned, approved, published.
    pub kind: String,
    /// In their words.
    pub body: String,
}

/// Adds a remark.
pub async fn remark(tx: &mut Tx, remark: &Remark) -> StoreResult<()> {
    let insert =
        "INSERT INTO desk_remarks (id, tip, made_by, at, kind, body) VALUES ($1, $2, $3, $4, $5, $6)";
    on!(tx, insert, |conn, sql| sqlx::query(sql)
        .bind(remark.id)
        .bind(&remark.tip)
        .bind(&remark.made_by)
        .bind(remark.at)
        .bind(&remark.kind)
        .bind(&remark.body)
        .execute(conn)
        .await
        .map(|_| ()))
}

/// The last things said about a tip, the oldest of them first.
pub async fn remarks(tx: &mut Tx, tip: &str, most: i64) -> StoreResult<Vec<Remark>> {
    let select =
        "SELECT id, tip, made_by, at, kind, body FROM desk_remarks WHERE tip = $1 ORDER BY id DESC LIMIT $2";
    let mut found: Vec<Remark> =
        on!(tx, select, |conn, sql| sqlx::query_as(sql).bind(tip).bind(most).fetch_all(conn).await)?;
    found.reverse();
    Ok(found)
}

/// Notes that somebody has a tip's form open.
pub async fn open(tx: &mut Tx, tip: &str, account: Uuid, name: &str, at: DateTime<Utc>) -> StoreResult<()> {
    let upsert = "INSERT INTO desk_open (tip, account_id, name, at) VALUES ($1, $2, $3, $4)
                  ON CONFLICT (tip, account_id) DO UPDATE SET at = excluded.at, name = excluded.name";
    on!(tx, upsert, |conn, sql| sqlx::query(sql)
        .bind(tip)
        .bind(account)
        .bind(name)
        .bind(at)
        .execute(conn)
        .await
        .map(|_| ()))
}

/// Somebody has a tip's form open no more.
pub async fn close(tx: &mut Tx, tip: &str, account: Uuid) -> StoreResult<()> {
    let delete = "DELETE FROM desk_open WHERE tip = $1 AND account_id = $2";
    on!(tx, delete, |conn, sql| sqlx::query(sql).bind(tip).bind(account).execute(conn).await.map(|_| ()))
}

/// Who else has had a tip's form open since then, by name.
pub async fn opened(tx: &mut Tx, tip: &str, but: Uuid, since: DateTime<Utc>) -> StoreResult<Vec<String>> {
    let select =
        "SELECT name FROM desk_open WHERE tip = $1 AND account_id <> $2 AND at >= $3 ORDER BY at DESC";
    on!(tx, select, |conn, sql| sqlx::query_scalar(sql).bind(tip).bind(but).bind(since).fetch_all(conn).await)
}

/// Keeps what a file would change; forgets those from before `old`.
pub async fn bring(
    tx: &mut Tx,
    id: Uuid,
    account: Uuid,
    (at, old): (DateTime<Utc>, DateTime<Utc>),
    name: &str,
    tips: &str,
) -> StoreResult<()> {
    let forget = "DELETE FROM desk_imports WHERE at < $1";
    on!(tx, forget, |conn, sql| sqlx::query(sql).bind(old).execute(conn).await.map(|_| ()))?;
    let insert = "INSERT INTO desk_imports (id, account_id, at, name, tips) VALUES ($1, $2, $3, $4, $5)";
    on!(tx, insert, |conn, sql| sqlx::query(sql)
        .bind(id)
        .bind(account)
        .bind(at)
        .bind(name)
        .bind(tips)
        .execute(conn)
        .await
        .map(|_| ()))
}

/// What a file would change: whose it is, the tips as JSON.
pub async fn brought(tx: &mut Tx, id: Uuid) -> StoreResult<Option<(Uuid, String)>> {
    let select = "SELECT account_id, tips FROM desk_imports WHERE id = $1";
    on!(tx, select, |conn, sql| sqlx::query_as(sql).bind(id).fetch_optional(conn).await)
}

/// It is taken over; false if it was already.
pub async fn taken_over(tx: &mut Tx, id: Uuid) -> StoreResult<bool> {
    let delete = "DELETE FROM desk_imports WHERE id = $1";
    on!(tx, delete, |conn, sql| sqlx::query(sql)
        .bind(id)
        .execute(conn)
        .await
        .map(|done| done.rows_affected() == 1))
}

/// Whether a tip that is not there was once, as far as can be looked up by its name: it was recalled, published from
/// the desk, or sent.
pub async fn was(tx: &mut Tx, program: &str, tip: &str) -> StoreResult<bool> {
    let recalled = "SELECT COUNT(*) FROM recalls WHERE tip = $1";
    let published = "SELECT COUNT(*) FROM desk_remarks WHERE tip = $1 AND kind = 'published'";
    let sent = "SELECT COUNT(*) FROM tip_figures WHERE program = $1 AND tip = $2";
    for select in [recalled, published] {
        let found: i64 =
            on!(tx, select, |conn, sql| sqlx::query_scalar(sql).bind(tip).fetch_one(conn).await)?;
        if found > 0 {
            return Ok(true);
        }
    }
    let found: i64 =
        on!(tx, sent, |conn, sql| sqlx::query_scalar(sql).bind(program).bind(tip).fetch_one(conn).await)?;
    Ok(found > 0)
}
