//! Providers that bring several things in one call, and that take each name of ours once: Infobip and Telnyx beside the
//! real program, on both engines.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::TimeDelta;
use motherline::clock::Clock;
use ring::signature::{Ed25519KeyPair, KeyPair};
use serde_json::{Value, json};
use tempfile::TempDir;

use super::house::{AMY, BEA, CAT, basic};
use super::keyed::Keyed;
use crate::support::engines;
use crate::support::service::{Service, Settings, eventually, on_each, port};

/// Our number, and what its calls prove themselves by.
const US: &str = "12025550100";
const SECRET: &str = "never-show-this-secret";
const INBOUND: &str = "/webhooks/infobip/inbound";

/// A service beside a provider of this kind.
async fn house(kind: &str, database: &str) -> (Service, Keyed) {
    let provider = Keyed::open().await;
    let more = match kind {
        "infobip" => "callback_secret = { env = \"SECRET\" }".to_owned(),
        _ => format!("public_key = \"{}\"", STANDARD.encode(pair().public_key())),
    };
    let config = format!(
        r#"
        [server]
        public_url = "https://tips.example.org"

        [[gateway]]
        name = "{kind}"
        kind = "{kind}"
        base_url = "{}"
        api_key = {{ env = "KEY" }}
        {more}

        [[sender]]
        name = "long-code"
        gateway = "{kind}"
        address = "{US}"
        programs = ["text4baby-us"]
        segments_per_second = 100
        "#,
        provider.url
    );
    let settings = Settings::new(config, database, port()).secret("KEY", "a-key").secret("SECRET", SECRET);
    (Service::start(settings).await, provider)
}

fn pair() -> Ed25519KeyPair {
    Ed25519KeyPair::from_seed_unchecked(&[7; 32]).expect("a key pair")
}

async fn infobip_calls(service: &Service, path: &str, results: &[Value]) -> u16 {
    let proof = basic("infobip", SECRET);
    service.post(path, &[("authorization", &proof)], json!({ "results": results }).to_string()).await
}

fn text(id: &str, from: &str, body: &str) -> Value {
    json!({"messageId": id, "from": &from[1..], "to": US, "text": body, "smsCount": 1})
}

fn report(name: &str, status: i64, error: i64) -> Value {
    json!({"messageId": name, "to": "12025550143", "messageCount": 1, "price": {"currency": "EUR"},
           "status": {"groupId": 1, "id": status, "name": format!("STATUS_{status}"), "description": "x".repeat(600)},
           "error": {"id": error, "name": "…", "permanent": false}})
}

/// One call, written before it is answered: what is no text in it, or none for us, takes nothing with it.
#[tokio::test]
async fn all_texts_of_a_call_are_heard() {
    let folder = TempDir::new().expect("a folder");
    for database in [engines::sqlite(folder.path()), engines::postgres()] {
        let (service, provider) = house("infobip", &database).await;
        let call = [
            text("a", AMY, "HELP"),
            json!({"messageId": "odd", "from": 7}),
            text("b", BEA, "HELP"),
            json!({"messageId": "c", "from": "12025550146", "to": "12025559999", "text": "not our number"}),
            text("d", CAT, "STOP it please"),
        ];
        assert_eq!(200, infobip_calls(&service, INBOUND, &call).await);
        for woman in [AMY, BEA, CAT] {
            assert_eq!(1, service.heard(woman).await.len(), "it is written when it is answered");
            assert_eq!(1, provider.until_taken(woman, 1).await.len());
        }
        // Called again with all, since some were turned away: one effect.
        assert_eq!(200, infobip_calls(&service, INBOUND, &call).await);
        assert_eq!(200, infobip_calls(&service, INBOUND, &[text("e", AMY, "INFO")]).await);
        provider.until_taken(AMY, 2).await;
        assert_eq!([2, 1, 1], [AMY, BEA, CAT].map(|woman| provider.taken_for(woman).len()));
        assert_eq!(200, infobip_calls(&service, INBOUND, &[]).await);
        assert_eq!(400, infobip_calls(&service, INBOUND, &call[1..2]).await);
        assert_eq!(400, infobip_calls(&service, INBOUND, &call[3..4]).await);
        let turned_away = r#"motherline_webhooks_rejected_total{gateway="infobip",status="400"}"#;
        assert_eq!(6.0, service.metric(turned_away).await);

        let body = json!({ "results": [text("f", AMY, "unmistakable words")] }).to_string();
        assert_eq!(403, service.post(INBOUND, &[], body.clone()).await);
        let wrong = basic("infobip", "secret");
        assert_eq!(403, service.post(INBOUND, &[("authorization", &wrong)], body).await);
        let log = service.log();
        for secret in ["2025550143", "2025559999", "unmistakable", "not our number", SECRET, "a-key"] {
            assert!(!log.contains(secret), "{secret} is in the log:\n{log}");
        }
    }
}

