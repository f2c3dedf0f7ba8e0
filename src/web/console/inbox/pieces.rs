//! Her words in pieces: what told of danger is marked, and what is too long for a list is cut.

use chrono::{DateTime, SecondsFormat, Utc};

use crate::library::Library;

/// More of her words are not shown in a list.
const EXCERPT: usize = 200;

/// Some words, and whether they told of danger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Piece {
    /// The words.
    pub text: String,
    /// Whether they told of danger.
    pub marked: bool,
}

/// A moment for the script that lets ages tick.
pub(super) fn since(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// A text in pieces: those that told of danger are marked.
pub(super) fn pieces(library: &Library, text: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut done = 0;
    let mut add = |text: &str, marked| {
        if !text.is_empty() {
            pieces.push(Piece { text: text.to_owned(), marked });
        }
    };
    for span in library.dangers.spans(text) {
        add(&text[done..span.start], false);
        add(&text[span.clone()], true);
        done = span.end;
    }
    add(&text[done..], false);
    pieces
}

/// As much of it as a list has room for.
pub(super) fn shortened(pieces: Vec<Piece>) -> Vec<Piece> {
    let mut left = EXCERPT;
    let mut short = Vec::new();
    for mut piece in pieces {
        let length = piece.text.chars().count();
        if length > left {
            piece.text = piece.text.chars().take(left).chain(['…']).collect();
            short.push(piece);
            break;
        }
        left -= length;
        short.push(piece);
    }
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_words_are_cut_for_a_list() {
        let long = vec![Piece { text: "я".repeat(300), marked: false }];
        assert_eq!(EXCERPT + 1, shortened(long)[0].text.chars().count());
    }
}
