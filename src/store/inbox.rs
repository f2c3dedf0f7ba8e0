//! Texts received: written before anything acts on them, handled once.

use chrono::{DateTime, Utc};
use sqlx::{FromRow, QueryBuilder};
use uuid::Uuid;

use super::{Sql, StoreResult, Tx, chunks, on};

/// A text as received.
#[derive(Clone, Debug)]
pub struct Received {
    /// Our id for it.
    pub id: Uuid,
    /// The gateway it came by.
    pub gateway: String,
    /// The provider's id for it.
    pub provider_id: String,
    /// Which of our senders it was sent to.
    pub sender: String,
    /// Who sent it.
    pub phone: String,
    /// Its words.
    pub body: String,
    /// stop, start, help: the provider answered her itself.
    pub answered_by: Option<String>,
    /// When.
    pub at: DateTime<Utc>,
}

const INSERT_POSTGRES: &str =
    "INSERT INTO inbox (id, gateway, provider_id, sender, phone, body, answered_by, received_at, state,
                        next_try_at)
     SELECT id, gateway, provider_id, sender, phone, body, answered_by, at, 0, at
       FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[],
                   $8::timestamptz[]) AS r (id, gateway, provider_id, sender, phone, body, answered_by, at)
     ON CONFLICT (gateway, provider_id) DO NOTHING";

/// Writes texts received; gives how many the provider had not sent before.
pub async fn insert(tx: &mut Tx, texts: &[Received]) -> StoreResult<u64> {
    // In one order, so that two processes that are given the same texts never wait for each other.
    let mut texts: Vec<&Received> = texts.iter().collect();
    texts.sort_unstable_by_key(|text| (&text.gateway, &text.provider_id));
    match tx {
        Tx::Sqlite(tx) => {
            let mut new = 0;
            for part in chunks(&texts) {
                let mut query = QueryBuilder::new(
                    "INSERT INTO inbox (id, gateway, provider_id, sender, phone, body, answered_by, received_at,
                                        state, next_try_at) ",
                );
                query.push_values(part, |mut row, text| {
                    row.push_bind(text.id)
                        .push_bind(&text.gateway)
                        .push_bind(&text.provider_id)
                        .push_bind(&text.sender)
                        .push_bind(&text.phone)
                        .push_bind(&text.body)
                        .push_bind(&text.answered_by)
                        .push_bind(text.at)
                        .push("0")
                        .push_bind(text.at);
                });
                query.push(" ON CONFLICT (gateway, provider_id) DO NOTHING");
                new += query.build().execute(&mut **tx).await?.rows_affected();
            }
            Ok(new)
        }
        Tx::Postgres(tx) => sqlx::query(INSERT_POSTGRES)
            .bind(texts.iter().map(|text| text.id).collect::<Vec<_>>())
            .bind(texts.iter().map(|text| text.gateway.as_str()).collect::<Vec<_>>())
            .bind(texts.iter().map(|text| text.provider_id.as_str()).collect::<Vec<_>>())
            .bind(texts.iter().map(|text| text.sender.as_str()).collect::<Vec<_>>())
            .bind(texts.iter().map(|text| text.phone.as_str()).collect::<Vec<_>>())
            .bind(texts.iter().map(|text| text.body.as_str()).collect::<Vec<_>>())
            .bind(texts.iter().map(|text| text.answered_by.as_deref()).collect::<Vec<_>>())
            .bind(texts.iter().map(|text| text.at).collect::<Vec<_>>())
            .execute(&mut **tx)
            .await
            .map(|done| done.rows_affected()),
    }
}

/// A text waiting to be handled.
#[derive(Clone, FromRow)]
pub struct Waiting {
    /// Our id for it.
    pub id: Uuid,
    /// The gateway it came by.
    pub gateway: String,
    /// Which of our senders it was sent to.
    pub sender: String,
    /// Who sent it.
    pub phone: String,
    /// Its words.
    pub body: String,
    /// The provider answered her itself.
    pub answered_by: Option<String>,
    /// When it came.
    pub received_at: DateTime<Utc>,
    /// How often handling it was begun without being finished.
    pub tries: i16,
}

// A woman's texts are handled in the order in which they came: only the first of those that wait is taken. Asked in
// this way PostgreSQL looks it up for each text; a join (NOT EXISTS) it would also run through all that waits, once
// for each text, if it had seen the inbox empty when it made the plan.
macro_rules! next {
    ($lock:literal) => {
        concat!(
            "SELECT i.id, i.gateway, i.sender, i.phone, i.body, i.answered_by, i.received_at, i.tries
               FROM inbox i
              WHERE i.state < 2 AND i.next_try_at <= $1
                AND i.id = (SELECT e.id FROM inbox e WHERE e.phone = i.phone AND e.handled_at IS NULL
                             ORDER BY e.received_at, e.id LIMIT 1)
              ORDER BY i.next_try_at LIMIT $2",
            $lock
        )
    };
}
const NEXT: Sql = Sql::pair(next!(""), next!(" FOR UPDATE OF i SKIP LOCKED"));

