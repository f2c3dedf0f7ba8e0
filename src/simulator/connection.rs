//! One connection: requests in, answers out, each in the manner its fault demands.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio::time::sleep;

use super::account::HEADER;
use super::callbacks::{self, News};
use super::carrier::{Carrier, Manner, Verdict};
use super::desk::{self, Answered, Paper};
use super::wire::{Answer, Wire};

/// Rows of the table of texts that are written at once.
const ROWS: usize = 1000;

/// Serves a connection until either end closes it.
pub async fn serve(carrier: Arc<Carrier>, stream: TcpStream) {
    let mut wire = Wire::new(stream);
    let mut paper = Paper::default();
    while let Some(request) = wire.next().await {
        let goes_on = request.goes_on;
        let done = match desk::answer(&carrier, &request, &mut paper) {
            Answered::Text(verdict) => carry(&carrier, &mut wire.stream, verdict, &paper.answer).await,
            Answered::Plainly => wire.stream.write_all(&paper.answer.bytes).await.map(|()| true),
            Answered::WithTable => table(&carrier, &mut wire.stream).await.map(|()| true),
        };
        if !matches!(done, Ok(true)) || !goes_on {
            return;
        }
    }
}

/// Reports that are owed once the text is taken, however its connection ends.
struct Owed<'a> {
    carrier: &'a Carrier,
    news: Option<Box<News>>,
}

impl Drop for Owed<'_> {
    fn drop(&mut self) {
        if let (Some(callbacks), Some(news)) = (&self.carrier.callbacks, self.news.take()) {
            let delay = news.delay;
            callbacks.put(news, delay);
        }
    }
}

/// Timers fire at whole milliseconds, half of one late on average: so much less is slept, for the latency to be the one
/// that was asked for.
const ROUNDING: Duration = Duration::from_micros(500);

/// Answers a request for a text; whether the connection goes on.
async fn carry(
    carrier: &Carrier,
    stream: &mut TcpStream,
    verdict: Verdict,
    answer: &Answer,
) -> io::Result<bool> {
    let mut owed = Owed { carrier, news: verdict.news };
    if verdict.latency > Duration::ZERO {
        sleep(verdict.latency.saturating_sub(ROUNDING)).await;
    }
    if let Some(news) = owed.news.take_if(|news| news.early) {
        callbacks::give(carrier, news).await;
    }
    match verdict.manner {
        Manner::Whole => {}
        Manner::Reset | Manner::Lost { half: false } => {
            stream.set_zero_linger()?;
            return Ok(false);
        }
        Manner::Lost { half: true } => {
            // The status comes through, and half of the body.
            stream.write_all(&answer.bytes[..answer.bytes.len() - answer.body.len() / 2]).await?;
            return Ok(false);
        }
        Manner::Late => {
            // Its reports do not wait for the answer.
            drop(owed.news.take().map(|news| Owed { carrier, news: Some(news) }));
            sleep(carrier.settings.late).await;
        }
        Manner::Drip => {
            drop(owed.news.take().map(|news| Owed { carrier, news: Some(news) }));
            for byte in &answer.bytes {
                stream.write_all(&[*byte]).await?;
                sleep(carrier.settings.drip).await;
            }
        }
    }
    if verdict.manner != Manner::Drip {
        stream.write_all(&answer.bytes).await?;
    }
    if let Some(taken) = verdict.taken {
        carrier.desk().account.answered(taken);
    }
    Ok(true)
}

/// Writes the table of all texts, piece by piece: it may be larger than anyone would hold in memory.
async fn table(carrier: &Carrier, stream: &mut TcpStream) -> io::Result<()> {
    let head =
        "HTTP/1.1 200 OK\r\ncontent-type: text/csv; charset=utf-8\r\ntransfer-encoding: chunked\r\n\r\n";
    stream.write_all(head.as_bytes()).await?;
    let era = carrier.desk().account.era();
    let mut piece = HEADER.to_owned();
    let mut first = 0;
    loop {
        let more = carrier.desk().account.write(era, first, ROWS, &mut piece);
        if !piece.is_empty() {
            let chunk = format!("{:x}\r\n{piece}\r\n", piece.len());
            stream.write_all(chunk.as_bytes()).await?;
        }
        if !more {
            return stream.write_all(b"0\r\n\r\n").await;
        }
        piece.clear();
        first += ROWS;
    }
}
