//! What pages ask of the counts. A span longer than a few days is read from days and only its ends from hours, so that a
//! month of a large service is some thousand rows.

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::postgres::PgRow;
use sqlx::sqlite::SqliteRow;
use sqlx::{Database, Encode, FromRow, QueryBuilder, Type};

use super::{DAY, HOUR, day_of, hour_of};
use crate::store::{StoreResult, Tx, on};

/// From here on whole days are read as days.
const LONG: TimeDelta = TimeDelta::days(3);

/// Which counts are asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// From the hour of this moment on.
    pub from: DateTime<Utc>,
    /// Up to this moment.
    pub to: DateTime<Utc>,
    /// Of these programs; none: of every one, and of what is of no program.
    pub programs: Option<Vec<String>>,
    /// Of this sender.
    pub sender: Option<String>,
    /// By this gateway.
    pub gateway: Option<String>,
    /// In one of these states; empty: in any.
    pub states: Vec<i16>,
    /// With this code.
    pub code: Option<String>,
    /// To numbers that begin so.
    pub prefix: Option<String>,
}

/// Longer than this nothing is told by the hour.
const BY_HOUR: TimeDelta = TimeDelta::days(40);

impl Wanted {
    /// Whether it is told by the hour, not by the day (UTC).
    pub fn by_hour(&self) -> bool {
        self.to - self.from <= BY_HOUR
    }
}

/// The time of a bucket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// When it began.
    pub at: DateTime<Utc>,
    /// How long it is.
    pub hours: i16,
}

impl Span {
    /// Its middle: a day (UTC) belongs to the local day in which that lies.
    pub fn middle(self) -> DateTime<Utc> {
        self.at + TimeDelta::minutes(30) * i32::from(self.hours)
    }
}

/// A row of an answer, whichever engine gave it.
pub trait Row: Send + Unpin + for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> {}
impl<R: Send + Unpin + for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow>> Row for R {}

/// Texts by state, and whether the gateway had taken them.
pub async fn by_state(tx: &mut Tx, wanted: &Wanted) -> StoreResult<Vec<(i16, bool, i64)>> {
    grouped(tx, wanted, "state, taken", "1, 2", Grain::Coarse).await
}

/// Texts by bucket and state: by hours, or over many weeks by days.
pub async fn by_hour(tx: &mut Tx, wanted: &Wanted) -> StoreResult<Vec<(Span, i16, i64)>> {
    let grain = if wanted.by_hour() { Grain::Hours } else { Grain::Coarse };
    let rows = grouped(tx, wanted, "at, hours, state", "1, 2, 3", grain).await?;
    Ok(rows.into_iter().map(|(at, hours, state, texts)| (Span { at, hours }, state, texts)).collect())
}

/// Texts by sender, gateway, bucket and state.
pub async fn by_route(tx: &mut Tx, wanted: &Wanted) -> StoreResult<Vec<(String, String, Span, i16, i64)>> {
    let rows: Vec<(String, String, DateTime<Utc>, i16, i16, i64)> =
        grouped(tx, wanted, "sender, gateway, at, hours, state", "1, 2, 3, 4, 5", Grain::Coarse).await?;
    let row =
        |(sender, gateway, at, hours, state, texts)| (sender, gateway, Span { at, hours }, state, texts);
    Ok(rows.into_iter().map(row).collect())
}

/// Texts by gateway, code and state.
pub async fn by_code(tx: &mut Tx, wanted: &Wanted) -> StoreResult<Vec<(String, String, i16, i64)>> {
    grouped(tx, wanted, "gateway, code, state", "1, 2, 3", Grain::Coarse).await
}

/// Texts by the beginning of the number and state.
pub async fn by_prefix(tx: &mut Tx, wanted: &Wanted) -> StoreResult<Vec<(String, i16, i64)>> {
    from(tx, "prefix_tallies", wanted, "prefix, state", "1, 2", Grain::Coarse).await
}

/// Texts by how long they took. It is not known by the beginning of the number.
pub async fn by_pace(tx: &mut Tx, wanted: &Wanted) -> StoreResult<Vec<(i16, i64)>> {
    from(tx, "tallies", wanted, "pace", "1", Grain::Coarse).await
}

/// The hours in which there are such texts, the last first.
pub async fn hours_with(tx: &mut Tx, wanted: &Wanted) -> StoreResult<Vec<(DateTime<Utc>, i64)>> {
    grouped(tx, wanted, "at", "1 ORDER BY at DESC", Grain::Hours).await
}

