//! Who works at the console: invited, given roles, shown the door. An administrator of one program gives and takes what
//! concerns that program, sees who works for it, and nobody else.

mod one;
mod words;

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse};
use axum::routing::get;
use chrono::{DateTime, Utc};
use uuid::Uuid;

use self::words::Words;
use super::access::Signed;
use super::form::{Faults, Field, Kind, Typed};
use super::refusal::Refusal;
use super::shell::Shell;
use super::tongue::{Tongue, fill};
use super::{Shown, page};
use crate::domain::role::{Grant, Right, Role};
use crate::flows::accounts::{self, Invitation, Refused};
use crate::store::accounts::{self as store, Account};
use crate::web::Site;

/// In a form: a role in every program.
const EVERY: &str = "*";

/// The list, and the form for another one.
#[derive(Template)]
#[template(path = "web/console/accounts/accounts.html")]
struct Page {
    shell: Shell,
    words: &'static Words,
    people: Vec<Person>,
    fields: Vec<Field>,
    roles: Vec<Row>,
    programs: Vec<Offered>,
    fault: Option<String>,
    /// Who was just invited, and the link to give them.
    link: Option<(String, String)>,
}

/// Somebody in the list.
struct Person {
    id: Uuid,
    name: String,
    email: String,
    roles: Vec<String>,
    state: String,
    mood: &'static str,
}

/// A role in the table of what may be given, with a box for each program.
pub struct Row {
    name: &'static str,
    what: &'static str,
    boxes: Vec<Tick>,
}

/// A box to tick.
pub struct Tick {
    value: String,
    label: String,
    ticked: bool,
}

/// A program for which roles are given.
pub struct Offered {
    /// Its id, or every one.
    id: String,
    /// Its name.
    name: String,
}

/// The addresses here.
pub fn routes() -> Router<Site> {
    Router::new().route("/console/accounts", get(list).post(invite)).merge(one::routes())
}

async fn list(State(site): State<Site>, signed: Signed) -> Shown {
    signed.need(Right::Administer)?;
    page(&whole(&site, &signed, &Typed::default(), &Faults::default()).await?)
}

async fn whole(site: &Site, signed: &Signed, typed: &Typed, faults: &Faults) -> Result<Page, Refusal> {
    let words = Words::of(signed.tongue);
    let mut tx = site.service.database.read().await?;
    let all = store::all(&mut tx).await?;
    let grants = store::all_grants(&mut tx).await?;
    drop(tx);
    let now = site.service.now();
    let of = |account: &Account| {
        let hers = grants.iter().filter(|(id, _)| *id == account.id);
        hers.map(|(_, grant)| grant.clone()).collect::<Vec<_>>()
    };
    let person = |account: Account| {
        let hers = of(&account);
        let hers = hers.iter().map(|grant| told(site, words, grant));
        let (state, mood) = state(signed.tongue, &account, now);
        Person {
            id: account.id,
            roles: hers.collect(),
            state,
            mood,
            name: account.name,
            email: account.email,
        }
    };
    let programs = offered(site, signed, &[]);
    Ok(Page {
        shell: signed.shell(words.title),
        words,
        people: all
            .into_iter()
            .filter(|account| is_near(signed, account.id, &of(account)))
            .map(person)
            .collect(),
        fields: fields(signed.tongue, typed, faults),
        roles: rows(words, &programs, |value| typed.has("grant", value)),
        programs,
        fault: faults.of("grant").map(str::to_owned),
        link: None,
    })
}

fn fields(tongue: Tongue, typed: &Typed, faults: &Faults) -> Vec<Field> {
    let words = Words::of(tongue);
    let languages = Tongue::ALL.map(|tongue| (tongue.code().to_owned(), tongue.name().to_owned())).to_vec();
    vec![
        Field::line("name", words.name).hint(words.name_hint).filled(typed, faults),
        Field::new(Kind::Line("email"), "email", words.email).filled(typed, faults),
        Field::choice("language", words.language, languages).filled(typed, faults),
    ]
}

