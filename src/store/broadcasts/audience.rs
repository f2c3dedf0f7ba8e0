//! Whom a broadcast may reach, a part of the people at a time.

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::FromRow;
use uuid::Uuid;

use super::{PART, on};
use crate::domain::conversation::EnrollmentState;
use crate::domain::gestation::Anchor;
use crate::domain::language::Language;
use crate::domain::plan::Terms;
use crate::store::people::anchor;
use crate::store::{StoreResult, Tx};

/// Somebody whom a broadcast may reach, by one of her enrollments.
#[derive(Clone, FromRow)]
pub struct Candidate {
    /// The person.
    pub subscriber: Uuid,
    /// Her number.
    pub phone: String,
    /// Her zone, if it is known.
    pub zone: Option<String>,
    /// The state or region she lives in, if it is known.
    pub area: Option<String>,
    /// Her ZIP code, postcode or town, as she told it.
    pub place: Option<String>,
    /// Unasked texts to her give nothing away.
    pub discreet: bool,
    /// The enrollment.
    pub enrollment: Uuid,
    /// Its program.
    pub program: String,
    /// Its sender.
    pub sender: String,
    /// Its language.
    #[sqlx(try_from = "String")]
    pub language: Language,
    /// Active; or, after a loss, frozen or supported; of a correction also replaced or completed.
    #[sqlx(try_from = "String")]
    pub enrollment_state: EnrollmentState,
    anchor_kind: String,
    anchor_date: NaiveDate,
    terms: Option<String>,
    /// By whose code she came.
    pub partner: Option<String>,
    /// It has been queued to her.
    pub queued: bool,
    /// She has told of a loss, and has begun nothing new since.
    pub lost: bool,
    /// By a loss that nothing new has settled it is frozen or supported.
    pub unsettled: bool,
}

impl Candidate {
    /// Her due date or the birth.
    pub fn anchor(&self) -> Anchor {
        anchor(&self.anchor_kind, self.anchor_date)
    }

    /// How she departs from her program's rhythm.
    pub fn terms(&self) -> Terms {
        Terms::from_json(self.terms.as_deref())
    }
}

macro_rules! candidates {
    ($which:literal) => {
        concat!(
            "SELECT s.id AS subscriber, s.phone, s.zone, s.area, s.place, s.discreet, e.id AS enrollment, e.program,
                    e.sender, e.language, e.state AS enrollment_state, e.anchor_kind, e.anchor_date, e.terms,
                    e.partner, s.blocked_at IS NOT NULL AS blocked, s.recycled_at IS NOT NULL AS recycled,
                    EXISTS (SELECT 1 FROM broadcast_texts t
                             WHERE t.broadcast_id = $1 AND t.subscriber_id = s.id) AS queued,
                    s.lost_at IS NOT NULL AS lost,
                    e.before_loss IS NOT NULL AND e.state IN ('frozen', 'supported') AS unsettled
               FROM subscribers s JOIN enrollments e ON e.subscriber_id = s.id
              WHERE s.id > $3 AND s.id <= $4 AND e.enrolled_at <= $2 AND ",
            $which,
            " ORDER BY s.id, e.enrolled_at DESC, e.id DESC"
        )
    };
}

/// The last person of the next part after `after`; none if there are no more.
pub async fn part_end(tx: &mut Tx, after: Uuid) -> StoreResult<Option<Uuid>> {
    let select = "SELECT id FROM (SELECT id FROM subscribers WHERE id > $1 ORDER BY id LIMIT $2) AS part
                   ORDER BY id DESC LIMIT 1";
    on!(tx, select, |conn, sql| sqlx::query_scalar(sql).bind(after).bind(PART).fetch_optional(conn).await)
}

/// Everybody of a part who may be texted, by each enrollment of hers that was there at `by`, person by person, her newest
/// enrollment first. `broadcast` says to whom it has been queued; nil: to nobody.
pub async fn candidates(
    tx: &mut Tx,
    broadcast: Uuid,
    by: DateTime<Utc>,
    part: (Uuid, Uuid),
) -> StoreResult<Vec<Candidate>> {
    let select = candidates!(
        "s.stopped_at IS NULL AND s.blocked_at IS NULL AND s.erase_at IS NULL AND s.recycled_at IS NULL
         AND e.state IN ('active', 'frozen', 'supported')"
    );
    found(tx, select, (broadcast, by), part).await
}

/// The same by each enrollment that she ever had and has not stopped: a tip may have come by one that is over.
pub async fn past_candidates(
    tx: &mut Tx,
    broadcast: Uuid,
    by: DateTime<Utc>,
    part: (Uuid, Uuid),
) -> StoreResult<Vec<Candidate>> {
    let select = candidates!(
        "s.stopped_at IS NULL AND s.blocked_at IS NULL AND s.erase_at IS NULL AND s.recycled_at IS NULL
         AND e.state <> 'stopped'"
    );
    found(tx, select, (broadcast, by), part).await
}

async fn found(
    tx: &mut Tx,
    select: &'static str,
    (broadcast, by): (Uuid, DateTime<Utc>),
    (after, end): (Uuid, Uuid),
) -> StoreResult<Vec<Candidate>> {
    on!(tx, select, |conn, sql| sqlx::query_as(sql)
        .bind(broadcast)
        .bind(by)
        .bind(after)
        .bind(end)
        .fetch_all(conn)
        .await)
}

/// Somebody who would be one of them, and may not be texted.
#[derive(Clone, FromRow)]
pub struct Silent {
    /// She.
    #[sqlx(flatten)]
    pub her: Candidate,
    /// The provider itself refuses to text her.
    pub blocked: bool,
    /// Her number is somebody else's by now.
    pub recycled: bool,
}

/// Everybody of a part who may not be texted any more, in the same order.
pub async fn silent(tx: &mut Tx, by: DateTime<Utc>, (after, end): (Uuid, Uuid)) -> StoreResult<Vec<Silent>> {
    let select = candidates!(
        "(s.stopped_at IS NOT NULL OR s.blocked_at IS NOT NULL OR s.recycled_at IS NOT NULL)
         AND s.erase_at IS NULL AND e.state IN ('active', 'frozen', 'supported', 'stopped')"
    );
    on!(tx, select, |conn, sql| sqlx::query_as(sql)
        .bind(Uuid::nil())
        .bind(by)
        .bind(after)
        .bind(end)
        .fetch_all(conn)
        .await)
}

const SHOWN: &str = "SELECT s.id AS subscriber, s.phone, s.zone, s.area, s.place, s.discreet, e.id AS enrollment, e.program,
                            e.sender, e.language, e.state AS enrollment_state, e.anchor_kind, e.anchor_date, e.terms,
                            e.partner, FALSE AS queued, s.lost_at IS NOT NULL AS lost,
                            e.before_loss IS NOT NULL AND e.state IN ('frozen', 'supported') AS unsettled
                       FROM enrollments e JOIN subscribers s ON s.id = e.subscriber_id WHERE e.id = $1";

/// Somebody, by an enrollment.
pub async fn by_enrollment(tx: &mut Tx, enrollment: Uuid) -> StoreResult<Option<Candidate>> {
    on!(tx, SHOWN, |conn, sql| sqlx::query_as(sql).bind(enrollment).fetch_optional(conn).await)
}
