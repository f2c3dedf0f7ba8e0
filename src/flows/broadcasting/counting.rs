//! A broadcast is counted before it goes: whom it reaches, in which languages and zones, how many SMS, until when; and whom
//! it does not reach, and why.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::carrying::Duty;
use super::correcting::{candidates, silent};
use super::covers::{Cover, Covers};
use super::reaching::{Reached, SPREAD, reach, unreached};
use super::{Message, Unreached};
use crate::domain::language::Language;
use crate::flows::senders::Senders;
use crate::flows::{Edition, Service};
use crate::ids::stable_hash;
use crate::store::StoreResult;
use crate::store::broadcasts::{self, Broadcast};

/// So many of those whom it reaches are shown.
const SAMPLE: usize = 8;

/// What was counted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Counted {
    /// When.
    pub at: DateTime<Utc>,
    /// The women whom it reaches, by language.
    pub reached: BTreeMap<Language, Tally>,
    /// How many it is for and does not reach, and why.
    pub unreached: BTreeMap<Unreached, usize>,
    /// The women whom it reaches, by zone; empty: nobody knows.
    pub zones: BTreeMap<String, usize>,
    /// How many of them sleep now, and get it when their hours begin.
    pub asleep: usize,
    /// What each sender has to send, by the window it falls into.
    pub loads: Vec<Load>,
    /// Some of them, by their enrollments.
    pub sample: Vec<Uuid>,
}

/// What a sender has to send in one window.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Load {
    /// The sender.
    pub sender: String,
    /// From when on.
    pub from: DateTime<Utc>,
    /// Until when; none: at any hour.
    pub until: Option<DateTime<Utc>>,
    /// How many SMS.
    pub segments: u64,
}

/// Women of one language.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
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

    /// When the last of it will have left, at the pace of its senders: each window's texts are spread over its beginning,
    /// and go no faster than the sender may. Whether something of it does not fit into its window or its day.
    pub fn finishes(&self, senders: &Senders) -> Option<(DateTime<Utc>, bool)> {
        let mut free: BTreeMap<&str, DateTime<Utc>> = BTreeMap::new();
        let mut all: BTreeMap<&str, u64> = BTreeMap::new();
        let (mut last, mut tight) = (None, false);
        for load in &self.loads {
            let sender = senders.get(&load.sender)?;
            let from = (*free.get(load.sender.as_str()).unwrap_or(&load.from)).max(load.from);
            let pace = u64::from(sender.segments_per_second.max(1));
            let sending =
                i64::try_from(load.segments.div_ceil(pace)).ok().and_then(TimeDelta::try_seconds)?;
            let spread = load.until.map_or(TimeDelta::zero(), |until| SPREAD.min(until - load.from));
            let end = (from.checked_add_signed(sending)?).max(load.from + spread);
            tight |= load.until.is_some_and(|until| end > until);
            free.insert(&load.sender, end);
            let sum = all.entry(&load.sender).or_default();
            *sum += load.segments;
            let day = u64::try_from(sender.segments_per_day - sender.kept_for_answers()).unwrap_or(0);
            tight |= *sum > day;
            last = last.max(Some(end));
        }
        last.map(|last| (last, tight))
    }
}

/// Counts whom a message reaches now; of one that goes on, whom it still has to reach.
pub async fn count(
    service: &Service,
    message: &Message,
    goes_on: Option<&Broadcast>,
) -> StoreResult<Counted> {
    count_while(service, message, goes_on, None).await.map(Option::unwrap_or_default)
}

