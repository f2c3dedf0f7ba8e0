//! Her conversation as she saw it: what she wrote, and each text of ours with what became of it. The newest stands at
//! the bottom; older ones are a link away.

use std::collections::HashMap;

use chrono::{DateTime, Days, TimeDelta, Utc};
use chrono_tz::Tz;
use uuid::Uuid;

use super::sight::Sight;
use super::{Mother, reasons};
use crate::flows::exporting::Shown as _;
use crate::store::audits;
use crate::store::mothers::{self as store, Heard, Said};
use crate::store::{StoreResult, Tx};
use crate::web::console::fates;
use crate::web::console::tongue::{Tongue, words};

/// So many texts on a page.
const MOST: usize = 40;

words! {
    /// What stands beside the texts.
    pub Words {
        waits: "not read by the service yet", "el servicio aún no lo ha leído", "служба ещё не прочитала";
        given_up: "the service could not handle it: a person must", "el servicio no pudo atenderlo: debe hacerlo una persona", "служба не смогла обработать: нужен человек";
        danger: "danger sign", "señal de peligro", "признак опасности";
        other_phone: "to another phone of hers", "a otro teléfono suyo", "на другой её телефон";
        by: "by", "de", "от";
        no_words: "(the words are no longer held)", "(ya no se conserva el texto)", "(текст больше не хранится)";
    }
}

/// A text, as it is shown.
pub struct Bubble {
    /// The text's id.
    pub id: Uuid,
    /// The moment it is ordered by.
    pub at: DateTime<Utc>,
    /// Whether it is hers.
    pub hers: bool,
    /// When, where she lives.
    pub when: String,
    /// The words.
    pub body: String,
    /// The language of the words, where it is known.
    pub language: String,
    /// What it is.
    pub what: String,
    /// What became of it.
    pub state: &'static str,
    /// How loud that is.
    pub badge: &'static str,
    /// Why it came to nothing.
    pub reason: String,
    /// The language of that.
    pub reason_language: &'static str,
    /// Its whole history.
    pub link: Option<String>,
}

/// A part of a conversation, the oldest first.
pub struct Talk {
    /// The texts.
    pub bubbles: Vec<Bubble>,
    /// Before which moment older ones are, if there are any.
    pub older: Option<i64>,
}

/// The last texts before a moment that somebody may see.
pub async fn before(tx: &mut Tx, sight: &Sight<'_>, before: DateTime<Utc>) -> StoreResult<Talk> {
    let (mother, tongue, zone) = (sight.mother, sight.tongue(), sight.zone);
    let (heard, said) = gathered(tx, mother, before, MOST as i64 + 1).await?;
    let authors = authors(tx, mother.her.id).await?;
    let writer = Writer { tongue, zone, authors: &authors, her: mother.her.id };
    // Pages end where they end for everybody: nothing is skipped between two, whatever of it is not shown.
    let mut moments: Vec<DateTime<Utc>> = heard.iter().map(|text| text.received_at).collect();
    moments.extend(said.iter().map(|text| text.queued_at));
    moments.sort_unstable_by(|one, other| other.cmp(one));
    let last = (moments.len() > MOST).then(|| moments[MOST - 1]);
    let hers = heard.iter().filter(|text| sight.sender(&text.sender)).map(|text| writer.hers(text));
    let ours = said.iter().filter(|text| sight.program(text.program.as_deref()));
    let mut all: Vec<Bubble> = hers.chain(ours.map(|text| writer.ours(text))).collect();
    all.retain(|bubble| last.is_none_or(|last| bubble.at >= last));
    // What came in the same moment stands in the order in which it was named.
    all.sort_by_key(|bubble| (bubble.at, bubble.id));
    Ok(Talk { bubbles: all, older: last.map(|last| last.timestamp_micros()) })
}

