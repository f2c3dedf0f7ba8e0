//! One connection to a gateway. It has no task of its own: whoever waits for a reply moves it on, which saves two
//! wake-ups a text, and closes it by giving up. At rest nobody looks after it; what happened to it meanwhile shows
//! when it is next asked, before it takes anything of the request.

use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::task::{Context, Poll};

use bytes::{Bytes, BytesMut};
use http::Response;
use http_body_util::Full;
use hyper::body::{Body, Incoming};
use hyper::client::conn::http1::{Connection, SendRequest, handshake};

use super::connect::Stream;

/// A full page of a provider's list; its answer to a send is a thousandth of it.
const LONGEST_REPLY: usize = 4 * 1024 * 1024;

/// A request as hyper takes it.
pub(super) type Message = http::Request<Full<Bytes>>;

/// A connection that carries one request at a time.
pub(super) struct Line {
    ask: SendRequest<Full<Bytes>>,
    /// None once it has ended; ending it answers what still waits.
    wire: Option<Connection<Stream, Full<Bytes>>>,
    is_new: bool,
}

impl Line {
    /// A line over a new stream.
    ///
    /// # Errors
    ///
    /// None that HTTP/1.1 has: nothing is sent before the first request.
    pub async fn over(stream: Stream) -> hyper::Result<Self> {
        let (ask, wire) = handshake(stream).await?;
        Ok(Self { ask, wire: Some(wire), is_new: true })
    }

    /// Whether it has never been asked.
    pub fn is_new(&self) -> bool {
        self.is_new
    }

    /// Sends a request and waits for the head of its reply.
    ///
    /// # Errors
    ///
    /// The line broke. It gives the request back if certainly none of it was written; otherwise it may have arrived.
    pub async fn ask(&mut self, message: Message) -> Result<Response<Incoming>, Option<Box<Message>>> {
        self.is_new = false;
        let mut answer = pin!(self.ask.try_send_request(message));
        let answered = poll_fn(|context| {
            self.move_on(context);
            answer.as_mut().poll(context)
        });
        answered.await.map_err(|mut error| error.take_message().map(Box::new))
    }

    /// The body, if it comes whole and is not longer than any reply.
    pub async fn read(&mut self, mut body: Incoming) -> Option<Bytes> {
        let mut whole = Bytes::new();
        while !body.is_end_stream() {
            let frame = poll_fn(|context| match Pin::new(&mut body).poll_frame(context) {
                Poll::Pending => {
                    self.move_on(context);
                    Pin::new(&mut body).poll_frame(context)
                }
                frame => frame,
            });
            let Some(frame) = frame.await else { break };
            let Ok(data) = frame.ok()?.into_data() else { continue };
            if whole.len() + data.len() > LONGEST_REPLY {
                return None;
            }
            whole = if whole.is_empty() { data } else { joined(whole, &data) };
        }
        Some(whole)
    }

    /// Whether another request may follow.
    pub async fn may_rest(&mut self) -> bool {
        if !self.ask.is_ready() {
            poll_fn(|context| {
                self.move_on(context);
                Poll::Ready(())
            })
            .await;
        }
        self.wire.is_some() && self.ask.is_ready()
    }

    fn move_on(&mut self, context: &mut Context<'_>) {
        if let Some(wire) = &mut self.wire
            && Pin::new(wire).poll(context).is_ready()
        {
            self.wire = None;
        }
    }
}

fn joined(first: Bytes, second: &[u8]) -> Bytes {
    let mut both = BytesMut::from(first);
    both.extend_from_slice(second);
    both.freeze()
}
