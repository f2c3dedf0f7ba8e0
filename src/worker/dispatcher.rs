//! One sender's dispatcher: a pipeline of three.
//!
//! ```text
//! claimer ──► line ──► feeder ──► wire ──► recorder
//!    ▲          │                            │
//!    └── room ──┘        leave to be unrecorded, given back
//! ```
//!
//! The *claimer* begins as many tries as the wire will want until it can claim again, answers first. The
//! *feeder* puts them on the wire as places become free. The *recorder* writes what came of them, by the batch.
//! Never more is on the wire than its limit, never more is sent and unrecorded than that and one batch, and
//! whoever has nothing to do sleeps. On stop nothing new is begun, what has begun and not left is taken back,
//! and what is on the wire is waited for and recorded.

mod circuit;
mod limit;
mod line;
mod recorder;
mod wire;

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use tokio::sync::{Semaphore, mpsc};
use tokio_util::sync::CancellationToken;

use self::circuit::Leave;
use self::line::{Line, Ticket};
use self::recorder::Landed;
use self::wire::Wire;
use super::carry;
use super::loops::in_time;
use crate::flows::Service;
use crate::flows::dispatch::{self, Claimed, Desk, LEAVE_LIMIT, Ready, Room};
use crate::flows::senders::Sender;
use crate::gateway::{Gateway, Http};
use crate::store::StoreResult;
use crate::store::apart::apart;

/// How long an idle dispatcher sleeps at most; a queued text wakes it at once.
const IDLE: Duration = Duration::from_secs(1);
/// The wait after the database failed.
const BACKOFF: Duration = Duration::from_secs(2);
/// Texts sent and not recorded, beyond those on the wire.
const BATCH: usize = 1000;
/// Answers in line at most.
const ANSWERS: usize = 200;
/// Unasked texts in line: as few as keep the wire busy, between these.
const FEWEST_AHEAD: usize = 32;
const MOST_AHEAD: usize = 2000;
/// A text that stood in line for longer than this came too early.
const LONG_IN_LINE: Duration = Duration::from_millis(100);
/// Claims of little are at least so far apart; answers do not wait for this.
const BREATH: Duration = Duration::from_millis(10);

/// One sender's dispatcher.
pub struct Dispatcher {
    service: Service,
    http: Arc<Http>,
    sender: Arc<Sender>,
    /// The routes, in the order of preference.
    wires: Vec<Arc<Wire>>,
    line: Line,
    /// How many unasked texts may be in line; it grows when the wire stood idle.
    ahead: AtomicUsize,
    /// Leave to be sent and unrecorded.
    unrecorded: Arc<Semaphore>,
    /// Which of the routes was claimed for last.
    chosen: AtomicUsize,
    /// Up to which ring answers have been looked for.
    rung: AtomicU64,
}

impl Dispatcher {
    /// A dispatcher over these routes, each a gateway and our number there, with at most `concurrency` texts on
    /// the wire of each.
    pub fn new(
        service: Service,
        http: Arc<Http>,
        routes: Vec<(Arc<Gateway>, String)>,
        sender: Arc<Sender>,
        concurrency: usize,
    ) -> Self {
        let wires = routes.into_iter().map(|(gateway, address)| {
            let shown = service.metrics.route(&sender.name, &gateway.name);
            Arc::new(Wire::new(gateway, address, concurrency, shown))
        });
        let wires = wires.collect();
        Self {
            service,
            http,
            sender,
            wires,
            line: Line::default(),
            ahead: AtomicUsize::new(FEWEST_AHEAD),
            unrecorded: Arc::new(Semaphore::new(concurrency + BATCH)),
            chosen: AtomicUsize::new(0),
            rung: AtomicU64::new(0),
        }
    }

    /// Runs until `stop`.
    pub async fn run(self, stop: CancellationToken) {
        let (landed, landing) = mpsc::channel(BATCH);
        let this = Arc::new(self);
        let recorder = apart(recorder::record(this.service.clone(), this.sender.clone(), landing));
        let claimer = this.clone();
        let claimer = apart(async move { claimer.claim_until(&stop).await });
        this.feed(landed).await;
        // The recorder ends when the last send has let go of its end of the channel.
        for part in [claimer, recorder] {
            if let Err(error) = part.await {
                tracing::error!(sender = %this.sender.name, %error, "a part of the dispatcher ended badly");
            }
        }
    }

