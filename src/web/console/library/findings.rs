//! What the checks find in a tip, each beside the field that it concerns.

use super::checks;
use crate::library::{Fault, Field, Severity};
use crate::web::console::tongue::Tongue;

/// A finding.
#[derive(Clone, Debug)]
pub struct Finding {
    /// The name of the check.
    pub check: &'static str,
    /// Whether nothing can be published with it.
    pub error: bool,
    /// What is wrong, in the language of who reads it; none in English, where the check's own words say it.
    pub said: Option<&'static str>,
    /// The check's own words: what is wrong, and what to write instead. English.
    pub message: String,
    /// The language or the field that it concerns; empty: the tip as a whole.
    pub place: String,
}

/// The findings of a tip whose program speaks these languages.
pub fn of(faults: &[Fault], languages: &[String], tongue: Tongue) -> Vec<Finding> {
    let finding = |fault: &Fault| Finding {
        check: fault.check,
        error: fault.severity == Severity::Error,
        said: checks::said(fault.check, tongue),
        message: fault.message.clone(),
        place: place(fault, languages),
    };
    faults.iter().filter(|fault| fault.severity != Severity::Note).map(finding).collect()
}

/// Those of one place.
pub fn at<'a>(findings: &'a [Finding], place: &str) -> Vec<&'a Finding> {
    findings.iter().filter(|finding| finding.place == place).collect()
}

fn place(fault: &Fault, languages: &[String]) -> String {
    let message = &fault.message;
    let spoken = languages.iter().find(|language| {
        message.starts_with(&format!("{language}: ")) || message.contains(&format!("text.{language}"))
    });
    if let Some(language) = spoken {
        return language.clone();
    }
    let field = match fault.check {
        "track" => Field::Track,
        "week" => Field::Week,
        "slot" => Field::Slot,
        "needs" => Field::Needs,
        "reader" => Field::Reader,
        "loss" => Field::Loss,
        "more" => Field::Of,
        "priority" => Field::Priority,
        "source" => Field::Organization,
        "link" => Field::Url,
        "review" | "review-expired" => Field::State,
        _ => return String::new(),
    };
    field.name().to_owned()
}
