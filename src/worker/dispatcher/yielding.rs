//! How much of what can wait is done at a time: little while women are being answered, and less while they wait too
//! long. Each step of an answer has at most one such part before it.

use std::time::Duration;

use super::BATCH;
use crate::flows::Bells;

/// Unasked texts in line at most, where nobody waits for an answer.
pub const MOST_AHEAD: usize = 2000;
/// Claimed, or recorded, at a time while women are being answered.
const PART: usize = 256;
/// Claimed at a time while they wait too long, with this pause between: tips go on, and leave most of the machine and of
/// its database to whoever waits.
const LITTLE: usize = 64;
const HURRY: Duration = Duration::from_millis(25);

/// How many unasked texts may be claimed at a time, and the pause after them.
pub fn claimed(bells: &Bells) -> (usize, Option<Duration>) {
    if bells.answers_are_late() {
        (LITTLE, Some(HURRY))
    } else if bells.answers_are_awaited() {
        (PART, None)
    } else {
        (MOST_AHEAD, None)
    }
}

/// How many results may be recorded at a time.
pub fn recorded(bells: &Bells) -> usize {
    if bells.answers_are_awaited() { PART } else { BATCH }
}
