//! `motherline partners`: how many came by the code of a clinic or a partner.

use std::process::ExitCode;

use chrono::NaiveDate;
use clap::Args;
use serde_json::json;

use super::operator::service;
use super::{Common, Done};
use crate::flows::counting::{self, FEWEST, Number};

/// Counts enrollments by partner code.
#[derive(Args)]
pub struct Partners {
    /// Count only who enrolled on this day or later: 2026-07-01
    #[arg(long, value_name = "DATE")]
    since: Option<NaiveDate>,
    /// Tell numbers below 5 as well: a few women could be known by them
    #[arg(long)]
    exact: bool,
    /// One JSON object a code; null is a number below 5
    #[arg(long)]
    json: bool,
}

impl Partners {
    /// Runs it.
    pub async fn run(&self, common: &Common) -> Done {
        let service = service(common).await?;
        let edition = service.shelf.edition();
        let partners = counting::partners(&service.database, &edition, self.since, self.exact).await?;
        if partners.is_empty() && !self.json {
            say!("The library knows no partner, and nobody came by a code.");
        }
        for partner in &partners {
            let (enrolled, active, births) = (partner.enrolled, partner.active, partner.births);
            if self.json {
                let object = json!({
                    "program": partner.program,
                    "code": partner.code,
                    "name": partner.name,
                    "enrolled": number(enrolled),
                    "active": number(active),
                    "births": number(births),
                });
                say!("{object}");
                continue;
            }
            let name = partner.name.as_deref().unwrap_or("a code that the library does not know");
            say!("{}  {}  {name}", partner.program, partner.code);
            say!(
                "    {} enrolled, {} get tips now, {} told of a birth",
                words(enrolled),
                words(active),
                words(births)
            );
        }
        Ok(ExitCode::SUCCESS)
    }
}

fn number(number: Number) -> Option<i64> {
    match number {
        Number::Of(people) => Some(people),
        Number::Few => None,
    }
}

fn words(number: Number) -> String {
    match number {
        Number::Of(people) => people.to_string(),
        Number::Few => format!("fewer than {FEWEST}"),
    }
}
