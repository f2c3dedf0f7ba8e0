//! Claiming: as many texts as there is room for on the wire, in the second and in the day, answers first, then
//! broadcasts, then programs in turn.

use chrono::{DateTime, Utc};

use super::budget::{Budget, LONGEST_HOLD};
use super::sorting::Batch;
use super::turns::take_turns;
use super::urgent::take_urgent;
use super::{Desk, Due, Ready};
use crate::flows::Service;
use crate::flows::senders::Sender;
use crate::store::outbox::{self, Claim};
use crate::store::{StoreResult, service as facts};

/// How many texts there is room for.
#[derive(Clone, Copy, Debug)]
pub struct Room {
    /// Answers.
    pub answers: usize,
    /// Everything unasked.
    pub unasked: usize,
    /// Somebody waits for an answer: the claim goes before whatever else is to be written and can wait.
    pub pressing: bool,
}

/// What a claim came to.
#[derive(Default)]
pub struct Claimed {
    /// Answers to be sent at once.
    pub answers: Vec<Ready>,
    /// Unasked texts to be sent at once, broadcasts first.
    pub unasked: Vec<Ready>,
    /// Texts that were due and did not go: placed in another window, or at their end.
    pub settled: usize,
    /// Nothing more may be claimed before.
    pub wait_until: Option<DateTime<Utc>>,
    /// Unasked texts are left to another dispatcher until then.
    pub stands_by_until: Option<DateTime<Utc>>,
    /// Nothing was begun, because what has become late would leave in one flood: it is to be spread first
    /// ([`spread_again`](super::spread_again)), and tips to be left alone until it is.
    pub floods: bool,
}

impl Claimed {
    /// Whether nothing at all was due.
    pub fn is_empty(&self) -> bool {
        self.answers.is_empty() && self.unasked.is_empty() && self.settled == 0
    }
}

/// Begins the tries of texts that are due, by one gateway. What may not go any more is ended with its reason;
/// what missed its window is placed in the next one. What would pass the part of the day's cap that unasked texts
/// may use waits for the next day, and answers still go; what would pass the cap itself stops the sender until
/// then. Both raise an alarm.
///
/// The sender's account is locked from its first reading to the end of the transaction, so that several
/// processes share one pace and one cap exactly.
pub async fn claim(
    service: &Service,
    sender: &Sender,
    gateway: &str,
    room: Room,
    desk: &mut Desk,
) -> StoreResult<Claimed> {
    claim_these(service, sender, gateway, Which::Due(room), desk).await
}

/// The same with one text alone, whether or not it is due.
pub async fn claim_one(
    service: &Service,
    sender: &Sender,
    gateway: &str,
    text: Due,
    desk: &mut Desk,
) -> StoreResult<Claimed> {
    claim_these(service, sender, gateway, Which::One(text), desk).await
}

enum Which {
    Due(Room),
    One(Due),
}

async fn claim_these(
    service: &Service,
    sender: &Sender,
    gateway: &str,
    which: Which,
    desk: &mut Desk,
) -> StoreResult<Claimed> {
    let now = service.now();
    let database = &service.database;
    let pressing = matches!(which, Which::Due(Room { pressing: true, .. }));
    let mut tx = if pressing { database.begin_first().await? } else { database.begin().await? };
    let many = matches!(which, Which::Due(_));
    let can_wait = !pressing && many;
    let left_to_another = |until| Claimed { stands_by_until: Some(until), ..Claimed::default() };
    if can_wait && let Some(until) = desk.stands_by(&mut tx, &sender.name, now).await? {
        return Ok(left_to_another(until));
    }
    let account = facts::account(&mut tx, &sender.name, now).await?;
    // What waited for the account begins here: the time that it waited is no part of the try.
    let now = service.now();
    let at_work = account.worker.zip(account.worker_until);
    let other = desk.other(at_work, now);
    desk.stands_by = other.is_some();
    if can_wait && let Some(until) = other {
        return Ok(left_to_another(until));
    }
    let mut budget = Budget::of(sender, &account, now);
    if let Some(until) = budget.closed_until {
        return Ok(Claimed { wait_until: Some(until), ..Claimed::default() });
    }
    let claim = Claim { sender: &sender.name, gateway, now };
    let (answers, urgent, tips) = match which {
        Which::Due(room) => {
            let answers = match budget.answers(room.answers) {
                0 => Vec::new(),
                limit => outbox::claim_answers(&mut tx, &claim, limit).await?,
            };
            let limit = budget.unasked(room.unasked, answers.len());
            let rest = |until: DateTime<Utc>| until > now && until <= now + LONGEST_HOLD;
            if desk.unasked_rest_until.is_some_and(rest) || other.is_some() {
                (answers, Vec::new(), Vec::new())
            } else {
                let urgent = take_urgent(&mut tx, &claim, limit, desk).await?;
                let left = if desk.holds_tips { 0 } else { limit - urgent.len() as i64 };
                let tips = take_turns(&mut tx, &claim, left, desk).await?;
                (answers, urgent, tips)
            }
        }
        Which::One(text) => {
            let one = outbox::claim_one(&mut tx, &claim, text.id).await?.into_iter().collect();
            if text.is_answer { (one, Vec::new(), Vec::new()) } else { (Vec::new(), Vec::new(), one) }
        }
    };
    if answers.is_empty() && urgent.is_empty() && tips.is_empty() {
        return Ok(Claimed::default());
    }
    if many && desk.floods(&account, &tips, now) {
        return Ok(Claimed { floods: true, ..Claimed::default() });
    }
    let unasked = [urgent, tips].concat();
    let mut batch = Batch::new(service, sender, now, &mut budget);
    let hashes = answers.iter().chain(&unasked).filter_map(|text| text.wording.as_ref());
    desk.fetch(&mut tx, hashes).await?;
    let at_work = match other {
        Some(_) => at_work,
        None => desk.at_work(service, &unasked, now),
    };
    let answers = batch.sort(&mut tx, answers, true, desk).await?;
    let unasked = batch.sort(&mut tx, unasked, false, desk).await?;
    let (settled, day_is_full) = (batch.settled, batch.day_is_full);
    budget.charge(&mut tx, sender, &account, now, at_work).await?;
    let claimed = (answers.len(), unasked.len());
    desk.unsure = (answers, unasked);
    tx.commit().await?;
    let (answers, unasked) = std::mem::take(&mut desk.unsure);
    if day_is_full {
        desk.unasked_rest_until = Some(sender.day_after(now));
    }
    tracing::debug!(answers = claimed.0, unasked = claimed.1, settled, "claimed");
    Ok(Claimed { answers, unasked, settled, ..Claimed::default() })
}
