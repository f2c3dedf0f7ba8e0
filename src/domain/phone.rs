//! Phone numbers as people type them, brought to E.164 by a port of Google's libphonenumber.

mod hiding;

use std::fmt;

use rlibphonenumber::enums::Region;
use rlibphonenumber::{PHONE_NUMBER_UTIL, PhoneNumberFormat};
use serde::{Deserialize, Serialize};

pub use hiding::hidden_in;

/// A valid phone number in E.164 (ITU-T), with its leading `+`.
///
/// `Debug` redacts all but the last two digits: a number reaches no log line.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PhoneNumber(String);

/// What libphonenumber makes of a typed number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// The number, if it is valid.
    pub number: Option<PhoneNumber>,
    /// The ISO 3166 region the digits point to, valid or not.
    pub region: Option<String>,
}

/// Reads a number as typed by somebody in `region` (ISO 3166-1 alpha-2, such as `US`).
pub fn read(text: &str, region: Option<&str>) -> Reading {
    let region = region.and_then(|code| code.parse::<Region>().ok());
    let Ok(parsed) = PHONE_NUMBER_UTIL.parse(text, region) else {
        return Reading { number: None, region: None };
    };
    let number =
        parsed.is_valid().then(|| PhoneNumber(parsed.format_as(PhoneNumberFormat::E164).into_owned()));
    Reading { number, region: parsed.get_region_code().map(|region| region.to_string()) }
}

/// Figures that may be a phone number: no country's are fewer, with its code.
const FEWEST_FIGURES: usize = 8;
/// What people write between the figures of a number.
const BETWEEN: &str = " -–().\u{a0}";

impl PhoneNumber {
    /// Reads `text`, giving the number only if it is valid.
    pub fn parse(text: &str, region: Option<&str>) -> Option<Self> {
        read(text, region).number
    }

    /// A number already known to be in E.164: one read back from the database, or one made up for a
    /// rehearsal, which only the rehearsal gateway accepts. Neither need be valid in any numbering plan.
    pub fn from_e164(e164: impl Into<String>) -> Option<Self> {
        let e164 = e164.into();
        let digits = e164.strip_prefix('+')?;
        let plausible = (7..=15).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
        plausible.then_some(Self(e164))
    }

    /// The number with its `+`.
    pub fn as_e164(&self) -> &str {
        &self.0
    }

    /// The number without its `+`, as Kannel and Vonage write it.
    pub fn digits(&self) -> &str {
        &self.0[1..]
    }

    /// Words of a person in which this number, however she wrote it, is hidden but for its last two figures; none if
    /// it does not stand in them.
    pub fn hidden_in(&self, words: &str) -> Option<String> {
        let characters: Vec<(usize, char)> = words.char_indices().collect();
        let figures: Vec<usize> =
            (0..characters.len()).filter(|place| characters[*place].1.is_ascii_digit()).collect();
        // What is dialed at home: without the country's code, or with a figure in its place.
        let known: Vec<char> = self.digits().chars().rev().take(FEWEST_FIGURES).collect();
        let together = |one: usize, next: usize| {
            characters[one + 1..next].iter().all(|(_, between)| BETWEEN.contains(*between))
        };
        let mut hidden = String::new();
        let mut copied = 0;
        let mut run = 0;
        for (nth, place) in figures.iter().enumerate() {
            if nth > 0 && !together(figures[nth - 1], *place) {
                run = nth;
            }
            let ends = figures.get(nth + 1).is_none_or(|next| !together(*place, *next));
            let last = figures[run..=nth].iter().rev().map(|place| characters[*place].1);
            if ends && nth + 1 - run >= known.len() && last.take(known.len()).eq(known.iter().copied()) {
                hidden.push_str(&words[copied..characters[figures[run]].0]);
                hidden.push('…');
                copied = characters[figures[nth - 1]].0;
            }
        }
        if copied == 0 {
            return None;
        }
        hidden.push_str(&words[copied..]);
        Some(hidden)
    }

    /// Words of a person of whom it is known that they may hold this number: it is hidden, and every other.
    pub fn and_others_hidden_in(&self, words: &str) -> String {
        hidden_in(&self.hidden_in(words).unwrap_or_else(|| words.to_owned()))
    }

    /// The ISO 3166 region the number belongs to, if the numbering plan tells.
    pub fn region(&self) -> Option<String> {
        let parsed = PHONE_NUMBER_UTIL.parse(&self.0, None).ok()?;
        parsed.get_region_code().map(|region| region.to_string())
    }
}

/// A number as it is shown to who does not need it: its beginning and its last two figures, `+1202•••••43`. Enough to
/// tell two women apart, too little to ring one.
pub fn masked(e164: &str) -> String {
    let length = e164.chars().count();
    let shown = |place: usize| length > 8 && (place < 5 || place + 2 >= length);
    e164.chars().enumerate().map(|(place, figure)| if shown(place) { figure } else { '•' }).collect()
}

impl fmt::Debug for PhoneNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "+…{}", &self.0[self.0.len() - 2..])
    }
}

#[cfg(test)]
mod tests {
    use super::{PhoneNumber, masked};

    #[test]
    fn a_masked_number_cannot_be_rung() {
        assert_eq!("+1202•••••43", masked("+12025550143"));
        assert_eq!("+7916•••••67", masked("+79161234567"));
        assert_eq!("••••••", masked("+12025"));
    }

    #[test]
    fn a_number_is_hidden_however_she_wrote_it() {
        let number = PhoneNumber::from_e164("+12025550143").expect("a number");
        for (words, hidden) in [
            ("MOVE (202) 555-0143 please", "MOVE (…43 please"),
            ("MOVE 202.555.0143", "MOVE …43"),
            ("Shall we text +12025550143 from now on?", "Shall we text +…43 from now on?"),
            ("12025550143 or 2025550143.", "…43 or …43."),
        ] {
            assert_eq!(Some(hidden.to_owned()), number.hidden_in(words), "{words}");
        }
        for other in ["MOVE 202-555-0144", "call 911", "", "2026-11-28T10:01:43.201255Z", "20255501430"] {
            assert_eq!(None, number.hidden_in(other), "{other}");
        }
        let home = PhoneNumber::from_e164("+79161234567").expect("a number");
        assert_eq!(Some("НОМЕР …67".to_owned()), home.hidden_in("НОМЕР 8 916 123-45-67"));
    }
}
