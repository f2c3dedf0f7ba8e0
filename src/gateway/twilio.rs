//! Twilio Programmable Messaging.
//!
//! Sources: Twilio's OpenAPI document of 2026-04 (parameters, statuses), its error dictionary
//! (codes), its "Webhooks security" page and Python library 9.13 (signatures).

mod account;
pub(in crate::gateway) mod codes;
mod lookup;
mod signature;

use std::fmt::Write;

use chrono::{DateTime, Utc};
use http::header::CONTENT_TYPE;
use http::{HeaderValue, StatusCode};
use serde::Deserialize;

pub use self::account::{Auth, Settings};
pub use self::signature::SharedKey;
use super::fields::{Fields, LONGEST_CALL};
use super::http::{Address, Reply, bad_address, push_field};
use super::{Call, Http, Lookup, OptOutKind, Outcome, Parcel, ReceivedText, Rejection, Report, Routes};
use crate::domain::delivery::Evidence;

pub const API: &str = "https://api.twilio.com";

/// An empty `Response` tells Twilio to text nothing back by itself.
pub const ROUTES: Routes = Routes {
    inbound: "inbound",
    report: "report",
    content_type: "text/xml; charset=utf-8",
    thanks: "<Response/>",
    longest_call: LONGEST_CALL,
};

/// An account at Twilio, with all that its sends have in common written once.
pub struct Twilio {
    settings: Settings,
    /// None if the base URL is not one.
    messages: Option<Address>,
    /// The sender's name and value, where Twilio chooses it.
    service: Option<String>,
    /// The field of our callback, up to the reference.
    callback: String,
}

impl Twilio {
    /// Makes it ready. A base URL that is none shows in each send.
    pub fn new(settings: Settings) -> Self {
        let messages = settings.address(&settings.messages_path()).map(|page| page.with(CONTENT_TYPE, FORM));
        let service = settings.messaging_service_sid.as_ref().map(|sid| {
            let mut field = String::new();
            push_field(&mut field, "&MessagingServiceSid=", sid);
            field
        });
        // Carries our own name for the send, so that even if Twilio's reply is lost the callback
        // says which text it is about: its API takes no idempotency key.
        let url = format!("{}/{}?m=", settings.callback_url, ROUTES.report);
        let mut callback = String::new();
        push_field(&mut callback, "&StatusCallback=", &url);
        Self { settings, messages, service, callback }
    }

    /// What it was made of.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }
}

// Form

const FORM: HeaderValue = HeaderValue::from_static("application/x-www-form-urlencoded");
/// Ten hours, also how long Twilio keeps a text waiting by itself.
const LONGEST_VALIDITY_SECONDS: u64 = 36_000;
/// More than the number, the sender, the reference, the validity and the fields' names take.
const REST_OF_FORM: usize = 256;

impl Twilio {
    fn form(&self, parcel: &Parcel<'_>) -> String {
        // A byte that must be escaped becomes three.
        let room = 3 * parcel.body.len() + self.callback.len() + REST_OF_FORM;
        let mut form = String::with_capacity(room);
        push_field(&mut form, "To=", parcel.to.as_e164());
        match &self.service {
            Some(service) => form.push_str(service),
            None => push_field(&mut form, "&From=", parcel.from),
        }
        push_field(&mut form, "&Body=", parcel.body);
        form.push_str(&self.callback);
        let validity = parcel.valid_for.as_secs().clamp(1, LONGEST_VALIDITY_SECONDS);
        // Writing to a String cannot fail.
        let _ = write!(form, "{}&ValidityPeriod={validity}", parcel.reference);
        form
    }
}

// Status table

/// `MessageStatus` in Twilio's words. A word that is not here is stored raw and flagged.
fn evidence(status: &str) -> Option<Evidence> {
    match status {
        "queued" | "accepted" | "scheduled" | "sending" => Some(Evidence::Accepted),
        "sent" => Some(Evidence::Sent),
        "delivered" | "read" => Some(Evidence::Delivered),
        "undelivered" | "failed" | "canceled" => Some(Evidence::Failed),
        _ => None,
    }
}

