//! `motherline library export` and `import`: spreadsheets and translators' files.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::{fs, io};

use clap::{ArgGroup, Args};
use serde_json::json;

use super::{Common, Done, clock};
use crate::flows::publishing;
use crate::library::Files;
use crate::library::exchange::{self, Outcome, Proposals, Shelf, Verdict, Weighed};
use crate::library::{save, spreadsheet, translations};

/// A value that changes is shown up to so many characters.
const SHOWN: usize = 200;

/// Writing the library out.
#[derive(Args)]
#[command(group(ArgGroup::new("shape").required(true).args(["xlsx", "csv", "po", "pot"])))]
pub struct Export {
    /// A workbook for Excel, LibreOffice and their kin: a sheet a program, a row a tip
    #[arg(long, value_name = "FILE")]
    xlsx: Option<PathBuf>,
    /// Comma-separated values of one program
    #[arg(long, value_name = "FILE")]
    csv: Option<PathBuf>,
    /// A program's translation into a language, for Weblate, Poedit and their kin
    #[arg(long, num_args = 2, value_names = ["LANGUAGE", "FILE"])]
    po: Option<Vec<String>>,
    /// A program's words as a template for a new translation
    #[arg(long, value_name = "FILE")]
    pot: Option<PathBuf>,
    /// Of which program; a workbook has all without it
    #[arg(long, value_name = "PROGRAM")]
    program: Option<String>,
}

/// Taking a file back in. Without --write it only tells what would happen
#[derive(Args)]
#[command(group(ArgGroup::new("shape").required(true).args(["xlsx", "csv", "po"])))]
pub struct Import {
    /// A workbook as `export` wrote it and people changed it
    #[arg(long, value_name = "FILE")]
    xlsx: Option<PathBuf>,
    /// Comma-separated values of one program
    #[arg(long, value_name = "FILE")]
    csv: Option<PathBuf>,
    /// A translation of one program; its header names the language
    #[arg(long, value_name = "FILE")]
    po: Option<PathBuf>,
    /// Of which program; a workbook names them by its sheets
    #[arg(long, value_name = "PROGRAM")]
    program: Option<String>,
    /// Change the library's files, if no row is refused
    #[arg(long)]
    write: bool,
    /// With --write: take over the good rows though others are refused
    #[arg(long, requires = "write")]
    partly: bool,
    /// One JSON object a row
    #[arg(long)]
    json: bool,
}

impl Export {
    /// Writes the file.
    pub fn run(&self, common: &Common) -> Done {
        let shelf = Shelf::new(&publishing::files(common.library.as_deref())?)?;
        let today = clock().now().date_naive();
        let (file, content) = if let Some(file) = &self.xlsx {
            (file.clone(), spreadsheet::to_xlsx(&shelf, self.program.as_deref(), today)?)
        } else if let Some(file) = &self.csv {
            (file.clone(), spreadsheet::to_csv(&shelf, named(self.program.as_deref(), &shelf)?)?)
        } else if let Some([language, file]) = self.po.as_deref() {
            let program = named(self.program.as_deref(), &shelf)?;
            (PathBuf::from(file), translations::po(&shelf, program, language, today)?.into_bytes())
        } else if let Some(file) = &self.pot {
            let program = named(self.program.as_deref(), &shelf)?;
            (file.clone(), translations::pot(&shelf, program, today)?.into_bytes())
        } else {
            return Err("name a file: --xlsx, --csv, --po or --pot".into());
        };
        save::save_file(&file, &content)
            .map_err(|error| format!("cannot write {}: {error}", file.display()))?;
        let programs = self.program.as_deref().map_or_else(|| shelf.programs(), |program| vec![program]);
        let tips: usize = programs.iter().map(|program| shelf.tips_of(program).len()).sum();
        say!("{tips} tips written to {}.", file.display());
        Ok(ExitCode::SUCCESS)
    }
}

impl Import {
    /// Tells what every row comes to, and writes if it was asked to. The exit code is 1 if a row is refused, or if
    /// the whole cannot be taken over.
    pub fn run(&self, common: &Common) -> Done {
        let files = publishing::files(common.library.as_deref())?;
        let shelf = Shelf::new(&files)?;
        let proposals = self.proposals(&shelf)?;
        let weighed = exchange::weigh(&files, &shelf, proposals, clock().now().date_naive());
        // Written first: whoever stops reading the verdicts has not stopped the import.
        let settled = self.settle(common, &files, &weighed);
        self.tell(&weighed)?;
        let (sentence, code) = settled?;
        self.say(&sentence)?;
        Ok(code)
    }