/// Her texts and ours before a moment, at least so many of the last ones.
async fn gathered(
    tx: &mut Tx,
    mother: &Mother,
    before: DateTime<Utc>,
    most: i64,
) -> StoreResult<(Vec<Heard>, Vec<Said>)> {
    let heard = store::heard(tx, mother.her.number(), before, most).await?;
    let mut said = store::personal(tx, mother.her.id, before, most).await?;
    // Tips are found by the days for which they were planned; a day may begin before the moment and end after it.
    let day = before.date_naive() + Days::new(2);
    for enrollment in &mother.enrollments {
        said.extend(store::tips(tx, enrollment.id, day, most + 4).await?);
    }
    for stray in store::strays(tx, mother.her.id, before, most).await? {
        if said.iter().all(|text| text.id != stray.id) {
            said.push(stray);
        }
    }
    said.retain(|text| text.queued_at < before);
    Ok((heard, said))
}

/// Who wrote which of our texts: answers, and texts that people sent.
async fn authors(tx: &mut Tx, her: Uuid) -> StoreResult<HashMap<Uuid, String>> {
    let mut authors: HashMap<Uuid, String> = store::written_by(tx, her).await?.into_iter().collect();
    for deed in audits::sent(tx, her).await? {
        // The text that was sent, or sent again, is named last.
        let id = deed.detail.split_whitespace().next_back().and_then(|id| Uuid::parse_str(id).ok());
        authors.extend(id.map(|id| (id, deed.actor)));
    }
    Ok(authors)
}

struct Writer<'a> {
    tongue: Tongue,
    zone: Tz,
    authors: &'a HashMap<Uuid, String>,
    her: Uuid,
}

impl Writer<'_> {
    fn hers(&self, text: &Heard) -> Bubble {
        let words = Words::of(self.tongue);
        let (state, badge) = match (text.state, text.intent.as_deref()) {
            (3, _) => (words.given_up, "bad"),
            (2, Some("danger")) => (words.danger, "bad"),
            (2, _) => ("", ""),
            _ => (words.waits, "warn"),
        };
        Bubble {
            id: text.id,
            at: text.received_at,
            hers: true,
            when: self.tongue.moment(text.received_at, self.zone),
            body: text.body.clone(),
            language: String::new(),
            what: String::new(),
            state,
            badge,
            reason: String::new(),
            reason_language: "",
            link: None,
        }
    }

    fn ours(&self, text: &Said) -> Bubble {
        let (tongue, words) = (self.tongue, Words::of(self.tongue));
        let fates = fates::Words::of(tongue);
        let mut what = fates.kind(&text.kind).to_owned();
        if let Some(tip) = &text.tip {
            what = format!("{what} {tip}");
        }
        if let Some(author) = self.authors.get(&text.id) {
            what = format!("{what}, {} {author}", words.by);
        }
        if text.subscriber_id != self.her {
            what = format!("{what}, {}", words.other_phone);
        }
        let known = text.reason.as_deref().and_then(|reason| reasons::of(tongue, reason));
        Bubble {
            id: text.id,
            at: text.queued_at,
            hers: false,
            when: tongue.moment(text.began_at.or(text.ended_at).unwrap_or(text.queued_at), self.zone),
            body: text.body.clone().unwrap_or_else(|| words.no_words.to_owned()),
            language: text.language.clone(),
            what,
            state: fates.state(text.state),
            badge: fates::mark(text.state),
            reason: known.map(str::to_owned).or_else(|| text.reason.clone()).unwrap_or_default(),
            reason_language: if known.is_some() { tongue.code() } else { "en" },
            link: Some(format!("/console/delivery/{}", text.id)),
        }
    }
}

/// The moment that an address names; whatever else stands there, it is one that the database knows.
pub fn moment(micros: Option<i64>, now: DateTime<Utc>) -> DateTime<Utc> {
    let newest = now + TimeDelta::days(1);
    let asked = micros.and_then(DateTime::from_timestamp_micros);
    asked.map_or(newest, |moment| moment.clamp(DateTime::UNIX_EPOCH, newest))
}
