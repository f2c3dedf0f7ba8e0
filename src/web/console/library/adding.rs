//! A tip that is not there yet: an empty form, filled in as far as its place tells.

use axum::extract::{Query, State as Extracted};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
use serde::Deserialize;

use super::editing::{Around, Page, Words, about, hint, texts, unsaved};
use super::{names, refused, typing};
use crate::domain::role::Right;
use crate::flows::authoring::{self, Desk, Refused};
use crate::library::Field as Part;
use crate::library::desk::Leaf;
use crate::web::Site;
use crate::web::console::access::Signed;
use crate::web::console::form::{Faults, Field, Kind, Typed};
use crate::web::console::heading::Heading;
use crate::web::console::page;
use crate::web::console::refusal::Refusal;

/// Where a new tip is to stand.
#[derive(Deserialize, Default)]
pub struct Where {
    #[serde(default)]
    program: String,
    #[serde(default)]
    track: String,
    #[serde(default)]
    week: String,
    #[serde(default)]
    slot: String,
}

/// An empty form for a tip that is not there.
pub async fn blank(
    Extracted(site): Extracted<Site>,
    signed: Signed,
    Query(place): Query<Where>,
) -> super::Shown {
    signed.need(Right::Author)?;
    let desk = super::desk(&site).await?;
    let programs = super::programs(&site, &signed, Right::Author);
    let program =
        super::chosen(&site, &signed, &programs, &place.program).await?.ok_or(Refusal::Forbidden)?;
    let family = place.track == "family";
    let track = if family { "pregnancy" } else { place.track.as_str() };
    let mut typed = Typed::of([
        ("program", program.clone()),
        ("track", track.to_owned()),
        ("week", place.week.clone()),
        ("slot", place.slot.clone()),
        ("priority", "2".to_owned()),
    ]);
    if family {
        typed.set("reader", "family");
    }
    typed.set("id", &typing::suggested(&desk.table.shelf, &program, track, &place.week, &place.slot));
    page(&fresh((&site, &desk), &signed, &program, &typed, &Faults::default(), Vec::new()))
}

fn fresh(
    (site, desk): (&Site, &Desk),
    signed: &Signed,
    program: &str,
    typed: &Typed,
    faults: &Faults,
    cautions: Vec<String>,
) -> Page {
    let (tongue, words) = (signed.tongue, Words::of(signed.tongue));
    let names = names::Words::of(tongue);
    let leaf = Leaf::fresh(program, typed.get("id"));
    let around = Around { cautions, ..Around::default() };
    let mut place = vec![Field::line("id", words.id).hint(words.id_hint)];
    let mut track = typing::field(Part::Track, names);
    if let Kind::Choice(choices) = &mut track.kind {
        choices.insert(0, (String::new(), words.choose.to_owned()));
    }
    place.extend([
        track,
        typing::field(Part::Loss, names).hint(words.only_loss),
        typing::field(Part::Of, names).hint(words.only_more),
    ]);
    Page {
        shell: signed.shell(words.new),
        heading: Heading::of(words.new, ""),
        words,
        above: (
            format!("/console/library?{}", super::query(&[("program", program)])),
            format!("{}: {}", super::tip::Words::of(tongue).grid, super::called(site, program)),
        ),
        program: program.to_owned(),
        where_: String::new(),
        action: "/console/library/new".to_owned(),
        back: format!("/console/library?{}", super::query(&[("program", program)])),
        seen: String::new(),
        beside: "",
        hint: hint(words),
        place: place.into_iter().map(|field| field.filled(typed, faults)).collect(),
        texts: texts(desk, tongue, &leaf, typed, faults, &around),
        about: about(tongue, typed, faults, &around),
        other: Vec::new(),
        cautions: around.cautions,
        others: around.others,
        hidden: vec![("program", program.to_owned())],
    }
}

/// Begins a tip.
pub async fn begin(Extracted(site): Extracted<Site>, signed: Signed, typed: Typed) -> super::Shown {
    let desk = super::desk(&site).await?;
    let program = typed.get("program").to_owned();
    signed.need(Right::Author)?;
    signed.reach(&site, Right::Author, &program, "a new tip").await?;
    let (tongue, words) = (signed.tongue, Words::of(signed.tongue));
    let languages = desk.table.shelf.languages(&program).ok_or(Refusal::NotFound)?;
    let mut faults = Faults::default();
    let tip = typed.get("id").to_owned();
    if !typing::is_id(&tip) {
        faults.add("id", words.id_wrong);
    }
    let mut change = typing::change(&Leaf::fresh(&program, &tip), languages, &typed, tongue, &mut faults);
    typing::place(&mut change, &typed, tongue, &mut faults);
    let mut cautions = Vec::new();
    if faults.is_empty() {
        match authoring::begin(&site.service, &signed.actor(), change).await {
            Ok(()) => {
                signed.tell(words.saved).await?;
                return Ok(Redirect::to(&format!("/console/library/tips/{tip}")).into_response());
            }
            Err(Refused::Taken) => faults.add("id", refused::told(tongue, Refused::Taken)?),
            Err(other) => cautions.push(refused::told(tongue, other)?),
        }
    }
    unsaved(
        &fresh((&site, &desk), &signed, &program, &typed, &faults, cautions),
        StatusCode::UNPROCESSABLE_ENTITY,
    )
}
