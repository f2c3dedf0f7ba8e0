//! A person answers what mothers write: the items that wait, one with its whole exchange, the answer, the end.
//!
//! An answer goes as the answers of the service do, at once and at any hour, in answer to her last text. A woman who has
//! stopped gets none, whoever writes it; one who is read over her shoulder is told that there is something to read.
//!
//! Several may be at work: `taking` says who is at an item, so that no two answer the same one; `saved` keeps answers that
//! are used often; `ending` lets nobody end what they have not read whole.

mod ending;
pub mod saved;
mod taking;

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

pub use self::ending::{close, is_answered, is_closed};
use self::ending::{end, ended, hold, not_anothers};
pub use self::taking::{HELD, Holder, hand_on, holder, keep, note, people, put_back, take};
use super::acting::expect;
use super::auditing::Actor;
use super::{Bell, Service};
use crate::domain::conversation::{Fields, Reply};
use crate::domain::delivery::State;
use crate::domain::named::named;
use crate::library::{Text as Words, Voice};
use crate::store::helps::{self, Item, Listed, Text, working};
use crate::store::outbox::{self, Kind, NewText};
use crate::store::people::Subscriber;
use crate::store::{Database, StoreError, StoreResult, Tx, mothers, unread};

/// An answer that could not go out for so long answers nothing any more.
const LIFE: TimeDelta = TimeDelta::hours(24);
/// So many figures of an id, its last ones, name an item.
pub const FIGURES: usize = 6;

named! {
    /// What became of an item.
    pub enum Fate {
        /// She waits.
        Open = "open",
        /// A person has answered.
        Answered = "answered",
        /// A person has closed it without an answer.
        Closed = "closed",
    }
}

named! {
    /// Why an item is closed without an answer.
    pub enum Why {
        /// She needs none: thanks, or it is settled.
        Settled = "settled",
        /// Somebody has called her.
        Called = "called",
        /// It is not for this service: a wrong number, a machine.
        NotForUs = "not for us",
        /// Something else, which a note says.
        Other = "other",
    }
}

/// Why something was not done with an item.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    /// It is no id, or too little of one.
    #[error(
        "{0:?} names no item: give the last {FIGURES} figures of its id or more, as `motherline inbox` shows them"
    )]
    NoName(String),
    /// None has it.
    #[error("there is no item {0:?}")]
    Unknown(String),
    /// Several have it.
    #[error("{0:?} is the end of several ids: give more of it")]
    Several(String),
    /// Somebody was faster.
    #[error("it is not open any more: it was {0} by {1}")]
    Ended(String, String),
    /// She has stopped.
    #[error(
        "she has texted STOP, or her number takes no texts any more: nothing may be sent to her, and nothing was"
    )]
    Stopped,
    /// Her provider refuses.
    #[error(
        "her provider refuses texts from this number since her STOP there: only START from her phone lifts it"
    )]
    Blocked,
    /// She was erased.
    #[error("nothing is held of her any more: she has been erased at her own wish")]
    Gone,
    /// The library has no words that give nothing away.
    #[error("others may read her phone, and the library has no words in her language that give nothing away")]
    NoCover,
    /// Somebody else is at it, since then.
    #[error("{0} is at it: nothing was done")]
    Taken(String, DateTime<Utc>),
    /// They may not answer in its program.
    #[error("they do not answer in this program")]
    NotTheirs,
    /// It is held by an account, and whoever asks has none.
    #[error("only who is signed in at the console can take it")]
    NoAccount,
    /// She has written since.
    #[error("she has written again meanwhile: read it first (`motherline inbox show`); nothing was done")]
    WroteAgain,
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Items: the open ones by urgency and then by how long they wait; the others by when they ended.
pub async fn list(database: &Database, fate: Fate, limit: i64) -> StoreResult<Vec<Listed>> {
    let mut tx = database.read().await?;
    match fate {
        Fate::Open => helps::open(&mut tx, limit).await,
        Fate::Answered | Fate::Closed => helps::ended(&mut tx, fate.name(), limit).await,
    }
}

