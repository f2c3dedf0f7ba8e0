//! From a translator's file to proposals, entry by entry.

use std::collections::BTreeMap;

use unicode_normalization::UnicodeNormalization;

use super::export;
use super::po::{self, Entry, File};
use crate::library::edit::{Change, Field};
use crate::library::exchange::{
    Changed, Damaged, LONGEST, Outcome, Proposal, Proposals, Shelf, Verdict, mended,
};

/// A larger file is no translation of a library.
const LARGEST: usize = 50 * 1024 * 1024;

/// What a PO file asks for. `name` is the file's, for telling places: `es.po:120`.
pub fn import(bytes: &[u8], name: &str, shelf: &Shelf, program: &str) -> Result<Proposals, Damaged> {
    if bytes.len() > LARGEST {
        return Err(Damaged(format!(
            "{name} is larger than 50 MB: a library is far smaller. Nothing was read"
        )));
    }
    let file = po::read(bytes, name)?;
    let line = file.header_line;
    let language = file.field("Language").unwrap_or_default();
    if language.is_empty() {
        return Err(Damaged(format!(
            "{name}:{line}: its header names no language: write, for example, \"Language: es\\n\""
        )));
    }
    // A region says nothing here: es_US is Spanish.
    let language = language.split(['_', '-', '@', '.']).next().unwrap_or_default().to_lowercase();
    let source = export::target(shelf, program, &language)
        .map_err(|error| Damaged(format!("{name}:{line}: {error}")))?;
    let reader = Translation { name, shelf, program, language: &language, source: &source };
    let mut proposals = Proposals::default();
    let mut firsts: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for entry in &file.entries {
        firsts.entry(entry.context.as_deref().unwrap_or_default()).or_default().push(entry.line);
    }
    for entry in &file.entries {
        let context = entry.context.as_deref().unwrap_or_default();
        let other = firsts.get(context).into_iter().flatten().find(|line| **line != entry.line);
        proposals.rows.push(match other.filter(|_| !context.is_empty()) {
            Some(other) => {
                let why = format!("the tip {context:?} stands here and in line {other}: which one is meant?");
                Verdict::refused(reader.place(entry.line), Some(context), vec![why]).into()
            }
            None => reader.propose(entry),
        });
    }
    proposals.notes = reader.notes(&file, &firsts);
    Ok(proposals)
}

struct Translation<'a> {
    name: &'a str,
    shelf: &'a Shelf,
    program: &'a str,
    language: &'a str,
    source: &'a str,
}

impl Translation<'_> {
    fn place(&self, line: usize) -> String {
        format!("{}:{line}", self.name)
    }

    fn propose(&self, entry: &Entry) -> Proposal {
        let place = self.place(entry.line);
        let refused =
            |why: String| Verdict::refused(place.clone(), entry.context.as_deref(), vec![why]).into();
        let Some(id) = &entry.context else {
            return refused("the entry has no msgctxt, so nobody knows which tip it is".to_owned());
        };
        let Some(tip) = self.shelf.tip(id).filter(|tip| tip.program == self.program) else {
            return refused(format!("{} has no tip {id:?}: a translation cannot add one", self.program));
        };
        let source: String = tip.words.get(self.source).map_or("", String::as_str).nfc().collect();
        if entry.source.nfc().ne(source.chars()) {
            return refused(format!(
                "this translates other words than those that stand in the library now, which are {source:?}: \
                 export again and translate those"
            ));
        }
        if entry.translation.trim().is_empty() {
            return Verdict::skipped(place, Some(id), "not translated").into();
        }
        if entry.fuzzy {
            return Verdict::skipped(place, Some(id), "marked fuzzy, that is, to be looked over by somebody")
                .into();
        }
        let length = entry.translation.chars().count();
        if length > LONGEST {
            return refused(format!("the translation has {length} characters; a text has {LONGEST} at most"));
        }
        let standing = tip.words.get(self.language).map(String::as_str);
        let (words, note) = mended(standing, &entry.translation);
        let mut change = Change { program: self.program.to_owned(), tip: id.clone(), ..Change::default() };
        // Who takes the mark away has looked it over, whether or not the words were changed.
        let stale: Vec<&str> =
            tip.stale().into_iter().filter(|language| *language != self.language).collect();
        change.values.insert(Field::Stale, stale.join(", "));
        change.words.insert(self.language.to_owned(), words);
        let languages = self.shelf.languages(self.program).unwrap_or_default();
        let change = change.settled(tip, languages);
        let mut verdict = Verdict::same(place, Some(id));
        verdict.notes.extend(note);
        if change.is_empty() {
            return verdict.into();
        }
        verdict.outcome = Outcome::Changed;
        for (language, after) in &change.words {
            verdict.changes.push(Changed {
                place: Some(self.place(entry.translation_line)),
                field: format!("text {language}"),
                before: standing.unwrap_or_default().to_owned(),
                after: after.clone(),
            });
        }
        for (field, after) in &change.values {
            let before = tip.value(*field).to_owned();
            verdict.changes.push(Changed {
                place: None,
                field: field.name().to_owned(),
                before,
                after: after.clone(),
            });
        }
        Proposal { verdict, change: Some(change) }
    }

    fn notes(&self, file: &File, there: &BTreeMap<&str, Vec<usize>>) -> Vec<String> {
        let mut notes = Vec::new();
        if file.obsolete > 0 {
            notes.push(format!("{}: {} old entries (#~) were not read.", self.name, file.obsolete));
        }
        let tips = self.shelf.tips_of(self.program);
        let absent = tips.iter().filter(|tip| !there.contains_key(tip.id.as_str())).count();
        if absent > 0 {
            let program = self.program;
            notes.push(format!(
                "{}: {absent} tips of {program} are not in it; they stay as they are.",
                self.name
            ));
        }
        notes
    }
}
