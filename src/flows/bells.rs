//! What wakes a worker as soon as there is something for it to do.
//!
//! A bell hurries and carries nothing: whoever waits for one also looks by itself now and then, so one that is
//! not heard costs a moment and loses nothing. Whoever can wait sees here whether women are being answered, and how
//! promptly.

use std::sync::atomic::{AtomicU8, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use chrono::TimeDelta;
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
        /// A woman's text was handled late.
        Late = "late",
    }
}

/// So long after an answer was rung for, the next one is expected.
const AWAITED: Duration = Duration::from_secs(1);
/// A woman's text is handled within this time where nothing is in its way.
const PROMPT: TimeDelta = TimeDelta::milliseconds(50);
/// One that was not makes room for the next ones for so long.
const HURRY: Duration = Duration::from_millis(100);

impl Bell {
    const fn bit(self) -> u8 {
        1 << self as u8
    }
}

/// When something last happened.
#[derive(Default)]
struct Moment(Mutex<Option<Instant>>);

impl Moment {
    fn is_now(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
    }

    fn is_within(&self, time: Duration) -> bool {
        let last = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        last.is_some_and(|moment| moment.elapsed() < time)
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
    /// When that was last.
    rung_at: Moment,
    /// When a text was last handled late.
    late_at: Moment,
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
                self.rung_at.is_now();
                self.answers.notify_waiters();
            }
            Bell::Late => self.late_at.is_now(),
        }
    }

    /// How often an answer was rung for: whoever remembers sees whether there may be something new.
    pub fn answers_rung(&self) -> u64 {
        self.rung.load(Ordering::Acquire)
    }

    /// Whether women are being answered: what can wait is then to hold the database for short times only.
    pub fn answers_are_awaited(&self) -> bool {
        self.rung_at.is_within(AWAITED)
    }

    /// A woman's text was handled so long after it had come.
    pub fn handled_after(&self, wait: TimeDelta) {
        if wait > PROMPT {
            self.ring(Bell::Late);
        }
    }

    /// Whether women wait too long: the machine or its database is busy, and what can wait is to leave room for them.
    pub fn answers_are_late(&self) -> bool {
        self.late_at.is_within(HURRY)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_handled_late_counts_as_late() {
        let bells = Bells::default();
        bells.handled_after(PROMPT);
        assert!(!bells.answers_are_late() && !bells.answers_are_awaited());
        bells.handled_after(PROMPT + TimeDelta::milliseconds(1));
        assert!(bells.answers_are_late() && !bells.answers_are_awaited());
        bells.ring(Bell::Answers);
        assert!(bells.answers_are_awaited());
    }
}
