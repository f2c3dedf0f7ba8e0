//! A promise is made for an hour of her day: when she lives by another clock, so do her promises.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use uuid::Uuid;

use crate::domain::calendar::instant;
use crate::domain::conversation::EnrollmentState;
use crate::library::{Library, Program};
use crate::store::people::Enrollment;
use crate::store::promises::{self, Promise};
use crate::store::{StoreResult, Tx};

/// The clock she lived by, and the one she lives by from here on; without one, that of her program's home counts.
pub(in crate::flows) struct NewClock<'a> {
    pub library: &'a Library,
    pub enrollments: &'a [Enrollment],
    pub before: Option<Tz>,
    pub after: Option<Tz>,
}

impl NewClock<'_> {
    /// All that was promised to a person comes at the same hour of the same day as before, by her new clock. What is
    /// past by it is due at once, and is looked at like all that is: a reminder for tomorrow is no good today.
    pub async fn set(&self, tx: &mut Tx, subscriber: Uuid) -> StoreResult<()> {
        if self.before == self.after {
            return Ok(());
        }
        for promise in promises::of(tx, subscriber).await? {
            let Some(program) = self.program_of(&promise) else { continue };
            let [before, after] = [self.before, self.after].map(|zone| zone.unwrap_or(program.home_zone));
            let same_hour = |at: DateTime<Utc>| instant(after, at.with_timezone(&before).naive_local());
            promises::retime(tx, promise.id, same_hour(promise.due_at), same_hour(promise.not_after)).await?;
        }
        Ok(())
    }

    /// The program whose clock it goes by where nothing is known of hers.
    fn program_of(&self, promise: &Promise) -> Option<&Program> {
        let hers = self.enrollments.iter().find(|enrollment| match promise.enrollment_id {
            Some(id) => enrollment.id == id,
            None => enrollment.state == EnrollmentState::Active,
        });
        self.library.program(&hers?.program)
    }
}
