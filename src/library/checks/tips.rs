//! Checks over `tips/`.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use toml::Spanned;

use super::{date, needs as need_named, track as track_named};
use crate::domain::gestation::{EITHER_FROM_DAY, Track};
use crate::domain::plan::Needs;
use crate::domain::segment::{self, Encoding};
use crate::domain::wording::placeholders;
use crate::library::fault::{Fault, Spot};
use crate::library::format::{At, Drafts, ProgramFile, TipEntry};

/// A tip takes at most so many segments.
const MOST_SEGMENTS: u32 = 3;
/// What a tip's words may use.
const PLACEHOLDERS: [&str; 3] = ["program", "contact", "emergency"];

/// `tip-field`, `tip-program`, `track`, `week`, `slot`, `priority`.
pub fn shape(drafts: &Drafts, _: NaiveDate, faults: &mut Vec<Fault>) {
    for (program, tip) in &drafts.tips {
        if !drafts.programs.iter().any(|known| known.value.id.as_ref() == program) {
            let message = format!("there is no program {program:?}");
            faults.push(Fault::error("tip-program", &tip.spot, message));
        }
        let entry = &tip.value;
        let fields = [
            ("id", entry.id.is_some()),
            ("track", entry.track.is_some()),
            ("slot", entry.slot.is_some()),
            ("topic", entry.topic.is_some()),
            ("needs", entry.needs.is_some()),
            ("priority", entry.priority.is_some()),
        ];
        for (field, _) in fields.into_iter().filter(|(_, present)| !present) {
            faults.push(Fault::error("tip-field", &tip.spot, format!("{field} is missing")));
        }
        if let Some(slot) = entry.slot.as_ref().filter(|slot| !(1..=50).contains(slot.as_ref())) {
            faults.push(Fault::error("slot", &at(drafts, tip, slot), "a slot is 1 or more"));
        }
        if let Some(priority) =
            entry.priority.as_ref().filter(|priority| !(1..=3).contains(priority.as_ref()))
        {
            let message = "priority is 1 (vital), 2 (important) or 3 (nice to know)";
            faults.push(Fault::error("priority", &at(drafts, tip, priority), message));
        }
        track_and_week(drafts, tip, faults);
    }
}

fn track_and_week(drafts: &Drafts, tip: &At<TipEntry>, faults: &mut Vec<Fault>) {
    let Some(track) = &tip.value.track else { return };
    let weeks = match track_named(track.as_ref()) {
        None => {
            let message = format!("{:?} is no track: starter, pregnancy, baby or loss", track.as_ref());
            faults.push(Fault::error("track", &at(drafts, tip, track), message));
            return;
        }
        Some(Track::Starter | Track::Loss) => None,
        Some(Track::Pregnancy) => Some(0..=43),
        Some(Track::Baby) => Some(0..=51),
    };
    match (weeks, &tip.value.week) {
        (None, None) => {}
        (None, Some(week)) => {
            let message = format!("the track {} has no weeks, only slots", track.as_ref());
            faults.push(Fault::error("week", &at(drafts, tip, week), message));
        }
        (Some(_), None) => faults.push(Fault::error("week", &tip.spot, "week is missing")),
        (Some(weeks), Some(week)) => {
            if !weeks.contains(week.as_ref()) {
                let message =
                    format!("weeks of {} run from {} to {}", track.as_ref(), weeks.start(), weeks.end());
                faults.push(Fault::error("week", &at(drafts, tip, week), message));
            }
        }
    }
}

/// `tip-id`.
pub fn identity(drafts: &Drafts, _: NaiveDate, faults: &mut Vec<Fault>) {
    let mut seen: BTreeMap<&str, Spot> = BTreeMap::new();
    for (_, tip) in &drafts.tips {
        let Some(id) = &tip.value.id else { continue };
        let spot = at(drafts, tip, id);
        let name = id.as_ref().as_str();
        if name.is_empty() || !name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        {
            faults.push(Fault::error("tip-id", &spot, "an id is small letters, digits and hyphens"));
        }
        if let Some(first) = seen.get(name) {
            let message = format!("{name:?} is used already in {}:{}", first.file, first.line);
            faults.push(Fault::error("tip-id", &spot, message));
        } else {
            seen.insert(name, spot);
        }
    }
}

