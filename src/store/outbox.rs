//! Texts to send, from queued to their end. The states are [`crate::domain::delivery::State`]'s; this table's files move rows between
//! them and nothing else does: here they come in, in [`sending`] they go out, in [`doubts`] they come into
//! doubt, in [`ending`] they leave for the history; [`looks`] only looks, and [`breaking`] finds what cannot be
//! looked at.

mod breaking;
mod doubts;
mod ending;
mod looks;
mod placing;
mod sending;

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::QueryBuilder;
use uuid::Uuid;

pub use self::breaking::*;
pub use self::doubts::*;
pub use self::ending::*;
pub use self::looks::*;
pub use self::placing::*;
pub use self::sending::*;

use super::{StoreResult, Tx, chunks, column, on};
use crate::domain::language::Language;
use crate::domain::named::named;
use crate::domain::segment::Encoding;
use crate::ids::text_of;

named! {
    /// What a text is.
    pub enum Kind {
        /// An answer to what she just wrote.
        Reply = "reply",
        /// A tip that is due.
        Tip = "tip",
        /// A reminder of an open question.
        Nudge = "nudge",
        /// A reminder of a date.
        Reminder = "reminder",
        /// What was wrong with a tip she got.
        Correction = "correction",
        /// A question of ours, or what was promised in answer to one.
        Question = "question",
        /// An urgent or one-off text to many.
        Broadcast = "broadcast",
    }
}

/// The lane of answers; it is served first.
pub const ANSWERS: i16 = 0;
/// The lane of everything unasked.
pub const UNASKED: i16 = 1;
/// The lane of broadcasts, corrections among them: behind answers, and ahead of everything else unasked.
pub const URGENT: i16 = 2;

/// The words of a text.
#[derive(Clone, Debug)]
pub enum Words {
    /// Stored once, by their hash, and shared.
    Shared([u8; 32]),
    /// Hers alone.
    Own(String),
}

/// A text to queue.
#[derive(Clone, Debug)]
pub struct NewText {
    /// Its id, as [`crate::ids::Ids::text`] makes it.
    pub id: Uuid,
    /// For whom.
    pub subscriber: Uuid,
    /// For which enrollment.
    pub enrollment: Option<Uuid>,
    /// The text it answers.
    pub answers: Option<Uuid>,
    /// By which sender.
    pub sender: String,
    /// To which number.
    pub phone: String,
    /// What it is.
    pub kind: Kind,
    /// In which language.
    pub language: Language,
    /// Its words.
    pub words: Words,
    /// How they travel.
    pub encoding: Encoding,
    /// How many SMS they take.
    pub segments: u32,
    /// Of which program.
    pub program: Option<String>,
    /// From which edition.
    pub edition: Option<i64>,
    /// Which tip, where in its track, and for which local day.
    pub tip: Option<TipPlace>,
    /// Now.
    pub queued_at: DateTime<Utc>,
    /// Not before.
    pub due_at: DateTime<Utc>,
    /// Too late from here on.
    pub not_after: DateTime<Utc>,
    /// The end of the window it was placed in.
    pub window_closes_at: Option<DateTime<Utc>>,
}

/// Which tip a text carries.
#[derive(Clone, Debug)]
pub struct TipPlace {
    /// Its id.
    pub tip: String,
    /// Its track.
    pub track: &'static str,
    /// Its week.
    pub week: i32,
    /// Her local day.
    pub on: NaiveDate,
}

impl NewText {
    fn lane(&self) -> i16 {
        match self.kind {
            // What goes in her hours only is nothing that she waits for, though it answers something.
            _ if self.answers.is_some() && self.window_closes_at.is_none() => ANSWERS,
            Kind::Broadcast | Kind::Correction => URGENT,
            _ => UNASKED,
        }
    }

    fn program(&self) -> &str {
        self.program.as_deref().unwrap_or_default()
    }
}

impl Words {
    fn hash(&self) -> Option<&[u8]> {
        match self {
            Self::Shared(hash) => Some(hash.as_slice()),
            Self::Own(_) => None,
        }
    }

    fn own(&self) -> Option<&str> {
        match self {
            Self::Shared(_) => None,
            Self::Own(body) => Some(body),
        }
    }
}

macro_rules! queued {
    () => {
        "id, subscriber_id, enrollment_id, inbox_id, sender, phone, lane, kind, language, wording, body, encoding,
         segments, program, edition, tip, track, week, occurs_on, queued_at, not_after, window_closes_at,
         next_try_at"
    };
}

const QUEUE_SQLITE: &str = concat!("INSERT INTO outbox (", queued!(), ", state) ");
const QUEUE_POSTGRES: &str = concat!(
    "INSERT INTO outbox (",
    queued!(),
    ", state) SELECT r.*, 0 FROM unnest(
         $1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::text[], $7::int2[], $8::text[],
         $9::text[], $10::bytea[], $11::text[], $12::text[], $13::int4[], $14::text[], $15::int8[], $16::text[],
         $17::text[], $18::int4[], $19::date[], $20::timestamptz[], $21::timestamptz[], $22::timestamptz[],
         $23::timestamptz[]) AS r"
);

