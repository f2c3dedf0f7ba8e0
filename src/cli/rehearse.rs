//! `motherline rehearse`: a scenario on a clock moved by hand, through the very flows that serve mothers.

mod desk;
mod scenario;

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;

use self::desk::Note;
use self::scenario::{Event, Programs, Scenario, instant};
use super::{Common, Done};
use crate::flows::publishing;
use crate::gateway::rehearsal::Fault;
use crate::store::Database;
use crate::worker::rehearsal::{Line, Script, World};

/// The seed of a rehearsal that names none: the same scenario gives the same transcript.
const SEED: u64 = 20_100_205;

/// The rehearsal.
#[derive(Args)]
pub struct Rehearse {
    /// The scenario, a TOML file; several are played one after the other
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// One JSON object a text
    #[arg(long)]
    json: bool,
}

impl Rehearse {
    /// Plays each scenario and prints what was said.
    pub async fn run(&self, common: &Common) -> Done {
        let files = publishing::files(common.library.as_deref())?;
        let mut script: Option<Script> = None;
        for file in &self.files {
            let told = |error: &dyn std::fmt::Display| format!("{}: {error}", file.display());
            let text = std::fs::read_to_string(file).map_err(|error| told(&error))?;
            let scenario: Scenario = toml::from_str(&text).map_err(|error| told(&error))?;
            let script = match &script {
                // Whether a review has run out is asked each day anew, whenever the library was read.
                Some(script) => script.clone(),
                None => script
                    .insert(Script::read(&files, instant(&scenario.start)?.to_utc().date_naive())?)
                    .clone(),
            };
            if self.files.len() > 1 && !self.json {
                say!("== {}", file.display());
            }
            self.play(scenario, &script).await?;
        }
        Ok(ExitCode::SUCCESS)
    }

    async fn play(&self, mut scenario: Scenario, script: &Script) -> Result<(), Box<dyn std::error::Error>> {
        let programs = match &scenario.program {
            Programs::One(program) => vec![program.clone()],
            Programs::Several(programs) => programs.clone(),
        };
        let (start, until) = (instant(&scenario.start)?.to_utc(), instant(&scenario.until)?.to_utc());
        for program in &programs {
            if script.library().program(program).is_none() {
                return Err(format!("the library has no program {program:?}").into());
            }
        }
        let database = Database::in_memory().await?;
        let mut world = World::new(database, script, programs, start, scenario.seed.unwrap_or(SEED)).await?;
        for fault in &scenario.fault {
            let (from, until) = (instant(&fault.from)?.to_utc(), instant(&fault.until)?.to_utc());
            world.add_fault(Fault { from, until, kind: fault.kind });
        }
        for (at, event) in scenario.events()? {
            if at > until {
                break;
            }
            world.advance_to(at.to_utc()).await?;
            self.print(&world.take_lines())?;
            match &event {
                Event::Text(text) => world.text(&text.from, &text.body).await?,
                Event::Report(report) => world.report(&report.to, &report.state),
                desk => {
                    if let Some(note) = Note::of(&mut world, at, desk).await? {
                        self.note(&note)?;
                    }
                }
            }
            self.print(&world.take_lines())?;
        }
        world.advance_to(until).await?;
        self.print(&world.take_lines())?;
        Ok(())
    }

    fn note(&self, note: &Note) -> std::io::Result<()> {
        if self.json {
            say!("{}", serde_json::to_string(note)?);
        } else {
            say!("{note}");
        }
        Ok(())
    }

    fn print(&self, lines: &[Line]) -> std::io::Result<()> {
        let mut out = std::io::stdout().lock();
        for line in lines {
            if self.json {
                writeln!(out, "{}", serde_json::to_string(line)?)?;
            } else {
                writeln!(out, "{}", shown(line))?;
            }
        }
        Ok(())
    }
}

/// A line for people: time, direction, what it is, the words indented under it.
fn shown(line: &Line) -> String {
    let (arrow, number) = match (&line.from, &line.to) {
        (Some(from), _) => ("→", from.as_str()),
        (None, to) => ("←", to.as_deref().unwrap_or_default()),
    };
    let what = match (&line.tip, &line.kind) {
        (Some(tip), _) => {
            let week = line.week.map(|week| format!(" week {week}")).unwrap_or_default();
            format!("  {}{week}  {tip}", line.track.as_deref().unwrap_or_default())
        }
        (None, Some(kind)) => format!("  {kind}"),
        (None, None) => String::new(),
    };
    let body = line.body.replace('\n', "\n    ");
    format!("{}  {arrow} {number}{what}\n    {body}", line.at.format("%a %Y-%m-%d %H:%M %:z"))
}
