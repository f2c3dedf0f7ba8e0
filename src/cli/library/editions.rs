//! `motherline library publish`, `editions`, `diff` and `rollback`.

use std::collections::BTreeSet;
use std::process::ExitCode;

use clap::Args;
use serde_json::json;

use super::differences::Differences;
use super::{Common, Done, clock};
use crate::config::Config;
use crate::flows::publishing;
use crate::library::Files;
use crate::store::Database;

/// Who does it, and why: both are kept with the edition.
#[derive(Args)]
pub struct Signed {
    /// Who does it
    #[arg(long, value_name = "NAME", value_parser = told)]
    pub by: String,
    /// Why
    #[arg(long, value_name = "WORDS", value_parser = told)]
    pub why: String,
}

fn told(words: &str) -> Result<String, String> {
    let words = words.trim();
    if words.is_empty() { Err("say it in a word or two".to_owned()) } else { Ok(words.to_owned()) }
}

impl Signed {
    /// As the flows take it.
    pub fn by(&self) -> (&str, &str) {
        (&self.by, &self.why)
    }
}

/// Publishes what lies there.
#[derive(Args)]
pub struct Publish {
    #[command(flatten)]
    signed: Signed,
}

/// Lists what was published.
#[derive(Args)]
pub struct Editions {
    /// One JSON object an edition
    #[arg(long)]
    json: bool,
}

/// Compares two editions.
#[derive(Args)]
pub struct Diff {
    /// The earlier one: its number, or `files` for the library as it lies there
    before: Which,
    /// The later one, likewise
    after: Which,
    /// One JSON object a tip, a question or another file
    #[arg(long)]
    json: bool,
}

/// Makes an earlier edition the next one.
#[derive(Args)]
pub struct Rollback {
    /// The number of the edition to go back to
    number: i64,
    #[command(flatten)]
    signed: Signed,
}

/// A state of the library.
#[derive(Clone, Copy, Debug)]
enum Which {
    Edition(i64),
    Files,
}

impl std::str::FromStr for Which {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "files" => Ok(Self::Files),
            number => {
                number.parse().map(Self::Edition).map_err(|_| "write an edition's number, or files".into())
            }
        }
    }
}

/// Opens the database that the configuration names; a service may be running on it.
pub async fn open(config: &Config) -> Result<Database, Box<dyn std::error::Error>> {
    Ok(Database::open(config.database.url.reveal(), 2).await?)
}

/// The programs that the configuration's senders serve.
pub fn served(config: &Config) -> BTreeSet<String> {
    config.senders.iter().flat_map(|sender| sender.programs.iter().cloned()).collect()
}

impl Publish {
    /// Publishes.
    pub async fn run(&self, common: &Common) -> Done {
        let config = common.config()?;
        let files = publishing::files(config.library.as_deref())?;
        let database = open(&config).await?;
        let before = match publishing::list(&database).await?.first() {
            Some(newest) => publishing::edition_files(&database, newest.number).await?,
            None => None,
        };
        let number =
            publishing::publish(&database, &clock(), &files, self.signed.by(), &served(&config)).await?;
        say!(
            "Edition {number} is published. A running service takes it within seconds; what is queued keeps its words."
        );
        if let Some(before) = before {
            Differences::of(&before, &files).summary()?;
        }
        Ok(ExitCode::SUCCESS)
    }
}

impl Editions {
    /// Lists.
    pub async fn run(&self, common: &Common) -> Done {
        let database = open(&common.config()?).await?;
        let all = publishing::list(&database).await?;
        for edition in &all {
            let (number, hash) = (edition.number, &edition.hash);
            let same = all.iter().filter(|other| other.hash == *hash && other.number < number);
            let same: Vec<i64> = same.map(|other| other.number).collect();
            if self.json {
                say!(
                    "{}",
                    json!({ "number": number, "hash": hash, "made_at": edition.made_at, "made_by": edition.made_by,
                            "reason": edition.reason, "says_the_same_as": same })
                );
                continue;
            }
            let again = same.first().map(|first| format!(" (says the same as {first})")).unwrap_or_default();
            let at = edition.made_at.format("%Y-%m-%d %H:%M");
            say!("{number:>4}  {at} UTC  {}  by {}: {}{again}", &hash[..12], edition.made_by, edition.reason);
        }
        if all.is_empty() && !self.json {
            say!("Nothing is published yet: the first start of the service publishes the library it finds.");
        }
        Ok(ExitCode::SUCCESS)
    }
}

impl Diff {
    /// Compares.
    pub async fn run(&self, common: &Common) -> Done {
        let config = common.config()?;
        let database = open(&config).await?;
        let mut states = Vec::new();
        for which in [self.before, self.after] {
            states.push(match which {
                Which::Files => publishing::files(config.library.as_deref())?,
                Which::Edition(number) => publishing::edition_files(&database, number)
                    .await?
                    .ok_or_else(|| format!("there is no edition {number}"))?,
            });
        }
        let (before, after): (&Files, &Files) = (&states[0], &states[1]);
        let differences = Differences::of(before, after);
        if self.json {
            differences.json()?
        } else {
            differences.lines()?
        }
        Ok(ExitCode::SUCCESS)
    }
}

impl Rollback {
    /// Rolls back.
    pub async fn run(&self, common: &Common) -> Done {
        let config = common.config()?;
        let database = open(&config).await?;
        let by = self.signed.by();
        let next = publishing::roll_back(&database, &clock(), self.number, by, &served(&config)).await?;
        say!(
            "Edition {next} is published and says what edition {} said. A running service takes it within seconds.",
            self.number
        );
        Ok(ExitCode::SUCCESS)
    }
}
