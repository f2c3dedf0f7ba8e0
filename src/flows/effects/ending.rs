//! What ends: STOP, a loss and what comes after it.

use uuid::Uuid;

use super::Carrying;
use super::courses::New;
use crate::domain::conversation::{EnrollmentState, UNDONE_WITHIN};
use crate::domain::gestation::{Anchor, Loss};
use crate::domain::plan::{Support, Terms};
use crate::domain::reason;
use crate::store::outbox::{self, Cancel};
use crate::store::people::{self, Enrollment, Mark};
use crate::store::{StoreResult, Tx, promises, unread};

impl Carrying<'_> {
    pub(super) async fn stop(&mut self, tx: &mut Tx) -> StoreResult<()> {
        let id = self.subscriber.id;
        let (by, reason) = match self.by {
            Some(_) => ("console", reason::STOP_AT_CONSOLE),
            None if self.provider_stopped => ("provider", reason::STOP),
            None => ("keyword", reason::STOP),
        };
        people::mark(tx, id, Mark::Stopped, Some(self.now)).await?;
        people::stopped_by(tx, id, by).await?;
        if self.provider_stopped {
            people::mark(tx, id, Mark::Blocked, Some(self.now)).await?;
        }
        people::leave(tx, id, None, EnrollmentState::Stopped, reason, self.now).await?;
        promises::take_back_all(tx, id).await?;
        outbox::cancel(tx, id, Cancel::All, reason, self.now).await?;
        self.consents.push(("opt_out", None, None));
        self.audit_all(tx, "stop", by).await
    }

    pub(super) async fn freeze(&mut self, tx: &mut Tx) -> StoreResult<()> {
        let (id, reason) = (self.subscriber.id, reason::LOSS);
        self.frozen = true;
        // Of whoever was never enrolled there is nothing else by which it is known.
        people::mark(tx, id, Mark::Lost, Some(self.now)).await?;
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
        self.audit_all(tx, "freeze", "").await
    }

    /// What a loss froze goes on: all as it was, or one enrollment for the babies that are left.
    pub(super) async fn unfreeze(
        &mut self,
        tx: &mut Tx,
        only: Option<(Uuid, Anchor, Terms)>,
    ) -> StoreResult<()> {
        people::mark(tx, self.subscriber.id, Mark::Lost, None).await?;
        for enrollment in self.enrollments {
            let lost = matches!(enrollment.state, EnrollmentState::Frozen | EnrollmentState::Supported);
            // Whoever has said STOP since then is stopped, and no more.
            let stopped = self.subscriber.stopped_at.is_some();
            let goes_on = enrollment.before_loss() == Some(EnrollmentState::Active) && !stopped;
            let long_ago = (self.now - enrollment.state_since).num_days() > UNDONE_WITHIN;
            if !lost
                || (only.is_none() && long_ago)
                || only.as_ref().is_some_and(|(id, ..)| *id != enrollment.id)
            {
                continue;
            }
            if !goes_on {
                let Some(before) = enrollment.before_loss() else { continue };
                let state = if stopped { EnrollmentState::Stopped } else { before };
                people::unfreeze(tx, enrollment.id, state, self.now).await?;
                continue;
            }
            let (anchor, terms) = match &only {
                Some((_, anchor, terms)) => (*anchor, terms.clone()),
                None => (enrollment.anchor(), enrollment.terms()),
            };
            let terms = Terms { support: None, ..terms };
            let new = New { state: EnrollmentState::Active, anchor, terms, ..self.as_it_is(enrollment) };
            self.plan_anew(tx, enrollment, new, reason::NO_LOSS).await?;
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
        let new = New { state: EnrollmentState::Supported, terms, ..self.as_it_is(enrollment) };
        self.plan_anew(tx, enrollment, new, reason::SUPPORT).await?;
        self.consents.push(("opt_in", Some(id), Some(format!("{} support", program.id))));
        self.audit(tx, "support", loss.name()).await
    }
}
