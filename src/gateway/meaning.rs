//! What a refusal asks of us, whatever code or words a provider puts it in.

use std::time::Duration;

use super::Outcome;

#[derive(Clone, Copy)]
pub(super) enum Meaning {
    OptedOut,
    Recipient,
    /// Ours, in this text or for some recipients only.
    Text,
    /// Ours, in every text of this sender.
    Sender,
    /// Not processed; try later.
    Later,
}

impl Meaning {
    pub fn outcome(self, code: &str, sentence: &str, retry_after: Option<Duration>) -> Outcome {
        let (code, sentence) = (code.to_owned(), sentence.to_owned());
        match self {
            Self::OptedOut | Self::Recipient => {
                Outcome::RefusedRecipient { code, sentence, opted_out: matches!(self, Self::OptedOut) }
            }
            Self::Text | Self::Sender => {
                Outcome::RefusedUs { code, sentence, stops_sender: matches!(self, Self::Sender) }
            }
            Self::Later => Outcome::Transient { code, sentence, retry_after },
        }
    }
}