    /// Writes what is to be written; gives how it ended.
    fn settle(
        &self,
        common: &Common,
        files: &Files,
        weighed: &Weighed,
    ) -> Result<(String, ExitCode), Box<dyn Error>> {
        let refused = weighed.count(Outcome::Refused);
        let changes = weighed.count(Outcome::Created) + weighed.count(Outcome::Changed);
        let Some(after) = &weighed.after else {
            let sentence = "Nothing was written: with these changes the library would fail its check.";
            return Ok((sentence.to_owned(), ExitCode::FAILURE));
        };
        let code = if refused == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE };
        let sentence = if changes == 0 {
            "There is nothing to write.".to_owned()
        } else if !self.write {
            "Nothing was written. Add --write to change the library.".to_owned()
        } else if refused > 0 && !self.partly {
            "Nothing was written, because rows are refused. Mend them, or add --partly to take the others."
                .to_owned()
        } else {
            let folder = publishing::folder(common.library.as_deref());
            let folder = folder.ok_or(
                "the library built into the program cannot be changed: name a folder with --library",
            )?;
            let written = save::save(folder, files, after)?;
            format!("Written: {} files in {}.", written.len(), folder.display())
        };
        Ok((sentence, code))
    }

    fn proposals(&self, shelf: &Shelf) -> Result<Proposals, Box<dyn Error>> {
        let program = self.program.as_deref();
        let fault = |path: &Path, error: &dyn Error| format!("{}: {error}", path.display());
        if let Some(path) = &self.xlsx {
            let read = spreadsheet::from_xlsx(&bytes(path)?, shelf, program);
            return read.map_err(|error| fault(path, &error).into());
        }
        if let Some(path) = &self.csv {
            let read = spreadsheet::from_csv(&bytes(path)?, &name(path), shelf, named(program, shelf)?);
            return read.map_err(|error| fault(path, &error).into());
        }
        let path = self.po.as_ref().ok_or("name a file: --xlsx, --csv or --po")?;
        Ok(translations::import(&bytes(path)?, &name(path), shelf, named(program, shelf)?)?)
    }

    fn tell(&self, weighed: &Weighed) -> Result<(), Box<dyn Error>> {
        if self.json {
            for verdict in &weighed.verdicts {
                say!("{}", serde_json::to_string(verdict)?);
            }
            for note in &weighed.notes {
                say!("{}", json!({ "note": note }));
            }
            for fault in &weighed.faults {
                say!("{}", serde_json::to_string(fault)?);
            }
            return Ok(());
        }
        tell_verdicts(&weighed.verdicts)?;
        for note in &weighed.notes {
            say!("{note}");
        }
        for fault in &weighed.faults {
            say!("{fault}");
        }
        let counts = Outcome::ALL.map(|outcome| format!("{} {}", weighed.count(outcome), outcome.name()));
        say!("{} rows: {}.", weighed.verdicts.len(), counts.join(", "));
        Ok(())
    }

    fn say(&self, sentence: &str) -> io::Result<()> {
        if !self.json {
            say!("{sentence}");
        }
        Ok(())
    }
}

/// A line a row; of rows that say what stands there already, a line for each run of them.
fn tell_verdicts(verdicts: &[Verdict]) -> io::Result<()> {
    let quiet = |verdict: &Verdict| verdict.outcome == Outcome::Same && verdict.notes.is_empty();
    let sheet = |verdict: &Verdict| verdict.place.split(['!', ':']).next().map(str::to_owned);
    let alike = |one: &Verdict, other: &Verdict| quiet(one) && quiet(other) && sheet(one) == sheet(other);
    for run in verdicts.chunk_by(alike) {
        if let ([first, .., last], true) = (run, quiet(&run[0])) {
            say!("{} to {}: {} rows: same", first.place, last.place, run.len());
            continue;
        }
        for verdict in run {
            let tip = verdict.tip.as_deref().map(|tip| format!(" {tip}:")).unwrap_or_default();
            say!("{}:{tip} {}", verdict.place, verdict.outcome.name());
            for why in &verdict.why {
                say!("    {why}");
            }
            for change in &verdict.changes {
                let place = change.place.as_deref().map(|place| format!(" ({place})")).unwrap_or_default();
                say!("    {}{place}: {} -> {}", change.field, shown(&change.before), shown(&change.after));
            }
            for note in &verdict.notes {
                say!("    note: {note}");
            }
        }
    }
    Ok(())
}

fn shown(value: &str) -> String {
    if value.is_empty() {
        return "nothing".to_owned();
    }
    let short: String = value.chars().take(SHOWN).collect();
    if short.len() < value.len() { format!("{short:?}…") } else { format!("{short:?}") }
}

/// The program that is meant: the one named, or the only one there is.
fn named<'a>(program: Option<&'a str>, shelf: &'a Shelf) -> Result<&'a str, String> {
    let programs = shelf.programs();
    match (program, programs.as_slice()) {
        (Some(program), _) => Ok(program),
        (None, [only]) => Ok(only),
        (None, _) => Err(format!("say which program is meant: --program, one of {}", programs.join(", "))),
    }
}

fn bytes(path: &Path) -> Result<Vec<u8>, String> {
    fs::read(path).map_err(|error| format!("cannot read {}: {error}", path.display()))
}

fn name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}
