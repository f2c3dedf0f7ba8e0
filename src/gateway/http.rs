//! The one HTTP client to the gateways, and what its failures mean for a text on its way.

use std::time::Duration;

use bytes::{Bytes, BytesMut};
use chrono::DateTime;
use http::header::{DATE, RETRY_AFTER};
use http::{HeaderMap, HeaderName, StatusCode};
use reqwest::RequestBuilder;
use reqwest::redirect::Policy;
use serde::de::DeserializeOwned;

use super::Outcome;

/// A full page of a provider's list; its answer to a send is a thousandth of it.
const LONGEST_REPLY: usize = 4 * 1024 * 1024;
/// No gateway means longer, and a slip of its pen must not hold a text back for ever.
const LONGEST_WAIT: Duration = Duration::from_secs(24 * 3600);
const LONGEST_CONNECT: Duration = Duration::from_secs(5);

pub struct Http(reqwest::Client);

impl Http {
    /// `time_limit` covers a whole exchange and must be shorter than the lease it works under.
    pub fn new(time_limit: Duration) -> Result<Self, reqwest::Error> {
        // Refused when another part of the process has chosen one, and then that one serves.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = reqwest::Client::builder()
            .user_agent(concat!("motherline/", env!("CARGO_PKG_VERSION")))
            // Half, so that an unreachable gateway always shows as that, not as a lost reply.
            .connect_timeout(LONGEST_CONNECT.min(time_limit / 2))
            .timeout(time_limit)
            // A redirected POST would be a second send, and would carry our credentials along.
            .redirect(Policy::none())
            // Shorter than the minute after which common proxies hang up on an idle connection.
            .pool_idle_timeout(Duration::from_secs(50))
            .build()?;
        Ok(Self(client))
    }

    pub fn get(&self, url: &str) -> RequestBuilder {
        self.0.get(url)
    }

    pub fn post(&self, url: &str) -> RequestBuilder {
        self.0.post(url)
    }

    /// Sends a request and reads its reply, or says how an attempt without a reply ends.
    pub async fn exchange(&self, request: RequestBuilder) -> Result<Reply, Outcome> {
        let sent = async { self.0.execute(request.build()?).await };
        match sent.await {
            Ok(response) => Ok(Reply {
                status: response.status(),
                headers: response.headers().clone(),
                body: read(response).await,
            }),
            Err(error) => Err(end_without_reply(&error)),
        }
    }
}

/// A reply that came, though perhaps with nothing sensible in it.
pub struct Reply {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Reply {
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
        let now = DateTime::parse_from_rfc2822(header(&self.headers, DATE)?).ok()?;
        let wait = (until - now).to_std().ok()?;
        Some(wait.min(LONGEST_WAIT))
    }
}

fn header(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    Some(headers.get(name)?.to_str().ok()?.trim())
}

/// A body cut short or without end counts as none: a status line alone still says something, half
/// a body may say something else than the whole.
async fn read(mut response: reqwest::Response) -> Bytes {
    let mut body = BytesMut::new();
    loop {
        match response.chunk().await {
            Ok(Some(chunk)) if body.len() + chunk.len() <= LONGEST_REPLY => {
                body.extend_from_slice(&chunk);
            }
            Ok(None) => return body.freeze(),
            Ok(Some(_)) | Err(_) => return Bytes::new(),
        }
    }
}

/// The error itself is never shown: its text holds the address, and Kannel's holds her number.
fn end_without_reply(error: &reqwest::Error) -> Outcome {
    if error.is_builder() {
        return Outcome::RefusedUs {
            code: "bad-address".to_owned(),
            sentence: "The gateway's address is not one: correct it in the configuration.".to_owned(),
            stops_sender: true,
        };
    }
    if error.is_connect() {
        return Outcome::Transient {
            code: "unreachable".to_owned(),
            sentence: "The gateway could not be reached; nothing was sent.".to_owned(),
            retry_after: None,
        };
    }
    let (code, sentence) = if error.is_timeout() {
        ("timeout", "The gateway did not answer in time; the text may have been sent.")
    } else {
        ("no-reply", "The connection broke before the gateway answered; the text may have been sent.")
    };
    Outcome::Ambiguous { code: code.to_owned(), sentence: sentence.to_owned() }
}
