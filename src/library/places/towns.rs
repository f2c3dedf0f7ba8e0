//! Towns of the United States by their names, as the ZIP codes tell them: for who does not know hers.

use std::collections::HashMap;
use std::sync::LazyLock;

use chrono_tz::Tz;

use super::{STATES, tidy};
use crate::domain::conversation::Place;

/// Many towns share a name. It is taken for where this share of its ZIP codes lies, of a hundred: "Houston" for the one
/// in Texas, "Springfield" for none.
const SURE: usize = 90;
/// The names of states have so many words at the most.
const STATE_WORDS: usize = 3;

/// How an answer to where she lives begins if it is a sentence, as [`tidy`] leaves it.
const BEGINNINGS: [&str; 22] = [
    "i live in",
    "we live in",
    "live in",
    "i m in",
    "im in",
    "i am in",
    "we re in",
    "we are in",
    "i m from",
    "im from",
    "i am from",
    "from",
    "in",
    "near",
    "vivo en",
    "vivimos en",
    "estoy en",
    "estamos en",
    "soy de",
    "somos de",
    "en",
    "cerca de",
];

/// The states' names, as [`tidy`] leaves them, with their codes.
const NAMES: [(&str, &str); 52] = [
    ("alabama", "AL"),
    ("alaska", "AK"),
    ("arizona", "AZ"),
    ("arkansas", "AR"),
    ("california", "CA"),
    ("colorado", "CO"),
    ("connecticut", "CT"),
    ("delaware", "DE"),
    ("florida", "FL"),
    ("georgia", "GA"),
    ("hawaii", "HI"),
    ("idaho", "ID"),
    ("illinois", "IL"),
    ("indiana", "IN"),
    ("iowa", "IA"),
    ("kansas", "KS"),
    ("kentucky", "KY"),
    ("louisiana", "LA"),
    ("maine", "ME"),
    ("maryland", "MD"),
    ("massachusetts", "MA"),
    ("michigan", "MI"),
    ("minnesota", "MN"),
    ("mississippi", "MS"),
    ("missouri", "MO"),
    ("montana", "MT"),
    ("nebraska", "NE"),
    ("nevada", "NV"),
    ("new hampshire", "NH"),
    ("new jersey", "NJ"),
    ("new mexico", "NM"),
    ("new york", "NY"),
    ("north carolina", "NC"),
    ("north dakota", "ND"),
    ("ohio", "OH"),
    ("oklahoma", "OK"),
    ("oregon", "OR"),
    ("pennsylvania", "PA"),
    ("puerto rico", "PR"),
    ("rhode island", "RI"),
    ("south carolina", "SC"),
    ("south dakota", "SD"),
    ("tennessee", "TN"),
    ("texas", "TX"),
    ("utah", "UT"),
    ("vermont", "VT"),
    ("virginia", "VA"),
    ("washington", "WA"),
    ("washington dc", "DC"),
    ("west virginia", "WV"),
    ("wisconsin", "WI"),
    ("wyoming", "WY"),
];

/// By a town's name, where its ZIP codes lie: zone, state, and how many there are.
type Towns = HashMap<String, Vec<(Tz, &'static str, usize)>>;

static TOWNS: LazyLock<Towns> = LazyLock::new(|| {
    let mut towns = Towns::new();
    for row in zipcodes::database() {
        let state = STATES.iter().find(|state| **state == row.state);
        let (Ok(zone), Some(state)) = (row.timezone.parse::<Tz>(), state) else { continue };
        let there = towns.entry(tidy(&row.city)).or_default();
        match there.iter_mut().find(|(known, of, _)| (*known, *of) == (zone, *state)) {
            Some((.., count)) => *count += 1,
            None => there.push((zone, state, 1)),
        }
    }
    towns
});

/// The town that a text names and nothing else, with its state or without: "Houston", "El Paso TX", "I live in Portland,
/// Maine".
pub(super) fn find(text: &str) -> Option<Place> {
    let tidied = tidy(text);
    let told = || BEGINNINGS.iter().find_map(|begins| tidied.strip_prefix(begins)?.strip_prefix(' '));
    named(text).or_else(|| named(end_of(text, told()?)))
}

/// The end of a text that [`tidy`] makes this of; the whole, if there is none.
fn end_of<'a>(text: &'a str, tidied: &str) -> &'a str {
    let mut ends = text.match_indices(char::is_whitespace).map(|(at, _)| &text[at..]);
    ends.find(|end| tidy(end) == tidied).unwrap_or(text)
}

fn named(text: &str) -> Option<Place> {
    let tidied = tidy(text);
    let words: Vec<&str> = tidied.split(' ').collect();
    let whole = town(&tidied, None);
    let with_state = (1..=STATE_WORDS.min(words.len().saturating_sub(1))).rev().find_map(|last| {
        let (name, state) = words.split_at(words.len() - last);
        town(&name.join(" "), Some(code(&state.join(" "))?))
    });
    let (zone, area) = whole.or(with_state)?;
    Some(Place { name: text.trim().to_owned(), zone, area: area.map(str::to_owned) })
}

/// Where nearly all of a town's ZIP codes lie; its state, if nearly all lie in one.
fn town(name: &str, within: Option<&str>) -> Option<(Tz, Option<&'static str>)> {
    let there: Vec<_> = TOWNS
        .get(name)?
        .iter()
        .filter(|(_, state, _)| within.is_none_or(|within| within == *state))
        .collect();
    let all: usize = there.iter().map(|(.., count)| count).sum();
    let sure = |count: usize| count * 100 >= all * SURE;
    let of_zone = |zone: Tz| there.iter().filter(|row| row.0 == zone).map(|row| row.2).sum();
    let of_state = |state: &str| there.iter().filter(|row| row.1 == state).map(|row| row.2).sum();
    let zone = there.iter().map(|row| row.0).find(|zone| sure(of_zone(*zone)))?;
    Some((zone, there.iter().map(|row| row.1).find(|state| sure(of_state(state)))))
}

fn code(state: &str) -> Option<&'static str> {
    let by_code = || STATES.iter().find(|code| code.eq_ignore_ascii_case(state)).copied();
    NAMES.iter().find(|(name, _)| *name == state).map(|(_, code)| *code).or_else(by_code)
}
