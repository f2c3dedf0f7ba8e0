//! What the one client makes of a wire that fails, whichever gateway is behind it.

use std::time::Duration;

use motherline::gateway::{Http, Outcome};

use crate::client;
use crate::wire::{Answer, Wire, says};

#[tokio::test]
async fn a_reply_that_does_not_come_leaves_the_text_in_doubt() {
    for (answer, expected) in [
        (Answer::HangsUp, "no-reply"),
        (Answer::KeepsSilent, "timeout"),
        (Answer::Says("SSH-2.0-OpenSSH_9.2\r\n".to_owned()), "no-reply"),
    ] {
        let wire = Wire::answering(vec![answer]).await;
        let http = client();
        let end = http.exchange(http.post(&wire.url)).await.err();
        assert!(
            matches!(&end, Some(Outcome::Ambiguous { code, .. }) if code == expected),
            "{expected}: {end:?}"
        );
        assert_eq!(1, wire.heard().len());
    }
}

#[tokio::test]
async fn where_nobody_listens_nothing_was_sent() {
    let unused = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}", unused.local_addr().expect("an address"));
    drop(unused);
    let http = client();
    let end = http.exchange(http.post(&url)).await.err();
    assert!(matches!(&end, Some(Outcome::Transient { code, .. }) if code == "unreachable"), "{end:?}");
}

#[tokio::test]
async fn an_address_that_is_none_stops_the_sender() {
    let http = client();
    let end = http.exchange(http.post("127.0.0.1:13013/cgi-bin")).await.err();
    assert!(matches!(&end, Some(Outcome::RefusedUs { stops_sender: true, .. })), "{end:?}");
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let elsewhere = Wire::answering(vec![says("200 OK", "", "")]).await;
    let location = format!("Location: {}\r\n", elsewhere.url);
    let wire = Wire::answering(vec![says("307 Temporary Redirect", &location, "")]).await;
    let http = client();
    let reply = http.exchange(http.post(&wire.url)).await.expect("a reply");
    assert_eq!(307, reply.status.as_u16());
    assert!(elsewhere.heard().is_empty());
}

#[tokio::test]
async fn half_a_body_is_none() {
    let whole = "HTTP/1.1 202 Accepted\r\nContent-Length: 25\r\n\r\n0: Accep";
    let wire = Wire::answering(vec![Answer::Says(whole.to_owned())]).await;
    let http = client();
    let reply = http.exchange(http.get(&wire.url)).await.expect("a reply");
    assert_eq!((202, 0), (reply.status.as_u16(), reply.body.len()));
}

#[tokio::test]
async fn retry_after_is_seconds_or_a_date_by_the_gateways_own_clock() {
    let date = "Date: Sat, 21 Nov 2026 20:00:00 GMT\r\n";
    for (headers, expected) in [
        (String::new(), None),
        ("Retry-After: 30\r\n".to_owned(), Some(30)),
        (format!("{date}Retry-After: Sat, 21 Nov 2026 20:01:30 GMT\r\n"), Some(90)),
        (format!("{date}Retry-After: Sat, 21 Nov 2026 19:59:59 GMT\r\n"), None),
        ("Retry-After: Sat, 21 Nov 2026 20:01:30 GMT\r\n".to_owned(), None),
        ("Retry-After: 18446744073709551615\r\n".to_owned(), Some(86_400)),
        ("Retry-After: -5\r\n".to_owned(), None),
        ("Retry-After: soon\r\n".to_owned(), None),
    ] {
        let wire = Wire::answering(vec![says("429 Too Many Requests", &headers, "")]).await;
        let http: Http = client();
        let reply = http.exchange(http.post(&wire.url)).await.expect("a reply");
        assert_eq!(expected.map(Duration::from_secs), reply.retry_after(), "{headers}");
    }
}
