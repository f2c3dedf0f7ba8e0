//! Calls the service under trial, and hears no more of its answer than the status.
//!
//! Plain HTTP goes over connections of its own, kept open, at a fraction of a full client's cost: a trial measures
//! the service, not what calls it. HTTPS goes through the one HTTP client.

use std::fmt::Write;
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::Duration;

use http::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::gateway::Http;
use crate::gateway::http::Address;
use crate::simulator::wire::header;

/// Twilio waits so long for an answer.
const PATIENCE: Duration = Duration::from_secs(15);
/// No status and headers of an answer to a report are longer.
const LONGEST_HEAD: usize = 16 * 1024;
const MOST_IDLE: usize = 256;

/// A report as it goes over the wire.
pub struct Call {
    pub url: String,
    /// Posted, of this content type; without it the address is asked for by GET.
    pub posted: Option<(&'static str, String)>,
    pub signature: Option<String>,
}

/// Connections to whoever is called.
#[derive(Default)]
pub struct Caller {
    idle: Mutex<Vec<Line>>,
    secure: OnceLock<Option<Http>>,
}

struct Line {
    authority: Box<str>,
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Caller {
    /// The status it was answered with; none if there was no answer.
    pub async fn call(&self, call: &Call) -> Option<u16> {
        let url = call.url.split('#').next().unwrap_or_default();
        let Some(rest) = url.strip_prefix("http://") else { return self.call_secure(call).await };
        let (authority, path) = rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()));
        let request = request(authority, path, call);
        timeout(PATIENCE, async {
            // A connection that was kept may have been closed by the other end meanwhile: then nothing was
            // heard, and a fresh one decides.
            while let Some(line) = self.kept(authority) {
                if let Some(status) = self.exchange(line, &request).await {
                    return Some(status);
                }
            }
            let port = authority.rsplit(':').next().filter(|port| port.parse::<u16>().is_ok());
            let address = if port.is_some() { authority.to_owned() } else { format!("{authority}:80") };
            let stream = TcpStream::connect(address).await.ok()?;
            stream.set_nodelay(true).ok()?;
            let line = Line { authority: authority.into(), stream, buffer: Vec::with_capacity(512) };
            self.exchange(line, &request).await
        })
        .await
        .ok()?
    }

    fn kept(&self, authority: &str) -> Option<Line> {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        let place = idle.iter().rposition(|line| *line.authority == *authority)?;
        Some(idle.swap_remove(place))
    }

    async fn exchange(&self, mut line: Line, request: &str) -> Option<u16> {
        line.stream.write_all(request.as_bytes()).await.ok()?;
        let (status, goes_on) = line.answer().await?;
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        if goes_on && idle.len() < MOST_IDLE {
            idle.push(line);
        }
        Some(status)
    }

    async fn call_secure(&self, call: &Call) -> Option<u16> {
        let http = self.secure.get_or_init(|| Http::new(PATIENCE).ok()).as_ref()?;
        let mut address = Address::parse(&call.url)?;
        if let Some((kind, _)) = call.posted {
            address = address.with(CONTENT_TYPE, HeaderValue::from_static(kind));
        }
        if let Some(signature) = &call.signature {
            let name = HeaderName::from_static("x-twilio-signature");
            address = address.with(name, HeaderValue::from_str(signature).ok()?);
        }
        let request = match &call.posted {
            Some((_, body)) => address.post(body.clone()),
            None => address.get(),
        };
        Some(http.exchange(request).await.ok()?.status.as_u16())
    }
}

fn request(authority: &str, path: &str, call: &Call) -> String {
    let method = if call.posted.is_some() { "POST" } else { "GET" };
    let slash = if path.starts_with('/') { "" } else { "/" };
    let mut request = format!("{method} {slash}{path} HTTP/1.1\r\nhost: {authority}\r\n");
    // Writing to a String cannot fail.
    if let Some((kind, body)) = &call.posted {
        let _ = write!(request, "content-type: {kind}\r\ncontent-length: {}\r\n", body.len());
    }
    if let Some(signature) = &call.signature {
        let _ = write!(request, "x-twilio-signature: {signature}\r\n");
    }
    request.push_str("\r\n");
    if let Some((_, body)) = &call.posted {
        request.push_str(body);
    }
    request
}

impl Line {
    /// The status, and whether the connection can be used again.
    async fn answer(&mut self) -> Option<(u16, bool)> {
        self.buffer.clear();
        loop {
            if self.stream.read_buf(&mut self.buffer).await.ok()? == 0 || self.buffer.len() > LONGEST_HEAD {
                return None;
            }
            if let Some(head) = self.buffer.windows(4).position(|bytes| bytes == b"\r\n\r\n") {
                return self.read(head).await;
            }
        }
    }

    async fn read(&mut self, head: usize) -> Option<(u16, bool)> {
        let text = str::from_utf8(&self.buffer[..head]).ok()?;
        let status: u16 = text.split(' ').nth(1)?.get(..3)?.parse().ok()?;
        let length = match header(text, "content-length") {
            Some(length) => length.parse().ok(),
            None if status == 204 => Some(0),
            // The status is all that matters: an answer of unknown length is not waited for.
            None => None,
        };
        let goes_on = !header(text, "connection").is_some_and(|word| word.eq_ignore_ascii_case("close"));
        let end = length.and_then(|length: usize| head.checked_add(4)?.checked_add(length));
        let Some(end) = end.filter(|end| goes_on && *end <= LONGEST_HEAD) else {
            return Some((status, false));
        };
        while self.buffer.len() < end {
            if !matches!(self.stream.read_buf(&mut self.buffer).await, Ok(1..)) {
                return Some((status, false));
            }
        }
        Some((status, true))
    }
}
