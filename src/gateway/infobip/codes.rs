//! Infobip's status and error ids, as far as they change what we do, in words for an operator.
//!
//! The same number is used twice: a status says where a text stands, an error beside it why. What is not here is
//! permanent for its one text and never a reason to send again; in a report it changes nothing.

use http::StatusCode;
use serde::Deserialize;

use super::super::Outcome;
use super::super::http::Reply;
use super::super::meaning::Meaning::{self, Later, Recipient, Sender, Text, Unsure};
use crate::domain::delivery::Evidence::{self, Accepted, Delivered, Failed, Sent};

#[derive(Deserialize)]
pub(super) struct Status {
    #[serde(rename = "groupId")]
    pub group: Option<i64>,
    pub id: i64,
    pub name: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct Fault {
    pub id: i64,
    /// Whether the same text would fail in the same way again.
    pub permanent: Option<bool>,
}

/// PENDING and DELIVERED: it has the text, whether it says so at once or later.
const TAKEN: &[(i64, Evidence)] = &[
    (2, Sent), // DELIVERED_TO_OPERATOR: not to her, though its group says delivered
    (3, Sent), // PENDING_WAITING_DELIVERY
    (5, Delivered),
    (7, Sent), // PENDING_ENROUTE
    (26, Accepted),
    // EXPIRED_DLR_UNKNOWN: the operator had it, and never said what became of it.
    (29, Sent),
    // REJECTED_DUPLICATE_MESSAGE_ID: our names are given once, so it has the text since an earlier handing over. If
    // it refused that one, its report says so, under the same name.
    (23, Accepted),
];

/// UNDELIVERABLE, EXPIRED and REJECTED.
#[rustfmt::skip]
const FAILED: &[(i64, Meaning, &str)] = &[
    (4, Text, "The operator refused the text."),
    (6, Text, "Infobip does not reach this network, or it is not set up for the account: ask Infobip."),
    (8, Recipient, "Infobip does not know the prefix of this number, or it is too long or too short."),
    (9, Recipient, "The operator could not deliver the text."),
    (10, Recipient, "Her operator keeps service texts from this number (do not disturb)."),
    (11, Sender, "Our sender is not registered for the account at Infobip."),
    (12, Sender, "The account at Infobip is out of credit."),
    (13, Sender, "Our sender is on a block list of the account at Infobip."),
    (14, Recipient, "This number is on a block list, of its operator or of the account at Infobip."),
    (15, Text, "The text could not be delivered while it was still right."),
    (17, Sender, "The credit of the account at Infobip has expired."),
    (18, Text, "The account at Infobip is for tests, and may text one registered number only."),
    (19, Text, "The account at Infobip has no route to this number: ask Infobip to set one up."),
    (20, Later, "Infobip's flooding filter: too many texts to this number within an hour."),
    (21, Later, "Infobip had a fault of its own, and did not take the text."),
    (24, Text, "Infobip could not read the head of the text."),
    (25, Text, "The text is longer than Infobip takes."),
    (31, Text, "Infobip did not send the text."),
    (51, Text, "Infobip saw no recipient."),
    (52, Recipient, "Infobip says that this is not a valid number."),
    (87, Text, "Infobip's protection against fraud blocked the text: put the number on its trusted list."),
    (99, Text, "Infobip rejected the text and did not say why."),
    (100, Text, "Infobip could not read the text, or was not ready for it."),
];

/// Why a text failed, by the error that comes with its last report.
#[rustfmt::skip]
const ERRORS: &[(i64, &str)] = &[
    (1, "The number is not in use."),
    (6, "Her phone could not be reached: off, or out of coverage."),
    (9, "Her operator does not let this phone take texts."),
    (11, "Her subscription does not include texts."),
    (13, "Her operator has suspended the number."),
    (27, "Her phone could not be reached: off, or out of coverage."),
    (31, "Her phone was busy with another text."),
    (32, "Her phone could not take the text."),
    (34, "The operator had a fault."),
    (256, "Her phone's memory is full."),
    (351, "The operator says that this number is not valid."),
    (368, "Her operator does not take texts from our sender."),
    (488, "Our toll-free number is not verified."),
    (500, "The operator had a fault."),
    (502, "The operator did not answer."),
    (541, "The operator's limit of texts a second for our campaign was reached."),
    (542, "The operator's limit of texts a day for our brand was reached."),
    (561, "The operator blocked the text for what it says."),
    (565, "Her operator takes no texts from short codes."),
    (566, "Her operator blocks texts from short codes to this number."),
    (568, "This number cannot get texts."),
    (569, "Her operator has suspended the number."),
    (573, "She has asked her operator to block our texts; only she can lift it."),
    (581, "Her prepaid credit is used up."),
    (603, "She has opted out (STOP); only her own START lifts it."),
    (607, "The operator took the text for unwanted: have its words looked at."),
    (629, "This number cannot get texts."),
    (2048, "The operator did not answer in time."),
    (2050, "This number is on the operator's do-not-disturb list."),
    (2052, "This number is on a block list, of its operator or of the account at Infobip."),
    (2053, "Our sender is on a block list, of the operator or of the account at Infobip."),
    (3041, "The number is not in use any more."),
    (4099, "The account's monthly limit at Infobip is reached."),
    (4101, "The text could not be delivered while it was still right."),
    (4103, "Infobip's flooding filter: too many texts to this number within an hour."),
    (4104, "Infobip's flooding filter: the same text too often to this number within an hour."),
];

/// EC_SC_BLOCKED_BY_END_USER; EC_CONTENT_BLOCKED, which is her STOP to an American number.
const OPTED_OUT: [i64; 2] = [573, 603];

const PAGES: &str = "https://www.infobip.com/docs/essentials/api-essentials/response-status-and-error-codes";

/// What a code means: a status, or a status and an error (`9/6`), with its sentence.
pub(in crate::gateway) fn explain(code: &str) -> Option<(Option<Meaning>, &'static str)> {
    let (status, error) = code.split_once('/').map_or((code, None), |(status, error)| (status, Some(error)));
    let status = status.parse().ok().and_then(failed);
    let error: Option<i64> = error.and_then(|error| error.parse().ok());
    let known = error.and_then(|error| ERRORS.iter().find(|(known, _)| *known == error));
    let opted_out = error.is_some_and(|error| OPTED_OUT.contains(&error));
    let meaning = if opted_out { Some(Meaning::OptedOut) } else { status.map(|(_, meaning, _)| *meaning) };
    let sentence = known.map(|(_, sentence)| *sentence).or(status.map(|(_, _, sentence)| *sentence))?;
    Some((meaning, sentence))
}

/// What the status in the answer to a send means.
pub(super) fn outcome(status: &Status) -> Outcome {
    let code = status.id.to_string();
    let taken = TAKEN.iter().any(|(known, _)| *known == status.id);
    match (failed(status.id), status.group) {
        _ if taken => Outcome::Accepted { provider_id: None },
        (Some((_, meaning, sentence)), _) => meaning.outcome(&code, sentence, None),
        // OK, PENDING, DELIVERED: it has the text, and says more than we know.
        (None, Some(0 | 1 | 3)) => Outcome::Accepted { provider_id: None },
        // UNDELIVERABLE, EXPIRED, REJECTED.
        (None, Some(2 | 4 | 5)) => Text.outcome(&code, &unknown("status", &code), None),
        _ => Unsure.outcome(&code, "Infobip's answer is new to us; the text may have been sent.", None),
    }
}

/// What an answer means that is not 200.
pub(super) fn refusal(reply: &Reply) -> Outcome {
    let sentence = match reply.status {
        status if status.is_server_error() => "Infobip had a fault of its own; the text may have been sent.",
        StatusCode::BAD_REQUEST => "Infobip could not read the request.",
        StatusCode::UNAUTHORIZED => "Infobip does not accept our API key.",
        StatusCode::FORBIDDEN => "Our API key may not send SMS: give it that scope.",
        StatusCode::TOO_MANY_REQUESTS => {
            "Infobip asks for fewer requests a second; this one was not processed."
        }
        _ => "The request was refused: check the base URL and any proxy on the way.",
    };
    let meaning = if reply.status.is_server_error() { Unsure } else { Meaning::of_status(reply.status) };
    meaning.outcome(reply.status.as_str(), sentence, reply.retry_after())
}

/// What a report says.
pub(super) struct Said {
    pub evidence: Option<Evidence>,
    /// The status, and the error if there is one: `9/6`.
    pub code: Option<String>,
    pub sentence: Option<String>,
    pub opted_out: bool,
}

pub(super) fn said(status: &Status, error: Option<&Fault>) -> Said {
    let taken = TAKEN.iter().find(|(known, _)| *known == status.id).map(|(_, evidence)| *evidence);
    if taken.is_some() {
        return Said { evidence: taken, code: None, sentence: None, opted_out: false };
    }
    let failed = failed(status.id);
    // 0 is NO_ERROR.
    let error = error.filter(|error| error.id != 0);
    let known = error.and_then(|error| ERRORS.iter().find(|(known, _)| *known == error.id));
    let id = status.id.to_string();
    let sentence = match (known, error, failed) {
        (Some((_, sentence)), ..) | (None, None, Some((_, _, sentence))) => (*sentence).to_owned(),
        (None, Some(error), _) => {
            let again = if error.permanent == Some(true) { " It would be the same again." } else { "" };
            format!("{}{again}", unknown("error", &error.id.to_string()))
        }
        (None, None, None) => unknown("status", &id),
    };
    Said {
        evidence: failed.map(|_| Failed),
        code: Some(match error {
            Some(error) => format!("{id}/{}", error.id),
            None => id,
        }),
        sentence: Some(sentence),
        opted_out: error.is_some_and(|error| OPTED_OUT.contains(&error.id)),
    }
}

fn failed(id: i64) -> Option<&'static (i64, Meaning, &'static str)> {
    FAILED.iter().find(|(known, ..)| *known == id)
}

fn unknown(what: &str, id: &str) -> String {
    format!("Infobip's {what} {id} is new to us: see {PAGES}.")
}
