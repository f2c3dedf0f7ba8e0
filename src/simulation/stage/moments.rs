//! When something is due by itself. Asked once after each step, so that a flow is run only when its time has come.

use chrono::{DateTime, Utc};

use crate::flows::Service;
use crate::store::{StoreResult, agenda, outbox, promises, talk};

/// The earliest moments, by flow.
#[derive(Clone, Copy, Debug, Default)]
pub struct Moments {
    /// Of the planner.
    pub agenda: Option<DateTime<Utc>>,
    /// Of texts that wait or are in doubt.
    pub outbox: Option<DateTime<Utc>>,
    /// Of open questions.
    pub talk: Option<DateTime<Utc>>,
    /// Of promises.
    pub promises: Option<DateTime<Utc>>,
    /// Of what a dispatcher that died has left.
    pub orphans: Option<DateTime<Utc>>,
    /// Until when texts may be in doubt.
    pub doubts: Option<DateTime<Utc>>,
    /// When what is too late is looked for.
    pub expiry: Option<DateTime<Utc>>,
    /// When somebody who asked to be erased is erased at the latest.
    pub erasing: Option<DateTime<Utc>>,
    /// When all flows are run, whether or not anything is due.
    pub round: Option<DateTime<Utc>>,
}

impl Moments {
    /// Looks when what is due next.
    pub async fn look(&mut self, service: &Service) -> StoreResult<()> {
        let mut tx = service.database.read().await?;
        self.agenda = agenda::next_due(&mut tx).await?;
        self.outbox = outbox::next_moment(&mut tx).await?;
        self.talk = talk::next_due(&mut tx).await?;
        self.promises = promises::next_due(&mut tx).await?;
        tx.commit().await
    }

    /// The earliest; while the planner sleeps its own moment is when it wakes.
    pub fn earliest(&self, planner_wakes: Option<DateTime<Utc>>) -> Option<DateTime<Utc>> {
        let agenda = match planner_wakes {
            Some(wakes) => self.agenda.map(|at| at.max(wakes)),
            None => self.agenda,
        };
        let all = [agenda, self.outbox, self.talk, self.promises, self.orphans, self.erasing];
        all.into_iter().flatten().min()
    }
}

/// Whether a moment has come.
pub fn has_come(moment: Option<DateTime<Utc>>, now: DateTime<Utc>) -> bool {
    moment.is_some_and(|at| at <= now)
}
