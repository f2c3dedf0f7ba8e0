//! Telnyx: what goes out, and what its replies end in.

use std::time::{Duration, Instant};

use motherline::gateway::telnyx::{PublicKey, Settings};
use motherline::gateway::{Outcome, Parcel, Secret, Telnyx};

use crate::telnyx_signature::key_pair;
use crate::wire::{Answer, Wire, says};
use crate::{RUSSIAN, client, end, her_number, impatient, parcel};

pub const ID: &str = "40385f64-5717-4562-b3fc-2c963f66afa6";
pub const CALLBACKS: &str = "https://sms.example.org/webhooks/telnyx";

pub fn telnyx(base_url: &str) -> Telnyx {
    Telnyx::new(settings(base_url))
}

pub fn settings(base_url: &str) -> Settings {
    let (_, public_key) = key_pair();
    Settings {
        api_key: Secret::new("KEY017F"),
        public_key: PublicKey::parse(&public_key).expect("a key"),
        messaging_profile_id: None,
        base_url: base_url.to_owned(),
        callback_url: CALLBACKS.to_owned(),
    }
}

fn taken() -> String {
    format!(
        r#"{{"data":{{"record_type":"message","direction":"outbound","id":"{ID}","type":"SMS","from":{{}},
            "to":[{{"phone_number":"+79161234567","status":"queued"}}],"parts":1,"errors":[]}}}}"#
    )
}

// What goes out

#[tokio::test]
async fn a_russian_text_goes_out_byte_for_byte() {
    let wire = Wire::answering(vec![says("200 OK", "", "{}")]).await;
    telnyx(&wire.url).send(&client(), &parcel(&her_number(), RUSSIAN)).await;

    let heard = wire.heard().remove(0);
    let (head, body) = heard.split_once("\r\n\r\n").expect("a body");
    assert!(head.starts_with("POST /v2/messages HTTP/1.1\r\n"), "{head}");
    assert!(head.contains("content-type: application/json\r\n"), "{head}");
    assert!(head.contains("authorization: Bearer KEY017F\r\n"), "{head}");
    assert!(head.contains("idempotency-key: 019a9d3c-4b5e-7c11-8f00-0123456789ab"), "{head}");
    assert_eq!(
        r#"{"from":"+15005550006","to":"+79161234567","text":"Мама, 12-я неделя 👶","type":"SMS","#
            .to_owned()
            + r#""webhook_url":"https://sms.example.org/webhooks/telnyx/report"#
            + r#"?m=019a9d3c-4b5e-7c11-8f00-0123456789ab","use_profile_webhooks":false}"#,
        body
    );
}

/// Another body under a known key would be refused: nothing in it may depend on when it goes.
#[tokio::test]
async fn the_same_try_is_the_same_byte_for_byte() {
    let wire = Wire::answering(vec![Answer::HangsUp, says("200 OK", "", &taken())]).await;
    let (gateway, to) = (telnyx(&wire.url), her_number());
    assert_eq!("doubt no-reply", end(&gateway.send(&client(), &parcel(&to, RUSSIAN)).await));
    let later = Parcel {
        valid_for: Duration::from_secs(1),
        leaves_by: Instant::now() + Duration::from_secs(1),
        ..parcel(&to, RUSSIAN)
    };
    assert_eq!(format!("accepted Some({ID:?})"), end(&gateway.send(&client(), &later).await));
    let heard = wire.heard();
    assert_eq!((2, &heard[0]), (heard.len(), &heard[1]));
}

#[tokio::test]
async fn a_number_pool_takes_the_place_of_our_number() {
    let wire = Wire::answering(vec![says("200 OK", "", "{}")]).await;
    let profile = Some("4000eba1-a0c0-4563-9925-b25e842a7cb6".to_owned());
    let gateway = Telnyx::new(Settings { messaging_profile_id: profile, ..settings(&wire.url) });
    gateway.send(&client(), &parcel(&her_number(), "hello")).await;
    let heard = wire.heard().remove(0);
    let pool = r#"{"messaging_profile_id":"4000eba1-a0c0-4563-9925-b25e842a7cb6","to":"+79161234567","#;
    assert!(heard.contains(pool) && !heard.contains("from"), "{heard}");
}

#[tokio::test]
async fn a_base_url_that_is_none_is_told() {
    let outcome = telnyx("nowhere").send(&client(), &parcel(&her_number(), "hello")).await;
    assert_eq!("us bad-address stops", end(&outcome));
}

// What comes back

async fn end_of(status: &str, headers: &str, body: &str) -> String {
    let wire = Wire::answering(vec![says(status, headers, body)]).await;
    let outcome = telnyx(&wire.url).send(&client(), &parcel(&her_number(), RUSSIAN)).await;
    let told = format!("{outcome:?}");
    assert!(!told.contains("7916"), "{told}");
    end(&outcome)
}

fn refused(code: &str, title: &str) -> String {
    format!(
        r#"{{"errors":[{{"code":"{code}","title":"{title}","detail":"… from '+15005550006' to '+79161234567' …",
            "source":{{"pointer":"/to"}},"meta":{{"url":"…"}}}}]}}"#
    )
}

