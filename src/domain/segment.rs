//! SMS segments: how a text is encoded and cut, and which characters make it dear.
//!
//! GSM-7 per 3GPP TS 23.038 (default alphabet and its extension table): 160 septets alone, 153 a part when
//! joined. UCS-2 otherwise: 70 UTF-16 units alone, 67 a part (3GPP TS 23.040, 8-bit reference header).
//! A part never cuts an escape pair or a surrogate pair.

use serde::{Deserialize, Serialize};

/// How a text travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Encoding {
    /// The GSM default alphabet, seven bits a character.
    #[serde(rename = "GSM-7")]
    Gsm7,
    /// Two bytes a UTF-16 unit.
    #[serde(rename = "UCS-2")]
    Ucs2,
}

impl Encoding {
    /// Its usual name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Gsm7 => "GSM-7",
            Self::Ucs2 => "UCS-2",
        }
    }

    fn capacity(self) -> (u32, u32) {
        match self {
            Self::Gsm7 => (160, 153),
            Self::Ucs2 => (70, 67),
        }
    }

    fn units(self, c: char) -> u32 {
        match self {
            Self::Gsm7 => gsm7_units(c).unwrap_or(0),
            Self::Ucs2 => u32::from(c.len_utf16() as u16),
        }
    }
}

/// A character that forces UCS-2, and the GSM-7 character to write instead where there is one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Culprit {
    /// The character as written.
    #[serde(rename = "char")]
    pub character: char,
    /// What to write instead.
    pub substitute: Option<&'static str>,
}

/// How a text would be sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Segmentation {
    /// GSM-7 if every character allows it.
    pub encoding: Encoding,
    /// Septets or UTF-16 units in all.
    pub units: u32,
    /// How many SMS it takes; the empty text takes one.
    pub segments: u32,
    /// The units of each.
    pub parts: Vec<u32>,
    /// What forces UCS-2, each character once, in order of appearance.
    pub culprits: Vec<Culprit>,
}

/// Counts the segments of a text.
pub fn count(text: &str) -> Segmentation {
    let culprits = culprits(text);
    let encoding = if culprits.is_empty() { Encoding::Gsm7 } else { Encoding::Ucs2 };
    let units = text.chars().map(|c| encoding.units(c)).sum();
    let (alone, joined) = encoding.capacity();
    let parts = if units <= alone { vec![units] } else { pack(text, encoding, joined) };
    Segmentation { encoding, units, segments: parts.len() as u32, parts, culprits }
}

/// Cuts a text as it would be cut on the way: the joined pieces are the text.
pub fn split(text: &str) -> Vec<&str> {
    let counted = count(text);
    let mut pieces = Vec::with_capacity(counted.parts.len());
    let mut rest = text;
    for part in counted.parts {
        let mut units = 0;
        let end = rest
            .char_indices()
            .find(|(_, c)| {
                units += counted.encoding.units(*c);
                units > part
            })
            .map_or(rest.len(), |(at, _)| at);
        let (piece, tail) = rest.split_at(end);
        pieces.push(piece);
        rest = tail;
    }
    pieces
}

fn pack(text: &str, encoding: Encoding, capacity: u32) -> Vec<u32> {
    let mut parts = vec![0];
    for c in text.chars() {
        let units = encoding.units(c);
        match parts.last_mut() {
            Some(last) if *last + units <= capacity => *last += units,
            _ => parts.push(units),
        }
    }
    parts
}

fn culprits(text: &str) -> Vec<Culprit> {
    let mut found: Vec<Culprit> = Vec::new();
    for c in text.chars().filter(|c| gsm7_units(*c).is_none()) {
        if found.iter().all(|culprit| culprit.character != c) {
            found.push(Culprit { character: c, substitute: substitute(c) });
        }
    }
    found
}

/// Septets a character takes in GSM-7, none if the alphabet lacks it.
fn gsm7_units(c: char) -> Option<u32> {
    match c {
        '\n' | '\r' | ' '..='Z' | 'a'..='z' => Some(1),
        '_' | '£' | '¥' | 'è' | 'é' | 'ù' | 'ì' | 'ò' | 'Ç' | 'Ø' | 'ø' | 'Å' | 'å' | 'Δ' | 'Φ' | 'Γ'
        | 'Λ' | 'Ω' | 'Π' | 'Ψ' | 'Σ' | 'Θ' | 'Ξ' | 'Æ' | 'æ' | 'ß' | 'É' | '¤' | '¡' | 'Ä' | 'Ö' | 'Ñ'
        | 'Ü' | '§' | '¿' | 'ä' | 'ö' | 'ñ' | 'ü' | 'à' => Some(1),
        '\u{c}' | '^' | '{' | '}' | '\\' | '[' | '~' | ']' | '|' | '€' => Some(2),
        _ => None,
    }
}

/// The plain character that authors should write instead of a costly one.
fn substitute(c: char) -> Option<&'static str> {
    Some(match c {
        '‘' | '’' | '‚' | '‛' | '′' | '`' | '´' | 'ʼ' => "'",
        '“' | '”' | '„' | '‟' | '″' | '«' | '»' => "\"",
        '‐' | '‑' | '‒' | '–' | '—' | '―' | '−' => "-",
        '…' => "...",
        '•' | '·' => "-",
        '\u{a0}' | '\u{2002}' | '\u{2003}' | '\u{2007}' | '\u{2009}' | '\u{202f}' | '\t' => " ",
        '\u{200b}' | '\u{200c}' | '\u{200d}' | '\u{2060}' | '\u{feff}' | '\u{ad}' => "",
        'á' | 'â' | 'ã' | 'ā' => "a",
        'Á' | 'À' | 'Â' | 'Ã' => "A",
        'ê' | 'ë' => "e",
        'È' | 'Ê' | 'Ë' => "E",
        'í' | 'î' | 'ï' => "i",
        'Í' | 'Ì' | 'Î' | 'Ï' => "I",
        'ó' | 'ô' | 'õ' => "o",
        'Ó' | 'Ò' | 'Ô' | 'Õ' => "O",
        'ú' | 'û' => "u",
        'Ú' | 'Ù' | 'Û' => "U",
        'ç' => "c",
        '№' => "No.",
        '½' => "1/2",
        '¼' => "1/4",
        '¾' => "3/4",
        '×' => "x",
        '≥' => ">=",
        '≤' => "<=",
        '™' => "(TM)",
        '©' => "(C)",
        '®' => "(R)",
        _ => return None,
    })
}
