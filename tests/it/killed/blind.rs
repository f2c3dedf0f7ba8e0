//! The same beside a gateway that proves nothing: a Kannel whose reports never come, and which keeps no list. There
//! nobody can tell what became of a text whose answer was lost. So a tip is not sent again and the account says that it
//! may have arrived; an answer that she waits for is repeated, and the account says that too.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use motherline::clock::Clock;
use motherline::domain::delivery::State;
use motherline::ids::spread;
use motherline::store::outbox::Kind;
use tempfile::TempDir;
use uuid::Uuid;

use super::{count, number};
use crate::support::engines;
use crate::support::gateway::Simulator;
use crate::support::service::{Service, Settings, on_each, port};
use crate::support::texts::{queue, reminder};

/// Between two kills so many tips fall due, and half as many answers.
const WAVE: usize = 8;
const BAD_DAY: [&str; 5] = [
    "--latency-ms",
    "2..40",
    "--errors",
    "503=0.02,429=0.01,reset=0.02,lost=0.1,garbage-taken=0.02",
    "--no-reports",
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_nobody_can_tell_is_listed_on_sqlite() {
    let folder = TempDir::new().expect("a folder");
    killed_without_evidence(engines::sqlite(folder.path())).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_nobody_can_tell_is_listed_on_postgres() {
    killed_without_evidence(engines::postgres()).await;
}

async fn killed_without_evidence(database: String) {
    let gateway = Simulator::start(&BAD_DAY, "none");
    let port = port();
    let settings = Settings::new(config(port, &gateway.url), database, port);
    let settings =
        settings.secret("BLIND_PASSWORD", "a password").secret("BLIND_SECRET", &"s3cret".repeat(6));
    let (mut service, due) = killed_until_all_is_settled(settings).await;
    hold_the_accounts_against_each_other(&service, &gateway, due).await;
    assert_eq!(0, service.stop().await, "and at the end SIGTERM is obeyed");
}

/// Starts the service and kills it, again and again, while texts fall due, and lets time pass until none is left; gives
/// it with how many fell due. Every third is an answer.
pub(super) async fn killed_until_all_is_settled(settings: Settings) -> (Service, usize) {
    let mut service = Service::start(settings).await;
    let kills = super::kills().div_ceil(2);
    for kill in 0..kills {
        let wave = kill * WAVE..(kill + 1) * WAVE;
        let due: Vec<_> = wave
            .map(|n| {
                let mut text = reminder(number(n), format!("Text number {n}."), "text4baby-us");
                if n % 3 == 0 {
                    (text.answers, text.kind) = (Some(Uuid::nil()), Kind::Reply);
                }
                text
            })
            .collect();
        queue(&service, &due).await;
        tokio::time::sleep(Duration::from_secs_f64(0.4 * spread(Uuid::from_u128(0xb11d + kill as u128))))
            .await;
        service.kill();
        service.start_again().await;
    }
    until_all_is_settled(&mut service).await;
    (service, kills * WAVE)
}

/// Kannel, whose reports would be believed.
fn config(port: u16, gateway: &str) -> String {
    format!(
        r#"
        [server]
        public_url = "http://127.0.0.1:{port}"
        [[gateway]]
        name = "kannel"
        kind = "kannel"
        sendsms_url = "{gateway}/cgi-bin/sendsms"
        username = "motherline"
        password = {{ env = "BLIND_PASSWORD" }}
        callback_secret = {{ env = "BLIND_SECRET" }}
        [[sender]]
        name = "short"
        gateway = "kannel"
        address = "1010"
        programs = ["text4baby-us"]
        segments_per_second = 1000
        "#
    )
}

/// Minutes go by, in which no report comes.
async fn until_all_is_settled(service: &mut Service) {
    for _ in 0..40 {
        tokio::time::sleep(Duration::from_millis(1500)).await;
        if count(service, "SELECT COUNT(*) FROM outbox").await == 0 {
            return;
        }
        assert_eq!(0, service.stop().await, "SIGTERM drains and ends well");
        let ago = |minutes| Clock::System.now() - TimeDelta::minutes(minutes);
        let changes: [(&str, DateTime<Utc>); 3] = [
            ("UPDATE outbox SET began_at = $1 WHERE state = 2", ago(2)),
            ("UPDATE outbox SET next_try_at = $1 WHERE state IN (0, 3)", ago(0)),
            ("UPDATE attempts SET ended_at = $1", ago(16)),
        ];
        on_each!(&service.database, |pool| {
            for (change, at) in changes {
                sqlx::query(change).bind(at).execute(pool).await.expect("time goes by");
            }
        });
        service.start_again().await;
    }
    panic!("{} are not settled", count(service, "SELECT COUNT(*) FROM outbox").await);
}

async fn hold_the_accounts_against_each_other(service: &Service, gateway: &Simulator, due: usize) {
    let carried = gateway.texts().await;
    let select = "SELECT h.id, h.state, h.kind, COALESCE(h.code, ''), COALESCE(h.reason, ''),
                         (SELECT COUNT(*) FROM attempts a WHERE a.text_id = h.id AND a.outcome = 'ambiguous')
                    FROM history h";
    let ours: Vec<(Uuid, i16, String, String, String, i64)> =
        on_each!(&service.database, |pool| sqlx::query_as(select).fetch_all(pool).await)
            .expect("our account");
    assert_eq!(due, ours.len(), "every text that was due is accounted for, once");
    let (mut listed, mut twice) = (0, 0);
    for (id, state, kind, code, reason, doubts) in &ours {
        let taken = carried.get(id).map_or(0, |text| text.taken);
        let known = format!("{id} {kind} state {state} {code} {reason:?} {doubts} doubts, taken {taken}");
        let is_reply = kind == Kind::Reply.name();
        match State::from_code(*state) {
            // It was accepted by the last of its tries, and only an answer is repeated after one in doubt.
            Some(State::Accepted) if is_reply => {
                assert!((1..=1 + *doubts as u64).contains(&taken), "{known}");
                twice += u64::from(taken > 1);
            }
            Some(State::Accepted) => assert_eq!((1, 0), (taken, *doubts), "{known}"),
            // It is listed: the account says that it may have arrived, and it did once at most.
            Some(State::Failed) if code == "in_doubt" => {
                assert!(reason.contains("may have been sent"), "{known}");
                assert!(taken <= if is_reply { *doubts as u64 } else { 1 }, "{known}");
                listed += 1;
            }
            _ => panic!("{known}"),
        }
    }
    eprintln!(
        "{due} due, {listed} listed as in doubt, {twice} answers that came twice; {}",
        gateway.account().await
    );
    assert!(listed > 0, "among so many some answers are lost");
}
