//! One text to many: written (`form`), counted and decided about (`show`, `preview`), sent, watched and stopped (`doing`).
//! This room lists them.

mod doing;
mod form;
mod preview;
mod reading;
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
use crate::store::broadcasts::{Broadcast, planning};
#[cfg(test)]
use crate::store::broadcasts::{DRAFT, SENDING, WAITING};
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
    // One of a program that has left the library can be found too, and stopped.
    let reached = signed.reaches(Right::Broadcast);
    let (programs, every) = (reached.as_deref().unwrap_or_default(), reached.is_none());
    let before = asked.before.unwrap_or(Uuid::max());
    let mut tx = site.service.database.read().await?;
    let mut found =
        planning::list(&mut tx, (programs, every), asked.show.code(), before, MOST as i64 + 1).await?;
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
    let edition = site.service.shelf.edition();
    let line = |broadcast: &Broadcast| {
        let (state, class) = words::state(words, broadcast);
        Line {
            id: broadcast.id,
            at: tongue.moment(broadcast.made_at, signed.zone),
            by: broadcast.made_by.clone(),
            why: broadcast.why.clone(),
            whom: words::whom((tongue, words), Some(&edition.library), broadcast),
            state,
            class,
            emergency: broadcast.emergency,
            progress: progress(words, tongue, broadcast),
        }
    };
    let lines = found.iter().map(line).collect();
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
    if !signed.may(Right::Review) {
        signed.need(Right::Broadcast)?;
    }
    let mut tx = site.service.database.read().await?;
    let broadcast = crate::store::broadcasts::find(&mut tx, id).await?.ok_or(Refusal::NotFound)?;
    drop(tx);
    // What was wrong with a tip is told by those who sign tips as well.
    let reviews = broadcast.corrects.is_some();
    let right = match &broadcast.program {
        Some(program) if reviews && signed.may_in(Right::Review, program) => Right::Review,
        None if reviews && signed.may_everywhere(Right::Review) => Right::Review,
        _ => Right::Broadcast,
    };
    // One to every program is for who may do it everywhere.
    if broadcast.program.is_none() && signed.may_everywhere(right) {
        return Ok(broadcast);
    }
    let program = broadcast.program.as_deref().unwrap_or_default();
    signed.reach(site, right, program, &format!("broadcast {id}")).await?;
    Ok(broadcast)
}

/// A correction of a recalled tip, as the tip's page names it.
pub(super) struct Correcting {
    /// Its page.
    pub path: String,
    /// When it was written.
    pub at: String,
    /// Its state, in a word and in a class of the style sheet.
    pub state: (&'static str, &'static str),
    /// How far it is.
    pub progress: String,
}

/// The corrections of a recalled tip, the newest first.
pub(super) async fn correcting(site: &Site, signed: &Signed, tip: &str) -> Result<Vec<Correcting>, Refusal> {
    let (words, tongue) = (Words::of(signed.tongue), signed.tongue);
    let mut tx = site.service.database.read().await?;
    let all = crate::store::broadcasts::correcting(&mut tx, tip).await?;
    let one = |broadcast: &Broadcast| Correcting {
        path: format!("/console/broadcasts/{}", broadcast.id),
        at: tongue.moment(broadcast.made_at, signed.zone),
        state: words::state(words, broadcast),
        progress: progress(words, tongue, broadcast),
    };
    Ok(all.iter().map(one).collect())
}

#[cfg(test)]
pub(super) fn samples(tongue: Tongue) -> Vec<(&'static str, Box<dyn askama::DynTemplate>)> {
    let words = Words::of(tongue);
    let made =
        |state: &str| Broadcast { state: state.to_owned(), segment: "{}".to_owned(), ..Broadcast::default() };
    let line = |state: &str| Line {
        id: Uuid::nil(),
        at: "24 Nov 2026, 14:05".to_owned(),
        by: "Ana <López>".to_owned(),
        why: "a <fast> recall".to_owned(),
        whom: words::whom((tongue, words), None, &made(state)),
        state: words::state(words, &made(state)).0,
        class: words::state(words, &made(state)).1,
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
