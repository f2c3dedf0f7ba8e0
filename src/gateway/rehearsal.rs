//! The built-in gateway that sends nothing: it remembers what it was given, reports it delivered a moment
//! later, and fails on command. A real mode, for rehearsals, the handset and trials without a contract.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use serde::Deserialize;
use uuid::Uuid;

use super::fields::Fields;
use super::{Call, Lookup, Outcome, Parcel, ReceivedText, Rejection, Report, Routes};
use crate::clock::Clock;
use crate::domain::delivery::Evidence;

/// A form of `from`, `to`, `body` and `id`, from this machine only.
pub const ROUTES: Routes = Routes::PLAIN;

/// A handset confirms so long after the send.
const DELIVERY: TimeDelta = TimeDelta::seconds(2);
/// It remembers so many texts.
const MEMORY: usize = 10_000;
/// What a throttled send is told to wait.
const THROTTLE_WAIT: Duration = Duration::from_secs(30);

/// The gateway.
pub struct Rehearsal {
    clock: Clock,
    stage: Mutex<Stage>,
}

#[derive(Default)]
struct Stage {
    faults: Vec<Fault>,
    carried: VecDeque<Carried>,
    unseen: Vec<Carried>,
    reports: Vec<(DateTime<Utc>, Report)>,
}

/// A text it was given.
#[derive(Clone)]
pub struct Carried {
    /// When.
    pub at: DateTime<Utc>,
    /// The attempt.
    pub reference: Uuid,
    /// To which number.
    pub to: String,
    /// The words.
    pub body: String,
}

/// A time in which it misbehaves.
#[derive(Clone, Copy, Debug)]
pub struct Fault {
    /// From.
    pub from: DateTime<Utc>,
    /// Until.
    pub until: DateTime<Utc>,
    /// How.
    pub kind: FaultKind,
}

/// How it misbehaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FaultKind {
    /// It cannot be reached: nothing is sent.
    Refuse,
    /// It never answers, and sends nothing.
    Timeout,
    /// It sends, and its answer is lost.
    LostReply,
    /// It asks to be left alone for half a minute.
    Throttle,
    /// It sends, and reports that the phone did not take the text.
    Undelivered,
}

impl Rehearsal {
    /// A gateway on a clock.
    pub fn new(clock: Clock) -> Self {
        Self { clock, stage: Mutex::default() }
    }

    /// Adds a time of misbehaviour.
    pub fn add_fault(&self, fault: Fault) {
        self.stage().faults.push(fault);
    }

    /// Sends nothing, and says so as a provider would.
    pub fn send(&self, parcel: &Parcel<'_>) -> Outcome {
        let now = self.clock.now();
        let mut stage = self.stage();
        let fault =
            stage.faults.iter().find(|fault| fault.from <= now && now < fault.until).map(|fault| fault.kind);
        match fault {
            Some(FaultKind::Refuse) => Outcome::Transient {
                code: "refused".to_owned(),
                sentence: "The gateway could not be reached; nothing was sent.".to_owned(),
                retry_after: None,
            },
            Some(FaultKind::Throttle) => Outcome::Transient {
                code: "throttled".to_owned(),
                sentence: "The gateway asks for a slower pace; nothing was sent.".to_owned(),
                retry_after: Some(THROTTLE_WAIT),
            },
            Some(FaultKind::Timeout) => Outcome::Ambiguous {
                code: "timeout".to_owned(),
                sentence: "The gateway did not answer in time; the text may have been sent.".to_owned(),
            },
            Some(FaultKind::LostReply) => {
                stage.carry(parcel, now, "delivered");
                Outcome::Ambiguous {
                    code: "no-reply".to_owned(),
                    sentence: "The gateway's answer was lost; the text may have been sent.".to_owned(),
                }
            }
            Some(FaultKind::Undelivered) | None => {
                stage.carry(parcel, now, if fault.is_some() { "undelivered" } else { "delivered" });
                Outcome::Accepted { provider_id: Some(provider_id(parcel.reference)) }
            }
        }
    }

    /// Whether it carried a text.
    pub fn lookup(&self, parcel: &Parcel<'_>) -> Lookup {
        if self.stage().carried.iter().any(|carried| carried.reference == parcel.reference) {
            Lookup::Found { provider_id: provider_id(parcel.reference), evidence: None }
        } else {
            Lookup::NotThere
        }
    }

    /// What it was given since it was last asked.
    pub fn take_carried(&self) -> Vec<Carried> {
        std::mem::take(&mut self.stage().unseen)
    }

    /// Puts in a report of its own, about the last text to a number.
    pub fn report_at(&self, at: DateTime<Utc>, to: &str, status: &str) {
        let mut stage = self.stage();
        let last =
            stage.carried.iter().rev().find(|carried| carried.to == to).map(|carried| carried.reference);
        stage.reports.push((at, report(last, status)));
    }

    /// The reports whose time has come.
    pub fn take_reports(&self) -> Vec<Report> {
        let now = self.clock.now();
        let mut stage = self.stage();
        let (due, later) = std::mem::take(&mut stage.reports).into_iter().partition(|(at, _)| *at <= now);
        stage.reports = later;
        due.into_iter().map(|(_, report)| report).collect()
    }

    /// When its next report comes.
    pub fn next_report(&self) -> Option<DateTime<Utc>> {
        self.stage().reports.iter().map(|(at, _)| *at).min()
    }

    /// Reads a text from the form.
    pub fn inbound(&self, call: &Call) -> Result<ReceivedText, Rejection> {
        if !call.peer.is_loopback() {
            return Err(Rejection::Forbidden("the rehearsal gateway hears this machine only"));
        }
        let fields = Fields::parse(&call.body)?;
        Ok(ReceivedText {
            provider_id: fields.required("id", "id is missing")?,
            from: fields.required("from", "from is missing")?,
            to: fields.required("to", "to is missing")?,
            body: fields.text("body").ok_or(Rejection::Malformed("body is missing"))?.to_owned(),
            provider_handled: None,
        })
    }

    fn stage(&self) -> MutexGuard<'_, Stage> {
        self.stage.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Stage {
    fn carry(&mut self, parcel: &Parcel<'_>, at: DateTime<Utc>, status: &str) {
        let carried = Carried {
            at,
            reference: parcel.reference,
            to: parcel.to.as_e164().to_owned(),
            body: parcel.body.to_owned(),
        };
        self.reports.push((at + DELIVERY, report(Some(parcel.reference), status)));
        self.carried.push_back(carried.clone());
        self.unseen.push(carried);
        if self.carried.len() > MEMORY {
            self.carried.pop_front();
        }
        if self.unseen.len() > MEMORY {
            self.unseen.remove(0);
        }
    }
}

fn provider_id(reference: Uuid) -> String {
    format!("rehearsal-{reference}")
}

fn report(reference: Option<Uuid>, status: &str) -> Report {
    let evidence = match status {
        "accepted" => Some(Evidence::Accepted),
        "sent" => Some(Evidence::Sent),
        "failed" | "undelivered" | "expired" => Some(Evidence::Failed),
        "delivered" => Some(Evidence::Delivered),
        _ => None,
    };
    Report {
        reference,
        provider_id: reference.map(provider_id),
        status: status.to_owned(),
        evidence,
        code: (evidence == Some(Evidence::Failed)).then(|| status.to_owned()),
        sentence: (evidence == Some(Evidence::Failed)).then(|| "The rehearsed report says so.".to_owned()),
        opted_out: false,
        raw: format!("status={status}"),
    }
}
