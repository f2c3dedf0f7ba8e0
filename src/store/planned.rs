//! The record of occurrences: one row each, never moved, the guarantee that nothing comes twice.

use std::collections::HashSet;

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::{FromRow, QueryBuilder};
use uuid::Uuid;

use super::people::anchor;
use super::{Sql, StoreResult, Tx, chunks, column, filled, on};
use crate::domain::gestation::Anchor;
use crate::domain::language::Language;
use crate::domain::named::named;
use crate::domain::plan::NextDue;

named! {
    /// What an occurrence came to.
    pub enum Outcome {
        /// Its tip was queued; the outbox tells the rest.
        Queued = "queued",
        /// The library had no tip for it that its sender may carry.
        NoTip = "no_tip",
        /// It was too late to be right when it came to be planned.
        Expired = "expired",
        /// She had that very tip already.
        Repeat = "repeat",
        /// The zones she may be in have no hour in common that day.
        NoWindow = "no_window",
    }
}

/// An enrollment whose next occurrence is due, with what the plan needs to know.
#[derive(Clone, FromRow)]
pub struct Due {
    /// The enrollment.
    pub id: Uuid,
    /// Whose it is.
    pub subscriber_id: Uuid,
    /// Her number.
    pub phone: String,
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
    /// Her local date of the occurrence that is due.
    pub next_on: NaiveDate,
}

impl Due {
    /// Its due date or birth.
    pub fn anchor(&self) -> Anchor {
        anchor(&self.anchor_kind, self.anchor_date)
    }
}

const DUE: Sql = Sql::pair(
    "SELECT e.id, e.subscriber_id, s.phone, s.zone, e.program, e.sender, e.language, e.anchor_kind,
            e.anchor_date, e.enrolled_on, e.next_on
       FROM enrollments e JOIN subscribers s ON s.id = e.subscriber_id
      WHERE e.next_at <= $1 ORDER BY e.next_at LIMIT $2",
    "SELECT e.id, e.subscriber_id, s.phone, s.zone, e.program, e.sender, e.language, e.anchor_kind,
            e.anchor_date, e.enrolled_on, e.next_on
       FROM enrollments e JOIN subscribers s ON s.id = e.subscriber_id
      WHERE e.next_at <= $1 ORDER BY e.next_at LIMIT $2 FOR UPDATE OF e SKIP LOCKED",
);

/// Enrollments that are due, locked until the transaction ends. Work grows with what is due: the index
/// holds only active enrollments, by the moment they fall due.
pub async fn due(tx: &mut Tx, now: DateTime<Utc>, limit: i64) -> StoreResult<Vec<Due>> {
    on!(tx, DUE, |conn, sql| sqlx::query_as(sql).bind(now).bind(limit).fetch_all(conn).await)
}

/// An occurrence to record.
#[derive(Clone, Debug)]
pub struct Planned {
    /// The enrollment.
    pub enrollment: Uuid,
    /// Her local day.
    pub on: NaiveDate,
    /// The track.
    pub track: &'static str,
    /// The week.
    pub week: i32,
    /// Which of the week's tips.
    pub slot: i32,
    /// The tip chosen.
    pub tip: Option<String>,
    /// The text queued.
    pub text: Option<Uuid>,
    /// What it came to.
    pub outcome: Outcome,
}

const RECORD_SQLITE: &str = "INSERT INTO planned (enrollment_id, occurs_on, track, week, slot, tip, outbox_id, \
                             outcome, planned_at) ";
const RECORD_POSTGRES: &str =
    "INSERT INTO planned (enrollment_id, occurs_on, track, week, slot, tip, outbox_id, outcome, planned_at)
     SELECT r.*, $9 FROM unnest($1::uuid[], $2::date[], $3::text[], $4::int4[], $5::int4[], $6::text[],
                                $7::uuid[], $8::text[]) AS r
     ON CONFLICT DO NOTHING";

