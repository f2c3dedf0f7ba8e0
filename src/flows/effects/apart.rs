//! What a person does for her who may not act in all her programs. Each program's people read what is theirs: neither the
//! words of another one, nor the grounds that were given there.

use uuid::Uuid;

use super::Carrying;
use crate::domain::conversation::EnrollmentState;
use crate::flows::auditing::{self, Actor, Object};
use crate::flows::exchange::Exchange;
use crate::store::outbox::Words;
use crate::store::people::Enrollment;
use crate::store::{StoreResult, Tx};

impl Carrying<'_> {
    /// Whether a program is within the reach of whoever does it. Her own texts and what is said at a desk reach all.
    pub(super) fn reaches(&self, program: &str) -> bool {
        let within = self.by.and_then(|by| by.deed).map(|deed| deed.within);
        within.is_none_or(|within| within.iter().any(|known| known == program))
    }

    /// What was shown and answered, as far as the people of a program may read it.
    pub(super) fn exchange_in(&self, program: &str) -> Exchange {
        if self.reaches(program) {
            return self.exchange.clone();
        }
        let mut exchange = Exchange::default();
        for reply in self.replies.iter().filter(|reply| reply.program.as_deref() == Some(program)) {
            if let Words::Own(words) = &reply.words {
                exchange.show(words, self.now);
            }
        }
        exchange
    }

    /// Her programs, each once.
    fn programs(&self) -> Vec<&str> {
        let mut programs: Vec<&str> = Vec::new();
        for enrollment in self.enrollments {
            if !programs.contains(&enrollment.program.as_str()) {
                programs.push(&enrollment.program);
            }
        }
        programs
    }

    /// The programs under which a consent is filed, for the people of each to read what is theirs; none: as it is, for all.
    /// What is of all that she gets is proved to each program.
    pub(super) fn filed<'p>(
        &'p self,
        enrollment: Option<Uuid>,
        program: Option<&'p str>,
    ) -> Vec<Option<&'p str>> {
        let programs = self.programs();
        if programs.iter().all(|program| self.reaches(program)) {
            return vec![None];
        }
        let hers = || enrollment.and_then(|id| self.enrollment(id)).map(|one| one.program.as_str());
        // That to texts of support says so behind the program.
        match program.and_then(|program| program.split(' ').next()).or_else(hers) {
            Some(program) => vec![Some(program)],
            None => programs.into_iter().map(Some).collect(),
        }
    }

    /// Her enrollment in a program by which she hears from it.
    pub(super) fn heard_by(&self, program: &str) -> Option<&Enrollment> {
        let of_it = || self.enrollments.iter().filter(|one| one.program == program);
        of_it().find(|one| one.state == EnrollmentState::Active).or_else(|| of_it().next())
    }

    /// What is done to all that she gets is filed under a program of whoever does it, with their grounds. To the people of
    /// her other programs only that it was done is told.
    pub(super) async fn audit_all(&self, tx: &mut Tx, action: &str, detail: &str) -> StoreResult<()> {
        self.audit(tx, action, detail).await?;
        let service = Actor::named("service");
        for program in self.programs().into_iter().filter(|program| !self.reaches(program)) {
            let to = Object::mother(self.subscriber.id, Some(program));
            auditing::note(self.service, tx, &service, action, to, detail).await?;
        }
        Ok(())
    }
}
