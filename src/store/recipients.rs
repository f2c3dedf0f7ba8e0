//! Who got a tip: found enrollment by enrollment, by the key that forbids a tip to come twice.

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::FromRow;
use uuid::Uuid;

use super::{StoreResult, Tx, on};
use crate::domain::language::Language;

/// Somebody for whom the tip was queued, and what became of it.
#[derive(Clone, FromRow)]
pub struct Recipient {
    /// Her program.
    pub program: String,
    /// Her language.
    #[sqlx(try_from = "String")]
    pub language: Language,
    /// Her local day of the tip.
    pub on: NaiveDate,
    /// What became of the text; none: it is so long ago that it is not kept any more.
    pub text_state: Option<i16>,
    /// Why it did not arrive.
    pub code: Option<String>,
}

/// Enrollments looked at in one go.
const PART: i64 = 2_000;

/// The last enrollment of the next part after `after`; none if there are no more.
pub async fn part_end(tx: &mut Tx, after: Uuid) -> StoreResult<Option<Uuid>> {
    let select = "SELECT id FROM (SELECT id FROM enrollments WHERE id > $1 ORDER BY id LIMIT $2) AS part
                   ORDER BY id DESC LIMIT 1";
    on!(tx, select, |conn, sql| sqlx::query_scalar(sql).bind(after).bind(PART).fetch_optional(conn).await)
}

/// Everybody of a part for whom the tip was queued.
pub async fn of_part(tx: &mut Tx, tip: &str, (after, end): (Uuid, Uuid)) -> StoreResult<Vec<Recipient>> {
    let select =
        "SELECT e.program, e.language, p.occurs_on AS \"on\", COALESCE(o.state, h.state) AS text_state,
                         COALESCE(o.code, h.code) AS code
                    FROM enrollments e
                    JOIN planned p ON p.enrollment_id = e.id AND p.tip = $1
                    LEFT JOIN outbox o ON o.id = p.outbox_id
                    LEFT JOIN history h ON h.id = p.outbox_id
                   WHERE e.id > $2 AND e.id <= $3 AND p.outbox_id IS NOT NULL
                   ORDER BY e.id";
    on!(tx, select, |conn, sql| sqlx::query_as(sql).bind(tip).bind(after).bind(end).fetch_all(conn).await)
}

/// An enrollment for which the tip was queued, and what became of it.
#[derive(Clone, Debug, FromRow)]
pub struct Receipt {
    /// The enrollment.
    pub enrollment: Uuid,
    /// What became of the text; none: it is so long ago that it is not kept any more.
    pub text_state: Option<i16>,
    /// Why it did not arrive.
    pub code: Option<String>,
    /// Whether she has been told already what was wrong with it, or will be.
    pub told: bool,
}

// What was to tell her has ended and did not: it was taken back, it came too late, or it failed and no doubt is left. What
// is not kept any more did.
macro_rules! untold {
    ($correction:literal) => {
        concat!(
            "(SELECT 1 FROM history t WHERE t.id = ",
            $correction,
            ".outbox_id AND (t.state IN (8, 9) OR (t.state = 7 AND COALESCE(t.code, '') <> 'in_doubt')))"
        )
    };
}

/// The enrollments of a part of the people for which the tip was queued.
pub async fn receipts(
    tx: &mut Tx,
    tip: &str,
    recalled_at: DateTime<Utc>,
    (after, end): (Uuid, Uuid),
) -> StoreResult<Vec<Receipt>> {
    let select = concat!("SELECT e.id AS enrollment, COALESCE(o.state, h.state) AS text_state,
                         COALESCE(o.code, h.code) AS code,
                         EXISTS (SELECT 1 FROM corrections c
                                  WHERE c.tip = $1 AND c.recalled_at = $2 AND c.subscriber_id = e.subscriber_id
                                    AND NOT EXISTS ", untold!("c"), ") AS told
                    FROM enrollments e
                    JOIN planned p ON p.enrollment_id = e.id AND p.tip = $1
                    LEFT JOIN outbox o ON o.id = p.outbox_id
                    LEFT JOIN history h ON h.id = p.outbox_id
                   WHERE e.subscriber_id > $3 AND e.subscriber_id <= $4 AND p.outbox_id IS NOT NULL");
    on!(tx, select, |conn, sql| sqlx::query_as(sql)
        .bind(tip)
        .bind(recalled_at)
        .bind(after)
        .bind(end)
        .fetch_all(conn)
        .await)
}

/// Notes that she is told by a text; false if she has been already by another, or will be.
pub async fn tell(
    tx: &mut Tx,
    tip: &str,
    recalled_at: DateTime<Utc>,
    subscriber: Uuid,
    text: Uuid,
) -> StoreResult<bool> {
    let insert = concat!(
        "INSERT INTO corrections (tip, recalled_at, subscriber_id, outbox_id) VALUES ($1, $2, $3, $4)
         ON CONFLICT (tip, recalled_at, subscriber_id) DO UPDATE SET outbox_id = excluded.outbox_id
          WHERE EXISTS ",
        untold!("corrections")
    );
    on!(tx, insert, |conn, sql| sqlx::query(sql)
        .bind(tip)
        .bind(recalled_at)
        .bind(subscriber)
        .bind(text)
        .execute(conn)
        .await
        .map(|done| done.rows_affected() == 1))
}
