//! One route to the mothers: a gateway, what may be on its wire at once, and whether it is worth trying.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use tokio::sync::Notify;

use super::circuit::{Circuit, Leave, Sign};
use super::limit::Limit;
use crate::gateway::{Gateway, Outcome};
use crate::telemetry::Route;
use crate::worker::carry::TOO_LATE;

/// A pause that a gateway asks for without saying how long.
const SHORT_PAUSE: Duration = Duration::from_secs(1);
/// After a shorter absence what has become late makes no flood.
const LONG_AWAY: TimeDelta = TimeDelta::minutes(5);

/// A route.
pub struct Wire {
    /// The gateway.
    pub gateway: Arc<Gateway>,
    /// Our number there.
    pub address: String,
    in_flight: AtomicUsize,
    allowed: AtomicUsize,
    freed: Notify,
    judged: Mutex<Judged>,
    /// It is used again after long: no tip goes until what is late has been spread.
    held: AtomicBool,
    shown: Route,
}

/// What answers have taught.
struct Judged {
    limit: Limit,
    circuit: Circuit,
    /// Since when the gateway is being left alone.
    away_since: Option<DateTime<Utc>>,
    /// It has answered, and that was told: what a dispatcher that is gone wrote of it is no more.
    answered: bool,
}

/// What a send has told of its gateway.
pub enum News {
    /// It answers, for the first time that is known here.
    Answers,
    /// It has gone away.
    Away,
    /// It is back after this time; if that was long, tips are held back.
    Back(TimeDelta, Option<Held>),
}

/// While this lives, no tip goes by a route; broadcasts do.
pub struct Held(Arc<Wire>);

impl Drop for Held {
    fn drop(&mut self) {
        self.0.held.store(false, Ordering::Release);
    }
}

/// A place on the wire; given back when dropped.
pub struct Slot(Arc<Wire>);

impl Wire {
    /// A route with at most `concurrency` texts on the wire, and where it is shown.
    pub fn new(gateway: Arc<Gateway>, address: String, concurrency: usize, shown: Route) -> Self {
        let limit = Limit::new(concurrency);
        shown.limit.set(gauge(limit.now()));
        Self {
            gateway,
            address,
            in_flight: AtomicUsize::new(0),
            allowed: AtomicUsize::new(limit.now()),
            freed: Notify::new(),
            judged: Mutex::new(Judged {
                limit,
                circuit: Circuit::default(),
                away_since: None,
                answered: false,
            }),
            held: AtomicBool::new(false),
            shown,
        }
    }

    /// A place on the wire, waited for. There is one who waits, the feeder.
    pub async fn slot(self: &Arc<Self>) -> Slot {
        loop {
            if self.in_flight.load(Ordering::Acquire) < self.allowed.load(Ordering::Relaxed) {
                self.in_flight.fetch_add(1, Ordering::AcqRel);
                self.shown.in_flight.inc();
                return Slot(self.clone());
            }
            self.freed.notified().await;
        }
    }

    /// What may be sent now.
    pub fn leave(&self, now: DateTime<Utc>) -> Leave {
        self.judged().circuit.leave(now)
    }

    /// There was nothing to ask with.
    pub fn unasked(&self) {
        self.judged().circuit.unasked();
    }

    /// Whether the gateway is being left alone.
    pub fn is_open(&self) -> bool {
        self.judged().circuit.is_open()
    }

    /// Whether tips are held back: until what is late has been spread.
    pub fn holds_tips(&self) -> bool {
        self.held.load(Ordering::Acquire)
    }

    /// Learns from a send; what it tells, if the gateway has just gone away or come back.
    pub fn heard(self: &Arc<Self>, outcome: &Outcome, took: Duration, now: DateTime<Utc>) -> Option<News> {
        let in_flight = self.in_flight.load(Ordering::Relaxed);
        let mut judged = self.judged();
        let Some(sign) = sign(outcome) else {
            judged.circuit.unasked();
            return None;
        };
        if judged.limit.heard(took, in_flight, sign != Sign::Well) {
            self.allowed.store(judged.limit.now(), Ordering::Relaxed);
            self.shown.limit.set(gauge(judged.limit.now()));
        }
        let is_first = sign == Sign::Well && !std::mem::replace(&mut judged.answered, true);
        if !judged.circuit.heard(sign, now) {
            return is_first.then_some(News::Answers);
        }
        let is_open = judged.circuit.is_open();
        self.shown.open.set(is_open.into());
        let since = std::mem::replace(&mut judged.away_since, is_open.then_some(now));
        if is_open {
            return Some(News::Away);
        }
        let after = now - since.unwrap_or(now);
        // Before anybody can see that it may be used again.
        let held = if after >= LONG_AWAY { self.hold() } else { None };
        Some(News::Back(after, held))
    }

    /// Holds tips back; none if they are held already.
    pub fn hold(self: &Arc<Self>) -> Option<Held> {
        (!self.held.swap(true, Ordering::AcqRel)).then(|| Held(self.clone()))
    }

    fn judged(&self) -> std::sync::MutexGuard<'_, Judged> {
        self.judged.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        self.0.in_flight.fetch_sub(1, Ordering::AcqRel);
        self.0.shown.in_flight.dec();
        self.0.freed.notify_one();
    }
}

fn gauge(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// What an outcome says of the gateway; none if it was not asked. A refusal is an answer, and a gateway that refuses
/// works.
fn sign(outcome: &Outcome) -> Option<Sign> {
    Some(match outcome {
        Outcome::Transient { code, .. } if code == TOO_LATE => return None,
        Outcome::Accepted { .. } | Outcome::RefusedRecipient { .. } | Outcome::RefusedUs { .. } => Sign::Well,
        Outcome::Transient { code, retry_after, .. } if retry_after.is_some() || code == "429" => {
            let pause = retry_after.unwrap_or(SHORT_PAUSE);
            Sign::Busy(TimeDelta::from_std(pause).unwrap_or(TimeDelta::seconds(60)))
        }
        Outcome::Transient { .. } | Outcome::Ambiguous { .. } => Sign::Trouble,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn transient(code: &str) -> Outcome {
        Outcome::Transient { code: code.to_owned(), sentence: String::new(), retry_after: None }
    }

    #[test]
    fn what_was_not_handed_over_says_nothing_of_the_gateway() {
        assert_eq!(None, sign(&transient(TOO_LATE)));
        assert_eq!(Some(Sign::Trouble), sign(&transient("connect")));
    }
}
