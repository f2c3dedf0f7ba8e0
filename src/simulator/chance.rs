//! Chance: every draw comes from the seed and the name of the text it is about, so that a trial repeats itself
//! in whatever order its texts happen to come.

use uuid::Uuid;

use crate::ids::{spread, stable_hash};

/// What a draw decides. Each has a draw of its own: a probability that is changed moves no other's luck.
#[derive(Clone, Copy)]
pub enum Draw {
    /// Which fault, if any.
    Fault = 1,
    /// Whether a lost reply is cut in its middle or before its beginning.
    Cut,
    /// How long the answer takes.
    Latency,
    /// The second number that a bell curve needs.
    Bell,
    /// Whether the text arrives.
    Fate,
    /// Why it does not.
    Cause,
    /// Whether its first report comes before the answer.
    Early,
    /// Whether its reports come late.
    Late,
    /// Whether each comes twice.
    Twice,
    /// Whether the last comes first.
    Order,
    /// Whether none comes.
    Lost,
}

/// The luck of one request.
#[derive(Clone, Copy)]
pub struct Dice(u64);

impl Dice {
    /// Of a text with our reference, asked for the `time`th time.
    pub fn of_reference(seed: u64, reference: Uuid, time: u32) -> Self {
        Self(mix(mix(seed, stable_hash(reference)), u64::from(time)))
    }

    /// Of a text without one, which has only its place in the row.
    pub fn of_number(seed: u64, number: u64) -> Self {
        Self(mix(seed, number))
    }

    /// A number in 0..1, evenly spread.
    pub fn roll(self, what: Draw) -> f64 {
        spread(Uuid::from_u64_pair(self.0, what as u64))
    }

    /// Whether something of this probability happens.
    pub fn happens(self, what: Draw, probability: f64) -> bool {
        self.roll(what) < probability
    }
}

fn mix(one: u64, other: u64) -> u64 {
    stable_hash(Uuid::from_u64_pair(one, other))
}