/// `tip-words`, `placeholder`, `same-text`.
pub fn words(drafts: &Drafts, _: NaiveDate, faults: &mut Vec<Fault>) {
    let mut seen: BTreeMap<(&str, &str), Spot> = BTreeMap::new();
    for (owner, tip) in &drafts.tips {
        for language in program_of(drafts, owner).map_or(&[][..], |program| program.languages.as_ref()) {
            if tip.value.text.get(language).is_none_or(|text| text.as_ref().trim().is_empty()) {
                faults.push(Fault::error("tip-words", &tip.spot, format!("text.{language} is missing")));
            }
        }
        for (language, text) in &tip.value.text {
            let spot = at(drafts, tip, text);
            if program_of(drafts, owner).is_some_and(|program| !program.languages.as_ref().contains(language))
            {
                faults.push(Fault::error(
                    "tip-words",
                    &spot,
                    format!("the program does not speak {language:?}"),
                ));
            }
            for name in placeholders(text.as_ref()) {
                if !PLACEHOLDERS.contains(&name) {
                    faults.push(Fault::error("placeholder", &spot, format!("a tip cannot know {{{name}}}")));
                }
            }
            if let Some(first) = seen.get(&(language, text.as_ref())) {
                let message = format!("the same words stand in {}:{}", first.file, first.line);
                faults.push(Fault::warning("same-text", &spot, message));
            } else {
                seen.insert((language, text.as_ref()), spot);
            }
        }
    }
}

/// `needs`: what a tip takes for granted must be sure in its track and week.
pub fn needs(drafts: &Drafts, _: NaiveDate, faults: &mut Vec<Fault>) {
    for (_, tip) in &drafts.tips {
        let Some(entry) = &tip.value.needs else { continue };
        let spot = at(drafts, tip, entry);
        let Some(needs) = need_named(entry.as_ref()) else {
            let message =
                format!("{:?} is no need: pregnancy, baby, mother, neutral or either", entry.as_ref());
            faults.push(Fault::error("needs", &spot, message));
            continue;
        };
        let track = tip.value.track.as_ref().and_then(|track| track_named(track.as_ref()));
        let week = tip.value.week.as_ref().map_or(0, |week| *week.as_ref());
        let never = match (track, needs) {
            (Some(Track::Pregnancy), Needs::Baby) => Some("no birth is known in the pregnancy track"),
            (Some(Track::Pregnancy), Needs::Pregnancy) if week * 7 >= EITHER_FROM_DAY => {
                Some("from week 37 the baby may have come: use either, mother or neutral")
            }
            (Some(Track::Baby), Needs::Pregnancy | Needs::Either) => {
                Some("the baby has come in the baby track")
            }
            (Some(Track::Loss), Needs::Pregnancy | Needs::Baby | Needs::Either) => {
                Some("after a loss only mother and neutral are right")
            }
            _ => None,
        };
        faults.extend(never.map(|why| Fault::error("needs", &spot, why)));
    }
}

