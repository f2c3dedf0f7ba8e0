//! What people type: forms that prove where they come from, fields that keep what was typed and say what is wrong.

pub mod proof;

use std::collections::BTreeMap;

use askama::Template;
use axum::body::Bytes;
use axum::extract::multipart::{Multipart, MultipartError};
use axum::extract::{FromRequest, Request};
use axum::http::{StatusCode, header};
use subtle::ConstantTimeEq as _;
use tower_sessions::Session;

use super::refusal::Refusal;
use super::tongue::Tongue;
use crate::web::Site;

/// The field that proves that a form is one of ours, sent by who is signed in.
pub const TOKEN: &str = "token";
/// No form is longer.
const LONGEST: usize = 256 * 1024;
/// A field beside a file is no longer.
const LONGEST_BESIDE: usize = 64 * 1024;

/// What was typed, without what no keyboard types and no database or phone takes: control characters but the newline
/// and the tab. Every newline is one character, however a browser sends it.
pub fn clean(typed: &str) -> String {
    let typed = typed.replace("\r\n", "\n").replace('\r', "\n");
    typed.chars().filter(|c| matches!(c, '\n' | '\t') || !c.is_ascii_control()).collect()
}

/// What was typed into a form, cleaned.
#[derive(Clone, Debug, Default)]
pub struct Typed(Vec<(String, String)>);

impl Typed {
    /// A form's body, or what stands behind the question mark of an address.
    pub fn parse(body: &[u8]) -> Self {
        Self(form_urlencoded::parse(body).map(|(name, value)| (clean(&name), clean(&value))).collect())
    }

    /// What a form is filled in with before anybody types.
    pub fn of<const N: usize>(values: [(&str, String); N]) -> Self {
        Self(values.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
    }

    /// A field, without the space around it; nothing where it is missing.
    pub fn get(&self, name: &str) -> &str {
        self.raw(name).trim()
    }

    /// A field just as it was typed.
    pub fn raw(&self, name: &str) -> &str {
        self.0.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }

    /// A field that may be there several times.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(known, _)| known == name).map(|(_, value)| value.trim())
    }

    /// Whether a box is ticked.
    pub fn is(&self, name: &str) -> bool {
        !self.get(name).is_empty()
    }

    /// Whether a box of several of one name is ticked.
    pub fn has(&self, name: &str, value: &str) -> bool {
        self.all(name).any(|known| known == value)
    }

    /// Sets a field.
    pub fn set(&mut self, name: &str, value: &str) {
        self.0.retain(|(known, _)| known != name);
        self.0.push((name.to_owned(), value.to_owned()));
    }

    fn proves(&self, token: Option<String>) -> bool {
        token.is_some_and(|token| bool::from(token.as_bytes().ct_eq(self.get(TOKEN).as_bytes())))
    }
}

/// A form of somebody who is signed in: refused unless it holds the session's token.
impl FromRequest<Site> for Typed {
    type Rejection = Refusal;

    async fn from_request(request: Request, _: &Site) -> Result<Self, Refusal> {
        let token = token(request.extensions().get().cloned()).await;
        let typed = Self::parse(&body(request).await?);
        if typed.proves(token) { Ok(typed) } else { Err(Refusal::Forged) }
    }
}

/// A form of somebody who is not signed in yet: that the browser sent it from one of our pages is all there is.
pub struct Open(pub Typed);

impl FromRequest<Site> for Open {
    type Rejection = Refusal;

    async fn from_request(request: Request, _: &Site) -> Result<Self, Refusal> {
        Ok(Self(Typed::parse(&body(request).await?)))
    }
}

async fn token(session: Option<Session>) -> Option<String> {
    session?.get(TOKEN).await.ok().flatten()
}

async fn body(request: Request) -> Result<Bytes, Refusal> {
    axum::body::to_bytes(request.into_body(), LONGEST).await.map_err(|_| Refusal::TooLong(LONGEST / 1024))
}

/// A form with one file.
pub struct Uploaded {
    /// What was typed beside it.
    pub typed: Typed,
    /// The file's own name.
    pub name: String,
    /// What is in it.
    pub bytes: Bytes,
}

impl FromRequest<Site> for Uploaded {
    type Rejection = Refusal;

    async fn from_request(request: Request, site: &Site) -> Result<Self, Refusal> {
        let length = request.headers().get(header::CONTENT_LENGTH);
        let length = length.and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
        let most = site.console.most_upload;
        if length.is_some_and(|length| length > most + LONGEST_BESIDE) {
            return Err(site.console.too_large());
        }
        let token = token(request.extensions().get().cloned()).await;
        let mut parts = Multipart::from_request(request, site).await.map_err(|_| Refusal::Senseless)?;
        let mut uploaded = Self { typed: Typed::default(), name: String::new(), bytes: Bytes::new() };
        while let Some(part) = parts.next_field().await.map_err(|error| damaged(&error, site))? {
            let name = part.name().unwrap_or_default().to_owned();
            if let Some(file) = part.file_name() {
                // Whoever is not known to us is not let send a file.
                if !uploaded.typed.proves(token.clone()) {
                    return Err(Refusal::Forged);
                }
                uploaded.name = clean(file);
                uploaded.bytes = part.bytes().await.map_err(|error| damaged(&error, site))?;
            } else {
                let value = part.text().await.map_err(|error| damaged(&error, site))?;
                uploaded.typed.0.push((clean(&name), clean(&value)));
            }
        }
        if uploaded.bytes.len() > most {
            return Err(site.console.too_large());
        }
        if uploaded.typed.proves(token) { Ok(uploaded) } else { Err(Refusal::Forged) }
    }
}