async fn invite(State(site): State<Site>, signed: Signed, typed: Typed) -> Shown {
    signed.need(Right::Administer)?;
    let words = Words::of(signed.tongue);
    let language = Tongue::named(typed.get("language")).unwrap_or_default();
    let invitation = Invitation {
        email: typed.get("email").to_owned(),
        name: typed.get("name").to_owned(),
        language: language.code().to_owned(),
        zone: signed.account.zone.clone(),
        grants: given(&offered(&site, &signed, &[]), &typed),
    };
    let mut faults = Faults::default();
    match accounts::invite(&site.service, &invitation, &signed.actor()).await {
        Ok((account, word)) => {
            let mut shown = whole(&site, &signed, &Typed::default(), &faults).await?;
            shown.link = Some((account.name, link(&signed, &word)));
            page(&shown)
        }
        Err(Refused::Store(error)) => Err(error.into()),
        Err(refused) => {
            let (field, said) = match refused {
                Refused::EmailTaken => ("email", words.email_taken),
                Refused::NoEmail => ("email", words.no_email),
                Refused::NameTaken => ("name", words.name_taken),
                Refused::NoName => ("name", words.no_name),
                _ => ("grant", words.no_role),
            };
            faults.add(field, said);
            let shown = whole(&site, &signed, &typed, &faults).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(shown.render()?)).into_response())
        }
    }
}

/// The address behind which a password is chosen.
fn link(signed: &Signed, word: &str) -> String {
    format!("{}/console/welcome/{word}", signed.base)
}

/// Whether a grant is this administrator's to give and to take. To who administers everything every one is, also one for a
/// program that is in no edition.
fn reaches(signed: &Signed, grant: &Grant) -> bool {
    match &grant.program {
        Some(program) => signed.may_in(Right::Administer, program),
        None => signed.may_everywhere(Right::Administer),
    }
}

/// Whether somebody with these grants is this administrator's to look at: they work for a program that is.
pub(super) fn is_near(signed: &Signed, id: Uuid, grants: &[Grant]) -> bool {
    id == signed.account.id
        || signed.may_everywhere(Right::Administer)
        || grants.iter().any(|grant| reaches(signed, grant))
}

/// Whether they work for this administrator's programs and for no other.
pub(super) fn is_own(signed: &Signed, grants: &[Grant]) -> bool {
    grants.iter().all(|grant| reaches(signed, grant))
}

/// Somebody whom this administrator may look at, and what they may do. Others are not there; that it was tried is written
/// down.
pub(super) async fn reached(
    site: &Site,
    signed: &Signed,
    id: Uuid,
) -> Result<(Account, Vec<Grant>), Refusal> {
    signed.need(Right::Administer)?;
    let mut tx = site.service.database.read().await?;
    let account = store::find(&mut tx, id).await?.ok_or(Refusal::NotFound)?;
    let grants = store::grants(&mut tx, id).await?;
    drop(tx);
    if !is_near(signed, id, &grants) {
        let programs = grants.iter().map(|grant| grant.program.as_deref().unwrap_or_default());
        signed.reach_any(site, Right::Administer, programs, "account").await?;
    }
    Ok((account, grants))
}

/// The programs for which this administrator may give roles; every one, if they administer every one. Those for which
/// somebody has one already are among them, whether or not there still is such a program: it can be taken away.
fn offered(site: &Site, signed: &Signed, grants: &[Grant]) -> Vec<Offered> {
    let words = Words::of(signed.tongue);
    let every = signed.may_everywhere(Right::Administer);
    let all = every.then(|| Offered { id: EVERY.to_owned(), name: words.every.to_owned() });
    let mut programs = signed.programs(site, Right::Administer);
    for grant in grants.iter().filter(|grant| reaches(signed, grant)) {
        programs.extend(grant.program.clone().filter(|program| !programs.contains(program)));
    }
    all.into_iter()
        .chain(programs.into_iter().map(|id| Offered { name: super::library::called(site, &id), id }))
        .collect()
}

