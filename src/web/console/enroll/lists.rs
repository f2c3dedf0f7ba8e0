//! Lists that clinics bring: the upload, and those brought before.

use askama::Template;
use axum::Router;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect};
use axum::routing::get;
use serde::Deserialize;
use uuid::Uuid;

use super::desk::{named_programs, usual_program};
use super::list_words::Words;
use super::{download, list};
use crate::domain::language::Language;
use crate::domain::role::Right;
use crate::flows::importing::{self, Brought, MOST_ROWS, Unreadable};
use crate::library::{Program, name_of_language};
use crate::store::apart::apart;
use crate::store::imports::{self, Import};
use crate::web::Site;
use crate::web::console::access::Signed;
use crate::web::console::form::{Faults, Field, Kind, Typed, Uploaded};
use crate::web::console::library::called;
use crate::web::console::library::reasons::{self, Said};
use crate::web::console::refusal::Refusal;
use crate::web::console::shell::Shell;
use crate::web::console::tongue::{Tongue, fill};
use crate::web::console::{Shown, page};

/// So many lists on a page.
const MOST: usize = 50;

/// The page.
#[derive(Template)]
#[template(path = "web/console/enroll/lists.html")]
struct Page {
    shell: Shell,
    words: &'static Words,
    fields: Vec<Field>,
    /// What is wrong with the file, and the same in the machine's words.
    wrong: Option<(String, String)>,
    lists: Vec<Line>,
    older: Option<String>,
}

/// A list in the table.
struct Line {
    id: Uuid,
    file: String,
    program: String,
    when: String,
    by: String,
    rows: String,
    state: &'static str,
}

/// What is asked for.
#[derive(Deserialize, Default)]
struct Asked {
    before: Option<Uuid>,
}

/// The addresses here.
pub fn routes() -> Router<Site> {
    Router::new()
        .route("/console/enroll/imports", get(show).post(bring))
        .merge(list::routes())
        .merge(download::routes())
}

async fn show(State(site): State<Site>, signed: Signed, Query(asked): Query<Asked>) -> Shown {
    signed.need(Right::Act)?;
    let programs = signed.programs(&site, Right::Act);
    let program = usual_program(&site.service.shelf.edition(), &programs, signed.tongue);
    let typed = Typed::of([("program", program), ("language", signed.tongue.code().to_owned())]);
    page(&shown(&site, &signed, &typed, &Faults::default(), (None, asked.before)).await?)
}

async fn shown(
    site: &Site,
    signed: &Signed,
    typed: &Typed,
    faults: &Faults,
    (wrong, before): (Option<(String, String)>, Option<Uuid>),
) -> Result<Page, Refusal> {
    let words = Words::of(signed.tongue);
    let programs = signed.programs(site, Right::Act);
    let mut tx = site.service.database.read().await?;
    let mut found = match programs.is_empty() {
        true => Vec::new(),
        false => imports::list(&mut tx, &programs, before, MOST as i64 + 1).await?,
    };
    drop(tx);
    let more = found.len() > MOST;
    found.truncate(MOST);
    let older =
        found.last().filter(|_| more).map(|last| format!("/console/enroll/imports?before={}", last.id));
    let edition = site.service.shelf.edition();
    let all: Vec<&Program> = programs.iter().filter_map(|id| edition.library.program(id)).collect();
    let mut languages: Vec<Language> = all.iter().flat_map(|program| program.languages.clone()).collect();
    languages.sort_unstable();
    languages.dedup();
    let named = |language: &Language| (language.to_string(), name_of_language(language.as_str()).to_owned());
    let size = signed.tongue.number(site.console.most_upload_mb() as i64);
    let hint = fill(words.file_hint, &[("rows", &signed.tongue.number(MOST_ROWS as i64)), ("size", &size)]);
    let fields = vec![
        Field::choice("program", words.program, named_programs(&all, signed.tongue)),
        Field::choice("language", words.language, languages.iter().map(named).collect()),
        Field::new(Kind::File(".xlsx,.csv,.txt,text/csv"), "file", words.file).hint(&hint),
    ];
    Ok(Page {
        shell: signed.shell(words.title),
        words,
        fields: fields.into_iter().map(|field| field.filled(typed, faults)).collect(),
        wrong,
        lists: found.into_iter().map(|one| line(site, signed, words, one)).collect(),
        older,
    })
}

fn line(site: &Site, signed: &Signed, words: &'static Words, import: Import) -> Line {
    Line {
        id: import.id,
        when: signed.tongue.moment(import.made_at, signed.zone),
        rows: signed.tongue.number(import.people),
        state: state(words, &import.state),
        file: import.file,
        program: called(site, &import.program),
        by: import.made_by,
    }
}

