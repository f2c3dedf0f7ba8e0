//! A provider's end of the wire: keeps what it hears byte for byte, and answers from a script.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, Instant};

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio_rustls::TlsAcceptor;

/// What a request meets.
pub enum Answer {
    /// Words. The connection stays open while the script has more for it.
    Says(String),
    /// Words nobody asked for, such as a web server's farewell to a connection that rests too long.
    Adds(String),
    /// Words a byte at a time, far too slowly.
    Drips(String),
    HangsUp,
    /// The connection is reset. What was said before it on the same connection has arrived.
    Resets,
    /// Reset before a byte of the request is read.
    ResetsUnheard,
    KeepsSilent,
    /// Not an answer: what follows happens once [`Wire::go_on`] says so.
    Waits,
}

/// What a connection speaks.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Speech {
    Plain,
    Tls,
    /// A proxy that is also what is behind it: plain requests, and TLS after CONNECT.
    Proxy,
}

/// An HTTP reply with the right length and, between status and body, any headers.
pub fn says(status: &str, headers: &str, body: &str) -> Answer {
    let length = body.len();
    Answer::Says(format!(
        "HTTP/1.1 {status}\r\n{headers}Content-Length: {length}\r\nConnection: close\r\n\r\n{body}"
    ))
}

/// The same, from a server that keeps the connection.
pub fn says_on(status: &str, body: &str) -> Answer {
    let length = body.len();
    Answer::Says(format!("HTTP/1.1 {status}\r\nContent-Length: {length}\r\n\r\n{body}"))
}

pub struct Wire {
    pub url: String,
    told: Arc<Told>,
}

struct Told {
    so_far: Mutex<SoFar>,
    /// One for each wait that is over.
    go_ons: Semaphore,
}

#[derive(Default)]
struct SoFar {
    heard: Vec<String>,
    calls: usize,
    ended: usize,
}

impl Wire {
    /// Each answer on a connection of its own.
    pub async fn answering(script: Vec<Answer>) -> Self {
        Self::conversing(script.into_iter().map(|answer| vec![answer]).collect()).await
    }

    /// The answers of each connection; it is closed after the last. One more than the script has is hung up on.
    pub async fn conversing(script: Vec<Vec<Answer>>) -> Self {
        Self::speaking(Speech::Plain, script).await
    }

    /// The same over TLS, with the certificate in `certificate/`.
    pub async fn secret(script: Vec<Vec<Answer>>) -> Self {
        Self::speaking(Speech::Tls, script).await
    }

    /// A proxy, and behind it whatever was asked for.
    pub async fn proxy(script: Vec<Vec<Answer>>) -> Self {
        Self::speaking(Speech::Proxy, script).await
    }

