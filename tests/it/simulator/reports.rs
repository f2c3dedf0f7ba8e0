//! Reports in both dialects, read by our own gateways.

use std::time::Duration;

use motherline::domain::delivery::Evidence::{self, Delivered, Failed, Sent};
use motherline::gateway::{Report, Twilio};
use motherline::simulator::{Reports, Settings};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::time::{Instant, timeout};

use super::{ACCOUNT, PATIENCE, Trial, WORDS, accepted, eventually, her, parcel, reference, reporting};
use crate::support::hooks::Hooks;

/// Sends one text over Twilio's dialect and gives the first reports on it.
async fn reported(settings: Settings, count: usize) -> (Vec<Report>, Trial, Hooks) {
    let (mut hooks, trial) = (Hooks::open().await, Trial::of(settings).await);
    let (her, twilio) = (her(), trial.twilio(&hooks.url));
    assert!(accepted(&twilio.send(&trial.http, &parcel(reference(1, 1), &her, WORDS)).await));
    let mut reports = Vec::new();
    for _ in 0..count {
        reports.push(read(&twilio, &mut hooks).await);
    }
    (reports, trial, hooks)
}

async fn read(twilio: &Twilio, hooks: &mut Hooks) -> Report {
    let report = twilio.report(&hooks.next().await).expect("a report rightly signed");
    assert_eq!(Some(reference(1, 1)), report.reference);
    report
}

fn evidence(reports: &[Report]) -> Vec<Evidence> {
    reports.iter().map(|report| report.evidence.expect("a known status")).collect()
}

/// Waits until all is told.
async fn told(trial: &Trial) {
    eventually("all reports given", async || {
        (trial.account().await["reports"]["waiting"] == 0).then_some(())
    })
    .await;
}

#[tokio::test]
async fn twilio_reports_sent_then_delivered() {
    let (reports, trial, _hooks) = reported(reporting(Reports::default()), 2).await;
    assert_eq!([Sent, Delivered], *evidence(&reports));
    let sids: Vec<_> = reports.iter().map(|report| report.provider_id.as_deref()).collect();
    assert!(sids[0].is_some_and(|sid| sid.len() == 34) && sids[0] == sids[1]);
    told(&trial).await;
    let account = trial.end().await.reports;
    assert_eq!((2, 2, 0), (account.offered, account.acknowledged, account.waiting));
}

#[tokio::test]
async fn kannel_fills_in_the_address_of_its_reports() {
    for (undelivered, expected) in [(0.0, vec![Sent, Delivered]), (1.0, vec![Sent, Failed])] {
        let mut hooks = Hooks::open().await;
        let reports = Reports { undelivered, ..Reports::default() };
        let trial = Trial::of(reporting(reports)).await;
        let (her, kannel) = (her(), trial.kannel(&hooks.url));
        // Texts that fail in more than one way.
        for text in 0..if undelivered > 0.0 { 12 } else { 1 } {
            let parcel = parcel(reference(text, 1), &her, WORDS);
            assert!(accepted(&kannel.send(&trial.http, &parcel).await));
            let first = kannel.report(&hooks.next().await).expect("a report");
            assert_eq!(Some(reference(text, 1)), first.reference);
            if first.evidence == Some(Failed) {
                // Refused by the operator at once.
                assert_eq!(("16", Some("0x0000000b")), (&*first.status, first.code.as_deref()));
                continue;
            }
            let second = kannel.report(&hooks.next().await).expect("a report");
            assert!(second.provider_id.is_some() && second.opted_out == first.opted_out);
            assert_eq!(second.code.is_some(), undelivered > 0.0);
            assert_eq!(expected, evidence(&[first, second]));
        }
        told(&trial).await;
        assert_eq!(0, trial.end().await.reports.refused);
    }
}

#[tokio::test]
async fn kannel_reports_only_what_is_asked_for() {
    let mut hooks = Hooks::open().await;
    let trial = Trial::of(reporting(Reports::default())).await;
    let url = format!("{}/r%3Fkind%3D%25d%26percent%3D%25%25%26other%3D%25z", hooks.url);
    let path = format!(
        "/cgi-bin/sendsms?username=u&password=p&from=us&to=%2B12025550143&text=hi&dlr-mask=1&dlr-url={url}"
    );
    assert_eq!((202, "0: Accepted for delivery".to_owned()), trial.get(&path).await);
    let call = hooks.next().await;
    assert_eq!(Some("kind=1&percent=%&other=%z"), call.query.as_deref());
    told(&trial).await;
    assert_eq!(1, trial.end().await.reports.offered);
}

#[tokio::test]
async fn what_does_not_arrive_is_said_to() {
    let reports = Reports { undelivered: 1.0, ..Reports::default() };
    let (mut hooks, trial) = (Hooks::open().await, Trial::of(reporting(reports)).await);
    let (her, twilio) = (her(), trial.twilio(&hooks.url));
    let mut words = std::collections::BTreeSet::new();
    for text in 0..12 {
        let parcel = parcel(reference(text, 1), &her, WORDS);
        assert!(accepted(&twilio.send(&trial.http, &parcel).await));
        loop {
            let report = twilio.report(&hooks.next().await).expect("a report");
            if report.evidence == Some(Failed) {
                assert!(report.code.is_some_and(|code| code.starts_with("300")));
                words.insert(report.status);
                break;
            }
        }
    }
    assert_eq!(["failed", "undelivered"].map(str::to_owned), *words.into_iter().collect::<Vec<_>>());
}

