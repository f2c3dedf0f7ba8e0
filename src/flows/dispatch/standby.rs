//! Of several dispatchers on one database, one is enough for a sender as long as it keeps up: the others would only
//! take turns with it at the sender's account, make smaller batches each, and be slower together than it alone. So
//! whoever begins many tries in a second says so in the account, and the others stand by: they look again in a moment,
//! and go on where it is gone. When texts are late, everybody helps, unless it is as fast as a machine is: then they
//! would hinder it. Answers are everybody's at any time.
//!
//! It is a second's tries that count and not those of one claim: dispatchers that hinder each other make small claims,
//! and would go on hindering each other.

use std::collections::VecDeque;

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::Desk;
use crate::flows::Service;
use crate::store::outbox::Claimed;
use crate::store::{StoreResult, Tx, service as facts};

/// Who begins so many in a second is enough for a sender. Where the wire holds it up all the same, the others come to
/// help when texts are late.
const MANY: usize = 1000;
/// Who begins so many is held up by no wire, but by the processors that it shares with the others or the database.
const VERY_MANY: usize = 4000;
const SECOND: TimeDelta = TimeDelta::seconds(1);
/// The others look again after this time.
const MOMENT: TimeDelta = TimeDelta::seconds(1);
/// Clocks of machines that keep time together are less apart.
const APART: TimeDelta = TimeDelta::seconds(1);
/// A text that should have gone so long ago is late.
const LATE: TimeDelta = TimeDelta::seconds(60);

/// A dispatcher's name, and until when it is left alone.
pub(super) type AtWork = (Uuid, DateTime<Utc>);

/// How a dispatcher keeps up.
#[derive(Default)]
pub(super) struct Tempo {
    /// How many unasked texts it claimed, and when, for a second.
    begun: VecDeque<(DateTime<Utc>, usize)>,
    /// Some of the last ones were late.
    late: bool,
}

impl Tempo {
    fn add(&mut self, begun: &[Claimed], now: DateTime<Utc>) {
        // What a clock that was put back calls the future is no longer known to be of this second.
        self.begun.retain(|(at, _)| *at <= now && now - *at < SECOND);
        if !begun.is_empty() {
            self.begun.push_back((now, begun.len()));
            self.late = begun.iter().any(|text| now - text.next_try_at > LATE);
        }
    }

    fn is_enough(&self) -> bool {
        let tries: usize = self.begun.iter().map(|(_, tries)| tries).sum();
        tries >= if self.late { VERY_MANY } else { MANY }
    }
}

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
        if service.database.is_embedded() {
            return None;
        }
        self.tempo.add(begun, now);
        let name = *self.name.get_or_insert_with(|| service.id());
        self.tempo.is_enough().then_some((name, now + MOMENT))
    }
}
