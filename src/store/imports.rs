//! Lists of women to be enrolled, and their rows; in [`held`] what is known of their numbers, and how they are erased.

mod held;

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::{FromRow, QueryBuilder};
use uuid::Uuid;

pub use self::held::*;

use super::{Sql, StoreResult, Tx, chunks, on};

/// Checked, and nobody is enrolled yet.
pub const CHECKED: &str = "checked";
/// The good ones are being enrolled.
pub const ENROLLING: &str = "enrolling";
/// All of it was gone through.
pub const DONE: &str = "done";

/// A list.
#[derive(Clone, Debug, FromRow)]
pub struct Import {
    /// Its id.
    pub id: Uuid,
    /// In which program they are to be enrolled.
    pub program: String,
    /// The language of rows that name none.
    pub language: String,
    /// What the file was called.
    pub file: String,
    /// Who brought it.
    pub made_by: String,
    /// Their account.
    pub account_id: Option<Uuid>,
    /// The programs whose women they may know of, as JSON.
    pub reach: String,
    /// checked, enrolling, done.
    pub state: String,
    /// What is to be said of the file as a whole, as JSON.
    pub said: String,
    /// Rows in it.
    pub people: i64,
    /// When it was brought.
    pub made_at: DateTime<Utc>,
    /// When somebody had the good ones enrolled.
    pub began_at: Option<DateTime<Utc>>,
    /// Who had.
    pub began_by: Option<String>,
    /// Their account.
    pub began_account: Option<Uuid>,
    /// The programs whose women they may know of, as JSON.
    pub began_reach: Option<String>,
    /// When all of it was gone through.
    pub ended_at: Option<DateTime<Utc>>,
}

/// A row.
#[derive(Clone, Debug, FromRow)]
pub struct Row {
    /// Its row in the file, from 1.
    pub place: i32,
    /// The number as it stands there.
    pub typed: String,
    /// In E.164.
    pub phone: Option<String>,
    /// The language.
    pub language: String,
    /// due, born.
    pub anchor_kind: Option<String>,
    /// The date.
    pub anchor_date: Option<NaiveDate>,
    /// The place as it stands there.
    pub lives_in: String,
    /// Who she is to the baby.
    pub reader: String,
    /// By whose code she comes.
    pub partner: Option<String>,
    /// When she agreed.
    pub agreed_on: Option<NaiveDate>,
    /// How.
    pub agreed_how: String,
    /// What it came to.
    pub verdict: String,
    /// All that is to be said of it, as JSON.
    pub notes: String,
    /// It is still to be enrolled.
    pub waits: bool,
    /// Who she is.
    pub subscriber_id: Option<Uuid>,
}

macro_rules! lists {
    ($rest:literal) => {
        concat!(
            "SELECT id, program, language, file, made_by, account_id, reach, state, said, people, made_at, began_at,
                    began_by, began_account, began_reach, ended_at FROM imports ",
            $rest
        )
    };
}

macro_rules! rows {
    ($rest:literal) => {
        concat!(
            "SELECT place, typed, phone, language, anchor_kind, anchor_date, lives_in, reader, partner, agreed_on,
                    agreed_how, verdict, notes, waits, subscriber_id FROM import_rows ",
            $rest
        )
    };
}

/// Writes a list down.
pub async fn add(tx: &mut Tx, import: &Import) -> StoreResult<()> {
    let insert =
        "INSERT INTO imports (id, program, language, file, made_by, account_id, reach, state, said, people,
                                       made_at)
                  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
    on!(tx, insert, |conn, sql| sqlx::query(sql)
        .bind(import.id)
        .bind(&import.program)
        .bind(&import.language)
        .bind(&import.file)
        .bind(&import.made_by)
        .bind(import.account_id)
        .bind(&import.reach)
        .bind(&import.state)
        .bind(&import.said)
        .bind(import.people)
        .bind(import.made_at)
        .execute(conn)
        .await
        .map(|_| ()))
}

