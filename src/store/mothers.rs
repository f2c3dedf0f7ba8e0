//! One mother, as a person looks at her: nothing here locks her, and nothing here writes.

mod texts;

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::FromRow;
use uuid::Uuid;

pub use self::texts::*;

use super::people::Subscriber;
use super::{StoreResult, Tx, on};
use crate::domain::phone::PhoneNumber;

macro_rules! subscriber {
    ($which:literal) => {
        concat!(
            "SELECT id, phone, language, place, zone, area, stopped_at, blocked_at, lost_at, hinted_at, echo,
                    echoes, echo_at, discreet, reader, partner, answers, answers_since
               FROM subscribers WHERE ",
            $which
        )
    };
}

/// The subscriber with an id.
pub async fn find(tx: &mut Tx, id: Uuid) -> StoreResult<Option<Subscriber>> {
    let select = subscriber!("id = $1");
    on!(tx, select, |conn, sql| sqlx::query_as(sql).bind(id).fetch_optional(conn).await)
}

/// The subscriber with a number.
pub async fn by_phone(tx: &mut Tx, phone: &PhoneNumber) -> StoreResult<Option<Subscriber>> {
    let select = subscriber!("phone = $1");
    on!(tx, select, |conn, sql| sqlx::query_as(sql).bind(phone.as_e164()).fetch_optional(conn).await)
}

/// What else is held of her.
#[derive(Clone, Debug, FromRow)]
pub struct Facts {
    /// The region of her number.
    pub region: Option<String>,
    /// Why her zone is believed: place, none.
    pub zone_origin: String,
    /// Who said that she stopped: keyword, provider, unreachable, console.
    pub stopped_by: Option<String>,
    /// When she was told that no program serves her country.
    pub refused_at: Option<DateTime<Utc>>,
    /// Up to when she has seen what waited for her to be alone.
    pub read_at: Option<DateTime<Utc>>,
    /// Her last sign of life.
    pub heard_at: Option<DateTime<Utc>>,
    /// Since when the number is taken to be somebody else's.
    pub recycled_at: Option<DateTime<Utc>>,
    /// Since when all that is held of her is to be erased.
    pub erase_at: Option<DateTime<Utc>>,
    /// Since when she is known.
    pub created_at: DateTime<Utc>,
}

/// What else is held of a subscriber.
pub async fn facts(tx: &mut Tx, id: Uuid) -> StoreResult<Option<Facts>> {
    let select =
        "SELECT region, zone_origin, stopped_by, refused_at, read_at, heard_at, recycled_at, erase_at,
                         created_at
                    FROM subscribers WHERE id = $1";
    on!(tx, select, |conn, sql| sqlx::query_as(sql).bind(id).fetch_optional(conn).await)
}

/// By whose codes she came, by enrollment.
pub async fn partners(tx: &mut Tx, subscriber: Uuid) -> StoreResult<Vec<(Uuid, String)>> {
    let select = "SELECT id, partner FROM enrollments WHERE subscriber_id = $1 AND partner IS NOT NULL";
    on!(tx, select, |conn, sql| sqlx::query_as(sql).bind(subscriber).fetch_all(conn).await)
}

/// The senders that a number has written to.
pub async fn senders_of(tx: &mut Tx, phone: &str) -> StoreResult<Vec<String>> {
    let select = "SELECT DISTINCT sender FROM inbox WHERE phone = $1";
    on!(tx, select, |conn, sql| sqlx::query_scalar(sql).bind(phone).fetch_all(conn).await)
}

/// A line of the record of occurrences.
#[derive(Clone, Debug, FromRow)]
pub struct Occurred {
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
    /// Its text.
    pub outbox_id: Option<Uuid>,
    /// What it came to when it was planned.
    pub outcome: String,
    /// When it was planned.
    pub planned_at: DateTime<Utc>,
}

/// What was due to an enrollment up to a local day, that one included, the last first.
pub async fn occurred(
    tx: &mut Tx,
    enrollment: Uuid,
    up_to: NaiveDate,
    most: i64,
) -> StoreResult<Vec<Occurred>> {
    let select = "SELECT occurs_on, track, week, slot, tip, outbox_id, outcome, planned_at FROM planned
                   WHERE enrollment_id = $1 AND occurs_on <= $2 ORDER BY occurs_on DESC LIMIT $3";
    on!(tx, select, |conn, sql| sqlx::query_as(sql)
        .bind(enrollment)
        .bind(up_to)
        .bind(most)
        .fetch_all(conn)
        .await)
}

