//! Our Kannel gateway against a real Kannel, in both directions.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use motherline::domain::delivery::Evidence;
use motherline::domain::phone::PhoneNumber;
use motherline::domain::segment::Encoding;
use motherline::gateway::kannel::Settings;
use motherline::gateway::{Http, Kannel, Outcome, Parcel};
use uuid::Uuid;

use crate::support::hooks::Hooks;
use crate::support::kannel::Rig;
use crate::support::kannel_phone::Delivered;

const HER: &str = "+79161234567";
const US: &str = "511411";
/// With everything in it that an address or Kannel's own escapes could trip over.
const SECRET: &str = "s cret&+%d%ö";

/// A plain text from us.
fn parcel<'a>(to: &'a PhoneNumber, body: &'a str) -> Parcel<'a> {
    Parcel {
        reference: Uuid::now_v7(),
        from: US,
        to,
        body,
        encoding: Encoding::Gsm7,
        segments: 1,
        valid_for: Duration::from_secs(3600),
        leaves_by: Instant::now() + Duration::from_secs(60),
    }
}

async fn house() -> (Hooks, Rig, Kannel, Http) {
    let hooks = Hooks::open().await;
    let callbacks = format!("{}/webhooks/kannel", hooks.url);
    let rig = Rig::start(&callbacks, SECRET).await;
    let kannel = Kannel::new(rig.settings(&callbacks, SECRET));
    let http = Http::new(Duration::from_secs(5)).expect("a client");
    (hooks, rig, kannel, http)
}

#[tokio::test]
async fn her_texts_reach_us() {
    let (mut hooks, mut rig, kannel, _) = house().await;
    let long = "Мама мыла раму. ".repeat(20);
    for text in ["BABY hi & ok = 100% + \"q\"", "СТОП", "да\n12 марта 👶", "línea", &long] {
        rig.handset_sends(HER, US, text);
        let received = kannel.inbound(&hooks.next().await).expect("a text");
        assert_eq!((HER, US, text), (&*received.from, &*received.to, &*received.body));
    }
}

#[tokio::test]
async fn our_texts_reach_her_and_reports_reach_us() {
    let (mut hooks, rig, kannel, http) = house().await;
    let her = PhoneNumber::from_e164(HER).expect("a number");
    let long = "Мама [12-я неделя] 👶 ".repeat(8);
    let plain = "Week 12: drink water. {€} ".repeat(10);
    let texts = [
        ("hello €[ café +1 & 100% <3 > 2", Encoding::Gsm7, 1),
        ("Привет, мама 👶 + 100%", Encoding::Ucs2, 1),
        ("первая\nвторая", Encoding::Ucs2, 1),
        (&long, Encoding::Ucs2, 3),
        (&plain, Encoding::Gsm7, 2),
    ];
    let mut references = Vec::new();
    for (body, encoding, segments) in texts {
        let parcel = Parcel { encoding, segments, ..parcel(&her, body) };
        let outcome = kannel.send(&http, &parcel).await;
        assert_eq!(Outcome::Accepted { provider_id: None }, outcome);
        references.push(parcel.reference);
    }
    let expected = texts.map(|(body, coding, segments)| Delivered {
        from: US.to_owned(),
        to: HER.to_owned(),
        text: body.to_owned(),
        coding,
        segments: segments.try_into().expect("few"),
    });
    assert_eq!(expected, *rig.delivered_once(texts.len()).await);

    // Two for each: sent and delivered, in whichever order, and in whichever order of texts.
    let mut reports = Vec::new();
    for _ in 0..2 * texts.len() {
        let report = kannel.report(&hooks.next().await).expect("a report");
        reports.push((report.reference.expect("our reference"), report.evidence));
    }
    for reference in references {
        let of_it = reports.iter().filter(|(whose, _)| *whose == reference);
        let evidence: BTreeSet<_> = of_it.map(|(_, evidence)| *evidence).collect();
        let both = [Some(Evidence::Sent), Some(Evidence::Delivered)];
        assert_eq!(BTreeSet::from(both), evidence);
    }
}

#[tokio::test]
async fn a_text_outlasts_our_outage_and_she_is_not_told_of_it() {
    let (mut hooks, mut rig, kannel, http) = house().await;
    hooks.go_down_for(2);
    rig.handset_sends(HER, US, "СТОП");
    let tries = [hooks.next().await, hooks.next().await, hooks.next().await];
    let tries = tries.map(|call| kannel.inbound(&call).expect("a text"));
    assert!(tries.iter().all(|received| received == &tries[0]), "one id over all tries");
    assert_eq!("СТОП", tries[2].body);

    // Had Kannel texted her of our outage, or of our empty answer, that would be there before this.
    let her = PhoneNumber::from_e164(HER).expect("a number");
    kannel.send(&http, &parcel(&her, "next")).await;
    let arrived = rig.delivered_once(1).await;
    assert_eq!("next", arrived[0].text);
}

#[tokio::test]
async fn kannels_refusals_are_understood() {
    let (_hooks, rig, kannel, http) = house().await;
    let her = PhoneNumber::from_e164(HER).expect("a number");
    let known = rig.settings("http://127.0.0.1", SECRET);
    let stranger = Kannel::new(Settings { username: "nobody".to_owned(), ..known.clone() });
    let sendsms_url = known.sendsms_url.replace("sendsms", "elsewhere");
    let misplaced = Kannel::new(Settings { sendsms_url, ..known });
    for (name, gateway, to, from) in [
        ("us 403 stops", &stranger, &her, US),
        ("us 404 stops", &misplaced, &her, US),
        ("us 400 stops", &kannel, &her, ""),
    ] {
        let parcel = Parcel { from, ..parcel(to, "hello") };
        let end = match gateway.send(&http, &parcel).await {
            Outcome::RefusedUs { code, stops_sender: true, .. } => format!("us {code} stops"),
            Outcome::RefusedRecipient { code, .. } => format!("recipient {code}"),
            other => format!("{other:?}"),
        };
        assert_eq!(name, end);
    }
}
