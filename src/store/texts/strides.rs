//! Hours in which texts lie, joined to walks.

use chrono::{DateTime, TimeDelta, Utc};

/// So many texts are walked through in one statement, if the counts are right.
const STRIDE: i64 = 10_000;

/// A walk along some hours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stride {
    /// From this hour on.
    pub from: DateTime<Utc>,
    /// Up to the beginning of this one.
    pub to: DateTime<Utc>,
    /// How many texts it passes.
    pub all: i64,
}

/// Hours joined to walks: as many as hold what is wanted, and no more texts than a walk may pass.
pub(super) fn strides(hours: &[(DateTime<Utc>, i64, i64)], most: i64) -> Vec<Stride> {
    let mut strides: Vec<(Stride, i64)> = Vec::new();
    for (hour, fits, all) in hours {
        let next = *hour + TimeDelta::hours(1);
        match strides.last_mut() {
            Some((last, sum)) if last.from == next && *sum < most && last.all + all <= STRIDE => {
                last.from = *hour;
                last.all += all;
                *sum += fits;
            }
            _ => strides.push((Stride { from: *hour, to: next, all: *all }, *fits)),
        }
    }
    strides.into_iter().map(|(stride, _)| stride).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_are_joined_until_there_is_enough() {
        let hour = |hours: i64| DateTime::UNIX_EPOCH + TimeDelta::hours(hours);
        let hours = [(hour(9), 30, 100), (hour(8), 30, 100), (hour(7), 30, 100), (hour(3), 1, 90_000)];
        let strides = strides(&hours, 51);
        let expected = [(8, 10, 200), (7, 8, 100), (3, 4, 90_000)];
        let expected = expected.map(|(from, to, all)| Stride { from: hour(from), to: hour(to), all });
        assert_eq!(expected.as_slice(), strides);
    }
}
