//! Infobip's words for what becomes of a text: its statuses, and the errors that explain them.

use serde::Serialize;

use crate::simulator::account::Status;

/// A status, in an answer or in a report.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Said {
    group_id: usize,
    group_name: &'static str,
    id: u16,
    name: &'static str,
    description: &'static str,
}

/// Why it has not arrived, in a report.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Cause {
    group_id: usize,
    group_name: &'static str,
    id: u16,
    name: &'static str,
    description: &'static str,
    permanent: bool,
}

const GROUPS: [&str; 6] = ["ACCEPTED", "PENDING", "UNDELIVERABLE", "DELIVERED", "EXPIRED", "REJECTED"];
const PENDING: usize = 1;
const UNDELIVERABLE: usize = 2;
const DELIVERED: usize = 3;
const EXPIRED: usize = 4;
const REJECTED: usize = 5;
const CAUSES: [&str; 4] = ["OK", "HANDSET_ERRORS", "USER_ERRORS", "OPERATOR_ERRORS"];

/// It was taken.
pub const ACCEPTED: Said = said(PENDING, 26, "PENDING_ACCEPTED", "Message sent to next instance");
/// It was taken before under the same name.
pub const DUPLICATE: Said =
    said(REJECTED, 23, "REJECTED_DUPLICATE_MESSAGE_ID", "Rejected duplicate message ID");

/// The status that comes nearest to one of Twilio's codes.
pub fn rejected(code: u32) -> Said {
    match code {
        21408 | 21612 => said(REJECTED, 6, "REJECTED_NETWORK", "Network is forbidden"),
        21603 | 21606 => said(REJECTED, 11, "REJECTED_SOURCE", "Invalid Source address"),
        21610 => said(REJECTED, 14, "REJECTED_DESTINATION", "By Destination"),
        21617 => said(REJECTED, 25, "REJECTED_MESSAGE_TOO_LONG", "Rejected message too long"),
        _ => said(REJECTED, 52, "REJECTED_INVALID_DESTINATION", "Invalid destination"),
    }
}

/// What a report says.
pub fn of(status: Status) -> (Said, Cause) {
    match status {
        Status::Queued => (ACCEPTED, NO_ERROR),
        Status::Sent => {
            (said(DELIVERED, 2, "DELIVERED_TO_OPERATOR", "Message delivered to operator"), NO_ERROR)
        }
        Status::Delivered => {
            (said(DELIVERED, 5, "DELIVERED_TO_HANDSET", "Message delivered to handset"), NO_ERROR)
        }
        // Out of reach for as long as the text was right.
        Status::Undelivered(30003) => (
            said(EXPIRED, 15, "EXPIRED_EXPIRED", "Message expired"),
            cause(1, 27, "EC_ABSENT_SUBSCRIBER", "Absent Subscriber", false),
        ),
        Status::Undelivered(_) => (
            said(UNDELIVERABLE, 9, "UNDELIVERABLE_NOT_DELIVERED", "Message sent not delivered"),
            cause(1, 1, "EC_UNKNOWN_SUBSCRIBER", "Unknown Subscriber", true),
        ),
        Status::Failed(_) => (
            said(UNDELIVERABLE, 4, "UNDELIVERABLE_REJECTED_OPERATOR", "Message rejected by operator"),
            cause(3, 500, "EC_PROVIDER_GENERAL_ERROR", "Provider General Error", false),
        ),
    }
}

const NO_ERROR: Cause = cause(0, 0, "NO_ERROR", "No Error", false);

const fn said(group_id: usize, id: u16, name: &'static str, description: &'static str) -> Said {
    Said { group_id, group_name: GROUPS[group_id], id, name, description }
}

const fn cause(
    group_id: usize,
    id: u16,
    name: &'static str,
    description: &'static str,
    permanent: bool,
) -> Cause {
    Cause { group_id, group_name: CAUSES[group_id], id, name, description, permanent }
}
