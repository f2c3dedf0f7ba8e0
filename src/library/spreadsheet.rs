//! The library as a spreadsheet: one sheet a program, one row a tip, one column a language. What an export writes, an
//! import takes back; between them lies a spreadsheet program with a mind of its own, and somebody's work.
//!
//! ```text
//! export   Shelf ──columns──► rows ──► .xlsx | .csv
//! import   .xlsx | .csv ──► Sheet (cells with places) ──columns, value, row──► Proposals ──► exchange::weigh
//! ```

mod budget;
mod columns;
mod delimited;
mod how_to;
mod import;
mod row;
mod sheet;
mod unpacked;
mod value;
mod workbook;
mod write;

use crate::library::exchange::{Damaged, Proposals, Shelf};
use chrono::NaiveDate;

pub use delimited::guarded;
pub use sheet::{Cell, Sheet};
pub use write::ExportError;

/// A larger file is no library.
const LARGEST: usize = 50 * 1024 * 1024;

/// The programs named, or all, as a workbook of Excel and its kin. `today` is written as the day it was made.
pub fn to_xlsx(shelf: &Shelf, program: Option<&str>, today: NaiveDate) -> Result<Vec<u8>, ExportError> {
    write::xlsx(shelf, program, today)
}

/// A program as comma-separated values, in UTF-8 with the mark by which spreadsheet programs know it.
pub fn to_csv(shelf: &Shelf, program: &str) -> Result<Vec<u8>, ExportError> {
    write::csv(shelf, program)
}

/// What a workbook asks for; with `program`, only what it asks for that one.
pub fn from_xlsx(bytes: &[u8], shelf: &Shelf, program: Option<&str>) -> Result<Proposals, Damaged> {
    within_bounds(bytes)?;
    import::sheets(workbook::read(bytes)?, shelf, program)
}

/// What comma-separated values ask for. `name` is the file's name, for telling places: `tips.csv!F12`.
pub fn from_csv(bytes: &[u8], name: &str, shelf: &Shelf, program: &str) -> Result<Proposals, Damaged> {
    within_bounds(bytes)?;
    let sheet: Sheet = delimited::read(bytes, name)?;
    import::sheet(&sheet, shelf, program)
}

/// The sheets of any spreadsheet, whichever its kind, with nothing said of what they mean. `name` is the file's.
pub fn sheets(bytes: &[u8], name: &str) -> Result<Vec<Sheet>, Damaged> {
    within_bounds(bytes)?;
    // Old Excel and a workbook that lost its beginning are told for what they are.
    if bytes.starts_with(b"PK") || bytes.starts_with(b"\xd0\xcf\x11\xe0") {
        return workbook::read(bytes);
    }
    Ok(vec![delimited::read(bytes, name)?])
}

fn within_bounds(bytes: &[u8]) -> Result<(), Damaged> {
    if bytes.len() <= LARGEST {
        return Ok(());
    }
    Err(Damaged::Large { name: None, megabytes: LARGEST / 1024 / 1024 })
}
