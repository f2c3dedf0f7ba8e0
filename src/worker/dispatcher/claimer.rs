//! The one who begins tries: as many as the wire will want until it can claim again, answers first.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use chrono::{DateTime, Utc};
use tokio_util::sync::CancellationToken;

use super::circuit::Leave;
use super::feeder::spread;
use super::shift::{Broke, CLAIMER, Shift};
use super::suspects::Alone;
use super::wire::Wire;
use super::yielding::MOST_AHEAD;
use super::{BACKOFF, yielding};
use crate::flows::dispatch::{self, Claimed, Desk, Room};
use crate::store::StoreError;
use crate::store::failure::is_no_fault;
use crate::worker::loops::in_time;
use crate::worker::whole::whole;

/// How long an idle dispatcher sleeps at most; a queued text wakes it at once.
const IDLE: Duration = Duration::from_secs(1);
/// Answers in line at most.
const ANSWERS: usize = 200;
/// Claims of little are at least so far apart; answers do not wait for this.
const BREATH: Duration = Duration::from_millis(10);
/// While tips are held back, so often it is looked whether they still are.
const HELD: Duration = Duration::from_millis(50);

/// Why nothing could be claimed.
pub enum Trouble {
    /// The database is away for now, or another was quicker.
    Away(StoreError),
    /// Something that the next try would meet again.
    Broke,
}

/// When to claim again.
enum Next {
    AtOnce,
    /// What is not an answer can wait so long: little was due, or another is at work.
    Breathe(Duration),
    /// When the line has moved.
    WhenMoved,
    /// When something is queued.
    WhenRung,
    After(Duration),
}

impl Shift {
    /// Claims until it is over.
    pub async fn claim_until(&self, over: &CancellationToken) -> Result<(), Broke> {
        let post = &self.post;
        let bells = &post.service.bells;
        tracing::debug!(sender = %post.sender.name, part = CLAIMER, "begins");
        let mut desk = Desk::of_dispatcher();
        let mut end = Ok(());
        while !over.is_cancelled() && end.is_ok() {
            // Registered before looking, so that a text queued meanwhile is not slept through.
            let bell = bells.outbound.notified();
            let answer = bells.answers.notified();
            let moved = self.line.moved.notified();
            let pause = match self.claim(&mut desk, over).await {
                Ok(next) => next,
                Err(Trouble::Away(error)) => {
                    tracing::error!(sender = %post.sender.name, %error, "the dispatcher cannot reach the database");
                    self.return_texts(&desk.unsure()).await;
                    Next::After(BACKOFF)
                }
                Err(Trouble::Broke) => {
                    end = Err(Broke);
                    Next::AtOnce
                }
            };
            match pause {
                Next::AtOnce => {}
                Next::Breathe(pause) => tokio::select! {
                    () = answer => {}
                    () = tokio::time::sleep(pause) => {}
                    () = over.cancelled() => {}
                },
                Next::WhenMoved => tokio::select! {
                    () = answer => {}
                    () = moved => {}
                    () = over.cancelled() => {}
                },
                Next::WhenRung => tokio::select! {
                    () = bell => {}
                    () = answer => {}
                    () = tokio::time::sleep(IDLE) => {}
                    () = over.cancelled() => {}
                },
                Next::After(pause) => tokio::select! {
                    () = tokio::time::sleep(pause) => {}
                    () = over.cancelled() => {}
                },
            }
        }
        self.close_line().await;
        end
    }

    /// Claims once, if there is room and leave; says when to look again.
    async fn claim(&self, desk: &mut Desk, over: &CancellationToken) -> Result<Next, Trouble> {
        let post = &self.post;
        let (bells, now) = (&post.service.bells, post.service.now());
        let ahead = self.ahead();
        // Half empty before it is filled again: small claims cost as much as large ones.
        let half = ahead / 2;
        let (answers, unasked) = self.line.lengths(half);
        let (most, pause) = yielding::claimed(bells);
        let mut room = Room {
            answers: ANSWERS.saturating_sub(answers),
            unasked: if unasked <= half { most.min(ahead - unasked) } else { 0 },
            pressing: false,
        };
        let rung = bells.answers_rung();
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
        self.rung.store(rung, Ordering::Relaxed);
        let held = wire.holds_tips() && !ask;
        desk.hold_tips(held);
        if ask {
            return self.ask(&wire, desk, over).await;
        }
        if let Some(until) = self.retry_suspects(&wire, over).await? {
            return Ok(after(until, now));
        }
        match self.claim_room(&wire, room, desk).await? {
            Some(claimed) if claimed.floods => {
                if let Some(held) = wire.hold() {
                    let (service, sender) = (post.service.clone(), post.sender.clone());
                    tokio::spawn(async move { spread(&service, &sender, held).await });
                }
                Ok(Next::AtOnce)
            }
            Some(claimed) => {
                let next = match (next(&claimed, room, now), pause) {
                    _ if held => Next::Breathe(HELD),
                    (Next::AtOnce, Some(pause)) => Next::Breathe(pause),
                    (next, _) => next,
                };
                self.line.join(claimed.answers, claimed.unasked, &wire, false);
                Ok(next)
            }
            None => Ok(match self.claim_alone(&wire, room, false, over).await? {
                Alone { wait_until: Some(until), .. } => after(until, now),
                Alone { .. } => Next::AtOnce,
            }),
        }
    }

