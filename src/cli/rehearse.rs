//! `motherline rehearse`: a scenario on a clock moved by hand, through the very flows that serve mothers.

use std::io::Write;
use std::path::PathBuf;

use chrono::{DateTime, Utc};
use clap::Args;
use serde::Deserialize;
use std::process::ExitCode;

use super::{Common, Done};
use crate::flows::publishing;
use crate::gateway::rehearsal::{Fault, FaultKind};
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

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Scenario {
    program: Programs,
    start: toml::value::Datetime,
    until: toml::value::Datetime,
    seed: Option<u64>,
    #[serde(default)]
    text: Vec<TextEntry>,
    #[serde(default)]
    report: Vec<ReportEntry>,
    #[serde(default)]
    fault: Vec<FaultEntry>,
}

/// One program, or several behind one number.
#[derive(Deserialize)]
#[serde(untagged)]
enum Programs {
    One(String),
    Several(Vec<String>),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TextEntry {
    at: toml::value::Datetime,
    from: String,
    body: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ReportEntry {
    at: toml::value::Datetime,
    to: String,
    state: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FaultEntry {
    from: toml::value::Datetime,
    until: toml::value::Datetime,
    kind: FaultKind,
}

/// What happens from outside, in the order of time.
enum Event {
    Text { from: String, body: String },
    Report { to: String, state: String },
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
                None => script.insert(Script::read(&files, instant(&scenario.start)?.date_naive())?).clone(),
            };
            if self.files.len() > 1 && !self.json {
                say!("== {}", file.display());
            }
            self.play(scenario, &script).await?;
        }
        Ok(ExitCode::SUCCESS)
    }

    async fn play(&self, scenario: Scenario, script: &Script) -> Result<(), Box<dyn std::error::Error>> {
        let programs = match scenario.program {
            Programs::One(program) => vec![program],
            Programs::Several(programs) => programs,
        };
        let (start, until) = (instant(&scenario.start)?, instant(&scenario.until)?);
        for program in &programs {
            if script.library().program(program).is_none() {
                return Err(format!("the library has no program {program:?}").into());
            }
        }
        let database = Database::in_memory().await?;
        let mut world = World::new(database, script, programs, start, scenario.seed.unwrap_or(SEED)).await?;
        for fault in &scenario.fault {
            let (from, until) = (instant(&fault.from)?, instant(&fault.until)?);
            world.add_fault(Fault { from, until, kind: fault.kind });
        }
        let mut events: Vec<(DateTime<Utc>, Event)> = Vec::new();
        for text in scenario.text {
            events.push((instant(&text.at)?, Event::Text { from: text.from, body: text.body }));
        }
        for report in scenario.report {
            events.push((instant(&report.at)?, Event::Report { to: report.to, state: report.state }));
        }
        // Stable: what is given for one moment happens in the order of the file.
        events.sort_by_key(|event| event.0);
        for (at, event) in events {
            if at > until {
                break;
            }
            world.advance_to(at).await?;
            match event {
                Event::Text { from, body } => world.text(&from, &body).await?,
                Event::Report { to, state } => world.report(&to, &state),
            }
            self.print(&world.take_lines())?;
        }
        world.advance_to(until).await?;
        self.print(&world.take_lines())?;
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

fn instant(value: &toml::value::Datetime) -> Result<DateTime<Utc>, String> {
    let text = value.to_string();
    DateTime::parse_from_rfc3339(&text)
        .map(|at| at.with_timezone(&Utc))
        .map_err(|_| format!("{text}: write a date, a time and an offset, such as 2026-11-23T09:00:00-05:00"))
}
