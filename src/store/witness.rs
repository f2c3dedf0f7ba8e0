//! What a simulation looks at from outside: what became of texts, what is left over, what is left of a person. Nothing
//! here writes, and no service asks it.

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::{AssertSqlSafe, FromRow, QueryBuilder};
use uuid::Uuid;

use super::{Sql, StoreResult, Tx, filled, on};

/// What a text was, as its row says.
#[derive(Clone, Debug, FromRow)]
pub struct Seen {
    /// The text.
    pub id: Uuid,
    /// What it is.
    pub kind: String,
    /// The tip it carries.
    pub tip: Option<String>,
    /// Its track.
    pub track: Option<String>,
    /// Its week there.
    pub week: Option<i32>,
    /// For which enrollment.
    pub enrollment_id: Option<Uuid>,
    /// The text it answers.
    pub inbox_id: Option<Uuid>,
    /// From which edition.
    pub edition: Option<i64>,
    /// In which language.
    pub language: String,
}

macro_rules! seen {
    ($from:literal, $where:literal) => {
        concat!(
            "SELECT t.id, t.kind, t.tip, t.track, t.week, t.enrollment_id, t.inbox_id, t.edition, t.language FROM ",
            $from,
            $where
        )
    };
}

const SEEN_POSTGRES: &str = concat!(
    seen!("outbox t", " WHERE t.id = ANY($1)"),
    " UNION ALL ",
    seen!("history t", " WHERE t.id = ANY($1)")
);

/// What these texts were.
pub async fn seen(tx: &mut Tx, ids: &[Uuid]) -> StoreResult<Vec<Seen>> {
    match tx {
        Tx::Sqlite(tx) => {
            let mut found = Vec::with_capacity(ids.len());
            for part in filled(ids) {
                let mut query = QueryBuilder::new("WITH v (id) AS (");
                query.push_values(&part, |mut row, id| {
                    row.push_bind(id.copied());
                });
                query.push(") ");
                query.push(seen!("v JOIN outbox t ON t.id = v.id", ""));
                query.push(" UNION ALL ");
                query.push(seen!("v JOIN history t ON t.id = v.id", ""));
                found.extend(query.build_query_as::<Seen>().fetch_all(&mut **tx).await?);
            }
            Ok(found)
        }
        Tx::Postgres(tx) => sqlx::query_as(SEEN_POSTGRES).bind(ids).fetch_all(&mut **tx).await,
    }
}

/// What should not be there when all is done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Leftovers {
    /// Texts received that wait to be handled.
    pub unheard: i64,
    /// Texts received that were given up.
    pub given_up: i64,
    /// Occurrences whose text is nowhere.
    pub lost: i64,
    /// Texts that ended without arriving, and do not say why.
    pub unexplained: i64,
    /// Texts that wait although their time came.
    pub stuck: i64,
    /// Promises that were due and are neither kept nor dropped.
    pub unkept: i64,
    /// Lines of the agenda whose time came and that were not planned.
    pub unplanned: i64,
}

/// Counts them: `late` is a moment so long ago that everything due before it is done.
pub async fn leftovers(tx: &mut Tx, late: DateTime<Utc>) -> StoreResult<Leftovers> {
    Ok(Leftovers {
        unheard: count(tx, "SELECT COUNT(*) FROM inbox WHERE state < 2 AND received_at <= $1", late).await?,
        given_up: count(tx, "SELECT COUNT(*) FROM inbox WHERE state = 3 AND received_at <= $1", late).await?,
        lost: count(
            tx,
            "SELECT COUNT(*) FROM planned p
              WHERE p.planned_at <= $1 AND p.outcome = 'queued'
                AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.id = p.outbox_id)
                AND NOT EXISTS (SELECT 1 FROM history h WHERE h.id = p.outbox_id)",
            late,
        )
        .await?,
        unexplained: count(
            tx,
            "SELECT COUNT(*) FROM history WHERE state > 6 AND reason IS NULL AND code IS NULL AND queued_at <= $1",
            late,
        )
        .await?,
        stuck: count(tx, "SELECT COUNT(*) FROM outbox WHERE next_try_at <= $1", late).await?,
        unkept: count(tx, "SELECT COUNT(*) FROM promises WHERE due_at <= $1", late).await?,
        unplanned: count(
            tx,
            "SELECT COUNT(*) FROM agenda a
              WHERE a.next_at <= $1
                AND NOT EXISTS (SELECT 1 FROM revoked r
                                 WHERE r.enrollment_id = a.enrollment_id AND r.version = a.version)",
            late,
        )
        .await?,
    })
}

