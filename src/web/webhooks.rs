//! `/webhooks/<gateway>/<inbound|report>`: what providers call.
//!
//! 200 only when all it brings is written; 503 when it cannot be, so that the provider tries again; 403 when the call
//! does not prove where it comes from, 400 when it makes no sense, 413 when it is too long.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{ConnectInfo, DefaultBodyLimit, FromRequest, Path, Request, State};
use axum::http::{HeaderMap, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};

use super::Site;
use super::intake::{Intake, Unwritten};
use crate::domain::phone::PhoneNumber;
use crate::flows::senders::Sender;
use crate::gateway::{Brought, Call, Gateway, OptOutKind, ReceivedText, Rejection, Report};
use crate::store::inbox::Received;

/// Where calls are taken.
pub struct Desk {
    pub site: Site,
    pub intake: Intake,
}

/// A provider calls. The request is taken apart here, because to have it extracted copies its headers.
pub async fn call(
    State(desk): State<Arc<Desk>>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    Path((gateway, kind)): Path<(String, String)>,
    mut request: Request,
) -> Response {
    let Desk { site, intake } = &*desk;
    let Some(gateway) = site.gateways.get(&gateway) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let routes = gateway.routes();
    DefaultBodyLimit::max(routes.longest_call).apply(&mut request);
    let (method, uri) = (request.method().clone(), std::mem::take(request.uri_mut()));
    let headers = std::mem::take(request.headers_mut());
    let body = match Bytes::from_request(request, &()).await {
        Ok(body) => body,
        Err(rejection) => {
            return turned_away(site, gateway, rejection.status(), "the body could not be read");
        }
    };
    if method != Method::GET && method != Method::POST {
        return turned_away(site, gateway, StatusCode::METHOD_NOT_ALLOWED, "neither GET nor POST");
    }
    let call = Call {
        method,
        public_url: public_url(site, &uri, &headers),
        query: uri.query().map(str::to_owned),
        headers,
        body,
        peer: peer.ip().to_canonical(),
        received_at: site.service.now(),
    };
    let written = if kind == routes.inbound {
        match gateway.inbound(&call) {
            Ok(Brought::One(text)) => match received(site, gateway, text) {
                Some(text) => intake.text(text).await,
                None => return turned_away(site, gateway, StatusCode::BAD_REQUEST, NOT_OURS),
            },
            Ok(Brought::Several { all, unread }) => {
                tell_unread(site, gateway, unread);
                let came = all.len();
                let ours: Vec<Received> =
                    all.into_iter().filter_map(|text| received(site, gateway, text)).collect();
                if ours.len() < came {
                    let answer = turned_away(site, gateway, StatusCode::BAD_REQUEST, NOT_OURS);
                    if ours.is_empty() {
                        return answer;
                    }
                }
                intake.texts(ours).await
            }
            Err(rejection) => return rejected(site, gateway, rejection),
        }
    } else if kind == routes.report {
        match gateway.report(&call) {
            Ok(Brought::One(report)) => intake.report(&gateway.name, clean(report)).await,
            Ok(Brought::Several { all, unread }) => {
                tell_unread(site, gateway, unread);
                intake.reports(&gateway.name, all.into_iter().map(clean)).await
            }
            Err(rejection) => return rejected(site, gateway, rejection),
        }
    } else {
        return StatusCode::NOT_FOUND.into_response();
    };
    match written {
        Ok(()) => ([(header::CONTENT_TYPE, routes.content_type)], routes.thanks).into_response(),
        Err(Unwritten) => {
            let unavailable = StatusCode::SERVICE_UNAVAILABLE;
            site.service.metrics.rejected(&gateway.name, unavailable.as_u16());
            unavailable.into_response()
        }
    }
}

const NOT_OURS: &str = "no sender has that address";

/// What could not be read among other things that could: to be called with them again would not help.
fn tell_unread(site: &Site, gateway: &Gateway, unread: Option<Rejection>) {
    if let Some(rejection) = unread {
        rejected(site, gateway, rejection);
    }
}

/// A text as it will be written down; none if it was sent to no number of ours.
fn received(site: &Site, gateway: &Gateway, text: ReceivedText) -> Option<Received> {
    let sender = addressee(site, gateway, &text.to)?;
    // Providers write numbers with and without +, with or without the country's prefix; the flow that
    // handles the text knows its program's country and reads the rest.
    let phone = PhoneNumber::parse(&text.from, None)
        .or_else(|| PhoneNumber::parse(&format!("+{}", text.from.trim()), None))
        .map_or(text.from, |number| number.as_e164().to_owned());
    Some(Received {
        id: site.service.id(),
        gateway: gateway.name.clone(),
        provider_id: text.provider_id,
        sender: sender.name.clone(),
        phone,
        body: text.body,
        answered_by: text.provider_handled.map(|kind| {
            match kind {
                OptOutKind::Stop => "stop",
                OptOutKind::Start => "start",
                OptOutKind::Help => "help",
            }
            .to_owned()
        }),
        at: site.service.now(),
    })
}

/// The sender that a text was sent to. Where the provider chooses our number from a pool, every number of the pool
/// belongs to the one sender.
fn addressee<'a>(site: &'a Site, gateway: &Gateway, to: &str) -> Option<&'a Arc<Sender>> {
    let ours = || site.service.senders.iter().filter(|sender| sender.uses(&gateway.name));
    let addressed = ours().find(|sender| bare(sender.address_at(&gateway.name)) == bare(to));
    addressed.or_else(|| {
        let mut all = ours();
        let only = all.next()?;
        (gateway.chooses_our_number() && all.next().is_none()).then_some(only)
    })
}

/// As in a text received: no NUL reaches the database.
fn clean(report: Report) -> Report {
    Report {
        status: without_nul(report.status),
        raw: without_nul(report.raw),
        provider_id: report.provider_id.map(without_nul),
        code: report.code.map(without_nul),
        ..report
    }
}

fn without_nul(text: String) -> String {
    if text.contains('\0') { text.replace('\0', "") } else { text }
}

fn bare(address: &str) -> &str {
    address.trim().trim_start_matches('+')
}

/// The address as the provider called it: what it signed.
fn public_url(site: &Site, uri: &Uri, headers: &HeaderMap) -> String {
    let path = uri.path_and_query().map_or("/", axum::http::uri::PathAndQuery::as_str);
    match &site.public_url {
        Some(base) => format!("{base}{path}"),
        None => {
            let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or("localhost");
            format!("http://{host}{path}")
        }
    }
}

fn rejected(site: &Site, gateway: &Gateway, rejection: Rejection) -> Response {
    match rejection {
        Rejection::Forbidden(why) => turned_away(site, gateway, StatusCode::FORBIDDEN, why),
        Rejection::Malformed(why) => turned_away(site, gateway, StatusCode::BAD_REQUEST, why),
    }
}

/// Counted and logged, without its content.
fn turned_away(site: &Site, gateway: &Gateway, status: StatusCode, why: &str) -> Response {
    site.service.metrics.rejected(&gateway.name, status.as_u16());
    tracing::warn!(gateway = %gateway.name, status = status.as_u16(), why, "a webhook call was turned away");
    status.into_response()
}
