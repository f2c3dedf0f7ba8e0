//! One file of tips while it is changed. What is not changed comes out as it went in: byte-order mark, line ends,
//! comments and all.

use toml_edit::{DocumentMut, Item, Table, TableLike, Value};

use crate::library::fault::{Fault, Spot};
use crate::library::field::{Field, Kind};

const BYTE_ORDER_MARK: &str = "\u{feff}";

/// A file open for changes.
pub struct Page {
    spot: Spot,
    marked: bool,
    windows: bool,
    unended: bool,
    document: DocumentMut,
    added: Vec<String>,
}

impl Page {
    /// Opens a file; an empty one is new.
    pub fn open(path: &str, content: &str) -> Result<Self, Fault> {
        let spot = Spot { file: path.to_owned(), line: 1 };
        let body = content.strip_prefix(BYTE_ORDER_MARK).unwrap_or(content);
        let document = body
            .parse::<DocumentMut>()
            .map_err(|error| Fault::error("syntax", &spot, error.message().trim().to_owned()))?;
        let page = Self {
            marked: body.len() != content.len(),
            windows: body.contains("\r\n"),
            unended: !body.is_empty() && !body.ends_with('\n'),
            document,
            added: Vec::new(),
            spot,
        };
        if page.written() == content {
            return Ok(page);
        }
        let message = "it cannot be changed without touching lines that stay the same: some of its lines end as on \
                       Windows and some do not, or there are spaces inside [[tip]]. Make them alike in an editor";
        Err(Fault::error("syntax", &page.spot, message))
    }

    /// Puts a value, written as TOML, at a place of a tip. A comment behind the old value stays.
    pub fn set(&mut self, tip: &str, path: &[&str], literal: &str) -> Result<(), Fault> {
        let spot = self.spot.clone();
        let refuse = |message: String| Fault::error("syntax", &spot, message);
        let mut value: Value = literal.parse().map_err(|_| refuse(format!("{literal} cannot be written")))?;
        let tip = self
            .tip(tip)
            .ok_or_else(|| refuse(format!("the tip {tip:?} is not written as [[tip]]: write it so first")))?;
        let (key, table) = match path {
            [outer, key] => {
                let table = tip.entry(outer).or_insert_with(|| Item::Table(Table::new()));
                let message = || refuse(format!("{outer} is not a table"));
                (*key, table.as_table_like_mut().ok_or_else(message)?)
            }
            [key] => (*key, tip as &mut dyn TableLike),
            _ => return Err(refuse("a place has one key or two".to_owned())),
        };
        match table.get_mut(key).and_then(Item::as_value_mut) {
            Some(old) => {
                *value.decor_mut() = old.decor().clone();
                *old = value;
            }
            None => {
                table.insert(key, Item::Value(value));
            }
        }
        Ok(())
    }

    /// Takes a value out of a tip, with the line it stands in.
    pub fn remove(&mut self, tip: &str, path: &[&str]) {
        let Some(tip) = self.tip(tip) else { return };
        match path {
            [key] => drop(tip.remove(key)),
            [outer, key] => {
                if let Some(table) = tip.get_mut(outer).and_then(Item::as_table_like_mut) {
                    table.remove(key);
                }
            }
            _ => {}
        }
    }

    /// Adds a tip at the end.
    pub fn append(&mut self, tip: &str) {
        self.added.push(tip.to_owned());
    }

    /// The file as it is now.
    pub fn close(self) -> String {
        self.written()
    }

    fn tip(&mut self, id: &str) -> Option<&mut Table> {
        let tips = self.document.get_mut("tip")?.as_array_of_tables_mut()?;
        tips.iter_mut().find(|tip| tip.get("id").and_then(Item::as_str) == Some(id))
    }

    fn written(&self) -> String {
        let mut text = self.document.to_string();
        if self.unended && text.ends_with('\n') {
            text.pop();
        }
        for tip in &self.added {
            if !text.is_empty() {
                text.push_str(if text.ends_with('\n') { "\n" } else { "\n\n" });
            }
            text.push_str(tip);
        }
        if self.windows {
            text = text.replace('\n', "\r\n");
        }
        if self.marked {
            text.insert_str(0, BYTE_ORDER_MARK);
        }
        text
    }
}

/// A field's value as TOML.
pub fn literal(field: Field, value: &str) -> String {
    match field.kind() {
        Kind::Text | Kind::Choice => quoted(value),
        Kind::Number | Kind::Date => value.to_owned(),
        Kind::Languages => {
            let languages = value.split(", ").filter(|language| !language.is_empty()).map(quoted);
            format!("[{}]", languages.collect::<Vec<_>>().join(", "))
        }
    }
}

/// Words as a TOML string on one line.
pub fn quoted(words: &str) -> String {
    let mut text = String::with_capacity(words.len() + 2);
    text.push('"');
    for c in words.chars() {
        match c {
            '"' => text.push_str("\\\""),
            '\\' => text.push_str("\\\\"),
            '\n' => text.push_str("\\n"),
            '\r' => text.push_str("\\r"),
            '\t' => text.push_str("\\t"),
            c if c.is_control() => text.push_str(&format!("\\u{:04X}", u32::from(c))),
            c => text.push(c),
        }
    }
    text.push('"');
    text
}
