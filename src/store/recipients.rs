//! Who got a tip: found enrollment by enrollment, by the key that forbids a tip to come twice.

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::FromRow;
use uuid::Uuid;

use super::people::anchor;
use super::{StoreResult, Tx, on};
use crate::domain::conversation::EnrollmentState;
use crate::domain::gestation::Anchor;
use crate::domain::language::Language;

/// Somebody for whom the tip was queued, and what became of it.
#[derive(Clone, FromRow)]
pub struct Recipient {
    /// The enrollment it was queued for.
    pub enrollment: Uuid,
    /// The person.
    pub subscriber: Uuid,
    /// Her number.
    pub phone: String,
    /// Her zone, if it is known.
    pub zone: Option<String>,
    /// Since when nothing unasked may go to her.
    pub stopped_at: Option<DateTime<Utc>>,
    /// Since when the provider refuses to text her.
    pub blocked_at: Option<DateTime<Utc>>,
    /// Her program.
    pub program: String,
    /// Her sender.
    pub sender: String,
    /// Her language.
    #[sqlx(try_from = "String")]
    pub language: Language,
    /// What became of the enrollment.
    #[sqlx(try_from = "String")]
    pub enrollment_state: EnrollmentState,
    anchor_kind: String,
    anchor_date: NaiveDate,
    /// Her local day of the tip.
    pub on: NaiveDate,
    /// What became of the text; none: it is so long ago that it is not kept any more.
    pub text_state: Option<i16>,
    /// Why it did not arrive.
    pub code: Option<String>,
    /// Whether she has been told already what was wrong with it.
    pub told: bool,
}

impl Recipient {
    /// Her due date or the birth.
    pub fn anchor(&self) -> Anchor {
        anchor(&self.anchor_kind, self.anchor_date)
    }
}

/// Enrollments looked at in one go.
const PART: i64 = 2_000;

/// The last enrollment of the next part after `after`; none if there are no more.
pub async fn part_end(tx: &mut Tx, after: Uuid) -> StoreResult<Option<Uuid>> {
    let select = "SELECT id FROM (SELECT id FROM enrollments WHERE id > $1 ORDER BY id LIMIT $2) AS part
                   ORDER BY id DESC LIMIT 1";
    on!(tx, select, |conn, sql| sqlx::query_scalar(sql).bind(after).bind(PART).fetch_optional(conn).await)
}

/// Everybody of a part for whom the tip was queued; `recalled_at` says of which recall she may have been told.
pub async fn of_part(
    tx: &mut Tx,
    tip: &str,
    recalled_at: DateTime<Utc>,
    (after, end): (Uuid, Uuid),
) -> StoreResult<Vec<Recipient>> {
    let select = "SELECT e.id AS enrollment, e.subscriber_id AS subscriber, s.phone, s.zone, s.stopped_at, s.blocked_at,
                         e.program, e.sender, e.language, e.state AS enrollment_state, e.anchor_kind, e.anchor_date,
                         p.occurs_on AS \"on\", COALESCE(o.state, h.state) AS text_state,
                         COALESCE(o.code, h.code) AS code,
                         EXISTS (SELECT 1 FROM corrections c
                                  WHERE c.tip = $1 AND c.recalled_at = $2 AND c.subscriber_id = e.subscriber_id) AS told
                    FROM enrollments e
                    JOIN planned p ON p.enrollment_id = e.id AND p.tip = $1
                    JOIN subscribers s ON s.id = e.subscriber_id
                    LEFT JOIN outbox o ON o.id = p.outbox_id
                    LEFT JOIN history h ON h.id = p.outbox_id
                   WHERE e.id > $3 AND e.id <= $4 AND p.outbox_id IS NOT NULL
                   ORDER BY e.id";
    on!(tx, select, |conn, sql| sqlx::query_as(sql)
        .bind(tip)
        .bind(recalled_at)
        .bind(after)
        .bind(end)
        .fetch_all(conn)
        .await)
}

/// Notes that she is told by a text; false if she has been already.
pub async fn tell(
    tx: &mut Tx,
    tip: &str,
    recalled_at: DateTime<Utc>,
    subscriber: Uuid,
    text: Uuid,
) -> StoreResult<bool> {
    let insert =
        "INSERT INTO corrections (tip, recalled_at, subscriber_id, outbox_id) VALUES ($1, $2, $3, $4)
                  ON CONFLICT DO NOTHING";
    on!(tx, insert, |conn, sql| sqlx::query(sql)
        .bind(tip)
        .bind(recalled_at)
        .bind(subscriber)
        .bind(text)
        .execute(conn)
        .await
        .map(|done| done.rows_affected() == 1))
}
