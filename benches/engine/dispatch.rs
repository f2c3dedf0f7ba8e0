//! Dispatch: texts a second sent by the real dispatcher over the Twilio gateway and recorded as accepted, beside a
//! bare loop of reqwest that posts the same forms as many at a time and records nothing.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use chrono::TimeDelta;
use motherline::clock::Clock;
use motherline::flows::dispatch::SEND_LIMIT;
use motherline::gateway::twilio::{Auth, Settings};
use motherline::gateway::{Gateway, Http, Provider, Secret, Twilio};
use motherline::telemetry::Metrics;
use motherline::worker::dispatcher::Dispatcher;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::caller::TOKEN;
use crate::figures::{Sample, Watch};
use crate::planning;
use crate::simulator::ACCOUNT;
use crate::world::{Engine, SENDER, World, close, count, on_pool};

const QUEUE: &str = "queue";
const COPY: &str = "dispatch";
const CALLBACK: &str = "https://motherline.example.org/webhooks/twilio";
/// A number reserved for fiction.
const HER: &str = "+12025550143";
/// How often the counter is looked at.
const LOOK: Duration = Duration::from_millis(2);
const ACCEPTED: &str = "SELECT COUNT(*) FROM history WHERE state = 4";

/// What is posted for a text.
pub type Form = [(&'static str, String); 5];

/// Fills a queue: the texts that the planner makes, all of which may go now. Gives their forms for the bare loop.
pub async fn prepare(world: &World, engine: Engine) -> Arc<[Form]> {
    fill(world, engine, QUEUE, world.settings.texts).await;
    let database = world.open(engine, QUEUE).await;
    let words: Vec<String> = on_pool!(&database, |pool| {
        let select = "SELECT w.body FROM outbox o JOIN wordings w ON w.hash = o.wording ORDER BY o.id";
        sqlx::query_scalar(select).fetch_all(pool).await.expect("their words")
    });
    database.close().await;
    let form = |body: String| {
        [
            ("To", HER.to_owned()),
            ("From", "+12025550100".to_owned()),
            ("Body", body),
            ("StatusCallback", format!("{CALLBACK}/report?m={}", Uuid::from_u128(0x5eed))),
            ("ValidityPeriod", "36000".to_owned()),
        ]
    };
    words.into_iter().map(form).collect()
}

/// Fills a database with so many texts that the planner has made and that may go now.
pub async fn fill(world: &World, engine: Engine, name: &str, texts: u64) {
    planning::prepare(world, engine, name, texts).await;
    let database = world.open(engine, name).await;
    planning::everybody(world, &database).await;
    let now = Clock::System.now();
    let open = "UPDATE outbox SET next_try_at = $1, window_closes_at = $2, not_after = $2, phone = $3";
    on_pool!(&database, |pool| {
        let update = sqlx::query(open).bind(now).bind(now + TimeDelta::days(1)).bind(HER);
        update.execute(pool).await.expect("all may go");
    });
    close(database).await;
}

/// The dispatcher, from its start until the last text is recorded in the database.
pub async fn ours(world: &World, engine: Engine, in_flight: usize) -> Sample {
    world.copy(engine, QUEUE, COPY);
    let database = world.open(engine, COPY).await;
    let service = world.service(database.clone(), Clock::System);
    let sender = service.senders.get(SENDER).expect("the sender").clone();
    let http = Arc::new(client());
    let all = count(&database, "SELECT COUNT(*) FROM outbox WHERE state = 0").await;
    let taken = world.simulator.count(&http).await;
    let (metrics, stop) = (service.metrics.clone(), CancellationToken::new());
    let routes = vec![(Arc::new(gateway(world)), sender.address.clone())];
    let dispatcher = Dispatcher::new(service, http.clone(), routes, sender, in_flight);
    let watch = Watch::start(world.server(engine));
    let running = tokio::spawn(dispatcher.run(stop.clone()));
    while watch.elapsed() < world.settings.limit && accepted(&metrics) < all {
        tokio::time::sleep(LOOK).await;
    }
    // The counter runs a batch ahead of the commit: what counts is what the database says.
    let mut recorded = count(&database, ACCEPTED).await;
    while watch.elapsed() < world.settings.limit && recorded < all {
        tokio::time::sleep(LOOK).await;
        recorded = count(&database, ACCEPTED).await;
    }
    let sample = watch.stop(recorded, all);
    stop.cancel();
    running.await.expect("the dispatcher ends well");
    let (sent, recorded) = (world.simulator.count(&http).await - taken, count(&database, ACCEPTED).await);
    assert_eq!(sent, recorded, "what the gateway took is not what was recorded");
    database.close().await;
    world.remove(engine, COPY);
    sample
}

/// The same texts by reqwest, and nothing else.
pub async fn bare(world: &World, forms: &Arc<[Form]>, in_flight: usize) -> Sample {
    let http = reqwest::Client::builder().timeout(SEND_LIMIT).build().expect("a client");
    let next = Arc::new(AtomicUsize::new(0));
    let url: Arc<str> = format!("{}/2010-04-01/Accounts/{ACCOUNT}/Messages.json", world.simulator.url).into();
    let mut tasks = JoinSet::new();
    let watch = Watch::start(None);
    for _ in 0..in_flight {
        let (http, next, url, forms) = (http.clone(), next.clone(), url.clone(), forms.clone());
        tasks.spawn(async move {
            while let Some(form) = forms.get(next.fetch_add(1, Ordering::Relaxed)) {
                let request = http.post(&*url).basic_auth(ACCOUNT, Some(TOKEN)).form(form);
                let response = request.send().await.expect("an answer");
                assert_eq!(response.status(), 201, "the simulator takes everything");
                response.bytes().await.expect("its body");
            }
        });
    }
    while let Some(task) = tasks.join_next().await {
        task.expect("a loop ends well");
    }
    let all = forms.len() as u64;
    watch.stop(all, all)
}

/// The service's one HTTP client.
fn client() -> Http {
    Http::new(SEND_LIMIT).expect("a client")
}

/// The gateway that the simulator is.
pub fn gateway(world: &World) -> Gateway {
    let twilio = Twilio::new(Settings {
        account_sid: ACCOUNT.to_owned(),
        auth: Auth::AuthToken,
        auth_token: Secret::new(TOKEN),
        shared_key: None,
        messaging_service_sid: None,
        base_url: world.simulator.url.clone(),
        callback_url: CALLBACK.to_owned(),
    });
    Gateway { name: SENDER.to_owned(), provider: Provider::Twilio(twilio) }
}

/// How many sends the service has counted as accepted: looking costs the database nothing.
fn accepted(metrics: &Metrics) -> u64 {
    let all = metrics.encode();
    let line = all
        .lines()
        .find(|line| line.starts_with("motherline_sends_total{") && line.contains(r#"outcome="accepted""#));
    line.and_then(|line| line.rsplit(' ').next()?.parse().ok()).unwrap_or_default()
}
