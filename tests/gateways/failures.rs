//! A wire that fails: how each text ends, and how often the gateway heard it.

use std::time::{Duration, Instant};

use motherline::gateway::{Http, Parcel};

use crate::twilio::twilio;
use crate::wire::{Answer, Wire, says, says_on};
use crate::{RUSSIAN, client, end, her_number, impatient, parcel};

const CREATED: &str = r#"{"sid":"SM0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a","status":"queued"}"#;
const ACCEPTED: &str = r#"accepted Some("SM0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a")"#;

async fn sent(http: &Http, url: &str) -> String {
    end(&twilio(url).send(http, &parcel(&her_number(), RUSSIAN)).await)
}

#[tokio::test]
async fn what_was_heard_and_not_answered_is_in_doubt_and_not_sent_again() {
    let http = impatient();
    let words = |text: &str| Answer::Says(text.to_owned());
    let head = &format!("HTTP/1.1 201 Created\r\nContent-Length: {}\r\n\r\n", CREATED.len());
    for (name, answers, expected) in [
        ("silence beyond the time limit", vec![Answer::KeepsSilent], "doubt timeout"),
        ("a head that drips", vec![Answer::Drips(head.to_owned())], "doubt timeout"),
        ("hung up on", vec![Answer::HangsUp], "doubt no-reply"),
        ("reset", vec![Answer::Resets], "doubt no-reply"),
        ("half a status line", vec![words("HTTP/1.1 201 Cre")], "doubt no-reply"),
        ("half a head", vec![words("HTTP/1.1 201 Created\r\nContent-Le")], "doubt no-reply"),
        (
            "half a head, and reset",
            vec![words("HTTP/1.1 201 Created\r\nCon"), Answer::ResetsUnheard],
            "doubt no-reply",
        ),
        ("not HTTP", vec![words("SSH-2.0-OpenSSH_9.2\r\n")], "doubt no-reply"),
        ("only a promise", vec![words("HTTP/1.1 100 Continue\r\n\r\n")], "doubt no-reply"),
        ("a promise kept", vec![words(&format!("HTTP/1.1 100 Continue\r\n\r\n{head}{CREATED}"))], ACCEPTED),
        ("half a body", vec![words(&format!("{head}{}", &CREATED[..20]))], "doubt 201"),
        (
            "a body that stops",
            vec![words(&format!("{head}{}", &CREATED[..20])), Answer::KeepsSilent],
            "doubt 201",
        ),
        ("an empty reply", vec![says("201 Created", "", "")], "doubt 201"),
        ("garbage", vec![says("200 OK", "", "\u{1F476}{]")], "doubt 200"),
        ("500", vec![says("500 Internal Server Error", "", "")], "doubt 500"),
        ("502", vec![says("502 Bad Gateway", "", "<html>")], "doubt 502"),
        ("503 and when", vec![says("503 Service Unavailable", "Retry-After: 7\r\n", "")], "doubt 503"),
        ("504", vec![says("504 Gateway Timeout", "", "")], "doubt 504"),
    ] {
        let wire = Wire::conversing(vec![answers]).await;
        assert_eq!(expected, sent(&http, &wire.url).await, "{name}");
        assert_eq!((1, 1), (wire.calls(), wire.heard().len()), "{name}");
    }
}

