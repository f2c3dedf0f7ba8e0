//! One's own account: the zone in which times are shown, the password, the codes of a phone, and where one is signed in.

mod codes;
mod sessions;
mod words;

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect};
use axum::routing::{get, post};
use chrono_tz::Tz;

use self::sessions::SessionLine;
use self::words::Words;
use super::access::Signed;
use super::form::{Faults, Field, Kind, Typed};
use super::refusal::Refusal;
use super::shell::Shell;
use super::tongue::{Tongue, fill};
use super::welcome::{self, weakness};
use super::{Shown, page, sign_in};
use crate::flows::accounts::{self, NotIn, Refused, Whence};
use crate::web::Site;

/// The field of the password that they have, where they choose another.
const PRESENT: &str = "present";

/// The page.
#[derive(Template)]
#[template(path = "web/console/me/me.html")]
struct Page {
    shell: Shell,
    words: &'static Words,
    signed_in_as: String,
    zone: Vec<Field>,
    password: Vec<Field>,
    /// What is asked for to turn codes on or off.
    codes: Vec<Field>,
    coded: bool,
    sessions: Vec<SessionLine>,
}

/// The addresses here.
pub fn routes() -> Router<Site> {
    Router::new()
        .route("/console/me", get(show))
        .route("/console/me/zone", post(set_zone))
        .route("/console/me/password", post(set_password))
        .merge(codes::routes())
        .merge(sessions::routes())
}

async fn show(State(site): State<Site>, signed: Signed) -> Shown {
    page(&whole(&site, &signed, &Typed::default(), &Faults::default()).await?)
}

async fn whole(site: &Site, signed: &Signed, typed: &Typed, faults: &Faults) -> Result<Page, Refusal> {
    let words = Words::of(signed.tongue);
    let mut zone = typed.clone();
    if zone.get("zone").is_empty() {
        zone.set("zone", &signed.account.zone);
    }
    Ok(Page {
        shell: signed.shell(words.title),
        words,
        signed_in_as: fill(words.signed_in_as, &[("email", &signed.account.email)]),
        zone: vec![Field::line("zone", words.zone).hint(words.zone_hint).filled(&zone, faults)],
        password: password_fields(signed.tongue, faults),
        codes: vec![present(signed.tongue, codes::PRESENT, faults)],
        coded: signed.account.totp.is_some(),
        sessions: sessions::lines(site, signed).await?,
    })
}

fn password_fields(tongue: Tongue, faults: &Faults) -> Vec<Field> {
    let mut fields = vec![present(tongue, PRESENT, faults)];
    fields.extend(welcome::new_password(welcome::Words::of(tongue), faults));
    fields
}

/// The password that they have: a browser left open is not enough.
fn present(tongue: Tongue, name: &str, faults: &Faults) -> Field {
    Field::new(Kind::Line("password"), name, Words::of(tongue).present)
        .autocomplete("current-password")
        .filled(&Typed::default(), faults)
}

/// Whether they gave it; what is wrong is said beside its field.
async fn proved(
    site: &Site,
    signed: &Signed,
    whence: &Whence,
    (typed, name): (&Typed, &str),
    faults: &mut Faults,
) -> Result<bool, Refusal> {
    match accounts::prove(&site.service, &signed.account, typed.raw(name), whence).await {
        Ok(()) => return Ok(true),
        Err(NotIn::Wrong) => faults.add(name, Words::of(signed.tongue).wrong_present),
        Err(NotIn::TooMany) => faults.add(name, sign_in::Words::of(signed.tongue).too_many),
        Err(NotIn::Store(error)) => return Err(error.into()),
    }
    Ok(false)
}

async fn set_zone(State(site): State<Site>, signed: Signed, typed: Typed) -> Shown {
    let words = Words::of(signed.tongue);
    let zone = typed.get("zone").replace(' ', "_");
    let Ok(zone) = zone.parse::<Tz>() else {
        let mut faults = Faults::default();
        faults.add("zone", words.no_zone);
        return again(&site, &signed, &typed, &faults).await;
    };
    accounts::prefer(&site.service, signed.account.id, &signed.account.language, zone.name()).await?;
    signed.tell(words.saved).await?;
    Ok(Redirect::to("/console/me").into_response())
}

async fn set_password(State(site): State<Site>, signed: Signed, whence: Whence, typed: Typed) -> Shown {
    let words = Words::of(signed.tongue);
    let mut faults = Faults::default();
    let said = welcome::Words::of(signed.tongue);
    if typed.raw("password") != typed.raw("again") {
        faults.add("again", said.differ);
    } else if proved(&site, &signed, &whence, (&typed, PRESENT), &mut faults).await? {
        let session = sessions::own(&signed);
        let changed =
            accounts::change_password(&site.service, &signed.account, typed.raw("password"), &session).await;
        match changed {
            Ok(()) => {
                signed.renew().await?;
                signed.tell(words.password_changed).await?;
                return Ok(Redirect::to("/console/me").into_response());
            }
            Err(Refused::Weak(weak)) => faults.add("password", weakness(said, weak)),
            Err(error) => return Err(Refusal::broken(error)),
        }
    }
    again(&site, &signed, &typed, &faults).await
}

async fn again(site: &Site, signed: &Signed, typed: &Typed, faults: &Faults) -> Shown {
    let shown = whole(site, signed, typed, faults).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(shown.render()?)).into_response())
}

#[cfg(test)]
pub(super) fn samples(tongue: Tongue) -> Vec<(&'static str, Box<dyn askama::DynTemplate>)> {
    let words = Words::of(tongue);
    let mut faults = Faults::default();
    faults.add("present", words.wrong_present);
    let shown = Page {
        shell: Shell::sample(tongue, words.title, "/console/me"),
        words,
        signed_in_as: fill(words.signed_in_as, &[("email", "ana@example.org")]),
        zone: vec![Field::line("zone", words.zone).hint(words.zone_hint)],
        password: password_fields(tongue, &faults),
        codes: vec![present(tongue, codes::PRESENT, &faults)],
        coded: true,
        sessions: vec![SessionLine::sample()],
    };
    let mut all: Vec<(&'static str, Box<dyn askama::DynTemplate>)> = vec![("me", Box::new(shown))];
    all.extend(codes::samples(tongue));
    all
}
