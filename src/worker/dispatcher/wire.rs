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
/// That a gateway answers is told so often: what another process wrote of it before it was gone does not stand for longer.
const TOLD_AGAIN: TimeDelta = TimeDelta::minutes(10);

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
    /// When it was told last that it answers: what a dispatcher that is gone wrote of it is no more.
    answered_at: Option<DateTime<Utc>>,
}

/// What a send has told of its gateway.
pub enum News {
    /// It answers, and that has not been told for a while.
    Answers,
    /// It has gone away.
    Away,
    /// It was asked whether it is back, and is still away, since this moment.
    StillAway(DateTime<Utc>),
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
                answered_at: None,
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
        let asked = judged.circuit.is_asked();
        let turned = judged.circuit.heard(sign, now);
        if sign == Sign::Well {
            let lately = |told: DateTime<Utc>| (TimeDelta::zero()..TOLD_AGAIN).contains(&(now - told));
            if judged.answered_at.is_some_and(lately) && !turned {
                return None;
            }
            judged.answered_at = Some(now);
        }
        if !turned {
            return match (sign, judged.away_since) {
                (Sign::Well, _) => Some(News::Answers),
                // Another process may have written that it answers, since it does so there.
                (Sign::Trouble, Some(since)) if asked => Some(News::StillAway(since)),
                _ => None,
            };
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
    use crate::clock::Clock;
    use crate::gateway::{Provider, Rehearsal};
    use crate::telemetry::Metrics;

    fn transient(code: &str) -> Outcome {
        Outcome::Transient { code: code.to_owned(), sentence: String::new(), retry_after: None }
    }

    /// What a wire tells when it hears, so many seconds after the beginning, of a send that went well or did not.
    fn told(wire: &Arc<Wire>, seconds: i64, well: bool) -> &'static str {
        let at = DateTime::UNIX_EPOCH + TimeDelta::seconds(seconds);
        let outcome = match well {
            true => Outcome::Accepted { provider_id: None },
            false => transient("connect"),
        };
        match wire.heard(&outcome, Duration::from_millis(5), at) {
            None => "",
            Some(News::Answers) => "answers",
            Some(News::Away) => "away",
            Some(News::StillAway(_)) => "still away",
            Some(News::Back(..)) => "back",
        }
    }

    fn wire() -> Arc<Wire> {
        let provider = Provider::Rehearsal(Rehearsal::new(Clock::System));
        let gateway = Arc::new(Gateway { name: "rehearsal".to_owned(), provider });
        let shown = Metrics::default().route("sender", "rehearsal");
        Arc::new(Wire::new(gateway, "rehearsal".to_owned(), 8, shown))
    }

    #[test]
    fn that_it_answers_is_told_at_first_and_now_and_then() {
        let wire = wire();
        let heard = [0, 1, 599, 600, 601, 1199, 1200].map(|seconds| told(&wire, seconds, true));
        assert_eq!(["answers", "", "", "answers", "", "", "answers"], heard);
        // A clock that was put back keeps nobody quiet.
        assert_eq!("answers", told(&wire, 30, true));
    }

    #[test]
    fn that_it_is_away_is_told_once_and_then_whenever_it_was_asked() {
        let wire = wire();
        let opening: Vec<_> = (0..12).map(|_| told(&wire, 0, false)).collect();
        assert_eq!([&[""; 9][..], &["away"], &[""; 2]].concat(), opening);
        let mut now = 0;
        for _ in 0..3 {
            now += 60;
            let at = DateTime::UNIX_EPOCH + TimeDelta::seconds(now);
            assert_eq!(Leave::Ask, wire.leave(at));
            assert_eq!("still away", told(&wire, now, false));
            assert_eq!("", told(&wire, now, false), "what else was on the wire is no news");
        }
        assert_eq!(["back", "", "answers"], [now + 60, now + 61, now + 660].map(|at| told(&wire, at, true)));
    }

    #[test]
    fn what_was_not_handed_over_says_nothing_of_the_gateway() {
        assert_eq!(None, sign(&transient(TOO_LATE)));
        assert_eq!(Some(Sign::Trouble), sign(&transient("connect")));
    }
}
