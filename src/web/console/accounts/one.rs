//! One person who works here: roles, a new link, the end of it.

use askama::Template;
use axum::Router;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect};
use axum::routing::{get, post};
use uuid::Uuid;

use super::words::Words;
use super::{EVERY, Offered, Row, given, link, offered, rows, state, value};
use crate::domain::role::{Grant, Right};
use crate::flows::accounts::{self, Refused};
use crate::store::accounts::{self as store, Account};
use crate::web::Site;
use crate::web::console::access::Signed;
use crate::web::console::form::Typed;
use crate::web::console::refusal::Refusal;
use crate::web::console::shell::Shell;
use crate::web::console::{Shown, page};

/// The page.
#[derive(Template)]
#[template(path = "web/console/accounts/one.html")]
struct Page {
    shell: Shell,
    words: &'static Words,
    id: Uuid,
    name: String,
    email: String,
    state: String,
    mood: &'static str,
    closed: bool,
    roles: Vec<Row>,
    programs: Vec<Offered>,
    elsewhere: Vec<String>,
    fault: Option<&'static str>,
    link: Option<(String, String)>,
    /// Whether all that they are is this administrator's to take.
    ours: bool,
}

/// The addresses here.
pub fn routes() -> Router<Site> {
    Router::new()
        .route("/console/accounts/{id}", get(show))
        .route("/console/accounts/{id}/roles", post(set_roles))
        .route("/console/accounts/{id}/link", post(new_link))
        .route("/console/accounts/{id}/close", post(close))
        .route("/console/accounts/{id}/open", post(open))
}

async fn show(State(site): State<Site>, signed: Signed, Path(id): Path<Uuid>) -> Shown {
    page(&whole(&site, &signed, id).await?)
}

async fn find(site: &Site, id: Uuid) -> Result<(Account, Vec<Grant>), Refusal> {
    let mut tx = site.service.database.read().await?;
    let account = store::find(&mut tx, id).await?.ok_or(Refusal::NotFound)?;
    Ok((account, store::grants(&mut tx, id).await?))
}

async fn whole(site: &Site, signed: &Signed, id: Uuid) -> Result<Page, Refusal> {
    signed.need(Right::Administer)?;
    let (account, grants) = find(site, id).await?;
    let words = Words::of(signed.tongue);
    let programs = offered(site, signed);
    let (state, mood) = state(signed.tongue, &account, site.service.now());
    let values: Vec<String> = grants.iter().map(value).collect();
    let elsewhere =
        grants.iter().filter(|grant| !reaches(&programs, grant)).map(|grant| super::told(words, grant));
    let elsewhere: Vec<String> = elsewhere.collect();
    Ok(Page {
        shell: signed.shell(&account.name),
        words,
        id,
        name: account.name,
        email: account.email,
        state,
        mood,
        closed: account.closed_at.is_some(),
        roles: rows(words, &programs, |value| values.iter().any(|known| known == value)),
        ours: elsewhere.is_empty(),
        elsewhere,
        programs,
        fault: None,
        link: None,
    })
}

fn reaches(programs: &[Offered], grant: &Grant) -> bool {
    let program = grant.program.as_deref().unwrap_or(EVERY);
    programs.iter().any(|known| known.id == program)
}

async fn set_roles(State(site): State<Site>, signed: Signed, Path(id): Path<Uuid>, typed: Typed) -> Shown {
    signed.need(Right::Administer)?;
    let words = Words::of(signed.tongue);
    let (_, present) = find(&site, id).await?;
    let programs = offered(&site, &signed);
    // What this administrator does not administer stays.
    let mut grants: Vec<Grant> = present.into_iter().filter(|grant| !reaches(&programs, grant)).collect();
    grants.extend(given(&site, &signed, &typed));
    let done = accounts::grant(&site.service, id, &grants, &signed.actor()).await;
    finish(&site, &signed, id, done, words.saved).await
}

async fn new_link(State(site): State<Site>, signed: Signed, Path(id): Path<Uuid>, _: Typed) -> Shown {
    let mut shown = whole(&site, &signed, id).await?;
    if !shown.ours {
        return Err(Refusal::Forbidden);
    }
    match accounts::invite_anew(&site.service, id, &signed.actor()).await {
        Ok(word) => {
            shown.link = Some((shown.name.clone(), link(&signed, &word)));
            page(&shown)
        }
        Err(error) => Err(Refusal::broken(error)),
    }
}

async fn close(State(site): State<Site>, signed: Signed, Path(id): Path<Uuid>, _: Typed) -> Shown {
    let words = Words::of(signed.tongue);
    if !whole(&site, &signed, id).await?.ours {
        return Err(Refusal::Forbidden);
    }
    let done = accounts::close(&site.service, id, &signed.actor()).await;
    finish(&site, &signed, id, done, words.closed_now).await
}

async fn open(State(site): State<Site>, signed: Signed, Path(id): Path<Uuid>, _: Typed) -> Shown {
    let words = Words::of(signed.tongue);
    if !whole(&site, &signed, id).await?.ours {
        return Err(Refusal::Forbidden);
    }
    let done = accounts::reopen(&site.service, id, &signed.actor()).await;
    finish(&site, &signed, id, done, words.reopened).await
}

async fn finish(site: &Site, signed: &Signed, id: Uuid, done: Result<(), Refused>, said: &str) -> Shown {
    let words = Words::of(signed.tongue);
    let fault = match done {
        Ok(()) => {
            signed.tell(said).await?;
            return Ok(Redirect::to(&format!("/console/accounts/{id}")).into_response());
        }
        Err(Refused::LastAdministrator) => words.last,
        Err(Refused::NoRole) => words.no_role,
        Err(Refused::Gone) => return Err(Refusal::NotFound),
        Err(error) => return Err(Refusal::broken(error)),
    };
    let mut shown = whole(site, signed, id).await?;
    shown.fault = Some(fault);
    Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(shown.render()?)).into_response())
}

#[cfg(test)]
pub(super) fn samples(
    tongue: crate::web::console::tongue::Tongue,
) -> Vec<(&'static str, Box<dyn askama::DynTemplate>)> {
    let words = Words::of(tongue);
    let programs = vec![Offered { id: EVERY.to_owned(), name: words.every.to_owned() }];
    let page = Page {
        shell: Shell::sample(tongue, "Ana <López>", "/console/accounts/x"),
        words,
        id: Uuid::nil(),
        name: "Ana <López>".to_owned(),
        email: "ana@example.org".to_owned(),
        state: words.with_password.to_owned(),
        mood: "good",
        closed: false,
        roles: rows(words, &programs, |_| true),
        programs,
        elsewhere: vec![words.author.to_owned()],
        fault: Some(words.last),
        link: None,
        ours: true,
    };
    vec![("one person", Box::new(page))]
}
