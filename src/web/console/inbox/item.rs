//! One item: the whole exchange, who is at it, and what can be done with it.

use std::hash::{DefaultHasher, Hash, Hasher};

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Utc};
use serde::Deserialize;
use uuid::Uuid;

use super::fields::{Read, Typing, answer_field, close_fields, hand_fields, note_field};
use super::pieces::{Piece, pieces, since};
use super::words::{self, Words};
use crate::domain::phone::{hidden_in, masked};
use crate::domain::role::Right;
use crate::flows::answering::{self, Entry, Fate, Holder, Refused, Who, Why};
use crate::flows::auditing::{self, Object};
use crate::store::helps::{Item, working};
use crate::store::{accounts, saved_replies};
use crate::web::Site;
use crate::web::console::access::Signed;
use crate::web::console::fates;
use crate::web::console::form::Field;
#[cfg(test)]
use crate::web::console::form::Kind;
use crate::web::console::library;
use crate::web::console::mothers::reasons;
use crate::web::console::refusal::Refusal;
use crate::web::console::shell::Shell;
#[cfg(test)]
use crate::web::console::tongue::Tongue;
use crate::web::console::tongue::{fill, zone_name};
use crate::web::console::{Shown, page};

/// The page.
#[derive(Template)]
#[template(path = "web/console/inbox/item.html")]
pub(super) struct Page {
    shell: Shell,
    words: &'static Words,
    id: Uuid,
    urgency: &'static str,
    class: &'static str,
    sign: &'static str,
    since: String,
    age: String,
    opened: String,
    open: bool,
    stage: String,
    language: String,
    program: String,
    number: String,
    mother: Option<Uuid>,
    /// What was just refused.
    alarm: Option<String>,
    /// Who is at it, in a sentence; or how it ended.
    standing: String,
    held: Held,
    /// Whose clock the times are by.
    clock: String,
    exchange: Vec<Line>,
    marked: bool,
    answer: Option<Answer>,
    /// Why nothing may be sent to her.
    silent: Option<String>,
    kept: String,
    notes: Vec<Note>,
    note: Field,
    hand: Option<[Field; 2]>,
    hand_open: bool,
    close: [Field; 2],
    close_open: bool,
    news: News,
    /// Up to where they have read.
    read: String,
}

/// Who is at it.
enum Held {
    Nobody,
    Mine,
    Other { account: Uuid, warning: String, button: String },
    Ended,
}

/// One text.
struct Line {
    hers: bool,
    pieces: Vec<Piece>,
    about: String,
    new: bool,
}

/// A note.
struct Note {
    body: String,
    about: String,
}

/// The form of an answer.
struct Answer {
    field: Field,
    cover: Option<String>,
    saved: Vec<Saved>,
}

struct Saved {
    id: Uuid,
    title: String,
    body: String,
}

/// What has changed since the page was made.
#[derive(Template)]
#[template(path = "web/console/inbox/news.html")]
struct News {
    words: &'static Words,
    id: Uuid,
    seen: String,
    said: Option<&'static str>,
}

/// An item that they may answer; to who may not it is not there.
pub(super) async fn reach(site: &Site, signed: &Signed, id: Uuid) -> Result<Item, Refusal> {
    signed.need(Right::Answer)?;
    let mut tx = site.service.database.read().await?;
    let item = working::look(&mut tx, id).await?.ok_or(Refusal::NotFound)?;
    drop(tx);
    signed.reach(site, Right::Answer, &item.program, &format!("item {id}")).await?;
    Ok(item)
}

pub(super) async fn show(State(site): State<Site>, signed: Signed, Path(id): Path<Uuid>) -> Shown {
    let item = reach(&site, &signed, id).await?;
    let her = Object::mother(item.subscriber_id, Some(&item.program));
    auditing::saw(&site.service, &signed.actor(), "read item", her, &id.to_string()).await?;
    answering::keep(&site.service, id, &signed.actor()).await?;
    page(&view(&site, &signed, item, Typing::default()).await?)
}

/// The page with what was typed.
pub(super) async fn kept(site: &Site, signed: &Signed, id: Uuid, typing: Typing) -> Shown {
    let item = reach(site, signed, id).await?;
    page(&view(site, signed, item, typing).await?)
}

/// The page again, with what was typed and what is wrong.
pub(super) async fn again(site: &Site, signed: &Signed, id: Uuid, typing: Typing) -> Shown {
    let (mut head, body) = kept(site, signed, id, typing).await?.into_parts();
    head.status = StatusCode::UNPROCESSABLE_ENTITY;
    Ok(Response::from_parts(head, body))
}

#[derive(Deserialize)]
pub(super) struct Seen {
    #[serde(default)]
    seen: String,
}

