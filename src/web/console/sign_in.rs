//! Signing in and out: an e-mail address and a password, then a code where there are codes.

use std::convert::Infallible;

use askama::Template;
use axum::Router;
use axum::extract::{Extension, FromRequestParts, Query, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use serde::Deserialize;
use tower_sessions::Session;
use uuid::Uuid;

use super::access::{ACCOUNT, Signed};
use super::form::{Faults, Field, Kind, Open, TOKEN, Typed, proof};
use super::guard::Caller;
use super::kept::{self, Kept};
use super::refusal::Refusal;
use super::sessions::{ADDRESS, AGENT, BEGAN};
use super::tongue::{COOKIE, Tongue, words};
use super::{Shown, page};
use crate::flows::Service;
use crate::flows::accounts::{self, NotIn, Whence};
use crate::store::accounts::{self as store, Account};
use crate::web::Site;

/// In a session: who gave the right password, and owes a code.
pub const HALF: &str = "half";
/// The cookie by which a browser is known in which somebody signed in before.
const KNOWN: &str = "motherline_known";

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
        half_ended: "That took too long. Sign in once more.", "Tardó demasiado. Inicie sesión otra vez.", "Прошло слишком много времени. Войдите ещё раз.";
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
    /// The field with what is to be sent once they are in.
    kept: Option<(&'static str, String)>,
}

impl Page {
    fn kept(mut self, service: &Service, kept: Option<&Kept>) -> Self {
        self.kept = kept.map(|kept| kept.hidden(service));
        self
    }

    /// Where this page is found in another language.
    fn here(&self) -> String {
        format!("{}?next={}", self.action, encoded(&self.next))
    }
}

/// From where somebody tries: their address, and what their browser shows.
impl FromRequestParts<Site> for Whence {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, site: &Site) -> Result<Self, Infallible> {
        let address = parts.extensions.get::<Caller>().map_or("", |caller| &caller.0);
        let cookies = parts.headers.get_all(header::COOKIE).into_iter();
        let cookies = cookies.filter_map(|cookies| cookies.to_str().ok()).flat_map(|all| all.split(';'));
        let mut named = cookies.filter_map(|cookie| cookie.trim().split_once('='));
        let word = named.find(|(name, _)| *name == KNOWN).map(|(_, word)| word);
        Ok(Self::new(&site.service, address, word))
    }
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
        Some(_) => page(&code_page(tongue, &asked.next, &Faults::default())),
        None => Ok(Redirect::to("/console/sign-in").into_response()),
    }
}

async fn sign_in(
    State(site): State<Site>,
    tongue: Tongue,
    session: Session,
    whence: Whence,
    Extension(caller): Extension<Caller>,
    headers: HeaderMap,
    Open(typed): Open,
) -> Shown {
    let next = typed.get("next").to_owned();
    let kept = Kept::carried(&site.service, &typed);
    let done = accounts::sign_in(&site.service, typed.get("email"), typed.raw("password"), &whence).await;
    let words = Words::of(tongue);
    match done {
        Ok(account) if account.totp.is_some() => {
            session.cycle_id().await?;
            session.insert(HALF, account.id).await?;
            // What is carried stands in no address.
            if kept.is_some() {
                return page(
                    &code_page(tongue, &next, &Faults::default()).kept(&site.service, kept.as_ref()),
                );
            }
            let place = format!("/console/sign-in/code?next={}", encoded(&next));
            Ok(Redirect::to(&place).into_response())
        }
        Ok(account) => {
            let entered = enter(&site, &session, &account, &caller, &headers, &next).await?;
            with_kept(tongue, (&session, account.id), entered, (kept, &next)).await
        }
        Err(error) => {
            let fault = match error {
                NotIn::Wrong => words.wrong,
                NotIn::TooMany => words.too_many,
                NotIn::Store(error) => return Err(error.into()),
            };
            refused(&sign_in_page(tongue, &typed, &next, Some(fault)).kept(&site.service, kept.as_ref()))
        }
    }
}

async fn take_code(
    State(site): State<Site>,
    tongue: Tongue,
    session: Session,
    whence: Whence,
    Extension(caller): Extension<Caller>,
    headers: HeaderMap,
    Open(typed): Open,
) -> Shown {
    let next = typed.get("next").to_owned();
    let kept = Kept::carried(&site.service, &typed);
    let words = Words::of(tongue);
    let Some(account) = halfway(&site, &session).await? else {
        // Who was too slow begins anew, and loses nothing.
        let shown = sign_in_page(tongue, &Typed::default(), &next, Some(words.half_ended));
        return refused(&shown.kept(&site.service, kept.as_ref()));
    };
    let mut faults = Faults::default();
    let mut shown = match accounts::check_code(&site.service, &account, typed.get("code"), &whence).await {
        Ok(()) => {
            let entered = enter(&site, &session, &account, &caller, &headers, &next).await?;
            return with_kept(tongue, (&session, account.id), entered, (kept, &next)).await;
        }
        Err(NotIn::Wrong) => {
            faults.add("code", words.wrong_code);
            code_page(tongue, &next, &faults)
        }
        Err(NotIn::TooMany) => code_page(tongue, &next, &faults),
        Err(NotIn::Store(error)) => return Err(error.into()),
    };
    shown.fault = faults.is_empty().then_some(words.too_many);
    refused(&shown.kept(&site.service, kept.as_ref()))
}

