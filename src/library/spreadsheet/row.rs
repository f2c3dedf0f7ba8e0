//! One row: what it asks for, compared with what stands in the library.

use std::collections::BTreeMap;

use super::columns::{Column, Header};
use super::sheet::{Cell, Sheet};
use super::value;
use crate::library::edit::{self, Change};
use crate::library::exchange::{
    Changed, Note, Outcome, Proposal, Shelf, Verdict, Why, WrongCell, alike_but_for_accidents, mended,
};
use crate::library::field::{Field, FlatTip, Kind};

/// A row of a program's sheet.
pub struct Row<'a> {
    pub sheet: &'a Sheet,
    pub header: &'a Header,
    pub number: u32,
    pub cells: &'a BTreeMap<u32, Cell>,
    pub program: &'a str,
    pub languages: &'a [String],
}

/// What was read in a row, before it is compared.
#[derive(Default)]
struct Asked {
    values: BTreeMap<Field, String>,
    words: BTreeMap<String, String>,
    notes: Vec<Note>,
    why: Vec<Why>,
}

/// What it asks for.
pub fn propose(row: &Row<'_>, shelf: &Shelf) -> Proposal {
    let place = row.place(&Column::Id);
    let id = match row.value(&Column::Id, Kind::Text) {
        Some(Ok(id)) if !id.is_empty() => id,
        Some(Err(wrong)) => {
            return Verdict::refused(place.clone(), None, vec![Why::Cell { place, wrong }]).into();
        }
        _ => return Verdict::refused(place.clone(), None, vec![Why::NoId(place)]).into(),
    };
    // Some programs begin every cell with a capital.
    let id = if shelf.tip(&id).is_none() { id.to_lowercase() } else { id };
    let standing = shelf.tip(&id);
    if let Some(tip) = standing.filter(|tip| tip.program != row.program) {
        let (owner, program) = (tip.program.clone(), row.program.to_owned());
        let why = Why::Foreign { place: place.clone(), tip: id.clone(), owner, program };
        return Verdict::refused(place, Some(&id), vec![why]).into();
    }
    let asked = row.asked(standing);
    match standing {
        Some(tip) => row.compared(tip, asked),
        None => row.fresh(&id, asked),
    }
}

