//! `motherline library …`: what authors and publishers do with the message library.

mod book;
mod check;
mod differences;
mod editions;
mod exchange;
mod preview;
mod recall;
mod report;
mod save;

use clap::Subcommand;

use super::{Common, Done, clock};

/// What can be done with the message library.
#[derive(Subcommand)]
pub enum LibraryCommand {
    /// Name every fault at once, with file and line; exit code 1 if any is an error
    Check(check::Check),
    /// Print the calendar of everything one mother would get, with local times
    Preview(preview::Preview),
    /// Write it out for authors and translators: a workbook, CSV, or a PO file
    Export(exchange::Export),
    /// Take such a file back in: a verdict for every row, and with --write the changes
    Import(exchange::Import),
    /// Make the library as it lies there the next edition; a running service takes it without a restart
    Publish(editions::Publish),
    /// List the editions: number, when, by whom, why
    Editions(editions::Editions),
    /// Show what changed from one edition to another, by tip, question and language
    Diff(editions::Diff),
    /// Make an earlier edition the next one
    Rollback(editions::Rollback),
    /// Write an edition's files into a folder, to go on from what the console published
    Save(save::Save),
    /// Stop a tip at once, count who got it, and tell exactly those what was wrong
    Recall(recall::Recall),
    /// Print the whole library as one page of HTML, for a review board to read and sign on paper
    Book(book::Book),
    /// Count what there is, by week, topic, language and state, and what it costs to send
    Report(report::Report),
}

impl LibraryCommand {
    /// Runs it.
    pub async fn run(&self, common: &Common) -> Done {
        match self {
            Self::Check(check) => check.run(common),
            Self::Preview(preview) => preview.run(common),
            Self::Book(book) => book.run(common),
            Self::Report(report) => report.run(common),
            Self::Export(export) => export.run(common),
            Self::Import(import) => import.run(common),
            Self::Publish(publish) => publish.run(common).await,
            Self::Editions(editions) => editions.run(common).await,
            Self::Diff(diff) => diff.run(common).await,
            Self::Rollback(rollback) => rollback.run(common).await,
            Self::Save(save) => save.run(common).await,
            Self::Recall(recall) => recall.run(common).await,
        }
    }
}
