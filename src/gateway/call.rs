//! Webhooks: what a provider calls us with, and what we make of it.

use std::fmt;
use std::net::IpAddr;

use bytes::Bytes;
use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::fields::LONGEST_CALL;
use crate::domain::delivery::Evidence;

/// What a provider's webhook addresses end in, and how we thank it.
pub struct Routes {
    pub inbound: &'static str,
    pub report: &'static str,
    pub content_type: &'static str,
    /// Sent with 200 once the inbox or report rows are written.
    pub thanks: &'static str,
    /// No call of its is longer, in bytes; what is, is none of its.
    pub longest_call: usize,
}

impl Routes {
    /// Of a provider that looks at the status only, and brings one thing a call.
    pub(super) const PLAIN: Self = Self {
        inbound: "inbound",
        report: "report",
        content_type: "text/plain",
        thanks: "",
        longest_call: LONGEST_CALL,
    };
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
    /// By our clock.
    pub received_at: DateTime<Utc>,
}

impl Call {
    /// The value of a header, where it is text.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }
}

/// Why a call was turned away; never carries its content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rejection {
    Forbidden(&'static str),
    Malformed(&'static str),
}

/// What a call brings: one thing, with most providers always; with some several in one call, or nothing for us.
#[derive(Debug, PartialEq, Eq)]
pub enum Brought<T> {
    One(T),
    Several {
        all: Vec<T>,
        /// Why something else in the call could not be read.
        unread: Option<Rejection>,
    },
}

impl<T> Brought<T> {
    /// Nothing that concerns us: the provider is thanked for it all the same.
    pub fn nothing() -> Self {
        Self::Several { all: Vec::new(), unread: None }
    }
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

impl OptOutKind {
    /// Reads the word by which Twilio and Telnyx say that they have answered her.
    pub(super) fn of(word: &str) -> Option<Self> {
        match word {
            "STOP" => Some(Self::Stop),
            "START" => Some(Self::Start),
            "HELP" => Some(Self::Help),
            _ => None,
        }
    }
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