/// Queues texts.
pub async fn queue(tx: &mut Tx, texts: &[NewText]) -> StoreResult<()> {
    debug_assert!(texts.iter().all(|text| text_of(text.id).0 == text.id), "an id that is no text's");
    match tx {
        Tx::Sqlite(tx) => {
            for part in chunks(texts) {
                let mut query = QueryBuilder::new(QUEUE_SQLITE);
                query.push_values(part, |mut row, text| {
                    row.push_bind(text.id)
                        .push_bind(text.subscriber)
                        .push_bind(text.enrollment)
                        .push_bind(text.answers)
                        .push_bind(&text.sender)
                        .push_bind(&text.phone)
                        .push_bind(text.lane())
                        .push_bind(text.kind.name())
                        .push_bind(text.language.as_str())
                        .push_bind(text.words.hash())
                        .push_bind(text.words.own())
                        .push_bind(text.encoding.name())
                        .push_bind(text.segments as i32)
                        .push_bind(text.program())
                        .push_bind(text.edition)
                        .push_bind(text.tip.as_ref().map(|tip| tip.tip.as_str()))
                        .push_bind(text.tip.as_ref().map(|tip| tip.track))
                        .push_bind(text.tip.as_ref().map(|tip| tip.week))
                        .push_bind(text.tip.as_ref().map(|tip| tip.on))
                        .push_bind(text.queued_at)
                        .push_bind(text.not_after)
                        .push_bind(text.window_closes_at)
                        .push_bind(text.due_at)
                        .push("0");
                });
                query.build().execute(&mut **tx).await?;
            }
            Ok(())
        }
        Tx::Postgres(_) if texts.is_empty() => Ok(()),
        Tx::Postgres(tx) => sqlx::query(QUEUE_POSTGRES)
            .bind(column(texts, |text| text.id))
            .bind(column(texts, |text| text.subscriber))
            .bind(column(texts, |text| text.enrollment))
            .bind(column(texts, |text| text.answers))
            .bind(column(texts, |text| text.sender.as_str()))
            .bind(column(texts, |text| text.phone.as_str()))
            .bind(column(texts, NewText::lane))
            .bind(column(texts, |text| text.kind.name()))
            .bind(column(texts, |text| text.language.as_str()))
            .bind(column(texts, |text| text.words.hash()))
            .bind(column(texts, |text| text.words.own()))
            .bind(column(texts, |text| text.encoding.name()))
            .bind(column(texts, |text| text.segments as i32))
            .bind(column(texts, NewText::program))
            .bind(column(texts, |text| text.edition))
            .bind(column(texts, |text| text.tip.as_ref().map(|tip| tip.tip.as_str())))
            .bind(column(texts, |text| text.tip.as_ref().map(|tip| tip.track)))
            .bind(column(texts, |text| text.tip.as_ref().map(|tip| tip.week)))
            .bind(column(texts, |text| text.tip.as_ref().map(|tip| tip.on)))
            .bind(column(texts, |text| text.queued_at))
            .bind(column(texts, |text| text.not_after))
            .bind(column(texts, |text| text.window_closes_at))
            .bind(column(texts, |text| text.due_at))
            .execute(&mut **tx)
            .await
            .map(|_| ()),
    }
}

/// Stores words to be shared, each once.
pub async fn share_words(tx: &mut Tx, words: &[(&[u8; 32], &str, Encoding, u32)]) -> StoreResult<()> {
    if words.is_empty() {
        return Ok(());
    }
    on!(tx, "INSERT INTO wordings (hash, body, encoding, segments) ", |conn, sql| {
        let mut query = QueryBuilder::new(sql);
        query.push_values(words, |mut row, (hash, body, encoding, segments)| {
            row.push_bind(hash.as_slice())
                .push_bind(*body)
                .push_bind(encoding.name())
                .push_bind(*segments as i32);
        });
        query.push(" ON CONFLICT (hash) DO NOTHING");
        query.build().persistent(false).execute(conn).await.map(|_| ())
    })
}

/// The words stored under each of these hashes.
pub async fn shared_words(tx: &mut Tx, hashes: &HashSet<Vec<u8>>) -> StoreResult<HashMap<Vec<u8>, String>> {
    if hashes.is_empty() {
        return Ok(HashMap::new());
    }
    let rows: Vec<(Vec<u8>, String)> =
        on!(tx, "SELECT hash, body FROM wordings WHERE hash IN (", |conn, sql| {
            let mut query = QueryBuilder::new(sql);
            let mut list = query.separated(", ");
            for hash in hashes {
                list.push_bind(hash.as_slice());
            }
            query.push(")");
            query.build_query_as().persistent(false).fetch_all(conn).await
        })?;
    Ok(rows.into_iter().collect())
}
