//! Infobip: what goes out, and what its replies end in.

use std::time::Duration;

use motherline::gateway::infobip::Settings;
use motherline::gateway::{Infobip, Secret};

use crate::wire::{Answer, Wire, says};
use crate::{REFERENCE, RUSSIAN, client, end, her_number, impatient, parcel};

pub const CALLBACKS: &str = "https://sms.example.org/webhooks/infobip";

pub fn infobip(base_url: &str) -> Infobip {
    Infobip::new(settings(base_url))
}

pub fn settings(base_url: &str) -> Settings {
    Settings {
        base_url: base_url.to_owned(),
        api_key: Secret::new("a-key"),
        callback_user: "infobip".to_owned(),
        callback_secret: Secret::new("s cret+%ö"),
        callback_url: CALLBACKS.to_owned(),
    }
}

/// What Infobip answers to one text.
fn answered(name: &str, group: i64, id: i64) -> String {
    format!(
        r#"{{"bulkId":"2034072219640523073","messages":[{{"messageId":"{name}","status":{{"groupId":{group},
            "groupName":"…","id":{id},"name":"…","description":"… +79161234567"}},
            "destination":"79161234567","details":{{"messageCount":1}}}}]}}"#
    )
}

// What goes out

#[tokio::test]
async fn a_russian_text_goes_out_byte_for_byte() {
    let wire = Wire::answering(vec![says("200 OK", "", "{}")]).await;
    infobip(&wire.url).send(&client(), &parcel(&her_number(), RUSSIAN)).await;

    let heard = wire.heard().remove(0);
    let (head, body) = heard.split_once("\r\n\r\n").expect("a body");
    assert!(head.starts_with("POST /sms/3/messages HTTP/1.1\r\n"), "{head}");
    assert!(head.contains("content-type: application/json\r\n"), "{head}");
    assert!(head.contains("authorization: App a-key\r\n"), "{head}");
    assert_eq!(
        r#"{"messages":[{"sender":"15005550006","destinations":[{"to":"79161234567","#.to_owned()
            + r#""messageId":"019a9d3c-4b5e-7c11-8f00-0123456789ab"}],"#
            + r#""content":{"text":"Мама, 12-я неделя 👶"},"#
            + r#""options":{"validityPeriod":{"amount":120,"timeUnit":"MINUTES"}},"#
            + r#""webhooks":{"delivery":{"url":"https://sms.example.org/webhooks/infobip/report"#
            + r#"?secret=s+cret%2B%25%C3%B6"},"contentType":"application/json"}}]}"#,
        body
    );
}

#[tokio::test]
async fn words_that_json_must_escape_arrive_whole() {
    let wire = Wire::answering(vec![says("200 OK", "", "{}")]).await;
    let words = "\"a\" \\ b\n\u{0}c";
    infobip(&wire.url).send(&client(), &parcel(&her_number(), words)).await;
    let heard = wire.heard().remove(0);
    let (_, body) = heard.split_once("\r\n\r\n").expect("a body");
    let order: serde_json::Value = serde_json::from_str(body).expect("JSON");
    assert_eq!(words, order["messages"][0]["content"]["text"]);
}

