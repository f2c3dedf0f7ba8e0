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

/// A deed, and whether it belongs to the programs that are asked for: it was done in one of them, or in none and to a
/// mother who is enrolled in one.
#[derive(Clone, Debug, FromRow)]
pub struct Walked {
    /// The deed.
    #[sqlx(flatten)]
    pub deed: Deed,
    /// Whether it belongs to them.
    pub ours: bool,
}

macro_rules! walked {
    ($which:literal) => {
        Sql::pair(
            walked!("(SELECT value FROM json_each($4))", $which),
            walked!("(SELECT json_array_elements_text($4::json))", $which),
        )
    };
    ($programs:literal, $which:literal) => {
        concat!(
            "SELECT id, at, actor, action, subscriber_id, detail, account_id, program,
                    CASE WHEN program IS NOT NULL THEN program IN ",
            $programs,
            " ELSE EXISTS (SELECT 1 FROM enrollments e
                                  WHERE e.subscriber_id = audit.subscriber_id AND e.program IN ",
            $programs,
            ") END AS ours FROM audit WHERE ",
            $which,
            " AND id < $1 AND id >= $2 ORDER BY id DESC LIMIT $3"
        )
    };
}

impl Sought {
    /// The ids between which they lie.
    fn bounds(&self) -> (Uuid, Uuid) {
        let before = match (self.before, self.until) {
            (Some(before), Some(until)) => before.min(until),
            (Some(one), None) | (None, Some(one)) => one,
            (None, None) => Uuid::max(),
        };
        (before, self.since.unwrap_or(Uuid::nil()))
    }

    /// What is bound besides: whose deeds.
    fn whose(&self) -> (Uuid, Option<Uuid>) {
        match (self.subscriber, self.account) {
            (Some(subscriber), account) => (subscriber, account),
            (None, Some(account)) => (account, None),
            (None, None) => (Uuid::nil(), None),
        }
    }
}

/// The last deeds that fit, at most `limit`, the newest first.
pub async fn list(tx: &mut Tx, sought: &Sought, limit: i64) -> StoreResult<Vec<Deed>> {
    let (before, since) = sought.bounds();
    let select: Sql = match (sought.subscriber, sought.account) {
        (Some(_), Some(_)) => Sql::same(deeds!("subscriber_id = $4 AND account_id = $5")),
        (Some(_), None) => Sql::same(deeds!("subscriber_id = $4")),
        (None, Some(_)) => Sql::same(deeds!("account_id = $4")),
        (None, None) if sought.everybody => Sql::same(deeds!("id <> $4")),
        (None, None) => Sql::same(deeds!("account_id IS NOT NULL AND id <> $4")),
    };
    let (fourth, fifth) = sought.whose();
    on!(tx, select, |conn, sql| {
        let query = sqlx::query_as(sql).bind(before).bind(since).bind(limit).bind(fourth);
        match fifth {
            Some(account) => query.bind(account).fetch_all(conn).await,
            None => query.fetch_all(conn).await,
        }
    })
}

/// What changed what comes to a woman, all of it, the oldest first, however often somebody looked at her meanwhile:
/// `flows::explaining` reads what each deed changed.
pub async fn changes(tx: &mut Tx, subscriber: Uuid) -> StoreResult<Vec<Deed>> {
    let select = "SELECT id, at, actor, action, subscriber_id, detail, account_id, program FROM audit
                   WHERE subscriber_id = $1
                     AND action IN ('enroll', 'stop', 'provider_opt_out', 'unreachable', 'retime', 'birth', 'freeze',
                                    'unfreeze', 'support', 'terms', 'role', 'discreet', 'language', 'place', 'move')
                   ORDER BY id";
    on!(tx, select, |conn, sql| sqlx::query_as(sql).bind(subscriber).fetch_all(conn).await)
}

/// Each text that somebody sent to a woman, the oldest first.
pub async fn sent(tx: &mut Tx, subscriber: Uuid) -> StoreResult<Vec<Deed>> {
    let select = "SELECT id, at, actor, action, subscriber_id, detail, account_id, program FROM audit
                   WHERE subscriber_id = $1 AND action IN ('send text', 'resend') ORDER BY id";
    on!(tx, select, |conn, sql| sqlx::query_as(sql).bind(subscriber).fetch_all(conn).await)
}

/// The same, each with whether it belongs to these programs: those that do not are passed over by who asks, and tell how
/// far it was walked.
pub async fn walk(tx: &mut Tx, sought: &Sought, programs: &[String], limit: i64) -> StoreResult<Vec<Walked>> {
    let (before, since) = sought.bounds();
    let select: Sql = match (sought.subscriber, sought.account) {
        (Some(_), Some(_)) => walked!("subscriber_id = $5 AND account_id = $6"),
        (Some(_), None) => walked!("subscriber_id = $5"),
        (None, Some(_)) => walked!("account_id = $5"),
        (None, None) if sought.everybody => walked!("id <> $5"),
        (None, None) => walked!("account_id IS NOT NULL AND id <> $5"),
    };
    let programs = serde_json::to_string(programs).unwrap_or_default();
    let (fifth, sixth) = sought.whose();
    on!(tx, select, |conn, sql| {
        let query = sqlx::query_as(sql).bind(before).bind(since).bind(limit).bind(&programs).bind(fifth);
        match sixth {
            Some(account) => query.bind(account).fetch_all(conn).await,
            None => query.fetch_all(conn).await,
        }
    })
}
