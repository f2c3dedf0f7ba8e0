//! A tip proves wrong: it is stopped at once, who got it is counted, and exactly those are told.

mod counting;
mod words;

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Path, Query, State as Extracted};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use self::counting::{Counted, counted, needs};
use self::words::Words;
use super::library::{self, names};
use crate::domain::language::Language;
use crate::domain::plan::Needs;
use crate::domain::role::Right;
use crate::domain::wording::{Unfit, fit};
use crate::flows::authoring::Desk;
use crate::flows::broadcasting::{self, NotDone};
use crate::flows::recalling::{self, Correction};
use crate::library::Field as Part;
use crate::library::Text;
use crate::library::desk::Leaf;
use crate::store::editions::Recall;
use crate::web::Site;
use crate::web::console::access::Signed;
use crate::web::console::broadcasts::{Correcting, correcting};
use crate::web::console::form::{Faults, Field, Kind, Typed};
use crate::web::console::heading::Heading;
use crate::web::console::refusal::Refusal;
use crate::web::console::shell::Shell;
#[cfg(test)]
use crate::web::console::tongue::Tongue;
use crate::web::console::tongue::fill;
use crate::web::console::{inbox, page};

/// A recall in the list.
struct Line {
    tip: String,
    at: String,
    by: String,
    why: String,
}

/// The list.
#[derive(Template)]
#[template(path = "web/console/review/recalls.html")]
struct ListPage {
    shell: Shell,
    words: &'static Words,
    lines: Vec<Line>,
    fields: Vec<Field>,
}

/// A recall.
#[derive(Template)]
#[template(path = "web/console/review/recall.html")]
struct Page {
    shell: Shell,
    heading: Heading,
    words: &'static Words,
    about: Line,
    /// What it said: language, its code, words.
    sent: Vec<(String, String, String)>,
    /// It is in the library still.
    known: bool,
    counted: Option<Counted>,
    fields: Vec<Field>,
    corrections: Vec<Correcting>,
    lift: Option<Field>,
    may: bool,
}

/// Which tip the form is filled in with.
#[derive(Deserialize, Default)]
#[serde(default)]
pub struct Asked {
    tip: String,
}

/// Lists them.
pub async fn list(
    Extracted(site): Extracted<Site>,
    signed: Signed,
    Query(asked): Query<Asked>,
) -> super::Shown {
    let typed = Typed::of([("id", asked.tip)]);
    page(&listed(&site, &signed, &typed, &Faults::default()).await?)
}

async fn listed(site: &Site, signed: &Signed, typed: &Typed, faults: &Faults) -> Result<ListPage, Refusal> {
    signed.need(Right::Browse)?;
    let words = Words::of(signed.tongue);
    let desk = library::desk(site).await?;
    let all = recalling::list(&site.service.database).await?;
    let seen = all.into_iter().filter(|one| may(signed, Right::Browse, &desk, &one.tip));
    let fields = vec![
        Field::line("id", words.id).filled(typed, faults),
        Field::line("why", words.why).filled(typed, faults),
    ];
    Ok(ListPage {
        shell: signed.shell(words.title),
        words,
        lines: seen.map(|one| line(signed, one)).collect(),
        fields: if signed.may(Right::Review) { fields } else { Vec::new() },
    })
}

fn line(signed: &Signed, recall: Recall) -> Line {
    let at = signed.tongue.moment(recall.at, signed.zone);
    Line { tip: recall.tip, at, by: recall.made_by, why: recall.reason }
}

/// Whether somebody may do this with a tip; one that is in no program any more, only who may do it in all.
fn may(signed: &Signed, right: Right, desk: &Desk, tip: &str) -> bool {
    match desk.leaf(tip) {
        Some(leaf) => signed.may_in(right, &leaf.program),
        None => signed.may_everywhere(right),
    }
}

async fn reach(site: &Site, signed: &Signed, right: Right, tip: &str) -> Result<Option<Leaf>, Refusal> {
    let desk = library::desk(site).await?;
    match desk.leaf(tip) {
        Some(_) => Ok(Some(library::reached(site, signed, right, &desk, tip).await?)),
        None if signed.may_everywhere(right) => Ok(None),
        None => Err(Refusal::NotFound),
    }
}

/// Stops a tip.
pub async fn recall(Extracted(site): Extracted<Site>, signed: Signed, typed: Typed) -> super::Shown {
    signed.need(Right::Review)?;
    let words = Words::of(signed.tongue);
    let mut faults = Faults::default();
    let (tip, why) = (typed.get("id").to_owned(), typed.get("why").to_owned());
    if why.is_empty() {
        faults.add("why", words.needed);
    }
    if tip.is_empty() {
        faults.add("id", words.needed);
    } else if faults.is_empty() {
        match reach(&site, &signed, Right::Review, &tip).await {
            Err(Refusal::NotFound) => faults.add("id", words.unknown),
            reached => drop(reached?),
        }
    }
    if faults.is_empty() {
        if recalling::recall(&site.service, &tip, &signed.actor(), &why).await?.is_some() {
            crate::flows::publishing::look(&site.service).await?;
            signed.tell(words.recalled).await?;
            return Ok(Redirect::to(&format!("/console/review/recalls/{tip}")).into_response());
        }
        faults.add("id", words.unknown);
    }
    unprocessable(page(&listed(&site, &signed, &typed, &faults).await?)?)
}

