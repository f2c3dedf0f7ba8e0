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
}

impl Check {
    /// Runs it.
    pub fn run(&self, common: &Common) -> Done {
        let files = publishing::files(common.library.as_deref())?;
        let checked = Library::read(&files, clock().now().date_naive());
        for fault in &checked.faults {
            if self.json {
                say!("{}", serde_json::to_string(fault)?);
            } else {
                say!("{fault}");
            }
        }
        let errors = checked.faults.iter().filter(|fault| fault.severity == Severity::Error).count();
        if !self.json {
            let warnings = checked.faults.len() - errors;
            say!("{} files: {errors} errors, {warnings} warnings", files.0.len());
        }
        let refused = if self.strict { checked.faults.len() } else { errors };
        Ok(if refused == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}
