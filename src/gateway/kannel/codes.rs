//! What Kannel says, in its own words (`smsbox.c`) and bits (`dlr.h`), and what it means.

use http::StatusCode;

use super::super::Outcome;
use super::super::http::Reply;
use super::super::meaning::Meaning::{self, Later, Recipient, Sender, Text};
use crate::domain::delivery::Evidence::{self, Delivered, Failed, Sent};

/// The second is said while the SMSC is down: Kannel keeps the text and sends it when it can.
const ACCEPTED: [&str; 2] = ["0: Accepted for delivery", "3: Queued for later delivery"];

/// By how a reply begins: 403 for the first two, 503 for "Temporal", 404 for "Unknown", else 400.
#[rustfmt::skip]
const REFUSALS: &[(&str, Meaning, &str)] = &[
    ("Authorization failed", Sender, "Kannel does not accept us: check username, password and user-allow-ip."),
    ("Not routable", Recipient, "Kannel has no route to this number."),
    // Said as well of a recipient that is no number at all.
    ("Number(s) has/have been denied", Recipient, "Kannel's white and black lists deny this number."),
    ("Temporal failure", Later, "Kannel cannot take texts just now; this one was not taken."),
    ("Unknown request", Sender, "Kannel does not know this address: compare sendsms_url with its sendsms-url."),
    ("Sender missing", Sender, "Kannel wants a sender."),
    ("DLR-URL field misformed", Sender, "Kannel cannot use our callback URL: it must begin with http://."),
    ("Missing receiver", Text, "Kannel saw no recipient."),
    ("Charset or body misformed", Text, "Kannel could not read the text."),
    ("Validity field misformed", Text, "Kannel could not read how long the text is right."),
    ("Coding field misformed", Text, "Kannel does not know the coding."),
];

/// Most specific first: a kind is a set of bits, and 34 (expired) and 66 (unknown to the SMSC)
/// are 2 with another. A buffered text and one the SMSC took are both on their way.
#[rustfmt::skip]
const REPORTS: &[(u32, Evidence, Option<&str>)] = &[
    (1, Delivered, None),
    (16, Failed, Some("The operator refused the text.")),
    (2 | 32, Failed, Some("The text could not be delivered while it was still right.")),
    (2 | 64, Failed, Some("The operator does not know what became of the text.")),
    (2, Failed, Some("The operator could not deliver the text.")),
    (4, Sent, None),
    (8, Sent, None),
];

/// Kannel has no codes but the HTTP status, and no id for what it took.
pub(super) fn outcome(reply: &Reply) -> Outcome {
    let said = String::from_utf8_lossy(&reply.body);
    let code = reply.status.as_str();
    if reply.status == StatusCode::ACCEPTED && ACCEPTED.contains(&said.trim_end()) {
        return Outcome::Accepted { provider_id: None };
    }
    if reply.status.is_success() {
        return ambiguous(code, "The reply was not one of Kannel's; the text may have been sent.");
    }
    let known = REFUSALS.iter().find(|(words, ..)| said.starts_with(words));
    match known {
        Some((_, meaning, sentence)) => meaning.outcome(code, sentence, reply.retry_after()),
        None if reply.status.is_server_error() => {
            ambiguous(code, "Kannel, or something before it, had a fault; the text may have been sent.")
        }
        None => {
            let sentence = "Something before Kannel refused the request, or Kannel in words that are new to us: check \
                            sendsms_url, and see the logs of both.";
            Meaning::of_status(reply.status).outcome(code, sentence, reply.retry_after())
        }
    }
}

fn ambiguous(code: &str, sentence: &str) -> Outcome {
    Outcome::Ambiguous { code: code.to_owned(), sentence: sentence.to_owned() }
}

/// What a report's kind (%d) says; bits that are none of these say nothing.
pub(super) fn evidence(kind: u32) -> Option<(Evidence, Option<&'static str>)> {
    let row = REPORTS.iter().find(|(bits, ..)| kind & bits == *bits)?;
    Some((row.1, row.2))
}

/// Operators' codes that are the same everywhere (SMPP 3.4): how a receipt begins, or an error of the message centre.
#[rustfmt::skip]
const OPERATORS: &[(&str, Meaning, &str)] = &[
    ("UNDELIV", Recipient, "The operator could not deliver the text."),
    ("EXPIRED", Recipient, "Her phone could not be reached while the text was still right."),
    ("REJECTD", Text, "The operator refused the text."),
    ("DELETED", Text, "The operator deleted the text."),
    ("UNKNOWN", Later, "The operator does not know what became of the text."),
    ("0x0000000a", Sender, "The operator does not accept our sender."),
    ("0x0000000b", Recipient, "The operator says that this number is not valid."),
    ("0x00000014", Later, "The operator's queue is full."),
    ("0x00000045", Text, "The operator did not take the text."),
    ("0x00000058", Later, "The operator asks for fewer texts a second."),
];

/// What an operator's code means, with a sentence.
pub(in crate::gateway) fn explain(code: &str) -> Option<(Option<Meaning>, &'static str)> {
    let first = code.split('/').next().unwrap_or(code);
    let known = OPERATORS.iter().find(|(known, ..)| known.eq_ignore_ascii_case(first));
    known.map(|(_, meaning, sentence)| (Some(*meaning), *sentence))
}

/// The operator's own code in an answer (%A): `NACK/0x0000000b/Invalid Destination Address`, or
/// `stat:UNDELIV err:001` of a receipt (SMPP 3.4, appendix B). The rest of a receipt quotes the
/// text and is left alone.
pub(super) fn operator_code(answer: &str) -> Option<String> {
    if let Some(refusal) = answer.strip_prefix("NACK/") {
        return refusal.split('/').next().map(str::to_owned);
    }
    let (receipt, _quoted) = answer.split_once(" text:").unwrap_or((answer, ""));
    let after = |name| {
        let mut words = receipt.split(' ');
        words.find_map(|word| word.strip_prefix(name))
    };
    let status = after("stat:")?;
    Some(match after("err:") {
        Some(error) => format!("{status}/{error}"),
        None => status.to_owned(),
    })
}
