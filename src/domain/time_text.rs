//! Times of day as people type them: 2PM, 14:30, a las 2, в 14, утром.
//!
//! Every word lies in `message-library/lexicons/<language>/times.toml`. A number is an hour only where something
//! says so: a colon, a word or letters behind it, a word before it, or that nothing else is there. In doubt there is
//! no time, because she is asked again at the price of one text.

use std::collections::BTreeMap;

use chrono::{NaiveTime, Timelike};
use serde::Deserialize;

use super::keyword::fold;

/// One language's `lexicons/<language>/times.toml`. The file itself explains each list to its authors.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TimeWords {
    times: Lists,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Lists {
    twelve_hours: bool,
    #[serde(default)]
    am: Vec<String>,
    #[serde(default)]
    pm: Vec<String>,
    #[serde(default)]
    at: Vec<String>,
    #[serde(default)]
    hours: Vec<String>,
    #[serde(default)]
    half: Vec<String>,
    #[serde(default)]
    quarter: Vec<String>,
    #[serde(default)]
    parts: BTreeMap<String, Part>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Part {
    at: String,
    words: Vec<String>,
}

/// A time found in a text, and the text without it: what is left is read for a date.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimeRead {
    /// The time of day.
    pub time: NaiveTime,
    /// The rest of the text, folded.
    pub rest: String,
}

impl TimeWords {
    /// Faults that only show once the whole file is read: hours that are none.
    pub fn faults(&self) -> Vec<String> {
        let wrong = self.times.parts.iter().filter(|(_, part)| clock(&part.at).is_none());
        wrong.map(|(name, part)| format!("{:?} of {name} is no time like 09:30", part.at)).collect()
    }

    /// A time as it is written back: 2:30 PM, or 14:30.
    pub fn write(&self, time: NaiveTime) -> String {
        if !self.times.twelve_hours {
            return time.format("%H:%M").to_string();
        }
        let (afternoon, hour) = time.hour12();
        let half = if afternoon { "PM" } else { "AM" };
        if time.minute() == 0 {
            format!("{hour} {half}")
        } else {
            format!("{hour}:{:02} {half}", time.minute())
        }
    }

    /// The time that a text names. `alone`: the text is about a time, so that a bare number is an hour.
    pub fn read(&self, text: &str, alone: bool) -> Option<TimeRead> {
        let tokens = tokens(text);
        let found = (0..tokens.len()).filter_map(|at| self.hour_at(&tokens, at, false));
        let found = found.chain(self.part(&tokens));
        let bare = (0..tokens.len()).filter_map(|at| self.hour_at(&tokens, at, alone));
        let Found { time, first, last } = found.chain(bare).next()?;
        let rest: Vec<&str> = tokens
            .iter()
            .enumerate()
            .filter(|(at, _)| *at < first || *at >= last)
            .map(|(_, token)| token.as_str())
            .collect();
        Some(TimeRead { time, rest: rest.join(" ") })
    }

    /// An hour that begins at a token: `14:30`, `2 pm`, `at 2`, `2`.
    fn hour_at(&self, tokens: &[String], at: usize, bare: bool) -> Option<Found> {
        let l = &self.times;
        let token = tokens.get(at)?;
        let (hour, minute, glued) = figure(token)?;
        let before = said_before(&l.at, tokens, at);
        let mut last = at + 1;
        let mut minute = minute;
        // 10.12 is a date as well as a time.
        let mut certain = before.is_some() || token.contains(':');
        if let Some(length) = said_after(&l.hours, tokens, last) {
            (last, certain) = (last + length, true);
        }
        for (list, minutes) in [(&l.half, 30), (&l.quarter, 15)] {
            if let Some(length) = said_after(list, tokens, last) {
                (last, minute) = (last + length, Some(minutes));
            }
        }
        let half = |words: &[String]| {
            words.iter().any(|word| glued.as_deref() == Some(&fold(word).replace([' ', '.'], "")))
        };
        let mut hour = hour;
        let (mut am, mut pm) = (half(&l.am), half(&l.pm));
        if glued.is_some() && !am && !pm {
            return None;
        }
        if let Some(length) = said_after(&l.pm, tokens, last) {
            (pm, last) = (true, last + length);
        } else if let Some(length) = said_after(&l.am, tokens, last) {
            (am, last) = (true, last + length);
        }
        if pm && hour < 12 {
            hour += 12;
        } else if am && hour == 12 {
            hour = 0;
        }
        certain |= am || pm;
        let alone = bare && tokens.iter().filter(|token| figure(token).is_some()).count() == 1;
        // Nobody has a visit at 2 at night, or wants a text then: an hour from 1 to 6 without more is after noon.
        if !am && !pm && (1..=6).contains(&hour) && (minute.is_none() || l.twelve_hours) {
            hour += 12;
        }
        let time = NaiveTime::from_hms_opt(hour, minute.unwrap_or(0), 0)?;
        let first = at - before.unwrap_or(0);
        (certain || alone).then_some(Found { time, first, last })
    }

    /// A part of the day: EVENING.
    fn part(&self, tokens: &[String]) -> Option<Found> {
        (0..tokens.len()).find_map(|at| {
            self.times.parts.values().find_map(|part| {
                let length = said_after(&part.words, tokens, at)?;
                Some(Found { time: clock(&part.at)?, first: at, last: at + length })
            })
        })
    }
}

