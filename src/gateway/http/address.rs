//! A gateway's address, taken apart once, and the requests that go there.

use std::time::Instant;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::header::{ACCEPT, AUTHORIZATION, HOST, HeaderName, USER_AGENT};
use http::uri::PathAndQuery;
use http::{HeaderMap, HeaderValue, Method, Uri};
use percent_encoding::percent_decode_str;
use url::{Position, Url};

const OUR_NAME: HeaderValue = HeaderValue::from_static(concat!("motherline/", env!("CARGO_PKG_VERSION")));

/// Where requests go, and the headers that all of them carry.
#[derive(Clone)]
pub struct Address {
    /// Scheme, host and port, with the path `/`.
    pub(super) origin: Uri,
    pub(super) headers: HeaderMap,
    target: PathAndQuery,
}

impl Address {
    /// Reads `http://…` or `https://…`; none if it is neither. A name and password in it become a header.
    pub fn parse(text: &str) -> Option<Self> {
        let url = Url::parse(text).ok().filter(|url| matches!(url.scheme(), "http" | "https"))?;
        let authority = &url[Position::BeforeHost..Position::AfterPort];
        let origin =
            Uri::builder().scheme(url.scheme()).authority(authority).path_and_query("/").build().ok()?;
        let target = url[Position::BeforePath..Position::AfterQuery].parse().ok()?;
        let host = HeaderValue::from_str(authority).ok()?;
        let headers = HeaderMap::from_iter([
            (HOST, host),
            (USER_AGENT, OUR_NAME),
            (ACCEPT, HeaderValue::from_static("*/*")),
        ]);
        let address = Self { origin, headers, target };
        if url.username().is_empty() && url.password().is_none() {
            return Some(address);
        }
        let plain = |text| percent_decode_str(text).decode_utf8().ok();
        Some(address.authorized(&plain(url.username())?, &plain(url.password().unwrap_or_default())?))
    }

    /// With credentials (RFC 7617) in each request.
    pub fn authorized(self, user: &str, password: &str) -> Self {
        self.proved(format!("Basic {}", STANDARD.encode(format!("{user}:{password}"))))
    }

    /// With a scheme and what proves who we are, as `Bearer` and a key, in each request; without them if they hold what
    /// a header cannot carry, as base64 never does.
    pub fn proved(self, credentials: String) -> Self {
        if let Ok(mut value) = HeaderValue::from_maybe_shared(Bytes::from(credentials)) {
            value.set_sensitive(true);
            return self.with(AUTHORIZATION, value);
        }
        self
    }

    /// With one more header in each request, or another value of one.
    pub fn with(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.headers.insert(name, value);
        self
    }

    /// Its path and query.
    pub fn target(&self) -> &str {
        self.target.as_str()
    }

    /// Asks for what is there.
    pub fn get(&self) -> Request<'_> {
        Request {
            address: self,
            method: Method::GET,
            target: self.target.clone(),
            body: Bytes::new(),
            header: None,
            leaves_by: None,
        }
    }

    /// Asks the same host for another path and query; none if this is no such.
    pub fn get_at(&self, target: String) -> Option<Request<'_>> {
        let target = PathAndQuery::from_maybe_shared(Bytes::from(target)).ok()?;
        Some(Request { target, ..self.get() })
    }

    /// Posts a body there.
    pub fn post(&self, body: impl Into<Bytes>) -> Request<'_> {
        Request { method: Method::POST, body: body.into(), ..self.get() }
    }
}

/// A request ready to go.
pub struct Request<'a> {
    pub(super) address: &'a Address,
    pub(super) method: Method,
    pub(super) target: PathAndQuery,
    pub(super) body: Bytes,
    /// One that this request alone carries.
    pub(super) header: Option<(HeaderName, HeaderValue)>,
    pub(super) leaves_by: Option<Instant>,
}

impl Request<'_> {
    /// With a header that it alone carries.
    pub fn with(self, name: HeaderName, value: HeaderValue) -> Self {
        Self { header: Some((name, value)), ..self }
    }

    /// Not to leave after a moment.
    pub fn by(self, moment: Instant) -> Self {
        Self { leaves_by: Some(moment), ..self }
    }
}
