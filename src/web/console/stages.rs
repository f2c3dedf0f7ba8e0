//! How far along she is, in words: "pregnancy, 26 weeks 3 days".

use super::tongue::{Tongue, fill, words};

words! {
    /// Spans.
    pub Words {
        weeks: "{n} week|{n} weeks", "{n} semana|{n} semanas", "{n} неделя|{n} недели|{n} недель";
        days: "{n} day|{n} days", "{n} día|{n} días", "{n} день|{n} дня|{n} дней";
        both: "{weeks} {days}", "{weeks} y {days}", "{weeks} и {days}";
    }
}

/// Weeks and days.
pub fn age(tongue: Tongue, weeks: i64, days: i64) -> String {
    let words = Words::of(tongue);
    match (weeks, days) {
        (0, days) => tongue.counted(days, words.days),
        (weeks, 0) => tongue.counted(weeks, words.weeks),
        (weeks, days) => {
            let (weeks, days) = (tongue.counted(weeks, words.weeks), tongue.counted(days, words.days));
            fill(words.both, &[("weeks", &weeks), ("days", &days)])
        }
    }
}

/// The same as it is written by doctors: 26+3.
pub fn written(tongue: Tongue, short: &str) -> Option<String> {
    let (weeks, days) = short.split_once('+')?;
    Some(age(tongue, weeks.parse().ok()?, days.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weeks_and_days_are_said() {
        assert_eq!("20 weeks", age(Tongue::En, 20, 0));
        assert_eq!("1 semana y 1 día", age(Tongue::Es, 1, 1));
        assert_eq!(Some("22 недели и 5 дней".to_owned()), written(Tongue::Ru, "22+5"));
        assert_eq!(("3 days".to_owned(), None), (age(Tongue::En, 0, 3), written(Tongue::En, "later")));
    }
}
