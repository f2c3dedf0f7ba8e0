//! The items of the programs that somebody may answer in, page by page. Who may answer in every one is narrowed to none:
//! a program that has left the library still has mothers who write.

use chrono::{DateTime, Utc};
use sqlx::FromRow;
use uuid::Uuid;

use super::{Listed, on};
use crate::store::{Sql, StoreResult, Tx};

/// An item in somebody's list.
#[derive(Clone, Debug, FromRow)]
pub struct Waiting {
    /// The item, with the words that tell most of it.
    #[sqlx(flatten)]
    pub listed: Listed,
    /// Who is at it.
    pub taken_name: Option<String>,
    /// To whom it was handed on.
    pub handed_name: Option<String>,
}

/// Where a page of open items begins: after this one.
pub type Place = (i16, DateTime<Utc>, Uuid);

/// What stands before every open item.
pub const FIRST: Place = (i16::MIN, DateTime::<Utc>::UNIX_EPOCH, Uuid::nil());

macro_rules! waiting {
    ($programs:literal, $which:literal) => {
        concat!(
            "SELECT i.id, i.subscriber_id, i.sender, i.program, i.language, i.stage, i.urgency, i.sign, i.state,
                    i.opened_at, i.last_at, i.closed_at, i.closed_by, i.closed_why, i.taken_by, i.taken_at, i.handed_to,
                    s.phone,
                    (SELECT a.name FROM accounts a WHERE a.id = i.taken_by) AS taken_name,
                    (SELECT a.name FROM accounts a WHERE a.id = i.handed_to) AS handed_name,
                    COALESCE(
                      (SELECT t.body FROM help_texts t WHERE t.item_id = i.id AND t.from_her AND t.sign = i.sign
                        ORDER BY t.at DESC, t.id DESC LIMIT 1),
                      (SELECT t.body FROM help_texts t WHERE t.item_id = i.id AND t.from_her
                        ORDER BY t.at DESC, t.id DESC LIMIT 1)) AS words,
                    (SELECT COUNT(*) FROM help_texts t WHERE t.item_id = i.id AND t.from_her) AS texts
               FROM help_items i LEFT JOIN subscribers s ON s.id = i.subscriber_id
              WHERE ",
            $programs,
            $which
        )
    };
}

/// The programs are bound as a JSON list: one statement for any number of them; null: every one.
macro_rules! of_programs {
    ($words:ident, $which:literal) => {
        Sql::pair(
            $words!("($1 IS NULL OR i.program IN (SELECT value FROM json_each($1))) AND ", $which),
            $words!(
                "($1::json IS NULL OR i.program = ANY (ARRAY(SELECT json_array_elements_text($1::json)))) AND ",
                $which
            ),
        )
    };
}

const OPEN: Sql = of_programs!(
    waiting,
    "i.state = 'open' AND (i.urgency, i.opened_at, i.id) > ($2, $3, $4)
     ORDER BY i.urgency, i.opened_at, i.id LIMIT $5"
);
const MINE: Sql = of_programs!(
    waiting,
    "i.state = 'open' AND (i.urgency, i.opened_at, i.id) > ($2, $3, $4) AND (i.taken_by = $6 OR i.handed_to = $6)
     ORDER BY i.urgency, i.opened_at, i.id LIMIT $5"
);
const ENDED: Sql = of_programs!(
    waiting,
    "i.state = $2 AND (i.closed_at, i.id) < ($3, $4) ORDER BY i.closed_at DESC, i.id DESC LIMIT $5"
);

fn json(programs: Option<&[String]>) -> Option<String> {
    programs.map(|programs| serde_json::to_string(programs).unwrap_or_default())
}

/// The open items after one, the most urgent first, then those that wait longest; `mine`: only those that an account is
/// at, or that were handed to it.
pub async fn open(
    tx: &mut Tx,
    programs: Option<&[String]>,
    mine: Option<Uuid>,
    (urgency, opened_at, id): Place,
    limit: i64,
) -> StoreResult<Vec<Waiting>> {
    let programs = json(programs);
    on!(tx, if mine.is_some() { MINE } else { OPEN }, |conn, sql| {
        let query = sqlx::query_as(sql).bind(programs).bind(urgency).bind(opened_at).bind(id).bind(limit);
        match mine {
            Some(account) => query.bind(account).fetch_all(conn).await,
            None => query.fetch_all(conn).await,
        }
    })
}

/// Items that were answered or closed before one, the last ones first.
pub async fn ended(
    tx: &mut Tx,
    programs: Option<&[String]>,
    state: &str,
    (closed_at, id): (DateTime<Utc>, Uuid),
    limit: i64,
) -> StoreResult<Vec<Waiting>> {
    let programs = json(programs);
    on!(tx, ENDED, |conn, sql| sqlx::query_as(sql)
        .bind(programs)
        .bind(state)
        .bind(closed_at)
        .bind(id)
        .bind(limit)
        .fetch_all(conn)
        .await)
}

macro_rules! counted {
    ($programs:literal, $which:literal) => {
        concat!("SELECT urgency, COUNT(*) FROM help_items i WHERE ", $programs, $which)
    };
}

const COUNT: Sql = of_programs!(counted, "i.state = 'open' GROUP BY urgency ORDER BY urgency");

/// How many items of these programs, or of every one, are open, by urgency.
pub async fn count(tx: &mut Tx, programs: Option<&[String]>) -> StoreResult<Vec<(i16, i64)>> {
    let programs = json(programs);
    on!(tx, COUNT, |conn, sql| sqlx::query_as(sql).bind(programs).fetch_all(conn).await)
}
