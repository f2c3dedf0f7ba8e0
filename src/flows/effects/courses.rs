//! What is planned for her: enrolled, re-timed, born, paused, stopped, frozen, gone on.

use chrono::NaiveDate;
use chrono_tz::Tz;
use uuid::Uuid;

use super::Carrying;
use crate::domain::conversation::{EnrollmentState, Place, UNDONE_WITHIN};
use crate::domain::gestation::{Anchor, Loss};
use crate::domain::language::Language;
use crate::domain::plan::{Course as Planned, Reader, Support, Terms};
use crate::flows::planning::{course, first_after};
use crate::library::Program;
use crate::store::outbox::{self, Cancel};
use crate::store::people::{self, Course, Enrollment, Mark, NewEnrollment};
use crate::store::{StoreResult, Tx, planned, promises, unread};

/// What is to be known of a newborn is told of a baby that is no older, in days.
const NEWBORN: i64 = 84;

/// What an enrollment is planned from, from here on.
struct New {
    state: EnrollmentState,
    anchor: Anchor,
    terms: Terms,
    zone: Option<Tz>,
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
        people::mark(tx, subscriber, Mark::Stopped, None).await?;
        let reason = "she enrolled anew";
        let left =
            people::leave(tx, subscriber, Some(&program.id), EnrollmentState::Replaced, reason, self.now)
                .await?;
        // What was promised about another pregnancy or baby is not right any more.
        for old in left {
            outbox::cancel(tx, subscriber, Cancel::UnaskedOf(old), reason, self.now).await?;
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
            next: first_after(&planned, on, self.now),
        };
        people::enroll(tx, &[new]).await?;
        if self.subscriber.partner.is_some() {
            people::set_partner(tx, subscriber, None).await?;
        }
        self.promising(program, zone).news(tx, id, anchor).await?;
        self.consents.push(("opt_in", Some(id), Some(program.id.clone())));
        self.audit(tx, "enroll", &program.id).await
    }

    /// She has told where she lives: what else she is enrolled in keeps her new hours, and names her new help.
    async fn follow(&mut self, tx: &mut Tx, other_than: &str, place: &Place) -> StoreResult<()> {
        let zone = Some(place.zone);
        if zone == self.subscriber.zone() && place.area == self.subscriber.area {
            return Ok(());
        }
        for enrollment in self.enrollments {
            if enrollment.state == EnrollmentState::Active && enrollment.program != other_than {
                let new = New { zone, ..self.as_it_is(enrollment) };
                self.plan_anew(tx, enrollment, new, "she moved").await?;
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
        if !self.plan_anew(tx, enrollment, new, "her dates changed").await? {
            return Ok(());
        }
        let program = enrollment.program.clone();
        if stopped {
            people::mark(tx, self.subscriber.id, Mark::Stopped, None).await?;
            self.consents.push(("opt_in", Some(id), Some(program.clone())));
        }
        self.renew(tx, id, &program, anchor, stopped).await?;
        self.audit(tx, "retime", &program).await
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
        self.plan_anew(tx, enrollment, new, "her baby was born").await?;
        self.renew(tx, id, &program, anchor, false).await?;
        self.audit(tx, "birth", &format!("{program}, {}", births.len())).await
    }

    /// NOT YET: the asking moves.
    pub(super) async fn ask_later(&self, tx: &mut Tx, id: Uuid) -> StoreResult<()> {
        let Some(program) = self.program_of(id) else { return Ok(()) };
        self.promising(program, self.subscriber.zone()).news_later(tx, id).await
    }

    /// Other terms: planned anew from today.
    pub(super) async fn change(
        &mut self,
        tx: &mut Tx,
        id: Uuid,
        terms: Terms,
        reason: &'static str,
    ) -> StoreResult<()> {
        let Some(enrollment) = self.enrollment(id) else { return Ok(()) };
        let before = enrollment.terms();
        if before.pause != terms.pause
            && let Some(program) = self.program_of(id)
        {
            let open_ended = terms.pause.is_some_and(|pause| pause.until.is_none());
            self.promising(program, self.subscriber.zone()).pause(tx, id, open_ended).await?;
        }
        let new = New { terms, ..self.as_it_is(enrollment) };
        self.plan_anew(tx, enrollment, new, reason).await?;
        self.audit(tx, "terms", reason).await
    }

    pub(super) async fn role(&mut self, tx: &mut Tx, reader: Reader) -> StoreResult<()> {
        let other = Some(reader).filter(|reader| *reader != Reader::Mother);
        people::set_reader(tx, self.subscriber.id, other).await?;
        for enrollment in self.active() {
            let terms = Terms { reader: other, ..enrollment.terms() };
            let new = New { terms, ..self.as_it_is(enrollment) };
            self.plan_anew(tx, enrollment, new, "she told who she is to the baby").await?;
        }
        self.audit(tx, "role", reader.name()).await
    }

    pub(super) async fn discreet(&mut self, tx: &mut Tx, discreet: bool) -> StoreResult<()> {
        people::set_discreet(tx, self.subscriber.id, discreet).await?;
        if discreet {
            self.cover_waiting(tx).await?;
        }
        for enrollment in self.enrollments {
            let planned = matches!(enrollment.state, EnrollmentState::Active | EnrollmentState::Supported);
            if planned {
                let terms = Terms { discreet, ..enrollment.terms() };
                let new = New { terms, ..self.as_it_is(enrollment) };
                self.plan_anew(tx, enrollment, new, "she asked to be left unseen, or not any more").await?;
            }
        }
        self.audit(tx, "discreet", if discreet { "on" } else { "off" }).await
    }

    pub(super) async fn speak(&mut self, tx: &mut Tx, language: Language) -> StoreResult<()> {
        people::set_language(tx, self.subscriber.id, language).await?;
        for enrollment in self.active() {
            let speaks =
                self.program_of(enrollment.id).is_some_and(|program| program.languages.contains(&language));
            if speaks && enrollment.language != language {
                people::set_enrollment_language(tx, enrollment.id, language).await?;
                self.plan_anew(tx, enrollment, self.as_it_is(enrollment), "another language").await?;
            }
        }
        self.audit(tx, "language", language.as_str()).await
    }

    pub(super) async fn stop(&mut self, tx: &mut Tx) -> StoreResult<()> {
        let (id, by) = (self.subscriber.id, if self.provider_stopped { "provider" } else { "keyword" });
        people::mark(tx, id, Mark::Stopped, Some(self.now)).await?;
        people::stopped_by(tx, id, by).await?;
        if self.provider_stopped {
            people::mark(tx, id, Mark::Blocked, Some(self.now)).await?;
        }
        let reason = "she texted STOP";
        people::leave(tx, id, None, EnrollmentState::Stopped, reason, self.now).await?;
        promises::take_back_all(tx, id).await?;
        outbox::cancel(tx, id, Cancel::All, reason, self.now).await?;
        self.consents.push(("opt_out", None, None));
        self.audit(tx, "stop", by).await
    }

    pub(super) async fn freeze(&mut self, tx: &mut Tx) -> StoreResult<()> {
        let (id, reason) = (self.subscriber.id, "she told of a loss");
        self.frozen = true;
        let left = people::leave(tx, id, None, EnrollmentState::Frozen, reason, self.now).await?;
        promises::take_back_all(tx, id).await?;
        outbox::cancel(tx, id, Cancel::AllOfBaby, reason, self.now).await?;
        // Nor is anything shown any more that waited for her to be alone.
        unread::forget_baby(tx, id, self.now).await?;
        for enrollment in left {
            self.consents.push(("freeze", Some(enrollment), None));
        }
        self.alarm(tx, "loss", "a woman told of a loss: all tips to her are frozen; a person should look")
            .await?;
        self.audit(tx, "freeze", "").await
    }

    /// What a loss froze goes on: all as it was, or one enrollment for the babies that are left.
    pub(super) async fn unfreeze(
        &mut self,
        tx: &mut Tx,
        only: Option<(Uuid, Anchor, Terms)>,
    ) -> StoreResult<()> {
        for enrollment in self.enrollments {
            let lost = matches!(enrollment.state, EnrollmentState::Frozen | EnrollmentState::Supported);
            let goes_on = enrollment.before_loss() == Some(EnrollmentState::Active);
            let long_ago = (self.now - enrollment.state_since).num_days() > UNDONE_WITHIN;
            if !lost
                || (only.is_none() && long_ago)
                || only.as_ref().is_some_and(|(id, ..)| *id != enrollment.id)
            {
                continue;
            }
            if !goes_on {
                let Some(before) = enrollment.before_loss() else { continue };
                people::unfreeze(tx, enrollment.id, before, self.now).await?;
                continue;
            }
            let (anchor, terms) = match &only {
                Some((_, anchor, terms)) => (*anchor, terms.clone()),
                None => (enrollment.anchor(), enrollment.terms()),
            };
            let terms = Terms { support: None, ..terms };
            let zone = self.subscriber.zone();
            let new = New { state: EnrollmentState::Active, anchor, terms, zone };
            self.plan_anew(tx, enrollment, new, "it was no loss, or of another baby").await?;
            self.renew(tx, enrollment.id, &enrollment.program, anchor, true).await?;
        }
        self.audit(tx, "unfreeze", if only.is_some() { "one of several" } else { "undone" }).await
    }

    /// A few texts after a loss, and nothing else.
    pub(super) async fn support(&mut self, tx: &mut Tx, id: Uuid, loss: Loss) -> StoreResult<()> {
        let frozen = |enrollment: &&Enrollment| enrollment.state == EnrollmentState::Frozen;
        let Some(enrollment) = self.enrollment(id).filter(frozen) else { return Ok(()) };
        let Some(program) = self.program_of(id) else { return Ok(()) };
        let zone = self.subscriber.zone();
        let from = program.whereabouts(zone).date_at(self.now);
        let terms =
            Terms { support: Some(Support { loss, from }), pause: None, less: false, ..enrollment.terms() };
        let new = New { state: EnrollmentState::Supported, anchor: enrollment.anchor(), terms, zone };
        self.plan_anew(tx, enrollment, new, "she said yes to support").await?;
        self.consents.push(("opt_in", Some(id), Some(format!("{} support", program.id))));
        self.audit(tx, "support", loss.name()).await
    }

    fn as_it_is(&self, enrollment: &Enrollment) -> New {
        let state = match enrollment.state {
            EnrollmentState::Supported => EnrollmentState::Supported,
            _ => EnrollmentState::Active,
        };
        New { state, anchor: enrollment.anchor(), terms: enrollment.terms(), zone: self.subscriber.zone() }
    }

    /// Takes back what waits for an enrollment and begins it again from today; false: its program is gone.
    async fn plan_anew(
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
    async fn renew(
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

    fn program_of(&self, id: Uuid) -> Option<&Program> {
        self.edition.library.program(&self.enrollment(id)?.program)
    }

    fn active(&self) -> impl Iterator<Item = &Enrollment> {
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
        let new = New { zone, ..self.as_it_is(enrollment) };
        let reason = "she moved to another phone";
        let from = enrollment.subscriber_id;
        people::hand_over(tx, enrollment.id, self.subscriber.id).await?;
        replan(self.service, tx, program, from, enrollment, new, reason).await
    }
}

/// After a loss no dates begin anything again.
fn not_lost(enrollment: &&Enrollment) -> bool {
    !matches!(enrollment.state, EnrollmentState::Frozen | EnrollmentState::Supported)
}

/// Takes back what waits at a subscriber's for an enrollment, and begins it again from today.
async fn replan(
    service: &crate::flows::Service,
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
    let taken_back = outbox::cancel(tx, subscriber, which, reason, now).await?;
    planned::free(tx, &taken_back).await?;
    let today = program.whereabouts(new.zone).date_at(now);
    let yesterday = today.pred_opt().unwrap_or(today);
    let after = planned::last_day(tx, id).await?.map_or(yesterday, |last| last.max(yesterday));
    let from = course(program, id, new.anchor, enrollment.enrolled_on, new.zone);
    let next = first_after(&Planned { terms: new.terms.clone(), ..from }, after, now);
    let course = Course { state: new.state, anchor: new.anchor, terms: &new.terms, next };
    people::plan_anew(tx, id, &course, now).await
}
