//! From checked drafts to a library ready for use. What the checks have let through is taken as right here;
//! the one way to fail is a check that is missing, and that says so.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{NaiveDate, NaiveTime, TimeDelta};
use intl_pluralrules::{PluralRuleType, PluralRules};
use toml::Spanned;
use unic_langid::LanguageIdentifier;

use super::fault::{Fault, Spot};
use super::format::{
    Drafts, PlacesFile, ProgramFile, RepliesFile, ReplyEntry, TipEntry, UnitEntry, VisitEntry,
};
use super::help::{self, Filling, HelpFile};
use super::places::{Areas, PlaceKind, Places, tidy};
use super::program::{Program, Text, Tip, Visit, Words};
use super::questions;
use super::replies::{CHOICE_KEYS, Replies};
use super::{Files, Library, checks};
use crate::domain::calendar::{Cadence, Window};
use crate::domain::conversation::Reply;
use crate::domain::danger::Dangers;
use crate::domain::gestation::Track;
use crate::domain::keyword::{Keywords, StartWord};
use crate::domain::language::Language;
use crate::domain::plan::{Needs, ReadBy, Slot, Timetable};
use crate::domain::request::Requests;

/// Completed weeks from which a loss before birth is a stillbirth, where a program does not say.
const STILLBIRTH_FROM: i64 = 20;

/// Makes the library. The words of danger are taken out of the drafts: they are most of what is read.
pub fn compile(drafts: &mut Drafts, files: &Files) -> Result<Library, Fault> {
    build(drafts, files).ok_or_else(|| {
        let nowhere = Spot { file: "library".to_owned(), line: 1 };
        Fault::error(
            "compile",
            &nowhere,
            "the library passed its checks and still cannot be used: please report this",
        )
    })
}

fn build(drafts: &mut Drafts, files: &Files) -> Option<Library> {
    let mut programs = BTreeMap::new();
    for program in &drafts.programs {
        let compiled = self::program(&program.value, drafts)?;
        programs.insert(compiled.id.clone(), compiled);
    }
    let starts = programs.values().flat_map(|program| {
        program.keywords.iter().map(|(language, word)| StartWord {
            program: program.id.clone(),
            language: language.to_string(),
            word: word.clone(),
        })
    });
    let words = drafts.keywords.iter().map(|(language, file)| (language.clone(), file.value.clone()));
    let keywords = Keywords::new(words, starts.collect::<Vec<_>>());
    let mut spoken = BTreeMap::new();
    for (language, file) in &drafts.keywords {
        let words = Keywords::new([(language.clone(), file.value.clone())], []);
        spoken.insert(language.parse().ok()?, words);
    }
    let mut replies = BTreeMap::new();
    for (language, file) in &drafts.replies {
        replies.insert(language.parse().ok()?, self::replies(language, &file.value)?);
    }
    let mut dates = BTreeMap::new();
    for (language, file) in &drafts.dates {
        dates.insert(language.parse().ok()?, file.value.clone());
    }
    let mut places = BTreeMap::new();
    for (name, file) in &drafts.places {
        let help = drafts.helps.iter().find(|(place, _)| place == name).map(|(_, file)| &file.value);
        places.insert(name.clone(), self::places(&file.value, help)?);
    }
    let first_dates = dates.values().next()?.clone();
    let asked = drafts.requests.iter().filter_map(|(language, file)| {
        let keywords = drafts.keywords.iter().find(|(code, _)| code == language)?;
        Some((language.clone(), file.value.clone(), &keywords.1.value))
    });
    let requests = Requests::new(asked);
    let mut dangers = Vec::new();
    for (language, file) in std::mem::take(&mut drafts.dangers) {
        dangers.push((language.parse().ok()?, file.value));
    }
    let dangers = Dangers::new(dangers);
    let mut times = BTreeMap::new();
    for (language, file) in &drafts.times {
        times.insert(language.parse().ok()?, file.value.clone());
    }
    let first_times = times.values().next().cloned().unwrap_or_default();
    let (hash, files) = (files.hash(), files.clone());
    Some(Library {
        requests,
        dangers,
        times,
        first_times,
        hash,
        files,
        programs,
        keywords,
        spoken,
        replies,
        dates,
        first_dates,
        places,
    })
}

