//! One text to many: an alert, or a one-off to a part of the women. Counted before it goes, queued to exactly those who
//! were counted, each once; ahead of tips and behind answers; stopped at any moment.
//!
//! It is queued in parts, each in a transaction that holds the broadcast as it is: whoever stops it waits for the part
//! that is being queued, and finds it. From the commit of a stop on no try of its texts begins, in any process: the claim
//! looks for itself. A run that is broken off is gone on with by giving the same broadcast again.

mod covers;
mod queuing;
mod reaching;

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use self::covers::{Cover, Covers};
pub use self::queuing::{Part, Queued, queue, queue_part, stop};
use self::reaching::reach;
pub use self::reaching::{Segment, Unreached};
use super::Service;
use crate::domain::delivery::State;
use crate::domain::language::Language;
use crate::library::Text;
use crate::store::broadcasts::{self, Broadcast, SENDING};
use crate::store::{Database, StoreError, StoreResult, service as facts};

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

/// What was counted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counted {
    /// When.
    pub at: DateTime<Utc>,
    /// The women whom it reaches, by language.
    pub reached: BTreeMap<Language, Tally>,
    /// How many it is for and does not reach, and why.
    pub unreached: BTreeMap<Unreached, usize>,
}

/// Women of one language.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// How many.
    pub women: usize,
    /// Of these, how many are told only that there is something to read.
    pub covered: usize,
    /// How many SMS they take together.
    pub segments: u64,
}

impl Counted {
    /// All women whom it reaches.
    pub fn people(&self) -> usize {
        self.reached.values().map(|tally| tally.women).sum()
    }

    /// All SMS.
    pub fn segments(&self) -> u64 {
        self.reached.values().map(|tally| tally.segments).sum()
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
    Ok(found(&broadcasts::all(&mut tx).await?, message, service.now()))
}

fn found(all: &[Broadcast], message: &Message, now: DateTime<Utc>) -> Option<Before> {
    let mut same = all.iter().filter(|other| message.is(other));
    if let Some(unfinished) = same.clone().find(|other| other.state == SENDING) {
        return Some(Before::Unfinished(unfinished.clone()));
    }
    same.find(|other| now - other.made_at < LATELY).map(|other| Before::Lately(other.clone()))
}

/// Counts whom a message reaches now; of one that goes on, whom it still has to reach.
pub async fn count(
    service: &Service,
    message: &Message,
    goes_on: Option<&Broadcast>,
) -> StoreResult<Counted> {
    let (edition, now) = (service.shelf.edition(), service.now());
    let at = goes_on.map_or(now, |broadcast| broadcast.made_at);
    let mut counted = Counted { at, ..Counted::default() };
    let id = goes_on.map_or(Uuid::nil(), |broadcast| broadcast.id);
    let mut covers = Covers::new(&edition, now);
    let mut after = Uuid::nil();
    loop {
        let mut tx = service.database.read().await?;
        let Some(end) = broadcasts::part_end(&mut tx, after).await? else { return Ok(counted) };
        let people = broadcasts::candidates(&mut tx, id, at, (after, end)).await?;
        for hers in people.chunk_by(|a, b| a.subscriber == b.subscriber) {
            let Some(verdict) = reach(message, &edition, hers, (at, now)) else { continue };
            let reached = verdict.and_then(|reached| match covers.of(reached.her) {
                Cover::None => Ok((reached.her.language, None)),
                Cover::Some(text) => Ok((reached.her.language, Some(text.segments))),
                Cover::Missing => Err(Unreached::NoWay),
            });
            match reached {
                Ok((language, covered)) => {
                    let tally = counted.reached.entry(language).or_default();
                    let plain = message.words.get(&language).map(|text| text.segments);
                    tally.women += 1;
                    tally.covered += usize::from(covered.is_some());
                    tally.segments += u64::from(covered.or(plain).unwrap_or(0));
                }
                Err(why) => *counted.unreached.entry(why).or_default() += 1,
            }
        }
        after = end;
    }
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
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The languages of women whom it reaches for which there are no words.
pub fn without_words(message: &Message, counted: &Counted) -> Vec<Language> {
    counted.reached.keys().filter(|language| !message.words.contains_key(language)).copied().collect()
}

/// Begins a broadcast to those who were counted, or finds the one that goes on. `again`: even if it went out lately.
pub async fn begin(
    service: &Service,
    message: &Message,
    counted: &Counted,
    (by, why): (&str, &str),
    again: bool,
) -> Result<Broadcast, NotBegun> {
    let missing = without_words(message, counted);
    if !missing.is_empty() {
        return Err(NotBegun::NoWords(missing));
    }
    let now = service.now();
    let mut tx = service.database.begin().await?;
    // Held by nobody beyond this transaction: whoever begins at the same time waits for its end.
    facts::hold_duty(&mut tx, BEGINNING, service.id(), now, now).await?;
    match found(&broadcasts::all(&mut tx).await?, message, now) {
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
        ended_at: None,
    };
    broadcasts::begin(&mut tx, &broadcast).await?;
    let detail = format!("{} to {} people: {why}", broadcast.id, broadcast.people);
    facts::audit(&mut tx, service.id(), now, by, "broadcast", None, &detail).await?;
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
