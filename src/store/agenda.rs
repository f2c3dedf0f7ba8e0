//! The agenda: a line for each enrollment that has something to come, in the order of time.
//!
//! A line holds all that planning needs, so that women who are due together are read and written together, however
//! many are enrolled. It is a copy, made from one version of its enrollment: whatever changes what a plan is made
//! from raises the version, and what was copied from the one before is *revoked*. Nobody looks for the old line; it
//! counts no more, and goes when its time comes. Texts remember their version too: none leaves that is revoked.

use std::collections::HashSet;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use sqlx::{FromRow, QueryBuilder};
use uuid::Uuid;

use super::people::anchor;
use super::{StoreResult, Tx, chunks, column, on};
use crate::domain::gestation::Anchor;
use crate::domain::language::Language;

/// A line of the agenda: an enrollment whose next occurrence is due, with what the plan needs to know.
#[derive(Clone, Debug, FromRow)]
pub struct Due {
    /// When it fell due.
    pub next_at: DateTime<Utc>,
    /// The enrollment.
    #[sqlx(rename = "enrollment_id")]
    pub id: Uuid,
    /// The version of the enrollment that this is a copy of.
    pub version: i32,
    /// Her local date of the occurrence that is due.
    pub next_on: NaiveDate,
    /// Her zone, if known.
    pub zone: Option<String>,
    /// Its program.
    pub program: String,
    /// Its sender.
    pub sender: String,
    /// Its language.
    #[sqlx(try_from = "String")]
    pub language: Language,
    anchor_kind: String,
    anchor_date: NaiveDate,
    /// Her local date when she enrolled.
    pub enrolled_on: NaiveDate,
    /// The state or region she lives in, if it is known.
    pub area: Option<String>,
    /// How she departs from her program's rhythm, as kept.
    pub terms: Option<String>,
    /// It counts no more.
    pub revoked: bool,
}

impl Due {
    /// Its due date or birth.
    pub fn anchor(&self) -> Anchor {
        anchor(&self.anchor_kind, self.anchor_date)
    }

    /// Its place in the agenda.
    pub fn place(&self) -> Place {
        (self.next_at, self.id, self.version)
    }
}

/// A place in the agenda: when a line is due, its enrollment and the version of that.
pub type Place = (DateTime<Utc>, Uuid, i32);

/// Before every place.
pub const BEGINNING: Place = (DateTime::<Utc>::UNIX_EPOCH, Uuid::nil(), 0);

/// Lines that are due and come after a place, in their order.
pub async fn due(tx: &mut Tx, now: DateTime<Utc>, after: Place, limit: i64) -> StoreResult<Vec<Due>> {
    let select =
        "SELECT a.next_at, a.enrollment_id, a.version, a.next_on, a.zone, a.program, a.sender, a.language,
                a.anchor_kind, a.anchor_date, a.enrolled_on, a.area, a.terms,
                EXISTS (SELECT 1 FROM revoked r
                         WHERE r.enrollment_id = a.enrollment_id AND r.version = a.version) AS revoked
           FROM agenda a
          WHERE a.next_at <= $1 AND (a.next_at, a.enrollment_id, a.version) > ($2, $3, $4)
          ORDER BY a.next_at, a.enrollment_id, a.version LIMIT $5";
    on!(tx, select, |conn, sql| sqlx::query_as(sql)
        .bind(now)
        .bind(after.0)
        .bind(after.1)
        .bind(after.2)
        .bind(limit)
        .fetch_all(conn)
        .await)
}

/// The place of the first line that is due and comes after a place.
pub async fn place_after(tx: &mut Tx, now: DateTime<Utc>, after: Place) -> StoreResult<Option<Place>> {
    let select = "SELECT next_at, enrollment_id, version FROM agenda
                   WHERE next_at <= $1 AND (next_at, enrollment_id, version) > ($2, $3, $4)
                   ORDER BY next_at, enrollment_id, version LIMIT 1";
    on!(tx, select, |conn, sql| sqlx::query_as(sql)
        .bind(now)
        .bind(after.0)
        .bind(after.1)
        .bind(after.2)
        .fetch_optional(conn)
        .await)
}

/// What comes next for an enrollment: her local day and the instant.
pub type Coming = (Uuid, NaiveDate, DateTime<Utc>);

const COPIED: &str = "v.next_at, e.id, e.version, v.next_on, e.subscriber_id, s.phone, s.zone, e.program, e.sender, e.language,
         e.anchor_kind, e.anchor_date, e.enrolled_on, s.area, e.terms
    FROM v JOIN enrollments e ON e.id = v.id JOIN subscribers s ON s.id = e.subscriber_id";

