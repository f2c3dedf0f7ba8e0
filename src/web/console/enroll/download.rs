//! Files of lists: the template with its explanation, and all verdicts of a list.

use axum::Router;
use axum::extract::{Path, State};
use axum::routing::get;
use rust_xlsxwriter::{Format, Workbook, XlsxError};
use uuid::Uuid;

use super::line::{Viewer, line};
use super::list::reached;
use super::list_words::Words;
use super::template_words::Words as Explained;
use crate::domain::role::Right;
use crate::flows::auditing::{self, Object};
use crate::flows::importing::Column;
use crate::store::imports;
use crate::web::Site;
use crate::web::console::Shown;
use crate::web::console::access::Signed;
use crate::web::console::files::{CSV, WIDE, XLSX, as_csv, as_xlsx, file};
use crate::web::console::refusal::Refusal;
use crate::web::console::tongue::Tongue;

/// The addresses here.
pub fn routes() -> Router<Site> {
    Router::new()
        .route("/console/enroll/template.xlsx", get(template_xlsx))
        .route("/console/enroll/template.csv", get(template_csv))
        .route("/console/enroll/imports/{id}/verdicts.csv", get(verdicts_csv))
        .route("/console/enroll/imports/{id}/verdicts.xlsx", get(verdicts_xlsx))
}

fn headings(tongue: Tongue) -> Vec<String> {
    let words = Words::of(tongue);
    Column::ALL.iter().map(|column| words.column(*column).to_owned()).collect()
}

async fn template_csv(signed: Signed) -> Shown {
    signed.need(Right::Act)?;
    Ok(file(CSV, "motherline-enroll.csv", as_csv([headings(signed.tongue)])))
}

async fn template_xlsx(signed: Signed) -> Shown {
    signed.need(Right::Act)?;
    Ok(file(XLSX, "motherline-enroll.xlsx", template(signed.tongue).map_err(Refusal::broken)?))
}

fn template(tongue: Tongue) -> Result<Vec<u8>, XlsxError> {
    let explained = Explained::of(tongue);
    let mut workbook = Workbook::new();
    let bold = Format::new().set_bold();
    let text = Format::new().set_num_format("@");
    let sheet = workbook.add_worksheet();
    sheet.set_name(explained.sheet)?;
    for (column, heading) in (0u16..).zip(headings(tongue)) {
        sheet.set_column_width(column, WIDE)?;
        // So that no number loses its zeros, and no date turns round.
        sheet.set_column_format(column, &text)?;
        sheet.write_string_with_format(0, column, heading, &bold)?;
    }
    sheet.set_freeze_panes(1, 1)?;
    let wrapped = Format::new().set_text_wrap();
    let sheet = workbook.add_worksheet();
    sheet.set_name(explained.explanation)?;
    sheet.set_column_width(0, 32)?;
    sheet.set_column_width(1, 90)?;
    let words = Words::of(tongue);
    let lines = [(explained.what, explained.what_is)].into_iter();
    let lines =
        lines.chain(Column::ALL.iter().map(|column| (words.column(*column), explained.column(*column))));
    let lines = lines.chain([(explained.never, explained.never_is), (explained.damage, explained.damage_is)]);
    for (row, (what, means)) in (0u32..).zip(lines) {
        sheet.write_string_with_format(row, 0, what, &bold)?;
        sheet.write_string_with_format(row, 1, means, &wrapped)?;
    }
    workbook.save_to_buffer()
}

async fn verdicts_csv(State(site): State<Site>, signed: Signed, Path(id): Path<Uuid>) -> Shown {
    Ok(file(CSV, "verdicts.csv", as_csv(verdicts(&site, &signed, id).await?)))
}

async fn verdicts_xlsx(State(site): State<Site>, signed: Signed, Path(id): Path<Uuid>) -> Shown {
    Ok(file(XLSX, "verdicts.xlsx", as_xlsx("verdicts", &verdicts(&site, &signed, id).await?)?))
}

/// All rows of a list as the page shows them.
async fn verdicts(site: &Site, signed: &Signed, id: Uuid) -> Result<Vec<Vec<String>>, Refusal> {
    let import = reached(site, signed, id).await?;
    let object = Object::program(&import.program);
    auditing::saw(&site.service, &signed.actor(), "verdicts downloaded", object, &id.to_string()).await?;
    let words = Words::of(signed.tongue);
    let viewer = Viewer::of(signed, &import);
    let mut tx = site.service.database.read().await?;
    let rows = imports::rows(&mut tx, id, &[], 0, i64::MAX).await?;
    drop(tx);
    let heading = [words.row, words.typed, words.number, words.date, words.verdict, words.why];
    let mut table = vec![heading.map(str::to_owned).to_vec()];
    table.extend(rows.iter().map(|row| {
        let line = line(signed.tongue, row, viewer);
        let notes = line.notes.join(" ");
        vec![line.row, line.typed, line.phone, line.date, line.verdict.to_owned(), notes]
    }));
    Ok(table)
}
