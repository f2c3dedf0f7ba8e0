//! A broadcast is written: why, to whom, in which words. Saving sends nothing: it is counted, and shown.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
use uuid::Uuid;

use super::reach;
use super::words::{self, Words};
use crate::domain::conversation::Guide as _;
use crate::domain::gestation::Track;
use crate::domain::language::Language;
use crate::domain::plan::Reader;
use crate::domain::role::Right;
use crate::domain::wording::{Unfit, fit};
use crate::flows::broadcasting::{self, Message, NotDone, Segment};
use crate::library::{Library, Text};
use crate::web::Site;
use crate::web::console::access::Signed;
use crate::web::console::form::{Faults, Field, Kind, Typed};
use crate::web::console::inbox;
use crate::web::console::refusal::Refusal;
use crate::web::console::shell::Shell;
use crate::web::console::tongue::{Tongue, fill};
use crate::web::console::{Shown, page};

/// Every program, as the form writes it.
const EVERY: &str = "*";
/// No week is later.
const LAST_WEEK: i64 = 60;

/// The page.
#[derive(Template)]
#[template(path = "web/console/broadcasts/form.html")]
struct Page {
    shell: Shell,
    words: &'static Words,
    heading: &'static str,
    action: String,
    why: Field,
    whom: Vec<Field>,
    ticks: Vec<Field>,
    says: Vec<Field>,
    says_fault: Option<String>,
    emergency: Field,
}

/// What they may choose from.
struct Choices {
    programs: Vec<String>,
    every: bool,
    languages: Vec<Language>,
}

impl Choices {
    fn of(site: &Site, signed: &Signed) -> Self {
        let edition = site.service.shelf.edition();
        let programs = signed.programs(site, Right::Broadcast);
        let mut languages: Vec<Language> = programs
            .iter()
            .filter_map(|id| edition.library.program(id))
            .flat_map(|program| program.languages.clone())
            .collect();
        languages.sort_unstable();
        languages.dedup();
        Self { every: signed.may_everywhere(Right::Broadcast), programs, languages }
    }
}

fn choice(value: &str, name: &str) -> (String, String) {
    (value.to_owned(), name.to_owned())
}

fn make(shell: Shell, choices: &Choices, id: Option<Uuid>, (typed, faults): (&Typed, &Faults)) -> Page {
    let (tongue, words) = (shell.tongue, Words::of(shell.tongue));
    let mut programs: Vec<_> = choices.programs.iter().map(|id| choice(id, id)).collect();
    if choices.every {
        programs.push(choice(EVERY, words.every_program));
    }
    // Where there are several, none is taken for granted.
    if programs.len() > 1 {
        programs.insert(0, choice("", words.choose));
    }
    let mut languages = vec![choice("", words.any)];
    languages
        .extend(choices.languages.iter().map(|code| choice(code.as_str(), &tongue.language(code.as_str()))));
    let tracks =
        vec![choice("", words.anywhere), choice("pregnancy", words.pregnancy), choice("baby", words.baby)];
    let mut readers = vec![choice("", words.anyone)];
    readers.extend(Reader::ALL.iter().map(|who| choice(who.name(), words::reader(words, *who))));
    let filled = |field: Field| field.filled(typed, faults);
    let week = |name, label| filled(Field::new(Kind::Line("number"), name, label).optional());
    let say = |code: &Language| {
        let field = Field::new(Kind::Lines(3), &format!("words-{code}"), &tongue.language(code.as_str()));
        filled(field.optional().lang(code.as_str()).counted())
    };
    Page {
        words,
        heading: if id.is_some() { words.edit } else { words.new },
        action: id.map_or_else(
            || "/console/broadcasts/new".to_owned(),
            |id| format!("/console/broadcasts/{id}/edit"),
        ),
        why: filled(Field::line("why", words.f_why).hint(words.f_why_hint)),
        whom: vec![
            filled(Field::choice("program", words.f_program, programs)),
            filled(Field::choice("language", words.f_language, languages).optional()),
            filled(Field::choice("track", words.f_track, tracks).optional()),
            week("from", words.f_from),
            week("to", words.f_to),
            filled(Field::line("area", words.f_area).hint(words.f_area_hint).optional()),
            filled(Field::line("place", words.f_place).optional()),
            filled(Field::line("code", words.f_code).optional()),
            filled(Field::choice("reader", words.f_reader, readers).optional()),
        ],
        ticks: vec![
            filled(Field::new(Kind::Tick, "unplaced", words.f_unplaced)),
            filled(Field::new(Kind::Tick, "after-loss", words.f_after_loss)),
        ],
        says: choices.languages.iter().map(say).collect(),
        says_fault: faults.of("words").map(str::to_owned),
        emergency: filled(Field::new(Kind::Tick, "emergency", words.f_emergency)),
        shell,
    }
}

