//! Twilio's signatures: the vector of its documentation, and others recorded from the
//! `RequestValidator` of its Python library 9.13.

use bytes::Bytes;
use chrono::DateTime;
use http::{HeaderMap, HeaderValue, Method};
use motherline::gateway::twilio::{API, Auth, Settings, SharedKey};
use motherline::gateway::{Call, Rejection, Secret, Twilio};

const HOOK: &str = "https://sms.example.org/webhooks/twilio/inbound";
const DOCS: &str = "https://mycompany.com/myapp.php?foo=1&bar=2";
const DOCS_FORM: &str = "CallSid=CA1234567890ABCDE&Caller=%2B14158675309&Digits=1234\
                         &From=%2B14158675309&To=%2B18005551212";
const STOP: &str = "ToCountry=US&MessageSid=SM0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a\
                    &Body=%D0%A1%D0%A2%D0%9E%D0%9F&From=%2B79161234567&To=%2B12025550100&NumMedia=0";
const FORM: &str = "application/x-www-form-urlencoded; charset=UTF-8";
const WRONG: Option<Rejection> = Some(Rejection::Forbidden("the signature is wrong"));

fn twilio() -> Twilio {
    Twilio::new(Settings {
        account_sid: "AC00000000000000000000000000000000".to_owned(),
        auth: Auth::AuthToken,
        auth_token: Secret::new("12345"),
        shared_key: Some(SharedKey { id: "webhooks_sharedkey_1".to_owned(), secret: Secret::new("12345") }),
        messaging_service_sid: None,
        base_url: API.to_owned(),
        callback_url: "https://sms.example.org/webhooks/twilio".to_owned(),
    })
}

