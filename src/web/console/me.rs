//! One's own account: language and zone, password, codes, sessions.

use askama::Template;
use axum::Router;
use axum::routing::get;

use super::access::Signed;
use super::shell::Shell;
use super::tongue::Tongue;
use super::{Shown, page};
use crate::web::Site;

#[derive(Template)]
#[template(path = "web/console/me/me.html")]
struct Page {
    shell: Shell,
}

/// The addresses here.
pub fn routes() -> Router<Site> {
    Router::new().route("/console/me", get(show))
}

async fn show(signed: Signed) -> Shown {
    page(&Page { shell: signed.shell("Me") })
}

#[cfg(test)]
pub(super) fn samples(_: Tongue) -> Vec<(&'static str, Box<dyn askama::DynTemplate>)> {
    Vec::new()
}
