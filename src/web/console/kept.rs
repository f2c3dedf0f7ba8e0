//! What somebody typed when they were signed out meanwhile is not lost: it is carried through signing in, and shown to be
//! sent again. No password and no file is carried, and nothing that another site may have sent.

use askama::Template as _;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::Request;
use axum::http::request::Parts;
use axum::http::{Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Response};
use tower_sessions::Session;

use super::access::ACCOUNT;
use super::form::{TOKEN, Typed};
use super::refusal::{Refusal, Unproved};
use super::tongue::{Tongue, words};
use super::{guard, sign_in};

/// No more is carried, in bytes as a form sends them: carried, they are a field of a form themselves.
const MOST: usize = 128 * 1024;
/// In the form that signs in: what is carried, and where it was to go.
const FIELDS: &str = "kept";
const TO: &str = "kept-to";
/// Fields that are never carried.
const SECRET: [&str; 5] = [TOKEN, "password", "again", "present", "codes-present"];

words! {
    /// What is said of it.
    pub Words {
        ended: "Your session has ended, and nothing was changed yet. Sign in: what you typed is kept, and you can send it then.", "Su sesión ha terminado y aún no se cambió nada. Inicie sesión: lo que escribió se conserva y podrá enviarlo después.", "Ваш сеанс закончился, и пока ничего не изменено. Войдите: введённое сохранено, и вы сможете его отправить.";
        again: "What you typed is still here", "Lo que escribió sigue aquí", "Введённое сохранено";
        again_what: "You were signed out meanwhile, and nothing was changed yet. Send it again if it is still right.", "Su sesión había terminado y aún no se cambió nada. Envíelo de nuevo si sigue siendo correcto.", "За это время ваш сеанс закончился, и пока ничего не изменено. Если всё верно, отправьте ещё раз.";
        send: "Send it again", "Enviar de nuevo", "Отправить ещё раз";
        leave: "Do not send it", "No enviar", "Не отправлять";
    }
}

/// A form that was not taken.
#[derive(Clone, Debug)]
pub struct Kept {
    /// Where it was to go.
    pub to: String,
    fields: Vec<(String, String)>,
}

impl Kept {
    fn of(to: &str, body: &[u8]) -> Option<Self> {
        let fields = form_urlencoded::parse(body).into_owned();
        let fields: Vec<_> = fields.filter(|(name, _)| !SECRET.contains(&&**name)).collect();
        let typed = fields.iter().any(|(_, value)| !value.trim().is_empty());
        (typed && sign_in::place(to) == to).then(|| Self { to: to.to_owned(), fields })
    }

    /// What a form that signs in carries.
    pub fn carried(typed: &Typed) -> Option<Self> {
        Self::of(typed.get(TO), typed.raw(FIELDS).as_bytes())
    }

    /// The fields in which it is carried on.
    pub fn hidden(&self) -> [(&'static str, String); 2] {
        let fields = form_urlencoded::Serializer::new(String::new()).extend_pairs(&self.fields).finish();
        [(FIELDS, fields), (TO, self.to.clone())]
    }

    /// The page on which it is sent again.
    pub fn again(self, tongue: Tongue, token: String) -> Page {
        Page { tongue, words: Words::of(tongue), token, kept: self }
    }

    /// What of it people read: words, and no marks of forms.
    fn told(&self) -> impl Iterator<Item = &str> {
        let values = self.fields.iter().map(|(_, value)| value.trim());
        values.filter(|value| value.contains(char::is_whitespace) && !value.starts_with(['{', '[']))
    }
}

/// The page on which something is sent again.
#[derive(askama::Template)]
#[template(path = "web/console/kept/kept.html")]
pub struct Page {
    tongue: Tongue,
    words: &'static Words,
    token: String,
    kept: Kept,
}

/// Keeps what was typed into a form that is refused because nobody is signed in, or somebody anew.
pub async fn keep(request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    if !may_be_kept(&parts) {
        return next.run(Request::from_parts(parts, body)).await;
    }
    let Ok(body) = to_bytes(body, MOST).await else { return Refusal::Senseless.into_response() };
    let session = parts.extensions.get::<Session>().cloned();
    let tongue = Tongue::asked(&parts.headers);
    let to = parts.uri.path_and_query().map_or_else(String::new, |to| to.as_str().to_owned());
    let response = next.run(Request::from_parts(parts, Body::from(body.clone()))).await;
    if response.extensions().get::<Unproved>().is_none() {
        return response;
    }
    match shown(tongue, session, &to, &body).await {
        Ok(Some(html)) => (StatusCode::FORBIDDEN, Html(html)).into_response(),
        Ok(None) => response,
        Err(refusal) => refusal.into_response(),
    }
}

async fn shown(
    tongue: Tongue,
    session: Option<Session>,
    to: &str,
    body: &Bytes,
) -> Result<Option<String>, Refusal> {
    let (Some(kept), Some(session)) = (Kept::of(to, body), session) else { return Ok(None) };
    let signed_in = session.get_value(ACCOUNT).await?.is_some();
    let token: Option<String> = session.get(TOKEN).await?.filter(|_| signed_in);
    Ok(Some(match token {
        Some(token) => kept.again(tongue, token).render()?,
        None => sign_in::carrying(tongue, kept).render()?,
    }))
}

/// A form without a file and without a password, of a length that can be carried, from a page of ours.
fn may_be_kept(parts: &Parts) -> bool {
    let header = |name| parts.headers.get(name).and_then(|value| value.to_str().ok());
    let kind = header(header::CONTENT_TYPE).unwrap_or_default();
    let length = header(header::CONTENT_LENGTH).and_then(|length| length.parse::<usize>().ok());
    let path = parts.uri.path();
    let secret = ["/console/sign-", "/console/welcome/", "/console/me/", "/console/language"];
    parts.method == Method::POST
        && kind.starts_with("application/x-www-form-urlencoded")
        && length.is_some_and(|length| length <= MOST)
        && !secret.iter().any(|beginning| path.starts_with(beginning))
        && !parts.headers.contains_key("hx-request")
        && guard::says_from_us(&parts.headers)
}

#[cfg(test)]
pub(super) fn samples(tongue: Tongue) -> Vec<(&'static str, Box<dyn askama::DynTemplate>)> {
    let kept = Kept::of("/console/inbox/x/answer", b"token=t&words=Drink+<b>+water.&mark=1");
    let page = kept.expect("something").again(tongue, "token".to_owned());
    vec![("kept", Box::new(page))]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_carried_is_words_for_a_place_of_ours() {
        let kept = Kept::of("/console/inbox/1/answer", b"token=t&words=a%0D%0Ab&password=p").expect("words");
        assert_eq!(vec![("words".to_owned(), "a\r\nb".to_owned())], kept.fields);
        let form = form_urlencoded::Serializer::new(String::new()).extend_pairs(kept.hidden()).finish();
        let again = Kept::carried(&Typed::parse(form.as_bytes())).expect("the same");
        assert_eq!((&kept.to, &kept.fields), (&again.to, &again.fields));
        assert!(Kept::of("https://example.org/", b"words=a").is_none());
        assert!(Kept::of("/console/inbox/1/take", b"token=t").is_none());
    }
}