#[derive(Deserialize)]
struct Created {
    sid: String,
}

/// Its `message` is left unread: it quotes the number.
#[derive(Deserialize)]
struct Refusal {
    code: u32,
}

fn outcome(reply: &Reply) -> Outcome {
    let status = reply.status;
    if status.is_success() {
        return match reply.json::<Created>() {
            Some(created) if is_message_sid(&created.sid) => {
                Outcome::Accepted { provider_id: Some(created.sid) }
            }
            _ => ambiguous(status, "Twilio answered that all is well, but named no message."),
        };
    }
    if status.is_server_error() {
        return ambiguous(status, "Twilio had a fault of its own; the text may have been sent.");
    }
    match reply.json::<Refusal>() {
        Some(refusal) => codes::outcome(refusal.code, status, reply.retry_after()),
        None => codes::outcome_without_code(status, reply.retry_after()),
    }
}

fn ambiguous(status: StatusCode, sentence: &str) -> Outcome {
    Outcome::Ambiguous { code: status.as_str().to_owned(), sentence: sentence.to_owned() }
}

/// SM or MM and 32 hexadecimal digits.
fn is_message_sid(sid: &str) -> bool {
    let digits = sid.strip_prefix("SM").or_else(|| sid.strip_prefix("MM"));
    digits.is_some_and(|digits| digits.len() == 32 && digits.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

// Send, lookup

impl Twilio {
    /// Sends one text.
    pub async fn send(&self, http: &Http, parcel: &Parcel<'_>) -> Outcome {
        let Some(messages) = &self.messages else { return bad_address() };
        match http.exchange(messages.post(self.form(parcel)).by(parcel.leaves_by)).await {
            Ok(reply) => outcome(&reply),
            Err(end) => end,
        }
    }

    /// Whether the send that began at `begun_at`, and whose reply was lost, is in Twilio's list.
    pub async fn lookup(
        &self,
        http: &Http,
        parcel: &Parcel<'_>,
        begun_at: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Lookup {
        lookup::lookup(&self.settings, http, parcel, begun_at, now).await
    }
}

// Inbound, report

impl Twilio {
    pub fn inbound(&self, call: &Call) -> Result<ReceivedText, Rejection> {
        let fields = self.verified(call)?;
        Ok(ReceivedText {
            provider_id: fields.required("MessageSid", "no MessageSid")?,
            from: fields.required("From", "no From")?,
            to: fields.required("To", "no To")?,
            // A picture alone comes without one, and someone sent it all the same.
            body: fields.text("Body").unwrap_or_default().to_owned(),
            // Sent only where Advanced Opt-Out is on; then Twilio has answered her already.
            provider_handled: fields.word("OptOutType").and_then(OptOutKind::of),
        })
    }

    pub fn report(&self, call: &Call) -> Result<Report, Rejection> {
        let fields = self.verified(call)?;
        let status = fields.required("MessageStatus", "no MessageStatus")?;
        let ours = Fields::parse(call.query.as_deref().unwrap_or_default().as_bytes())?;
        let code = fields.word("ErrorCode");
        Ok(Report {
            reference: ours.word("m").and_then(|m| m.parse().ok()),
            provider_id: fields.word("MessageSid").map(str::to_owned),
            evidence: evidence(&status),
            status,
            code: code.map(str::to_owned),
            sentence: code.map(codes::sentence),
            opted_out: code == Some(codes::OPTED_OUT),
            raw: String::from_utf8_lossy(&call.body).into_owned(),
        })
    }

    /// Nothing of a call is read before its signature is found right.
    fn verified<'a>(&self, call: &'a Call) -> Result<Fields<'a>, Rejection> {
        signature::verified(call, &self.settings.auth_token, self.settings.shared_key.as_ref())
    }
}
