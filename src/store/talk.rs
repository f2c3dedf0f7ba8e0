//! Open questions, and the proof of consent.

use chrono::{DateTime, Utc};
use sqlx::FromRow;
use uuid::Uuid;

use super::{Sql, StoreResult, Tx, on};

/// An open question, as stored.
#[derive(Clone, Debug, FromRow)]
pub struct OpenQuestion {
    /// Whose.
    pub subscriber_id: Uuid,
    /// The sender it is held through.
    pub sender: String,
    /// The program.
    pub program: String,
    /// The language.
    pub language: String,
    /// The step, as JSON.
    pub step: String,
    /// What was shown and answered so far, as JSON.
    pub exchange: String,
    /// Help was given at this step.
    pub unread: bool,
    /// When it was opened.
    pub opened_at: DateTime<Utc>,
    /// When to remind her.
    pub nudge_at: Option<DateTime<Utc>>,
    /// Until when it is open.
    pub expires_at: DateTime<Utc>,
    /// Until when a late answer is still understood; none: not at all.
    pub late_until: Option<DateTime<Utc>>,
}

const COLUMNS: &str = "SELECT subscriber_id, sender, program, language, step, exchange, unread, opened_at,
                              nudge_at, expires_at, late_until FROM conversations WHERE subscriber_id = $1";

/// The open question of a person.
pub async fn open_question(tx: &mut Tx, subscriber: Uuid) -> StoreResult<Option<OpenQuestion>> {
    on!(tx, COLUMNS, |conn, sql| sqlx::query_as(sql).bind(subscriber).fetch_optional(conn).await)
}

/// Opens a question, in place of any other.
pub async fn ask(tx: &mut Tx, question: &OpenQuestion) -> StoreResult<()> {
    let upsert =
        "INSERT INTO conversations (subscriber_id, sender, program, language, step, exchange, unread,
                                             opened_at, nudge_at, expires_at, late_until)
                  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
                  ON CONFLICT (subscriber_id) DO UPDATE SET
                      sender = excluded.sender, program = excluded.program, language = excluded.language,
                      step = excluded.step, exchange = excluded.exchange, unread = excluded.unread,
                      opened_at = excluded.opened_at, nudge_at = excluded.nudge_at,
                      expires_at = excluded.expires_at, late_until = excluded.late_until";
    on!(tx, upsert, |conn, sql| sqlx::query(sql)
        .bind(question.subscriber_id)
        .bind(&question.sender)
        .bind(&question.program)
        .bind(&question.language)
        .bind(&question.step)
        .bind(&question.exchange)
        .bind(question.unread)
        .bind(question.opened_at)
        .bind(question.nudge_at)
        .bind(question.expires_at)
        .bind(question.late_until)
        .execute(conn)
        .await
        .map(|_| ()))
}

/// Closes the question of a person.
pub async fn close(tx: &mut Tx, subscriber: Uuid) -> StoreResult<()> {
    let delete = "DELETE FROM conversations WHERE subscriber_id = $1";
    on!(tx, delete, |conn, sql| sqlx::query(sql).bind(subscriber).execute(conn).await.map(|_| ()))
}

/// Drops the questions whose time is over; gives how many.
pub async fn drop_expired(tx: &mut Tx, now: DateTime<Utc>) -> StoreResult<u64> {
    let delete = "DELETE FROM conversations WHERE COALESCE(late_until, expires_at) <= $1";
    on!(tx, delete, |conn, sql| sqlx::query(sql)
        .bind(now)
        .execute(conn)
        .await
        .map(|done| done.rows_affected()))
}

/// A question of which she is to be reminded, with where she can be reached.
#[derive(Clone, Debug, FromRow)]
pub struct DueNudge {
    /// The question.
    #[sqlx(flatten)]
    pub question: OpenQuestion,
    /// Her number.
    pub phone: String,
    /// Her zone, if known.
    pub zone: Option<String>,
    /// Others read her phone.
    pub discreet: bool,
}

