//! What somebody typed when they were signed out meanwhile is not lost: it is carried through signing in, and shown to them
//! and to nobody else, to be sent again. Carried is what a person can read again, by its name, and what is done with it;
//! neither a password nor a file, nothing that confirms what was shown once, and nothing that another site may have sent.

mod places;
mod words;

use askama::Template as _;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::{Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Response};
use tower_sessions::Session;
use uuid::Uuid;

use self::places::{Place, Then};
pub use self::words::Words;
use super::access::ACCOUNT;
use super::form::{TOKEN, Typed, proof};
use super::refusal::{Refusal, Unproved};
use super::tongue::Tongue;
use super::{guard, sign_in};
use crate::flows::Service;
use crate::flows::accounts::{closed, opened};
use crate::web::Site;

/// No more is carried, in bytes as a form sends them: carried, they are a field of a form themselves.
const MOST: usize = 128 * 1024;
/// In the form that signs in: what is carried, closed, so that nobody who signs in there reads or changes it.
const FIELD: &str = "kept";
const USE: &str = "what was typed";
/// Beside the fields, in what is closed: whose it is, and where it was to go.
const ABOUT: [&str; 2] = ["whose", "to"];

/// A form that was not taken.
#[derive(Clone, Debug)]
pub struct Kept {
    /// Whose page it was typed on.
    whose: Uuid,
    /// Where it was to go.
    to: String,
    place: &'static Place,
    fields: Vec<(String, String)>,
}

impl Kept {
    fn of(service: &Service, to: &str, body: &[u8]) -> Option<Self> {
        let fields: Vec<(String, String)> = form_urlencoded::parse(body).into_owned().collect();
        let (_, proof) = fields.iter().find(|(name, _)| name == TOKEN)?;
        Self::new(proof::whose(service, proof)?, to.to_owned(), fields)
    }

    fn new(whose: Uuid, to: String, mut fields: Vec<(String, String)>) -> Option<Self> {
        let place = places::of(&to).filter(|_| sign_in::place(&to) == to)?;
        fields.retain(|(name, _)| place.carries(name));
        let kept = Self { whose, to, place, fields };
        (!kept.told(Tongue::En).is_empty()).then_some(kept)
    }

    /// What a form that signs in carries.
    pub fn carried(service: &Service, typed: &Typed) -> Option<Self> {
        let plain = opened(service, USE, typed.raw(FIELD))?;
        let mut fields = form_urlencoded::parse(&plain).into_owned();
        let [(_, whose), (_, to)] = [fields.next()?, fields.next()?];
        Self::new(whose.parse().ok()?, to, fields.collect())
    }

    /// The field in which it is carried on.
    pub fn hidden(&self, service: &Service) -> (&'static str, String) {
        let mut plain = form_urlencoded::Serializer::new(String::new());
        plain.append_pair(ABOUT[0], &self.whose.to_string()).append_pair(ABOUT[1], &self.to);
        (FIELD, closed(service, USE, plain.extend_pairs(&self.fields).finish().as_bytes()))
    }

    /// The page for who has signed in: their own words, to be sent again; of another's, that they are another's.
    pub fn shown_to(
        self,
        account: Uuid,
        tongue: Tongue,
        token: String,
        next: &str,
    ) -> Result<String, Refusal> {
        let words = Words::of(tongue);
        Ok(if account == self.whose {
            Page { tongue, words, token, kept: self }.render()?
        } else {
            Others { tongue, words, next: sign_in::place(next).to_owned() }.render()?
        })
    }

    /// What of it people read, each by its name.
    fn told(&self, tongue: Tongue) -> Vec<(String, String)> {
        let tip = self.place.tip(&self.to).map(|tip| (Words::of(tongue).tip.to_owned(), tip.to_owned()));
        let mut typed = self
            .fields
            .iter()
            .filter(|(_, value)| !value.trim().is_empty())
            .filter_map(|(name, value)| {
                Some((self.place.label(tongue, name)?, self.place.value(tongue, name, value.trim())))
            })
            .peekable();
        // Where nothing was typed there is nothing to tell.
        typed.peek().is_some().then_some(tip).flatten().into_iter().chain(typed).collect()
    }
}

/// The page on which something is sent again.
#[derive(askama::Template)]
#[template(path = "web/console/kept/kept.html")]
struct Page {
    tongue: Tongue,
    words: &'static Words,
    token: String,
    kept: Kept,
}

impl Page {
    fn what(&self) -> String {
        self.kept.place.what(self.tongue, &self.kept.to)
    }

    fn told(&self) -> Vec<(String, String)> {
        self.kept.told(self.tongue)
    }

    fn page(&self) -> String {
        self.kept.place.page(&self.kept.to)
    }

