//! The messages as they are being written.

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
