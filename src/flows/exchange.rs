//! The words shown and answered in a conversation, as the consent record keeps them.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What was shown, and what was answered to it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Kept")]
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
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vouched: Option<Vouched>,
}

/// A turn as it is, or ever was, kept: nothing that was agreed to becomes unreadable.
#[derive(Deserialize)]
struct Kept {
    shown: Option<String>,
    shown_at: Option<DateTime<Utc>>,
    answered: Option<String>,
    answered_at: Option<DateTime<Utc>>,
    #[serde(alias = "at_desk")]
    vouched: Option<Vouched>,
    /// Who did it for her, and on what grounds, in one sentence.
    by: Option<String>,
}

impl From<Kept> for Turn {
    fn from(kept: Kept) -> Self {
        let once = |by| Vouched { by, account: None, how: String::new(), on: None };
        Self {
            shown: kept.shown,
            shown_at: kept.shown_at,
            answered: kept.answered,
            answered_at: kept.answered_at,
            vouched: kept.vouched.or(kept.by.map(once)),
        }
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_vouched_is_read_as_it_was_ever_kept() {
        let told = |json: &str| {
            let exchange = Exchange::from_json(json);
            assert_eq!(exchange, Exchange::from_json(&exchange.to_json()), "kept anew, it says the same");
            exchange.turns()[0].vouched.as_ref().map(Vouched::told)
        };
        let turn = |more: &str| {
            format!("[{{\"shown\":null,\"shown_at\":null,\"answered\":null,\"answered_at\":null{more}}}]")
        };
        assert_eq!(None, told(&turn("")));
        assert_eq!(None, told(&turn(",\"by\":null")));
        assert_eq!(Some("Ana: she called".to_owned()), told(&turn(",\"by\":\"Ana: she called\"")));
        let desk = ",\"by\":null,\"at_desk\":{\"by\":\"Ana\",\"account\":null,\"how\":\"aloud\"}";
        assert_eq!(Some("Ana: aloud".to_owned()), told(&turn(desk)));
        assert_eq!(Some("Ana: aloud".to_owned()), told(&turn(&desk.replace("at_desk", "vouched"))));
    }
}