#[tokio::test]
async fn reports_come_twice_and_out_of_order() {
    let twice = Reports { twice: 1.0, out_of_order: 1.0, ..Reports::default() };
    let (reports, trial, _hooks) = reported(reporting(twice), 4).await;
    assert_eq!([Delivered, Delivered, Sent, Sent], *evidence(&reports));
    let path = format!("/2010-04-01/Accounts/{ACCOUNT}/Messages.json?To=%2B12025550143");
    let (_, page) = trial.get(&path).await;
    assert!(page.contains(r#""status":"delivered""#), "what came late takes nothing back");
    assert_eq!(200, trial.get(&format!("{path}&DateSent%3E=2020-01-01")).await.0);
}

#[tokio::test]
async fn reports_come_early_or_late() {
    // Any report that did not come before the answer would come in an hour.
    let delay = Duration::from_secs(3600);
    let (reports, _trial, _hooks) =
        reported(reporting(Reports { early: 1.0, delay, ..Reports::default() }), 1).await;
    assert_eq!([Sent], *evidence(&reports));
    let late_by = Duration::from_millis(80);
    let begun = Instant::now();
    let late = Reports { late: 1.0, early: 1.0, late_by, ..Reports::default() };
    let (reports, _trial, _hooks) = reported(reporting(late), 2).await;
    assert_eq!([Sent, Delivered], *evidence(&reports));
    assert!(begun.elapsed() >= late_by);
}

#[tokio::test]
async fn lost_reports_leave_the_list_to_tell() {
    let (_, trial, _hooks) = reported(reporting(Reports { lost: 1.0, ..Reports::default() }), 0).await;
    told(&trial).await;
    let (_, page) =
        trial.get(&format!("/2010-04-01/Accounts/{ACCOUNT}/Messages.json?To=%2B12025550143")).await;
    assert!(page.contains(r#""status":"delivered""#));
    let account = trial.end().await.reports;
    assert_eq!((0, 1), (account.offered, account.withheld));
}

#[tokio::test]
async fn a_lost_reply_is_reported_on_all_the_same() {
    for fault in ["lost", "late", "500-taken"] {
        let errors = format!("{fault}=1").parse().expect("a fault");
        let (mut hooks, settings) = (Hooks::open().await, reporting(Reports::default()));
        let trial = Trial::of(Settings { errors, late: Duration::from_millis(150), ..settings }).await;
        let (her, twilio) = (her(), trial.twilio(&hooks.url));
        let parcel = parcel(reference(1, 1), &her, WORDS);
        let (_, report) = tokio::join!(twilio.send(&trial.http, &parcel), read(&twilio, &mut hooks));
        assert_eq!(Some(Sent), report.evidence, "{fault}");
    }
}

#[tokio::test]
async fn a_report_that_is_not_taken_comes_again() {
    let (mut hooks, trial) = (Hooks::open().await, Trial::of(reporting(Reports::default())).await);
    hooks.go_down_for(2);
    let (her, twilio) = (her(), trial.twilio(&hooks.url));
    assert!(accepted(&twilio.send(&trial.http, &parcel(reference(1, 1), &her, WORDS)).await));
    let mut reports = Vec::new();
    for _ in 0..4 {
        reports.push(read(&twilio, &mut hooks).await);
    }
    assert_eq!([Sent, Sent, Sent, Delivered], *evidence(&reports));
    told(&trial).await;
    let account = trial.end().await.reports;
    assert_eq!((4, 2, 0), (account.offered, account.acknowledged, account.given_up));
}

#[tokio::test]
async fn at_last_a_report_is_given_up() {
    let (hooks, settings) = (Hooks::open().await, reporting(Reports { tries: 2, ..Reports::default() }));
    hooks.go_down_for(usize::MAX);
    let trial = Trial::of(settings).await;
    let (her, twilio) = (her(), trial.twilio(&hooks.url));
    assert!(accepted(&twilio.send(&trial.http, &parcel(reference(1, 1), &her, WORDS)).await));
    told(&trial).await;
    let account = trial.end().await.reports;
    assert_eq!((4, 0, 2), (account.offered, account.acknowledged, account.given_up));
}

#[tokio::test]
async fn a_service_that_is_away_gets_its_reports_when_it_is_back() {
    let away = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = away.local_addr().expect("its address");
    drop(away);
    let reports = Reports { tries: u32::MAX, ..Reports::default() };
    let trial = Trial::of(reporting(reports)).await;
    let (her, twilio) = (her(), trial.twilio(&format!("http://{address}")));
    assert!(accepted(&twilio.send(&trial.http, &parcel(reference(1, 1), &her, WORDS)).await));
    eventually("a try while it is away", async || {
        (trial.account().await["reports"]["offered"] != 0).then_some(())
    })
    .await;
    let back = TcpListener::bind(address).await.expect("its port again");
    let called = timeout(PATIENCE, back.accept()).await.expect("a call in time");
    let (mut stream, _) = called.expect("a call");
    let mut heard = [0; 4];
    stream.read_exact(&mut heard).await.expect("a request");
    assert_eq!(b"POST", &heard);
    stream.write_all(b"HTTP/1.1 204 No Content\r\n\r\n").await.expect("an answer");
}
