//! What lies in the big tables, counted over a range of ids. Each statement is a walk along that range and no further;
//! none writes or locks.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use sqlx::FromRow;
use uuid::Uuid;

use super::{Inbound, Prefixed, Skipped, Texts};
use crate::domain::pace;
use crate::store::{Sql, StoreResult, Tx, on};

/// How many texts, and of how many segments.
pub type Sums = (i64, i64);

#[derive(FromRow)]
struct Counted<K> {
    #[sqlx(flatten)]
    key: K,
    texts: i64,
}

// How long a text took, from its first try, is the difference of two times, for which the engines have no words in
// common. That a gateway had
// taken a text is told by its name for it; Kannel and Infobip give none, and there by a failure that came later than any
// refusal.
macro_rules! ended {
    ($seconds:literal, $in_all:literal) => {
        concat!(
            "SELECT COALESCE(program, '') AS program, sender, COALESCE(gateway, '') AS gateway, language, kind, state,
                    CASE WHEN provider_id IS NOT NULL OR state < 7 THEN TRUE WHEN state > 7 OR began_at IS NULL THEN FALSE
                         ELSE ",
            $seconds,
            " > 30 END AS taken, COALESCE(code, '') AS code,
                    CASE WHEN state = 6 AND began_at IS NOT NULL THEN ",
            $in_all,
            " ELSE -1 END AS seconds, COUNT(*) AS texts, CAST(SUM(segments) AS BIGINT) AS segments
               FROM history WHERE id >= $1 AND id < $2 GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9"
        )
    };
}
const ENDED: Sql = Sql::pair(
    ended!(
        "CAST(ROUND((julianday(ended_at) - julianday(began_at)) * 86400) AS INTEGER)",
        "CAST(ROUND((julianday(ended_at) - julianday(CASE WHEN tries > 1 THEN COALESCE((SELECT a.began_at FROM attempts a
            WHERE a.text_id = history.id AND a.number = 1), began_at) ELSE began_at END)) * 86400) AS INTEGER)"
    ),
    ended!(
        "CAST(ROUND(EXTRACT(EPOCH FROM ended_at - began_at)) AS BIGINT)",
        "CAST(ROUND(EXTRACT(EPOCH FROM ended_at - CASE WHEN tries > 1 THEN COALESCE((SELECT a.began_at FROM attempts a
            WHERE a.text_id = history.id AND a.number = 1), began_at) ELSE began_at END)) AS BIGINT)"
    ),
);

macro_rules! prefixed {
    ($seconds:literal) => {
        concat!(
            "SELECT substr(phone, 1, 5) AS prefix, COALESCE(program, '') AS program, sender,
                    COALESCE(gateway, '') AS gateway, state,
                    CASE WHEN provider_id IS NOT NULL OR state < 7 THEN TRUE WHEN state > 7 OR began_at IS NULL THEN FALSE
                         ELSE ",
            $seconds,
            " > 30 END AS taken, COALESCE(code, '') AS code, COUNT(*) AS texts
               FROM history WHERE id >= $1 AND id < $2 GROUP BY 1, 2, 3, 4, 5, 6, 7"
        )
    };
}
const PREFIXED: Sql = Sql::pair(
    prefixed!("CAST(ROUND((julianday(ended_at) - julianday(began_at)) * 86400) AS INTEGER)"),
    prefixed!("CAST(ROUND(EXTRACT(EPOCH FROM ended_at - began_at)) AS BIGINT)"),
);

#[derive(FromRow)]
struct Ended {
    program: String,
    sender: String,
    gateway: String,
    language: String,
    kind: String,
    state: i16,
    taken: bool,
    code: String,
    seconds: i64,
    texts: i64,
    segments: i64,
}

/// Adds the texts of the history in a range of ids.
pub async fn count_texts(
    tx: &mut Tx,
    (from, to): (Uuid, Uuid),
    sums: &mut BTreeMap<Texts, Sums>,
) -> StoreResult<()> {
    let rows: Vec<Ended> =
        on!(tx, ENDED, |conn, sql| sqlx::query_as(sql).bind(from).bind(to).fetch_all(conn).await)?;
    for row in rows {
        let pace = if row.seconds < 0 { pace::NONE } else { pace::class(row.seconds) };
        let key = Texts {
            program: row.program,
            sender: row.sender,
            gateway: row.gateway,
            language: row.language,
            kind: row.kind,
            state: row.state,
            taken: row.taken,
            code: row.code,
            pace,
        };
        let sum = sums.entry(key).or_default();
        *sum = (sum.0 + row.texts, sum.1 + row.segments);
    }
    Ok(())
}