async fn count(tx: &mut Tx, select: &'static str, moment: DateTime<Utc>) -> StoreResult<i64> {
    on!(tx, select, |conn, sql| sqlx::query_scalar(sql).bind(moment).fetch_one(conn).await)
}

/// How many texts of each kind are in each state.
pub async fn ends(tx: &mut Tx) -> StoreResult<Vec<(String, i16, i64)>> {
    let select = "SELECT kind, state, COUNT(*) FROM texts GROUP BY kind, state ORDER BY kind, state";
    on!(tx, select, |conn, sql| sqlx::query_as(sql).fetch_all(conn).await)
}

/// How many reports say what nobody understood; with how many alarms.
pub async fn not_understood(tx: &mut Tx) -> StoreResult<(i64, i64)> {
    let reports = "SELECT COUNT(*) FROM reports WHERE evidence IS NULL";
    let alarms = "SELECT COUNT(*) FROM alarms WHERE kind = 'unknown_status'";
    let reports = on!(tx, reports, |conn, sql| sqlx::query_scalar(sql).fetch_one(conn).await)?;
    let alarms = on!(tx, alarms, |conn, sql| sqlx::query_scalar(sql).fetch_one(conn).await)?;
    Ok((reports, alarms))
}

/// The local days that were planned for a number, with their track, in order.
pub async fn days_of(tx: &mut Tx, phone: &str) -> StoreResult<Vec<(NaiveDate, String)>> {
    let select = "SELECT p.occurs_on, p.track FROM subscribers s
                    JOIN enrollments e ON e.subscriber_id = s.id
                    JOIN planned p ON p.enrollment_id = e.id
                   WHERE s.phone = $1 ORDER BY p.occurs_on";
    on!(tx, select, |conn, sql| sqlx::query_as(sql).bind(phone).fetch_all(conn).await)
}

const COLUMNS: Sql = Sql::pair(
    "SELECT m.name, c.name FROM sqlite_master m, pragma_table_info(m.name) c
      WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' AND UPPER(c.type) IN ('TEXT', 'BLOB', 'UUID')
      ORDER BY m.name, c.cid",
    "SELECT table_name::text, column_name::text FROM information_schema.columns
      WHERE table_schema = 'public' AND data_type IN ('text', 'character varying', 'jsonb', 'json')
        AND table_name IN (SELECT tablename FROM pg_tables WHERE schemaname = 'public')
      ORDER BY table_name, ordinal_position",
);

const EVERY_COLUMN: Sql = Sql::pair(
    "SELECT m.name, c.name FROM sqlite_master m, pragma_table_info(m.name) c
      WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' ORDER BY m.name, c.cid",
    "SELECT table_name::text, column_name::text FROM information_schema.columns
      WHERE table_schema = 'public' AND table_name IN (SELECT tablename FROM pg_tables WHERE schemaname = 'public')
      ORDER BY table_name, ordinal_position",
);

/// Every column of every table.
pub async fn columns(tx: &mut Tx) -> StoreResult<Vec<(String, String)>> {
    on!(tx, EVERY_COLUMN, |conn, sql| sqlx::query_as(sql).fetch_all(conn).await)
}

/// In which columns of which tables any of these words stand, whatever tables there are.
pub async fn traces(tx: &mut Tx, words: &[String]) -> StoreResult<Vec<(String, String)>> {
    let columns: Vec<(String, String)> =
        on!(tx, COLUMNS, |conn, sql| sqlx::query_as(sql).fetch_all(conn).await)?;
    let mut found = Vec::new();
    for (table, column) in columns {
        let any = (1..=words.len())
            .map(|number| format!("CAST(\"{column}\" AS TEXT) LIKE ${number}"))
            .collect::<Vec<_>>()
            .join(" OR ");
        // The names come from the database's own account of its tables.
        let select = format!("SELECT COUNT(*) FROM \"{table}\" WHERE {any}");
        let like = words.iter().map(|word| format!("%{word}%"));
        let count: i64 = match tx {
            Tx::Sqlite(tx) => {
                let query = sqlx::query_scalar(AssertSqlSafe(select));
                like.fold(query, |query, like| query.bind(like)).fetch_one(&mut **tx).await?
            }
            Tx::Postgres(tx) => {
                let query = sqlx::query_scalar(AssertSqlSafe(select));
                like.fold(query, |query, like| query.bind(like)).fetch_one(&mut **tx).await?
            }
        };
        if count > 0 {
            found.push((table, column));
        }
    }
    Ok(found)
}
