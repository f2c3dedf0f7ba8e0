//! Checks over `programs/`.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{NaiveDate, NaiveTime};
use chrono_tz::Tz;
use toml::Spanned;

use crate::domain::calendar::Cadence;
use crate::domain::language::Language;
use crate::library::fault::{Fault, Spot};
use crate::library::format::{At, Drafts, ProgramFile};

/// `program-id`, `program-missing`, `program-language`.
pub fn identity(drafts: &Drafts, _: NaiveDate, faults: &mut Vec<Fault>) {
    if drafts.programs.is_empty() {
        let nowhere = Spot { file: "programs".to_owned(), line: 1 };
        faults.push(Fault::error(
            "program-missing",
            &nowhere,
            "there is no program: copy EXAMPLE-program.toml",
        ));
    }
    for program in &drafts.programs {
        let id = program.value.id.as_ref();
        let spot = at(drafts, program, &program.value.id);
        let letters = id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        if id.is_empty() || !letters {
            faults.push(Fault::error("program-id", &spot, "an id is small letters, digits and hyphens"));
        }
        if format!("programs/{id}.toml") != program.spot.file {
            faults.push(Fault::error(
                "program-id",
                &spot,
                format!("the file of {id:?} is named programs/{id}.toml"),
            ));
        }
        let languages = program.value.languages.as_ref();
        let spot = at(drafts, program, &program.value.languages);
        if languages.is_empty() {
            faults.push(Fault::error("program-language", &spot, "a program speaks at least one language"));
        }
        for language in languages {
            if let Err(error) = language.parse::<Language>() {
                faults.push(Fault::error("program-language", &spot, error.to_string()));
            }
        }
    }
}

/// `country`, `zone`, `place`, `emergency`.
pub fn reach(drafts: &Drafts, _: NaiveDate, faults: &mut Vec<Fault>) {
    for program in &drafts.programs {
        let file = &program.value;
        let spot = at(drafts, program, &file.countries);
        if file.countries.as_ref().is_empty() {
            faults.push(Fault::error("country", &spot, "name the countries whose numbers may be texted"));
        }
        for country in file.countries.as_ref() {
            if country.len() != 2 || !country.bytes().all(|b| b.is_ascii_uppercase()) {
                let message =
                    format!("{country:?} is not an ISO 3166 code of two capital letters, such as US");
                faults.push(Fault::error("country", &spot, message));
            }
        }
        for zone in file.zones.iter().chain([&file.home_zone]) {
            if zone.as_ref().parse::<Tz>().is_err() {
                let message =
                    format!("{:?} is not an IANA time zone, such as America/Chicago", zone.as_ref());
                faults.push(Fault::error("zone", &at(drafts, program, zone), message));
            }
        }
        if !file.zones.iter().any(|zone| zone.as_ref() == file.home_zone.as_ref()) {
            let spot = at(drafts, program, &file.home_zone);
            faults.push(Fault::error("zone", &spot, "the home zone must be one of the program's zones"));
        }
        let place = file.place.as_ref();
        if place != "us-zip" && !drafts.places.iter().any(|(name, _)| name == place) {
            let message = format!("{place:?} is neither us-zip nor a file in places/");
            faults.push(Fault::error("place", &at(drafts, program, &file.place), message));
        }
        if file.emergency.as_ref().is_empty() {
            let spot = at(drafts, program, &file.emergency);
            faults.push(Fault::error("emergency", &spot, "replies need an emergency number"));
        }
    }
}

/// `cadence`, `window`, `spread`.
pub fn rhythm(drafts: &Drafts, _: NaiveDate, faults: &mut Vec<Fault>) {
    for program in &drafts.programs {
        let file = &program.value;
        for track in ["starter", "pregnancy", "baby"] {
            match file.cadence.get(track) {
                None => {
                    let message = format!("the track {track} has no cadence");
                    faults.push(Fault::error("cadence", &program.spot, message));
                }
                Some(text) => {
                    if let Err(error) = text.as_ref().parse::<Cadence>() {
                        faults.push(Fault::error("cadence", &at(drafts, program, text), error.to_string()));
                    }
                }
            }
        }
        if let Some(minutes) = file.spread_minutes.as_ref().filter(|m| !(0..=600).contains(m.as_ref())) {
            let message = "tips are spread over 0 to 600 minutes";
            faults.push(Fault::error("spread", &at(drafts, program, minutes), message));
        }
        let Some(window) = &file.window else { continue };
        let mut times = BTreeMap::new();
        let entries = [
            ("opens", Some(&window.opens)),
            ("closes", Some(&window.closes)),
            ("sunday_opens", window.sunday_opens.as_ref()),
        ];
        for (name, text) in entries {
            let Some(text) = text else { continue };
            match NaiveTime::parse_from_str(text.as_ref(), "%H:%M") {
                Ok(time) => {
                    times.insert(name, time);
                }
                Err(_) => {
                    faults.push(Fault::error("window", &at(drafts, program, text), "write a time as 09:00"))
                }
            }
        }
        let closes = times.get("closes");
        if ["opens", "sunday_opens"]
            .iter()
            .any(|name| times.get(name).is_some_and(|opens| Some(opens) >= closes))
        {
            let spot = at(drafts, program, &window.closes);
            faults.push(Fault::error(
                "window",
                &spot,
                "the window must close after it opens, on the same day",
            ));
        }
    }
}

