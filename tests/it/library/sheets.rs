//! What the tests of spreadsheets and translations stand on: a library on disk, the real program, and an exported
//! table that can be changed as a health worker would.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use motherline::library::Files;
use motherline::library::exchange::{self, Damaged, Outcome, Shelf, Verdict, Weighed};
use motherline::library::spreadsheet;
use rust_xlsxwriter::Workbook;
use tempfile::TempDir;

use super::today;

/// The program with two languages.
pub const US: &str = "text4baby-us";
/// The program with one.
pub const RUSSIA: &str = "text4baby-russia";

/// The library that ships with a few of its weeks: it is read in a tenth of the time. Questions and second texts go
/// with the tips that they belong to.
pub fn few() -> Files {
    let Files(mut files) = Files::built_in();
    let weeks = ["pregnancy/week-20", "pregnancy/week-21", "baby/week-03"];
    files.retain(|path, _| !path.contains("/week-") || weeks.iter().any(|week| path.contains(week)));
    files.retain(|path, _| !path.starts_with("questions/") && !path.ends_with("/more.toml"));
    Files(files)
}

/// The same with one file changed.
pub fn changed(path: &str, change: impl Fn(&str) -> String) -> Files {
    let Files(mut files) = few();
    let text = change(&files[path]);
    assert_ne!(text, files[path], "{path} was not changed");
    files.insert(path.to_owned(), text);
    Files(files)
}

/// A library in a folder of its own.
pub struct Room {
    pub folder: TempDir,
}

impl Room {
    pub fn new(Files(files): &Files) -> Self {
        let room = Self { folder: TempDir::new().expect("a folder") };
        for (path, text) in files {
            let path = room.library().join(path);
            fs::create_dir_all(path.parent().expect("a folder")).expect("made");
            fs::write(path, text).expect("written");
        }
        room
    }

    pub fn library(&self) -> PathBuf {
        self.folder.path().join("library")
    }

    /// A file beside the library.
    pub fn file(&self, name: &str) -> String {
        self.folder.path().join(name).display().to_string()
    }

    pub fn put(&self, name: &str, bytes: &[u8]) -> String {
        fs::write(self.file(name), bytes).expect("written");
        self.file(name)
    }

    pub fn run(&self, args: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_motherline"))
            .args(["library"])
            .args(args)
            .arg("--library")
            .arg(self.library())
            .output()
            .expect("motherline runs")
    }

    /// Every file with every byte, and nothing that was left lying about.
    pub fn bytes(&self) -> BTreeMap<String, Vec<u8>> {
        let mut found = BTreeMap::new();
        collect(&self.library(), &mut found);
        found
    }
}

fn collect(folder: &Path, found: &mut BTreeMap<String, Vec<u8>>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            collect(&path, found);
        } else {
            found.insert(path.display().to_string(), fs::read(&path).expect("a file"));
        }
    }
}

pub fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

/// An exported sheet.
#[derive(Clone)]
pub struct Table {
    pub program: String,
    pub header: Vec<String>,
    pub rows: Vec<Vec<String>>,
}

impl Table {
    pub fn of(files: &Files, program: &str) -> Self {
        let bytes = spreadsheet::to_csv(&shelf(files), program).expect("a table");
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .from_reader(bytes.strip_prefix(b"\xef\xbb\xbf").expect("a mark"));
        let row = |record: csv::StringRecord| record.iter().map(str::to_owned).collect::<Vec<_>>();
        let mut rows: Vec<Vec<String>> = reader.records().map(|record| row(record.expect("a row"))).collect();
        Self { program: program.to_owned(), header: rows.remove(0), rows }
    }

    /// The same with a few of its rows.
    pub fn only(mut self, rows: usize) -> Self {
        self.rows.truncate(rows);
        self
    }

    pub fn column(&self, name: &str) -> usize {
        self.header.iter().position(|column| column == name).unwrap_or_else(|| panic!("column {name}"))
    }

    pub fn get(&self, row: usize, column: &str) -> &str {
        &self.rows[row][self.column(column)]
    }

