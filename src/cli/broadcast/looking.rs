//! `motherline broadcast list`, `show` and `stop`.

use std::process::ExitCode;

use clap::Args;
use serde_json::json;
use uuid::Uuid;

use crate::cli::Done;
use crate::cli::operator::{moment, told};
use crate::flows::Service;
use crate::flows::answering::{FIGURES, figures};
use crate::flows::auditing::Actor;
use crate::flows::broadcasting::{self, Segment};
use crate::store::Database;
use crate::store::broadcasts::{Broadcast, DRAFT, SENDING, SENT, WAITING, WITHDRAWN};

/// Lists them.
#[derive(Args)]
pub struct List {
    /// One JSON object a broadcast
    #[arg(long)]
    json: bool,
}

/// Shows one.
#[derive(Args)]
pub struct Show {
    /// The broadcast's id, or its last 6 figures or more
    id: String,
    /// One JSON object with all of it
    #[arg(long)]
    json: bool,
}

/// Stops one.
#[derive(Args)]
pub struct Stop {
    /// The broadcast's id, or its last 6 figures or more
    id: String,
    /// Who stops it; it is kept
    #[arg(long, value_name = "NAME", value_parser = told)]
    by: String,
}

/// The last figures of an id, by which a person names it.
pub fn short(id: Uuid) -> String {
    let figures = id.simple().to_string();
    figures[figures.len() - FIGURES..].to_owned()
}

/// The broadcast of an id or of its last figures, with to how many it was queued.
async fn find(database: &Database, name: &str) -> Result<(Broadcast, i64), Box<dyn std::error::Error>> {
    let Some(end) = figures(name) else {
        return Err(format!(
            "{name:?} names no broadcast: give the last {FIGURES} figures of its id or more"
        )
        .into());
    };
    let all = broadcasting::list(database).await?;
    let mut named =
        all.into_iter().filter(|(broadcast, _)| broadcast.id.simple().to_string().ends_with(&end));
    match (named.next(), named.next()) {
        (Some(found), None) => Ok(found),
        (None, _) => Err(format!("there is no broadcast {name:?}").into()),
        _ => Err(format!("{name:?} is the end of several ids: give more of it").into()),
    }
}

fn state(broadcast: &Broadcast) -> &str {
    match broadcast.state.as_str() {
        SENDING if broadcast.account_id.is_some() => "being queued by the service",
        SENDING => "not finished: give the same command again",
        DRAFT => "a draft at the console",
        WAITING => "waits for a second person at the console",
        WITHDRAWN => "withdrawn before it began",
        SENT if broadcast.account_id.is_some() && !broadcast.is_going() => "all sent",
        SENT => "queued to all",
        other => other,
    }
}

/// Whom it is for: "to everybody", "to es, pregnancy from week 20, area NY".
fn whom(broadcast: &Broadcast) -> String {
    let Ok(segment) = serde_json::from_str::<Segment>(&broadcast.segment) else {
        return "to whom this version cannot read".to_owned();
    };
    let weeks = segment.track.map(|track| {
        let from = segment.from_week.map(|week| format!(" from week {week}")).unwrap_or_default();
        let to = segment.to_week.map(|week| format!(" to week {week}")).unwrap_or_default();
        format!("{}{from}{to}", track.name())
    });
    let got = segment.corrects.map(|of| format!("who got the recalled tip {}", of.tip));
    let named = [
        got,
        segment.program,
        segment.language.map(|language| language.to_string()),
        weeks,
        segment.area.map(|area| format!("area {area}")),
        segment.place.map(|place| format!("place {place}")),
        segment.code.map(|code| format!("code {code}")),
        segment.reader.map(|reader| reader.name().to_owned()),
    ];
    let named: Vec<String> = named.into_iter().flatten().collect();
    let whom = if named.is_empty() { "everybody".to_owned() } else { named.join(", ") };
    let unplaced = if segment.also_unplaced { ", or who knows where" } else { "" };
    let after = if segment.also_after_loss { ", also after a loss" } else { "" };
    format!("to {whom}{unplaced}{after}")
}