#[tokio::test]
async fn replies_end_as_the_table_says() {
    let accepted = format!("accepted Some({ID:?})");
    for (status, body, expected) in [
        ("200 OK", taken().as_str(), accepted.as_str()),
        ("201 Created", &taken(), &accepted),
        ("200 OK", r#"{"data":{"id":"1"}}"#, "doubt 200"),
        ("200 OK", r#"{"data":{}}"#, "doubt 200"),
        ("200 OK", &taken()[..80], "doubt 200"),
        ("200 OK", "", "doubt 200"),
        ("200 OK", "<html>Welcome to the hotel's Wi-Fi</html>", "doubt 200"),
        ("500 Internal Server Error", &refused("10007", ""), "doubt 500"),
        ("503 Service Unavailable", "", "doubt 503"),
        ("504 Gateway Timeout", "<html>", "doubt 504"),
        ("307 Temporary Redirect", "", "us 307 stops"),
        ("404 Not Found", "<html>nginx</html>", "us 404 stops"),
        ("401 Unauthorized", "", "us 401 stops"),
        ("413 Content Too Large", "<html>nginx</html>", "us 413"),
        ("429 Too Many Requests", "", "later 429 None"),
        ("400 Bad Request", r#"{"errors":[]}"#, "us 400"),
        // Of the key, perhaps: then nothing is said of the text.
        ("409 Conflict", "", "doubt 409"),
        ("422 Unprocessable Entity", "", "doubt 422"),
        ("422 Unprocessable Entity", &refused("10099", "Idempotency key reused"), "doubt 422"),
    ] {
        assert_eq!(expected, end_of(status, "", body).await, "{status} {body}");
    }
    let asked = end_of("429 Too Many Requests", "Retry-After: 7\r\n", &refused("10011", "")).await;
    assert_eq!("later 10011 Some(7s)", asked);
}

#[tokio::test]
async fn refusals_end_as_the_error_codes_say() {
    for (status, code, expected) in [
        ("400 Bad Request", "40001", "recipient 40001"),
        ("400 Bad Request", "40310", "recipient 40310"),
        ("422 Unprocessable Entity", "40310", "recipient 40310"),
        ("400 Bad Request", "40012", "recipient 40012"),
        ("401 Unauthorized", "10009", "us 10009 stops"),
        ("403 Forbidden", "10010", "us 10010 stops"),
        ("403 Forbidden", "20100", "us 20100 stops"),
        ("400 Bad Request", "40305", "us 40305 stops"),
        ("400 Bad Request", "40312", "us 40312 stops"),
        ("400 Bad Request", "40010", "us 40010 stops"),
        // One foreign number, or one text's words, must not stop everyone's texts.
        ("400 Bad Request", "40309", "us 40309"),
        ("400 Bad Request", "40322", "us 40322"),
        ("400 Bad Request", "40302", "us 40302"),
        ("403 Forbidden", "40314", "us 40314 stops"),
        ("429 Too Many Requests", "10011", "later 10011 None"),
        ("400 Bad Request", "40318", "later 40318 None"),
        ("408 Request Timeout", "10008", "doubt 10008"),
        ("400 Bad Request", "10007", "doubt 10007"),
        // Codes Telnyx may add tomorrow.
        ("400 Bad Request", "40999", "us 40999"),
        ("401 Unauthorized", "20999", "us 20999 stops"),
        ("429 Too Many Requests", "40998", "later 40998 None"),
        ("400 Bad Request", "to +79161234567", "us unknown"),
    ] {
        assert_eq!(expected, end_of(status, "", &refused(code, "…")).await, "{status} {code}");
    }
}

/// Telnyx gives the same code to other blocks as well; only her STOP is one.
#[tokio::test]
async fn her_stop_is_told_by_its_title() {
    for (title, expected) in [
        ("Blocked due to STOP message", "recipient 40300 opted out"),
        ("Destination number unreachable", "recipient 40300"),
        ("", "recipient 40300"),
    ] {
        assert_eq!(expected, end_of("403 Forbidden", "", &refused("40300", title)).await, "{title}");
    }
}

#[tokio::test]
async fn what_was_heard_and_not_answered_is_in_doubt() {
    for (answer, expected) in [(Answer::HangsUp, "doubt no-reply"), (Answer::KeepsSilent, "doubt timeout")] {
        let wire = Wire::answering(vec![answer]).await;
        let outcome = telnyx(&wire.url).send(&impatient(), &parcel(&her_number(), RUSSIAN)).await;
        assert_eq!(expected, end(&outcome));
        assert_eq!((1, 1), (wire.calls(), wire.heard().len()));
    }
}

#[tokio::test]
async fn what_telnyx_quotes_goes_no_further() {
    let body = refused("40999", "+79161234567 cannot get Мама");
    let wire = Wire::answering(vec![says("400 Bad Request", "", &body)]).await;
    let outcome = telnyx(&wire.url).send(&client(), &parcel(&her_number(), RUSSIAN)).await;
    assert_eq!(
        Outcome::RefusedUs {
            code: "40999".to_owned(),
            sentence: "Telnyx's error 40999 is new to us: see \
                       https://developers.telnyx.com/docs/messaging/messages/error-codes"
                .to_owned(),
            stops_sender: false,
        },
        outcome
    );
}
