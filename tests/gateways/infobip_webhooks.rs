//! Infobip's webhooks: the texts people send, and what became of ours, several in a call.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use chrono::DateTime;
use http::header::AUTHORIZATION;
use http::{HeaderMap, HeaderValue, Method};
use motherline::domain::delivery::Evidence::{self, Accepted, Delivered, Failed, Sent};
use motherline::gateway::infobip::{ROUTES, Settings};
use motherline::gateway::{Brought, Call, Infobip, ReceivedText, Rejection, Report, Secret};

use crate::REFERENCE;
use crate::infobip::{CALLBACKS, infobip, settings};

const SECRET: &str = "?secret=s+cret%2B%25%C3%B6";

fn call(query: &str, authorization: Option<&str>, body: &[u8]) -> Call {
    let value = authorization.map(|value| HeaderValue::from_str(value).expect("a header"));
    Call {
        method: Method::POST,
        public_url: format!("{CALLBACKS}/{}{query}", ROUTES.report),
        query: query.strip_prefix('?').map(str::to_owned),
        headers: HeaderMap::from_iter(value.map(|value| (AUTHORIZATION, value))),
        body: Bytes::copy_from_slice(body),
        peer: "192.0.2.1".parse().expect("an address"),
        received_at: DateTime::UNIX_EPOCH,
    }
}

fn all<T>(brought: Result<Brought<T>, Rejection>) -> Result<(Vec<T>, Option<Rejection>), Rejection> {
    brought.map(|brought| match brought {
        Brought::One(one) => (vec![one], None),
        Brought::Several { all, unread } => (all, unread),
    })
}

fn inbound(body: &str) -> Result<(Vec<ReceivedText>, Option<Rejection>), Rejection> {
    all(infobip("http://unused.invalid").inbound(&call(SECRET, None, body.as_bytes())))
}

fn reports(body: &str) -> Result<(Vec<Report>, Option<Rejection>), Rejection> {
    all(infobip("http://unused.invalid").report(&call(SECRET, None, body.as_bytes())))
}

fn results(results: &[String]) -> String {
    format!(
        r#"{{"results":[{}],"messageCount":{},"pendingMessageCount":0}}"#,
        results.join(","),
        results.len()
    )
}

fn text(id: &str, body: &str) -> String {
    let body = serde_json::to_string(body).expect("JSON");
    format!(
        r#"{{"messageId":"{id}","from":"79161234567","to":"511411","text":{body},"cleanText":"…","keyword":"…",
            "receivedAt":"2026-11-21T20:00:00.000+0000","smsCount":1,
            "price":{{"pricePerMessage":0,"currency":"EUR"}},"callbackData":""}}"#
    )
}

fn told(name: &str, status: (i64, i64, &str), error: (i64, bool)) -> String {
    let ((group, id, word), (error, permanent)) = (status, error);
    format!(
        r#"{{"bulkId":"1","messageId":"{name}","to":"79161234567","sender":"15005550006",
            "sentAt":"2026-11-21T20:00:00.000+0000","doneAt":"2026-11-21T20:00:02.000+0000","messageCount":1,
            "status":{{"groupId":{group},"groupName":"…","id":{id},"name":"{word}","description":"…"}},
            "error":{{"groupId":0,"groupName":"…","id":{error},"name":"…","permanent":{permanent}}}}}"#
    )
}

