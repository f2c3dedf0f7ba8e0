//! One person who works here: roles, a new link, the end of it.

use askama::Template;
use axum::Router;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect};
use axum::routing::{get, post};
use uuid::Uuid;

use super::words::Words;
use super::{Offered, Row, given, link, offered, reached, reaches, rows, state, value};
use crate::domain::role::{Grant, Right};
use crate::flows::accounts::{self, Refused};
use crate::store::accounts::Account;
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
    page(&whole(&site, &signed, id, None).await?)
}

/// Somebody who is this administrator's as a whole. Who works elsewhere too is not; that it was tried is written down.
async fn owned(site: &Site, signed: &Signed, id: Uuid) -> Result<Account, Refusal> {
    let (account, grants) = reached(site, signed, id).await?;
    for grant in grants.iter().filter(|grant| !reaches(signed, grant)) {
        let program = grant.program.as_deref().unwrap_or_default();
        signed.reach(site, Right::Administer, program, "account").await?;
    }
    Ok(account)
}

/// The page, with what was ticked where that was not taken.
async fn whole(site: &Site, signed: &Signed, id: Uuid, typed: Option<&Typed>) -> Result<Page, Refusal> {
    let (account, grants) = reached(site, signed, id).await?;
    let words = Words::of(signed.tongue);
    let programs = offered(site, signed, &grants);
    let (state, mood) = state(signed.tongue, &account, site.service.now());
    let values: Vec<String> = grants.iter().map(value).collect();
    let elsewhere = grants.iter().filter(|grant| !reaches(signed, grant));
    let elsewhere: Vec<String> = elsewhere.map(|grant| super::told(site, words, grant)).collect();
    let ticked = |value: &str| match typed {
        Some(typed) => typed.has("grant", value),
        None => values.iter().any(|known| known == value),
    };
    Ok(Page {
        shell: signed.shell(&account.name),
        words,
        id,
        name: account.name,
        email: account.email,
        state,
        mood,
        closed: account.closed_at.is_some(),
        roles: rows(words, &programs, ticked),
        ours: elsewhere.is_empty(),
        elsewhere,
        programs,
        fault: None,
        link: None,
    })
}

async fn set_roles(State(site): State<Site>, signed: Signed, Path(id): Path<Uuid>, typed: Typed) -> Shown {
    let words = Words::of(signed.tongue);
    let (_, present) = reached(&site, &signed, id).await?;
    let given = given(&offered(&site, &signed, &present), &typed);
    // What this administrator does not administer stays.
    let stays = |grant: &Grant| !reaches(&signed, grant);
    let done = accounts::grant(&site.service, id, stays, &given, &signed.actor()).await;
    finish(&site, &signed, id, Some(&typed), done, words.saved).await
}

async fn new_link(State(site): State<Site>, signed: Signed, Path(id): Path<Uuid>, _: Typed) -> Shown {
    let account = owned(&site, &signed, id).await?;
    match accounts::invite_anew(&site.service, id, &signed.actor()).await {
        Ok(word) => {
            let mut shown = whole(&site, &signed, id, None).await?;
            shown.link = Some((account.name, link(&signed, &word)));
            page(&shown)
        }
        Err(refused) => finish(&site, &signed, id, None, Err(refused), "").await,
    }
}

async fn close(State(site): State<Site>, signed: Signed, Path(id): Path<Uuid>, _: Typed) -> Shown {
    let words = Words::of(signed.tongue);
    owned(&site, &signed, id).await?;
    let done = accounts::close(&site.service, id, &signed.actor()).await;
    finish(&site, &signed, id, None, done, words.closed_now).await
}

async fn open(State(site): State<Site>, signed: Signed, Path(id): Path<Uuid>, _: Typed) -> Shown {
    let words = Words::of(signed.tongue);
    owned(&site, &signed, id).await?;
    let done = accounts::reopen(&site.service, id, &signed.actor()).await;
    finish(&site, &signed, id, None, done, words.reopened).await
}

async fn finish(
    site: &Site,
    signed: &Signed,
    id: Uuid,
    typed: Option<&Typed>,
    done: Result<(), Refused>,
    said: &str,
) -> Shown {
    let words = Words::of(signed.tongue);
    let fault = match done {
        Ok(()) => {
            signed.tell(said).await?;
            // Who has nothing left that is this administrator's is not theirs to look at any more.
            let gone = typed.is_some_and(|typed| typed.get("grant").is_empty());
            let one = if gone { String::new() } else { format!("/{id}") };
            return Ok(Redirect::to(&format!("/console/accounts{one}")).into_response());
        }
        Err(Refused::LastAdministrator) => words.last,
        Err(Refused::NoRole) => words.no_role,
        Err(Refused::Gone) => return Err(Refusal::NotFound),
        Err(error) => return Err(Refusal::broken(error)),
    };
    let mut shown = whole(site, signed, id, typed).await?;
    shown.fault = Some(fault);
    Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(shown.render()?)).into_response())
}

#[cfg(test)]
pub(super) fn samples(
    tongue: crate::web::console::tongue::Tongue,
) -> Vec<(&'static str, Box<dyn askama::DynTemplate>)> {
    let words = Words::of(tongue);
    let programs = vec![Offered { id: super::EVERY.to_owned(), name: words.every.to_owned() }];
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
