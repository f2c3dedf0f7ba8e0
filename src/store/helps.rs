//! What a person is to read and answer. `queue`: the items of some programs, page by page; `working`: who is at one, and
//! what those who answer tell each other.

use chrono::{DateTime, Utc};
use sqlx::FromRow;
use uuid::Uuid;

use super::{Sql, StoreResult, Tx, on};
use crate::domain::language::Language;

pub mod queue;
pub mod working;

/// A woman's question, with all she wrote of it.
#[derive(Clone, Debug, FromRow)]
pub struct Item {
    /// Its id.
    pub id: Uuid,
    /// Whose.
    pub subscriber_id: Uuid,
    /// To which of our numbers she wrote.
    pub sender: String,
    /// Its program.
    pub program: String,
    /// Her language.
    #[sqlx(try_from = "String")]
    pub language: Language,
    /// Where she is: `pregnancy 26+3`, `after a loss`.
    pub stage: String,
    /// 0 danger, 1 after a loss, 2 a question, 3 a stranger's.
    pub urgency: i16,
    /// The gravest sign of danger in it.
    pub sign: Option<String>,
    /// open, answered, closed.
    pub state: String,
    /// When it was opened.
    pub opened_at: DateTime<Utc>,
    /// When she wrote last.
    pub last_at: DateTime<Utc>,
    /// When it was answered or closed.
    pub closed_at: Option<DateTime<Utc>>,
    /// By whom it was answered or closed.
    pub closed_by: Option<String>,
    /// Why it was closed without an answer.
    pub closed_why: Option<String>,
    /// Which account is at it.
    pub taken_by: Option<Uuid>,
    /// When that account did something with it last.
    pub taken_at: Option<DateTime<Utc>>,
    /// To which account it was handed on.
    pub handed_to: Option<Uuid>,
}

macro_rules! items {
    ($which:literal) => {
        concat!(
            "SELECT id, subscriber_id, sender, program, language, stage, urgency, sign, state, opened_at, last_at,
                    closed_at, closed_by, closed_why, taken_by, taken_at, handed_to
               FROM help_items ",
            $which
        )
    };
}

pub(super) use items;

/// Her open item.
pub async fn open_of(tx: &mut Tx, subscriber: Uuid) -> StoreResult<Option<Item>> {
    let select = items!("WHERE subscriber_id = $1 AND state = 'open' ORDER BY opened_at DESC LIMIT 1");
    on!(tx, select, |conn, sql| sqlx::query_as(sql).bind(subscriber).fetch_optional(conn).await)
}

/// An item in a list: with the words that tell most of it, and her number.
#[derive(Clone, Debug, FromRow)]
pub struct Listed {
    /// The item.
    #[sqlx(flatten)]
    pub item: Item,
    /// What she wrote last of the danger that the item is about, else what she wrote last.
    pub words: Option<String>,
    /// How many texts of hers it has.
    pub texts: i64,
    /// Her number.
    pub phone: Option<String>,
}

macro_rules! listed {
    ($order:literal) => {
        concat!(
            "SELECT i.id, i.subscriber_id, i.sender, i.program, i.language, i.stage, i.urgency, i.sign, i.state,
                    i.opened_at, i.last_at, i.closed_at, i.closed_by, i.closed_why, i.taken_by, i.taken_at, i.handed_to, s.phone,
                    COALESCE(
                      (SELECT t.body FROM help_texts t WHERE t.item_id = i.id AND t.from_her AND t.sign = i.sign
                        ORDER BY t.at DESC, t.id DESC LIMIT 1),
                      (SELECT t.body FROM help_texts t WHERE t.item_id = i.id AND t.from_her
                        ORDER BY t.at DESC, t.id DESC LIMIT 1)) AS words,
                    (SELECT COUNT(*) FROM help_texts t WHERE t.item_id = i.id AND t.from_her) AS texts
               FROM help_items i LEFT JOIN subscribers s ON s.id = i.subscriber_id
              WHERE i.state = $1 ",
            $order,
            " LIMIT $2"
        )
    };
}

/// The open items: the most urgent first, then those that wait longest.
pub async fn open(tx: &mut Tx, limit: i64) -> StoreResult<Vec<Listed>> {
    let select = listed!("ORDER BY i.urgency, i.opened_at, i.id");
    on!(tx, select, |conn, sql| sqlx::query_as(sql).bind("open").bind(limit).fetch_all(conn).await)
}

/// Items that were answered or closed, the last ones first.
pub async fn ended(tx: &mut Tx, state: &str, limit: i64) -> StoreResult<Vec<Listed>> {
    let select = listed!("ORDER BY i.closed_at DESC, i.id");
    on!(tx, select, |conn, sql| sqlx::query_as(sql).bind(state).bind(limit).fetch_all(conn).await)
}

const NAMED: Sql = Sql::pair(
    "SELECT id, state FROM help_items WHERE lower(hex(id)) LIKE $1",
    "SELECT id, state FROM help_items WHERE replace(CAST(id AS TEXT), '-', '') LIKE $1",
);

/// The items whose ids end in these hexadecimal figures, with their states.
pub async fn named(tx: &mut Tx, figures: &str) -> StoreResult<Vec<(Uuid, String)>> {
    let pattern = format!("%{figures}");
    on!(tx, NAMED, |conn, sql| sqlx::query_as(sql).bind(pattern).fetch_all(conn).await)
}

const FIND: Sql = Sql::pair(items!("WHERE id = $1"), items!("WHERE id = $1 FOR UPDATE"));

/// An item, locked until the transaction ends.
pub async fn find(tx: &mut Tx, item: Uuid) -> StoreResult<Option<Item>> {
    on!(tx, FIND, |conn, sql| sqlx::query_as(sql).bind(item).fetch_optional(conn).await)
}

