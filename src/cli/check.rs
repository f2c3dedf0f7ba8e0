//! `motherline library check`.

use std::process::ExitCode;

use clap::{Args, Subcommand};

use super::{Common, Done, clock};
use crate::flows::publishing;
use crate::library::{Library, Severity};

/// What can be done with the message library.
#[derive(Subcommand)]
pub enum LibraryCommand {
    /// Name every fault at once, with file and line; exit code 1 if any is an error
    Check(Check),
    /// Print the whole library as one page of HTML, for a review board to read and sign on paper
    Book(super::library_book::Book),
    /// Count what there is, by week, topic, language and state, and what it costs to send
    Report(super::library_report::Report),
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
        let check = match self {
            Self::Check(check) => check,
            Self::Book(book) => return book.run(common),
            Self::Report(report) => return report.run(common),
        };
        let files = publishing::files(common.library.as_deref())?;
        let checked = Library::read(&files, clock().now().date_naive());
        for fault in &checked.faults {
            if check.json {
                println!("{}", serde_json::to_string(fault)?);
            } else {
                println!("{fault}");
            }
        }
        let errors = checked.faults.iter().filter(|fault| fault.severity == Severity::Error).count();
        if !check.json {
            let warnings = checked.faults.len() - errors;
            println!("{} files: {errors} errors, {warnings} warnings", files.0.len());
        }
        Ok(if errors == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}
