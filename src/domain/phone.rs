//! Phone numbers as people type them, brought to E.164 by a port of Google's libphonenumber.

use std::fmt;

use rlibphonenumber::enums::Region;
use rlibphonenumber::{PHONE_NUMBER_UTIL, PhoneNumberFormat};
use serde::{Deserialize, Serialize};

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

/// Figures in a row that may be a phone number: no country's are fewer, with its code.
const FEWEST_FIGURES: usize = 8;

/// A text of machines in which no phone number stands any more: of so many figures in a row the last two are left.
pub fn hidden_in(text: &str) -> String {
    let mut hidden = String::with_capacity(text.len());
    let mut figures = String::new();
    let put = |figures: &mut String, hidden: &mut String| {
        if figures.len() < FEWEST_FIGURES {
            hidden.push_str(figures);
        } else {
            hidden.push('…');
            hidden.push_str(&figures[figures.len() - 2..]);
        }
        figures.clear();
    };
    for character in text.chars() {
        if character.is_ascii_digit() {
            figures.push(character);
        } else {
            put(&mut figures, &mut hidden);
            hidden.push(character);
        }
    }
    put(&mut figures, &mut hidden);
    hidden
}

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

    /// The ISO 3166 region the number belongs to, if the numbering plan tells.
    pub fn region(&self) -> Option<String> {
        let parsed = PHONE_NUMBER_UTIL.parse(&self.0, None).ok()?;
        parsed.get_region_code().map(|region| region.to_string())
    }
}

impl fmt::Debug for PhoneNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "+…{}", &self.0[self.0.len() - 2..])
    }
}

#[cfg(test)]
mod tests {
    use super::hidden_in;

    #[test]
    fn numbers_are_hidden_and_nothing_else() {
        let raw = "To=%2B12025550143&MessageStatus=sent&ErrorCode=30003&sid=SM9f12";
        assert_eq!("To=%2B…43&MessageStatus=sent&ErrorCode=30003&sid=SM9f12", hidden_in(raw));
        assert_eq!("…67", hidden_in("79161234567"));
    }
}
