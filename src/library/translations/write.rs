//! Writing PO files, in the layout of gettext's own tools.

use std::fmt::Write;

/// Lines are broken at a space before this many characters.
const WIDTH: usize = 76;

/// An entry to be written.
#[derive(Default)]
pub struct Entry {
    /// For the translator, a line each.
    pub comments: Vec<String>,
    /// Where it is from.
    pub reference: String,
    /// Whether the translation must be looked over.
    pub fuzzy: bool,
    /// What tells it from others with the same words.
    pub context: Option<String>,
    /// The words to translate.
    pub source: String,
    /// The translation; empty if there is none.
    pub translation: String,
}

/// The file.
pub fn file(entries: &[Entry]) -> String {
    let mut text = String::new();
    for entry in entries {
        if !text.is_empty() {
            text.push('\n');
        }
        for comment in &entry.comments {
            let _ = writeln!(text, "#. {comment}");
        }
        if !entry.reference.is_empty() {
            let _ = writeln!(text, "#: {}", entry.reference);
        }
        if entry.fuzzy {
            text.push_str("#, fuzzy\n");
        }
        if let Some(context) = &entry.context {
            string(&mut text, "msgctxt", context);
        }
        string(&mut text, "msgid", &entry.source);
        string(&mut text, "msgstr", &entry.translation);
    }
    text
}

fn string(text: &mut String, keyword: &str, value: &str) {
    let escaped = escaped(value);
    let on_one_line = !value.trim_end_matches('\n').contains('\n');
    if on_one_line && keyword.len() + escaped.chars().count() + 3 <= WIDTH {
        let _ = writeln!(text, "{keyword} \"{escaped}\"");
        return;
    }
    let _ = writeln!(text, "{keyword} \"\"");
    for line in escaped.split_inclusive("\\n") {
        let mut piece = String::new();
        for word in line.split_inclusive(' ') {
            if !piece.is_empty() && piece.chars().count() + word.chars().count() > WIDTH {
                let _ = writeln!(text, "\"{piece}\"");
                piece.clear();
            }
            piece.push_str(word);
        }
        let _ = writeln!(text, "\"{piece}\"");
    }
}

fn escaped(value: &str) -> String {
    let mut escaped = String::with_capacity(value.len());
    for c in value.chars() {
        match c {
            '"' => escaped.push_str("\\\""),
            '\\' => escaped.push_str("\\\\"),
            '\n' => escaped.push_str("\\n"),
            '\r' => escaped.push_str("\\r"),
            '\t' => escaped.push_str("\\t"),
            c => escaped.push(c),
        }
    }
    escaped
}