    async fn speaking(speech: Speech, script: Vec<Vec<Answer>>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let scheme = if speech == Speech::Tls { "https" } else { "http" };
        let url = format!("{scheme}://{}", listener.local_addr().expect("an address"));
        let told = Arc::new(Told { so_far: Mutex::default(), go_ons: Semaphore::new(0) });
        let ears = Arc::clone(&told);
        let mut script = VecDeque::from(script);
        tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.expect("a caller");
                ears.so_far().calls += 1;
                let answers = script.pop_front().unwrap_or_else(|| vec![Answer::HangsUp]);
                tokio::spawn(call(stream, speech, answers, Arc::clone(&ears)));
            }
        });
        Self { url, told }
    }

    /// Every request so far, whole.
    pub fn heard(&self) -> Vec<String> {
        self.told.so_far().heard.clone()
    }

    /// How many connections were made.
    pub fn calls(&self) -> usize {
        self.told.so_far().calls
    }

    /// Ends so many waits of the script.
    pub fn go_on(&self, waits: usize) {
        self.told.go_ons.add_permits(waits);
    }

    /// Waits until so many connections were closed, and that can be noticed.
    pub async fn until_ended(&self, count: usize) {
        let deadline = Instant::now() + Duration::from_secs(20);
        while self.told.so_far().ended < count {
            assert!(Instant::now() < deadline, "not closed");
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

impl Told {
    fn so_far(&self) -> MutexGuard<'_, SoFar> {
        self.so_far.lock().expect("ears")
    }
}

trait Duplex: AsyncRead + AsyncWrite + Unpin + Send {}

impl<T: AsyncRead + AsyncWrite + Unpin + Send> Duplex for T {}

async fn call(mut stream: TcpStream, speech: Speech, answers: Vec<Answer>, ears: Arc<Told>) {
    if answers.iter().any(|answer| matches!(answer, Answer::Resets | Answer::ResetsUnheard)) {
        stream.set_zero_linger().expect("a socket");
    }
    match speech {
        Speech::Plain => converse(stream, answers, &ears).await,
        Speech::Tls => secretly(stream, answers, &ears).await,
        Speech::Proxy => {
            let mut start = [0; 7];
            stream.peek(&mut start).await.expect("bytes");
            if start == *b"CONNECT" {
                let request = request(&mut stream).await.expect("a request");
                ears.so_far().heard.push(request);
                let opened = stream.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n").await;
                opened.expect("a listener");
                secretly(stream, answers, &ears).await;
            } else {
                converse(stream, answers, &ears).await;
            }
        }
    }
    ears.so_far().ended += 1;
}

/// A caller that does not trust us hangs up, and then nothing is heard.
async fn secretly(stream: TcpStream, answers: Vec<Answer>, ears: &Told) {
    if let Ok(mut stream) = acceptor().accept(stream).await {
        converse(&mut stream, answers, ears).await;
        // The caller may be gone already.
        let _ = stream.shutdown().await;
    }
}

async fn converse(mut stream: impl Duplex, answers: Vec<Answer>, ears: &Told) {
    for answer in answers {
        if !matches!(answer, Answer::Adds(_) | Answer::ResetsUnheard | Answer::Waits) {
            let Some(request) = request(&mut stream).await else { return };
            ears.so_far().heard.push(request);
        }
        match answer {
            Answer::Says(words) | Answer::Adds(words) => {
                // A caller may hang up in the middle of what is too long for it.
                let _ = stream.write_all(words.as_bytes()).await;
            }
            Answer::Drips(words) => {
                for byte in words.bytes() {
                    if stream.write_all(&[byte]).await.is_err() {
                        return;
                    }
                    tokio::time::sleep(Duration::from_millis(100)).await;
                }
            }
            Answer::HangsUp | Answer::Resets | Answer::ResetsUnheard => return,
            Answer::KeepsSilent => tokio::time::sleep(Duration::from_secs(60)).await,
            Answer::Waits => ears.go_ons.acquire().await.expect("a word").forget(),
        }
    }
}

fn acceptor() -> TlsAcceptor {
    use rustls::pki_types::pem::PemObject;
    use rustls::pki_types::{CertificateDer, PrivateKeyDer};
    let certificate = CertificateDer::from_pem_slice(include_bytes!("certificate/cert.pem"));
    let key = PrivateKeyDer::from_pem_slice(include_bytes!("certificate/key.pem"));
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_no_client_auth()
        .with_single_cert(vec![certificate.expect("a certificate")], key.expect("a key"));
    TlsAcceptor::from(Arc::new(config.expect("a server")))
}

/// One request, as long as its Content-Length says; none if the caller hung up before it.
async fn request(stream: &mut impl Duplex) -> Option<String> {
    let mut bytes = Vec::new();
    loop {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n")
            && body.len() >= content_length(head)
        {
            return Some(text);
        }
        if stream.read_buf(&mut bytes).await.expect("bytes") == 0 {
            assert!(text.is_empty(), "cut short: {text}");
            return None;
        }
    }
}

fn content_length(head: &str) -> usize {
    head.lines()
        .filter_map(|line| line.split_once(": "))
        .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
        .map_or(0, |(_, length)| length.parse().expect("a length"))
}