    pub fn set(&mut self, row: usize, column: &str, value: &str) {
        let column = self.column(column);
        self.rows[row][column] = value.to_owned();
    }

    /// The row of the tip that the mother gets in a place.
    pub fn row(&self, track: &str, week: &str, slot: &str) -> usize {
        let here = |row: &usize| {
            [("track", track), ("week", week), ("slot", slot), ("reader", "")]
                .iter()
                .all(|(name, value)| self.get(*row, name) == *value)
        };
        (0..self.rows.len()).find(here).unwrap_or_else(|| panic!("a tip in {track} {week} {slot}"))
    }

    pub fn without(&self, column: &str) -> Self {
        let mut less = self.clone();
        let at = less.column(column);
        less.header.remove(at);
        less.rows.iter_mut().for_each(|row| drop(row.remove(at)));
        less
    }

    pub fn csv(&self) -> Vec<u8> {
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_record(&self.header).expect("written");
        self.rows.iter().for_each(|row| writer.write_record(row).expect("written"));
        writer.into_inner().expect("bytes")
    }

    /// A workbook of it, which can be spoiled before it is saved. Its only sheet is the program's.
    pub fn workbook(&self) -> Workbook {
        let mut workbook = Workbook::new();
        let sheet = workbook.add_worksheet().set_name(&self.program).expect("a name");
        for (row, cells) in (0u32..).zip(std::iter::once(&self.header).chain(&self.rows)) {
            for (column, cell) in (0u16..).zip(cells).filter(|(_, cell)| !cell.is_empty()) {
                sheet.write_string(row, column, cell).expect("written");
            }
        }
        workbook
    }

    pub fn xlsx(&self) -> Vec<u8> {
        self.workbook().save_to_buffer().expect("saved")
    }
}

pub fn shelf(files: &Files) -> Shelf {
    Shelf::new(files).unwrap_or_else(|faults| panic!("{faults}"))
}

/// What a table comes to as comma-separated values.
pub fn weigh_csv(files: &Files, bytes: &[u8], program: &str) -> Result<Weighed, Damaged> {
    let shelf = shelf(files);
    let proposals = spreadsheet::from_csv(bytes, "t.csv", &shelf, program)?;
    Ok(exchange::weigh(files, &shelf, proposals, today()))
}

/// What a workbook comes to.
pub fn weigh_xlsx(files: &Files, bytes: &[u8]) -> Result<Weighed, Damaged> {
    let shelf = shelf(files);
    let proposals = spreadsheet::from_xlsx(bytes, &shelf, None)?;
    Ok(exchange::weigh(files, &shelf, proposals, today()))
}

/// What a table comes to as a workbook; as comma-separated values it asks for the same.
pub fn weigh(files: &Files, table: &Table) -> Weighed {
    let shelf = shelf(files);
    let csv = spreadsheet::from_csv(&table.csv(), &table.program, &shelf, &table.program).expect("a table");
    let xlsx = spreadsheet::from_xlsx(&table.xlsx(), &shelf, None).expect("a workbook");
    assert_eq!(csv.rows.len(), xlsx.rows.len());
    for (one, other) in csv.rows.iter().zip(&xlsx.rows) {
        assert_eq!(one.verdict, other.verdict, "CSV and XLSX ask for the same");
    }
    exchange::weigh(files, &shelf, xlsx, today())
}

/// The verdict that is not like the others.
pub fn the_one(weighed: &Weighed) -> &Verdict {
    let mut others = weighed.verdicts.iter().filter(|verdict| verdict.outcome != Outcome::Same);
    let one = others.next().expect("a row that is not the same");
    assert!(others.next().is_none(), "{:#?}", weighed.verdicts);
    one
}

/// The only verdict, which is a refusal: why.
pub fn refusal(weighed: &Weighed) -> String {
    let one = the_one(weighed);
    assert_eq!(Outcome::Refused, one.outcome, "{one:#?}");
    one.why.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

pub fn damage<T>(result: Result<T, Damaged>) -> String {
    match result {
        Ok(_) => panic!("it was read"),
        Err(damaged) => damaged.to_string(),
    }
}
