//! Whole buckets in the place of what stood there. A count is never added to: it is made anew, so that it cannot drift.
//! What has not changed is not written.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::{FromRow, QueryBuilder};
use uuid::Uuid;

use super::{HOUR, Inbound, Prefixed, Skipped, Sums, Texts};
use crate::store::{StoreResult, Tx, chunks, on};

/// All that is counted of one bucket.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bucket {
    /// Texts that have ended.
    pub texts: BTreeMap<Texts, Sums>,
    /// The same by the beginnings of numbers.
    pub prefixes: BTreeMap<Prefixed, Sums>,
    /// Texts received.
    pub inbound: BTreeMap<Inbound, Sums>,
    /// Tips that were skipped.
    pub skipped: BTreeMap<Skipped, Sums>,
}

#[derive(FromRow)]
struct Kept<K> {
    #[sqlx(flatten)]
    key: K,
    texts: i64,
    segments: i64,
}

/// The statements for one table of counts: what is kept between two moments in buckets of a size, summed; and a row.
macro_rules! kept {
    ($columns:literal, $segments:literal, $table:literal, $groups:literal) => {
        concat!(
            "SELECT ",
            $columns,
            ", CAST(SUM(texts) AS BIGINT) AS texts, CAST(SUM(",
            $segments,
            ") AS BIGINT) AS segments
               FROM ",
            $table,
            " WHERE hours = $1 AND at >= $2 AND at < $3 GROUP BY ",
            $groups
        )
    };
}
const TEXTS: &str = kept!(
    "program, sender, gateway, language, kind, state, taken, code, pace",
    "segments",
    "tallies",
    "1, 2, 3, 4, 5, 6, 7, 8, 9"
);
const PREFIXES: &str = kept!(
    "prefix, program, sender, gateway, state, taken, code",
    "0",
    "prefix_tallies",
    "1, 2, 3, 4, 5, 6, 7"
);
const INBOUND: &str = kept!("program, sender, intent", "0", "inbound_tallies", "1, 2, 3");
const SKIPPED: &str = kept!("program, sender, language, outcome", "0", "skip_tallies", "1, 2, 3, 4");

macro_rules! read {
    ($tx:expr, $select:expr, $hours:expr, $from:expr, $to:expr) => {{
        let rows: Vec<Kept<_>> = on!($tx, $select, |conn, sql| sqlx::query_as(sql)
            .bind($hours)
            .bind($from)
            .bind($to)
            .fetch_all(conn)
            .await)?;
        rows.into_iter().map(|row| (row.key, (row.texts, row.segments))).collect()
    }};
}

/// What is kept of an hour.
pub async fn hour(tx: &mut Tx, at: DateTime<Utc>) -> StoreResult<Bucket> {
    kept(tx, HOUR, at, at + TimeDelta::hours(1)).await
}

/// What is kept of a day, of its hours or as a bucket of its own.
pub async fn day(tx: &mut Tx, hours: i16, at: DateTime<Utc>) -> StoreResult<Bucket> {
    kept(tx, hours, at, at + TimeDelta::days(1)).await
}

async fn kept(tx: &mut Tx, hours: i16, from: DateTime<Utc>, to: DateTime<Utc>) -> StoreResult<Bucket> {
    Ok(Bucket {
        texts: read!(tx, TEXTS, hours, from, to),
        prefixes: read!(tx, PREFIXES, hours, from, to),
        inbound: read!(tx, INBOUND, hours, from, to),
        skipped: read!(tx, SKIPPED, hours, from, to),
    })
}

/// Empties a table's bucket and fills it again.
macro_rules! refill {
    ($tx:expr, $hours:expr, $at:expr, $rows:expr, $delete:literal, $insert:literal, |$row:ident, $key:ident, $sums:ident| $bind:expr) => {{
        on!($tx, $delete, |conn, sql| sqlx::query(sql)
            .bind($hours)
            .bind($at)
            .execute(conn)
            .await
            .map(|_| ()))?;
        let rows: Vec<_> = $rows.iter().collect();
        for part in chunks(&rows) {
            on!($tx, $insert, |conn, sql| {
                let mut query = QueryBuilder::new(sql);
                query.push_values(part, |mut $row, ($key, $sums)| {
                    $row.push_bind($hours).push_bind($at);
                    $bind;
                });
                query.build().execute(conn).await.map(|_| ())
            })?;
        }
    }};
}

