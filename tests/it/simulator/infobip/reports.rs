//! Infobip's reports: pushed as JSON to the address that the text came with, under our name.

use std::collections::BTreeSet;
use std::time::Duration;

use chrono::DateTime;
use http::header::CONTENT_TYPE;
use motherline::simulator::{Reports, Settings};
use serde_json::{Value, json};

use super::{TAKEN, post, reported_to};
use crate::simulator::{HER, Trial, eventually, reference, reporting};
use crate::support::hooks::Hooks;

/// The next report.
async fn next(hooks: &mut Hooks) -> Value {
    let call = hooks.next().await;
    assert_eq!("application/json", call.headers[CONTENT_TYPE]);
    let pushed: Value = serde_json::from_slice(&call.body).expect("JSON");
    let [report] = &**pushed["results"].as_array().expect("results") else { panic!("{pushed}") };
    report.clone()
}

/// Sends one text and gives the names of the statuses in its first reports.
async fn statuses(reports: Reports, count: usize) -> (Vec<String>, Trial, Hooks) {
    let (mut hooks, trial) = (Hooks::open().await, Trial::of(reporting(reports)).await);
    let asked = reported_to(&hooks.url, &reference(1, 1).to_string());
    assert_eq!(TAKEN, post(&trial, "App a key", &asked.to_string()).await);
    let mut all = Vec::new();
    for _ in 0..count {
        let report = next(&mut hooks).await;
        assert_eq!(reference(1, 1).to_string(), report["messageId"].as_str().expect("our name"));
        all.push(report["status"]["name"].as_str().expect("a status").to_owned());
    }
    (all, trial, hooks)
}

async fn told(trial: &Trial) {
    eventually("all reports given", async || {
        (trial.account().await["reports"]["waiting"] == 0).then_some(())
    })
    .await;
}

const SENT: &str = "DELIVERED_TO_OPERATOR";
const DELIVERED: &str = "DELIVERED_TO_HANDSET";

#[tokio::test]
async fn a_report_has_our_name_and_what_we_gave() {
    let mut hooks = Hooks::open().await;
    let trial = Trial::of(reporting(Reports::default())).await;
    let mut asked = reported_to(&hooks.url, &reference(1, 1).to_string());
    // The last report alone, as Infobip does unless told otherwise.
    asked["messages"][0]["webhooks"]["delivery"]["intermediateReport"] = json!(false);
    assert_eq!(TAKEN, post(&trial, "App a key", &asked.to_string()).await);
    let mut report = next(&mut hooks).await;
    for field in ["sentAt", "doneAt"] {
        let at = report.as_object_mut().expect("an object").remove(field).expect("a moment");
        let at = at.as_str().expect("a moment");
        DateTime::parse_from_str(at, "%Y-%m-%dT%H:%M:%S%.3f%z").expect("a moment");
    }
    let expected = json!({
        "messageId": reference(1, 1).to_string(),
        "to": &HER[1..],
        "messageCount": 1,
        "status": {
            "groupId": 3,
            "groupName": "DELIVERED",
            "id": 5,
            "name": DELIVERED,
            "description": "Message delivered to handset",
        },
        "error": {
            "groupId": 0,
            "groupName": "OK",
            "id": 0,
            "name": "NO_ERROR",
            "description": "No Error",
            "permanent": false,
        },
        "callbackData": "four\"ty-two",
    });
    assert_eq!(expected, report);
    told(&trial).await;
    let account = trial.end().await.reports;
    assert_eq!((1, 1), (account.offered, account.acknowledged));
}

#[tokio::test]
async fn its_reports_come_twice_out_of_order_early_or_not_at_all() {
    let (all, ..) = statuses(Reports::default(), 2).await;
    assert_eq!([SENT, DELIVERED], *all);
    let (all, ..) = statuses(Reports { twice: 1.0, out_of_order: 1.0, ..Reports::default() }, 4).await;
    assert_eq!([DELIVERED, DELIVERED, SENT, SENT], *all);
    let delay = Duration::from_secs(3600);
    let (all, ..) = statuses(Reports { early: 1.0, delay, ..Reports::default() }, 1).await;
    assert_eq!([SENT], *all);
    let (_, trial, _hooks) = statuses(Reports { lost: 1.0, ..Reports::default() }, 0).await;
    told(&trial).await;
    let account = trial.end().await.reports;
    assert_eq!((0, 1), (account.offered, account.withheld));
}

#[tokio::test]
async fn a_lost_answer_is_reported_on_and_a_second_offer_is_not() {
    let mut hooks = Hooks::open().await;
    let errors = "lost=1".parse().expect("a fault");
    let trial = Trial::of(Settings { errors, ..reporting(Reports::default()) }).await;
    let asked = reported_to(&hooks.url, &reference(1, 1).to_string()).to_string();
    for _ in 0..3 {
        post(&trial, "App a key", &asked).await;
    }
    for expected in [SENT, DELIVERED] {
        assert_eq!(expected, next(&mut hooks).await["status"]["name"]);
    }
    told(&trial).await;
    assert_eq!(2, trial.end().await.reports.offered);
}

#[tokio::test]
async fn a_report_that_we_do_not_take_comes_again() {
    let (mut hooks, trial) = (Hooks::open().await, Trial::of(reporting(Reports::default())).await);
    hooks.go_down_for(2);
    let asked = reported_to(&hooks.url, &reference(1, 1).to_string());
    assert_eq!(TAKEN, post(&trial, "App a key", &asked.to_string()).await);
    for expected in [SENT, SENT, SENT, DELIVERED] {
        assert_eq!(expected, next(&mut hooks).await["status"]["name"]);
    }
}

#[tokio::test]
async fn what_does_not_arrive_has_a_cause() {
    let mut hooks = Hooks::open().await;
    let trial = Trial::of(reporting(Reports { undelivered: 1.0, ..Reports::default() })).await;
    let mut met = BTreeSet::new();
    // Enough to meet each way; the seed brings the same luck each time.
    for text in 0..40 {
        let asked = reported_to(&hooks.url, &reference(text, 1).to_string());
        assert_eq!(TAKEN, post(&trial, "App a key", &asked.to_string()).await);
        loop {
            let report = next(&mut hooks).await;
            if report["status"]["name"] != SENT {
                assert!(report["error"]["permanent"].is_boolean());
                let id = |what: &str| report[what]["id"].as_u64().expect("a number");
                met.insert((id("status"), id("error")));
                break;
            }
        }
    }
    assert_eq!([(4, 500), (9, 1), (15, 27)], *met.into_iter().collect::<Vec<_>>());
}

#[tokio::test]
async fn a_text_without_a_name_is_given_one() {
    let mut hooks = Hooks::open().await;
    let trial = Trial::of(reporting(Reports::default())).await;
    let mut asked = reported_to(&hooks.url, "");
    for _ in 0..2 {
        assert_eq!(TAKEN, post(&trial, "App a key", &asked.to_string()).await);
    }
    let mut names = BTreeSet::new();
    for _ in 0..4 {
        names.insert(next(&mut hooks).await["messageId"].as_str().expect("a name").to_owned());
    }
    assert_eq!(2, names.len());
    // Or one that is none of ours, which is given back as it is.
    asked["messages"][0]["destinations"][0]["messageId"] = json!("msg-42");
    asked["messages"][0]["webhooks"]["delivery"]["notify"] = json!(false);
    assert_eq!(TAKEN, post(&trial, "App a key", &asked.to_string()).await);
    told(&trial).await;
    assert_eq!((3, 4), {
        let account = trial.end().await;
        (account.taken, account.reports.offered)
    });
}
