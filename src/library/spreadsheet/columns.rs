//! The columns of a sheet, and how they are found again: by their names, in any order.

use std::collections::BTreeMap;

use super::sheet::{Cell, Sheet, letters};
use crate::library::exchange::{Damaged, Note, Odd};
use crate::library::field::{Field, Kind};

/// The names stand in one of the first rows; above them may be a title.
const HEADER_WITHIN: u32 = 10;

/// What a column holds.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Column {
    /// The tip's id.
    Id,
    /// A field.
    Field(Field),
    /// The words in a language.
    Words(String),
    /// How many SMS they take; for reading only.
    Sms(String),
    /// What the tip was when it was exported.
    Fingerprint,
}

impl Column {
    /// All columns of a program with these languages, from left to right.
    pub fn all(languages: &[String]) -> Vec<Self> {
        let place = [
            Field::Track,
            Field::Loss,
            Field::Of,
            Field::Week,
            Field::Slot,
            Field::Topic,
            Field::Needs,
            Field::Reader,
            Field::Priority,
        ];
        let standing = [Field::State, Field::Stale, Field::Reviewer, Field::ReviewedOn, Field::ExpiresOn];
        let source = [Field::Organization, Field::Title, Field::Url, Field::Year];
        let mut columns = vec![Self::Id];
        columns.extend(place.map(Self::Field));
        columns.extend(languages.iter().cloned().map(Self::Words));
        columns.extend(languages.iter().cloned().map(Self::Sms));
        columns.extend(standing.map(Self::Field));
        columns.extend(source.map(Self::Field));
        columns.push(Self::Fingerprint);
        columns
    }

    /// What stands above it.
    pub fn name(&self) -> String {
        match self {
            Self::Id => "id".to_owned(),
            Self::Field(field) => field.name().to_owned(),
            Self::Words(language) => format!("text {language}"),
            Self::Sms(language) => format!("SMS {language}"),
            Self::Fingerprint => "fingerprint".to_owned(),
        }
    }

    /// How wide it is shown, in characters.
    pub fn width(&self) -> f64 {
        match self {
            Self::Id | Self::Field(Field::Of) => 32.0,
            Self::Words(_) => 56.0,
            Self::Field(Field::Title | Field::Url) => 36.0,
            Self::Field(Field::Topic | Field::Organization | Field::Reviewer) => 18.0,
            Self::Fingerprint => 14.0,
            Self::Field(_) => 12.0,
            Self::Sms(_) => 8.0,
        }
    }

    /// Whether its cells are numbers.
    pub fn is_number(&self) -> bool {
        match self {
            Self::Sms(_) => true,
            Self::Field(field) => field.kind() == Kind::Number,
            _ => false,
        }
    }

    /// Whether people read it and do not write in it.
    pub fn is_for_reading(&self) -> bool {
        matches!(self, Self::Sms(_) | Self::Fingerprint)
    }
}

/// Where each column of a sheet lies.
pub struct Header {
    /// The row of the names.
    pub row: u32,
    /// Column → its number, from 0.
    pub columns: BTreeMap<Column, u32>,
    /// Names that are none, each by its column's number.
    pub unknown: BTreeMap<u32, Note>,
}

impl Header {
    /// Finds the row with the names; none if the sheet has none.
    pub fn find(sheet: &Sheet, languages: &[String]) -> Result<Option<Self>, Damaged> {
        let is_header = |cells: &BTreeMap<u32, Cell>| cells.values().any(|cell| named(cell) == "id");
        let mut first = sheet.rows.range(1..=HEADER_WITHIN);
        let Some((row, cells)) = first.find(|(_, cells)| is_header(cells)) else { return Ok(None) };
        if let Some(merged) = sheet.merged.iter().find(|m| (m.rows.0..=m.rows.1).contains(row)) {
            return Err(Damaged::MergedNames(format!("{}!{}", sheet.name, merged.range)));
        }
        let known: BTreeMap<String, Column> =
            Column::all(languages).into_iter().map(|column| (folded(&column.name()), column)).collect();
        let mut header = Self { row: *row, columns: BTreeMap::new(), unknown: BTreeMap::new() };
        for (number, cell) in cells {
            let place = sheet.place(*row, *number);
            let name = named(cell);
            // A column headed by the bare language code is its words.
            let column = known.get(&name).or_else(|| known.get(&format!("text {name}")));
            let Some(column) = column else {
                let odd = match cell {
                    Cell::Formula => Some(Odd::Formula),
                    Cell::Other(odd) => Some(odd.clone()),
                    _ => None,
                };
                let note = match odd {
                    Some(what) => Note::NoColumnName { place, what },
                    None => Note::NoColumn { place, name },
                };
                header.unknown.insert(*number, note);
                continue;
            };
            if let Some(first) = header.columns.insert(column.clone(), *number) {
                return Err(Damaged::ColumnTwice { place, column: column.name(), first: letters(first) });
            }
        }
        Ok(Some(header))
    }
}

fn named(cell: &Cell) -> String {
    match cell {
        Cell::Text(text) => folded(text),
        Cell::Number(number) => number.to_string(),
        Cell::Date(date) => date.to_string(),
        Cell::Formula => Odd::Formula.to_string(),
        Cell::Truth(truth) => truth.to_string(),
        Cell::Other(odd) => odd.to_string(),
    }
}

/// `Source.URL` and `source_url` are both `source url`.
fn folded(name: &str) -> String {
    let spaced = name.to_lowercase().replace(['_', '.', '-', '\u{a0}', '\u{feff}'], " ");
    spaced.split_whitespace().collect::<Vec<_>>().join(" ")
}
