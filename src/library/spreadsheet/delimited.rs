//! Comma-separated values, as spreadsheet programs save them: with commas, semicolons or tabs; in UTF-8 with or
//! without a mark, or in UTF-16. Anything else is told with the line where it shows.

use std::collections::BTreeMap;

use csv::{ReaderBuilder, StringRecord};

use super::budget::Budget;
use super::sheet::{Cell, Sheet};
use crate::library::exchange::Damaged;

/// What may stand between cells, the likeliest first.
const DELIMITERS: [u8; 3] = [b',', b';', b'\t'];
/// A cell that begins like this would be a formula to a spreadsheet program.
const BEGINS_FORMULA: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// The file as one sheet of that name.
pub fn read(bytes: &[u8], name: &str) -> Result<Sheet, Damaged> {
    let text = decoded(bytes)?.replace("\r\n", "\n");
    let mut reader = ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter(&text))
        .from_reader(text.as_bytes());
    let mut sheet = Sheet { name: name.to_owned(), ..Sheet::default() };
    let mut budget = Budget::default();
    let mut record = StringRecord::new();
    let mut row = 0;
    let mut line = 1;
    let (mut widest, mut width) = (0, 0);
    loop {
        let begins = reader.position().line();
        if !reader.read_record(&mut record).map_err(|error| Damaged::Values(error.to_string()))? {
            break;
        }
        line = begins;
        width = record.len();
        widest = widest.max(width);
        // The reader passes over blank lines, which are rows to a spreadsheet program.
        let inner: usize = record.iter().map(|cell| cell.matches('\n').count()).sum();
        let blank = (reader.position().line() - begins).saturating_sub(1 + inner as u64);
        row += 1 + blank as u32;
        let mut cells: BTreeMap<u32, Cell> = BTreeMap::new();
        for (column, cell) in record.iter().enumerate().filter(|(_, cell)| !cell.trim().is_empty()) {
            budget.cell(cell.len())?;
            cells.insert(column as u32, Cell::Text(unguarded(cell).to_owned()));
        }
        if !cells.is_empty() {
            budget.row()?;
            sheet.rows.insert(row, cells);
        }
    }
    if text.matches('"').count() % 2 == 1 {
        return Err(Damaged::OpenQuote { name: name.to_owned(), line });
    }
    // Programs leave out empty cells at the end of a row, but not the end of the line.
    if !text.ends_with('\n') && width < widest {
        return Err(Damaged::EndsEarly { name: name.to_owned(), line });
    }
    Ok(sheet)
}

/// A cell that a spreadsheet program does not take for a formula.
pub fn guarded(cell: &str) -> String {
    let quoted = cell.strip_prefix('\'').unwrap_or(cell);
    if quoted.starts_with(BEGINS_FORMULA) { format!("'{cell}") } else { cell.to_owned() }
}

fn unguarded(cell: &str) -> &str {
    let inner = cell.strip_prefix('\'');
    inner.filter(|inner| guarded(inner) == cell).unwrap_or(cell)
}

fn decoded(bytes: &[u8]) -> Result<String, Damaged> {
    let units = |from: fn([u8; 2]) -> u16| {
        let pairs = bytes[2..].chunks_exact(2);
        let whole = pairs.remainder().is_empty();
        let units: Vec<u16> = pairs.map(|pair| from([pair[0], pair[1]])).collect();
        let text = String::from_utf16(&units).ok().filter(|_| whole);
        text.ok_or(Damaged::HalfUtf16)
    };
    match bytes {
        [0xff, 0xfe, ..] => return units(u16::from_le_bytes),
        [0xfe, 0xff, ..] => return units(u16::from_be_bytes),
        _ => {}
    }
    if bytes.starts_with(b"PK") {
        return Err(Damaged::Workbook);
    }
    if bytes.contains(&0) {
        return Err(Damaged::Zeros);
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    String::from_utf8(bytes.to_vec()).map_err(|error| {
        let good = &bytes[..error.utf8_error().valid_up_to()];
        let line = good.iter().filter(|byte| **byte == b'\n').count() + 1;
        let before: String = String::from_utf8_lossy(good).chars().rev().take(20).collect();
        let after: String = before.chars().rev().map(|c| if c == '\n' { ' ' } else { c }).collect();
        Damaged::CodePage { line, after }
    })
}

/// What stands between the cells of the first line that has any.
fn delimiter(text: &str) -> u8 {
    let line = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let mut counts = [0; DELIMITERS.len()];
    let mut quoted = false;
    for byte in line.bytes() {
        quoted ^= byte == b'"';
        if let Some(which) = DELIMITERS.iter().position(|delimiter| *delimiter == byte && !quoted) {
            counts[which] += 1;
        }
    }
    let most = counts.iter().copied().max().unwrap_or_default();
    counts.iter().position(|count| *count == most).map_or(b',', |which| DELIMITERS[which])
}