/// `source`, `link`.
pub fn sources(drafts: &Drafts, _: NaiveDate, faults: &mut Vec<Fault>) {
    for (_, tip) in &drafts.tips {
        let Some(source) = &tip.value.source else {
            faults.push(Fault::error("source", &tip.spot, "say where its facts come from: [tip.source]"));
            continue;
        };
        let spot = at(drafts, tip, source);
        let entry = source.as_ref();
        let blank =
            |text: &Option<Spanned<String>>| text.as_ref().is_none_or(|t| t.as_ref().trim().is_empty());
        let fields = [
            ("organization", blank(&entry.organization)),
            ("title", blank(&entry.title)),
            ("url", blank(&entry.url)),
            ("year", entry.year.is_none()),
        ];
        for (field, _) in fields.into_iter().filter(|(_, missing)| *missing) {
            faults.push(Fault::error("source", &spot, format!("source.{field} is missing")));
        }
        if let Some(url) = &entry.url {
            let address = url.as_ref();
            let formed = url::Url::parse(address).is_ok_and(|url| {
                url.scheme() == "https" && url.host_str().is_some_and(|host| host.contains('.'))
            });
            if !formed {
                let message = format!("{address:?} is not an address of the form https://…");
                faults.push(Fault::error("link", &at(drafts, tip, url), message));
            }
        }
    }
}

/// `review`, `review-expired`.
pub fn reviews(drafts: &Drafts, today: NaiveDate, faults: &mut Vec<Fault>) {
    for (_, tip) in &drafts.tips {
        let state = tip.value.review.as_ref().and_then(|review| review.as_ref().state.as_ref());
        let (Some(review), Some(state)) = (&tip.value.review, state) else {
            faults.push(Fault::error(
                "review",
                &tip.spot,
                "say who stands for it: [tip.review] state = \"draft\"",
            ));
            continue;
        };
        let spot = at(drafts, tip, state);
        let entry = review.as_ref();
        match state.as_ref().as_str() {
            "draft" => {}
            "approved" => {
                let signed = entry.reviewer.as_ref().is_some_and(|name| !name.as_ref().trim().is_empty());
                if !signed || entry.reviewed_on.is_none() || entry.expires_on.is_none() {
                    let message = "an approved tip names its reviewer, reviewed_on and expires_on";
                    faults.push(Fault::error("review", &spot, message));
                }
                if entry.expires_on.as_ref().is_some_and(|on| date(on.as_ref()).is_none_or(|on| on < today)) {
                    let message = "the review has expired: the tip is not sent to the public any more";
                    faults.push(Fault::warning("review-expired", &spot, message));
                }
            }
            other => {
                let message = format!("{other:?} is no review state: draft or approved");
                faults.push(Fault::error("review", &spot, message));
            }
        }
    }
}

/// `length`, `costly`.
pub fn cost(drafts: &Drafts, _: NaiveDate, faults: &mut Vec<Fault>) {
    for (_, tip) in &drafts.tips {
        for (language, text) in &tip.value.text {
            let counted = segment::count(text.as_ref());
            let spot = at(drafts, tip, text);
            if counted.segments > MOST_SEGMENTS {
                let message =
                    format!("{language}: {} segments; a tip has {MOST_SEGMENTS} at most", counted.segments);
                faults.push(Fault::error("length", &spot, message));
            }
            // A letter of the language's own is the author's choice; a curly quote is an accident.
            let accidents: Vec<String> = counted
                .culprits
                .iter()
                .filter(|culprit| !culprit.character.is_alphabetic() && culprit.substitute.is_some())
                .map(|culprit| {
                    format!("{:?} (write {:?})", culprit.character, culprit.substitute.unwrap_or(""))
                })
                .collect();
            let only_accidents = accidents.len() == counted.culprits.len();
            if counted.encoding == Encoding::Ucs2 && only_accidents {
                let message = format!(
                    "{language}: {} make it UCS-2, {} segments",
                    accidents.join(", "),
                    counted.segments
                );
                faults.push(Fault::warning("costly", &spot, message));
            }
        }
    }
}

fn program_of<'a>(drafts: &'a Drafts, id: &str) -> Option<&'a ProgramFile> {
    drafts.programs.iter().map(|program| &program.value).find(|program| program.id.as_ref() == id)
}

fn at<T>(drafts: &Drafts, tip: &At<TipEntry>, value: &Spanned<T>) -> Spot {
    drafts.spot(&tip.spot.file, value.span())
}
