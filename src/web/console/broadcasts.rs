//! One text to many: written (`form`), counted and decided about (`show`, `preview`), sent, watched and stopped (`doing`).
//! This room lists them.

mod doing;
mod form;
mod preview;
mod results;
mod show;
mod words;

use askama::Template;
use axum::Router;
use axum::extract::{Query, State};
use axum::routing::{get, post};
use serde::Deserialize;
use uuid::Uuid;

use self::words::Words;
use super::access::Signed;
use super::refusal::Refusal;
use super::shell::Shell;
use super::tongue::{Tongue, fill};
use super::{Shown, page};
use crate::domain::role::Right;
use crate::flows::broadcasting::{self, Outcome};
use crate::store::broadcasts::{Broadcast, DRAFT, SENDING, WAITING, planning};
use crate::web::Site;

/// So many on a page.
const MOST: usize = 50;

/// The page.
#[derive(Template)]
#[template(path = "web/console/broadcasts/list.html")]
struct Page {
    shell: Shell,
    words: &'static Words,
    tabs: Vec<Tab>,
    lines: Vec<Line>,
    older: Option<String>,
}

/// A filter.
struct Tab {
    name: &'static str,
    path: String,
    here: bool,
}

/// A broadcast.
struct Line {
    id: Uuid,
    at: String,
    by: String,
    why: String,
    whom: String,
    state: &'static str,
    class: &'static str,
    emergency: bool,
    progress: String,
}

/// What is asked for.
#[derive(Deserialize, Default)]
struct Asked {
    #[serde(default)]
    show: Which,
    before: Option<Uuid>,
}

#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
enum Which {
    #[default]
    All,
    Planned,
    Going,
    Finished,
}

impl Which {
    const ALL: [Self; 4] = [Self::All, Self::Planned, Self::Going, Self::Finished];

    fn code(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Planned => "planned",
            Self::Going => "going",
            Self::Finished => "finished",
        }
    }

    fn name(self, words: &Words) -> &'static str {
        match self {
            Self::All => words.all,
            Self::Planned => words.planned,
            Self::Going => words.going,
            Self::Finished => words.finished,
        }
    }

    fn holds(self, broadcast: &Broadcast) -> bool {
        match self {
            Self::All => true,
            Self::Planned => matches!(broadcast.state.as_str(), DRAFT | WAITING),
            Self::Going => is_going(broadcast),
            Self::Finished => !matches!(broadcast.state.as_str(), DRAFT | WAITING) && !is_going(broadcast),
        }
    }
}

/// Whether something of it is still to leave.
fn is_going(broadcast: &Broadcast) -> bool {
    let waits = || Outcome::of(broadcast).is_none_or(|outcome| outcome.in_state(&words::WAITING_TEXTS) > 0);
    broadcast.state == SENDING || (broadcast.state == crate::store::broadcasts::SENT && waits())
}

/// The addresses here.
pub fn routes() -> Router<Site> {
    Router::new()
        .route("/console/broadcasts", get(list))
        .route("/console/broadcasts/new", get(form::new).post(form::add))
        .route("/console/broadcasts/{broadcast}", get(show::show))
        .route("/console/broadcasts/{broadcast}/live", get(show::live))
        .route("/console/broadcasts/{broadcast}/edit", get(form::edit).post(form::change))
        .route("/console/broadcasts/{broadcast}/count", post(doing::count))
        .route("/console/broadcasts/{broadcast}/confirm", post(doing::confirm))
        .route("/console/broadcasts/{broadcast}/approve", post(doing::approve))
        .route("/console/broadcasts/{broadcast}/withdraw", post(doing::withdraw))
        .route("/console/broadcasts/{broadcast}/stop", post(doing::stop))
}

