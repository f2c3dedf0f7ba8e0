//! Files that are taken away: named, of a kind, and tables that no spreadsheet program takes for formulas.

use axum::body::Body;
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use rust_xlsxwriter::{Format, Workbook, XlsxError};

use super::refusal::Refusal;

/// A workbook.
pub const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
/// Comma-separated values.
pub const CSV: &str = "text/csv; charset=utf-8";
/// By which spreadsheet programs know UTF-8: the first bytes of comma-separated values.
pub const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";
/// A column shows so many characters.
pub const WIDE: f64 = 22.0;

/// A file to be kept under a name.
pub fn file(kind: &'static str, name: &str, body: impl Into<Body>) -> Response {
    let kept = format!("attachment; filename=\"{name}\"");
    ([(header::CONTENT_TYPE, kind.to_owned()), (header::CONTENT_DISPOSITION, kept)], body.into())
        .into_response()
}

/// A table as comma-separated values, whole.
pub fn as_csv(rows: impl IntoIterator<Item = Vec<String>>) -> Vec<u8> {
    [BYTE_ORDER_MARK.to_vec(), csv_lines(rows)].concat()
}

/// Lines of comma-separated values, to follow others.
pub fn csv_lines(rows: impl IntoIterator<Item = Vec<String>>) -> Vec<u8> {
    let terminator = csv::Terminator::CRLF;
    let mut lines = csv::WriterBuilder::new().flexible(true).terminator(terminator).from_writer(Vec::new());
    for row in rows {
        // Into memory nothing fails.
        let _ = lines.write_record(row.iter().map(|cell| harmless(cell)));
    }
    lines.into_inner().unwrap_or_default()
}

/// A cell that would be taken for a formula begins with an apostrophe; a phone number, whole or masked, is none.
fn harmless(cell: &str) -> String {
    let figures = |rest: &str| rest.chars().all(|sign| sign.is_ascii_digit() || sign == '•');
    match cell.chars().next() {
        Some('=' | '@' | '\t' | '\r') => format!("'{cell}"),
        Some('+' | '-') if !figures(&cell[1..]) => format!("'{cell}"),
        _ => cell.to_owned(),
    }
}

/// A table as a workbook of one sheet, all of it text; the first row is its heading.
pub fn as_xlsx(name: &str, rows: &[Vec<String>]) -> Result<Vec<u8>, Refusal> {
    xlsx_of(name, rows).map_err(Refusal::broken)
}

fn xlsx_of(name: &str, rows: &[Vec<String>]) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    let (bold, text) = (Format::new().set_bold().set_text_wrap(), Format::new().set_num_format("@"));
    let sheet = workbook.add_worksheet();
    sheet.set_name(name)?;
    for (row, cells) in (0u32..).zip(rows) {
        for (column, cell) in (0u16..).zip(cells) {
            sheet.write_string_with_format(row, column, cell, if row == 0 { &bold } else { &text })?;
        }
    }
    for (column, _) in (0u16..).zip(rows.first().into_iter().flatten()) {
        sheet.set_column_width(column, WIDE)?;
    }
    sheet.set_freeze_panes(1, 0)?;
    workbook.save_to_buffer()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula() {
        let row = ["=1+1", "+12025550143", "+1202•••••43", "-cmd|x", "@SUM", "a, \"b\""].map(str::to_owned);
        let lines = String::from_utf8(csv_lines([row.to_vec()])).expect("text");
        assert_eq!("'=1+1,+12025550143,+1202•••••43,'-cmd|x,'@SUM,\"a, \"\"b\"\"\"\r\n", lines);
    }
}
