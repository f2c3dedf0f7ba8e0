//! Checks over `places/<place>/help.toml`.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use toml::Spanned;

use super::sources::is_link;
use crate::library::fault::{Fault, Spot};
use crate::library::format::{At, Drafts};
use crate::library::help::{HelpEntry, HelpFile, LineEntry};
use crate::library::places::STATES;

/// `help-key`, `help-national`, `help-line`, `help-region`, `help-source`.
pub fn helps(drafts: &Drafts, _: NaiveDate, faults: &mut Vec<Fault>) {
    for (place, file) in &drafts.helps {
        let speakers = drafts.programs.iter().filter(|program| program.value.place.as_ref() == place);
        let languages: BTreeSet<&str> = speakers
            .flat_map(|program| program.value.languages.as_ref().iter().map(String::as_str))
            .collect();
        let regions: BTreeSet<&str> = match place.as_str() {
            "us-zip" => STATES.iter().copied().collect(),
            _ => file.value.region.iter().map(|region| region.as_ref().code.as_str()).collect(),
        };
        let mut keys = BTreeSet::new();
        for help in &file.value.help {
            let look = Look { drafts, file, languages: &languages, regions: &regions };
            let key = help.as_ref().key.as_ref();
            if key.is_empty()
                || !key.bytes().all(|b| b.is_ascii_lowercase() || b == b'-')
                || !keys.insert(key)
            {
                let message = format!("{key:?}: a key is small letters and hyphens, and each stands once");
                faults.push(Fault::error("help-key", &look.at(&help.as_ref().key), message));
            }
            look.help(help, faults);
        }
    }
}

struct Look<'a> {
    drafts: &'a Drafts,
    file: &'a At<HelpFile>,
    languages: &'a BTreeSet<&'a str>,
    regions: &'a BTreeSet<&'a str>,
}

impl Look<'_> {
    fn help(&self, entry: &Spanned<HelpEntry>, faults: &mut Vec<Fault>) {
        let help = entry.as_ref();
        match &help.national {
            None => {
                let message = "say what everybody else gets: [help.national]";
                faults.push(Fault::error("help-national", &self.at(entry), message));
            }
            Some(line) => self.line(line, faults),
        }
        let source = help.source.as_ref().and_then(|source| source.url.as_ref());
        if source.is_none_or(|url| !is_link(url.as_ref())) {
            let message = "say where the numbers are from: [help.source] with an address https://…";
            faults.push(Fault::error("help-source", &self.at(entry), message));
        }
        let mut seen = BTreeSet::new();
        for line in &help.local {
            let spot = self.at(line);
            match line.as_ref().region.as_ref().map(|region| region.as_ref().as_str()) {
                None => faults.push(Fault::error("help-region", &spot, "region is missing")),
                Some(code) if !self.regions.contains(code) => {
                    faults.push(Fault::error("help-region", &spot, format!("{code:?} is no region here")));
                }
                Some(code) if !seen.insert(code) => {
                    faults.push(Fault::error("help-region", &spot, format!("{code:?} stands twice")));
                }
                Some(_) => {}
            }
            self.line(line, faults);
        }
    }

    fn line(&self, line: &Spanned<LineEntry>, faults: &mut Vec<Fault>) {
        let spot = self.at(line);
        let entry = line.as_ref();
        let dialed = |number: &str| {
            number.bytes().any(|b| b.is_ascii_digit())
                && number.chars().all(|c| c.is_ascii_alphanumeric() || " -()+*#".contains(c))
        };
        if entry.number.as_ref().is_none_or(|number| !dialed(number.as_ref())) {
            faults.push(Fault::error(
                "help-line",
                &spot,
                "number is missing, or holds signs that nobody dials",
            ));
        }
        for language in self.languages {
            if !entry.name.is_empty() && !entry.name.contains_key(*language) {
                faults.push(Fault::error("help-line", &spot, format!("name.{language} is missing")));
            }
        }
        if let Some(url) = entry.url.as_ref().filter(|url| !is_link(url.as_ref())) {
            let message = format!("{:?} is not an address of the form https://…", url.as_ref());
            faults.push(Fault::error("help-source", &self.at(url), message));
        }
    }

    fn at<T>(&self, value: &Spanned<T>) -> Spot {
        self.drafts.spot(&self.file.spot.file, value.span())
    }
}