/// Writes its rows down.
pub async fn add_rows(tx: &mut Tx, import: Uuid, rows: &[Row]) -> StoreResult<()> {
    for part in chunks(rows) {
        on!(
            tx,
            "INSERT INTO import_rows (import_id, place, typed, phone, language, anchor_kind, anchor_date, lives_in,
                                      reader, partner, agreed_on, agreed_how, verdict, notes, waits, subscriber_id) ",
            |conn, sql| {
                let mut query = QueryBuilder::new(sql);
                query.push_values(part, |mut values, row| {
                    values
                        .push_bind(import)
                        .push_bind(row.place)
                        .push_bind(&row.typed)
                        .push_bind(&row.phone)
                        .push_bind(&row.language)
                        .push_bind(&row.anchor_kind)
                        .push_bind(row.anchor_date)
                        .push_bind(&row.lives_in)
                        .push_bind(&row.reader)
                        .push_bind(&row.partner)
                        .push_bind(row.agreed_on)
                        .push_bind(&row.agreed_how)
                        .push_bind(&row.verdict)
                        .push_bind(&row.notes)
                        .push_bind(row.waits)
                        .push_bind(row.subscriber_id);
                });
                query.build().execute(conn).await.map(|_| ())
            }
        )?;
    }
    Ok(())
}

/// A list.
pub async fn find(tx: &mut Tx, id: Uuid) -> StoreResult<Option<Import>> {
    on!(tx, lists!("WHERE id = $1"), |conn, sql| sqlx::query_as(sql).bind(id).fetch_optional(conn).await)
}

/// Lists before one, the newest first.
pub async fn list(
    tx: &mut Tx,
    programs: &[String],
    before: Option<Uuid>,
    most: i64,
) -> StoreResult<Vec<Import>> {
    on!(tx, lists!("WHERE program IN ("), |conn, sql| {
        let mut query = QueryBuilder::new(sql);
        let mut all = query.separated(", ");
        for program in programs {
            all.push_bind(program);
        }
        query.push(")");
        if let Some(before) = before {
            query.push(" AND id < ").push_bind(before);
        }
        query.push(" ORDER BY id DESC LIMIT ").push_bind(most);
        query.build_query_as().persistent(false).fetch_all(conn).await
    })
}

const HOLD: Sql = Sql::pair(lists!("WHERE id = $1"), lists!("WHERE id = $1 FOR UPDATE"));

/// A list, held until the transaction ends.
pub async fn hold(tx: &mut Tx, id: Uuid) -> StoreResult<Option<Import>> {
    on!(tx, HOLD, |conn, sql| sqlx::query_as(sql).bind(id).fetch_optional(conn).await)
}

/// Who has a list enrolled.
pub struct Beginner<'a> {
    /// Their name.
    pub name: &'a str,
    /// Their account.
    pub account: Option<Uuid>,
    /// The programs whose women they may know of, as JSON.
    pub reach: &'a str,
}

/// Begins the enrolling of a list; false: it was begun before, or is gone.
pub async fn begin(tx: &mut Tx, id: Uuid, by: &Beginner<'_>, now: DateTime<Utc>) -> StoreResult<bool> {
    let update = "UPDATE imports
                     SET state = 'enrolling', began_at = $2, began_by = $3, began_account = $4, began_reach = $5
                   WHERE id = $1 AND state = 'checked'";
    on!(tx, update, |conn, sql| sqlx::query(sql)
        .bind(id)
        .bind(now)
        .bind(by.name)
        .bind(by.account)
        .bind(by.reach)
        .execute(conn)
        .await
        .map(|done| done.rows_affected() == 1))
}

/// All of a list was gone through.
pub async fn end(tx: &mut Tx, id: Uuid, now: DateTime<Utc>) -> StoreResult<()> {
    let update = "UPDATE imports SET state = 'done', ended_at = $2 WHERE id = $1 AND state = 'enrolling'";
    on!(tx, update, |conn, sql| sqlx::query(sql).bind(id).bind(now).execute(conn).await.map(|_| ()))
}

