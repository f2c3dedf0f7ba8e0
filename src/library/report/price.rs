//! Prices of an SMS, reckoned in whole millionths, so that no sum is off by a rounding.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use serde::{Serialize, Serializer};

use crate::domain::language::Language;

/// Figures behind the point.
const DECIMALS: usize = 6;
/// So many millionths make one.
const ONE: u64 = 1_000_000;
/// A price is less than this: more would be a slip of the finger.
const LIMIT: u64 = 1_000 * ONE;

/// A sum of money, in millionths of the currency's unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Price(u64);

/// The text is not a price.
#[derive(Debug, thiserror::Error)]
#[error(
    "{0:?} is not a price; write it like 0.0083: figures and a point, less than 1000, six decimals at most"
)]
pub struct NotAPrice(String);

/// What an SMS costs.
#[derive(Clone, Debug, Default)]
pub struct Prices {
    /// In which currency.
    pub currency: String,
    /// In each language that has no price of its own.
    pub each: Option<Price>,
    /// In these languages.
    pub of: BTreeMap<Language, Price>,
}

impl Prices {
    /// The price in a language.
    pub fn of(&self, language: Language) -> Option<Price> {
        self.of.get(&language).copied().or(self.each)
    }

    /// Whether there is any.
    pub fn any(&self) -> bool {
        self.each.is_some() || !self.of.is_empty()
    }
}

impl Price {
    /// The price of so many.
    pub fn times(self, count: u32) -> Self {
        Self(self.0.saturating_mul(count.into()))
    }

    /// As a number, for a sum that people read.
    pub fn amount(self) -> f64 {
        self.0 as f64 / ONE as f64
    }

    /// Rounded to hundredths, half a hundredth upward.
    pub fn rounded(self) -> String {
        let hundredths = self.0.saturating_add(ONE / 200) / (ONE / 100);
        format!("{}.{:02}", hundredths / 100, hundredths % 100)
    }
}

impl FromStr for Price {
    type Err = NotAPrice;

    fn from_str(text: &str) -> Result<Self, NotAPrice> {
        let wrong = || NotAPrice(text.to_owned());
        let (whole, part) = text.split_once('.').unwrap_or((text, ""));
        let figures = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        let empty = whole.is_empty() && part.is_empty();
        if empty || !figures(whole) || !figures(part) || part.len() > DECIMALS || whole.len() > DECIMALS {
            return Err(wrong());
        }
        let number = |text: &str| if text.is_empty() { Ok(0) } else { text.parse::<u64>() };
        let whole = number(whole).map_err(|_| wrong())?;
        let part = number(&format!("{part:0<DECIMALS$}")).map_err(|_| wrong())?;
        let millionths = whole * ONE + part;
        if millionths < LIMIT { Ok(Self(millionths)) } else { Err(wrong()) }
    }
}

/// Without figures that say nothing: 0.0083, 12.5, 3.
impl fmt::Display for Price {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let all = format!("{}.{:0DECIMALS$}", self.0 / ONE, self.0 % ONE);
        f.pad(all.trim_end_matches('0').trim_end_matches('.'))
    }
}

/// As a number.
impl Serialize for Price {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_f64(self.0 as f64 / ONE as f64)
    }
}
