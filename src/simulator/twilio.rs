//! Twilio's dialect: its Messages resource, its refusals, its signed status callbacks.
//!
//! Sources: Twilio's OpenAPI document of 2026-04, its error dictionary, its "Webhooks security" page.

pub mod list;

use std::borrow::Cow;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Utc};
use hmac::{Hmac, KeyInit, Mac};
use serde::Serialize;
use sha1::Sha1;

use super::account::Status;
use super::text::{Dialect, Echo, Refusal, Text, reference};
use super::wire::{Answer, Request};
use crate::gateway::Secret;

pub const VERSION: &str = "2010-04-01";
/// What Twilio takes; longer is its error 21617.
const LONGEST_BODY: usize = 1600;
/// What a status callback is.
pub const FORM: &str = "application/x-www-form-urlencoded; charset=utf-8";

/// The account in an address of the Messages resource.
pub fn account(path: &str) -> Option<&str> {
    path.strip_prefix("/2010-04-01/Accounts/")?.strip_suffix("/Messages.json")
}

/// Reads what is posted to Messages, or says with which code Twilio would refuse it.
pub fn read<'a>(request: &Request<'a>, account_sid: &'a str) -> Result<Text<'a>, u32> {
    let nothing = Cow::Borrowed("");
    let (mut to, mut from, mut service) = (nothing.clone(), nothing.clone(), nothing.clone());
    let (mut body, mut callback) = (nothing.clone(), nothing);
    for (name, value) in form_urlencoded::parse(request.body) {
        match &*name {
            "To" => to = value,
            "From" => from = value,
            "MessagingServiceSid" => service = value,
            "Body" => body = value,
            "StatusCallback" => callback = value,
            _ => {}
        }
    }
    if to.is_empty() {
        return Err(21604);
    }
    if from.is_empty() && service.is_empty() {
        return Err(21603);
    }
    if body.is_empty() {
        return Err(21602);
    }
    if body.len() > LONGEST_BODY && body.chars().count() > LONGEST_BODY {
        return Err(21617);
    }
    // A plus sign that was not escaped has become a space here.
    if !is_number(&to) {
        return Err(21211);
    }
    let from = if service.is_empty() { from } else { service };
    let reference = reference(&callback);
    let echo = Echo::default();
    Ok(Text { dialect: Dialect::Twilio, account_sid, to, from, body, callback, mask: 0, echo, reference })
}

fn is_number(to: &str) -> bool {
    let digits = to.strip_prefix('+').unwrap_or_default();
    (7..=15).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit())
}

/// SM and 32 digits: which start of the simulator, and which text.
pub fn sid(run: u64, number: u64) -> String {
    format!("SM{run:016x}{number:016x}")
}

/// A Message resource.
#[derive(Serialize)]
pub struct Message<'a> {
    sid: &'a str,
    account_sid: &'a str,
    api_version: &'a str,
    status: &'a str,
    to: &'a str,
    from: Option<&'a str>,
    messaging_service_sid: Option<&'a str>,
    body: Option<&'a str>,
    direction: &'a str,
    num_segments: &'a str,
    num_media: &'a str,
    date_created: &'a str,
    date_updated: &'a str,
    date_sent: Option<&'a str>,
    error_code: Option<u16>,
    error_message: Option<&'a str>,
    price: Option<&'a str>,
    price_unit: Option<&'a str>,
    uri: String,
}

impl<'a> Message<'a> {
    /// One from this sender, which may be a messaging service's id.
    pub fn new(sid: &'a str, account_sid: &'a str, to: &'a str, from: &'a str, date: &'a str) -> Self {
        let service = is_service(from);
        Self {
            sid,
            account_sid,
            api_version: VERSION,
            status: if service { "accepted" } else { "queued" },
            to,
            from: Some(from).filter(|_| !service),
            messaging_service_sid: Some(from).filter(|_| service),
            body: None,
            direction: "outbound-api",
            // A messaging service counts them later.
            num_segments: if service { "0" } else { "1" },
            num_media: "0",
            date_created: date,
            date_updated: date,
            date_sent: None,
            error_code: None,
            error_message: None,
            price: None,
            price_unit: Some("USD"),
            uri: format!("/{VERSION}/Accounts/{account_sid}/Messages/{sid}.json"),
        }
    }
}

