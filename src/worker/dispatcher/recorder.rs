//! The one who writes down what gateways said: as much at a time as has landed. One result that cannot be written
//! takes no other with it.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Mutex, OwnedSemaphorePermit, mpsc};

use super::shift::RECORDER;
use super::wire::Wire;
use super::{BACKOFF, BATCH, yielding};
use crate::flows::Service;
use crate::flows::dispatch::{self, Ready};
use crate::flows::senders::Sender;
use crate::gateway::Outcome;
use crate::store::failure::is_no_fault;
use crate::worker::loops::in_time;
use crate::worker::whole::whole;

/// After the first results of a batch more are waited for, a few times so long, until there are enough: a commit waits
/// for the disk, and one that carries a hundred results takes no longer than one that carries one. A dispatcher alone
/// has enough after the first wait; of several that share a gateway's work each has fewer.
const LINGER: Duration = Duration::from_millis(4);
const LINGERS: usize = 4;
const ENOUGH: usize = BATCH / 8;

/// A result that cannot be recorded is tried so often, with this pause between.
const TRIES: u8 = 3;
const PAUSE: Duration = Duration::from_millis(250);

/// What became of a send, with the leave to have it unrecorded.
pub struct Landed {
    /// The text.
    pub text: Ready,
    /// What the gateway said.
    pub outcome: Outcome,
    /// Which one.
    pub wire: Arc<Wire>,
    /// Given back once it is recorded.
    pub unrecorded: OwnedSemaphorePermit,
}

/// Where results come in; it outlasts one who records and breaks.
pub type Landing = Arc<Mutex<mpsc::Receiver<Landed>>>;

/// Records what lands until nobody sends any more.
pub async fn record(service: Service, sender: Arc<Sender>, landing: Landing) {
    let mut landing = landing.lock().await;
    tracing::debug!(sender = %sender.name, part = RECORDER, "begins");
    let mut batch = Vec::with_capacity(BATCH);
    let most = || yielding::recorded(&service.bells);
    while landing.recv_many(&mut batch, most()).await > 0 {
        for _ in 0..LINGERS {
            if batch.len() >= ENOUGH || landing.is_closed() {
                break;
            }
            tokio::time::sleep(LINGER).await;
            while batch.len() < most() {
                let Ok(landed) = landing.try_recv() else { break };
                batch.push(landed);
            }
        }
        while let Some(first) = batch.first() {
            let wire = first.wire.clone();
            let (same, others): (Vec<Landed>, Vec<Landed>) =
                batch.drain(..).partition(|landed| Arc::ptr_eq(&landed.wire, &wire));
            batch = others;
            let mut permits = Vec::with_capacity(same.len());
            let mut results = Vec::with_capacity(same.len());
            for landed in same {
                permits.push(landed.unrecorded);
                results.push((landed.text, landed.outcome));
            }
            // In the order in which reports lock texts too: two batches never wait for each other.
            results.sort_unstable_by_key(|(text, _)| text.id);
            write(&service, &sender, &wire, results).await;
        }
    }
}

/// Writes results, however often it takes while the database is away. What is not recorded is not lost: a result
/// counts as long as its try is the last one of its text, and nobody begins another while this one may be on the
/// wire. Where something else is wrong, it is found by halves; one that cannot be recorded by itself is left to
/// come into doubt, and evidence settles it.
async fn write(service: &Service, sender: &Sender, wire: &Wire, results: Vec<(Ready, Outcome)>) {
    let mut parts = vec![(results, 0)];
    while let Some((mut part, tries)) = parts.pop() {
        let what = match whole(in_time(dispatch::record(service, sender, &wire.gateway, &part))).await {
            Some(Ok(())) => continue,
            Some(Err(error)) if is_no_fault(&error) => {
                tracing::error!(sender = %sender.name, %error, "results cannot be recorded: trying again");
                tokio::time::sleep(BACKOFF).await;
                parts.push((part, tries));
                continue;
            }
            Some(Err(error)) => dispatch::what_broke(&error),
            None => "the recording itself broke".to_owned(),
        };
        if part.len() > 1 {
            let half = part.split_off(part.len() / 2);
            parts.extend([(half, 0), (part, 0)]);
            continue;
        }
        let text = part.first().map(|(text, _)| text.id).unwrap_or_default();
        tracing::error!(sender = %sender.name, %text, what, "a result cannot be recorded");
        if tries + 1 < TRIES {
            // After all the others.
            parts.insert(0, (part, tries + 1));
            tokio::time::sleep(PAUSE).await;
        } else if in_time(dispatch::unrecorded(service, text)).await.is_err() {
            // Where not even that can be written, it is not the result.
            parts.insert(0, (part, 0));
            tokio::time::sleep(BACKOFF).await;
        }
    }
}
