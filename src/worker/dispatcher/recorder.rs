//! The one who writes down what gateways said: as much at a time as has landed.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, mpsc};

use super::wire::Wire;
use super::{BACKOFF, BATCH};
use crate::flows::Service;
use crate::flows::dispatch::{self, Ready};
use crate::flows::senders::Sender;
use crate::gateway::Outcome;
use crate::worker::loops::in_time;

/// After the first result of a batch so long is waited for more: a commit waits for the disk, and one that
/// carries two results takes no longer than one that carries one.
const LINGER: Duration = Duration::from_millis(4);

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

/// Records what lands until nobody sends any more.
pub async fn record(service: Service, sender: Arc<Sender>, mut landing: mpsc::Receiver<Landed>) {
    let mut batch = Vec::with_capacity(BATCH);
    while landing.recv_many(&mut batch, BATCH).await > 0 {
        if batch.len() < BATCH / 8 && !landing.is_closed() {
            tokio::time::sleep(LINGER).await;
            while batch.len() < BATCH {
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
            write(&service, &sender, &wire, &results).await;
        }
    }
}

/// Writes results, however often it takes. What is not recorded is not lost: a result counts as long as its try
/// is the last one of its text, and nobody begins another while this one may be on the wire.
async fn write(service: &Service, sender: &Sender, wire: &Wire, results: &[(Ready, Outcome)]) {
    while let Err(error) = in_time(dispatch::record(service, sender, &wire.gateway, results)).await {
        tracing::error!(sender = %sender.name, %error, "results cannot be recorded: trying again");
        tokio::time::sleep(BACKOFF).await;
    }
}
