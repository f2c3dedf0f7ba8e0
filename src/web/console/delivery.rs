//! Every text, and what became of it: a view is chosen by a form that stands in the address; above are its counts, below
//! its texts, the newest first. The counts are the tallies'; the texts are read from where they lie, a page at a time.

mod counts;
mod export;
mod filter;
mod one;
mod rows;
mod stream;
mod words;

use askama::Template;
use axum::Router;
use axum::extract::{RawQuery, State};
use axum::response::{IntoResponse, Redirect};
use axum::routing::get;
use chrono::{DateTime, Utc};
use uuid::Uuid;

use self::counts::{Cause, Counts, Place, Step};
use self::filter::Filter;
use self::words::Words;
use super::Shown;
use super::access::Signed;
use super::fates::{Words as FateWords, mark};
use super::form::{Field, Typed};
use super::library::called;
use super::refusal::Refusal;
use super::shell::Shell;
#[cfg(test)]
use super::tongue::Tongue;
use super::tongue::fill;
use crate::domain::phone::{PhoneNumber, masked};
use crate::store::texts::{self, Listed};
use crate::web::Site;

const PATH: &str = "/console/delivery";
/// Texts on a page.
const MOST: usize = 30;

/// The page.
#[derive(Template)]
#[template(path = "web/console/delivery/delivery.html")]
struct Page {
    shell: Shell,
    words: &'static Words,
    fields: Vec<Field>,
    /// Fields that are opened.
    more: Vec<Field>,
    /// They are open.
    narrowed: bool,
    /// The texts come before the counts.
    asked_for: bool,
    prefix: String,
    clear: Option<String>,
    span: String,
    counted: String,
    steps: Vec<Step>,
    taken_back: Option<String>,
    pace: Result<(String, String), &'static str>,
    causes: Vec<Cause>,
    places: Vec<Place>,
    texts: Vec<Line>,
    /// The next page, and what it is called.
    older: Option<(&'static str, String)>,
    newest: Option<String>,
    files: [(&'static str, String); 3],
}

/// A text in the list.
struct Line {
    href: String,
    at: String,
    program: String,
    what: String,
    to: String,
    gateway: String,
    state: &'static str,
    mark: &'static str,
    code: String,
    reason: String,
    took: String,
}

/// The addresses here.
pub fn routes() -> Router<Site> {
    Router::new()
        .route(PATH, get(show))
        .route("/console/delivery/texts.csv", get(export::csv))
        .route("/console/delivery/texts.xlsx", get(export::workbook))
        .route("/console/delivery/counts.csv", get(export::counts))
        .route("/console/delivery/{id}", get(one::show))
}

/// The address of a view.
pub(super) fn address(query: &[(&str, &str)]) -> String {
    let mut written = form_urlencoded::Serializer::new(String::new());
    written.extend_pairs(query.iter().filter(|(_, value)| !value.is_empty()));
    format!("{PATH}?{}", written.finish())
}

async fn show(State(site): State<Site>, signed: Signed, RawQuery(query): RawQuery) -> Shown {
    let typed = Typed::parse(query.unwrap_or_default().as_bytes());
    let before = Uuid::parse_str(typed.get("before")).ok();
    let filter = Filter::read(&site, &signed, typed).await?;
    if filter.tells_a_number() {
        // It is taken out of the address at once.
        signed.tell(Words::of(signed.tongue).prefix_fault).await?;
        return Ok(Redirect::to(&filter.with(&[("prefix", "")])).into_response());
    }
    let page = look(&site, &signed, &filter, before).await?;
    super::page(&page)
}

/// The page of a view.
async fn look(site: &Site, signed: &Signed, filter: &Filter, before: Option<Uuid>) -> Result<Page, Refusal> {
    let (tongue, words) = (signed.tongue, Words::of(signed.tongue));
    let now = site.service.now();
    let mut tx = site.service.database.read().await?;
    let counts = Counts::read(&mut tx, filter).await?;
    let listing = texts::list(&mut tx, &filter.wanted, before, MOST, now).await?;
    drop(tx);
    let older = listing.before.map(|last| {
        let name = if listing.texts.len() < MOST { words.look_on } else { words.older };
        (name, filter.with(&[("before", &last.to_string())]))
    });
    let canceled = counts.fates.canceled;
    let pace = match counts::paces(&counts, tongue) {
        Some(pace) => Ok(pace),
        None if filter.wanted.prefix.is_some() => Err(words.no_pace_prefix),
        None => Err(words.no_pace),
    };
    let line = |text: &Listed| line(text, site, signed);
    let (fields, more) = filter.fields(site, signed);
    Ok(Page {
        shell: signed.shell(words.title),
        words,
        fields,
        more,
        narrowed: filter.is_narrowed(),
        asked_for: filter.asks_for_some(),
        prefix: filter.prefix().to_owned(),
        clear: (!filter.is_plain() || !filter.wanted.states.is_empty()).then(|| PATH.to_owned()),
        span: filter.period.said(tongue),
        counted: counts
            .counted_at
            .map_or_else(String::new, |at| fill(words.counted, &[("at", &tongue.moment(at, signed.zone))])),
        steps: counts::steps(&counts, filter, tongue),
        taken_back: (canceled > 0).then(|| fill(words.taken_back, &[("n", &tongue.number(canceled))])),
        pace,
        causes: counts::causes(&counts, filter, site, tongue),
        places: counts::places(&counts, filter, tongue),
        texts: listing.texts.iter().map(line).collect(),
        older,
        newest: before.map(|_| filter.with(&[])),
        files: [
            ("CSV", filter.at("texts.csv")),
            ("XLSX", filter.at("texts.xlsx")),
            (words.counts_csv, filter.at("counts.csv")),
        ],
    })
}

fn line(text: &Listed, site: &Site, signed: &Signed) -> Line {
    let (tongue, fates) = (signed.tongue, FateWords::of(signed.tongue));
    let kind = fates.kind(&text.kind);
    Line {
        href: format!("{PATH}/{}", text.id),
        at: tongue.exactly(text.queued_at, signed.zone),
        program: text.program.as_deref().map_or_else(String::new, |id| called(site, id)),
        what: text.tip.as_ref().map_or_else(|| kind.to_owned(), |tip| format!("{kind} {tip}")),
        to: masked(&text.phone),
        gateway: text.gateway.clone().unwrap_or_default(),
        state: fates.state(text.state),
        mark: mark(text.state),
        code: text.code.clone().unwrap_or_default(),
        reason: text.reason.clone().unwrap_or_default(),
        took: took(text).map_or_else(String::new, |took| tongue.lasting(took)),
    }
}

/// How long a text took to her from its first try on, if it is known to have come.
fn took(text: &Listed) -> Option<chrono::TimeDelta> {
    let span = |ended: DateTime<Utc>, began: DateTime<Utc>| ended - began;
    (text.state == 6).then(|| Some(span(text.ended_at?, text.first_began_at.or(text.began_at)?)))?
}

/// What a provider calls a text. Some make it of the number, which is hidden in it.
fn provider_name(name: &str, phone: &str) -> String {
    let number = PhoneNumber::from_e164(phone.to_owned());
    number.and_then(|number| number.hidden_in(name)).unwrap_or_else(|| name.to_owned())
}

#[cfg(test)]
pub(super) fn samples(tongue: Tongue) -> Vec<(&'static str, Box<dyn askama::DynTemplate>)> {
    let words = Words::of(tongue);
    let line = || Line {
        href: format!("{PATH}/x"),
        at: "24 Nov 2026, 14:05:06 CST".to_owned(),
        program: "<López>".to_owned(),
        what: "tip <fast>".to_owned(),
        to: "+1202•••••43".to_owned(),
        gateway: "<b>@".to_owned(),
        state: "failed",
        mark: "bad",
        code: "30003".to_owned(),
        reason: "She <fast>".to_owned(),
        took: "4 s".to_owned(),
    };
    let step = || Step {
        name: words.due,
        texts: "12".to_owned(),
        value: 12,
        most: 12,
        share: "100%".to_owned(),
        leaks: vec![("3 <fast>".to_owned(), "/console/delivery?a=<b>@".to_owned())],
    };
    let cause = || Cause {
        gateway: "twilio".to_owned(),
        code: "30003<fast>".to_owned(),
        texts: "3".to_owned(),
        share: "1%".to_owned(),
        class: FateWords::of(tongue).recipient,
        sentence: Some("Off."),
        href: PATH.to_owned(),
    };
    let place = || Place {
        prefix: "+1202".to_owned(),
        tried: "9".to_owned(),
        failed: "3".to_owned(),
        share: "33%".to_owned(),
        href: PATH.to_owned(),
    };
    let of = |full: bool| Page {
        shell: Shell::sample(tongue, words.title, PATH),
        words,
        fields: vec![Field::line("state", words.state).optional()],
        more: vec![Field::line("code", words.code).optional()],
        narrowed: full,
        asked_for: full,
        prefix: "+1<b>@".to_owned(),
        clear: full.then(|| PATH.to_owned()),
        span: "–".to_owned(),
        counted: String::new(),
        steps: if full { vec![step(), step()] } else { Vec::new() },
        taken_back: full.then(|| "3".to_owned()),
        pace: if full { Ok(("4 s".to_owned(), "9 s".to_owned())) } else { Err(words.no_pace) },
        causes: if full { vec![cause()] } else { Vec::new() },
        places: if full { vec![place()] } else { Vec::new() },
        texts: if full { (0..MOST).map(|_| line()).collect() } else { Vec::new() },
        older: full.then(|| (words.older, format!("{PATH}?before=<López>"))),
        newest: full.then(|| PATH.to_owned()),
        files: ["CSV", "XLSX", words.counts_csv].map(|name| (name, format!("{PATH}/texts.csv?a=<b>@"))),
    };
    vec![
        ("delivery", Box::new(of(true))),
        ("delivery, empty", Box::new(of(false))),
        ("a text", Box::new(one::sample(tongue, true))),
        ("a text, its words hidden", Box::new(one::sample(tongue, false))),
    ]
}
