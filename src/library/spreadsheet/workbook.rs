//! Workbooks: what is in an `.xlsx` file. It comes from outside, so it is measured before it is believed: a small file
//! can unpack to gigabytes, and a single cell in a far corner can ask for a grid of billions.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::io::Cursor;

use calamine::{DataRef, Reader, SheetVisible, Xlsx};
use chrono::NaiveDate;

use super::budget::Budget;
use super::sheet::{Cell, Merged, Sheet, letters};
use super::unpacked::measure;
use crate::library::exchange::{Damaged, Odd};

/// All sheets of a workbook.
pub fn read(bytes: &[u8]) -> Result<Vec<Sheet>, Damaged> {
    measure(bytes)?;
    let mut workbook = Xlsx::new(Cursor::new(bytes)).map_err(|error| Damaged::Broken(error.to_string()))?;
    let metadata = workbook.sheets_metadata().to_vec();
    let mut budget = Budget::default();
    metadata
        .into_iter()
        .filter(|sheet| sheet.typ == calamine::SheetType::WorkSheet)
        .map(|found| {
            let mut sheet = Sheet {
                hidden: found.visible != SheetVisible::Visible,
                name: found.name,
                ..Sheet::default()
            };
            cells(&mut workbook, &mut sheet, &mut budget)?;
            merged(&mut workbook, &mut sheet, &mut budget)?;
            Ok(sheet)
        })
        .collect()
}

fn cells(workbook: &mut Xlsx<Cursor<&[u8]>>, sheet: &mut Sheet, budget: &mut Budget) -> Result<(), Damaged> {
    let fault = |error: calamine::XlsxError| Damaged::BrokenSheet {
        sheet: sheet.name.clone(),
        how: error.to_string(),
    };
    let mut reader = workbook.worksheet_cells_reader(&sheet.name).map_err(fault)?;
    let mut rows: BTreeMap<u32, BTreeMap<u32, Cell>> = BTreeMap::new();
    while let Some(record) = reader.next_cell_with_formula_metadata().map_err(fault)? {
        let (row, column) = record.pos;
        let cell = match record.formula {
            Some(_) => {
                budget.cell(0)?;
                Some(Cell::Formula)
            }
            None => cell(&record.value, budget)?,
        };
        let Some(cell) = cell else { continue };
        match rows.entry(row + 1) {
            Entry::Occupied(cells) => cells.into_mut(),
            Entry::Vacant(none) => {
                budget.row()?;
                none.insert(BTreeMap::new())
            }
        }
        .insert(column, cell);
    }
    sheet.rows = rows;
    Ok(())
}

fn merged(workbook: &mut Xlsx<Cursor<&[u8]>>, sheet: &mut Sheet, budget: &mut Budget) -> Result<(), Damaged> {
    let found = workbook
        .merge_cells_by_sheet_name(&sheet.name)
        .map_err(|error| Damaged::BrokenSheet { sheet: sheet.name.clone(), how: error.to_string() })?;
    for _ in &found {
        budget.cell(0)?;
    }
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

/// A cell; none if there is nothing in it. A text that many cells share is a copy for each: it is paid for before.
fn cell(value: &DataRef<'_>, budget: &mut Budget) -> Result<Option<Cell>, Damaged> {
    let text = match value {
        DataRef::Empty => return Ok(None),
        DataRef::String(text) => text,
        DataRef::SharedString(text) => *text,
        _ => "",
    };
    budget.cell(text.len())?;
    Ok(match value {
        DataRef::Empty => None,
        DataRef::String(_) | DataRef::SharedString(_) => {
            (!text.trim().is_empty()).then(|| Cell::Text(text.to_owned()))
        }
        DataRef::Int(number) => Some(Cell::Number(*number as f64)),
        DataRef::Float(number) => Some(Cell::Number(*number)),
        DataRef::Bool(truth) => Some(Cell::Truth(*truth)),
        DataRef::Error(error) => Some(Cell::Other(Odd::Error(error.to_string()))),
        DataRef::DateTime(time) if time.is_datetime() && time.as_f64() >= 1.0 => {
            let (year, month, day, ..) = time.to_ymd_hms_milli();
            NaiveDate::from_ymd_opt(year.into(), month.into(), day.into()).map(Cell::Date)
        }
        DataRef::DateTimeIso(text) => {
            let day = text.get(..10).and_then(|day| day.parse::<NaiveDate>().ok());
            Some(day.map_or_else(|| Cell::Other(Odd::Time((*text).to_owned())), Cell::Date))
        }
        DataRef::DateTime(time) => {
            let (.., hour, minute, _, _) = time.to_ymd_hms_milli();
            Some(Cell::Other(Odd::Time(format!("{hour:02}:{minute:02}"))))
        }
        DataRef::DurationIso(text) => Some(Cell::Other(Odd::Time(text.to_string()))),
    })
}
