//! The words shown and answered in a conversation, as the consent record keeps them.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What was shown, and what was answered to it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Turn {
    /// The exact words shown; none for the text that began it.
    pub shown: Option<String>,
    /// When they were queued for her.
    pub shown_at: Option<DateTime<Utc>>,
    /// The exact words she answered.
    pub answered: Option<String>,
    /// When they came.
    pub answered_at: Option<DateTime<Utc>>,
    /// Who vouches for it, where it was not done by a text of hers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vouched: Option<Vouched>,
}

/// What was said aloud, brought on paper, or done for her, as somebody vouches for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Vouched {
    /// Who.
    pub by: String,
    /// Their account.
    pub account: Option<Uuid>,
    /// How she agreed, or on what grounds it was done.
    pub how: String,
    /// The day on which she did, where that was another.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on: Option<NaiveDate>,
}

impl Vouched {
    /// Who, and how.
    pub fn told(&self) -> String {
        if self.how.is_empty() { self.by.clone() } else { format!("{}: {}", self.by, self.how) }
    }
}

/// A conversation so far.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Exchange(Vec<Turn>);

impl Exchange {
    /// Reads it back; what cannot be read is begun anew rather than lost with her text.
    pub fn from_json(json: &str) -> Self {
        serde_json::from_str(json).unwrap_or_default()
    }

    /// As it is stored.
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).unwrap_or_else(|_| "[]".to_owned())
    }

    /// She wrote.
    pub fn answer(&mut self, words: &str, at: DateTime<Utc>) {
        match self.0.last_mut().filter(|turn| turn.answered.is_none()) {
            Some(turn) => (turn.answered, turn.answered_at) = (Some(words.to_owned()), Some(at)),
            None => self.0.push(Turn {
                answered: Some(words.to_owned()),
                answered_at: Some(at),
                ..Turn::default()
            }),
        }
    }

    /// We showed.
    pub fn show(&mut self, words: &str, at: DateTime<Utc>) {
        self.0.push(Turn { shown: Some(words.to_owned()), shown_at: Some(at), ..Turn::default() });
    }

    /// It was done for her at the console.
    pub fn done_for_her(&mut self, vouched: Vouched, at: DateTime<Utc>) {
        self.0.push(Turn { vouched: Some(vouched), answered_at: Some(at), ..Turn::default() });
    }

    /// What was shown and answered, in order.
    pub fn turns(&self) -> &[Turn] {
        &self.0
    }

    /// It was said, and not by text.
    pub fn heard(&mut self, turn: Turn) {
        self.0.push(turn);
    }

    /// Whether these words were shown in it.
    pub fn shows(&self, words: &str) -> bool {
        self.0.iter().any(|turn| turn.shown.as_deref() == Some(words))
    }
}