fn program(file: &ProgramFile, drafts: &Drafts) -> Option<Program> {
    let id = file.id.as_ref().clone();
    let languages =
        file.languages.as_ref().iter().map(|l| l.parse().ok()).collect::<Option<Vec<Language>>>()?;
    let entries: Vec<&TipEntry> =
        drafts.tips.iter().filter(|(owner, _)| *owner == id).map(|(_, tip)| &tip.value).collect();
    let starter_days =
        entries.iter().filter(|tip| stands_in(tip, Track::Starter)).filter_map(|tip| slot_number(tip)).max();
    let need = |tip: &TipEntry| checks::needs(tip.needs.as_ref()?.as_ref());
    let of_baby = |tip: &&&TipEntry| stands_in(tip, Track::Starter) && need(tip) == Some(Needs::Baby);
    let newborn: BTreeSet<u32> = entries.iter().filter(of_baby).filter_map(|tip| slot_number(tip)).collect();
    let lost = |tip: &&&TipEntry| matches!(checks::track(tip), Some(Track::Loss(_)));
    let support_texts = entries.iter().filter(lost).filter_map(|tip| slot_number(tip)).max();
    let cadence = |track: &str| file.cadence.get(track)?.as_ref().parse::<Cadence>().ok();
    let timetable = Timetable {
        window: window(file)?,
        spread: TimeDelta::minutes(file.spread_minutes.as_ref().map_or(60, |minutes| *minutes.as_ref())),
        starter_days: starter_days.unwrap_or(0),
        newborn: newborn.into_iter().collect(),
        farewell: entries.iter().any(|tip| stands_in(tip, Track::Farewell)),
        support_texts: support_texts.unwrap_or(0),
        starter: cadence("starter")?,
        pregnancy: cadence("pregnancy")?,
        baby: cadence("baby")?,
    };
    let place = match file.place.as_ref().as_str() {
        "us-zip" => PlaceKind::UsZip,
        name => PlaceKind::File(name.to_owned()),
    };
    // Keywords keep the order of the program's languages, so that the first language wins a shared word.
    let keywords = languages
        .iter()
        .flat_map(|language| {
            let words = file.keywords.get(language.as_str()).map_or(&[][..], Vec::as_slice);
            words.iter().map(|word| (*language, word.as_ref().clone()))
        })
        .collect();
    let mut program = Program {
        id,
        languages,
        countries: file.countries.as_ref().clone(),
        emergency: file.emergency.as_ref().clone(),
        place,
        home_zone: file.home_zone.as_ref().parse().ok()?,
        zones: file.zones.iter().map(|zone| zone.as_ref().parse().ok()).collect::<Option<_>>()?,
        timetable,
        keywords,
        names: by_language(&file.name)?,
        contacts: by_language(&file.contact)?,
        frequencies: by_language(&file.frequency)?,
        tips: HashMap::new(),
        longest_week: 0,
        seconds: HashMap::new(),
        hours: by_language(&file.hours)?,
        lines: lines(file, drafts),
        stillbirth_from: file.stillbirth_from_week.as_ref().map_or(STILLBIRTH_FROM, |week| *week.as_ref()),
        visits: visits(file)?,
        questions: BTreeMap::new(),
        asked_by: HashMap::new(),
        partners: partners(file, drafts),
    };
    let filling = Filling::of(file, drafts);
    for (_, questions) in drafts.questions.iter().filter(|(owner, _)| *owner == program.id) {
        for entry in questions.value.question.iter().map(Spanned::as_ref) {
            let asking = questions::compile(entry, &filling)?;
            let id = asking.question.id.clone();
            program.asked_by.extend(asking.question.tip.clone().map(|tip| (tip, id.clone())));
            program.questions.insert(id, asking);
        }
    }
    let mut seconds = 0;
    for entry in entries {
        let (mut slot, tip) = tip(entry, &filling)?;
        if let Some(of) = &entry.of {
            seconds += 1;
            slot.number = seconds;
            program.seconds.insert(of.as_ref().clone(), slot);
        }
        program.tips.entry(slot).or_default().push(tip);
    }
    program.longest_week = program.tips.keys().map(|slot| slot.number).max().unwrap_or(0).min(50);
    Some(program)
}

/// The numbers that answers to danger name.
fn lines(file: &ProgramFile, drafts: &Drafts) -> BTreeMap<String, String> {
    let found = ["crisis", "women", "poison"].into_iter().filter_map(|key| {
        let help = help::of(drafts, file, &format!("place.{key}"))?;
        let number = help.national.as_ref()?.as_ref().number.as_ref()?.as_ref().clone();
        Some((key.to_owned(), number))
    });
    found.collect()
}

/// Codes of partners, as they are compared: in capitals.
fn partners(file: &ProgramFile, drafts: &Drafts) -> BTreeMap<String, String> {
    let files = drafts.partners.iter().filter(|(owner, _)| owner == file.id.as_ref());
    let entries = files.flat_map(|(_, file)| &file.value.partner).map(Spanned::as_ref);
    entries.map(|entry| (entry.code.to_uppercase(), entry.name.clone())).collect()
}

fn visits(file: &ProgramFile) -> Option<Vec<Visit>> {
    let visit = |entry: &VisitEntry| {
        let track = if entry.track == "baby" { Track::Baby } else { Track::Pregnancy };
        let name = entry.name.iter().map(|(language, name)| Some((language.parse().ok()?, name.clone())));
        Some(Visit { track, week: entry.week, name: name.collect::<Option<_>>()? })
    };
    file.visit.iter().map(|entry| visit(entry.as_ref())).collect()
}

