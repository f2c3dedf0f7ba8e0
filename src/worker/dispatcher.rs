//! One sender's dispatcher: permits first, lease as many, pace, begin, send, record by the batch.
//!
//! Never more is in flight than there are permits, and a permit comes back only when its result is recorded:
//! what is sent and not yet recorded is bounded. On stop nothing new is leased, what was leased and not begun
//! is given back, and what is on the wire is waited for and recorded.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};
use tokio_util::sync::CancellationToken;

use super::carry;
use super::loops::in_time;
use crate::flows::Service;
use crate::flows::dispatch::{self, Ready};
use crate::flows::senders::Sender;
use crate::gateway::{Gateway, Http, Outcome};
use crate::store::StoreResult;
use crate::store::outbox::{self, Lease, Leased};

/// How long an idle dispatcher sleeps at most; a queued text wakes it at once.
const IDLE: Duration = Duration::from_secs(1);
/// The wait after the database failed.
const BACKOFF: Duration = Duration::from_secs(2);
/// A text of many segments must fit into the pacer's burst.
const LONGEST_TEXT: u32 = 16;
/// Texts are leased for at most so many seconds of the sender's pace, well within a lease.
const LEASE_SECONDS: u32 = 20;

/// What became of a send, with its permit: given back once it is recorded.
type Landed = (Lease, Ready, Outcome, OwnedSemaphorePermit);

/// One sender's dispatcher.
pub struct Dispatcher {
    service: Service,
    http: Arc<Http>,
    gateway: Arc<Gateway>,
    sender: Arc<Sender>,
    /// One a text in flight.
    permits: Arc<Semaphore>,
    /// How many there are.
    concurrency: usize,
    /// Tokens are segments.
    pace: DefaultDirectRateLimiter,
}

impl Dispatcher {
    /// A dispatcher with `concurrency` texts in flight at most.
    pub fn new(
        service: Service,
        http: Arc<Http>,
        gateway: Arc<Gateway>,
        sender: Arc<Sender>,
        concurrency: usize,
    ) -> Self {
        let rate = NonZeroU32::new(sender.segments_per_second).unwrap_or(NonZeroU32::MIN);
        let burst = rate.max(NonZeroU32::new(LONGEST_TEXT).unwrap_or(rate));
        let pace = RateLimiter::direct(Quota::per_second(rate).allow_burst(burst));
        let permits = Arc::new(Semaphore::new(concurrency));
        Self { service, http, gateway, sender, permits, concurrency, pace }
    }

    /// Runs until `stop`.
    pub async fn run(self, stop: CancellationToken) {
        let (landed, landing) = mpsc::channel(self.concurrency.max(1));
        let recorder = tokio::spawn(record(self.service.clone(), self.sender.clone(), landing));
        while !stop.is_cancelled() {
            // Registered before looking, so that a text queued meanwhile is not slept through.
            let bell = self.service.bells.outbound.notified();
            match in_time(self.round(&landed, &stop)).await {
                Ok(0) => {
                    tokio::select! {
                        () = bell => {}
                        () = tokio::time::sleep(IDLE) => {}
                        () = stop.cancelled() => {}
                    }
                }
                Ok(_) => {}
                Err(error) => {
                    tracing::error!(sender = %self.sender.name, %error, "the dispatcher cannot reach the database");
                    tokio::select! { () = tokio::time::sleep(BACKOFF) => {} () = stop.cancelled() => {} }
                }
            }
        }
        // The recorder ends when the last send has let go of its end of the channel.
        drop(landed);
        if let Err(error) = recorder.await {
            tracing::error!(sender = %self.sender.name, %error, "the recorder ended badly");
        }
    }

    /// Leases and sends once; gives how many texts were leased.
    async fn round(&self, landed: &mpsc::Sender<Landed>, stop: &CancellationToken) -> StoreResult<usize> {
        let Ok(first) = self.permits.clone().acquire_owned().await else { return Ok(0) };
        let mut permits = vec![first];
        let most = self
            .concurrency
            .min(self.sender.segments_per_second.saturating_mul(LEASE_SECONDS).max(1) as usize);
        while permits.len() < most {
            let Ok(permit) = self.permits.clone().try_acquire_owned() else { break };
            permits.push(permit);
        }
        let (lease, texts) = dispatch::lease(&self.service, &self.sender, permits.len() as i64).await?;
        let leased = texts.len();
        let mut waiting = texts.into_iter().peekable();
        while waiting.peek().is_some() {
            if stop.is_cancelled() {
                let rest: Vec<_> = waiting.map(|text| (text.id, self.service.now())).collect();
                let mut tx = self.service.database.begin().await?;
                outbox::give_back(&mut tx, lease.token, &rest).await?;
                tx.commit().await?;
                break;
            }
            let chunk = self.paced(&mut waiting).await;
            let (claim, begun) = dispatch::begin(&self.service, &self.sender, lease, chunk).await?;
            for text in begun {
                if let Some(permit) = permits.pop() {
                    self.send(claim, text, permit, landed.clone());
                }
            }
        }
        Ok(leased)
    }

    /// Waits until the next text may go, and takes as many more as may go with it.
    async fn paced(&self, waiting: &mut std::iter::Peekable<impl Iterator<Item = Leased>>) -> Vec<Leased> {
        let mut chunk = Vec::new();
        while let Some(text) = waiting.peek() {
            let segments = NonZeroU32::new(text.segments.unsigned_abs().clamp(1, LONGEST_TEXT));
            let segments = segments.unwrap_or(NonZeroU32::MIN);
            if chunk.is_empty() {
                // Fails only for more than the burst, which the clamp above rules out.
                let _ = self.pace.until_n_ready(segments).await;
            } else if !matches!(self.pace.check_n(segments), Ok(Ok(()))) {
                break;
            }
            chunk.extend(waiting.next());
        }
        chunk
    }

    fn send(&self, lease: Lease, text: Ready, permit: OwnedSemaphorePermit, landed: mpsc::Sender<Landed>) {
        let (service, http) = (self.service.clone(), self.http.clone());
        let (gateway, sender) = (self.gateway.clone(), self.sender.clone());
        tokio::spawn(async move {
            let outcome = carry::send(&service, &http, &gateway, &sender, &text).await;
            // Fails only when the recorder is gone; the attempt then stays open and comes into doubt.
            let _ = landed.send((lease, text, outcome, permit)).await;
        });
    }
}

/// Records what landed, as much at a time as has landed.
async fn record(service: Service, sender: Arc<Sender>, mut landing: mpsc::Receiver<Landed>) {
    let mut batch: Vec<Landed> = Vec::new();
    while landing.recv_many(&mut batch, 1024).await > 0 {
        while !batch.is_empty() {
            let lease = batch[0].0;
            let (same, rest): (Vec<Landed>, Vec<Landed>) =
                std::mem::take(&mut batch).into_iter().partition(|landed| landed.0.token == lease.token);
            batch = rest;
            let results: Vec<(Ready, Outcome)> =
                same.iter().map(|(_, text, outcome, _)| (text.clone(), outcome.clone())).collect();
            while let Err(error) = dispatch::record(&service, &sender, lease, &results).await {
                // Not recorded is not lost: until the lease ends the result is still good.
                tracing::error!(sender = %sender.name, %error, "results cannot be recorded");
                if service.now() >= lease.until {
                    break;
                }
                tokio::time::sleep(BACKOFF).await;
            }
        }
    }
}