/// Opens an item, or writes down that more was added to it.
pub async fn put(tx: &mut Tx, item: &Item) -> StoreResult<()> {
    let upsert =
        "INSERT INTO help_items (id, subscriber_id, sender, program, language, stage, urgency, sign, state, opened_at,
                                 last_at)
              VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'open', $9, $10)
         ON CONFLICT (id) DO UPDATE SET
                     stage = excluded.stage, last_at = excluded.last_at,
                     sign = CASE WHEN excluded.urgency <= help_items.urgency
                                 THEN COALESCE(excluded.sign, help_items.sign) ELSE help_items.sign END,
                     urgency = CASE WHEN excluded.urgency < help_items.urgency
                                    THEN excluded.urgency ELSE help_items.urgency END";
    on!(tx, upsert, |conn, sql| sqlx::query(sql)
        .bind(item.id)
        .bind(item.subscriber_id)
        .bind(&item.sender)
        .bind(&item.program)
        .bind(item.language.as_str())
        .bind(&item.stage)
        .bind(item.urgency)
        .bind(&item.sign)
        .bind(item.opened_at)
        .bind(item.last_at)
        .execute(conn)
        .await
        .map(|_| ()))
}

/// A text in an item.
#[derive(Clone, Debug, FromRow)]
pub struct Text {
    /// Its id in the inbox or the outbox.
    pub id: Uuid,
    /// Hers, or an answer.
    pub from_her: bool,
    /// The words.
    pub body: String,
    /// Who answered.
    pub written_by: Option<String>,
    /// The gravest sign of danger that hers tells of.
    pub sign: Option<String>,
    /// When.
    pub at: DateTime<Utc>,
}

/// Adds a text to an item, once.
pub async fn add(tx: &mut Tx, item: Uuid, text: &Text) -> StoreResult<()> {
    let insert = "INSERT INTO help_texts (id, item_id, from_her, body, written_by, sign, at)
                  VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (id) DO NOTHING";
    on!(tx, insert, |conn, sql| sqlx::query(sql)
        .bind(text.id)
        .bind(item)
        .bind(text.from_her)
        .bind(&text.body)
        .bind(&text.written_by)
        .bind(&text.sign)
        .bind(text.at)
        .execute(conn)
        .await
        .map(|_| ()))
}

/// The texts of an item, the oldest first.
pub async fn texts(tx: &mut Tx, item: Uuid) -> StoreResult<Vec<Text>> {
    let select =
        "SELECT id, from_her, body, written_by, sign, at FROM help_texts WHERE item_id = $1 ORDER BY at, id";
    on!(tx, select, |conn, sql| sqlx::query_as(sql).bind(item).fetch_all(conn).await)
}

/// What the service said by itself to the texts of an item, and what became of the answers in it.
#[derive(Clone, Debug, FromRow)]
pub struct Said {
    /// The text.
    pub id: Uuid,
    /// Its words, where it was not written by a person.
    pub body: Option<String>,
    /// When it was queued.
    pub queued_at: DateTime<Utc>,
    /// Its state's code.
    pub state: i16,
    /// Why it did not arrive.
    pub reason: Option<String>,
}

/// All that was said in answer to the texts of an item, the oldest first.
pub async fn said(tx: &mut Tx, item: &Item) -> StoreResult<Vec<Said>> {
    let select = "SELECT t.id, COALESCE(t.body, w.body) AS body, t.queued_at, t.state, t.reason
                    FROM texts t LEFT JOIN wordings w ON w.hash = t.wording
                   WHERE t.subscriber_id = $1 AND t.kind <> 'tip' AND t.inbox_id IS NOT NULL
                     AND t.inbox_id IN (SELECT h.id FROM help_texts h WHERE h.item_id = $2 AND h.from_her)
                   ORDER BY t.queued_at, t.id";
    on!(tx, select, |conn, sql| sqlx::query_as(sql)
        .bind(item.subscriber_id)
        .bind(item.id)
        .fetch_all(conn)
        .await)
}

/// Ends an item: `answered` or `closed`, by whom, and why it was closed. False: it was not open.
pub async fn end(
    tx: &mut Tx,
    item: Uuid,
    (state, why): (&str, Option<&str>),
    by: &str,
    now: DateTime<Utc>,
) -> StoreResult<bool> {
    let update = "UPDATE help_items SET state = $2, closed_by = $3, closed_at = $4, closed_why = $5,
                         taken_by = NULL, taken_at = NULL
                   WHERE id = $1 AND state = 'open'";
    on!(tx, update, |conn, sql| sqlx::query(sql)
        .bind(item)
        .bind(state)
        .bind(by)
        .bind(now)
        .bind(why)
        .execute(conn)
        .await
        .map(|done| done.rows_affected() == 1))
}

/// What waits for an answer on one phone waits for it on another.
pub async fn hand_over(tx: &mut Tx, from: Uuid, to: Uuid) -> StoreResult<()> {
    let update = "UPDATE help_items SET subscriber_id = $2 WHERE subscriber_id = $1 AND state = 'open'";
    on!(tx, update, |conn, sql| sqlx::query(sql).bind(from).bind(to).execute(conn).await.map(|_| ()))
}

/// How many items are open, by urgency.
pub async fn waiting(tx: &mut Tx) -> StoreResult<Vec<(i16, i64)>> {
    let select =
        "SELECT urgency, COUNT(*) FROM help_items WHERE state = 'open' GROUP BY urgency ORDER BY urgency";
    on!(tx, select, |conn, sql| sqlx::query_as(sql).fetch_all(conn).await)
}