impl List {
    /// Runs it.
    pub async fn run(&self, database: &Database) -> Done {
        let all = broadcasting::list(database).await?;
        for (broadcast, queued) in &all {
            if self.json {
                say!("{}", object(broadcast, *queued));
                continue;
            }
            let emergency = if broadcast.emergency { "  emergency" } else { "" };
            say!(
                "{}  {}  {} of {} people{emergency}  {}",
                short(broadcast.id),
                moment(broadcast.made_at),
                queued,
                broadcast.people,
                state(broadcast)
            );
            say!("        {}, by {}: {}", whom(broadcast), broadcast.made_by, broadcast.why);
        }
        if all.is_empty() && !self.json {
            say!("There has been no broadcast.");
        }
        Ok(ExitCode::SUCCESS)
    }
}

fn object(broadcast: &Broadcast, queued: i64) -> serde_json::Value {
    let read = |json: &str| serde_json::from_str::<serde_json::Value>(json).unwrap_or_default();
    json!({
        "id": broadcast.id,
        "by": broadcast.made_by,
        "why": broadcast.why,
        "segment": read(&broadcast.segment),
        "words": read(&broadcast.words),
        "emergency": broadcast.emergency,
        "state": broadcast.state,
        "people": broadcast.people,
        "queued": queued,
        "made_at": broadcast.made_at,
        "ended_at": broadcast.ended_at,
    })
}

impl Show {
    /// Runs it.
    pub async fn run(&self, database: &Database) -> Done {
        let (broadcast, queued) = find(database, &self.id).await?;
        let fates = broadcasting::fates(database, broadcast.id).await?;
        if self.json {
            let mut object = object(&broadcast, queued);
            object["texts"] =
                fates.iter().map(|(state, texts)| (state.unwrap_or(OLD).to_owned(), json!(texts))).collect();
            say!("{object}");
            return Ok(ExitCode::SUCCESS);
        }
        say!("{}", broadcast.id);
        say!("by {} at {}: {}", broadcast.made_by, moment(broadcast.made_at), broadcast.why);
        let hour = if broadcast.emergency { "an emergency, at any hour" } else { "in her hours" };
        say!("{}; {hour}; {}", state(&broadcast), whom(&broadcast));
        let words: std::collections::BTreeMap<String, String> =
            serde_json::from_str(&broadcast.words).unwrap_or_default();
        for (language, words) in words {
            say!("{language}: {}", words.replace('\n', "\n    "));
        }
        say!("\n{queued} of {} people", broadcast.people);
        for (state, texts) in fates {
            say!("  {texts:>8}  {}", state.unwrap_or(OLD));
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// A text that retention has deleted.
const OLD: &str = "too old to be kept";

impl Stop {
    /// Runs it.
    pub async fn run(&self, service: &Service) -> Done {
        let (broadcast, _) = find(&service.database, &self.id).await?;
        let (id, by) = (short(broadcast.id), Actor::named(&self.by));
        match broadcast.state.as_str() {
            DRAFT | WAITING => {
                broadcasting::withdraw(service, broadcast.id, &by).await?;
                say!("{id} had not begun: it is withdrawn, and nobody gets it.");
                return Ok(ExitCode::SUCCESS);
            }
            WITHDRAWN => {
                say!("{id} had been withdrawn before it began: nobody gets it.");
                return Ok(ExitCode::SUCCESS);
            }
            _ => {}
        }
        let (stopped, taken_back) = broadcasting::stop(service, broadcast.id, &by).await?;
        if stopped {
            say!("{id} is stopped: nothing of it leaves any more. {taken_back} texts had not left.");
        } else {
            say!("{id} had been stopped before. {taken_back} more texts were taken back.");
        }
        Ok(ExitCode::SUCCESS)
    }
}