fn unprocessable(mut response: Response) -> super::Shown {
    *response.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    Ok(response)
}

/// Shows one.
pub async fn show(Extracted(site): Extracted<Site>, signed: Signed, Path(tip): Path<String>) -> super::Shown {
    signed.need(Right::Browse)?;
    let leaf = reach(&site, &signed, Right::Browse, &tip).await?;
    let recall = standing(&site, &tip).await?;
    let (typed, faults) = (start(leaf.as_ref()), Faults::default());
    page(&one(&site, &signed, recall, leaf.as_ref(), (&typed, &faults), None).await?)
}

fn start(leaf: Option<&Leaf>) -> Typed {
    Typed::of([("needs", leaf.map_or("neutral", |leaf| leaf.value(Part::Needs)).to_owned())])
}

async fn standing(site: &Site, tip: &str) -> Result<Recall, Refusal> {
    let all = recalling::list(&site.service.database).await?;
    all.into_iter().find(|one| one.tip == tip).ok_or(Refusal::NotFound)
}

async fn one(
    site: &Site,
    signed: &Signed,
    recall: Recall,
    leaf: Option<&Leaf>,
    (typed, faults): (&Typed, &Faults),
    counted: Option<Counted>,
) -> Result<Page, Refusal> {
    let (tongue, words) = (signed.tongue, Words::of(signed.tongue));
    let names = names::Words::of(tongue);
    let choices = names.values(Part::Needs);
    let choices = choices.into_iter().map(|(id, name)| (id.to_owned(), name.to_owned())).collect();
    let mut fields: Vec<Field> = languages(site, leaf)
        .iter()
        .map(|code| {
            let label = fill(words.words_in, &[("language", &signed.tongue.language(code))]);
            Field::new(Kind::Lines(3), &format!("text-{code}"), &label).lang(code).counted()
        })
        .collect();
    fields.push(Field::choice("needs", words.needs, choices));
    let may = match leaf {
        Some(leaf) => signed.may_in(Right::Review, &leaf.program),
        None => signed.may_everywhere(Right::Review),
    };
    // A correction's page is for who may send one: what it reaches and costs stands there.
    let sends = may
        || match leaf {
            Some(leaf) => signed.may_in(Right::Broadcast, &leaf.program),
            None => signed.may_everywhere(Right::Broadcast),
        };
    let corrections = if sends { correcting(site, signed, &recall.tip).await? } else { Vec::new() };
    Ok(Page {
        shell: signed.shell(&fill(words.one, &[("tip", &recall.tip)])),
        heading: Heading::of(words.one, &recall.tip),
        words,
        about: line(signed, recall),
        sent: said(site, signed, leaf),
        known: leaf.is_some(),
        counted,
        fields: fields.into_iter().map(|field| field.filled(typed, faults)).collect(),
        corrections,
        lift: may.then(|| Field::line("lift-why", words.why).filled(typed, faults)),
        may,
    })
}

/// The words that were sent, as the edition in force has them.
fn said(site: &Site, signed: &Signed, leaf: Option<&Leaf>) -> Vec<(String, String, String)> {
    let Some(leaf) = leaf else { return Vec::new() };
    let edition = site.service.shelf.edition();
    let found = edition.library.program(&leaf.program).and_then(|program| program.find(&leaf.tip));
    let texts = found.into_iter().flat_map(|tip| &tip.texts);
    let mut said: Vec<_> = texts
        .map(|(language, texts)| {
            let name = signed.tongue.language(language.as_str());
            (name, language.to_string(), texts.national.body.to_string())
        })
        .collect();
    said.sort();
    said
}

fn languages(site: &Site, leaf: Option<&Leaf>) -> Vec<String> {
    let edition = site.service.shelf.edition();
    let programs = edition.library.programs.values();
    let of = programs.filter(|program| leaf.is_none_or(|leaf| leaf.program == program.id));
    let mut spoken: Vec<String> =
        of.flat_map(|program| program.languages.iter().map(ToString::to_string)).collect();
    spoken.sort_unstable();
    spoken.dedup();
    spoken
}

