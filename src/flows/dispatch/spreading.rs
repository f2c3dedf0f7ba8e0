//! After an outage nobody is flooded: what fell due while the gateway was away is spread again over what is left of
//! its windows, an hour at most.

use chrono::TimeDelta;
use uuid::Uuid;

use super::sorting::MORNING;
use crate::domain::plan::own_part;
use crate::flows::Service;
use crate::flows::senders::Sender;
use crate::store::StoreResult;
use crate::store::outbox;

/// Texts placed in one transaction.
const BATCH: i64 = 1000;
/// A text that is due for less than this is not late.
const ON_TIME: TimeDelta = TimeDelta::minutes(1);

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