#[tokio::test]
async fn validity_is_what_infobip_takes() {
    for (seconds, minutes) in [(1, 1), (90, 1), (3600, 60), (7 * 24 * 3600, 2880)] {
        let wire = Wire::answering(vec![says("200 OK", "", "{}")]).await;
        let to = her_number();
        let mut parcel = parcel(&to, "hello");
        parcel.valid_for = Duration::from_secs(seconds);
        infobip(&wire.url).send(&client(), &parcel).await;
        let heard = wire.heard().remove(0);
        assert!(heard.contains(&format!(r#""amount":{minutes},"timeUnit":"MINUTES""#)), "{heard}");
    }
}

#[tokio::test]
async fn a_base_url_that_is_none_is_told() {
    let outcome = infobip("nowhere").send(&client(), &parcel(&her_number(), "hello")).await;
    assert_eq!("us bad-address stops", end(&outcome));
}

// What comes back

async fn end_of(status: &str, headers: &str, body: &str) -> String {
    let wire = Wire::answering(vec![says(status, headers, body)]).await;
    let outcome = infobip(&wire.url).send(&client(), &parcel(&her_number(), RUSSIAN)).await;
    let told = format!("{outcome:?}");
    assert!(!told.contains("7916"), "{told}");
    end(&outcome)
}

#[tokio::test]
async fn a_text_ends_as_its_status_says() {
    for (group, id, expected) in [
        (1, 26, "accepted None"),
        (1, 7, "accepted None"),
        (1, 3, "accepted None"),
        (3, 2, "accepted None"),
        // What was handed over before, and taken, is refused under the same name: so it was taken.
        (5, 23, "accepted None"),
        (5, 8, "recipient 8"),
        (5, 10, "recipient 10"),
        (5, 14, "recipient 14"),
        (5, 52, "recipient 52"),
        (5, 11, "us 11 stops"),
        (5, 12, "us 12 stops"),
        (5, 13, "us 13 stops"),
        (5, 17, "us 17 stops"),
        // One network or number must not stop everyone's texts.
        (5, 6, "us 6"),
        (5, 18, "us 18"),
        (5, 19, "us 19"),
        (5, 25, "us 25"),
        (5, 20, "later 20 None"),
        (5, 21, "later 21 None"),
        (2, 9, "recipient 9"),
        (4, 15, "us 15"),
        // Ids Infobip may add tomorrow: their group tells whether it has the text, and a refusal is final.
        (1, 777, "accepted None"),
        (5, 777, "us 777"),
        (2, 777, "us 777"),
        (9, 777, "doubt 777"),
    ] {
        let body = answered(&REFERENCE.to_string(), group, id);
        assert_eq!(expected, end_of("200 OK", "", &body).await, "{group} {id}");
    }
}

#[tokio::test]
async fn replies_end_as_the_table_says() {
    let of_another = answered("2250be2d4219-3af1-78856-aabe-1362af1edfd2", 1, 26);
    let upper_case = answered(&REFERENCE.to_string().to_uppercase(), 1, 26);
    let both = of_another
        .replace("]}", &format!(",{}", &upper_case[upper_case.find("{\"messageId").unwrap_or(0)..]));
    let unauthorized = r#"{"requestError":{"serviceException":{"messageId":"UNAUTHORIZED",
                           "text":"Invalid login details"}}}"#;
    for (status, body, expected) in [
        ("200 OK", upper_case.as_str(), "accepted None"),
        ("200 OK", &both, "accepted None"),
        ("200 OK", &of_another, "doubt 200"),
        ("200 OK", r#"{"messages":[]}"#, "doubt 200"),
        ("200 OK", r#"{"messages":[{"messageId":"1"}]}"#, "doubt 200"),
        ("200 OK", "{}", "doubt 200"),
        ("200 OK", "", "doubt 200"),
        ("200 OK", &upper_case[..60], "doubt 200"),
        ("200 OK", "<html>Welcome to the hotel's Wi-Fi</html>", "doubt 200"),
        ("400 Bad Request", r#"{"errorCode":"E400","description":"…"}"#, "us 400"),
        ("401 Unauthorized", unauthorized, "us 401 stops"),
        ("403 Forbidden", "", "us 403 stops"),
        ("404 Not Found", "<html>nginx</html>", "us 404 stops"),
        ("307 Temporary Redirect", "", "us 307 stops"),
        ("429 Too Many Requests", r#"{"errorCode":"E429"}"#, "later 429 None"),
        ("500 Internal Server Error", "", "doubt 500"),
        ("502 Bad Gateway", "<html>", "doubt 502"),
        ("503 Service Unavailable", "", "doubt 503"),
    ] {
        assert_eq!(expected, end_of(status, "", body).await, "{status} {body}");
    }
    assert_eq!("later 429 Some(7s)", end_of("429 Too Many Requests", "Retry-After: 7\r\n", "").await);
}

#[tokio::test]
async fn what_was_heard_and_not_answered_is_in_doubt() {
    for (answer, expected) in [(Answer::HangsUp, "doubt no-reply"), (Answer::KeepsSilent, "doubt timeout")] {
        let wire = Wire::answering(vec![answer]).await;
        let outcome = infobip(&wire.url).send(&impatient(), &parcel(&her_number(), RUSSIAN)).await;
        assert_eq!(expected, end(&outcome));
        assert_eq!((1, 1), (wire.calls(), wire.heard().len()));
    }
}
