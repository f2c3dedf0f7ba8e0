//! `motherline library check`.

use std::process::ExitCode;

use clap::Args;

use super::{Common, Done, clock};
use crate::flows::publishing;
use crate::library::{Library, Severity};

/// The check.
#[derive(Args)]
pub struct Check {
    /// One JSON object a fault
    #[arg(long)]
    json: bool,
    /// Take warnings for errors: exit code 1 if there is any fault at all
    #[arg(long)]
    strict: bool,
    /// Tell as well what letters such as á cost, tip by tip
    #[arg(long)]
    costs: bool,
}

impl Check {
    /// Runs it.
    pub fn run(&self, common: &Common) -> Done {
        let files = publishing::files(common.library.as_deref())?;
        let checked = Library::read(&files, clock().now().date_naive());
        let (notes, faults): (Vec<_>, Vec<_>) =
            checked.faults.iter().partition(|fault| fault.severity == Severity::Note);
        let shown = faults.iter().chain(notes.iter().filter(|_| self.costs));
        for fault in shown {
            if self.json {
                say!("{}", serde_json::to_string(fault)?);
            } else {
                say!("{fault}");
            }
        }
        let errors = faults.iter().filter(|fault| fault.severity == Severity::Error).count();
        if !self.json {
            let warnings = faults.len() - errors;
            say!("{} files: {errors} errors, {warnings} warnings", files.0.len());
            if !notes.is_empty() && !self.costs {
                say!("{} texts take more SMS for letters such as á: --costs shows them", notes.len());
            }
        }
        let refused = if self.strict { faults.len() } else { errors };
        Ok(if refused == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}