/// Records occurrences; gives the texts of those that were there before, by day or by tip, and are left as they
/// were: nearly always none.
pub async fn record(tx: &mut Tx, occurrences: &[Planned], now: DateTime<Utc>) -> StoreResult<HashSet<Uuid>> {
    let mut new = 0;
    match &mut *tx {
        Tx::Sqlite(tx) => {
            for part in chunks(occurrences) {
                let mut query = QueryBuilder::new(RECORD_SQLITE);
                query.push_values(part, |mut row, occurrence| {
                    row.push_bind(occurrence.enrollment)
                        .push_bind(occurrence.on)
                        .push_bind(occurrence.track)
                        .push_bind(occurrence.week)
                        .push_bind(occurrence.slot)
                        .push_bind(&occurrence.tip)
                        .push_bind(occurrence.text)
                        .push_bind(occurrence.outcome.name())
                        .push_bind(now);
                });
                query.push(" ON CONFLICT DO NOTHING");
                new += query.build().execute(&mut **tx).await?.rows_affected();
            }
        }
        Tx::Postgres(_) if occurrences.is_empty() => {}
        Tx::Postgres(tx) => {
            let done = sqlx::query(RECORD_POSTGRES)
                .bind(column(occurrences, |occurrence| occurrence.enrollment))
                .bind(column(occurrences, |occurrence| occurrence.on))
                .bind(column(occurrences, |occurrence| occurrence.track))
                .bind(column(occurrences, |occurrence| occurrence.week))
                .bind(column(occurrences, |occurrence| occurrence.slot))
                .bind(column(occurrences, |occurrence| occurrence.tip.as_deref()))
                .bind(column(occurrences, |occurrence| occurrence.text))
                .bind(column(occurrences, |occurrence| occurrence.outcome.name()))
                .bind(now);
            new = done.execute(&mut **tx).await?.rows_affected();
        }
    }
    let mut old = HashSet::new();
    if new < occurrences.len() as u64 {
        for occurrence in occurrences {
            let Some(text) = occurrence.text else { continue };
            let select = "SELECT COUNT(*) FROM planned
                           WHERE enrollment_id = $1 AND occurs_on = $2 AND outbox_id = $3";
            let ours: i64 = on!(tx, select, |conn, sql| sqlx::query_scalar(sql)
                .bind(occurrence.enrollment)
                .bind(occurrence.on)
                .bind(text)
                .fetch_one(conn)
                .await)?;
            if ours == 0 {
                old.insert(text);
            }
        }
    }
    Ok(old)
}

const ADVANCE_POSTGRES: &str = "UPDATE enrollments e SET next_on = r.next_on, next_at = r.next_at
       FROM unnest($1::uuid[], $2::date[], $3::timestamptz[]) AS r (id, next_on, next_at)
      WHERE e.id = r.id AND e.state = 'active'";

/// Moves enrollments on to their next occurrence; none: nothing is left to plan.
pub async fn advance(tx: &mut Tx, next: &[(Uuid, NextDue)]) -> StoreResult<()> {
    match tx {
        Tx::Sqlite(tx) => {
            for part in filled(next) {
                let mut query = QueryBuilder::new("WITH v (id, next_on, next_at) AS (");
                query.push_values(&part, |mut row, next| {
                    let due = next.and_then(|(_, due)| *due);
                    row.push_bind(next.map(|(id, _)| *id))
                        .push_bind(due.map(|due| due.0))
                        .push_bind(due.map(|due| due.1));
                });
                query.push(
                    ") UPDATE enrollments SET next_on = v.next_on, next_at = v.next_at
                         FROM v WHERE enrollments.id = v.id AND enrollments.state = 'active'",
                );
                query.build().execute(&mut **tx).await?;
            }
            Ok(())
        }
        Tx::Postgres(_) if next.is_empty() => Ok(()),
        Tx::Postgres(tx) => sqlx::query(ADVANCE_POSTGRES)
            .bind(column(next, |(id, _)| *id))
            .bind(column(next, |(_, due)| due.map(|due| due.0)))
            .bind(column(next, |(_, due)| due.map(|due| due.1)))
            .execute(&mut **tx)
            .await
            .map(|_| ()),
    }
}

