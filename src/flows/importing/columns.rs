//! Which column of a list is which, by its heading in any of our languages.

use std::collections::BTreeMap;

use super::headings::of_consent;
use crate::domain::named::named;
use crate::library::spreadsheet::{Cell, Sheet};

named! {
    /// A column that is read.
    pub enum Column {
        /// Her number.
        Phone = "phone",
        /// Her language.
        Language = "language",
        /// The due date.
        Due = "due_date",
        /// The baby's birth.
        Born = "birth_date",
        /// Where she lives.
        Place = "place",
        /// Who she is to the baby.
        Reader = "reader",
        /// By whose code she comes.
        Partner = "partner",
        /// When she agreed.
        AgreedOn = "consent_date",
        /// How she agreed.
        AgreedHow = "consent_how",
    }
}

impl Column {
    /// Without these nobody is enrolled; and without one of the two dates.
    pub const NEEDED: [Self; 3] = [Self::Phone, Self::AgreedOn, Self::AgreedHow];
}

/// Where the columns of a sheet stand.
#[derive(Clone, Debug)]
pub struct Columns {
    /// The row of the headings, from 1.
    pub heading: u32,
    /// Each that was found.
    pub found: BTreeMap<&'static str, u32>,
    /// Two headings of one column: the column, the heading that is read, the one that is not.
    pub doubled: Vec<(Column, [String; 2])>,
    /// Headings that nothing is read under.
    pub unread: Vec<String>,
}

/// Rows in which headings are looked for: some put a title above them.
const HEADINGS_WITHIN: usize = 10;
/// So many headings that are not read are named.
const MOST_NAMED: usize = 12;
/// A heading is shown no longer.
const SHOWN: usize = 40;

impl Columns {
    /// Looks for the headings: the first row that has one for the number.
    pub fn find(sheet: &Sheet) -> Option<Self> {
        sheet
            .rows
            .iter()
            .take(HEADINGS_WITHIN)
            .map(|(row, cells)| Self::of(*row, cells))
            .find(Self::has_phone)
    }

    fn has_phone(&self) -> bool {
        self.found.contains_key(Column::Phone.name())
    }

    /// What a row says if it is the headings.
    fn of(row: u32, cells: &BTreeMap<u32, Cell>) -> Self {
        let mut columns =
            Self { heading: row, found: BTreeMap::new(), doubled: Vec::new(), unread: Vec::new() };
        let mut named: BTreeMap<&'static str, Vec<(u32, String)>> = BTreeMap::new();
        for (place, cell) in cells {
            let Cell::Text(heading) = cell else { continue };
            let shown: String = heading.trim().chars().take(SHOWN).collect();
            match Column::called(heading) {
                Some(called) => named.entry(called.name()).or_default().push((*place, shown)),
                None => columns.unread.push(shown),
            }
        }
        for column in Column::ALL.iter().copied() {
            let Some(mut headings) = named.remove(column.name()) else { continue };
            // "Number" beside "Phone" counts the rows.
            if headings.iter().any(|(_, heading)| column.is_named_well(heading)) {
                let weak = headings.extract_if(.., |(_, heading)| !column.is_named_well(heading));
                columns.unread.extend(weak.map(|(_, heading)| heading));
            }
            let mut headings = headings.into_iter();
            let Some((place, first)) = headings.next() else { continue };
            columns.found.insert(column.name(), place);
            columns.doubled.extend(headings.map(|(_, other)| (column, [first.clone(), other])));
        }
        // What speaks of consent is named, whatever else there is.
        columns.unread.sort_by_key(|heading| !of_consent(heading));
        columns.unread.truncate(MOST_NAMED);
        columns
    }

    /// The needed ones that are not there.
    pub fn missing(&self) -> Vec<Column> {
        let mut missing: Vec<Column> =
            Column::NEEDED.into_iter().filter(|column| !self.found.contains_key(column.name())).collect();
        if [Column::Due, Column::Born].iter().all(|column| !self.found.contains_key(column.name())) {
            missing.push(Column::Due);
        }
        missing
    }

    /// Of the columns that decide who is enrolled, one that stands there twice: nobody knows which of the two is meant.
    pub fn contradicted(&self) -> Option<&[String; 2]> {
        let decides = [Column::Phone, Column::Due, Column::Born, Column::AgreedOn, Column::AgreedHow];
        self.doubled.iter().find(|(column, _)| decides.contains(column)).map(|(_, both)| both)
    }

    /// A row's cell in a column.
    pub fn cell<'a>(&self, cells: &'a BTreeMap<u32, Cell>, column: Column) -> Option<&'a Cell> {
        cells.get(self.found.get(column.name())?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn columns(headings: &[&str]) -> Option<Columns> {
        let cells =
            (0u32..).zip(headings).map(|(at, heading)| (at, Cell::Text((*heading).to_owned()))).collect();
        Columns::find(&Sheet { rows: BTreeMap::from([(3, cells)]), ..Sheet::default() })
    }

    #[test]
    fn the_clearer_heading_is_taken_and_two_of_one_column_are_told() {
        let found = |headings: &[&str], column: Column| {
            columns(headings).and_then(|columns| columns.found.get(column.name()).copied())
        };
        assert_eq!(Some(1), found(&["Номер", "Телефон", "Согласие"], Column::Phone));
        assert_eq!(Some(0), found(&["Number", "consent"], Column::Phone));
        assert_eq!(None, found(&["phone", "Partner"], Column::Partner));
        assert_eq!(None, found(&["phone", "Партнёр"], Column::Partner));
        assert_eq!(Some(1), found(&["phone", "Partner code", "Code"], Column::Partner));
        let both = |headings: &[&str]| columns(headings).and_then(|columns| columns.contradicted().cloned());
        for (one, other) in [
            ("consent how", "consent"),
            ("Consent how", "Consented?"),
            ("phone", "mobile"),
            ("due date", "EDD"),
            ("consent date", "agreed on"),
            ("согласие", "как получено согласие"),
        ] {
            let named = [one.to_owned(), other.to_owned()];
            assert_eq!(Some(named), both(&["phone", one, other][usize::from(one == "phone")..]), "{one}");
        }
        assert_eq!(None, both(&["number", "phone", "ZIP", "city"]));
        let columns = columns(&["phone", "ZIP", "City", "Name", "Consent taken by"]).expect("headings");
        assert_eq!(["Consent taken by", "Name"], *columns.unread);
        assert_eq!(vec![(Column::Place, ["ZIP".to_owned(), "City".to_owned()])], columns.doubled);
    }
}
