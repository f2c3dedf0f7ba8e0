//! From sheets to proposals: which sheet is which program, which row is whole, and which ids stand twice.

use std::collections::{BTreeMap, BTreeSet};

use super::columns::Header;
use super::row::{self, Row};
use super::sheet::{Cell, Sheet, letters};
use super::{columns::Column, how_to};
use crate::library::exchange::{Damaged, Note, Proposal, Proposals, Shelf, Verdict, Why};

/// What the sheets of a workbook ask for. A sheet is a program's by its name; with `program`, only that one is read,
/// or the only sheet there is, whatever its name.
pub fn sheets(sheets: Vec<Sheet>, shelf: &Shelf, program: Option<&str>) -> Result<Proposals, Damaged> {
    let known = shelf.programs();
    let only =
        sheets.iter().filter(|sheet| sheet.name != how_to::SHEET && !sheet.rows.is_empty()).count() == 1;
    let mut all = Proposals::default();
    let mut read = 0;
    for sheet in sheets.iter().filter(|sheet| sheet.name != how_to::SHEET) {
        let name = sheet.name.as_str();
        let named = known.iter().copied().find(|id| *id == name.trim());
        let wanted = match (program, named) {
            (Some(program), None) if only => Some(program),
            (Some(program), named) => named.filter(|named| *named == program),
            (None, named) => named,
        };
        if sheet.rows.is_empty() {
            continue;
        }
        let Some(wanted) = wanted else {
            // A sheet of tips under another name is somebody's work; a sheet of notes is not.
            let has_tips = Header::find(sheet, &[])?.is_some();
            if has_tips && named.is_none() {
                let known = known.iter().map(|id| (*id).to_owned()).collect();
                let why = Why::Nameless { hidden: sheet.hidden, name: name.to_owned(), known };
                all.rows.push(Verdict::refused(format!("{name}!A1"), None, vec![why]).into());
            } else {
                all.notes.push(Note::SheetUnread { hidden: sheet.hidden, name: name.to_owned() });
            }
            continue;
        };
        if sheet.hidden {
            all.notes.push(Note::SheetHidden(name.to_owned()));
        }
        read += 1;
        let own = self::sheet(sheet, shelf, wanted)?;
        all.rows.extend(own.rows);
        all.notes.extend(own.notes);
    }
    if read == 0 && all.rows.is_empty() {
        let wanted = program.map_or(known, |program| vec![program]);
        return Err(Damaged::NoSheet(wanted.into_iter().map(str::to_owned).collect()));
    }
    refuse_doubles(&mut all.rows);
    Ok(all)
}

/// What one sheet asks for.
pub fn sheet(sheet: &Sheet, shelf: &Shelf, program: &str) -> Result<Proposals, Damaged> {
    let Some(languages) = shelf.languages(program) else {
        let known = shelf.programs().into_iter().map(str::to_owned).collect();
        return Err(Damaged::NoProgram { program: program.to_owned(), known });
    };
    let Some(header) = Header::find(sheet, languages)? else {
        // The mark at the beginning of UTF-8, read as letters of Windows-1252.
        let misread = |cell: &Cell| matches!(cell, Cell::Text(text) if text.starts_with("ï»¿"));
        if sheet.rows.values().take(1).flat_map(BTreeMap::values).any(misread) {
            return Err(Damaged::Misread(sheet.name.clone()));
        }
        return Err(Damaged::Headless(sheet.name.clone()));
    };
    let mut proposals = Proposals::default();
    proposals.notes.extend(header.unknown.values().cloned());
    let left_out: Vec<String> = Column::all(languages)
        .iter()
        .filter(|column| !column.is_for_reading() && !header.columns.contains_key(column))
        .map(Column::name)
        .collect();
    if !left_out.is_empty() {
        proposals.notes.push(Note::WithoutColumns { sheet: sheet.name.clone(), columns: left_out });
    }
    let headed =
        |column: &u32| header.columns.values().any(|at| at == column) || header.unknown.contains_key(column);
    for (number, cells) in sheet.rows.range(header.row + 1..) {
        if let Some(column) = cells.keys().find(|column| !headed(column)) {
            // Somebody's slip, or a row whose cells were all shifted.
            let why = Why::Headless(sheet.place(*number, *column));
            proposals.rows.push(refused_row(sheet, &header, *number, why));
            continue;
        }
        let merged = sheet.merged.iter().find(|merged| (merged.rows.0..=merged.rows.1).contains(number));
        if let Some(merged) = merged {
            let why = Why::Merged(format!("{}!{}", sheet.name, merged.range));
            proposals.rows.push(refused_row(sheet, &header, *number, why));
            continue;
        }
        let row = Row { sheet, header: &header, number: *number, cells, program, languages };
        proposals.rows.push(row::propose(&row, shelf));
    }
    let named: BTreeSet<&str> = proposals.rows.iter().filter_map(|row| row.verdict.tip.as_deref()).collect();
    let absent = shelf.tips_of(program).iter().filter(|tip| !named.contains(tip.id.as_str())).count();
    if absent > 0 {
        let (sheet, program) = (sheet.name.clone(), program.to_owned());
        proposals.notes.push(Note::WithoutRow { sheet, count: absent, program });
    }
    refuse_doubles(&mut proposals.rows);
    Ok(proposals)
}

fn refused_row(sheet: &Sheet, header: &Header, number: u32, why: Why) -> Proposal {
    let id = header.columns.get(&Column::Id).copied().unwrap_or_default();
    let place = format!("{}!{}{number}", sheet.name, letters(id));
    Verdict::refused(place, None, vec![why]).into()
}

/// Of two rows with one id nobody knows which is meant: both are refused.
fn refuse_doubles(rows: &mut [Proposal]) {
    let mut places: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for row in rows.iter() {
        if let Some(tip) = &row.verdict.tip {
            places.entry(tip.clone()).or_default().push(row.verdict.place.clone());
        }
    }
    for row in rows {
        let Some(tip) = row.verdict.tip.clone() else { continue };
        let others: Vec<&String> =
            places.get(&tip).into_iter().flatten().filter(|place| **place != row.verdict.place).collect();
        let Some(other) = others.first() else { continue };
        let why = Why::Twice { tip: tip.clone(), other: (*other).clone() };
        if !row.verdict.why.contains(&why) {
            let mut verdict =
                Verdict::refused(row.verdict.place.clone(), Some(&tip), row.verdict.why.clone());
            verdict.why.push(why);
            *row = verdict.into();
        }
    }
}
