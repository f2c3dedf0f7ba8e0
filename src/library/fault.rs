//! A fault in the library: which check, where, and what to do about it.

use serde::Serialize;

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The library cannot be used.
    Error,
    /// It can, but an author should look.
    Warning,
    /// Nothing is wrong: what it costs, for whoever weighs it.
    Note,
}

/// One fault.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Fault {
    /// The check that found it, as documented for authors.
    pub check: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// Path within the library.
    pub file: String,
    /// Line, from 1.
    pub line: usize,
    /// What is wrong, and what to write instead.
    pub message: String,
}

impl Fault {
    /// A fault that makes the library unusable.
    pub fn error(check: &'static str, at: &Spot, message: impl Into<String>) -> Self {
        Self::new(check, Severity::Error, at, message.into())
    }

    /// A fault to look at.
    pub fn warning(check: &'static str, at: &Spot, message: impl Into<String>) -> Self {
        Self::new(check, Severity::Warning, at, message.into())
    }

    /// A cost to weigh.
    pub fn note(check: &'static str, at: &Spot, message: impl Into<String>) -> Self {
        Self::new(check, Severity::Note, at, message.into())
    }

    fn new(check: &'static str, severity: Severity, at: &Spot, message: String) -> Self {
        Self { check, severity, file: at.file.clone(), line: at.line, message }
    }

    /// Errors first, then by place.
    pub fn order(&self) -> (Severity, &str, usize, &str) {
        (self.severity, &self.file, self.line, &self.message)
    }
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let severity = match self.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "note",
        };
        write!(f, "{}:{}: {severity}[{}]: {}", self.file, self.line, self.check, self.message)
    }
}

/// A place in a file.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Spot {
    /// Path within the library.
    pub file: String,
    /// Line, from 1.
    pub line: usize,
}
