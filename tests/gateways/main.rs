//! Gateways by tables of recorded cases: what a provider said, and what we made of it.

mod failures;
mod http;
mod infobip;
mod infobip_webhooks;
mod kannel;
mod kannel_webhooks;
mod names;
mod proxies;
mod resting;
mod telnyx;
mod telnyx_signature;
mod telnyx_webhooks;
mod twilio;
mod twilio_lookup;
mod twilio_signature;
mod twilio_webhooks;
mod wire;

use std::time::{Duration, Instant};

use motherline::domain::phone::PhoneNumber;
use motherline::domain::segment::Encoding;
use motherline::gateway::{Http, Outcome, Parcel};
use uuid::{Uuid, uuid};

const REFERENCE: Uuid = uuid!("019a9d3c-4b5e-7c11-8f00-0123456789ab");
const RUSSIAN: &str = "Мама, 12-я неделя 👶";

fn client() -> Http {
    Http::new(Duration::from_secs(10)).expect("a client")
}

/// For waits that are to end in nothing.
fn impatient() -> Http {
    Http::new(Duration::from_millis(500)).expect("a client")
}

/// A Russian tip to a Russian number: the plus sign and the letters are where encodings go wrong.
fn parcel<'a>(to: &'a PhoneNumber, body: &'a str) -> Parcel<'a> {
    Parcel {
        reference: REFERENCE,
        from: "+15005550006",
        to,
        body,
        encoding: Encoding::Ucs2,
        segments: 1,
        valid_for: Duration::from_secs(2 * 3600),
        leaves_by: Instant::now() + Duration::from_secs(60),
    }
}

/// The end without its sentence, which is for people and free to change.
fn end(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Accepted { provider_id } => format!("accepted {provider_id:?}"),
        Outcome::RefusedRecipient { code, opted_out, .. } => {
            format!("recipient {code}{}", if *opted_out { " opted out" } else { "" })
        }
        Outcome::RefusedUs { code, stops_sender, .. } => {
            format!("us {code}{}", if *stops_sender { " stops" } else { "" })
        }
        Outcome::Transient { code, retry_after, .. } => format!("later {code} {retry_after:?}"),
        Outcome::Ambiguous { code, .. } => format!("doubt {code}"),
    }
}

fn her_number() -> PhoneNumber {
    PhoneNumber::from_e164("+79161234567").expect("a number")
}

/// The pairs as a provider puts them into a query or a form.
fn encoded(pairs: &[(&str, &str)]) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
}