/// Lets somebody in: under a new name of the session, so that one that was planted before is worth nothing.
pub(super) async fn enter(
    site: &Site,
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
    session.insert(TOKEN, proof::new(&site.service, account.id)).await?;
    session.insert(AGENT, agent).await?;
    session.insert(ADDRESS, &caller.0).await?;
    session.insert(BEGAN, site.service.now().timestamp_micros()).await?;
    let mut response = Redirect::to(place(next)).into_response();
    remember(&mut response, &account.language);
    let secure = if site.console.secure { "; Secure" } else { "" };
    let word = accounts::known_browser(&site.service, account);
    add_cookie(
        &mut response,
        &format!("{KNOWN}={word}; Path=/console; Max-Age=31536000; SameSite=Lax; HttpOnly{secure}"),
    );
    Ok(response)
}

/// What was carried through signing in is shown to whose it is, to be sent with the proof of the new session.
async fn with_kept(
    tongue: Tongue,
    (session, account): (&Session, Uuid),
    entered: Response,
    (kept, next): (Option<Kept>, &str),
) -> Shown {
    let Some(kept) = kept else { return Ok(entered) };
    let token: Option<String> = session.get(TOKEN).await?;
    let html = kept.shown_to(account, tongue, token.unwrap_or_default(), next)?;
    let mut shown = Html(html).into_response();
    for cookie in entered.headers().get_all(header::SET_COOKIE) {
        shown.headers_mut().append(header::SET_COOKIE, cookie.clone());
    }
    Ok(shown)
}

/// Signing in to send what was typed before.
pub(super) fn carrying(service: &Service, tongue: Tongue, kept: &Kept) -> Page {
    let mut shown = sign_in_page(tongue, &Typed::default(), "/console", None);
    shown.notice = Some(kept::Words::of(tongue).ended);
    shown.kept(service, Some(kept))
}

/// A place on this console and nowhere else.
pub(super) fn place(next: &str) -> &str {
    let (path, _) = next.split_once('?').unwrap_or((next, ""));
    let ours = path == "/console" || path.starts_with("/console/");
    let sound = !next.contains(['\\', '\r', '\n']) && !path.contains("//") && !super::access::is_live(path);
    if ours && sound { next } else { "/console" }
}

async fn half(session: &Session) -> Result<Option<Uuid>, Refusal> {
    Ok(session.get(HALF).await?)
}

/// Who gave the right password here, and owes a code.
async fn halfway(site: &Site, session: &Session) -> Result<Option<Account>, Refusal> {
    let Some(id) = half(session).await? else { return Ok(None) };
    let mut tx = site.service.database.read().await?;
    Ok(store::find(&mut tx, id).await?.filter(|account| account.closed_at.is_none()))
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
    let next = next.to_owned();
    Page { tongue, words, action, fields, next, fault, notice: None, coded: false, kept: None }
}

fn code_page(tongue: Tongue, next: &str, faults: &Faults) -> Page {
    let words = Words::of(tongue);
    let code = Field::line("code", words.code).autocomplete("one-time-code");
    let fields = vec![code.filled(&Typed::default(), faults)];
    let action = "/console/sign-in/code";
    let next = next.to_owned();
    Page { tongue, words, action, fields, next, fault: None, notice: None, coded: true, kept: None }
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
    add_cookie(response, &cookie);
}

fn add_cookie(response: &mut Response, cookie: &str) {
    if let Ok(cookie) = HeaderValue::from_str(cookie) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
}

/// There is something at this address, and no page: a form leads there. Whoever looks for it after choosing another
/// language on what the form led to, or after signing in anew, is taken to the page above it.
pub(super) async fn no_page(method: Method, address: Uri) -> Shown {
    match address.path().rsplit_once('/') {
        Some((above, _)) if method == Method::GET => Ok(Redirect::to(place(above)).into_response()),
        _ => Err(Refusal::NoPage),
    }
}

fn encoded(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

#[cfg(test)]
pub(super) fn samples(tongue: Tongue) -> Vec<(&'static str, Box<dyn askama::DynTemplate>)> {
    let words = Words::of(tongue);
    let typed = Typed::of([("email", "a\"<b>@example.org".to_owned())]);
    let mut faults = Faults::default();
    faults.add("code", words.wrong_code);
    let mut to_send = sign_in_page(tongue, &typed, "/console", None);
    to_send.kept = Some(("kept", "a\"<b>@".to_owned()));
    vec![
        ("sign in", Box::new(sign_in_page(tongue, &typed, "/console/inbox", Some(words.wrong)))),
        ("code", Box::new(code_page(tongue, "", &faults))),
        ("sign in to send", Box::new(to_send)),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_sent_elsewhere() {
        assert_eq!("/console/inbox?state=open", place("/console/inbox?state=open"));
        assert_eq!("/console/me?q=a//b", place("/console/me?q=a//b"));
        for elsewhere in [
            "https://example.org/console",
            "//example.org",
            "/console//example.org",
            "",
            "/consoles",
            "/console/overview/live?program=text4baby-us",
        ] {
            assert_eq!("/console", place(elsewhere), "{elsewhere}");
        }
    }
}
