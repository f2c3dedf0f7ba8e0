//! What mothers wrote that a person must read, and the answers. This room lists them; `item` shows one, `doing` changes
//! it, `saved` keeps the replies that are used often.

mod doing;
mod fields;
mod item;
mod pieces;
mod saved;
mod words;

use std::hash::{DefaultHasher, Hash, Hasher};

use askama::Template;
use axum::Router;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum::routing::{get, post};
use chrono::{DateTime, Utc};
use serde::Deserialize;
use uuid::Uuid;

pub(super) use self::doing::unfit;
use self::pieces::{Piece, pieces, shortened, since};
use self::words::Words;
pub(super) use self::words::stage as stage_words;
use super::access::Signed;
use super::library;
use super::refusal::Refusal;
use super::shell::Shell;
use super::tongue::{Tongue, fill};
use super::{Shown, page};
use crate::domain::role::Right;
use crate::flows::answering::{Fate, holder};
use crate::library::Library;
use crate::store::helps::queue::{self, FIRST, Place, Waiting};
use crate::web::Site;

/// So many on a page.
const MOST: usize = 50;

/// The page.
#[derive(Template)]
#[template(path = "web/console/inbox/list.html")]
struct Page {
    shell: Shell,
    words: &'static Words,
    tabs: Vec<Tab>,
    part: Part,
}

/// What of it renews itself.
#[derive(Template)]
#[template(path = "web/console/inbox/waiting.html")]
struct Part {
    words: &'static Words,
    counts: Vec<Count>,
    lines: Vec<Line>,
    ended: bool,
    empty: &'static str,
    live: String,
    next: Option<String>,
    first: Option<String>,
}

/// A filter.
struct Tab {
    name: &'static str,
    path: String,
    here: bool,
}

/// How many of one urgency.
struct Count {
    name: &'static str,
    number: String,
    class: &'static str,
}

/// An item.
struct Line {
    id: Uuid,
    urgency: &'static str,
    class: &'static str,
    sign: &'static str,
    since: String,
    age: String,
    ended: String,
    pieces: Vec<Piece>,
    texts: String,
    stage: String,
    language: String,
    program: String,
    who: String,
    held: bool,
}

/// What is asked for.
#[derive(Deserialize, Default)]
struct Asked {
    #[serde(default)]
    show: Show,
    #[serde(default)]
    after: String,
    #[serde(default)]
    seen: String,
}

#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
enum Show {
    #[default]
    Open,
    Mine,
    Answered,
    Closed,
}

impl Show {
    const ALL: [Self; 4] = [Self::Open, Self::Mine, Self::Answered, Self::Closed];

    fn code(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Mine => "mine",
            Self::Answered => "answered",
            Self::Closed => "closed",
        }
    }
}

/// The addresses here.
pub fn routes() -> Router<Site> {
    Router::new()
        .route("/console/inbox", get(show))
        .route("/console/inbox/live", get(live))
        .route("/console/inbox/replies", get(saved::list).post(saved::add))
        .route("/console/inbox/replies/{reply}", get(saved::edit).post(saved::change))
        .route("/console/inbox/replies/{reply}/remove", post(saved::remove))
        .route("/console/inbox/{item}", get(item::show))
        .route("/console/inbox/{item}/live", get(item::live))
        .route("/console/inbox/{item}/take", post(doing::take))
        .route("/console/inbox/{item}/here", post(doing::here))
        .route("/console/inbox/{item}/put-back", post(doing::put_back))
        .route("/console/inbox/{item}/answer", post(doing::answer))
        .route("/console/inbox/{item}/note", post(doing::note))
        .route("/console/inbox/{item}/hand-on", post(doing::hand_on))
        .route("/console/inbox/{item}/close", post(doing::close))
}

async fn show(State(site): State<Site>, signed: Signed, Query(asked): Query<Asked>) -> Shown {
    let part = part(&site, &signed, &asked).await?;
    let words = Words::of(signed.tongue);
    let tab = |show: Show| Tab {
        name: match show {
            Show::Open => words.open,
            Show::Mine => words.mine,
            Show::Answered => words.answered,
            Show::Closed => words.closed,
        },
        path: format!("/console/inbox?show={}", show.code()),
        here: show == asked.show,
    };
    let tabs = Show::ALL.into_iter().map(tab).collect();
    page(&Page { shell: signed.shell(words.title), words, tabs, part })
}

