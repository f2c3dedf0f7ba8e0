//! `kill -9` in the middle, and a restart: nothing that was written is lost, and nothing is sent twice.
//!
//! The real program, on each engine, with a Twilio-speaking carrier beside it that keeps its own account of
//! every text by our reference. Under a stream of texts the program is killed again and again at moments that
//! no one chose; in the end the two accounts are held against each other.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::post;
use base64::Engine;
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use tempfile::TempDir;

use crate::support::engines;
use crate::support::service::{Service, Settings, eventually_within, on_each, port};

/// So many women write.
const WOMEN: usize = 120;
/// So often it is killed. `MOTHERLINE_KILLS` asks for more.
const KILLS: usize = 6;
/// What signs the webhooks.
pub const TOKEN: &str = "a token for this test";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_written_is_lost_on_sqlite() {
    let folder = TempDir::new().expect("a folder");
    killed_again_and_again(engines::sqlite(folder.path())).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_written_is_lost_on_postgres() {
    killed_again_and_again(engines::postgres()).await;
}

async fn killed_again_and_again(database: String) {
    let carrier = Carrier::open().await;
    let port = port();
    let mut service = Service::start(
        Settings::new(config(port, &carrier.url), database, port).secret("KILLED_TOKEN", TOKEN),
    )
    .await;
    let kills = std::env::var("MOTHERLINE_KILLS").ok().and_then(|n| n.parse().ok()).unwrap_or(KILLS);
    let mut accepted = Vec::new();
    for round in 0..kills {
        let waves = WOMEN.div_ceil(kills);
        for woman in (round * waves..(round + 1) * waves).take_while(|woman| *woman < WOMEN) {
            if write(&service, port, woman).await == 200 {
                accepted.push(woman);
            }
        }
        // Not a moment anyone chose: how long the wave took to write decides where in it this falls.
        tokio::time::sleep(Duration::from_millis(7 * (round as u64 % 5))).await;
        service.kill();
        service.start_again().await;
    }
    assert_eq!(WOMEN, accepted.len(), "each was answered 200 once it was written");
    // On PostgreSQL the dead one's leases must run out first: other processes might hold them.
    let patience = Duration::from_secs(90);
    eventually_within(patience, "every text is handled and nothing waits to be sent", async || {
        let handled = count(&service, "SELECT COUNT(*) FROM inbox WHERE state = 2").await;
        let waiting = count(&service, "SELECT COUNT(*) FROM texts WHERE state IN (0, 1, 2)").await;
        (handled == WOMEN as i64 && waiting == 0).then_some(())
    })
    .await;
    let queued = count(&service, "SELECT COUNT(*) FROM texts").await;
    assert_eq!(WOMEN as i64, queued, "each text has its one answer");
    let doubled =
        "SELECT COUNT(*) FROM (SELECT inbox_id FROM texts GROUP BY inbox_id HAVING COUNT(*) > 1) AS t";
    assert_eq!(0, count(&service, doubled).await);
    let account = carrier.account();
    assert!(account.values().all(|times| *times == 1), "a woman got her answer twice");
    let in_doubt = count(&service, "SELECT COUNT(*) FROM texts WHERE state = 3").await;
    let accepted = count(&service, "SELECT COUNT(*) FROM texts WHERE state IN (4, 5, 6)").await;
    assert_eq!(WOMEN as i64, accepted + in_doubt, "every answer is accounted for");
    assert!(accepted > in_doubt, "most were accepted: {accepted}, {in_doubt} in doubt");
    assert!(account.len() as i64 >= accepted, "what counts as accepted was carried");
    assert!(
        account.len() as i64 <= accepted + in_doubt,
        "what was carried is accepted or listed as in doubt"
    );
    assert_eq!(0, service.stop().await, "and at the end SIGTERM is obeyed");
}

/// A service behind the carrier, reached at a port.
pub fn config(port: u16, carrier: &str) -> String {
    format!(
        r#"
        [server]
        public_url = "http://127.0.0.1:{port}"
        [[gateway]]
        name = "twilio"
        kind = "twilio"
        account_sid = "AC00000000000000000000000000000000"
        auth_token = {{ env = "KILLED_TOKEN" }}
        base_url = "{carrier}"
        [[sender]]
        name = "short"
        gateway = "twilio"
        address = "+12025550100"
        programs = ["text4baby-us"]
        segments_per_second = 1000
        "#
    )
}

/// One woman writes HELP.
pub async fn write(service: &Service, port: u16, woman: usize) -> u16 {
    let from = number(woman);
    let pairs = [
        ("Body", "HELP"),
        ("From", &*from),
        ("MessageSid", &*format!("SM{woman:032x}")),
        ("To", "+12025550100"),
    ];
    let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
    // Names in this order are sorted already, as the signature wants them.
    let signed = pairs
        .iter()
        .fold(format!("http://127.0.0.1:{port}/webhooks/twilio/inbound"), |all, (name, value)| {
            all + name + value
        });
    let mut mac = Hmac::<Sha1>::new_from_slice(TOKEN.as_bytes()).expect("a key");
    mac.update(signed.as_bytes());
    let signature = base64::engine::general_purpose::STANDARD.encode(mac.finalize().into_bytes());
    service.post("/webhooks/twilio/inbound", &[("X-Twilio-Signature", &signature)], body).await
}

/// A number reserved for fiction.
fn number(woman: usize) -> String {
    let areas = [202, 212, 213, 312];
    format!("+1{}55501{:02}", areas[woman / 100], woman % 100)
}

/// Counts rows.
pub async fn count(service: &Service, sql: &'static str) -> i64 {
    on_each!(&service.database, |pool| sqlx::query_scalar(sql).fetch_one(pool).await).expect("a count")
}

/// What Twilio would be: it takes every text, and remembers for whom.
pub struct Carrier {
    /// Where it listens.
    pub url: String,
    carried: Arc<Mutex<HashMap<String, usize>>>,
}

impl Carrier {
    pub async fn open() -> Self {
        let carried = Arc::new(Mutex::new(HashMap::new()));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("its port"));
        let app = Router::new()
            .route("/2010-04-01/Accounts/{account}/Messages.json", post(carry))
            .with_state(carried.clone());
        tokio::spawn(async move { axum::serve(listener, app).await });
        Self { url, carried }
    }

    /// How many texts each number got.
    pub fn account(&self) -> HashMap<String, usize> {
        self.carried.lock().expect("the account").clone()
    }
}

async fn carry(
    State(carried): State<Arc<Mutex<HashMap<String, usize>>>>,
    body: Bytes,
) -> (StatusCode, String) {
    let to = form_urlencoded::parse(&body).find(|(name, _)| name == "To").expect("To").1.into_owned();
    *carried.lock().expect("the account").entry(to.clone()).or_insert(0) += 1;
    // A gateway takes a moment, so that a kill often finds texts on the wire.
    tokio::time::sleep(Duration::from_millis(5)).await;
    (
        StatusCode::CREATED,
        format!(r#"{{"sid": "SM{:0>32}", "status": "queued"}}"#, to.trim_start_matches('+')),
    )
}
