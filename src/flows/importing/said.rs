//! What is to be said of a list as a whole.

use serde::{Deserialize, Serialize};

use super::headings::of_consent;

/// What is to be said of a list as a whole.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    /// Headings that nothing is read under.
    pub unread: Vec<String>,
    /// Two headings of one column: the one that is read, and the one that is not.
    pub doubled: Vec<[String; 2]>,
    /// The sheet that was read.
    pub sheet: String,
    /// Other sheets that look like a list and were not read.
    pub sheets: Vec<String>,
}

impl Said {
    /// As it is kept.
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Reads it back; of older lists only the headings were kept.
    pub fn from_json(json: &str) -> Self {
        let older = || Self { unread: serde_json::from_str(json).unwrap_or_default(), ..Self::default() };
        serde_json::from_str(json).unwrap_or_else(|_| older())
    }

    /// Whether something is passed over that may say that she did not agree.
    pub fn passes_over_consent(&self) -> bool {
        self.unread.iter().any(|heading| of_consent(heading))
    }
}
