//! Subscribers and enrollments.

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use sqlx::{FromRow, QueryBuilder};
use uuid::Uuid;

use super::agenda::{self, Version};
use super::{Sql, StoreResult, Tx, on};
use crate::domain::conversation::{EnrollmentState, Place};
use crate::domain::gestation::Anchor;
use crate::domain::language::Language;
use crate::domain::phone::PhoneNumber;
use crate::domain::plan::{NextDue, Reader, Terms};

/// A person with a phone number who wrote to us.
#[derive(Clone, Debug, FromRow)]
pub struct Subscriber {
    /// Its id.
    pub id: Uuid,
    /// Her number.
    phone: String,
    /// The language last spoken with her.
    language: Option<String>,
    /// Where she lives, as she gave it.
    pub place: Option<String>,
    zone: Option<String>,
    /// The state or region she lives in, as the library's help knows it.
    pub area: Option<String>,
    /// Since when nothing unasked may go out.
    pub stopped_at: Option<DateTime<Utc>>,
    /// Since when the provider refuses to text her.
    pub blocked_at: Option<DateTime<Utc>>,
    /// When a text that answered no question was last met with help.
    pub hinted_at: Option<DateTime<Utc>>,
    /// Digest of her last text.
    pub echo: Option<String>,
    /// How often in a row she sent it.
    pub echoes: i32,
    /// When she sent it last.
    pub echo_at: Option<DateTime<Utc>>,
    /// Texts that she did not ask for give nothing away.
    pub discreet: bool,
    reader: Option<String>,
    /// The code she sent with the start word, until she is enrolled.
    pub partner: Option<String>,
    /// How many texts to her were automatic answers, since the moment after it.
    pub answers: i32,
    /// Since when they are counted.
    pub answers_since: Option<DateTime<Utc>>,
}

impl Subscriber {
    /// Her number.
    pub fn phone(&self) -> Option<PhoneNumber> {
        PhoneNumber::from_e164(self.phone.clone())
    }

    /// Her number, as it is kept.
    pub fn number(&self) -> &str {
        &self.phone
    }

    /// Her zone, if it is known.
    pub fn zone(&self) -> Option<Tz> {
        self.zone.as_deref()?.parse().ok()
    }

    /// Who she is to the baby, if she is not its mother.
    pub fn reader(&self) -> Option<Reader> {
        Reader::named(self.reader.as_deref()?)
    }

    /// The language last spoken with her.
    pub fn language(&self) -> Option<Language> {
        self.language.as_deref()?.parse().ok()
    }
}

const SUBSCRIBER: Sql = Sql::pair(
    "SELECT id, phone, language, place, zone, area, stopped_at, blocked_at, hinted_at, echo, echoes,
            echo_at, discreet, reader, partner, answers, answers_since
       FROM subscribers WHERE phone = $1",
    // Two texts of one woman are never answered at the same time. NO KEY: a planner that inserts a row which
    // refers to her must not wait for this lock, or each would wait for the other.
    "SELECT id, phone, language, place, zone, area, stopped_at, blocked_at, hinted_at, echo, echoes,
            echo_at, discreet, reader, partner, answers, answers_since
       FROM subscribers WHERE phone = $1 FOR NO KEY UPDATE",
);

/// The subscriber with a number, locked until the transaction ends.
pub async fn lock(tx: &mut Tx, phone: &PhoneNumber) -> StoreResult<Option<Subscriber>> {
    on!(tx, SUBSCRIBER, |conn, sql| sqlx::query_as(sql).bind(phone.as_e164()).fetch_optional(conn).await)
}

/// The subscriber with a number, made if there is none, locked until the transaction ends.
pub async fn lock_or_insert(
    tx: &mut Tx,
    id: Uuid,
    phone: &PhoneNumber,
    region: Option<&str>,
    now: DateTime<Utc>,
) -> StoreResult<Subscriber> {
    let insert = "INSERT INTO subscribers (id, phone, region, created_at) VALUES ($1, $2, $3, $4)
                  ON CONFLICT (phone) DO NOTHING";
    on!(tx, insert, |conn, sql| sqlx::query(sql)
        .bind(id)
        .bind(phone.as_e164())
        .bind(region)
        .bind(now)
        .execute(conn)
        .await
        .map(|_| ()))?;
    on!(tx, SUBSCRIBER, |conn, sql| sqlx::query_as(sql).bind(phone.as_e164()).fetch_one(conn).await)
}

