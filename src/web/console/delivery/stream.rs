//! A body that is sent while it is made, no faster than it is taken.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::{Body, Bytes};
use futures_core::Stream;
use tokio::sync::mpsc;

/// Parts that wait to be taken.
const WAITING: usize = 4;

/// By which parts of a body are given.
pub type Sender = mpsc::Sender<io::Result<Bytes>>;

/// A body, and by what its parts are given.
pub fn body() -> (Sender, Body) {
    let (sender, parts) = mpsc::channel(WAITING);
    (sender, Body::from_stream(Parts(parts)))
}

struct Parts(mpsc::Receiver<io::Result<Bytes>>);

impl Stream for Parts {
    type Item = io::Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.poll_recv(context)
    }
}
