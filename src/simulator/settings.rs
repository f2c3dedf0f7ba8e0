//! What a simulator is told before it starts.

use std::f64::consts::TAU;
use std::str::FromStr;
use std::time::Duration;

use super::chance::{Dice, Draw};
use super::faults::Errors;
use crate::clock::Clock;
use crate::gateway::Secret;

/// How the simulated gateway behaves. The default takes everything at once and reports at once.
#[derive(Clone, Debug)]
pub struct Settings {
    /// All chance comes from it.
    pub seed: u64,
    /// Whether every text is kept account of; without, texts are only counted.
    pub account: bool,
    /// How long an answer takes.
    pub latency: Latency,
    /// What goes wrong, and how often.
    pub errors: Errors,
    /// How long a late answer takes: longer than the service waits for it.
    pub late: Duration,
    /// The pause after each byte of an answer that drips.
    pub drip: Duration,
    /// The seconds of a 429's Retry-After.
    pub retry_after: u32,
    /// When the gateway is away.
    pub outages: Vec<Outage>,
    /// Beyond it texts are refused with 429; segments are counted only if it is given.
    pub segments_per_second: Option<u32>,
    /// Reports on what became of a text; none: it never reports.
    pub reports: Option<Reports>,
    /// What dates the texts.
    pub clock: Clock,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            seed: 1,
            account: true,
            latency: Latency::default(),
            errors: Errors::default(),
            late: Duration::from_secs(35),
            drip: Duration::from_millis(20),
            retry_after: 1,
            outages: Vec::new(),
            segments_per_second: None,
            reports: Some(Reports::default()),
            clock: Clock::System,
        }
    }
}

/// How it reports. Probabilities are of a text, not of a single report.
#[derive(Clone, Debug)]
pub struct Reports {
    /// Signs Twilio's reports; without it they go unsigned, and no service believes them.
    pub auth_token: Option<Secret>,
    /// From the answer to the first report, and from each to the next.
    pub delay: Duration,
    /// They begin later than that.
    pub late: f64,
    /// By so much.
    pub late_by: Duration,
    /// Each comes twice.
    pub twice: f64,
    /// The last comes first.
    pub out_of_order: f64,
    /// The first comes before the answer.
    pub early: f64,
    /// None comes.
    pub lost: f64,
    /// The text does not arrive, and the reports say so.
    pub undelivered: f64,
    /// A report that the service does not take is offered so often.
    pub tries: u32,
    /// Between the first two tries; doubled from one to the next, up to [`LONGEST_PAUSE`].
    pub pause: Duration,
    /// So many are under way at once.
    pub at_once: usize,
}

/// Between two tries of one report.
pub const LONGEST_PAUSE: Duration = Duration::from_secs(15);

impl Default for Reports {
    fn default() -> Self {
        Self {
            auth_token: None,
            delay: Duration::ZERO,
            late: 0.0,
            late_by: Duration::from_secs(10),
            twice: 0.0,
            out_of_order: 0.0,
            early: 0.0,
            lost: 0.0,
            undelivered: 0.0,
            tries: 10,
            pause: Duration::from_secs(1),
            at_once: 32,
        }
    }
}

/// A log-normal tail has no end of its own. Seconds.
const LONGEST_ANSWER: f64 = 3600.0;

/// How long an answer takes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Latency {
    /// Always the same.
    Fixed(Duration),
    /// Anything between the two, evenly.
    Between(Duration, Duration),
    /// Log-normal, as waits in the world are: by its middle and by what one in a hundred exceeds.
    LogNormal {
        /// Half of all answers take longer.
        p50: Duration,
        /// One in a hundred takes longer.
        p99: Duration,
    },
}

impl Default for Latency {
    fn default() -> Self {
        Self::Fixed(Duration::ZERO)
    }
}

impl Latency {
    /// How long this answer takes.
    pub fn drawn(self, dice: Dice) -> Duration {
        match self {
            Self::Fixed(time) => time,
            Self::Between(least, most) => {
                least + most.saturating_sub(least).mul_f64(dice.roll(Draw::Latency))
            }
            Self::LogNormal { p50, p99 } => {
                // Box and Muller's way from two even draws to one of the bell curve, whose 99th percentile
                // lies 2.3263 deviations from its middle.
                let far = (-2.0 * (1.0 - dice.roll(Draw::Latency)).ln()).sqrt();
                let bell = far * (TAU * dice.roll(Draw::Bell)).cos();
                let spread = (p99.as_secs_f64() / p50.as_secs_f64()).ln() / 2.3263;
                Duration::from_secs_f64((p50.as_secs_f64() * (spread * bell).exp()).min(LONGEST_ANSWER))
            }
        }
    }
}

/// `50` or `20..200`, milliseconds.
impl FromStr for Latency {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let millis = |text: &str| text.trim().parse().map(Duration::from_millis).ok();
        let read = match text.split_once("..") {
            None => millis(text).map(Self::Fixed),
            Some((least, most)) => millis(least)
                .zip(millis(most))
                .filter(|(least, most)| least <= most)
                .map(|(least, most)| Self::Between(least, most)),
        };
        read.ok_or(format!("{text:?} is no latency: write milliseconds, such as 50 or 20..200"))
    }
}

/// A time in which the gateway is away. No text is taken in it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Outage {
    /// Since the simulator's start.
    pub from: Duration,
    /// Since the simulator's start.
    pub to: Duration,
    /// It answers 503; otherwise its port is closed and every connection is cut.
    pub answers: bool,
}

/// `10..20` or `10..20:503`, seconds since the start.
impl FromStr for Outage {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (times, answers) = match text.strip_suffix(":503") {
            Some(times) => (times, true),
            None => (text, false),
        };
        let seconds =
            |text: &str| text.trim().parse().ok().and_then(|text| Duration::try_from_secs_f64(text).ok());
        let read = times.split_once("..").and_then(|(from, to)| seconds(from).zip(seconds(to)));
        match read {
            Some((from, to)) if from < to => Ok(Self { from, to, answers }),
            _ => Err(format!(
                "{text:?} is no outage: write seconds since the start, such as 10..20, or 10..20:503 for one \
                 that answers 503"
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn latencies_are_spread_as_told() {
        let millis = Duration::from_millis;
        let drawn = |latency: Latency| {
            let mut all: Vec<_> = (0..10_000).map(|text| latency.drawn(Dice::of_number(1, text))).collect();
            all.sort_unstable();
            all
        };
        let bell = drawn(Latency::LogNormal { p50: millis(100), p99: millis(1000) });
        assert!((millis(96)..millis(104)).contains(&bell[5000]), "{:?}", bell[5000]);
        assert!((millis(880)..millis(1130)).contains(&bell[9900]), "{:?}", bell[9900]);
        let even = drawn(Latency::Between(millis(20), millis(220)));
        assert!(even[0] >= millis(20) && even[9999] <= millis(220));
        assert!((millis(116)..millis(124)).contains(&even[5000]), "{:?}", even[5000]);
    }
}
