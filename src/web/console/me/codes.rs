//! Turning the codes of a phone on and off.

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect};
use axum::routing::{get, post};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use qrcode::QrCode;
use qrcode::render::svg;

use super::words::Words;
use crate::flows::accounts::{self, NewCodes, Refused, Whence};
use crate::web::Site;
use crate::web::console::access::Signed;
use crate::web::console::form::{Faults, Field, Kind, Typed};
use crate::web::console::refusal::Refusal;
use crate::web::console::shell::Shell;
use crate::web::console::{Shown, page};

/// In a session: a secret that is not confirmed yet.
const SECRET: &str = "secret";
/// The field of the password that turns codes on and off.
pub const PRESENT: &str = "codes-present";

/// The page of a new secret.
#[derive(Template)]
#[template(path = "web/console/me/codes.html")]
struct Page {
    shell: Shell,
    words: &'static Words,
    /// The drawing, as the address of a picture: no page draws from what was typed.
    picture: String,
    typed: String,
    fields: Vec<Field>,
}

/// The addresses here.
pub fn routes() -> Router<Site> {
    Router::new()
        .route("/console/me/codes", get(ask).post(confirm))
        .route("/console/me/codes/begin", post(begin))
        .route("/console/me/codes/off", post(off))
}

/// A new secret, for who knows the password and has no codes: in a browser left open nobody puts their own phone in place
/// of another.
async fn begin(State(site): State<Site>, signed: Signed, whence: Whence, typed: Typed) -> Shown {
    if signed.account.totp.is_some() {
        return Ok(Redirect::to("/console/me").into_response());
    }
    let mut faults = Faults::default();
    if !super::proved(&site, &signed, &whence, (&typed, PRESENT), &mut faults).await? {
        return super::again(&site, &signed, &typed, &faults).await;
    }
    let codes = accounts::begin_codes(&signed.account).ok_or(Refusal::Senseless)?;
    let kept = STANDARD.encode(&codes.secret);
    signed.session.insert(SECRET, kept).await.map_err(Refusal::broken)?;
    Ok(Redirect::to("/console/me/codes").into_response())
}

async fn ask(signed: Signed) -> Shown {
    match secret(&signed).await? {
        Some(codes) => page(&shown(&signed, &codes, &Faults::default())),
        None => Ok(Redirect::to("/console/me").into_response()),
    }
}

async fn confirm(State(site): State<Site>, signed: Signed, typed: Typed) -> Shown {
    let words = Words::of(signed.tongue);
    let Some(codes) = secret(&signed).await? else { return Ok(Redirect::to("/console/me").into_response()) };
    let (account, own) = (&signed.account, super::sessions::own(&signed));
    let done = accounts::confirm_codes(&site.service, account, &codes.secret, typed.get("code"), &own).await;
    match done {
        Ok(()) => {
            signed.session.remove_value(SECRET).await.map_err(Refusal::broken)?;
            signed.renew().await?;
            signed.tell(words.are_on).await?;
            Ok(Redirect::to("/console/me").into_response())
        }
        Err(Refused::Store(error)) => Err(error.into()),
        Err(Refused::Coded) => {
            signed.session.remove_value(SECRET).await.map_err(Refusal::broken)?;
            Ok(Redirect::to("/console/me").into_response())
        }
        Err(_) => {
            let mut faults = Faults::default();
            faults.add("code", words.wrong_code);
            let html = shown(&signed, &codes, &faults).render()?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(html)).into_response())
        }
    }
}

/// Off again, for who knows the password: a browser left open is not enough.
async fn off(State(site): State<Site>, signed: Signed, whence: Whence, typed: Typed) -> Shown {
    let words = Words::of(signed.tongue);
    let mut faults = Faults::default();
    if !super::proved(&site, &signed, &whence, (&typed, PRESENT), &mut faults).await? {
        return super::again(&site, &signed, &typed, &faults).await;
    }
    let done = accounts::drop_codes(&site.service, &signed.account).await;
    done.map_err(Refusal::broken)?;
    signed.renew().await?;
    signed.tell(words.are_off).await?;
    Ok(Redirect::to("/console/me").into_response())
}

async fn secret(signed: &Signed) -> Result<Option<NewCodes>, Refusal> {
    let kept: Option<String> = signed.session.get(SECRET).await.map_err(Refusal::broken)?;
    let secret = kept.and_then(|kept| STANDARD.decode(kept).ok());
    Ok(secret.and_then(|secret| accounts::codes_of(&signed.account, secret)))
}

fn shown(signed: &Signed, codes: &NewCodes, faults: &Faults) -> Page {
    let words = Words::of(signed.tongue);
    made(signed.shell(words.codes), words, codes.typed.clone(), &codes.url, faults)
}

fn made(shell: Shell, words: &'static Words, typed: String, url: &str, faults: &Faults) -> Page {
    let code = Field::new(Kind::Line("text"), "code", words.code).autocomplete("one-time-code");
    Page { shell, words, picture: picture(url), typed, fields: vec![code.filled(&Typed::default(), faults)] }
}

fn picture(url: &str) -> String {
    let drawn = QrCode::new(url).map(|code| code.render::<svg::Color<'_>>().min_dimensions(220, 220).build());
    format!("data:image/svg+xml;base64,{}", STANDARD.encode(drawn.unwrap_or_default()))
}

#[cfg(test)]
pub(super) fn samples(
    tongue: crate::web::console::tongue::Tongue,
) -> Vec<(&'static str, Box<dyn askama::DynTemplate>)> {
    let words = Words::of(tongue);
    let shell = Shell::sample(tongue, words.codes, "/console/me/codes");
    let url = "otpauth://totp/Motherline:ana@example.org?secret=GEZDGNBVGY3TQOJQ&issuer=Motherline";
    let page = made(shell, words, "GEZDGNBVGY3TQOJQ".to_owned(), url, &Faults::default());
    vec![("codes", Box::new(page))]
}