async fn list(State(site): State<Site>, signed: Signed, Query(asked): Query<Asked>) -> Shown {
    signed.need(Right::Broadcast)?;
    let (words, tongue) = (Words::of(signed.tongue), signed.tongue);
    let programs = signed.programs(&site, Right::Broadcast);
    let every = signed.may_everywhere(Right::Broadcast);
    let before = asked.before.unwrap_or(Uuid::max());
    let mut tx = site.service.database.read().await?;
    let mut found = planning::list(&mut tx, (&programs, every), before, MOST as i64 + 1).await?;
    drop(tx);
    let more = found.len() > MOST;
    found.truncate(MOST);
    let older = found.last().filter(|_| more);
    let older =
        older.map(|last| format!("/console/broadcasts?show={}&before={}", asked.show.code(), last.id));
    let tab = |which: Which| Tab {
        name: which.name(words),
        path: format!("/console/broadcasts?show={}", which.code()),
        here: which == asked.show,
    };
    let line = |broadcast: &Broadcast| {
        let (state, class) = words::state(words, &broadcast.state);
        Line {
            id: broadcast.id,
            at: tongue.moment(broadcast.made_at, signed.zone),
            by: broadcast.made_by.clone(),
            why: broadcast.why.clone(),
            whom: words::whom((tongue, words), broadcast),
            state,
            class,
            emergency: broadcast.emergency,
            progress: progress(words, tongue, broadcast),
        }
    };
    let lines = found.iter().filter(|broadcast| asked.show.holds(broadcast)).map(line).collect();
    let tabs = Which::ALL.into_iter().map(tab).collect();
    page(&Page { shell: signed.shell(words.title), words, tabs, lines, older })
}

fn progress(words: &Words, tongue: Tongue, broadcast: &Broadcast) -> String {
    if !broadcast.is_begun() {
        let counted = broadcasting::counted(broadcast);
        let people = counted.map(|counted| i64::try_from(counted.people()).unwrap_or(i64::MAX));
        return people.map_or_else(|| "–".to_owned(), |people| tongue.counted(people, words.persons));
    }
    let left = Outcome::of(broadcast).map_or(0, |outcome| results::left(&outcome));
    fill(words.of, &[("n", &tongue.number(left)), ("all", &tongue.number(broadcast.people))])
}

/// A broadcast that they may decide about; to who may not it is not there.
async fn reach(site: &Site, signed: &Signed, id: Uuid) -> Result<Broadcast, Refusal> {
    signed.need(Right::Broadcast)?;
    let mut tx = site.service.database.read().await?;
    let broadcast = crate::store::broadcasts::find(&mut tx, id).await?.ok_or(Refusal::NotFound)?;
    drop(tx);
    // One to every program is for who may do it everywhere.
    if broadcast.program.is_none() && signed.may_everywhere(Right::Broadcast) {
        return Ok(broadcast);
    }
    let program = broadcast.program.as_deref().unwrap_or_default();
    signed.reach(site, Right::Broadcast, program, &format!("broadcast {id}")).await?;
    Ok(broadcast)
}

#[cfg(test)]
pub(super) fn samples(tongue: Tongue) -> Vec<(&'static str, Box<dyn askama::DynTemplate>)> {
    let words = Words::of(tongue);
    let line = |state: &str| Line {
        id: Uuid::nil(),
        at: "24 Nov 2026, 14:05".to_owned(),
        by: "Ana <López>".to_owned(),
        why: "a <fast> recall".to_owned(),
        whom: words::whom((tongue, words), &Broadcast::default()),
        state: words::state(words, state).0,
        class: words::state(words, state).1,
        emergency: true,
        progress: fill(words.of, &[("n", "1"), ("all", "2")]),
    };
    let page = |lines| {
        let shell = Shell::sample(tongue, words.title, "/console/broadcasts");
        let tabs = vec![Tab { name: words.all, path: "/console/broadcasts?show=all".to_owned(), here: true }];
        Box::new(Page { shell, words, tabs, lines, older: Some("/console/broadcasts?before=x".to_owned()) })
    };
    let states = [DRAFT, WAITING, SENDING, "sent", "stopped", "withdrawn"];
    let mut all: Vec<(&'static str, Box<dyn askama::DynTemplate>)> =
        vec![("list", page(states.map(line).into())), ("list, empty", page(Vec::new()))];
    all.extend(form::samples(tongue));
    all.extend(show::samples(tongue));
    all
}
