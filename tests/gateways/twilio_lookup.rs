//! Twilio's list, asked for a text whose reply was lost.

use chrono::{DateTime, TimeDelta, Utc};
use motherline::domain::delivery::Evidence;
use motherline::gateway::twilio::Settings;
use motherline::gateway::{Lookup, Twilio};

use crate::twilio::{SID, settings, twilio};
use crate::wire::{Answer, Wire, says};
use crate::{RUSSIAN, client, her_number, parcel};

fn begun_at() -> DateTime<Utc> {
    "2026-11-21T20:00:00Z".parse().expect("a time")
}

fn page(rows: &[String], next: &str) -> Answer {
    let rows = rows.join(",");
    says("200 OK", "", &format!(r#"{{"messages":[{rows}],"next_page_uri":{next}}}"#))
}

fn row(body: &str, from: &str, created: &str) -> String {
    format!(
        r#"{{"sid":"{SID}","status":"delivered","body":"{body}","from":"{from}",
            "messaging_service_sid":"MG1","date_created":"Sat, 21 Nov 2026 {created} +0000",
            "date_sent":null}}"#
    )
}

async fn lookup(gateway: &Twilio, after: TimeDelta) -> Lookup {
    let to = her_number();
    let parcel = parcel(&to, RUSSIAN);
    gateway.lookup(&client(), &parcel, begun_at(), begun_at() + after).await
}

fn found() -> Lookup {
    Lookup::Found { provider_id: SID.to_owned(), evidence: Some(Evidence::Delivered) }
}

#[tokio::test]
async fn one_page_of_the_list_settles_it() {
    let us = "+15005550006";
    let trial = format!("Sent from your Twilio trial account - {RUSSIAN}");
    for (name, rows, expected) in [
        ("there", vec![row(RUSSIAN, us, "20:00:02")], found()),
        ("among others", vec![row("other", us, "20:00:01"), row(RUSSIAN, us, "20:00:02")], found()),
        ("our clock is late", vec![row(RUSSIAN, us, "19:59:30")], found()),
        ("with a trial's notice", vec![row(&trial, us, "20:00:02")], found()),
        ("empty", vec![], Lookup::NotThere),
        ("last week's copy", vec![row(RUSSIAN, us, "10:00:00")], Lookup::NotThere),
        ("the next try's copy", vec![row(RUSSIAN, us, "20:10:00")], Lookup::NotThere),
        ("another sender's", vec![row(RUSSIAN, "+15005550007", "20:00:02")], Lookup::NotThere),
        ("in other letters", vec![row("Mama, 12", us, "20:00:02")], Lookup::CannotTell),
    ] {
        let wire = Wire::answering(vec![page(&rows, "null")]).await;
        assert_eq!(expected, lookup(&twilio(&wire.url), TimeDelta::minutes(5)).await, "{name}");
    }
}

#[tokio::test]
async fn a_messaging_service_is_the_sender() {
    for (service, expected) in [("MG1", found()), ("MG2", Lookup::NotThere)] {
        let rows = [row(RUSSIAN, "+15005550999", "20:00:02")];
        let wire = Wire::answering(vec![page(&rows, "null")]).await;
        let service = Some(service.to_owned());
        let gateway = Twilio::new(Settings { messaging_service_sid: service, ..settings(&wire.url) });
        assert_eq!(expected, lookup(&gateway, TimeDelta::minutes(5)).await);
    }
}

#[tokio::test]
async fn the_list_is_read_to_its_end() {
    let next = r#""/2010-04-01/Accounts/AC0/Messages.json?Page=1&PageToken=PA1""#;
    let wire = Wire::answering(vec![
        page(&[row("other", "+15005550006", "12:00:00")], next),
        page(&[row(RUSSIAN, "+15005550006", "20:00:02")], "null"),
    ])
    .await;
    assert_eq!(found(), lookup(&twilio(&wire.url), TimeDelta::minutes(5)).await);
    let asked: Vec<_> =
        wire.heard().iter().filter_map(|heard| heard.lines().next().map(str::to_owned)).collect();
    assert_eq!(
        [
            "GET /2010-04-01/Accounts/AC00000000000000000000000000000000/Messages.json\
             ?To=%2B79161234567&PageSize=1000 HTTP/1.1",
            "GET /2010-04-01/Accounts/AC0/Messages.json?Page=1&PageToken=PA1 HTTP/1.1",
        ],
        *asked
    );
}

#[tokio::test]
async fn a_list_not_read_whole_tells_nothing() {
    let again = r#""/2010-04-01/Accounts/AC0/Messages.json?Page=1""#;
    for (name, script, expected) in [
        ("refused", vec![says("401 Unauthorized", "", r#"{"code":20003}"#)], Lookup::NoAnswer),
        ("away", vec![says("503 Service Unavailable", "", "")], Lookup::NoAnswer),
        ("garbage", vec![says("200 OK", "", "<html>")], Lookup::NoAnswer),
        ("not a list", vec![says("200 OK", "", "{}")], Lookup::NoAnswer),
        ("lost", vec![Answer::HangsUp], Lookup::NoAnswer),
        ("lost later", vec![page(&[], again), Answer::HangsUp], Lookup::NoAnswer),
        ("may not be read", vec![says("403 Forbidden", "", r#"{"code":70051}"#)], Lookup::CannotTell),
        ("without end", (0..9).map(|_| page(&[], again)).collect(), Lookup::CannotTell),
    ] {
        let wire = Wire::answering(script).await;
        let told = lookup(&twilio(&wire.url), TimeDelta::minutes(5)).await;
        assert_eq!(expected, told, "{name}");
    }
}

#[tokio::test]
async fn what_is_not_listed_yet_may_still_be() {
    for (seconds, expected) in [(59, Lookup::CannotTell), (60, Lookup::NotThere)] {
        let wire = Wire::answering(vec![page(&[], "null")]).await;
        let told = lookup(&twilio(&wire.url), TimeDelta::seconds(seconds)).await;
        assert_eq!(expected, told, "{seconds}");
    }
}

#[tokio::test]
async fn our_credentials_go_nowhere_else() {
    let elsewhere = Wire::answering(vec![page(&[], "null")]).await;
    let host = elsewhere.url.trim_start_matches("http://");
    let wire = Wire::answering(vec![page(&[], &format!(r#""@{host}/Messages.json""#))]).await;
    let told = lookup(&twilio(&wire.url), TimeDelta::minutes(5)).await;
    assert_eq!(Lookup::CannotTell, told);
    assert!(elsewhere.heard().is_empty());
}

#[tokio::test]
async fn clocks_that_differ_make_no_double() {
    for (name, theirs, created) in
        [("ours is late", "21:05:00", "21:00:02"), ("ours is ahead", "19:35:00", "19:30:02")]
    {
        let there = row(RUSSIAN, "+15005550006", created);
        let page = format!(r#"{{"messages":[{there}],"next_page_uri":null}}"#);
        let date = format!("Date: Sat, 21 Nov 2026 {theirs} GMT\r\n");
        let wire = Wire::answering(vec![says("200 OK", &date, &page)]).await;
        assert_eq!(found(), lookup(&twilio(&wire.url), TimeDelta::minutes(5)).await, "{name}");
    }
}
