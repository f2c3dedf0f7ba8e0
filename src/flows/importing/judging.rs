//! A row of a list, judged by itself: what it asks for, and everything that is wrong with it.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;

use super::columns::{Column, Columns};
use super::consents::{Answer, answer};
use super::dates::{Reading, Shown};
use super::numbers;
use super::verdict::{Note, Verdict};
use crate::domain::conversation::{DateKind, DateTaken, Guide as _};
use crate::domain::language::Language;
use crate::domain::plan::Reader;
use crate::flows::enrolling;
use crate::flows::{Edition, Service};
use crate::library::spreadsheet::{Cell, Sheet};
use crate::library::{PlaceKind, Program, name_of_language};
use crate::store::imports::Row;

/// A yes is believed for so many days.
const CONSENT_DAYS: i64 = 2 * 366;
/// What says how she agreed is no longer.
const LONGEST_HOW: usize = 200;
/// A cell is shown no longer.
const SHOWN: usize = 40;

/// Whoever judges.
pub struct Judge<'a> {
    /// The service.
    pub service: &'a Service,
    /// The edition in force.
    pub edition: &'a Edition,
    /// The program.
    pub program: &'a Program,
    /// The language of rows that name none.
    pub language: Language,
    /// The clerk's language: dates are written in it.
    pub clerk: Language,
    /// The present day.
    pub today: NaiveDate,
    /// Where the columns stand.
    pub columns: &'a Columns,
    /// What the columns of dates show: due dates, births, days of consent.
    pub shown: [Shown; 3],
    /// Whether a place is known, of those that were looked up: a list has many rows of few places.
    pub known: RefCell<HashMap<String, bool>>,
}

impl Judge<'_> {
    /// What the columns of dates show.
    pub fn look(sheet: &Sheet, columns: &Columns) -> [Shown; 3] {
        [Column::Due, Column::Born, Column::AgreedOn].map(|column| {
            let rows = sheet.rows.range(columns.heading + 1..);
            Shown::by(rows.filter_map(|(_, cells)| columns.cell(cells, column)))
        })
    }

    /// Judges a row.
    pub fn row(&self, place: u32, cells: &BTreeMap<u32, Cell>) -> Row {
        let mut notes = Vec::new();
        let cell = |column| self.columns.cell(cells, column);
        let parse = |text: &str| enrolling::number(self.service, self.program, text);
        let number = numbers::read(cell(Column::Phone), &self.program.countries, &parse);
        let phone = match number.phone {
            Ok(phone) => {
                if number.mended {
                    notes.push(Note::plain(Verdict::NumberMended));
                }
                if let Err(refused) = enrolling::sender_for(self.service, self.program, &phone) {
                    notes.push(Note::plain(Verdict::of(&refused)));
                }
                Some(phone.as_e164().to_owned())
            }
            Err(note) => {
                notes.push(note);
                None
            }
        };
        let anchor = self.anchor((cell(Column::Due), cell(Column::Born)), &mut notes);
        let language = self.spoken(cell(Column::Language), &mut notes);
        let lives_in = self.lives_in(cell(Column::Place), &mut notes);
        let reader = reader(cell(Column::Reader), &mut notes);
        let partner = self.partner(cell(Column::Partner), &mut notes);
        let (agreed_on, agreed_how) =
            self.agreed((cell(Column::AgreedOn), cell(Column::AgreedHow)), &mut notes);
        let verdict = verdict(&notes);
        Row {
            place: i32::try_from(place).unwrap_or(i32::MAX),
            typed: number.typed,
            phone,
            language: language.to_string(),
            anchor_kind: anchor.map(|(kind, _)| kind.to_owned()),
            anchor_date: anchor.map(|(_, date)| date),
            lives_in,
            reader: reader.name().to_owned(),
            partner,
            agreed_on,
            agreed_how,
            verdict: verdict.name().to_owned(),
            notes: Note::all_to_json(&notes),
            waits: verdict.lets_through(),
            subscriber_id: None,
        }
    }

    fn reading(&self, which: usize) -> Reading<'_> {
        Reading {
            shown: self.shown[which],
            words: self.edition.library.dates(self.clerk),
            dots_day_first: self.clerk.as_str() == "ru",
            today: self.today,
        }
    }

    fn anchor(
        &self,
        (due, born): (Option<&Cell>, Option<&Cell>),
        notes: &mut Vec<Note>,
    ) -> Option<(&'static str, NaiveDate)> {
        let (which, kind, name, cell) = match (due, born) {
            (None, None) => {
                notes.push(Note::plain(Verdict::DateMissing));
                return None;
            }
            (Some(_), Some(_)) => {
                notes.push(Note::plain(Verdict::DateBoth));
                return None;
            }
            (Some(due), None) => (0, DateKind::Due, "due", due),
            (None, Some(born)) => (1, DateKind::Born, "born", born),
        };
        let can_be = |date| DateTaken { kind, date }.plausible(self.today);
        match self.reading(which).read(cell, &can_be) {
            Ok((date, note)) => {
                notes.extend(note);
                Some((name, date))
            }
            Err(note) => {
                notes.push(note);
                None
            }
        }
    }

    fn spoken(&self, cell: Option<&Cell>, notes: &mut Vec<Note>) -> Language {
        let Some(text) = words_of(cell) else { return self.language };
        let named = text.to_lowercase();
        let called = |language: &&Language| {
            let code = language.as_str();
            named == code
                || named == name_of_language(code).to_lowercase()
                || aliases(code).contains(&&*named)
        };
        match self.program.languages.iter().find(called) {
            Some(language) => *language,
            None => {
                notes.push(Note::new(Verdict::LanguageUnknown, [text]));
                self.language
            }
        }
    }

    fn lives_in(&self, cell: Option<&Cell>, notes: &mut Vec<Note>) -> String {
        let Some(text) = words_of(cell) else { return String::new() };
        let whole = text.strip_suffix(".0").unwrap_or(&text);
        let figures = !whole.is_empty() && whole.bytes().all(|byte| byte.is_ascii_digit());
        let known = |text: &str| self.knows(text);
        // New England's ZIP codes begin with a zero, Puerto Rico's with two.
        if self.program.place == PlaceKind::UsZip && figures && (3..5).contains(&whole.len()) {
            let padded = format!("{whole:0>5}");
            if known(&padded) {
                notes.push(Note::new(Verdict::PlaceMended, [padded.clone()]));
                return padded;
            }
        }
        if known(whole) {
            return whole.to_owned();
        }
        notes.push(Note::new(Verdict::PlaceUnread, [text]));
        String::new()
    }

    fn knows(&self, place: &str) -> bool {
        let mut known = self.known.borrow_mut();
        let look = || self.edition.library.place(&self.program.id, place).is_some();
        *known.entry(place.to_owned()).or_insert_with(look)
    }

    fn partner(&self, cell: Option<&Cell>, notes: &mut Vec<Note>) -> Option<String> {
        let text = words_of(cell)?;
        let code = enrolling::code(&text);
        let listed = |code: &String| self.program.partners.contains_key(code);
        match &code {
            None => notes.push(Note::new(Verdict::PartnerUnread, [text])),
            Some(code) if !listed(code) => notes.push(Note::new(Verdict::PartnerUnlisted, [code.clone()])),
            Some(_) => {}
        }
        code
    }

    fn agreed(
        &self,
        (on, how): (Option<&Cell>, Option<&Cell>),
        notes: &mut Vec<Note>,
    ) -> (Option<NaiveDate>, String) {
        let (answer, formula) = (answer(how), matches!(how, Some(Cell::Formula)));
        let how = words_of(how).unwrap_or_default();
        let said = if formula { Some(Note::plain(Verdict::Formula)) } else { no_yes(answer, &how) };
        let refused = said.is_some();
        notes.extend(said);
        let Some(on) = on else {
            notes.extend(Some(Note::plain(Verdict::ConsentMissing)).filter(|_| !refused));
            return (None, how);
        };
        let can_be = |date: NaiveDate| (0..=CONSENT_DAYS).contains(&(self.today - date).num_days());
        match self.reading(2).read(on, &can_be) {
            Ok((date, note)) => {
                notes.extend(note);
                (Some(date), how)
            }
            Err(Note(what, values)) if what == Verdict::DateUnsure.name() => {
                notes.push(Note(what, values));
                (None, how)
            }
            Err(_) => {
                notes.push(Note::plain(Verdict::ConsentDate));
                (None, how)
            }
        }
    }
}

