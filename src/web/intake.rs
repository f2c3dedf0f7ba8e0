//! Where webhooks have their news written down: as much at a time as has come.
//!
//! A commit waits for the disk, and one that carries five hundred texts waits no longer than one that carries one.
//! So a collector a kind takes all that has come while its last batch was being written, writes it in one
//! transaction, and only then lets each call be answered. It lingers for nothing: a lone text is written at once.
//! A batch is written on a thread of its own, or it would wait until all the calls of the last one are answered. On
//! PostgreSQL other batches of reports are written beside the first once enough have come: while it waits for the disk
//! the processors are free, and smaller ones would not be worth their commits.
//!
//! If a batch fails because the database is away, all its calls are told so. If something in it may be to blame, it
//! is written again by halves, until only what is to blame is left out.
//!
//! The collectors end when the last handler has gone: whoever waits is answered first.

use std::time::Duration;

use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinSet;

use crate::flows::{Service, inbound, receipts};
use crate::gateway::Report;
use crate::store::apart::apart;
use crate::store::failure::{is_away, is_clash};
use crate::store::inbox::Received;
use crate::store::{StoreError, StoreResult};
use crate::worker::whole::whole;

/// Twilio waits for fifteen seconds. A database that takes longer than this counts as away: a call that
/// hangs would be a connection lost as well.
const LIMIT: Duration = Duration::from_secs(8);
/// A batch is given up a little earlier, so that a call that was told no is rarely written all the same. If it is,
/// no harm is done: the provider calls again, and the same news twice has one effect.
const WRITE_LIMIT: Duration = Duration::from_secs(7);
/// Calls that wait at most, a kind; beyond them the provider is asked at once to come again.
const ROOM: usize = 8192;
/// Calls written together at most.
const MOST: usize = 512;
/// So many that another batch beside the first is worth its commit.
const ENOUGH: usize = 64;
/// What had to give way to others is tried so often.
const CLASHES: usize = 3;

/// It is not written: the provider must come again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unwritten;

/// The way to the collectors.
#[derive(Clone)]
pub struct Intake {
    texts: mpsc::Sender<Call<Received>>,
    reports: mpsc::Sender<Call<(String, Report)>>,
}

struct Call<N> {
    news: N,
    written: oneshot::Sender<Result<(), Unwritten>>,
}

impl Intake {
    /// Starts the collectors, on the runtime that this is called on.
    pub fn open(service: &Service) -> Self {
        Self { texts: collector(service), reports: collector(service) }
    }

    /// Has a text written down.
    pub async fn text(&self, text: Received) -> Result<(), Unwritten> {
        hand_over(&self.texts, text).await
    }

    /// Has the texts of one call written down, all of them.
    pub async fn texts(&self, texts: Vec<Received>) -> Result<(), Unwritten> {
        hand_over_all(&self.texts, texts).await
    }

    /// Has a gateway's report written down and counted.
    pub async fn report(&self, gateway: &str, report: Report) -> Result<(), Unwritten> {
        hand_over(&self.reports, (gateway.to_owned(), report)).await
    }

    /// Has the reports of one call written down and counted, all of them.
    pub async fn reports(
        &self,
        gateway: &str,
        reports: impl IntoIterator<Item = Report>,
    ) -> Result<(), Unwritten> {
        hand_over_all(&self.reports, reports.into_iter().map(|report| (gateway.to_owned(), report))).await
    }
}

async fn hand_over<N>(way: &mpsc::Sender<Call<N>>, news: N) -> Result<(), Unwritten> {
    let (written, answer) = oneshot::channel();
    way.try_send(Call { news, written }).map_err(|_| Unwritten)?;
    match tokio::time::timeout(LIMIT, answer).await {
        Ok(Ok(written)) => written,
        // Too late; or its batch broke.
        Err(_) | Ok(Err(_)) => Err(Unwritten),
    }
}

/// The same with several at once. Should one of them not be written, the provider comes again with all: those that were
/// have no second effect.
async fn hand_over_all<N>(
    way: &mpsc::Sender<Call<N>>,
    all: impl IntoIterator<Item = N>,
) -> Result<(), Unwritten> {
    let mut answers = Vec::new();
    for news in all {
        let (written, answer) = oneshot::channel();
        way.try_send(Call { news, written }).map_err(|_| Unwritten)?;
        answers.push(answer);
    }
    let all_written = async {
        for answer in answers {
            answer.await.map_err(|_| Unwritten)??;
        }
        Ok(())
    };
    tokio::time::timeout(LIMIT, all_written).await.unwrap_or(Err(Unwritten))
}