const DUE_NUDGES: Sql = Sql::pair(
    "SELECT c.subscriber_id, c.sender, c.program, c.language, c.step, c.exchange, c.unread, c.opened_at,
            c.nudge_at, c.expires_at, c.late_until, s.phone, s.zone, s.discreet
       FROM conversations c JOIN subscribers s ON s.id = c.subscriber_id
      WHERE c.nudge_at <= $1 ORDER BY c.nudge_at LIMIT $2",
    "SELECT c.subscriber_id, c.sender, c.program, c.language, c.step, c.exchange, c.unread, c.opened_at,
            c.nudge_at, c.expires_at, c.late_until, s.phone, s.zone, s.discreet
       FROM conversations c JOIN subscribers s ON s.id = c.subscriber_id
      WHERE c.nudge_at <= $1 ORDER BY c.nudge_at LIMIT $2 FOR UPDATE OF c SKIP LOCKED",
);

/// The questions of which to remind now.
pub async fn due_nudges(tx: &mut Tx, now: DateTime<Utc>, limit: i64) -> StoreResult<Vec<DueNudge>> {
    on!(tx, DUE_NUDGES, |conn, sql| sqlx::query_as(sql).bind(now).bind(limit).fetch_all(conn).await)
}

/// Sets when to remind of a question next; none: never again.
pub async fn set_nudge(tx: &mut Tx, subscriber: Uuid, at: Option<DateTime<Utc>>) -> StoreResult<()> {
    let update = "UPDATE conversations SET nudge_at = $2 WHERE subscriber_id = $1";
    on!(tx, update, |conn, sql| sqlx::query(sql).bind(subscriber).bind(at).execute(conn).await.map(|_| ()))
}

/// When the next question is to be reminded of or dropped.
pub async fn next_due(tx: &mut Tx) -> StoreResult<Option<DateTime<Utc>>> {
    let nudge = "SELECT MIN(nudge_at) FROM conversations WHERE nudge_at IS NOT NULL";
    let expiry = "SELECT MIN(COALESCE(late_until, expires_at)) FROM conversations";
    let nudge: Option<DateTime<Utc>> =
        on!(tx, nudge, |conn, sql| sqlx::query_scalar(sql).fetch_one(conn).await)?;
    let expiry: Option<DateTime<Utc>> =
        on!(tx, expiry, |conn, sql| sqlx::query_scalar(sql).fetch_one(conn).await)?;
    Ok(nudge.into_iter().chain(expiry).min())
}

/// A record of consent.
#[derive(Clone, Debug, FromRow)]
pub struct Consent {
    /// Its id.
    pub id: Uuid,
    /// Whose.
    pub subscriber_id: Uuid,
    /// For which enrollment.
    pub enrollment_id: Option<Uuid>,
    /// For which program; none: all on that phone.
    pub program: Option<String>,
    /// Through which sender.
    pub sender: String,
    /// opt_in, opt_out, freeze.
    pub action: String,
    /// The exact words shown and answered, with times, as JSON.
    pub exchange: String,
    /// When.
    pub at: DateTime<Utc>,
}

/// Adds a record of consent.
pub async fn record_consent(tx: &mut Tx, consent: &Consent) -> StoreResult<()> {
    let insert =
        "INSERT INTO consents (id, subscriber_id, enrollment_id, program, sender, action, exchange, at)
                  VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    on!(tx, insert, |conn, sql| sqlx::query(sql)
        .bind(consent.id)
        .bind(consent.subscriber_id)
        .bind(consent.enrollment_id)
        .bind(&consent.program)
        .bind(&consent.sender)
        .bind(&consent.action)
        .bind(&consent.exchange)
        .bind(consent.at)
        .execute(conn)
        .await
        .map(|_| ()))
}

/// A person's records of consent, the oldest first.
pub async fn consents_of(tx: &mut Tx, subscriber: Uuid) -> StoreResult<Vec<Consent>> {
    let select = "SELECT id, subscriber_id, enrollment_id, program, sender, action, exchange, at
                    FROM consents WHERE subscriber_id = $1 ORDER BY at, id";
    on!(tx, select, |conn, sql| sqlx::query_as(sql).bind(subscriber).fetch_all(conn).await)
}
