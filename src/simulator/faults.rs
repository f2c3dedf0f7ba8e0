//! What can go wrong at a gateway. The table is in [`super`].

use std::fmt;
use std::str::FromStr;

/// One way of going wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// This HTTP status, in the dialect's own words where it has some.
    Status {
        /// 400 to 599.
        status: u16,
        /// Whether the text is taken all the same.
        taken: bool,
    },
    /// One of Twilio's error codes, and the words of the other dialects that come nearest. Not taken.
    Code(u32),
    /// The connection is reset. Not taken.
    Reset,
    /// Taken; the connection ends before the answer, or in the middle of it.
    Lost,
    /// Taken; the answer comes after the service has stopped waiting for it.
    Late,
    /// Taken; the answer comes byte by byte.
    Drip,
    /// 200 with nonsense.
    Garbage {
        /// Whether the text is taken all the same.
        taken: bool,
    },
}

impl Fault {
    /// Whether the text is taken, and will reach her.
    pub fn takes(self) -> bool {
        match self {
            Self::Lost | Self::Late | Self::Drip => true,
            Self::Status { taken, .. } | Self::Garbage { taken } => taken,
            Self::Code(_) | Self::Reset => false,
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let taken = |taken: bool| if taken { "-taken" } else { "" };
        match self {
            Self::Status { status, taken: kept } => write!(f, "{status}{}", taken(*kept)),
            Self::Code(code) => write!(f, "{code}"),
            Self::Reset => f.write_str("reset"),
            Self::Lost => f.write_str("lost"),
            Self::Late => f.write_str("late"),
            Self::Drip => f.write_str("drip"),
            Self::Garbage { taken: kept } => write!(f, "garbage{}", taken(*kept)),
        }
    }
}

impl FromStr for Fault {
    type Err = String;

    fn from_str(name: &str) -> Result<Self, String> {
        let (word, taken) = match name.strip_suffix("-taken") {
            Some(word) => (word, true),
            None => (name, false),
        };
        match (word, word.parse::<u32>()) {
            ("reset", _) if !taken => Ok(Self::Reset),
            ("lost", _) if !taken => Ok(Self::Lost),
            ("late", _) if !taken => Ok(Self::Late),
            ("drip", _) if !taken => Ok(Self::Drip),
            ("garbage", _) => Ok(Self::Garbage { taken }),
            (_, Ok(status @ 400..=599)) => Ok(Self::Status { status: status as u16, taken }),
            (_, Ok(code @ 10_000..=99_999)) if !taken => Ok(Self::Code(code)),
            _ => Err(format!(
                "{name:?} is no fault: write an HTTP status from 400 to 599, a code of Twilio's such as 21610, \
                 reset, lost, late, drip or garbage; a status or garbage may end in -taken"
            )),
        }
    }
}

/// Faults with their probabilities.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Errors(Vec<(Fault, f64)>);

impl Errors {
    /// The fault that a roll in 0..1 meets.
    pub fn drawn(&self, roll: f64) -> Option<Fault> {
        let mut upto = 0.0;
        self.0.iter().find_map(|(fault, probability)| {
            upto += probability;
            (roll < upto).then_some(*fault)
        })
    }
}

/// `500=0.01,lost=0.02`.
impl FromStr for Errors {
    type Err = String;

    fn from_str(list: &str) -> Result<Self, String> {
        let pairs = list.split(',').map(str::trim).filter(|pair| !pair.is_empty());
        let errors: Vec<_> = pairs
            .map(|pair| {
                let (name, number) =
                    pair.split_once('=').ok_or(format!("{pair:?}: write fault=probability"))?;
                Ok((name.trim().parse()?, probability(number.trim())?))
            })
            .collect::<Result<_, String>>()?;
        if errors.iter().map(|(_, probability)| probability).sum::<f64>() > 1.0 + 1e-9 {
            return Err("the probabilities come to more than 1".to_owned());
        }
        Ok(Self(errors))
    }
}

/// A number from 0 to 1.
pub fn probability(text: &str) -> Result<f64, String> {
    match text.parse() {
        Ok(number) if (0.0..=1.0).contains(&number) => Ok(number),
        _ => Err(format!("{text:?} is no probability: write a number from 0 to 1")),
    }
}
