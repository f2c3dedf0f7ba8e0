//! Where enrollments come from, counted a month at a time.

use chrono::NaiveDate;
use sqlx::{FromRow, QueryBuilder};
use uuid::Uuid;

use super::{StoreResult, Tx, chunks, on};

/// What enrollments are counted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum By {
    /// The code she came by.
    Code,
    /// The state or region she lives in.
    Area,
}

impl By {
    /// As it is kept.
    pub fn name(self) -> &'static str {
        match self {
            Self::Code => "code",
            Self::Area => "area",
        }
    }
}

/// An enrollment that is to be counted.
#[derive(Clone, Debug, FromRow)]
pub struct Arrival {
    /// Its id.
    pub id: Uuid,
    /// Its program.
    pub program: String,
    /// Her local date.
    pub enrolled_on: NaiveDate,
    /// The code she came by.
    pub partner: Option<String>,
    /// The state or region she lives in.
    pub area: Option<String>,
}

/// Enrollments after one and before another, in the order of time.
pub async fn after(tx: &mut Tx, after: Uuid, before: Uuid, most: i64) -> StoreResult<Vec<Arrival>> {
    let select = "SELECT e.id, e.program, e.enrolled_on, e.partner, s.area
                    FROM enrollments e JOIN subscribers s ON s.id = e.subscriber_id
                   WHERE e.id > $1 AND e.id < $2 ORDER BY e.id LIMIT $3";
    on!(tx, select, |conn, sql| sqlx::query_as(sql).bind(after).bind(before).bind(most).fetch_all(conn).await)
}

/// So many more of a program in a month, by what and from where.
pub type More = (String, By, NaiveDate, String, i64);

/// Adds to the counts.
pub async fn add(tx: &mut Tx, all: &[More]) -> StoreResult<()> {
    for part in chunks(all) {
        on!(tx, "INSERT INTO arrivals (program, kind, month, place, people) ", |conn, sql| {
            let mut query = QueryBuilder::new(sql);
            query.push_values(part, |mut row, (program, by, month, place, people)| {
                row.push_bind(program)
                    .push_bind(by.name())
                    .push_bind(*month)
                    .push_bind(place)
                    .push_bind(*people);
            });
            query.push(
                " ON CONFLICT (program, kind, month, place) DO UPDATE SET people = arrivals.people + excluded.people",
            );
            query.build().execute(conn).await.map(|_| ())
        })?;
    }
    Ok(())
}

/// How many came to a program in each of the months from one up to another, by what.
pub async fn came(
    tx: &mut Tx,
    program: &str,
    by: By,
    (from, to): (NaiveDate, NaiveDate),
) -> StoreResult<Vec<(NaiveDate, String, i64)>> {
    let select = "SELECT month, place, people FROM arrivals
                   WHERE program = $1 AND kind = $2 AND month >= $3 AND month <= $4 ORDER BY month, place";
    on!(tx, select, |conn, sql| sqlx::query_as(sql)
        .bind(program)
        .bind(by.name())
        .bind(from)
        .bind(to)
        .fetch_all(conn)
        .await)
}