/// Remembers what she last wrote and how often in a row.
pub async fn set_echo(
    tx: &mut Tx,
    subscriber: Uuid,
    echo: &str,
    echoes: i32,
    at: DateTime<Utc>,
) -> StoreResult<()> {
    let update = "UPDATE subscribers SET echo = $2, echoes = $3, echo_at = $4, heard_at = $4 WHERE id = $1";
    on!(tx, update, |conn, sql| sqlx::query(sql)
        .bind(subscriber)
        .bind(echo)
        .bind(echoes)
        .bind(at)
        .execute(conn)
        .await
        .map(|_| ()))
}

/// Remembers the language spoken with her.
pub async fn set_language(tx: &mut Tx, subscriber: Uuid, language: Language) -> StoreResult<()> {
    let update = "UPDATE subscribers SET language = $2 WHERE id = $1";
    on!(tx, update, |conn, sql| sqlx::query(sql)
        .bind(subscriber)
        .bind(language.as_str())
        .execute(conn)
        .await
        .map(|_| ()))
}

/// Remembers where she lives.
pub async fn set_place(tx: &mut Tx, subscriber: Uuid, place: &Place) -> StoreResult<()> {
    let update =
        "UPDATE subscribers SET place = $2, zone = $3, zone_origin = 'place', area = $4 WHERE id = $1";
    on!(tx, update, |conn, sql| sqlx::query(sql)
        .bind(subscriber)
        .bind(&place.name)
        .bind(place.zone.name())
        .bind(place.area.as_deref())
        .execute(conn)
        .await
        .map(|_| ()))
}

/// The moments that change what may be sent to a number.
#[derive(Clone, Copy, Debug)]
pub enum Mark {
    /// She stopped.
    Stopped,
    /// The provider blocks her.
    Blocked,
    /// A text that answered no question was met with help.
    Hinted,
    /// The number is taken to be somebody else's.
    Recycled,
    /// All that is held of her is to be erased.
    Erase,
}

/// Sets a mark to a moment, or takes it away.
pub async fn mark(tx: &mut Tx, subscriber: Uuid, mark: Mark, at: Option<DateTime<Utc>>) -> StoreResult<()> {
    let update = match mark {
        Mark::Stopped => "UPDATE subscribers SET stopped_at = $2 WHERE id = $1",
        Mark::Blocked => "UPDATE subscribers SET blocked_at = $2 WHERE id = $1",
        Mark::Hinted => "UPDATE subscribers SET hinted_at = $2 WHERE id = $1",
        Mark::Recycled => "UPDATE subscribers SET recycled_at = $2 WHERE id = $1",
        Mark::Erase => "UPDATE subscribers SET erase_at = $2 WHERE id = $1",
    };
    on!(tx, update, |conn, sql| sqlx::query(sql).bind(subscriber).bind(at).execute(conn).await.map(|_| ()))
}

/// Records who said that she stopped: `keyword` or `provider`.
pub async fn stopped_by(tx: &mut Tx, subscriber: Uuid, by: &str) -> StoreResult<()> {
    let update = "UPDATE subscribers SET stopped_by = $2 WHERE id = $1";
    on!(tx, update, |conn, sql| sqlx::query(sql).bind(subscriber).bind(by).execute(conn).await.map(|_| ()))
}

/// Marks a number whose country no program serves; true the first time.
pub async fn refuse_once(tx: &mut Tx, subscriber: Uuid, now: DateTime<Utc>) -> StoreResult<bool> {
    let update = "UPDATE subscribers SET refused_at = $2 WHERE id = $1 AND refused_at IS NULL";
    on!(tx, update, |conn, sql| sqlx::query(sql)
        .bind(subscriber)
        .bind(now)
        .execute(conn)
        .await
        .map(|done| done.rows_affected() == 1))
}

