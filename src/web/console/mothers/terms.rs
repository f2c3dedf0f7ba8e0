//! How an enrollment departs from its program's rhythm, in words.

use super::words::Words;
use crate::domain::plan::{Pause, Terms};
use crate::web::console::tongue::{Tongue, fill};

/// How many babies there are, where they are several: their birthdays, or their number.
pub fn babies(tongue: Tongue, terms: &Terms) -> Option<(&'static str, String)> {
    let words = Words::of(tongue);
    let siblings: Vec<String> = terms.siblings.iter().map(|day| tongue.day(*day)).collect();
    if !siblings.is_empty() {
        return Some((words.siblings, siblings.join(", ")));
    }
    (terms.babies() > 1).then(|| (words.babies, tongue.number(i64::from(terms.babies()))))
}

/// What comes, and when.
pub fn rhythm(tongue: Tongue, terms: &Terms) -> String {
    let words = Words::of(tongue);
    let mut rhythm = Vec::new();
    if terms.less {
        rhythm.push(words.less.to_owned());
    }
    match terms.pause {
        Some(Pause { until: Some(day) }) => {
            rhythm.push(fill(words.paused_until, &[("day", &tongue.day(day))]));
        }
        Some(Pause { until: None }) => rhythm.push(words.paused.to_owned()),
        None => {}
    }
    if let Some(hour) = terms.hour {
        rhythm.push(fill(words.at_hour, &[("hour", &hour.format("%H:%M").to_string())]));
    }
    if terms.discreet {
        rhythm.push(words.covered.to_owned());
    }
    if let Some(support) = terms.support {
        rhythm.push(fill(words.support_from, &[("day", &tongue.day(support.from))]));
    }
    if rhythm.is_empty() {
        rhythm.push(words.usual.to_owned());
    }
    rhythm.join("; ")
}
