//! What answers over HTTP: webhooks, probes, and the handset. Handlers extract, call one flow, show the result.

pub mod console;
pub mod handset;
mod intake;
mod probes;
mod webhooks;

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::{any, get};

use self::handset::Worlds;
use self::intake::Intake;
use self::webhooks::Desk;
use crate::flows::Service;
use crate::worker::Gateways;

/// No webhook is longer.
const LONGEST_BODY: usize = 64 * 1024;

/// What the handlers share.
#[derive(Clone)]
pub struct Site {
    /// The service.
    pub service: Service,
    /// Its gateways.
    pub gateways: Gateways,
    /// scheme://host as providers call it.
    pub public_url: Option<String>,
    /// The handset's worlds; none beside a real gateway.
    pub worlds: Option<Arc<Worlds>>,
    /// How the console is run.
    pub console: Arc<console::Settings>,
}

/// Every address there is. Called on the runtime that serves them: what webhooks bring is written by tasks of their
/// own, which end with the router.
pub fn router(site: Site) -> Router {
    let pages =
        if site.worlds.is_some() { handset::routes() } else { Router::new().route("/", get(probes::front)) };
    let desk = Arc::new(Desk { intake: Intake::open(&site.service), site: site.clone() });
    Router::new()
        .route("/webhooks/{gateway}/{call}", any(webhooks::call).with_state(desk))
        .route("/health/live", get(probes::live))
        .route("/health/ready", get(probes::ready))
        .route("/metrics", get(probes::metrics))
        .merge(pages)
        .layer(DefaultBodyLimit::max(LONGEST_BODY))
        .merge(console::routes(&site))
        .with_state(site)
}
