//! Infobip's dialect, SMS v3: its messages address, its statuses, its reports. It takes each name once: what is
//! offered again under a `messageId` that it has taken is rejected, and not sent again.
//!
//! Sources: Infobip's own Python client 6.0.0, made from its OpenAPI document, for the shapes; its page "Response
//! status and error codes" for the statuses. That a name is known again whatever became of the first answer, and that
//! one which was never taken is not, is the reading of status 23 on which the service relies. A name that is no UUID is
//! none of ours, and is not known again here.

mod words;

use std::borrow::Cow;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use self::words::{Cause, Said};
use super::account::Status;
use super::text::{Dialect, Echo, Refusal, Text};
use super::wire::{Answer, Request};
use crate::domain::segment;

pub const PATH: &str = "/sms/3/messages";
/// What a report is.
pub const JSON: &str = "application/json";
const LONGEST_NAME: usize = 200;
const LONGEST_DATA: usize = 4000;

#[derive(Deserialize)]
struct Posted<'a> {
    #[serde(borrow)]
    messages: Vec<Message<'a>>,
}

#[derive(Deserialize)]
struct Message<'a> {
    #[serde(borrow, default)]
    sender: Cow<'a, str>,
    #[serde(borrow)]
    destinations: Vec<Destination<'a>>,
    #[serde(borrow)]
    content: Content<'a>,
    #[serde(borrow, default)]
    webhooks: Webhooks<'a>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Destination<'a> {
    #[serde(borrow)]
    to: Cow<'a, str>,
    #[serde(borrow, default)]
    message_id: Cow<'a, str>,
}

#[derive(Deserialize)]
struct Content<'a> {
    #[serde(borrow)]
    text: Cow<'a, str>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Webhooks<'a> {
    #[serde(borrow, default)]
    delivery: Delivery<'a>,
    #[serde(borrow, default)]
    content_type: Cow<'a, str>,
    #[serde(borrow, default)]
    callback_data: Cow<'a, str>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Delivery<'a> {
    #[serde(borrow, default)]
    url: Cow<'a, str>,
    /// Whether more than the last report is wanted.
    #[serde(default)]
    intermediate_report: bool,
    notify: Option<bool>,
}

/// Reads what is posted, or says which part of it Infobip would not take. One text a request: more are not read here.
pub fn read<'a>(request: &Request<'a>) -> Result<Text<'a>, &'static str> {
    let key = request.header("authorization").and_then(|value| value.strip_prefix("App "));
    if key.is_none_or(|key| key.trim().is_empty()) {
        return Err(NOT_AUTHORIZED);
    }
    let posted: Posted<'a> = serde_json::from_slice(request.body).map_err(|_| "messages")?;
    let Ok([message]) = <[Message<'a>; 1]>::try_from(posted.messages) else { return Err("messages") };
    let Ok([destination]) = <[Destination<'a>; 1]>::try_from(message.destinations) else {
        return Err("messages[0].destinations");
    };
    let Some(to) = number(destination.to) else { return Err("messages[0].destinations[0].to") };
    if destination.message_id.len() > LONGEST_NAME {
        return Err("messages[0].destinations[0].messageId");
    }
    if message.content.text.is_empty() {
        return Err("messages[0].content.text");
    }
    let Webhooks { delivery, content_type, callback_data } = message.webhooks;
    // It would write XML too.
    if !matches!(&*content_type, "" | JSON) {
        return Err("messages[0].webhooks.contentType");
    }
    if callback_data.len() > LONGEST_DATA {
        return Err("messages[0].webhooks.callbackData");
    }
    let url = delivery.url;
    if !url.is_empty() && !url.starts_with("http://") && !url.starts_with("https://") {
        return Err("messages[0].webhooks.delivery.url");
    }
    let message_id = destination.message_id;
    Ok(Text {
        dialect: Dialect::Infobip,
        account_sid: "",
        to,
        from: message.sender,
        body: message.content.text,
        callback: if delivery.notify == Some(false) { Cow::Borrowed("") } else { url },
        mask: u32::from(delivery.intermediate_report),
        reference: message_id.parse().ok(),
        echo: Echo { message_id, callback_data },
    })
}

/// Infobip writes a number without a plus sign, and takes it with one too. Here each has one, as in the other dialects.
fn number(to: Cow<'_, str>) -> Option<Cow<'_, str>> {
    let digits = to.strip_prefix('+').unwrap_or(&to);
    if !(7..=15).contains(&digits.len()) || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    Some(if to.starts_with('+') { to } else { Cow::Owned(format!("+{to}")) })
}

const NOT_AUTHORIZED: &str = "authorization";

/// The name of a text: its own, or one that the gateway gives it.
pub fn message_id(own: &str, run: u64, number: u64) -> Cow<'_, str> {
    if own.is_empty() { Cow::Owned(Uuid::from_u64_pair(run, number).to_string()) } else { Cow::Borrowed(own) }
}

/// 200, and the text waits.
pub fn accepted(text: &Text<'_>, run: u64, number: u64, answer: &mut Answer) {
    says(text, &message_id(&text.echo.message_id, run, number), words::ACCEPTED, answer);
}

/// 200, and the text is not sent again.
pub fn duplicate(text: &Text<'_>, answer: &mut Answer) {
    says(text, &text.echo.message_id, words::DUPLICATE, answer);
}

/// As Infobip refuses.
pub fn refused(refusal: Refusal, text: &Text<'_>, retry_after: u32, answer: &mut Answer) {
    let status = match refusal {
        Refusal::Garbage => return super::garbage(answer),
        Refusal::Status(status) => status,
        Refusal::Code(20003) => 401,
        Refusal::Code(20404) => 404,
        Refusal::Code(20429 | 21611 | 30001 | 63017) => 429,
        Refusal::Code(code) => return says(text, &text.echo.message_id, words::rejected(code), answer),
    };
    error(status, None, (status == 429).then_some(retry_after), answer);
}

/// A request that is no text, because of this part of it.
pub fn malformed(what: &'static str, answer: &mut Answer) {
    if what == NOT_AUTHORIZED { error(401, None, None, answer) } else { error(400, Some(what), None, answer) }
}

fn says(text: &Text<'_>, message_id: &str, status: Said, answer: &mut Answer) {
    #[derive(Serialize)]
    struct Answered<'a> {
        messages: [One<'a>; 1],
    }
    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    struct One<'a> {
        message_id: &'a str,
        status: Said,
        destination: &'a str,
        details: Details,
    }
    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    struct Details {
        message_count: u32,
    }
    let details = Details { message_count: segment::count(&text.body).segments };
    let destination = text.to.trim_start_matches('+');
    answer.json(200, &Answered { messages: [One { message_id, status, destination, details }] }, None);
}

