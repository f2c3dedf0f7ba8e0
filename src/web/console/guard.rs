//! What every request to the console goes through: a change is asked for from one of our own pages only, nothing may be
//! framed, cached or made to run, and a refusal is put on a page.

use std::net::SocketAddr;

use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::refusal::{Page, Refusal, Told, Words};
use super::tongue::Tongue;
use crate::web::Site;

/// No inline script or style, nothing from elsewhere.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; \
                      img-src 'self' data:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/// Who called: the address that the proxy before us named last, where there is one.
#[derive(Clone, Debug)]
pub struct Caller(pub String);

/// Guards a request.
pub async fn guard(State(site): State<Site>, mut request: Request, next: Next) -> Response {
    let tongue = Tongue::asked(request.headers());
    let caller = caller(&site, &request);
    request.extensions_mut().insert(Caller(caller));
    let safe = matches!(*request.method(), Method::GET | Method::HEAD);
    let mut response = if safe || from_us(request.headers()) {
        next.run(request).await
    } else {
        Refusal::Forged.into_response()
    };
    if let Some(told) = response.extensions().get::<Told>().copied().or_else(|| plain(&response)) {
        response = on_a_page(tongue, told, &response);
    }
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}

fn caller(site: &Site, request: &Request) -> String {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>();
    let peer = peer.map_or_else(String::new, |ConnectInfo(peer)| peer.ip().to_canonical().to_string());
    if !site.console.behind_proxy {
        return peer;
    }
    // The last one is what our own proxy wrote; those before it anybody may have.
    let forwarded = request.headers().get_all("x-forwarded-for").into_iter().next_back();
    let named = forwarded.and_then(|named| named.to_str().ok()?.rsplit(',').next());
    named.map_or(peer, |named| named.trim().to_owned())
}

/// Whether a browser says that one of our own pages sent this. One that is too old to say sends no such header at all:
/// then the form's token decides alone.
fn from_us(headers: &HeaderMap) -> bool {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(site) = text("sec-fetch-site") {
        return matches!(site, "same-origin" | "none");
    }
    match (text("origin"), text("host")) {
        (Some(origin), Some(host)) => origin.split_once("://").is_some_and(|(_, from)| from == host),
        _ => true,
    }
}

/// What an extractor refused in a few plain words: an address that names nothing, a query that cannot be read.
fn plain(response: &Response) -> Option<Told> {
    let kind = response.headers().get(header::CONTENT_TYPE)?.to_str().ok()?;
    let refused = response.status().is_client_error() && kind.starts_with("text/plain");
    refused
        .then(|| match response.status() {
            StatusCode::PAYLOAD_TOO_LARGE => Refusal::TooLarge,
            StatusCode::NOT_FOUND => Refusal::NotFound,
            _ => Refusal::Senseless,
        })?
        .told()
}

fn on_a_page(tongue: Tongue, told: Told, refused: &Response) -> Response {
    use askama::Template as _;
    let page = Page { tongue, told, words: Words::of(tongue) };
    let html = page.render().unwrap_or_default();
    (refused.status(), [(header::CONTENT_TYPE, "text/html; charset=utf-8")], html).into_response()
}
