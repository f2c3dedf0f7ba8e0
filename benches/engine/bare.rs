//! A bare loop of reqwest: posts the same forms to the same simulator, as many at a time, and remembers nothing.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use motherline::flows::dispatch::SEND_LIMIT;
use reqwest::Client;
use tokio::task::JoinSet;
use uuid::Uuid;

use crate::caller::TOKEN;
use crate::figures::{Sample, Watch};
use crate::house::CALLBACK;
use crate::queue::HER;
use crate::simulator::{ACCOUNT, Simulator};

/// The loop, under way.
struct Bare {
    sent: Arc<AtomicU64>,
    tasks: JoinSet<()>,
}

impl Bare {
    /// Begins to send so many texts, so many of them at a time.
    fn start(
        http: &Client,
        simulator: &Simulator,
        words: &Arc<[String]>,
        texts: u64,
        in_flight: usize,
    ) -> Self {
        let (next, sent) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicU64::new(0)));
        let url: Arc<str> = format!("{}/2010-04-01/Accounts/{ACCOUNT}/Messages.json", simulator.url).into();
        let mut tasks = JoinSet::new();
        for _ in 0..in_flight {
            let (http, next, sent) = (http.clone(), next.clone(), sent.clone());
            let (url, words) = (url.clone(), words.clone());
            tasks.spawn(async move {
                loop {
                    let text = next.fetch_add(1, Ordering::Relaxed);
                    if text >= texts {
                        return;
                    }
                    let form = form(text, &words[text as usize % words.len()]);
                    let request = http.post(&*url).basic_auth(ACCOUNT, Some(TOKEN)).form(&form);
                    let response = request.send().await.expect("an answer");
                    assert_eq!(response.status(), 201, "the simulator takes everything");
                    response.bytes().await.expect("its body");
                    sent.fetch_add(1, Ordering::Relaxed);
                }
            });
        }
        Self { sent, tasks }
    }

    /// How many it has sent.
    fn sent(&self) -> u64 {
        self.sent.load(Ordering::Relaxed)
    }

    async fn end(mut self) {
        while let Some(task) = self.tasks.join_next().await {
            task.expect("a loop ends well");
        }
    }
}

fn client() -> Client {
    Client::builder().timeout(SEND_LIMIT).build().expect("a client")
}

fn form(text: u64, words: &str) -> [(&'static str, String); 5] {
    // A name of its own for each, as ours has: the last 16 bits number the tries.
    let name = Uuid::from_u128(0x5eed_0000_0000_7000_8000_0000_0000_0000 | u128::from(text) << 16 | 1);
    [
        ("To", HER.to_owned()),
        ("From", "+12025550100".to_owned()),
        ("Body", words.to_owned()),
        ("StatusCallback", format!("{CALLBACK}/report?m={name}")),
        ("ValidityPeriod", "36000".to_owned()),
    ]
}

/// So many texts, from the first to the last.
pub async fn all(simulator: &Simulator, words: &Arc<[String]>, texts: u64, in_flight: usize) -> Sample {
    simulator.clear().await;
    let http = client();
    let watch = Watch::start(None);
    Bare::start(&http, simulator, words, texts, in_flight).end().await;
    let sample = watch.stop(texts, texts);
    simulator.agrees(texts).await;
    sample
}

/// The steady rate: `warm` after its start, over a window.
pub async fn steady(
    simulator: &Simulator,
    words: &Arc<[String]>,
    in_flight: usize,
    warm: Duration,
    window: Duration,
) -> Sample {
    simulator.clear().await;
    let bare = Bare::start(&client(), simulator, words, u64::MAX, in_flight);
    tokio::time::sleep(warm).await;
    let (watch, before) = (Watch::start(None), bare.sent());
    tokio::time::sleep(window).await;
    let sent = bare.sent() - before;
    watch.stop(sent, sent)
}