    fn lead(&self) -> &'static str {
        match self.kept.place.then {
            Then::Send => self.words.again_what,
            Then::Look => self.words.look_what,
            Then::Copy => self.words.copy_what,
        }
    }

    fn button(&self) -> Option<&'static str> {
        match self.kept.place.then {
            Then::Send => Some(self.words.send),
            Then::Look => Some(self.words.look),
            Then::Copy => None,
        }
    }
}

/// The page that says that it was somebody else's.
#[derive(askama::Template)]
#[template(path = "web/console/kept/others.html")]
struct Others {
    tongue: Tongue,
    words: &'static Words,
    next: String,
}

/// Keeps what was typed into a form that is refused because nobody is signed in, or somebody anew.
pub async fn keep(State(site): State<Site>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    if !may_be_kept(&parts) {
        return next.run(Request::from_parts(parts, body)).await;
    }
    let Ok(body) = to_bytes(body, MOST).await else { return Refusal::Senseless.into_response() };
    let session = parts.extensions.get::<Session>().cloned();
    let tongue = Tongue::asked(&parts.headers);
    let to = parts.uri.path_and_query().map_or_else(String::new, |to| to.as_str().to_owned());
    let response = next.run(Request::from_parts(parts, Body::from(body.clone()))).await;
    let Some(unproved) = response.extensions().get::<Unproved>() else { return response };
    match shown(&site.service, tongue, session.filter(|_| matches!(unproved, Unproved::Forged)), &to, &body)
        .await
    {
        Ok(Some(html)) => (StatusCode::FORBIDDEN, Html(html)).into_response(),
        Ok(None) => response,
        Err(refusal) => refusal.into_response(),
    }
}

/// What is shown instead; the session is that of who is signed in.
async fn shown(
    service: &Service,
    tongue: Tongue,
    session: Option<Session>,
    to: &str,
    body: &Bytes,
) -> Result<Option<String>, Refusal> {
    let Some(kept) = Kept::of(service, to, body) else { return Ok(None) };
    let Some(session) = session else { return Ok(Some(sign_in::carrying(service, tongue, &kept).render()?)) };
    let (account, token) = (session.get(ACCOUNT).await?, session.get(TOKEN).await?);
    Ok(Some(match (account, token) {
        (Some(account), Some(token)) => kept.shown_to(account, tongue, token, "/console")?,
        _ => sign_in::carrying(service, tongue, &kept).render()?,
    }))
}

/// A form for a place whose words are carried, of a length that can be, from a page of ours.
fn may_be_kept(parts: &Parts) -> bool {
    let header = |name| parts.headers.get(name).and_then(|value| value.to_str().ok());
    let kind = header(header::CONTENT_TYPE).unwrap_or_default();
    let length = header(header::CONTENT_LENGTH).and_then(|length| length.parse::<usize>().ok());
    parts.method == Method::POST
        && places::of(parts.uri.path()).is_some()
        && kind.starts_with("application/x-www-form-urlencoded")
        && length.is_some_and(|length| length <= MOST)
        && !parts.headers.contains_key("hx-request")
        && guard::says_from_us(&parts.headers)
}

#[cfg(test)]
pub(super) fn samples(tongue: Tongue) -> Vec<(&'static str, Box<dyn askama::DynTemplate>)> {
    let words = Words::of(tongue);
    let typed = [("words", "Drink <b>@ \"<López>\" <fast>"), ("why", "<López>"), ("seen", "1")];
    let page = |to: &str| {
        let fields = typed.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec();
        let kept = Kept::new(Uuid::nil(), to.to_owned(), fields).expect("something");
        Box::new(Page { tongue, words, token: "token".to_owned(), kept })
    };
    vec![
        ("kept", page("/console/inbox/x/answer")),
        ("kept, to look", page("/console/mothers/x/do/erase")),
        ("kept, to copy", page("/console/review/tips/<b>@/approve")),
        ("another's", Box::new(Others { tongue, words, next: "/console".to_owned() })),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(to: &str, fields: &[(&str, &str)]) -> Option<Kept> {
        let fields = fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Kept::new(Uuid::nil(), to.to_owned(), fields)
    }

    #[test]
    fn what_is_carried_is_words_for_a_place_of_ours() {
        let fields = [("token", "t"), ("seen", "1"), ("words", "a\r\nb"), ("password", "p"), ("to", "Ben")];
        let kept_ = kept("/console/inbox/1/answer", &fields).expect("words");
        let carried = [("seen", "1"), ("words", "a\r\nb")];
        assert_eq!(carried.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec(), kept_.fields);
        assert_eq!(vec![("Words".to_owned(), "a\r\nb".to_owned())], kept_.told(Tongue::En));
        assert!(kept("https://example.org/", &[("words", "a")]).is_none());
        assert!(kept("/console/inbox/1/take", &[("seen", "1"), ("words", " ")]).is_none());
        // A tip's name alone was typed by nobody.
        assert!(kept("/console/review/tips/a/return", &[("seen", "1")]).is_none());
    }
}
