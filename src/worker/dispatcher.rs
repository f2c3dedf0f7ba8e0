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
//!
//! The three work in [`shift`]s. Should one of them break, the shift ends as on a stop, and after a pause another
//! begins: never two at once. One text that breaks whoever handles it is found and set aside ([`suspects`]).

mod circuit;
mod claimer;
mod feeder;
mod limit;
mod line;
mod recorder;
mod shift;
mod suspects;
mod wire;
mod yielding;

use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use std::time::{Duration, Instant};

use tokio_util::sync::CancellationToken;

use self::shift::Shift;
use self::suspects::Suspects;
use self::wire::Wire;
use super::loops::in_time;
use crate::flows::Service;
use crate::flows::dispatch;
use crate::flows::senders::Sender;
use crate::gateway::{Gateway, Http};

/// The wait after the database failed.
const BACKOFF: Duration = Duration::from_secs(2);
/// Texts sent and not recorded, beyond those on the wire.
const BATCH: usize = 1000;
/// The pause after a shift that broke, at first; after the next one twice as long, up to the longest.
const SHORT_PAUSE: Duration = Duration::from_millis(500);
const LONG_PAUSE: Duration = Duration::from_secs(60);
/// A shift that lasted so long makes the next pause short again.
const LONG_SHIFT: Duration = Duration::from_secs(300);

/// One sender's dispatcher.
pub struct Dispatcher(Arc<Post>);

/// What stays from shift to shift.
struct Post {
    service: Service,
    http: Arc<Http>,
    sender: Arc<Sender>,
    /// The routes, in the order of preference.
    wires: Vec<Arc<Wire>>,
    /// Which of the routes was claimed for last.
    chosen: AtomicUsize,
    concurrency: usize,
    suspects: Suspects,
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
        let (wires, suspects) = (wires.collect(), Suspects::default());
        let chosen = AtomicUsize::new(0);
        Self(Arc::new(Post { service, http, sender, wires, chosen, concurrency, suspects }))
    }

    /// Runs until `stop`.
    pub async fn run(self, stop: CancellationToken) {
        let Self(post) = self;
        let mut pause = SHORT_PAUSE;
        loop {
            let began = Instant::now();
            let Err(part) = Shift::new(post.clone()).work(&stop).await else { return };
            if began.elapsed() >= LONG_SHIFT {
                pause = SHORT_PAUSE;
            }
            post.tell_what_broke(part, pause).await;
            tokio::select! {
                () = tokio::time::sleep(pause) => {}
                () = stop.cancelled() => return,
            }
            pause = (pause * 2).min(LONG_PAUSE);
        }
    }
}

impl Post {
    async fn tell_what_broke(&self, part: &'static str, pause: Duration) {
        let sender = &self.sender.name;
        // What broke has told its place already; what it says of itself may quote her words.
        tracing::error!(sender, part, ?pause, "a part of the dispatcher broke: it is started again");
        if let Err(error) = in_time(dispatch::dispatcher_broke(&self.service, &self.sender, part)).await {
            tracing::error!(sender, %error, "the alarm cannot be raised");
        }
    }
}