/// Ends enrollments whose year is over.
pub async fn complete(tx: &mut Tx, enrollments: &[Uuid], now: DateTime<Utc>) -> StoreResult<()> {
    for id in enrollments {
        let update = "UPDATE enrollments SET state = 'completed', reason = 'the baby''s first year is over',
                             state_since = $2, next_on = NULL, next_at = NULL
                       WHERE id = $1 AND state = 'active'";
        on!(tx, update, |conn, sql| sqlx::query(sql).bind(*id).bind(now).execute(conn).await.map(|_| ()))?;
    }
    Ok(())
}

/// Frees the occurrences whose texts were taken back before they went, so that new dates may use their
/// days and tips again. The texts themselves keep the record.
pub async fn free(tx: &mut Tx, texts: &[Uuid]) -> StoreResult<()> {
    if texts.is_empty() {
        return Ok(());
    }
    on!(tx, "DELETE FROM planned WHERE outbox_id IN (", |conn, sql| {
        let mut query = QueryBuilder::new(sql);
        let mut ids = query.separated(", ");
        for id in texts {
            ids.push_bind(*id);
        }
        query.push(")");
        query.build().persistent(false).execute(conn).await.map(|_| ())
    })
}

/// The last local day of an enrollment for which something was planned.
pub async fn last_day(tx: &mut Tx, enrollment: Uuid) -> StoreResult<Option<NaiveDate>> {
    let select = "SELECT MAX(occurs_on) FROM planned WHERE enrollment_id = $1";
    on!(tx, select, |conn, sql| sqlx::query_scalar(sql).bind(enrollment).fetch_one(conn).await)
}

/// When the next occurrence of anybody is due.
pub async fn next_due(tx: &mut Tx) -> StoreResult<Option<DateTime<Utc>>> {
    let select = "SELECT MIN(next_at) FROM enrollments WHERE next_at IS NOT NULL";
    on!(tx, select, |conn, sql| sqlx::query_scalar(sql).fetch_one(conn).await)
}

/// An occurrence with what became of its text.
#[derive(Clone, Debug, FromRow)]
pub struct Account {
    /// Her local day.
    pub occurs_on: NaiveDate,
    /// The track.
    pub track: String,
    /// The week.
    pub week: i32,
    /// Which of the week's tips.
    pub slot: i32,
    /// The tip.
    pub tip: Option<String>,
    /// What it came to when it was planned.
    pub outcome: String,
    /// The text's state.
    pub state: Option<i16>,
    /// Tries.
    pub tries: Option<i16>,
    /// When the last thing known of it became known.
    pub ended_at: Option<DateTime<Utc>>,
    /// The provider's code.
    pub code: Option<String>,
    /// As a plain sentence.
    pub reason: Option<String>,
}

/// Everything that was due to an enrollment, in order.
pub async fn account(tx: &mut Tx, enrollment: Uuid) -> StoreResult<Vec<Account>> {
    let select =
        "SELECT p.occurs_on, p.track, p.week, p.slot, p.tip, p.outcome, COALESCE(h.state, o.state) AS state,
                COALESCE(h.tries, o.tries) AS tries, h.ended_at, COALESCE(h.code, o.code) AS code,
                COALESCE(h.reason, o.reason) AS reason
           FROM planned p LEFT JOIN outbox o ON o.id = p.outbox_id LEFT JOIN history h ON h.id = p.outbox_id
          WHERE p.enrollment_id = $1 ORDER BY p.occurs_on";
    on!(tx, select, |conn, sql| sqlx::query_as(sql).bind(enrollment).fetch_all(conn).await)
}
