//! Each fault: what our gateways make of it, and whether the text was taken.

use std::time::Duration;

use motherline::gateway::{Http, Outcome};
use motherline::simulator::{Errors, Latency, Outage, Settings};
use tokio::time::Instant;

use super::{Trial, accepted, eventually, quiet, reference};

/// What an outcome is called here.
pub fn name(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Accepted { .. } => "accepted".to_owned(),
        Outcome::RefusedRecipient { code, opted_out, .. } => {
            format!("recipient {code}{}", if *opted_out { " opted out" } else { "" })
        }
        Outcome::RefusedUs { code, stops_sender, .. } => {
            format!("us {code}{}", if *stops_sender { " stops" } else { "" })
        }
        Outcome::Transient { code, retry_after, .. } => {
            format!("later {code} {}", retry_after.map_or(0, |wait| wait.as_secs()))
        }
        Outcome::Ambiguous { code, .. } => format!("doubt {code}"),
    }
}

#[tokio::test]
async fn each_fault_is_what_twilio_would_do() {
    for (fault, expected, taken) in [
        ("500", "doubt 500", 0),
        ("500-taken", "doubt 500", 1),
        ("503", "doubt 503", 0),
        ("429", "later 20429 1", 0),
        ("reset", "doubt no-reply", 0),
        ("garbage", "doubt 200", 0),
        ("garbage-taken", "doubt 200", 1),
        ("drip", "accepted", 1),
        ("21610", "recipient 21610 opted out", 0),
        ("21211", "recipient 21211", 0),
        ("20003", "us 20003 stops", 0),
    ] {
        let errors = format!("{fault}=1").parse().expect("a fault");
        let trial = Trial::of(Settings { errors, drip: Duration::ZERO, ..quiet() }).await;
        assert_eq!(expected, name(&trial.text(reference(1, 1)).await), "{fault}");
        let account = trial.end().await;
        assert_eq!((1, taken), (account.asked, account.taken), "{fault}");
        let counted = if taken == 1 { &account.spoiled } else { &account.refused };
        assert_eq!(Some(&1), counted.get(fault), "{fault}");
    }
}

#[tokio::test]
async fn each_fault_is_what_kannel_would_do() {
    for (fault, expected, taken) in [
        ("500", "doubt 500", 0),
        ("500-taken", "doubt 500", 1),
        ("503", "later 503 0", 0),
        ("429", "later 503 0", 0),
        ("400", "recipient 400", 0),
        ("403", "recipient 403", 0),
        ("401", "us 403 stops", 0),
        ("reset", "doubt no-reply", 0),
        ("garbage", "doubt 200", 0),
        ("garbage-taken", "doubt 200", 1),
        ("drip", "accepted", 1),
        ("21211", "recipient 400", 0),
    ] {
        let errors = format!("{fault}=1").parse().expect("a fault");
        let trial = Trial::of(Settings { errors, drip: Duration::ZERO, ..quiet() }).await;
        assert_eq!(expected, name(&trial.kannel_text(reference(1, 1)).await), "{fault}");
        let account = trial.end().await;
        assert_eq!((1, taken), (account.asked, account.taken), "{fault}");
    }
}

#[tokio::test]
async fn a_lost_reply_is_a_taken_text() {
    let trial = Trial::with("lost").await;
    let mut codes = std::collections::BTreeSet::new();
    for text in 0..12 {
        codes.insert(name(&trial.text(reference(text, 1)).await));
        codes.insert(name(&trial.kannel_text(reference(100 + text, 1)).await));
    }
    // Cut before the answer, and in its middle, where the status had come through.
    let expected = ["doubt 201", "doubt 202", "doubt no-reply"];
    assert_eq!(expected.map(str::to_owned), *codes.into_iter().collect::<Vec<_>>());
    let account = trial.end().await;
    assert_eq!((24, 0, 24), (account.taken, account.answered, account.replies_lost));
}

#[tokio::test]
async fn a_late_answer_is_a_taken_text() {
    let errors = "late=1".parse().expect("a fault");
    let trial = Trial::of(Settings { errors, late: Duration::from_secs(60), ..quiet() }).await;
    let impatient = Trial { http: Http::new(Duration::from_millis(100)).expect("a client"), ..trial };
    assert_eq!("doubt timeout", name(&impatient.text(reference(1, 1)).await));
    let account = impatient.end().await;
    assert_eq!((1, 0), (account.taken, account.answered));
}

