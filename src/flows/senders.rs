//! Senders: our numbers, what each may carry to whom, and at what pace.

use std::collections::BTreeMap;
use std::sync::Arc;

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
    /// Segments a UTC day, at most.
    pub segments_per_day: i64,
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
