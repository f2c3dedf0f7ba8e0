//! Telnyx Messaging, version 2 of its API.
//!
//! Sources: Telnyx's Python library 4.189 (parameters, statuses), its pages "Idempotency", "Receiving webhooks for
//! messaging", "Advanced opt-in/out management" and "Messaging error code reference" of 2026. No account was at hand:
//! nothing here has met Telnyx itself yet.

pub(in crate::gateway) mod codes;
mod signature;

use bytes::Bytes;
use chrono::TimeDelta;
use http::header::{CONTENT_TYPE, HeaderName};
use http::{HeaderValue, StatusCode};
use serde::{Deserialize, Serialize, Serializer};
use serde_json::value::RawValue;
use uuid::Uuid;

pub use self::signature::PublicKey;
use super::fields::{Fields, is_word, word};
use super::http::{Address, JSON, Reply, bad_address, json};
use super::meaning::Meaning;
use super::{
    Brought, Call, Http, OptOutKind, Outcome, Parcel, ReceivedText, Rejection, Report, Routes, Secret,
};
use crate::domain::delivery::Evidence;

pub const API: &str = "https://api.telnyx.com";

/// Telnyx looks at the status only.
pub const ROUTES: Routes = Routes::PLAIN;

/// An `Idempotency-Key` is good for up to 24 hours: the answer of a request that succeeded is given again, and nothing
/// is sent. The hour between is for clocks that differ and for a request on its way.
pub const REMEMBERS: TimeDelta = TimeDelta::hours(23);

/// What the configuration says of an account.
#[derive(Clone)]
pub struct Settings {
    /// Of the account; begins with `KEY`.
    pub api_key: Secret,
    /// By which its webhooks are verified.
    pub public_key: PublicKey,
    /// Lets Telnyx choose the sender from the number pool of a profile.
    pub messaging_profile_id: Option<String>,
    /// [`API`], or a simulator; without a final slash.
    pub base_url: String,
    /// Where our webhooks for this gateway are reached from outside, without a final slash.
    pub callback_url: String,
}

/// An account at Telnyx, with all that its sends have in common written once.
pub struct Telnyx {
    settings: Settings,
    /// None if the base URL is not one.
    messages: Option<Address>,
    /// The address of our callback, up to the reference.
    callback: String,
}

impl Telnyx {
    /// Makes it ready. A base URL that is none shows in each send.
    pub fn new(settings: Settings) -> Self {
        let messages = Address::parse(&format!("{}/v2/messages", settings.base_url));
        let key = format!("Bearer {}", settings.api_key.reveal());
        let messages = messages.map(|page| page.with(CONTENT_TYPE, JSON).proved(key));
        let callback = format!("{}/{}?m=", settings.callback_url, ROUTES.report);
        Self { settings, messages, callback }
    }

    /// What it was made of.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }
}

// Form

const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");
/// More than the numbers, the profile, the reference and the fields' names take.
const REST_OF_BODY: usize = 512;

/// Handed over again, it must be the same byte for byte, or its key does not hold: so nothing here tells the time, not
/// even how long the text is right.
#[derive(Serialize)]
struct Order<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    from: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    messaging_profile_id: Option<&'a str>,
    to: &'a str,
    text: &'a str,
    /// A long text stays one.
    r#type: &'static str,
    webhook_url: Callback<'a>,
    /// The profile's address is for texts received, and does not carry our name for this one.
    use_profile_webhooks: bool,
}

/// Our address for what becomes of a text.
struct Callback<'a> {
    up_to_reference: &'a str,
    reference: Uuid,
}

impl Serialize for Callback<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("{}{}", self.up_to_reference, self.reference))
    }
}

impl Telnyx {
    /// Telnyx chooses the coding by the letters.
    fn order(&self, parcel: &Parcel<'_>) -> Vec<u8> {
        let profile = self.settings.messaging_profile_id.as_deref();
        let order = Order {
            from: profile.is_none().then_some(parcel.from),
            messaging_profile_id: profile,
            to: parcel.to.as_e164(),
            text: parcel.body,
            r#type: "SMS",
            webhook_url: Callback { up_to_reference: &self.callback, reference: parcel.reference },
            use_profile_webhooks: false,
        };
        json(&order, parcel.body.len() + self.callback.len() + REST_OF_BODY)
    }
}

// Status table

/// `to[0].status` in Telnyx's words. A word that is not here is stored raw and flagged.
fn evidence(status: &str) -> Option<Evidence> {
    match status {
        "scheduled" | "queued" | "sending" => Some(Evidence::Accepted),
        // The carrier has it, and never said what became of it.
        "sent" | "delivery_unconfirmed" => Some(Evidence::Sent),
        "delivered" | "read" => Some(Evidence::Delivered),
        "sending_failed" | "delivery_failed" | "expired" | "cancelled" => Some(Evidence::Failed),
        _ => None,
    }
}

#[derive(Deserialize)]
struct Taken {
    data: Created,
}

#[derive(Deserialize)]
struct Created {
    id: Uuid,
}

#[derive(Deserialize)]
struct Refused {
    errors: Vec<Fault>,
}

/// Its `detail` is left unread: it quotes the numbers.
#[derive(Deserialize)]
struct Fault {
    code: String,
    #[serde(default)]
    title: Option<String>,
}

