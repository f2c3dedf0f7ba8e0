//! A provider's end of the wire: keeps what it hears byte for byte, and answers from a script.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

pub enum Answer {
    Says(String),
    HangsUp,
    KeepsSilent,
}

/// An HTTP reply with the right length and, between status and body, any headers.
pub fn says(status: &str, headers: &str, body: &str) -> Answer {
    let length = body.len();
    Answer::Says(format!(
        "HTTP/1.1 {status}\r\n{headers}Content-Length: {length}\r\nConnection: close\r\n\r\n{body}"
    ))
}

pub struct Wire {
    pub url: String,
    heard: Arc<Mutex<Vec<String>>>,
}

impl Wire {
    pub async fn answering(script: Vec<Answer>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let heard = Arc::new(Mutex::new(Vec::new()));
        let ears = Arc::clone(&heard);
        tokio::spawn(async move {
            for answer in script {
                let (mut stream, _) = listener.accept().await.expect("a caller");
                let request = request(&mut stream).await;
                ears.lock().expect("ears").push(request);
                match answer {
                    Answer::Says(reply) => {
                        stream.write_all(reply.as_bytes()).await.expect("a listener");
                    }
                    Answer::HangsUp => {}
                    Answer::KeepsSilent => tokio::time::sleep(Duration::from_secs(60)).await,
                }
            }
        });
        Self { url, heard }
    }

    pub fn heard(&self) -> Vec<String> {
        self.heard.lock().expect("ears").clone()
    }
}

/// One request, as long as its Content-Length says.
async fn request(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    loop {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n")
            && body.len() >= content_length(head)
        {
            return text;
        }
        assert_ne!(0, stream.read_buf(&mut bytes).await.expect("bytes"), "cut short: {text}");
    }
}

fn content_length(head: &str) -> usize {
    head.lines()
        .filter_map(|line| line.split_once(": "))
        .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
        .map_or(0, |(_, length)| length.parse().expect("a length"))
}