fn posted(url: &str, form: &str, headers: &[(&'static str, &str)]) -> Call {
    let mut map = HeaderMap::from_iter([(http::header::CONTENT_TYPE, HeaderValue::from_static(FORM))]);
    for (name, value) in headers {
        map.insert(*name, HeaderValue::from_str(value).expect("a header"));
    }
    Call {
        method: Method::POST,
        public_url: url.to_owned(),
        query: url.split_once('?').map(|(_, query)| query.to_owned()),
        headers: map,
        body: Bytes::copy_from_slice(form.as_bytes()),
        peer: "192.0.2.1".parse().expect("an address"),
        received_at: DateTime::UNIX_EPOCH,
    }
}

/// Why a call was forbidden; the documentation's form is no text, which is another matter.
fn forbidden(call: &Call) -> Option<Rejection> {
    let rejection = twilio().inbound(call).err();
    rejection.filter(|rejection| matches!(rejection, Rejection::Forbidden(_)))
}

#[test]
fn what_twilio_signed_is_believed() {
    for (name, url, form, signature) in [
        ("documentation", DOCS, DOCS_FORM, "RSOYDt4T1cUTdK1PDd93/VVr8B8="),
        ("Cyrillic", HOOK, STOP, "dlbdZEqrIDZKRtIzkUM7YiqqjC8="),
        ("signed with the default port", HOOK, STOP, "x7kXYV5Bm7pjRV3qoZGit/Nu/Hk="),
        (
            "reached by the default port, signed without",
            "https://sms.example.org:443/webhooks/twilio/inbound",
            STOP,
            "dlbdZEqrIDZKRtIzkUM7YiqqjC8=",
        ),
        (
            "another port",
            "https://sms.example.org:8443/webhooks/twilio/inbound",
            STOP,
            "rSsPZ0ePW0Y813LarYt1i+LMQiw=",
        ),
        ("IPv6", "http://[2001:db8::1]/webhooks/twilio/inbound", STOP, "f2ynlax9GSj7/sU4tnmF1my3ICA="),
        ("a repeated name", HOOK, &format!("{STOP}&Tag=b&Tag=a&Tag=b"), "qW0lopmoiiEAySjFLQxvBISU6KA="),
    ] {
        let call = posted(url, form, &[("x-twilio-signature", signature)]);
        assert_eq!(None, forbidden(&call), "{name}");
    }
}

#[test]
fn what_was_changed_on_the_way_is_not() {
    let right = "dlbdZEqrIDZKRtIzkUM7YiqqjC8=";
    for (name, url, form, signature) in [
        ("another body", HOOK, STOP.replace("Body=%D0%A1", "Body=%D0%A2"), right),
        ("one field more", HOOK, format!("{STOP}&OptOutType=STOP"), right),
        ("one field less", HOOK, STOP.replace("ToCountry=US&", ""), right),
        ("another address", "https://sms.example.org/webhooks/other/inbound", STOP.to_owned(), right),
        ("another query", &format!("{HOOK}?m=1"), STOP.to_owned(), right),
        ("http for https", "http://sms.example.org/webhooks/twilio/inbound", STOP.to_owned(), right),
        ("another signature", HOOK, STOP.to_owned(), "RSOYDt4T1cUTdK1PDd93/VVr8B8="),
        ("half a signature", HOOK, STOP.to_owned(), "dlbdZEqrIDZKRtIz"),
        ("an empty signature", HOOK, STOP.to_owned(), ""),
        ("no base64", HOOK, STOP.to_owned(), "?"),
    ] {
        let call = posted(url, &form, &[("x-twilio-signature", signature)]);
        assert_eq!(WRONG, forbidden(&call), "{name}");
    }
    let unsigned = Some(Rejection::Forbidden("no signature"));
    assert_eq!(unsigned, forbidden(&posted(HOOK, STOP, &[])));
}

#[test]
fn the_settings_header_names_algorithm_and_key() {
    let sha256 = "033hgUJA9M/hXIZsYjwkerEP/DBm35nEri5FhCYjA5s=";
    let sha1 = "RSOYDt4T1cUTdK1PDd93/VVr8B8=";
    let stranger = Some(Rejection::Forbidden("signed with a shared key that is not configured"));
    let unknown = Some(Rejection::Forbidden("signed by an unknown algorithm"));
    for (settings, signature, expected) in [
        ("key=webhooks_sharedkey_1,algorithm=HMAC_SHA256", sha256, None),
        (" algorithm=HMAC_SHA256 , key = webhooks_sharedkey_1", sha256, None),
        ("key=webhooks_sharedkey_1,algorithm=HMAC_SHA256", sha1, WRONG),
        ("key=webhooks_sharedkey_2,algorithm=HMAC_SHA256", sha256, stranger),
        ("algorithm=HMAC_SHA256", sha256, stranger),
        ("key=webhooks_sharedkey_1,algorithm=HMAC_SHA512", sha256, unknown),
        ("algorithm=none", sha1, unknown),
        ("algorithm=HMAC_SHA1", sha1, None),
        ("algorithm=HMAC_SHA1", sha256, WRONG),
        ("", sha1, None),
    ] {
        let headers = [("x-twilio-signature", signature), ("x-twilio-webhooks-signature-settings", settings)];
        assert_eq!(expected, forbidden(&posted(DOCS, DOCS_FORM, &headers)), "{settings}");
    }
}

#[test]
fn a_get_is_signed_by_its_address_alone() {
    let url = format!("{HOOK}?{STOP}");
    let mut call = posted(&url, "", &[("x-twilio-signature", "1l9rqG3B8DP3nBCk014wlCHJ1n8=")]);
    call.method = Method::GET;
    let text = twilio().inbound(&call).expect("a text");
    assert_eq!("СТОП", text.body);
}

#[test]
fn a_json_body_is_signed_by_its_hash() {
    let hash = "a16e696d561c8e3e09bbfd7cc663fe3d7f2527975d8295ec15727b7695670056";
    let hashed = format!("{HOOK}?bodySHA256={hash}");
    let right = "1N1/axYIPZcUzyEwY+QEbHANAGw=";
    let unsigned = Some(Rejection::Forbidden("the body is not signed"));
    for (url, body, expected) in [
        (hashed.as_str(), r#"{"Body":"СТОП"}"#, None),
        (hashed.as_str(), r#"{"Body":"СТАРТ"}"#, WRONG),
        (HOOK, r#"{"Body":"СТОП"}"#, unsigned),
    ] {
        let headers = [("x-twilio-signature", right), ("content-type", "application/json")];
        assert_eq!(expected, forbidden(&posted(url, body, &headers)), "{url} {body}");
    }
}
