//! Checks over `replies/` and `places/`.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use chrono_tz::Tz;

use super::languages;
use crate::domain::conversation::Reply;
use crate::domain::wording::placeholders;
use crate::library::fault::{Fault, Spot};
use crate::library::format::{Drafts, ReplyEntry};
use crate::library::places::tidy;
use crate::library::replies::{CHOICE_FIELDS, CHOICE_KEYS};

/// What every reply may use.
const ALWAYS: [&str; 9] =
    ["program", "contact", "frequency", "hours", "emergency", "crisis", "violence", "poison", "keyword"];

/// `reply-missing`, `reply-unknown`, `placeholder`.
pub fn complete(drafts: &Drafts, _: NaiveDate, faults: &mut Vec<Fault>) {
    for language in languages(drafts) {
        if !drafts.replies.iter().any(|(name, _)| *name == language) {
            let spot = Spot { file: format!("replies/{language}.toml"), line: 1 };
            let message = format!("a program speaks {language}, but its replies are missing");
            faults.push(Fault::error("reply-missing", &spot, message));
        }
    }
    for (_, file) in &drafts.replies {
        let known = Reply::ALL.iter().map(|reply| (reply.name(), reply.placeholders()));
        let known: BTreeMap<&str, &[(&str, bool)]> =
            known.chain(CHOICE_KEYS.map(|key| (key, CHOICE_FIELDS))).collect();
        for key in known.keys().chain([&"units"]) {
            if !file.value.contains_key(*key) {
                faults.push(Fault::error("reply-missing", &file.spot, format!("{key} is missing")));
            }
        }
        for (key, entry) in &file.value {
            let spot = drafts.spot(&file.spot.file, entry.span());
            match (entry.as_ref(), known.get(key.as_str())) {
                (ReplyEntry::Units(_), _) if key == "units" => {}
                (ReplyEntry::Words(words), Some(allowed)) => reply_words(key, words, allowed, &spot, faults),
                _ => faults.push(Fault::error(
                    "reply-unknown",
                    &spot,
                    format!("the service has no reply {key}"),
                )),
            }
        }
    }
}

fn reply_words(key: &str, words: &str, allowed: &[(&str, bool)], spot: &Spot, faults: &mut Vec<Fault>) {
    if words.trim().is_empty() {
        faults.push(Fault::error("reply-missing", spot, format!("{key} has no words")));
    }
    let used = placeholders(words);
    for name in &used {
        if !ALWAYS.contains(name) && !allowed.iter().any(|(allowed, _)| allowed == name) {
            faults.push(Fault::error("placeholder", spot, format!("{key} cannot know {{{name}}}")));
        }
    }
    for (name, _) in allowed.iter().filter(|(name, required)| *required && !used.contains(name)) {
        faults.push(Fault::error("placeholder", spot, format!("{key} must say {{{name}}}")));
    }
}

/// `place-zone`, `place-twice`, `postcode`.
pub fn places(drafts: &Drafts, _: NaiveDate, faults: &mut Vec<Fault>) {
    for (_, file) in &drafts.places {
        let mut seen: BTreeMap<String, &str> = BTreeMap::new();
        for zone in &file.value.zone {
            let name = zone.name.as_ref().as_str();
            if name.parse::<Tz>().is_err() {
                let spot = drafts.spot(&file.spot.file, zone.name.span());
                faults.push(Fault::error("place-zone", &spot, format!("{name:?} is not an IANA time zone")));
            }
            for start in &zone.postcodes {
                let digits = start.as_ref().bytes().all(|b| b.is_ascii_digit());
                if !digits || !(1..=file.value.digits).contains(&start.as_ref().len()) {
                    let spot = drafts.spot(&file.spot.file, start.span());
                    let message = format!("a beginning has 1 to {} digits", file.value.digits);
                    faults.push(Fault::error("postcode", &spot, message));
                }
            }
            for entry in zone.postcodes.iter().chain(&zone.cities) {
                let key = tidy(entry.as_ref());
                let spot = drafts.spot(&file.spot.file, entry.span());
                match seen.insert(key, name) {
                    Some(other) if other != name => {
                        let message = format!("{:?} lies in {other} already", entry.as_ref());
                        faults.push(Fault::error("place-twice", &spot, message));
                    }
                    Some(_) => {
                        faults.push(Fault::warning(
                            "place-twice",
                            &spot,
                            format!("{:?} stands twice", entry.as_ref()),
                        ));
                    }
                    None => {}
                }
            }
        }
    }
}
