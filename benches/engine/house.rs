//! The service as `serve` makes it, in this process: its webhooks on a listener, those who hear, those who send;
//! and a listener that reads the same calls and thanks for them, and does nothing else.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use chrono::TimeDelta;
use motherline::clock::Clock;
use motherline::flows::Service;
use motherline::flows::dispatch::SEND_LIMIT;
use motherline::flows::retention::Retention;
use motherline::flows::silence::Patience;
use motherline::gateway::twilio::{Auth, Settings};
use motherline::gateway::{Gateway, Http, Provider, Secret, Twilio};
use motherline::store::Database;
use motherline::web::{Site, router};
use motherline::worker::Gateways;
use motherline::worker::loops::Crew;
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use crate::caller::{PUBLIC, TOKEN};
use crate::simulator::ACCOUNT;
use crate::world::{SENDER, World};

/// Where reports would come, if the simulator gave any.
pub const CALLBACK: &str = "https://motherline.example.org/webhooks/twilio";

/// The gateway that a simulator is.
pub fn gateway(url: &str) -> Gateway {
    let twilio = Twilio::new(Settings {
        account_sid: ACCOUNT.to_owned(),
        auth: Auth::AuthToken,
        auth_token: Secret::new(TOKEN),
        shared_key: None,
        messaging_service_sid: None,
        base_url: url.to_owned(),
        callback_url: CALLBACK.to_owned(),
    });
    Gateway { name: SENDER.to_owned(), provider: Provider::Twilio(twilio) }
}

/// A service that listens.
pub struct House {
    /// Where it listens.
    pub address: SocketAddr,
    /// What it runs on.
    pub service: Service,
    crew: Crew,
    loops: JoinSet<()>,
    stop: CancellationToken,
}

impl House {
    /// Opens the webhooks; nobody hears or sends yet.
    pub async fn open(world: &World, database: Database, in_flight: usize) -> Self {
        let service = world.stock.service(database, Clock::System);
        let gateways = Gateways::new([gateway(&world.simulator.url)]);
        let site = Site {
            service: service.clone(),
            gateways: gateways.clone(),
            public_url: Some(PUBLIC.to_owned()),
            worlds: None,
            console: Arc::default(),
        };
        let stop = CancellationToken::new();
        let address = listen(router(site), &stop).await;
        let http = Arc::new(Http::new(SEND_LIMIT).expect("a client"));
        let ever = TimeDelta::days(36_500);
        let retention = Retention { texts: ever, reports: ever, inbox: ever };
        let patience = Patience { failures: 5, silent: ever };
        let crew =
            Crew { service: service.clone(), gateways, http, concurrency: in_flight, retention, patience };
        Self { address, service, crew, loops: JoinSet::new(), stop }
    }

    /// Begins to hear and to send.
    pub fn begin(&mut self) {
        self.crew.hear(&mut self.loops, &self.stop);
        self.crew.dispatch(&mut self.loops, &self.stop);
    }

    /// Ends everything.
    pub async fn close(mut self) {
        self.stop.cancel();
        while self.loops.join_next().await.is_some() {}
        self.service.database.close().await;
    }
}

/// A listener that only thanks, until it is told to stop.
pub async fn bare(stop: &CancellationToken) -> SocketAddr {
    listen(Router::new().fallback(async |form: Bytes| drop(form)), stop).await
}

async fn listen(app: Router, stop: &CancellationToken) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let stopped = stop.clone();
    let app = app.into_make_service_with_connect_info::<SocketAddr>();
    tokio::spawn(async move {
        let serving = axum::serve(listener, app);
        serving.with_graceful_shutdown(stopped.cancelled_owned()).await.expect("it serves");
    });
    address
}
