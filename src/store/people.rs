//! Subscribers, and in [`enrolled`] what they are enrolled in.

mod enrolled;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use sqlx::{FromRow, QueryBuilder};
use uuid::Uuid;

pub use self::enrolled::*;

use super::{Sql, StoreResult, Tx, on};
use crate::domain::conversation::Place;
use crate::domain::language::Language;
use crate::domain::phone::{PhoneNumber, hidden_in};
use crate::domain::plan::Reader;

/// A person with a phone number who wrote to us.
#[derive(Clone, Debug, FromRow)]
pub struct Subscriber {
    /// Its id.
    pub id: Uuid,
    /// Her number.
    phone: String,
    /// The language last spoken with her.
    language: Option<String>,
    /// Where she lives, as she gave it.
    pub place: Option<String>,
    zone: Option<String>,
    /// The state or region she lives in, as the library's help knows it.
    pub area: Option<String>,
    /// Since when nothing unasked may go out.
    pub stopped_at: Option<DateTime<Utc>>,
    /// Since when the provider refuses to text her.
    pub blocked_at: Option<DateTime<Utc>>,
    /// When she told of a loss, if she has begun nothing new since.
    pub lost_at: Option<DateTime<Utc>>,
    /// When a text that answered no question was last met with help.
    pub hinted_at: Option<DateTime<Utc>>,
    /// Digest of her last text.
    pub echo: Option<String>,
    /// How often in a row she sent it.
    pub echoes: i32,
    /// When she sent it last.
    pub echo_at: Option<DateTime<Utc>>,
    /// Texts that she did not ask for give nothing away.
    pub discreet: bool,
    reader: Option<String>,
    /// The code she sent with the start word, until she is enrolled.
    pub partner: Option<String>,
    /// How many texts to her were automatic answers, since the moment after it.
    pub answers: i32,
    /// Since when they are counted.
    pub answers_since: Option<DateTime<Utc>>,
}

impl Subscriber {
    /// Her number.
    pub fn phone(&self) -> Option<PhoneNumber> {
        PhoneNumber::from_e164(self.phone.clone())
    }

    /// Her number, as it is kept.
    pub fn number(&self) -> &str {
        &self.phone
    }

    /// What somebody typed about her, without her number and any other.
    pub fn hidden_in(&self, words: &str) -> String {
        self.phone().map_or_else(|| hidden_in(words), |phone| phone.and_others_hidden_in(words))
    }

    /// Her zone, if it is known.
    pub fn zone(&self) -> Option<Tz> {
        self.zone.as_deref()?.parse().ok()
    }

    /// Who she is to the baby, if she is not its mother.
    pub fn reader(&self) -> Option<Reader> {
        Reader::named(self.reader.as_deref()?)
    }

    /// The language last spoken with her.
    pub fn language(&self) -> Option<Language> {
        self.language.as_deref()?.parse().ok()
    }
}

const SUBSCRIBER: Sql = Sql::pair(
    "SELECT id, phone, language, place, zone, area, stopped_at, blocked_at, lost_at, hinted_at, echo,
            echoes, echo_at, discreet, reader, partner, answers, answers_since
       FROM subscribers WHERE phone = $1",
    // Two texts of one woman are never answered at the same time. NO KEY: a planner that inserts a row which
    // refers to her must not wait for this lock, or each would wait for the other.
    "SELECT id, phone, language, place, zone, area, stopped_at, blocked_at, lost_at, hinted_at, echo,
            echoes, echo_at, discreet, reader, partner, answers, answers_since
       FROM subscribers WHERE phone = $1 FOR NO KEY UPDATE",
);

/// The subscriber with a number, locked until the transaction ends.
pub async fn lock(tx: &mut Tx, phone: &PhoneNumber) -> StoreResult<Option<Subscriber>> {
    on!(tx, SUBSCRIBER, |conn, sql| sqlx::query_as(sql).bind(phone.as_e164()).fetch_optional(conn).await)
}

