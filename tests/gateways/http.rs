//! What the one client makes of replies, whichever gateway they are from.

use std::time::Duration;

use motherline::gateway::http::{Address, Reply};
use motherline::gateway::{Http, Kannel, Outcome, Secret, kannel};

use crate::twilio::twilio;
use crate::wire::{Answer, Wire, says};
use crate::{client, end, her_number, parcel};

async fn posted(http: &Http, url: &str) -> Result<Reply, Outcome> {
    http.exchange(Address::parse(url).expect("an address").post("")).await
}

#[tokio::test]
async fn an_address_that_is_none_stops_the_sender() {
    let (http, her) = (client(), her_number());
    for address in ["127.0.0.1:13013/cgi-bin", "ftp://gateway.invalid", "gateway"] {
        let outcome = twilio(address).send(&http, &parcel(&her, "hello")).await;
        assert_eq!("us bad-address stops", end(&outcome), "{address}");
        let kannel = Kannel::new(kannel::Settings {
            sendsms_url: address.to_owned(),
            username: String::new(),
            password: Secret::new(""),
            callback_secret: Secret::new(""),
            peers: Vec::new(),
            smsc: None,
            callback_url: String::new(),
        });
        let outcome = kannel.send(&http, &parcel(&her, "hello")).await;
        assert_eq!("us bad-address stops", end(&outcome), "{address}");
    }
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let elsewhere = Wire::answering(vec![says("200 OK", "", "")]).await;
    let location = format!("Location: {}\r\n", elsewhere.url);
    let wire = Wire::answering(vec![says("307 Temporary Redirect", &location, "")]).await;
    let http = client();
    let reply = posted(&http, &wire.url).await.expect("a reply");
    assert_eq!(307, reply.status.as_u16());
    assert!(elsewhere.heard().is_empty());
}

#[tokio::test]
async fn a_body_is_whole_or_none() {
    let http = client();
    let long = "x".repeat(4 * 1024 * 1024);
    let chunked = "HTTP/1.1 202 Accepted\r\nTransfer-Encoding: chunked\r\n\r\n";
    for (name, reply, expected) in [
        ("whole", "HTTP/1.1 202 Accepted\r\nContent-Length: 3\r\n\r\nyes".to_owned(), 3),
        ("none", "HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n".to_owned(), 0),
        ("half", "HTTP/1.1 202 Accepted\r\nContent-Length: 25\r\n\r\n0: Accep".to_owned(), 0),
        ("in pieces", format!("{chunked}2\r\nye\r\n1\r\ns\r\n0\r\n\r\n"), 3),
        ("half its pieces", format!("{chunked}2\r\nye\r\n"), 0),
        ("until the end", "HTTP/1.1 202 Accepted\r\n\r\nyes".to_owned(), 3),
        ("as long as any", format!("HTTP/1.1 202 Accepted\r\n\r\n{long}"), long.len()),
        ("without end", format!("HTTP/1.1 202 Accepted\r\n\r\n{long}x"), 0),
    ] {
        let wire = Wire::answering(vec![Answer::Says(reply)]).await;
        let reply = posted(&http, &wire.url).await.expect("a reply");
        assert_eq!((202, expected), (reply.status.as_u16(), reply.body.len()), "{name}");
    }
}

#[tokio::test]
async fn retry_after_is_seconds_or_a_date_by_the_gateways_own_clock() {
    let http = client();
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
        let reply = posted(&http, &wire.url).await.expect("a reply");
        assert_eq!(expected.map(Duration::from_secs), reply.retry_after(), "{headers}");
    }
}
