//! What spreadsheets and word processors do to words by themselves, and how it is put back. They make quotes curly,
//! hyphens long, three periods one sign; they add spaces and line breaks. In a language whose alphabet is that of
//! GSM-7 each of these signs can double the SMS of a text. A language that is UCS-2 anyway keeps what it was given:
//! its «quotes» and its – cost nothing, and are right.

use unicode_normalization::UnicodeNormalization;

use super::{Mended, Sign};
use crate::domain::segment::{self, Encoding, Segmentation};

/// The words without what happened to them by accident, given those that stand there now, and what was put back.
pub fn mended(standing: Option<&str>, words: &str) -> (String, Option<Mended>) {
    let tidied = tidied(words);
    if let Some(standing) = standing {
        if tidied == standing {
            return (tidied, None);
        }
        if squeezed(&tidied) == squeezed(standing) {
            return (standing.to_owned(), Some(Mended::Spaces));
        }
    }
    if !is_gsm_alphabet(&tidied) {
        return (tidied, None);
    }
    let (plain, signs) = plain(&tidied);
    if signs.is_empty() {
        return (tidied, None);
    }
    if let Some(standing) = standing
        && alike_but_for_accidents(standing, &tidied)
    {
        return (standing.to_owned(), Some(Mended::Signs(signs)));
    }
    let counted = segment::count(&tidied);
    let dearer_than_standing = standing.is_none_or(|standing| is_dearer(&counted, &segment::count(standing)));
    if dearer_than_standing && is_dearer(&counted, &segment::count(&plain)) {
        return (plain, Some(Mended::Dear(signs)));
    }
    (tidied, None)
}

/// Whether two texts differ by nothing but what programs do by themselves.
pub fn alike_but_for_accidents(one: &str, other: &str) -> bool {
    squeezed(&plain(one).0) == squeezed(&plain(other).0)
}

/// Whether all letters of a text are those of GSM-7, or variants of them: á, but not й.
pub fn is_gsm_alphabet(text: &str) -> bool {
    let culprits = segment::count(text).culprits;
    culprits.iter().all(|culprit| !culprit.character.is_alphabetic() || culprit.substitute.is_some())
}

/// Composed letters, one kind of line end, nothing around.
fn tidied(words: &str) -> String {
    // What Excel writes for a carriage return inside a cell.
    let words = words.replace("_x000D_", "").replace("\r\n", "\n").replace('\r', "\n");
    words.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}').nfc().collect()
}

fn squeezed(words: &str) -> String {
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The words with plain signs, and the signs that were replaced. Letters are the author's choice and stay.
fn plain(words: &str) -> (String, Vec<Sign>) {
    let mut plain = words.to_owned();
    let mut signs = Vec::new();
    for culprit in segment::count(words).culprits {
        if let Some(substitute) = culprit.substitute.filter(|_| !culprit.character.is_alphabetic()) {
            plain = plain.replace(culprit.character, substitute);
            signs.push(match culprit.character {
                '\u{a0}' | '\u{2007}' | '\u{202f}' => Sign::Unbreaking,
                c if c.is_whitespace() || substitute.is_empty() => Sign::Space,
                c => Sign::Itself(c),
            });
        }
    }
    signs.dedup();
    (plain, signs)
}

fn is_dearer(one: &Segmentation, other: &Segmentation) -> bool {
    let ucs2 = |counted: &Segmentation| counted.encoding == Encoding::Ucs2;
    one.segments > other.segments || ucs2(one) && !ucs2(other)
}
