//! One list: a verdict a row, the good ones enrolled, how far that is.

use askama::Template;
use axum::Router;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse as _, Redirect};
use axum::routing::{get, post};
#[cfg(test)]
use chrono::NaiveDate;
use serde::Deserialize;
use uuid::Uuid;

use super::line::{Line, Viewer, line};
use super::list_words::Words;
use super::lists::state;
use crate::domain::role::Right;
use crate::flows::auditing::{self, Object};
#[cfg(test)]
use crate::flows::importing::Note;
use crate::flows::importing::{self, Begun, Group, Said, Verdict};
#[cfg(test)]
use crate::store::imports::Row;
use crate::store::imports::{self, Import};
use crate::web::Site;
use crate::web::console::access::Signed;
use crate::web::console::form::Typed;
use crate::web::console::library::called;
use crate::web::console::refusal::Refusal;
use crate::web::console::shell::Shell;
use crate::web::console::tongue::{Tongue, fill};
use crate::web::console::{Shown, page};

/// So many rows on a page.
const MOST: usize = 150;

/// The page.
#[derive(Template)]
#[template(path = "web/console/enroll/list.html")]
struct Page {
    shell: Shell,
    words: &'static Words,
    heading: String,
    summary: String,
    progress: Progress,
    /// What is to be pressed to have the good ones enrolled.
    enroll: Option<String>,
    /// How many can be enrolled; none: it is done.
    ready: Option<String>,
    /// What is passed over and may matter.
    loud: Vec<String>,
    unread: Option<String>,
    filters: Vec<Filter>,
    rows: Vec<Line>,
    more: Option<String>,
}

/// How far it is; asks again by itself while it goes on.
#[derive(Clone, Template)]
#[template(path = "web/console/enroll/progress.html")]
struct Progress {
    id: Uuid,
    state: &'static str,
    goes: bool,
    begun: bool,
    done: i64,
    all: i64,
    said: String,
}

/// Rows of one kind of verdict.
struct Filter {
    place: String,
    name: &'static str,
    count: String,
    here: bool,
}

/// What is asked for.
#[derive(Deserialize, Default)]
struct Asked {
    #[serde(default)]
    of: String,
    #[serde(default)]
    after: i32,
}

/// The addresses here.
pub fn routes() -> Router<Site> {
    Router::new()
        .route("/console/enroll/imports/{id}", get(show))
        .route("/console/enroll/imports/{id}/live", get(live))
        .route("/console/enroll/imports/{id}/enroll", post(enroll))
        .route("/console/enroll/imports/{id}/forget", post(forget))
}

/// A list of a program in which they may act.
pub async fn reached(site: &Site, signed: &Signed, id: Uuid) -> Result<Import, Refusal> {
    signed.need(Right::Act)?;
    let import = importing::find(&site.service, id).await?.ok_or(Refusal::NotFound)?;
    signed.reach(site, Right::Act, &import.program, &format!("import {id}")).await?;
    Ok(import)
}

