//! Texts that break whoever begins to send them. When a claim of many breaks, those that are due are claimed one by
//! one: all others go out, and the one that broke is tried again by itself, a few times, before a person must look.
//!
//! It was never begun, since what breaks in a claim leaves nothing written: setting it aside can neither lose nor
//! double a text that is on its way. It is set aside only if others pass: where nothing passes, it is not the text.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::claimer::Trouble;
use super::shift::Shift;
use super::wire::Wire;
use crate::flows::dispatch::{self, Desk, Due, Room};
use crate::store::failure::is_no_fault;
use crate::worker::loops::in_time;
use crate::worker::whole::whole;

/// A text is tried so often before a person must look.
const TRIES: i32 = 5;
/// The wait after a first break; after the second twice as long, and so on.
const PAUSE: TimeDelta = TimeDelta::seconds(5);
/// So long it stays out of the claims of other processes, and of those of the next one here.
const PUT_OFF: TimeDelta = TimeDelta::minutes(5);
/// So many texts of a queue are claimed one by one before a claim of many is tried again.
const LOOKED_AT: usize = 50;
/// If nothing has passed for so long, it is not the texts.
const PATIENCE: Duration = Duration::from_secs(10);
/// More are not remembered: they come again when they are due.
const MOST: usize = 10_000;

/// The texts that broke a claim by themselves.
#[derive(Default)]
pub struct Suspects {
    known: Mutex<HashMap<Uuid, Suspect>>,
    /// How often a claim went well.
    passed: AtomicU64,
}

#[derive(Clone, Copy)]
struct Suspect {
    text: Due,
    breaks: i32,
    again_at: DateTime<Utc>,
    /// How often a claim had gone well when it first broke one.
    passed: u64,
}

/// What claiming one by one came to.
#[derive(Default)]
pub struct Alone {
    /// Texts that went to the line.
    pub joined: usize,
    /// Nothing more may be claimed before.
    pub wait_until: Option<DateTime<Utc>>,
    well: usize,
    broke: usize,
}

impl Suspects {
    /// A claim went well.
    pub fn others_pass(&self) {
        self.passed.fetch_add(1, Ordering::Relaxed);
    }

    /// It broke once more; gives when it is tried again, or none if that is enough.
    fn broke(&self, text: Due, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let passed = self.passed.load(Ordering::Relaxed);
        let mut known = self.known();
        if known.len() >= MOST {
            known.clear();
        }
        let suspect = known.entry(text.id).or_insert(Suspect { text, breaks: 0, again_at: now, passed });
        suspect.breaks += 1;
        if suspect.breaks >= TRIES && passed > suspect.passed {
            known.remove(&text.id);
            return None;
        }
        suspect.again_at = now + PAUSE * suspect.breaks.min(TRIES * 2);
        Some(suspect.again_at)
    }

    fn is_known(&self, text: Uuid) -> bool {
        self.known().contains_key(&text)
    }

    fn forget(&self, text: Uuid) {
        self.known().remove(&text);
    }

    /// Those to be tried again now.
    fn due(&self, now: DateTime<Utc>) -> Vec<Due> {
        let known = self.known();
        known.values().filter(|suspect| suspect.again_at <= now).map(|suspect| suspect.text).collect()
    }

    fn known(&self) -> MutexGuard<'_, HashMap<Uuid, Suspect>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Shift {
    /// Tries again those that broke before and whose pause is over; gives the moment before which nothing may be
    /// claimed, if there is one.
    pub async fn retry_suspects(
        &self,
        wire: &Arc<Wire>,
        over: &CancellationToken,
    ) -> Result<Option<DateTime<Utc>>, Trouble> {
        let again = self.post.suspects.due(self.post.service.now());
        if again.is_empty() {
            return Ok(None);
        }
        self.one_by_one(again, wire, false, over).await.map(|alone| alone.wait_until)
    }

    /// A claim broke: claims the first texts that are due one by one. Gives up if that cannot be the reason.
    pub async fn claim_alone(
        &self,
        wire: &Arc<Wire>,
        room: Room,
        ask: bool,
        over: &CancellationToken,
    ) -> Result<Alone, Trouble> {
        let post = &self.post;
        let room =
            Room { answers: room.answers.min(LOOKED_AT), unasked: room.unasked.min(LOOKED_AT), ..room };
        let found = match whole(in_time(dispatch::due(&post.service, &post.sender, room))).await {
            Some(Ok(found)) => found,
            Some(Err(error)) if is_no_fault(&error) => return Err(Trouble::Away(error)),
            Some(Err(_)) | None => return Err(Trouble::Broke),
        };
        // Those known already have their own time.
        let texts: Vec<Due> = found.into_iter().filter(|text| !post.suspects.is_known(text.id)).collect();
        let alone = self.one_by_one(texts, wire, ask, over).await?;
        // One alone may well be the reason; many of which none passes are not, nor is nothing at all.
        let explained =
            alone.well > 0 || alone.broke == 1 || alone.wait_until.is_some() || over.is_cancelled();
        if explained { Ok(alone) } else { Err(Trouble::Broke) }
    }

    async fn one_by_one(
        &self,
        texts: Vec<Due>,
        wire: &Arc<Wire>,
        ask: bool,
        over: &CancellationToken,
    ) -> Result<Alone, Trouble> {
        let post = &self.post;
        let (service, sender, gateway) = (&post.service, &post.sender, &wire.gateway.name);
        let mut alone = Alone::default();
        let mut last_passed = Instant::now();
        for text in texts {
            if over.is_cancelled() || last_passed.elapsed() > PATIENCE || (ask && alone.joined > 0) {
                break;
            }
            let mut desk = Desk::default();
            let claim = dispatch::claim_one(service, sender, gateway, text, &mut desk);
            let what = match whole(in_time(claim)).await {
                Some(Ok(claimed)) if claimed.wait_until.is_some() => {
                    alone.wait_until = claimed.wait_until;
                    break;
                }
                Some(Ok(claimed)) => {
                    post.suspects.forget(text.id);
                    if !claimed.is_empty() {
                        post.suspects.others_pass();
                    }
                    alone.well += 1;
                    last_passed = Instant::now();
                    alone.joined += claimed.answers.len() + claimed.unasked.len();
                    self.line.join(claimed.answers, claimed.unasked, wire, ask);
                    continue;
                }
                Some(Err(error)) if is_no_fault(&error) => return Err(Trouble::Away(error)),
                Some(Err(error)) => dispatch::what_broke(&error),
                None => "the claim itself broke".to_owned(),
            };
            alone.broke += 1;
            tracing::error!(sender = %sender.name, text = %text.id, what, "a text cannot be sent");
            self.put_off(text).await;
        }
        Ok(alone)
    }

    /// Puts a text off that broke a claim, or sets it aside if it has broken enough of them.
    async fn put_off(&self, text: Due) {
        let (service, suspects) = (&self.post.service, &self.post.suspects);
        let done = match suspects.broke(text, service.now()) {
            Some(_) => in_time(dispatch::put_off(service, text, service.now() + PUT_OFF)).await,
            None => in_time(dispatch::set_aside(service, text)).await,
        };
        if let Err(error) = done {
            let (sender, what) = (&self.post.sender.name, dispatch::what_broke(&error));
            tracing::error!(sender, text = %text.id, what, "a text that breaks cannot be put off");
        }
    }
}
