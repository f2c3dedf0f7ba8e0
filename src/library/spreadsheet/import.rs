//! From sheets to proposals: which sheet is which program, which row is whole, and which ids stand twice.

use std::collections::{BTreeMap, BTreeSet};

use super::columns::Header;
use super::row::{self, Row};
use super::sheet::{Cell, Sheet, letters};
use super::{columns::Column, how_to};
use crate::library::exchange::{Damaged, Proposal, Proposals, Shelf, Verdict};

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
        let hidden = if sheet.hidden { "The hidden sheet" } else { "The sheet" };
        let Some(wanted) = wanted else {
            // A sheet of tips under another name is somebody's work; a sheet of notes is not.
            let has_tips = Header::find(sheet, &[])?.is_some();
            if has_tips && named.is_none() {
                let why = format!(
                    "{hidden} {name:?} is named like no program, so nobody knows whose tips these are: \
                                   name it one of {}, or import it alone with --program",
                    known.join(", ")
                );
                all.rows.push(Verdict::refused(format!("{name}!A1"), None, vec![why]).into());
            } else {
                all.notes.push(format!("{hidden} {name:?} was not read."));
            }
            continue;
        };
        if sheet.hidden {
            all.notes.push(format!("The sheet {name:?} is hidden; it was read all the same."));
        }
        read += 1;
        let own = self::sheet(sheet, shelf, wanted)?;
        all.rows.extend(own.rows);
        all.notes.extend(own.notes);
    }
    if read == 0 && all.rows.is_empty() {
        let wanted = program.map_or_else(|| known.join(" or "), str::to_owned);
        return Err(Damaged(format!("the file has no sheet named {wanted}, so there is nothing to read")));
    }
    refuse_doubles(&mut all.rows);
    Ok(all)
}

/// What one sheet asks for.
pub fn sheet(sheet: &Sheet, shelf: &Shelf, program: &str) -> Result<Proposals, Damaged> {
    let Some(languages) = shelf.languages(program) else {
        let known = shelf.programs().join(", ");
        return Err(Damaged(format!("there is no program {program:?}; there are: {known}")));
    };
    let Some(header) = Header::find(sheet, languages)? else {
        // The mark at the beginning of UTF-8, read as letters of Windows-1252.
        let misread = |cell: &Cell| matches!(cell, Cell::Text(text) if text.starts_with("ï»¿"));
        if sheet.rows.values().take(1).flat_map(BTreeMap::values).any(misread) {
            return Err(Damaged(format!(
                "{}: a program has opened the file with the wrong letters, so that ñ or й became two signs: open the \
                 CSV file again, choose UTF-8 (or 65001) as its character set, and do your work there",
                sheet.name
            )));
        }
        return Err(Damaged(format!(
            "{}: none of the first rows names a column \"id\": the names of the columns must stand above the tips",
            sheet.name
        )));
    };
    let mut proposals = Proposals::default();
    for (place, name) in &header.unknown {
        proposals.notes.push(format!("{place}: there is no column {name:?}; it was not read."));
    }
    let left_out: Vec<String> = Column::all(languages)
        .iter()
        .filter(|column| !column.is_for_reading() && !header.columns.contains_key(column))
        .map(Column::name)
        .collect();
    if !left_out.is_empty() {
        let left_out = left_out.join(", ");
        proposals
            .notes
            .push(format!("{}: without these columns, so they stay as they are: {left_out}.", sheet.name));
    }
    let headed = |column: &u32| {
        let place = sheet.place(header.row, *column);
        header.columns.values().any(|at| at == column) || header.unknown.iter().any(|(at, _)| *at == place)
    };
    for (number, cells) in sheet.rows.range(header.row + 1..) {
        if let Some(column) = cells.keys().find(|column| !headed(column)) {
            // Somebody's slip, or a row whose cells were all shifted.
            let why =
                format!("{} stands under no column name: is the row shifted?", sheet.place(*number, *column));
            proposals.rows.push(refused_row(sheet, &header, *number, why));
            continue;
        }
        let merged = sheet.merged.iter().find(|merged| (merged.rows.0..=merged.rows.1).contains(number));
        if let Some(merged) = merged {
            let why = format!(
                "{}!{} are merged cells: take the merging away and fill each cell",
                sheet.name, merged.range
            );
            proposals.rows.push(refused_row(sheet, &header, *number, why));
            continue;
        }
        let row = Row { sheet, header: &header, number: *number, cells, program, languages };
        proposals.rows.push(row::propose(&row, shelf));
    }
    let named: BTreeSet<&str> = proposals.rows.iter().filter_map(|row| row.verdict.tip.as_deref()).collect();
    let absent = shelf.tips_of(program).iter().filter(|tip| !named.contains(tip.id.as_str())).count();
    if absent > 0 {
        let name = &sheet.name;
        proposals
            .notes
            .push(format!("{name}: {absent} tips of {program} have no row here; they stay as they are."));
    }
    refuse_doubles(&mut proposals.rows);
    Ok(proposals)
}

fn refused_row(sheet: &Sheet, header: &Header, number: u32, why: String) -> Proposal {
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
        let why = format!("the id {tip:?} stands here and in {other}: which one is meant?");
        if !row.verdict.why.contains(&why) {
            let mut verdict =
                Verdict::refused(row.verdict.place.clone(), Some(&tip), row.verdict.why.clone());
            verdict.why.push(why);
            *row = verdict.into();
        }
    }
}
