//! Who came by whose code, and from where: counted by whole months, small numbers never told apart; and in [`poster`] what
//! a clinic puts on its wall.

mod poster;
mod words;

use askama::Template;
use axum::Router;
use axum::extract::{Query, State};
use axum::routing::get;
use chrono::{Datelike as _, Months, NaiveDate};
use serde::Deserialize;

use self::words::Words;
use super::access::Signed;
use super::enroll::named_programs;
use super::files::{CSV, as_csv, file};
use super::form::{Faults, Field, Kind, Typed};
use super::period::month as read_month;
use super::refusal::Refusal;
use super::shell::Shell;
use super::tongue::{Tongue, fill};
use super::{Shown, page};
use crate::domain::role::Right;
use crate::flows::placing::{self, Told, month_of};
use crate::library::Program;
use crate::store::arrivals::By;
use crate::web::Site;

/// So many months are shown at first.
const MONTHS: Months = Months::new(11);

/// The page.
#[derive(Template)]
#[template(path = "web/console/partners/partners.html")]
struct Page {
    shell: Shell,
    words: &'static Words,
    fields: Vec<Field>,
    program: String,
    range: String,
    tables: Vec<Table>,
    how: String,
    codes: Vec<(String, String, String)>,
}

/// Numbers by one thing.
struct Table {
    heading: &'static str,
    what: &'static str,
    all: String,
    csv: String,
    rows: Vec<Line>,
    most: i64,
    together: Option<(String, String)>,
    none: bool,
}

/// A number.
struct Line {
    name: String,
    beside: String,
    place: Option<String>,
    people: i64,
    number: String,
}

/// What is asked for.
#[derive(Clone, Deserialize, Default)]
struct Asked {
    #[serde(default)]
    program: String,
    #[serde(default)]
    from: String,
    #[serde(default)]
    to: String,
    #[serde(default)]
    by: String,
}

/// The addresses here.
pub fn routes() -> Router<Site> {
    Router::new()
        .route("/console/partners", get(show))
        .route("/console/partners/numbers.csv", get(csv))
        .merge(poster::routes())
}

/// The months that are asked for, and what is wrong with them.
fn months(asked: &Asked, today: NaiveDate, words: &Words) -> ((NaiveDate, NaiveDate), Faults) {
    let mut faults = Faults::default();
    let this = month_of(today);
    let mut read = |field: &str, text: &str, otherwise: NaiveDate| match text {
        "" => otherwise,
        text => read_month(text).unwrap_or_else(|| {
            faults.add(field, words.no_month);
            otherwise
        }),
    };
    let to = read("to", &asked.to, this);
    let from = read("from", &asked.from, to.checked_sub_months(MONTHS).unwrap_or(to));
    if from > to {
        faults.add("from", words.turned);
    }
    ((from.min(to), to), faults)
}

/// The program that is asked for, or the first there is.
async fn chosen(site: &Site, signed: &Signed, asked: &Asked) -> Result<Option<String>, Refusal> {
    signed.need(Right::Count)?;
    if asked.program.is_empty() {
        return Ok(signed.programs(site, Right::Count).into_iter().next());
    }
    if site.service.shelf.edition().library.program(&asked.program).is_none() {
        return Err(Refusal::NotFound);
    }
    signed.reach(site, Right::Count, &asked.program, "partners").await?;
    Ok(Some(asked.program.clone()))
}

async fn show(State(site): State<Site>, signed: Signed, Query(asked): Query<Asked>) -> Shown {
    let (tongue, words) = (signed.tongue, Words::of(signed.tongue));
    let edition = site.service.shelf.edition();
    let chosen = chosen(&site, &signed, &asked).await?;
    let program = chosen.as_deref().and_then(|id| edition.library.program(id)).ok_or(Refusal::Forbidden)?;
    let today = program.whereabouts(None).date_at(site.service.now());
    let (range, faults) = months(&asked, today, words);
    let written = [range.0, range.1].map(|month| month.format("%Y-%m").to_string());
    let query = format!("program={}&from={}&to={}", program.id, written[0], written[1]);
    let mut tables = Vec::new();
    for by in [By::Code, By::Area] {
        let told = numbers(&site, program, by, range).await?;
        tables.push(table(tongue, program, by, told, &query));
    }
    let programs = signed.programs(&site, Right::Count);
    let all: Vec<&Program> = programs.iter().filter_map(|id| edition.library.program(id)).collect();
    let [from, to] = written;
    let typed = Typed::of([
        ("program", program.id.clone()),
        ("from", if asked.from.is_empty() { from } else { asked.from.clone() }),
        ("to", if asked.to.is_empty() { to } else { asked.to.clone() }),
    ]);
    let fields = [
        Field::choice("program", words.program, named_programs(&all, tongue)),
        Field::new(Kind::Line("month"), "from", words.from),
        Field::new(Kind::Line("month"), "to", words.to),
    ];
    let poster = |(code, name): (&String, &String)| {
        (fill(words.poster_of, &[("code", code)]), poster::place(&program.id, code), name.clone())
    };
    let codes = program.partners.iter().map(poster).collect();
    let smallest = tongue.number(site.console.smallest_number);
    page(&Page {
        shell: signed.shell(words.title),
        words,
        fields: fields.into_iter().map(|field| field.filled(&typed, &faults)).collect(),
        program: program.id.clone(),
        range: fill(words.range, &[("from", &month(tongue, range.0)), ("to", &month(tongue, range.1))]),
        tables,
        how: fill(words.how, &[("n", &smallest)]),
        codes,
    })
}

