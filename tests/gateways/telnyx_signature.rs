//! Telnyx's signatures, by a key pair made for the purpose.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use http::{HeaderMap, HeaderValue, Method};
use motherline::gateway::telnyx::PublicKey;
use motherline::gateway::{Call, Rejection};
use ring::signature::{Ed25519KeyPair, KeyPair};

use crate::telnyx::{CALLBACKS, telnyx};

const EVENT: &str = r#"{"data":{"event_type":"message.received","id":"e","payload":{"id":"m","text":"СТОП",
                        "from":{"phone_number":"+79161234567"},"to":[{"phone_number":"+12025550100"}]}},"meta":{}}"#;

/// The same pair each time; the public half as Telnyx's portal would show it.
pub fn key_pair() -> (Ed25519KeyPair, String) {
    let pair = Ed25519KeyPair::from_seed_unchecked(&[7; 32]).expect("a key pair");
    let public = STANDARD.encode(pair.public_key());
    (pair, public)
}

pub fn now() -> DateTime<Utc> {
    "2026-11-21T20:00:00Z".parse().expect("a time")
}

/// A call as Telnyx makes it.
pub fn signed(query: &str, body: &str) -> Call {
    let timestamp = now().timestamp().to_string();
    let (pair, _) = key_pair();
    let signature = STANDARD.encode(pair.sign(format!("{timestamp}|{body}").as_bytes()));
    call(query, body, &[("telnyx-signature-ed25519", &signature), ("telnyx-timestamp", &timestamp)])
}

fn call(query: &str, body: &str, headers: &[(&'static str, &str)]) -> Call {
    let mut map = HeaderMap::new();
    for (name, value) in headers {
        map.insert(*name, HeaderValue::from_str(value).expect("a header"));
    }
    Call {
        method: Method::POST,
        public_url: format!("{CALLBACKS}/report{query}"),
        query: query.strip_prefix('?').map(str::to_owned),
        headers: map,
        body: Bytes::copy_from_slice(body.as_bytes()),
        peer: "192.0.2.1".parse().expect("an address"),
        received_at: now(),
    }
}

fn forbidden(call: &Call) -> Option<&'static str> {
    let gateway = telnyx("http://unused.invalid");
    let (inbound, report) = (gateway.inbound(call).map(drop), gateway.report(call).map(drop));
    assert_eq!(inbound, report);
    match inbound {
        Err(Rejection::Forbidden(why)) => Some(why),
        Err(Rejection::Malformed(why)) => panic!("{why}"),
        Ok(()) => None,
    }
}

/// By Python's `cryptography` 48: the seed of seven 32 times, "1795291200|" and `{"data":{}}`.
#[test]
fn the_pair_is_what_others_make_of_it() {
    let (pair, public) = key_pair();
    assert_eq!("6kpsY+KcUgq+9VB7Ey7F+ZVHdq6+vnuSQh7qaRRG0iw=", public);
    let signature = STANDARD.encode(pair.sign(br#"1795291200|{"data":{}}"#));
    assert_eq!(
        "evRGxiDyzBe+YdWGI6oipwmqwOUwu194BfqKUeu3UxPwkAv9+4ml0TvCayBAIilOvM5WieN+oHbDYOM2atS7Bg==",
        signature
    );
}

#[test]
fn what_telnyx_signed_is_believed() {
    assert_eq!(None, forbidden(&signed("", EVENT)));
    assert_eq!(None, forbidden(&signed("?m=1", EVENT)));
}

#[test]
fn what_was_changed_on_the_way_is_not() {
    let wrong = Some("the signature is wrong");
    let change = |change: fn(&mut Call)| {
        let mut call = signed("", EVENT);
        change(&mut call);
        forbidden(&call)
    };
    let set = |call: &mut Call, name: &'static str, value: &str| {
        call.headers.insert(name, HeaderValue::from_str(value).expect("a header"));
    };
    assert_eq!(wrong, change(|call| call.body = Bytes::from(EVENT.replace("СТОП", "СТАРТ"))));
    assert_eq!(wrong, change(|call| call.body = Bytes::from(format!("{EVENT} "))));
    assert_eq!(wrong, change(|call| call.body = Bytes::new()));
    for timestamp in ["1795291201", "01795291200", "", "soon", "-1"] {
        let mut call = signed("", EVENT);
        set(&mut call, "telnyx-timestamp", timestamp);
        assert_eq!(wrong, forbidden(&call), "{timestamp}");
    }
    let other = STANDARD.encode([1; 64]);
    for signature in ["", "?", "AAAA", &other] {
        let mut call = signed("", EVENT);
        set(&mut call, "telnyx-signature-ed25519", signature);
        assert_eq!(wrong, forbidden(&call), "{signature}");
    }
    let (pair, _) = key_pair();
    let of_the_body = STANDARD.encode(pair.sign(EVENT.as_bytes()));
    let mut call = signed("", EVENT);
    set(&mut call, "telnyx-signature-ed25519", &of_the_body);
    assert_eq!(wrong, forbidden(&call));
    assert_eq!(Some("no signature"), change(|call| drop(call.headers.remove("telnyx-signature-ed25519"))));
    assert_eq!(Some("no timestamp"), change(|call| drop(call.headers.remove("telnyx-timestamp"))));
}

#[test]
fn what_was_signed_long_ago_is_not() {
    let stale = Some("it was signed more than five minutes from now: is our clock right?");
    for (seconds, expected) in
        [(0, None), (300, None), (301, stale), (86_400, stale), (-300, None), (-301, stale)]
    {
        let mut call = signed("", EVENT);
        call.received_at = now() + TimeDelta::seconds(seconds);
        assert_eq!(expected, forbidden(&call), "{seconds}");
    }
}

#[test]
fn a_public_key_is_base64_of_32_bytes() {
    let (_, public) = key_pair();
    assert!(PublicKey::parse(&format!(" {public}\n")).is_some());
    for none in ["", "?", "AAAA", &public[..40], &STANDARD.encode([1; 64])] {
        assert_eq!(None, PublicKey::parse(none), "{none}");
    }
}