/// The part that renews itself; nothing while nothing has changed, so that nobody who reads it loses their place.
async fn live(State(site): State<Site>, signed: Signed, Query(asked): Query<Asked>) -> Shown {
    let part = part(&site, &signed, &asked).await?;
    if !asked.seen.is_empty() && part.live.ends_with(&format!("&seen={}", asked.seen)) {
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    page(&part)
}

async fn part(site: &Site, signed: &Signed, asked: &Asked) -> Result<Part, Refusal> {
    signed.need(Right::Answer)?;
    let (words, tongue) = (Words::of(signed.tongue), signed.tongue);
    let programs = signed.reaches(Right::Answer);
    let programs = programs.as_deref();
    let limit = MOST as i64 + 1;
    let mut tx = site.service.database.read().await?;
    let counted = queue::count(&mut tx, programs).await?;
    let mut found = match asked.show {
        Show::Open | Show::Mine => {
            let mine = Some(signed.account.id).filter(|_| asked.show == Show::Mine);
            let place = read_place(&asked.after).unwrap_or(FIRST);
            queue::open(&mut tx, programs, mine, place, limit).await?
        }
        Show::Answered | Show::Closed => {
            let last = read_end(&asked.after).unwrap_or((DateTime::<Utc>::MAX_UTC, Uuid::max()));
            let last = (last.0.min(site.service.now() + chrono::TimeDelta::days(1)), last.1);
            let state = if asked.show == Show::Answered { Fate::Answered } else { Fate::Closed };
            queue::ended(&mut tx, programs, state.name(), last, limit).await?
        }
    };
    drop(tx);
    let more = found.len() > MOST;
    found.truncate(MOST);
    let address = |after: &str| format!("/console/inbox?show={}&after={after}", asked.show.code());
    let next = found.last().filter(|_| more).map(|last| address(&write_place(last)));
    let mut seen = DefaultHasher::new();
    format!("{counted:?}").hash(&mut seen);
    for waiting in &found {
        let item = &waiting.listed.item;
        (item.id, item.last_at, item.urgency, &item.sign, item.taken_by, item.handed_to).hash(&mut seen);
        holder(item, site.service.now()).is_some().hash(&mut seen);
    }
    let edition = site.service.shelf.edition();
    let lines = found.iter().map(|waiting| line(site, signed, &edition.library, waiting)).collect();
    let open = matches!(asked.show, Show::Open | Show::Mine);
    let after = form_urlencoded::byte_serialize(asked.after.as_bytes()).collect::<String>();
    Ok(Part {
        words,
        counts: counts(words, tongue, &counted),
        lines,
        ended: !open,
        empty: if open { words.nothing_open } else { words.nothing },
        live: format!(
            "/console/inbox/live?show={}&after={after}&seen={:x}",
            asked.show.code(),
            seen.finish()
        ),
        next,
        first: (!asked.after.is_empty()).then(|| format!("/console/inbox?show={}", asked.show.code())),
    })
}

fn counts(words: &'static Words, tongue: Tongue, counted: &[(i16, i64)]) -> Vec<Count> {
    let names = [words.dangers, words.losses, words.questions, words.strangers];
    let count = |(urgency, name): (i16, &'static str)| {
        let number = counted.iter().find(|(known, _)| *known == urgency).map_or(0, |(_, number)| *number);
        let class = match urgency {
            0 if number > 0 => "bad",
            1 if number > 0 => "warn",
            _ => "",
        };
        Count { name, number: tongue.number(number), class }
    };
    (0..).zip(names).map(count).collect()
}

fn line(site: &Site, signed: &Signed, danger: &Library, waiting: &Waiting) -> Line {
    let (words, tongue) = (Words::of(signed.tongue), signed.tongue);
    let (item, now) = (&waiting.listed.item, site.service.now());
    let (urgency, class) = words::urgency(words, item.urgency);
    let whole = waiting.listed.words.as_deref().unwrap_or_default();
    let pieces = match item.urgency {
        0 => pieces(danger, whole),
        _ => vec![Piece { text: whole.to_owned(), marked: false }],
    };
    let (mut who, mut held) = (words.nobody_yet.to_owned(), false);
    if item.state != Fate::Open.name() {
        who = fill(words.by, &[("name", item.closed_by.as_deref().unwrap_or_default())]);
    } else if let Some(holder) = holder(item, now) {
        held = true;
        let name = waiting.taken_name.as_deref().unwrap_or_default();
        who = match holder.account == signed.account.id {
            true => words.you_at_it.to_owned(),
            false => fill(words.at_it, &[("name", name)]),
        };
    } else if let Some(name) = &waiting.handed_name {
        who = match item.handed_to == Some(signed.account.id) {
            true => words.for_you.to_owned(),
            false => fill(words.for_, &[("name", name)]),
        };
    }
    Line {
        id: item.id,
        urgency,
        class,
        sign: item.sign.as_deref().map_or("", |sign| words::sign(tongue, sign)),
        since: since(item.opened_at),
        age: tongue.lasting(now - item.opened_at),
        ended: item.closed_at.map_or_else(String::new, |at| tongue.moment(at, signed.zone)),
        pieces: shortened(pieces),
        texts: match waiting.listed.texts {
            0 | 1 => String::new(),
            more => tongue.counted(more, words.of_texts),
        },
        stage: words::stage(tongue, &item.stage),
        language: signed.tongue.language(item.language.as_str()),
        program: library::called(site, &item.program),
        who,
        held,
    }
}

fn write_place(last: &Waiting) -> String {
    let item = &last.listed.item;
    match item.closed_at {
        Some(closed) => format!("{}.{}", closed.timestamp_micros(), item.id),
        None => format!("{}.{}.{}", item.urgency, item.opened_at.timestamp_micros(), item.id),
    }
}

fn read_end(text: &str) -> Option<(DateTime<Utc>, Uuid)> {
    let (micros, id) = text.split_once('.')?;
    let at = DateTime::from_timestamp_micros(micros.parse().ok()?)?;
    // PostgreSQL knows no moments before the 48th century before Christ.
    Some((at.max(DateTime::UNIX_EPOCH), Uuid::parse_str(id).ok()?))
}

fn read_place(text: &str) -> Option<Place> {
    let (urgency, rest) = text.split_once('.')?;
    let (opened, id) = read_end(rest)?;
    Some((urgency.parse().ok()?, opened, id))
}

#[cfg(test)]
pub(super) fn samples(tongue: Tongue) -> Vec<(&'static str, Box<dyn askama::DynTemplate>)> {
    let words = Words::of(tongue);
    let line = |ended: &str| Line {
        id: Uuid::nil(),
        urgency: words.danger,
        class: "bad",
        sign: words::sign(tongue, "bleeding"),
        since: "2026-11-24T10:00:00Z".to_owned(),
        age: "12 min".to_owned(),
        ended: ended.to_owned(),
        pieces: vec![
            Piece { text: "I am <López> & ".to_owned(), marked: false },
            Piece { text: "bleeding".to_owned(), marked: true },
        ],
        texts: tongue.counted(3, words.of_texts),
        stage: words::stage(tongue, "pregnancy 26+3"),
        language: "English".to_owned(),
        program: "text4baby-us".to_owned(),
        who: fill(words.at_it, &[("name", "Ana <López>")]),
        held: true,
    };
    let part = |lines, ended| Part {
        words,
        counts: counts(words, tongue, &[(0, 2), (2, 1_234)]),
        lines,
        ended,
        empty: words.nothing_open,
        live: "/console/inbox/live?show=open&after=&seen=1".to_owned(),
        next: Some("/console/inbox?show=open&after=0.1.x".to_owned()),
        first: Some("/console/inbox?show=open".to_owned()),
    };
    let page = |part| {
        let shell = Shell::sample(tongue, words.title, "/console/inbox");
        let tabs = vec![Tab { name: words.open, path: "/console/inbox?show=open".to_owned(), here: true }];
        Box::new(Page { shell, words, tabs, part })
    };
    let mut all: Vec<(&'static str, Box<dyn askama::DynTemplate>)> = vec![
        ("list", page(part((0..MOST).map(|_| line("")).collect(), false))),
        ("ended", page(part(vec![line("24 Nov 2026, 14:05")], true))),
        ("empty", page(part(Vec::new(), false))),
    ];
    all.extend(item::samples(tongue));
    all.extend(saved::samples(tongue));
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_in_the_list_is_written_and_read() {
        let far = read_end("-6000000000000000000.018f0000-0000-7000-8000-000000000000").expect("an end");
        assert_eq!(DateTime::UNIX_EPOCH, far.0);
        let at = DateTime::from_timestamp_micros(1_700_000_000_123_456).expect("a time");
        assert_eq!(Some((2, at, Uuid::nil())), read_place(&format!("2.1700000000123456.{}", Uuid::nil())));
        assert_eq!(None, read_place("2"));
        assert_eq!(None, read_end("'; DROP TABLE"));
    }
}
