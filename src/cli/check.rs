//! `motherline library …`: what authors and publishers do with the message library.

use std::process::ExitCode;

use clap::{Args, Subcommand};

use super::library_editions::{Diff, Editions, Publish, Rollback};
use super::library_preview::Preview;
use super::library_recall::Recall;
use super::{Common, Done, clock};
use crate::flows::publishing;
use crate::library::{Library, Severity};

/// What can be done with the message library.
#[derive(Subcommand)]
pub enum LibraryCommand {
    /// Name every fault at once, with file and line; exit code 1 if any is an error
    Check(Check),
    /// Print the calendar of everything one mother would get, with local times
    Preview(Preview),
    /// Make the library as it lies there the next edition; a running service takes it without a restart
    Publish(Publish),
    /// List the editions: number, when, by whom, why
    Editions(Editions),
    /// Show what changed from one edition to another, by tip and language
    Diff(Diff),
    /// Make an earlier edition the next one
    Rollback(Rollback),
    /// Stop a tip at once, count who got it, and tell exactly those what was wrong
    Recall(Recall),
}

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

impl LibraryCommand {
    /// Runs it.
    pub async fn run(&self, common: &Common) -> Done {
        match self {
            Self::Check(check) => check.run(common),
            Self::Preview(preview) => preview.run(common),
            Self::Publish(publish) => publish.run(common).await,
            Self::Editions(editions) => editions.run(common).await,
            Self::Diff(diff) => diff.run(common).await,
            Self::Rollback(rollback) => rollback.run(common).await,
            Self::Recall(recall) => recall.run(common).await,
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
        let refused = if self.strict { checked.faults.len() } else { errors };
        Ok(if refused == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}