/// A hundred in a call, longer than any call of one.
#[tokio::test]
async fn all_reports_of_a_call_count() {
    let folder = TempDir::new().expect("a folder");
    for database in [engines::sqlite(folder.path()), engines::postgres()] {
        let (service, provider) = house("infobip", &database).await;
        for (id, woman) in [("a", AMY), ("b", BEA), ("c", CAT)] {
            assert_eq!(200, infobip_calls(&service, INBOUND, &[text(id, woman, "HELP")]).await);
        }
        let mut taken = Vec::new();
        for woman in [AMY, BEA, CAT] {
            taken.push(provider.until_taken(woman, 1).await.remove(0));
            service.until_states(woman, &["accepted"]).await;
        }
        let path =
            taken[0].callback.strip_prefix("https://tips.example.org").expect("our address").to_owned();
        let others = (0..120).map(|number| report(&format!("another-{number}"), 5, 0));
        let mut call: Vec<Value> = others.collect();
        call.insert(0, report(&taken[0].name, 2, 0));
        call.insert(60, json!("no report"));
        call.push(report(&taken[1].name, 9, 1));
        call.push(report(&taken[0].name, 5, 0));
        call.push(report(&taken[2].name, 777, 0));
        let body = json!({ "results": call }).to_string();
        assert!(body.len() > 64 * 1024);
        assert_eq!(200, service.post(&path, &[], body.clone()).await);
        assert_eq!(["delivered"], *service.states(AMY).await, "it is written when it is answered");
        assert_eq!(["failed"], *service.states(BEA).await);
        assert_eq!(["accepted"], *service.states(CAT).await);
        let failed = service.sent_to(BEA).await.remove(0);
        assert_eq!(
            (Some("9/1"), Some("The number is not in use.")),
            (failed.code.as_deref(), failed.reason.as_deref())
        );
        assert_eq!("infobip STATUS_", service.alarms("unknown_status").await[0].subject);
        let kept: Vec<String> =
            on_each!(&service.database, |pool| sqlx::query_scalar("SELECT raw FROM reports")
                .fetch_all(pool)
                .await)
            .expect("the reports");
        assert_eq!(124, kept.len());
        assert!(kept.iter().all(|raw| raw.starts_with('{') && raw.len() < 1000 && !raw.contains(SECRET)));

        assert_eq!(403, service.post("/webhooks/infobip/report?secret=no", &[], body).await);
        let long = json!({ "results": ["x".repeat(1024 * 1024)] }).to_string();
        assert_eq!(413, service.post(&path, &[], long).await);
    }
}