/// The subscriber with a number, made if there is none, locked until the transaction ends.
pub async fn lock_or_insert(
    tx: &mut Tx,
    id: Uuid,
    phone: &PhoneNumber,
    region: Option<&str>,
    now: DateTime<Utc>,
) -> StoreResult<Subscriber> {
    let insert = "INSERT INTO subscribers (id, phone, region, created_at) VALUES ($1, $2, $3, $4)
                  ON CONFLICT (phone) DO NOTHING";
    on!(tx, insert, |conn, sql| sqlx::query(sql)
        .bind(id)
        .bind(phone.as_e164())
        .bind(region)
        .bind(now)
        .execute(conn)
        .await
        .map(|_| ()))?;
    on!(tx, SUBSCRIBER, |conn, sql| sqlx::query_as(sql).bind(phone.as_e164()).fetch_one(conn).await)
}

/// Remembers what she last wrote and how often in a row.
pub async fn set_echo(
    tx: &mut Tx,
    subscriber: Uuid,
    echo: &str,
    echoes: i32,
    at: DateTime<Utc>,
) -> StoreResult<()> {
    let update = "UPDATE subscribers SET echo = $2, echoes = $3, echo_at = $4, heard_at = $4 WHERE id = $1";
    on!(tx, update, |conn, sql| sqlx::query(sql)
        .bind(subscriber)
        .bind(echo)
        .bind(echoes)
        .bind(at)
        .execute(conn)
        .await
        .map(|_| ()))
}

/// Remembers the language spoken with her.
pub async fn set_language(tx: &mut Tx, subscriber: Uuid, language: Language) -> StoreResult<()> {
    let update = "UPDATE subscribers SET language = $2 WHERE id = $1";
    on!(tx, update, |conn, sql| sqlx::query(sql)
        .bind(subscriber)
        .bind(language.as_str())
        .execute(conn)
        .await
        .map(|_| ()))
}

/// Remembers where she lives.
pub async fn set_place(tx: &mut Tx, subscriber: Uuid, place: &Place) -> StoreResult<()> {
    let update =
        "UPDATE subscribers SET place = $2, zone = $3, zone_origin = 'place', area = $4 WHERE id = $1";
    on!(tx, update, |conn, sql| sqlx::query(sql)
        .bind(subscriber)
        .bind(&place.name)
        .bind(place.zone.name())
        .bind(place.area.as_deref())
        .execute(conn)
        .await
        .map(|_| ()))
}

/// The moments that change what may be sent to a number.
#[derive(Clone, Copy, Debug)]
pub enum Mark {
    /// She stopped.
    Stopped,
    /// The provider blocks her.
    Blocked,
    /// She told of a loss, and begins nothing new.
    Lost,
    /// A text that answered no question was met with help.
    Hinted,
    /// The number is taken to be somebody else's.
    Recycled,
    /// All that is held of her is to be erased.
    Erase,
}

/// Sets a mark to a moment, or takes it away.
pub async fn mark(tx: &mut Tx, subscriber: Uuid, mark: Mark, at: Option<DateTime<Utc>>) -> StoreResult<()> {
    let update = match mark {
        // Whoever comes back is not erased any more.
        Mark::Stopped if at.is_none() => {
            "UPDATE subscribers SET stopped_at = $2, erase_at = NULL WHERE id = $1"
        }
        Mark::Stopped => "UPDATE subscribers SET stopped_at = $2 WHERE id = $1",
        Mark::Blocked => "UPDATE subscribers SET blocked_at = $2 WHERE id = $1",
        Mark::Lost => "UPDATE subscribers SET lost_at = $2 WHERE id = $1",
        Mark::Hinted => "UPDATE subscribers SET hinted_at = $2 WHERE id = $1",
        Mark::Recycled => "UPDATE subscribers SET recycled_at = $2 WHERE id = $1",
        Mark::Erase => "UPDATE subscribers SET erase_at = $2 WHERE id = $1",
    };
    on!(tx, update, |conn, sql| sqlx::query(sql).bind(subscriber).bind(at).execute(conn).await.map(|_| ()))
}

/// Records who said that she stopped: `keyword` or `provider`.
pub async fn stopped_by(tx: &mut Tx, subscriber: Uuid, by: &str) -> StoreResult<()> {
    let update = "UPDATE subscribers SET stopped_by = $2 WHERE id = $1";
    on!(tx, update, |conn, sql| sqlx::query(sql).bind(subscriber).bind(by).execute(conn).await.map(|_| ()))
}

