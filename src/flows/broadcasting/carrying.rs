//! What is done with broadcasts in the background: counted for whoever waits for it, queued, taken back, reckoned up.
//! One process at a time does it; another takes over where it is gone, since each part is done once, whoever does it.

use std::collections::{BTreeMap, HashSet};

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::counting::count_while;
use super::queuing::take_back;
use super::{NotDone, Part, message, queue_part};
use crate::domain::delivery::State;
use crate::flows::{Bell, Service};
use crate::store::broadcasts::outcome::{self, Deed, Failure};
use crate::store::broadcasts::{self, Broadcast, SENDING, SENT, STOPPED, planning};
use crate::store::{StoreResult, service as facts};

/// The duty of it, and how long it is held without a sign of life.
const DUTY: &str = "broadcasts";
const HELD: TimeDelta = TimeDelta::seconds(30);
/// In something long it is held anew after this time.
const RENEWED: TimeDelta = TimeDelta::seconds(10);
/// No reckoning is taken to last longer.
const LONGEST_MS: i64 = 60_000;
/// Texts that have still to leave.
pub const WAITING_TEXTS: [State; 3] = [State::Queued, State::Sending, State::InDoubt];
/// What readers do within this time after a text is put down to it.
const DAY: TimeDelta = TimeDelta::hours(24);
/// After so long nothing of a broadcast changes any more: its texts have ended, and a day has passed.
const OVER: TimeDelta = TimeDelta::hours(4 * 24 + 1);
/// A correction is valid for longer.
const CORRECTION_OVER: TimeDelta = TimeDelta::hours(8 * 24 + 1);
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
    /// How long it took to reckon it up, in milliseconds.
    pub took_ms: i64,
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

/// The duty of it, as it is held by one process.
pub(super) struct Duty {
    holder: Uuid,
    held_at: DateTime<Utc>,
    /// Broadcasts that nothing can be done with: nothing waits for these.
    broken: HashSet<Uuid>,
    /// What was in hand was left off for an emergency.
    gave_way: bool,
}

impl Duty {
    async fn take(service: &Service, holder: Uuid, broken: &HashSet<Uuid>) -> StoreResult<Option<Self>> {
        let held_at = service.now();
        let duty = Self { holder, held_at, broken: broken.clone(), gave_way: false };
        Ok(mine(service, holder).await?.then_some(duty))
    }

    /// Whether what is in hand may go on: the duty is still ours, and no emergency has to be queued. In something long
    /// this is asked between its parts, and the duty is held on to: no other process begins the same work meanwhile. What
    /// is left off is begun anew in its turn.
    pub async fn keep(&mut self, service: &Service) -> StoreResult<bool> {
        let mut tx = service.database.read().await?;
        let urgent = planning::urgent(&mut tx).await?;
        drop(tx);
        self.gave_way |= urgent.iter().any(|id| !self.broken.contains(id));
        if self.gave_way {
            return Ok(false);
        }
        let now = service.now();
        if (TimeDelta::zero()..RENEWED).contains(&(now - self.held_at)) {
            return Ok(true);
        }
        self.held_at = now;
        mine(service, self.holder).await
    }
}

/// What one turn came to.
#[derive(Clone, Copy, Debug, Default)]
pub struct Turn {
    /// How much was done.
    pub done: usize,
    /// There is more to do at once.
    pub more: bool,
}

/// Does what there is to do with broadcasts; gives how much that was.
pub async fn carry_on(service: &Service, holder: Uuid) -> StoreResult<usize> {
    let (mut done, mut broken) = (0, HashSet::new());
    loop {
        let turn = turn(service, holder, &mut broken).await?;
        done += turn.done;
        if !turn.more {
            return Ok(done);
        }
    }
}

/// Does a little of what there is to do with each broadcast: queues a part of it, and whatever else is at hand. While an
/// emergency is not queued, the others wait, and what is in hand with one of them is left off. One that fails is told of,
/// left alone from here on by way of `broken`, and holds up no other.
pub async fn turn(service: &Service, holder: Uuid, broken: &mut HashSet<Uuid>) -> StoreResult<Turn> {
    let now = service.now();
    let mut tx = service.database.read().await?;
    let mut at_hand = planning::at_hand(&mut tx, now - CORRECTION_OVER).await?;
    drop(tx);
    at_hand.retain(|broadcast| {
        let waits = broadcast.count_asked_at.is_some()
            || is_queued_here(broadcast)
            || is_taken_back(broadcast)
            || is_due(broadcast, now);
        waits && !broken.contains(&broadcast.id)
    });
    let mut all = Turn::default();
    if at_hand.is_empty() {
        return Ok(all);
    }
    // An emergency that is approved goes before one that is only written.
    at_hand.sort_by_key(|broadcast| !(broadcast.emergency && is_queued_here(broadcast)));
    let Some(mut duty) = Duty::take(service, holder, broken).await? else { return Ok(all) };
    for broadcast in &at_hand {
        match step(service, broadcast, &mut duty).await {
            Ok(step) => {
                all.done += step.done;
                all.more |= step.more;
                if broadcast.emergency && step.more {
                    break;
                }
            }
            Err(error) => {
                broken.insert(broadcast.id);
                duty.broken.insert(broadcast.id);
                tell(service, broadcast, &error).await;
            }
        }
        if !duty.keep(service).await? {
            return Ok(Turn { more: duty.gave_way, ..all });
        }
    }
    Ok(all)
}

