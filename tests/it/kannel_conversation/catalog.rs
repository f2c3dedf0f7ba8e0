//! The authors' files, read as a person would: what a handset must show is what stands there.

use std::fs;
use std::path::Path;

use chrono::{Datelike, NaiveDate};
use toml::Table;

/// The replies of a language, and how it writes dates.
pub struct Catalog {
    replies: Table,
    dates: Table,
}

impl Catalog {
    pub fn of(language: &str) -> Self {
        let replies = read(&format!("replies/{language}.toml"));
        Self { replies, dates: read(&format!("lexicons/{language}/dates.toml")) }
    }

    /// A reply with its placeholders filled in; none may be left.
    pub fn reply(&self, key: &str, fields: &[(&str, &str)]) -> String {
        let mut words = self.replies[key].as_str().expect("a reply").to_owned();
        for (name, value) in fields {
            words = words.replace(&format!("{{{name}}}"), value);
        }
        assert!(!words.contains('{'), "{words}");
        words
    }

    pub fn date(&self, date: NaiveDate) -> String {
        let format = &self.dates["format"];
        let month = format["months"][date.month0() as usize].as_str().expect("a month");
        let pattern = format["pattern"].as_str().expect("a pattern");
        let words = pattern.replace("{day}", &date.day().to_string()).replace("{month}", month);
        words.replace("{year}", &date.year().to_string())
    }
}

/// The words of the first tip in a file of the library.
pub fn first_tip(file: &str, language: &str) -> String {
    let tips = read(&format!("tips/{file}"));
    let first = &tips["tip"][0];
    assert_eq!(Some(1), first["slot"].as_integer());
    first["text"][language].as_str().expect("its words").to_owned()
}

fn read(file: &str) -> Table {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("message-library").join(file);
    fs::read_to_string(path).expect("a file of the library").parse().expect("TOML")
}
