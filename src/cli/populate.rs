//! `motherline populate`: made-up mothers for trials of load.

use std::process::ExitCode;

use clap::Args;

use super::serve::alone;
use super::{Common, Done, clock};
use crate::flows::populating::{self, Crowd};
use crate::flows::publishing;
use crate::store::Database;

pub use crate::flows::populating::POPULATED;

/// The crowd.
#[derive(Args)]
pub struct Populate {
    /// How many mothers
    #[arg(long, value_name = "N")]
    mothers: u64,
    /// The same seed gives the same mothers
    #[arg(long, default_value_t = 1, value_name = "S")]
    seed: u64,
}

impl Populate {
    /// Fills the database.
    pub async fn run(&self, common: &Common) -> Done {
        let config = common.config()?;
        let _alone = alone(config.database.url.reveal())?;
        let database = Database::open(config.database.url.reveal(), config.database.connections).await?;
        let files = publishing::files(config.library.as_deref())?;
        let edition = publishing::start(&database, &clock(), &files, true).await?.edition;
        let sender = config.senders.first().map_or("rehearsal", |sender| sender.name.as_str());
        let crowd = Crowd { mothers: self.mothers, seed: self.seed, sender };
        populating::populate(&database, &clock(), &edition.library, &crowd).await?;
        println!(
            "{} made-up mothers are enrolled; from now on only the rehearsal gateway serves this database.",
            self.mothers
        );
        Ok(ExitCode::SUCCESS)
    }
}
