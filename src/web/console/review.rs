//! What was written, signed by somebody else, and published; and what is done when a text proves wrong.

mod book;
mod differences;
mod editions;
pub(super) mod people;
mod publishing;
mod queue;
mod recalls;
mod signing;

use axum::Router;
use axum::routing::{get, post};

use super::Shown;
use super::library;
use crate::web::Site;

/// The addresses here.
pub fn routes() -> Router<Site> {
    Router::new()
        .route("/console/review", get(queue::show))
        .route("/console/review/tips/{tip}", get(signing::show))
        .route("/console/review/tips/{tip}/approve", post(signing::approve))
        .route("/console/review/tips/{tip}/return", post(signing::send_back))
        .route("/console/review/tips/{tip}/remark", post(signing::remark))
        .route("/console/review/tips/{tip}/assign", post(signing::assign))
        .route("/console/review/publish", get(publishing::show).post(publishing::publish))
        .route("/console/review/editions", get(editions::list))
        .route("/console/review/editions/{number}", get(editions::show))
        .route("/console/review/editions/{number}/rollback", post(editions::roll_back))
        .route("/console/review/recalls", get(recalls::list).post(recalls::recall))
        .route("/console/review/recalls/{tip}", get(recalls::show))
        .route("/console/review/recalls/{tip}/count", get(recalls::count))
        .route("/console/review/recalls/{tip}/correct", post(recalls::correct))
        .route("/console/review/recalls/{tip}/lift", post(recalls::lift))
        .route("/console/review/book", get(book::show))
        .route("/console/review/book/whole", get(book::whole))
}

#[cfg(test)]
pub(super) fn samples(tongue: super::tongue::Tongue) -> Vec<(&'static str, Box<dyn askama::DynTemplate>)> {
    let mut all = queue::samples(tongue);
    all.extend(signing::samples(tongue));
    all.extend(publishing::samples(tongue));
    all.extend(editions::samples(tongue));
    all.extend(recalls::samples(tongue));
    all.extend(book::samples(tongue));
    all
}
