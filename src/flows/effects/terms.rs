//! How her tips depart from the program's rhythm: fewer, later, unseen, in another language, for another reader.

use uuid::Uuid;

use super::Carrying;
use super::courses::New;
use crate::domain::conversation::EnrollmentState;
use crate::domain::language::Language;
use crate::domain::plan::{Reader, Terms};
use crate::domain::reason;
use crate::store::people;
use crate::store::{StoreResult, Tx};

impl Carrying<'_> {
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
        let detail = match terms.pause {
            // Why she got nothing meanwhile is asked when the pause is over.
            Some(pause) if reason == reason::PAUSE => reason::pause(pause.until),
            _ => reason.to_owned(),
        };
        let new = New { terms, ..self.as_it_is(enrollment) };
        self.plan_anew(tx, enrollment, new, reason).await?;
        self.audit_in(tx, &enrollment.program, "terms", &detail).await
    }

    pub(super) async fn role(&mut self, tx: &mut Tx, reader: Reader) -> StoreResult<()> {
        let other = Some(reader).filter(|reader| *reader != Reader::Mother);
        people::set_reader(tx, self.subscriber.id, other).await?;
        for enrollment in self.active() {
            let terms = Terms { reader: other, ..enrollment.terms() };
            let new = New { terms, ..self.as_it_is(enrollment) };
            self.plan_anew(tx, enrollment, new, reason::READER).await?;
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
                self.plan_anew(tx, enrollment, new, reason::UNSEEN).await?;
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
                self.plan_anew(tx, enrollment, self.as_it_is(enrollment), reason::LANGUAGE).await?;
            }
        }
        self.audit(tx, "language", language.as_str()).await
    }
}
