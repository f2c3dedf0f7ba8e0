//! One text, with all that happened to it, in the order of time.

use askama::Template;
use axum::extract::{Path, State};
use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::super::access::Signed;
use super::super::fates::{Words as FateWords, explain, mark};
use super::super::library::called;
use super::super::library::names::Words as NameWords;
use super::super::refusal::Refusal;
use super::super::shell::Shell;
use super::super::tongue::{Tongue, fill};
use super::super::{Shown, page};
use super::provider_name;
use super::words::Words;
use crate::domain::phone::{hidden_in, masked};
use crate::domain::role::Right;
use crate::library::Field;
use crate::store::texts::{self, Reported, Text, Try};
use crate::web::Site;

/// Reports passed in search of this text's own, after each moment at which some may have come.
const PASSED: i64 = 15_000;

/// The page.
#[derive(Template)]
#[template(path = "web/console/delivery/one.html")]
pub(super) struct Page {
    shell: Shell,
    words: &'static Words,
    /// Its state: name and mark.
    state: (&'static str, &'static str),
    facts: Vec<(&'static str, String)>,
    /// Her page, for who may read it.
    mother: Option<Uuid>,
    /// Its words and their language; or why they are not shown.
    said: Result<(String, String), &'static str>,
    events: Vec<Event>,
    may_miss: bool,
}

/// Something that happened.
struct Event {
    at: DateTime<Utc>,
    time: String,
    what: String,
    code: String,
    class: &'static str,
    sentence: String,
    /// A report as received.
    raw: Option<String>,
}

/// Shows a text.
pub(super) async fn show(State(site): State<Site>, signed: Signed, Path(id): Path<String>) -> Shown {
    signed.need(Right::Count)?;
    let id = Uuid::parse_str(&id).map_err(|_| Refusal::NotFound)?;
    let mut tx = site.service.database.read().await?;
    let text = texts::find(&mut tx, id).await?.ok_or(Refusal::NotFound)?;
    // A refusal is written down by a connection of its own: nobody holds one who waits for another.
    drop(tx);
    let program = text.program.clone().unwrap_or_default();
    signed.reach(&site, Right::Count, &program, "text").await?;
    let mut tx = site.service.database.read().await?;
    let tries = texts::tries(&mut tx, id).await?;
    let mut began: Vec<DateTime<Utc>> = tries.iter().rev().take(3).map(|tried| tried.began_at).collect();
    began.extend(text.began_at);
    began.extend(text.ended_at.map(texts::about));
    let reports = texts::reports(&mut tx, id, began, PASSED).await?;
    drop(tx);
    let reads = signed.may_in(Right::Read, &program);
    let words = Words::of(signed.tongue);
    let teller = Teller { site: &site, signed: &signed, words, fates: FateWords::of(signed.tongue), reads };
    let late =
        text.ended_at.zip(text.began_at).is_some_and(|(ended, began)| (ended - began).num_minutes() >= 30);
    page(&Page {
        shell: signed.shell(words.one),
        words,
        state: (teller.fates.state(text.state), mark(text.state)),
        facts: teller.facts(&text),
        mother: reads.then_some(text.subscriber_id),
        said: match (&text.shared, &text.body) {
            (Some(shared), _) => Ok((shared.clone(), text.language.clone())),
            (None, Some(own)) if reads => Ok((own.clone(), text.language.clone())),
            (None, Some(_)) => Err(words.words_hidden),
            (None, None) => Err(words.words_gone),
        },
        events: teller.events(&text, &tries, &reports),
        may_miss: late,
    })
}

struct Teller<'a> {
    site: &'a Site,
    signed: &'a Signed,
    words: &'static Words,
    fates: &'static FateWords,
    /// They may read what a mother wrote and got.
    reads: bool,
}