/// The texts to handle now, each of another woman, the first that came first. Nobody else handles them until the
/// transaction ends.
pub async fn next(tx: &mut Tx, now: DateTime<Utc>, limit: i64) -> StoreResult<Vec<Waiting>> {
    let mut texts: Vec<Waiting> =
        on!(tx, NEXT, |conn, sql| sqlx::query_as(sql).bind(now).bind(limit).fetch_all(conn).await)?;
    texts.sort_by_key(|text| (text.received_at, text.id));
    Ok(texts)
}

/// From here to the end of the transaction no row is waited for longer than a moment: whoever holds one of hers (an
/// operator who went to lunch) must not hold up everybody. SQLite has one writer and waits at the beginning.
pub async fn wait_briefly(tx: &mut Tx) -> StoreResult<()> {
    match tx {
        Tx::Sqlite(_) => Ok(()),
        Tx::Postgres(tx) => sqlx::query("SET LOCAL lock_timeout = '3s'").execute(&mut **tx).await.map(|_| ()),
    }
}

/// Counts a try before it is made, and keeps others from making one until `next_try_at`. False: somebody else
/// has handled the text or counted a try meanwhile.
pub async fn count_try(tx: &mut Tx, text: &Waiting, next_try_at: DateTime<Utc>) -> StoreResult<bool> {
    let update = "UPDATE inbox SET tries = tries + 1, next_try_at = $3
                   WHERE id = $1 AND tries = $2 AND state + 0 < 2";
    on!(tx, update, |conn, sql| sqlx::query(sql)
        .bind(text.id)
        .bind(text.tries)
        .bind(next_try_at)
        .execute(conn)
        .await
        .map(|done| done.rows_affected() == 1))
}

// `state + 0`, because `state` alone would invite the planner to walk the index of all that waits, once for each.
const HANDLED_POSTGRES: &str = "UPDATE inbox i SET state = 2, handled_at = $4, intent = r.intent
       FROM unnest($1::uuid[], $2::int2[], $3::text[]) AS r (id, tries, intent)
      WHERE i.id = r.id AND i.tries = r.tries AND i.state + 0 < 2";

/// Marks texts handled, each with what it was taken for; gives how many were still to be handled. If that is not
/// all of them, the transaction must not commit.
pub async fn handled(tx: &mut Tx, texts: &[(&Waiting, &str)], now: DateTime<Utc>) -> StoreResult<usize> {
    let mut marked = 0;
    match tx {
        Tx::Sqlite(tx) => {
            for part in chunks(texts) {
                let mut query = QueryBuilder::new("WITH v (id, tries, intent) AS (");
                query.push_values(part, |mut row, (text, intent)| {
                    row.push_bind(text.id).push_bind(text.tries).push_bind(*intent);
                });
                query.push(") UPDATE inbox SET state = 2, intent = v.intent, handled_at = ");
                query.push_bind(now);
                query.push(" FROM v WHERE inbox.id = v.id AND inbox.tries = v.tries AND inbox.state + 0 < 2");
                marked += query.build().execute(&mut **tx).await?.rows_affected();
            }
        }
        Tx::Postgres(tx) => {
            let update = sqlx::query(HANDLED_POSTGRES)
                .bind(texts.iter().map(|(text, _)| text.id).collect::<Vec<_>>())
                .bind(texts.iter().map(|(text, _)| text.tries).collect::<Vec<_>>())
                .bind(texts.iter().map(|(_, intent)| *intent).collect::<Vec<_>>())
                .bind(now);
            marked = update.execute(&mut **tx).await?.rows_affected();
        }
    }
    Ok(usize::try_from(marked).unwrap_or(usize::MAX))
}

/// Leaves a text to a person.
pub async fn give_up(tx: &mut Tx, text: Uuid, now: DateTime<Utc>) -> StoreResult<()> {
    let update = "UPDATE inbox SET state = 3, handled_at = $2 WHERE id = $1 AND state + 0 < 2";
    on!(tx, update, |conn, sql| sqlx::query(sql).bind(text).bind(now).execute(conn).await.map(|_| ()))
}

/// How many texts wait, and since when the oldest does.
pub async fn backlog(tx: &mut Tx) -> StoreResult<(i64, Option<DateTime<Utc>>)> {
    let select = "SELECT COUNT(*), MIN(received_at) FROM inbox WHERE state < 2";
    on!(tx, select, |conn, sql| sqlx::query_as(sql).fetch_one(conn).await)
}

/// A text she sent, for an operator's eyes.
#[derive(Clone, Debug, FromRow)]
pub struct Heard {
    /// When it came.
    pub received_at: DateTime<Utc>,
    /// Its words.
    pub body: String,
    /// What it was taken for.
    pub intent: Option<String>,
}

/// The texts a number sent, the oldest first.
pub async fn heard_from(tx: &mut Tx, phone: &str) -> StoreResult<Vec<Heard>> {
    let select = "SELECT received_at, body, intent FROM inbox WHERE phone = $1 ORDER BY received_at, id";
    on!(tx, select, |conn, sql| sqlx::query_as(sql).bind(phone).fetch_all(conn).await)
}
