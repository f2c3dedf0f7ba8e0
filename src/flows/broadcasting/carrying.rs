//! What is done with broadcasts in the background: counted for whoever waits for it, queued, taken back, reckoned up.
//! One process at a time does it; another takes over where it is gone, since each part is done once, whoever does it.

use std::collections::{BTreeMap, HashSet};

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::queuing::take_back;
use super::{Part, count, message, queue_part};
use crate::domain::delivery::State;
use crate::flows::{Bell, Service};
use crate::store::broadcasts::outcome::{self, Deed, Failure};
use crate::store::broadcasts::{self, Broadcast, SENDING, SENT, STOPPED, planning};
use crate::store::{StoreResult, service as facts};

/// The duty of it, and how long it is held without a sign of life.
const DUTY: &str = "broadcasts";
const HELD: TimeDelta = TimeDelta::seconds(30);
/// What readers do within this time after a text is put down to it.
const DAY: TimeDelta = TimeDelta::hours(24);
/// After so long nothing of a broadcast changes any more: its texts have ended, and a day has passed.
const OVER: TimeDelta = TimeDelta::hours(4 * 24 + 1);
/// So many reasons for failures are kept.
const REASONS: i64 = 20;

/// What became of a broadcast.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Outcome {
    /// When it was reckoned.
    pub at: DateTime<Utc>,
    /// To how many it was queued.
    pub queued: i64,
    /// Its texts, by the name of their state.
    pub states: BTreeMap<String, i64>,
    /// Why texts failed.
    pub failures: Vec<Failure>,
    /// How many stopped within a day.
    pub stops: usize,
    /// How many wrote within a day.
    pub replies: usize,
}

impl Outcome {
    /// As a broadcast keeps it.
    pub fn of(broadcast: &Broadcast) -> Option<Self> {
        serde_json::from_str(broadcast.outcome.as_deref()?).ok()
    }

    /// Texts in one of these states.
    pub fn in_state(&self, states: &[State]) -> i64 {
        states.iter().filter_map(|state| self.states.get(state.name())).sum()
    }
}

/// Does what there is to do with broadcasts; gives how much that was.
pub async fn carry_on(service: &Service, holder: Uuid) -> StoreResult<usize> {
    let now = service.now();
    let mut tx = service.database.read().await?;
    let mut at_hand = planning::at_hand(&mut tx, now - OVER).await?;
    drop(tx);
    at_hand.retain(|broadcast| {
        broadcast.count_asked_at.is_some()
            || is_queued_here(broadcast)
            || is_taken_back(broadcast)
            || is_due(broadcast, now)
    });
    if at_hand.is_empty() || !mine(service, holder).await? {
        return Ok(0);
    }
    let mut done = 0;
    for broadcast in &at_hand {
        if let Some(asked) = broadcast.count_asked_at {
            counted(service, broadcast, asked).await?;
            done += 1;
        }
        if is_queued_here(broadcast) {
            done += queue_all(service, broadcast, holder).await?;
        }
        if is_taken_back(broadcast) {
            done += take_back(service, broadcast.id).await?;
        }
        if is_due(broadcast, now) {
            reckon(service, broadcast).await?;
        }
        if !mine(service, holder).await? {
            break;
        }
    }
    Ok(done)
}

/// What was begun at the command line is queued there.
fn is_queued_here(broadcast: &Broadcast) -> bool {
    broadcast.state == SENDING && broadcast.account_id.is_some()
}

fn is_taken_back(broadcast: &Broadcast) -> bool {
    broadcast.state == STOPPED && broadcast.cleared_at.is_none()
}

async fn mine(service: &Service, holder: Uuid) -> StoreResult<bool> {
    let now = service.now();
    let mut tx = service.database.begin().await?;
    let mine = facts::hold_duty(&mut tx, DUTY, holder, now, now + HELD).await?;
    tx.commit().await?;
    Ok(mine)
}

async fn counted(service: &Service, broadcast: &Broadcast, asked: DateTime<Utc>) -> StoreResult<()> {
    let counted = count(service, &message(broadcast), None).await?;
    let json = serde_json::to_string(&counted).unwrap_or_default();
    let mut tx = service.database.begin().await?;
    planning::keep_count(&mut tx, broadcast.id, asked, &json).await?;
    tx.commit().await
}

async fn queue_all(service: &Service, broadcast: &Broadcast, holder: Uuid) -> StoreResult<usize> {
    let (message, mut after, mut people) = (message(broadcast), Uuid::nil(), 0);
    while let Some(part) = queue_part(service, &message, broadcast, after).await? {
        match part {
            Part::Queued(queued, end) => {
                (people, after) = (people + queued, end);
                service.bells.ring(Bell::Outbound);
            }
            Part::Stopped => return Ok(people),
        }
        if !mine(service, holder).await? {
            return Ok(people);
        }
    }
    let mut tx = service.database.begin().await?;
    broadcasts::end(&mut tx, broadcast.id, SENT, service.now()).await?;
    tx.commit().await?;
    Ok(people + 1)
}

/// Whether it is to be reckoned up: the older it is, the less often.
fn is_due(broadcast: &Broadcast, now: DateTime<Utc>) -> bool {
    if !broadcast.is_begun() {
        return false;
    }
    let Some(last) = broadcast.outcome_at else { return true };
    let pause = ((now - broadcast.made_at) / 60).clamp(TimeDelta::seconds(2), TimeDelta::minutes(10));
    let ended_since = broadcast.ended_at.is_some_and(|ended| ended > last);
    last < broadcast.made_at + OVER && (now - last >= pause || (ended_since && now > last))
}

async fn reckon(service: &Service, broadcast: &Broadcast) -> StoreResult<()> {
    let (id, now) = (broadcast.id, service.now());
    let mut tx = service.database.read().await?;
    let fates = broadcasts::fates(&mut tx, id).await?;
    let between = (broadcast.made_at, (broadcast.made_at + OVER).min(now + TimeDelta::seconds(1)));
    let outcome = Outcome {
        at: now,
        queued: fates.iter().map(|(_, texts)| texts).sum(),
        states: fates
            .into_iter()
            .filter_map(|(code, texts)| Some((State::from_code(code?)?.name().to_owned(), texts)))
            .collect(),
        failures: outcome::failures(&mut tx, id, REASONS).await?,
        stops: within_a_day(&outcome::stops(&mut tx, id, between).await?),
        replies: within_a_day(&outcome::replies(&mut tx, id, between).await?),
    };
    drop(tx);
    let json = serde_json::to_string(&outcome).unwrap_or_default();
    let mut tx = service.database.begin().await?;
    outcome::keep(&mut tx, id, &json, now).await?;
    tx.commit().await
}

/// How many readers did something within a day of their text.
fn within_a_day(deeds: &[Deed]) -> usize {
    let soon = |left: &DateTime<Utc>, at: &DateTime<Utc>| left <= at && *at - *left < DAY;
    let readers = deeds.iter().filter(|(_, left, at)| left.is_some_and(|left| soon(&left, at)));
    readers.map(|(reader, ..)| reader).collect::<HashSet<_>>().len()
}
