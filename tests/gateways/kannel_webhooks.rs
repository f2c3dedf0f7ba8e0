//! Kannel's callbacks: the texts people send, and what became of ours. All were recorded from Debian's 1.4.5.

use bytes::Bytes;
use chrono::DateTime;
use http::{HeaderMap, Method};
use motherline::domain::delivery::Evidence;
use motherline::gateway::kannel::{ROUTES, Settings};
use motherline::gateway::{Call, Kannel, ReceivedText, Rejection, Report, Secret};

use crate::kannel::{CALLBACKS, kannel, settings};
use crate::{REFERENCE, encoded};

const ID: &str = "902b10cd-e8d5-4fca-9afe-0e3cb02b705a";

fn call(peer: &str, query: &str) -> Call {
    Call {
        method: Method::GET,
        public_url: format!("{CALLBACKS}/{}?{query}", ROUTES.inbound),
        query: Some(query.to_owned()),
        headers: HeaderMap::new(),
        body: Bytes::new(),
        peer: peer.parse().expect("an address"),
        received_at: DateTime::UNIX_EPOCH,
    }
}

/// A query as our own Kannel would send it.
fn known(rest: &str) -> String {
    format!("secret=s+cret%2B%25%C3%B6&{rest}")
}

fn inbound(query: &str) -> Result<ReceivedText, Rejection> {
    kannel("http://unused.invalid").inbound(&call("127.0.0.1", query))
}

fn report(query: &str) -> Result<Report, Rejection> {
    kannel("http://unused.invalid").report(&call("127.0.0.1", query))
}

#[test]
fn a_text_is_read() {
    let long = "%D0%BC".repeat(5000);
    for (text, charset, expected) in [
        ("BABY+hi+%26+ok+%3D+100%25+%2B+%22q%22", "UTF-8", "BABY hi & ok = 100% + \"q\""),
        ("%D0%A1%D0%A2%D0%9E%D0%9F+%2B", "UTF-8", "СТОП +"),
        ("%F0%9F%91%B6", "UTF-8", "👶"),
        ("hello%0Aworld", "8-BIT", "hello\nworld"),
        ("", "UTF-8", ""),
        (&long, "UTF-8", &"м".repeat(5000)),
        // mo-recode forgotten.
        ("%04%21%04%22%04%1E%04%1F%00+%00%2B%D8%3D%DCv", "UTF-16BE", "СТОП +👶"),
    ] {
        let rest = format!(
            "from=%2B79161234567&to=511411&id={ID}&text={text}&charset={charset}&coding=0&time=1795290537"
        );
        let expected = ReceivedText {
            provider_id: ID.to_owned(),
            from: "+79161234567".to_owned(),
            to: "511411".to_owned(),
            body: expected.to_owned(),
            provider_handled: None,
        };
        assert_eq!(Ok(expected), inbound(&known(&rest)), "{text}");
    }
}

#[test]
fn what_is_no_text_is_turned_away() {
    let overlong = format!("from={}&to=511411&id=1&text=hi", "1".repeat(300));
    let flood = "x".repeat(70_000);
    for (rest, reason) in [
        ("from=1&to=2&text=hi", "no id"),
        ("from=&to=2&id=1&text=hi", "no sender"),
        (overlong.as_str(), "no sender"),
        ("from=1&id=1&text=hi", "no recipient"),
        ("from=1&to=2&id=1", "no text"),
        (flood.as_str(), "longer than any webhook"),
    ] {
        assert_eq!(Err(Rejection::Malformed(reason)), inbound(&known(rest)));
    }
}

#[test]
fn only_kannel_itself_is_believed() {
    let stranger = Err(Rejection::Forbidden("from an address that is not Kannel's"));
    let wrong = Err(Rejection::Forbidden("the secret is wrong"));
    let rest = "m=1&type=1&id=&answer=";
    let right = known(rest);
    let verdict = |gateway: Kannel, peer, query| gateway.report(&call(peer, query)).map(|_| ());
    let ours = || kannel("http://unused.invalid");
    let unset = || {
        let callback_secret = Secret::new("");
        Kannel::new(Settings { callback_secret, ..settings("http://unused.invalid") })
    };
    for (name, gateway, peer, query, expected) in [
        ("right", ours(), "127.0.0.1", right.as_str(), Ok(())),
        ("over a dual-stack socket", ours(), "::ffff:127.0.0.1", &right, Ok(())),
        ("wrong peer", ours(), "192.0.2.7", &right, stranger),
        ("wrong peer of the other family", ours(), "::1", &right, stranger),
        ("wrong secret", ours(), "127.0.0.1", "secret=S+cret&type=1", wrong),
        ("half the secret", ours(), "127.0.0.1", "secret=s+cret&type=1", wrong),
        ("no secret", ours(), "127.0.0.1", rest, wrong),
        ("none configured, none sent", unset(), "127.0.0.1", "secret=&type=1", wrong),
    ] {
        assert_eq!(expected, verdict(gateway, peer, query), "{name}");
    }
}

#[test]
fn a_kind_of_report_is_a_set_of_bits() {
    use Evidence::{Delivered, Failed, Sent};
    for (kind, expected) in [
        ("1", Some(Delivered)),
        ("2", Some(Failed)),
        ("4", Some(Sent)),
        ("8", Some(Sent)),
        ("9", Some(Delivered)),
        ("16", Some(Failed)),
        ("34", Some(Failed)),
        ("66", Some(Failed)),
        ("0", None),
        ("32", None),
        ("128", None),
    ] {
        let rest = format!("m={REFERENCE}&type={kind}&id=773bec72&answer=");
        let report = report(&known(&rest)).expect("a report");
        assert_eq!(expected, report.evidence, "{kind}");
        assert_eq!(kind, report.status);
        assert_eq!(Some(REFERENCE), report.reference);
        assert_eq!(Some("773bec72"), report.provider_id.as_deref());
        assert_eq!(expected == Some(Failed), report.sentence.is_some(), "{kind}");
    }
    let no_number = Err(Rejection::Malformed("the type is no number"));
    assert_eq!(no_number, report(&known("type=%25d")));
    assert_eq!(Err(Rejection::Malformed("no type")), report(&known("m=1")));
}

#[test]
fn the_operators_answer_gives_the_code() {
    let receipt = "id:4711 sub:001 dlvrd:000 submit date:2611212000 done date:2611212001 \
                   stat:UNDELIV err:069 text:err:7 stat:мама";
    for (kind, answer, expected) in [
        ("16", "NACK/0x0000000b/Invalid Destination Address", Some("0x0000000b")),
        ("16", "NACK/Retries Exceeded", Some("Retries Exceeded")),
        ("2", receipt, Some("UNDELIV/069")),
        ("34", "id:4711 stat:EXPIRED", Some("EXPIRED")),
        ("2", "id:4711 text:see stat:X", None),
        ("2", "", None),
        ("8", "ACK/", None),
        ("1", "id:4711 stat:DELIVRD err:000 text:", None),
    ] {
        let rest = encoded(&[("type", kind), ("id", ""), ("answer", answer)]);
        let report = report(&known(&rest)).expect("a report");
        assert_eq!(expected, report.code.as_deref(), "{answer}");
        assert_eq!(None, report.provider_id);
    }
}

#[test]
fn what_is_kept_of_a_report_is_without_our_secret() {
    let report = report(&known("m=1&type=8&id=&answer=ACK%2F")).expect("a report");
    assert_eq!("m=1&type=8&id=&answer=ACK%2F", report.raw);
}
