//! How long texts take, in classes: a median and a slowest twentieth can be told of millions without keeping each.

/// Where the classes end, in seconds; what is above the last one is a class as well.
const ENDS: [i64; 22] = [
    1, 2, 3, 5, 8, 12, 20, 30, 45, 60, 90, 120, 180, 300, 600, 1_200, 1_800, 3_600, 7_200, 14_400, 43_200,
    86_400,
];
/// The end of what is above: three days, after which no gateway tries.
const LONGEST: i64 = 3 * 86_400;

/// The class of a text that is not known to have come.
pub const NONE: i16 = -1;

/// The class of a text that took so many seconds.
pub fn class(seconds: i64) -> i16 {
    ENDS.iter().position(|end| seconds <= *end).unwrap_or(ENDS.len()) as i16
}

/// Within how many seconds this share of the texts came; none if there were none. Within a class they are taken to be
/// spread evenly.
pub fn quantile(classes: &[(i16, i64)], share: f64) -> Option<f64> {
    let mut known: Vec<(i16, i64)> =
        classes.iter().copied().filter(|(class, texts)| *class > NONE && *texts > 0).collect();
    known.sort_unstable();
    let all: i64 = known.iter().map(|(_, texts)| texts).sum();
    let wanted = all as f64 * share;
    let mut before = 0.0;
    for (class, texts) in &known {
        let after = before + *texts as f64;
        if after >= wanted {
            let (from, to) = bounds(*class);
            let part = ((wanted - before) / *texts as f64).clamp(0.0, 1.0);
            return Some(from as f64 + (to - from) as f64 * part);
        }
        before = after;
    }
    None
}

fn bounds(class: i16) -> (i64, i64) {
    let place = usize::try_from(class).unwrap_or_default();
    let from = place.checked_sub(1).and_then(|below| ENDS.get(below)).copied().unwrap_or(0);
    (from, ENDS.get(place).copied().unwrap_or(LONGEST))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_time_is_in_the_class_that_holds_it() {
        for seconds in [0, 1, 2, 7, 60, 61, 86_400, 86_401, 10_000_000] {
            let (from, to) = bounds(class(seconds));
            assert!((seconds > from || seconds == 0) && (seconds <= to || seconds > LONGEST), "{seconds}");
        }
    }

    #[test]
    fn half_came_within_the_median() {
        let classes = [(class(4), 50), (class(100), 45), (class(5_000), 5), (NONE, 900)];
        assert_eq!(Some(5.0), quantile(&classes, 0.5));
        assert_eq!(Some(120.0), quantile(&classes, 0.95));
        assert_eq!(None, quantile(&[(NONE, 3)], 0.5));
    }
}
