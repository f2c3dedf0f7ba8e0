//! The console: where operators watch delivery and answer, and health workers write, review and publish.
//!
//! Pages are made here, on the server, from typed templates, in three languages; they can be read without a script. What
//! moves by itself asks again for a part of the page (htmx). Nothing comes from elsewhere: the style, the scripts and the
//! drawings are in the program.
//!
//! Each page is a room: its handlers, its words (`words!`), its templates in the folder of its name, and a sample of each
//! template, which a test renders in every language. Around them:
//!
//! - `access`: who is signed in ([`access::Signed`]), what they may see, and the way to a thing of a program;
//! - `form`: what is typed, proved, kept and faulted; `refusal`: what is said instead of a page;
//! - `files`: what is taken away as a file;
//! - `shell`: what surrounds a page; `tongue`: the languages; `assets`: what is fetched beside the pages;
//! - `sessions`: sessions, in our database; `guard`: what every request goes through; `kept`: what was typed when a
//!   session ended.

pub mod access;
mod accounts;
mod assets;
mod audit;
mod broadcasts;
mod chart;
mod counting;
mod deeds;
mod delivery;
mod enroll;
mod fates;
mod files;
mod form;
mod guard;
mod heading;
mod inbox;
mod kept;
mod library;
mod me;
mod mothers;
mod overview;
mod partners;
mod period;
mod questions;
mod refusal;
mod review;
mod scope;
mod sessions;
mod shell;
mod sign_in;
mod stages;
mod tongue;
mod welcome;

pub use self::mothers::verdict;

#[cfg(test)]
mod sampled;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn_with_state;
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::get;
use chrono::TimeDelta;
use tower_sessions::cookie::SameSite;
use tower_sessions::cookie::time::Duration;
use tower_sessions::{Expiry, SessionManagerLayer};

use self::access::Signed;
use self::refusal::Refusal;
use self::sessions::Sessions;
use super::Site;
use crate::domain::role::Right;
use crate::library::report::Prices;

/// How the console is run.
#[derive(Clone, Debug)]
pub struct Settings {
    /// A session that is not used for so long ends.
    pub idle: TimeDelta,
    /// A session ends after so long, whatever is done in it.
    pub absolute: TimeDelta,
    /// A broadcast to more people than these is approved by a second person.
    pub approve_above: i64,
    /// A count of people below this is not told apart.
    pub smallest_number: i64,
    /// No file that is sent here is larger, in bytes.
    pub most_upload: usize,
    /// What an SMS costs, where that is known.
    pub prices: Prices,
    /// Whether it is reached by HTTPS: the cookie then travels no other way.
    pub secure: bool,
    /// Whether a proxy stands before it and says in `X-Forwarded-For` who called.
    pub behind_proxy: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            idle: TimeDelta::minutes(30),
            absolute: TimeDelta::hours(12),
            approve_above: 1_000,
            smallest_number: 10,
            most_upload: 10 * 1024 * 1024,
            prices: Prices::default(),
            secure: false,
            behind_proxy: false,
        }
    }
}

impl Settings {
    /// The most that a file may have, in whole MB: what forms and refusals tell.
    pub fn most_upload_mb(&self) -> usize {
        (self.most_upload / (1024 * 1024)).max(1)
    }

    fn too_large(&self) -> Refusal {
        Refusal::TooLarge(self.most_upload_mb())
    }
}

/// What a handler gives.
type Shown = Result<Response, Refusal>;

/// Every address of the console.
pub fn routes(site: &Site) -> Router<Site> {
    let settings = &site.console;
    let sessions = Sessions::new(site.service.clone(), settings.idle, settings.absolute);
    let layer = SessionManagerLayer::new(sessions)
        .with_name(if settings.secure { "__Host-motherline" } else { "motherline" })
        .with_http_only(true)
        // Lax: who follows a link to a page in an e-mail is signed in there. Forms prove themselves besides.
        .with_same_site(SameSite::Lax)
        .with_secure(settings.secure)
        .with_path("/")
        .with_expiry(Expiry::OnInactivity(Duration::seconds(settings.idle.num_seconds())));
    Router::new()
        .route("/console", get(home))
        .merge(sign_in::routes())
        .merge(welcome::routes())
        .merge(assets::routes())
        .merge(counting::routes())
        .merge(overview::routes())
        .merge(delivery::routes())
        .merge(mothers::routes())
        .merge(inbox::routes())
        .merge(broadcasts::routes())
        .merge(enroll::routes())
        .merge(partners::routes())
        .merge(library::routes())
        .merge(review::routes())
        .merge(questions::routes())
        .merge(accounts::routes())
        .merge(audit::routes())
        .merge(me::routes())
        .fallback(async || Refusal::NotFound)
        .method_not_allowed_fallback(sign_in::no_page)
        .layer(DefaultBodyLimit::max(settings.most_upload + 128 * 1024))
        .layer(from_fn_with_state(site.clone(), kept::keep))
        .layer(layer)
        .layer(from_fn_with_state(site.clone(), guard::guard))
}

/// The first page is the first one they may see.
async fn home(signed: Signed) -> Shown {
    let first = [
        (Right::Count, "/console/overview"),
        (Right::Answer, "/console/inbox"),
        (Right::Browse, "/console/library"),
        (Right::Administer, "/console/accounts"),
    ];
    let place = first.into_iter().find(|(right, _)| signed.may(*right)).map(|(_, place)| place);
    Ok(Redirect::to(place.ok_or(Refusal::Forbidden)?).into_response())
}

/// A page of a template.
fn page(template: &impl askama::Template) -> Shown {
    Ok(Html(template.render()?).into_response())
}
