//! `motherline why NUMBER`: what was due to her, what went, what did not and the one reason.

use std::process::ExitCode;
use std::sync::Arc;

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;
use clap::Args;

use super::serve::senders;
use super::{Common, Done, clock, sealing};
use crate::domain::delivery::State;
use crate::domain::gestation::{Anchor, stage_on};
use crate::domain::phone::PhoneNumber;
use crate::domain::seal::Seal;
use crate::domain::why::Verdict;
use crate::flows::explaining::{self, Day};
use crate::flows::{Bells, Service, Shelf, publishing};
use crate::ids::Ids;
use crate::store::people::{self, Enrollment, Subscriber};
use crate::store::{Database, Tx, inbox, mothers, outbox};
use crate::telemetry::Metrics;
use crate::web::console::verdict;

/// Of so many days before today is told why nothing came; of those before them, only what was due.
const LATELY: u64 = 14;
/// So many days to come are looked at for what is next.
const AHEAD: u64 = 14;

/// Prints a line; a reader that went away (`| head`) is an error like any other, and no panic.
/// The question.
#[derive(Args)]
pub struct Why {
    /// Her number, with + and country code
    number: String,
}

impl Why {
    /// Answers it.
    pub async fn run(&self, common: &Common) -> Done {
        let config = common.config()?;
        let Some(phone) =
            PhoneNumber::parse(&self.number, None).or_else(|| PhoneNumber::from_e164(self.number.clone()))
        else {
            return Err("write the number with + and country code".into());
        };
        let database = Database::open(config.database.url.reveal(), config.database.connections).await?;
        let mut tx = database.read().await?;
        let Some(her) = mothers::by_phone(&mut tx, &phone).await? else {
            say!("{}: has never written to this service.", phone.as_e164());
            return Ok(ExitCode::SUCCESS);
        };
        let zone = her.zone().unwrap_or(Tz::UTC);
        person(&phone, &her, zone)?;
        let enrollments = people::enrollments_of(&mut tx, her.id).await?;
        match publishing::in_force(&database, &clock()).await? {
            Some(edition) => {
                let key = &config.privacy.key_file;
                // Only asks: no key is made for it. Without one, a phone from before is not found.
                let seal = if key.exists() { sealing::seal(key, &database).await.ok() } else { None };
                let service = Service {
                    seal: seal.unwrap_or_else(|| Seal::new(&[])),
                    senders: Arc::new(senders(&config, &edition.library)),
                    database,
                    clock: clock(),
                    ids: Ids::System,
                    shelf: Shelf::new(edition),
                    bells: Arc::new(Bells::default()),
                    metrics: Arc::new(Metrics::default()),
                };
                for enrollment in &enrollments {
                    self.enrollment(&service, &mut tx, &her, enrollment, zone).await?;
                }
            }
            None if enrollments.is_empty() => {}
            None => say!(
                "\nno library is published in this database that this version can use: nothing can be explained"
            ),
        }
        said(&mut tx, &phone, &her, zone).await?;
        Ok(ExitCode::SUCCESS)
    }