impl Row<'_> {
    fn place(&self, column: &Column) -> String {
        let at = self.header.columns.get(column).copied().unwrap_or_default();
        self.sheet.place(self.number, at)
    }

    /// A cell as text; empty if there is nothing in it, none if there is no such column.
    fn value(&self, column: &Column, kind: Kind) -> Option<Result<String, WrongCell>> {
        let at = self.header.columns.get(column)?;
        Some(self.cells.get(at).map_or_else(|| Ok(String::new()), |cell| value::read(cell, kind)))
    }

    fn asked(&self, standing: Option<&FlatTip>) -> Asked {
        let mut asked = Asked::default();
        for column in self.header.columns.keys() {
            let kind = match column {
                Column::Field(field) => field.kind(),
                Column::Words(_) => Kind::Text,
                Column::Id | Column::Sms(_) | Column::Fingerprint => continue,
            };
            let place = self.place(column);
            let value = match self.value(column, kind) {
                Some(Ok(value)) => value,
                Some(Err(wrong)) => {
                    asked.why.push(Why::Cell { place, wrong });
                    continue;
                }
                None => continue,
            };
            match column {
                Column::Words(language) => {
                    let words = standing.and_then(|tip| tip.words.get(language)).map(String::as_str);
                    let (mended, note) = mended(words, &value);
                    asked.notes.extend(note.map(|how| Note::Mended { place: Some(place), how }));
                    asked.words.insert(language.clone(), mended);
                }
                Column::Field(field) => {
                    let before = standing.map_or("", |tip| tip.value(*field));
                    let by_accident = kind == Kind::Text
                        && value != before
                        && !before.is_empty()
                        && alike_but_for_accidents(before, &value);
                    if by_accident {
                        asked.notes.push(Note::SignsOnly(place));
                    }
                    asked.values.insert(*field, if by_accident { before.to_owned() } else { value });
                }
                Column::Id | Column::Sms(_) | Column::Fingerprint => {}
            }
        }
        asked
    }

    /// A tip that is there: what differs.
    fn compared(&self, tip: &FlatTip, asked: Asked) -> Proposal {
        let Asked { mut values, mut words, mut notes, mut why } = asked;
        values.retain(|field, value| tip.value(*field) != value);
        words.retain(|language, words| tip.words.get(language).map_or("", String::as_str) != words);
        why.extend(self.emptied(&values, &words));
        let seen =
            self.value(&Column::Fingerprint, Kind::Text).and_then(Result::ok).filter(|seen| !seen.is_empty());
        let standing: Vec<Field> = values.keys().copied().filter(|field| field.is_standing()).collect();
        let changes_tip = !words.is_empty() || values.keys().any(|field| !field.is_standing());
        match seen {
            Some(seen) if seen != tip.fingerprint() => {
                if changes_tip {
                    why.push(Why::Overtaken);
                } else if !standing.is_empty() {
                    values.clear();
                    notes.push(Note::StandingLeft(standing));
                }
            }
            Some(_) => {}
            None if self.only_withdraws(tip, &values) => {}
            None => why.push(Why::Unseen(standing)),
        }
        let signs = values.get(&Field::State).is_some_and(|state| state == "approved")
            || tip.value(Field::State) == "approved";
        if signs && !words.is_empty() {
            notes.push(Note::Draft);
        }
        let moves = [Field::Track, Field::Loss, Field::Week].iter().any(|field| values.contains_key(field));
        if moves {
            notes.push(Note::Stays(tip.spot.file.clone()));
        }
        let change = Change { program: self.program.to_owned(), tip: tip.id.clone(), values, words };
        let change = change.settled(tip, self.languages);
        let place = self.place(&Column::Id);
        let mut verdict = Verdict::same(place.clone(), Some(&tip.id));
        if !why.is_empty() {
            verdict = Verdict::refused(place, Some(&tip.id), why);
        } else if !change.is_empty() {
            verdict.outcome = Outcome::Changed;
            verdict.changes = self.changes(Some(tip), &change);
        }
        verdict.notes = notes;
        let change = (verdict.outcome == Outcome::Changed).then_some(change);
        Proposal { verdict, change }
    }

    /// A tip that is not there yet.
    fn fresh(&self, id: &str, asked: Asked) -> Proposal {
        let Asked { mut values, mut words, mut notes, mut why } = asked;
        let place = self.place(&Column::Id);
        let approved = values.get(&Field::State).is_some_and(|state| state == "approved");
        if approved {
            notes.push(Note::NewDraft);
        }
        values.retain(|field, value| !value.is_empty() && !field.is_standing());
        words.retain(|_, words| !words.is_empty());
        values.insert(Field::State, "draft".to_owned());
        let missing = Field::ALL.into_iter().filter(|field| field.required() && !values.contains_key(field));
        let missing = missing.map(|field| Column::Field(field).name());
        let wordless = self.languages.iter().filter(|language| !words.contains_key(*language));
        let missing: Vec<String> =
            missing.chain(wordless.map(|language| Column::Words(language.clone()).name())).collect();
        let change = Change { program: self.program.to_owned(), tip: id.to_owned(), values, words };
        // A cell that cannot be read is told already; the rest that is missing would only be noise.
        if why.is_empty() && !missing.is_empty() {
            why.push(Why::Lacking { place: place.clone(), columns: missing });
        } else if why.is_empty() && edit::place_of_new(&change).is_none() {
            why.push(Why::Nowhere(place.clone()));
        }
        if !why.is_empty() {
            let mut verdict = Verdict::refused(place, Some(id), why);
            verdict.notes = notes;
            return verdict.into();
        }
        let mut verdict = Verdict::same(place, Some(id));
        verdict.outcome = Outcome::Created;
        verdict.changes = self.changes(None, &change);
        verdict.notes = notes;
        Proposal { verdict, change: Some(change) }
    }

    /// Cells that are empty and must not be.
    fn emptied(&self, values: &BTreeMap<Field, String>, words: &BTreeMap<String, String>) -> Vec<Why> {
        let fields = values.iter().filter(|(field, value)| value.is_empty() && field.required());
        let fields = fields.map(|(field, _)| Why::FieldEmptied {
            place: self.place(&Column::Field(*field)),
            field: field.name().to_owned(),
        });
        let words = words.iter().filter(|(_, words)| words.is_empty());
        let words = words.map(|(language, _)| Column::Words(language.clone()));
        let words =
            words.map(|column| Why::WordsEmptied { place: self.place(&column), words: column.name() });
        fields.chain(words).collect()
    }

    /// Whether a change of standing needs no proof of what was seen: a signature taken back, a doubt added.
    fn only_withdraws(&self, tip: &FlatTip, values: &BTreeMap<Field, String>) -> bool {
        let signs = values.keys().any(|field| field.is_signature());
        let back_to_draft = values.get(&Field::State).is_some_and(|state| state == "draft");
        let stale = values.get(&Field::Stale);
        let keeps_stale = stale.is_none_or(|after| {
            tip.stale().iter().all(|language| after.split(", ").any(|one| one == *language))
        });
        (!signs || back_to_draft) && keeps_stale
    }

    fn changes(&self, tip: Option<&FlatTip>, change: &Change) -> Vec<Changed> {
        let changed = |column: Column, before: &str, after: &str| {
            let place = self.header.columns.get(&column).map(|at| self.sheet.place(self.number, *at));
            Changed { place, field: column.name(), before: before.to_owned(), after: after.to_owned() }
        };
        let words = change.words.iter().map(|(language, after)| {
            let before = tip.and_then(|tip| tip.words.get(language)).map_or("", String::as_str);
            changed(Column::Words(language.clone()), before, after)
        });
        let fields = change.values.iter().map(|(field, after)| {
            changed(Column::Field(*field), tip.map_or("", |tip| tip.value(*field)), after)
        });
        words.chain(fields).collect()
    }
}
