//! The named values of a webhook, from a query or a form body, and what may stand in one.

use std::borrow::Cow;

use super::Rejection;

/// No webhook of one text or report comes near it; what does is not one.
pub(super) const LONGEST_CALL: usize = 64 * 1024;
/// Ids, numbers and status words are far shorter; only a body may be longer.
const LONGEST_WORD: usize = 200;

/// A name and its value, as they lie in the call unless something in them was escaped.
type Pair<'a> = (Cow<'a, str>, Cow<'a, str>);

pub(super) struct Fields<'a>(Vec<Pair<'a>>);

impl<'a> Fields<'a> {
    pub fn parse(encoded: &'a [u8]) -> Result<Self, Rejection> {
        if encoded.len() > LONGEST_CALL {
            return Err(Rejection::Malformed("longer than any webhook"));
        }
        Ok(Self(form_urlencoded::parse(encoded).collect()))
    }

    /// The first value of that name, of any length.
    pub fn text(&self, name: &str) -> Option<&str> {
        let (_, value) = self.0.iter().find(|(known, _)| known == name)?;
        Some(value)
    }

    /// A value that is there and short, such as an id. Providers send empty ones for "none".
    pub fn word(&self, name: &str) -> Option<&str> {
        self.text(name).filter(|value| is_word(value))
    }

    pub fn required(&self, name: &str, missing: &'static str) -> Result<String, Rejection> {
        match self.word(name) {
            Some(value) => Ok(value.to_owned()),
            None => Err(Rejection::Malformed(missing)),
        }
    }

    pub fn pairs(&self) -> &[Pair<'a>] {
        &self.0
    }
}

/// A value of JSON that must be there and short.
pub(super) fn word(value: Option<String>, missing: &'static str) -> Result<String, Rejection> {
    value.filter(|value| is_word(value)).ok_or(Rejection::Malformed(missing))
}

pub(super) fn is_word(value: &str) -> bool {
    !value.is_empty() && value.len() <= LONGEST_WORD
}
