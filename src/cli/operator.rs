//! What operators' commands share: a service beside the one that runs, words as they are typed, and a number as consent.

use std::io::BufRead;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};

use super::{Common, clock};
use crate::domain::language::Language;
use crate::domain::seal::Seal;
use crate::domain::segment;
use crate::domain::wording::{MOST_SEGMENTS, Unfit, fit};
use crate::flows::senders::Senders;
use crate::flows::{Bells, Service, Shelf, publishing};
use crate::ids::Ids;
use crate::library::Text;
use crate::store::Database;
use crate::telemetry::Metrics;

/// The database alone, for whoever only looks: to read the library takes longer.
pub async fn database(common: &Common) -> Result<Database, Box<dyn std::error::Error>> {
    let config = common.config()?;
    Ok(Database::open(config.database.url.reveal(), 2).await?)
}

/// A service that sends nothing by itself: what it queues is sent by the one that runs, which alone knows the senders.
pub async fn service(common: &Common) -> Result<Service, Box<dyn std::error::Error>> {
    let database = database(common).await?;
    let edition = publishing::in_force(&database, &clock()).await?;
    let edition =
        edition.ok_or("nothing is published yet: nobody can have written, and there is nothing to tell")?;
    Ok(Service {
        senders: Arc::new(Senders::default()),
        database,
        clock: clock(),
        ids: Ids::System,
        shelf: Shelf::new(edition),
        bells: Arc::new(Bells::default()),
        metrics: Arc::new(Metrics::default()),
        // Nobody is erased here.
        seal: Seal::new(&[]),
    })
}

/// A name or a reason, which is kept.
pub fn told(words: &str) -> Result<String, String> {
    let words = words.trim();
    if words.is_empty() { Err("say it in a word or two".to_owned()) } else { Ok(words.to_owned()) }
}

/// Words for a language: en=We told you …
pub fn said_in(text: &str) -> Result<(Language, String), String> {
    let (language, words) =
        text.split_once('=').ok_or("write LANGUAGE=WORDS, such as en=\"We told you …\"")?;
    let language = language.parse::<Language>().map_err(|error| error.to_string())?;
    Ok((language, said(words)?))
}

/// Words as she is to read them.
pub fn said(words: &str) -> Result<String, String> {
    match fit(words) {
        Ok(words) => Ok(words.to_owned()),
        Err(Unfit::Empty) => Err("there are no words".to_owned()),
        Err(Unfit::Placeholder) => {
            Err("there are no placeholders here: write the words as she is to read them".to_owned())
        }
        Err(Unfit::TooLong(segments)) => Err(format!("{segments} SMS: {MOST_SEGMENTS} at most")),
    }
}

/// How a text travels, and what would make it cheaper: "2 SMS (UCS-2, because of “’”: write ')".
pub fn travels(text: &Text) -> String {
    let counted = segment::count(&text.body);
    let dear: Vec<String> = counted
        .culprits
        .iter()
        .filter_map(|culprit| Some(format!("{} for {}", culprit.substitute?, culprit.character)))
        .collect();
    let cheaper = if dear.is_empty() { String::new() } else { format!("; cheaper with {}", dear.join(", ")) };
    format!("{} SMS, {}{cheaper}", counted.segments, counted.encoding.name())
}

/// So many of something: 1 woman, 2 women.
pub fn many(number: usize, one: &str, more: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { more })
}

/// A line typed at the terminal.
pub fn typed() -> std::io::Result<String> {
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line)?;
    Ok(line.trim().to_owned())
}

/// How long ago something was, in words: 3 d 4 h, 2 h 10 min, 5 min.
pub fn ago(since: DateTime<Utc>, now: DateTime<Utc>) -> String {
    let minutes = (now - since).max(TimeDelta::zero()).num_minutes();
    match (minutes / (24 * 60), minutes / 60 % 24, minutes % 60) {
        (0, 0, minutes) => format!("{minutes} min"),
        (0, hours, minutes) => format!("{hours} h {minutes} min"),
        (days, hours, _) => format!("{days} d {hours} h"),
    }
}

/// A moment for people.
pub fn moment(at: DateTime<Utc>) -> String {
    at.format("%Y-%m-%d %H:%M UTC").to_string()
}
