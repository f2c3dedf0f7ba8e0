//! What a refusal, or what may be one, asks of us, whatever code or words a provider puts it in.

use std::time::Duration;

use http::StatusCode;

use super::Outcome;

/// Whether a text that was reported as failed with this code failed at her phone: not because of its words, of our
/// sender or of the gateway. A code that nobody knows is the operator's, and taken for it; so is none at all.
pub fn blames_phone(code: Option<&str>) -> bool {
    let Some(code) = code else { return true };
    let known = super::twilio::codes::meaning(code).or_else(|| super::telnyx::codes::meaning(code));
    code == super::twilio::codes::UNREACHABLE || known.is_none_or(|known| matches!(known, Meaning::Recipient))
}

/// What a code tells of: whose matter it is that a text did not arrive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// She has opted out at the provider.
    OptedOut,
    /// Her phone's or her number's.
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

#[cfg(test)]
mod tests {
    use super::blames_phone;

    #[test]
    fn only_what_her_phone_refused_is_blamed_on_it() {
        for at_phone in [None, Some("30003"), Some("30005"), Some("40012"), Some("0x0000000B")] {
            assert!(blames_phone(at_phone), "{at_phone:?}");
        }
        for ours in ["30001", "30002", "30007", "30008", "30032", "30034", "40002", "40010"] {
            assert!(!blames_phone(Some(ours)), "{ours}");
        }
    }
}
