//! The page behind an invitation's link: a password is chosen there, once.

use askama::Template;
use axum::Router;
use axum::extract::{Extension, Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{Html, IntoResponse};
use axum::routing::get;
use tower_sessions::Session;

use super::form::{Faults, Field, Kind, Open};
use super::guard::Caller;
use super::refusal::Refusal;
use super::tongue::{Tongue, fill, words};
use super::{Shown, page, sign_in};
use crate::flows::accounts::{self, Refused, SHORTEST, Weak};
use crate::web::Site;

words! {
    /// What is said to who was invited.
    pub Words {
        title: "Welcome, {name}", "Le damos la bienvenida, {name}", "Добро пожаловать, {name}";
        what: "Choose a password for {email}. This link works once.", "Elija una contraseña para {email}. Este enlace sirve una sola vez.", "Выберите пароль для {email}. Ссылка действует один раз.";
        password: "New password", "Contraseña nueva", "Новый пароль";
        hint: "{n} characters at least. Four or five words that have nothing to do with each other are easy to remember and hard to guess.", "Al menos {n} caracteres. Cuatro o cinco palabras sin relación entre sí son fáciles de recordar y difíciles de adivinar.", "Не меньше {n} знаков. Четыре-пять слов, не связанных между собой, легко запомнить и трудно угадать.";
        again: "New password again", "Repita la contraseña nueva", "Новый пароль ещё раз";
        differ: "The two are not the same.", "Las dos no coinciden.", "Пароли не совпадают.";
        short: "It is too short.", "Es demasiado corta.", "Слишком короткий.";
        long: "It is too long.", "Es demasiado larga.", "Слишком длинный.";
        guessable: "Others would try this first. Choose words that have nothing to do with you or this service.", "Es lo primero que otros probarían. Elija palabras que no tengan que ver con usted ni con este servicio.", "Такой пароль попробуют первым. Выберите слова, не связанные с вами и этой службой.";
        choose: "Save and sign in", "Guardar y entrar", "Сохранить и войти";
        stale: "This link has been used, or is too old", "Este enlace ya se usó o ha caducado", "Ссылка уже использована или устарела";
        stale_advice: "Ask the person who invited you for a new one.", "Pida uno nuevo a quien le invitó.", "Попросите новую у того, кто вас пригласил.";
    }
}

#[derive(Template)]
#[template(path = "web/console/welcome/welcome.html")]
struct Page {
    tongue: Tongue,
    title: String,
    lead: String,
    action: String,
    fields: Vec<Field>,
    choose: &'static str,
}

/// The addresses here.
pub fn routes() -> Router<Site> {
    Router::new().route("/console/welcome/{word}", get(ask).post(choose))
}

async fn ask(State(site): State<Site>, tongue: Tongue, Path(word): Path<String>) -> Shown {
    let account = accounts::welcome(&site.service, &word).await?;
    match account {
        Some(account) => page(&form(tongue, &account.name, &account.email, &word, &Faults::default())),
        None => stale(tongue),
    }
}

async fn choose(
    State(site): State<Site>,
    tongue: Tongue,
    session: Session,
    Extension(caller): Extension<Caller>,
    headers: HeaderMap,
    Path(word): Path<String>,
    Open(typed): Open,
) -> Shown {
    let Some(account) = accounts::welcome(&site.service, &word).await? else { return stale(tongue) };
    let words = Words::of(tongue);
    let mut faults = Faults::default();
    if typed.raw("password") != typed.raw("again") {
        faults.add("again", words.differ);
    } else {
        match accounts::take_up(&site.service, &word, typed.raw("password")).await {
            Ok(account) => {
                return sign_in::enter(&site, &session, &account, &caller, &headers, "/console").await;
            }
            Err(Refused::Weak(weak)) => faults.add("password", weakness(words, weak)),
            Err(Refused::Store(error)) => return Err(error.into()),
            Err(_) => return stale(tongue),
        }
    }
    let shown = form(tongue, &account.name, &account.email, &word, &faults);
    Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(shown.render()?)).into_response())
}

/// What is wrong with a password.
pub(super) fn weakness(words: &'static Words, weak: Weak) -> &'static str {
    match weak {
        Weak::Short => words.short,
        Weak::Long => words.long,
        Weak::Guessable => words.guessable,
    }
}

fn form(tongue: Tongue, name: &str, email: &str, word: &str, faults: &Faults) -> Page {
    let words = Words::of(tongue);
    Page {
        tongue,
        title: fill(words.title, &[("name", name)]),
        lead: fill(words.what, &[("email", email)]),
        action: format!("/console/welcome/{word}"),
        fields: new_password(words, faults),
        choose: words.choose,
    }
}

/// The two fields of a new password.
pub(super) fn new_password(words: &'static Words, faults: &Faults) -> Vec<Field> {
    let field = |name, label| Field::new(Kind::Line("password"), name, label).autocomplete("new-password");
    let nothing = super::form::Typed::default();
    vec![
        field("password", words.password)
            .hint(&fill(words.hint, &[("n", &SHORTEST.to_string())]))
            .filled(&nothing, faults),
        field("again", words.again).filled(&nothing, faults),
    ]
}

fn stale(tongue: Tongue) -> Shown {
    let words = Words::of(tongue);
    let shown = Page {
        tongue,
        title: words.stale.to_owned(),
        lead: words.stale_advice.to_owned(),
        action: String::new(),
        fields: Vec::new(),
        choose: words.choose,
    };
    Ok((StatusCode::GONE, Html(shown.render().map_err(Refusal::from)?)).into_response())
}

#[cfg(test)]
pub(super) fn samples(tongue: Tongue) -> Vec<(&'static str, Box<dyn askama::DynTemplate>)> {
    let mut faults = Faults::default();
    faults.add("again", Words::of(tongue).differ);
    vec![("welcome", Box::new(form(tongue, "Ana <López>", "ana@example.org", "word", &faults)))]
}
