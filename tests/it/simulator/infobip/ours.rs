//! What our own gateway makes of it: each fault, a name that is offered again, a report.

use std::time::Duration;

use motherline::domain::delivery::Evidence::{Delivered, Failed};
use motherline::gateway::{Brought, Infobip, Outcome, Secret, infobip};
use motherline::simulator::{Reports, Settings};

use crate::simulator::faults::name;
use crate::simulator::{Trial, WORDS, accepted, her, parcel, quiet, reference, reporting};
use crate::support::hooks::Hooks;

fn ours(trial: &Trial, callback_url: &str) -> Infobip {
    Infobip::new(infobip::Settings {
        base_url: trial.url.clone(),
        api_key: Secret::new("a-key"),
        callback_user: "infobip".to_owned(),
        callback_secret: Secret::new("s cret&+%d%ö"),
        callback_url: callback_url.to_owned(),
    })
}

async fn text(trial: &Trial, number: u16) -> Outcome {
    let her = her();
    ours(trial, "http://127.0.0.1:1/hooks")
        .send(&trial.http, &parcel(reference(1, number), &her, WORDS))
        .await
}

#[tokio::test]
async fn each_fault_is_what_infobip_would_do() {
    for (fault, expected, taken) in [
        ("500", "doubt 500", 0),
        ("500-taken", "doubt 500", 1),
        ("503", "doubt 503", 0),
        ("429", "later 429 1", 0),
        ("401", "us 401 stops", 0),
        ("reset", "doubt no-reply", 0),
        ("garbage", "doubt 200", 0),
        ("garbage-taken", "doubt 200", 1),
        ("drip", "accepted", 1),
        ("21610", "recipient 14", 0),
        ("21211", "recipient 52", 0),
        ("21612", "us 6", 0),
        ("20003", "us 401 stops", 0),
    ] {
        let errors = format!("{fault}=1").parse().expect("a fault");
        let trial = Trial::of(Settings { errors, drip: Duration::ZERO, ..quiet() }).await;
        assert_eq!(expected, name(&text(&trial, 1).await), "{fault}");
        let account = trial.end().await;
        assert_eq!((1, taken), (account.asked, account.taken), "{fault}");
    }
}

#[tokio::test]
async fn what_was_taken_before_counts_as_accepted() {
    let trial = Trial::of(quiet()).await;
    for _ in 0..3 {
        assert!(accepted(&text(&trial, 1).await));
    }
    let account = trial.end().await;
    assert_eq!((1, 2), (account.taken, account.refused["duplicate"]));
}

#[tokio::test]
async fn its_reports_are_believed_and_carry_our_name() {
    for (undelivered, expected) in [(0.0, Delivered), (1.0, Failed)] {
        let mut hooks = Hooks::open().await;
        let trial = Trial::of(reporting(Reports { undelivered, ..Reports::default() })).await;
        let (her, infobip) = (her(), ours(&trial, &hooks.url));
        for number in 1..12 {
            let parcel = parcel(reference(1, number), &her, WORDS);
            assert!(accepted(&infobip.send(&trial.http, &parcel).await));
            let call = hooks.next().await;
            let Ok(Brought::Several { all, unread: None }) = infobip.report(&call) else {
                panic!("a call that is not believed")
            };
            let [report] = &*all else { panic!("{} reports", all.len()) };
            assert_eq!((Some(reference(1, number)), Some(expected)), (report.reference, report.evidence));
            assert_eq!(undelivered > 0.0, report.sentence.is_some());
        }
    }
}
