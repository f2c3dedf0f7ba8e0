//! Checks over what a tip says.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use toml::Spanned;

use super::{at, is_endless, needs as need_named, program_of, track as track_of};
use crate::domain::gestation::Track;
use crate::domain::plan::Needs;
use crate::domain::reading::sentences_of;
use crate::domain::wording::placeholders;
use crate::library::fault::{Fault, Spot};
use crate::library::format::{At, Drafts, ProgramFile, TipEntry};
use crate::library::glossary::{Claim, Glossary, Sought};
use crate::library::help;

/// What a tip's words may use, beside the help of her place.
const PLACEHOLDERS: [&str; 3] = ["program", "contact", "emergency"];

/// `tip-words`, `placeholder`, `same-text`.
pub fn words(drafts: &Drafts, _: NaiveDate, faults: &mut Vec<Fault>) {
    let mut seen: BTreeMap<(&str, &str, String), Spot> = BTreeMap::new();
    for (owner, tip) in &drafts.tips {
        let program = program_of(drafts, owner);
        for language in program.map_or(&[][..], |program| program.languages.as_ref()) {
            if tip.value.text.get(language).is_none_or(|text| text.as_ref().trim().is_empty()) {
                faults.push(Fault::error("tip-words", &tip.spot, format!("text.{language} is missing")));
            }
        }
        for (language, text) in &tip.value.text {
            let spot = at(drafts, tip, text);
            if program.is_some_and(|program| !program.languages.as_ref().contains(language)) {
                let message = format!("the program does not speak {language:?}");
                faults.push(Fault::error("tip-words", &spot, message));
            }
            for name in placeholders(text.as_ref()) {
                if !known(drafts, program, name) {
                    faults.push(Fault::error("placeholder", &spot, format!("a tip cannot know {{{name}}}")));
                }
            }
            if is_endless(text.as_ref()) {
                continue;
            }
            let alike = Sought::new(text.as_ref()).words().join(" ");
            if alike.is_empty() {
                continue;
            }
            if let Some(first) = seen.get(&(owner.as_str(), language.as_str(), alike.clone())) {
                let message = format!("the same words stand in {}:{}", first.file, first.line);
                faults.push(Fault::warning("same-text", &spot, message));
            } else {
                seen.insert((owner, language, alike), spot);
            }
        }
    }
}

/// Whether words that go to her may use a placeholder.
pub(super) fn known(drafts: &Drafts, program: Option<&ProgramFile>, name: &str) -> bool {
    PLACEHOLDERS.contains(&name) || program.is_some_and(|program| help::knows(drafts, program, name))
}

/// `glossary`: words that the language's glossary would have written otherwise.
pub fn glossary(drafts: &Drafts, _: NaiveDate, faults: &mut Vec<Fault>) {
    each_text(drafts, |glossary, tip, language, text, spot| {
        let track = tip.value.track.as_ref().map_or("", |track| track.as_ref().as_str());
        let sought = Sought::new(text);
        for avoid in glossary.avoided(&sought, track) {
            let mut message = format!("{language}: {:?}", avoid.found);
            if let Some(instead) = &avoid.instead {
                message.push_str(&format!(": write {instead:?}"));
            }
            if let Some(why) = &avoid.why {
                message.push_str(&format!(" ({why})"));
            }
            faults.push(Fault::warning("glossary", &spot, message));
        }
    });
}

/// `birth-words`, `pregnancy-words`: what a text takes for granted must be what its `needs` says.
pub fn claims(drafts: &Drafts, _: NaiveDate, faults: &mut Vec<Fault>) {
    each_text(drafts, |glossary, tip, language, text, spot| {
        let needs = tip.value.needs.as_ref().and_then(|needs| need_named(needs.as_ref()));
        // About her alone in the baby's year, her birth is behind her.
        let after_birth =
            matches!(track_of(&tip.value), Some(Track::Baby | Track::Farewell | Track::Loss(_)));
        let (birth, pregnancy) = match needs {
            None => return,
            Some(Needs::Pregnancy) => (true, false),
            Some(Needs::Baby) => (false, true),
            Some(Needs::Mother | Needs::Neutral | Needs::Either) => (!after_birth, true),
        };
        for (check, found, what) in claimed(glossary, text, birth, pregnancy) {
            let message = format!(
                "{language}: {found:?} takes {what} for granted: say \"if\", or change what the tip needs"
            );
            faults.push(Fault::error(check, &spot, message));
        }
    });
}