async fn show(
    State(site): State<Site>,
    signed: Signed,
    Path(id): Path<Uuid>,
    Query(asked): Query<Asked>,
) -> Shown {
    let import = reached(&site, &signed, id).await?;
    let (tongue, words) = (signed.tongue, Words::of(signed.tongue));
    let group = Group::named(&asked.of);
    let verdicts = group.map(Group::verdicts).unwrap_or_default();
    let mut tx = site.service.database.read().await?;
    let counts = imports::counts(&mut tx, id).await?;
    let mut rows = imports::rows(&mut tx, id, &verdicts, asked.after, MOST as i64 + 1).await?;
    drop(tx);
    let more = rows.len() > MOST;
    rows.truncate(MOST);
    let here = format!("/console/enroll/imports/{id}");
    let of = group.map_or("", Group::name);
    let more = rows.last().filter(|_| more).map(|last| format!("{here}?of={of}&after={}", last.place));
    let waiting: i64 = counts.iter().map(|(_, _, waiting)| waiting).sum();
    let open = import.state == imports::CHECKED;
    let viewer = Viewer::of(&signed, &import);
    if !viewer.owner {
        // What it says of women is not theirs: that they read it is written down, as a download is.
        let object = Object::program(&import.program);
        auditing::saw(&site.service, &signed.actor(), "import seen", object, &id.to_string()).await?;
    }
    let said = Said::from_json(&import.said);
    let unread =
        (!said.unread.is_empty()).then(|| fill(words.unread, &[("columns", &said.unread.join(", "))]));
    let program = called(&site, &import.program);
    let summary = [
        ("program", program.as_str()),
        ("name", import.made_by.as_str()),
        ("time", &tongue.moment(import.made_at, signed.zone)),
    ];
    page(&Page {
        shell: signed.shell(words.title),
        words,
        heading: fill(words.list, &[("file", &import.file)]),
        summary: fill(words.summary, &summary),
        progress: progress(tongue, &import, &counts),
        enroll: (open && waiting > 0).then(|| tongue.counted(waiting, words.enroll)),
        ready: match waiting {
            0 if open => Some(words.nothing.to_owned()),
            0 => None,
            waiting => Some(format!("{} {}", tongue.counted(waiting, words.ready), words.how)),
        },
        loud: loud(words, &said, unread.as_deref()),
        unread: unread.filter(|_| !said.passes_over_consent()),
        filters: filters(tongue, &here, &counts, group),
        rows: rows.iter().map(|row| line(tongue, row, viewer)).collect(),
        more,
    })
}

/// What is passed over, and would be missed by who does not know it.
fn loud(words: &Words, said: &Said, unread: Option<&str>) -> Vec<String> {
    let sheets = [("sheet", &*said.sheet), ("sheets", &said.sheets.join(", "))];
    let sheets = (!said.sheets.is_empty()).then(|| fill(words.sheets, &sheets));
    let doubled =
        said.doubled.iter().map(|[read, other]| fill(words.doubled, &[("read", read), ("other", other)]));
    let of_consent = unread.filter(|_| said.passes_over_consent()).map(str::to_owned);
    sheets.into_iter().chain(doubled).chain(of_consent).collect()
}

fn filters(tongue: Tongue, here: &str, counts: &[(String, i64, i64)], chosen: Option<Group>) -> Vec<Filter> {
    let words = Words::of(tongue);
    let of = |group: Group| -> i64 {
        let hers = |name: &str| Verdict::named(name).is_some_and(|verdict| verdict.group() == group);
        counts.iter().filter(|(name, ..)| hers(name)).map(|(_, count, _)| count).sum()
    };
    let all: i64 = counts.iter().map(|(_, count, _)| count).sum();
    let first =
        Filter { place: here.to_owned(), name: words.all, count: tongue.number(all), here: chosen.is_none() };
    let others = Group::ALL.iter().map(|group| (*group, of(*group))).filter(|(_, count)| *count > 0);
    let others = others.map(|(group, count)| Filter {
        place: format!("{here}?of={}", group.name()),
        name: words.group(group),
        count: tongue.number(count),
        here: chosen == Some(group),
    });
    std::iter::once(first).chain(others).collect()
}

fn progress(tongue: Tongue, import: &Import, counts: &[(String, i64, i64)]) -> Progress {
    let words = Words::of(tongue);
    let waiting: i64 = counts.iter().map(|(_, _, waiting)| waiting).sum();
    let all = import.people;
    let done = all - waiting;
    let said = [("done", &*tongue.number(done)), ("all", &*tongue.number(all))];
    Progress {
        id: import.id,
        state: state(words, &import.state),
        goes: import.state == imports::ENROLLING,
        begun: import.state != imports::CHECKED,
        done,
        all,
        said: fill(words.progress, &said),
    }
}

async fn live(State(site): State<Site>, signed: Signed, Path(id): Path<Uuid>) -> Shown {
    let import = reached(&site, &signed, id).await?;
    let mut tx = site.service.database.read().await?;
    let counts = imports::counts(&mut tx, id).await?;
    drop(tx);
    page(&progress(signed.tongue, &import, &counts))
}

