//! Our end of a gateway's webhooks: hands each call to the test, and answers as told.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::Router;
use axum::body::to_bytes;
use axum::extract::{ConnectInfo, Request};
use axum::http::StatusCode;
use motherline::clock::Clock;
use motherline::gateway::Call;
use tokio::net::TcpListener;
use tokio::sync::mpsc::{self, UnboundedReceiver};
use tokio::time::timeout;

pub struct Hooks {
    /// The address of the house, without a path.
    pub url: String,
    calls: UnboundedReceiver<Call>,
    outages: Arc<AtomicUsize>,
}

impl Hooks {
    pub async fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let (sender, calls) = mpsc::unbounded_channel();
        let outages = Arc::new(AtomicUsize::new(0));
        let (house, left) = (url.clone(), Arc::clone(&outages));
        let answer = move |ConnectInfo(peer): ConnectInfo<SocketAddr>, request: Request| async move {
            let (head, body) = request.into_parts();
            let call = Call {
                method: head.method,
                public_url: format!("{house}{}", head.uri),
                query: head.uri.query().map(str::to_owned),
                headers: head.headers,
                body: to_bytes(body, 1 << 20).await.expect("a body"),
                peer: peer.ip(),
                received_at: Clock::System.now(),
            };
            // The test may be over while the gateway still calls.
            let _ = sender.send(call);
            let down = left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |n| n.checked_sub(1));
            match down {
                Ok(_) => (StatusCode::SERVICE_UNAVAILABLE, "we are down"),
                Err(_) => (StatusCode::OK, ""),
            }
        };
        let app = Router::new().fallback(answer).into_make_service_with_connect_info::<SocketAddr>();
        tokio::spawn(async move { axum::serve(listener, app).await });
        Self { url, calls, outages }
    }

    /// Answers the next calls with 503.
    pub fn go_down_for(&self, calls: usize) {
        self.outages.store(calls, Ordering::SeqCst);
    }

    pub async fn next(&mut self) -> Call {
        let call = timeout(Duration::from_secs(10), self.calls.recv()).await;
        call.expect("no call within ten seconds").expect("a call")
    }
}
