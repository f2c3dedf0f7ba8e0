//! Every text, and what became of it.

use axum::Router;

use crate::web::Site;

/// The addresses here.
pub fn routes() -> Router<Site> {
    Router::new()
}

/// The address of a view.
pub(super) fn address(query: &[(&str, &str)]) -> String {
    let mut written = form_urlencoded::Serializer::new(String::new());
    written.extend_pairs(query.iter().filter(|(_, value)| !value.is_empty()));
    format!("/console/delivery?{}", written.finish())
}

#[cfg(test)]
pub(super) fn samples(_: super::tongue::Tongue) -> Vec<(&'static str, Box<dyn askama::DynTemplate>)> {
    Vec::new()
}
