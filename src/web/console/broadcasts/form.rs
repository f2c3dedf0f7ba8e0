//! A broadcast is written: why, to whom, in which words. Saving sends nothing: it is counted, and shown.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect};
use uuid::Uuid;

use super::reach;
use super::reading::{Choices, EVERY, read};
use super::show::{Tried, again};
use super::words::{self, Words};
use crate::domain::gestation::Track;
use crate::domain::language::Language;
use crate::domain::plan::Reader;
use crate::domain::role::Right;
use crate::flows::broadcasting::{self, Message, NotDone, Segment};
use crate::web::Site;
use crate::web::console::access::Signed;
use crate::web::console::form::{Faults, Field, Kind, Typed};
use crate::web::console::shell::Shell;
#[cfg(test)]
use crate::web::console::tongue::{Tongue, fill};
use crate::web::console::{Shown, page};

/// The page.
#[derive(Template)]
#[template(path = "web/console/broadcasts/form.html")]
struct Page {
    shell: Shell,
    words: &'static Words,
    heading: &'static str,
    /// Why it was not saved, where that is no fault of a field.
    alarm: Option<&'static str>,
    action: String,
    why: Field,
    whom: Vec<Field>,
    ticks: Vec<Field>,
    says: Vec<Field>,
    says_fault: Option<String>,
    emergency: Field,
}

fn choice(value: &str, name: &str) -> (String, String) {
    (value.to_owned(), name.to_owned())
}

fn make(shell: Shell, choices: &Choices, id: Option<Uuid>, (typed, faults): (&Typed, &Faults)) -> Page {
    let (tongue, words) = (shell.tongue, Words::of(shell.tongue));
    let mut programs = choices.programs.clone();
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
    let whom = vec![
        filled(Field::choice("program", words.f_program, programs)),
        filled(Field::choice("language", words.f_language, languages).optional()),
        filled(Field::choice("track", words.f_track, tracks).optional()),
        filled(Field::choice("reader", words.f_reader, readers).optional()),
        week("from", words.f_from),
        week("to", words.f_to),
        filled(Field::line("area", words.f_area).hint(words.f_area_hint).optional()),
        filled(Field::line("place", words.f_place).optional()),
        filled(Field::line("code", words.f_code).optional()),
    ];
    let ticks = vec![
        filled(Field::new(Kind::Tick, "unplaced", words.f_unplaced)),
        filled(Field::new(Kind::Tick, "after-loss", words.f_after_loss)),
    ];
    let chosen = choices.fixed.is_none();
    Page {
        words,
        alarm: None,
        heading: if id.is_some() { words.edit } else { words.new },
        action: id.map_or_else(
            || "/console/broadcasts/new".to_owned(),
            |id| format!("/console/broadcasts/{id}/edit"),
        ),
        why: filled(Field::line("why", words.f_why).hint(words.f_why_hint)),
        whom: if chosen { whom } else { Vec::new() },
        ticks: if chosen { ticks } else { Vec::new() },
        says: choices.languages.iter().map(say).collect(),
        says_fault: faults.of("words").map(str::to_owned),
        emergency: filled(Field::new(Kind::Tick, "emergency", words.f_emergency)),
        shell,
    }
}

fn shown(site: &Site, signed: &Signed, old: Option<&Old>, (typed, faults): (&Typed, &Faults)) -> Page {
    let shell = signed.shell(Words::of(signed.tongue).title);
    let choices = Choices::of(site, signed, old.and_then(|old| old.fixed.clone()));
    make(shell, &choices, old.map(|old| old.id), (typed, faults))
}

/// One that is written anew.
struct Old {
    id: Uuid,
    /// Of a correction: whom it is for.
    fixed: Option<Segment>,
}

impl Old {
    fn of(id: Uuid, message: &Message) -> Self {
        Self { id, fixed: Some(message.segment.clone()).filter(|segment| segment.corrects.is_some()) }
    }
}

