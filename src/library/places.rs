//! Where she lives, from a ZIP code, a postcode or a city's name, as far as her clock needs to know.

mod towns;

use std::collections::HashMap;

use chrono_tz::Tz;
use unicode_normalization::UnicodeNormalization;

use crate::domain::conversation::Place;

/// How a program asks for the place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PlaceKind {
    /// A ZIP code of the United States, from the crate `zipcodes`.
    UsZip,
    /// The library's own `places/<name>.toml`.
    File(String),
}

/// The states and territories that ZIP codes lie in, by the Postal Service's codes.
pub const STATES: [&str; 56] = [
    "AK", "AL", "AR", "AS", "AZ", "CA", "CO", "CT", "DC", "DE", "FL", "GA", "GU", "HI", "IA", "ID", "IL",
    "IN", "KS", "KY", "LA", "MA", "MD", "ME", "MI", "MN", "MO", "MP", "MS", "MT", "NC", "ND", "NE", "NH",
    "NJ", "NM", "NV", "NY", "OH", "OK", "OR", "PA", "PR", "RI", "SC", "SD", "TN", "TX", "UT", "VA", "VI",
    "VT", "WA", "WI", "WV", "WY",
];

/// The places of a country.
#[derive(Debug)]
pub struct Places {
    /// Digits of a whole postcode.
    pub digits: usize,
    /// By the beginning of the postcode.
    pub postcodes: HashMap<String, Tz>,
    /// By the city's name, tidied by [`tidy`].
    pub cities: HashMap<String, (String, Tz)>,
    /// The regions whose help the library knows.
    pub areas: Areas,
}

/// Where regions lie, by their codes.
#[derive(Debug, Default)]
pub struct Areas {
    /// By the beginning of the postcode.
    pub postcodes: HashMap<String, String>,
    /// By the name of a town or of the region itself, tidied by [`tidy`].
    pub cities: HashMap<String, String>,
}

impl Places {
    /// The place a text names: a whole postcode anywhere in it, or a city's name alone.
    pub fn find(&self, text: &str) -> Option<Place> {
        if let Some(postcode) = digits(text, self.digits) {
            let zone = by_beginning(&self.postcodes, &postcode)?;
            let area = by_beginning(&self.areas.postcodes, &postcode).cloned();
            return Some(Place { zone: *zone, area, name: postcode });
        }
        let (name, zone) = by_name(&self.cities, text)?;
        Some(Place { name: name.clone(), zone: *zone, area: by_name(&self.areas.cities, text).cloned() })
    }
}

/// What the longest known beginning of a postcode stands for.
fn by_beginning<'a, T>(known: &'a HashMap<String, T>, postcode: &str) -> Option<&'a T> {
    (1..=postcode.len()).rev().find_map(|end| known.get(&postcode[..end]))
}

/// "г. Казань", "город Казань", "Казань, Татарстан": any run of words that is a name, the longest first.
fn by_name<'a, T>(known: &'a HashMap<String, T>, text: &str) -> Option<&'a T> {
    let tidied = tidy(text);
    let words: Vec<&str> = tidied.split(' ').collect();
    (1..=words.len().min(4))
        .rev()
        .find_map(|length| words.windows(length).find_map(|run| known.get(&run.join(" "))))
}

/// The ZIP code in a text, with its zone; or the town that it names.
pub fn zip(text: &str) -> Option<Place> {
    let Some(zip) = digits(text, 5) else {
        return Some(text).filter(|text| !text.contains(|c: char| c.is_numeric())).and_then(towns::find);
    };
    let rows = zipcodes::matching(&zip, None).ok()?;
    let zone = match zip.as_str() {
        // Page, Arizona keeps Phoenix time; the data set says Denver.
        "86040" => Tz::America__Phoenix,
        _ => rows.iter().find_map(|row| row.timezone.parse().ok())?,
    };
    let area = rows.first().map(|row| row.state.clone()).filter(|state| STATES.contains(&state.as_str()));
    Some(Place { name: zip, zone, area })
}

/// The only run of exactly so many digits, full-width ones included; ZIP+4 counts as its ZIP.
fn digits(text: &str, length: usize) -> Option<String> {
    let plain: String = text.nfkc().collect();
    let mut runs = plain.split(|c: char| !c.is_ascii_digit()).filter(|run| !run.is_empty());
    let first = runs.next().filter(|run| run.len() == length)?;
    match runs.next() {
        None => Some(first.to_owned()),
        Some(more) if length == 5 && more.len() == 4 && runs.next().is_none() => Some(first.to_owned()),
        Some(_) => None,
    }
}

/// A name as it is compared: small letters, ё as е, words parted by one space.
pub fn tidy(name: &str) -> String {
    let folded: String = name
        .nfkc()
        .flat_map(char::to_lowercase)
        .map(|c| if c == 'ё' { 'е' } else { c })
        .map(|c| if c.is_alphanumeric() { c } else { ' ' })
        .collect();
    folded.split_whitespace().collect::<Vec<_>>().join(" ")
}