fn rows(words: &'static Words, programs: &[Offered], ticked: impl Fn(&str) -> bool) -> Vec<Row> {
    let row = |role: &Role| {
        let (name, what) = called(words, *role);
        let tick = |program: &Offered| {
            let value = format!("{}:{}", role.name(), program.id);
            Tick { ticked: ticked(&value), label: format!("{name}, {}", program.name), value }
        };
        Row { name, what, boxes: programs.iter().map(tick).collect() }
    };
    Role::ALL.iter().map(row).collect()
}

/// What was ticked, of what this administrator may give.
fn given(offered: &[Offered], typed: &Typed) -> Vec<Grant> {
    let grants = typed.all("grant").filter_map(|value| value.split_once(':'));
    let grants = grants.filter(|(_, program)| offered.iter().any(|known| known.id == *program));
    let read = |(role, program): (&str, &str)| {
        let program = (program != EVERY).then(|| program.to_owned());
        Some(Grant { role: Role::named(role)?, program })
    };
    grants.filter_map(read).collect()
}

/// What a role is called.
pub(super) fn role(tongue: Tongue, role: Role) -> &'static str {
    called(Words::of(tongue), role).0
}

/// How a grant stands in a form.
fn value(grant: &Grant) -> String {
    format!("{}:{}", grant.role.name(), grant.program.as_deref().unwrap_or(EVERY))
}

fn told(site: &Site, words: &Words, grant: &Grant) -> String {
    let (name, _) = called(words, grant.role);
    match &grant.program {
        Some(program) => format!("{name}: {}", super::library::called(site, program)),
        None => name.to_owned(),
    }
}

fn called(words: &Words, role: Role) -> (&'static str, &'static str) {
    match role {
        Role::Viewer => (words.viewer, words.viewer_what),
        Role::Operator => (words.operator, words.operator_what),
        Role::Helpdesk => (words.helpdesk, words.helpdesk_what),
        Role::Author => (words.author, words.author_what),
        Role::Reviewer => (words.reviewer, words.reviewer_what),
        Role::Administrator => (words.administrator, words.administrator_what),
    }
}

fn state(tongue: Tongue, account: &Account, now: DateTime<Utc>) -> (String, &'static str) {
    let words = Words::of(tongue);
    match (account.closed_at, &account.password, account.invite_until) {
        (Some(at), _, _) => (fill(words.closed, &[("day", &tongue.day(at.date_naive()))]), "bad"),
        (None, Some(_), None) if account.totp.is_some() => (words.with_codes.to_owned(), "good"),
        (None, Some(_), None) => (words.with_password.to_owned(), "good"),
        (None, _, Some(until)) if until > now => {
            (fill(words.invited, &[("day", &tongue.day(until.date_naive()))]), "warn")
        }
        (None, _, _) => (words.link_old.to_owned(), "warn"),
    }
}

#[cfg(test)]
pub(super) fn samples(tongue: Tongue) -> Vec<(&'static str, Box<dyn askama::DynTemplate>)> {
    let words = Words::of(tongue);
    let programs = vec![
        Offered { id: EVERY.to_owned(), name: words.every.to_owned() },
        Offered { id: "text4baby-us".to_owned(), name: "text4baby-us".to_owned() },
    ];
    let mut faults = Faults::default();
    faults.add("email", words.no_email);
    let person = Person {
        id: Uuid::nil(),
        name: "Ana <López>".to_owned(),
        email: "ana@example.org".to_owned(),
        roles: vec![words.viewer.to_owned()],
        state: words.with_codes.to_owned(),
        mood: "good",
    };
    let shown = Page {
        shell: Shell::sample(tongue, words.title, "/console/accounts"),
        words,
        people: vec![person],
        fields: fields(tongue, &Typed::default(), &faults),
        roles: rows(words, &programs, |value| value == "viewer:*"),
        programs,
        fault: Some(words.no_role.to_owned()),
        link: Some(("Ana <López>".to_owned(), "https://example.org/console/welcome/word".to_owned())),
    };
    let mut all: Vec<(&'static str, Box<dyn askama::DynTemplate>)> = vec![("accounts", Box::new(shown))];
    all.extend(one::samples(tongue));
    all
}