/// Visits of hers, of whatever state, the latest first.
#[derive(Clone, Debug, FromRow)]
pub struct VisitNoted {
    /// Its id.
    pub id: Uuid,
    /// For which enrollment.
    pub enrollment_id: Option<Uuid>,
    /// Her local day.
    pub on_day: NaiveDate,
    /// The time, as she told it.
    pub at_time: Option<String>,
    /// noted, kept, missed, canceled.
    pub state: String,
    /// When she told it.
    pub noted_at: DateTime<Utc>,
}

/// All visits that she noted.
pub async fn visits(tx: &mut Tx, subscriber: Uuid) -> StoreResult<Vec<VisitNoted>> {
    let select = "SELECT id, enrollment_id, on_day, at_time, state, noted_at FROM visits
                   WHERE subscriber_id = $1 ORDER BY on_day DESC, id DESC";
    on!(tx, select, |conn, sql| sqlx::query_as(sql).bind(subscriber).fetch_all(conn).await)
}

/// What she wrote that a person was to read.
#[derive(Clone, Debug, FromRow)]
pub struct HelpItem {
    /// Its id.
    pub id: Uuid,
    /// Its program.
    pub program: String,
    /// Where she was.
    pub stage: String,
    /// The gravest sign of danger in it.
    pub sign: Option<String>,
    /// open, answered, closed.
    pub state: String,
    /// When it was opened.
    pub opened_at: DateTime<Utc>,
    /// When it ended.
    pub closed_at: Option<DateTime<Utc>>,
    /// By whom.
    pub closed_by: Option<String>,
}

/// Her items, the newest first.
pub async fn help_items(tx: &mut Tx, subscriber: Uuid) -> StoreResult<Vec<HelpItem>> {
    let select = "SELECT id, program, stage, sign, state, opened_at, closed_at, closed_by FROM help_items
                   WHERE subscriber_id = $1 ORDER BY opened_at DESC, id DESC";
    on!(tx, select, |conn, sql| sqlx::query_as(sql).bind(subscriber).fetch_all(conn).await)
}

/// Which people wrote which of our texts to her.
pub async fn written_by(tx: &mut Tx, subscriber: Uuid) -> StoreResult<Vec<(Uuid, String)>> {
    let select = "SELECT t.id, t.written_by FROM help_items i JOIN help_texts t ON t.item_id = i.id
                   WHERE i.subscriber_id = $1 AND t.written_by IS NOT NULL";
    on!(tx, select, |conn, sql| sqlx::query_as(sql).bind(subscriber).fetch_all(conn).await)
}

/// Her answers to the library's questions.
#[derive(Clone, Debug, FromRow)]
pub struct Answer {
    /// By which enrollment.
    pub enrollment_id: Uuid,
    /// To which question.
    pub question: String,
    /// What it came to.
    pub outcome: String,
    /// In which language.
    pub language: String,
    /// Of which edition.
    pub edition: i64,
    /// When.
    pub at: DateTime<Utc>,
}

/// What she answered to the library's questions.
pub async fn answers(tx: &mut Tx, enrollment: Uuid) -> StoreResult<Vec<Answer>> {
    let select = "SELECT enrollment_id, question, outcome, language, edition, at FROM answers
                   WHERE enrollment_id = $1 ORDER BY at, question";
    on!(tx, select, |conn, sql| sqlx::query_as(sql).bind(enrollment).fetch_all(conn).await)
}

/// Who wrote a number to us that is known by this (MOVE), a few at most.
pub async fn mentioned_by(tx: &mut Tx, digest: &[u8]) -> StoreResult<Vec<Uuid>> {
    let select = "SELECT subscriber_id FROM mentions WHERE digest = $1 ORDER BY subscriber_id LIMIT 50";
    on!(tx, select, |conn, sql| sqlx::query_scalar(sql).bind(digest).fetch_all(conn).await)
}

/// What is proved of a number that is held no more, the oldest first.
pub async fn proofs(tx: &mut Tx, digest: &[u8]) -> StoreResult<Vec<super::erasures::Proof>> {
    let select = "SELECT action, program, sender, at FROM proofs WHERE digest = $1 ORDER BY at, id";
    on!(tx, select, |conn, sql| sqlx::query_as(sql).bind(digest).fetch_all(conn).await)
}

/// Until when a sender may not send, and why.
pub async fn hold(tx: &mut Tx, sender: &str) -> StoreResult<Option<(DateTime<Utc>, Option<String>)>> {
    let select =
        "SELECT held_until, hold_reason FROM sender_accounts WHERE sender = $1 AND held_until IS NOT NULL";
    on!(tx, select, |conn, sql| sqlx::query_as(sql).bind(sender).fetch_optional(conn).await)
}
