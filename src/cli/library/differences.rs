//! What changed between two states of the library, printed.

use std::collections::BTreeMap;

use serde_json::json;

use crate::library::Files;
use crate::library::diff::{self, Kind, QuestionChange, TipChange};

/// All that changed.
pub struct Differences {
    tips: Vec<TipChange>,
    questions: Vec<QuestionChange>,
    others: Vec<String>,
}

/// Words before and after, by where they stand.
type Words = BTreeMap<String, (Option<String>, Option<String>)>;

impl Differences {
    /// Between two states.
    pub fn of(before: &Files, after: &Files) -> Self {
        Self {
            tips: diff::tips(before, after),
            questions: diff::questions(before, after),
            others: diff::other_files(before, after),
        }
    }

    /// One JSON object a tip, a question, a file.
    pub fn json(&self) -> Result<(), Box<dyn std::error::Error>> {
        for change in &self.tips {
            say!("{}", serde_json::to_string(change)?);
        }
        for change in &self.questions {
            say!("{}", serde_json::to_string(change)?);
        }
        for file in &self.others {
            say!("{}", json!({ "file": file }));
        }
        Ok(())
    }

    /// All of it for people.
    pub fn lines(&self) -> std::io::Result<()> {
        for change in &self.tips {
            say!("{} {} {}", mark(change.kind), change.program, change.tip);
            for (field, (before, after)) in &change.fields {
                say!("    {field}: {before} -> {after}");
            }
            words(&change.words)?;
        }
        for change in &self.questions {
            say!("{} {} question {}", mark(change.kind), change.program, change.question);
            for (field, (before, after)) in &change.fields {
                let told = |value: &Option<String>| value.clone().unwrap_or_default();
                say!("    {field}: {} -> {}", told(before), told(after));
            }
            words(&change.outcomes)?;
            words(&change.words)?;
        }
        for file in &self.others {
            say!("{file}");
        }
        self.summary()
    }

    /// How much it is.
    pub fn summary(&self) -> std::io::Result<()> {
        let tips = counted(self.tips.iter().map(|change| change.kind));
        say!("{tips} tips; {} other files changed", self.others.len());
        if !self.questions.is_empty() {
            say!("{} questions", counted(self.questions.iter().map(|change| change.kind)));
        }
        let mut languages: BTreeMap<&str, usize> = BTreeMap::new();
        for change in self.tips.iter().filter(|change| change.kind == Kind::Changed) {
            for language in change.words.keys() {
                *languages.entry(language).or_default() += 1;
            }
        }
        for (language, tips) in languages {
            say!("  words changed in {language}: {tips} tips");
        }
        Ok(())
    }
}

fn mark(kind: Kind) -> char {
    match kind {
        Kind::New => '+',
        Kind::Gone => '-',
        Kind::Changed => '~',
    }
}

fn words(words: &Words) -> std::io::Result<()> {
    for (place, (before, after)) in words {
        for (sign, words) in [('-', before), ('+', after)] {
            if let Some(words) = words {
                say!("    {place} {sign} {words}");
            }
        }
    }
    Ok(())
}

fn counted(kinds: impl Iterator<Item = Kind> + Clone) -> String {
    let count = |kind| kinds.clone().filter(|other| *other == kind).count();
    format!("{} new, {} changed, {} gone", count(Kind::New), count(Kind::Changed), count(Kind::Gone))
}
