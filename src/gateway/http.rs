//! The one HTTP client to the gateways, and what its failures mean for a text on its way.
//!
//! hyper speaks HTTP/1.1. What a gateway's [`Address`] is, how it is reached, how one connection is used and where
//! connections rest are the files beside this one. A request is written once: where it is not certain that a
//! connection took nothing of it, it is never written to another.

mod address;
mod connect;
mod form;
mod hosts;
mod json;
mod line;

use std::time::{Duration, Instant};

use bytes::Bytes;
use chrono::{DateTime, Utc};
use http::header::{DATE, RETRY_AFTER};
use http::{HeaderMap, HeaderName, StatusCode};
use serde::de::DeserializeOwned;
use tokio::time::timeout;

pub use self::address::{Address, Request};
use self::connect::Connector;
pub(super) use self::form::push_field;
use self::hosts::Hosts;
pub(super) use self::json::{JSON, json};
use super::Outcome;

/// No gateway means longer, and a slip of its pen must not hold a text back for ever.
const LONGEST_WAIT: Duration = Duration::from_secs(24 * 3600);
const LONGEST_CONNECT: Duration = Duration::from_secs(5);
/// Shorter than the minute after which common proxies hang up on an idle connection.
const LONGEST_REST: Duration = Duration::from_secs(50);

/// The client: keeps connections, follows no redirects, heeds `HTTPS_PROXY` and its like.
pub struct Http {
    time_limit: Duration,
    hosts: Hosts,
}

/// Why there is no client.
#[derive(Debug, thiserror::Error)]
#[error("this machine's certificate authorities cannot be read (install ca-certificates): {0}")]
pub struct HttpError(#[from] rustls::Error);

/// How far an exchange came; what it means when it goes no further.
enum Stage {
    /// Nothing of the request has left us.
    Connecting,
    /// The request may have arrived.
    Waiting,
    /// Its body is empty until it has come whole.
    Answered(Reply),
}

impl Http {
    /// `time_limit` covers a whole exchange and must be shorter than the time after which a try counts as orphaned.
    ///
    /// # Errors
    ///
    /// The machine has no certificate authorities.
    pub fn new(time_limit: Duration) -> Result<Self, HttpError> {
        Self::resting(time_limit, LONGEST_REST)
    }

    /// The same, with connections that rest for so long at most before they are closed.
    ///
    /// # Errors
    ///
    /// The machine has no certificate authorities.
    pub fn resting(time_limit: Duration, longest_rest: Duration) -> Result<Self, HttpError> {
        // Half, so that an unreachable gateway always shows as that, not as a lost reply.
        let connector = Connector::new(LONGEST_CONNECT.min(time_limit / 2))?;
        Ok(Self { time_limit, hosts: Hosts::new(connector, longest_rest) })
    }

    /// Sends a request and reads its reply, or says how an attempt without a reply ends. Takes no longer than the
    /// time limit. A redirect is a reply: a redirected POST would be a second send, and carry our credentials along.
    ///
    /// # Errors
    ///
    /// `unreachable`, also where it is too late for the request to leave, and nothing was sent; `timeout` or
    /// `no-reply`, and the request may have arrived.
    pub async fn exchange(&self, request: Request<'_>) -> Result<Reply, Outcome> {
        let mut stage = Stage::Connecting;
        let in_time = timeout(self.time_limit, self.carry(request, &mut stage)).await.is_ok();
        match stage {
            Stage::Answered(reply) => Ok(reply),
            Stage::Connecting => Err(unreachable()),
            Stage::Waiting => Err(without_reply(in_time)),
        }
    }

    /// Leaves in `stage` how far it came.
    async fn carry(&self, request: Request<'_>, stage: &mut Stage) {
        let host = self.hosts.of(request.address);
        let leaves_by = request.leaves_by;
        let mut message = host.message(request);
        while let Some(mut line) = host.line().await {
            if leaves_by.is_some_and(|moment| moment < Instant::now()) {
                return host.put(line);
            }
            let is_new = line.is_new();
            *stage = Stage::Waiting;
            match line.ask(message).await {
                Ok(response) => {
                    let (head, body) = response.into_parts();
                    let reply = Reply { status: head.status, headers: head.headers, body: Bytes::new() };
                    *stage = Stage::Answered(reply);
                    if let (Stage::Answered(reply), Some(whole)) = (stage, line.read(body).await) {
                        reply.body = whole;
                        if line.may_rest().await {
                            host.put(line);
                        }
                    }
                    return;
                }
                // Closed while it rested, before it took anything of the request.
                Err(Some(unsent)) => {
                    *stage = Stage::Connecting;
                    if is_new {
                        return;
                    }
                    message = *unsent;
                }
                Err(None) => return,
            }
        }
    }
}

/// A reply that came, though perhaps with nothing sensible in it.
pub struct Reply {
    /// Its status.
    pub status: StatusCode,
    /// Its headers.
    pub headers: HeaderMap,
    /// Whole, or empty: a status line alone still says something, half a body may say something else than the whole.
    pub body: Bytes,
}

impl Reply {
    /// The body, if it is that.
    pub fn json<T: DeserializeOwned>(&self) -> Option<T> {
        serde_json::from_slice(&self.body).ok()
    }

    /// RFC 9110, 10.2.3: seconds or a date. A date is read against the reply's own clock, so that
    /// ours being wrong does not matter.
    pub fn retry_after(&self) -> Option<Duration> {
        let wanted = header(&self.headers, RETRY_AFTER)?;
        if let Ok(seconds) = wanted.parse() {
            return Some(Duration::from_secs(seconds).min(LONGEST_WAIT));
        }
        let until = DateTime::parse_from_rfc2822(wanted).ok()?;
        let wait = (until.to_utc() - self.date()?).to_std().ok()?;
        Some(wait.min(LONGEST_WAIT))
    }

    /// RFC 9110, 6.6.1: what its sender's clock said.
    pub fn date(&self) -> Option<DateTime<Utc>> {
        let date = DateTime::parse_from_rfc2822(header(&self.headers, DATE)?).ok()?;
        Some(date.to_utc())
    }
}

fn header(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    Some(headers.get(name)?.to_str().ok()?.trim())
}

// The errors themselves are never shown: their text holds the address, and Kannel's holds her number.

const BAD_ADDRESS: &str = "bad-address";
const UNREACHABLE: &str = "unreachable";
const NO_REPLY: &str = "no-reply";
const TIMEOUT: &str = "timeout";
/// The codes of a send of which no gateway has said anything.
pub const CODES: [&str; 4] = [BAD_ADDRESS, UNREACHABLE, NO_REPLY, TIMEOUT];

/// What a send ends in whose gateway's address is none.
pub fn bad_address() -> Outcome {
    Outcome::RefusedUs {
        code: BAD_ADDRESS.to_owned(),
        sentence: "The gateway's address is not one: correct it in the configuration.".to_owned(),
        stops_sender: true,
    }
}

fn unreachable() -> Outcome {
    Outcome::Transient {
        code: UNREACHABLE.to_owned(),
        sentence: "The gateway could not be reached; nothing was sent.".to_owned(),
        retry_after: None,
    }
}

fn without_reply(in_time: bool) -> Outcome {
    let (code, sentence) = if in_time {
        (NO_REPLY, "The connection broke before the gateway answered; the text may have been sent.")
    } else {
        (TIMEOUT, "The gateway did not answer in time; the text may have been sent.")
    };
    Outcome::Ambiguous { code: code.to_owned(), sentence: sentence.to_owned() }
}
