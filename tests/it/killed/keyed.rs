//! The same beside a gateway that proves nothing either, but takes each name once: an Infobip whose reports never come.
//! There no text need stay in doubt: the same try is handed over again under its name, and if it had been taken it is
//! not taken again. So everything arrives, once, tips and answers alike.

use motherline::domain::delivery::State;
use tempfile::TempDir;
use uuid::Uuid;

use super::blind::killed_until_all_is_settled;
use crate::support::engines;
use crate::support::gateway::Simulator;
use crate::support::service::{Service, Settings, on_each, port};

/// Answers to names that it knows are lost like any others.
const BAD_DAY: [&str; 5] = [
    "--latency-ms",
    "2..40",
    "--errors",
    "503=0.03,500-taken=0.03,429=0.01,reset=0.03,lost=0.15,garbage=0.02,garbage-taken=0.03",
    "--no-reports",
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_key_alone_settles_every_doubt_on_sqlite() {
    let folder = TempDir::new().expect("a folder");
    killed_with_a_key(engines::sqlite(folder.path())).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_key_alone_settles_every_doubt_on_postgres() {
    killed_with_a_key(engines::postgres()).await;
}

async fn killed_with_a_key(database: String) {
    let gateway = Simulator::start(&BAD_DAY, "none");
    let port = port();
    let settings = Settings::new(config(port, &gateway.url), database, port);
    let settings = settings.secret("KEYED_KEY", "a-key").secret("KEYED_SECRET", &"s3cret".repeat(6));
    let (mut service, due) = killed_until_all_is_settled(settings).await;
    hold_the_accounts_against_each_other(&service, &gateway, due).await;
    assert_eq!(0, service.stop().await, "and at the end SIGTERM is obeyed");
}

/// Infobip, whose reports would be believed.
fn config(port: u16, gateway: &str) -> String {
    format!(
        r#"
        [server]
        public_url = "http://127.0.0.1:{port}"
        [[gateway]]
        name = "infobip"
        kind = "infobip"
        base_url = "{gateway}"
        api_key = {{ env = "KEYED_KEY" }}
        callback_secret = {{ env = "KEYED_SECRET" }}
        [[sender]]
        name = "short"
        gateway = "infobip"
        address = "+12025550100"
        programs = ["text4baby-us"]
        segments_per_second = 1000
        "#
    )
}

async fn hold_the_accounts_against_each_other(service: &Service, gateway: &Simulator, due: usize) {
    let (carried, account) = (gateway.texts().await, gateway.account().await);
    let select = "SELECT id, state FROM history";
    let ours: Vec<(Uuid, i16)> =
        on_each!(&service.database, |pool| sqlx::query_as(select).fetch_all(pool).await)
            .expect("our account");
    assert_eq!((due, due), (ours.len(), carried.len()), "every text that was due is in both accounts");
    for (id, state) in &ours {
        let theirs = carried.get(id).copied().unwrap_or_default();
        assert_eq!((Some(State::Accepted), 1), (State::from_code(*state), theirs.taken), "{id}: {theirs:?}");
    }
    let number = |pointer: &str| account.pointer(pointer).and_then(serde_json::Value::as_u64).unwrap_or(0);
    let (again, known) = (number("/doubles/references_offered_again"), number("/refused/duplicate"));
    eprintln!(
        "{due} due, {again} times a name was offered again, {known} times it had been taken; {account}"
    );
    assert_eq!((0, 0), (number("/doubles/texts_again"), number("/doubles/references_again")), "{account}");
    assert!(
        known > 0,
        "unless the name alone has kept a text from going twice, nothing is proved: {account}"
    );
}
