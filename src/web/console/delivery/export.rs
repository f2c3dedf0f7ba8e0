//! Any view as a file, however large: a page of texts is read, written and sent before the next is read, so that neither
//! memory nor a transaction grows with it. A workbook cannot be sent before it is whole; it grows in a temporary file.
//!
//! Numbers are masked for everybody: they are shown one at a time, on a mother's page, for a reason that is written down.
//! A provider is asked about texts by the names that it gave them.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write as _};

use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::response::Response;
use chrono::{DateTime, Utc};
use rust_xlsxwriter::{Format, Workbook, XlsxError};
use tokio::sync::mpsc;
use uuid::Uuid;

use super::super::Shown;
use super::super::access::Signed;
use super::super::files::{CSV, XLSX, as_csv, csv_lines, file};
use super::super::form::Typed;
use super::super::refusal::Refusal;
use super::counts::{self, Counts};
use super::filter::Filter;
use super::rows::{self, Writer, cells, names};
use super::stream;
use super::words::Words;
use crate::flows::auditing::{self, Object};
use crate::store::tallies::{self, Wanted};
use crate::store::texts::{self, Listed};
use crate::web::Site;

/// Texts read at one go.
const PAGE: usize = 1_000;
/// Excel takes no more rows on a sheet.
const SHEET: u32 = 1_000_000;
/// Bytes of a workbook sent at one go.
const CHUNK: usize = 64 * 1024;

/// A view's texts as comma-separated values.
pub(super) async fn csv(State(site): State<Site>, signed: Signed, RawQuery(query): RawQuery) -> Shown {
    let filter = read(&site, &signed, query).await?;
    note(&site, &signed, &filter, "CSV").await?;
    Ok(send_csv(&site, &signed, filter.wanted))
}

/// The same as a workbook.
pub(super) async fn workbook(State(site): State<Site>, signed: Signed, RawQuery(query): RawQuery) -> Shown {
    let filter = read(&site, &signed, query).await?;
    note(&site, &signed, &filter, "XLSX").await?;
    Ok(send_workbook(&site, &signed, filter.wanted))
}

async fn read(site: &Site, signed: &Signed, query: Option<String>) -> Result<Filter, Refusal> {
    Filter::read(site, signed, Typed::parse(query.unwrap_or_default().as_bytes())).await
}

/// Writes down that a view was taken away, and which: its span, and all that narrowed it.
async fn note(site: &Site, signed: &Signed, filter: &Filter, kind: &str) -> Result<(), Refusal> {
    let wanted = &filter.wanted;
    let program = filter.scope.each();
    let program = if program.len() == 1 { program.first().map(String::as_str) } else { None };
    let object = Object { subscriber: None, program };
    let span = format!("{} to {}", wanted.from.format("%F %H:%M"), wanted.to.format("%F %H:%M UTC"));
    let mut detail = format!("{kind}, numbers masked; texts of {span}");
    for (name, value) in filter.pairs() {
        if !["range", "from", "to"].contains(&name) {
            let value: String = value.chars().take(60).collect();
            // A number may have been typed into any field.
            let _ = write!(detail, "; {name} {}", crate::domain::phone::hidden_in(&value));
        }
    }
    Ok(auditing::saw(&site.service, &signed.actor(), "export", object, &detail).await?)
}

/// The texts of a view, page by page.
struct Pages {
    site: Site,
    wanted: Wanted,
    now: DateTime<Utc>,
    before: Option<Uuid>,
    ended: bool,
}

impl Pages {
    fn of(site: &Site, wanted: Wanted) -> Self {
        Self { site: site.clone(), wanted, now: site.service.now(), before: None, ended: false }
    }

    /// The next texts; none if there are no more.
    async fn next(&mut self) -> io::Result<Option<Vec<Listed>>> {
        while !self.ended {
            let mut tx = self.site.service.database.read().await.map_err(io::Error::other)?;
            let listing = texts::list(&mut tx, &self.wanted, self.before, PAGE, self.now).await;
            drop(tx);
            let listing = listing.map_err(io::Error::other)?;
            self.before = listing.before;
            self.ended = listing.before.is_none();
            if !listing.texts.is_empty() {
                return Ok(Some(listing.texts));
            }
        }
        Ok(None)
    }
}

fn send_csv(site: &Site, signed: &Signed, wanted: Wanted) -> Response {
    let (sender, body) = stream::body();
    let (mut pages, writer) = (Pages::of(site, wanted), Writer::of(signed));
    tokio::spawn(async move {
        // Spreadsheets take it for another encoding without this mark.
        let mut lines = as_csv([names(writer.tongue)]);
        // Ends when whoever takes them has gone away, too.
        while sender.send(Ok(Bytes::from(lines))).await.is_ok() {
            match pages.next().await {
                Ok(Some(texts)) => lines = csv_lines(texts.iter().map(|text| cells(&writer, text))),
                Ok(None) => return,
                Err(error) => {
                    tracing::error!(%error, "an export broke off");
                    // The file ends in the middle, and the browser says so.
                    let _ = sender.send(Err(error)).await;
                    return;
                }
            }
        }
    });
    file(CSV, "motherline-texts.csv", body)
}

