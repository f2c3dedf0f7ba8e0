//! What was written, signed by somebody else, and published.

pub(super) mod people;

use axum::Router;

use crate::web::Site;

/// The addresses here.
pub fn routes() -> Router<Site> {
    Router::new()
}

#[cfg(test)]
pub(super) fn samples(_: super::tongue::Tongue) -> Vec<(&'static str, Box<dyn askama::DynTemplate>)> {
    Vec::new()
}
