//! Twilio: what goes out, and what its replies end in.

use std::time::Duration;

use motherline::gateway::twilio::{Auth, Settings};
use motherline::gateway::{Outcome, Secret, Twilio};

use crate::wire::{Wire, says};
use crate::{RUSSIAN, client, end, her_number, parcel};

pub const SID: &str = "SM0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a";
pub const CALLBACKS: &str = "https://sms.example.org/webhooks/twilio";

pub fn twilio(base_url: &str) -> Twilio {
    Twilio::new(settings(base_url))
}

pub fn settings(base_url: &str) -> Settings {
    Settings {
        account_sid: "AC00000000000000000000000000000000".to_owned(),
        auth: Auth::AuthToken,
        auth_token: Secret::new("12345"),
        shared_key: None,
        messaging_service_sid: None,
        base_url: base_url.to_owned(),
        callback_url: CALLBACKS.to_owned(),
    }
}

// What goes out

#[tokio::test]
async fn a_russian_text_goes_out_byte_for_byte() {
    let wire = Wire::answering(vec![says("201 Created", "", "{}")]).await;
    let to = her_number();
    twilio(&wire.url).send(&client(), &parcel(&to, RUSSIAN)).await;

    let heard = wire.heard().remove(0);
    let (head, form) = heard.split_once("\r\n\r\n").expect("a form");
    assert!(head.starts_with(
        "POST /2010-04-01/Accounts/AC00000000000000000000000000000000/Messages.json HTTP/1.1\r\n"
    ));
    assert!(head.contains("content-type: application/x-www-form-urlencoded\r\n"));
    assert!(
        head.contains("authorization: Basic QUMwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDoxMjM0NQ==\r\n")
    );
    assert_eq!(
        "To=%2B79161234567&From=%2B15005550006\
         &Body=%D0%9C%D0%B0%D0%BC%D0%B0%2C+12-%D1%8F+%D0%BD%D0%B5%D0%B4%D0%B5%D0%BB%D1%8F+%F0%9F%91%B6\
         &StatusCallback=https%3A%2F%2Fsms.example.org%2Fwebhooks%2Ftwilio%2Freport\
         %3Fm%3D019a9d3c-4b5e-7c11-8f00-0123456789ab&ValidityPeriod=7200",
        form
    );
}

#[tokio::test]
async fn an_api_key_and_a_messaging_service_take_their_places() {
    let wire = Wire::answering(vec![says("201 Created", "", "{}")]).await;
    let gateway = Twilio::new(Settings {
        auth: Auth::ApiKey { sid: "SK1".to_owned(), secret: Secret::new("hush") },
        messaging_service_sid: Some("MG1".to_owned()),
        ..settings(&wire.url)
    });
    gateway.send(&client(), &parcel(&her_number(), "hello")).await;

    let heard = wire.heard().remove(0);
    assert!(heard.contains("authorization: Basic U0sxOmh1c2g=\r\n"), "{heard}");
    assert!(heard.contains("&MessagingServiceSid=MG1&"), "{heard}");
    assert!(!heard.contains("From="), "{heard}");
}

#[tokio::test]
async fn a_base_url_may_have_a_path() {
    let wire = Wire::answering(vec![says("201 Created", "", "{}")]).await;
    let host = wire.url.trim_start_matches("http://").to_owned();
    let base = format!("http://{host}/twilio");
    twilio(&base).send(&client(), &parcel(&her_number(), "hello")).await;
    let heard = wire.heard().remove(0);
    assert!(heard.starts_with("POST /twilio/2010-04-01/Accounts/"), "{heard}");
    assert!(heard.contains(&format!("host: {host}\r\n")), "{heard}");
}

#[tokio::test]
async fn validity_is_what_twilio_takes() {
    for (valid_for, expected) in [
        (Duration::from_millis(200), "1"),
        (Duration::from_secs(36_000), "36000"),
        (Duration::from_secs(36_001), "36000"),
    ] {
        let wire = Wire::answering(vec![says("201 Created", "", "{}")]).await;
        let to = her_number();
        let mut parcel = parcel(&to, "hello");
        parcel.valid_for = valid_for;
        twilio(&wire.url).send(&client(), &parcel).await;
        let heard = wire.heard().remove(0);
        assert!(heard.ends_with(&format!("&ValidityPeriod={expected}")), "{heard}");
    }
}

