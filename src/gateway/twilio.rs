//! Twilio Programmable Messaging.
//!
//! Sources: Twilio's OpenAPI document of 2026-04 (parameters, statuses), its error dictionary
//! (codes), its "Webhooks security" page and Python library 9.13 (signatures).

mod codes;
mod lookup;
mod signature;

use chrono::{DateTime, Utc};
use http::StatusCode;
use reqwest::RequestBuilder;
use serde::Deserialize;
use uuid::Uuid;

pub use self::signature::SharedKey;
use super::fields::Fields;
use super::http::Reply;
use super::{
    Call, Http, Lookup, OptOutKind, Outcome, Parcel, ReceivedText, Rejection, Report, Routes, Secret,
};
use crate::domain::delivery::Evidence;

pub const API: &str = "https://api.twilio.com";

/// An empty `Response` tells Twilio to text nothing back by itself.
pub const ROUTES: Routes = Routes {
    inbound: "inbound",
    report: "report",
    content_type: "text/xml; charset=utf-8",
    thanks: "<Response/>",
};

#[derive(Clone)]
pub struct Twilio {
    pub account_sid: String,
    pub auth: Auth,
    /// Signs Twilio's webhooks, even when sending uses an API key.
    pub auth_token: Secret,
    /// Signs them instead where the account has one.
    pub shared_key: Option<SharedKey>,
    /// Lets Twilio choose the sender from a pool.
    pub messaging_service_sid: Option<String>,
    /// [`API`], or a simulator.
    pub base_url: String,
    /// Where our webhooks for this gateway are reached from outside, without a final slash.
    pub callback_url: String,
}

#[derive(Clone)]
pub enum Auth {
    AuthToken,
    ApiKey { sid: String, secret: Secret },
}

// Form

/// Ten hours, also how long Twilio keeps a text waiting by itself.
const LONGEST_VALIDITY_SECONDS: u64 = 36_000;

impl Twilio {
    fn form(&self, parcel: &Parcel<'_>) -> [(&'static str, String); 5] {
        let sender = match &self.messaging_service_sid {
            Some(service) => ("MessagingServiceSid", service.clone()),
            None => ("From", parcel.from.to_owned()),
        };
        let seconds = parcel.valid_for.as_secs();
        let validity = seconds.clamp(1, LONGEST_VALIDITY_SECONDS);
        [
            ("To", parcel.to.as_e164().to_owned()),
            sender,
            ("Body", parcel.body.to_owned()),
            ("StatusCallback", self.status_callback(parcel.reference)),
            ("ValidityPeriod", validity.to_string()),
        ]
    }

    /// Carries our own name for the send, so that even if Twilio's reply is lost the callback
    /// says which text it is about: its API takes no idempotency key.
    fn status_callback(&self, reference: Uuid) -> String {
        format!("{}/{}?m={reference}", self.callback_url, ROUTES.report)
    }

    fn messages_path(&self) -> String {
        format!("/2010-04-01/Accounts/{}/Messages.json", self.account_sid)
    }

    fn authorized(&self, request: RequestBuilder) -> RequestBuilder {
        match &self.auth {
            Auth::AuthToken => request.basic_auth(&self.account_sid, Some(self.auth_token.reveal())),
            Auth::ApiKey { sid, secret } => request.basic_auth(sid, Some(secret.reveal())),
        }
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
    pub async fn send(&self, http: &Http, parcel: &Parcel<'_>) -> Outcome {
        let url = format!("{}{}", self.base_url, self.messages_path());
        let request = self.authorized(http.post(&url)).form(&self.form(parcel));
        match http.exchange(request).await {
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
        lookup::lookup(self, http, parcel, begun_at, now).await
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
            provider_handled: fields.word("OptOutType").and_then(opt_out),
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
    fn verified(&self, call: &Call) -> Result<Fields, Rejection> {
        signature::verify(call, &self.auth_token, self.shared_key.as_ref())?;
        if signature::is_form(call) {
            Fields::parse(&call.body)
        } else {
            Fields::parse(call.query.as_deref().unwrap_or_default().as_bytes())
        }
    }
}

/// Sent only where Advanced Opt-Out is on; then Twilio has answered her already.
fn opt_out(word: &str) -> Option<OptOutKind> {
    match word {
        "STOP" => Some(OptOutKind::Stop),
        "START" => Some(OptOutKind::Start),
        "HELP" => Some(OptOutKind::Help),
        _ => None,
    }
}
