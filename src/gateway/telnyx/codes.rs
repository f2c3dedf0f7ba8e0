//! Telnyx's error codes, as far as they change what we do, in words for an operator.
//!
//! A code that is not here is permanent for its one text and never a reason to send again; but 409 and 422 with such a
//! code may speak of the key that we handed a text over under, and then say nothing of the text.

use std::time::Duration;

use http::StatusCode;

use super::super::Outcome;
use super::super::meaning::Meaning::{self, Later, OptedOut, Recipient, Sender, Text, Unsure};
use super::{Fault, unsure};

const PAGES: &str = "https://developers.telnyx.com/docs/messaging/messages/error-codes";

#[rustfmt::skip]
const DICTIONARY: &[(&str, Meaning, &str)] = &[
    ("10001", Text, "Telnyx says that a number of this text is not active."),
    ("10002", Text, "Telnyx says that a number of this text is not valid."),
    ("10003", Sender, "Telnyx cannot use our callback URL: check server.public_url."),
    ("10004", Text, "Telnyx misses something in the request."),
    ("10005", Sender, "Telnyx does not know what the request names: check base_url and messaging_profile_id."),
    ("10006", Sender, "Telnyx does not know an id in the request: check messaging_profile_id."),
    ("10007", Unsure, "Telnyx had a fault of its own; the text may have been sent."),
    ("10008", Unsure, "Telnyx did not get ready in time; the text may have been sent."),
    ("10009", Sender, "Telnyx does not accept our API key."),
    ("10010", Sender, "Our API key may not send texts."),
    ("10011", Later, "Telnyx asks for fewer requests a second; this one was not processed."),
    ("10015", Text, "Telnyx could not read the request."),
    ("10016", Text, "Telnyx wants each number with + and country code."),
    ("20002", Sender, "Our API key was taken back."),
    ("20006", Sender, "Our API key has expired."),
    ("20012", Sender, "The account at Telnyx is not active, or out of funds."),
    ("20013", Sender, "The account at Telnyx is blocked."),
    ("20014", Sender, "The account at Telnyx is not verified."),
    ("20016", Sender, "The account at Telnyx is not verified for this (level 1)."),
    ("20017", Sender, "The account at Telnyx is not verified for this (level 2)."),
    ("20100", Sender, "The account at Telnyx is out of funds."),
    ("40001", Recipient, "This is a landline, or no carrier takes texts for it."),
    ("40002", Text, "The carrier filtered this text as unwanted for now: have its words looked at."),
    ("40003", Text, "The carrier blocks our sender for unwanted texts: ask Telnyx."),
    ("40004", Later, "The carrier rejected the text and did not say why."),
    ("40005", Text, "The text could not be delivered while the carrier kept it."),
    ("40006", Later, "The carrier could not be reached."),
    ("40008", Recipient, "The carrier did not take the text."),
    ("40009", Text, "The carrier does not take these words or letters."),
    ("40010", Sender, "Our number is not registered for A2P 10DLC."),
    ("40011", Later, "The carrier's limit of texts a second was reached."),
    ("40012", Recipient, "The carrier says that this number is not valid."),
    ("40013", Sender, "The carrier does not take texts from our number."),
    ("40014", Text, "The text waited too long in Telnyx's queue."),
    ("40015", Text, "Telnyx filtered this text as unwanted: have its words looked at."),
    ("40016", Later, "T-Mobile's limit of texts a day for our brand was reached."),
    ("40017", Text, "AT&T filtered this text as unwanted: have its words looked at."),
    ("40018", Later, "AT&T's limit of texts a minute for our campaign was reached."),
    ("40100", Sender, "Our number is not enabled for texts at Telnyx."),
    ("40150", Sender, "Our toll-free number is not enabled for texts."),
    ("40151", Sender, "Our number is still being enabled for texts."),
    ("40301", Recipient, "This number cannot get texts of this kind."),
    ("40302", Text, "The text is longer than Telnyx takes."),
    ("40304", Text, "Telnyx cannot use what the text is made of."),
    ("40305", Sender, "Our sender is no number of the account, or of no messaging profile."),
    ("40306", Sender, "Our sender's name is not set up at Telnyx."),
    ("40309", Text, "The messaging profile may not text this country: allow it there."),
    ("40310", Recipient, "Telnyx says that this is not a valid number."),
    ("40311", Sender, "Telnyx does not accept the secret of the messaging profile."),
    ("40312", Sender, "The messaging profile is switched off."),
    ("40313", Sender, "Telnyx misses the secret of the messaging profile."),
    ("40314", Sender, "The account may not send texts: ask Telnyx."),
    ("40315", Sender, "Telnyx does not send from our number just now: too few of its texts arrive."),
    ("40316", Text, "Telnyx saw no text to send."),
    ("40318", Later, "Our sender's queue at Telnyx is full; this text was not taken."),
    ("40319", Recipient, "This number cannot get texts of this kind."),
    ("40320", Sender, "Our number cannot be used yet."),
    ("40321", Sender, "The messaging profile has no number to send from."),
    ("40322", Text, "Telnyx blocks this text for what it says."),
    ("40328", Text, "The text is longer than Telnyx takes."),
    ("40329", Sender, "Our toll-free number is not verified."),
];

