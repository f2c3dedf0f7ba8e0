//! Signing in and out: an e-mail address and a password, then a code where there are codes.

use askama::Template;
use axum::Router;
use axum::extract::{Extension, Query, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use serde::Deserialize;
use tower_sessions::Session;
use uuid::Uuid;

use super::access::{ACCOUNT, Signed};
use super::form::{Faults, Field, Kind, Open, TOKEN, Typed};
use super::guard::Caller;
use super::refusal::Refusal;
use super::sessions::{ADDRESS, AGENT};
use super::tongue::{COOKIE, Tongue, words};
use super::{Shown, page};
use crate::flows::accounts::{self, NotIn};
use crate::store::accounts::{self as store, Account};
use crate::web::Site;

/// In a session: who gave the right password, and owes a code.
const HALF: &str = "half";

words! {
    /// What is said before somebody is signed in.
    pub Words {
        title: "Sign in", "Iniciar sesión", "Вход";
        what: "The console of Motherline: whether texts arrive, what mothers write, and what is sent to them.", "La consola de Motherline: si los mensajes llegan, qué escriben las madres y qué se les envía.", "Консоль Motherline: доходят ли сообщения, что пишут мамы и что им отправляется.";
        email: "E-mail address", "Correo electrónico", "Адрес электронной почты";
        password: "Password", "Contraseña", "Пароль";
        enter: "Sign in", "Entrar", "Войти";
        wrong: "The e-mail address or the password is wrong.", "El correo electrónico o la contraseña no son correctos.", "Неверный адрес или пароль.";
        wrong_code: "The code is wrong, or was used already. Wait for the next one.", "El código no es correcto o ya se usó. Espere al siguiente.", "Код неверен или уже использован. Дождитесь следующего.";
        too_many: "Too many tries failed. Try again in a quarter of an hour.", "Demasiados intentos fallidos. Inténtelo de nuevo en un cuarto de hora.", "Слишком много неудачных попыток. Попробуйте через четверть часа.";
        forgotten: "Forgotten it? An administrator can give you a new link.", "¿La olvidó? Un administrador puede darle un enlace nuevo.", "Забыли? Администратор может выдать новую ссылку.";
        code_title: "Your code", "Su código", "Ваш код";
        code: "Code of six figures from your phone", "Código de seis cifras de su teléfono", "Код из шести цифр с вашего телефона";
        signed_out: "You are signed out.", "Ha cerrado la sesión.", "Вы вышли.";
        language: "Language", "Idioma", "Язык";
    }
}

/// The sign-in page, or the page for a code.
#[derive(Template)]
#[template(path = "web/console/sign_in/sign_in.html")]
pub struct Page {
    tongue: Tongue,
    words: &'static Words,
    action: &'static str,
    fields: Vec<Field>,
    next: String,
    fault: Option<&'static str>,
    notice: Option<&'static str>,
    coded: bool,
}

/// The addresses here.
pub fn routes() -> Router<Site> {
    Router::new()
        .route("/console/sign-in", get(ask).post(sign_in))
        .route("/console/sign-in/code", get(ask_code).post(take_code))
        .route("/console/sign-out", post(sign_out))
        .route("/console/language", post(language))
}

#[derive(Deserialize)]
struct Asked {
    #[serde(default)]
    next: String,
    out: Option<String>,
}

async fn ask(tongue: Tongue, Query(asked): Query<Asked>) -> Shown {
    let mut shown = sign_in_page(tongue, &Typed::default(), &asked.next, None);
    shown.notice = asked.out.map(|_| shown.words.signed_out);
    page(&shown)
}

async fn ask_code(tongue: Tongue, session: Session, Query(asked): Query<Asked>) -> Shown {
    match half(&session).await? {
        Some(_) => page(&code_page(tongue, &asked.next, None)),
        None => Ok(Redirect::to("/console/sign-in").into_response()),
    }
}

async fn sign_in(
    State(site): State<Site>,
    tongue: Tongue,
    session: Session,
    Extension(caller): Extension<Caller>,
    headers: HeaderMap,
    Open(typed): Open,
) -> Shown {
    let next = typed.get("next").to_owned();
    let done = accounts::sign_in(&site.service, typed.get("email"), typed.raw("password"), &caller.0).await;
    let words = Words::of(tongue);
    match done {
        Ok(account) if account.totp.is_some() => {
            session.cycle_id().await?;
            session.insert(HALF, account.id).await?;
            let place = format!("/console/sign-in/code?next={}", encoded(&next));
            Ok(Redirect::to(&place).into_response())
        }
        Ok(account) => enter(&session, &account, &caller, &headers, &next).await,
        Err(error) => {
            let shown = sign_in_page(tongue, &typed, &next, Some(said(words, words.wrong, error)?));
            refused(&shown)
        }
    }
}

async fn take_code(
    State(site): State<Site>,
    tongue: Tongue,
    session: Session,
    Extension(caller): Extension<Caller>,
    headers: HeaderMap,
    Open(typed): Open,
) -> Shown {
    let next = typed.get("next").to_owned();
    let Some(id) = half(&session).await? else { return Ok(Redirect::to("/console/sign-in").into_response()) };
    let mut tx = site.service.database.read().await?;
    let account = store::find(&mut tx, id).await?.filter(|account| account.closed_at.is_none());
    drop(tx);
    let account = account.ok_or(Refusal::SignIn(next.clone()))?;
    match accounts::check_code(&site.service, &account, typed.get("code"), &caller.0).await {
        Ok(()) => enter(&session, &account, &caller, &headers, &next).await,
        Err(error) => {
            let words = Words::of(tongue);
            refused(&code_page(tongue, &next, Some(said(words, words.wrong_code, error)?)))
        }
    }
}

/// Lets somebody in: under a new name of the session, so that one that was planted before is worth nothing.
pub(super) async fn enter(
    session: &Session,
    account: &Account,
    caller: &Caller,
    headers: &HeaderMap,
    next: &str,
) -> Shown {
    session.clear().await;
    session.cycle_id().await?;
    let agent = headers.get(header::USER_AGENT).and_then(|agent| agent.to_str().ok()).unwrap_or_default();
    let agent: String = agent.chars().take(200).collect();
    session.insert(ACCOUNT, account.id).await?;
    session.insert(TOKEN, accounts::secret_word()).await?;
    session.insert(AGENT, agent).await?;
    session.insert(ADDRESS, &caller.0).await?;
    let mut response = Redirect::to(place(next)).into_response();
    remember(&mut response, &account.language);
    Ok(response)
}

/// A place on this console and nowhere else.
fn place(next: &str) -> &str {
    let ours = next == "/console" || next.starts_with("/console/");
    let sound = !next.contains(['\\', '\r', '\n']) && !next.contains("//") && !super::access::is_live(next);
    if ours && sound { next } else { "/console" }
}

async fn half(session: &Session) -> Result<Option<Uuid>, Refusal> {
    Ok(session.get(HALF).await?)
}

fn said(words: &'static Words, wrong: &'static str, error: NotIn) -> Result<&'static str, Refusal> {
    match error {
        NotIn::Wrong => Ok(wrong),
        NotIn::TooMany => Ok(words.too_many),
        NotIn::Store(error) => Err(error.into()),
    }
}

