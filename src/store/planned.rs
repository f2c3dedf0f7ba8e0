//! The record of occurrences: one row each, never moved, the guarantee that nothing comes twice.

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::{FromRow, QueryBuilder};
use uuid::Uuid;

use super::people::anchor;
use super::{Sql, StoreResult, Tx, on};
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

/// Records occurrences; gives those (enrollment, day) that were new. One that was there before, by day or
/// by tip, is left as it was.
pub async fn record(
    tx: &mut Tx,
    occurrences: &[Planned],
    now: DateTime<Utc>,
) -> StoreResult<Vec<(Uuid, NaiveDate)>> {
    if occurrences.is_empty() {
        return Ok(Vec::new());
    }
    let insert = "INSERT INTO planned (enrollment_id, occurs_on, track, week, slot, tip, outbox_id, outcome,
                                       planned_at) ";
    on!(tx, insert, |conn, sql| {
        let mut query = QueryBuilder::new(sql);
        query.push_values(occurrences, |mut row, occurrence| {
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
        query.push(" ON CONFLICT DO NOTHING RETURNING enrollment_id, occurs_on");
        query.build_query_as().persistent(false).fetch_all(conn).await
    })
}

/// Moves enrollments on to their next occurrence; none: nothing is left to plan.
pub async fn advance(tx: &mut Tx, next: &[(Uuid, NextDue)]) -> StoreResult<()> {
    if next.is_empty() {
        return Ok(());
    }
    on!(tx, "WITH v (id, next_on, next_at) AS (", |conn, sql| {
        let mut query = QueryBuilder::new(sql);
        query.push_values(next, |mut row, (id, next)| {
            row.push_bind(*id).push_bind(next.map(|next| next.0)).push_bind(next.map(|next| next.1));
        });
        query.push(
            ") UPDATE enrollments SET next_on = v.next_on, next_at = v.next_at
                 FROM v WHERE enrollments.id = v.id AND enrollments.state = 'active'",
        );
        query.build().persistent(false).execute(conn).await.map(|_| ())
    })
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
