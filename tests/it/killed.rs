//! `kill -9` at any moment, and a restart: nothing that was written is lost, and nothing is sent twice.
//!
//! The real program, on each engine, under a stream of texts received and texts due, beside a gateway in a
//! process of its own that keeps its own account of every text by our name for it, and that also answers late,
//! with faults, and not at all. The program is killed again and again at moments that no one chose; in the end
//! the two accounts are held against each other.

mod blind;
mod keyed;

use std::collections::HashMap;
use std::time::{Duration, Instant};

use base64::Engine;
use chrono::TimeDelta;
use hmac::{Hmac, KeyInit, Mac};
use http::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use motherline::clock::Clock;
use motherline::domain::delivery::State;
use motherline::gateway::Http;
use motherline::gateway::http::Address;
use motherline::ids::spread;
use sha1::Sha1;
use tempfile::TempDir;
use uuid::Uuid;

use crate::support::engines;
use crate::support::gateway::{Carried, Simulator};
use crate::support::service::{Service, Settings, on_each, port};
use crate::support::texts::{queue, reminder};

/// So often it is killed. `MOTHERLINE_KILLS` asks for more: `make soak`.
const KILLS: usize = 20;
/// Between two kills so many women write, and so many texts fall due.
const WAVE: usize = 6;
/// From the first text of a wave to the latest moment of the kill.
const SHORTEST_LIFE: Duration = Duration::from_millis(600);
const LONGEST_LIFE: Duration = Duration::from_secs(6);
/// What signs the webhooks.
pub const TOKEN: &str = "a token for this test";
/// A gateway on a bad day.
const BAD_DAY: [&str; 12] = [
    "--latency-ms",
    "2..40",
    "--errors",
    "503=0.02,500-taken=0.01,429=0.01,reset=0.02,lost=0.03,garbage-taken=0.01,21211=0.01",
    "--report-delay-ms",
    "30",
    "--reports-twice",
    "0.1",
    "--reports-out-of-order",
    "0.1",
    "--report-pause-ms",
    "100",
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_lost_or_doubled_on_sqlite() {
    let folder = TempDir::new().expect("a folder");
    Soak::begin(engines::sqlite(folder.path())).await.run().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_lost_or_doubled_on_postgres() {
    Soak::begin(engines::postgres()).await.run().await;
}

struct Soak {
    gateway: Simulator,
    service: Service,
    port: u16,
    kills: usize,
    /// The words of the unasked texts, each its own.
    due: usize,
}

impl Soak {
    async fn begin(database: String) -> Self {
        let gateway = Simulator::start(&BAD_DAY, TOKEN);
        let port = port();
        let settings = Settings::new(config(port, &gateway.url), database, port);
        let service = Service::start(settings.secret("KILLED_TOKEN", TOKEN)).await;
        Self { gateway, service, port, kills: kills(), due: 0 }
    }

    async fn run(mut self) {
        let (mut unheard, mut life) = (Vec::new(), SHORTEST_LIFE);
        for kill in 0..self.kills {
            self.fall_due().await;
            let women = kill * WAVE..(kill + 1) * WAVE;
            let (url, port) = (self.service.url.clone(), self.port);
            let writing = async {
                let mut unheard = Vec::new();
                for woman in women {
                    if write_to(&url, port, woman).await != Some(200) {
                        unheard.push(woman);
                    }
                }
                unheard
            };
            // Not a moment anyone chose: anywhere from the first text to well after the last.
            let moment = life.mul_f64(spread(Uuid::from_u128(0x5eed + kill as u128)));
            let killing = async {
                tokio::time::sleep(moment).await;
                self.service.kill();
            };
            let (unheard_now, ()) = tokio::join!(writing, killing);
            unheard.extend(unheard_now);
            let began = Instant::now();
            self.service.start_again().await;
            // Where little gets done in a second, it lives longer, or each would be killed over the same text.
            life = (began.elapsed() / 2).clamp(SHORTEST_LIFE, LONGEST_LIFE);
        }
        for woman in unheard {
            // What was not answered 200 the provider sends again.
            assert_eq!(Some(200), write_to(&self.service.url, self.port, woman).await);
        }
        self.let_time_pass_until_all_is_settled().await;
        self.hold_the_accounts_against_each_other().await;
        assert_eq!(0, self.service.stop().await, "and at the end SIGTERM is obeyed");
    }

    /// Texts that nobody asked for fall due, as the planner would queue them.
    async fn fall_due(&mut self) {
        let wave = self.due..self.due + WAVE;
        let due = wave.map(|n| reminder(number(2 * n + 1), format!("Reminder number {n}."), "text4baby-us"));
        queue(&self.service, &due.collect::<Vec<_>>()).await;
        self.due += WAVE;
    }

    /// Minutes go by in which reports come, doubts are looked at and what failed is tried again; no test should
    /// wait for them. Each round stops the service as an operator does and starts it again.
    async fn let_time_pass_until_all_is_settled(&mut self) {
        for _ in 0..40 {
            tokio::time::sleep(Duration::from_millis(1500)).await;
            let unhandled = count(&self.service, "SELECT COUNT(*) FROM inbox WHERE state < 2").await;
            if unhandled + count(&self.service, "SELECT COUNT(*) FROM outbox").await == 0 {
                return;
            }
            assert_eq!(0, self.service.stop().await, "SIGTERM drains and ends well");
            let (now, then) = (Clock::System.now(), Clock::System.now() - TimeDelta::seconds(65));
            let orphaned = "UPDATE outbox SET began_at = $2, next_try_at = $1 WHERE state IN (2, 3)";
            let waiting = "UPDATE outbox SET next_try_at = $1, began_at = $2 WHERE state = 0";
            on_each!(&self.service.database, |pool| {
                for later in [orphaned, waiting] {
                    sqlx::query(later).bind(now).bind(then).execute(pool).await.expect("time goes by");
                }
            });
            self.service.start_again().await;
        }
        let left = "SELECT COUNT(*) FROM outbox WHERE state = 0";
        let doubtful = count(&self.service, "SELECT COUNT(*) FROM outbox WHERE state = 3").await;
        panic!("{} wait and {doubtful} are in doubt for ever", count(&self.service, left).await);
    }

    async fn hold_the_accounts_against_each_other(&self) {
        let carried = self.gateway.texts().await;
        let select = "SELECT id, state, tries FROM history";
        let ours: Vec<(Uuid, i16, i16)> =
            on_each!(&self.service.database, |pool| sqlx::query_as(select).fetch_all(pool).await)
                .expect("our account");
        let women = (self.kills * WAVE) as i64;
        let states = "SELECT state, tries, COUNT(*) FROM inbox GROUP BY state, tries ORDER BY state, tries";
        let states: Vec<(i16, i16, i64)> =
            on_each!(&self.service.database, |pool| sqlx::query_as(states).fetch_all(pool).await)
                .expect("our account");
        let handled: i64 = states.iter().filter(|(state, ..)| *state == 2).map(|(.., texts)| texts).sum();
        assert_eq!(women, handled, "each text is handled: state, tries, texts {states:?}");
        let answered = "SELECT COUNT(DISTINCT inbox_id) FROM history WHERE inbox_id IS NOT NULL";
        assert_eq!(women, count(&self.service, answered).await, "each text has its one answer");
        assert_eq!(2 * self.kills * WAVE, ours.len(), "every text that was due is accounted for, once");
        let mut tally: HashMap<(&str, u64), usize> = HashMap::new();
        let mut wrong = Vec::new();
        for (id, state, tries) in &ours {
            let state = State::from_code(*state).expect("a state");
            let theirs = carried.get(id).copied().unwrap_or_default();
            *tally.entry((state.name(), theirs.taken)).or_default() += 1;
            let arrived = matches!(state, State::Accepted | State::Sent | State::Delivered);
            if theirs.taken != u64::from(arrived) || theirs.asked > *tries as u64 {
                wrong.push((id, state, tries, theirs));
            }
        }
        let strangers: Vec<(&Uuid, &Carried)> =
            carried.iter().filter(|(id, _)| !ours.iter().any(|(ours, ..)| ours == *id)).collect();
        let mut lines: Vec<_> = tally.into_iter().collect();
        lines.sort_unstable();
        eprintln!("{} kills; our state, how often the gateway took it: how many", self.kills);
        for ((state, taken), texts) in lines {
            eprintln!("  {state:<10} {taken}: {texts}");
        }
        eprintln!("the gateway's account: {}", self.gateway.account().await);
        assert!(wrong.is_empty(), "the accounts differ: {wrong:?}");
        assert!(strangers.is_empty(), "the gateway took what we know nothing of: {strangers:?}");
    }
}

fn kills() -> usize {
    std::env::var("MOTHERLINE_KILLS").ok().and_then(|n| n.parse().ok()).unwrap_or(KILLS)
}

/// A service behind the gateway, reached at a port.
pub fn config(port: u16, gateway: &str) -> String {
    format!(
        r#"
        [server]
        public_url = "http://127.0.0.1:{port}"
        [[gateway]]
        name = "twilio"
        kind = "twilio"
        account_sid = "AC00000000000000000000000000000000"
        auth_token = {{ env = "KILLED_TOKEN" }}
        base_url = "{gateway}"
        [[sender]]
        name = "short"
        gateway = "twilio"
        address = "+12025550100"
        programs = ["text4baby-us"]
        segments_per_second = 1000
        "#
    )
}

/// One woman writes HELP; the status of the answer, if there was one.
pub async fn write_to(url: &str, port: u16, woman: usize) -> Option<u16> {
    let from = number(2 * woman);
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
    let http = Http::new(Duration::from_secs(20)).expect("a client");
    let form = HeaderValue::from_static("application/x-www-form-urlencoded");
    let signature = HeaderValue::from_str(&signature).expect("a header");
    let hook = Address::parse(&format!("{url}/webhooks/twilio/inbound")).expect("an address");
    let hook = hook.with(CONTENT_TYPE, form).with(HeaderName::from_static("x-twilio-signature"), signature);
    http.exchange(hook.post(body)).await.ok().map(|answer| answer.status.as_u16())
}

/// One woman writes HELP to a service that runs.
pub async fn write(service: &Service, port: u16, woman: usize) -> u16 {
    write_to(&service.url, port, woman).await.expect("an answer")
}

/// A number reserved for fiction: 100 an area. Each gets one text only, so that the gateway's list of what it took
/// for a number leaves no doubt.
fn number(n: usize) -> String {
    const AREAS: [u16; 30] = [
        201, 202, 203, 205, 206, 207, 208, 209, 210, 212, 213, 214, 215, 216, 217, 218, 219, 224, 225, 228,
        229, 231, 234, 239, 240, 248, 251, 252, 253, 254,
    ];
    format!("+1{}55501{:02}", AREAS[n / 100], n % 100)
}

/// Counts rows.
pub async fn count(service: &Service, sql: &'static str) -> i64 {
    on_each!(&service.database, |pool| sqlx::query_scalar(sql).fetch_one(pool).await).expect("a count")
}
