//! Reading PO files: every entry with its line, every fault with its line and what to do.
//!
//! Written here and not taken from a crate: those that there are (`polib` among them) keep no line numbers, let the
//! last of two equal entries win in silence, and break off without a word, or with a panic, at a file that is cut.

use crate::library::exchange::{Damaged, WrongLine};

/// An entry of the file.
#[derive(Clone, Debug, Default)]
pub struct Entry {
    /// The line of its first keyword, from 1.
    pub line: usize,
    /// The line of its translation.
    pub translation_line: usize,
    /// What tells it from others with the same words: the tip's id.
    pub context: Option<String>,
    /// The words that were translated.
    pub source: String,
    /// The translation; empty if there is none.
    pub translation: String,
    /// Whether somebody must look it over.
    pub fuzzy: bool,
}

/// A file of translations.
pub struct File {
    /// The header's lines: name and value.
    pub header: Vec<(String, String)>,
    /// Its line.
    pub header_line: usize,
    /// All entries beside the header.
    pub entries: Vec<Entry>,
    /// How many entries are kept for memory only, after `#~`.
    pub obsolete: usize,
}

impl File {
    /// A value of the header.
    pub fn field(&self, name: &str) -> Option<&str> {
        self.header.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }
}

/// Which string of an entry is being read.
#[derive(Clone, Copy, PartialEq)]
enum Part {
    None,
    Context,
    Source,
    Translation,
}

/// Reads a file. `name` is told with every place.
pub fn read(bytes: &[u8], name: &str) -> Result<File, Damaged> {
    let text = decoded(bytes, name)?;
    let mut entries = Vec::new();
    let mut obsolete = 0;
    let mut entry = Entry::default();
    let mut part = Part::None;
    let mut last = 1;
    for (number, line) in (1..).zip(text.lines()) {
        let fault = |wrong| wrong_at(name, number, wrong);
        let line = line.trim();
        if !line.is_empty() {
            last = number;
        }
        if line.starts_with('#') || line.is_empty() {
            // A comment belongs to what follows.
            if part != Part::None && !line.is_empty() {
                close(&mut entries, &mut entry, &mut part, name)?;
            }
            obsolete += usize::from(line.starts_with("#~") && line.contains("msgid "));
            if let Some(flags) = line.strip_prefix("#,") {
                entry.fuzzy |= flags.split(',').any(|flag| flag.trim() == "fuzzy");
            }
            continue;
        }
        let (keyword, rest) = match line.find(['"', ' ', '\t']) {
            Some(0) => ("", line),
            Some(at) => (&line[..at], line[at..].trim_start()),
            None => (line, ""),
        };
        let new = match keyword {
            "" if part == Part::None => return Err(fault(WrongLine::Stray)),
            "" => part,
            "msgctxt" => Part::Context,
            "msgid" => Part::Source,
            "msgstr" => Part::Translation,
            "msgid_plural" => return Err(fault(WrongLine::Plural)),
            _ if keyword.starts_with("msgstr[") => return Err(fault(WrongLine::Plural)),
            _ => return Err(fault(WrongLine::NoKeyword(keyword.to_owned()))),
        };
        let begins =
            !keyword.is_empty() && (new == Part::Context || new == Part::Source && part != Part::Context);
        if begins {
            close(&mut entries, &mut entry, &mut part, name)?;
            entry.line = number;
        }
        if new == Part::Translation && part == Part::None {
            return Err(fault(WrongLine::OfNothing));
        }
        let value = unquoted(rest).map_err(fault)?;
        match new {
            Part::Context => entry.context.get_or_insert_default().push_str(&value),
            Part::Source => entry.source.push_str(&value),
            Part::Translation => {
                if !keyword.is_empty() {
                    if part == Part::Translation {
                        return Err(fault(WrongLine::SecondTranslation));
                    }
                    entry.translation_line = number;
                }
                entry.translation.push_str(&value);
            }
            Part::None => {}
        }
        part = new;
    }
    if !text.is_empty() && !text.ends_with('\n') {
        return Err(wrong_at(name, last, WrongLine::Unended));
    }
    if part != Part::None && part != Part::Translation {
        return Err(wrong_at(name, last, WrongLine::Half));
    }
    close(&mut entries, &mut entry, &mut part, name)?;
    let header = entries.iter().position(|entry| entry.context.is_none() && entry.source.is_empty());
    let Some(header) = header.map(|at| entries.remove(at)) else {
        return Err(wrong_at(name, 1, WrongLine::NoHeader));
    };
    let fields = header.translation.lines().filter_map(|line| {
        let (key, value) = line.split_once(':')?;
        Some((key.trim().to_owned(), value.trim().to_owned()))
    });
    let file = File { header: fields.collect(), header_line: header.line, entries, obsolete };
    let charset =
        file.field("Content-Type").and_then(|value| value.split("charset=").nth(1)).unwrap_or("UTF-8");
    if !matches!(charset.trim().to_ascii_lowercase().as_str(), "utf-8" | "utf8" | "us-ascii" | "ascii") {
        return Err(wrong_at(name, file.header_line, WrongLine::Charset(charset.to_owned())));
    }
    Ok(file)
}

fn close(entries: &mut Vec<Entry>, entry: &mut Entry, part: &mut Part, name: &str) -> Result<(), Damaged> {
    match part {
        Part::None => return Ok(()),
        Part::Translation => entries.push(std::mem::take(entry)),
        Part::Context | Part::Source => {
            return Err(wrong_at(name, entry.line, WrongLine::NoTranslation));
        }
    }
    *part = Part::None;
    Ok(())
}

fn wrong_at(name: &str, line: usize, wrong: WrongLine) -> Damaged {
    Damaged::Translation { place: format!("{name}:{line}"), wrong }
}

fn decoded(bytes: &[u8], name: &str) -> Result<String, Damaged> {
    if bytes.starts_with(b"\xff\xfe")
        || bytes.starts_with(b"\xfe\xff")
        || bytes.iter().take(64).any(|b| *b == 0)
    {
        return Err(wrong_at(name, 1, WrongLine::Utf16));
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    String::from_utf8(bytes.to_vec()).map_err(|error| {
        let good = &bytes[..error.utf8_error().valid_up_to()];
        let line = good.iter().filter(|byte| **byte == b'\n').count() + 1;
        let text = String::from_utf8_lossy(bytes);
        let charset = text.split("charset=").nth(1).and_then(|rest| rest.split(['\\', '"', '\n']).next());
        wrong_at(name, line, WrongLine::NoUtf8(charset.map(str::to_owned)))
    })
}

/// The value of a quoted string with its escapes.
fn unquoted(text: &str) -> Result<String, WrongLine> {
    let open = || WrongLine::Unclosed;
    let inner = text.strip_prefix('"').ok_or(WrongLine::Unopened)?;
    let mut value = String::new();
    let mut chars = inner.chars();
    loop {
        match chars.next().ok_or_else(open)? {
            '"' => break,
            '\\' => value.push(match chars.next().ok_or_else(open)? {
                'n' => '\n',
                't' => '\t',
                'r' => '\r',
                c @ ('"' | '\\' | '\'') => c,
                c => return Err(WrongLine::Escape(c)),
            }),
            c => value.push(c),
        }
    }
    if chars.next().is_some() {
        return Err(WrongLine::Behind);
    }
    Ok(value)
}