/// The item of an id, or of its last figures; if several end so, the open one.
pub async fn find(database: &Database, name: &str) -> Result<Item, Refused> {
    let figures = figures(name).ok_or_else(|| Refused::NoName(name.to_owned()))?;
    let mut tx = database.read().await?;
    let named = helps::named(&mut tx, &figures).await?;
    let open: Vec<_> = named.iter().filter(|(_, state)| state == Fate::Open.name()).collect();
    let id = match (&open[..], &named[..]) {
        ([(id, _)], _) | ([], [(id, _)]) => *id,
        ([], []) => return Err(Refused::Unknown(name.to_owned())),
        _ => return Err(Refused::Several(name.to_owned())),
    };
    working::look(&mut tx, id).await?.ok_or_else(|| Refused::Unknown(name.to_owned()))
}

/// The hexadecimal figures of an id or of its end; none if that is none, or too short to tell.
pub fn figures(name: &str) -> Option<String> {
    let figures = name.trim().replace('-', "").to_lowercase();
    let right =
        figures.bytes().all(|byte| byte.is_ascii_hexdigit()) && (FIGURES..=32).contains(&figures.len());
    right.then_some(figures)
}

/// One text of an exchange.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Its id.
    pub id: Uuid,
    /// When.
    pub at: DateTime<Utc>,
    /// Who wrote it.
    pub who: Who,
    /// The words.
    pub body: String,
    /// The danger that they tell of.
    pub sign: Option<String>,
    /// What became of it, where it is ours and still known.
    pub fate: Option<(State, Option<String>)>,
}

/// Who wrote a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Who {
    /// She.
    Her,
    /// The service, by itself.
    Service,
    /// Somebody, by name.
    Person(String),
}

/// Everything of an item in order of time: her texts, what the service answered by itself, what people answered.
pub async fn exchange(database: &Database, item: &Item) -> StoreResult<Vec<Entry>> {
    let mut tx = database.read().await?;
    let said = helps::said(&mut tx, item).await?;
    let texts = helps::texts(&mut tx, item.id).await?;
    let fate = |id: Uuid| {
        let found = said.iter().find(|said| said.id == id)?;
        Some((State::from_code(found.state)?, found.reason.clone()))
    };
    let automatic =
        said.iter().filter(|said| texts.iter().all(|text| text.id != said.id)).map(|said| Entry {
            id: said.id,
            at: said.queued_at,
            who: Who::Service,
            body: said.body.clone().unwrap_or_default(),
            sign: None,
            fate: fate(said.id),
        });
    let written = texts.iter().map(|text| Entry {
        id: text.id,
        at: text.at,
        who: if text.from_her { Who::Her } else { Who::Person(text.written_by.clone().unwrap_or_default()) },
        body: text.body.clone(),
        sign: text.sign.clone(),
        fate: if text.from_her { None } else { fate(text.id) },
    });
    let mut all: Vec<Entry> = written.chain(automatic).collect();
    all.sort_by_key(|entry| (entry.at, entry.who != Who::Her));
    Ok(all)
}

/// Her number, if anything is held of her.
pub async fn number(database: &Database, item: &Item) -> StoreResult<Option<String>> {
    let mut tx = database.read().await?;
    Ok(mothers::find(&mut tx, item.subscriber_id).await?.map(|her| her.number().to_owned()))
}

/// An answer, ready to be sent.
#[derive(Clone, Debug)]
pub struct Prepared {
    /// To what.
    pub item: Item,
    /// What she wrote last: the text that it answers.
    pub to: Text,
    /// What goes to her phone.
    pub shown: Words,
    /// What she reads when she is alone, if that is something else.
    pub kept: Option<String>,
    words: String,
}

