//! The carriers of texts: what every gateway is asked, and the few things it may answer.
//!
//! One file a provider, all in one order: routes, form, status table, send, lookup, inbound,
//! report, signature. What a provider says in its own words becomes one of the types below at
//! once, so that no floor above knows a provider's codes. Nothing here writes a phone number, a
//! body or a secret to a log or into an error.

mod fields;
pub mod http;
pub mod kannel;
mod meaning;
pub mod rehearsal;
mod secret;
pub mod twilio;

use std::fmt;
use std::net::IpAddr;
use std::time::{Duration, Instant};

use bytes::Bytes;
use chrono::{DateTime, Utc};
use uuid::Uuid;

pub use self::http::Http;
pub use self::kannel::Kannel;
pub use self::rehearsal::Rehearsal;
pub use self::secret::Secret;
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
}

impl Gateway {
    /// Sends one text; never waits longer than the HTTP client's time limit.
    pub async fn send(&self, http: &Http, parcel: &Parcel<'_>) -> Outcome {
        match &self.provider {
            Provider::Rehearsal(rehearsal) => rehearsal.send(parcel),
            Provider::Twilio(twilio) => twilio.send(http, parcel).await,
            Provider::Kannel(kannel) => kannel.send(http, parcel).await,
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
        }
    }

    /// Reads a text someone sent to us, once the call has proved where it comes from.
    pub fn inbound(&self, call: &Call) -> Result<ReceivedText, Rejection> {
        match &self.provider {
            Provider::Rehearsal(rehearsal) => rehearsal.inbound(call),
            Provider::Twilio(twilio) => twilio.inbound(call),
            Provider::Kannel(kannel) => kannel.inbound(call),
        }
    }

    /// Reads what became of a text, once the call has proved where it comes from.
    pub fn report(&self, call: &Call) -> Result<Report, Rejection> {
        match &self.provider {
            Provider::Rehearsal(_) => Err(Rejection::Malformed("the rehearsal gateway reports by itself")),
            Provider::Twilio(twilio) => twilio.report(call),
            Provider::Kannel(kannel) => kannel.report(call),
        }
    }

    /// How its webhooks are addressed and thanked.
    pub fn routes(&self) -> &'static Routes {
        match &self.provider {
            Provider::Rehearsal(_) => &rehearsal::ROUTES,
            Provider::Twilio(_) => &twilio::ROUTES,
            Provider::Kannel(_) => &kannel::ROUTES,
        }
    }

    /// Whether every report of its carries the name that we gave to the try. Then nobody need look for a text by
    /// the name that the provider gave to it.
    pub fn reports_by_our_name(&self) -> bool {
        match &self.provider {
            Provider::Rehearsal(_) | Provider::Twilio(_) | Provider::Kannel(_) => true,
        }
    }

    /// Whether it sends nothing and talks to nobody.
    pub fn is_rehearsal(&self) -> bool {
        matches!(self.provider, Provider::Rehearsal(_))
    }
}

/// What a provider's webhook addresses end in, and how we thank it.
pub struct Routes {
    pub inbound: &'static str,
    pub report: &'static str,
    pub content_type: &'static str,
    /// Sent with 200 once the inbox or report row is written.
    pub thanks: &'static str,
}

/// A webhook request as it came, before anything in it is believed.
pub struct Call {
    pub method: ::http::Method,
    /// scheme://host/path?query as the provider saw it.
    pub public_url: String,
    pub query: Option<String>,
    pub headers: ::http::HeaderMap,
    pub body: Bytes,
    pub peer: IpAddr,
}

/// Why a call was turned away; never carries its content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rejection {
    Forbidden(&'static str),
    Malformed(&'static str),
}

/// A text someone sent to us.
#[derive(Clone, PartialEq, Eq)]
pub struct ReceivedText {
    pub provider_id: String,
    pub from: String,
    pub to: String,
    pub body: String,
    /// The provider has already answered her itself.
    pub provider_handled: Option<OptOutKind>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OptOutKind {
    Stop,
    Start,
    Help,
}

/// What a provider later says became of a text.
#[derive(Clone, PartialEq, Eq)]
pub struct Report {
    pub reference: Option<Uuid>,
    pub provider_id: Option<String>,
    /// The provider's own word.
    pub status: String,
    /// None: a status we do not know, stored raw and flagged.
    pub evidence: Option<Evidence>,
    pub code: Option<String>,
    pub sentence: Option<String>,
    pub opted_out: bool,
    /// As it came, without our own secrets.
    pub raw: String,
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

impl fmt::Debug for ReceivedText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReceivedText")
            .field("provider_id", &self.provider_id)
            .field("provider_handled", &self.provider_handled)
            .finish_non_exhaustive()
    }
}

/// Leaves `raw` out: providers repeat the number in it, and often the text.
impl fmt::Debug for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Report")
            .field("reference", &self.reference)
            .field("provider_id", &self.provider_id)
            .field("status", &self.status)
            .field("evidence", &self.evidence)
            .field("code", &self.code)
            .field("opted_out", &self.opted_out)
            .finish_non_exhaustive()
    }
}
