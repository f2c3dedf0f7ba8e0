//! Tries that came to nothing: one row each. The try under way stands in the outbox, the one that ended a text
//! in the history.

use chrono::{DateTime, Utc};
use sqlx::QueryBuilder;
use uuid::Uuid;

use super::{StoreResult, Tx, chunks, on};

/// A try that did not end its text.
#[derive(Clone, Debug)]
pub struct Failed {
    /// The text.
    pub text: Uuid,
    /// Which try: 1 is the first.
    pub number: i16,
    /// By which gateway.
    pub gateway: String,
    /// When it began.
    pub began_at: DateTime<Utc>,
    /// refused_us, transient, ambiguous.
    pub outcome: &'static str,
    /// The provider's code.
    pub code: String,
    /// As a plain sentence.
    pub sentence: String,
}

const INSERT_POSTGRES: &str =
    "INSERT INTO attempts (text_id, number, gateway, began_at, ended_at, outcome, code, sentence)
     SELECT text_id, number, gateway, began_at, $8, outcome, code, sentence
       FROM unnest($1::uuid[], $2::int2[], $3::text[], $4::timestamptz[], $5::text[], $6::text[], $7::text[])
            AS r (text_id, number, gateway, began_at, outcome, code, sentence)
     ON CONFLICT DO NOTHING";

/// Writes tries down that have ended.
pub async fn insert(tx: &mut Tx, tries: &[Failed], now: DateTime<Utc>) -> StoreResult<()> {
    if tries.is_empty() {
        return Ok(());
    }
    match tx {
        Tx::Sqlite(tx) => {
            for part in chunks(tries) {
                let mut query = QueryBuilder::new(
                    "INSERT INTO attempts (text_id, number, gateway, began_at, ended_at, outcome, code, sentence) ",
                );
                query.push_values(part, |mut row, failed| {
                    row.push_bind(failed.text)
                        .push_bind(failed.number)
                        .push_bind(&failed.gateway)
                        .push_bind(failed.began_at)
                        .push_bind(now)
                        .push_bind(failed.outcome)
                        .push_bind(&failed.code)
                        .push_bind(&failed.sentence);
                });
                query.push(" ON CONFLICT DO NOTHING");
                query.build().execute(&mut **tx).await?;
            }
            Ok(())
        }
        Tx::Postgres(tx) => sqlx::query(INSERT_POSTGRES)
            .bind(tries.iter().map(|failed| failed.text).collect::<Vec<_>>())
            .bind(tries.iter().map(|failed| failed.number).collect::<Vec<_>>())
            .bind(tries.iter().map(|failed| failed.gateway.as_str()).collect::<Vec<_>>())
            .bind(tries.iter().map(|failed| failed.began_at).collect::<Vec<_>>())
            .bind(tries.iter().map(|failed| failed.outcome).collect::<Vec<_>>())
            .bind(tries.iter().map(|failed| failed.code.as_str()).collect::<Vec<_>>())
            .bind(tries.iter().map(|failed| failed.sentence.as_str()).collect::<Vec<_>>())
            .bind(now)
            .execute(&mut **tx)
            .await
            .map(|_| ()),
    }
}

/// How many tries of a text came into doubt.
pub async fn doubts(tx: &mut Tx, text: Uuid) -> StoreResult<i64> {
    let select = "SELECT COUNT(*) FROM attempts WHERE text_id = $1 AND outcome = 'ambiguous'";
    on!(tx, select, |conn, sql| sqlx::query_scalar(sql).bind(text).fetch_one(conn).await)
}

/// When a try of a text that came to nothing first began.
pub async fn began(tx: &mut Tx, text: Uuid, number: i16) -> StoreResult<Option<DateTime<Utc>>> {
    let select = "SELECT began_at FROM attempts WHERE text_id = $1 AND number = $2";
    on!(tx, select, |conn, sql| sqlx::query_scalar(sql).bind(text).bind(number).fetch_optional(conn).await)
}