/// Puts a bucket in the place of what was kept, where it differs.
pub async fn replace(
    tx: &mut Tx,
    hours: i16,
    at: DateTime<Utc>,
    new: &Bucket,
    old: &Bucket,
) -> StoreResult<()> {
    if new.texts != old.texts {
        refill!(
            tx,
            hours,
            at,
            new.texts,
            "DELETE FROM tallies WHERE hours = $1 AND at = $2",
            "INSERT INTO tallies (hours, at, program, sender, gateway, language, kind, state, taken, code, pace, texts,
                                  segments) ",
            |row, key, sums| row
                .push_bind(&key.program)
                .push_bind(&key.sender)
                .push_bind(&key.gateway)
                .push_bind(&key.language)
                .push_bind(&key.kind)
                .push_bind(key.state)
                .push_bind(key.taken)
                .push_bind(&key.code)
                .push_bind(key.pace)
                .push_bind(sums.0)
                .push_bind(sums.1)
        );
    }
    if new.prefixes != old.prefixes {
        refill!(
            tx,
            hours,
            at,
            new.prefixes,
            "DELETE FROM prefix_tallies WHERE hours = $1 AND at = $2",
            "INSERT INTO prefix_tallies (hours, at, prefix, program, sender, gateway, state, taken, code, texts) ",
            |row, key, sums| row
                .push_bind(&key.prefix)
                .push_bind(&key.program)
                .push_bind(&key.sender)
                .push_bind(&key.gateway)
                .push_bind(key.state)
                .push_bind(key.taken)
                .push_bind(&key.code)
                .push_bind(sums.0)
        );
    }
    if new.inbound != old.inbound {
        refill!(
            tx,
            hours,
            at,
            new.inbound,
            "DELETE FROM inbound_tallies WHERE hours = $1 AND at = $2",
            "INSERT INTO inbound_tallies (hours, at, program, sender, intent, texts) ",
            |row, key, sums| row
                .push_bind(&key.program)
                .push_bind(&key.sender)
                .push_bind(&key.intent)
                .push_bind(sums.0)
        );
    }
    if new.skipped != old.skipped {
        refill!(
            tx,
            hours,
            at,
            new.skipped,
            "DELETE FROM skip_tallies WHERE hours = $1 AND at = $2",
            "INSERT INTO skip_tallies (hours, at, program, sender, language, outcome, texts) ",
            |row, key, sums| row
                .push_bind(&key.program)
                .push_bind(&key.sender)
                .push_bind(&key.language)
                .push_bind(&key.outcome)
                .push_bind(sums.0)
        );
    }
    Ok(())
}

/// Notes that a day is to be made of its hours, one of which has changed. Whoever makes it waits for that hour, because
/// the mark is written even where it stands.
pub async fn mark_day(tx: &mut Tx, at: DateTime<Utc>) -> StoreResult<()> {
    let upsert = "INSERT INTO tallied_days (at) VALUES ($1) ON CONFLICT (at) DO UPDATE SET at = excluded.at";
    on!(tx, upsert, |conn, sql| sqlx::query(sql).bind(at).execute(conn).await.map(|_| ()))
}

/// Takes the mark away: the day is made of its hours in this transaction.
pub async fn unmark_day(tx: &mut Tx, at: DateTime<Utc>) -> StoreResult<()> {
    let delete = "DELETE FROM tallied_days WHERE at = $1";
    on!(tx, delete, |conn, sql| sqlx::query(sql).bind(at).execute(conn).await.map(|_| ()))
}

/// The days that are to be made of their hours.
pub async fn marked_days(tx: &mut Tx) -> StoreResult<Vec<DateTime<Utc>>> {
    let select = "SELECT at FROM tallied_days ORDER BY at";
    on!(tx, select, |conn, sql| sqlx::query_scalar(sql).fetch_all(conn).await)
}

/// Writes down that an hour was counted.
pub async fn counted(tx: &mut Tx, at: DateTime<Utc>, now: DateTime<Utc>) -> StoreResult<()> {
    let upsert = "INSERT INTO tallied (at, counted_at) VALUES ($1, $2)
                  ON CONFLICT (at) DO UPDATE SET counted_at = excluded.counted_at";
    on!(tx, upsert, |conn, sql| sqlx::query(sql).bind(at).bind(now).execute(conn).await.map(|_| ()))
}

/// When each hour since one was counted last.
pub async fn counted_since(
    tx: &mut Tx,
    since: DateTime<Utc>,
) -> StoreResult<BTreeMap<DateTime<Utc>, DateTime<Utc>>> {
    let select = "SELECT at, counted_at FROM tallied WHERE at >= $1";
    let rows: Vec<(DateTime<Utc>, DateTime<Utc>)> =
        on!(tx, select, |conn, sql| sqlx::query_as(sql).bind(since).fetch_all(conn).await)?;
    Ok(rows.into_iter().collect())
}

/// The texts of a range of ids that are known not to have arrived.
pub async fn known_unarrived(tx: &mut Tx, from: Uuid, to: Uuid) -> StoreResult<Vec<(Uuid, i16, String)>> {
    let select = "SELECT id, state, code FROM unarrived WHERE id >= $1 AND id < $2 ORDER BY id";
    on!(tx, select, |conn, sql| sqlx::query_as(sql).bind(from).bind(to).fetch_all(conn).await)
}

/// Forgets some of them, and learns of others.
pub async fn note_unarrived(tx: &mut Tx, gone: &[Uuid], new: &[(Uuid, i16, String)]) -> StoreResult<()> {
    for part in chunks(gone) {
        on!(tx, "DELETE FROM unarrived WHERE id IN (", |conn, sql| {
            let mut query = QueryBuilder::new(sql);
            let mut list = query.separated(", ");
            for id in part {
                list.push_bind(*id);
            }
            query.push(")");
            query.build().execute(conn).await.map(|_| ())
        })?;
    }
    for part in chunks(new) {
        on!(tx, "INSERT INTO unarrived (id, state, code) ", |conn, sql| {
            let mut query = QueryBuilder::new(sql);
            query.push_values(part, |mut row, (id, state, code)| {
                row.push_bind(*id).push_bind(*state).push_bind(code);
            });
            query.push(" ON CONFLICT (id) DO NOTHING");
            query.build().execute(conn).await.map(|_| ())
        })?;
    }
    Ok(())
}

/// Forgets those before an id, so many at most; gives how many.
pub async fn forget_unarrived(tx: &mut Tx, before: Uuid, most: i64) -> StoreResult<u64> {
    let delete =
        "DELETE FROM unarrived WHERE id IN (SELECT id FROM unarrived WHERE id < $1 ORDER BY id LIMIT $2)";
    on!(tx, delete, |conn, sql| sqlx::query(sql)
        .bind(before)
        .bind(most)
        .execute(conn)
        .await
        .map(|done| done.rows_affected()))
}