fn is_service(sender: &str) -> bool {
    sender.starts_with("MG")
}

/// 201 and the new message.
pub fn created(text: &Text<'_>, sid: &str, date: &str, answer: &mut Answer) {
    let fresh = Message::new(sid, text.account_sid, &text.to, &text.from, date);
    answer.json(201, &Message { body: Some(&text.body), ..fresh }, None);
}

/// As Twilio refuses.
pub fn refused(refusal: Refusal, retry_after: u32, answer: &mut Answer) {
    #[derive(Serialize)]
    struct Refused {
        code: u32,
        message: &'static str,
        more_info: String,
        status: u16,
    }
    let (status, code) = match refusal {
        Refusal::Garbage => return super::garbage(answer),
        Refusal::Status(429) => (429, 20429),
        Refusal::Status(status) => (status, 20000 + u32::from(status)),
        Refusal::Code(code @ 20003) => (401, code),
        Refusal::Code(code @ 20404) => (404, code),
        Refusal::Code(code @ 20429) => (429, code),
        Refusal::Code(code) => (400, code),
    };
    let more_info = format!("https://www.twilio.com/docs/errors/{code}");
    let refused = Refused { code, message: "Refused by the gateway simulator", more_info, status };
    answer.json(status, &refused, (status == 429).then_some(retry_after));
}

/// A status in Twilio's words, and its code.
fn words(status: Status, sender: &str) -> (&'static str, Option<u16>) {
    match status {
        Status::Queued if is_service(sender) => ("accepted", None),
        Status::Queued => ("queued", None),
        Status::Sent => ("sent", None),
        Status::Delivered => ("delivered", None),
        Status::Undelivered(code) => ("undelivered", Some(code)),
        Status::Failed(code) => ("failed", Some(code)),
    }
}

/// What a status callback is about.
pub struct Subject<'a> {
    pub sid: &'a str,
    pub account_sid: &'a str,
    pub to: &'a str,
    pub from: &'a str,
}

/// A status callback's form, and its signature where there is a token to sign with.
pub fn callback(
    url: &str,
    about: &Subject<'_>,
    status: Status,
    now: DateTime<Utc>,
    token: Option<&Secret>,
) -> (String, Option<String>) {
    let (word, code) = words(status, about.from);
    let code = code.map(|code| code.to_string());
    let done = now.format("%y%m%d%H%M").to_string();
    let mut pairs = vec![
        ("AccountSid", about.account_sid),
        ("ApiVersion", VERSION),
        ("MessageSid", about.sid),
        ("MessageStatus", word),
        ("SmsSid", about.sid),
        ("SmsStatus", word),
        ("To", about.to),
    ];
    pairs.push((if is_service(about.from) { "MessagingServiceSid" } else { "From" }, about.from));
    pairs.extend(code.as_deref().map(|code| ("ErrorCode", code)));
    if matches!(status, Status::Delivered | Status::Undelivered(_)) {
        pairs.push(("RawDlrDoneDate", &done));
    }
    pairs.sort_unstable();
    let form = form_urlencoded::Serializer::new(String::new()).extend_pairs(&pairs).finish();
    (form, token.and_then(|token| signature(url, &pairs, token)))
}

/// The address as it was given, then each name with its value, sorted by name.
fn signature(url: &str, sorted: &[(&str, &str)], token: &Secret) -> Option<String> {
    let mut mac = Hmac::<Sha1>::new_from_slice(token.reveal().as_bytes()).ok()?;
    mac.update(url.as_bytes());
    for (name, value) in sorted {
        mac.update(name.as_bytes());
        mac.update(value.as_bytes());
    }
    Some(STANDARD.encode(mac.finalize().into_bytes()))
}
