//! A sheet as it was read: cells with their places, before anybody asks what they mean.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::library::exchange::Odd;

/// A cell that is not empty.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// Words.
    Text(String),
    /// A number, which may have been a date or may have had zeros in front.
    Number(f64),
    /// What the spreadsheet program holds for a date.
    Date(NaiveDate),
    /// A computed value: nobody knows what it will be tomorrow.
    Formula,
    /// Yes or no, as a box that is ticked or not.
    Truth(bool),
    /// Something else: a time, an error.
    Other(Odd),
}

/// A range of cells made one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Merged {
    /// Its first and last row, from 1.
    pub rows: (u32, u32),
    /// As spreadsheet programs write it: `A3:B4`.
    pub range: String,
}

/// A sheet.
#[derive(Clone, Debug, Default)]
pub struct Sheet {
    /// Its name; of a file without sheets, the file's.
    pub name: String,
    /// Whether people do not see it.
    pub hidden: bool,
    /// Row, from 1 → column, from 0 → cell.
    pub rows: BTreeMap<u32, BTreeMap<u32, Cell>>,
    /// Ranges made one.
    pub merged: Vec<Merged>,
}

impl Sheet {
    /// A cell's place: `text4baby-us!F12`.
    pub fn place(&self, row: u32, column: u32) -> String {
        format!("{}!{}{row}", self.name, letters(column))
    }
}

/// A column's name: 0 is A, 27 is AB.
pub fn letters(column: u32) -> String {
    let mut rest = column + 1;
    let mut name = Vec::new();
    while rest > 0 {
        rest -= 1;
        name.push(char::from(b'A' + (rest % 26) as u8));
        rest /= 26;
    }
    name.iter().rev().collect()
}