fn shown(site: &Site, signed: &Signed, id: Option<Uuid>, filled: (&Typed, &Faults)) -> Result<Page, Refusal> {
    signed.need(Right::Broadcast)?;
    let shell = signed.shell(Words::of(signed.tongue).title);
    Ok(make(shell, &Choices::of(site, signed), id, filled))
}

pub(super) async fn new(State(site): State<Site>, signed: Signed) -> Shown {
    page(&shown(&site, &signed, None, (&Typed::default(), &Faults::default()))?)
}

pub(super) async fn edit(State(site): State<Site>, signed: Signed, Path(id): Path<Uuid>) -> Shown {
    let message = broadcasting::message(&reach(&site, &signed, id).await?);
    let why = reach(&site, &signed, id).await?.why;
    let mut typed = Typed::default();
    let segment = message.segment;
    let tick = |ticked: bool| if ticked { "yes" } else { "" };
    let week = |week: Option<i64>| week.map_or_else(String::new, |week| week.to_string());
    for (name, value) in [
        ("why", why.as_str()),
        ("program", segment.program.as_deref().unwrap_or(EVERY)),
        ("language", segment.language.as_ref().map_or("", |code| code.as_str())),
        ("track", segment.track.map_or("", Track::name)),
        ("from", &week(segment.from_week)),
        ("to", &week(segment.to_week)),
        ("area", segment.area.as_deref().unwrap_or_default()),
        ("place", segment.place.as_deref().unwrap_or_default()),
        ("code", segment.code.as_deref().unwrap_or_default()),
        ("reader", segment.reader.map_or("", Reader::name)),
        ("unplaced", tick(segment.also_unplaced)),
        ("after-loss", tick(segment.also_after_loss)),
        ("emergency", tick(message.emergency)),
    ] {
        typed.set(name, value);
    }
    for (code, text) in &message.words {
        typed.set(&format!("words-{code}"), &text.body);
    }
    page(&shown(&site, &signed, Some(id), (&typed, &Faults::default()))?)
}

pub(super) async fn add(State(site): State<Site>, signed: Signed, typed: Typed) -> Shown {
    signed.need(Right::Broadcast)?;
    save(&site, &signed, None, &typed).await
}

pub(super) async fn change(
    State(site): State<Site>,
    signed: Signed,
    Path(id): Path<Uuid>,
    typed: Typed,
) -> Shown {
    reach(&site, &signed, id).await?;
    save(&site, &signed, Some(id), &typed).await
}

async fn save(site: &Site, signed: &Signed, id: Option<Uuid>, typed: &Typed) -> Shown {
    let words = Words::of(signed.tongue);
    let mut faults = Faults::default();
    let message = read(site, signed, typed, &mut faults);
    if !faults.is_empty() {
        let again = page(&shown(site, signed, id, (typed, &faults))?)?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, again).into_response());
    }
    match broadcasting::draft(&site.service, id, &message, typed.get("why"), &signed.actor()).await {
        Ok(id) => {
            signed.tell(words.done_saved).await?;
            Ok(Redirect::to(&format!("/console/broadcasts/{id}")).into_response())
        }
        Err(NotDone::Store(error)) => Err(error.into()),
        Err(_) => {
            signed.tell(words.r_state).await?;
            Ok(Redirect::to("/console/broadcasts").into_response())
        }
    }
}

