//! `motherline library save`: an edition's files into a folder, so that who works in files goes on from what the console
//! published.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use super::editions::open;
use super::{Common, Done};
use crate::flows::publishing;
use crate::library::{Files, save};

/// An edition's files.
#[derive(Args)]
pub struct Save {
    /// The folder; it is made if it is not there
    folder: PathBuf,
    /// The edition's number; without it, the newest
    #[arg(long, value_name = "NUMBER")]
    edition: Option<i64>,
    /// Write over files that hold changes no edition has
    #[arg(long)]
    over: bool,
}

impl Save {
    /// Writes those files that differ. A file with changes that were never published is left alone, and named.
    pub async fn run(&self, common: &Common) -> Done {
        let database = open(&common.config()?).await?;
        let all = publishing::list(&database).await?;
        let newest = all.first().ok_or("nothing is published yet")?.number;
        let number = self.edition.unwrap_or(newest);
        let files = publishing::edition_files(&database, number).await?;
        let files = files.ok_or_else(|| format!("there is no edition {number}"))?;
        std::fs::create_dir_all(&self.folder)?;
        let there = Files::from_folder(&self.folder)?;
        let differs = |path: &String| there.0.get(path).is_some_and(|own| files.0.get(path) != Some(own));
        let mut unpublished: BTreeSet<&String> = there.0.keys().filter(|path| differs(path)).collect();
        for edition in &all {
            if unpublished.is_empty() {
                break;
            }
            if let Some(known) = publishing::edition_files(&database, edition.number).await? {
                unpublished.retain(|path| known.0.get(*path) != there.0.get(*path));
            }
        }
        if !unpublished.is_empty() && !self.over {
            let named: Vec<&str> = unpublished.into_iter().map(String::as_str).collect();
            return Err(format!(
                "these files hold changes that no edition has, and nothing was written: {}. Publish them, put them aside, or add --over",
                named.join(", ")
            )
            .into());
        }
        let written = save::save(&self.folder, &there, &files)?;
        say!("Edition {number}: {} files written in {}.", written.len(), self.folder.display());
        let more: Vec<&str> =
            there.0.keys().filter(|path| !files.0.contains_key(*path)).map(String::as_str).collect();
        if !more.is_empty() {
            say!("Edition {number} does not have these, and they were left there: {}", more.join(", "));
        }
        Ok(ExitCode::SUCCESS)
    }
}