/// What is being done with a list.
pub fn state(words: &'static Words, state: &str) -> &'static str {
    match state {
        imports::ENROLLING => words.enrolling,
        imports::DONE => words.done,
        _ => words.checked,
    }
}

async fn bring(State(site): State<Site>, signed: Signed, uploaded: Uploaded) -> Shown {
    signed.need(Right::Act)?;
    let words = Words::of(signed.tongue);
    let Uploaded { typed, name, bytes } = uploaded;
    let program = typed.get("program").to_owned();
    if site.service.shelf.edition().library.program(&program).is_none() {
        return Err(Refusal::NotFound);
    }
    signed.reach(&site, Right::Act, &program, "import").await?;
    let mut faults = Faults::default();
    let language = importing::speaks(&site.service, &program, typed.get("language"));
    if language.is_none() {
        faults.add("language", words.language_unknown);
    }
    if bytes.is_empty() {
        faults.add("file", words.no_file);
    }
    let clerk = signed.tongue.code().parse::<Language>().ok();
    let (Some(language), Some(clerk), true) = (language, clerk, faults.is_empty()) else {
        return refused(&site, &signed, &typed, (&faults, None)).await;
    };
    let (service, by, mine) = (site.service.clone(), signed.actor(), signed.programs(&site, Right::Act));
    // A large file is read for a while: on a thread of its own.
    let checking = apart(async move {
        let brought = Brought { bytes: &bytes, name: &name, program: &program, language, clerk };
        importing::check(&service, &brought, &by, &mine).await
    });
    match checking.await.map_err(Refusal::broken)? {
        Ok(id) => Ok(Redirect::to(&format!("/console/enroll/imports/{id}")).into_response()),
        Err(Unreadable::Store(error)) => Err(error.into()),
        Err(Unreadable::NoProgram) => Err(Refusal::NotFound),
        Err(unreadable) => {
            let wrong = said(signed.tongue, &unreadable);
            refused(&site, &signed, &typed, (&faults, Some(wrong))).await
        }
    }
}

async fn refused(
    site: &Site,
    signed: &Signed,
    typed: &Typed,
    (faults, wrong): (&Faults, Option<(String, String)>),
) -> Shown {
    let shown = shown(site, signed, typed, faults, (wrong, None)).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page(&shown)?).into_response())
}

fn said(tongue: Tongue, unreadable: &Unreadable) -> (String, String) {
    let words = Words::of(tongue);
    let plain = |said: &str| (said.to_owned(), String::new());
    match unreadable {
        Unreadable::Damaged(damaged) => {
            let Said { text, english } = reasons::damaged(damaged, tongue);
            (sentence(&text), english.unwrap_or_default())
        }
        Unreadable::NoHeading => plain(words.no_heading),
        Unreadable::Missing(columns) => {
            let named: Vec<&str> = columns.iter().map(|column| words.column(*column)).collect();
            plain(&fill(words.missing, &[("columns", &named.join(", "))]))
        }
        Unreadable::Doubled([one, other]) => plain(&fill(words.twice, &[("0", one), ("1", other)])),
        Unreadable::TooMany(rows) => {
            let (rows, most) = (tongue.number(*rows as i64), tongue.number(MOST_ROWS as i64));
            plain(&fill(words.too_many, &[("rows", &rows), ("most", &most)]))
        }
        Unreadable::Empty | Unreadable::NoProgram | Unreadable::Store(_) => plain(words.empty),
    }
}

/// With a capital, unless it begins with a file's name.
fn sentence(text: &str) -> String {
    let (first, rest) = text.split_once(' ').unwrap_or((text, ""));
    if !first.chars().all(char::is_alphabetic) {
        return text.to_owned();
    }
    let mut letters = first.chars();
    let capital: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
    format!("{capital}{} {rest}", letters.as_str())
}

#[cfg(test)]
pub fn samples(tongue: Tongue) -> Vec<(&'static str, Box<dyn askama::DynTemplate>)> {
    let words = Words::of(tongue);
    let line = Line {
        id: Uuid::nil(),
        file: "<López>.xlsx".to_owned(),
        program: "text4baby-us".to_owned(),
        when: "24 Nov 2026, 14:05".to_owned(),
        by: "Ana <López>".to_owned(),
        rows: "10,000".to_owned(),
        state: words.enrolling,
    };
    let page = |lists, wrong| Page {
        shell: Shell::sample(tongue, words.title, "/console/enroll/imports"),
        words,
        fields: vec![Field::new(Kind::File(".xlsx"), "file", words.file)],
        wrong,
        lists,
        older: Some("/console/enroll/imports?before=x".to_owned()),
    };
    let wrong = Some((words.empty.to_owned(), "<López>.csv: this is not UTF-8".to_owned()));
    vec![("lists", Box::new(page(vec![line], wrong))), ("lists, none", Box::new(page(Vec::new(), None)))]
}
