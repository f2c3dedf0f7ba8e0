//! `motherline why NUMBER`: what was due to her, what went, what did not and the one reason.

use std::process::ExitCode;

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use clap::Args;

use super::{Common, Done, clock};
use crate::domain::delivery::State;
use crate::domain::gestation::{Anchor, stage_on};
use crate::domain::phone::PhoneNumber;
use crate::store::people::{self, Enrollment, Subscriber};
use crate::store::planned::{self, Account};
use crate::store::{Database, Tx, agenda, inbox, outbox};

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
        let Some(subscriber) = people::lock(&mut tx, &phone).await? else {
            say!("{}: has never written to this service.", phone.as_e164());
            return Ok(ExitCode::SUCCESS);
        };
        let zone = subscriber.zone().unwrap_or(Tz::UTC);
        person(&phone, &subscriber, zone)?;
        for enrollment in people::enrollments_of(&mut tx, subscriber.id).await? {
            self.enrollment(&mut tx, &enrollment, subscriber.blocked_at.is_some(), zone).await?;
        }
        said(&mut tx, &phone, &subscriber, zone).await?;
        Ok(ExitCode::SUCCESS)
    }

    async fn enrollment(
        &self,
        tx: &mut Tx,
        enrollment: &Enrollment,
        blocked: bool,
        zone: Tz,
    ) -> Result<(), Box<dyn std::error::Error>> {
        let today = clock().now().with_timezone(&zone).date_naive();
        let anchor = match enrollment.anchor() {
            Anchor::Due(date) => format!("due {date}"),
            Anchor::Born(date) => format!("born {date}"),
        };
        let stage = stage_on(enrollment.anchor(), today)
            .map(|stage| format!(", now {} {}+{}", stage.track.name(), stage.week, stage.day))
            .unwrap_or_default();
        say!("\n{} ({}), {anchor}{stage}", enrollment.program, enrollment.language);
        let reason = enrollment.reason.as_deref().map(|reason| format!(": {reason}")).unwrap_or_default();
        let blocked = if blocked { ", blocked by the provider" } else { "" };
        say!(
            "  {}{blocked}{reason}; enrolled {}",
            enrollment.state.name(),
            local(enrollment.enrolled_at, zone)
        );
        for account in planned::account(tx, enrollment.id).await? {
            say!("  {}", due(&account, zone));
        }
        let next = agenda::next_of(tx, enrollment.id, enrollment.version).await?;
        match (next, enrollment.state.name()) {
            (Some(at), _) => say!("  next: {}", local(at, zone)),
            (None, "active") => {
                say!("  next: nothing until she tells of the birth (the due date is three weeks past)")
            }
            (None, _) => say!("  next: nothing"),
        }
        Ok(())
    }
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

/// One occurrence: the day, the tip, what became of it and the one reason.
fn due(account: &Account, zone: Tz) -> String {
    let place = format!("{} {} {:>2}.{}", account.occurs_on, account.track, account.week, account.slot);
    let tip = account.tip.as_deref().unwrap_or("-");
    let fate = match account.state.and_then(State::from_code) {
        Some(state) => {
            let at = account.ended_at.map(|at| format!(" {}", local(at, zone))).unwrap_or_default();
            let code = account.code.as_deref().map(|code| format!(" [{code}]")).unwrap_or_default();
            let reason = account.reason.as_deref().map(|reason| format!(" {reason}")).unwrap_or_default();
            format!("{}{at}{code}{reason}", state.name())
        }
        None => match account.outcome.as_str() {
            "no_tip" => "not sent: the library has no tip for this slot that the sender may carry".to_owned(),
            "expired" => "not sent: it was too late to be right when the service came to it".to_owned(),
            "repeat" => "not sent: she had this very tip already".to_owned(),
            "no_window" => "not sent: the zones she may be in have no hour in common that day".to_owned(),
            other => other.to_owned(),
        },
    };
    format!("{place:<32} {tip:<36} {fate}")
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
