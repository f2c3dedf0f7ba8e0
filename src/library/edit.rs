//! Changes to the authors' files, made in memory: nothing but what changes is touched, to the byte. Comments, order
//! and layout are the authors' own.
//!
//! Two rules go with every change of words, whoever makes it ([`Change::settled`]): a reviewer's signature stands
//! under the words it was given for, so the tip is a draft again; and a translation of other words is stale.

mod fresh;
mod page;

use std::collections::BTreeMap;

use super::exchange::Shelf;
use super::fault::{Fault, Spot};
use super::field::FlatTip;
use super::files::Files;
use page::Page;

pub use super::field::Field;

/// What is to become of one tip.
#[derive(Clone, Debug, Default)]
pub struct Change {
    /// The program it belongs to.
    pub program: String,
    /// Its id. A tip that is not there yet is added.
    pub tip: String,
    /// Fields and their new values as text; an empty one takes the field away.
    pub values: BTreeMap<Field, String>,
    /// New words, by language.
    pub words: BTreeMap<String, String>,
}

impl Change {
    /// Whether it changes nothing.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty() && self.words.is_empty()
    }

    /// The same with what follows from it, and without what stands there already. `languages` are the program's; the
    /// first is the source of all translations.
    pub fn settled(mut self, before: &FlatTip, languages: &[String]) -> Self {
        self.words.retain(|language, words| before.words.get(language) != Some(words));
        if !self.words.is_empty() {
            for field in [Field::Reviewer, Field::ReviewedOn, Field::ExpiresOn] {
                self.values.insert(field, String::new());
            }
            self.values.insert(Field::State, "draft".to_owned());
        }
        let wanted = self.values.get(&Field::Stale).map_or(before.value(Field::Stale), String::as_str);
        let wanted: Vec<&str> = wanted.split(", ").filter(|language| !language.is_empty()).collect();
        let source_changed = languages.first().is_some_and(|source| self.words.contains_key(source));
        // Languages that the program does not speak are left in, for the check to name.
        let foreign = wanted.iter().copied().filter(|one| !languages.iter().any(|language| language == one));
        let stale = languages.iter().skip(1).map(String::as_str).filter(|language| {
            let left_behind = source_changed && before.words.contains_key(*language);
            (wanted.contains(language) || left_behind) && !self.words.contains_key(*language)
        });
        let stale = stale.chain(foreign).collect::<Vec<_>>().join(", ");
        self.values.insert(Field::Stale, stale);
        self.values.retain(|field, value| before.value(*field) != value);
        self
    }
}

/// The file into which a new tip goes; none if its track, week and loss name no place.
pub fn place_of_new(change: &Change) -> Option<String> {
    fresh::path(&change.program, &change.values)
}

/// The files with all changes made. The fault names a file that cannot be changed.
pub fn apply(files: &Files, shelf: &Shelf, changes: &[&Change]) -> Result<Files, Fault> {
    let mut after = files.clone();
    after.0.extend(touched(files, shelf, changes)?);
    Ok(after)
}

/// Those files alone that changes touch, as they become.
pub fn touched(files: &Files, shelf: &Shelf, changes: &[&Change]) -> Result<BTreeMap<String, String>, Fault> {
    let mut pages: BTreeMap<String, Page> = BTreeMap::new();
    for change in changes {
        let standing = shelf.tip(&change.tip);
        let path = match standing {
            Some(tip) => tip.spot.file.clone(),
            None => fresh::path(&change.program, &change.values).ok_or_else(|| {
                let nowhere = Spot { file: format!("tips/{}", change.program), line: 1 };
                Fault::error("track", &nowhere, "a new tip needs a track that exists, and its week or loss")
            })?,
        };
        if !pages.contains_key(&path) {
            let content = files.0.get(&path).map_or("", String::as_str);
            pages.insert(path.clone(), Page::open(&path, content)?);
        }
        let Some(page) = pages.get_mut(&path) else { continue };
        if standing.is_none() {
            page.append(&fresh::text(change));
            continue;
        }
        for (language, words) in &change.words {
            page.set(&change.tip, &["text", language], &page::quoted(words))?;
        }
        for (field, value) in &change.values {
            if value.is_empty() {
                page.remove(&change.tip, field.path());
            } else {
                page.set(&change.tip, field.path(), &page::literal(*field, value))?;
            }
        }
    }
    Ok(pages.into_iter().map(|(path, page)| (path, page.close())).collect())
}
