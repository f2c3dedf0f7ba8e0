//! The gateway simulator as the service meets it: our own gateways send to it, look texts up in it and read its
//! reports, and in the end its account is held against what they were told.

mod account;
mod command;
mod faults;
mod infobip;
mod reports;
mod wire;

use std::future::Future;
use std::time::Duration;

use motherline::domain::phone::PhoneNumber;
use motherline::domain::segment::Encoding;
use motherline::gateway::http::Address;
use motherline::gateway::twilio::Auth;
use motherline::gateway::{Http, Kannel, Outcome, Parcel, Secret, Twilio, kannel, twilio};
use motherline::simulator::{Reports, Settings, Summary, serve};
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep};
use uuid::Uuid;

const ACCOUNT: &str = "AC00000000000000000000000000000000";
const US: &str = "+12025550100";
/// A number reserved for fiction.
const HER: &str = "+12025550143";
const WORDS: &str = "Неделя 12: пейте воду & отдыхайте, 100%";
const TOKEN: &str = "a token for this test";
/// With everything in it that an address or Kannel's own escapes could trip over.
const SECRET: &str = "s cret&+%d%ö";
const PATIENCE: Duration = Duration::from_secs(30);

/// A simulator in this process.
struct Trial {
    url: String,
    http: Http,
    stop: oneshot::Sender<()>,
    served: JoinHandle<std::io::Result<Summary>>,
}

impl Trial {
    async fn of(settings: Settings) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let (stop, stopped) = oneshot::channel();
        let shutdown = async {
            let _ = stopped.await;
        };
        let served = tokio::spawn(serve(listener, settings, shutdown));
        Self { url, http: Http::new(Duration::from_secs(5)).expect("a client"), stop, served }
    }

    /// With one fault, always.
    async fn with(fault: &str) -> Self {
        Self::of(Settings { errors: format!("{fault}=1").parse().expect("a fault"), ..quiet() }).await
    }

    fn twilio(&self, callback_url: &str) -> Twilio {
        Twilio::new(twilio::Settings {
            account_sid: ACCOUNT.to_owned(),
            auth: Auth::AuthToken,
            auth_token: Secret::new(TOKEN),
            shared_key: None,
            messaging_service_sid: None,
            base_url: self.url.clone(),
            callback_url: callback_url.to_owned(),
        })
    }

    fn kannel(&self, callback_url: &str) -> Kannel {
        Kannel::new(kannel::Settings {
            sendsms_url: format!("{}/cgi-bin/sendsms", self.url),
            username: "motherline".to_owned(),
            password: Secret::new("a password"),
            callback_secret: Secret::new(SECRET),
            peers: vec!["127.0.0.1".parse().expect("an address")],
            smsc: None,
            callback_url: callback_url.to_owned(),
        })
    }

    async fn text(&self, reference: Uuid) -> Outcome {
        let her = her();
        self.twilio("http://127.0.0.1:1/hooks").send(&self.http, &parcel(reference, &her, WORDS)).await
    }

    async fn kannel_text(&self, reference: Uuid) -> Outcome {
        let her = her();
        self.kannel("http://127.0.0.1:1/hooks").send(&self.http, &parcel(reference, &her, WORDS)).await
    }

    async fn get(&self, path: &str) -> (u16, String) {
        let address = Address::parse(&format!("{}{path}", self.url)).expect("an address");
        let answer = self.http.exchange(address.get()).await.expect("an answer");
        (answer.status.as_u16(), String::from_utf8(answer.body.into()).expect("its text"))
    }

    /// The account, as anyone can ask for it.
    async fn account(&self) -> serde_json::Value {
        serde_json::from_str(&self.get("/account").await.1).expect("JSON")
    }

    /// The account at its end.
    async fn end(self) -> Summary {
        drop(self.stop);
        self.served.await.expect("it ends well").expect("it served")
    }
}

/// Without reports.
fn quiet() -> Settings {
    Settings { reports: None, ..Settings::default() }
}

/// With reports as Twilio signs them.
fn reporting(reports: Reports) -> Settings {
    let reports =
        Reports { auth_token: Some(Secret::new(TOKEN)), pause: Duration::from_millis(1), ..reports };
    Settings { reports: Some(reports), ..Settings::default() }
}

fn her() -> PhoneNumber {
    PhoneNumber::from_e164(HER).expect("a number")
}

/// A try of a text, numbered in its reference's last 16 bits.
fn reference(text: u128, number: u16) -> Uuid {
    Uuid::from_u128(0x0199_a0b0_0000_7000_8000_0000_0000_0000 | text << 16 | u128::from(number))
}

fn parcel<'a>(reference: Uuid, to: &'a PhoneNumber, body: &'a str) -> Parcel<'a> {
    Parcel {
        reference,
        from: US,
        to,
        body,
        encoding: Encoding::Ucs2,
        segments: 1,
        valid_for: Duration::from_secs(3600),
        leaves_by: std::time::Instant::now() + Duration::from_secs(60),
    }
}

fn accepted(outcome: &Outcome) -> bool {
    matches!(outcome, Outcome::Accepted { .. })
}

/// Looks again and again until there is something to see.
async fn eventually<T, F: Future<Output = Option<T>>>(what: &str, mut look: impl FnMut() -> F) -> T {
    let deadline = Instant::now() + PATIENCE;
    loop {
        if let Some(seen) = look().await {
            return seen;
        }
        assert!(Instant::now() < deadline, "not within {PATIENCE:?}: {what}");
        sleep(Duration::from_millis(5)).await;
    }
}
