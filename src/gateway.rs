//! The carriers of texts: what every gateway is asked, and the few things it may answer.
//!
//! One file a provider, all in one order: routes, form, status table, send, lookup, inbound,
//! report, signature. What a provider says in its own words becomes one of the types below at
//! once, so that no floor above knows a provider's codes. Nothing here writes a phone number, a
//! body or a secret to a log or into an error.

mod call;
mod fields;
pub mod http;
pub mod infobip;
pub mod kannel;
mod meaning;
pub mod rehearsal;
mod secret;
pub mod telnyx;
pub mod twilio;

use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

pub use self::call::{Brought, Call, OptOutKind, ReceivedText, Rejection, Report, Routes};
pub use self::http::Http;
pub use self::infobip::Infobip;
pub use self::kannel::Kannel;
pub use self::meaning::{Meaning, blames_phone};
pub use self::rehearsal::Rehearsal;
pub use self::secret::Secret;
pub use self::telnyx::Telnyx;
pub use self::twilio::Twilio;
use crate::domain::delivery::Evidence;
use crate::domain::phone::PhoneNumber;
use crate::domain::segment::Encoding;

/// One text to carry.
pub struct Parcel<'a> {
    /// The attempt's id: our own name for this send, which comes back with its reports.
    pub reference: Uuid,
    pub from: &'a str,
    pub to: &'a PhoneNumber,
    pub body: &'a str,
    pub encoding: Encoding,
    pub segments: u32,
    /// How long it is still right; each provider rounds and clamps it to what it takes.
    pub valid_for: Duration,
    /// When it may no longer leave: what was true when its try began may not be any more.
    pub leaves_by: Instant,
}

/// The five ends of one attempt. `code` is the provider's, `sentence` is for the operator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    Accepted {
        provider_id: Option<String>,
    },
    /// Permanent for this recipient.
    RefusedRecipient {
        code: String,
        sentence: String,
        opted_out: bool,
    },
    /// Permanent, and ours to mend; `stops_sender` if every other text would meet the same.
    RefusedUs {
        code: String,
        sentence: String,
        stops_sender: bool,
    },
    /// Certainly not sent; the same text may be tried again.
    Transient {
        code: String,
        sentence: String,
        retry_after: Option<Duration>,
    },
    /// It may have been sent: evidence first, then perhaps another try.
    Ambiguous {
        code: String,
        sentence: String,
    },
}

/// A provider under the name that the configuration gives it.
pub struct Gateway {
    /// Its name, which inbox rows, attempts and reports carry.
    pub name: String,
    /// What it is.
    pub provider: Provider,
}

/// The providers there are.
pub enum Provider {
    Rehearsal(Rehearsal),
    Twilio(Twilio),
    Kannel(Kannel),
    Infobip(Infobip),
    Telnyx(Telnyx),
}

impl Gateway {
    /// Sends one text; never waits longer than the HTTP client's time limit.
    pub async fn send(&self, http: &Http, parcel: &Parcel<'_>) -> Outcome {
        match &self.provider {
            Provider::Rehearsal(rehearsal) => rehearsal.send(parcel),
            Provider::Twilio(twilio) => twilio.send(http, parcel).await,
            Provider::Kannel(kannel) => kannel.send(http, parcel).await,
            Provider::Infobip(infobip) => infobip.send(http, parcel).await,
            Provider::Telnyx(telnyx) => telnyx.send(http, parcel).await,
        }
    }

