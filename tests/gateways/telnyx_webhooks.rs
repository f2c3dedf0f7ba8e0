//! Telnyx's webhooks: the texts people send, and what became of ours.

use motherline::domain::delivery::Evidence::{Accepted, Delivered, Failed, Sent};
use motherline::gateway::{Brought, OptOutKind, ReceivedText, Rejection, Report};

use crate::REFERENCE;
use crate::telnyx::{ID, telnyx};
use crate::telnyx_signature::signed;

fn event(kind: &str, payload: &str) -> String {
    format!(
        r#"{{"data":{{"event_type":"{kind}","id":"4ee8c3a6-4995-4309-a3c6-38e3db9ea4be",
            "occurred_at":"2026-11-21T20:00:00.000+00:00","payload":{payload},"record_type":"event"}},
            "meta":{{"attempt":1,"delivered_to":"https://sms.example.org/webhooks/telnyx/report"}}}}"#
    )
}

fn arrived(body: &str, more: &str) -> String {
    let body = serde_json::to_string(body).expect("JSON");
    format!(
        r#"{{"record_type":"message","direction":"inbound","id":"{ID}","type":"SMS",
            "from":{{"phone_number":"+79161234567","carrier":"…","line_type":"Wireless"}},
            "to":[{{"phone_number":"+12025550100","status":"webhook_delivered","carrier":"…"}}],
            "cc":[],"text":{body},"media":[],"errors":[],"is_spam":false{more}}}"#
    )
}

fn went(status: &str, errors: &str) -> String {
    format!(
        r#"{{"record_type":"message","direction":"outbound","id":"{ID}","type":"SMS",
            "from":{{"phone_number":"+12025550100"}},"to":[{{"phone_number":"+79161234567","status":"{status}"}}],
            "text":"секрет","errors":{errors}}}"#
    )
}

fn inbound(body: &str) -> Result<Brought<ReceivedText>, Rejection> {
    telnyx("http://unused.invalid").inbound(&signed("", body))
}

fn report(query: &str, body: &str) -> Result<Brought<Report>, Rejection> {
    telnyx("http://unused.invalid").report(&signed(query, body))
}