struct Found {
    time: NaiveTime,
    /// The first token that belongs to it.
    first: usize,
    /// The first one that does not any more.
    last: usize,
}

fn clock(text: &str) -> Option<NaiveTime> {
    NaiveTime::parse_from_str(text, "%H:%M").ok()
}

/// The text folded and cut at spaces and marks; a colon or a point between figures stays: 2:30, 14.30.
fn tokens(text: &str) -> Vec<String> {
    let folded = fold(text);
    let kept = |c: char| c.is_alphanumeric() || matches!(c, ':' | '.' | '/' | '@' | '-');
    folded
        .split(|c: char| !kept(c))
        .map(|token| token.trim_matches(|c: char| matches!(c, ':' | '.' | '-')).to_owned())
        .filter(|token| !token.is_empty())
        .flat_map(|token| match token.strip_prefix('@') {
            Some(rest) if !rest.is_empty() => vec!["@".to_owned(), rest.to_owned()],
            _ => vec![token],
        })
        .collect()
}

/// Hour, minutes and what is glued to them: `2`, `2pm`, `2:30`, `14.30`, `1430hrs`, `2.30p.m`.
fn figure(token: &str) -> Option<(u32, Option<u32>, Option<String>)> {
    let digits = token.find(|c: char| !c.is_ascii_digit()).unwrap_or(token.len());
    let (hour, rest) = token.split_at(digits);
    if !(1..=2).contains(&hour.len()) {
        return None;
    }
    let hour = hour.parse().ok().filter(|hour| *hour < 24)?;
    let minutes =
        rest.strip_prefix([':', '.']).filter(|after| after.starts_with(|c: char| c.is_ascii_digit()));
    let (minute, glued) = match minutes {
        Some(after) => {
            let digits = after.find(|c: char| !c.is_ascii_digit()).unwrap_or(after.len());
            // 12.05.2027 and 3.5 are no times.
            let minute =
                (digits == 2).then(|| after[..2].parse().ok()).flatten().filter(|minute| *minute < 60)?;
            (Some(minute), &after[2..])
        }
        None => (None, rest),
    };
    let glued = glued.replace('.', "");
    if glued.chars().any(|c| !c.is_alphabetic()) {
        return None;
    }
    Some((hour, minute, Some(glued).filter(|glued| !glued.is_empty())))
}

/// How many tokens from a place on say one of these.
fn said_after(list: &[String], tokens: &[String], at: usize) -> Option<usize> {
    let matching = list.iter().filter_map(|phrase| {
        let words = self::tokens(phrase);
        let fits = !words.is_empty() && tokens.get(at..at + words.len()) == Some(&words[..]);
        fits.then_some(words.len())
    });
    matching.max()
}

/// How many tokens before a place say one of these.
fn said_before(list: &[String], tokens: &[String], at: usize) -> Option<usize> {
    let matching = list.iter().filter_map(|phrase| {
        let words = self::tokens(phrase);
        let words = if words.is_empty() && phrase == "@" { vec!["@".to_owned()] } else { words };
        let from = at.checked_sub(words.len())?;
        (!words.is_empty() && tokens[from..at] == words[..]).then_some(words.len())
    });
    matching.max()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn english() -> TimeWords {
        let words = r#"
            [times]
            twelve_hours = true
            am = ["am", "in the morning"]
            pm = ["pm", "p.m.", "in the evening"]
            at = ["at", "@"]
            hours = ["oclock"]
            half = []
            quarter = []
            [times.parts]
            evening = { at = "18:00", words = ["evening"] }
            noon = { at = "12:00", words = ["noon"] }"#;
        toml::from_str(words).expect("words")
    }

    #[test]
    fn times_as_people_type_them() {
        for (text, time, rest) in [
            ("12/15 2PM", "14:00", "12/15"),
            ("dec 15 at 2:30 p.m.", "14:30", "dec 15"),
            ("Dec 15 @9am", "09:00", "dec 15"),
            ("tomorrow at 2", "14:00", "tomorrow"),
            ("10 oclock on 12/15", "10:00", "on 12/15"),
            ("12am 1/2", "00:00", "1/2"),
            ("evening", "18:00", ""),
            ("14:30 dec 3", "14:30", "dec 3"),
            ("10.12 9:30", "09:30", "10.12"),
            ("at 9.30 on 10.12", "09:30", "on 10.12"),
        ] {
            let read = english().read(text, false).unwrap_or_else(|| panic!("{text}"));
            assert_eq!((clock(time), rest), (Some(read.time), read.rest.as_str()), "{text}");
        }
    }

    #[test]
    fn what_is_no_time() {
        for text in ["12/15", "dec 15", "15.12.2026", "3 weeks", "", "99", "2pmx"] {
            assert_eq!(None, english().read(text, false), "{text}");
        }
        assert_eq!(clock("18:00"), english().read("6", true).map(|read| read.time));
    }

    #[test]
    fn written_back() {
        let write = |time: &str| english().write(clock(time).expect("a time"));
        assert_eq!(
            ["2 PM", "2:05 PM", "12 AM"],
            ["14:00", "14:05", "00:00"].map(write).each_ref().map(|s| s.as_str())
        );
    }
}