/// Marks a number whose country no program serves; true the first time.
pub async fn refuse_once(tx: &mut Tx, subscriber: Uuid, now: DateTime<Utc>) -> StoreResult<bool> {
    let update = "UPDATE subscribers SET refused_at = $2 WHERE id = $1 AND refused_at IS NULL";
    on!(tx, update, |conn, sql| sqlx::query(sql)
        .bind(subscriber)
        .bind(now)
        .execute(conn)
        .await
        .map(|done| done.rows_affected() == 1))
}

/// The subscriber with an id, locked until the transaction ends.
pub async fn lock_id(tx: &mut Tx, id: Uuid) -> StoreResult<Option<Subscriber>> {
    let select = "SELECT phone FROM subscribers WHERE id = $1";
    let phone: Option<String> =
        on!(tx, select, |conn, sql| sqlx::query_scalar(sql).bind(id).fetch_optional(conn).await)?;
    match phone.and_then(PhoneNumber::from_e164) {
        Some(phone) => lock(tx, &phone).await,
        None => Ok(None),
    }
}

/// Remembers who she is to the baby, and by whose code she came.
pub async fn set_reader(tx: &mut Tx, subscriber: Uuid, reader: Option<Reader>) -> StoreResult<()> {
    let update = "UPDATE subscribers SET reader = $2 WHERE id = $1";
    on!(tx, update, |conn, sql| sqlx::query(sql)
        .bind(subscriber)
        .bind(reader.map(Reader::name))
        .execute(conn)
        .await
        .map(|_| ()))
}

/// Remembers by whose code she came, until she is enrolled.
pub async fn set_partner(tx: &mut Tx, subscriber: Uuid, code: Option<&str>) -> StoreResult<()> {
    let update = "UPDATE subscribers SET partner = $2 WHERE id = $1";
    on!(tx, update, |conn, sql| sqlx::query(sql).bind(subscriber).bind(code).execute(conn).await.map(|_| ()))
}

/// Texts that she did not ask for give nothing away from here on, or do again.
pub async fn set_discreet(tx: &mut Tx, subscriber: Uuid, discreet: bool) -> StoreResult<()> {
    let update = "UPDATE subscribers SET discreet = $2 WHERE id = $1";
    on!(tx, update, |conn, sql| sqlx::query(sql)
        .bind(subscriber)
        .bind(discreet)
        .execute(conn)
        .await
        .map(|_| ()))
}

/// Counts automatic answers to her.
pub async fn set_answers(
    tx: &mut Tx,
    subscriber: Uuid,
    answers: i32,
    since: DateTime<Utc>,
) -> StoreResult<()> {
    let update = "UPDATE subscribers SET answers = $2, answers_since = $3 WHERE id = $1";
    on!(tx, update, |conn, sql| sqlx::query(sql)
        .bind(subscriber)
        .bind(answers)
        .bind(since)
        .execute(conn)
        .await
        .map(|_| ()))
}

/// A subscriber made up for a trial.
#[derive(Clone, Debug)]
pub struct NewSubscriber {
    /// Her id.
    pub id: Uuid,
    /// Her number.
    pub phone: String,
    /// Her language.
    pub language: Language,
    /// Her zone.
    pub zone: Option<Tz>,
    /// Now.
    pub at: DateTime<Utc>,
}

/// Writes subscribers.
pub async fn insert_all(tx: &mut Tx, all: &[NewSubscriber]) -> StoreResult<()> {
    if all.is_empty() {
        return Ok(());
    }
    on!(tx, "INSERT INTO subscribers (id, phone, language, zone, zone_origin, created_at) ", |conn, sql| {
        let mut query = QueryBuilder::new(sql);
        query.push_values(all, |mut row, new| {
            row.push_bind(new.id)
                .push_bind(&new.phone)
                .push_bind(new.language.as_str())
                .push_bind(new.zone.map(|zone| zone.name()))
                .push_bind("place")
                .push_bind(new.at);
        });
        query.build().persistent(false).execute(conn).await.map(|_| ())
    })
}
