//! New connections: names, addresses, proxies and TLS, with limits.
//!
//! The certificate authorities are the machine's; TLS is rustls with ring; proxies are those of `HTTPS_PROXY`,
//! `HTTP_PROXY`, `ALL_PROXY` and `NO_PROXY`, as curl reads them.

use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use http::Uri;
use http::uri::Scheme;
use hyper::rt::{Read, Write};
use hyper_rustls::HttpsConnector;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::client::legacy::connect::proxy::Tunnel;
use hyper_util::client::proxy::matcher::{Intercept, Matcher};
use rustls::ClientConfig;
use rustls_platform_verifier::BuilderVerifierExt;
use tokio::time::timeout;
use tower_service::Service;

use super::hosts::Host;
use super::line::Line;

/// A peer that vanished is noticed after these; a time limit mostly speaks first.
const KEEPALIVE: Duration = Duration::from_secs(15);
const KEEPALIVE_TRIES: u32 = 3;

/// What a line runs over.
pub(super) type Stream = Box<dyn Socket>;

pub(super) trait Socket: Read + Write + Send + Unpin {}

impl<T: Read + Write + Send + Unpin> Socket for T {}

/// Makes connections.
pub(super) struct Connector {
    /// Covers the name, the connection, the proxy and TLS together.
    time_limit: Duration,
    https: HttpsConnector<HttpConnector>,
    tls: Arc<ClientConfig>,
    proxies: Matcher,
}

impl Connector {
    /// # Errors
    ///
    /// The machine has no certificate authorities.
    pub fn new(time_limit: Duration) -> Result<Self, rustls::Error> {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let versions = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions()?;
        let mut tls = versions.with_platform_verifier()?.with_no_client_auth();
        tls.alpn_protocols = vec![b"http/1.1".to_vec()];
        let tls = Arc::new(tls);
        let mut tcp = HttpConnector::new();
        tcp.enforce_http(false);
        tcp.set_nodelay(true);
        tcp.set_connect_timeout(Some(time_limit));
        tcp.set_keepalive(Some(KEEPALIVE));
        tcp.set_keepalive_interval(Some(KEEPALIVE));
        tcp.set_keepalive_retries(Some(KEEPALIVE_TRIES));
        let https = HttpsConnector::from((tcp, tls.clone()));
        Ok(Self { time_limit, https, tls, proxies: Matcher::from_env() })
    }

    /// The proxy on the way to an origin, if there is one.
    pub fn proxy(&self, origin: &Uri) -> Option<Intercept> {
        self.proxies.intercept(origin)
    }

    /// A line to a host, directly or through its proxy.
    ///
    /// # Errors
    ///
    /// None was made, and nothing was sent.
    pub async fn connect(&self, host: &Host) -> Result<Box<Line>, Box<dyn Error + Send + Sync>> {
        timeout(self.time_limit, async { Ok(Box::new(Line::over(self.stream(host).await?).await?)) }).await?
    }

    async fn stream(&self, host: &Host) -> Result<Stream, Box<dyn Error + Send + Sync>> {
        let mut https = self.https.clone();
        let Some(proxy) = &host.proxy else {
            return Ok(Box::new(https.call(host.origin.clone()).await?));
        };
        if host.origin.scheme() == Some(&Scheme::HTTP) {
            return Ok(Box::new(https.call(proxy.uri().clone()).await?));
        }
        let mut tunnel = Tunnel::new(proxy.uri().clone(), https);
        if let Some(password) = proxy.basic_auth() {
            tunnel = tunnel.with_auth(password.clone());
        }
        let mut inside = HttpsConnector::from((tunnel, self.tls.clone()));
        Ok(Box::new(inside.call(host.origin.clone()).await?))
    }
}
