//! From what is typed into a tip's form to a change of the tip, and back.

use crate::library::desk::Leaf;
use crate::library::edit::{Change, place_of_new};
use crate::library::exchange::{LONGEST, Shelf};
use crate::library::{Field as Part, FieldKind};
use crate::web::console::form::{Faults, Field, Kind, Typed};
use crate::web::console::tongue::Tongue;

use super::editing::Words;
use super::names;

/// What the form asks of a tip beside its words.
pub const ABOUT: [Part; 10] = [
    Part::Topic,
    Part::Needs,
    Part::Reader,
    Part::Priority,
    Part::Week,
    Part::Slot,
    Part::Organization,
    Part::Title,
    Part::Url,
    Part::Year,
];

/// The form's field for words in a language.
pub fn text_name(language: &str) -> String {
    format!("text-{language}")
}

/// The box that says that a translation is right as it is.
pub fn right_name(language: &str) -> String {
    format!("right-{language}")
}

/// The form's field for a part of a tip.
pub fn part_name(part: Part) -> String {
    part.name().replace(' ', "-")
}

/// A part of a tip as a field.
pub fn field(part: Part, names: &names::Words) -> Field {
    let (name, label) = (part_name(part), names.field(part));
    let values = names.values(part);
    let field = if values.is_empty() {
        let kind = if part == Part::Url { "url" } else { "text" };
        Field::new(Kind::Line(kind), &name, label)
    } else {
        let mut choices: Vec<(String, String)> =
            values.into_iter().map(|(value, called)| (value.to_owned(), called.to_owned())).collect();
        if part == Part::Loss {
            choices.insert(0, (String::new(), "–".to_owned()));
        }
        Field::choice(&name, label, choices)
    };
    if part.required() { field } else { field.optional() }
}

/// A part's value as the form shows it.
pub fn shown(leaf: &Leaf, part: Part) -> String {
    match leaf.value(part) {
        "" if part == Part::Reader => "mother".to_owned(),
        value => value.to_owned(),
    }
}

/// The form of a tip, filled in.
pub fn filled(leaf: &Leaf, languages: &[String]) -> Typed {
    let mut typed = Typed::default();
    for language in languages {
        typed.set(&text_name(language), leaf.said(language));
    }
    for part in ABOUT {
        typed.set(&part_name(part), &shown(leaf, part));
    }
    typed
}

/// Words without what a browser or a keyboard puts around them.
pub fn tidy(words: &str) -> String {
    words.trim_matches(|sign: char| sign.is_whitespace() || sign == '\u{feff}').to_owned()
}

/// Whether a sign is none that can be read: what is left of a letter that was broken on its way, or a control.
fn spoilt(sign: char) -> bool {
    sign == char::REPLACEMENT_CHARACTER || sign.is_control() && !matches!(sign, '\n' | '\t')
}

/// What was typed as a change of a tip; what cannot be is faulted.
pub fn change(
    leaf: &Leaf,
    languages: &[String],
    typed: &Typed,
    tongue: Tongue,
    faults: &mut Faults,
) -> Change {
    let words = Words::of(tongue);
    let mut change = Change { program: leaf.program.clone(), tip: leaf.tip.clone(), ..Change::default() };
    for language in languages {
        let name = text_name(language);
        let said = tidy(typed.raw(&name));
        if said.chars().count() > LONGEST {
            faults.add(&name, words.too_long);
        }
        if said.chars().any(spoilt) {
            faults.add(&name, words.no_sign);
        }
        change.words.insert(language.clone(), said);
    }
    for part in ABOUT {
        part_of(&mut change, part, typed, tongue, faults);
    }
    let stale = leaf.value(Part::Stale).split(", ").filter(|one| !one.is_empty());
    let stale = stale.filter(|language| !typed.is(&right_name(language)));
    change.values.insert(Part::Stale, stale.collect::<Vec<_>>().join(", "));
    change
}

/// Where a new tip is to stand.
pub fn place(change: &mut Change, typed: &Typed, tongue: Tongue, faults: &mut Faults) {
    for part in [Part::Track, Part::Loss, Part::Of] {
        part_of(change, part, typed, tongue, faults);
    }
    let track = change.values.get(&Part::Track).cloned().unwrap_or_default();
    let names = names::Words::of(tongue);
    if !names.values(Part::Track).iter().any(|(name, _)| *name == track) {
        faults.add("track", Words::of(tongue).needed);
    }
    // What its track has no place for is left out.
    for (part, of) in
        [(Part::Loss, &["loss"][..]), (Part::Of, &["more"]), (Part::Week, &["pregnancy", "baby"])]
    {
        let empty = change.values.get(&part).is_none_or(String::is_empty);
        if !of.contains(&track.as_str()) {
            change.values.remove(&part);
        } else if empty {
            faults.add(&part_name(part), Words::of(tongue).needed);
        }
    }
    if track == "more" {
        change.values.remove(&Part::Slot);
    } else if change.values.get(&Part::Slot).is_none_or(String::is_empty) {
        faults.add("slot", Words::of(tongue).needed);
    }
    if faults.is_empty() && place_of_new(change).is_none() {
        faults.add("week", Words::of(tongue).no_week);
    }
}

fn part_of(change: &mut Change, part: Part, typed: &Typed, tongue: Tongue, faults: &mut Faults) {
    let (name, words) = (part_name(part), Words::of(tongue));
    let mut value = tidy(typed.raw(&name)).split_whitespace().collect::<Vec<_>>().join(" ");
    match part.kind() {
        FieldKind::Number if !value.is_empty() => match value.parse::<u16>() {
            // As files write it: 05 and +5 are 5.
            Ok(number) => value = number.to_string(),
            Err(_) => faults.add(&name, words.no_number),
        },
        _ if value.chars().any(spoilt) => faults.add(&name, words.no_sign),
        _ if value.chars().count() > LONGEST => faults.add(&name, words.too_long),
        _ if value.is_empty() && part.required() => faults.add(&name, words.needed),
        _ => {}
    }
    if part == Part::Reader && value == "mother" {
        value.clear();
    }
    change.values.insert(part, value);
}

/// Whether words can be a tip's id.
pub fn is_id(id: &str) -> bool {
    let signs = |sign: char| sign.is_ascii_lowercase() || sign.is_ascii_digit() || sign == '-';
    (3..=80).contains(&id.len()) && id.chars().all(signs) && !id.ends_with('-') && !id.starts_with('-')
}

/// How the id of a new tip may begin: as its neighbours' do.
pub fn suggested(shelf: &Shelf, program: &str, track: &str, week: &str, slot: &str) -> String {
    let tips = shelf.tips_of(program);
    let beside = tips.iter().find(|tip| tip.value(Part::Track) == track).map(|tip| tip.id.as_str());
    let beginning = beside.unwrap_or_default().split(|sign: char| sign.is_ascii_digit()).next();
    let beginning = beginning.unwrap_or_default().trim_end_matches('-');
    let parts = [beginning, week, slot].into_iter().filter(|part| !part.is_empty());
    let begun = parts.collect::<Vec<_>>().join("-");
    if begun.is_empty() { begun } else { format!("{begun}-") }
}