fn refused(shown: &Page) -> Shown {
    Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(shown.render()?)).into_response())
}

fn sign_in_page(tongue: Tongue, typed: &Typed, next: &str, fault: Option<&'static str>) -> Page {
    let words = Words::of(tongue);
    let none = Faults::default();
    let fields = vec![
        Field::new(Kind::Line("email"), "email", words.email).autocomplete("username").filled(typed, &none),
        Field::new(Kind::Line("password"), "password", words.password).autocomplete("current-password"),
    ];
    let action = "/console/sign-in";
    Page { tongue, words, action, fields, next: next.to_owned(), fault, notice: None, coded: false }
}

fn code_page(tongue: Tongue, next: &str, fault: Option<&'static str>) -> Page {
    let words = Words::of(tongue);
    let fields = vec![Field::line("code", words.code).autocomplete("one-time-code")];
    let action = "/console/sign-in/code";
    Page { tongue, words, action, fields, next: next.to_owned(), fault, notice: None, coded: true }
}

async fn sign_out(signed: Signed, _: Typed) -> Shown {
    signed.session.flush().await?;
    Ok(Redirect::to("/console/sign-in?out=1").into_response())
}

/// Another language: kept by the browser, and by the account of who is signed in.
async fn language(State(site): State<Site>, session: Session, Open(typed): Open) -> Shown {
    let tongue = Tongue::named(typed.get("language")).ok_or(Refusal::Senseless)?;
    let account: Option<Uuid> = session.get(ACCOUNT).await?;
    if let Some(id) = account {
        let mut tx = site.service.database.read().await?;
        let account = store::find(&mut tx, id).await?;
        drop(tx);
        if let Some(account) = account {
            accounts::prefer(&site.service, id, tongue.code(), &account.zone).await?;
        }
    }
    let mut response = Redirect::to(place(typed.get("next"))).into_response();
    remember(&mut response, tongue.code());
    Ok(response)
}

fn remember(response: &mut Response, language: &str) {
    let cookie = format!("{COOKIE}={language}; Path=/console; Max-Age=31536000; SameSite=Lax; HttpOnly");
    if let Ok(cookie) = HeaderValue::from_str(&cookie) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
}

fn encoded(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

#[cfg(test)]
pub(super) fn samples(tongue: Tongue) -> Vec<(&'static str, Box<dyn askama::DynTemplate>)> {
    let words = Words::of(tongue);
    let typed = Typed::of([("email", "a\"<b>@example.org".to_owned())]);
    vec![
        ("sign in", Box::new(sign_in_page(tongue, &typed, "/console/inbox", Some(words.wrong)))),
        ("code", Box::new(code_page(tongue, "", None))),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_sent_elsewhere() {
        assert_eq!("/console/inbox?state=open", place("/console/inbox?state=open"));
        for elsewhere in
            ["https://example.org/console", "//example.org", "/console//example.org", "", "/consoles"]
        {
            assert_eq!("/console", place(elsewhere), "{elsewhere}");
        }
    }
}