/// Puts enrollments into the agenda, as they now are.
pub async fn put(tx: &mut Tx, coming: &[Coming]) -> StoreResult<()> {
    match tx {
        Tx::Sqlite(tx) => {
            for part in chunks(coming) {
                let mut query = QueryBuilder::new("WITH v (id, next_on, next_at) AS (");
                query.push_values(part, |mut row, (id, on, at)| {
                    row.push_bind(*id).push_bind(*on).push_bind(*at);
                });
                query.push(") INSERT INTO agenda SELECT ").push(COPIED);
                query.build().execute(&mut **tx).await?;
            }
            Ok(())
        }
        Tx::Postgres(_) if coming.is_empty() => Ok(()),
        Tx::Postgres(tx) => {
            let mut query = QueryBuilder::new("WITH v AS (SELECT * FROM unnest(");
            query.push_bind(column(coming, |(id, ..)| *id)).push("::uuid[], ");
            query.push_bind(column(coming, |(_, on, _)| *on)).push("::date[], ");
            query
                .push_bind(column(coming, |(.., at)| *at))
                .push("::timestamptz[]) AS r (id, next_on, next_at))");
            query.push(" INSERT INTO agenda SELECT ").push(COPIED);
            query.build().execute(&mut **tx).await.map(|_| ())
        }
    }
}

/// Takes lines out: nothing is left to plan for them, or they count no more.
pub async fn strike(tx: &mut Tx, lines: &[Place]) -> StoreResult<()> {
    for (at, id, version) in lines {
        let delete = "DELETE FROM agenda WHERE next_at = $1 AND enrollment_id = $2 AND version = $3";
        on!(tx, delete, |conn, sql| sqlx::query(sql)
            .bind(*at)
            .bind(*id)
            .bind(*version)
            .execute(conn)
            .await
            .map(|_| ()))?;
    }
    Ok(())
}

/// A version of an enrollment.
pub type Version = (Uuid, i32);

/// Revokes versions of enrollments: what was planned from them counts no more.
pub async fn revoke(tx: &mut Tx, versions: &[Version], now: DateTime<Utc>) -> StoreResult<()> {
    for (id, version) in versions {
        let insert = "INSERT INTO revoked (enrollment_id, version, at) VALUES ($1, $2, $3)";
        on!(tx, insert, |conn, sql| sqlx::query(sql)
            .bind(*id)
            .bind(*version)
            .bind(now)
            .execute(conn)
            .await
            .map(|_| ()))?;
    }
    Ok(())
}

/// Versions revoked since a moment.
pub async fn revoked_since(tx: &mut Tx, since: DateTime<Utc>) -> StoreResult<HashSet<Version>> {
    let select = "SELECT enrollment_id, version FROM revoked WHERE at >= $1";
    let versions: Vec<Version> =
        on!(tx, select, |conn, sql| sqlx::query_as(sql).bind(since).fetch_all(conn).await)?;
    Ok(versions.into_iter().collect())
}

/// Forgets that versions were revoked: nothing that was planned from them is left.
pub async fn forget(tx: &mut Tx, versions: &[Version]) -> StoreResult<()> {
    for (id, version) in versions {
        let delete = "DELETE FROM revoked WHERE enrollment_id = $1 AND version = $2";
        on!(tx, delete, |conn, sql| sqlx::query(sql)
            .bind(*id)
            .bind(*version)
            .execute(conn)
            .await
            .map(|_| ()))?;
    }
    Ok(())
}

/// No line lies further ahead than this: a program lasts two years.
const FURTHEST: TimeDelta = TimeDelta::days(800);

/// Forgets versions that were revoked so long ago that nothing can be left of them.
pub async fn forget_old(tx: &mut Tx, now: DateTime<Utc>) -> StoreResult<u64> {
    let delete = "DELETE FROM revoked WHERE at < $1";
    on!(tx, delete, |conn, sql| sqlx::query(sql)
        .bind(now - FURTHEST)
        .execute(conn)
        .await
        .map(|done| done.rows_affected()))
}

/// When anything is due next.
pub async fn next_due(tx: &mut Tx) -> StoreResult<Option<DateTime<Utc>>> {
    let select = "SELECT MIN(next_at) FROM agenda";
    on!(tx, select, |conn, sql| sqlx::query_scalar(sql).fetch_one(conn).await)
}
