//! The command line.

/// Says a line. A reader who closes the pipe early, as `head` does, ends the command without a fuss.
macro_rules! say {
    ($($words:tt)*) => {{
        use std::io::Write as _;
        writeln!(std::io::stdout(), $($words)*)?;
    }};
}

mod accounts;
mod answers;
mod broadcast;
mod explain;
mod gateway_simulator;
mod inbox;
mod library;
mod operator;
mod partners;
mod populate;
mod rehearse;
mod sealing;
mod serve;
mod simulate;
mod why;

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::{Args, Parser, Subcommand};

use crate::clock::Clock;
use crate::config::{Config, ConfigError};
use crate::gateway::Secret;

/// Motherline texts expectant and new mothers the right health tip in the right week.
#[derive(Parser)]
#[command(name = "motherline", version, about)]
pub struct Cli {
    #[command(flatten)]
    common: Common,
    #[command(subcommand)]
    command: Option<Command>,
}

/// What every command may be told.
#[derive(Args, Clone)]
struct Common {
    /// The configuration file; without one, the rehearsal gateway and SQLite in ./data
    #[arg(long, global = true, env = "MOTHERLINE_CONFIG", value_name = "FILE")]
    config: Option<PathBuf>,
    /// sqlite:PATH or postgres://USER@HOST/NAME, in place of the configuration's
    #[arg(long, global = true, env = "MOTHERLINE_DATABASE", value_name = "ADDRESS", hide_env_values = true)]
    database: Option<String>,
    /// The message library's folder, in place of the configuration's
    #[arg(long, global = true, value_name = "FOLDER")]
    library: Option<PathBuf>,
}

#[derive(Subcommand)]
enum Command {
    /// Run the service (this is what happens without a command)
    Serve(serve::Serve),
    /// Play a scenario on a clock moved by hand and print the conversation
    Rehearse(rehearse::Rehearse),
    /// Run made-up mothers through months of the service, with faults, and hold what they got against its nine truths
    Simulate(simulate::Simulate),
    /// Show how the service reads things: JSON objects a line in, JSON objects a line out
    Explain(explain::Explain),
    /// The message library
    #[command(subcommand)]
    Library(library::LibraryCommand),
    /// What mothers wrote that a person must read: list it, show it, answer it
    Inbox(inbox::Inbox),
    /// Send one text to many: count whom it reaches, send it, follow it, stop it
    Broadcast(Box<broadcast::Broadcast>),
    /// Who works at the console: let somebody in, list them, give a new link
    #[command(subcommand)]
    Operator(accounts::Operator),
    /// Count what mothers answered to the library's questions
    Answers(answers::Answers),
    /// Count who came by the code of a clinic or a partner
    Partners(partners::Partners),
    /// What was due to a number, what went, what did not and the one reason
    Why(why::Why),
    /// Fill an empty database with made-up mothers, for trials of load
    Populate(populate::Populate),
    /// Play Twilio, Kannel and Infobip with faults, and keep an account, for trials; it sends nothing to anybody
    GatewaySimulator(Box<gateway_simulator::GatewaySimulator>),
}

/// Runs the command line; the exit code is what a shell sees.
pub fn run() -> ExitCode {
    let Cli { common, command } = Cli::parse();
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return failure(&error),
    };
    let command = command.unwrap_or(Command::Serve(serve::Serve::default()));
    let done = runtime.block_on(async {
        match command {
            Command::Serve(serve) => serve.run(&common).await,
            Command::Rehearse(rehearse) => rehearse.run(&common).await,
            Command::Simulate(simulate) => simulate.run(&common).await,
            Command::Explain(explain) => explain.run(&common),
            Command::Library(command) => command.run(&common).await,
            Command::Inbox(inbox) => inbox.run(&common).await,
            Command::Broadcast(broadcast) => broadcast.run(&common).await,
            Command::Operator(operator) => operator.run(&common).await,
            Command::Answers(answers) => answers.run(&common).await,
            Command::Partners(partners) => partners.run(&common).await,
            Command::Why(why) => why.run(&common).await,
            Command::Populate(populate) => populate.run(&common).await,
            Command::GatewaySimulator(simulator) => simulator.run().await,
        }
    });
    // What still waits for a database that hangs is left.
    runtime.shutdown_timeout(Duration::from_secs(2));
    match done {
        Ok(code) => code,
        // Whoever read our output has read enough.
        Err(error) if closed_pipe(&*error) => ExitCode::SUCCESS,
        Err(error) => failure(&*error),
    }
}

fn closed_pipe(error: &(dyn std::error::Error + 'static)) -> bool {
    error.downcast_ref::<std::io::Error>().is_some_and(|error| error.kind() == std::io::ErrorKind::BrokenPipe)
}

/// What a command gives: its exit code, or an error for people.
type Done = Result<ExitCode, Box<dyn std::error::Error>>;

fn failure(error: &dyn std::error::Error) -> ExitCode {
    eprintln!("motherline: {error}");
    ExitCode::from(2)
}

impl Common {
    fn config(&self) -> Result<Config, ConfigError> {
        let mut config = match &self.config {
            Some(path) => Config::read(path)?,
            None => Config::without_file()?,
        };
        if let Some(address) = &self.database {
            config.database.url = Secret::new(address);
        }
        if let Some(folder) = &self.library {
            config.library = Some(folder.clone());
        }
        Ok(config)
    }
}

/// The clock of everything that runs in real time.
fn clock() -> Clock {
    Clock::System
}
