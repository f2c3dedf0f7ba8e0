//! A text goes out, in two short transactions, neither open while the network is spoken to: [`claim`] begins
//! the tries of texts that are due, which is the last check that she has not stopped; [`record`] writes what
//! the gateway said. Between the two lies the send itself, with a time limit of its own.

mod breaking;
mod budget;
mod claiming;
mod covering;
mod recording;
mod sorting;
mod spreading;
mod standby;
mod turns;
mod urgent;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use uuid::Uuid;

pub use self::breaking::{Due, dispatcher_broke, due, put_off, set_aside, unrecorded, what_broke};
pub use self::claiming::{Claimed, Room, claim, claim_one};
pub use self::recording::record;
pub use self::spreading::spread_again;
use super::senders::Sender;
use super::{Service, receipts};
use crate::domain::phone::PhoneNumber;
use crate::domain::segment::Encoding;
use crate::ids::try_name;
use crate::store::outbox::{self, Place};
use crate::store::people::{self, Mark};
use crate::store::{StoreError, StoreResult, Tx, service as facts};

/// Why we hold a sender back ourselves that has used up its day; every other reason is a provider's.
pub const DAY_IS_FULL: &str = "it has sent as many segments today as it may";
/// A send that takes longer is given up as ambiguous.
pub const SEND_LIMIT: std::time::Duration = std::time::Duration::from_secs(30);
/// A try that has not left after this time is taken back: what was true when it began may not be any more.
pub const LEAVE_LIMIT: std::time::Duration = std::time::Duration::from_secs(2);
/// A try that was begun so long ago and is not recorded has lost its dispatcher: it has left, been given up and
/// been recorded long before, unless the database was away for the rest of the time.
pub(super) const ORPHANED: TimeDelta = TimeDelta::seconds(60);
/// A doubt is looked at after this time, when a report would usually have come.
pub(super) const DOUBT_PAUSE: TimeDelta = TimeDelta::minutes(2);
/// A sender that the gateway refuses as such is tried again after this time.
const HOLD: TimeDelta = TimeDelta::minutes(5);

/// A text whose try has begun: it must be sent at once.
#[derive(Clone)]
pub struct Ready {
    /// The text.
    pub id: Uuid,
    /// For whom.
    pub subscriber: Uuid,
    /// Which try it is.
    pub number: i16,
    /// Whether this try was begun before and came into doubt: its gateway takes it once only.
    pub repeats: bool,
    /// When it began.
    pub began_at: DateTime<Utc>,
    /// When it began for the first time, if it repeats; its gateway knows its name for so long only.
    pub first_began_at: DateTime<Utc>,
    /// To which number.
    pub phone: PhoneNumber,
    /// Its words.
    pub body: Arc<str>,
    /// How they travel.
    pub encoding: Encoding,
    /// How many SMS they take.
    pub segments: u32,
    /// Too late from here on.
    pub not_after: DateTime<Utc>,
}

impl Ready {
    /// Our name for this send: what the gateway is given, and gives back with its reports.
    pub fn reference(&self) -> Uuid {
        try_name(self.id, self.number)
    }
}

/// What a dispatcher keeps at hand from one claim to the next. All of it can be lost without harm.
#[derive(Default)]
pub struct Desk {
    /// Words that texts share, by their hash. A hash never changes its words.
    words: HashMap<Vec<u8>, Arc<str>>,
    /// Up to where each program's queue has been claimed. A database that does not forget at once what has
    /// left a queue need not be asked to pass by it again and again.
    reached: HashMap<String, Place>,
    /// The programs that had unasked texts waiting when somebody last looked.
    programs: Vec<String>,
    /// When the queues were last claimed from their beginnings, for what has come in before the places above.
    from_the_beginning: Option<DateTime<Utc>>,
    /// Whose turn it is among the programs of the sender.
    turn: usize,
    /// By which name others know this dispatcher.
    name: Option<Uuid>,
    /// How it keeps up.
    tempo: standby::Tempo,
    /// Another dispatcher was at work for the sender at the last look.
    stands_by: bool,
    /// Whether what has become late is spread before it goes.
    spreads: bool,
    /// When it was last found that it must be.
    spread_at: Option<DateTime<Utc>>,
    /// What is known of broadcasts that wait.
    urgent: urgent::Watch,
    /// Tips are held back for now.
    holds_tips: bool,
    /// Unasked texts have used their part of the day's cap, and rest until then.
    unasked_rest_until: Option<DateTime<Utc>>,
    /// Tries of a claim, answers and unasked, of which it is not known whether they were written down.
    unsure: (Vec<Ready>, Vec<Ready>),
}