/// The same of what questions say days later: by then the baby may have come, or has, where tips of its first year ask.
pub fn later_claims(drafts: &Drafts, _: NaiveDate, faults: &mut Vec<Fault>) {
    let glossaries = glossaries(drafts);
    for (owner, file) in &drafts.questions {
        let questions = || file.value.question.iter().map(Spanned::as_ref);
        let outcomes = || questions().flat_map(|question| &question.outcome).map(Spanned::as_ref);
        let later = || outcomes().filter_map(|outcome| outcome.later.as_ref());
        let asked_later = |id: &String| later().any(|later| later.question.as_ref() == Some(id));
        let ask: Vec<&String> =
            questions().filter_map(|question| Some(question.tip.as_ref()?.as_ref())).collect();
        let asks = |tip: &TipEntry| tip.id.as_ref().is_some_and(|id| ask.contains(&id.as_ref()));
        let tips = drafts.tips.iter().filter(|(program, tip)| program == owner && asks(&tip.value));
        let tracks: BTreeSet<Option<Track>> = tips.map(|(_, tip)| track_of(&tip.value)).collect();
        let after_birth = tracks.iter().eq([&Some(Track::Baby)]);
        let said = questions().filter(|question| asked_later(question.id.as_ref())).map(|asked| &asked.text);
        for (language, text) in said.chain(later().map(|later| &later.text)).flatten() {
            let Some(glossary) = glossaries.get(language.as_str()) else { continue };
            for (check, found, what) in claimed(glossary, text.as_ref(), !after_birth, true) {
                let spot = drafts.spot(&file.spot.file, text.span());
                let message =
                    format!("{language}: {found:?} takes {what} for granted, days later: say \"if\"");
                faults.push(Fault::error(check, &spot, message));
            }
        }
    }
}

/// What a text takes for granted, of a birth and of a pregnancy as asked: the check, the words, what they claim.
fn claimed(
    glossary: &Glossary,
    text: &str,
    birth: bool,
    pregnancy: bool,
) -> Vec<(&'static str, String, &'static str)> {
    let checks = [
        (birth, Claim::Birth, "birth-words", "a birth that nobody has confirmed"),
        (pregnancy, Claim::Pregnancy, "pregnancy-words", "a pregnancy that may be over"),
    ];
    let mut all = Vec::new();
    for sentence in sentences_of(text) {
        let sought = Sought::new(sentence);
        for (_, claim, check, what) in checks.iter().filter(|(wanted, ..)| *wanted) {
            let found = glossary.claimed(&sought, *claim);
            all.extend(found.map(|found| (*check, found.to_owned(), *what)));
        }
    }
    all
}

fn glossaries(drafts: &Drafts) -> BTreeMap<&str, Glossary> {
    let each = drafts.glossaries.iter();
    each.map(|(language, file)| (language.as_str(), Glossary::new(&file.value))).collect()
}

fn each_text(drafts: &Drafts, mut look: impl FnMut(&Glossary, &At<TipEntry>, &str, &str, Spot)) {
    let glossaries = glossaries(drafts);
    for (_, tip) in &drafts.tips {
        for (language, text) in &tip.value.text {
            if let Some(glossary) = glossaries.get(language.as_str()).filter(|_| !is_endless(text.as_ref())) {
                look(glossary, tip, language, text.as_ref(), at(drafts, tip, text));
            }
        }
    }
}
