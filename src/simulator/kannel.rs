//! Kannel's dialect: its sendsms address, its words, and the escapes in the address of its reports.
//!
//! Sources: the Kannel User Guide 1.4.5, chapters "SMS Push" and "Delivery reports"; the answers and the
//! escapes are what Debian's 1.4.5 was seen to give, with its fakesmsc and with an SMPP server behind it.

use std::borrow::Cow;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::account::Status;
use super::text::{Dialect, Echo, Refusal, Text, reference};
use super::wire::{Answer, Request};

pub const PATH: &str = "/cgi-bin/sendsms";
/// What Kannel calls a plain text.
const KIND: &str = "text/html";

/// Reads what is asked of sendsms, or says in which words Kannel would refuse it.
pub fn read<'a>(request: &Request<'a>) -> Result<Text<'a>, &'static str> {
    let nothing = Cow::Borrowed("");
    let [mut username, mut to, mut from, mut body, mut callback, mut mask, mut coding] =
        [(); 7].map(|()| nothing.clone());
    let mut field = |name: &str, value: Cow<'a, str>| match name {
        "username" | "user" => username = value,
        "to" => to = value,
        "from" => from = value,
        "text" => body = value,
        "dlr-url" => callback = value,
        "dlr-mask" => mask = value,
        "coding" => coding = value,
        _ => {}
    };
    if request.method == "GET" {
        form_urlencoded::parse(request.query.as_bytes()).for_each(|(name, value)| field(&name, value));
    } else {
        // A posted text has its fields in headers. Kannel takes no form.
        let kind = request.header("content-type").unwrap_or_default();
        if !kind.starts_with("text/plain") {
            return Err("Invalid content-type");
        }
        for (name, header) in HEADERS {
            field(name, request.header(header).unwrap_or_default().into());
        }
        field("text", String::from_utf8_lossy(request.body));
    }
    if username.is_empty() {
        return Err(NOT_AUTHORIZED);
    }
    if to.trim().is_empty() {
        return Err("Missing receiver number, rejected");
    }
    if from.is_empty() {
        return Err("Sender missing and no global set, rejected");
    }
    if !to.bytes().any(|byte| byte.is_ascii_digit()) {
        return Err(DENIED);
    }
    if !matches!(&*coding, "" | "0" | "1" | "2") {
        return Err("Coding field misformed, rejected");
    }
    if !callback.is_empty() && !callback.starts_with("http://") && !callback.starts_with("https://") {
        return Err("DLR-URL field misformed, rejected");
    }
    let (mask, echo, reference) = (mask.parse().unwrap_or(0), Echo::default(), reference(&callback));
    Ok(Text { dialect: Dialect::Kannel, account_sid: "", to, from, body, callback, mask, echo, reference })
}

const HEADERS: [(&str, &str); 6] = [
    ("username", "x-kannel-username"),
    ("to", "x-kannel-to"),
    ("from", "x-kannel-from"),
    ("dlr-url", "x-kannel-dlr-url"),
    ("dlr-mask", "x-kannel-dlr-mask"),
    ("coding", "x-kannel-coding"),
];

const NOT_AUTHORIZED: &str = "Authorization failed for sendsms";
const DENIED: &str = "Number(s) has/have been denied by white- and/or black-lists.";

/// 202, and no name for the text.
pub fn accepted(answer: &mut Answer) {
    says(202, "0: Accepted for delivery", answer);
}

/// A request that is no text.
pub fn misformed(words: &str, answer: &mut Answer) {
    says(if words == NOT_AUTHORIZED { 403 } else { 400 }, words, answer);
}

