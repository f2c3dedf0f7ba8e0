//! What is planned for her: enrolled, re-timed, born, moved.

use chrono::NaiveDate;
use chrono_tz::Tz;
use uuid::Uuid;

use super::Carrying;
use super::replanning::replan;
use crate::domain::conversation::{EnrollmentState, Place};
use crate::domain::gestation::Anchor;
use crate::domain::language::Language;
use crate::domain::plan::{Course as Planned, Terms};
use crate::domain::reason;
use crate::flows::broadcasting;
use crate::flows::planning::{course, first_after};
use crate::flows::promises::NewClock;
use crate::library::Program;
use crate::store::outbox::{self, Cancel};
use crate::store::people::{self, Enrollment, Mark, NewEnrollment};
use crate::store::{StoreResult, Tx, promises, unread};

/// What is to be known of a newborn is told of a baby that is no older, in days.
const NEWBORN: i64 = 84;

/// What an enrollment is planned from, from here on.
pub(super) struct New {
    pub state: EnrollmentState,
    pub anchor: Anchor,
    pub terms: Terms,
    pub zone: Option<Tz>,
    /// Her zone until now.
    pub before: Option<Tz>,
}

impl Carrying<'_> {
    pub(super) async fn enroll(
        &mut self,
        tx: &mut Tx,
        program: &str,
        language: Language,
        anchor: Anchor,
        place: Option<Place>,
    ) -> StoreResult<()> {
        let Some(program) = self.edition.library.program(program) else { return Ok(()) };
        let subscriber = self.subscriber.id;
        // Whoever had this number before: it is hers now.
        people::mark(tx, subscriber, Mark::Recycled, None).await?;
        let zone = place.as_ref().map(|place| place.zone).or(self.subscriber.zone());
        if let Some(place) = &place {
            people::set_place(tx, subscriber, place).await?;
            self.follow(tx, &program.id, place).await?;
        }
        people::set_language(tx, subscriber, language).await?;
        let reason = reason::ANEW;
        self.back(tx, reason).await?;
        people::mark(tx, subscriber, Mark::Lost, None).await?;
        let left =
            people::leave(tx, subscriber, Some(&program.id), EnrollmentState::Replaced, reason, self.now)
                .await?;
        // What was promised about another pregnancy or baby is not right any more.
        for old in left {
            let taken_back = outbox::cancel(tx, subscriber, Cancel::UnaskedOf(old), reason, self.now).await?;
            unread::forget(tx, &taken_back).await?;
            let dates = (anchor, program.whereabouts(zone).date_at(self.now));
            broadcasting::outdate(tx, (subscriber, old), dates, reason, self.now).await?;
            promises::take_back_of(tx, subscriber, old).await?;
        }
        people::settle_losses(tx, subscriber).await?;
        let id = self.service.id();
        let on = program.whereabouts(zone).date_at(self.now);
        let terms = Terms {
            reader: self.subscriber.reader(),
            discreet: self.subscriber.discreet,
            ..Terms::default()
        };
        let planned = Planned { terms: terms.clone(), ..course(program, id, anchor, on, zone) };
        let new = NewEnrollment {
            id,
            subscriber,
            program: program.id.clone(),
            sender: self.sender.name.clone(),
            language,
            anchor,
            at: self.now,
            on,
            terms,
            partner: self.subscriber.partner.clone(),
            next: first_after(&planned, on, self.now, None),
        };
        people::enroll(tx, &[new]).await?;
        if self.subscriber.partner.is_some() {
            people::set_partner(tx, subscriber, None).await?;
        }
        self.promising(program, zone).news(tx, id, anchor).await?;
        self.consents.push(("opt_in", Some(id), Some(program.id.clone())));
        self.audit(tx, "enroll", &program.id).await
    }

    /// She has told where she lives: what else she is enrolled in, and what was promised her, keeps her new hours, and
    /// names her new help.
    async fn follow(&mut self, tx: &mut Tx, other_than: &str, place: &Place) -> StoreResult<()> {
        let (before, zone) = (self.subscriber.zone(), Some(place.zone));
        if zone == before && place.area == self.subscriber.area {
            return Ok(());
        }
        let clock =
            NewClock { library: &self.edition.library, enrollments: self.enrollments, before, after: zone };
        clock.set(tx, self.subscriber.id).await?;
        for enrollment in self.enrollments {
            if enrollment.state == EnrollmentState::Active && enrollment.program != other_than {
                let new = New { zone, ..self.as_it_is(enrollment) };
                self.plan_anew(tx, enrollment, new, reason::HOUSE).await?;
            }
        }
        Ok(())
    }

    /// ZIP and a place: another zone, other help, for all she gets.
    pub(super) async fn moved_house(&mut self, tx: &mut Tx, place: &Place) -> StoreResult<()> {
        people::set_place(tx, self.subscriber.id, place).await?;
        self.follow(tx, "", place).await?;
        self.audit(tx, "place", place.zone.name()).await
    }

    /// New dates, or the old ones again after a STOP.
    pub(super) async fn retime(&mut self, tx: &mut Tx, id: Uuid, anchor: Option<Anchor>) -> StoreResult<()> {
        let Some(enrollment) = self.enrollment(id).filter(not_lost) else { return Ok(()) };
        let (before, stopped) = (enrollment.anchor(), enrollment.state == EnrollmentState::Stopped);
        let anchor = anchor.unwrap_or(before);
        let mut terms = enrollment.terms();
        if let (Anchor::Born(before), Anchor::Born(born)) = (before, anchor) {
            // Twins of one day have one birthday still.
            terms.siblings.iter_mut().filter(|day| **day == before).for_each(|day| *day = born);
            terms.siblings.sort_unstable();
        }
        if stopped {
            // Whoever comes back wants tips.
            terms.pause = None;
        }
        let new = New { anchor, terms, ..self.as_it_is(enrollment) };
        if !self.plan_anew(tx, enrollment, new, reason::DATES).await? {
            return Ok(());
        }
        let program = enrollment.program.clone();
        if stopped {
            self.back(tx, reason::AGAIN).await?;
            // Somebody had said that it is not her number: it is.
            people::mark(tx, self.subscriber.id, Mark::Recycled, None).await?;
            self.consents.push(("opt_in", Some(id), Some(program.clone())));
        }
        self.renew(tx, id, &program, anchor, stopped).await?;
        self.audit_in(tx, &program, "retime", &program).await
    }

    /// She has not stopped any more: what still waits, and was to tell her that she has, does not go.
    async fn back(&self, tx: &mut Tx, reason: &str) -> StoreResult<()> {
        let id = self.subscriber.id;
        if self.subscriber.stopped_at.is_some() {
            outbox::cancel(tx, id, Cancel::Unasked, reason, self.now).await?;
        }
        people::mark(tx, id, Mark::Stopped, None).await
    }

    /// A birth, or several, closes a pregnancy: from here on the baby's clock counts.
    pub(super) async fn born(
        &mut self,
        tx: &mut Tx,
        id: Uuid,
        mut births: Vec<NaiveDate>,
    ) -> StoreResult<()> {
        let Some(enrollment) = self.enrollment(id).filter(not_lost) else { return Ok(()) };
        births.sort_unstable();
        let Some((eldest, others)) = births.split_first() else { return Ok(()) };
        let anchor = Anchor::Born(*eldest);
        let Some(program) = self.edition.library.program(&enrollment.program) else { return Ok(()) };
        let today = program.whereabouts(self.subscriber.zone()).date_at(self.now);
        let terms = Terms {
            expecting: None,
            siblings: others.to_vec(),
            birth_told: Some(today).filter(|_| (today - *eldest).num_days() <= NEWBORN),
            ..enrollment.terms()
        };
        let new = New { anchor, terms, ..self.as_it_is(enrollment) };
        let program = enrollment.program.clone();
        self.plan_anew(tx, enrollment, new, reason::BORN).await?;
        self.renew(tx, id, &program, anchor, false).await?;
        self.audit_in(tx, &program, "birth", &format!("{program}, {}", births.len())).await
    }

    /// NOT YET: the asking moves.
    pub(super) async fn ask_later(&self, tx: &mut Tx, id: Uuid) -> StoreResult<()> {
        let Some(program) = self.program_of(id) else { return Ok(()) };
        self.promising(program, self.subscriber.zone()).news_later(tx, id).await
    }

    pub(super) fn as_it_is(&self, enrollment: &Enrollment) -> New {
        let state = match enrollment.state {
            EnrollmentState::Supported => EnrollmentState::Supported,
            _ => EnrollmentState::Active,
        };
        let zone = self.subscriber.zone();
        New { state, anchor: enrollment.anchor(), terms: enrollment.terms(), zone, before: zone }
    }

    /// Takes back what waits for an enrollment and begins it again from today; false: its program is gone.
    pub(super) async fn plan_anew(
        &self,
        tx: &mut Tx,
        enrollment: &Enrollment,
        new: New,
        reason: &str,
    ) -> StoreResult<bool> {
        let Some(program) = self.edition.library.program(&enrollment.program) else { return Ok(false) };
        replan(self.service, tx, program, self.subscriber.id, enrollment, new, reason).await.map(|()| true)
    }

    /// What an enrollment is promised by what it is; `back`: it comes back, and its visits with it.
    pub(super) async fn renew(
        &self,
        tx: &mut Tx,
        id: Uuid,
        program: &str,
        anchor: Anchor,
        back: bool,
    ) -> StoreResult<()> {
        let Some(program) = self.edition.library.program(program) else { return Ok(()) };
        let promising = self.promising(program, self.subscriber.zone());
        if back { promising.renew(tx, id, anchor).await } else { promising.news(tx, id, anchor).await }
    }

    pub(super) fn program_of(&self, id: Uuid) -> Option<&Program> {
        self.edition.library.program(&self.enrollment(id)?.program)
    }

    pub(super) fn active(&self) -> impl Iterator<Item = &Enrollment> {
        self.enrollments.iter().filter(|enrollment| enrollment.state == EnrollmentState::Active)
    }

    /// An enrollment as it is comes to another subscriber, planned by her clock.
    pub(super) async fn take_over(
        &self,
        tx: &mut Tx,
        enrollment: &Enrollment,
        zone: Option<Tz>,
    ) -> StoreResult<()> {
        let Some(program) = self.edition.library.program(&enrollment.program) else { return Ok(()) };
        let new = New { zone, before: zone, ..self.as_it_is(enrollment) };
        let reason = reason::PHONE;
        let from = enrollment.subscriber_id;
        people::hand_over(tx, enrollment.id, self.subscriber.id).await?;
        replan(self.service, tx, program, from, enrollment, new, reason).await
    }
}

/// After a loss no dates begin anything again.
fn not_lost(enrollment: &&Enrollment) -> bool {
    !matches!(enrollment.state, EnrollmentState::Frozen | EnrollmentState::Supported)
}
