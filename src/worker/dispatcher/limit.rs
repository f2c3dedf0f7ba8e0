//! How many texts may be on the wire at once: as many as the gateway answers without making them wait.
//!
//! A gradient limit in the manner of TCP Vegas and Netflix's concurrency-limits: while answers take about as
//! long as they do at best, the limit grows; when they take longer than twice that, texts are only queueing
//! somewhere, and it shrinks towards what is served. Trouble (no answer, a fault, "too many") cuts it. It never
//! passes what is configured.

use std::time::Duration;

/// Where it begins, and what it never falls below while the gateway answers.
const FEWEST: f64 = 8.0;
/// Answers may take so many times as long as at best before the limit shrinks.
const TOLERANCE: f64 = 2.0;
/// Trouble cuts the limit to this part of it.
const CUT: f64 = 0.7;
/// A window in which more than this part met trouble counts as trouble.
const TROUBLED: f64 = 0.1;
/// Once the limit has shrunk to this part of what it was, answers must have become faster by that much; if they
/// have not, it is the route that has become longer, and no fewer texts will make it shorter.
const SHRUNK: f64 = 0.6;
const RELIEVED: f64 = 0.85;

/// The limit, from window to window of answers.
#[derive(Clone, Debug)]
pub struct Limit {
    most: f64,
    now: f64,
    /// Doubling until the first sign of waiting.
    starting: bool,
    /// The best mean of a window, in seconds.
    best: f64,
    /// The limit and the mean when it began to shrink.
    before: Option<(f64, f64)>,
    answers: u32,
    troubled: u32,
    waited: Duration,
    /// Whether the limit was reached in this window.
    full: bool,
}

impl Limit {
    /// A limit of at most `most`.
    pub fn new(most: usize) -> Self {
        let most = most.max(1) as f64;
        Self {
            most,
            now: (FEWEST * 4.0).min(most),
            starting: true,
            best: f64::INFINITY,
            before: None,
            answers: 0,
            troubled: 0,
            waited: Duration::ZERO,
            full: false,
        }
    }

    /// How many there may be.
    pub fn now(&self) -> usize {
        self.now as usize
    }

    /// An answer came after `took`, while `in_flight` were on the wire; or there was trouble. True if the limit
    /// may have changed.
    pub fn heard(&mut self, took: Duration, in_flight: usize, trouble: bool) -> bool {
        self.answers += 1;
        self.troubled += u32::from(trouble);
        self.waited += took;
        self.full |= in_flight + 1 >= self.now();
        if f64::from(self.answers) < self.now.max(FEWEST) {
            return false;
        }
        self.close_window();
        true
    }

    fn close_window(&mut self) {
        let mean = self.waited.as_secs_f64() / f64::from(self.answers);
        if f64::from(self.troubled) > TROUBLED * f64::from(self.answers) {
            self.starting = false;
            self.now = (self.now * CUT).max(1.0);
        } else {
            let mean = mean.max(1e-6);
            self.best = self.best.min(mean);
            let gradient = (TOLERANCE * self.best / mean).clamp(0.5, 1.0);
            self.judge_the_route(gradient, mean);
            self.starting &= gradient >= 1.0;
            if self.starting && self.full {
                self.now *= 2.0;
            } else if gradient < 1.0 || self.full {
                let wanted = self.now * gradient + self.now.sqrt();
                self.now += 0.3 * (wanted - self.now);
            }
            self.now = self.now.clamp(FEWEST.min(self.most), self.most);
        }
        (self.answers, self.troubled, self.waited, self.full) = (0, 0, Duration::ZERO, false);
    }

    fn judge_the_route(&mut self, gradient: f64, mean: f64) {
        if gradient >= 1.0 {
            self.before = None;
            return;
        }
        let (limit, then) = *self.before.get_or_insert((self.now, mean));
        if self.now <= SHRUNK * limit {
            if mean > RELIEVED * then {
                self.best = mean;
            }
            self.before = None;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A gateway that serves `width` at once, each for `service`; what is beyond waits.
    fn settle(limit: &mut Limit, width: usize, service: Duration, answers: usize) {
        for _ in 0..answers {
            let in_flight = limit.now();
            let took = service.mul_f64((in_flight as f64 / width as f64).max(1.0));
            limit.heard(took, in_flight, false);
        }
    }

    #[test]
    fn a_distant_gateway_gets_all_that_is_allowed() {
        let mut limit = Limit::new(256);
        settle(&mut limit, 100_000, Duration::from_millis(50), 256 * 10);
        assert_eq!(256, limit.now());
    }

    #[test]
    fn a_narrow_gateway_is_not_drowned() {
        let mut limit = Limit::new(1024);
        settle(&mut limit, 20, Duration::from_millis(10), 100_000);
        assert!((20..=80).contains(&limit.now()), "{}", limit.now());
    }

    #[test]
    fn a_route_that_has_become_longer_is_no_congestion() {
        let mut limit = Limit::new(256);
        settle(&mut limit, 100_000, Duration::from_millis(20), 256 * 10);
        settle(&mut limit, 100_000, Duration::from_millis(200), 256 * 60);
        assert_eq!(256, limit.now());
    }

    #[test]
    fn trouble_cuts_and_its_end_restores() {
        let mut limit = Limit::new(64);
        settle(&mut limit, 1000, Duration::from_millis(5), 1000);
        for _ in 0..500 {
            limit.heard(Duration::from_secs(1), limit.now(), true);
        }
        assert!(limit.now() <= 2, "{}", limit.now());
        settle(&mut limit, 1000, Duration::from_millis(5), 5000);
        assert_eq!(64, limit.now());
    }

    #[test]
    fn it_never_passes_what_is_configured() {
        for most in [1, 2, 7, 64] {
            let mut limit = Limit::new(most);
            settle(&mut limit, 100_000, Duration::from_millis(1), 10_000);
            assert_eq!(most, limit.now());
        }
    }

    #[test]
    fn an_idle_wire_teaches_nothing() {
        let mut limit = Limit::new(512);
        let before = limit.now();
        for _ in 0..10_000 {
            limit.heard(Duration::from_millis(5), 1, false);
        }
        assert_eq!(before, limit.now());
    }
}