/// What a code means.
pub(in crate::gateway) fn meaning(code: &str) -> Option<Meaning> {
    DICTIONARY.iter().find(|(known, ..)| *known == code).map(|(_, meaning, _)| *meaning)
}

/// What a code means, with its sentence.
pub(in crate::gateway) fn explain(code: &str) -> Option<(Option<Meaning>, &'static str)> {
    let known = DICTIONARY.iter().find(|(known, ..)| *known == code);
    known.map(|(_, meaning, sentence)| (Some(*meaning), *sentence))
}

/// Her STOP, or another block that Telnyx gives the same code: the title tells them apart.
const BLOCKED: &str = "40300";

/// What a refused send means.
pub(super) fn outcome(fault: &Fault, status: StatusCode, retry_after: Option<Duration>) -> Outcome {
    let code = short(&fault.code);
    let known = DICTIONARY.iter().find(|(known, ..)| *known == code);
    match known {
        Some((_, meaning, sentence)) => meaning.outcome(code, sentence, retry_after),
        None if code == BLOCKED => {
            let meaning = if is_opt_out(fault) { OptedOut } else { Recipient };
            meaning.outcome(code, &sentence(fault), retry_after)
        }
        None if is_about_the_key(status) => unsure(
            status,
            "Telnyx has seen this text before in other words, or has it in work; it may have been sent.",
        ),
        None => Meaning::of_status(status).outcome(code, &unknown(code), retry_after),
    }
}

/// A refusal that is not in Telnyx's form, from something between us and it.
pub(super) fn outcome_without_code(status: StatusCode, retry_after: Option<Duration>) -> Outcome {
    if is_about_the_key(status) {
        return unsure(status, "The request was refused without a reason; the text may have been sent.");
    }
    let sentence = "The request was refused, but not in Telnyx's form: check the base URL and \
                    any proxy on the way.";
    Meaning::of_status(status).outcome(status.as_str(), sentence, retry_after)
}

/// 422: another body came under the same key. 409: the first is still in work; Telnyx does not say so, others do.
fn is_about_the_key(status: StatusCode) -> bool {
    matches!(status, StatusCode::CONFLICT | StatusCode::UNPROCESSABLE_ENTITY)
}

/// Telnyx's own title of her STOP is "Blocked due to STOP message".
pub(super) fn is_opt_out(fault: &Fault) -> bool {
    fault.code == BLOCKED && fault.title.as_deref().is_some_and(|title| title.contains("STOP"))
}

/// What the error of a webhook says.
pub(super) fn sentence(fault: &Fault) -> String {
    let code = short(&fault.code);
    let known = DICTIONARY.iter().find(|(known, ..)| *known == code);
    match known {
        Some((_, _, sentence)) => (*sentence).to_owned(),
        None if is_opt_out(fault) => "She has opted out at Telnyx; only her own START lifts it.".to_owned(),
        None if code == BLOCKED => "Telnyx blocks texts from our sender to this number.".to_owned(),
        None => unknown(code),
    }
}

fn unknown(code: &str) -> String {
    format!("Telnyx's error {code} is new to us: see {PAGES}")
}

/// Codes are five digits; what else may stand there goes no further.
fn short(code: &str) -> &str {
    if code.len() <= 10 && code.bytes().all(|byte| byte.is_ascii_alphanumeric()) { code } else { "unknown" }
}