/// An enrollment.
#[derive(Clone, Debug, FromRow)]
pub struct Enrollment {
    /// Its id.
    pub id: Uuid,
    /// Whose it is.
    pub subscriber_id: Uuid,
    /// Its program.
    pub program: String,
    /// The sender she hears from.
    pub sender: String,
    /// Its language.
    #[sqlx(try_from = "String")]
    pub language: Language,
    /// Its state.
    #[sqlx(try_from = "String")]
    pub state: EnrollmentState,
    /// Why.
    pub reason: Option<String>,
    anchor_kind: String,
    anchor_date: NaiveDate,
    /// When she enrolled.
    pub enrolled_at: DateTime<Utc>,
    /// Her local date then.
    pub enrolled_on: NaiveDate,
    /// Counts the changes of what is planned from.
    pub version: i32,
    terms: Option<String>,
    before_loss: Option<String>,
}

impl Enrollment {
    /// Its due date or birth.
    pub fn anchor(&self) -> Anchor {
        anchor(&self.anchor_kind, self.anchor_date)
    }

    /// How it departs from its program's rhythm.
    pub fn terms(&self) -> Terms {
        Terms::from_json(self.terms.as_deref())
    }

    /// The state that a loss found it in.
    pub fn before_loss(&self) -> Option<EnrollmentState> {
        EnrollmentState::named(self.before_loss.as_deref()?)
    }
}

/// The anchor stored under a kind and a date.
pub fn anchor(kind: &str, date: NaiveDate) -> Anchor {
    if kind == "born" { Anchor::Born(date) } else { Anchor::Due(date) }
}

fn anchor_kind(anchor: Anchor) -> &'static str {
    match anchor {
        Anchor::Due(_) => "due",
        Anchor::Born(_) => "born",
    }
}

/// A person's enrollments, the newest first.
pub async fn enrollments_of(tx: &mut Tx, subscriber: Uuid) -> StoreResult<Vec<Enrollment>> {
    let select =
        "SELECT id, subscriber_id, program, sender, language, state, reason, anchor_kind, anchor_date,
                         enrolled_at, enrolled_on, version, terms, before_loss
                    FROM enrollments WHERE subscriber_id = $1 ORDER BY enrolled_at DESC, id DESC";
    on!(tx, select, |conn, sql| sqlx::query_as(sql).bind(subscriber).fetch_all(conn).await)
}

/// A new enrollment.
#[derive(Clone, Debug)]
pub struct NewEnrollment {
    /// Its id.
    pub id: Uuid,
    /// Whose it is.
    pub subscriber: Uuid,
    /// Its program.
    pub program: String,
    /// The sender she wrote to.
    pub sender: String,
    /// Its language.
    pub language: Language,
    /// Its due date or birth.
    pub anchor: Anchor,
    /// Now.
    pub at: DateTime<Utc>,
    /// Her local date.
    pub on: NaiveDate,
    /// How it departs from its program's rhythm.
    pub terms: Terms,
    /// By whose code she came.
    pub partner: Option<String>,
    /// Its first occurrence, date and instant.
    pub next: NextDue,
}

/// Writes new enrollments, active, and puts what comes first into the agenda.
pub async fn enroll(tx: &mut Tx, all: &[NewEnrollment]) -> StoreResult<()> {
    if all.is_empty() {
        return Ok(());
    }
    let insert = "INSERT INTO enrollments (id, subscriber_id, program, sender, language, state, state_since,
                                           anchor_kind, anchor_date, enrolled_at, enrolled_on, terms, partner) ";
    on!(tx, insert, |conn, sql| {
        let mut query = QueryBuilder::new(sql);
        query.push_values(all, |mut row, new| {
            row.push_bind(new.id)
                .push_bind(new.subscriber)
                .push_bind(&new.program)
                .push_bind(&new.sender)
                .push_bind(new.language.as_str())
                .push_bind(EnrollmentState::Active.name())
                .push_bind(new.at)
                .push_bind(anchor_kind(new.anchor))
                .push_bind(new.anchor.date())
                .push_bind(new.at)
                .push_bind(new.on)
                .push_bind(new.terms.to_json())
                .push_bind(new.partner.as_deref());
        });
        query.build().persistent(false).execute(conn).await.map(|_| ())
    })?;
    let coming: Vec<_> = all.iter().filter_map(|new| new.next.map(|(on, at)| (new.id, on, at))).collect();
    agenda::put(tx, &coming).await
}

