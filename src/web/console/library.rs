//! The messages as they are being written: the grid, a tip's page and its form, how it looks on a phone, files in and out.
//! What is written lies on the desk (`flows::authoring`) until a reviewer has signed it and somebody publishes it.

mod adding;
mod checks;
mod editing;
mod exchanging;
mod figures;
mod files;
pub(super) mod findings;
mod grid;
mod handing;
mod history;
mod list;
pub(super) mod names;
mod preview;
pub(super) mod reasons;
pub(super) mod refused;
pub(super) mod state;
pub(super) mod talk;
pub(super) mod tip;
mod typing;
pub(super) mod wording;

use axum::Router;
use axum::routing::{get, post};

use super::Shown;
use super::access::Signed;
use super::refusal::Refusal;
use crate::domain::role::Right;
use crate::flows::authoring::{self, Desk};
use crate::library::desk::Leaf;
use crate::web::Site;

/// The addresses here.
pub fn routes() -> Router<Site> {
    Router::new()
        .route("/console/library", get(grid::show))
        .route("/console/library/list", get(list::show))
        .route("/console/library/submit", post(list::submit))
        .route("/console/library/new", get(adding::blank).post(adding::begin))
        .route("/console/library/tips/{tip}", get(tip::show))
        .route("/console/library/tips/{tip}/history", get(history::show))
        .route("/console/library/tips/{tip}/edit", get(editing::open).post(editing::save))
        .route("/console/library/tips/{tip}/others/live", get(editing::others))
        .route("/console/library/tips/{tip}/discard", post(handing::discard))
        .route("/console/library/tips/{tip}/submit", post(handing::submit))
        .route("/console/library/tips/{tip}/withdraw", post(handing::withdraw))
        .route("/console/library/preview", get(preview::show))
        .route("/console/library/exchange", get(exchanging::show).post(exchanging::bring))
        .route("/console/library/exchange/{id}", post(exchanging::take_over))
        .route("/console/library/export", get(exchanging::export))
        .route("/console/library/files", get(files::list))
        .route("/console/library/files/{*path}", get(files::show))
}

/// The desk as it is now.
pub(super) async fn desk(site: &Site) -> Result<Desk, Refusal> {
    authoring::look(&site.service).await.map_err(refusal)
}

/// A refusal of the desk that no page has words of its own for.
pub(super) fn refusal(refused: authoring::Refused) -> Refusal {
    match refused {
        authoring::Refused::Gone => Refusal::NotFound,
        authoring::Refused::NotTheirs => Refusal::Forbidden,
        other => Refusal::Broken(other.to_string()),
    }
}

/// The programs in whose texts somebody may do this.
pub(super) fn programs(site: &Site, signed: &Signed, right: Right) -> Vec<String> {
    signed.programs(site, right)
}

/// The program that is asked for, or the first one; none if there is none. Another's is not there.
pub(super) async fn chosen(
    site: &Site,
    signed: &Signed,
    programs: &[String],
    asked: &str,
) -> Result<Option<String>, Refusal> {
    if asked.is_empty() {
        return Ok(programs.first().cloned());
    }
    if programs.iter().any(|program| program == asked) {
        return Ok(Some(asked.to_owned()));
    }
    signed.reach(site, Right::Browse, asked, "library").await?;
    Err(Refusal::NotFound)
}

/// A program's name, with its id where it has none.
pub(super) fn called(site: &Site, program: &str) -> String {
    let edition = site.service.shelf.edition();
    let known = edition.library.program(program);
    let name = known.and_then(|known| Some(known.name(*known.languages.first()?).to_owned()));
    name.map_or_else(|| program.to_owned(), |name| format!("{name} ({program})"))
}

/// The tip of an address, for who may do this with it.
pub(super) async fn reached(
    site: &Site,
    signed: &Signed,
    right: Right,
    desk: &Desk,
    tip: &str,
) -> Result<Leaf, Refusal> {
    let leaf = desk.leaf(tip).ok_or(Refusal::NotFound)?;
    allowed(site, signed, right, &leaf.program, tip).await?;
    Ok(leaf)
}

/// Whether somebody may do this with a tip of a program.
pub(super) async fn allowed(
    site: &Site,
    signed: &Signed,
    right: Right,
    program: &str,
    tip: &str,
) -> Result<(), Refusal> {
    // Who may read it and not do this is told so; to anybody else it is not there.
    if signed.may_in(Right::Browse, program) && !signed.may_in(right, program) {
        return Err(Refusal::Forbidden);
    }
    signed.reach(site, right, program, &format!("tip {tip}")).await
}

/// To whom a file is shown: one of a program to who works for it, what all share to everybody.
pub(super) fn may_see_file(signed: &Signed, path: &str) -> bool {
    let mut parts = path.trim_end_matches(".toml").split('/');
    match (parts.next(), parts.next()) {
        (Some("programs" | "partners" | "questions" | "tips"), Some(program)) => {
            signed.may_in(Right::Browse, program)
        }
        _ => signed.may(Right::Browse),
    }
}

/// What stands behind the question mark of an address.
pub(super) fn query(pairs: &[(&str, &str)]) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(pairs.iter().filter(|(_, value)| !value.is_empty()));
    query.finish()
}

#[cfg(test)]
pub(super) fn samples(tongue: super::tongue::Tongue) -> Vec<(&'static str, Box<dyn askama::DynTemplate>)> {
    let mut all = grid::samples(tongue);
    all.extend(tip::samples(tongue));
    all.extend(editing::samples(tongue));
    all.extend(history::samples(tongue));
    all.extend(list::samples(tongue));
    all.extend(preview::samples(tongue));
    all.extend(exchanging::samples(tongue));
    all.extend(files::samples(tongue));
    all
}
