//! What gateways say of our texts: kept raw, merged into the text's state.

use chrono::{DateTime, Utc};
use sqlx::FromRow;
use uuid::Uuid;

use super::{Sql, StoreResult, Tx, on};

/// A report as received.
#[derive(Clone, Debug, FromRow)]
pub struct Kept {
    /// Our id for it.
    pub id: Uuid,
    /// The gateway.
    pub gateway: String,
    /// The try it is about, if it could be matched.
    pub attempt_id: Option<Uuid>,
    /// Our name for the send, as given back.
    pub reference: Option<Uuid>,
    /// The provider's name for it.
    pub provider_id: Option<String>,
    /// The gateway's own word.
    pub status: String,
    /// What we take it for; none: unknown to us.
    pub evidence: Option<String>,
    /// The provider's code.
    pub code: Option<String>,
    /// It says that she opted out at the provider.
    pub opted_out: bool,
    /// All of it, as received.
    pub raw: String,
    /// When.
    pub received_at: DateTime<Utc>,
}

/// Keeps a report.
pub async fn insert(tx: &mut Tx, report: &Kept) -> StoreResult<()> {
    let insert =
        "INSERT INTO reports (id, gateway, attempt_id, reference, provider_id, status, evidence, code,
                                       opted_out, raw, received_at)
                  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
    on!(tx, insert, |conn, sql| sqlx::query(sql)
        .bind(report.id)
        .bind(&report.gateway)
        .bind(report.attempt_id)
        .bind(report.reference)
        .bind(&report.provider_id)
        .bind(&report.status)
        .bind(&report.evidence)
        .bind(&report.code)
        .bind(report.opted_out)
        .bind(&report.raw)
        .bind(report.received_at)
        .execute(conn)
        .await
        .map(|_| ()))
}

/// Takes the reports that came before their text's own answer, and gives them to the try they belong to.
pub async fn adopt(tx: &mut Tx, gateway: &str, provider_id: &str, attempt: Uuid) -> StoreResult<Vec<Kept>> {
    let update = "UPDATE reports SET attempt_id = $3
                   WHERE gateway = $1 AND provider_id = $2 AND attempt_id IS NULL
               RETURNING id, gateway, attempt_id, reference, provider_id, status, evidence, code, opted_out,
                         raw, received_at";
    on!(tx, update, |conn, sql| sqlx::query_as(sql)
        .bind(gateway)
        .bind(provider_id)
        .bind(attempt)
        .fetch_all(conn)
        .await)
}

/// Where a text stands.
#[derive(Clone, Copy, Debug, FromRow)]
pub struct Standing {
    /// For whom it is.
    pub subscriber_id: Uuid,
    /// Its state's code.
    pub state: i16,
    /// Tries so far.
    pub tries: i16,
}

const STANDING: Sql = Sql::pair(
    "SELECT subscriber_id, state, tries FROM outbox WHERE id = $1",
    "SELECT subscriber_id, state, tries FROM outbox WHERE id = $1 FOR UPDATE",
);

/// Where a text stands, locked until the transaction ends.
pub async fn standing(tx: &mut Tx, text: Uuid) -> StoreResult<Option<Standing>> {
    on!(tx, STANDING, |conn, sql| sqlx::query_as(sql).bind(text).fetch_optional(conn).await)
}

/// Sets a text's state to what its reports come to.
pub async fn advance(
    tx: &mut Tx,
    text: Uuid,
    state: i16,
    code: Option<&str>,
    reason: Option<&str>,
    now: DateTime<Utc>,
) -> StoreResult<()> {
    let update =
        "UPDATE outbox SET state = $2, code = $3, reason = $4, ended_at = $5, lease = NULL WHERE id = $1";
    on!(tx, update, |conn, sql| sqlx::query(sql)
        .bind(text)
        .bind(state)
        .bind(code)
        .bind(reason)
        .bind(now)
        .execute(conn)
        .await
        .map(|_| ()))
}