// What comes back

async fn end_of(status: &str, headers: &str, body: &str) -> String {
    let wire = Wire::answering(vec![says(status, headers, body)]).await;
    let to = her_number();
    end(&twilio(&wire.url).send(&client(), &parcel(&to, RUSSIAN)).await)
}

#[tokio::test]
async fn replies_end_as_the_table_says() {
    for (status, body, expected) in [
        (
            "201 Created",
            r#"{"sid":"SM0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a","status":"queued","error_code":null}"#,
            r#"accepted Some("SM0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a")"#,
        ),
        (
            "201 Created",
            r#"{"sid":"MM0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a","status":"accepted"}"#,
            r#"accepted Some("MM0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a")"#,
        ),
        ("201 Created", r#"{"status":"queued"}"#, "doubt 201"),
        ("201 Created", r#"{"sid":"SM12"}"#, "doubt 201"),
        ("201 Created", r#"{"sid":"SM<script>alert('hello world')</sc"}"#, "doubt 201"),
        ("201 Created", r#"{"sid":"SM0a0a0a0a0a0a0a0a0a"#, "doubt 201"),
        ("200 OK", "<html>Welcome to the hotel's Wi-Fi</html>", "doubt 200"),
        ("500 Internal Server Error", r#"{"code":20500,"status":500}"#, "doubt 500"),
        ("503 Service Unavailable", r#"{"code":20503,"status":503}"#, "doubt 503"),
        ("504 Gateway Timeout", "", "doubt 504"),
        ("307 Temporary Redirect", "", "us 307 stops"),
        ("404 Not Found", "<html>nginx</html>", "us 404 stops"),
        ("413 Content Too Large", "<html>nginx</html>", "us 413"),
    ] {
        assert_eq!(expected, end_of(status, "", body).await, "{status} {body}");
    }
}

#[tokio::test]
async fn refusals_end_as_the_error_dictionary_says() {
    for (status, code, expected) in [
        ("400 Bad Request", 21211, "recipient 21211"),
        ("400 Bad Request", 21610, "recipient 21610 opted out"),
        ("400 Bad Request", 21612, "recipient 21612"),
        ("400 Bad Request", 21614, "recipient 21614"),
        ("400 Bad Request", 21635, "recipient 21635"),
        ("401 Unauthorized", 20003, "us 20003 stops"),
        ("403 Forbidden", 30002, "us 30002 stops"),
        ("400 Bad Request", 21606, "us 21606 stops"),
        ("400 Bad Request", 21660, "us 21660 stops"),
        // One foreign or unverified number must not stop everyone's texts.
        ("403 Forbidden", 21408, "us 21408"),
        ("400 Bad Request", 21608, "us 21608"),
        ("400 Bad Request", 21617, "us 21617"),
        ("400 Bad Request", 21611, "later 21611 None"),
        ("429 Too Many Requests", 20429, "later 20429 None"),
        ("429 Too Many Requests", 29999, "later 29999 None"),
        // Codes Twilio may add tomorrow.
        ("400 Bad Request", 21699, "us 21699"),
        ("401 Unauthorized", 20999, "us 20999 stops"),
    ] {
        let body = format!(
            r#"{{"code":{code},"message":"The 'To' number +79161234567 …","more_info":"…","status":0}}"#
        );
        assert_eq!(expected, end_of(status, "", &body).await, "{status} {code}");
    }
}

#[tokio::test]
async fn twilio_is_given_the_time_it_asks_for() {
    let waits = end_of("429 Too Many Requests", "Retry-After: 7\r\n", r#"{"code":20429}"#).await;
    assert_eq!("later 20429 Some(7s)", waits);
}

#[tokio::test]
async fn what_twilio_quotes_goes_no_further() {
    let body = r#"{"code":21999,"message":"+79161234567 cannot get Мама, 12-я неделя","status":400}"#;
    let wire = Wire::answering(vec![says("400 Bad Request", "", body)]).await;
    let gateway = twilio(&wire.url);
    let outcome = gateway.send(&client(), &parcel(&her_number(), RUSSIAN)).await;
    assert_eq!(
        Outcome::RefusedUs {
            code: "21999".to_owned(),
            sentence: "Twilio's error 21999 is new to us: see \
                       https://www.twilio.com/docs/errors/21999"
                .to_owned(),
            stops_sender: false,
        },
        outcome
    );
}
