//! A scenario: what happens from outside, and when.

use std::collections::BTreeMap;

use chrono::{DateTime, FixedOffset};
use serde::Deserialize;

use crate::domain::language::Language;
use crate::flows::broadcasting::Segment;
use crate::gateway::rehearsal::FaultKind;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    pub program: Programs,
    pub start: toml::value::Datetime,
    pub until: toml::value::Datetime,
    pub seed: Option<u64>,
    #[serde(default)]
    text: Vec<Text>,
    #[serde(default)]
    report: Vec<Report>,
    #[serde(default)]
    inbox: Vec<Inbox>,
    #[serde(default)]
    answer: Vec<Answer>,
    #[serde(default)]
    broadcast: Vec<Broadcast>,
    #[serde(default)]
    stop_broadcast: Vec<StopBroadcast>,
    #[serde(default)]
    pub fault: Vec<FaultEntry>,
}

/// One program, or several behind one number.
#[derive(Deserialize)]
#[serde(untagged)]
pub enum Programs {
    One(String),
    Several(Vec<String>),
}

/// She writes.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Text {
    at: toml::value::Datetime,
    pub from: String,
    pub body: String,
}

/// The network reports on the last text to a number.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Report {
    at: toml::value::Datetime,
    pub to: String,
    pub state: String,
}

/// People at the service look at what waits for them.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Inbox {
    at: toml::value::Datetime,
}

/// A person answers what a number wrote.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answer {
    at: toml::value::Datetime,
    pub to: String,
    pub by: String,
    pub say: String,
}

/// A person sends the same to many.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Broadcast {
    at: toml::value::Datetime,
    pub by: String,
    pub why: String,
    pub say: BTreeMap<Language, String>,
    #[serde(default)]
    pub to: Segment,
    #[serde(default)]
    pub emergency: bool,
}

/// A person stops the last of these.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StopBroadcast {
    at: toml::value::Datetime,
    pub by: String,
}

/// A time in which the gateway misbehaves.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FaultEntry {
    pub from: toml::value::Datetime,
    pub until: toml::value::Datetime,
    pub kind: FaultKind,
}

/// Something from outside.
pub enum Event {
    Text(Text),
    Report(Report),
    Inbox(Inbox),
    Answer(Answer),
    Broadcast(Broadcast),
    StopBroadcast(StopBroadcast),
}

impl Event {
    fn at(&self) -> &toml::value::Datetime {
        match self {
            Self::Text(text) => &text.at,
            Self::Report(report) => &report.at,
            Self::Inbox(inbox) => &inbox.at,
            Self::Answer(answer) => &answer.at,
            Self::Broadcast(broadcast) => &broadcast.at,
            Self::StopBroadcast(stop) => &stop.at,
        }
    }
}

impl Scenario {
    /// What happens, in the order of time; of one moment, what mothers write comes first, and all in the file's order.
    pub fn events(&mut self) -> Result<Vec<(DateTime<FixedOffset>, Event)>, String> {
        fn take<T>(entries: &mut Vec<T>, event: fn(T) -> Event) -> impl Iterator<Item = Event> {
            std::mem::take(entries).into_iter().map(event)
        }
        let all = take(&mut self.text, Event::Text)
            .chain(take(&mut self.report, Event::Report))
            .chain(take(&mut self.inbox, Event::Inbox))
            .chain(take(&mut self.answer, Event::Answer))
            .chain(take(&mut self.broadcast, Event::Broadcast))
            .chain(take(&mut self.stop_broadcast, Event::StopBroadcast));
        let timed = all.map(|event| Ok((instant(event.at())?, event)));
        let mut events = timed.collect::<Result<Vec<_>, String>>()?;
        events.sort_by_key(|event| event.0);
        Ok(events)
    }
}

/// A moment as it is written in a scenario.
pub fn instant(value: &toml::value::Datetime) -> Result<DateTime<FixedOffset>, String> {
    let text = value.to_string();
    DateTime::parse_from_rfc3339(&text)
        .map_err(|_| format!("{text}: write a date, a time and an offset, such as 2026-11-23T09:00:00-05:00"))
}
