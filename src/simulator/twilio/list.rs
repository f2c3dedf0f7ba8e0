//! Twilio's list of messages: newest first, in pages, by recipient.

use std::borrow::Cow;
use std::cmp::Ordering;

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;

use super::{Message, VERSION, sid, words};
use crate::simulator::account::{Account, Listed, Status};
use crate::simulator::wire::{Answer, Request};

const PAGE_SIZE: usize = 50;
const MOST: usize = 1000;

/// What the list is asked for.
pub struct Wanted<'a> {
    to: Cow<'a, str>,
    from: Option<Cow<'a, str>>,
    /// Each with the orders in which a text's date may stand to it.
    dates: Vec<(i64, i64, &'static [Ordering])>,
    page: u32,
    page_size: usize,
    /// The last text of the page before.
    after: Option<u64>,
}

#[derive(Serialize)]
struct Page<'a> {
    messages: Vec<Message<'a>>,
    page: u32,
    page_size: usize,
    start: usize,
    end: usize,
    uri: String,
    first_page_uri: String,
    next_page_uri: Option<String>,
    previous_page_uri: Option<String>,
}

/// Reads the query; none if it names no recipient, without whom this list cannot be searched: numbers are kept
/// as hashes only.
pub fn wanted<'a>(request: &Request<'a>) -> Option<Wanted<'a>> {
    let mut wanted = Wanted {
        to: Cow::Borrowed(""),
        from: None,
        dates: Vec::new(),
        page: 0,
        page_size: PAGE_SIZE,
        after: None,
    };
    for (name, value) in form_urlencoded::parse(request.query.as_bytes()) {
        match &*name {
            "To" => wanted.to = value,
            "From" => wanted.from = Some(value),
            "PageSize" => wanted.page_size = value.parse().ok()?,
            "Page" => wanted.page = value.parse().ok()?,
            "PageToken" => wanted.after = Some(number(&value)?),
            // The comparison is part of the name: `DateSent>=2026-11-21`.
            "DateSent" => wanted.dates.push(date(&value, &[Ordering::Equal])?),
            "DateSent>" => wanted.dates.push(date(&value, &[Ordering::Greater, Ordering::Equal])?),
            "DateSent<" => wanted.dates.push(date(&value, &[Ordering::Less, Ordering::Equal])?),
            _ => {}
        }
    }
    wanted.page_size = wanted.page_size.clamp(1, MOST);
    Some(wanted).filter(|wanted| !wanted.to.is_empty())
}

/// A day or a moment as the first and the last second that it means.
fn date(text: &str, orders: &'static [Ordering]) -> Option<(i64, i64, &'static [Ordering])> {
    if let Ok(moment) = DateTime::parse_from_rfc3339(text) {
        return Some((moment.timestamp(), moment.timestamp(), orders));
    }
    let day = text.parse::<NaiveDate>().ok()?.and_hms_opt(0, 0, 0)?.and_utc().timestamp();
    Some((day, day + 24 * 3600 - 1, orders))
}

/// The text that a page token names.
fn number(token: &str) -> Option<u64> {
    u64::from_str_radix(token.strip_prefix("PASM")?.get(16..)?, 16).ok()
}

impl Wanted<'_> {
    fn wants(&self, listed: &Listed<'_>) -> bool {
        // A text that waits at Twilio has no sending date yet.
        let sent = (listed.status > Status::Queued).then_some(i64::from(listed.created));
        self.from.as_ref().is_none_or(|from| **from == *listed.sender)
            && self.dates.iter().all(|(first, last, orders)| {
                sent.is_some_and(|sent| {
                    let order =
                        if (*first..=*last).contains(&sent) { Ordering::Equal } else { sent.cmp(first) };
                    orders.contains(&order)
                })
            })
    }
}

/// Answers with a page; false without an account, when there is no list to tell from.
pub fn page(
    wanted: &Wanted<'_>,
    account: &Account,
    account_sid: &str,
    run: u64,
    answer: &mut Answer,
) -> bool {
    let Some(texts) = account.list(&wanted.to, wanted.after) else { return false };
    let mut texts = texts.filter(|(_, listed)| wanted.wants(listed));
    let shown: Vec<_> = texts.by_ref().take(wanted.page_size).collect();
    let uri = |page: u32, token: Option<u64>| {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.append_pair("To", &wanted.to).append_pair("PageSize", &wanted.page_size.to_string());
        query.extend_pairs(wanted.from.iter().map(|from| ("From", from)));
        query.append_pair("Page", &page.to_string());
        query.extend_pairs(token.map(|token| ("PageToken", format!("PA{}", sid(run, token)))));
        format!("/{VERSION}/Accounts/{account_sid}/Messages.json?{}", query.finish())
    };
    let next = texts.next().and(shown.last()).map(|(number, _)| uri(wanted.page + 1, Some(*number)));
    let named: Vec<_> =
        shown.iter().map(|(number, listed)| (sid(run, *number), rfc2822(listed.created))).collect();
    let messages: Vec<_> = shown
        .iter()
        .zip(&named)
        .map(|((_, listed), (sid, date))| {
            let (status, error_code) = words(listed.status, listed.sender);
            Message {
                body: listed.words,
                status,
                error_code,
                date_sent: (listed.status > Status::Queued).then_some(date),
                ..Message::new(sid, account_sid, &wanted.to, listed.sender, date)
            }
        })
        .collect();
    let start = wanted.page as usize * wanted.page_size;
    let page = Page {
        page: wanted.page,
        page_size: wanted.page_size,
        start,
        end: (start + messages.len()).saturating_sub(1),
        messages,
        uri: uri(wanted.page, wanted.after),
        first_page_uri: uri(0, None),
        next_page_uri: next,
        previous_page_uri: None,
    };
    answer.json(200, &page, None);
    true
}

/// As Twilio writes dates.
pub fn rfc2822(second: u32) -> String {
    DateTime::<Utc>::from_timestamp(i64::from(second), 0).unwrap_or_default().to_rfc2822()
}