/// What collectors collect.
trait News: Send + Sync + Sized + 'static {
    const KIND: &'static str;
    /// Batches written at once at most, where the database has several writers.
    const AT_ONCE: usize;

    /// Writes all of it or nothing.
    fn write(service: &Service, batch: &[Self]) -> impl Future<Output = StoreResult<()>> + Send;
}

impl News for Received {
    const KIND: &'static str = "texts";
    const AT_ONCE: usize = 1;

    async fn write(service: &Service, batch: &[Self]) -> StoreResult<()> {
        // The same text twice is thanked twice and has one effect.
        inbound::accept_all(service, batch).await.map(|_| ())
    }
}

impl News for (String, Report) {
    const KIND: &'static str = "reports";
    const AT_ONCE: usize = 3;

    async fn write(service: &Service, batch: &[Self]) -> StoreResult<()> {
        receipts::receive(service, batch).await
    }
}

/// Starts the collector of a kind; gives the way to it.
fn collector<N: News>(service: &Service) -> mpsc::Sender<Call<N>> {
    let (way, incoming) = mpsc::channel(ROOM);
    tokio::spawn(collect(service.clone(), incoming));
    way
}

/// Writes what comes until nobody can send any more. A batch that breaks takes nothing with it but its own calls.
async fn collect<N: News>(service: Service, mut incoming: mpsc::Receiver<Call<N>>) {
    // An embedded database has one writer.
    let at_once = if service.database.is_embedded() { 1 } else { N::AT_ONCE };
    let mut writing = JoinSet::new();
    let mut calls = Vec::with_capacity(MOST);
    let mut open = true;
    while open || !calls.is_empty() {
        if !calls.is_empty() && (writing.is_empty() || (writing.len() < at_once && calls.len() >= ENOUGH)) {
            // Whoever has stopped waiting was told to come again.
            let waiting = calls.drain(..).filter(|call: &Call<N>| !call.written.is_closed());
            let (news, answers) = waiting.map(|call| (call.news, call.written)).unzip();
            let service = service.clone();
            let batch = apart(async move {
                if whole(write(&service, news, answers)).await.is_none() {
                    tracing::error!(kind = N::KIND, "the writing of a batch broke");
                }
            });
            writing.spawn(batch);
            continue;
        }
        let room = MOST - calls.len();
        tokio::select! {
            more = incoming.recv_many(&mut calls, room), if open && room > 0 => open = more > 0,
            _ = writing.join_next(), if !writing.is_empty() => {}
        }
    }
    while writing.join_next().await.is_some() {}
}

/// Writes a batch, by halves if it must be, and answers each call.
async fn write<N: News>(service: &Service, mut news: Vec<N>, mut answers: Vec<oneshot::Sender<Answer>>) {
    let mut rest = Vec::new();
    while !news.is_empty() {
        let answer = match write_whole(service, &news).await {
            Err(error) if news.len() > 1 && !is_away(&error) => {
                let half = news.len() / 2;
                rest.push((news.split_off(half), answers.split_off(half)));
                continue;
            }
            Err(error) => {
                let away = is_away(&error);
                let calls =
                    news.len() + if away { rest.drain(..).map(|(news, _)| news.len()).sum() } else { 0 };
                tracing::error!(kind = N::KIND, calls, away, %error, "calls could not be written down");
                Err(Unwritten)
            }
            Ok(()) => Ok(()),
        };
        // Elsewhere: the next batch waits for none of this.
        tokio::spawn(tell(answers, answer));
        (news, answers) = rest.pop().unwrap_or_default();
    }
}

async fn tell(calls: Vec<oneshot::Sender<Answer>>, answer: Answer) {
    for written in calls {
        // Fails for a call that has stopped waiting.
        let _ = written.send(answer);
    }
}

type Answer = Result<(), Unwritten>;

/// Writes all of it or nothing, and again at once where it only had to give way.
async fn write_whole<N: News>(service: &Service, news: &[N]) -> StoreResult<()> {
    let mut tries = 1;
    loop {
        let writing = tokio::time::timeout(WRITE_LIMIT, N::write(service, news)).await;
        match writing.unwrap_or(Err(StoreError::PoolTimedOut)) {
            Err(error) if is_clash(&error) && tries < CLASHES => tries += 1,
            done => return done,
        }
    }
}
