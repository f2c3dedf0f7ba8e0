//! `motherline answers`: what mothers answered to the library's questions, counted.

use std::process::ExitCode;

use clap::Args;

use super::operator::database;
use super::{Common, Done};
use crate::flows::counting::{self, group};

/// Counts answers by question, edition, language and outcome.
#[derive(Args)]
pub struct Answers {
    /// One JSON object an outcome
    #[arg(long)]
    json: bool,
}

impl Answers {
    /// Runs it.
    pub async fn run(&self, common: &Common) -> Done {
        let shares = counting::answers(&database(common).await?).await?;
        if self.json {
            for share in &shares {
                say!("{}", serde_json::to_string(share)?);
            }
            return Ok(ExitCode::SUCCESS);
        }
        if shares.is_empty() {
            say!("Nobody has answered a question yet.");
        }
        for shares in shares.chunk_by(|a, b| group(&a.count) == group(&b.count)) {
            let first = &shares[0].count;
            let all: i64 = shares.iter().map(|share| share.count.people).sum();
            say!(
                "{}  {}  edition {}  {}: {all} answered",
                first.program,
                first.question,
                first.edition,
                first.language
            );
            for share in shares {
                say!("    {:<24} {:>7}  {:>5.1} %", share.count.outcome, share.count.people, share.percent);
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}