/// The same, as long as the duty of it is ours; none: it is another's by now.
pub(super) async fn count_while(
    service: &Service,
    message: &Message,
    goes_on: Option<&Broadcast>,
    mut duty: Option<&mut Duty>,
) -> StoreResult<Option<Counted>> {
    let (edition, now) = (service.shelf.edition(), service.now());
    let at = goes_on.map_or(now, |broadcast| broadcast.made_at);
    let id = goes_on.map_or(Uuid::nil(), |broadcast| broadcast.id);
    let mut counting = Counting::new(message, &edition, (at, now));
    let mut after = Uuid::nil();
    loop {
        if let Some(duty) = duty.as_deref_mut()
            && !duty.keep(service).await?
        {
            return Ok(None);
        }
        let mut tx = service.database.read().await?;
        let Some(end) = broadcasts::part_end(&mut tx, after).await? else { return Ok(Some(counting.done())) };
        let people = candidates(&mut tx, message, id, at, (after, end)).await?;
        let silent = silent(&mut tx, message, at, (after, end)).await?;
        drop(tx);
        for hers in people.chunk_by(|a, b| a.subscriber == b.subscriber) {
            if let Some(verdict) = reach(message, &edition, hers, (at, now)) {
                counting.add(verdict);
            }
        }
        for hers in silent.chunk_by(|a, b| a.her.subscriber == b.her.subscriber) {
            if let Some(why) = unreached(message, &edition, hers, at) {
                *counting.counted.unreached.entry(why).or_default() += 1;
            }
        }
        after = end;
    }
}

/// From when, until when, and by which sender.
type Window = (DateTime<Utc>, Option<DateTime<Utc>>, String);

/// A count that is going on.
struct Counting<'a> {
    message: &'a Message,
    now: DateTime<Utc>,
    covers: Covers<'a>,
    counted: Counted,
    loads: BTreeMap<Window, u64>,
    /// Those shown are drawn by a hash: neither the first nor the last who came.
    sample: BTreeMap<u64, Uuid>,
}

impl<'a> Counting<'a> {
    fn new(message: &'a Message, edition: &'a Edition, (at, now): (DateTime<Utc>, DateTime<Utc>)) -> Self {
        Self {
            message,
            now,
            covers: Covers::new(edition, now),
            counted: Counted { at, ..Counted::default() },
            loads: BTreeMap::new(),
            sample: BTreeMap::new(),
        }
    }

    fn add(&mut self, verdict: Result<Reached<'_>, Unreached>) {
        let reached = match verdict {
            Ok(reached) => reached,
            Err(why) => return *self.counted.unreached.entry(why).or_default() += 1,
        };
        let her = reached.her;
        let covered = match self.covers.of(her) {
            Cover::None => None,
            Cover::Some(text) => Some(text.segments),
            Cover::Missing => return *self.counted.unreached.entry(Unreached::NoWay).or_default() += 1,
        };
        let plain = self.message.words.get(&her.language).map(|text| text.segments);
        let segments = u64::from(covered.or(plain).unwrap_or(0));
        let tally = self.counted.reached.entry(her.language).or_default();
        tally.women += 1;
        tally.covered += usize::from(covered.is_some());
        tally.segments += segments;
        *self.counted.zones.entry(her.zone.clone().unwrap_or_default()).or_default() += 1;
        let from = reached.window.map_or(self.now, |window| window.opens.max(self.now));
        self.counted.asleep += usize::from(from > self.now);
        let until = reached.window.map(|window| window.closes);
        *self.loads.entry((from, until, her.sender.clone())).or_default() += segments;
        self.sample.insert(stable_hash(her.subscriber), her.enrollment);
        if self.sample.len() > SAMPLE {
            self.sample.pop_last();
        }
    }

    fn done(self) -> Counted {
        let load = |((from, until, sender), segments)| Load { sender, from, until, segments };
        Counted {
            loads: self.loads.into_iter().map(load).collect(),
            sample: self.sample.into_values().collect(),
            ..self.counted
        }
    }
}

/// The languages of women whom it reaches for which there are no words.
pub fn without_words(message: &Message, counted: &Counted) -> Vec<Language> {
    counted.reached.keys().filter(|language| !message.words.contains_key(language)).copied().collect()
}