fn by_language(words: &Spanned<BTreeMap<String, String>>) -> Option<BTreeMap<Language, String>> {
    words.as_ref().iter().map(|(language, text)| Some((language.parse().ok()?, text.clone()))).collect()
}

fn window(file: &ProgramFile) -> Option<Window> {
    let time = |text: &str| NaiveTime::parse_from_str(text, "%H:%M").ok();
    let default = Window { opens: time("09:00")?, closes: time("20:00")?, sunday_opens: time("12:00")? };
    let Some(entry) = &file.window else {
        return Some(default);
    };
    Some(Window {
        opens: time(entry.opens.as_ref())?,
        closes: time(entry.closes.as_ref())?,
        sunday_opens: match &entry.sunday_opens {
            Some(text) => time(text.as_ref())?,
            None => default.sunday_opens,
        },
    })
}

fn stands_in(tip: &TipEntry, track: Track) -> bool {
    checks::track(tip) == Some(track)
}

fn slot_number(tip: &TipEntry) -> Option<u32> {
    u32::try_from(*tip.slot.as_ref()?.as_ref()).ok()
}

fn tip(entry: &TipEntry, filling: &Filling<'_>) -> Option<(Slot, Tip)> {
    let slot = Slot {
        track: checks::track(entry)?,
        week: entry.week.as_ref().map_or(0, |week| *week.as_ref()),
        number: slot_number(entry).unwrap_or(1),
    };
    let mut texts = BTreeMap::new();
    for (language, words) in &entry.text {
        let language = language.parse().ok()?;
        let text = |region| Text::new(&filling.words(language, region, words.as_ref()));
        let regions = filling.regions(words.as_ref()).into_iter();
        let local = regions.map(|region| (region.to_owned(), text(Some(region)))).collect();
        texts.insert(language, Words { national: text(None), local, stale: entry.is_stale(language) });
    }
    let review = entry.review.as_ref()?.as_ref();
    let approved = review.state.as_ref()?.as_ref() == "approved";
    let tip = Tip {
        id: entry.id.as_ref()?.as_ref().as_str().into(),
        topic: entry.topic.as_ref()?.as_ref().clone(),
        needs: checks::needs(entry.needs.as_ref()?.as_ref())?,
        reader: match &entry.reader {
            None => ReadBy::Mother,
            Some(reader) => ReadBy::named(reader.as_ref())?,
        },
        priority: u8::try_from(*entry.priority.as_ref()?.as_ref()).ok()?,
        approved_until: match review.expires_on.as_ref() {
            _ if !approved => None,
            Some(date) => Some(checks::date(date.as_ref())?),
            None => Some(NaiveDate::MAX),
        },
        texts,
    };
    Some((slot, tip))
}

fn replies(language: &str, file: &RepliesFile) -> Option<Replies> {
    let words = |key: &str| match file.get(key)?.as_ref() {
        ReplyEntry::Words(words) => Some(words.clone()),
        ReplyEntry::Units(_) => None,
    };
    let units: BTreeMap<String, UnitEntry> = match file.get("units")?.as_ref() {
        ReplyEntry::Units(units) => units.clone(),
        ReplyEntry::Words(_) => return None,
    };
    let identifier: LanguageIdentifier = language.parse().ok()?;
    Some(Replies {
        texts: Reply::ALL.iter().map(|reply| Some((*reply, words(reply.name())?))).collect::<Option<_>>()?,
        choices: CHOICE_KEYS.iter().map(|key| Some((*key, words(key)?))).collect::<Option<_>>()?,
        units,
        plurals: PluralRules::create(identifier, PluralRuleType::CARDINAL).ok()?,
    })
}

fn places(file: &PlacesFile, help: Option<&HelpFile>) -> Option<Places> {
    let mut areas = Areas::default();
    for region in help.into_iter().flat_map(|help| &help.region).map(Spanned::as_ref) {
        let code = |text: String| (text, region.code.clone());
        areas.postcodes.extend(region.postcodes.iter().cloned().map(code));
        areas.cities.extend(region.cities.iter().map(|name| tidy(name)).map(code));
    }
    let mut places = Places { digits: file.digits, postcodes: HashMap::new(), cities: HashMap::new(), areas };
    for zone in &file.zone {
        let tz = zone.name.as_ref().parse().ok()?;
        places.postcodes.extend(zone.postcodes.iter().map(|start| (start.as_ref().clone(), tz)));
        places
            .cities
            .extend(zone.cities.iter().map(|name| (tidy(name.as_ref()), (name.as_ref().clone(), tz))));
    }
    Some(places)
}
