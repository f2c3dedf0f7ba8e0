//! Reading a table key by key, so that one fault never hides another: what is asked for and wrong is told,
//! and so is what is there and never asked for.

use std::fmt;
use std::ops::RangeInclusive;

use toml::{Table, Value};

use crate::gateway::Secret;

/// A fault in the configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigFault {
    /// The file.
    pub file: String,
    /// The key, with its sections.
    pub key: String,
    /// What is expected there. Never the value: it might be a secret.
    pub expected: String,
}

impl fmt::Display for ConfigFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}: {}", self.file, self.key, self.expected)
    }
}

/// The file is not TOML.
pub(super) fn syntax(file: &str, text: &str, error: &toml::de::Error) -> ConfigFault {
    let line = error.span().map_or(1, |span| text[..span.start.min(text.len())].matches('\n').count() + 1);
    let expected = error.message().to_owned();
    ConfigFault { file: file.to_owned(), key: format!("line {line}"), expected }
}

/// A table being read.
pub(super) struct Section<'a> {
    file: &'a str,
    path: String,
    table: Table,
    faults: &'a mut Vec<ConfigFault>,
}

impl<'a> Section<'a> {
    pub fn top(file: &'a str, table: Table, faults: &'a mut Vec<ConfigFault>) -> Self {
        Self { file, path: String::new(), table, faults }
    }

    /// A table in this one; an absent one is empty. Its unknown keys are told when it is dropped.
    pub fn section(&mut self, key: &str) -> Section<'_> {
        let table = match self.table.remove(key) {
            Some(Value::Table(table)) => table,
            None => Table::new(),
            Some(_) => {
                self.fault(key, format!("expected a section [{key}]"));
                Table::new()
            }
        };
        Section { file: self.file, path: self.key(key), table, faults: self.faults }
    }

    /// Runs over an array of tables (`[[key]]`), each under its place in it.
    pub fn each<T>(&mut self, key: &str, mut read: impl FnMut(&mut Section<'_>) -> T) -> Vec<T> {
        let entries = match self.table.remove(key) {
            Some(Value::Array(entries)) => entries,
            None => Vec::new(),
            Some(_) => {
                self.fault(key, format!("expected sections [[{key}]]"));
                Vec::new()
            }
        };
        let mut all = Vec::new();
        for (index, entry) in entries.into_iter().enumerate() {
            let place = format!("{key}[{}]", index + 1);
            match entry {
                Value::Table(table) => {
                    let path = self.key(&place);
                    let mut section = Section { file: self.file, path, table, faults: &mut *self.faults };
                    all.push(read(&mut section));
                }
                _ => self.fault(&place, format!("expected a section [[{key}]]")),
            }
        }
        all
    }

    /// A text.
    pub fn text(&mut self, key: &str) -> Option<String> {
        match self.table.remove(key)? {
            Value::String(text) if !text.trim().is_empty() => Some(text),
            _ => {
                self.fault(key, "expected a text in quotes".to_owned());
                None
            }
        }
    }

    /// A text that must be there.
    pub fn required(&mut self, key: &str, what: &str) -> String {
        if !self.has(key) {
            self.fault(key, format!("expected {what}"));
        }
        self.text(key).unwrap_or_default()
    }

    /// The address of a service: `http://host…` or `https://host…`.
    pub fn url(&mut self, key: &str, what: &str) -> Option<String> {
        let url = self.text(key)?;
        let parsed = url::Url::parse(&url);
        let formed = parsed.is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
        if !formed {
            self.fault(key, format!("expected {what}"));
        }
        Some(url)
    }

    /// Such an address that must be there.
    pub fn required_url(&mut self, key: &str, what: &str) -> String {
        if !self.has(key) {
            self.fault(key, format!("expected {what}"));
        }
        self.url(key, what).unwrap_or_default()
    }

    /// A list of texts.
    pub fn texts(&mut self, key: &str) -> Option<Vec<String>> {
        let value = self.table.remove(key)?;
        let texts = value.as_array().and_then(|entries| {
            entries.iter().map(|entry| entry.as_str().map(str::to_owned)).collect::<Option<Vec<_>>>()
        });
        if texts.is_none() {
            self.fault(key, "expected a list of texts: [\"…\", \"…\"]".to_owned());
        }
        texts
    }

    /// A whole number in a range.
    pub fn whole(&mut self, key: &str, range: RangeInclusive<i64>) -> Option<i64> {
        let value = self.table.remove(key)?;
        let number = value.as_integer().filter(|number| range.contains(number));
        if number.is_none() {
            self.fault(key, format!("expected a whole number from {} to {}", range.start(), range.end()));
        }
        number
    }

    /// Yes or no.
    pub fn flag(&mut self, key: &str) -> Option<bool> {
        let value = self.table.remove(key)?;
        let flag = value.as_bool();
        if flag.is_none() {
            self.fault(key, "expected true or false".to_owned());
        }
        flag
    }

    /// A secret that must be there: `{ env = "NAME" }` or `{ file = "/path" }`.
    pub fn secret(&mut self, key: &str) -> Secret {
        if !self.has(key) {
            self.fault(key, "expected { env = \"NAME\" } or { file = \"/path\" } of the secret".to_owned());
        }
        self.optional_secret(key).unwrap_or_else(|| Secret::new(""))
    }

    /// A secret that may be there.
    pub fn optional_secret(&mut self, key: &str) -> Option<Secret> {
        let value = self.table.remove(key)?;
        let place = |name: &str| value.get(name).and_then(Value::as_str).map(str::to_owned);
        let (read, where_from) = match (place("env"), place("file")) {
            (Some(name), None) => (std::env::var(&name).ok(), format!("environment variable {name}")),
            (None, Some(path)) => (std::fs::read_to_string(&path).ok(), format!("file {path}")),
            _ => {
                // A secret written here by mistake must not be shown back.
                self.fault(
                    key,
                    "expected { env = \"NAME\" } or { file = \"/path\" }, never the secret itself".to_owned(),
                );
                return None;
            }
        };
        match read.map(|secret| secret.trim_end_matches(['\r', '\n']).to_owned()).filter(|s| !s.is_empty()) {
            Some(secret) => Some(Secret::new(secret)),
            None => {
                self.fault(key, format!("expected a secret in the {where_from}, which is missing or empty"));
                None
            }
        }
    }

    /// Whether the key is there and was not read yet.
    pub fn has(&self, key: &str) -> bool {
        self.table.contains_key(key)
    }

    /// Takes the rest as it is: nobody can tell what belongs into a section of an unknown kind.
    pub fn ignore_rest(&mut self) {
        self.table.clear();
    }

    /// Tells a fault of a key.
    pub fn fault(&mut self, key: &str, expected: String) {
        let fault = ConfigFault { file: self.file.to_owned(), key: self.key(key), expected };
        self.faults.push(fault);
    }

    /// Ends reading: what nobody asked for is told. Dropping does the same.
    pub fn finish(self) {}

    fn key(&self, key: &str) -> String {
        if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) }
    }
}

impl Drop for Section<'_> {
    fn drop(&mut self) {
        let unknown: Vec<String> = self.table.keys().cloned().collect();
        for key in unknown {
            self.fault(&key, "there is no such setting here".to_owned());
        }
    }
}
