//! Reports on what became of the texts: each at its time, so many at once, and again where nobody took it.
//!
//! What a service that is killed and started again has missed is offered to it again, as all three gateways do.

mod caller;
mod news;

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{Notify, Semaphore};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep_until};

use self::caller::{Call, Caller};
pub use self::news::News;
use super::Carrier;
use super::account::{Met, Status, Taken};
use super::chance::Dice;
use super::settings::{LONGEST_PAUSE, Reports};
use super::text::{Dialect, Text};
use super::{infobip, kannel, twilio};

/// The reports that are still to be given.
pub struct Callbacks {
    settings: Reports,
    queue: Mutex<Queue>,
    bell: Notify,
    caller: Caller,
    waiting: AtomicU64,
}

#[derive(Default)]
struct Queue {
    due: BinaryHeap<Reverse<Due>>,
    /// Keeps the order of what is due at the same time.
    number: u64,
}

struct Due {
    at: Instant,
    number: u64,
    news: Box<News>,
}

impl Ord for Due {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (self.at, self.number).cmp(&(other.at, other.number))
    }
}

impl PartialOrd for Due {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Due {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Due {}

impl Callbacks {
    pub fn new(settings: Reports) -> Self {
        let queue = Mutex::default();
        Self { settings, queue, bell: Notify::new(), caller: Caller::default(), waiting: AtomicU64::new(0) }
    }

    /// What there will be to tell of a text that was just taken.
    pub fn news(&self, carrier: &Carrier, text: &Text<'_>, taken: Taken, dice: Dice) -> Box<News> {
        let news = News::new(&self.settings, text, taken, dice);
        if news.lost {
            carrier.desk().account.withheld();
        }
        self.waiting.fetch_add(1, Ordering::Relaxed);
        Box::new(news)
    }

    /// Puts a text's next report on the queue.
    pub fn put(&self, news: Box<News>, delay: Duration) {
        let at = Instant::now() + delay;
        let mut queue = self.queue.lock().unwrap_or_else(PoisonError::into_inner);
        let number = queue.number;
        queue.number += 1;
        let is_next = queue.due.peek().is_none_or(|Reverse(next)| at < next.at);
        queue.due.push(Reverse(Due { at, number, news }));
        drop(queue);
        if is_next {
            self.bell.notify_one();
        }
    }

    /// How many texts wait for reports.
    pub fn waiting(&self) -> u64 {
        self.waiting.load(Ordering::Relaxed)
    }

    /// The next text whose time has come.
    async fn next(&self) -> Box<News> {
        loop {
            let next = {
                let mut queue = self.queue.lock().unwrap_or_else(PoisonError::into_inner);
                let at = queue.due.peek().map(|Reverse(next)| next.at);
                if at.is_some_and(|at| at <= Instant::now())
                    && let Some(Reverse(due)) = queue.due.pop()
                {
                    return due.news;
                }
                at
            };
            match next {
                None => self.bell.notified().await,
                Some(at) => {
                    tokio::select! {
                        () = sleep_until(at) => {}
                        () = self.bell.notified() => {}
                    }
                }
            }
        }
    }

    async fn offer(&self, carrier: &Carrier, news: &News, status: Status) -> Option<Met> {
        let call = self.call(carrier, news, status)?;
        let last = news.tries + 1 >= self.settings.tries;
        Some(match self.caller.call(&call).await {
            Some(200..=299) => Met::Acknowledged,
            None | Some(500..) if last => Met::GivenUp,
            None | Some(500..) => Met::Again,
            Some(_) => Met::Refused,
        })
    }

    /// None: a report of this kind is not wanted.
    fn call(&self, carrier: &Carrier, news: &News, status: Status) -> Option<Call> {
        let (number, now) = (news.taken.number, carrier.settings.clock.now());
        let News { to, from, account_sid, .. } = news;
        match news.dialect {
            Dialect::Twilio => {
                let sid = twilio::sid(carrier.run, number);
                let about = twilio::Subject { sid: &sid, account_sid, to, from };
                let token = self.settings.auth_token.as_ref();
                let (form, signature) = twilio::callback(&news.url, &about, status, now, token);
                Some(Call { url: news.url.to_string(), posted: Some((twilio::FORM, form)), signature })
            }
            Dialect::Kannel => {
                let about = kannel::Subject { run: carrier.run, number, to, from };
                let url = kannel::report(&news.url, news.mask, &about, status, now)?;
                Some(Call { url, posted: None, signature: None })
            }
            Dialect::Infobip => {
                let message_id = infobip::message_id(&news.message_id, carrier.run, number);
                let about = infobip::Subject {
                    message_id: &message_id,
                    to,
                    segments: news.segments,
                    callback_data: &news.callback_data,
                };
                let report = infobip::report(news.mask, &about, status, now)?;
                Some(Call {
                    url: news.url.to_string(),
                    posted: Some((infobip::JSON, report)),
                    signature: None,
                })
            }
        }
    }
}

/// Gives all reports when their time comes; ends only with the simulator.
pub async fn run(carrier: Arc<Carrier>) {
    let Some(callbacks) = &carrier.callbacks else { return std::future::pending().await };
    let (permits, mut calls) = (Arc::new(Semaphore::new(callbacks.settings.at_once)), JoinSet::new());
    loop {
        let news = callbacks.next().await;
        while calls.try_join_next().is_some() {}
        if news.silent {
            give(&carrier, news).await;
        } else if let Ok(permit) = permits.clone().acquire_owned().await {
            let carrier = carrier.clone();
            calls.spawn(async move {
                give(&carrier, news).await;
                drop(permit);
            });
        }
    }
}

/// Gives a text's next report, once, and queues what is left.
pub async fn give(carrier: &Carrier, mut news: Box<News>) {
    let Some(callbacks) = &carrier.callbacks else { return };
    let status = news.steps[news.step];
    carrier.desk().account.advance(news.taken, status);
    let met = if news.silent { None } else { callbacks.offer(carrier, &news, status).await };
    if let Some(met) = met {
        carrier.desk().account.reported(news.taken, met);
    }
    if met == Some(Met::Again) {
        let pause = callbacks.settings.pause.saturating_mul(1 << news.tries.min(16)).min(LONGEST_PAUSE);
        news.tries += 1;
        return callbacks.put(news, pause);
    }
    (news.step, news.tries) = (news.step + 1, 0);
    if news.step < news.steps.len() {
        callbacks.put(news, callbacks.settings.delay);
    } else {
        callbacks.waiting.fetch_sub(1, Ordering::Relaxed);
    }
}
