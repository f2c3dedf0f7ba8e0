//! A shift of a dispatcher: its three parts at work, until they are told to stop or one of them breaks. Either way
//! it ends in good order: nothing new is begun, what has not left is taken back, what is on the wire is waited
//! for and recorded.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize};

use tokio::sync::{Mutex, Semaphore, mpsc};
use tokio::task::{JoinError, JoinSet};
use tokio_util::sync::CancellationToken;

use super::line::{Line, Ticket};
use super::{BACKOFF, BATCH, Post, recorder};
use crate::flows::dispatch::{self, Ready};
use crate::store::apart::apart;
use crate::store::failure::is_no_fault;
use crate::worker::loops::in_time;

/// The parts.
pub const CLAIMER: &str = "claimer";
pub const FEEDER: &str = "feeder";
pub const RECORDER: &str = "recorder";

/// Unasked texts in line: as few as keep the wire busy, but not fewer.
pub const FEWEST_AHEAD: usize = 32;
/// A recorder that breaks is put back so often, for what has still to land.
const RECORDERS: usize = 3;

/// A shift.
pub struct Shift {
    /// What it works on.
    pub post: Arc<Post>,
    /// Between the claimer and the feeder.
    pub line: Line,
    /// How many unasked texts may be in line; it grows when the wire stood idle.
    pub ahead: AtomicUsize,
    /// Leave to be sent and unrecorded.
    pub unrecorded: Arc<Semaphore>,
    /// Up to which ring answers have been looked for.
    pub rung: AtomicU64,
}

/// What the claimer could not go on after; the two others end well or by a panic.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Broke;

impl Shift {
    /// A new one.
    pub fn new(post: Arc<Post>) -> Arc<Self> {
        let unrecorded = Arc::new(Semaphore::new(post.concurrency + BATCH));
        Arc::new(Self {
            post,
            line: Line::default(),
            ahead: AtomicUsize::new(FEWEST_AHEAD),
            unrecorded,
            rung: AtomicU64::new(0),
        })
    }

    /// Works until `stop`, or until a part breaks: then it says which. Nothing of it is at work any more when this
    /// returns, and nothing is on the wire.
    pub async fn work(self: Arc<Self>, stop: &CancellationToken) -> Result<(), &'static str> {
        let over = stop.child_token();
        let (landed, landing) = mpsc::channel(BATCH);
        let landing = Arc::new(Mutex::new(landing));
        let record =
            || recorder::record(self.post.service.clone(), self.post.sender.clone(), landing.clone());
        let (claimer, feeder) = (self.clone(), self.clone());
        let until = over.clone();
        let claimer = apart(async move { claimer.claim_until(&until).await });
        let feeder = tokio::spawn(async move { feeder.feed(landed).await });
        let recorder = apart(record());
        let mut parts = JoinSet::new();
        parts.spawn(async move { (CLAIMER, claimer.await.map_err(broke).and_then(|end| end)) });
        parts.spawn(async move { (FEEDER, feeder.await.map_err(broke)) });
        parts.spawn(async move { (RECORDER, recorder.await.map_err(broke)) });
        let (mut first, mut recorders) = (None, 1);
        while let Some(ended) = parts.join_next().await {
            // Those that wait for them do nothing that could break.
            let Ok((part, Err(Broke))) = ended else { continue };
            first = first.or(Some(part));
            over.cancel();
            if part == CLAIMER {
                self.close_line().await;
            }
            if part == RECORDER && recorders < RECORDERS {
                recorders += 1;
                let recorder = apart(record());
                parts.spawn(async move { (RECORDER, recorder.await.map_err(broke)) });
            } else if part == RECORDER {
                // What lands now comes into doubt, since nobody can write it down.
                landing.lock().await.close();
            }
        }
        first.map_or(Ok(()), Err)
    }

    /// Nobody joins the line any more, and who stands in it is taken back.
    pub async fn close_line(&self) {
        self.take_back(self.line.take_all()).await;
        self.line.close();
    }

    /// Tries that were begun and did not leave are as if they had not begun.
    pub async fn take_back(&self, tickets: Vec<Ticket>) {
        if tickets.is_empty() {
            return;
        }
        for ticket in tickets.iter().filter(|ticket| ticket.asks) {
            ticket.wire.unasked();
        }
        let texts: Vec<_> = tickets.into_iter().map(|ticket| ticket.text).collect();
        self.return_texts(&texts).await;
    }

    /// Writes down that tries did not leave, however long the database is away: otherwise they would come into doubt,
    /// which they are not.
    pub async fn return_texts(&self, texts: &[Ready]) {
        let post = &self.post;
        while !texts.is_empty() {
            match in_time(dispatch::take_back(&post.service, &post.sender, texts)).await {
                Ok(()) => return,
                Err(error) if is_no_fault(&error) => {
                    tracing::error!(sender = %post.sender.name, %error, "texts that did not leave cannot be taken back: trying again");
                    tokio::time::sleep(BACKOFF).await;
                }
                Err(error) => {
                    let what = dispatch::what_broke(&error);
                    return tracing::error!(sender = %post.sender.name, what, "texts that did not leave cannot be taken back");
                }
            }
        }
    }
}

/// What a panic says of itself may quote her words; its place is logged where it happens.
fn broke(_: JoinError) -> Broke {
    Broke
}