/// What was typed, as a message; what is wrong is noted beside the fields.
fn read(site: &Site, signed: &Signed, typed: &Typed, faults: &mut Faults) -> Message {
    let (words, choices) = (Words::of(signed.tongue), Choices::of(site, signed));
    let edition = site.service.shelf.edition();
    if typed.get("why").is_empty() {
        faults.add("why", words.no_why);
    }
    let program = match typed.get("program") {
        EVERY if choices.every => None,
        id if choices.programs.iter().any(|known| known == id) => Some(id.to_owned()),
        _ => {
            faults.add("program", words.no_program);
            None
        }
    };
    let mut week = |name: &str| match typed.get(name) {
        "" => None,
        text => {
            let week = text.parse::<i64>().ok().filter(|week| (0..=LAST_WEEK).contains(week));
            if week.is_none() {
                faults.add(name, words.no_week);
            }
            week
        }
    };
    let (from_week, to_week) = (week("from"), week("to"));
    let track = match typed.get("track") {
        "pregnancy" => Some(Track::Pregnancy),
        "baby" => Some(Track::Baby),
        _ => None,
    };
    if track.is_none() && (from_week.is_some() || to_week.is_some()) {
        faults.add("track", words.week_track);
    }
    if from_week.zip(to_week).is_some_and(|(from, to)| from > to) {
        faults.add("to", words.weeks_turned);
    }
    if track.is_some() && typed.is("after-loss") {
        faults.add("after-loss", words.loss_track);
    }
    let reached: Vec<&str> = match &program {
        Some(program) => vec![program],
        None => choices.programs.iter().map(String::as_str).collect(),
    };
    let area = Some(typed.get("area")).filter(|area| !area.is_empty()).and_then(|text| {
        let area = area(&edition.library, &reached, text);
        if area.is_none() {
            let known: std::collections::BTreeSet<String> =
                reached.iter().flat_map(|program| edition.library.areas(program)).collect();
            let known: Vec<String> = known.into_iter().collect();
            faults.add("area", fill(words.no_area, &[("known", &known.join(", "))]));
        }
        area
    });
    let some = |name: &str| Some(typed.get(name).to_owned()).filter(|text| !text.is_empty());
    let segment = Segment {
        program,
        language: typed.get("language").parse().ok(),
        track,
        from_week,
        to_week,
        area,
        code: some("code"),
        place: some("place"),
        reader: Reader::named(typed.get("reader")),
        also_unplaced: typed.is("unplaced"),
        also_after_loss: typed.is("after-loss"),
    };
    let says = says(signed.tongue, &choices.languages, typed, faults);
    Message { segment, words: says, emergency: typed.is("emergency") }
}

/// The words, by language.
fn says(
    tongue: Tongue,
    languages: &[Language],
    typed: &Typed,
    faults: &mut Faults,
) -> BTreeMap<Language, Text> {
    let mut says = BTreeMap::new();
    for code in languages {
        let name = format!("words-{code}");
        match fit(typed.get(&name)) {
            Ok(words) => {
                says.insert(*code, Text::new(words));
            }
            Err(Unfit::Empty) => {}
            Err(fault) => faults.add(&name, inbox::unfit(tongue, fault)),
        }
    }
    if says.is_empty() {
        faults.add("words", Words::of(tongue).no_words_at_all);
    }
    says
}

/// A state or region by its code, or by a town or postcode in it.
fn area(library: &Library, programs: &[&str], text: &str) -> Option<String> {
    let code = text.to_uppercase();
    programs.iter().find_map(|program| {
        let known = library.areas(program).into_iter().find(|known| known.to_uppercase() == code);
        known.or_else(|| library.place(program, text)?.area)
    })
}

#[cfg(test)]
pub(super) fn samples(tongue: Tongue) -> Vec<(&'static str, Box<dyn askama::DynTemplate>)> {
    let choices = Choices {
        programs: vec!["text4baby-us".to_owned()],
        every: true,
        languages: ["en", "es", "ru"].iter().filter_map(|code| code.parse().ok()).collect(),
    };
    let words = Words::of(tongue);
    let typed = Typed::of([("why", "<López>".to_owned()), ("words-en", "\"<fast>\"".to_owned())]);
    let mut faults = Faults::default();
    faults.add("area", fill(words.no_area, &[("known", "NY, NJ")]));
    faults.add("words", words.no_words_at_all);
    let shell = || Shell::sample(tongue, words.title, "/console/broadcasts");
    vec![
        ("form", Box::new(make(shell(), &choices, None, (&typed, &faults)))),
        ("form, again", Box::new(make(shell(), &choices, Some(Uuid::nil()), (&typed, &Faults::default())))),
    ]
}
