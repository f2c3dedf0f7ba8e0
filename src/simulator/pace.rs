//! The pace: segments a second, and what was taken in each.

use std::fmt::Write;
use std::time::Duration;

/// A bucket that holds one second's segments and fills evenly.
pub struct Pace {
    per_second: f64,
    left: f64,
    filled_at: Duration,
    seconds: Vec<Second>,
}

#[derive(Clone, Default)]
struct Second {
    taken: u64,
    refused: u64,
}

impl Pace {
    /// A full one.
    pub fn new(per_second: u32) -> Self {
        let per_second = f64::from(per_second);
        Self { per_second, left: per_second, filled_at: Duration::ZERO, seconds: Vec::new() }
    }

    /// Whether a text of so many segments may go, at this time since the start.
    pub fn allows(&mut self, segments: u32, now: Duration) -> bool {
        let filled = now.saturating_sub(self.filled_at).as_secs_f64() * self.per_second;
        self.left = (self.left + filled).min(self.per_second);
        self.filled_at = now.max(self.filled_at);
        // A text longer than the bucket goes when the bucket is full, and is paid for afterwards.
        let allowed = self.left >= f64::from(segments).min(self.per_second);
        let at = now.as_secs() as usize;
        if self.seconds.len() <= at {
            self.seconds.resize(at + 1, Second::default());
        }
        let second = &mut self.seconds[at];
        if allowed {
            self.left -= f64::from(segments);
            second.taken += u64::from(segments);
        } else {
            second.refused += u64::from(segments);
        }
        allowed
    }

    /// Forgets what was counted; the bucket stays as it is.
    pub fn clear(&mut self) {
        self.seconds.clear();
    }

    /// A table of what was taken in each second since the start.
    pub fn table(&self) -> String {
        let mut table = "second,segments,refused\n".to_owned();
        for (second, counted) in self.seconds.iter().enumerate() {
            // Writing to a String cannot fail.
            let _ = writeln!(table, "{second},{},{}", counted.taken, counted.refused);
        }
        table
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_minute_asked_too_much_of_gives_its_pace() {
        let mut pace = Pace::new(10);
        // Twice too much, from two seconds on, when the bucket is full.
        let times = (0..1200).map(|number| Duration::from_millis(2000 + number * 50));
        let taken = times.filter(|now| pace.allows(1, *now)).count();
        assert!((605..=610).contains(&taken), "{taken}: ten a second and the full bucket");
        let table = pace.table();
        let lines: Vec<_> = table.lines().collect();
        assert_eq!("1,0,0", lines[2]);
        assert!((5..=55).all(|second| lines[second + 5].ends_with(",10,10")), "{table}");
    }

    #[test]
    fn a_text_longer_than_the_pace_is_paid_for_afterwards() {
        let mut pace = Pace::new(2);
        let seconds = Duration::from_secs;
        assert!(pace.allows(5, seconds(0)));
        assert!(!pace.allows(1, seconds(1)));
        assert!(pace.allows(1, seconds(2)));
    }
}
