//! A row of a list, as whoever looks at it may see it.

use chrono::NaiveDate;
use uuid::Uuid;

use super::list_words::Words;
use crate::domain::phone::masked;
use crate::domain::role::Right;
use crate::flows::importing::{Group, Note, Verdict};
use crate::store::imports::{Import, Row};
use crate::web::console::access::Signed;
use crate::web::console::tongue::{Tongue, fill};

/// So many figures may be a phone number, however they are written.
const FIGURES: usize = 7;

/// Who looks at a list.
#[derive(Clone, Copy)]
pub struct Viewer {
    /// They brought it: they have the numbers before them as it is.
    pub owner: bool,
    /// They may know of every woman whom whoever had it checked may know of.
    covers: bool,
}

impl Viewer {
    /// Somebody who is signed in. What is said of a woman was said by the reach of who brought the list: who reaches less
    /// far is told no more than that she is not to be had.
    pub fn of(signed: &Signed, import: &Import) -> Self {
        let reach: Vec<String> = serde_json::from_str(&import.reach).unwrap_or_default();
        Self {
            owner: import.account_id == Some(signed.account.id),
            covers: reach.iter().all(|program| signed.may_in(Right::Act, program)),
        }
    }

    fn told(self, verdict: Verdict) -> Verdict {
        match verdict {
            Verdict::Stopped | Verdict::Blocked | Verdict::Lost if !self.covers => Verdict::Closed,
            verdict => verdict,
        }
    }

    #[cfg(test)]
    pub fn sample() -> Self {
        Self { owner: true, covers: true }
    }
}

/// A row, as it is shown.
pub struct Line {
    /// Its row in the file.
    pub row: String,
    /// The number as it stands there.
    pub typed: String,
    /// In E.164.
    pub phone: String,
    /// The date.
    pub date: String,
    /// The verdict in a word.
    pub verdict: &'static str,
    /// Of which kind it is.
    pub badge: &'static str,
    /// What is to be said.
    pub notes: Vec<String>,
    /// Whose page tells more.
    pub her: Option<Uuid>,
}

/// A row as it is shown. Who did not bring the list sees its numbers masked.
pub fn line(tongue: Tongue, row: &Row, viewer: Viewer) -> Line {
    let words = Words::of(tongue);
    let known = Verdict::named(&row.verdict).unwrap_or(Verdict::Broke);
    let verdict = viewer.told(known);
    let said = |note: &Note| {
        let sentence = words.sentence(viewer.told(note.what()?))?;
        let shown = |value: &String| match viewer.owner {
            true => value.clone(),
            false => unnumbered(note, value),
        };
        let values: Vec<String> = note.1.iter().map(|value| dated(tongue, note, shown(value))).collect();
        let named: Vec<(&str, &str)> =
            ["0", "1"].into_iter().zip(values.iter().map(String::as_str)).collect();
        Some(fill(sentence, &named))
    };
    let date = row.anchor_date.map_or_else(String::new, |date| {
        let kind = if row.anchor_kind.as_deref() == Some("born") { words.born } else { words.due };
        fill(kind, &[("date", &tongue.day(date))])
    });
    Line {
        row: row.place.to_string(),
        typed: if viewer.owner { row.typed.clone() } else { outlined(&row.typed) },
        phone: row
            .phone
            .as_deref()
            .map_or_else(String::new, |number| if viewer.owner { number.to_owned() } else { masked(number) }),
        date,
        verdict: words.group(verdict.group()),
        badge: match verdict.group() {
            Group::Good | Group::Enrolled => "good",
            Group::Repaired => "accent",
            Group::Before | Group::Twice | Group::Never => "warn",
            _ => "bad",
        },
        notes: Note::all_from_json(&row.notes).iter().filter_map(said).collect(),
        her: row.subscriber_id.filter(|_| verdict == known),
    }
}

/// What fills a sentence, in which no number stands: somebody may have written one into any cell.
fn unnumbered(note: &Note, value: &str) -> String {
    match note.what() {
        Some(Verdict::NumberUnsure) => masked(value),
        // What was read as a date is none.
        Some(Verdict::DateUnsure | Verdict::DateImpossible | Verdict::DateOrder | Verdict::DateOnly) => {
            value.to_owned()
        }
        _ if value.chars().filter(|c| c.is_numeric()).count() >= FIGURES => outlined(value),
        _ => value.to_owned(),
    }
}

/// What fills a sentence, a date as people write it.
fn dated(tongue: Tongue, note: &Note, value: String) -> String {
    match note.what() {
        Some(Verdict::DateUnsure | Verdict::DateImpossible) => {
            value.parse::<NaiveDate>().map_or(value, |date| tongue.day(date))
        }
        _ => value,
    }
}

/// What stands in a file for a number, with nothing left of it but its shape and its end: beside the number as it was
/// read it must not tell more of it.
fn outlined(typed: &str) -> String {
    let figures = typed.chars().filter(|c| c.is_alphanumeric()).count();
    let mut passed = 0;
    let outline = |c: char| {
        passed += usize::from(c.is_alphanumeric());
        if c.is_alphanumeric() && (passed + 2 <= figures || figures <= 4) { '•' } else { c }
    };
    typed.chars().map(outline).collect()
}

#[cfg(test)]
mod tests {
    use super::outlined;

    #[test]
    fn a_number_is_left_its_shape_and_its_end() {
        for (typed, shown) in [
            ("(202) 555-0143", "(•••) •••-••43"),
            ("2025550143", "••••••••43"),
            ("call Amy", "•••• •my"),
            ("=", "="),
            ("", ""),
            ("1234", "••••"),
        ] {
            assert_eq!(shown, outlined(typed));
        }
    }
}
