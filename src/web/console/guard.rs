//! What every request to the console goes through: a change is asked for from one of our own pages only, nothing may be
//! framed, cached or made to run, and a refusal is put on a page.

use std::net::SocketAddr;

use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::Settings;
use super::kept;
use super::refusal::{Page, Refusal, Told, Unproved, Words};
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
    let live = request.headers().contains_key("hx-request");
    let ended = live.then(|| Ended::of(request.method(), request.uri().path()));
    let safe = matches!(*request.method(), Method::GET | Method::HEAD);
    let mut response = if !safe && !from_us(request.headers()) {
        Refusal::Forged.into_response()
    } else if written(request.uri().path()).is_some() {
        // Nothing has such a name.
        Refusal::NotFound.into_response()
    } else {
        cleaned(&mut request);
        next.run(request).await
    };
    if let Some(told) =
        response.extensions().get::<Told>().copied().or_else(|| plain(&response, &site.console))
    {
        response = on_a_page(tongue, told, &response);
    }
    // What a live part would be led to would stand inside it.
    if let (Some(Unproved::SignIn(place)), Some(ended)) = (response.extensions().get(), ended) {
        response = ended.told(tongue, place.clone());
    }
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}

/// What a live part does that finds the session ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ended {
    /// It takes the whole page along: nobody types there.
    Leads,
    /// It says so where it stands, and asks no more: beside it somebody types.
    Says,
    /// It says so with the next letter.
    SaysTyping,
}

impl Ended {
    fn of(method: &Method, path: &str) -> Self {
        let alone = ["/console/overview/", "/console/broadcasts/", "/console/enroll/imports/"];
        match path == "/console/inbox/live" || alone.iter().any(|beginning| path.starts_with(beginning)) {
            true => Self::Leads,
            false if *method == Method::GET => Self::Says,
            false => Self::SaysTyping,
        }
    }

    fn told(self, tongue: Tongue, place: HeaderValue) -> Response {
        if self == Self::Leads {
            let place = [(HeaderName::from_static("hx-redirect"), place)];
            return (StatusCode::NO_CONTENT, place).into_response();
        }
        let said = format!("<span class=\"caution\">{}</span>", kept::Words::of(tongue).part);
        let html = [(header::CONTENT_TYPE, "text/html; charset=utf-8")];
        if self == Self::SaysTyping {
            return (html, said).into_response();
        }
        // htmx takes 286 for an end of asking. The part stays, and what is said stands inside it.
        let status = StatusCode::from_u16(286).unwrap_or(StatusCode::OK);
        (status, html, [(HeaderName::from_static("hx-reswap"), "innerHTML")], said).into_response()
    }
}

/// Leaves out of a question what [`clean`](super::form::clean) leaves out of a form: no database takes it.
fn cleaned(request: &mut Request) {
    let Some(mut query) = request.uri().query().and_then(written) else { return };
    // What was left out may have stood in the midst of another.
    while let Some(less) = written(&query) {
        query = less;
    }
    let mut parts = request.uri().clone().into_parts();
    parts.path_and_query = format!("{}?{query}", request.uri().path()).parse().ok();
    if let Ok(address) = Uri::from_parts(parts) {
        *request.uri_mut() = address;
    }
}

/// A part of an address without the control characters that are written in it, such as `%00`; none if it has none.
fn written(part: &str) -> Option<String> {
    let control = |sign: &str| {
        let byte = sign.get(..2).filter(|figures| figures.bytes().all(|byte| byte.is_ascii_hexdigit()));
        let byte = byte.and_then(|figures| u8::from_str_radix(figures, 16).ok());
        byte.is_some_and(|byte| byte.is_ascii_control() && !matches!(byte, b'\n' | b'\r' | b'\t'))
    };
    let mut pieces = part.split('%');
    let mut left = pieces.next()?.to_owned();
    let mut found = false;
    for piece in pieces {
        match control(piece) {
            true => left.push_str(&piece[2..]),
            false => left.extend(["%", piece]),
        }
        found |= control(piece);
    }
    found.then_some(left)
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

/// Whether a browser says so itself.
pub fn says_from_us(headers: &HeaderMap) -> bool {
    let says = headers.contains_key("sec-fetch-site") || headers.contains_key(header::ORIGIN);
    says && from_us(headers)
}

/// What an extractor refused in a few plain words: an address that names nothing, a query that cannot be read. And what
/// broke without a word: a session that could not be kept.
fn plain(response: &Response, settings: &Settings) -> Option<Told> {
    if response.status().is_server_error() && !response.headers().contains_key(header::CONTENT_TYPE) {
        return Refusal::broken("without a page").told();
    }
    let kind = response.headers().get(header::CONTENT_TYPE)?.to_str().ok()?;
    let refused = response.status().is_client_error() && kind.starts_with("text/plain");
    refused
        .then(|| match response.status() {
            StatusCode::PAYLOAD_TOO_LARGE => settings.too_large(),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_broke_without_a_page_gets_one() {
        // So a session that cannot be kept is answered.
        let broken = |status: StatusCode| plain(&status.into_response(), &Settings::default());
        assert!(broken(StatusCode::INTERNAL_SERVER_ERROR).is_some());
        assert!(broken(StatusCode::SERVICE_UNAVAILABLE).is_some());
        assert!(broken(StatusCode::NO_CONTENT).is_none());
    }

    #[test]
    fn no_page_on_which_somebody_types_is_left() {
        for path in ["/console/overview/live", "/console/inbox/live", "/console/enroll/imports/1/live"] {
            assert_eq!(Ended::Leads, Ended::of(&Method::GET, path), "{path}");
        }
        assert_eq!(Ended::Says, Ended::of(&Method::GET, "/console/inbox/1/live"));
        assert_eq!(Ended::Says, Ended::of(&Method::GET, "/console/library/tips/a/others/live"));
        assert_eq!(Ended::SaysTyping, Ended::of(&Method::POST, "/console/segments/live"));
    }

    #[test]
    fn control_characters_are_left_out_of_an_address() {
        assert_eq!(Some("who=Ana&why=%0Aa%20b".to_owned()), written("who=An%00a%1b&why=%0Aa%7F%20b"));
        assert_eq!(None, written("who=%D0%90&why=%0d%0A%09%zz%"));
        let mut request = Request::get("/console/audit?who=%0%000%2%001").body(axum::body::Body::empty());
        let request = request.as_mut().expect("a request");
        cleaned(request);
        assert_eq!("/console/audit?who=%21", request.uri());
    }
}
