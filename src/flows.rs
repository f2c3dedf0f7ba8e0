//! The stories: what happens when she writes, when a tip falls due, when a gateway answers or reports.
//!
//! Every write is a flow. A flow opens the transaction and hands it to the store; nothing here talks to
//! the network while a transaction is open.

pub mod accounts;
pub mod acting;
pub mod answering;
pub mod auditing;
pub mod authoring;
pub mod broadcasting;
pub mod counting;
pub mod dispatch;
pub mod doubt;
pub mod enrolling;
pub mod erasing;
pub mod explaining;
pub mod exporting;
pub mod importing;
pub mod inbound;
pub mod moved;
pub mod placing;
pub mod planning;
pub mod populating;
pub mod promises;
pub mod publishing;
pub mod recalling;
pub mod receipts;
pub mod retention;
pub mod senders;
pub mod silence;
pub mod tallying;
pub mod tip_figures;
pub mod upkeep;

mod bells;
mod effects;
mod exchange;
mod sheets;

use std::collections::BTreeSet;
use std::sync::{Arc, RwLock};

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

pub use self::bells::{Bell, Bells};
pub use self::exchange::{Exchange, Turn, Vouched};
use self::senders::Senders;
use crate::clock::Clock;
use crate::domain::seal::Seal;
use crate::ids::Ids;
use crate::library::{Library, Tip};
use crate::store::{Database, StoreResult, Tx, service as facts};
use crate::telemetry::Metrics;

/// All that a flow needs; cheap to clone.
#[derive(Clone)]
pub struct Service {
    /// Where everything is kept.
    pub database: Database,
    /// What time it is.
    pub clock: Clock,
    /// New identifiers.
    pub ids: Ids,
    /// The edition in force.
    pub shelf: Shelf,
    /// Who may send what, by which gateway.
    pub senders: Arc<Senders>,
    /// What wakes the workers.
    pub bells: Arc<Bells>,
    /// What is counted.
    pub metrics: Arc<Metrics>,
    /// By which a number is known that we do not hold any more.
    pub seal: Seal,
}

impl Service {
    /// The present moment.
    pub fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// Raises and counts an alarm, unless the same was raised within `pause`; true if it is new. Its words
    /// hold no phone number and no text.
    pub async fn alarm(
        &self,
        tx: &mut Tx,
        kind: &str,
        subject: &str,
        detail: &str,
        pause: TimeDelta,
    ) -> StoreResult<bool> {
        let now = self.now();
        let new = facts::alarm(tx, self.id(), kind, subject, detail, now, now - pause).await?;
        if new {
            tracing::error!(kind, subject, "{detail}");
            self.metrics.alarm(kind);
        }
        Ok(new)
    }

    /// A new identifier.
    pub fn id(&self) -> Uuid {
        self.ids.next(self.now())
    }

    /// A new identifier for a text to send.
    pub fn text_id(&self) -> Uuid {
        self.ids.text(self.now())
    }
}

/// The edition of the library that is in force; it can be changed while the service runs.
#[derive(Clone)]
pub struct Shelf(Arc<RwLock<Arc<Edition>>>);

/// A library with its number.
pub struct Edition {
    /// Its number in this database.
    pub number: i64,
    /// What it says.
    pub library: Arc<Library>,
    /// Tips that are not sent any more.
    pub recalled: BTreeSet<String>,
}

impl Edition {
    /// Whether a tip may still be sent.
    pub fn stands_by(&self, tip: &Tip) -> bool {
        !self.recalled.contains(&*tip.id)
    }
}

impl Shelf {
    /// A shelf with one edition.
    pub fn new(edition: Edition) -> Self {
        Self(Arc::new(RwLock::new(Arc::new(edition))))
    }

    /// The edition in force.
    pub fn edition(&self) -> Arc<Edition> {
        self.0.read().unwrap_or_else(std::sync::PoisonError::into_inner).clone()
    }

    /// Puts another edition in force; what is queued keeps its words.
    pub fn replace(&self, edition: Edition) {
        *self.0.write().unwrap_or_else(std::sync::PoisonError::into_inner) = Arc::new(edition);
    }
}
