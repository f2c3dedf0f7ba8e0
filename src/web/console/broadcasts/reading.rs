//! What was typed into the form of a broadcast, as a message.

use std::collections::{BTreeMap, BTreeSet};

use super::words::{self, Words};
use crate::domain::conversation::Guide as _;
use crate::domain::gestation::Track;
use crate::domain::language::Language;
use crate::domain::plan::Reader;
use crate::domain::role::Right;
use crate::domain::wording::{Unfit, fit};
use crate::flows::broadcasting::{Message, Segment};
use crate::library::{Library, Text};
use crate::web::Site;
use crate::web::console::access::Signed;
use crate::web::console::form::{Faults, Typed};
use crate::web::console::inbox;
use crate::web::console::tongue::{Tongue, fill};

/// Every program, as the form writes it.
pub(super) const EVERY: &str = "*";
/// No week is later.
const LAST_WEEK: i64 = 60;

/// What they may choose from.
pub(super) struct Choices {
    /// Programs, by id and by name.
    pub programs: Vec<(String, String)>,
    pub every: bool,
    pub languages: Vec<Language>,
    /// Of a correction: whom it is for. That is not chosen.
    pub fixed: Option<Segment>,
}

impl Choices {
    pub fn of(site: &Site, signed: &Signed, fixed: Option<Segment>) -> Self {
        let edition = site.service.shelf.edition();
        let programs = signed.programs(site, Right::Broadcast);
        let spoken: Vec<&String> = match &fixed {
            Some(segment) if segment.program.is_some() => segment.program.iter().collect(),
            Some(_) => edition.library.programs.keys().collect(),
            None => programs.iter().collect(),
        };
        let mut languages: Vec<Language> = spoken
            .into_iter()
            .filter_map(|id| edition.library.program(id))
            .flat_map(|program| program.languages.clone())
            .collect();
        languages.sort_unstable();
        languages.dedup();
        let named = |id: &String| words::program_name(signed.tongue, Some(&edition.library), id);
        let programs = programs.iter().map(|id| (id.clone(), named(id))).collect();
        Self { every: signed.may_everywhere(Right::Broadcast), programs, languages, fixed }
    }
}

/// What was typed, as a message; what is wrong is noted beside the fields.
pub(super) fn read(
    site: &Site,
    signed: &Signed,
    fixed: Option<Segment>,
    typed: &Typed,
    faults: &mut Faults,
) -> Message {
    let (words, choices) = (Words::of(signed.tongue), Choices::of(site, signed, fixed));
    if typed.get("why").is_empty() {
        faults.add("why", words.no_why);
    }
    let segment = match &choices.fixed {
        Some(segment) => segment.clone(),
        None => segment(site, words, &choices, typed, faults),
    };
    let says = says(signed.tongue, &choices.languages, typed, faults);
    Message { segment, words: says, emergency: typed.is("emergency") }
}

/// Whom it is for.
fn segment(site: &Site, words: &Words, choices: &Choices, typed: &Typed, faults: &mut Faults) -> Segment {
    let edition = site.service.shelf.edition();
    let program = match typed.get("program") {
        EVERY if choices.every => None,
        id if choices.programs.iter().any(|(known, _)| known == id) => Some(id.to_owned()),
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
        None => choices.programs.iter().map(|(id, _)| id.as_str()).collect(),
    };
    let area = Some(typed.get("area")).filter(|area| !area.is_empty()).and_then(|text| {
        let area = area(&edition.library, &reached, text);
        if area.is_none() {
            let known: BTreeSet<String> =
                reached.iter().flat_map(|program| edition.library.areas(program)).collect();
            let known: Vec<String> = known.into_iter().collect();
            faults.add("area", fill(words.no_area, &[("known", &known.join(", "))]));
        }
        area
    });
    let some = |name: &str| Some(typed.get(name).to_owned()).filter(|text| !text.is_empty());
    Segment {
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
        corrects: None,
    }
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
