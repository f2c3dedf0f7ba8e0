//! Who is enrolled, by program, language, state and anchor: stages are reckoned from the anchors by whoever shows them.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use sqlx::{FromRow, QueryBuilder};
use uuid::Uuid;

use crate::store::{StoreResult, Tx, chunks, on};

/// Enrollments that have all of this in common.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, FromRow)]
pub struct Group {
    /// Their program.
    pub program: String,
    /// Their language.
    pub language: String,
    /// Their state.
    pub state: String,
    /// due, born; empty: they are not active.
    pub anchor_kind: String,
    /// The day of it.
    pub anchor_date: NaiveDate,
}

/// Those who are not active are in no stage.
const NO_DAY: NaiveDate = NaiveDate::from_ymd_opt(2000, 1, 1).expect("a day");
/// Enrollments counted in one step.
const STEP: i64 = 10_000;

#[derive(FromRow)]
struct Counted {
    #[sqlx(flatten)]
    group: Group,
    people: i64,
}

/// Adds the next enrollments after one; the last of them, none if there are no more.
pub async fn count_enrolled(
    tx: &mut Tx,
    after: Uuid,
    sums: &mut BTreeMap<Group, i64>,
) -> StoreResult<Option<Uuid>> {
    let select = "SELECT id FROM enrollments WHERE id > $1 ORDER BY id LIMIT 1 OFFSET $2";
    let last: Option<Uuid> = on!(tx, select, |conn, sql| sqlx::query_scalar(sql)
        .bind(after)
        .bind(STEP - 1)
        .fetch_optional(conn)
        .await)?;
    let select = "SELECT program, language, state, CASE WHEN state = 'active' THEN anchor_kind ELSE '' END AS anchor_kind,
                         CASE WHEN state = 'active' THEN anchor_date ELSE $3 END AS anchor_date, COUNT(*) AS people
                    FROM enrollments WHERE id > $1 AND id <= $2 GROUP BY 1, 2, 3, 4, 5";
    let rows: Vec<Counted> = on!(tx, select, |conn, sql| sqlx::query_as(sql)
        .bind(after)
        .bind(last.unwrap_or(Uuid::max()))
        .bind(NO_DAY)
        .fetch_all(conn)
        .await)?;
    for row in rows {
        *sums.entry(row.group).or_default() += row.people;
    }
    Ok(last)
}

/// Puts a census in the place of the last one.
pub async fn take_census(tx: &mut Tx, sums: &BTreeMap<Group, i64>) -> StoreResult<()> {
    on!(tx, "DELETE FROM census", |conn, sql| sqlx::query(sql).execute(conn).await.map(|_| ()))?;
    let rows: Vec<(&Group, &i64)> = sums.iter().collect();
    for part in chunks(&rows) {
        let insert = "INSERT INTO census (program, language, state, anchor_kind, anchor_date, people) ";
        on!(tx, insert, |conn, sql| {
            let mut query = QueryBuilder::new(sql);
            query.push_values(part, |mut row, (group, people)| {
                row.push_bind(&group.program)
                    .push_bind(&group.language)
                    .push_bind(&group.state)
                    .push_bind(&group.anchor_kind)
                    .push_bind(group.anchor_date)
                    .push_bind(**people);
            });
            query.build().execute(conn).await.map(|_| ())
        })?;
    }
    Ok(())
}

/// The last census.
pub async fn census(tx: &mut Tx) -> StoreResult<Vec<(Group, i64)>> {
    let select = "SELECT program, language, state, anchor_kind, anchor_date, people FROM census";
    let rows: Vec<Counted> = on!(tx, select, |conn, sql| sqlx::query_as(sql).fetch_all(conn).await)?;
    Ok(rows.into_iter().map(|row| (row.group, row.people)).collect())
}