/// Moves enrollments of a person out of the states they can still be in: active ones, and those with a few texts of
/// support; for a loss the stopped ones too, so that a later START cannot bring them back. Nothing is planned for them
/// any more. `only` narrows it to one program. Gives their ids.
pub async fn leave(
    tx: &mut Tx,
    subscriber: Uuid,
    only: Option<&str>,
    to: EnrollmentState,
    reason: &str,
    now: DateTime<Utc>,
) -> StoreResult<Vec<Uuid>> {
    // After a loss a stop, too, leaves it a loss.
    let update = "UPDATE enrollments
                     SET before_loss = CASE WHEN $3 = 'frozen' AND state <> 'supported' THEN state ELSE before_loss END,
                         state = CASE WHEN state = 'supported' THEN 'frozen' ELSE $3 END,
                         reason = $4, state_since = $5, version = version + 1
                   WHERE subscriber_id = $1 AND ($2 IS NULL OR program = $2)
                     AND (state = 'active' OR state = 'supported' OR (state = 'stopped' AND $3 = 'frozen'))
               RETURNING id, version - 1";
    let left: Vec<Version> = on!(tx, update, |conn, sql| sqlx::query_as(sql)
        .bind(subscriber)
        .bind(only)
        .bind(to.name())
        .bind(reason)
        .bind(now)
        .fetch_all(conn)
        .await)?;
    agenda::revoke(tx, &left, now).await?;
    Ok(left.into_iter().map(|(id, _)| id).collect())
}

/// What an enrollment is planned from, from here on.
#[derive(Clone, Debug)]
pub struct Course<'a> {
    /// Its state.
    pub state: EnrollmentState,
    /// Its due date or birth.
    pub anchor: Anchor,
    /// How it departs from its program's rhythm.
    pub terms: &'a Terms,
    /// What comes first.
    pub next: NextDue,
}

/// Plans an enrollment anew; what was planned from what it was before counts no more.
pub async fn plan_anew(
    tx: &mut Tx,
    enrollment: Uuid,
    course: &Course<'_>,
    now: DateTime<Utc>,
) -> StoreResult<()> {
    let update = "UPDATE enrollments
                     SET state = $2, reason = NULL, state_since = CASE WHEN state = $2 THEN state_since ELSE $3 END,
                         anchor_kind = $4, anchor_date = $5, terms = $6, version = version + 1
                   WHERE id = $1 RETURNING id, version - 1";
    let old: Vec<Version> = on!(tx, update, |conn, sql| sqlx::query_as(sql)
        .bind(enrollment)
        .bind(course.state.name())
        .bind(now)
        .bind(anchor_kind(course.anchor))
        .bind(course.anchor.date())
        .bind(course.terms.to_json())
        .fetch_all(conn)
        .await)?;
    agenda::revoke(tx, &old, now).await?;
    let coming: Vec<_> = course.next.map(|(on, at)| (enrollment, on, at)).into_iter().collect();
    agenda::put(tx, &coming).await
}

/// Gives an enrollment back the state that a loss found it in, where that was not active: nothing is planned for it.
pub async fn unfreeze(
    tx: &mut Tx,
    enrollment: Uuid,
    to: EnrollmentState,
    now: DateTime<Utc>,
) -> StoreResult<()> {
    let update = "UPDATE enrollments SET state = $2, reason = NULL, state_since = $3 WHERE id = $1";
    on!(tx, update, |conn, sql| sqlx::query(sql)
        .bind(enrollment)
        .bind(to.name())
        .bind(now)
        .execute(conn)
        .await
        .map(|_| ()))
}

/// Gives an enrollment to another subscriber.
pub async fn hand_over(tx: &mut Tx, enrollment: Uuid, to: Uuid) -> StoreResult<()> {
    let update = "UPDATE enrollments SET subscriber_id = $2 WHERE id = $1";
    on!(tx, update, |conn, sql| sqlx::query(sql).bind(enrollment).bind(to).execute(conn).await.map(|_| ()))
}

/// Speaks another language in an enrollment.
pub async fn set_enrollment_language(tx: &mut Tx, enrollment: Uuid, language: Language) -> StoreResult<()> {
    let update = "UPDATE enrollments SET language = $2 WHERE id = $1";
    on!(tx, update, |conn, sql| sqlx::query(sql)
        .bind(enrollment)
        .bind(language.as_str())
        .execute(conn)
        .await
        .map(|_| ()))
}