/// Makes an answer ready: what would go to her phone, or why nothing may. Nobody waits for who only looks.
pub async fn prepare(service: &Service, item: &Item, words: &str) -> Result<Prepared, Refused> {
    let mut tx = service.database.read().await?;
    let item = working::look(&mut tx, item.id).await?.ok_or(Refused::Gone)?;
    let her = mothers::find(&mut tx, item.subscriber_id).await?;
    look(service, &mut tx, (her.as_ref(), item), words).await
}

/// Queues an answer to her, and ends its item; refused if she has written since it was made ready.
pub async fn answer(service: &Service, prepared: &Prepared, by: &Actor) -> Result<(), Refused> {
    let mut tx = service.database.begin().await?;
    let (her, item) = hold(&mut tx, prepared.item.id).await?;
    let again = look(service, &mut tx, (her.as_ref(), item), &prepared.words).await?;
    let her = her.ok_or(Refused::Gone)?;
    not_anothers(service, &mut tx, &again.item, by).await?;
    if again.item.last_at != prepared.item.last_at {
        return Err(Refused::WroteAgain);
    }
    let (item, now) = (&again.item, service.now());
    let text = new_text(service, &again, &her);
    let id = text.id;
    if let Some(kept) = &again.kept {
        unread::keep(&mut tx, id, her.id, (kept, false), now).await?;
    }
    // Her answer is for whoever wrote this, though her item has ended.
    expect(service, &mut tx, &text, again.kept.as_ref().unwrap_or(&again.words)).await?;
    outbox::queue(&mut tx, &[text]).await?;
    let (body, written_by) = (again.words.clone(), Some(by.name.clone()));
    helps::add(&mut tx, item.id, &Text { id, from_her: false, body, written_by, sign: None, at: now })
        .await?;
    end(service, &mut tx, item, (Fate::Answered, None), by).await?;
    tx.commit().await?;
    service.bells.ring(Bell::Answers);
    Ok(())
}

/// Looks at an item and at her: whether she may be answered, and how.
async fn look(
    service: &Service,
    tx: &mut Tx,
    (her, item): (Option<&Subscriber>, Item),
    words: &str,
) -> Result<Prepared, Refused> {
    let her = her.ok_or(Refused::Gone)?;
    if item.state != Fate::Open.name() {
        return Err(ended(&item));
    }
    if her.stopped_at.is_some() {
        return Err(Refused::Stopped);
    }
    if her.blocked_at.is_some() {
        return Err(Refused::Blocked);
    }
    let mut hers = helps::texts(tx, item.id).await?.into_iter().filter(|text| text.from_her);
    let to = hers.next_back().ok_or(Refused::Gone)?;
    let plain = Words::new(words);
    let (shown, kept) = if her.discreet {
        (cover(service, &item).ok_or(Refused::NoCover)?, Some(plain.body.to_string()))
    } else {
        (plain, None)
    };
    Ok(Prepared { item, to, shown, kept, words: words.to_owned() })
}

/// What says only that there is something to read.
fn cover(service: &Service, item: &Item) -> Option<Words> {
    let edition = service.shelf.edition();
    let program = edition.library.program(&item.program)?;
    let today = service.now().date_naive();
    let voice = Voice { library: &edition.library, program, language: item.language, today };
    voice.say(Reply::SafeNotice, &Fields::default()).map(|words| Words::new(&words))
}

fn new_text(service: &Service, answer: &Prepared, her: &Subscriber) -> NewText {
    let (item, shown, now) = (&answer.item, &answer.shown, service.now());
    NewText {
        id: service.text_id(),
        subscriber: her.id,
        enrollment: None,
        answers: Some(answer.to.id),
        sender: item.sender.clone(),
        phone: her.number().to_owned(),
        kind: Kind::Reply,
        language: item.language,
        words: outbox::Words::Own(shown.body.to_string()),
        encoding: shown.encoding,
        segments: shown.segments,
        program: Some(item.program.clone()),
        edition: Some(service.shelf.edition().number),
        tip: None,
        queued_at: now,
        due_at: now,
        not_after: now + LIFE,
        window_closes_at: None,
    }
}