async fn enroll(State(site): State<Site>, signed: Signed, Path(id): Path<Uuid>, _: Typed) -> Shown {
    let import = reached(&site, &signed, id).await?;
    let words = Words::of(signed.tongue);
    let mine = signed.programs(&site, Right::Act);
    let told = match importing::begin(&site.service, &import, &signed.actor(), &mine).await? {
        Begun::Now => words.begun,
        Begun::Before => words.begun_before,
        Begun::Gone => {
            signed.tell(words.forgotten).await?;
            return Ok(Redirect::to("/console/enroll/imports").into_response());
        }
    };
    signed.tell(told).await?;
    Ok(Redirect::to(&format!("/console/enroll/imports/{id}")).into_response())
}

async fn forget(State(site): State<Site>, signed: Signed, Path(id): Path<Uuid>, _: Typed) -> Shown {
    let import = reached(&site, &signed, id).await?;
    let words = Words::of(signed.tongue);
    if !importing::discard(&site.service, &import, &signed.actor()).await? {
        return Ok(Redirect::to(&format!("/console/enroll/imports/{id}")).into_response());
    }
    signed.tell(words.forgotten).await?;
    Ok(Redirect::to("/console/enroll/imports").into_response())
}

#[cfg(test)]
pub fn samples(tongue: Tongue) -> Vec<(&'static str, Box<dyn askama::DynTemplate>)> {
    let words = Words::of(tongue);
    let notes = [
        Note::new(Verdict::DateUnsure, ["2027-03-04".to_owned(), "2027-04-03".to_owned()]),
        Note::new(Verdict::PlaceUnread, ["<López>".to_owned()]),
    ];
    let row = |place| Row {
        place,
        typed: "<López> (202) 555-0143".to_owned(),
        phone: Some("+12025550143".to_owned()),
        language: "es".to_owned(),
        anchor_kind: Some("due".to_owned()),
        anchor_date: NaiveDate::from_ymd_opt(2027, 4, 12),
        lives_in: String::new(),
        reader: "mother".to_owned(),
        partner: None,
        agreed_on: None,
        agreed_how: String::new(),
        verdict: "date_unsure".to_owned(),
        notes: Note::all_to_json(&notes),
        waits: false,
        subscriber_id: Some(Uuid::nil()),
    };
    let counts = [("good".to_owned(), 100, 90), ("date_unsure".to_owned(), 100, 0)];
    let import = Import {
        id: Uuid::nil(),
        program: "text4baby-us".to_owned(),
        language: "es".to_owned(),
        file: "<López>.xlsx".to_owned(),
        made_by: "Ana".to_owned(),
        account_id: None,
        reach: "[]".to_owned(),
        state: "enrolling".to_owned(),
        said: "[]".to_owned(),
        people: 200,
        made_at: chrono::DateTime::UNIX_EPOCH,
        began_at: None,
        began_by: None,
        began_account: None,
        began_reach: None,
        ended_at: None,
    };
    let viewer = Viewer::sample();
    let rows: Vec<Line> = (1..=MOST as i32).map(|place| line(tongue, &row(place), viewer)).collect();
    let said = Said { sheet: "<López>".to_owned(), sheets: vec!["<b>".to_owned()], ..Said::default() };
    let progress = progress(tongue, &import, &counts);
    let page = Page {
        shell: Shell::sample(tongue, words.title, "/console/enroll/imports"),
        words,
        heading: fill(words.list, &[("file", &import.file)]),
        summary: "Ana <López>".to_owned(),
        progress: progress.clone(),
        enroll: Some(tongue.counted(90, words.enroll)),
        ready: Some(tongue.counted(90, words.ready)),
        loud: loud(words, &said, None),
        unread: Some(fill(words.unread, &[("columns", "<López>")])),
        filters: filters(tongue, "/console/enroll/imports/x", &counts, Some(Group::Unsure)),
        rows,
        more: Some("/console/enroll/imports/x?after=200".to_owned()),
    };
    vec![("a list", Box::new(page)), ("how far a list is", Box::new(progress))]
}
