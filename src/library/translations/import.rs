//! From a translator's file to proposals, entry by entry.

use std::collections::BTreeMap;

use unicode_normalization::UnicodeNormalization;

use super::export;
use super::po::{self, Entry, File};
use crate::library::edit::{Change, Field};
use crate::library::exchange::{
    Changed, Damaged, LONGEST, Note, Outcome, Proposal, Proposals, Shelf, Verdict, Why, WrongLine, mended,
};

/// A larger file is no translation of a library.
const LARGEST: usize = 50 * 1024 * 1024;

/// What a PO file asks for. `name` is the file's, for telling places: `es.po:120`.
pub fn import(bytes: &[u8], name: &str, shelf: &Shelf, program: &str) -> Result<Proposals, Damaged> {
    if bytes.len() > LARGEST {
        return Err(Damaged::Large { name: Some(name.to_owned()), megabytes: LARGEST / 1024 / 1024 });
    }
    let file = po::read(bytes, name)?;
    let wrong = |wrong| Damaged::Translation { place: format!("{name}:{}", file.header_line), wrong };
    let language = file.field("Language").unwrap_or_default();
    if language.is_empty() {
        return Err(wrong(WrongLine::NoLanguage));
    }
    // A region says nothing here: es_US is Spanish.
    let language = language.split(['_', '-', '@', '.']).next().unwrap_or_default().to_lowercase();
    let source = export::target(shelf, program, &language).map_err(|error| wrong(error.into()))?;
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
                let why = Why::EntryTwice { tip: context.to_owned(), line: *other };
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
        let refused = |why: Why| Verdict::refused(place.clone(), entry.context.as_deref(), vec![why]).into();
        let Some(id) = &entry.context else {
            return refused(Why::NoContext);
        };
        let Some(tip) = self.shelf.tip(id).filter(|tip| tip.program == self.program) else {
            return refused(Why::NoTip { program: self.program.to_owned(), tip: id.clone() });
        };
        let source: String = tip.words.get(self.source).map_or("", String::as_str).nfc().collect();
        if entry.source.nfc().ne(source.chars()) {
            return refused(Why::OtherWords(source));
        }
        if entry.translation.trim().is_empty() {
            return Verdict::skipped(place, Some(id), Why::Untranslated).into();
        }
        if entry.fuzzy {
            return Verdict::skipped(place, Some(id), Why::Fuzzy).into();
        }
        let length = entry.translation.chars().count();
        if length > LONGEST {
            return refused(Why::Lengthy { length, most: LONGEST });
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
        verdict.notes.extend(note.map(|how| Note::Mended { place: None, how }));
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

    fn notes(&self, file: &File, there: &BTreeMap<&str, Vec<usize>>) -> Vec<Note> {
        let mut notes = Vec::new();
        if file.obsolete > 0 {
            notes.push(Note::Obsolete { file: self.name.to_owned(), count: file.obsolete });
        }
        let tips = self.shelf.tips_of(self.program);
        let absent = tips.iter().filter(|tip| !there.contains_key(tip.id.as_str())).count();
        if absent > 0 {
            let (file, program) = (self.name.to_owned(), self.program.to_owned());
            notes.push(Note::WithoutEntry { file, count: absent, program });
        }
        notes
    }
}
