//! Senders: our numbers, what each may carry to whom, and at what pace.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{DateTime, Days, NaiveDate, Utc};
use chrono_tz::Tz;

use crate::domain::calendar::Whereabouts;
use crate::domain::phone::PhoneNumber;
use crate::library::Carries;

/// Who confirms a STOP; never both.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StopConfirmation {
    /// We do, always.
    Us,
    /// The provider answers its own stop words itself, and blocks her; we confirm only what it does not know.
    Provider,
}

/// One of our numbers.
#[derive(Clone, Debug)]
pub struct Sender {
    /// Its name in the configuration and in the database.
    pub name: String,
    /// The number or short code.
    pub address: String,
    /// The gateway that carries its texts.
    pub gateway: String,
    /// The programs it serves, by id; a start word chooses.
    pub programs: Vec<String>,
    /// What it may carry, and to whom.
    pub audience: Audience,
    /// Who confirms STOP.
    pub stop_confirmation: StopConfirmation,
    /// The words the provider handles itself, compared whole and without case.
    pub provider_stop_words: Vec<String>,
    /// Segments a second, at most.
    pub segments_per_second: u32,
    /// Segments a day, at most.
    pub segments_per_day: i64,
    /// Where the sender's day begins, for its cap.
    pub day_zone: Tz,
    /// What takes over while the gateway is away.
    pub backup: Option<Backup>,
}

/// A second gateway for a sender: it carries the sender's texts while the first one is away, and gives back as
/// soon as that answers again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Backup {
    /// The gateway.
    pub gateway: String,
    /// Our number there.
    pub address: String,
}

/// Whom a sender may text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Audience {
    /// Nobody real: the rehearsal gateway.
    Rehearsal,
    /// The test numbers listed with it and nobody else.
    Trial(Vec<PhoneNumber>),
    /// Everybody, with approved tips only.
    Public,
}

impl Sender {
    /// What it may carry.
    pub fn carries(&self) -> Carries {
        match self.audience {
            Audience::Rehearsal | Audience::Trial(_) => Carries::Drafts,
            Audience::Public => Carries::Approved,
        }
    }

    /// Our number at a gateway that may carry its texts.
    pub fn address_at(&self, gateway: &str) -> &str {
        match &self.backup {
            Some(backup) if backup.gateway == gateway => &backup.address,
            _ => &self.address,
        }
    }

    /// Whether a gateway may carry its texts.
    pub fn uses(&self, gateway: &str) -> bool {
        self.gateway == gateway || self.backup.as_ref().is_some_and(|backup| backup.gateway == gateway)
    }

    /// The day that its cap counts for at a moment.
    pub fn day_of(&self, now: DateTime<Utc>) -> NaiveDate {
        now.with_timezone(&self.day_zone).date_naive()
    }

    /// Segments of a day that only answers may use: she who says STOP or HELP is answered on that day, however
    /// many tips were due. A twentieth of the cap, and at least five segments where it has ten.
    pub fn kept_for_answers(&self) -> i64 {
        (self.segments_per_day / 20).max(5).min(self.segments_per_day / 2)
    }

    /// When the next such day begins.
    pub fn day_after(&self, now: DateTime<Utc>) -> DateTime<Utc> {
        Whereabouts::Known(self.day_zone).start_of(self.day_of(now) + Days::new(1))
    }

    /// Whether it may text a number at all.
    pub fn may_text(&self, phone: &PhoneNumber) -> bool {
        match &self.audience {
            Audience::Trial(numbers) => numbers.contains(phone),
            Audience::Rehearsal | Audience::Public => true,
        }
    }

    /// Whether the provider itself handles this very text as STOP.
    pub fn provider_stops(&self, body: &str) -> bool {
        let word = body.trim();
        self.stop_confirmation == StopConfirmation::Provider
            && self.provider_stop_words.iter().any(|known| known.eq_ignore_ascii_case(word))
    }
}

/// All senders, by name.
#[derive(Clone, Debug, Default)]
pub struct Senders(BTreeMap<String, Arc<Sender>>);

impl Senders {
    /// Of these senders.
    pub fn new(senders: impl IntoIterator<Item = Sender>) -> Self {
        Self(senders.into_iter().map(|sender| (sender.name.clone(), Arc::new(sender))).collect())
    }

    /// The sender of a name.
    pub fn get(&self, name: &str) -> Option<&Arc<Sender>> {
        self.0.get(name)
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<Sender>> {
        self.0.values()
    }
}
