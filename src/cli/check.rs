//! `motherline library check`.

use std::process::ExitCode;

use clap::{Args, Subcommand};

use super::library_exchange::{Export, Import};
use super::{Common, Done, clock};
use crate::flows::publishing;
use crate::library::{Library, Severity};

/// What can be done with the message library.
#[derive(Subcommand)]
pub enum LibraryCommand {
    /// Name every fault at once, with file and line; exit code 1 if any is an error
    Check(Check),
    /// Write it out for authors and translators: a workbook, CSV, or a PO file
    Export(Export),
    /// Take such a file back in: a verdict for every row, and with --write the changes
    Import(Import),
}

/// The check.
#[derive(Args)]
pub struct Check {
    /// One JSON object a fault
    #[arg(long)]
    json: bool,
}

impl LibraryCommand {
    /// Runs it.
    pub fn run(&self, common: &Common) -> Done {
        match self {
            Self::Check(check) => check.run(common),
            Self::Export(export) => export.run(common),
            Self::Import(import) => import.run(common),
        }
    }
}

impl Check {
    fn run(&self, common: &Common) -> Done {
        let files = publishing::files(common.library.as_deref())?;
        let checked = Library::read(&files, clock().now().date_naive());
        for fault in &checked.faults {
            if self.json {
                println!("{}", serde_json::to_string(fault)?);
            } else {
                println!("{fault}");
            }
        }
        let errors = checked.faults.iter().filter(|fault| fault.severity == Severity::Error).count();
        if !self.json {
            let warnings = checked.faults.len() - errors;
            println!("{} files: {errors} errors, {warnings} warnings", files.0.len());
        }
        Ok(if errors == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}
