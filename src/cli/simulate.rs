//! `motherline simulate`: made-up mothers over months, and what the service must never do.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::process::ExitCode;

use chrono::TimeDelta;
use clap::Args;

use super::{Common, Done};
use crate::flows::publishing;
use crate::simulation::report::Page;
use crate::simulation::truths::Truth;
use crate::simulation::{self, Account, Plan, Setting};
use crate::store::Database;

/// The seed of a run that names none.
const SEED: u64 = 20_100_205;
/// Connections to a database that is named.
const CONNECTIONS: u32 = 4;
/// So much of the evidence is printed.
const SHOWN: usize = 40;

/// The simulation.
#[derive(Args)]
pub struct Simulate {
    /// How many mothers
    #[arg(long, value_name = "N")]
    mothers: u32,
    /// The same seed gives the same run
    #[arg(long, value_name = "SEED", default_value_t = SEED)]
    seed: u64,
    /// Over how many months
    #[arg(long, value_name = "N", default_value_t = 21)]
    months: u32,
    /// Where to write the report
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
    /// Let the clock stand at multiples of so many minutes only; 0: at every moment at which anything is due
    #[arg(long, value_name = "N", default_value_t = 20)]
    minutes: u32,
    /// So many mothers share a world, each world with a database of its own in memory
    #[arg(long, value_name = "N")]
    together: Option<u32>,
    /// Print all that was said between us and the mother with this number in each world
    #[arg(long, value_name = "N")]
    follow: Option<u32>,
    /// Run only the world with this number, as it is among all: to look into what a long run found there
    #[arg(long, value_name = "N", conflicts_with = "report")]
    world: Option<u64>,
    /// Let nothing fail
    #[arg(long)]
    calm: bool,
}

impl Simulate {
    /// Runs it; the exit code is 1 if a truth was broken.
    pub async fn run(&self, common: &Common) -> Done {
        let files = publishing::files(common.library.as_deref())?;
        let plan = Plan {
            mothers: self.mothers,
            seed: self.seed,
            months: self.months,
            step: TimeDelta::minutes(i64::from(self.minutes)),
            together: self.together,
            faults: !self.calm,
            public: false,
            follow: self.follow,
            world: self.world,
        };
        let setting = Setting::read(&files, &plan)?;
        let database = match &common.database {
            Some(address) => Some(Database::open(address, CONNECTIONS).await?),
            None => None,
        };
        let mut account = simulation::run(&setting, &plan, database, tell_so_far).await?;
        account.add(simulation::unapproved(&files, &plan).await?);
        for line in account.transcript.iter().cloned().chain(told(&account)) {
            say!("{line}");
        }
        if let Some(path) = &self.report {
            let page = Page::of(&setting, &plan, &account).html()?;
            std::fs::write(path, &page)
                .map_err(|error| format!("cannot write {}: {error}", path.display()))?;
            say!("{}: {} KB", path.display(), page.len().div_ceil(1024));
        }
        Ok(if account.broken.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}

/// Where there are many worlds it takes long: how far it is goes to standard error.
fn tell_so_far(account: &Account, worlds: u64) {
    if worlds > 1 {
        let broken = account.broken.len();
        let broken = if broken == 0 { "nothing broken".to_owned() } else { format!("broken {broken} times") };
        eprintln!("{} of {worlds} worlds, {} mothers: {broken}", account.worlds, account.mothers);
    }
}

/// The account in some lines.
fn told(account: &Account) -> Vec<String> {
    let mut lines = vec![format!(
        "{} mothers in {} worlds, {} texts from them, {} to them, {} moments",
        account.mothers,
        account.worlds,
        account.heard(),
        account.weeks.values().sum::<u64>(),
        account.moments,
    )];
    for truth in Truth::ALL {
        let checked = account.checked.get(truth).copied().unwrap_or_default();
        let number = truth.number().map_or_else(|| "  ".to_owned(), |number| format!("{number}."));
        let held = match account.broken(*truth) {
            0 if checked == 0 => "never came up".to_owned(),
            0 => format!("held, {checked} times"),
            times => format!("BROKEN {times} times of {checked}"),
        };
        lines.push(format!("{number} {}: {held}", truth.sentence()));
    }
    // Of each mother the first: what is wrong with her once is most often wrong again.
    let mut shown = BTreeSet::new();
    let first =
        account.broken.iter().filter(|(world, broken)| shown.insert((broken.truth, *world, broken.mother)));
    for (world, broken) in first.take(SHOWN) {
        let mother = broken.mother.map_or_else(String::new, |mother| format!(", mother {mother}"));
        let at = broken.at.format("%Y-%m-%d %H:%M:%S UTC");
        lines.push(format!("{:?}: world {world}{mother}, {at}: {}", broken.truth, broken.what));
        if !broken.words.is_empty() {
            lines.push(format!("    {}", broken.words.replace('\n', "\n    ")));
        }
    }
    lines
}