/// The first list that is being enrolled.
pub async fn going(tx: &mut Tx) -> StoreResult<Option<Uuid>> {
    let select = "SELECT id FROM imports WHERE state = 'enrolling' ORDER BY id LIMIT 1";
    on!(tx, select, |conn, sql| sqlx::query_scalar(sql).fetch_optional(conn).await)
}

/// Rows that are still to be enrolled, the first ones.
pub async fn waiting(tx: &mut Tx, import: Uuid, most: i64) -> StoreResult<Vec<Row>> {
    let select = rows!("WHERE import_id = $1 AND waits ORDER BY place LIMIT $2");
    on!(tx, select, |conn, sql| sqlx::query_as(sql).bind(import).bind(most).fetch_all(conn).await)
}

/// Rows after one; `verdicts`: of these alone, if there are any.
pub async fn rows(
    tx: &mut Tx,
    import: Uuid,
    verdicts: &[&str],
    after: i32,
    most: i64,
) -> StoreResult<Vec<Row>> {
    on!(tx, rows!("WHERE import_id = "), |conn, sql| {
        let mut query = QueryBuilder::new(sql);
        query.push_bind(import).push(" AND place > ").push_bind(after);
        if !verdicts.is_empty() {
            query.push(" AND verdict IN (");
            let mut all = query.separated(", ");
            for verdict in verdicts {
                all.push_bind(*verdict);
            }
            query.push(")");
        }
        query.push(" ORDER BY place LIMIT ").push_bind(most);
        query.build_query_as().persistent(false).fetch_all(conn).await
    })
}

/// How many rows came to what, and how many of them still wait.
pub async fn counts(tx: &mut Tx, import: Uuid) -> StoreResult<Vec<(String, i64, i64)>> {
    let select = "SELECT verdict, COUNT(*), CAST(SUM(CASE WHEN waits THEN 1 ELSE 0 END) AS BIGINT)
                    FROM import_rows WHERE import_id = $1 GROUP BY verdict ORDER BY verdict";
    on!(tx, select, |conn, sql| sqlx::query_as(sql).bind(import).fetch_all(conn).await)
}

/// What a row that waits came to: it waits no more. One that waits no more stays what it is: she may have been erased
/// since it was read.
pub async fn settle(
    tx: &mut Tx,
    import: Uuid,
    place: i32,
    (verdict, notes): (&str, &str),
    her: Option<Uuid>,
) -> StoreResult<()> {
    let update = "UPDATE import_rows SET verdict = $3, notes = $4, subscriber_id = $5, waits = FALSE
                   WHERE import_id = $1 AND place = $2 AND waits";
    on!(tx, update, |conn, sql| sqlx::query(sql)
        .bind(import)
        .bind(place)
        .bind(verdict)
        .bind(notes)
        .bind(her)
        .execute(conn)
        .await
        .map(|_| ()))
}

/// Forgets a list and its rows.
pub async fn forget(tx: &mut Tx, import: Uuid) -> StoreResult<()> {
    for delete in ["DELETE FROM import_rows WHERE import_id = $1", "DELETE FROM imports WHERE id = $1"] {
        on!(tx, delete, |conn, sql| sqlx::query(sql).bind(import).execute(conn).await.map(|_| ()))?;
    }
    Ok(())
}

/// The oldest list before an id; with `unbegun`, only one that was never begun.
pub async fn oldest(tx: &mut Tx, before: Uuid, unbegun: bool) -> StoreResult<Option<Uuid>> {
    let select =
        "SELECT id FROM imports WHERE id < $1 AND ($2 = FALSE OR state = 'checked') ORDER BY id LIMIT 1";
    on!(tx, select, |conn, sql| sqlx::query_scalar(sql).bind(before).bind(unbegun).fetch_optional(conn).await)
}