fn one(query: &str, body: &str) -> Report {
    match report(query, body) {
        Ok(Brought::One(report)) => report,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_text_is_read() {
    let long = "мама ".repeat(1000);
    for (body, more, handled) in [
        ("СТОП", "", None),
        ("BABY + 10% & \"more\"\nвторая строка 👶", "", None),
        ("", "", None),
        (&long, "", None),
        ("hello", r#","autoresponse_type":null"#, None),
        ("STOP", r#","autoresponse_type":"STOP""#, Some(OptOutKind::Stop)),
        ("start", r#","autoresponse_type":"START""#, Some(OptOutKind::Start)),
        ("help", r#","autoresponse_type":"HELP""#, Some(OptOutKind::Help)),
        ("what", r#","autoresponse_type":"PAUSE""#, None),
    ] {
        let expected = ReceivedText {
            provider_id: ID.to_owned(),
            from: "+79161234567".to_owned(),
            to: "+12025550100".to_owned(),
            body: body.to_owned(),
            provider_handled: handled,
        };
        let came = event("message.received", &arrived(body, more));
        assert_eq!(Ok(Brought::One(expected)), inbound(&came), "{body}");
    }
    let picture = event("message.received", &arrived("", "").replace(r#""text":"","#, r#""text":null,"#));
    assert!(matches!(inbound(&picture), Ok(Brought::One(text)) if text.body.is_empty()));
}

#[test]
fn what_is_no_text_is_turned_away_or_let_be() {
    let long = "1".repeat(300);
    let text = arrived("hi", "");
    for (payload, why) in [
        ("null".to_owned(), "no message"),
        ("7".to_owned(), "no message"),
        (r#"{"from":{},"to":[]}"#.to_owned(), "no id"),
        (text.replace(ID, ""), "no id"),
        (text.replace("+79161234567", ""), "no from"),
        (text.replace("+79161234567", &long), "no from"),
        (text.replace("+12025550100", ""), "no to"),
        (r#"{"id":"1","from":{"phone_number":"1"},"to":[]}"#.to_owned(), "no to"),
    ] {
        let told = inbound(&event("message.received", &payload));
        assert_eq!(Err(Rejection::Malformed(why)), told, "{payload}");
    }
    for body in ["", "{}", "[]", r#"{"data":{}}"#, "\u{1F476}"] {
        assert_eq!(Err(Rejection::Malformed("no event")), inbound(body), "{body}");
        assert_eq!(Err(Rejection::Malformed("no event")), report("", body), "{body}");
    }
    // A profile's one address hears of all its events.
    for (kind, payload) in
        [("message.finalized", went("delivered", "[]")), ("10dlc.phone_number.update", "{}".to_owned())]
    {
        assert_eq!(Ok(Brought::nothing()), inbound(&event(kind, &payload)), "{kind}");
    }
    assert_eq!(Ok(Brought::nothing()), report("", &event("message.received", &text)));
}

#[test]
fn a_status_word_is_evidence() {
    for (kind, word, expected) in [
        ("message.sent", "queued", Some(Accepted)),
        ("message.sent", "sending", Some(Accepted)),
        ("message.sent", "sent", Some(Sent)),
        ("message.finalized", "delivered", Some(Delivered)),
        ("message.finalized", "read", Some(Delivered)),
        ("message.finalized", "sending_failed", Some(Failed)),
        ("message.finalized", "delivery_failed", Some(Failed)),
        ("message.finalized", "expired", Some(Failed)),
        ("message.finalized", "cancelled", Some(Failed)),
        ("message.finalized", "delivery_unconfirmed", Some(Sent)),
        ("message.finalized", "Delivered", None),
        ("message.finalized", "teleported", None),
    ] {
        let body = event(kind, &went(word, "[]"));
        let expected = Report {
            reference: Some(REFERENCE),
            provider_id: Some(ID.to_owned()),
            status: word.to_owned(),
            evidence: expected,
            code: None,
            sentence: None,
            opted_out: false,
            raw: body.clone(),
        };
        assert_eq!(Ok(Brought::One(expected)), report(&format!("?m={REFERENCE}"), &body));
    }
}

/// It was called at a text's own address: something became of that text.
#[test]
fn an_event_nobody_knows_is_kept_and_flagged() {
    let query = format!("?m={REFERENCE}");
    for payload in [went("delivered", "[]"), "{}".to_owned(), "null".to_owned(), "7".to_owned()] {
        let told = one(&query, &event("message.beamed_up", &payload));
        assert_eq!(
            ("message.beamed_up", None, Some(REFERENCE)),
            (&*told.status, told.evidence, told.reference)
        );
        assert!(told.raw.contains("message.beamed_up"));
    }
}

#[test]
fn an_error_is_explained() {
    let new = "Telnyx's error 40999 is new to us: see \
               https://developers.telnyx.com/docs/messaging/messages/error-codes";
    for (code, title, sentence, opted_out) in [
        (
            "40300",
            "Blocked due to STOP message",
            "She has opted out at Telnyx; only her own START lifts it.",
            true,
        ),
        (
            "40300",
            "Destination number unreachable",
            "Telnyx blocks texts from our sender to this number.",
            false,
        ),
        ("40001", "Not routable", "This is a landline, or no carrier takes texts for it.", false),
        ("40999", "STOP", new, false),
    ] {
        let errors =
            format!(r#"[{{"code":"{code}","title":"{title}","detail":"+79161234567"}},{{"code":"1"}}]"#);
        let told = one("", &event("message.finalized", &went("delivery_failed", &errors)));
        assert_eq!((Some(code), Some(sentence)), (told.code.as_deref(), told.sentence.as_deref()));
        assert_eq!(opted_out, told.opted_out, "{title}");
    }
}

#[test]
fn a_report_without_our_reference_still_counts() {
    for query in ["", "?m=", "?m=42", "?n=019a9d3c-4b5e-7c11-8f00-0123456789ab"] {
        for errors in ["[]", "null"] {
            let told = one(query, &event("message.finalized", &went("delivered", errors)));
            assert_eq!((None, Some(ID), None), (told.reference, told.provider_id.as_deref(), told.code));
        }
    }
    let nothing = Err(Rejection::Malformed("no status"));
    assert_eq!(nothing, report("", &event("message.finalized", r#"{"to":[]}"#)));
}

#[test]
fn nothing_private_is_ever_printed() {
    let texts = inbound(&event("message.received", &arrived("секрет", "")));
    let told = report("", &event("message.finalized", &went("delivered", "[]")));
    let printed = format!("{texts:?} {told:?}");
    assert!(printed.contains(ID), "{printed}");
    for private in ["7916", "1202", "секрет"] {
        assert!(!printed.contains(private), "{printed}");
    }
}
