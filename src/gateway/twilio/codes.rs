//! Twilio's error dictionary, as far as it changes what we do, in words for an operator.
//!
//! New codes split off old ones without notice (21211, 21212, 21606 and 21614 did in 2024), so a
//! code that is not here is permanent for its one text and never a reason to send again.

use std::time::Duration;

use http::StatusCode;

use super::super::Outcome;
use super::super::meaning::Meaning::{self, Later, OptedOut, Recipient, Sender, Text};

pub(super) const OPTED_OUT: &str = "21610";

/// Her phone is off or out of coverage: another time it may work, and in a row it tells of the phone.
pub(in crate::gateway) const UNREACHABLE: &str = "30003";

const PAGES: &str = "https://www.twilio.com/docs/errors";

#[rustfmt::skip]
const DICTIONARY: &[(u32, Meaning, &str)] = &[
    (10001, Sender, "The account is not active: Twilio has closed or suspended it, or its balance is used up."),
    (20003, Sender, "Twilio does not accept our credentials: check the account SID and the token or API key."),
    (20005, Sender, "The account is not active: Twilio has closed or suspended it, or its balance is used up."),
    (20404, Sender, "Twilio does not know the account in the address: check the account SID."),
    (20429, Later, "Twilio asks for fewer requests a second; this one was not processed."),
    (21211, Recipient, "Twilio says that this is not a valid phone number."),
    (21212, Sender, "Twilio says that our sender is not valid: check the sender's number or name."),
    (21217, Recipient, "Twilio says that this does not look like a phone number."),
    (21265, Recipient, "This is a short code; texts cannot be sent to it."),
    (21266, Recipient, "This is our own sender's number."),
    (21408, Text, "The account may not text this country: allow it under Messaging, Geo permissions."),
    (21602, Text, "Twilio saw no text to send."),
    (21604, Text, "Twilio saw no recipient."),
    (21606, Sender, "Our sender cannot send texts: check that the number belongs to the account."),
    (21608, Text, "A trial account may text only the numbers verified with it."),
    (21610, OptedOut, "She has opted out at Twilio; only her own START lifts it."),
    (21611, Later, "Our sender's queue at Twilio is full; this text was not taken."),
    (21612, Recipient, "Twilio has no route from our sender to this number."),
    (21614, Recipient, "This is not a mobile number."),
    (21617, Text, "The text is longer than the 1,600 characters Twilio takes."),
    (21635, Recipient, "This is a landline; it cannot get texts."),
    (21659, Sender, "Our sender is no number of the account, nor a short code for this country."),
    (21660, Sender, "Our sender belongs to another account."),
    (21661, Sender, "Our sender cannot send texts."),
    (30001, Later, "Too many texts were waiting at Twilio; this one was dropped."),
    (30002, Sender, "Twilio has suspended the account."),
    (30003, Later, "Her phone could not be reached: off, or out of coverage."),
    (30004, Recipient, "Her phone or carrier blocks our texts."),
    (30005, Recipient, "The number is not in use."),
    (30006, Recipient, "This is a landline, or its carrier takes no texts."),
    (30007, Text, "The carrier filtered this text as unwanted: have its words looked at."),
    (30008, Later, "The carrier did not say why it failed."),
    (30032, Sender, "Our toll-free number is not verified."),
    (30034, Sender, "Our number is not registered for A2P 10DLC."),
    (30036, Text, "The text could not be delivered while it was still right."),
    (30410, Later, "The carrier did not answer Twilio in time."),
    (63017, Later, "The account's limit of texts a second was reached."),
];

/// What a code means.
pub(in crate::gateway) fn meaning(code: &str) -> Option<Meaning> {
    let code: u32 = code.parse().ok()?;
    DICTIONARY.iter().find(|(known, ..)| *known == code).map(|(_, meaning, _)| *meaning)
}

/// What a code means, with its sentence.
pub(in crate::gateway) fn explain(code: &str) -> Option<(Option<Meaning>, &'static str)> {
    let code: u32 = code.parse().ok()?;
    let known = DICTIONARY.iter().find(|(known, ..)| *known == code);
    known.map(|(_, meaning, sentence)| (Some(*meaning), *sentence))
}

/// What a refused send means.
pub(super) fn outcome(code: u32, status: StatusCode, retry_after: Option<Duration>) -> Outcome {
    let known = DICTIONARY.iter().find(|(known, ..)| *known == code);
    let code = code.to_string();
    match known {
        Some((_, meaning, sentence)) => meaning.outcome(&code, sentence, retry_after),
        None => Meaning::of_status(status).outcome(&code, &unknown(&code), retry_after),
    }
}

/// A refusal that is not in Twilio's form, from something between us and it.
pub(super) fn outcome_without_code(status: StatusCode, retry_after: Option<Duration>) -> Outcome {
    let sentence = "The request was refused, but not in Twilio's form: check the base URL and \
                    any proxy on the way.";
    Meaning::of_status(status).outcome(status.as_str(), sentence, retry_after)
}

/// What the `ErrorCode` of a callback says.
pub(super) fn sentence(code: &str) -> String {
    let known = DICTIONARY.iter().find(|(known, ..)| known.to_string() == code);
    match known {
        Some((_, _, sentence)) => (*sentence).to_owned(),
        None => unknown(code),
    }
}

fn unknown(code: &str) -> String {
    format!("Twilio's error {code} is new to us: see {PAGES}/{code}")
}
