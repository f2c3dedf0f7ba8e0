//! One text to many: an alert, or a one-off to a part of the women. Counted before it goes, queued to exactly those who
//! were counted, each once; ahead of tips and behind answers; stopped at any moment.
//!
//! It is queued in parts, each in a transaction that holds the broadcast as it is: whoever stops it waits for the part
//! that is being queued, and finds it. From the commit of a stop on no try of its texts begins, in any process: the claim
//! looks for itself. A run that is broken off is gone on with by giving the same broadcast again.
//!
//! At the console a broadcast is written first ([`draft`]), counted in the background, and confirmed ([`submit`]); to more
//! people than a limit a second person says yes to it ([`approve`]). What was begun there is queued in the background too
//! ([`carry_on`]), whichever process that is.
//!
//! What was wrong with a recalled tip is told by a broadcast to those who got it ([`Corrects`]).

mod carrying;
mod correcting;
mod counting;
mod covers;
mod drafting;
mod queuing;
mod reaching;

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

pub use self::carrying::{Outcome, Turn, WAITING_TEXTS, carry_on, turn};
pub use self::correcting::Corrects;
pub(in crate::flows) use self::correcting::{call_off, got, outdate};
pub use self::counting::{Counted, Load, Tally, count, without_words};
pub use self::covers::cover as cover_of;
pub use self::drafting::{
    Confirmed, FRESH, NotDone, Submitted, Unreadable, approve, count_anew, counted, draft, message, shown,
    submit, withdraw,
};
pub use self::queuing::{Part, Queued, halt, queue, queue_part, stop};
pub use self::reaching::{Segment, Unreached};
use super::Service;
use super::auditing::{self, Actor, Object};
use crate::domain::delivery::State;
use crate::domain::language::Language;
use crate::library::Text;
use crate::store::broadcasts::{self, Broadcast, SENDING, planning};
use crate::store::{Database, StoreError, StoreResult, Tx, service as facts};

/// The same to the same people within this time is a slip, unless it is said to be none.
const LATELY: TimeDelta = TimeDelta::hours(24);
/// The duty under which a broadcast is begun: two who give the same one at once begin one.
const BEGINNING: &str = "broadcast";

/// What is told, to whom, and how urgent it is.
#[derive(Clone, Debug)]
pub struct Message {
    /// Whom it is for.
    pub segment: Segment,
    /// The words, by language.
    pub words: BTreeMap<Language, Text>,
    /// It goes at once, at any hour.
    pub emergency: bool,
}

impl Message {
    fn segment_json(&self) -> String {
        serde_json::to_string(&self.segment).unwrap_or_default()
    }

    fn words_json(&self) -> String {
        let words: BTreeMap<&str, &str> =
            self.words.iter().map(|(language, text)| (language.as_str(), &*text.body)).collect();
        serde_json::to_string(&words).unwrap_or_default()
    }

    fn is(&self, broadcast: &Broadcast) -> bool {
        self.emergency == broadcast.emergency
            && self.segment_json() == broadcast.segment
            && self.words_json() == broadcast.words
    }
}

/// One that the same words, to the same women, were given for before.
#[derive(Clone, Debug)]
pub enum Before {
    /// It was broken off: it goes on.
    Unfinished(Broadcast),
    /// It went out a short while ago, or was stopped.
    Lately(Broadcast),
}

/// Whether the same was given before and is not finished, or lately.
pub async fn before(service: &Service, message: &Message) -> StoreResult<Option<Before>> {
    let mut tx = service.database.read().await?;
    Ok(found(&lately(service, &mut tx).await?, message, service.now()))
}

/// What may be the same as another: begun lately, or not finished.
async fn lately(service: &Service, tx: &mut Tx) -> StoreResult<Vec<Broadcast>> {
    broadcasts::lately(tx, service.now() - LATELY).await
}

fn found(all: &[Broadcast], message: &Message, now: DateTime<Utc>) -> Option<Before> {
    let mut same = all.iter().filter(|other| other.is_begun() && message.is(other));
    if let Some(unfinished) = same.clone().find(|other| other.state == SENDING) {
        return Some(Before::Unfinished(unfinished.clone()));
    }
    // Nobody is told twice what was wrong with a tip: whoever says it again tells those who are left.
    if message.segment.corrects.is_some() {
        return None;
    }
    same.find(|other| now - other.made_at < LATELY).map(|other| Before::Lately(other.clone()))
}