#[tokio::test]
async fn an_answer_takes_its_time() {
    let latency = "60..80".parse().expect("a latency");
    let trial = Trial::of(Settings { latency, ..quiet() }).await;
    let begun = Instant::now();
    assert!(accepted(&trial.text(reference(1, 1)).await));
    assert!(begun.elapsed() >= Duration::from_millis(60));
    assert_eq!(1, trial.end().await.answered);
}

#[tokio::test]
async fn an_outage_closes_the_port_or_says_so() {
    for (outage, expected) in [("0..3600", "later unreachable 0"), ("0..3600:503", "doubt 503")] {
        let outages = vec![outage.parse().expect("an outage")];
        let trial = Trial::of(Settings { outages, ..quiet() }).await;
        // The port is closed once the simulator has begun to run.
        eventually("the outage", async || {
            (name(&trial.text(reference(1, 1)).await) == expected).then_some(())
        })
        .await;
        assert_eq!(0, trial.end().await.taken, "{outage}");
    }
}

#[tokio::test]
async fn an_outage_ends() {
    let outages = vec!["0..0.05".parse().expect("an outage"), "0.06..0.1:503".parse().expect("an outage")];
    let trial = Trial::of(Settings { outages, ..quiet() }).await;
    eventually("its end", async || accepted(&trial.text(reference(1, 1)).await).then_some(())).await;
    assert_eq!(1, trial.end().await.taken);
}

#[tokio::test]
async fn an_outage_cuts_what_is_open() {
    let outages = vec!["0.05..0.1".parse().expect("an outage")];
    let latency = Latency::Fixed(Duration::from_secs(60));
    let trial = Trial::of(Settings { outages, latency, ..quiet() }).await;
    assert_eq!("doubt no-reply", name(&trial.text(reference(1, 1)).await));
    let account = trial.end().await;
    assert_eq!((1, 1), (account.taken, account.replies_lost));
}

#[tokio::test]
async fn the_same_seed_brings_the_same_luck_in_any_order() {
    let luck = async |seed: u64, backwards: bool| {
        let errors = "500=0.3,21211=0.2,garbage-taken=0.1".parse().expect("faults");
        let trial = Trial::of(Settings { seed, errors, ..quiet() }).await;
        let mut texts: Vec<u128> = (0..60).collect();
        if backwards {
            texts.reverse();
        }
        let mut met = Vec::new();
        for text in texts {
            met.push((text, name(&trial.text(reference(text, 1)).await)));
        }
        met.sort_unstable();
        met
    };
    let first = luck(7, false).await;
    assert_eq!(first, luck(7, true).await);
    assert_ne!(first, luck(8, false).await);
    let accepted = first.iter().filter(|(_, met)| met == "accepted").count();
    assert!((12..40).contains(&accepted), "{accepted} of 60");
}

#[tokio::test]
async fn a_text_that_is_tried_again_has_new_luck() {
    let trial = Trial::of(Settings { errors: "500=0.5".parse().expect("a fault"), ..quiet() }).await;
    let mut met = std::collections::BTreeSet::new();
    for _ in 0..20 {
        met.insert(name(&trial.text(reference(1, 1)).await));
    }
    assert_eq!(2, met.len(), "under one reference");
}

#[test]
fn faults_latencies_and_outages_are_read_strictly() {
    assert!("500=0.5, lost=0.5,".parse::<Errors>().is_ok());
    for wrong in ["500", "500=2", "600=0.1", "lost-taken=0.1", "21610-taken=0.1", "500=0.6,lost=0.6", "x=0.1"]
    {
        assert!(wrong.parse::<Errors>().is_err(), "{wrong}");
    }
    let millis = Duration::from_millis;
    assert_eq!(Ok(Latency::Fixed(millis(50))), "50".parse());
    assert_eq!(Ok(Latency::Between(millis(20), millis(200))), "20..200".parse());
    let outage = Outage { from: Duration::from_secs(10), to: Duration::from_secs(20), answers: true };
    assert_eq!(Ok(outage), "10..20:503".parse());
    assert!("200..20".parse::<Latency>().is_err());
    assert!("20..10".parse::<Outage>().is_err());
}