/// What is to be said of an answer that is no yes, by the words that stand there.
pub fn no_yes(answer: Answer, words: &str) -> Option<Note> {
    match answer {
        Answer::Yes => None,
        Answer::No => Some(Note::plain(Verdict::ConsentNo)),
        Answer::Unclear => Some(Note::new(Verdict::ConsentUnclear, [words.chars().take(SHOWN).collect()])),
        Answer::Missing => Some(Note::plain(Verdict::ConsentMissing)),
    }
}

/// The first thing that forbids a row, else whether it was mended.
pub fn verdict(notes: &[Note]) -> Verdict {
    let mut said = notes.iter().filter_map(Note::what);
    let refused = said.clone().find(|what| !what.lets_through());
    let mended = said.any(|what| !what.is_aside());
    refused.unwrap_or(if mended { Verdict::Repaired } else { Verdict::Good })
}

/// What a cell says in words; none: nothing.
fn words_of(cell: Option<&Cell>) -> Option<String> {
    let text = match cell? {
        Cell::Text(text) => text.trim().to_owned(),
        Cell::Number(number) => number.to_string(),
        Cell::Date(date) => date.to_string(),
        Cell::Formula => return None,
        Cell::Truth(truth) => truth.to_string(),
        Cell::Other(odd) => odd.written().to_owned(),
    };
    // A line's end parts words, and what is too long is cut between two of them.
    let text: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let text = match text.char_indices().nth(LONGEST_HOW) {
        Some((end, _)) => text[..end].rsplit_once(' ').map_or(&text[..end], |(whole, _)| whole),
        None => &text,
    };
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

fn aliases(code: &str) -> &'static [&'static str] {
    match code {
        "en" => &["inglés", "ingles", "английский", "eng"],
        "es" => &["spanish", "espanol", "испанский", "spa", "castellano"],
        "ru" => &["russian", "ruso", "rus"],
        _ => &[],
    }
}

fn reader(cell: Option<&Cell>, notes: &mut Vec<Note>) -> Reader {
    let Some(text) = words_of(cell) else { return Reader::Mother };
    match text.to_lowercase().as_str() {
        "mother" | "mom" | "mum" | "madre" | "mamá" | "mama" | "мама" | "мать" => Reader::Mother,
        "partner" | "father" | "dad" | "pareja" | "padre" | "papá" | "партнер" | "партнёр" | "папа"
        | "отец" | "муж" => Reader::Partner,
        "grandparent"
        | "grandmother"
        | "relative"
        | "abuela"
        | "abuelo"
        | "familiar"
        | "бабушка"
        | "дедушка"
        | "родственник" => Reader::Grandparent,
        "worker" | "health worker" | "personal de salud" | "медработник" | "медицинский работник" => {
            Reader::Worker
        }
        _ => {
            notes.push(Note::new(Verdict::ReaderUnknown, [text]));
            Reader::Mother
        }
    }
}
