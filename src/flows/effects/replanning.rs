//! How a course is planned anew, whatever changed: her dates, her hour, her zone, her phone.

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use uuid::Uuid;

use super::courses::New;
use crate::domain::conversation::EnrollmentState;
use crate::domain::plan::Course as Planned;
use crate::flows::Service;
use crate::flows::broadcasting;
use crate::flows::planning::{course, first_after};
use crate::library::Program;
use crate::store::outbox::{self, Cancel};
use crate::store::people::{self, Course, Enrollment};
use crate::store::{StoreResult, Tx, planned, unread};

/// Takes back what waits at a subscriber's for an enrollment, and begins it again from today. If something waited that was
/// due today, or was still to come, then something comes today: by her new hour or zone its time may be past already, and
/// it would be lost.
pub(super) async fn replan(
    service: &Service,
    tx: &mut Tx,
    program: &Program,
    subscriber: Uuid,
    enrollment: &Enrollment,
    new: New,
    reason: &str,
) -> StoreResult<()> {
    let (id, now) = (enrollment.id, service.now());
    // Other dates make questions about a birth wrong as well; by other terms a reminder is still right.
    let same = enrollment.state == new.state && enrollment.anchor() == new.anchor;
    let which = if same { Cancel::TipsOf(id) } else { Cancel::UnaskedOf(id) };
    let today = program.whereabouts(new.before).date_at(now);
    let last = planned::last_day(tx, id).await?;
    let to_come = still_comes(program, enrollment, new.before, last, now);
    let taken_back = outbox::cancel(tx, subscriber, which, reason, now).await?;
    planned::free(tx, &taken_back).await?;
    unread::forget(tx, &taken_back).await?;
    if !same {
        let dates = (new.anchor, program.whereabouts(new.zone).date_at(now));
        broadcasting::outdate(tx, (subscriber, id), dates, reason, now).await?;
    }
    let left = planned::last_day(tx, id).await?;
    let waited = last == Some(today) && left < last;
    let today = program.whereabouts(new.zone).date_at(now);
    let yesterday = today.pred_opt().unwrap_or(today);
    let after = left.map_or(yesterday, |left| left.max(yesterday));
    let from = course(program, id, new.anchor, enrollment.enrolled_on, new.zone);
    let owed = Some(today).filter(|_| to_come || waited);
    let next = first_after(&Planned { terms: new.terms.clone(), ..from }, after, now, owed);
    let course = Course { state: new.state, anchor: new.anchor, terms: &new.terms, next };
    people::plan_anew(tx, id, &course, now).await
}

/// Whether a text was to come yet today, as it was until now.
fn still_comes(
    program: &Program,
    enrollment: &Enrollment,
    zone: Option<Tz>,
    last: Option<NaiveDate>,
    now: DateTime<Utc>,
) -> bool {
    if !matches!(enrollment.state, EnrollmentState::Active | EnrollmentState::Supported) {
        return false;
    }
    let today = program.whereabouts(zone).date_at(now);
    let yesterday = today.pred_opt().unwrap_or(today);
    let from = course(program, enrollment.id, enrollment.anchor(), enrollment.enrolled_on, zone);
    let as_it_was = Planned { terms: enrollment.terms(), ..from };
    let after = last.map_or(yesterday, |last| last.max(yesterday));
    first_after(&as_it_was, after, now, None).is_some_and(|(on, _)| on == today)
}