#[tokio::test]
async fn what_was_put_off_goes_later() {
    let http = client();
    let (seconds, date) = (
        "Retry-After: 90\r\n",
        "Date: Sat, 21 Nov 2026 20:00:00 GMT\r\nRetry-After: Sat, 21 Nov 2026 20:01:30 GMT\r\n",
    );
    for (headers, body, expected) in [
        (seconds, r#"{"code":20429}"#, "later 20429 Some(90s)"),
        (date, r#"{"code":20429}"#, "later 20429 Some(90s)"),
        (seconds, "<html>", "later 429 Some(90s)"),
        ("", "", "later 429 None"),
    ] {
        let wire = Wire::answering(vec![says("429 Too Many Requests", headers, body)]).await;
        assert_eq!(expected, sent(&http, &wire.url).await, "{headers}{body}");
        assert_eq!((1, 1), (wire.calls(), wire.heard().len()));
    }
}

#[tokio::test]
async fn what_certainly_did_not_go_out_goes_later() {
    let http = impatient();
    let unused = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let nobody = format!("http://{}", unused.local_addr().expect("an address"));
    drop(unused);
    let unknown = Wire::secret(vec![vec![says("201 Created", "", CREATED)]]).await;
    let plain = Wire::answering(vec![Answer::ResetsUnheard]).await;
    let deaf = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let deaf = deaf.local_addr().map(|address| format!("https://{address}")).expect("an address");
    for (name, url) in [
        ("nobody listens", nobody.as_str()),
        ("no such name", "http://gateway.invalid"),
        ("an authority we do not know", &unknown.url),
        ("no TLS there", &plain.url.replace("http:", "https:")),
        ("TLS that does not begin", &deaf),
        ("no such port", "http://127.0.0.1:0"),
    ] {
        assert_eq!("later unreachable None", sent(&http, url).await, "{name}");
    }
    assert_eq!((1, 0), (unknown.calls(), unknown.heard().len()));
}

#[tokio::test]
async fn what_was_begun_too_long_ago_does_not_leave() {
    let wire = Wire::conversing(vec![vec![says_on("201 Created", CREATED), Answer::KeepsSilent]]).await;
    let (http, twilio, to) = (client(), twilio(&wire.url), her_number());
    let late = Parcel { leaves_by: Instant::now() - Duration::from_millis(1), ..parcel(&to, RUSSIAN) };
    assert_eq!("later unreachable None", end(&twilio.send(&http, &late).await));
    assert_eq!((1, 0), (wire.calls(), wire.heard().len()));
    // The connection that was made for it serves the next.
    assert_eq!(ACCEPTED, end(&twilio.send(&http, &parcel(&to, RUSSIAN)).await));
    assert_eq!((1, 1), (wire.calls(), wire.heard().len()));
}

/// Whether anything left us before the reset is a race; that nothing was heard is not.
#[tokio::test]
async fn reset_at_once_it_is_not_sent_again_at_once() {
    let http = client();
    let wire = Wire::conversing(vec![vec![Answer::ResetsUnheard]]).await;
    let end = sent(&http, &wire.url).await;
    assert!(["later unreachable None", "doubt no-reply"].contains(&end.as_str()), "{end}");
    assert_eq!((1, 0), (wire.calls(), wire.heard().len()));
}

#[tokio::test]
async fn a_server_that_closes_each_time_is_called_each_time() {
    let close = || says("201 Created", "", CREATED);
    let old = || Answer::Says(format!("HTTP/1.0 201 Created\r\n\r\n{CREATED}"));
    let wire = Wire::answering(vec![close(), close(), old(), old()]).await;
    let (http, twilio, to) = (client(), twilio(&wire.url), her_number());
    for _ in 0..4 {
        assert_eq!(ACCEPTED, end(&twilio.send(&http, &parcel(&to, RUSSIAN)).await));
    }
    assert_eq!((4, 4), (wire.calls(), wire.heard().len()));
}

#[tokio::test]
async fn a_server_that_keeps_the_connection_is_called_once() {
    let keep = || says_on("201 Created", CREATED);
    let wire = Wire::conversing(vec![vec![keep(), keep(), keep(), Answer::KeepsSilent]]).await;
    let (http, twilio, to) = (client(), twilio(&wire.url), her_number());
    for _ in 0..3 {
        assert_eq!(ACCEPTED, end(&twilio.send(&http, &parcel(&to, RUSSIAN)).await));
    }
    assert_eq!((1, 3), (wire.calls(), wire.heard().len()));
}