/// Counts who got it.
pub async fn count(
    Extracted(site): Extracted<Site>,
    signed: Signed,
    Path(tip): Path<String>,
) -> super::Shown {
    signed.need(Right::Browse)?;
    let leaf = reach(&site, &signed, Right::Browse, &tip).await?;
    let recall = standing(&site, &tip).await?;
    let survey = recalling::survey(&site.service, &recall).await?;
    let counted = Some(counted(signed.tongue, &survey));
    let (typed, faults) = (start(leaf.as_ref()), Faults::default());
    page(&one(&site, &signed, recall, leaf.as_ref(), (&typed, &faults), counted).await?)
}

/// Writes a correction to those who got it: a broadcast, which is counted and confirmed as every other.
pub async fn correct(
    Extracted(site): Extracted<Site>,
    signed: Signed,
    Path(tip): Path<String>,
    typed: Typed,
) -> super::Shown {
    let leaf = reach(&site, &signed, Right::Review, &tip).await?;
    let recall = standing(&site, &tip).await?;
    let words = Words::of(signed.tongue);
    let mut faults = Faults::default();
    let mut said: BTreeMap<Language, Text> = BTreeMap::new();
    for code in languages(&site, leaf.as_ref()) {
        let (name, Ok(language)) = (format!("text-{code}"), code.parse::<Language>()) else { continue };
        match fit(typed.get(&name)) {
            Ok(text) => {
                said.insert(language, Text::new(text));
            }
            Err(Unfit::Empty) => faults.add(&name, words.needed),
            Err(unfit) => faults.add(&name, inbox::unfit(signed.tongue, unfit)),
        }
    }
    let needs = needs(typed.get("needs")).unwrap_or(Needs::Neutral);
    if !faults.is_empty() {
        let again = one(&site, &signed, recall, leaf.as_ref(), (&typed, &faults), None).await?;
        return unprocessable(page(&again)?);
    }
    let message =
        Correction { words: said, needs }.message(&recall, leaf.as_ref().map(|leaf| &*leaf.program));
    let why = format!("{tip}: {}", recall.reason);
    let id = match broadcasting::draft(&site.service, None, &message, &why, &signed.actor()).await {
        Ok(id) => id,
        Err(NotDone::Store(error)) => return Err(error.into()),
        // Somebody has lifted it at this moment.
        Err(NotDone::Lifted) => return Err(Refusal::NotFound),
        Err(other) => return Err(Refusal::broken(other)),
    };
    signed.tell(words.written).await?;
    Ok(Redirect::to(&format!("/console/broadcasts/{id}")).into_response())
}

/// Lets it be sent again.
pub async fn lift(
    Extracted(site): Extracted<Site>,
    signed: Signed,
    Path(tip): Path<String>,
    typed: Typed,
) -> super::Shown {
    let leaf = reach(&site, &signed, Right::Review, &tip).await?;
    let words = Words::of(signed.tongue);
    let why = typed.get("lift-why");
    if why.is_empty() {
        let mut faults = Faults::default();
        faults.add("lift-why", words.needed);
        let recall = standing(&site, &tip).await?;
        let typed = start(leaf.as_ref());
        let again = one(&site, &signed, recall, leaf.as_ref(), (&typed, &faults), None).await?;
        return unprocessable(page(&again)?);
    }
    if recalling::lift(&site.service, &tip, &signed.actor(), why).await? {
        crate::flows::publishing::look(&site.service).await?;
        signed.tell(words.lifted).await?;
    }
    Ok(Redirect::to("/console/review/recalls").into_response())
}

#[cfg(test)]
pub(super) fn samples(tongue: Tongue) -> Vec<(&'static str, Box<dyn askama::DynTemplate>)> {
    let words = Words::of(tongue);
    let line = || Line {
        tip: "us-preg-20".to_owned(),
        at: "today".to_owned(),
        by: "Ana <López>".to_owned(),
        why: "<b>@ wrong".to_owned(),
    };
    let counted = Counted { got: vec!["3 <López>".to_owned()], rest: vec!["2".to_owned()] };
    vec![
        (
            "recalls",
            Box::new(ListPage {
                shell: Shell::sample(tongue, words.title, "/console/review/recalls"),
                words,
                lines: vec![line()],
                fields: vec![Field::line("id", words.id)],
            }),
        ),
        (
            "recall",
            Box::new(Page {
                shell: Shell::sample(tongue, words.title, "/console/review/recalls/a"),
                heading: Heading::of(words.one, "a<López>"),
                words,
                about: line(),
                sent: vec![("English".to_owned(), "en".to_owned(), "Drink <López> milk".to_owned())],
                known: true,
                counted: Some(counted),
                fields: vec![Field::new(Kind::Lines(3), "text-en", "English").counted()],
                corrections: vec![Correcting {
                    path: "/console/broadcasts/a".to_owned(),
                    at: "<López>".to_owned(),
                    state: ("draft", ""),
                    progress: "1".to_owned(),
                }],
                lift: Some(Field::line("lift-why", words.why)),
                may: true,
            }),
        ),
    ]
}
