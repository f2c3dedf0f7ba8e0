//! Mothers write: what they want when its time has come, and their answers to what they read.

use std::cmp::{Ordering, Reverse};

use chrono::{DateTime, TimeDelta, Utc};

use super::{NAME, Stage, phone_of};
use crate::flows::inbound;
use crate::simulation::SimulationError;
use crate::simulation::live::{Claim, Handset, Utterance};
use crate::simulation::mother::Wish;
use crate::simulation::phrases::Topic;
use crate::simulation::witness::{Entry, Heard};
use crate::store::inbox::Received;

/// A provider repeats a call when it was not thanked: of a thousand texts so many come again.
const REPEATED: u64 = 20;

/// Something that will happen.
pub struct Event {
    /// When.
    pub at: DateTime<Utc>,
    order: u64,
    what: What,
}

enum What {
    /// She wants something.
    Want { mother: u32, wish: Wish },
    /// She sends a text.
    Send { mother: u32, said: Utterance },
    /// The provider brings a text again that it has brought before.
    Again(Box<Received>),
}

impl PartialEq for Event {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Event {}

impl PartialOrd for Event {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Event {
    fn cmp(&self, other: &Self) -> Ordering {
        (self.at, self.order).cmp(&(other.at, other.order))
    }
}

impl Stage<'_> {
    /// She will want something.
    pub(super) fn will_want(&mut self, mother: u32, at: DateTime<Utc>, wish: Wish) {
        self.will(at, What::Want { mother, wish });
    }

    /// She will send a text; nobody does after the last day.
    pub(super) fn will_say(&mut self, mother: u32, at: DateTime<Utc>, said: Utterance) {
        if at < self.span.until {
            self.will(at, What::Send { mother, said });
        }
    }

    fn will(&mut self, at: DateTime<Utc>, what: What) {
        self.happened += 1;
        self.events.push(Reverse(Event { at, order: self.happened, what }));
    }

    /// Everything that mothers have done up to now is written down; gives how many texts there were.
    pub(super) async fn hear(&mut self) -> Result<usize, SimulationError> {
        let now = self.service.now();
        let mut texts = Vec::new();
        while let Some(Reverse(event)) = self.events.peek() {
            if event.at > now {
                break;
            }
            let Some(Reverse(event)) = self.events.pop() else { break };
            match event.what {
                What::Want { mother, wish } => {
                    *self.account.wishes.entry(wish.name()).or_default() += 1;
                    for said in self.mothers[mother as usize].open(wish) {
                        if said.after.is_zero() {
                            self.take_down(&mut texts, mother, event.at, said);
                        } else {
                            self.will_say(mother, event.at + said.after, said);
                        }
                    }
                }
                What::Send { mother, said } => self.take_down(&mut texts, mother, event.at, said),
                What::Again(received) => {
                    self.account.repeated += 1;
                    texts.push(Received { id: self.service.id(), ..*received });
                }
            }
        }
        if texts.is_empty() {
            return Ok(0);
        }
        Ok(usize::try_from(inbound::accept_all(&self.service, &texts).await?).unwrap_or(usize::MAX))
    }

    fn take_down(&mut self, texts: &mut Vec<Received>, mother: u32, at: DateTime<Utc>, said: Utterance) {
        let live = &self.mothers[mother as usize].mother;
        let phone = match said.from {
            Handset::First => live.phone.clone(),
            Handset::Second => live.second.clone(),
        };
        if said.topic == Topic::Start || said.topic == Topic::Yes {
            self.carrier.unblock(&phone);
        }
        *self.account.topics.entry(said.topic.name()).or_default() += 1;
        let place = phone_of(mother, said.from);
        let received = Received {
            id: self.service.id(),
            gateway: NAME.to_owned(),
            provider_id: format!("{NAME}-{}", self.happened),
            sender: NAME.to_owned(),
            phone,
            body: said.text,
            answered_by: None,
            at,
        };
        self.happened += 1;
        let claim: Option<Claim> = said.claim;
        let body = received.body.clone();
        let (id, reached) = (received.id, self.service.now());
        let heard = Heard { id, phone: place, at, reached, body, topic: said.topic, claim };
        self.log.push(Entry::Heard(heard));
        if self.mischief.chance.in_thousand(REPEATED) && self.setting.faults {
            let minutes = self.mischief.chance.between(0, 300);
            self.will(at + TimeDelta::minutes(minutes), What::Again(Box::new(received.clone())));
        }
        texts.push(received);
    }
}