/// Taken, and the answer lost: handed over again under the same name, it is known, and she has it once.
#[tokio::test]
async fn a_text_in_doubt_is_handed_over_again_and_not_doubled() {
    let folder = TempDir::new().expect("a folder");
    for kind in ["infobip", "telnyx"] {
        for database in [engines::sqlite(folder.path()), engines::postgres()] {
            let (mut service, provider) = house(kind, &database).await;
            provider.will_lose(AMY);
            says(kind, &service, "a", AMY, "HELP").await;
            service.until_states(AMY, &["in_doubt"]).await;
            assert_eq!((1, 1), (provider.asked(), provider.taken_for(AMY).len()));
            // Two minutes go by, which no test should wait for.
            assert_eq!(0, service.stop().await);
            change(&service, "UPDATE outbox SET next_try_at = $1 WHERE state = 3", TimeDelta::minutes(3))
                .await;
            service.start_again().await;
            service.until_states(AMY, &["accepted"]).await;
            assert_eq!((2, 1), (provider.asked(), provider.taken_for(AMY).len()), "{kind}");
            assert!(provider.taken_for(AMY)[0].words.starts_with("Text4baby"));
        }
    }
}

/// In doubt for a day, in the list or in the queue: nobody knows its name any more, and it is not handed over again.
#[tokio::test]
async fn a_name_that_may_be_forgotten_is_not_used_again() {
    let folder = TempDir::new().expect("a folder");
    for kind in ["infobip", "telnyx"] {
        for database in [engines::sqlite(folder.path()), engines::postgres()] {
            let (mut service, provider) = house(kind, &database).await;
            for (id, woman) in [("a", AMY), ("b", BEA)] {
                provider.will_lose(woman);
                says(kind, &service, id, woman, "HELP").await;
                service.until_states(woman, &["in_doubt"]).await;
            }
            assert_eq!(0, service.stop().await);
            change(&service, "UPDATE attempts SET began_at = $1", TimeDelta::days(1)).await;
            let waits = "UPDATE outbox SET next_try_at = $1, state = 0, tries = 0, code = 'repeat'
                          WHERE phone = '+12025550144'";
            change(&service, waits, TimeDelta::minutes(1)).await;
            change(&service, "UPDATE outbox SET next_try_at = $1 WHERE state = 3", TimeDelta::minutes(1))
                .await;
            service.start_again().await;
            eventually("both are looked at", async || {
                let (amy, bea) = (service.sent_to(AMY).await, service.sent_to(BEA).await);
                let stays = "it may have been sent: waiting for a report";
                let (amy, bea) = (&amy[0], &bea[0]);
                let done =
                    amy.reason.as_deref() == Some(stays) && bea.code.as_deref() == Some("too-late-to-repeat");
                (done && amy.state() == "in_doubt" && bea.state() == "in_doubt").then_some(())
            })
            .await;
            assert_eq!(2, provider.asked(), "{kind}");
        }
    }
}

/// She texts by way of Infobip or Telnyx.
async fn says(kind: &str, service: &Service, id: &str, from: &str, body: &str) {
    if kind == "infobip" {
        assert_eq!(200, infobip_calls(service, INBOUND, &[text(id, from, body)]).await);
        return;
    }
    let event =
        json!({"data": {"event_type": "message.received", "id": id, "payload": {"id": id, "text": body,
        "from": {"phone_number": from}, "to": [{"phone_number": format!("+{US}")}]}}})
        .to_string();
    let timestamp = Clock::System.now().timestamp().to_string();
    let signature = STANDARD.encode(pair().sign(format!("{timestamp}|{event}").as_bytes()));
    let headers = [("telnyx-signature-ed25519", &*signature), ("telnyx-timestamp", &*timestamp)];
    assert_eq!(200, service.post("/webhooks/telnyx/inbound", &headers, event.clone()).await);
    let stale = [("telnyx-signature-ed25519", &*signature), ("telnyx-timestamp", "1")];
    assert_eq!(403, service.post("/webhooks/telnyx/inbound", &stale, event).await);
}

/// Lets something have happened so long ago.
async fn change(service: &Service, update: &'static str, ago: TimeDelta) {
    let then = Clock::System.now() - ago;
    on_each!(&service.database, |pool| sqlx::query(update).bind(then).execute(pool).await.map(drop))
        .expect("it is done");
}