fn damaged(error: &MultipartError, site: &Site) -> Refusal {
    match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => site.console.too_large(),
        _ => Refusal::Senseless,
    }
}

/// What is wrong, by field.
#[derive(Clone, Debug, Default)]
pub struct Faults(BTreeMap<String, String>);

impl Faults {
    /// Something is wrong with a field. The first thing said of it stands.
    pub fn add(&mut self, field: &str, what: impl Into<String>) {
        self.0.entry(field.to_owned()).or_insert_with(|| what.into());
    }

    /// What is wrong with a field.
    pub fn of(&self, field: &str) -> Option<&str> {
        self.0.get(field).map(String::as_str)
    }

    /// Whether nothing is wrong.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// How a field is filled in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A line; the word is the HTML input's type: text, email, password, tel, search, number, date, time.
    Line(&'static str),
    /// Several lines; how many are shown.
    Lines(u8),
    /// One of these: value and name.
    Choice(Vec<(String, String)>),
    /// A box to tick.
    Tick,
    /// A file; what a browser may offer.
    File(&'static str),
}

/// A field of a form: its name, what it is for, what was typed, what is wrong with that.
#[derive(Clone, Debug, Template)]
#[template(path = "web/console/parts/field.html")]
pub struct Field {
    /// Its name in the form.
    pub name: String,
    /// What stands over it.
    pub label: String,
    /// What helps to fill it in.
    pub hint: String,
    /// What is in it.
    pub value: String,
    /// What is wrong with that.
    pub fault: Option<String>,
    /// How it is filled in.
    pub kind: Kind,
    /// Whether it may be left empty.
    pub optional: bool,
    /// What is said of one that may; empty where that is plain.
    pub spare: &'static str,
    /// What a browser may fill in by itself (the HTML attribute).
    pub autocomplete: &'static str,
    /// Language of what is typed, where it is another than the page's.
    pub lang: String,
    /// Live counting of segments beside it.
    pub counted: bool,
}

impl Field {
    /// A field.
    pub fn new(kind: Kind, name: &str, label: &str) -> Self {
        Self {
            name: name.to_owned(),
            label: label.to_owned(),
            hint: String::new(),
            value: String::new(),
            fault: None,
            kind,
            optional: false,
            spare: "",
            autocomplete: "off",
            lang: String::new(),
            counted: false,
        }
    }

    /// A line of text.
    pub fn line(name: &str, label: &str) -> Self {
        Self::new(Kind::Line("text"), name, label)
    }

    /// A choice.
    pub fn choice(name: &str, label: &str, choices: Vec<(String, String)>) -> Self {
        Self::new(Kind::Choice(choices), name, label)
    }

    /// With help below it.
    #[must_use]
    pub fn hint(mut self, hint: &str) -> Self {
        hint.clone_into(&mut self.hint);
        self
    }

    /// It may be left empty, and says so.
    #[must_use]
    pub fn spare(mut self, tongue: Tongue) -> Self {
        self.spare = super::shell::Words::of(tongue).optional;
        self.optional()
    }

    /// It may be left empty.
    #[must_use]
    pub fn optional(mut self) -> Self {
        self.optional = true;
        self
    }

    /// What a browser may fill in.
    #[must_use]
    pub fn autocomplete(mut self, what: &'static str) -> Self {
        self.autocomplete = what;
        self
    }

    /// In another language than the page.
    #[must_use]
    pub fn lang(mut self, code: &str) -> Self {
        code.clone_into(&mut self.lang);
        self
    }

    /// A text to be sent: its segments are counted as it is typed.
    #[must_use]
    pub fn counted(mut self) -> Self {
        self.counted = true;
        self
    }

    /// What was typed, and what is wrong with it. A password is not shown again.
    #[must_use]
    pub fn filled(mut self, typed: &Typed, faults: &Faults) -> Self {
        if self.kind != Kind::Line("password") {
            typed.raw(&self.name).clone_into(&mut self.value);
        }
        self.fault = faults.of(&self.name).map(str::to_owned);
        self
    }

    fn described(&self) -> String {
        let mut ids = Vec::new();
        if !self.hint.is_empty() {
            ids.push(format!("{}-hint", self.name));
        }
        if self.fault.is_some() {
            ids.push(format!("{}-fault", self.name));
        }
        ids.join(" ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_no_keyboard_types_is_left_out_and_a_newline_is_one() {
        let typed = Typed::parse(b"words=Call%00%20211%1B%7F%0D%0Aor%0Dhim%09%C3%A9%0A&na%00me=x");
        assert_eq!("Call 211\nor\nhim\t\u{e9}\n", typed.raw("words"));
        assert_eq!("x", typed.get("name"));
    }
}
