//! The first page: what is wrong today, told first; then what went and what did not, beside the same time a week before.
//! All of it but the choice of the period asks again by itself ([`live`]); it is sent only where it has changed.

mod alarms;
mod drawing;
mod enrolled;
mod figures;
mod intents;
mod showing;
mod words;

use askama::Template;
use axum::Router;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum::routing::get;
use sha2::{Digest, Sha256};

use self::alarms::Teller;
pub(super) use self::figures::Fates;
use self::figures::Figures;
use self::showing::Live;
use self::words::Words;
use super::access::Signed;
use super::form::{Faults, Field, Kind, Typed};
use super::period::{Period, Range, Words as PeriodWords};
use super::refusal::Refusal;
use super::scope::Scope;
use super::shell::Shell;
#[cfg(test)]
use super::tongue::Tongue;
use super::{Shown, page};
use crate::domain::role::Right;
use crate::web::Site;

const PATH: &str = "/console/overview";

/// The page.
#[derive(Template)]
#[template(path = "web/console/overview/overview.html")]
struct Page {
    shell: Shell,
    words: &'static Words,
    period: &'static PeriodWords,
    tabs: Vec<Tab>,
    /// The choices of a span of one's own.
    fields: Vec<Field>,
    own: bool,
    /// The live part, and the query by which it asks again.
    query: String,
    live: Live,
}

/// A span to choose.
struct Tab {
    name: &'static str,
    href: String,
    here: bool,
}

/// The addresses here.
pub fn routes() -> Router<Site> {
    Router::new().route(PATH, get(show)).route("/console/overview/live", get(live))
}

async fn show(State(site): State<Site>, signed: Signed, RawQuery(query): RawQuery) -> Shown {
    let typed = Typed::parse(query.unwrap_or_default().as_bytes());
    let scope = Scope::read(&site, &signed, &typed).await?;
    let mut faults = Faults::default();
    let now = site.service.now();
    let period = Period::read(&typed, (signed.zone, signed.tongue), now, &mut faults);
    let live = look(&site, &signed, &scope, &period).await?;
    let (words, spans) = (Words::of(signed.tongue), PeriodWords::of(signed.tongue));
    let tabs = Range::ALL.into_iter().filter(|range| *range != Range::Own).map(|range| Tab {
        name: range.name(spans),
        href: address(&Period::of(range, signed.zone, now), &scope),
        here: range == period.range,
    });
    let mut typed = typed.clone();
    if period.range == Range::Own && faults.is_empty() {
        typed.set("from", &period.typed(period.from));
        typed.set("to", &period.typed(period.to));
    }
    let moment = |name: &str, label: &str| {
        Field::new(Kind::Line("datetime-local"), name, label).optional().filled(&typed, &faults)
    };
    let mut fields = vec![moment("from", spans.from), moment("to", spans.to)];
    fields.extend(scope.field(&signed));
    let own = period.range == Range::Own || !faults.is_empty();
    let query = query_of(&period, &scope);
    let tabs = tabs.collect();
    page(&Page { shell: signed.shell(words.title), words, period: spans, tabs, fields, own, query, live })
}

/// The part that asks again: nothing is sent where nothing has changed.
async fn live(State(site): State<Site>, signed: Signed, RawQuery(query): RawQuery) -> Shown {
    let typed = Typed::parse(query.unwrap_or_default().as_bytes());
    let scope = Scope::read(&site, &signed, &typed).await?;
    let now = site.service.now();
    let period = Period::read(&typed, (signed.zone, signed.tongue), now, &mut Faults::default());
    let live = look(&site, &signed, &scope, &period).await?;
    if live.seen == typed.get("seen") {
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    page(&live)
}

async fn look(site: &Site, signed: &Signed, scope: &Scope, period: &Period) -> Result<Live, Refusal> {
    let figures = Figures::read(site, scope, period).await?;
    let teller = Teller {
        tongue: signed.tongue,
        zone: signed.zone,
        gateways: &site.gateways,
        answers: signed.may(Right::Answer),
        browses: signed.may(Right::Browse),
    };
    let alarms = teller.tell(&figures);
    let mut live = Live::new(signed, period, &scope.query(), &figures, alarms);
    live.seen = digest(&live.render()?);
    Ok(live)
}

/// By which a browser tells what it has.
fn digest(html: &str) -> String {
    Sha256::digest(html.as_bytes())[..8].iter().map(|byte| format!("{byte:02x}")).collect()
}

fn query_of(period: &Period, scope: &Scope) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(period.query()).extend_pairs(scope.query());
    query.finish()
}

fn address(period: &Period, scope: &Scope) -> String {
    format!("{PATH}?{}", query_of(period, scope))
}

#[cfg(test)]
pub(super) fn samples(tongue: Tongue) -> Vec<(&'static str, Box<dyn askama::DynTemplate>)> {
    let (words, spans) = (Words::of(tongue), PeriodWords::of(tongue));
    let shell = || Shell::sample(tongue, words.title, PATH);
    let tab = || Tab { name: spans.today, href: format!("{PATH}?range=today"), here: true };
    let fields = || vec![Field::line("from", spans.from).optional()];
    let of = |live: Live| Page {
        shell: shell(),
        words,
        period: spans,
        tabs: vec![tab()],
        fields: fields(),
        own: true,
        query: "range=today&program=<López>".to_owned(),
        live,
    };
    vec![
        ("overview", Box::new(of(showing::sample(tongue, true)))),
        ("overview, empty", Box::new(of(showing::sample(tongue, false)))),
    ]
}