impl Teller<'_> {
    fn tongue(&self) -> Tongue {
        self.signed.tongue
    }

    fn time(&self, at: DateTime<Utc>) -> String {
        self.tongue().exactly(at, self.signed.zone)
    }

    fn facts(&self, text: &Text) -> Vec<(&'static str, String)> {
        let words = self.words;
        let program = text.program.as_deref().filter(|program| !program.is_empty());
        let segments = self.tongue().counted(i64::from(text.segments), words.segments);
        let mut facts = vec![
            (words.what, self.fates.kind(&text.kind).to_owned()),
            (words.program, program.map_or_else(|| "–".to_owned(), |program| called(self.site, program))),
            (words.to, masked(&text.phone)),
            (words.sender, text.sender.clone()),
            (words.gateway, text.gateway.clone().unwrap_or("–".to_owned())),
            (words.language, self.tongue().language(&text.language)),
            (words.length, format!("{segments}, {}", text.encoding)),
            (words.queued, self.time(text.queued_at)),
            (words.right_until, self.time(text.not_after)),
        ];
        if let Some(tip) = &text.tip {
            let edition = text.edition.map_or_else(String::new, |number| {
                format!(", {}", fill(words.edition, &[("n", &self.tongue().number(number))]))
            });
            let place = match (&text.track, text.week) {
                (Some(track), Some(week)) => {
                    let track = track_name(self.tongue(), track);
                    let values = [("track", &*track), ("week", &*self.tongue().number(i64::from(week)))];
                    format!(" ({})", fill(words.place, &values))
                }
                _ => String::new(),
            };
            facts.insert(1, (words.tip, format!("{tip}{place}{edition}")));
        }
        if let Some(next) = text.next_try_at {
            facts.push((words.next_try, self.time(next)));
        }
        if let Some(name) = &text.provider_id {
            facts.push((words.provider_name, provider_name(name, &text.phone)));
        }
        facts.push((words.id, text.id.to_string()));
        facts
    }

    fn events(&self, text: &Text, tries: &[Try], reports: &[Reported]) -> Vec<Event> {
        let words = self.words;
        let mut events = vec![self.event(text.queued_at, words.was_queued.to_owned(), "", None)];
        for tried in tries {
            let n = self.tongue().number(i64::from(tried.number));
            let values = [("n", &*n), ("gateway", &*tried.gateway)];
            events.push(self.event(tried.began_at, fill(words.try_began, &values), "", None));
            let came = match tried.outcome.as_str() {
                "transient" => words.try_transient,
                "ambiguous" => words.try_ambiguous,
                _ => words.try_refused,
            };
            let code = tried.code.as_deref().unwrap_or_default();
            let why = Some((&*tried.gateway, tried.sentence.as_deref()));
            events.push(self.event(tried.ended_at, fill(came, &values), code, why));
        }
        let gateway = text.gateway.as_deref().unwrap_or_default();
        let known = tries.iter().any(|tried| tried.number == text.tries);
        if let Some(began) = text.began_at.filter(|_| !known && text.tries > 0) {
            let n = self.tongue().number(i64::from(text.tries));
            let what = fill(words.try_began, &[("n", &n), ("gateway", gateway)]);
            events.push(self.event(began, what, "", None));
        }
        for report in reports {
            events.push(self.report(report));
        }
        events.sort_by_key(|event| event.at);
        if let Some(ended) = text.ended_at {
            let what = fill(words.ended, &[("state", self.fates.state(text.state))]);
            let code = text.code.as_deref().unwrap_or_default();
            let why =
                (text.code.is_some() || text.reason.is_some()).then_some((gateway, text.reason.as_deref()));
            events.push(self.event(ended, what, code, why));
        } else if text.state == 2 {
            let at = text.began_at.unwrap_or(text.queued_at);
            events.push(self.event(at, words.try_open.to_owned(), "", None));
        }
        events
    }

    /// `why`: by which gateway, and what was written down of it then.
    fn event(&self, at: DateTime<Utc>, what: String, code: &str, why: Option<(&str, Option<&str>)>) -> Event {
        let mut event = Event {
            at,
            time: self.time(at),
            what,
            code: code.to_owned(),
            class: "",
            sentence: String::new(),
            raw: None,
        };
        if let Some((gateway, sentence)) = why {
            let explained = explain(&self.site.gateways, self.tongue(), gateway, code);
            event.class = if code.is_empty() { "" } else { explained.class };
            // What was written down then counts; else what the code means now.
            let sentence = sentence.or(explained.sentence).unwrap_or_default();
            event.sentence = hidden_in(sentence);
        }
        event
    }

    fn report(&self, report: &Reported) -> Event {
        let words = self.words;
        let form = if report.evidence.is_some() { words.reported } else { words.reported_unknown };
        let values = [("gateway", &*report.gateway), ("word", &*hidden_in(&report.status))];
        let code = report.code.as_deref().unwrap_or_default();
        let why = (!code.is_empty()).then_some((&*report.gateway, None));
        let mut event = self.event(report.received_at, fill(form, &values), code, why);
        // It may quote the text.
        event.raw = self.reads.then(|| hidden_in(&report.raw));
        event
    }
}

/// What a track is called where tips are written.
fn track_name(tongue: Tongue, track: &str) -> String {
    let names = NameWords::of(tongue);
    match track.strip_prefix("loss-") {
        Some(loss) => names.value(Field::Loss, loss),
        None => names.value(Field::Track, track),
    }
}

#[cfg(test)]
pub(super) fn sample(tongue: Tongue, reads: bool) -> Page {
    let words = Words::of(tongue);
    let event = |raw: Option<&str>| Event {
        at: DateTime::UNIX_EPOCH,
        time: "24 Nov 2026, 14:05:06 CST".to_owned(),
        what: "twilio reported: <fast>".to_owned(),
        code: "30003<b>@".to_owned(),
        class: FateWords::of(tongue).recipient,
        sentence: "It's <López>".to_owned(),
        raw: raw.map(str::to_owned),
    };
    Page {
        shell: Shell::sample(tongue, words.one, "/console/delivery/x"),
        words,
        state: ("failed", "bad"),
        facts: vec![(words.what, "tip <fast>".to_owned())],
        mother: reads.then_some(Uuid::nil()),
        said: if reads {
            Ok(("<fast> & \"slow\"".to_owned(), "en".to_owned()))
        } else {
            Err(words.words_hidden)
        },
        events: vec![event(None), event(Some("To=%2B…43&x=<López>"))],
        may_miss: true,
    }
}
