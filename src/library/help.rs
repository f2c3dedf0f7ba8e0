//! `places/<place>/help.toml`: names and numbers of help, for the whole country and for its regions. A tip asks for
//! hers as `{place.medicaid}`; who lives nowhere in the list, or has not told where, gets the national one.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;

use super::format::{Drafts, ProgramFile, SourceEntry};
use crate::domain::language::Language;
use crate::domain::segment;
use crate::domain::wording::fill;

/// How a placeholder for help begins.
const PREFIX: &str = "place.";

/// The file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HelpFile {
    /// Kinds of help.
    #[serde(default)]
    pub help: Vec<Spanned<HelpEntry>>,
    /// Where the regions lie, unless the program's places know it, as with ZIP codes.
    #[serde(default)]
    pub region: Vec<Spanned<RegionEntry>>,
}

/// A kind of help.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HelpEntry {
    /// What tips call it: small letters.
    pub key: Spanned<String>,
    /// For everybody else.
    pub national: Option<Spanned<LineEntry>>,
    /// By region.
    #[serde(default)]
    pub local: Vec<Spanned<LineEntry>>,
    /// Where all of them are from.
    pub source: Option<SourceEntry>,
}

/// One name and number.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LineEntry {
    /// The region's code; none in the national one.
    pub region: Option<Spanned<String>>,
    /// By language; may be left out where the number says enough.
    #[serde(default)]
    pub name: BTreeMap<String, Spanned<String>>,
    /// As it is dialed.
    pub number: Option<Spanned<String>>,
    /// Where it is from, if elsewhere than the others.
    pub url: Option<Spanned<String>>,
}

/// Where a region lies.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RegionEntry {
    /// Its code.
    pub code: String,
    /// Beginnings of its postcodes.
    #[serde(default)]
    pub postcodes: Vec<String>,
    /// Its towns and its own name, as people write them.
    #[serde(default)]
    pub cities: Vec<String>,
}

impl LineEntry {
    /// Its words in a language: name and number.
    pub fn words(&self, language: Language) -> String {
        let name = self.name.get(language.as_str()).map_or("", |name| name.as_ref().as_str());
        let number = self.number.as_ref().map_or("", |number| number.as_ref().as_str());
        format!("{name} {number}").trim().to_owned()
    }
}

/// Whether a program's tips may use a placeholder, because its places name such help.
pub fn knows(drafts: &Drafts, program: &ProgramFile, placeholder: &str) -> bool {
    of(drafts, program, placeholder).is_some()
}

/// The help a placeholder asks for.
pub fn of<'a>(drafts: &'a Drafts, program: &ProgramFile, placeholder: &str) -> Option<&'a HelpEntry> {
    let key = placeholder.strip_prefix(PREFIX)?;
    let (_, file) = drafts.helps.iter().find(|(place, _)| place == program.place.as_ref())?;
    file.value.help.iter().map(Spanned::as_ref).find(|help| help.key.as_ref() == key)
}

/// What a program's placeholders become.
pub struct Filling<'a> {
    program: &'a ProgramFile,
    drafts: &'a Drafts,
}

impl<'a> Filling<'a> {
    /// Of a program.
    pub fn of(program: &'a ProgramFile, drafts: &'a Drafts) -> Self {
        Self { program, drafts }
    }

    /// The words as who lives in `region` gets them; without one, as everybody else does.
    pub fn words(&self, language: Language, region: Option<&str>, template: &str) -> String {
        self.filled(language, template, |help| {
            let lives = |line: &&Spanned<LineEntry>| {
                line.as_ref().region.as_ref().is_some_and(|code| Some(code.as_ref().as_str()) == region)
            };
            let line = help.local.iter().find(lives).or(help.national.as_ref())?;
            Some(line.as_ref().words(language))
        })
    }

    /// The words with the longest help there is in each place, which decides how many SMS a tip may take.
    pub fn longest(&self, language: Language, template: &str) -> String {
        self.filled(language, template, |help| {
            let lines = help.local.iter().chain(&help.national).map(|line| line.as_ref().words(language));
            lines.max_by_key(|words| segment::count(words).units)
        })
    }

    /// The regions in which a text reads otherwise than in the country as a whole.
    pub fn regions(&self, template: &str) -> Vec<&'a str> {
        let named = crate::domain::wording::placeholders(template);
        let helps = named.into_iter().filter_map(|name| of(self.drafts, self.program, name));
        let mut regions: Vec<&str> = helps
            .flat_map(|help| &help.local)
            .filter_map(|line| Some(line.as_ref().region.as_ref()?.as_ref().as_str()))
            .collect();
        regions.sort_unstable();
        regions.dedup();
        regions
    }

    fn filled(
        &self,
        language: Language,
        template: &str,
        line: impl Fn(&HelpEntry) -> Option<String>,
    ) -> String {
        let own = |words: &Spanned<BTreeMap<String, String>>| {
            let words = words.as_ref();
            let first = || words.get(self.program.languages.as_ref().first()?);
            words.get(language.as_str()).or_else(first).cloned()
        };
        fill(template, |name| match name {
            "program" => own(&self.program.name),
            "contact" => own(&self.program.contact),
            "emergency" => Some(self.program.emergency.as_ref().clone()),
            _ => line(of(self.drafts, self.program, name)?),
        })
    }
}