/// The subscriber with an id, locked until the transaction ends.
pub async fn lock_id(tx: &mut Tx, id: Uuid) -> StoreResult<Option<Subscriber>> {
    let select = "SELECT phone FROM subscribers WHERE id = $1";
    let phone: Option<String> =
        on!(tx, select, |conn, sql| sqlx::query_scalar(sql).bind(id).fetch_optional(conn).await)?;
    match phone.and_then(PhoneNumber::from_e164) {
        Some(phone) => lock(tx, &phone).await,
        None => Ok(None),
    }
}

/// Remembers who she is to the baby, and by whose code she came.
pub async fn set_reader(tx: &mut Tx, subscriber: Uuid, reader: Option<Reader>) -> StoreResult<()> {
    let update = "UPDATE subscribers SET reader = $2 WHERE id = $1";
    on!(tx, update, |conn, sql| sqlx::query(sql)
        .bind(subscriber)
        .bind(reader.map(Reader::name))
        .execute(conn)
        .await
        .map(|_| ()))
}

/// Remembers by whose code she came, until she is enrolled.
pub async fn set_partner(tx: &mut Tx, subscriber: Uuid, code: Option<&str>) -> StoreResult<()> {
    let update = "UPDATE subscribers SET partner = $2 WHERE id = $1";
    on!(tx, update, |conn, sql| sqlx::query(sql).bind(subscriber).bind(code).execute(conn).await.map(|_| ()))
}

/// Texts that she did not ask for give nothing away from here on, or do again.
pub async fn set_discreet(tx: &mut Tx, subscriber: Uuid, discreet: bool) -> StoreResult<()> {
    let update = "UPDATE subscribers SET discreet = $2 WHERE id = $1";
    on!(tx, update, |conn, sql| sqlx::query(sql)
        .bind(subscriber)
        .bind(discreet)
        .execute(conn)
        .await
        .map(|_| ()))
}

/// Counts automatic answers to her.
pub async fn set_answers(
    tx: &mut Tx,
    subscriber: Uuid,
    answers: i32,
    since: DateTime<Utc>,
) -> StoreResult<()> {
    let update = "UPDATE subscribers SET answers = $2, answers_since = $3 WHERE id = $1";
    on!(tx, update, |conn, sql| sqlx::query(sql)
        .bind(subscriber)
        .bind(answers)
        .bind(since)
        .execute(conn)
        .await
        .map(|_| ()))
}

/// Ends enrollments whose year is over; nothing of them is in the agenda any more.
pub async fn complete(tx: &mut Tx, enrollments: &[Version], now: DateTime<Utc>) -> StoreResult<()> {
    for (id, version) in enrollments {
        // The last text of support leaves the loss what it is.
        let update = "UPDATE enrollments
                         SET state = CASE WHEN state = 'supported' THEN 'frozen' ELSE 'completed' END,
                             reason = CASE WHEN state = 'supported' THEN reason
                                           ELSE 'the baby''s first year is over' END,
                             state_since = $3
                       WHERE id = $1 AND version = $2 AND state IN ('active', 'supported')";
        on!(tx, update, |conn, sql| sqlx::query(sql)
            .bind(*id)
            .bind(*version)
            .bind(now)
            .execute(conn)
            .await
            .map(|_| ()))?;
    }
    Ok(())
}

/// A subscriber made up for a trial.
#[derive(Clone, Debug)]
pub struct NewSubscriber {
    /// Her id.
    pub id: Uuid,
    /// Her number.
    pub phone: String,
    /// Her language.
    pub language: Language,
    /// Her zone.
    pub zone: Option<Tz>,
    /// Now.
    pub at: DateTime<Utc>,
}

/// Writes subscribers.
pub async fn insert_all(tx: &mut Tx, all: &[NewSubscriber]) -> StoreResult<()> {
    if all.is_empty() {
        return Ok(());
    }
    on!(tx, "INSERT INTO subscribers (id, phone, language, zone, zone_origin, created_at) ", |conn, sql| {
        let mut query = QueryBuilder::new(sql);
        query.push_values(all, |mut row, new| {
            row.push_bind(new.id)
                .push_bind(&new.phone)
                .push_bind(new.language.as_str())
                .push_bind(new.zone.map(|zone| zone.name()))
                .push_bind("place")
                .push_bind(new.at);
        });
        query.build().persistent(false).execute(conn).await.map(|_| ())
    })
}