/// More words than any library has; beyond that they are forgotten and read anew.
const MOST_WORDS: usize = 20_000;

impl Desk {
    /// The tries of a claim whose end was not heard: perhaps they have begun, and certainly none has left.
    pub fn unsure(&mut self) -> Vec<Ready> {
        let (answers, unasked) = std::mem::take(&mut self.unsure);
        [answers, unasked].concat()
    }

    /// Reads the words of these hashes that are not at hand yet.
    async fn fetch<'a>(&mut self, tx: &mut Tx, hashes: impl Iterator<Item = &'a Vec<u8>>) -> StoreResult<()> {
        if self.words.len() > MOST_WORDS {
            self.words.clear();
        }
        let missing = hashes.filter(|hash| !self.words.contains_key(*hash)).cloned().collect();
        for (hash, body) in outbox::shared_words(tx, &missing).await? {
            self.words.insert(hash, body.into());
        }
        Ok(())
    }

    fn words(&self, hash: Option<&Vec<u8>>) -> StoreResult<Arc<str>> {
        // Words that are missing are a broken database, and never an empty SMS.
        hash.and_then(|hash| self.words.get(hash)).cloned().ok_or(StoreError::RowNotFound)
    }
}

/// Takes back tries that were perhaps begun and certainly not sent: they wait again, as if they had not been begun.
/// What the sender's day was charged for them is given back; its pace is not, since that second is past.
pub async fn take_back(service: &Service, sender: &Sender, texts: &[Ready]) -> StoreResult<()> {
    let tries: Vec<(Uuid, i16)> = texts.iter().map(|text| (text.id, text.number)).collect();
    let mut tx = service.database.begin().await?;
    let taken: HashSet<Uuid> = outbox::take_back(&mut tx, &tries, service.now()).await?.into_iter().collect();
    let mut days: BTreeMap<NaiveDate, i64> = BTreeMap::new();
    for text in texts.iter().filter(|text| taken.contains(&text.id)) {
        *days.entry(sender.day_of(text.began_at)).or_default() += i64::from(text.segments);
    }
    for (day, segments) in days {
        facts::refund(&mut tx, &sender.name, day, segments).await?;
    }
    tx.commit().await
}

/// Raises the alarm that a sender's gateway does not answer, once an hour at most.
pub async fn gateway_away(service: &Service, sender: &Sender, gateway: &str) -> StoreResult<()> {
    let detail = "most of the last sends met no answer or a fault: what waits is kept, and goes out when it is \
                  back, or by the sender's second gateway if it has one";
    let mut tx = service.database.begin().await?;
    facts::open_circuit(&mut tx, &sender.name, gateway, service.now()).await?;
    let subject = format!("{} {gateway}", sender.name);
    service.alarm(&mut tx, "gateway_away", &subject, detail, TimeDelta::hours(1)).await?;
    tx.commit().await
}

/// A sender's gateway does not answer yet, since this moment. A process that it answers may have written so.
pub async fn gateway_still_away(
    service: &Service,
    sender: &Sender,
    gateway: &str,
    since: DateTime<Utc>,
) -> StoreResult<()> {
    let mut tx = service.database.begin().await?;
    facts::open_circuit(&mut tx, &sender.name, gateway, since).await?;
    tx.commit().await
}

/// A sender's gateway answers, whoever has written that it does not.
pub async fn gateway_back(service: &Service, sender: &Sender, gateway: &str) -> StoreResult<()> {
    let mut tx = service.database.begin().await?;
    facts::close_circuit(&mut tx, &sender.name, gateway).await?;
    tx.commit().await
}

/// Stops a sender for a while and raises an alarm, once an hour at most.
async fn hold(
    service: &Service,
    tx: &mut Tx,
    sender: &Sender,
    until: DateTime<Utc>,
    kind: &str,
    reason: &str,
) -> StoreResult<()> {
    facts::hold_sender(tx, &sender.name, until, reason).await?;
    service.alarm(tx, kind, &sender.name, reason, TimeDelta::hours(1)).await.map(|_| ())
}

/// Marks a number as blocked by its provider.
pub(super) async fn mark_blocked(service: &Service, tx: &mut Tx, subscriber: Uuid) -> StoreResult<()> {
    people::mark(tx, subscriber, Mark::Blocked, Some(service.now())).await
}