    async fn claim_until(&self, stop: &CancellationToken) {
        let mut desk = Desk::default();
        while !stop.is_cancelled() {
            // Registered before looking, so that a text queued meanwhile is not slept through.
            let bell = self.service.bells.outbound.notified();
            let answer = self.service.bells.answers.notified();
            let moved = self.line.moved.notified();
            let pause = match in_time(self.claim(&mut desk)).await {
                Ok(next) => next,
                Err(error) => {
                    tracing::error!(sender = %self.sender.name, %error, "the dispatcher cannot reach the database");
                    Next::After(BACKOFF)
                }
            };
            match pause {
                Next::AtOnce => {}
                Next::Breathe => tokio::select! {
                    () = answer => {}
                    () = tokio::time::sleep(BREATH) => {}
                    () = stop.cancelled() => {}
                },
                Next::WhenMoved => tokio::select! {
                    () = answer => {}
                    () = moved => {}
                    () = stop.cancelled() => {}
                },
                Next::WhenRung => tokio::select! {
                    () = bell => {}
                    () = answer => {}
                    () = tokio::time::sleep(IDLE) => {}
                    () = stop.cancelled() => {}
                },
                Next::After(pause) => tokio::select! {
                    () = tokio::time::sleep(pause) => {}
                    () = stop.cancelled() => {}
                },
            }
        }
        self.take_back(self.line.take_all()).await;
        self.line.close();
    }

    /// Claims once, if there is room and leave; says when to look again.
    async fn claim(&self, desk: &mut Desk) -> StoreResult<Next> {
        let now = self.service.now();
        let ahead = self.ahead();
        let (answers, unasked) = self.line.lengths();
        let mut room = Room {
            answers: ANSWERS.saturating_sub(answers),
            // Half empty before it is filled again: small claims cost as much as large ones.
            unasked: if unasked <= ahead / 2 { ahead - unasked } else { 0 },
            pressing: false,
        };
        let rung = self.service.bells.answers_rung();
        room.pressing = rung != self.rung.load(Ordering::Relaxed);
        if room.unasked == 0 && !room.pressing {
            return Ok(Next::WhenMoved);
        }
        let (wire, ask) = match self.choose(now) {
            Ok(chosen) => chosen,
            Err(until) => {
                self.take_back(self.line.take_all()).await;
                return Ok(Next::After((until - now).to_std().unwrap_or_default().min(IDLE)));
            }
        };
        if ask {
            room = Room { answers: 1, unasked: usize::from(answers == 0), ..room };
        }
        self.rung.store(rung, Ordering::Relaxed);
        let claimed = dispatch::claim(&self.service, &self.sender, &wire.gateway.name, room, desk).await;
        if ask
            && !matches!(&claimed, Ok(claimed) if !claimed.answers.is_empty() || !claimed.unasked.is_empty())
        {
            wire.unasked();
        }
        let claimed = claimed?;
        let next = next(&claimed, room, now);
        self.line.join(claimed.answers, claimed.unasked, &wire, ask);
        Ok(next)
    }

    /// How many unasked texts may be in line: twice as many if the wire had to wait for texts.
    fn ahead(&self) -> usize {
        let ahead = self.ahead.load(Ordering::Relaxed);
        if self.line.starved() {
            let more = (ahead * 2).min(MOST_AHEAD);
            self.ahead.store(more, Ordering::Relaxed);
            return more;
        }
        ahead
    }

    /// The first route that may be used, and whether only to ask; or when one may be.
    fn choose(&self, now: DateTime<Utc>) -> Result<(Arc<Wire>, bool), DateTime<Utc>> {
        let mut earliest = None;
        for (index, wire) in self.wires.iter().enumerate() {
            match wire.leave(now) {
                Leave::Go => {
                    self.switch(index);
                    return Ok((wire.clone(), false));
                }
                Leave::Ask => {
                    self.switch(index);
                    return Ok((wire.clone(), true));
                }
                Leave::Wait(until) => {
                    earliest = Some(earliest.map_or(until, |known: DateTime<Utc>| known.min(until)))
                }
            }
        }
        Err(earliest.unwrap_or(now))
    }

