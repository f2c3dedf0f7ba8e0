//! After an outage nobody is flooded: what fell due while the gateway was away, while the sender was held or while we
//! were down ourselves is spread again over what is left of its windows, an hour at most.

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::Desk;
use super::sorting::MORNING;
use super::urgent::Watch;
use crate::domain::delivery::State;
use crate::domain::plan::own_part;
use crate::flows::Service;
use crate::flows::senders::Sender;
use crate::store::StoreResult;
use crate::store::outbox;
use crate::store::service::Account;

/// Texts placed in one transaction.
const BATCH: i64 = 1000;
/// A text that is due for less than this is not late.
const ON_TIME: TimeDelta = TimeDelta::minutes(1);
/// A sender for which nothing was begun for so long has been silent: shorter than the shortest
/// [hold](super::HOLD), and longer than a restart takes.
const SILENT: TimeDelta = TimeDelta::minutes(4);

impl Desk {
    /// For a dispatcher, which spreads what has become late before it goes on after a silence.
    pub fn of_dispatcher() -> Self {
        Self { spreads: true, ..Self::default() }
    }

    /// Whether texts that were just claimed would be the beginning of a flood: the sender was silent, and they have been
    /// due almost since. A dispatcher that is behind its work is not silent, and a silence in which nothing fell due
    /// leaves nothing late. One text alone is no flood: with it a gateway is asked whether it is back.
    pub(super) fn floods(
        &mut self,
        account: &Account,
        claimed: &[outbox::Claimed],
        now: DateTime<Utc>,
    ) -> bool {
        let long = |since: DateTime<Utc>| now - since > SILENT;
        let begun = State::Sending.code();
        let floods = self.spreads
            && claimed.len() > 1
            && long(account.paced_until)
            // What cannot be spread must go all the same.
            && self.spread_at.is_none_or(long)
            && claimed.iter().any(|text| text.state == begun && long(text.next_try_at));
        if floods {
            self.spread_at = Some(now);
            // They wait again, from the queues' beginnings.
            self.reached.clear();
            self.from_the_beginning = None;
            self.urgent = Watch::default();
        }
        floods
    }
}

/// Spreads the tips of a sender that are late; gives how many.
pub async fn spread_again(service: &Service, sender: &Sender) -> StoreResult<usize> {
    let now = service.now();
    let mut tx = service.database.begin().await?;
    let programs = outbox::programs_waiting(&mut tx, &sender.name).await?;
    tx.commit().await?;
    let mut spread = 0;
    for program in programs {
        loop {
            let mut tx = service.database.begin().await?;
            let late = outbox::late(&mut tx, &sender.name, &program, (now - ON_TIME, now), BATCH).await?;
            let places: Vec<_> = late
                .iter()
                .map(|(text, closes): &(Uuid, _)| (*text, now + own_part(*text, MORNING.min(*closes - now))))
                .collect();
            outbox::place_all(&mut tx, &places).await?;
            tx.commit().await?;
            spread += places.len();
            if places.is_empty() {
                break;
            }
        }
    }
    Ok(spread)
}
