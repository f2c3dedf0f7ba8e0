//! The hosts we talk to, each with its connections at rest.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use http::Uri;
use http::header::PROXY_AUTHORIZATION;
use http::uri::Scheme;
use http_body_util::Full;
use hyper_util::client::proxy::matcher::Intercept;
use tokio::sync::oneshot;
use tokio::time::{Instant, sleep};

use super::address::{Address, Request};
use super::connect::Connector;
use super::line::{Line, Message};

/// All hosts: a handful, one for each gateway that is configured.
pub(super) struct Hosts {
    connector: Arc<Connector>,
    longest_rest: Duration,
    known: Mutex<Vec<Arc<Host>>>,
}

impl Hosts {
    /// None yet.
    pub fn new(connector: Connector, longest_rest: Duration) -> Self {
        Self { connector: Arc::new(connector), longest_rest, known: Mutex::default() }
    }

    /// The host of an address.
    pub fn of(&self, address: &Address) -> Arc<Host> {
        let mut known = locked(&self.known);
        if let Some(host) = known.iter().find(|host| host.origin == address.origin) {
            return Arc::clone(host);
        }
        let host = Arc::new(Host {
            origin: address.origin.clone(),
            proxy: self.connector.proxy(&address.origin),
            connector: Arc::clone(&self.connector),
            longest_rest: self.longest_rest,
            lines: Mutex::default(),
        });
        known.push(Arc::clone(&host));
        host
    }
}

/// A scheme, a name and a port.
pub(super) struct Host {
    pub origin: Uri,
    pub proxy: Option<Intercept>,
    connector: Arc<Connector>,
    longest_rest: Duration,
    lines: Mutex<Lines>,
}

#[derive(Default)]
struct Lines {
    /// Each with when it came to rest, the latest last: it is taken first, so that those not needed grow old.
    resting: Vec<(Instant, Box<Line>)>,
    /// Whoever waits for one, in order; for each of them one is being made as well.
    waiting: VecDeque<oneshot::Sender<Box<Line>>>,
    is_swept: bool,
}

impl Lines {
    /// A place in the queue, behind those who have not given up.
    fn queue(&mut self) -> oneshot::Receiver<Box<Line>> {
        while self.waiting.front().is_some_and(oneshot::Sender::is_closed) {
            self.waiting.pop_front();
        }
        let (waiter, free) = oneshot::channel();
        self.waiting.push_back(waiter);
        free
    }
}

impl Host {
    /// A request in the form this host is asked in.
    pub fn message(&self, request: Request<'_>) -> Message {
        let mut message = Message::new(Full::new(request.body));
        *message.method_mut() = request.method;
        *message.headers_mut() = request.address.headers.clone();
        if let Some((name, value)) = request.header {
            message.headers_mut().insert(name, value);
        }
        // Inside a tunnel a host is asked as if there were no proxy.
        match &self.proxy {
            Some(proxy) if self.origin.scheme() == Some(&Scheme::HTTP) => {
                let mut whole = self.origin.clone().into_parts();
                whole.path_and_query = Some(request.target);
                *message.uri_mut() = Uri::from_parts(whole).unwrap_or_default();
                if let Some(password) = proxy.basic_auth() {
                    message.headers_mut().insert(PROXY_AUTHORIZATION, password.clone());
                }
            }
            _ => *message.uri_mut() = request.target.into(),
        }
        message
    }

    /// A line at rest, or a new one, or one that comes free before that is made. None if none could be made.
    pub async fn line(self: &Arc<Self>) -> Option<Box<Line>> {
        let free = {
            let mut lines = locked(&self.lines);
            match lines.resting.pop() {
                Some((since, line)) if since.elapsed() < self.longest_rest => return Some(line),
                // Too old, and so are all before it.
                Some(_) | None => lines.queue(),
            }
        };
        let (maker, made) = oneshot::channel();
        tokio::spawn(Arc::clone(self).make(maker));
        tokio::select! {
            biased;
            line = free => line.ok(),
            line = made => line.ok(),
        }
    }

    /// Makes a line; where it is no longer needed, another will need it.
    async fn make(self: Arc<Self>, needed: oneshot::Sender<Box<Line>>) {
        if let Ok(line) = self.connector.connect(&self).await
            && let Err(line) = needed.send(line)
        {
            self.put(line);
        }
    }

    /// Gives a line to whoever waits for one, or lets it rest until it is needed or has rested too long.
    pub fn put(self: &Arc<Self>, mut line: Box<Line>) {
        let mut lines = locked(&self.lines);
        while let Some(waiter) = lines.waiting.pop_front() {
            match waiter.send(line) {
                Ok(()) => return,
                // It has given up.
                Err(back) => line = back,
            }
        }
        lines.resting.push((Instant::now(), line));
        if !lines.is_swept {
            lines.is_swept = true;
            tokio::spawn(sweep(Arc::downgrade(self), self.longest_rest / 2));
        }
    }

    /// Takes out the lines that rested too long; says whether there are others.
    fn overdue(&self) -> (Vec<(Instant, Box<Line>)>, bool) {
        let mut lines = locked(&self.lines);
        let overdue = lines.resting.partition_point(|(since, _)| since.elapsed() >= self.longest_rest);
        let old = lines.resting.drain(..overdue).collect();
        lines.is_swept = !lines.resting.is_empty();
        (old, lines.is_swept)
    }
}

/// Closes lines that nobody takes any more, until there are none.
async fn sweep(host: Weak<Host>, now_and_then: Duration) {
    loop {
        sleep(now_and_then).await;
        let Some(host) = host.upgrade() else { return };
        let (_closed, others) = host.overdue();
        if !others {
            return;
        }
    }
}

fn locked<T>(shared: &Mutex<T>) -> MutexGuard<'_, T> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}