pub(super) async fn new(State(site): State<Site>, signed: Signed) -> Shown {
    signed.need(Right::Broadcast)?;
    page(&shown(&site, &signed, None, (&Typed::default(), &Faults::default())))
}

pub(super) async fn edit(State(site): State<Site>, signed: Signed, Path(id): Path<Uuid>) -> Shown {
    let broadcast = reach(&site, &signed, id).await?;
    let message = match broadcasting::message(&broadcast) {
        Ok(message) => message,
        Err(unreadable) => return refuse(&site, &signed, id, unreadable.into()).await,
    };
    let mut typed = Typed::default();
    let segment = &message.segment;
    let tick = |ticked: bool| if ticked { "yes" } else { "" };
    let week = |week: Option<i64>| week.map_or_else(String::new, |week| week.to_string());
    for (name, value) in [
        ("why", broadcast.why.as_str()),
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
    page(&shown(&site, &signed, Some(&Old::of(id, &message)), (&typed, &Faults::default())))
}

/// Its page, with why it cannot be written anew.
async fn refuse(site: &Site, signed: &Signed, id: Uuid, refused: NotDone) -> Shown {
    again(site, signed, id, Tried { typed: Typed::default(), refused: Some(refused) }).await
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
    let broadcast = reach(&site, &signed, id).await?;
    match broadcasting::message(&broadcast) {
        Ok(message) => save(&site, &signed, Some(Old::of(id, &message)), &typed).await,
        Err(unreadable) => refuse(&site, &signed, id, unreadable.into()).await,
    }
}

async fn save(site: &Site, signed: &Signed, old: Option<Old>, typed: &Typed) -> Shown {
    let words = Words::of(signed.tongue);
    let mut faults = Faults::default();
    let fixed = old.as_ref().and_then(|old| old.fixed.clone());
    let message = read(site, signed, fixed, typed, &mut faults);
    let again = |faults: &Faults, alarm| {
        let form = Page { alarm, ..shown(site, signed, old.as_ref(), (typed, faults)) };
        Ok((StatusCode::UNPROCESSABLE_ENTITY, page(&form)?).into_response())
    };
    if !faults.is_empty() {
        return again(&faults, None);
    }
    let id = old.as_ref().map(|old| old.id);
    match broadcasting::draft(&site.service, id, &message, typed.get("why"), &signed.actor()).await {
        Ok(id) => {
            signed.tell(words.done_saved).await?;
            Ok(Redirect::to(&format!("/console/broadcasts/{id}")).into_response())
        }
        Err(NotDone::Store(error)) => Err(error.into()),
        // Somebody has confirmed or withdrawn it meanwhile: what was typed is not lost.
        Err(_) => again(&faults, Some(words.r_begun)),
    }
}

#[cfg(test)]
pub(super) fn samples(tongue: Tongue) -> Vec<(&'static str, Box<dyn askama::DynTemplate>)> {
    let choices = Choices {
        programs: vec![choice("text4baby-us", "Text4baby <US>")],
        fixed: None,
        every: true,
        languages: ["en", "es", "ru"].iter().filter_map(|code| code.parse().ok()).collect(),
    };
    let words = Words::of(tongue);
    let typed = Typed::of([("why", "<López>".to_owned()), ("words-en", "\"<fast>\"".to_owned())]);
    let mut faults = Faults::default();
    faults.add("area", fill(words.no_area, &[("known", "NY, NJ")]));
    faults.add("words", words.no_words_at_all);
    let shell = || Shell::sample(tongue, words.title, "/console/broadcasts");
    let refused = Page {
        alarm: Some(words.r_begun),
        ..make(shell(), &choices, Some(Uuid::nil()), (&typed, &Faults::default()))
    };
    vec![
        ("form, refused", Box::new(refused)),
        ("form", Box::new(make(shell(), &choices, None, (&typed, &faults)))),
        ("form, again", Box::new(make(shell(), &choices, Some(Uuid::nil()), (&typed, &Faults::default())))),
    ]
}
