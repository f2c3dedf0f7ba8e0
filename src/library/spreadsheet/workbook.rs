//! Workbooks: what is in an `.xlsx` file. It comes from outside, so it is measured before it is believed: a small file
//! can unpack to gigabytes, and a single cell in a far corner can ask for a grid of billions.

use std::collections::BTreeMap;
use std::io::{self, Cursor, Read};

use calamine::{DataRef, Reader, SheetVisible, Xlsx};
use chrono::NaiveDate;
use zip::ZipArchive;

use super::sheet::{Cell, Merged, Sheet, letters};
use crate::library::exchange::Damaged;

/// More than this is no library and no list of people, however small the file is.
const LARGEST_UNPACKED: u64 = 200 * 1024 * 1024;
/// So many cells in all: a library of two programs has some twenty thousand.
const MOST_CELLS: usize = 1_000_000;
/// How files begin that are named or taken for .xlsx: those of old Excel, and new ones with a password.
const COMPOUND: &[u8] = &[0xd0, 0xcf, 0x11, 0xe0];

/// All sheets of a workbook.
pub fn read(bytes: &[u8]) -> Result<Vec<Sheet>, Damaged> {
    measure(bytes)?;
    let mut workbook = Xlsx::new(Cursor::new(bytes)).map_err(|error| broken(&error.to_string()))?;
    let metadata = workbook.sheets_metadata().to_vec();
    metadata
        .into_iter()
        .filter(|sheet| sheet.typ == calamine::SheetType::WorkSheet)
        .map(|found| {
            let mut sheet = Sheet {
                hidden: found.visible != SheetVisible::Visible,
                name: found.name,
                ..Sheet::default()
            };
            cells(&mut workbook, &mut sheet)?;
            merged(&mut workbook, &mut sheet)?;
            Ok(sheet)
        })
        .collect()
}

/// Unpacks it into nothing: so the sizes are true, every checksum is right, and no end is missing.
fn measure(bytes: &[u8]) -> Result<(), Damaged> {
    if bytes.starts_with(COMPOUND) {
        let message =
            "this is a file of an old Excel, or one with a password: save it as .xlsx without a password";
        return Err(Damaged(message.to_owned()));
    }
    if bytes.is_empty() || !bytes.starts_with(b"PK") {
        let message = "this is no .xlsx file, or its beginning is lost: export it again, or save it as .xlsx";
        return Err(Damaged(message.to_owned()));
    }
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|error| broken(&error.to_string()))?;
    let too_large = || {
        let megabytes = LARGEST_UNPACKED / 1024 / 1024;
        Damaged(format!("unpacked, the file is larger than {megabytes} MB. Nothing was read"))
    };
    let declared: u64 = (0..archive.len())
        .map(|index| archive.by_index_raw(index).map_or(0, |part| part.size()))
        .fold(0, u64::saturating_add);
    if declared > LARGEST_UNPACKED {
        return Err(too_large());
    }
    let mut left = LARGEST_UNPACKED;
    for index in 0..archive.len() {
        let part = archive.by_index(index).map_err(|error| broken(&error.to_string()))?;
        // What it says of its own size may be a lie.
        let read = io::copy(&mut part.take(left + 1), &mut io::sink());
        let size = read.map_err(|error| broken(&error.to_string()))?;
        left = left.checked_sub(size).ok_or_else(too_large)?;
    }
    Ok(())
}

fn broken(what: &str) -> Damaged {
    Damaged(format!("the file is damaged or only half there ({what}): export or save it again"))
}

fn cells(workbook: &mut Xlsx<Cursor<&[u8]>>, sheet: &mut Sheet) -> Result<(), Damaged> {
    let fault = |error: calamine::XlsxError| broken(&format!("sheet {}: {error}", sheet.name));
    let mut reader = workbook.worksheet_cells_reader(&sheet.name).map_err(fault)?;
    let mut rows: BTreeMap<u32, BTreeMap<u32, Cell>> = BTreeMap::new();
    let mut count = 0;
    while let Some(record) = reader.next_cell_with_formula_metadata().map_err(fault)? {
        let (row, column) = record.pos;
        let cell = match record.formula {
            Some(_) => Some(Cell::Formula),
            None => cell(&record.value),
        };
        let Some(cell) = cell else { continue };
        count += 1;
        if count > MOST_CELLS {
            let message = format!("the sheet {} has more than {MOST_CELLS} cells", sheet.name);
            return Err(Damaged(message));
        }
        rows.entry(row + 1).or_default().insert(column, cell);
    }
    sheet.rows = rows;
    Ok(())
}

fn merged(workbook: &mut Xlsx<Cursor<&[u8]>>, sheet: &mut Sheet) -> Result<(), Damaged> {
    let found = workbook
        .merge_cells_by_sheet_name(&sheet.name)
        .map_err(|error| broken(&format!("sheet {}: {error}", sheet.name)))?;
    sheet.merged = found
        .into_iter()
        .map(|range| {
            let (first, last) = (range.start, range.end);
            let corner = |(row, column): (u32, u32)| format!("{}{}", letters(column), row + 1);
            Merged { rows: (first.0 + 1, last.0 + 1), range: format!("{}:{}", corner(first), corner(last)) }
        })
        .collect();
    Ok(())
}

/// A cell; none if there is nothing in it.
fn cell(value: &DataRef<'_>) -> Option<Cell> {
    Some(match value {
        DataRef::Empty => return None,
        DataRef::String(text) => return filled(text),
        DataRef::SharedString(text) => return filled(text),
        DataRef::Int(number) => Cell::Number(*number as f64),
        DataRef::Float(number) => Cell::Number(*number),
        DataRef::Bool(truth) => {
            Cell::Other(format!("the truth value {}", if *truth { "TRUE" } else { "FALSE" }))
        }
        DataRef::Error(error) => Cell::Other(format!("the error {error}")),
        DataRef::DateTime(time) if time.is_datetime() && time.as_f64() >= 1.0 => {
            let (year, month, day, ..) = time.to_ymd_hms_milli();
            let date = NaiveDate::from_ymd_opt(year.into(), month.into(), day.into())?;
            Cell::Date(date)
        }
        DataRef::DateTimeIso(text) if text.get(..10).is_some_and(|day| day.parse::<NaiveDate>().is_ok()) => {
            Cell::Date(text.get(..10)?.parse().ok()?)
        }
        DataRef::DateTime(_) | DataRef::DateTimeIso(_) => Cell::Other("a time of day".to_owned()),
        DataRef::DurationIso(_) => Cell::Other("a time of day".to_owned()),
    })
}

fn filled(text: &str) -> Option<Cell> {
    (!text.trim().is_empty()).then(|| Cell::Text(text.to_owned()))
}
