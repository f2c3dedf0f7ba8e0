//! Finding in Twilio's list a text whose reply was lost.
//!
//! Twilio's "Read multiple Message resources". Its list is asked for by recipient alone: one text
//! a queue still holds has no sending date, so a list narrowed by date could be without it, and
//! NotThere would then mean a second copy for her.

use std::time::Instant;

use chrono::{DateTime, TimeDelta, Utc};
use http::StatusCode;
use serde::Deserialize;

use super::super::{Http, Lookup, Parcel};
use super::{Settings, evidence};

/// The most Twilio gives at once.
const PAGE_SIZE: u32 = 1000;
/// No mother has had more texts from us; past it we do not claim to have read all.
const MOST_PAGES: usize = 5;
/// Until then Twilio may not list yet what it has taken.
const LISTED_AFTER: TimeDelta = TimeDelta::minutes(1);
/// How far Twilio's date of creation may lie before and after our beginning, by Twilio's clock: its seconds are
/// whole, its machines are many, and a request may wait on the way for as long as its time limit.
const EARLIEST: TimeDelta = TimeDelta::minutes(-1);
const LATEST: TimeDelta = TimeDelta::minutes(3);

#[derive(Deserialize)]
struct Page {
    messages: Vec<Listed>,
    next_page_uri: Option<String>,
    /// So far is Twilio's clock ahead of ours.
    #[serde(skip)]
    ahead: TimeDelta,
}

#[derive(Deserialize)]
struct Listed {
    sid: String,
    status: String,
    body: Option<String>,
    from: Option<String>,
    messaging_service_sid: Option<String>,
    date_created: Option<String>,
}

pub(super) async fn lookup(
    account: &Settings,
    http: &Http,
    parcel: &Parcel<'_>,
    begun_at: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Lookup {
    let query = form_urlencoded::Serializer::new(String::new())
        .append_pair("To", parcel.to.as_e164())
        .append_pair("PageSize", &PAGE_SIZE.to_string())
        .finish();
    let mut next = format!("{}?{query}", account.messages_path());
    let mut another_text_then = false;
    for _ in 0..MOST_PAGES {
        let page = match fetch(account, http, &next, now).await {
            Ok(page) => page,
            Err(without) => return without,
        };
        let begun_there = begun_at + page.ahead;
        for listed in page.messages {
            if !could_be(&listed, account, parcel, begun_there) {
                continue;
            }
            if says(&listed, parcel.body) {
                return Lookup::Found { evidence: evidence(&listed.status), provider_id: listed.sid };
            }
            another_text_then = true;
        }
        match page.next_page_uri {
            Some(uri) => next = uri,
            // Another text of that minute may be ours in other letters (smart encoding).
            None if another_text_then || now - begun_at < LISTED_AFTER => break,
            None => return Lookup::NotThere,
        }
    }
    Lookup::CannotTell
}

async fn fetch(account: &Settings, http: &Http, path: &str, now: DateTime<Utc>) -> Result<Page, Lookup> {
    // What Twilio gives as the next page is a path; credentials go nowhere else.
    let address = path.starts_with('/').then(|| account.address(path)).flatten();
    let address = address.ok_or(Lookup::CannotTell)?;
    let asked = Instant::now();
    let reply = http.exchange(address.get()).await.map_err(|_| Lookup::NoAnswer)?;
    // A key that may send and not read: what Twilio holds is never known.
    if reply.status == StatusCode::FORBIDDEN {
        return Err(Lookup::CannotTell);
    }
    let page: Option<Page> = reply.status.is_success().then(|| reply.json()).flatten();
    let took = TimeDelta::from_std(asked.elapsed()).unwrap_or_default();
    let ahead = reply.date().map(|date| date - (now + took)).unwrap_or_default();
    page.map(|page| Page { ahead, ..page }).ok_or(Lookup::NoAnswer)
}

/// From our sender, at about that time. What a row leaves open speaks for it.
fn could_be(listed: &Listed, account: &Settings, parcel: &Parcel<'_>, begun_at: DateTime<Utc>) -> bool {
    let (sender, ours) = match &account.messaging_service_sid {
        Some(service) => (&listed.messaging_service_sid, service.as_str()),
        None => (&listed.from, parcel.from),
    };
    let created = listed.date_created.as_deref();
    let created = created.and_then(|date| DateTime::parse_from_rfc2822(date).ok());
    sender.as_deref().is_none_or(|sender| sender == ours)
        && created.is_none_or(|created| {
            let later = created.to_utc() - begun_at;
            (EARLIEST..=LATEST).contains(&later)
        })
}

/// A trial account's texts begin with a notice of Twilio's own.
fn says(listed: &Listed, body: &str) -> bool {
    listed.body.as_deref().is_some_and(|listed| listed.ends_with(body))
}
