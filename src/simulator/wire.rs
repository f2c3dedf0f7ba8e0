//! HTTP/1.1, byte by byte: faults are things that happen to bytes, so nothing stands between them and us.

use std::io::{self, Write};

use http::StatusCode;
use serde::Serialize;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// A head and a body together; the longest text in its form is a small part of it.
const LONGEST: usize = 64 * 1024;
const HEAD_END: &[u8] = b"\r\n\r\n";

/// One connection.
pub struct Wire {
    pub stream: TcpStream,
    buffer: Vec<u8>,
    /// How much of the buffer belongs to the request that was read last.
    read: usize,
}

/// A request, whole.
pub struct Request<'a> {
    pub method: &'a str,
    pub path: &'a str,
    pub query: &'a str,
    headers: &'a str,
    pub body: &'a [u8],
    /// Whether the connection goes on after the answer.
    pub goes_on: bool,
}

/// Where the parts of the request in the buffer lie.
struct Extent {
    head: usize,
    end: usize,
}

impl Wire {
    pub fn new(stream: TcpStream) -> Self {
        // Refused only by a connection that is gone already, which the next read will tell.
        let _ = stream.set_nodelay(true);
        Self { stream, buffer: Vec::with_capacity(2048), read: 0 }
    }

    /// The next request; none when the other end has hung up or does not speak HTTP.
    pub async fn next(&mut self) -> Option<Request<'_>> {
        self.buffer.drain(..self.read);
        self.read = 0;
        let extent = self.receive().await?;
        self.read = extent.end;
        read(&self.buffer, &extent)
    }

    async fn receive(&mut self) -> Option<Extent> {
        let mut told_to_go_on = false;
        let mut searched = 0;
        loop {
            let head = self.buffer[searched..].windows(4).position(|bytes| bytes == HEAD_END);
            if let Some(head) = head.map(|at| searched + at) {
                let headers = str::from_utf8(&self.buffer[..head]).ok()?;
                let length = match header(headers, "content-length") {
                    Some(length) => length.parse().ok().filter(|length| *length <= LONGEST)?,
                    None if header(headers, "transfer-encoding").is_some() => return None,
                    None => 0,
                };
                let end = head + HEAD_END.len() + length;
                if self.buffer.len() >= end {
                    return Some(Extent { head, end });
                }
                if !told_to_go_on && header(headers, "expect").is_some() {
                    told_to_go_on = true;
                    self.stream.write_all(b"HTTP/1.1 100 Continue\r\n\r\n").await.ok()?;
                }
                searched = head;
            } else {
                // The end may lie across two reads.
                searched = self.buffer.len().saturating_sub(HEAD_END.len() - 1);
            }
            if self.buffer.len() > LONGEST || self.stream.read_buf(&mut self.buffer).await.ok()? == 0 {
                return None;
            }
        }
    }
}

fn read<'a>(buffer: &'a [u8], extent: &Extent) -> Option<Request<'a>> {
    let head = str::from_utf8(&buffer[..extent.head]).ok()?;
    let (line, headers) = head.split_once("\r\n").unwrap_or((head, ""));
    let mut words = line.split(' ');
    let (method, target, version) = (words.next()?, words.next()?, words.next()?);
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let connection = header(headers, "connection").unwrap_or_default();
    let goes_on = version == "HTTP/1.1" && !connection.eq_ignore_ascii_case("close");
    let body = &buffer[extent.head + HEAD_END.len()..extent.end];
    Some(Request { method, path, query, headers, body, goes_on })
}

impl<'a> Request<'a> {
    /// The first value of a header.
    pub fn header(&self, name: &str) -> Option<&'a str> {
        header(self.headers, name)
    }
}

/// A header's value among lines, of which the first may be the request or the status itself.
pub fn header<'a>(lines: &'a str, name: &str) -> Option<&'a str> {
    lines.split('\n').find_map(|line| {
        let (known, value) = line.split_at_checked(name.len())?;
        let value = value.strip_prefix(':')?;
        known.eq_ignore_ascii_case(name).then(|| value.trim())
    })
}

/// An answer on its way out. One buffer serves a whole connection.
#[derive(Default)]
pub struct Answer {
    pub bytes: Vec<u8>,
    pub body: Vec<u8>,
}

impl Answer {
    /// Puts a head before what lies in the body.
    pub fn head(&mut self, status: u16, kind: &str, retry_after: Option<u32>) {
        self.bytes.clear();
        // Writing to a Vec cannot fail.
        let _ = self.write_head(status, kind, retry_after);
        self.bytes.extend_from_slice(&self.body);
    }

    fn write_head(&mut self, status: u16, kind: &str, retry_after: Option<u32>) -> io::Result<()> {
        let reason = StatusCode::from_u16(status).ok().and_then(|status| status.canonical_reason());
        let (reason, length) = (reason.unwrap_or("Fault"), self.body.len());
        write!(
            self.bytes,
            "HTTP/1.1 {status} {reason}\r\ncontent-type: {kind}\r\ncontent-length: {length}\r\n"
        )?;
        if let Some(seconds) = retry_after {
            write!(self.bytes, "retry-after: {seconds}\r\n")?;
        }
        self.bytes.extend_from_slice(b"\r\n");
        Ok(())
    }

    /// An answer in JSON.
    pub fn json(&mut self, status: u16, value: &impl Serialize, retry_after: Option<u32>) {
        self.body.clear();
        // Strings and numbers always become JSON, and writing to a Vec cannot fail.
        let _ = serde_json::to_writer(&mut self.body, value);
        self.head(status, "application/json", retry_after);
    }

    /// A plain answer of these words.
    pub fn plain(&mut self, status: u16, words: &str) {
        self.body.clear();
        self.body.extend_from_slice(words.as_bytes());
        self.head(status, "text/plain; charset=utf-8", None);
    }
}
