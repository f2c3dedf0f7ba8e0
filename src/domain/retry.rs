//! When to try again what failed for a passing reason.

use std::time::Duration;

use uuid::Uuid;

use crate::ids::{spread, try_name};

/// The shortest wait.
const BASE: Duration = Duration::from_secs(5);
/// No wait is longer, whatever a gateway asks for.
const LONGEST: Duration = Duration::from_secs(30 * 60);
/// A wait is at most so many times the one before.
const GROWTH: f64 = 3.0;
/// After so many tries the waits have long been spread as widely as they will be.
const ENOUGH: u32 = 40;

/// How long to wait after the `tries`-th failed attempt (1 is the first).
///
/// Decorrelated jitter (M. Brooker, "Exponential Backoff and Jitter", AWS Architecture Blog, 2015): each wait
/// lies anywhere between five seconds and three times the one before, up to half an hour, so that a thousand
/// texts refused together never come back together. The chance in it is the text's own id: a rehearsal repeats
/// itself exactly. A gateway's `Retry-After` is honoured when it is longer than our own wait and within the
/// longest.
pub fn wait(tries: u32, text: Uuid, retry_after: Option<Duration>) -> Duration {
    let mut wait = BASE;
    for number in 1..=tries.clamp(1, ENOUGH) {
        let widest = wait.mul_f64(GROWTH).min(LONGEST);
        let chance = spread(try_name(text, number as i16));
        wait = BASE + widest.saturating_sub(BASE).mul_f64(chance);
    }
    let wait = wait.max(retry_after.unwrap_or_default()).min(LONGEST);
    // Whole milliseconds: the database keeps no finer times, and what is compared must be what is kept.
    Duration::from_millis(u64::try_from(wait.as_millis()).unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(n: u128) -> Uuid {
        Uuid::from_u128(n << 16)
    }

    #[test]
    fn waits_lie_between_the_shortest_and_the_longest_and_repeat_themselves() {
        for n in 0..500 {
            for tries in 1..60 {
                let wait = wait(tries, text(n), None);
                assert!((BASE..=LONGEST).contains(&wait), "{wait:?}");
                assert_eq!(wait, super::wait(tries, text(n), None));
            }
        }
    }

    #[test]
    fn texts_refused_together_come_back_apart() {
        for tries in 1..10 {
            let mut waits: Vec<_> = (0..1000).map(|n| wait(tries, text(n), None)).collect();
            waits.sort_unstable();
            let crowd = waits.windows(50).map(|few| few[49] - few[0]).min().unwrap_or_default();
            assert!(crowd > Duration::from_millis(200), "50 of 1,000 within {crowd:?} at try {tries}");
        }
    }

    #[test]
    fn waits_grow() {
        let mean = |tries| (0..500).map(|n| wait(tries, text(n), None).as_secs_f64()).sum::<f64>() / 500.0;
        assert!(
            mean(1) < 11.0 && mean(4) > mean(1) && mean(12) > 3.0 * mean(4),
            "{} {} {}",
            mean(1),
            mean(4),
            mean(12)
        );
    }

    #[test]
    fn what_the_gateway_asks_for_is_kept_within_reason() {
        assert_eq!(Duration::from_secs(120), wait(1, text(7), Some(Duration::from_secs(120))));
        assert_eq!(LONGEST, wait(1, text(7), Some(Duration::from_secs(86_400))));
    }
}