fn error(status: u16, property: Option<&'static str>, retry_after: Option<u32>, answer: &mut Answer) {
    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    struct Error {
        error_code: String,
        description: &'static str,
        action: &'static str,
        violations: Vec<Violation>,
        resources: [&'static str; 0],
    }
    #[derive(Serialize)]
    struct Violation {
        property: &'static str,
        violation: &'static str,
    }
    let refused = Error {
        error_code: format!("E{status}"),
        description: "Refused by the gateway simulator",
        action: "See what it was told at its start.",
        violations: property
            .map(|property| Violation { property, violation: "invalid" })
            .into_iter()
            .collect(),
        resources: [],
    };
    answer.json(status, &refused, retry_after);
}

/// What a report is about.
pub struct Subject<'a> {
    pub message_id: &'a str,
    pub to: &'a str,
    pub segments: u32,
    pub callback_data: &'a str,
}

/// A report; none if it is not the last and the last alone is wanted.
pub fn report(mask: u32, about: &Subject<'_>, status: Status, now: DateTime<Utc>) -> Option<String> {
    #[derive(Serialize)]
    struct Pushed<'a> {
        results: [Report<'a>; 1],
    }
    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    struct Report<'a> {
        message_id: &'a str,
        to: &'a str,
        sent_at: &'a str,
        done_at: &'a str,
        message_count: u32,
        status: Said,
        error: Cause,
        #[serde(skip_serializing_if = "str::is_empty")]
        callback_data: &'a str,
    }
    if mask == 0 && status <= Status::Sent {
        return None;
    }
    let at = now.format("%Y-%m-%dT%H:%M:%S%.3f%z").to_string();
    let (status, error) = words::of(status);
    let report = Report {
        message_id: about.message_id,
        to: about.to.trim_start_matches('+'),
        sent_at: &at,
        done_at: &at,
        message_count: about.segments,
        status,
        error,
        callback_data: about.callback_data,
    };
    serde_json::to_string(&Pushed { results: [report] }).ok()
}
