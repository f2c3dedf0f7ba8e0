//! Who did or saw what: rows are added, never changed.

use chrono::{DateTime, Utc};
use sqlx::{FromRow, QueryBuilder};
use uuid::Uuid;

use super::{Sql, StoreResult, Tx, chunks, on};

/// One thing that was done or seen.
#[derive(Clone, Debug, FromRow)]
pub struct Deed {
    /// Its id; these are in the order of time.
    pub id: Uuid,
    /// When.
    pub at: DateTime<Utc>,
    /// By whom: a person's name, or subscriber, provider, service.
    pub actor: String,
    /// What.
    pub action: String,
    /// To whom.
    pub subscriber_id: Option<Uuid>,
    /// What else there is to say: never a number, never a mother's words.
    pub detail: String,
    /// By which account of the console.
    pub account_id: Option<Uuid>,
    /// In which program.
    pub program: Option<String>,
}

/// Writes one down.
pub async fn add(tx: &mut Tx, deed: &Deed) -> StoreResult<()> {
    let insert = "INSERT INTO audit (id, at, actor, action, subscriber_id, detail, account_id, program)
                  VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    on!(tx, insert, |conn, sql| sqlx::query(sql)
        .bind(deed.id)
        .bind(deed.at)
        .bind(&deed.actor)
        .bind(&deed.action)
        .bind(deed.subscriber_id)
        .bind(&deed.detail)
        .bind(deed.account_id)
        .bind(&deed.program)
        .execute(conn)
        .await
        .map(|_| ()))
}

/// Writes many down.
pub async fn add_all(tx: &mut Tx, deeds: &[Deed]) -> StoreResult<()> {
    for part in chunks(deeds) {
        let insert = "INSERT INTO audit (id, at, actor, action, subscriber_id, detail, account_id, program) ";
        on!(tx, insert, |conn, sql| {
            let mut query = QueryBuilder::new(sql);
            query.push_values(part, |mut values, deed| {
                values
                    .push_bind(deed.id)
                    .push_bind(deed.at)
                    .push_bind(&deed.actor)
                    .push_bind(&deed.action)
                    .push_bind(deed.subscriber_id)
                    .push_bind(&deed.detail)
                    .push_bind(deed.account_id)
                    .push_bind(&deed.program);
            });
            query.build().persistent(false).execute(conn).await.map(|_| ())
        })?;
    }
    Ok(())
}

/// Which deeds are looked for.
#[derive(Clone, Debug, Default)]
pub struct Sought {
    /// By this account.
    pub account: Option<Uuid>,
    /// To this subscriber.
    pub subscriber: Option<Uuid>,
    /// Before this one.
    pub before: Option<Uuid>,
    /// Not after this id.
    pub until: Option<Uuid>,
    /// Not before this id.
    pub since: Option<Uuid>,
    /// What mothers and the service did by themselves as well.
    pub everybody: bool,
}

macro_rules! deeds {
    ($which:literal) => {
        concat!(
            "SELECT id, at, actor, action, subscriber_id, detail, account_id, program FROM audit WHERE ",
            $which,
            " AND id < $1 AND id >= $2 ORDER BY id DESC LIMIT $3"
        )
    };
}

/// The last deeds that fit, at most `limit`, the newest first.
pub async fn list(tx: &mut Tx, sought: &Sought, limit: i64) -> StoreResult<Vec<Deed>> {
    let before = match (sought.before, sought.until) {
        (Some(before), Some(until)) => before.min(until),
        (Some(one), None) | (None, Some(one)) => one,
        (None, None) => Uuid::max(),
    };
    let since = sought.since.unwrap_or(Uuid::nil());
    let select: Sql = match (sought.subscriber, sought.account) {
        (Some(_), Some(_)) => Sql::same(deeds!("subscriber_id = $4 AND account_id = $5")),
        (Some(_), None) => Sql::same(deeds!("subscriber_id = $4")),
        (None, Some(_)) => Sql::same(deeds!("account_id = $4")),
        (None, None) if sought.everybody => Sql::same(deeds!("id <> $4")),
        (None, None) => Sql::same(deeds!("account_id IS NOT NULL AND id <> $4")),
    };
    let (fourth, fifth) = match (sought.subscriber, sought.account) {
        (Some(subscriber), account) => (subscriber, account),
        (None, Some(account)) => (account, None),
        (None, None) => (Uuid::nil(), None),
    };
    on!(tx, select, |conn, sql| {
        let query = sqlx::query_as(sql).bind(before).bind(since).bind(limit).bind(fourth);
        match fifth {
            Some(account) => query.bind(account).fetch_all(conn).await,
            None => query.fetch_all(conn).await,
        }
    })
}
