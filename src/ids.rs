//! Identifiers, and the chance in them, as an argument: a rehearsal that is given a seed repeats itself.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use chrono::{DateTime, Utc};
use uuid::{Builder, Uuid};

/// Where new identifiers come from.
#[derive(Clone, Debug)]
pub enum Ids {
    /// The operating system's randomness.
    System,
    /// A sequence fixed by its seed.
    Seeded(Arc<AtomicU64>),
}

impl Ids {
    /// Identifiers that repeat with the same seed and the same clock.
    pub fn seeded(seed: u64) -> Self {
        Self::Seeded(Arc::new(AtomicU64::new(seed)))
    }

    /// A new UUID of version 7 (RFC 9562) carrying the time `at`, so that keys made together lie together, and those
    /// of one millisecond in the order in which they were made: what was said first goes first.
    #[expect(clippy::disallowed_methods, reason = "the one place that draws from the system's randomness")]
    pub fn next(&self, at: DateTime<Utc>) -> Uuid {
        match self {
            Self::System => Uuid::now_v7(),
            Self::Seeded(state) => {
                let count = state.fetch_add(1, Ordering::Relaxed);
                let mut random = [0; 10];
                random[2..6].copy_from_slice(&(count as u32).to_be_bytes());
                random[6..].copy_from_slice(&mix(count).to_be_bytes()[..4]);
                let millis = at.timestamp_millis().unsigned_abs();
                Builder::from_unix_timestamp_millis(millis, &random).into_uuid()
            }
        }
    }

    /// A new identifier for a text: its last 16 bits are free for the numbers of its tries.
    pub fn text(&self, at: DateTime<Utc>) -> Uuid {
        Uuid::from_u128(self.next(at).as_u128() & !TRY)
    }
}

/// An id before all that are made from a moment on.
pub fn first_at(at: DateTime<Utc>) -> Uuid {
    Builder::from_unix_timestamp_millis(at.timestamp_millis().unsigned_abs(), &[0; 10]).into_uuid()
}

/// When an id was made, to the millisecond.
pub fn made_at(id: Uuid) -> DateTime<Utc> {
    let millis = (id.as_u128() >> 80) as i64;
    DateTime::from_timestamp_millis(millis).unwrap_or_default()
}

/// Where the number of a try stands in its name.
const TRY: u128 = 0xffff;

/// The name of a text's try: what the gateway is given, and gives back with its reports. 58 random bits a
/// millisecond are left to tell texts apart.
pub fn try_name(text: Uuid, number: i16) -> Uuid {
    Uuid::from_u128((text.as_u128() & !TRY) | u128::from(number.unsigned_abs()))
}

/// The text that a try's name belongs to, and the number of the try.
pub fn text_of(name: Uuid) -> (Uuid, i16) {
    let bits = name.as_u128();
    (Uuid::from_u128(bits & !TRY), (bits & TRY) as i16)
}

/// A stable number from an identifier, evenly spread: the same on every machine and in every version.
pub fn stable_hash(id: Uuid) -> u64 {
    let (high, low) = id.as_u64_pair();
    mix(high ^ mix(low))
}

/// The same as a number from 0 up to and without 1.
pub fn spread(id: Uuid) -> f64 {
    (stable_hash(id) >> 11) as f64 / (1_u64 << 53) as f64
}

/// The finalizer of SplitMix64 (Steele, Lea & Flood 2014).
fn mix(value: u64) -> u64 {
    let z = value.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}
