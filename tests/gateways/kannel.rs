//! Kannel: what goes out, and what its replies end in. All replies were recorded from Debian's 1.4.5.

use std::time::Duration;

use motherline::domain::segment::Encoding;
use motherline::gateway::kannel::Settings;
use motherline::gateway::{Kannel, Outcome, Secret};

use crate::wire::{Wire, says};
use crate::{RUSSIAN, client, her_number, parcel};

pub const CALLBACKS: &str = "http://127.0.0.1:8080/webhooks/kannel";

pub fn kannel(url: &str) -> Kannel {
    Kannel::new(settings(url))
}

pub fn settings(url: &str) -> Settings {
    Settings {
        sendsms_url: format!("{url}/cgi-bin/sendsms"),
        username: "motherline".to_owned(),
        password: Secret::new("p&ss"),
        callback_secret: Secret::new("s cret+%ö"),
        peers: vec!["127.0.0.1".parse().expect("an address")],
        smsc: None,
        callback_url: CALLBACKS.to_owned(),
    }
}

// What goes out

#[tokio::test]
async fn a_russian_text_goes_out_byte_for_byte() {
    let wire = Wire::answering(vec![says("202 Accepted", "", "")]).await;
    let to = her_number();
    kannel(&wire.url).send(&client(), &parcel(&to, RUSSIAN)).await;
    assert_eq!(
        Some(
            "GET /cgi-bin/sendsms?username=motherline&password=p%26ss&from=%2B15005550006\
             &to=%2B79161234567\
             &text=%D0%9C%D0%B0%D0%BC%D0%B0%2C+12-%D1%8F+%D0%BD%D0%B5%D0%B4%D0%B5%D0%BB%D1%8F+%F0%9F%91%B6\
             &charset=UTF-8&coding=2&validity=120&dlr-mask=31\
             &dlr-url=http%3A%2F%2F127.0.0.1%3A8080%2Fwebhooks%2Fkannel%2Freport\
             %3Fsecret%3Ds%2Bcret%25%252B%25%2525%25%25C3%25%25B6\
             %26m%3D019a9d3c-4b5e-7c11-8f00-0123456789ab\
             %26type%3D%25d%26id%3D%25F%26answer%3D%25A HTTP/1.1"
        ),
        wire.heard()[0].lines().next()
    );
}

#[tokio::test]
async fn coding_validity_and_smsc_follow_the_text() {
    for (encoding, seconds, smsc, expected) in [
        (Encoding::Gsm7, 20, None, vec!["&coding=0&", "&validity=1&"]),
        (Encoding::Ucs2, 119, None, vec!["&coding=2&", "&validity=1&"]),
        (Encoding::Gsm7, 86_400, Some("mts"), vec!["&validity=1440&", "&smsc=mts "]),
        (Encoding::Gsm7, 9_000_000, None, vec!["&validity=10080&"]),
    ] {
        let wire = Wire::answering(vec![says("202 Accepted", "", "")]).await;
        let gateway = Kannel::new(Settings { smsc: smsc.map(str::to_owned), ..settings(&wire.url) });
        let to = her_number();
        let mut parcel = parcel(&to, "hello");
        (parcel.encoding, parcel.valid_for) = (encoding, Duration::from_secs(seconds));
        gateway.send(&client(), &parcel).await;
        let heard = wire.heard().remove(0);
        for piece in expected {
            assert!(heard.contains(piece), "{piece}: {heard}");
        }
    }
}

#[tokio::test]
async fn an_address_may_have_a_query_and_a_password_of_its_own() {
    let wire = Wire::answering(vec![says("202 Accepted", "", "")]).await;
    let host = wire.url.trim_start_matches("http://");
    let sendsms_url = format!("http://door:p%40ss@{host}/sms?box=1");
    let gateway = Kannel::new(Settings { sendsms_url, ..settings("") });
    gateway.send(&client(), &parcel(&her_number(), "hello")).await;
    let heard = wire.heard().remove(0);
    assert!(heard.starts_with("GET /sms?box=1&username=motherline&password=p%26ss&from="), "{heard}");
    assert!(heard.contains("authorization: Basic ZG9vcjpwQHNz\r\n"), "{heard}");
}

// What comes back

#[tokio::test]
async fn replies_end_as_the_table_says() {
    let denied = "Number(s) has/have been denied by white- and/or black-lists.";
    for (status, body, expected) in [
        ("202 Accepted", "0: Accepted for delivery", "accepted"),
        ("202 Accepted", "3: Queued for later delivery", "accepted"),
        ("403 Forbidden", "Not routable. Do not try again.", "recipient"),
        ("400 Bad Request", denied, "recipient"),
        ("403 Forbidden", "Authorization failed for sendsms", "us, stops"),
        ("404 Not Found", "Unknown request.", "us, stops"),
        ("400 Bad Request", "Sender missing and no global set, rejected", "us, stops"),
        ("400 Bad Request", "DLR-URL field misformed, rejected", "us, stops"),
        ("400 Bad Request", "Missing receiver number, rejected", "us"),
        ("400 Bad Request", "Coding field misformed, rejected", "us"),
        ("400 Bad Request", "Charset or body misformed, rejected", "us"),
        ("400 Bad Request", "Something new, rejected", "us"),
        ("301 Moved Permanently", "", "us, stops"),
        ("401 Unauthorized", "<html>a proxy</html>", "us, stops"),
        ("403 Forbidden", "<html>a proxy</html>", "us, stops"),
        ("404 Not Found", "<html>another server</html>", "us, stops"),
        ("407 Proxy Authentication Required", "", "us, stops"),
        ("408 Request Timeout", "", "later"),
        ("429 Too Many Requests", "<html>a balancer</html>", "later"),
        ("503 Service Unavailable", "Temporal failure, try again later.", "later"),
        ("503 Service Unavailable", "<html>nginx</html>", "doubt"),
        ("502 Bad Gateway", "", "doubt"),
        ("202 Accepted", "", "doubt"),
        ("202 Accepted", "0: Accep", "doubt"),
        ("200 OK", "0: Accepted for delivery", "doubt"),
        ("200 OK", "<html>It works!</html>", "doubt"),
    ] {
        let wire = Wire::answering(vec![says(status, "", body)]).await;
        let gateway = kannel(&wire.url);
        let outcome = gateway.send(&client(), &parcel(&her_number(), RUSSIAN)).await;
        let (end, code) = match outcome {
            Outcome::Accepted { provider_id: None } => ("accepted", "202".to_owned()),
            Outcome::Accepted { .. } => unreachable!("Kannel names no message"),
            Outcome::RefusedRecipient { code, opted_out: false, .. } => ("recipient", code),
            Outcome::RefusedRecipient { .. } => unreachable!("Kannel knows of no opting out"),
            Outcome::RefusedUs { code, stops_sender: true, .. } => ("us, stops", code),
            Outcome::RefusedUs { code, .. } => ("us", code),
            Outcome::Transient { code, .. } => ("later", code),
            Outcome::Ambiguous { code, .. } => ("doubt", code),
        };
        assert_eq!((expected, &status[..3]), (end, code.as_str()), "{body}");
    }
}