/// Adds the same by the beginnings of numbers.
pub async fn count_prefixes(
    tx: &mut Tx,
    (from, to): (Uuid, Uuid),
    sums: &mut BTreeMap<Prefixed, Sums>,
) -> StoreResult<()> {
    let rows: Vec<Counted<Prefixed>> =
        on!(tx, PREFIXED, |conn, sql| sqlx::query_as(sql).bind(from).bind(to).fetch_all(conn).await)?;
    add(sums, rows);
    Ok(())
}

/// Adds the texts received in a range of ids. Whose they are is looked up for each: she may be enrolled in no program.
pub async fn count_inbound(
    tx: &mut Tx,
    (from, to): (Uuid, Uuid),
    sums: &mut BTreeMap<Inbound, Sums>,
) -> StoreResult<()> {
    let select = "SELECT program, sender, intent, COUNT(*) AS texts FROM
                      (SELECT COALESCE((SELECT e.program FROM enrollments e JOIN subscribers s ON s.id = e.subscriber_id
                                         WHERE s.phone = i.phone ORDER BY e.enrolled_at DESC, e.id DESC LIMIT 1),
                                       '') AS program, i.sender, COALESCE(i.intent, '') AS intent
                         FROM inbox i WHERE i.id >= $1 AND i.id < $2) heard
                  GROUP BY 1, 2, 3";
    let rows: Vec<Counted<Inbound>> =
        on!(tx, select, |conn, sql| sqlx::query_as(sql).bind(from).bind(to).fetch_all(conn).await)?;
    add(sums, rows);
    Ok(())
}

/// Adds the tips that were planned between two moments and not queued.
pub async fn count_skipped(
    tx: &mut Tx,
    (from, to): (DateTime<Utc>, DateTime<Utc>),
    sums: &mut BTreeMap<Skipped, Sums>,
) -> StoreResult<()> {
    let select = "SELECT e.program, e.sender, e.language, p.outcome, COUNT(*) AS texts
                    FROM planned p JOIN enrollments e ON e.id = p.enrollment_id
                   WHERE p.outcome <> 'queued' AND p.planned_at >= $1 AND p.planned_at < $2
                   GROUP BY 1, 2, 3, 4";
    let rows: Vec<Counted<Skipped>> =
        on!(tx, select, |conn, sql| sqlx::query_as(sql).bind(from).bind(to).fetch_all(conn).await)?;
    add(sums, rows);
    Ok(())
}

fn add<K: Ord>(sums: &mut BTreeMap<K, Sums>, rows: Vec<Counted<K>>) {
    for row in rows {
        sums.entry(row.key).or_default().0 += row.texts;
    }
}

/// The texts of a range of ids that did not arrive, each with its state and code.
pub async fn unarrived(tx: &mut Tx, from: Uuid, to: Uuid) -> StoreResult<Vec<(Uuid, i16, String)>> {
    let select = "SELECT id, state, COALESCE(code, '') FROM history
                   WHERE id >= $1 AND id < $2 AND state IN (7, 8, 9) ORDER BY id";
    on!(tx, select, |conn, sql| sqlx::query_as(sql).bind(from).bind(to).fetch_all(conn).await)
}

/// The text of the history that so many others stand before, after an id and before another; none if there are fewer.
pub async fn step(tx: &mut Tx, from: Uuid, to: Uuid, many: i64) -> StoreResult<Option<Uuid>> {
    let select = "SELECT id FROM history WHERE id >= $1 AND id < $2 ORDER BY id LIMIT 1 OFFSET $3";
    on!(tx, select, |conn, sql| sqlx::query_scalar(sql)
        .bind(from)
        .bind(to)
        .bind(many)
        .fetch_optional(conn)
        .await)
}

/// The oldest text of the history and the oldest one received.
pub async fn oldest(tx: &mut Tx) -> StoreResult<[Option<Uuid>; 2]> {
    let mut found = [None; 2];
    for (place, select) in
        ["SELECT id FROM history ORDER BY id LIMIT 1", "SELECT id FROM inbox ORDER BY id LIMIT 1"]
            .into_iter()
            .enumerate()
    {
        found[place] = on!(tx, select, |conn, sql| sqlx::query_scalar(sql).fetch_optional(conn).await)?;
    }
    Ok(found)
}
