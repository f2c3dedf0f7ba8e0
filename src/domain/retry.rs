//! When to try again what failed for a passing reason.

use std::time::Duration;

use uuid::Uuid;

/// The first wait; each further one doubles it.
const BASE: Duration = Duration::from_secs(5);
/// No wait is longer, whatever a gateway asks for.
const LONGEST: Duration = Duration::from_secs(30 * 60);

/// How long to wait after the `tries`-th failed attempt (1 is the first).
///
/// Exponential from five seconds to half an hour, with a jitter of ±20 % taken from the text's id, so that
/// a thousand texts refused together do not come back together, and a rehearsal repeats itself exactly. A
/// gateway's `Retry-After` is honoured when it is longer than our own wait and within the longest.
pub fn wait(tries: u32, text: Uuid, retry_after: Option<Duration>) -> Duration {
    let doubled = BASE.saturating_mul(1 << tries.saturating_sub(1).min(10)).min(LONGEST);
    let spread = u64::from(text.as_bytes()[15].wrapping_add((tries as u8).wrapping_mul(97)));
    let jittered = doubled.mul_f64(0.8 + 0.4 * (spread as f64) / 255.0);
    let wait = jittered.max(retry_after.unwrap_or_default()).min(LONGEST);
    // Whole milliseconds: the database keeps no finer times, and what is compared must be what is kept.
    Duration::from_millis(u64::try_from(wait.as_millis()).unwrap_or(u64::MAX))
}
