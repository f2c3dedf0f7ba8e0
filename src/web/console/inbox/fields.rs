//! The one form of an item's page: what was typed, up to where the exchange was read, and what is said of it. Whichever
//! button is pressed, all of it travels, so that none takes away what was typed beside another.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::words::{self, Words};
use crate::domain::wording::MOST_SEGMENTS;
use crate::flows::answering::{Refused, Why};
use crate::store::helps::Item;
use crate::web::console::form::{Faults, Field, Kind, Typed};
use crate::web::console::tongue::{Tongue, fill};

/// Fields in which words are typed.
const WRITTEN: [&str; 4] = ["words", "note", "hand-note", "close-note"];

/// What was typed, and what is said of it.
#[derive(Default)]
pub(super) struct Typing {
    /// What was typed.
    pub typed: Typed,
    /// What is wrong with it.
    pub faults: Faults,
    /// What was refused.
    pub refused: Option<Refused>,
}

impl Typing {
    /// What was typed, with nothing said of it.
    pub fn of(typed: Typed) -> Self {
        Self { typed, ..Self::default() }
    }

    /// Whether anything is written that would be lost with the page.
    pub fn is_written(&self) -> bool {
        WRITTEN.iter().any(|name| self.typed.is(name))
    }

    /// Whether anything was typed into one of these fields, or is said of it.
    pub fn is_about(&self, names: &[&str]) -> bool {
        names.iter().any(|name| self.typed.is(name) || self.faults.of(name).is_some())
    }

    fn filled(&self, field: Field) -> Field {
        field.filled(&self.typed, &self.faults)
    }
}

/// Up to where somebody has read: the form holds it, and what came after it is neither answered nor closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Read {
    /// When she had written last.
    pub last_at: DateTime<Utc>,
    /// The last text of hers that was shown.
    pub text: Uuid,
}

impl Read {
    /// As it was sent with a form.
    pub fn of(typed: &Typed) -> Option<Self> {
        let (micros, text) = typed.get("seen").split_once('.')?;
        let last_at = DateTime::from_timestamp_micros(micros.parse().ok()?)?;
        Some(Self { last_at, text: Uuid::parse_str(text).ok()? })
    }

    /// As the form holds it.
    pub fn written(&self) -> String {
        format!("{}.{}", self.last_at.timestamp_micros(), self.text)
    }
}

/// What she will read.
pub(super) fn answer_field((tongue, words): (Tongue, &Words), item: &Item, typing: &Typing) -> Field {
    let most = MOST_SEGMENTS.to_string();
    let language = tongue.language(item.language.as_str());
    let hint = fill(words.answer_hint, &[("language", &language), ("most", &most)]);
    let field = Field::new(Kind::Lines(5), "words", words.answer_words).hint(&hint);
    typing.filled(field.lang(item.language.as_str()).counted())
}

/// What those who answer tell each other.
pub(super) fn note_field(words: &Words, typing: &Typing) -> Field {
    typing.filled(Field::new(Kind::Lines(2), "note", words.note))
}

/// To whom it is handed on.
pub(super) fn hand_fields(words: &Words, mut choices: Vec<(String, String)>, typing: &Typing) -> [Field; 2] {
    choices.insert(0, (String::new(), words.choose.to_owned()));
    [
        typing.filled(Field::choice("to", words.hand_to, choices)),
        typing.filled(Field::new(Kind::Lines(2), "hand-note", words.hand_note).hint(words.hand_hint)),
    ]
}

/// Why it is closed.
pub(super) fn close_fields(words: &Words, typing: &Typing) -> [Field; 2] {
    let mut choices = vec![(String::new(), words.choose.to_owned())];
    choices.extend(Why::ALL.iter().map(|why| (why.name().to_owned(), words::why(words, *why).to_owned())));
    [
        typing.filled(Field::choice("why", words.why, choices)),
        typing.filled(Field::new(Kind::Lines(2), "close-note", words.note).hint(words.notes_lead).optional()),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn up_to_where_it_was_read_is_written_and_read() {
        let last_at = DateTime::from_timestamp_micros(1_700_000_000_123_456).expect("a time");
        let read = Read { last_at, text: Uuid::max() };
        assert_eq!(Some(read), Read::of(&Typed::of([("seen", read.written())])));
        assert_eq!(None, Read::of(&Typed::of([("seen", "'; DROP TABLE".to_owned())])));
    }
}
