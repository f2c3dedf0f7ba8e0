//! Chance that repeats itself: a stream of numbers fixed by what it is the chance of.

use uuid::Uuid;

use crate::ids::stable_hash;

/// A stream of numbers.
#[derive(Clone, Debug)]
pub struct Chance(u64);

impl Chance {
    /// The stream of one thing of a run: a mother, a day of the gateway, an answer.
    pub fn of(seed: u64, number: u64) -> Self {
        Self(stable_hash(Uuid::from_u64_pair(seed, number)))
    }

    /// A stream that runs beside this one and does not disturb it.
    pub fn beside(&self, number: u64) -> Self {
        Self::of(self.0, number)
    }

    /// A number from 0 up to and without `limit`.
    pub fn below(&mut self, limit: u64) -> u64 {
        self.0 = stable_hash(Uuid::from_u64_pair(self.0, 0x5eed));
        self.0 % limit.max(1)
    }

    /// A number from one to another, both included.
    pub fn between(&mut self, from: i64, to: i64) -> i64 {
        from + self.below((to - from + 1).max(1).unsigned_abs()) as i64
    }

    /// True so many times in a thousand.
    pub fn in_thousand(&mut self, times: u64) -> bool {
        self.below(1000) < times
    }

    /// One of several.
    pub fn pick<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.below(all.len() as u64) as usize]
    }

    /// The place of one of several that weigh differently.
    pub fn weighed(&mut self, weights: &[u64]) -> usize {
        let mut left = self.below(weights.iter().sum());
        for (place, weight) in weights.iter().enumerate() {
            if left < *weight {
                return place;
            }
            left -= weight;
        }
        0
    }
}