    async fn enrollment(
        &self,
        service: &Service,
        tx: &mut Tx,
        her: &Subscriber,
        enrollment: &Enrollment,
        zone: Tz,
    ) -> Result<(), Box<dyn std::error::Error>> {
        let today = service.now().with_timezone(&zone).date_naive();
        let anchor = match enrollment.anchor() {
            Anchor::Due(date) => format!("due {date}"),
            Anchor::Born(date) => format!("born {date}"),
        };
        let stage = stage_on(enrollment.anchor(), today)
            .map(|stage| format!(", now {} {}+{}", stage.track.name(), stage.week, stage.day))
            .unwrap_or_default();
        say!("\n{} ({}), {anchor}{stage}", enrollment.program, enrollment.language);
        let reason = enrollment.reason.as_deref().map(|reason| format!(": {reason}")).unwrap_or_default();
        let blocked = if her.blocked_at.is_some() { ", blocked by the provider" } else { "" };
        say!(
            "  {}{blocked}{reason}; enrolled {}",
            enrollment.state.name(),
            local(enrollment.enrolled_at, zone)
        );
        let edition = service.shelf.edition();
        let range = (enrollment.enrolled_on, today + Days::new(AHEAD));
        let days = explaining::days(service, tx, &edition, (her, enrollment), range).await?;
        for day in days.iter().filter(|day| is_told(day, today)) {
            say!("  {}", line(day, zone));
        }
        let ahead = |day: &&Day| day.on > today && matches!(day.verdict, Verdict::Coming(_));
        // What keeps all of it from coming is the same tomorrow.
        let next = days.iter().find(ahead).or_else(|| days.iter().find(|day| day.on > today));
        if let Some(next) = next {
            say!("  next: {}", verdict(zone, &next.verdict));
        }
        Ok(())
    }
}

/// Whether a day has a line: something was due on it, or it was lately.
fn is_told(day: &Day, today: NaiveDate) -> bool {
    let due = day.occurred.is_some() || day.text.is_some();
    due || (day.on <= today && day.on + Days::new(LATELY) > today)
}

/// One day: what was due, and the one reason that it came or did not.
fn line(day: &Day, zone: Tz) -> String {
    let occurred = day.occurred.as_ref();
    let place =
        occurred.map_or_else(String::new, |one| format!("{} {:>2}.{}", one.track, one.week, one.slot));
    let place = format!("{} {place}", day.on);
    let tip = occurred.and_then(|one| one.tip.as_deref()).unwrap_or("-");
    let code = day.text.as_ref().and_then(|text| text.code.as_deref());
    let code = code.map(|code| format!(" [{code}]")).unwrap_or_default();
    format!("{place:<32} {tip:<36} {}{code}", verdict(zone, &day.verdict))
}

fn person(phone: &PhoneNumber, subscriber: &Subscriber, zone: Tz) -> std::io::Result<()> {
    say!("{}", phone.as_e164());
    match subscriber.zone() {
        Some(zone) => say!("  zone {zone}, from {}", subscriber.place.as_deref().unwrap_or("her number")),
        None => say!("  zone unsure: texts go out only in the hours common to all zones of the program"),
    }
    if let Some(at) = subscriber.stopped_at {
        say!("  stopped since {}: nothing unasked goes out", local(at, zone));
    }
    if let Some(at) = subscriber.blocked_at {
        say!(
            "  blocked by the provider since {}: only START, YES or UNSTOP from her phone lifts it",
            local(at, zone)
        );
    }
    Ok(())
}

/// The conversation, without its words: what she meant, and what became of our answers.
async fn said(
    tx: &mut Tx,
    phone: &PhoneNumber,
    subscriber: &Subscriber,
    zone: Tz,
) -> Result<(), Box<dyn std::error::Error>> {
    say!("\nconversation");
    let mut lines: Vec<(DateTime<Utc>, String)> = Vec::new();
    for text in inbox::heard_from(tx, phone.as_e164()).await? {
        lines.push((
            text.received_at,
            format!("she wrote: {}", text.intent.as_deref().unwrap_or("not handled yet")),
        ));
    }
    for text in outbox::answers_to(tx, subscriber.id).await? {
        let state = State::from_code(text.state).map_or("?", State::name);
        let reason = text.reason.as_deref().map(|reason| format!(": {reason}")).unwrap_or_default();
        // An answer is queued the moment its question is handled; shown after it.
        lines.push((text.queued_at + TimeDelta::microseconds(1), format!("{} {state}{reason}", text.kind)));
    }
    lines.sort();
    for (at, line) in lines {
        say!("  {}  {line}", local(at, zone));
    }
    Ok(())
}

fn local(at: DateTime<Utc>, zone: Tz) -> String {
    at.with_timezone(&zone).format("%Y-%m-%d %H:%M %Z").to_string()
}
