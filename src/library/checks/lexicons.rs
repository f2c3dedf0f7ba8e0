//! Checks over `lexicons/<language>/`: every language has them, and their lists name nothing that is not there.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::languages;
use crate::library::fault::{Fault, Spot};
use crate::library::format::{At, Drafts};

/// `lexicon-missing`.
pub fn missing(drafts: &Drafts, _: NaiveDate, faults: &mut Vec<Fault>) {
    let kinds: [(&str, BTreeSet<&str>); 5] = [
        ("dates", named(&drafts.dates)),
        ("keywords", named(&drafts.keywords)),
        ("requests", named(&drafts.requests)),
        ("times", named(&drafts.times)),
        ("danger", named(&drafts.dangers)),
    ];
    for language in languages(drafts) {
        for (kind, _) in kinds.iter().filter(|(_, there)| !there.contains(language.as_str())) {
            let spot = Spot { file: format!("lexicons/{language}/{kind}.toml"), line: 1 };
            faults.push(Fault::error("lexicon-missing", &spot, format!("a program speaks {language}")));
        }
    }
}

fn named<T>(files: &[(String, At<T>)]) -> BTreeSet<&str> {
    files.iter().map(|(language, _)| language.as_str()).collect()
}

/// `keywords`, `requests`, `times`, `danger`: what only shows once a whole file is read.
pub fn sound(drafts: &Drafts, _: NaiveDate, faults: &mut Vec<Fault>) {
    let mut tell = |check, spot: &Spot, told: Vec<String>| {
        faults.extend(told.into_iter().map(|message| Fault::error(check, spot, message)));
    };
    for (_, file) in &drafts.keywords {
        tell("keywords", &file.spot, file.value.faults());
    }
    for (language, file) in &drafts.requests {
        // Without keywords of that language `lexicon-missing` has told what is wrong.
        if let Some((_, keywords)) = drafts.keywords.iter().find(|(code, _)| code == language) {
            tell("requests", &file.spot, file.value.faults(&keywords.value));
        }
    }
    for (_, file) in &drafts.times {
        tell("times", &file.spot, file.value.faults());
    }
    for (_, file) in &drafts.dangers {
        tell("danger", &file.spot, file.value.faults());
    }
}
