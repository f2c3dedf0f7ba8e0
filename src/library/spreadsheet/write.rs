//! Writing a sheet, so that a health worker keeps it open all day: names stay in sight, words wrap, and nothing that
//! is text can turn into a date, a number or a formula.

use chrono::{Datelike, NaiveDate};
use csv::WriterBuilder;
use rust_xlsxwriter::{
    Color, DataValidation, DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Workbook,
    Worksheet, XlsxError,
};

use super::columns::Column;
use super::{delimited, how_to};
use crate::library::exchange::Shelf;
use crate::library::field::{Field, FlatTip};

const SHADE: u32 = 0x00E7_E6E6;
const HEADER_SHADE: u32 = 0x00D9_E2F3;
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";
/// Of a line of text, in points.
const LINE_HEIGHT: f64 = 15.0;
/// Lines end at a space, so they are seldom full.
const LINE_FILLED: f64 = 0.9;
/// Rows below the last tip in which the lists of choices still work.
const ROOM_TO_ADD: u32 = 500;

/// A library could not be written out.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// There is no such program.
    #[error("there is no program {0:?}; there are: {1}")]
    NoProgram(String, String),
    /// A program cannot be written as a sheet.
    #[error("the workbook cannot be written: {0}")]
    Workbook(#[from] XlsxError),
    /// A program cannot be written as comma-separated values.
    #[error("the CSV file cannot be written: {0}")]
    Csv(#[from] csv::Error),
}

/// A workbook of one program or all.
pub fn xlsx(shelf: &Shelf, program: Option<&str>, today: NaiveDate) -> Result<Vec<u8>, ExportError> {
    let mut workbook = Workbook::new();
    let made = ExcelDateTime::from_ymd(today.year() as u16, today.month() as u8, today.day() as u8)?;
    workbook.set_properties(
        &DocProperties::new().set_title("Motherline: message library").set_creation_datetime(&made),
    );
    for id in shelf.programs().into_iter().filter(|id| program.is_none_or(|program| program == *id)) {
        let languages = languages(shelf, id)?;
        let sheet = workbook.add_worksheet();
        sheet.set_name(id)?;
        fill(sheet, shelf, id, languages)?;
    }
    if let Some(program) = program {
        languages(shelf, program)?;
    }
    explain(workbook.add_worksheet())?;
    Ok(workbook.save_to_buffer()?)
}

/// Comma-separated values of one program.
pub fn csv(shelf: &Shelf, program: &str) -> Result<Vec<u8>, ExportError> {
    let languages = languages(shelf, program)?;
    let columns = Column::all(languages);
    let mut bytes = BYTE_ORDER_MARK.to_vec();
    {
        let mut writer = WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(&mut bytes);
        writer.write_record(columns.iter().map(Column::name))?;
        for tip in shelf.tips_of(program) {
            writer
                .write_record(columns.iter().map(|column| delimited::guarded(&cell(shelf, tip, column))))?;
        }
        writer.flush().map_err(csv::Error::from)?;
    }
    Ok(bytes)
}

fn languages<'a>(shelf: &'a Shelf, program: &str) -> Result<&'a [String], ExportError> {
    let unknown = || ExportError::NoProgram(program.to_owned(), shelf.programs().join(", "));
    shelf.languages(program).ok_or_else(unknown)
}

/// What stands in a column of a tip's row.
fn cell(shelf: &Shelf, tip: &FlatTip, column: &Column) -> String {
    match column {
        Column::Id => tip.id.clone(),
        Column::Field(field) => tip.value(*field).to_owned(),
        Column::Words(language) => tip.words.get(language).cloned().unwrap_or_default(),
        Column::Sms(language) => tip
            .words
            .get(language)
            .map(|words| shelf.counted(&tip.program, language, words).segments.to_string())
            .unwrap_or_default(),
        Column::Fingerprint => tip.fingerprint(),
    }
}

