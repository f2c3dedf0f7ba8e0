//! `motherline library book`.

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use super::{Common, Done, clock};
use crate::flows::publishing;
use crate::library::book::Book as Pages;

/// The book of tips.
#[derive(Args)]
pub struct Book {
    /// A program's id; may be given several times; without it, all of them
    #[arg(long = "program", value_name = "PROGRAM")]
    programs: Vec<String>,
    /// Where to write the page; without it, to standard output
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

impl Book {
    /// Runs it.
    pub fn run(&self, common: &Common) -> Done {
        let files = publishing::files(common.library.as_deref())?;
        let book = Pages::of(&files, clock().now().date_naive(), &self.programs)?;
        let page = book.html()?;
        match &self.out {
            None => std::io::stdout().write_all(page.as_bytes())?,
            Some(path) => {
                std::fs::write(path, &page)
                    .map_err(|error| format!("cannot write {}: {error}", path.display()))?;
                let (tips, questions) = (book.tips(), book.questions());
                println!(
                    "{}: {tips} tips, {questions} questions, {} KB",
                    path.display(),
                    page.len().div_ceil(1024)
                );
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}