fn send_workbook(site: &Site, signed: &Signed, wanted: Wanted) -> Response {
    let (sender, body) = stream::body();
    let (given, mut taken) = mpsc::channel::<io::Result<Vec<Listed>>>(4);
    let (mut pages, writer) = (Pages::of(site, wanted), Writer::of(signed));
    let gone = sender.clone();
    tokio::spawn(async move {
        while !gone.is_closed() {
            let Some(page) = pages.next().await.transpose() else { return };
            let failed = page.is_err();
            if given.send(page).await.is_err() || failed {
                return;
            }
        }
        let _ = given.send(Err(io::Error::other("whoever asked for it has gone away"))).await;
    });
    tokio::task::spawn_blocking(move || {
        let written = write_workbook(&writer, &mut taken);
        if let Err(error) = written.and_then(|mut file| send_file(&mut file, &sender)) {
            tracing::warn!(%error, "a workbook broke off");
            let _ = sender.blocking_send(Err(error));
        }
    });
    file(XLSX, "motherline-texts.xlsx", body)
}

/// Writes all rows that come into a temporary file, which nobody else can open and which goes by itself.
fn write_workbook(writer: &Writer, rows: &mut mpsc::Receiver<io::Result<Vec<Listed>>>) -> io::Result<File> {
    let mut workbook = Workbook::new();
    let bold = Format::new().set_bold();
    let head = names(writer.tongue);
    let mut texts = Vec::new().into_iter();
    let mut more = true;
    while more {
        let sheet = workbook.add_worksheet_with_constant_memory().map_err(broken)?;
        for (column, name) in head.iter().enumerate() {
            sheet.write_string_with_format(0, column as u16, name, &bold).map_err(broken)?;
        }
        let mut row = 1;
        more = false;
        loop {
            let Some(text) = texts.next() else {
                let Some(next) = rows.blocking_recv() else { break };
                texts = next?.into_iter();
                continue;
            };
            for (column, cell) in cells(writer, &text).iter().enumerate() {
                let column = column as u16;
                match cell.parse::<u32>() {
                    // Codes and editions too: they are told apart, never summed.
                    Ok(number) if rows::is_number(column) => sheet.write_number(row, column, number),
                    _ => sheet.write_string(row, column, cell),
                }
                .map_err(broken)?;
            }
            row += 1;
            if row > SHEET {
                more = true;
                break;
            }
        }
    }
    let mut file = tempfile::tempfile()?;
    workbook.save_to_writer(&mut file).map_err(broken)?;
    file.flush()?;
    file.seek(SeekFrom::Start(0))?;
    Ok(file)
}

fn broken(error: XlsxError) -> io::Error {
    io::Error::other(error)
}

fn send_file(file: &mut File, sender: &stream::Sender) -> io::Result<()> {
    loop {
        let mut chunk = vec![0; CHUNK];
        let length = file.read(&mut chunk)?;
        chunk.truncate(length);
        // Who went away is no fault.
        if length == 0 || sender.blocking_send(Ok(Bytes::from(chunk))).is_err() {
            return Ok(());
        }
    }
}

/// The counts of a view: by hour and state, by code, by the beginning of the number.
pub(super) async fn counts(State(site): State<Site>, signed: Signed, RawQuery(query): RawQuery) -> Shown {
    let filter = read(&site, &signed, query).await?;
    let (tongue, words) = (signed.tongue, Words::of(signed.tongue));
    let fates = super::FateWords::of(tongue);
    let mut tx = site.service.database.read().await?;
    let counts = Counts::read(&mut tx, &filter).await?;
    let hours = tallies::by_hour(&mut tx, &filter.of_any_state()).await?;
    drop(tx);
    let plain = |number: i64| number.to_string();
    let mut lines =
        vec![vec![filter.period.said(tongue)], vec![words.state.to_owned(), words.texts.to_owned()]];
    lines.extend(
        counts::steps(&counts, &filter, tongue)
            .into_iter()
            .map(|step| vec![step.name.to_owned(), plain(step.value)]),
    );
    if let Some((median, slow)) = counts::paces(&counts, tongue) {
        lines.push(vec![words.median.to_owned(), median]);
        lines.push(vec![words.slow.to_owned(), slow]);
    }
    let mut by_time: BTreeMap<(String, i16), i64> = BTreeMap::new();
    let by_hour = filter.of_any_state().by_hour();
    for (span, state, texts) in hours {
        // The ends of a long span are known by the hour, its days are days of UTC.
        let time =
            if by_hour { filter.period.typed(span.at) } else { span.at.format("%Y-%m-%d").to_string() };
        *by_time.entry((time, state)).or_default() += texts;
    }
    let grain = if by_hour { words.hour } else { words.utc_day };
    lines.push(vec![grain.to_owned(), words.state.to_owned(), words.texts.to_owned()]);
    lines.extend(
        by_time
            .into_iter()
            .map(|((time, state), texts)| vec![time, fates.state(state).to_owned(), plain(texts)]),
    );
    lines.push(vec![words.gateway.to_owned(), words.code.to_owned(), words.texts.to_owned()]);
    lines.extend(
        counts.codes.iter().map(|(gateway, code, texts)| vec![gateway.clone(), code.clone(), plain(*texts)]),
    );
    lines.push(vec![words.prefix.to_owned(), words.texts.to_owned(), words.failed.to_owned()]);
    lines.extend(
        counts
            .prefixes
            .iter()
            .map(|(prefix, fates)| vec![prefix.clone(), plain(fates.tried()), plain(fates.failed)]),
    );
    Ok(file(CSV, "motherline-counts.csv", as_csv(lines)))
}
