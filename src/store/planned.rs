//! The record of occurrences: one row each, never moved, the guarantee that nothing comes twice. Rows come in by
//! [`super::plan`].

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::{FromRow, QueryBuilder};
use uuid::Uuid;

use super::{StoreResult, Tx, on};
use crate::domain::named::named;

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

/// Frees the occurrences whose texts were taken back before they went, so that new dates may use their
/// days and tips again. The texts themselves keep the record.
pub async fn free(tx: &mut Tx, texts: &[Uuid]) -> StoreResult<()> {
    if texts.is_empty() {
        return Ok(());
    }
    for (statement, end) in [
        // What went to a phone that she left is known as that phone's already.
        (
            "INSERT INTO strays (text_id, subscriber_id)
             SELECT p.outbox_id, e.subscriber_id FROM planned p JOIN enrollments e ON e.id = p.enrollment_id
              WHERE p.outbox_id IN (",
            ") ON CONFLICT (text_id) DO NOTHING",
        ),
        ("DELETE FROM planned WHERE outbox_id IN (", ")"),
    ] {
        on!(tx, statement, |conn, sql| {
            let mut query = QueryBuilder::new(sql);
            let mut ids = query.separated(", ");
            for id in texts {
                ids.push_bind(*id);
            }
            query.push(end);
            query.build().persistent(false).execute(conn).await.map(|_| ())
        })?;
    }
    Ok(())
}

/// The last local day of an enrollment for which something was planned.
pub async fn last_day(tx: &mut Tx, enrollment: Uuid) -> StoreResult<Option<NaiveDate>> {
    let select = "SELECT MAX(occurs_on) FROM planned WHERE enrollment_id = $1";
    on!(tx, select, |conn, sql| sqlx::query_scalar(sql).bind(enrollment).fetch_one(conn).await)
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

/// Before any day of ours; both engines can keep it.
const EVER: NaiveDate = NaiveDate::from_ymd_opt(2000, 1, 1).expect("a day");

/// A tip that went out.
#[derive(Clone, Debug, FromRow)]
pub struct Sent {
    /// The tip.
    pub tip: String,
    /// Her local day.
    pub occurs_on: NaiveDate,
    /// When it was planned.
    pub planned_at: DateTime<Utc>,
}

/// The tips that went out for an enrollment on a day or later, the last first, so many at most.
pub async fn sent(tx: &mut Tx, enrollment: Uuid, since: NaiveDate, most: i64) -> StoreResult<Vec<Sent>> {
    let select = "SELECT p.tip, p.occurs_on, p.planned_at FROM planned p JOIN history h ON h.id = p.outbox_id
                   WHERE p.enrollment_id = $1 AND p.occurs_on >= $2 AND p.tip IS NOT NULL AND h.state IN (4, 5, 6)
                   ORDER BY p.occurs_on DESC LIMIT $3";
    on!(tx, select, |conn, sql| sqlx::query_as(sql)
        .bind(enrollment)
        .bind(since)
        .bind(most)
        .fetch_all(conn)
        .await)
}

/// The last tip that went out for an enrollment.
pub async fn last_sent(tx: &mut Tx, enrollment: Uuid) -> StoreResult<Option<Sent>> {
    Ok(sent(tx, enrollment, EVER, 1).await?.into_iter().next())
}