fn outcome(reply: &Reply) -> Outcome {
    let status = reply.status;
    if status.is_success() {
        return match reply.json::<Taken>() {
            Some(taken) => Outcome::Accepted { provider_id: Some(taken.data.id.to_string()) },
            None => unsure(status, "Telnyx answered that all is well, but named no message."),
        };
    }
    if status.is_server_error() {
        return unsure(status, "Telnyx had a fault of its own; the text may have been sent.");
    }
    let refused: Option<Refused> = reply.json();
    match refused.and_then(|refused| refused.errors.into_iter().next()) {
        Some(fault) => codes::outcome(&fault, status, reply.retry_after()),
        None => codes::outcome_without_code(status, reply.retry_after()),
    }
}

fn unsure(status: StatusCode, sentence: &str) -> Outcome {
    Meaning::Unsure.outcome(status.as_str(), sentence, None)
}

// Send. In doubt a text is handed over again: `REMEMBERS`.

impl Telnyx {
    /// Sends one text.
    pub async fn send(&self, http: &Http, parcel: &Parcel<'_>) -> Outcome {
        // A UUID has no letter that a header cannot carry.
        let key = HeaderValue::from_maybe_shared(Bytes::from(parcel.reference.to_string()));
        let (Some(messages), Ok(key)) = (&self.messages, key) else { return bad_address() };
        let request = messages.post(self.order(parcel)).with(IDEMPOTENCY_KEY, key);
        match http.exchange(request.by(parcel.leaves_by)).await {
            Ok(reply) => outcome(&reply),
            Err(end) => end,
        }
    }
}

// Inbound, report

#[derive(Deserialize)]
struct Hook<'a> {
    #[serde(borrow)]
    data: Event<'a>,
}

#[derive(Deserialize)]
struct Event<'a> {
    event_type: String,
    #[serde(borrow)]
    payload: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct Message {
    id: Option<String>,
    from: Option<Party>,
    #[serde(default)]
    to: Vec<Party>,
    text: Option<String>,
    autoresponse_type: Option<String>,
    errors: Option<Vec<Fault>>,
}

#[derive(Deserialize)]
struct Party {
    phone_number: Option<String>,
    status: Option<String>,
}

const RECEIVED: &str = "message.received";

impl Telnyx {
    /// A profile has one address for all its events: what is no text received is thanked for and left alone.
    pub fn inbound(&self, call: &Call) -> Result<Brought<ReceivedText>, Rejection> {
        let (kind, message) = self.verified(call)?;
        if kind != RECEIVED {
            return Ok(Brought::nothing());
        }
        let message = message?;
        let number = |party: Option<Party>| party.and_then(|party| party.phone_number);
        Ok(Brought::One(ReceivedText {
            provider_id: word(message.id, "no id")?,
            from: word(number(message.from), "no from")?,
            to: word(number(message.to.into_iter().next()), "no to")?,
            // A picture alone comes without one, and someone sent it all the same.
            body: message.text.unwrap_or_default(),
            provider_handled: message.autoresponse_type.as_deref().and_then(OptOutKind::of),
        }))
    }

    /// `message.sent`, `message.finalized`, and whatever else Telnyx may call a text's own address with.
    pub fn report(&self, call: &Call) -> Result<Brought<Report>, Rejection> {
        let (kind, message) = self.verified(call)?;
        if kind == RECEIVED {
            return Ok(Brought::nothing());
        }
        let ours = Fields::parse(call.query.as_deref().unwrap_or_default().as_bytes())?;
        let known = ["message.sent", "message.finalized"].contains(&kind.as_str());
        let (status, provider_id, fault) = if known {
            let message = message?;
            let status = message.to.into_iter().next().and_then(|party| party.status);
            let fault = message.errors.and_then(|errors| errors.into_iter().next());
            (word(status, "no status")?, message.id.filter(|id| is_word(id)), fault)
        } else {
            // What it is about cannot be relied on; that it came is kept.
            (word(Some(kind), "no event type")?, message.ok().and_then(|message| message.id), None)
        };
        let fault = fault.filter(|fault| is_word(&fault.code));
        Ok(Brought::One(Report {
            reference: ours.word("m").and_then(|m| m.parse().ok()),
            provider_id,
            evidence: if known { evidence(&status) } else { None },
            status,
            sentence: fault.as_ref().map(codes::sentence),
            opted_out: fault.as_ref().is_some_and(codes::is_opt_out),
            code: fault.map(|fault| fault.code),
            raw: String::from_utf8_lossy(&call.body).into_owned(),
        }))
    }

    /// The kind of an event and, if it is one, its message. Nothing of a call is read before its signature is found
    /// right.
    fn verified(&self, call: &Call) -> Result<(String, Result<Message, Rejection>), Rejection> {
        signature::verify(call, &self.settings.public_key)?;
        let hook: Hook<'_> =
            serde_json::from_slice(&call.body).map_err(|_| Rejection::Malformed("no event"))?;
        let payload = hook.data.payload.map_or("", RawValue::get);
        let message = serde_json::from_str(payload).map_err(|_| Rejection::Malformed("no message"));
        Ok((hook.data.event_type, message))
    }
}
