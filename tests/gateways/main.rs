//! Gateways by tables of recorded cases: what a provider said, and what we made of it.

mod http;
mod kannel;
mod twilio;
mod twilio_lookup;
mod twilio_signature;
mod twilio_webhooks;
mod wire;

use std::time::Duration;

use motherline::domain::phone::PhoneNumber;
use motherline::domain::segment::Encoding;
use motherline::gateway::{Http, Parcel};
use uuid::{Uuid, uuid};

const REFERENCE: Uuid = uuid!("019a9d3c-4b5e-7c11-8f00-0123456789ab");
const RUSSIAN: &str = "Мама, 12-я неделя 👶";

fn client() -> Http {
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
    }
}

fn her_number() -> PhoneNumber {
    PhoneNumber::from_e164("+79161234567").expect("a number")
}

/// The pairs as a provider puts them into a query or a form.
fn encoded(pairs: &[(&str, &str)]) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
}