#[test]
fn texts_are_read_all_that_come_in_a_call() {
    let long = "мама ".repeat(300);
    let bodies = ["СТОП", "BABY + 10% & \"more\"\nвторая строка 👶", "", &long];
    let ids = ["a", "b", "c", "d"];
    let came: Vec<_> = ids.iter().zip(bodies).map(|(id, body)| text(id, body)).collect();
    let expected = ids.iter().zip(bodies).map(|(id, body)| ReceivedText {
        provider_id: (*id).to_owned(),
        from: "79161234567".to_owned(),
        to: "511411".to_owned(),
        body: body.to_owned(),
        provider_handled: None,
    });
    assert_eq!(Ok((expected.collect(), None)), inbound(&results(&came)));
    assert_eq!(Ok((Vec::new(), None)), inbound(r#"{"results":[]}"#));
    // A picture.
    let (texts, _) = inbound(r#"{"results":[{"messageId":"e","from":"1","to":"2"}]}"#).expect("a text");
    assert_eq!("", texts[0].body);
}

#[test]
fn what_cannot_be_read_takes_nothing_with_it() {
    let long = "1".repeat(300);
    for (odd, why) in [
        (r#"{"from":"1","to":"2","text":"hi"}"#.to_owned(), "no messageId"),
        (text("", "hi"), "no messageId"),
        (text(&long, "hi"), "no messageId"),
        (text("x", "hi").replace("79161234567", ""), "no from"),
        (r#"{"messageId":"x","from":"1","text":"hi"}"#.to_owned(), "no to"),
        (r#"{"messageId":7}"#.to_owned(), "a result that is no text"),
        ("null".to_owned(), "a result that is no text"),
        ("[1]".to_owned(), "a result that is no text"),
    ] {
        let why = Rejection::Malformed(why);
        let (texts, unread) =
            inbound(&results(&[text("a", "hi"), odd.clone(), text("b", "ho")])).expect("two");
        assert_eq!(["a", "b"], [&*texts[0].provider_id, &*texts[1].provider_id], "{odd}");
        assert_eq!((2, Some(why)), (texts.len(), unread), "{odd}");
        assert_eq!(Err(why), inbound(&results(&[odd])));
    }
    let odd = r#"{"messageId":"x","error":{"id":0}}"#.to_owned();
    let right = told(&REFERENCE.to_string(), (3, 5, "DELIVERED_TO_HANDSET"), (0, false));
    let (read, unread) = reports(&results(&[odd.clone(), right])).expect("one");
    assert_eq!((1, Some(Rejection::Malformed("a result that is no report"))), (read.len(), unread));
    assert!(reports(&results(&[odd])).is_err());
    for nothing in ["", "{}", "[]", "null", r#"{"results":{}}"#, r#"{"results":[}"#] {
        let no_list = Rejection::Malformed("no list of results");
        assert_eq!((Err(no_list), Err(no_list)), (inbound(nothing).map(drop), reports(nothing).map(drop)));
    }
    // One letter that is none spoils that letter.
    let broken = results(&[text("a", "СТОП?")]).replace('?', "\u{1}").into_bytes();
    let broken: Vec<u8> = broken.into_iter().map(|byte| if byte == 1 { 0xff } else { byte }).collect();
    let (texts, _) =
        all(infobip("http://unused.invalid").inbound(&call(SECRET, None, &broken))).expect("a text");
    assert!(texts[0].body.starts_with("СТОП"), "it must be heard");
}

#[test]
fn a_status_is_evidence() {
    for (group, id, word, expected) in [
        (1, 3, "PENDING_WAITING_DELIVERY", Some(Sent)),
        (1, 7, "PENDING_ENROUTE", Some(Sent)),
        (1, 26, "PENDING_ACCEPTED", Some(Accepted)),
        (2, 4, "UNDELIVERABLE_REJECTED_OPERATOR", Some(Failed)),
        (2, 9, "UNDELIVERABLE_NOT_DELIVERED", Some(Failed)),
        // Its group says delivered, but it is not with her.
        (3, 2, "DELIVERED_TO_OPERATOR", Some(Sent)),
        (3, 5, "DELIVERED_TO_HANDSET", Some(Delivered)),
        (4, 15, "EXPIRED_EXPIRED", Some(Failed)),
        (4, 29, "EXPIRED_DLR_UNKNOWN", Some(Sent)),
        (5, 12, "REJECTED_NOT_ENOUGH_CREDITS", Some(Failed)),
        // About the second handing over: the first was taken.
        (5, 23, "REJECTED_DUPLICATE_MESSAGE_ID", Some(Accepted)),
        (3, 777, "DELIVERED_TO_THE_MOON", None),
        (5, 778, "REJECTED_SOMEHOW", None),
    ] {
        let result = told(&REFERENCE.to_string(), (group, id, word), (0, false));
        let (mut read, unread) = reports(&results(std::slice::from_ref(&result))).expect("a report");
        let report = read.remove(0);
        assert_eq!((0, None), (read.len(), unread));
        assert_eq!((Some(REFERENCE), None), (report.reference, report.provider_id), "{word}");
        assert_eq!((word, expected), (&*report.status, report.evidence));
        let failed = expected.is_none_or(|evidence| evidence == Failed);
        assert_eq!(failed.then(|| id.to_string()), report.code, "{word}");
        assert_eq!(failed, report.sentence.is_some(), "{word}");
        assert_eq!(result, report.raw, "as it came, and nothing of the others");
    }
}

#[test]
fn an_error_is_explained() {
    let new = "Infobip's error 9999 is new to us: see https://www.infobip.com/docs/essentials/api-essentials/\
               response-status-and-error-codes.";
    for (error, sentence, opted_out) in [
        ((1, true), "The number is not in use.".to_owned(), false),
        ((6, false), "Her phone could not be reached: off, or out of coverage.".to_owned(), false),
        (
            (573, true),
            "She has asked her operator to block our texts; only she can lift it.".to_owned(),
            true,
        ),
        ((603, true), "She has opted out (STOP); only her own START lifts it.".to_owned(), true),
        (
            (2052, true),
            "This number is on a block list, of its operator or of the account at Infobip.".to_owned(),
            false,
        ),
        ((9999, false), new.to_owned(), false),
        ((9999, true), format!("{new} It would be the same again."), false),
    ] {
        let result = told("1", (2, 9, "UNDELIVERABLE_NOT_DELIVERED"), error);
        let (read, _) = reports(&results(&[result])).expect("a report");
        assert_eq!(Some(format!("9/{}", error.0)), read[0].code);
        assert_eq!((Some(sentence), opted_out), (read[0].sentence.clone(), read[0].opted_out));
    }
}

#[test]
fn a_report_without_our_name_still_counts() {
    let result = told("2250be2d4219-3af1-78856", (3, 5, ""), (0, false));
    let (read, _) = reports(&results(&[result])).expect("a report");
    assert_eq!((None, Some("2250be2d4219-3af1-78856")), (read[0].reference, read[0].provider_id.as_deref()));
    assert_eq!("5", read[0].status);
    let (read, _) = reports(r#"{"results":[{"status":{"id":5}}]}"#).expect("a report");
    assert_eq!(
        (None, None, Some(Evidence::Delivered)),
        (read[0].reference, read[0].provider_id.clone(), read[0].evidence)
    );
}

#[test]
fn only_infobip_itself_is_believed() {
    let basic = |name: &str| format!("Basic {}", STANDARD.encode(name));
    let (right, other, half) = (basic("infobip:s cret+%ö"), basic("infobip:secret"), basic("infobip:s cret"));
    let (stranger, empty) = (basic("motherline:s cret+%ö"), basic("infobip:"));
    let lower = right.replace("Basic", "basic");
    let nothing = Err(Rejection::Forbidden("neither a password nor the secret"));
    let wrong = Err(Rejection::Forbidden("the password or secret is wrong"));
    let ours = || infobip("http://unused.invalid");
    let unset = || {
        let callback_secret = Secret::new("");
        Infobip::new(Settings { callback_secret, ..settings("http://unused.invalid") })
    };
    for (name, gateway, query, authorization, expected) in [
        ("the secret", ours(), SECRET, None, Ok(())),
        ("among others", ours(), &*format!("?a=1&{}", &SECRET[1..]), None, Ok(())),
        ("the password", ours(), "", Some(&right), Ok(())),
        ("in small letters", ours(), "", Some(&lower), Ok(())),
        ("both", ours(), SECRET, Some(&right), Ok(())),
        ("nothing", ours(), "", None, nothing),
        ("a key", ours(), "", Some(&"App a-key".to_owned()), nothing),
        ("another password", ours(), "", Some(&other), wrong),
        ("half of it", ours(), "", Some(&half), wrong),
        ("another name", ours(), "", Some(&stranger), wrong),
        ("no password", ours(), "", Some(&empty), wrong),
        ("no base64", ours(), "", Some(&"Basic ?".to_owned()), wrong),
        ("another secret", ours(), "?secret=secret", None, wrong),
        ("half a secret", ours(), "?secret=s+cret", None, wrong),
        ("an empty one", ours(), "?secret=", None, nothing),
        ("none configured, none sent", unset(), "?secret=", None, nothing),
        ("none configured, an empty password", unset(), "", Some(&empty), wrong),
    ] {
        let body = results(&[told("1", (3, 5, "…"), (0, false))]);
        let call = call(query, authorization.map(String::as_str), body.as_bytes());
        assert_eq!(expected, gateway.report(&call).map(drop), "{name}");
        let body = results(&[text("a", "hi")]);
        let call = Call { body: Bytes::from(body), ..call };
        assert_eq!(expected, gateway.inbound(&call).map(drop), "{name}");
    }
}

#[test]
fn nothing_private_is_ever_printed() {
    let texts = inbound(&results(&[text("a", "секрет")]));
    let told = reports(&results(&[told(&REFERENCE.to_string(), (3, 5, "DELIVERED_TO_HANDSET"), (0, false))]));
    let printed = format!("{texts:?} {told:?}");
    assert!(printed.contains("DELIVERED_TO_HANDSET"), "{printed}");
    for private in ["7916", "511411", "секрет", "s cret", "s+cret"] {
        assert!(!printed.contains(private), "{printed}");
    }
    assert!(!told.expect("a report").0[0].raw.contains("cret"), "the secret stays in the address");
}
