//! Where texts stand, in the outbox or in the history: what reports and lookups are merged into.

use std::collections::HashSet;

use sqlx::sqlite::SqliteArguments;
use sqlx::{Arguments, AssertSqlSafe};
use uuid::Uuid;

use super::{StoreError, StoreResult, Tx, filled};

/// The two places where a text can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Among {
    /// Those that have not ended.
    Outbox,
    /// Those that have.
    History,
}

/// Where a text stands.
#[derive(Clone, Debug)]
pub struct Standing {
    /// Its place.
    pub among: Among,
    /// The text.
    pub id: Uuid,
    /// For whom it is.
    pub subscriber_id: Uuid,
    /// Its state's code.
    pub state: i16,
    /// Tries so far.
    pub tries: i16,
    /// Why it came to nothing, if it did.
    pub code: Option<String>,
}

// Rows are locked in one order, so that two batches never wait for each other.
const STANDING_POSTGRES: [(Among, &str); 2] = [
    (
        Among::Outbox,
        "SELECT id, subscriber_id, state, tries, code FROM outbox WHERE id = ANY($1) ORDER BY id FOR UPDATE",
    ),
    (
        Among::History,
        "SELECT id, subscriber_id, state, tries, code FROM history WHERE id = ANY($1) ORDER BY id FOR UPDATE",
    ),
];

/// Where texts stand, locked until the transaction ends: in the outbox first, because a text moves only from there to
/// the history, so that none is missed between the two, and whoever locks rows in both locks them in this order.
pub async fn standing(tx: &mut Tx, mut texts: Vec<Uuid>) -> StoreResult<Vec<Standing>> {
    texts.sort_unstable();
    texts.dedup();
    let mut found = Vec::with_capacity(texts.len());
    match tx {
        Tx::Sqlite(tx) => {
            for part in filled(&texts) {
                let (sql, mut values) = (standing_on_sqlite(part.len()), SqliteArguments::default());
                for id in part {
                    values.add(id.copied()).map_err(StoreError::Encode)?;
                }
                let sql = AssertSqlSafe(sql);
                let rows: String = sqlx::query_scalar_with(sql, values).fetch_one(&mut **tx).await?;
                let rows: Vec<(u8, _, _, _, _, _)> =
                    serde_json::from_str(&rows).map_err(|error| StoreError::Decode(error.into()))?;
                let rows = rows.into_iter().map(|(ended, id, subscriber_id, state, tries, code)| {
                    let among = if ended == 0 { Among::Outbox } else { Among::History };
                    Standing { among, id, subscriber_id, state, tries, code }
                });
                found.extend(rows);
            }
        }
        Tx::Postgres(tx) => {
            for (among, sql) in STANDING_POSTGRES {
                if texts.is_empty() {
                    break;
                }
                let rows: Vec<(Uuid, Uuid, i16, i16, Option<String>)> =
                    sqlx::query_as(sql).bind(&texts).fetch_all(&mut **tx).await?;
                let rows = rows.into_iter().map(|(id, subscriber_id, state, tries, code)| Standing {
                    among,
                    id,
                    subscriber_id,
                    state,
                    tries,
                    code,
                });
                found.extend(rows);
                let known: HashSet<_> = found.iter().map(|standing| standing.id).collect();
                texts.retain(|text| !known.contains(text));
            }
        }
    }
    Ok(found)
}

/// All rows as one: SQLite's thread would wake whoever waits for them with each of many.
fn standing_on_sqlite(texts: usize) -> String {
    let list: Vec<_> = (1..=texts).map(|number| format!("?{number}")).collect();
    let list = list.join(", ");
    format!(
        "SELECT json_group_array(json_array(ended, hex(id), hex(subscriber_id), state, tries, code)) FROM (
             SELECT 0 AS ended, id, subscriber_id, state, tries, code FROM outbox WHERE id IN ({list})
             UNION ALL
             SELECT 1, id, subscriber_id, state, tries, code FROM history WHERE id IN ({list}))"
    )
}
