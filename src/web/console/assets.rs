//! What is fetched beside the pages: one style sheet, two scripts. They are in the program; a browser asks whether what
//! it has is still right.

use axum::Router;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use sha2::{Digest, Sha256};

use crate::web::Site;

const STYLE: &str = include_str!("static/console.css");
const SCRIPT: &str = include_str!("static/console.js");
/// htmx 2.0.11 (Zero-Clause BSD), as its authors publish it.
const HTMX: &str = include_str!("static/htmx-2.0.11.min.js");

/// The addresses of all of it.
pub fn routes() -> Router<Site> {
    Router::new()
        .route(
            "/console/static/console.css",
            get(|asked: HeaderMap| async move { asset(&asked, "text/css; charset=utf-8", STYLE) }),
        )
        .route(
            "/console/static/console.js",
            get(|asked: HeaderMap| async move { asset(&asked, "text/javascript; charset=utf-8", SCRIPT) }),
        )
        .route(
            "/console/static/htmx.js",
            get(|asked: HeaderMap| async move { asset(&asked, "text/javascript; charset=utf-8", HTMX) }),
        )
}

fn asset(asked: &HeaderMap, kind: &'static str, body: &'static str) -> Response {
    let tag = format!("\"{}\"", hex(&Sha256::digest(body.as_bytes())[..12]));
    let known = asked.get(header::IF_NONE_MATCH).and_then(|known| known.to_str().ok());
    let headers = [
        (header::CONTENT_TYPE, kind.to_owned()),
        (header::CACHE_CONTROL, "max-age=300, must-revalidate".to_owned()),
        (header::ETAG, tag.clone()),
    ];
    if known == Some(&tag) {
        (StatusCode::NOT_MODIFIED, headers).into_response()
    } else {
        (headers, body).into_response()
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
