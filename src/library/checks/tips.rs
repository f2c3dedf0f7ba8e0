//! Checks over the shape of tips: their fields, their place, what they need.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;

use chrono::NaiveDate;

use super::{at, needs as need_named, track as track_of};
use crate::domain::gestation::{EITHER_FROM_DAY, Loss, Track};
use crate::domain::plan::{Needs, ReadBy};
use crate::library::fault::{Fault, Spot};
use crate::library::format::{At, Drafts, TipEntry};

/// Tips of a woman who is past her due date go no further than 43+0.
const PREGNANCY_WEEKS: RangeInclusive<i64> = 0..=43;
const BABY_WEEKS: RangeInclusive<i64> = 0..=51;

/// `tip-field`, `tip-program`, `track`, `loss`, `week`, `slot`, `priority`.
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
            ("slot", entry.slot.is_some() || track_of(entry) == Some(Track::More)),
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
        reader(drafts, tip, faults);
        place(drafts, tip, faults);
    }
}

fn reader(drafts: &Drafts, tip: &At<TipEntry>, faults: &mut Vec<Fault>) {
    let Some(reader) = &tip.value.reader else { return };
    if ReadBy::named(reader.as_ref()).is_none() {
        let message = format!("{:?} is no reader: mother, family or anyone", reader.as_ref());
        faults.push(Fault::error("reader", &at(drafts, tip, reader), message));
    }
}

/// `more`: a second text names the tip it belongs to, and needs what that one needs.
pub fn second_texts(drafts: &Drafts, _: NaiveDate, faults: &mut Vec<Fault>) {
    let name = |value: &Option<toml::Spanned<String>>| value.as_ref().map(|value| value.as_ref().clone());
    let mut seen = BTreeSet::new();
    for (program, tip) in &drafts.tips {
        let entry = &tip.value;
        let second = track_of(entry) == Some(Track::More);
        let Some(of) = &entry.of else {
            if second {
                faults.push(Fault::error(
                    "more",
                    &tip.spot,
                    "say which tip it is the second text of: of = \"…\"",
                ));
            }
            continue;
        };
        let spot = at(drafts, tip, of);
        let first = drafts
            .tips
            .iter()
            .find(|(owner, other)| owner == program && name(&other.value.id).as_ref() == Some(of.as_ref()));
        let wrong = match first {
            _ if !second => Some("only tips of the track more are the second text of another".to_owned()),
            None => Some(format!("the program has no tip {:?}", of.as_ref())),
            Some((_, first)) if track_of(&first.value) == Some(Track::More) => {
                Some("a second text has no second text".to_owned())
            }
            Some((_, first)) if name(&first.value.needs) != name(&entry.needs) => {
                Some("it needs something else than the tip it belongs to".to_owned())
            }
            Some(_) if !seen.insert(of.as_ref()) => {
                Some(format!("{:?} has a second text already", of.as_ref()))
            }
            Some(_) => None,
        };
        faults.extend(wrong.map(|message| Fault::error("more", &spot, message)));
    }
}

fn place(drafts: &Drafts, tip: &At<TipEntry>, faults: &mut Vec<Fault>) {
    let entry = &tip.value;
    let Some(track) = &entry.track else { return };
    let name = track.as_ref().as_str();
    let losses = Loss::ALL.map(Loss::name).join(", ");
    let weeks = match name {
        "starter" | "farewell" | "loss" | "more" => None,
        "pregnancy" => Some(PREGNANCY_WEEKS),
        "baby" => Some(BABY_WEEKS),
        _ => {
            let message = format!("{name:?} is no track: starter, pregnancy, baby, farewell, loss or more");
            faults.push(Fault::error("track", &at(drafts, tip, track), message));
            return;
        }
    };
    match (&entry.loss, name == "loss") {
        (None, false) => {}
        (None, true) => {
            let message = format!("say which loss: {losses}");
            faults.push(Fault::error("loss", &at(drafts, tip, track), message));
        }
        (Some(loss), true) if track_of(entry).is_none() => {
            let message = format!("{:?} is no loss: {losses}", loss.as_ref());
            faults.push(Fault::error("loss", &at(drafts, tip, loss), message));
        }
        (Some(_), true) => {}
        (Some(loss), false) => {
            let message = "only tips of the track loss say which loss";
            faults.push(Fault::error("loss", &at(drafts, tip, loss), message));
        }
    }
    match (weeks, &entry.week) {
        (None, None) => {}
        (None, Some(week)) => {
            let message = format!("the track {name} has no weeks, only slots");
            faults.push(Fault::error("week", &at(drafts, tip, week), message));
        }
        (Some(_), None) => faults.push(Fault::error("week", &tip.spot, "week is missing")),
        (Some(weeks), Some(week)) => {
            if !weeks.contains(week.as_ref()) {
                let message = format!("weeks of {name} run from {} to {}", weeks.start(), weeks.end());
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
        let track = track_of(&tip.value);
        let week = tip.value.week.as_ref().map_or(0, |week| *week.as_ref());
        let never = match (track, needs) {
            (Some(Track::Pregnancy), Needs::Baby) => Some("no birth is known in the pregnancy track"),
            (Some(Track::Pregnancy), Needs::Pregnancy) if week * 7 >= EITHER_FROM_DAY => {
                Some("from week 37 the baby may have come: use either, mother or neutral")
            }
            (Some(Track::Baby | Track::Farewell), Needs::Pregnancy | Needs::Either) => {
                Some("the baby has come in the baby track")
            }
            (Some(Track::Loss(_)), Needs::Pregnancy | Needs::Baby | Needs::Either) => {
                Some("after a loss only mother and neutral are right")
            }
            _ => None,
        };
        faults.extend(never.map(|why| Fault::error("needs", &spot, why)));
    }
}