async fn step(service: &Service, broadcast: &Broadcast, duty: &mut Duty) -> Result<Turn, NotDone> {
    let mut step = Turn::default();
    if is_queued_here(broadcast) {
        step = queue_some(service, broadcast).await?;
    } else if let Some(asked) = broadcast.count_asked_at {
        step.done += usize::from(counted(service, broadcast, asked, duty).await?);
    }
    if is_taken_back(broadcast) {
        step.done += take_back(service, broadcast.id, Some(duty)).await?;
    }
    if is_due(broadcast, service.now()) {
        reckon(service, broadcast).await?;
    }
    Ok(step)
}

/// Somebody has to look at a broadcast that nothing can be done with.
async fn tell(service: &Service, broadcast: &Broadcast, error: &NotDone) {
    let (subject, detail) = (broadcast.id.to_string(), format!("nothing can be done with it: {error}"));
    let told = async {
        let mut tx = service.database.begin().await?;
        service.alarm(&mut tx, "broadcast_broken", &subject, &detail, TimeDelta::hours(1)).await?;
        tx.commit().await
    };
    if let Err(failed) = told.await {
        tracing::error!(broadcast = subject, "{detail}; nor could that be written down: {failed}");
    }
}

/// When nothing of it changes any more.
fn over(broadcast: &Broadcast) -> DateTime<Utc> {
    broadcast.made_at + if broadcast.corrects.is_some() { CORRECTION_OVER } else { OVER }
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

/// Counts whom it reaches; false if that was left off: it stays asked for.
async fn counted(
    service: &Service,
    broadcast: &Broadcast,
    asked: DateTime<Utc>,
    duty: &mut Duty,
) -> Result<bool, NotDone> {
    let message = message(broadcast)?;
    let Some(counted) = count_while(service, &message, None, Some(duty)).await? else { return Ok(false) };
    let json = serde_json::to_string(&counted).unwrap_or_default();
    let mut tx = service.database.begin().await?;
    planning::keep_count(&mut tx, broadcast.id, asked, &json).await?;
    tx.commit().await?;
    Ok(true)
}

/// Queues the next part of it.
async fn queue_some(service: &Service, broadcast: &Broadcast) -> Result<Turn, NotDone> {
    let after = broadcast.queued_to.unwrap_or(Uuid::nil());
    let part = queue_part(service, &message(broadcast)?, broadcast, after).await?;
    let mut tx = service.database.begin().await?;
    let turn = match part {
        Some(Part::Queued(people, end)) => {
            planning::queued_to(&mut tx, broadcast.id, end).await?;
            service.bells.ring(Bell::Outbound);
            Turn { done: people, more: true }
        }
        Some(Part::Stopped) => Turn::default(),
        None => {
            broadcasts::end(&mut tx, broadcast.id, SENT, service.now()).await?;
            Turn { done: 1, more: false }
        }
    };
    tx.commit().await?;
    Ok(turn)
}

/// Whether it is to be reckoned up: the older it is, the less often.
fn is_due(broadcast: &Broadcast, now: DateTime<Utc>) -> bool {
    if !broadcast.is_begun() {
        return false;
    }
    let Some(last) = broadcast.outcome_at else { return true };
    let pause = ((now - broadcast.made_at) / 60).clamp(TimeDelta::seconds(2), TimeDelta::minutes(10));
    // Nor is most of anybody's time spent on it.
    let took = Outcome::of(broadcast).map_or(0, |outcome| outcome.took_ms.clamp(0, LONGEST_MS));
    let pause = pause.max(TimeDelta::milliseconds(took) * 10);
    let ended_since = broadcast.ended_at.is_some_and(|ended| ended > last);
    last < over(broadcast) && (now - last >= pause || (ended_since && now > last))
}

async fn reckon(service: &Service, broadcast: &Broadcast) -> StoreResult<()> {
    let (id, now) = (broadcast.id, service.now());
    let mut tx = service.database.read().await?;
    let fates = broadcasts::fates(&mut tx, id).await?;
    let between = (broadcast.made_at, over(broadcast).min(now + TimeDelta::seconds(1)));
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
        took_ms: 0,
    };
    drop(tx);
    let outcome = Outcome { took_ms: (service.now() - now).num_milliseconds(), ..outcome };
    let (json, waiting) =
        (serde_json::to_string(&outcome).unwrap_or_default(), outcome.in_state(&WAITING_TEXTS));
    let mut tx = service.database.begin().await?;
    outcome::keep(&mut tx, id, (&json, waiting), now).await?;
    tx.commit().await
}

/// How many readers did something within a day of their text.
fn within_a_day(deeds: &[Deed]) -> usize {
    deeds.iter().filter(|(left, at)| *at - *left < DAY).count()
}
