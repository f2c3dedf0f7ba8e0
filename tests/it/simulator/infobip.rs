//! Infobip's dialect in its own words, as they go over the wire: what each fault makes of an answer, and a name that is
//! offered again.

mod ours;
mod reports;

use std::time::Duration;

use http::HeaderValue;
use http::header::{AUTHORIZATION, CONTENT_TYPE};
use motherline::gateway::http::Address;
use motherline::gateway::{Http, Outcome};
use motherline::simulator::Settings;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{HER, Trial, US, WORDS, accepted, quiet, reference};

/// What Infobip is asked for, as Infobip's own clients write it.
fn message(message_id: &str) -> Value {
    json!({"messages": [{
        "sender": US,
        "destinations": [{"to": &HER[1..], "messageId": message_id}],
        "content": {"text": WORDS},
        "options": {"validityPeriod": {"amount": 4, "timeUnit": "HOURS"}},
    }]})
}

/// The same with an address for its reports.
fn reported_to(url: &str, message_id: &str) -> Value {
    let mut asked = message(message_id);
    asked["messages"][0]["webhooks"] = json!({
        "delivery": {"url": url, "intermediateReport": true},
        "contentType": "application/json",
        "callbackData": "four\"ty-two",
    });
    asked
}

/// What it answers, in short: the status and what it says, or the doubt that is left.
async fn post(trial: &Trial, key: &'static str, asked: &str) -> String {
    let address = Address::parse(&format!("{}/sms/3/messages", trial.url)).expect("an address");
    let address = address.with(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    let address = address.with(AUTHORIZATION, HeaderValue::from_static(key));
    let answer = match trial.http.exchange(address.post(asked.to_owned())).await {
        Ok(answer) => answer,
        Err(Outcome::Ambiguous { code, .. }) => return code,
        Err(other) => panic!("{other:?}"),
    };
    let status = answer.status.as_u16();
    let Some(said) = answer.json::<Value>() else { return format!("{status}") };
    if let Some(code) = said["errorCode"].as_str() {
        assert!(said["action"].is_string() && said["resources"].is_array(), "{said}");
        let wait = answer.retry_after().map_or(String::new(), |wait| format!(" {}", wait.as_secs()));
        let property = said["violations"][0]["property"].as_str().unwrap_or_default();
        return format!("{status} {code}{wait}{property}");
    }
    let [one] = &**said["messages"].as_array().expect("messages") else { panic!("{said}") };
    assert_eq!(&HER[1..], one["destination"]);
    assert_eq!(1, one["details"]["messageCount"]);
    format!("{status} {} {}", one["status"]["groupName"].as_str().expect("a group"), one["status"]["id"])
}

async fn offer(trial: &Trial, reference: Uuid) -> String {
    post(trial, "App a key", &message(&reference.to_string()).to_string()).await
}

const TAKEN: &str = "200 PENDING 26";
const TAKEN_BEFORE: &str = "200 REJECTED 23";

#[tokio::test]
async fn each_fault_is_what_infobip_would_say() {
    for (fault, expected, taken) in [
        ("500", "500 E500", 0),
        ("500-taken", "500 E500", 1),
        ("503", "503 E503", 0),
        ("429", "429 E429 1", 0),
        ("401", "401 E401", 0),
        ("reset", "no-reply", 0),
        ("garbage", "200", 0),
        ("garbage-taken", "200", 1),
        ("drip", TAKEN, 1),
        ("21610", "200 REJECTED 14", 0),
        ("21211", "200 REJECTED 52", 0),
        ("21612", "200 REJECTED 6", 0),
        ("20003", "401 E401", 0),
        ("20429", "429 E429 1", 0),
    ] {
        let errors = format!("{fault}=1").parse().expect("a fault");
        let trial = Trial::of(Settings { errors, drip: Duration::ZERO, ..quiet() }).await;
        assert_eq!(expected, offer(&trial, reference(1, 1)).await, "{fault}");
        let account = trial.end().await;
        assert_eq!((1, taken), (account.asked, account.taken), "{fault}");
        let counted = if taken == 1 { &account.spoiled } else { &account.refused };
        assert_eq!(Some(&1), counted.get(fault), "{fault}");
    }
}

#[tokio::test]
async fn it_is_throttled_and_away_like_the_others() {
    let trial = Trial::of(Settings { segments_per_second: Some(1), ..quiet() }).await;
    assert_eq!(TAKEN, offer(&trial, reference(1, 1)).await);
    assert_eq!("429 E429 1", offer(&trial, reference(2, 1)).await);
    assert_eq!(1, trial.end().await.refused["pace"]);
    let outages = vec!["0..3600:503".parse().expect("an outage")];
    let trial = Trial::of(Settings { outages, ..quiet() }).await;
    assert_eq!("503 E503", offer(&trial, reference(1, 1)).await);
    assert_eq!(0, trial.end().await.taken);
    let errors = "late=1".parse().expect("a fault");
    let trial = Trial::of(Settings { errors, late: Duration::from_secs(60), ..quiet() }).await;
    let impatient = Trial { http: Http::new(Duration::from_millis(100)).expect("a client"), ..trial };
    assert_eq!("timeout", offer(&impatient, reference(1, 1)).await);
    assert_eq!(1, impatient.end().await.replies_lost);
}

#[tokio::test]
async fn a_name_is_taken_once() {
    let trial = Trial::of(quiet()).await;
    assert_eq!(TAKEN, offer(&trial, reference(1, 1)).await);
    for _ in 0..2 {
        assert_eq!(TAKEN_BEFORE, offer(&trial, reference(1, 1)).await);
    }
    assert_eq!(TAKEN, offer(&trial, reference(2, 1)).await);
    let account = trial.account().await;
    assert_eq!(
        (4, 2, 2),
        (account["asked"].as_u64().unwrap(), account["taken"].as_u64().unwrap(), {
            account["refused"]["duplicate"].as_u64().unwrap()
        })
    );
    let doubles = &account["doubles"];
    assert_eq!(2, doubles["references_offered_again"]);
    assert_eq!(
        (0, 0),
        (doubles["references_again"].as_u64().unwrap(), doubles["texts_again"].as_u64().unwrap())
    );
    // Another try has another name, and nobody but Infobip knows a name again.
    assert_eq!(TAKEN, offer(&trial, reference(1, 2)).await);
    assert!(accepted(&trial.text(reference(2, 1)).await));
    let printed = trial.end().await.to_string();
    let figures = |what: &str| {
        let line = printed.lines().find(|line| line.trim_start().starts_with(what)).expect("a line");
        line.split_whitespace().last().expect("a figure").to_owned()
    };
    assert_eq!("2", figures("not taken: duplicate"), "{printed}");
    assert_eq!("3", figures("the same reference asked for again"), "{printed}");
    assert_eq!("1", figures("the same reference taken again"), "{printed}");
    assert_eq!("2", figures("the same text taken again"), "{printed}");
}

#[tokio::test]
async fn whatever_became_of_the_answer_its_name_is_known() {
    for (fault, taken) in
        [("lost", 1), ("500-taken", 1), ("garbage-taken", 1), ("drip", 1), ("503", 0), ("reset", 0)]
    {
        let errors = format!("{fault}=1").parse().expect("a fault");
        let trial = Trial::of(Settings { errors, drip: Duration::ZERO, ..quiet() }).await;
        for _ in 0..5 {
            offer(&trial, reference(1, 1)).await;
        }
        let account = trial.end().await;
        assert_eq!((5, taken), (account.asked, account.taken), "{fault}");
        // The answers to a name that is known are spoiled like any others.
        let duplicates = account.refused.get("duplicate").copied().unwrap_or_default();
        assert_eq!(4 * taken, duplicates, "{fault}");
        assert_eq!(taken, account.spoiled.values().sum::<u64>(), "{fault}");
    }
    // What was not taken may be, under the same name, when luck changes.
    let errors = "503=0.4,reset=0.3,lost=0.2".parse().expect("faults");
    let trial = Trial::of(Settings { errors, ..quiet() }).await;
    let mut met = Vec::new();
    for _ in 0..60 {
        met.push(offer(&trial, reference(1, 1)).await);
    }
    assert!(met.iter().filter(|answer| *answer == TAKEN).count() <= 1, "{met:?}");
    assert!(met.iter().any(|answer| answer == TAKEN_BEFORE), "{met:?}");
    assert_eq!(1, trial.end().await.taken);
}

#[tokio::test]
async fn without_an_account_no_name_is_known() {
    let trial = Trial::of(Settings { account: false, ..quiet() }).await;
    for _ in 0..2 {
        assert_eq!(TAKEN, offer(&trial, reference(1, 1)).await);
    }
    assert_eq!(2, trial.end().await.taken);
}

#[tokio::test]
async fn infobip_refuses_what_is_no_text() {
    let trial = Trial::of(quiet()).await;
    let changed = |pointer: &str, value: Value| {
        let mut asked = reported_to("http://127.0.0.1:1/hooks", "a name");
        *asked.pointer_mut(pointer).expect("a part of it") = value;
        asked.to_string()
    };
    let one = message("a name")["messages"][0].clone();
    for (asked, property) in [
        ("no JSON".to_owned(), "messages"),
        ("{}".to_owned(), "messages"),
        (changed("/messages", json!([])), "messages"),
        (changed("/messages", json!([one, one])), "messages"),
        (changed("/messages/0/destinations", json!([])), "messages[0].destinations"),
        (changed("/messages/0/destinations/0/to", json!("her")), "messages[0].destinations[0].to"),
        (
            changed("/messages/0/destinations/0/messageId", json!("x".repeat(201))),
            "messages[0].destinations[0].messageId",
        ),
        (changed("/messages/0/content/text", json!("")), "messages[0].content.text"),
        (
            changed("/messages/0/webhooks/contentType", json!("application/xml")),
            "messages[0].webhooks.contentType",
        ),
        (
            changed("/messages/0/webhooks/delivery/url", json!("ftp://us")),
            "messages[0].webhooks.delivery.url",
        ),
        (
            changed("/messages/0/webhooks/callbackData", json!("x".repeat(4001))),
            "messages[0].webhooks.callbackData",
        ),
    ] {
        assert_eq!(format!("400 E400{property}"), post(&trial, "App a key", &asked).await, "{asked}");
    }
    for key in ["App ", "Basic dTpw"] {
        assert_eq!("401 E401", post(&trial, key, &message("a name").to_string()).await);
    }
    assert_eq!((404, "Unknown request.".to_owned()), trial.get("/sms/3/messages").await);
    // A number with a plus sign, and nothing that could be left out.
    let least = json!({"messages": [{"destinations": [{"to": HER}], "content": {"text": WORDS}}]});
    assert_eq!(TAKEN, post(&trial, "App a key", &least.to_string()).await);
    let account = trial.end().await;
    assert_eq!((14, 1, 13), (account.asked, account.taken, account.refused["malformed"]));
}