    fn switch(&self, to: usize) {
        let from = self.chosen.swap(to, Ordering::Relaxed);
        if from != to {
            tracing::warn!(sender = %self.sender.name, from = %self.wires[from].gateway.name,
                to = %self.wires[to].gateway.name, "another gateway carries this sender's texts");
        }
    }

    /// Puts texts on the wire until the line is closed.
    async fn feed(&self, landed: mpsc::Sender<Landed>) {
        let mut waiting = 0_u32;
        while let Some(Ticket { text, wire, asks }) = self.line.next().await {
            let Ok(unrecorded) = self.unrecorded.clone().acquire_owned().await else { return };
            let slot = wire.slot().await;
            let stood = (self.service.now() - text.began_at).to_std().unwrap_or_default();
            waiting = if stood > LONG_IN_LINE { waiting + 1 } else { 0 };
            if waiting > 32 {
                waiting = 0;
                let fewer = (self.ahead.load(Ordering::Relaxed) * 3 / 4).max(FEWEST_AHEAD);
                self.ahead.store(fewer, Ordering::Relaxed);
            }
            // What was true when it began must still be true when it leaves.
            if stood > LEAVE_LIMIT || (wire.is_open() && !asks) {
                drop(slot);
                let mut late = vec![text];
                late.extend(self.line.take_all());
                self.take_back(late).await;
                wire.unasked_if(asks);
                continue;
            }
            let (service, http) = (self.service.clone(), self.http.clone());
            let (sender, landed) = (self.sender.clone(), landed.clone());
            tokio::spawn(async move {
                let began = Instant::now();
                let outcome = carry::send(&service, &http, &wire.gateway, &wire.address, &text).await;
                if wire.heard(&outcome, began.elapsed(), service.now()) {
                    tell(&service, &sender, &wire).await;
                }
                drop(slot);
                // Fails only when the recorder is gone; the try then stays open and comes into doubt.
                let _ = landed.send(Landed { text, outcome, wire, unrecorded }).await;
            });
        }
    }

    /// Tries that were begun and did not leave are as if they had not begun.
    async fn take_back(&self, texts: Vec<Ready>) {
        if texts.is_empty() {
            return;
        }
        if let Err(error) = in_time(dispatch::take_back(&self.service, &self.sender, &texts)).await {
            // They come into doubt when their time is over.
            tracing::error!(sender = %self.sender.name, %error, "texts that did not leave cannot be taken back");
        }
    }
}

/// A gateway has gone away or come back: a person must know of the first.
async fn tell(service: &Service, sender: &Sender, wire: &Wire) {
    let gateway = &wire.gateway.name;
    if !wire.is_open() {
        tracing::warn!(sender = %sender.name, gateway, "the gateway is back");
        return;
    }
    tracing::warn!(sender = %sender.name, gateway, "the gateway does not answer: it is left alone for a while");
    if let Err(error) = in_time(dispatch::gateway_away(service, sender, gateway)).await {
        tracing::error!(sender = %sender.name, gateway, %error, "the alarm cannot be raised");
    }
}

/// When to claim again.
enum Next {
    AtOnce,
    /// Little was due: more of it is worth waiting for.
    Breathe,
    /// When the line has moved.
    WhenMoved,
    /// When something is queued.
    WhenRung,
    After(Duration),
}

fn next(claimed: &Claimed, room: Room, now: DateTime<Utc>) -> Next {
    if let Some(until) = claimed.wait_until {
        return Next::After((until - now).to_std().unwrap_or_default().min(IDLE));
    }
    if claimed.is_empty() {
        return Next::WhenRung;
    }
    if claimed.unasked.len() * 4 < room.unasked { Next::Breathe } else { Next::AtOnce }
}