    /// Asks whether a gateway is back: with one text and no more, an answer if there is one.
    async fn ask(
        &self,
        wire: &Arc<Wire>,
        desk: &mut Desk,
        over: &CancellationToken,
    ) -> Result<Next, Trouble> {
        let now = self.post.service.now();
        let next = self.ask_with_one(wire, desk, over).await;
        if !matches!(next, Ok(None)) {
            wire.unasked();
        }
        Ok(match next? {
            None => Next::AtOnce,
            Some(Some(until)) => after(until, now),
            Some(None) => Next::WhenRung,
        })
    }

    /// None: one text is on its way. Otherwise none is, and there may be a moment before which none may be.
    async fn ask_with_one(
        &self,
        wire: &Arc<Wire>,
        desk: &mut Desk,
        over: &CancellationToken,
    ) -> Result<Option<Option<DateTime<Utc>>>, Trouble> {
        for (answers, unasked) in [(1, 0), (0, 1)] {
            let room = Room { answers, unasked, pressing: false };
            match self.claim_room(wire, room, desk).await? {
                Some(claimed) if claimed.wait_until.is_some() => return Ok(Some(claimed.wait_until)),
                Some(claimed) if claimed.answers.is_empty() && claimed.unasked.is_empty() => {}
                Some(claimed) => {
                    self.line.join(claimed.answers, claimed.unasked, wire, true);
                    return Ok(None);
                }
                None => match self.claim_alone(wire, room, true, over).await? {
                    Alone { joined: 0, wait_until: Some(until), .. } => return Ok(Some(Some(until))),
                    Alone { joined: 0, .. } => {}
                    Alone { .. } => return Ok(None),
                },
            }
        }
        Ok(Some(None))
    }

    /// What a claim with this room comes to; none if it broke.
    async fn claim_room(&self, wire: &Wire, room: Room, desk: &mut Desk) -> Result<Option<Claimed>, Trouble> {
        let post = &self.post;
        let (service, sender, gateway) = (&post.service, &post.sender, &wire.gateway.name);
        match whole(in_time(dispatch::claim(service, sender, gateway, room, desk))).await {
            Some(Ok(claimed)) => {
                if !claimed.is_empty() {
                    post.suspects.others_pass();
                }
                Ok(Some(claimed))
            }
            Some(Err(error)) if is_no_fault(&error) => Err(Trouble::Away(error)),
            Some(Err(error)) => {
                let what = dispatch::what_broke(&error);
                tracing::error!(sender = %sender.name, what, "a claim broke: texts are claimed one by one");
                *desk = Desk::of_dispatcher();
                Ok(None)
            }
            None => {
                tracing::error!(sender = %sender.name, "a claim broke: texts are claimed one by one");
                *desk = Desk::of_dispatcher();
                Ok(None)
            }
        }
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
        for (index, wire) in self.post.wires.iter().enumerate() {
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
        let post = &self.post;
        let from = post.chosen.swap(to, Ordering::Relaxed);
        if from != to {
            tracing::warn!(sender = %post.sender.name, from = %post.wires[from].gateway.name,
                to = %post.wires[to].gateway.name, "another gateway carries this sender's texts");
        }
    }
}

fn next(claimed: &Claimed, room: Room, now: DateTime<Utc>) -> Next {
    if let Some(until) = claimed.wait_until {
        return after(until, now);
    }
    if let Some(until) = claimed.stands_by_until {
        return Next::Breathe(pause(until, now));
    }
    if claimed.is_empty() {
        return Next::WhenRung;
    }
    if claimed.unasked.len() * 4 < room.unasked { Next::Breathe(BREATH) } else { Next::AtOnce }
}

fn after(until: DateTime<Utc>, now: DateTime<Utc>) -> Next {
    Next::After(pause(until, now))
}

fn pause(until: DateTime<Utc>, now: DateTime<Utc>) -> Duration {
    (until - now).to_std().unwrap_or_default().min(IDLE)
}
