//! How well danger is found: recall and precision on labelled texts.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;

use crate::domain::danger::{Dangers, Sign};

/// Texts with their labels: danger by its sign, and what is none.
#[derive(Deserialize)]
pub struct Labelled {
    danger: BTreeMap<Sign, Vec<String>>,
    safe: BTreeMap<String, Vec<String>>,
}

/// What was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Score {
    /// Danger that was found.
    pub found: usize,
    /// Danger that was missed, with its sign.
    pub missed: Vec<(Sign, String)>,
    /// Texts taken for danger that are none.
    pub false_alarms: Vec<(String, String)>,
    /// Texts that are no danger, and were taken for none.
    pub calm: usize,
    /// Danger found under its own sign.
    pub right_sign: usize,
}

impl Labelled {
    /// Reads a file.
    pub fn read(file: &Path) -> Result<Self, Box<dyn std::error::Error>> {
        let told = |error: &dyn std::fmt::Display| format!("{}: {error}", file.display());
        let text = std::fs::read_to_string(file).map_err(|error| told(&error))?;
        toml::from_str(&text).map_err(|error| told(&error).into())
    }

    /// Lets the lexicons read them.
    pub fn score(&self, dangers: &Dangers) -> Score {
        let mut score = Score::default();
        for (sign, text) in
            self.danger.iter().flat_map(|(sign, texts)| texts.iter().map(move |text| (sign, text)))
        {
            let signs = dangers.find(text).signs;
            if signs.is_empty() {
                score.missed.push((*sign, text.clone()));
            } else {
                score.found += 1;
                score.right_sign += usize::from(signs.contains(sign));
            }
        }
        for (kind, text) in
            self.safe.iter().flat_map(|(kind, texts)| texts.iter().map(move |text| (kind, text)))
        {
            if dangers.find(text).signs.is_empty() {
                score.calm += 1;
            } else {
                score.false_alarms.push((kind.clone(), text.clone()));
            }
        }
        score
    }
}

impl Score {
    /// Of the danger there is, how much is found.
    pub fn recall(&self) -> f64 {
        share(self.found, self.missed.len())
    }

    /// Of what is taken for danger, how much is.
    pub fn precision(&self) -> f64 {
        share(self.found, self.false_alarms.len())
    }
}

fn share(part: usize, rest: usize) -> f64 {
    if part + rest == 0 { 1.0 } else { part as f64 / (part + rest) as f64 }
}