fn fill(
    sheet: &mut Worksheet,
    shelf: &Shelf,
    program: &str,
    languages: &[String],
) -> Result<(), ExportError> {
    let columns = Column::all(languages);
    let header = Format::new()
        .set_bold()
        .set_text_wrap()
        .set_align(FormatAlign::Top)
        .set_border_bottom(FormatBorder::Thin)
        .set_background_color(Color::RGB(HEADER_SHADE));
    let base = Format::new().set_align(FormatAlign::Top);
    let text = base.clone().set_num_format("@").set_text_wrap();
    let number = base.clone().set_num_format("0");
    let shaded = |format: &Format| format.clone().set_background_color(Color::RGB(SHADE));
    let tips = shelf.tips_of(program);
    let last_row = tips.len() as u32;
    for (at, column) in (0u16..).zip(&columns) {
        let plain = if column.is_number() { &number } else { &text };
        let format = if column.is_for_reading() { shaded(plain) } else { plain.clone() };
        sheet.set_column_width(at, column.width())?;
        // Rows that are added later are text too, where text is meant.
        sheet.set_column_format(at, plain)?;
        sheet.write_string_with_format(0, at, column.name(), &header)?;
        if let Some(choices) = choices(column) {
            let list = DataValidation::new().allow_list_strings(choices)?;
            let list = list.set_error_message(format!("One of: {}", choices.join(", ")))?;
            sheet.add_data_validation(1, at, last_row + ROOM_TO_ADD, at, &list)?;
        }
        for (row, tip) in (1u32..).zip(&tips) {
            let value = cell(shelf, tip, column);
            match value.parse::<u32>().ok().filter(|_| column.is_number()) {
                Some(whole) => sheet.write_number_with_format(row, at, whole, &format)?,
                None if value.is_empty() => sheet.write_blank(row, at, &format)?,
                None => sheet.write_string_with_format(row, at, value, &format)?,
            };
        }
    }
    for (row, tip) in (1u32..).zip(&tips) {
        let lines = columns.iter().map(|column| lines(&cell(shelf, tip, column), column)).max().unwrap_or(1);
        // Not every program makes room for words that wrap when it opens a file.
        sheet.set_row_height(row, LINE_HEIGHT * f64::from(lines))?;
    }
    sheet.set_freeze_panes(1, 1)?;
    sheet.autofilter(0, 0, last_row.max(1), columns.len().saturating_sub(1) as u16)?;
    sheet.set_landscape().set_repeat_rows(0, 0)?;
    Ok(())
}

/// How many lines a cell takes in its column, about.
fn lines(value: &str, column: &Column) -> u32 {
    let width = column.width() * LINE_FILLED;
    value.split('\n').map(|line| (line.chars().count() as f64 / width).ceil().max(1.0) as u32).sum()
}

/// The words of which one must stand there.
fn choices(column: &Column) -> Option<&'static [&'static str]> {
    match column {
        Column::Field(Field::Track) => Some(&["starter", "pregnancy", "baby", "farewell", "loss", "more"]),
        Column::Field(Field::Loss) => Some(&["miscarriage", "stillbirth", "baby"]),
        Column::Field(Field::Needs) => Some(&["pregnancy", "baby", "either", "mother", "neutral"]),
        Column::Field(Field::Reader) => Some(&["mother", "family", "anyone"]),
        Column::Field(Field::State) => Some(&["draft", "approved"]),
        _ => None,
    }
}

fn explain(sheet: &mut Worksheet) -> Result<(), ExportError> {
    let bold = Format::new().set_bold().set_text_wrap().set_align(FormatAlign::Top);
    let text = Format::new().set_text_wrap().set_align(FormatAlign::Top);
    sheet.set_name(how_to::SHEET)?;
    sheet.set_column_width(0, 28)?;
    sheet.set_column_width(1, 100)?;
    for (row, (what, means)) in (0u32..).zip(how_to::LINES) {
        sheet.write_string_with_format(row, 0, *what, &bold)?;
        sheet.write_string_with_format(row, 1, *means, &text)?;
    }
    Ok(())
}