/// Whether anything changed since the page was made.
pub(super) async fn live(
    State(site): State<Site>,
    signed: Signed,
    Path(id): Path<Uuid>,
    Query(Seen { seen }): Query<Seen>,
) -> Shown {
    let item = reach(&site, &signed, id).await?;
    let now = mark(&item);
    if now == seen {
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    let words = Words::of(signed.tongue);
    let wrote = now.split('-').next() != seen.split('-').next();
    let said = Some(if wrote { words.n_wrote } else { words.n_changed });
    page(&News { words, id, seen: now, said })
}

/// By which a page knows that an item has changed: when she wrote last, and what people did.
fn mark(item: &Item) -> String {
    let mut done = DefaultHasher::new();
    (&item.state, item.taken_by, item.handed_to, &item.closed_by).hash(&mut done);
    format!("{}-{:x}", item.last_at.timestamp_micros(), done.finish())
}

async fn view(site: &Site, signed: &Signed, item: Item, typing: Typing) -> Result<Page, Refusal> {
    let (words, tongue, service) = (Words::of(signed.tongue), signed.tongue, &site.service);
    let now = service.now();
    let exchange = answering::exchange(&service.database, &item).await?;
    let mut tx = service.database.read().await?;
    let notes = working::notes(&mut tx, item.id).await?;
    let saved = saved_replies::of(&mut tx, &item.program, item.language).await?;
    let holder = answering::holder(&item, now).filter(|_| item.state == Fate::Open.name());
    let name = match holder {
        Some(holder) => accounts::find(&mut tx, holder.account).await?.map(|account| account.name),
        None => None,
    };
    drop(tx);
    let (name, number) = (name.unwrap_or_default(), answering::number(&service.database, &item).await?);
    let (held, standing) = standing(signed, words, &item, (holder, &name), now);
    // Words that are nowhere shown: only whether any may be sent, and what her phone would show.
    let (mut cover, mut silent, mut may_answer) = (None, None, false);
    if item.state == Fate::Open.name() {
        match answering::prepare(service, &item, "-").await {
            Ok(prepared) => {
                cover = prepared.kept.map(|_| prepared.shown.body.to_string());
                may_answer = true;
            }
            Err(Refused::Store(error)) => return Err(error.into()),
            Err(refused) => silent = Some(words::refused(words, &refused)),
        }
    }
    let seen = Read::of(&typing.typed).map(|read| read.text);
    let read_up_to = exchange.iter().position(|entry| Some(entry.id) == seen);
    let last = exchange.iter().rfind(|entry| entry.who == Who::Her).map_or(Uuid::nil(), |entry| entry.id);
    let read = Read { last_at: item.last_at, text: last }.written();
    let lines: Vec<Line> = exchange
        .iter()
        .enumerate()
        .map(|(place, entry)| line(site, signed, entry, read_up_to.is_some_and(|read| place > read)))
        .collect();
    let typed_words = typing.typed.raw("words").to_owned();
    let answer = (may_answer && matches!(held, Held::Mine)).then(|| Answer {
        field: answer_field((tongue, words), &item, &typing),
        cover: cover.map(|cover| fill(words.discreet, &[("cover", &cover)])),
        saved: saved.into_iter().map(|one| Saved { id: one.id, title: one.title, body: one.body }).collect(),
    });
    let others = answering::people(service, &item.program).await?;
    let others = others.into_iter().filter(|other| other.id != signed.account.id);
    let choices: Vec<_> = others.map(|other| (other.id.to_string(), other.name)).collect();
    let (urgency, class) = words::urgency(words, item.urgency);
    let kept = if answer.is_none() { typed_words } else { String::new() };
    Ok(Page {
        shell: signed.shell(words.title),
        words,
        id: item.id,
        urgency,
        class,
        sign: item.sign.as_deref().map_or("", |sign| words::sign(tongue, sign)),
        since: since(item.opened_at),
        age: tongue.lasting(now - item.opened_at),
        opened: tongue.moment(item.opened_at, signed.zone),
        open: item.state == Fate::Open.name(),
        stage: words::stage(tongue, &item.stage),
        language: signed.tongue.language(item.language.as_str()),
        program: library::called(site, &item.program),
        number: number.as_ref().map_or_else(|| "–".to_owned(), |number| masked(number)),
        mother: number.map(|_| item.subscriber_id).filter(|_| signed.may_in(Right::Read, &item.program)),
        alarm: typing.refused.as_ref().map(|refused| words::refused(words, refused)),
        standing,
        held,
        marked: lines.iter().flat_map(|line| &line.pieces).any(|piece| piece.marked),
        clock: fill(words.clock, &[("zone", &zone_name(signed.zone.name()))]),
        exchange: lines,
        answer,
        silent,
        kept,
        notes: notes
            .into_iter()
            .map(|note| Note {
                about: format!("{}, {}", tongue.moment(note.at, signed.zone), note.written_by),
                body: note.body,
            })
            .collect(),
        note: note_field(words, &typing),
        hand: (!choices.is_empty()).then(|| hand_fields(words, choices, &typing)),
        hand_open: typing.is_about(&["to", "hand-note"]),
        close: close_fields(words, &typing),
        close_open: typing.is_about(&["why", "close-note"]),
        news: News { words, id: item.id, seen: mark(&item), said: None },
        read,
    })
}

fn standing(
    signed: &Signed,
    words: &'static Words,
    item: &Item,
    (holder, name): (Option<Holder>, &str),
    now: DateTime<Utc>,
) -> (Held, String) {
    let tongue = signed.tongue;
    if let Some(by) = item.closed_by.as_deref().filter(|_| item.state != Fate::Open.name()) {
        let said = if item.state == Fate::Answered.name() { words.was_answered } else { words.was_closed };
        let at = tongue.moment(item.closed_at.unwrap_or(item.last_at), signed.zone);
        let mut said = fill(said, &[("name", by), ("time", &at)]);
        if let Some(why) = item.closed_why.as_deref().and_then(Why::named) {
            said = format!("{said} {}.", words::why(words, why));
        }
        return (Held::Ended, said);
    }
    match holder {
        None => (Held::Nobody, words.nobody.to_owned()),
        Some(Holder { account, .. }) if account == signed.account.id => {
            (Held::Mine, fill(words.yours, &[("time", &words::held(tongue))]))
        }
        Some(Holder { account, since }) => {
            let said = fill(words.others, &[("name", name), ("time", &tongue.lasting(now - since))]);
            (other(words, account, name), said)
        }
    }
}

fn other(words: &Words, account: Uuid, name: &str) -> Held {
    let name = [("name", name)];
    Held::Other { account, warning: fill(words.over_warning, &name), button: fill(words.take_over, &name) }
}

fn line(site: &Site, signed: &Signed, entry: &Entry, after: bool) -> Line {
    let (words, tongue) = (Words::of(signed.tongue), signed.tongue);
    let hers = entry.who == Who::Her;
    let who = match &entry.who {
        Who::Her => words.she,
        Who::Service => words.service,
        Who::Person(name) => name,
    };
    let mut about = format!("{}, {who}", tongue.moment(entry.at, signed.zone));
    if let Some((state, reason)) = &entry.fate {
        about = format!("{about}, {}", fates::Words::of(tongue).state(state.code()));
        if let Some(reason) = reason {
            let said = reasons::of(tongue, reason).map_or_else(|| hidden_in(reason), str::to_owned);
            about = format!("{about}: {said}");
        }
    }
    if let Some(sign) = &entry.sign {
        about = format!("{about}, {}: {}", words.danger, words::sign(tongue, sign));
    }
    let pieces = match &entry.sign {
        Some(_) => pieces(&site.service.shelf.edition().library, &entry.body),
        None => vec![Piece { text: entry.body.clone(), marked: false }],
    };
    Line { hers, pieces, about, new: hers && after }
}

#[cfg(test)]
pub(super) fn samples(tongue: Tongue) -> Vec<(&'static str, Box<dyn askama::DynTemplate>)> {
    let words = Words::of(tongue);
    let typing = Typing::default();
    let field = |name: &str| Field::new(Kind::Lines(3), name, words.answer_words).counted();
    let page = |held, answer| {
        let line = |hers| Line {
            hers,
            pieces: vec![
                Piece { text: "I <López> am ".to_owned(), marked: false },
                Piece { text: "bleeding <fast>".to_owned(), marked: hers },
            ],
            about: "24 Nov 2026, 14:05, Ana <López>".to_owned(),
            new: hers,
        };
        let (urgency, class) = words::urgency(words, 0);
        Box::new(Page {
            shell: Shell::sample(tongue, words.title, "/console/inbox"),
            words,
            id: Uuid::nil(),
            urgency,
            class,
            sign: words::sign(tongue, "violence"),
            since: "2026-11-24T10:00:00Z".to_owned(),
            age: "12 min".to_owned(),
            opened: "24 Nov 2026, 14:05".to_owned(),
            open: !matches!(held, Held::Ended),
            stage: words::stage(tongue, "baby 4+0"),
            language: "English".to_owned(),
            program: "text4baby-us".to_owned(),
            number: masked("+12025550143"),
            mother: Some(Uuid::nil()),
            alarm: Some(words::refused(words, &Refused::Ended("answered".to_owned(), "<López>".to_owned()))),
            standing: fill(words.others, &[("name", "<López>"), ("time", "2 min")]),
            held,
            clock: String::new(),
            exchange: vec![line(true), line(false)],
            marked: true,
            answer,
            silent: Some(words.r_stopped.to_owned()),
            kept: "what I <López> wrote".to_owned(),
            notes: vec![Note { body: "call <López>".to_owned(), about: "24 Nov, Ana <López>".to_owned() }],
            note: field("note"),
            hand: Some(hand_fields(words, vec![("1".to_owned(), "<López>".to_owned())], &typing)),
            hand_open: true,
            close: close_fields(words, &typing),
            close_open: false,
            news: News { words, id: Uuid::nil(), seen: "1-2".to_owned(), said: Some(words.n_wrote) },
            read: "1.2".to_owned(),
        })
    };
    let answer = Answer {
        field: field("words"),
        cover: Some(fill(words.discreet, &[("cover", "<López>")])),
        saved: vec![Saved { id: Uuid::nil(), title: "<López>".to_owned(), body: "\"<López>\"".to_owned() }],
    };
    vec![
        ("item, mine", page(Held::Mine, Some(answer))),
        ("item, another's", page(other(words, Uuid::nil(), "<López>"), None)),
        ("item, free", page(Held::Nobody, None)),
        ("item, ended", page(Held::Ended, None)),
    ]
}
