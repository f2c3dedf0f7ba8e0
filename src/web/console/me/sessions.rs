//! Where one is signed in, and the end of it.

use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect};
use axum::routing::post;

use super::words::Words;
use crate::flows::accounts;
use crate::store::sessions as store;
use crate::web::Site;
use crate::web::console::Shown;
use crate::web::console::access::Signed;
use crate::web::console::form::Typed;
use crate::web::console::refusal::Refusal;
use crate::web::console::sessions::{digest, is_whole};

/// A session, as it is listed.
pub struct SessionLine {
    /// By which a form names it.
    pub name: String,
    /// What the browser calls itself, shortened.
    pub agent: String,
    /// From where.
    pub address: String,
    /// Since when.
    pub began: String,
    /// When it was used last.
    pub seen: String,
    /// Whether it is this one.
    pub here: bool,
}

impl SessionLine {
    /// One for a sample.
    #[cfg(test)]
    pub fn sample() -> Self {
        let words = |text: &str| text.to_owned();
        Self {
            name: words("00ff"),
            agent: words("Firefox <b>@ Android"),
            address: words("192.0.2.1"),
            began: words("24 Nov 2026, 09:00"),
            seen: words("24 Nov 2026, 09:30"),
            here: false,
        }
    }
}

/// The addresses here.
pub fn routes() -> Router<Site> {
    Router::new().route("/console/me/sessions", post(end))
}

/// Those of who is signed in.
pub async fn lines(site: &Site, signed: &Signed) -> Result<Vec<SessionLine>, Refusal> {
    let now = site.service.now();
    let mut tx = site.service.database.read().await?;
    let found = store::of(&mut tx, signed.account.id, now, now - site.console.absolute).await?;
    let (tongue, zone, own) = (signed.tongue, signed.zone, own(signed));
    let words = Words::of(tongue);
    let line = |session: store::Session| SessionLine {
        here: session.id == own,
        name: hex(&session.id),
        agent: called(&session.agent).unwrap_or_else(|| words.unknown.to_owned()),
        address: session.address,
        began: tongue.moment(session.began_at, zone),
        seen: tongue.moment(session.seen_at, zone),
    };
    Ok(found.into_iter().filter(is_whole).map(line).collect())
}

/// By which one's own session is known in the database.
pub fn own(signed: &Signed) -> Vec<u8> {
    signed.session.id().map(|id| digest(&id)).unwrap_or_default()
}

async fn end(State(site): State<Site>, signed: Signed, typed: Typed) -> Shown {
    let words = Words::of(signed.tongue);
    let now = site.service.now();
    let (actor, own) = (signed.actor(), own(&signed));
    let mut tx = site.service.database.read().await?;
    let hers = store::of(&mut tx, signed.account.id, now, now - site.console.absolute).await?;
    drop(tx);
    // Nothing but one's own can be named here.
    for session in hers.into_iter().filter(|session| session.id != own) {
        if typed.is("all") || hex(&session.id) == typed.get("session") {
            accounts::end_session(&site.service, &session.id, &signed.account, &actor).await?;
        }
    }
    signed.tell(words.ended).await?;
    Ok(Redirect::to("/console/me").into_response())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What a browser is, of all that it calls itself: "Firefox, Android".
fn called(agent: &str) -> Option<String> {
    let browsers = ["Edg", "OPR", "SamsungBrowser", "Firefox", "Chrome", "Safari"];
    let systems = ["Android", "iPhone", "iPad", "Windows", "Mac OS", "Linux", "KAIOS"];
    let browser = browsers.into_iter().find(|name| agent.contains(name));
    let system = systems.into_iter().find(|name| agent.contains(name));
    let named = |name: &str| match name {
        "Edg" => "Edge".to_owned(),
        "OPR" => "Opera".to_owned(),
        name => name.to_owned(),
    };
    match (browser, system) {
        (None, None) if agent.is_empty() => None,
        (None, None) => Some(agent.chars().take(40).collect()),
        (browser, system) => {
            Some([browser, system].into_iter().flatten().map(named).collect::<Vec<_>>().join(", "))
        }
    }
}