/// Texts received, by what they were taken for.
pub async fn by_intent(tx: &mut Tx, wanted: &Wanted) -> StoreResult<Vec<(String, i64)>> {
    from(tx, "inbound_tallies", wanted, "intent", "1", Grain::Coarse).await
}

/// Tips that were skipped, by program and why.
pub async fn by_outcome(tx: &mut Tx, wanted: &Wanted) -> StoreResult<Vec<(String, String, i64)>> {
    from(tx, "skip_tallies", wanted, "program, outcome", "1, 2", Grain::Coarse).await
}

/// When what a page shows was counted: the oldest count of the hours of a span that are still counted anew; none if none
/// was counted.
pub async fn counted_at(tx: &mut Tx, hour: DateTime<Utc>) -> StoreResult<Option<DateTime<Utc>>> {
    let select = "SELECT counted_at FROM tallied WHERE at >= $1 ORDER BY at DESC LIMIT 1";
    on!(tx, select, |conn, sql| sqlx::query_scalar(sql).bind(hour).fetch_optional(conn).await)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Grain {
    Hours,
    Coarse,
}

async fn grouped<R: Row>(
    tx: &mut Tx,
    wanted: &Wanted,
    columns: &'static str,
    groups: &'static str,
    grain: Grain,
) -> StoreResult<Vec<R>> {
    let table = if wanted.prefix.is_some() { "prefix_tallies" } else { "tallies" };
    from(tx, table, wanted, columns, groups, grain).await
}

async fn from<R: Row>(
    tx: &mut Tx,
    table: &'static str,
    wanted: &Wanted,
    columns: &'static str,
    groups: &'static str,
    grain: Grain,
) -> StoreResult<Vec<R>> {
    on!(tx, "SELECT ", |conn, sql| {
        let mut query = QueryBuilder::new(sql);
        query.push(columns).push(", CAST(SUM(texts) AS BIGINT) FROM (");
        for (place, (hours, since, until)) in parts(wanted, grain).into_iter().enumerate() {
            query.push(if place == 0 { "SELECT * FROM " } else { " UNION ALL SELECT * FROM " });
            query.push(table).push(" WHERE hours = ").push_bind(hours);
            query.push(" AND at >= ").push_bind(since).push(" AND at < ").push_bind(until);
            narrow(&mut query, wanted, ("state", "prefix"));
        }
        query.push(") counted GROUP BY ").push(groups);
        query.build_query_as().fetch_all(conn).await
    })
}

/// Buckets of which size to read from when to when.
fn parts(wanted: &Wanted, grain: Grain) -> Vec<(i16, DateTime<Utc>, DateTime<Utc>)> {
    let (from, to) = (hour_of(wanted.from), wanted.to);
    if grain == Grain::Hours || to - from < LONG {
        return vec![(HOUR, from, to)];
    }
    let (first, last) = (day_of(from + TimeDelta::hours(23)), day_of(to));
    vec![(HOUR, from, first), (DAY, first, last), (HOUR, last, to)]
}

/// Narrows a question to what is wanted: by which expression the state is found there, and by which the beginning of a
/// number.
pub(in crate::store) fn narrow<DB>(
    query: &mut QueryBuilder<DB>,
    wanted: &Wanted,
    (state_of, number): (&'static str, &'static str),
) where
    DB: Database,
    String: for<'q> Encode<'q, DB> + Type<DB>,
    i16: for<'q> Encode<'q, DB> + Type<DB>,
    i32: for<'q> Encode<'q, DB> + Type<DB>,
{
    if let Some(programs) = &wanted.programs {
        query.push(" AND program IN ('-'");
        for program in programs {
            query.push(", ").push_bind(program.clone());
        }
        query.push(")");
    }
    for (column, value) in [("sender", &wanted.sender), ("gateway", &wanted.gateway), ("code", &wanted.code)]
    {
        if let Some(value) = value {
            query.push(" AND ").push(column).push(" = ").push_bind(value.clone());
        }
    }
    if !wanted.states.is_empty() {
        query.push(" AND ").push(state_of).push(" IN (");
        for (place, state) in wanted.states.iter().enumerate() {
            query.push(if place == 0 { "" } else { ", " }).push_bind(*state);
        }
        query.push(")");
    }
    if let Some(prefix) = &wanted.prefix {
        let length = prefix.chars().count() as i32;
        query
            .push(" AND substr(")
            .push(number)
            .push(", 1, ")
            .push_bind(length)
            .push(") = ")
            .push_bind(prefix.clone());
    }
}
