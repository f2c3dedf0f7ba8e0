//! Visits that she notes, and an end to all that is held of her.

use uuid::Uuid;

use super::Carrying;
use crate::domain::conversation::{EnrollmentState, Visit, When};
use crate::store::people::{self, Mark};
use crate::store::{StoreResult, Tx, promises, visits};

impl Carrying<'_> {
    pub(super) async fn note_visit(&self, tx: &mut Tx, when: When) -> StoreResult<()> {
        let active = self.enrollments.iter().find(|one| one.state == EnrollmentState::Active);
        let program =
            active.and_then(|one| self.edition.library.program(&one.program)).unwrap_or(self.program);
        // Noted twice, it is still one visit.
        let same = self.known.visits.iter().find(|noted| noted.when == when);
        let visit = Visit { id: same.map_or_else(|| self.service.id(), |noted| noted.id), when };
        let enrollment = active.map(|one| one.id);
        if same.is_none() {
            visits::note(tx, self.subscriber.id, enrollment, &visit, self.now).await?;
        }
        self.promising(program, self.subscriber.zone()).visit(tx, enrollment, &visit).await
    }

    pub(super) async fn settle_visit(&self, tx: &mut Tx, visit: Uuid, state: &str) -> StoreResult<()> {
        visits::settle(tx, self.subscriber.id, visit, state).await?;
        promises::take_back_about(tx, self.subscriber.id, visit).await
    }

    /// Everything goes as soon as nothing to her is on its way any more: see `flows::erasing`.
    pub(super) async fn erase(&self, tx: &mut Tx) -> StoreResult<()> {
        people::mark(tx, self.subscriber.id, Mark::Erase, Some(self.now)).await?;
        self.audit_all(tx, "erase", "").await
    }
}
