//! Texts in doubt: how they come into it when a dispatcher dies, and how they are found.

use chrono::{DateTime, Utc};
use sqlx::FromRow;
use uuid::Uuid;

use crate::store::{StoreResult, Tx, on};

/// A try whose dispatcher died.
#[derive(Clone, Debug, FromRow)]
pub struct Orphan {
    /// The text.
    pub id: Uuid,
    /// Which try.
    pub tries: i16,
    /// By which gateway.
    pub gateway: String,
    /// When it began.
    pub began_at: DateTime<Utc>,
}

/// Brings into doubt what dispatchers began by `by` and never recorded, to be looked at at `look_at`.
pub async fn orphans(tx: &mut Tx, by: DateTime<Utc>, look_at: DateTime<Utc>) -> StoreResult<Vec<Orphan>> {
    let doubt = "UPDATE outbox SET state = 3, next_try_at = $2, code = 'crash',
                                   reason = 'the service stopped while it was being sent'
                  WHERE state = 2 AND began_at <= $1 RETURNING id, tries, gateway, began_at";
    on!(tx, doubt, |conn, sql| sqlx::query_as(sql).bind(by).bind(look_at).fetch_all(conn).await)
}

/// A text in doubt, with its last try.
#[derive(Clone, FromRow)]
pub struct Doubtful {
    /// The text.
    pub id: Uuid,
    /// For whom.
    pub subscriber_id: Uuid,
    /// What it is.
    pub kind: String,
    /// Its sender.
    pub sender: String,
    /// The gateway that may have carried it.
    pub gateway: String,
    /// To which number.
    pub phone: String,
    /// The hash of its shared words.
    pub wording: Option<Vec<u8>>,
    /// Its own words.
    pub body: Option<String>,
    /// Too late from here on.
    pub not_after: DateTime<Utc>,
    /// Which try is in doubt: the last.
    pub tries: i16,
    /// When it first began: one that is handed over again under its name begins anew.
    pub began_at: DateTime<Utc>,
    /// Since when it has been in doubt.
    pub doubtful_since: DateTime<Utc>,
}

/// The texts whose doubt is to be looked at now.
pub async fn doubtful(tx: &mut Tx, now: DateTime<Utc>, limit: i64) -> StoreResult<Vec<Doubtful>> {
    let select = "SELECT o.id, o.subscriber_id, o.kind, o.sender, o.gateway, o.phone, o.wording, o.body, o.not_after, o.tries,
                         CASE WHEN a.began_at < o.began_at THEN a.began_at ELSE o.began_at END AS began_at,
                         a.ended_at AS doubtful_since
                    FROM outbox o JOIN attempts a ON a.text_id = o.id AND a.number = o.tries
                   WHERE o.state = 3 AND o.next_try_at <= $1 ORDER BY o.next_try_at LIMIT $2";
    on!(tx, select, |conn, sql| sqlx::query_as(sql).bind(now).bind(limit).fetch_all(conn).await)
}

/// Whether the provider's name belongs to another text of this person that is no tip: the same answer given
/// twice looks the same in the provider's list.
pub async fn named_elsewhere(tx: &mut Tx, subscriber: Uuid, text: Uuid, name: &str) -> StoreResult<bool> {
    let select = "SELECT COUNT(*) FROM history
                   WHERE subscriber_id = $1 AND kind <> 'tip' AND provider_id = $3 AND id <> $2";
    let others: i64 = on!(tx, select, |conn, sql| sqlx::query_scalar(sql)
        .bind(subscriber)
        .bind(text)
        .bind(name)
        .fetch_one(conn)
        .await)?;
    Ok(others > 0)
}