/// As Kannel refuses.
pub fn refused(refusal: Refusal, answer: &mut Answer) {
    match refusal {
        Refusal::Garbage => super::garbage(answer),
        // Kannel knows no 429: what it cannot take, it cannot take just now.
        Refusal::Status(429 | 503) | Refusal::Code(20429 | 21611 | 30001 | 63017) => {
            says(503, "Temporal failure, try again later.", answer);
        }
        Refusal::Status(401) | Refusal::Code(20003) => says(403, NOT_AUTHORIZED, answer),
        Refusal::Status(403) | Refusal::Code(21408 | 21612) => {
            says(403, "Not routable. Do not try again.", answer);
        }
        Refusal::Status(404) | Refusal::Code(20404) => says(404, "Unknown request.", answer),
        Refusal::Status(400) | Refusal::Code(_) => says(400, DENIED, answer),
        Refusal::Status(status) => says(status, "A fault of something before Kannel.", answer),
    }
}

fn says(status: u16, words: &str, answer: &mut Answer) {
    answer.body.clear();
    answer.body.extend_from_slice(words.as_bytes());
    answer.head(status, KIND, None);
}

/// What a report is about.
pub struct Subject<'a> {
    /// Which start of the simulator, and which text.
    pub run: u64,
    pub number: u64,
    pub to: &'a str,
    pub from: &'a str,
}

/// The address of a report, its escapes filled in; none if its kind is not wanted.
pub fn report(
    url: &str,
    mask: u32,
    about: &Subject<'_>,
    status: Status,
    now: DateTime<Utc>,
) -> Option<String> {
    let (kind, answer) = answer(about, status, now);
    if kind & mask == 0 {
        return None;
    }
    let name = Uuid::from_u64_pair(about.run, about.number).to_string();
    let mut filled = String::with_capacity(url.len() + 64);
    let mut characters = url.chars();
    while let Some(character) = characters.next() {
        if character != '%' {
            filled.push(character);
            continue;
        }
        match characters.next() {
            Some('d') => filled.push_str(&kind.to_string()),
            Some('A' | 'a' | 'b' | 'k') => escaped(&answer, &mut filled),
            // The operator's own name for the text comes with its receipt.
            Some('F') if kind == 8 => {}
            Some('F' | 'I') => filled.push_str(&name),
            Some('i') => filled.push_str("simulator"),
            Some('p' | 'q') => escaped(about.to, &mut filled),
            Some('P' | 'Q') => escaped(about.from, &mut filled),
            Some('T') => filled.push_str(&now.timestamp().to_string()),
            Some('t') => filled.push_str(&now.format("%Y-%m-%d+%H:%M:%S").to_string()),
            Some('C') => filled.push_str("UTF-8"),
            Some('c') => filled.push_str("-1"),
            Some('o') => {}
            Some('%') | None => filled.push('%'),
            Some(other) => filled.extend(['%', other]),
        }
    }
    Some(filled)
}

fn escaped(value: &str, filled: &mut String) {
    filled.extend(form_urlencoded::byte_serialize(value.as_bytes()));
}

/// The kind of a report, and what the operator said: SMPP's answers, and its receipts (SMPP 3.4, appendix B).
fn answer(about: &Subject<'_>, status: Status, now: DateTime<Utc>) -> (u32, String) {
    let receipt = |state: &str, error: u16| {
        let done = now.format("%y%m%d%H%M");
        let delivered = if state == "DELIVRD" { "001" } else { "000" };
        format!(
            "id:{:016x} sub:001 dlvrd:{delivered} submit date:{done} done date:{done} stat:{state} err:{error:03} text:",
            about.number
        )
    };
    match status {
        Status::Queued => (4, String::new()),
        Status::Sent => (8, "ACK/".to_owned()),
        Status::Delivered => (1, receipt("DELIVRD", 0)),
        // Out of reach for as long as the text was right.
        Status::Undelivered(30003) => (2 | 32, receipt("EXPIRED", 254)),
        Status::Undelivered(_) => (2, receipt("UNDELIV", 1)),
        Status::Failed(_) => (16, "NACK/0x0000000b/Invalid Destination Address".to_owned()),
    }
}
