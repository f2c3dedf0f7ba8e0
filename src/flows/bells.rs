//! What wakes a worker as soon as there is something for it to do.
//!
//! A bell hurries and carries nothing: whoever waits for one also looks by itself now and then, so one that is
//! not heard costs a moment and loses nothing.

use std::sync::atomic::{AtomicU8, AtomicU64, Ordering};

use tokio::sync::Notify;

use crate::domain::named::named;

named! {
    /// The bells there are.
    pub enum Bell {
        /// A text was received.
        Inbound = "inbound",
        /// A text was queued that nobody asked for.
        Outbound = "outbound",
        /// An answer was queued.
        Answers = "answers",
    }
}

impl Bell {
    const fn bit(self) -> u8 {
        1 << self as u8
    }
}

/// All bells of a process.
#[derive(Default)]
pub struct Bells {
    /// A text was received.
    pub inbound: Notify,
    /// A text was queued that nobody asked for.
    pub outbound: Notify,
    /// An answer was queued.
    pub answers: Notify,
    /// How often that one was rung.
    rung: AtomicU64,
    /// Which were rung here since other processes were last told.
    untold: AtomicU8,
    telling: Notify,
}

impl Bells {
    /// Rings here; the other processes on the same database are told (see `worker::wake`). Rung when what it is
    /// about is committed, and not before.
    pub fn ring(&self, bell: Bell) {
        self.ring_here(bell);
        self.untold.fetch_or(bell.bit(), Ordering::AcqRel);
        self.telling.notify_one();
    }

    /// Rings here only: another process has told of it.
    pub fn ring_here(&self, bell: Bell) {
        match bell {
            Bell::Inbound => self.inbound.notify_waiters(),
            Bell::Outbound => self.outbound.notify_waiters(),
            Bell::Answers => {
                self.rung.fetch_add(1, Ordering::AcqRel);
                self.answers.notify_waiters();
            }
        }
    }

    /// How often an answer was rung for: whoever remembers sees whether there may be something new.
    pub fn answers_rung(&self) -> u64 {
        self.rung.load(Ordering::Acquire)
    }

    /// Waits until bells have been rung here that nobody else was told of; gives them, each once.
    pub async fn untold(&self) -> Vec<Bell> {
        loop {
            let rung = self.untold.swap(0, Ordering::AcqRel);
            if rung != 0 {
                return Bell::ALL.iter().copied().filter(|bell| rung & bell.bit() != 0).collect();
            }
            self.telling.notified().await;
        }
    }
}