    /// Asks the provider whether it has a text whose reply was lost.
    pub async fn lookup(
        &self,
        http: &Http,
        parcel: &Parcel<'_>,
        began_at: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Lookup {
        match &self.provider {
            Provider::Rehearsal(rehearsal) => rehearsal.lookup(parcel),
            Provider::Twilio(twilio) => twilio.lookup(http, parcel, began_at, now).await,
            // Kannel keeps no list: its delivery report, which carries our reference, is the only evidence.
            Provider::Kannel(_) => Lookup::CannotTell,
            Provider::Infobip(_) | Provider::Telnyx(_) if self.has_forgotten(began_at, now) => {
                Lookup::CannotTell
            }
            Provider::Infobip(_) | Provider::Telnyx(_) => Lookup::Repeat,
        }
    }

    /// What a code of its own means, with a sentence for an operator; none: it is new to us, or no code of the gateway.
    pub fn explain(&self, code: &str) -> Option<(Option<Meaning>, &'static str)> {
        match &self.provider {
            // What a rehearsal makes fail, it makes fail with Twilio's codes.
            Provider::Rehearsal(_) | Provider::Twilio(_) => twilio::codes::explain(code),
            Provider::Kannel(_) => kannel::codes::explain(code),
            Provider::Infobip(_) => infobip::codes::explain(code),
            Provider::Telnyx(_) => telnyx::codes::explain(code),
        }
    }

    /// For how long it takes each name of ours once only; none if it would take one again and again.
    fn remembers(&self) -> Option<TimeDelta> {
        match &self.provider {
            Provider::Rehearsal(_) | Provider::Twilio(_) | Provider::Kannel(_) => None,
            Provider::Infobip(_) => Some(infobip::REMEMBERS),
            Provider::Telnyx(_) => Some(telnyx::REMEMBERS),
        }
    }

    /// Whether it may no longer know the name of a try that first began at that moment: handed over again, the text
    /// might be doubled.
    pub fn has_forgotten(&self, began_at: DateTime<Utc>, now: DateTime<Utc>) -> bool {
        // A clock that was put back by so much tells nothing.
        self.remembers().is_some_and(|so_long| (now - began_at).abs() >= so_long)
    }

    /// Reads what people sent to us, once the call has proved where it comes from.
    pub fn inbound(&self, call: &Call) -> Result<Brought<ReceivedText>, Rejection> {
        match &self.provider {
            Provider::Rehearsal(rehearsal) => rehearsal.inbound(call).map(Brought::One),
            Provider::Twilio(twilio) => twilio.inbound(call).map(Brought::One),
            Provider::Kannel(kannel) => kannel.inbound(call).map(Brought::One),
            Provider::Infobip(infobip) => infobip.inbound(call),
            Provider::Telnyx(telnyx) => telnyx.inbound(call),
        }
    }

    /// Reads what became of texts, once the call has proved where it comes from.
    pub fn report(&self, call: &Call) -> Result<Brought<Report>, Rejection> {
        match &self.provider {
            Provider::Rehearsal(_) => Err(Rejection::Malformed("the rehearsal gateway reports by itself")),
            Provider::Twilio(twilio) => twilio.report(call).map(Brought::One),
            Provider::Kannel(kannel) => kannel.report(call).map(Brought::One),
            Provider::Infobip(infobip) => infobip.report(call),
            Provider::Telnyx(telnyx) => telnyx.report(call),
        }
    }

    /// How its webhooks are addressed and thanked.
    pub fn routes(&self) -> &'static Routes {
        match &self.provider {
            Provider::Rehearsal(_) => &rehearsal::ROUTES,
            Provider::Twilio(_) => &twilio::ROUTES,
            Provider::Kannel(_) => &kannel::ROUTES,
            Provider::Infobip(_) => &infobip::ROUTES,
            Provider::Telnyx(_) => &telnyx::ROUTES,
        }
    }

    /// Whether every report of its carries the name that we gave to the try. Then nobody need look for a text by
    /// the name that the provider gave to it.
    pub fn reports_by_our_name(&self) -> bool {
        match &self.provider {
            Provider::Rehearsal(_) | Provider::Twilio(_) | Provider::Kannel(_) => true,
            // Infobip's by the name itself, Telnyx's by the address that it calls.
            Provider::Infobip(_) | Provider::Telnyx(_) => true,
        }
    }

    /// Whether it chooses our number from a pool of its own. Then every number of the pool belongs to one sender.
    pub fn chooses_our_number(&self) -> bool {
        match &self.provider {
            Provider::Twilio(twilio) => twilio.settings().messaging_service_sid.is_some(),
            Provider::Telnyx(telnyx) => telnyx.settings().messaging_profile_id.is_some(),
            Provider::Rehearsal(_) | Provider::Kannel(_) | Provider::Infobip(_) => false,
        }
    }

    /// Whether it sends nothing and talks to nobody.
    pub fn is_rehearsal(&self) -> bool {
        matches!(self.provider, Provider::Rehearsal(_))
    }
}

/// What a provider's list says about an attempt whose reply was lost.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lookup {
    Found {
        provider_id: String,
        evidence: Option<Evidence>,
    },
    NotThere,
    /// Its provider takes each name of ours once only: the same try may be handed over again, and is not doubled.
    Repeat,
    /// It has been asked, or cannot be: there will be no other answer.
    CannotTell,
    /// It did not answer; another time it may.
    NoAnswer,
}
