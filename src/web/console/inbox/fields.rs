//! The forms of an item's page: what was typed, and what is said of it.

use super::words::{self, Words};
use crate::domain::wording::MOST_SEGMENTS;
use crate::flows::answering::{Refused, Why};
use crate::store::helps::Item;
use crate::web::console::form::{Faults, Field, Kind, Typed};
use crate::web::console::tongue::{Tongue, fill};

/// What was typed, and what is said of it.
#[derive(Default)]
pub(super) struct Typing {
    /// What was typed.
    pub typed: Typed,
    /// What is wrong with it.
    pub faults: Faults,
    /// What was refused.
    pub refused: Option<Refused>,
    /// Which form it was.
    pub form: Form,
}

/// A form of the page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Form {
    #[default]
    Answer,
    Note,
    HandOn,
    Close,
}

/// A field of a form, with what was typed if it was that form.
pub(super) fn filled(field: Field, form: Form, typing: &Typing) -> Field {
    if typing.form == form { field.filled(&typing.typed, &typing.faults) } else { field }
}

/// What she will read.
pub(super) fn answer_field((tongue, words): (Tongue, &Words), item: &Item, typing: &Typing) -> Field {
    let most = MOST_SEGMENTS.to_string();
    let language = tongue.language(item.language.as_str());
    let hint = fill(words.answer_hint, &[("language", &language), ("most", &most)]);
    let field = Field::new(Kind::Lines(5), "words", words.answer_words).hint(&hint);
    filled(field.lang(item.language.as_str()).counted(), Form::Answer, typing)
}

/// To whom it is handed on.
pub(super) fn hand_fields(words: &Words, mut choices: Vec<(String, String)>, typing: &Typing) -> [Field; 2] {
    choices.insert(0, (String::new(), words.choose.to_owned()));
    [
        filled(Field::choice("to", words.hand_to, choices), Form::HandOn, typing),
        filled(
            Field::new(Kind::Lines(2), "hand-note", words.hand_note).hint(words.hand_hint),
            Form::HandOn,
            typing,
        ),
    ]
}

/// Why it is closed.
pub(super) fn close_fields(words: &Words, typing: &Typing) -> [Field; 2] {
    let mut choices = vec![(String::new(), words.choose.to_owned())];
    choices.extend(Why::ALL.iter().map(|why| (why.name().to_owned(), words::why(words, *why).to_owned())));
    [
        filled(Field::choice("why", words.why, choices), Form::Close, typing),
        filled(
            Field::new(Kind::Lines(2), "close-note", words.note).hint(words.notes_lead).optional(),
            Form::Close,
            typing,
        ),
    ]
}
