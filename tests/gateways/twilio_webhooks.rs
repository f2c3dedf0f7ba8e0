//! Twilio's webhooks: the texts people send, and what became of ours.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use chrono::DateTime;
use hmac::{Hmac, KeyInit, Mac};
use http::{HeaderMap, HeaderValue, Method};
use motherline::domain::delivery::Evidence;
use motherline::gateway::twilio::ROUTES;
use motherline::gateway::{Call, OptOutKind, ReceivedText, Rejection, Report};
use sha1::Sha1;

use crate::twilio::{CALLBACKS, SID, twilio};
use crate::{REFERENCE, encoded};

/// A call signed as Twilio signs; that this is how, `twilio_signature.rs` shows by Twilio's vectors.
fn signed(path: &str, form: &[(&str, &str)]) -> Call {
    let public_url = format!("{CALLBACKS}/{path}");
    let mut sorted = form.to_vec();
    sorted.sort_unstable();
    let mut mac = Hmac::<Sha1>::new_from_slice(b"12345").expect("a key");
    mac.update(public_url.as_bytes());
    for (name, value) in sorted {
        mac.update(name.as_bytes());
        mac.update(value.as_bytes());
    }
    let signature = STANDARD.encode(mac.finalize().into_bytes());
    let mut headers = HeaderMap::new();
    headers.insert("x-twilio-signature", HeaderValue::from_str(&signature).expect("a header"));
    headers.insert("content-type", HeaderValue::from_static("application/x-www-form-urlencoded"));
    Call {
        method: Method::POST,
        query: public_url.split_once('?').map(|(_, query)| query.to_owned()),
        public_url,
        headers,
        body: Bytes::from(encoded(form)),
        peer: "192.0.2.1".parse().expect("an address"),
        received_at: DateTime::UNIX_EPOCH,
    }
}

fn inbound(form: &[(&str, &str)]) -> Result<ReceivedText, Rejection> {
    twilio("http://unused.invalid").inbound(&signed(ROUTES.inbound, form))
}

fn report(query: &str, form: &[(&str, &str)]) -> Result<Report, Rejection> {
    let path = format!("{}{query}", ROUTES.report);
    twilio("http://unused.invalid").report(&signed(&path, form))
}

#[test]
fn a_text_is_read() {
    let long = "мама ".repeat(1000);
    for (body, opt_out, handled) in [
        ("СТОП", None, None),
        ("BABY + 10% & более=да?\nвторая строка 👶", None, None),
        ("", None, None),
        (long.as_str(), None, None),
        ("STOP", Some("STOP"), Some(OptOutKind::Stop)),
        ("start", Some("START"), Some(OptOutKind::Start)),
        ("help", Some("HELP"), Some(OptOutKind::Help)),
        ("what", Some("PAUSE"), None),
    ] {
        let mut form = vec![
            ("MessageSid", SID),
            ("From", "+79161234567"),
            ("To", "+12025550100"),
            ("Body", body),
            ("SomethingNew", "added without notice"),
        ];
        form.extend(opt_out.map(|word| ("OptOutType", word)));
        let expected = ReceivedText {
            provider_id: SID.to_owned(),
            from: "+79161234567".to_owned(),
            to: "+12025550100".to_owned(),
            body: body.to_owned(),
            provider_handled: handled,
        };
        assert_eq!(Ok(expected), inbound(&form), "{body}");
    }
}

#[test]
fn what_is_no_text_is_turned_away() {
    let overlong = "1".repeat(300);
    let flood = "x".repeat(70_000);
    for (form, reason) in [
        (vec![], "no MessageSid"),
        (vec![("MessageSid", SID), ("To", "+12025550100")], "no From"),
        (vec![("MessageSid", ""), ("From", "1"), ("To", "2")], "no MessageSid"),
        (vec![("MessageSid", SID), ("From", "1")], "no To"),
        (vec![("MessageSid", SID), ("From", &overlong), ("To", "2")], "no From"),
        (vec![("MessageSid", SID), ("Body", &flood)], "longer than any webhook"),
    ] {
        assert_eq!(Err(Rejection::Malformed(reason)), inbound(&form));
    }
}

#[test]
fn a_status_word_is_evidence() {
    use Evidence::{Accepted, Delivered, Failed, Sent};
    for (word, expected) in [
        ("accepted", Some(Accepted)),
        ("scheduled", Some(Accepted)),
        ("queued", Some(Accepted)),
        ("sending", Some(Accepted)),
        ("sent", Some(Sent)),
        ("undelivered", Some(Failed)),
        ("failed", Some(Failed)),
        ("canceled", Some(Failed)),
        ("delivered", Some(Delivered)),
        ("read", Some(Delivered)),
        ("partially_delivered", None),
        ("Delivered", None),
        ("teleported", None),
    ] {
        let query = format!("?m={REFERENCE}");
        let form = [("MessageSid", SID), ("MessageStatus", word)];
        let expected = Report {
            reference: Some(REFERENCE),
            provider_id: Some(SID.to_owned()),
            status: word.to_owned(),
            evidence: expected,
            code: None,
            sentence: None,
            opted_out: false,
            raw: encoded(&form),
        };
        assert_eq!(Ok(expected), report(&query, &form));
    }
}

#[test]
fn whichever_order_callbacks_come_in_the_last_word_stands() {
    let evidence = |word| {
        let form = [("MessageSid", SID), ("MessageStatus", word)];
        report("", &form).expect("a report").evidence
    };
    let known = ["delivered", "queued", "sent"].map(evidence);
    assert_eq!(Some(Some(Evidence::Delivered)), known.into_iter().max());
}

#[test]
fn an_error_code_is_explained() {
    for (code, sentence, opted_out) in [
        ("21610", "She has opted out at Twilio; only her own START lifts it.", true),
        ("30005", "The number is not in use.", false),
        ("30999", "Twilio's error 30999 is new to us: see https://www.twilio.com/docs/errors/30999", false),
    ] {
        let form = [("MessageSid", SID), ("MessageStatus", "failed"), ("ErrorCode", code)];
        let report = report("", &form).expect("a report");
        assert_eq!(Some(code), report.code.as_deref());
        assert_eq!(Some(sentence), report.sentence.as_deref());
        assert_eq!(opted_out, report.opted_out);
    }
}

#[test]
fn a_report_without_our_reference_still_counts() {
    for query in ["", "?m=", "?m=42", "?n=019a9d3c-4b5e-7c11-8f00-0123456789ab"] {
        let form = [("MessageSid", SID), ("MessageStatus", "sent"), ("ErrorCode", "")];
        let report = report(query, &form).expect("a report");
        assert_eq!((None, Some(SID)), (report.reference, report.provider_id.as_deref()));
        assert_eq!(None, report.code);
    }
    let nothing = Err(Rejection::Malformed("no MessageStatus"));
    assert_eq!(nothing, report("", &[("MessageSid", SID)]));
}

#[test]
fn nothing_private_is_ever_printed() {
    let form = [
        ("MessageSid", SID),
        ("From", "+79161234567"),
        ("To", "+12025550100"),
        ("Body", "секрет"),
        ("MessageStatus", "sent"),
    ];
    let printed = format!("{:?} {:?}", inbound(&form), report("", &form));
    assert!(printed.contains(SID), "{printed}");
    for private in ["7916", "1202", "секрет", "%D1%81"] {
        assert!(!printed.contains(private), "{printed}");
    }
}