/// Why a broadcast was not begun.
#[derive(Debug, thiserror::Error)]
pub enum NotBegun {
    /// It would reach women whose language it has no words for.
    #[error("there are no words in {}: nothing was sent to anybody", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "))]
    NoWords(Vec<Language>),
    /// It went out a short while ago.
    #[error("the same was given for the same people at {} UTC: give --again to send it once more, to all of them", .0.made_at.format("%Y-%m-%d %H:%M"))]
    Lately(Box<Broadcast>),
    /// The tip that it corrects is not recalled any more.
    #[error("the tip is not recalled any more: nobody is told that it was wrong")]
    Lifted,
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Who sends a broadcast from the command line, why, and who else agreed.
#[derive(Clone, Copy, Debug)]
pub struct Begun<'a> {
    /// Who.
    pub by: &'a str,
    /// Why.
    pub why: &'a str,
    /// The second person.
    pub approved_by: Option<&'a str>,
}

impl<'a> From<(&'a str, &'a str)> for Begun<'a> {
    fn from((by, why): (&'a str, &'a str)) -> Self {
        Self { by, why, approved_by: None }
    }
}

/// Begins a broadcast to those who were counted, or finds the one that goes on. `again`: even if it went out lately.
pub async fn begin(
    service: &Service,
    message: &Message,
    counted: &Counted,
    begun: impl Into<Begun<'_>>,
    again: bool,
) -> Result<Broadcast, NotBegun> {
    let Begun { by, why, approved_by } = begun.into();
    let missing = without_words(message, counted);
    if !missing.is_empty() {
        return Err(NotBegun::NoWords(missing));
    }
    let now = service.now();
    let mut tx = service.database.begin().await?;
    // Held by nobody beyond this transaction: whoever begins at the same time waits for its end.
    facts::hold_duty(&mut tx, BEGINNING, service.id(), now, now).await?;
    if !correcting::stands(&mut tx, message).await? {
        return Err(NotBegun::Lifted);
    }
    match found(&lately(service, &mut tx).await?, message, now) {
        Some(Before::Unfinished(broadcast)) => return Ok(broadcast),
        Some(Before::Lately(broadcast)) if !again => return Err(NotBegun::Lately(Box::new(broadcast))),
        _ => {}
    }
    let broadcast = Broadcast {
        id: service.id(),
        made_by: by.to_owned(),
        why: why.to_owned(),
        segment: message.segment_json(),
        words: message.words_json(),
        emergency: message.emergency,
        state: SENDING.to_owned(),
        people: i64::try_from(counted.people()).unwrap_or(i64::MAX),
        made_at: counted.at,
        program: message.segment.program.clone(),
        corrects: message.segment.corrects.as_ref().map(|of| of.tip.clone()),
        approved_by: approved_by.map(str::to_owned),
        approved_at: approved_by.map(|_| now),
        ..Broadcast::default()
    };
    broadcasts::begin(&mut tx, &broadcast).await?;
    planning::put(&mut tx, &broadcast).await?;
    let approved = approved_by.map(|name| format!(", approved by {name}")).unwrap_or_default();
    let detail = format!("{} to {} people{approved}: {why}", broadcast.id, broadcast.people);
    let to = Object { subscriber: None, program: broadcast.program.as_deref() };
    auditing::note(service, &mut tx, &Actor::named(by), "broadcast", to, &detail).await?;
    tx.commit().await?;
    Ok(broadcast)
}

/// Every broadcast, the newest first, with to how many it was queued.
pub async fn list(database: &Database) -> StoreResult<Vec<(Broadcast, i64)>> {
    let mut tx = database.read().await?;
    let mut all = Vec::new();
    for broadcast in broadcasts::all(&mut tx).await? {
        let queued = broadcasts::count(&mut tx, broadcast.id).await?;
        all.push((broadcast, queued));
    }
    Ok(all)
}

/// What became of a broadcast's texts, by state; none: so old that they are not kept any more.
pub async fn fates(database: &Database, broadcast: Uuid) -> StoreResult<BTreeMap<Option<&'static str>, i64>> {
    let mut tx = database.read().await?;
    let states = broadcasts::fates(&mut tx, broadcast).await?;
    Ok(states
        .into_iter()
        .map(|(code, texts)| (code.and_then(State::from_code).map(State::name), texts))
        .collect())
}