/// `partner`: codes that can be told from other words, each once.
pub fn partners(drafts: &Drafts, _: NaiveDate, faults: &mut Vec<Fault>) {
    for (owner, file) in &drafts.partners {
        if !drafts.programs.iter().any(|program| program.value.id.as_ref() == owner) {
            faults.push(Fault::error("partner", &file.spot, format!("there is no program {owner:?}")));
        }
        let mut seen = BTreeSet::new();
        for entry in &file.value.partner {
            let (code, name) = (&entry.as_ref().code, &entry.as_ref().name);
            let spot = drafts.spot(&file.spot.file, entry.span());
            let letters = code.chars().all(char::is_alphanumeric) && (2..=20).contains(&code.chars().count());
            if !letters {
                faults.push(Fault::error(
                    "partner",
                    &spot,
                    "a code is 2 to 20 letters and figures, without spaces",
                ));
            }
            if !seen.insert(code.to_uppercase()) {
                faults.push(Fault::error("partner", &spot, format!("{code:?} is somebody's already")));
            }
            if name.trim().is_empty() {
                faults.push(Fault::error("partner", &spot, "say whose code it is"));
            }
        }
    }
}

/// `visit`: the schedule of visits can be followed.
pub fn visits(drafts: &Drafts, _: NaiveDate, faults: &mut Vec<Fault>) {
    for program in &drafts.programs {
        for entry in &program.value.visit {
            let visit = entry.as_ref();
            let last = match visit.track.as_str() {
                "pregnancy" => Some(42),
                "baby" => Some(52),
                _ => None,
            };
            let spot = at(drafts, program, entry);
            if last.is_none_or(|last| !(0..=last).contains(&visit.week)) {
                let message = "a visit is in a week of pregnancy (0 to 42) or of the baby's life (0 to 52)";
                faults.push(Fault::error("visit", &spot, message));
            }
            for language in program.value.languages.as_ref() {
                if visit.name.get(language).is_none_or(|name| name.trim().is_empty()) {
                    faults.push(Fault::error("visit", &spot, format!("its name is missing in {language}")));
                }
            }
        }
        if let Some(week) =
            program.value.stillbirth_from_week.as_ref().filter(|week| !(16..=28).contains(week.as_ref()))
        {
            let message = "countries count a stillbirth from a week between 16 and 28 on";
            faults.push(Fault::error("visit", &at(drafts, program, week), message));
        }
    }
}

/// `program-words`, `keyword`.
pub fn words(drafts: &Drafts, _: NaiveDate, faults: &mut Vec<Fault>) {
    let mut owners: BTreeMap<String, (String, BTreeSet<String>)> = BTreeMap::new();
    for program in &drafts.programs {
        let file = &program.value;
        for (field, words) in [
            ("name", &file.name),
            ("contact", &file.contact),
            ("frequency", &file.frequency),
            ("hours", &file.hours),
        ] {
            for language in file.languages.as_ref() {
                if words.as_ref().get(language).is_none_or(|text| text.trim().is_empty()) {
                    let message = format!("{field} is missing in {language}");
                    faults.push(Fault::error("program-words", &at(drafts, program, words), message));
                }
            }
        }
        for language in file.languages.as_ref() {
            if file.keywords.get(language).is_none_or(Vec::is_empty) {
                let message = format!("there is no keyword that starts the program in {language}");
                faults.push(Fault::error("keyword", &program.spot, message));
            }
        }
        for (language, words) in &file.keywords {
            for word in words {
                let spot = at(drafts, program, word);
                if word.as_ref().split_whitespace().count() != 1 {
                    faults.push(Fault::error("keyword", &spot, "a keyword is one word"));
                }
                let owner = owners
                    .entry(word.as_ref().to_uppercase())
                    .or_insert_with(|| (file.id.as_ref().clone(), BTreeSet::new()));
                if owner.0 != *file.id.as_ref() {
                    let message = format!("{:?} starts {} already", word.as_ref(), owner.0);
                    faults.push(Fault::error("keyword", &spot, message));
                } else if !owner.1.insert(language.clone()) {
                    faults.push(Fault::warning(
                        "keyword",
                        &spot,
                        format!("{:?} stands twice", word.as_ref()),
                    ));
                }
            }
        }
    }
}

fn at<T>(drafts: &Drafts, program: &At<ProgramFile>, value: &Spanned<T>) -> Spot {
    drafts.spot(&program.spot.file, value.span())
}