fn month(tongue: Tongue, month: NaiveDate) -> String {
    let day = tongue.day(month);
    let name = day.split_once(' ').map_or(day.clone(), |(_, rest)| rest.to_owned());
    // Of the month alone it stands in the first case.
    if tongue == Tongue::Ru { name.replace("мая", "май") } else { name }
}

/// What may be told.
async fn numbers(
    site: &Site,
    program: &Program,
    by: By,
    range: (NaiveDate, NaiveDate),
) -> Result<Told, Refusal> {
    let known: Vec<String> = match by {
        By::Code => program.partners.keys().cloned().collect(),
        By::Area => Vec::new(),
    };
    let smallest = site.console.smallest_number;
    Ok(placing::came(&site.service, &program.id, by, range, (&known, smallest)).await?)
}

fn named(words: &'static Words, by: By, name: &str) -> String {
    match (name, by) {
        ("", By::Code) => words.no_code.to_owned(),
        ("", By::Area) => words.no_place.to_owned(),
        (name, _) => name.to_owned(),
    }
}

fn table(tongue: Tongue, program: &Program, by: By, told: Told, query: &str) -> Table {
    let words = Words::of(tongue);
    let line = |(name, people): &(String, i64)| Line {
        beside: program.partners.get(name).filter(|_| by == By::Code).cloned().unwrap_or_default(),
        place: (by == By::Code && !name.is_empty()).then(|| poster::place(&program.id, name)),
        name: named(words, by, name),
        people: *people,
        number: tongue.number(*people),
    };
    let (heading, what, csv) = match by {
        By::Code => (words.by_code, words.code, "code"),
        By::Area => (words.by_area, words.area, "area"),
    };
    let few = || words.few.to_owned();
    let together: Vec<String> = told.together.iter().map(|name| named(words, by, name)).collect();
    let number = told.of_those.map_or_else(few, |people| tongue.number(people));
    Table {
        heading,
        what,
        all: told.all.map_or_else(few, |people| tongue.number(people)),
        csv: format!("/console/partners/numbers.csv?{query}&by={csv}"),
        rows: told.apart.iter().map(line).collect(),
        most: told.apart.first().map_or(1, |(_, people)| *people),
        none: told.apart.is_empty() && together.is_empty(),
        together: (!together.is_empty()).then(|| (together.join(", "), number)),
    }
}

async fn csv(State(site): State<Site>, signed: Signed, Query(asked): Query<Asked>) -> Shown {
    let words = Words::of(signed.tongue);
    let edition = site.service.shelf.edition();
    let chosen = chosen(&site, &signed, &asked).await?;
    let program = chosen.as_deref().and_then(|id| edition.library.program(id)).ok_or(Refusal::Forbidden)?;
    let today = program.whereabouts(None).date_at(site.service.now());
    let (range, _) = months(&asked, today, words);
    let by = if asked.by == "area" { By::Area } else { By::Code };
    let told = numbers(&site, program, by, range).await?;
    let what = if by == By::Area { words.area } else { words.code };
    let mut rows = vec![
        [words.program, words.from, words.to, what, words.name, words.people].map(str::to_owned).to_vec(),
    ];
    let (from, to) = (
        format!("{}-{:02}", range.0.year(), range.0.month()),
        format!("{}-{:02}", range.1.year(), range.1.month()),
    );
    let mut put = |name: String, beside: String, number: String| {
        rows.push(vec![program.id.clone(), from.clone(), to.clone(), name, beside, number]);
    };
    for (name, people) in &told.apart {
        let beside = program.partners.get(name).filter(|_| by == By::Code).cloned().unwrap_or_default();
        put(named(words, by, name), beside, people.to_string());
    }
    if !told.together.is_empty() {
        let names: Vec<String> = told.together.iter().map(|name| named(words, by, name)).collect();
        let number = told.of_those.map_or_else(|| words.few.to_owned(), |people| people.to_string());
        put(names.join(", "), words.together.to_owned(), number);
    }
    let all = told.all.map_or_else(|| words.few.to_owned(), |people| people.to_string());
    put(words.all.to_owned(), String::new(), all);
    Ok(file(CSV, &format!("{}-{}.csv", program.id, by.name()), as_csv(rows)))
}

#[cfg(test)]
pub(super) fn samples(tongue: Tongue) -> Vec<(&'static str, Box<dyn askama::DynTemplate>)> {
    let words = Words::of(tongue);
    let table = |none: bool| Table {
        heading: words.by_code,
        what: words.code,
        all: "1,234".to_owned(),
        csv: "/console/partners/numbers.csv?by=code".to_owned(),
        rows: vec![Line {
            name: "CLINIC7".to_owned(),
            beside: "The <López> clinic".to_owned(),
            place: Some("/console/partners/text4baby-us/poster?code=CLINIC7".to_owned()),
            people: 1_000,
            number: "1,000".to_owned(),
        }],
        most: 1_000,
        together: Some(("A1, <López>".to_owned(), "234".to_owned())),
        none,
    };
    let page = |tables| Page {
        shell: Shell::sample(tongue, words.title, "/console/partners"),
        words,
        fields: vec![Field::new(Kind::Line("month"), "from", words.from)],
        program: "text4baby-us".to_owned(),
        range: fill(words.range, &[("from", "Nov 2026"), ("to", "Nov 2026")]),
        tables,
        how: fill(words.how, &[("n", "10")]),
        codes: vec![("CLINIC7".to_owned(), "/console/x".to_owned(), "<López>".to_owned())],
    };
    let mut samples: Vec<(&'static str, Box<dyn askama::DynTemplate>)> = vec![
        ("partners", Box::new(page(vec![table(false)]))),
        ("partners, nobody", Box::new(page(vec![table(true)]))),
    ];
    samples.extend(poster::samples(tongue));
    samples
}
