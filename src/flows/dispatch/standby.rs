//! Of several dispatchers on one database, one is enough for a sender as long as it keeps up: the others would only
//! take turns with it at the sender's account, make smaller batches each, and be slower together than it alone. So
//! whoever begins many tries at once says so in the account, and the others stand by: they look again in a moment,
//! and go on where it is gone. When texts are late, everybody helps. Answers are everybody's at any time.

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::Desk;
use crate::flows::Service;
use crate::store::outbox::Claimed;
use crate::store::{StoreResult, Tx, service as facts};

/// Who begins so many at once sends a thousand a second or more. Where the wire holds it up all the same, the others
/// come to help when texts are late.
const MANY: usize = 200;
/// The others look again after this time.
const MOMENT: TimeDelta = TimeDelta::seconds(1);
/// Clocks of machines that keep time together are less apart.
const APART: TimeDelta = TimeDelta::seconds(1);
/// A text that should have gone so long ago is late.
const LATE: TimeDelta = TimeDelta::seconds(60);

/// A dispatcher's name, and until when it is left alone.
pub(super) type AtWork = (Uuid, DateTime<Utc>);

impl Desk {
    /// Until when unasked texts are left to another dispatcher: looked up without waiting for it to finish a claim, if
    /// there was another the last time.
    pub(super) async fn stands_by(
        &self,
        tx: &mut Tx,
        sender: &str,
        now: DateTime<Utc>,
    ) -> StoreResult<Option<DateTime<Utc>>> {
        if !self.stands_by {
            return Ok(None);
        }
        let at_work = facts::at_work(tx, sender).await?;
        Ok(self.other(at_work, now))
    }

    /// Until when `at_work` is to be left alone by this dispatcher. Much longer than a moment nobody is: a clock that is
    /// far ahead must not keep the others waiting for one that is gone.
    pub(super) fn other(&self, at_work: Option<AtWork>, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let (worker, until) = at_work?;
        let holds = now < until && until <= now + MOMENT + APART;
        (holds && Some(worker) != self.name).then_some(until)
    }

    /// What the account says from here on: this dispatcher is at work, if it keeps up.
    pub(super) fn at_work(
        &mut self,
        service: &Service,
        begun: &[Claimed],
        now: DateTime<Utc>,
    ) -> Option<AtWork> {
        // An embedded database has one process.
        if service.database.is_embedded() || begun.len() < MANY {
            return None;
        }
        let late = begun.iter().any(|text| now - text.next_try_at > LATE);
        let name = *self.name.get_or_insert_with(|| service.id());
        (!late).then_some((name, now + MOMENT))
    }
}
