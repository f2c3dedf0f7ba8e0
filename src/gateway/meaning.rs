//! What a refusal, or what may be one, asks of us, whatever code or words a provider puts it in.

use std::time::Duration;

use http::StatusCode;

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
    /// Perhaps processed.
    Unsure,
}

impl Meaning {
    /// Of a refusal that is not in the provider's own words: something stands between us and it, or it is not there.
    pub fn of_status(status: StatusCode) -> Self {
        match status {
            StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_MANY_REQUESTS => Self::Later,
            StatusCode::UNAUTHORIZED
            | StatusCode::FORBIDDEN
            | StatusCode::NOT_FOUND
            | StatusCode::METHOD_NOT_ALLOWED
            | StatusCode::PROXY_AUTHENTICATION_REQUIRED => Self::Sender,
            // The address is not the provider's.
            _ if status.is_redirection() => Self::Sender,
            _ => Self::Text,
        }
    }

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
            Self::Unsure => Outcome::Ambiguous { code, sentence },
        }
    }
}
