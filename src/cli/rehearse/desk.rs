//! What people at the service do in a rehearsal, through the flows that their commands run.

use std::fmt;

use chrono::{DateTime, FixedOffset};
use serde::Serialize;

use super::scenario::{Answer, Broadcast, Event};
use crate::cli::inbox::urgency;
use crate::cli::operator::{ago, many, said};
use crate::flows::answering::{self, Fate};
use crate::flows::auditing::Actor;
use crate::flows::broadcasting::{self, Message};
use crate::library::Text;
use crate::worker::rehearsal::World;

type Failed = Box<dyn std::error::Error>;

/// More items are not shown.
const MOST: i64 = 50;

/// What was done, and what came of it.
#[derive(Serialize)]
pub struct Note {
    at: DateTime<FixedOffset>,
    direction: &'static str,
    kind: &'static str,
    body: String,
}

impl Note {
    /// Does it, now; none if it is nothing that they do. What the service refuses is said.
    pub async fn of(
        world: &mut World,
        at: DateTime<FixedOffset>,
        event: &Event,
    ) -> Result<Option<Self>, Failed> {
        let (kind, body) = match event {
            Event::Text(_) | Event::Report(_) => return Ok(None),
            Event::Inbox(_) => ("inbox", inbox(world).await?),
            Event::Answer(given) => ("answer", answer(world, given).await?),
            Event::Broadcast(given) => ("broadcast", broadcast(world, given).await?),
            Event::StopBroadcast(given) => ("stop broadcast", stop(world, &given.by).await?),
        };
        world.settle().await?;
        Ok(Some(Self { at, direction: "desk", kind, body }))
    }
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let body = self.body.replace('\n', "\n    ");
        write!(f, "{}  the desk: {}\n    {body}", self.at.format("%a %Y-%m-%d %H:%M %:z"), self.kind)
    }
}

async fn inbox(world: &World) -> Result<String, Failed> {
    let items = answering::list(&world.service().database, Fate::Open, MOST).await?;
    let line = |listed: &crate::store::helps::Listed| {
        let (item, words) = (&listed.item, listed.words.as_deref().unwrap_or_default());
        let waits = ago(item.opened_at, world.now());
        format!("{}, {}, waits {waits}, {}: {words}", urgency(item), item.stage, item.language)
    };
    let lines: Vec<String> = items.iter().map(line).collect();
    Ok(if lines.is_empty() { "Nobody waits for a person.".to_owned() } else { lines.join("\n") })
}

async fn answer(world: &World, Answer { to, by, say, .. }: &Answer) -> Result<String, Failed> {
    let service = world.service();
    let items = answering::list(&service.database, Fate::Open, MOST).await?;
    let Some(listed) = items.into_iter().find(|listed| listed.phone.as_ref() == Some(to)) else {
        return Ok(format!("{to} waits for nobody"));
    };
    let prepared = match answering::prepare(service, &listed.item, &said(say)?).await {
        Ok(prepared) => prepared,
        Err(refused) => return Ok(refused.to_string()),
    };
    answering::answer(service, &prepared, &Actor::named(by)).await?;
    Ok(format!("{by} answers {to}"))
}

async fn broadcast(world: &World, given: &Broadcast) -> Result<String, Failed> {
    let service = world.service();
    let words = given.say.iter().map(|(language, words)| Ok((*language, Text::new(&said(words)?))));
    let words = words.collect::<Result<_, String>>()?;
    let message = Message { segment: given.to.clone(), words, emergency: given.emergency };
    let counted = broadcasting::count(service, &message, None).await?;
    let people = many(counted.people(), "person", "people");
    let mut told = format!("{people}, {} SMS", counted.segments());
    for (why, number) in &counted.unreached {
        told += &format!("\nnot to {number}: they {}", why.why());
    }
    match broadcasting::begin(service, &message, &counted, (&*given.by, &*given.why), false).await {
        Ok(begun) => {
            broadcasting::queue(service, &message, &begun).await?;
        }
        Err(refused) => told += &format!("\n{refused}"),
    }
    Ok(told)
}

async fn stop(world: &World, by: &str) -> Result<String, Failed> {
    let service = world.service();
    let all = broadcasting::list(&service.database).await?;
    let Some((last, _)) = all.first() else { return Ok("there is none".to_owned()) };
    let (_, taken_back) = broadcasting::stop(service, last.id, &Actor::named(by)).await?;
    Ok(format!("{} had not left", many(taken_back, "text", "texts")))
}
