//! Enrollments: one woman in one program for one pregnancy or baby.

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::{FromRow, QueryBuilder};
use uuid::Uuid;

use crate::domain::conversation::{Enrolled, EnrollmentState};
use crate::domain::gestation::Anchor;
use crate::domain::language::Language;
use crate::domain::plan::{NextDue, Terms};
use crate::store::agenda::{self, Version};
use crate::store::{StoreResult, Tx, on};

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
    /// Since when it is in its state.
    pub state_since: DateTime<Utc>,
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

    /// As the conversation knows it.
    pub fn told(&self) -> Enrolled {
        Enrolled {
            id: self.id,
            program: self.program.clone(),
            language: self.language,
            state: self.state,
            anchor: self.anchor(),
            terms: self.terms(),
            since: self.enrolled_on,
            state_on: self.state_since.date_naive(),
        }
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
                         enrolled_at, enrolled_on, version, terms, before_loss, state_since
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

/// Something new begins: of losses before it nothing can be undone any more.
pub async fn settle_losses(tx: &mut Tx, subscriber: Uuid) -> StoreResult<()> {
    let update = "UPDATE enrollments SET before_loss = NULL
                   WHERE subscriber_id = $1 AND (state = 'frozen' OR state = 'supported')";
    on!(tx, update, |conn, sql| sqlx::query(sql).bind(subscriber).execute(conn).await.map(|_| ()))
}

/// Gives an enrollment to another subscriber. The texts that it got stay the other's.
pub async fn hand_over(tx: &mut Tx, enrollment: Uuid, to: Uuid) -> StoreResult<()> {
    let keep = "INSERT INTO strays (text_id, subscriber_id)
                SELECT p.outbox_id, e.subscriber_id FROM planned p JOIN enrollments e ON e.id = p.enrollment_id
                 WHERE p.enrollment_id = $1 AND p.outbox_id IS NOT NULL
                ON CONFLICT (text_id) DO NOTHING";
    on!(tx, keep, |conn, sql| sqlx::query(sql).bind(enrollment).execute(conn).await.map(|_| ()))?;
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
