//! A provider that calls webhooks: requests made and signed beforehand, over connections that stay, with as little
//! of its own as can be, so that what is measured is what is called.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

/// scheme://host as the provider signs it.
pub const PUBLIC: &str = "https://motherline.example.org";
/// What it signs with.
pub const TOKEN: &str = "a made-up token";

/// A request as it goes over the wire.
pub fn request(path: &str, form: &[(&str, &str)]) -> Vec<u8> {
    let mut sorted = form.to_vec();
    sorted.sort_unstable();
    let values: String = sorted.iter().flat_map(|(name, value)| [*name, *value]).collect();
    let mac = Hmac::<Sha1>::new_from_slice(TOKEN.as_bytes()).expect("any key");
    let signed = mac.chain_update(format!("{PUBLIC}{path}{values}")).finalize().into_bytes();
    let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
    format!(
        "POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n\
         X-Twilio-Signature: {}\r\nContent-Length: {}\r\n\r\n{body}",
        STANDARD.encode(signed),
        body.len()
    )
    .into_bytes()
}

/// A connection that is kept.
pub struct Connection {
    stream: TcpStream,
    read: Vec<u8>,
}

impl Connection {
    /// Opens one.
    pub async fn open(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).await.expect("a connection");
        stream.set_nodelay(true).expect("no delay");
        Self { stream, read: Vec::with_capacity(1024) }
    }

    /// Makes a call; gives the status of its answer, once all of it is here.
    pub async fn call(&mut self, request: &[u8]) -> u16 {
        self.stream.write_all(request).await.expect("it is sent");
        self.read.clear();
        loop {
            let count = self.stream.read_buf(&mut self.read).await.expect("an answer");
            assert!(count > 0, "the connection was closed");
            if let Some((status, length)) = whole(&self.read)
                && self.read.len() >= length
            {
                return status;
            }
        }
    }
}

/// The status and the length of an answer whose head is here.
fn whole(read: &[u8]) -> Option<(u16, usize)> {
    let head = read.windows(4).position(|window| window == b"\r\n\r\n")? + 4;
    let lines = std::str::from_utf8(&read[..head]).expect("a head in ASCII");
    let status = lines.split(' ').nth(1)?.parse().ok()?;
    let body = lines.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse::<usize>().ok())?
    });
    Some((status, head + body.unwrap_or_default()))
}

/// Opens connections, one after the other: so many at once would overrun the listener.
pub async fn connect(address: SocketAddr, count: usize) -> Vec<Connection> {
    let mut connections = Vec::with_capacity(count);
    for _ in 0..count {
        connections.push(Connection::open(address).await);
    }
    connections
}

/// Makes all calls, as many at a time as there are connections; gives how many were answered 200.
pub async fn flood(connections: Vec<Connection>, requests: Arc<[Vec<u8>]>) -> u64 {
    let next = Arc::new(AtomicUsize::new(0));
    let mut tasks = JoinSet::new();
    for mut connection in connections {
        let (requests, next) = (requests.clone(), next.clone());
        tasks.spawn(async move {
            let mut thanked = 0;
            while let Some(request) = requests.get(next.fetch_add(1, Ordering::Relaxed)) {
                thanked += u64::from(connection.call(request).await == 200);
            }
            thanked
        });
    }
    tasks.join_all().await.into_iter().sum()
}
