//! What gateways say of our texts: kept raw, merged into the text's state.

use std::borrow::Cow;

use chrono::{DateTime, Utc};
use sqlx::{FromRow, PgConnection, QueryBuilder, Sqlite};
use uuid::Uuid;

use super::outbox::End;
use super::{StoreResult, Tx, column, filled, on};
use crate::domain::delivery::State;

/// A report as received.
#[derive(Clone, Debug)]
pub struct Kept<'a> {
    /// Our id for it.
    pub id: Uuid,
    /// The gateway.
    pub gateway: &'a str,
    /// The try it is about; none: no text of ours, or one whose try is still open.
    pub attempt_id: Option<Uuid>,
    /// Our name for the send, as given back.
    pub reference: Option<Uuid>,
    /// The provider's name for it.
    pub provider_id: Option<&'a str>,
    /// The gateway's own word.
    pub status: &'a str,
    /// What we take it for; none: unknown to us.
    pub evidence: Option<&'a str>,
    /// The provider's code.
    pub code: Option<&'a str>,
    /// It says that she opted out at the provider.
    pub opted_out: bool,
    /// All of it, as received; without numbers of phones where it is about no text of ours.
    pub raw: Cow<'a, str>,
}

const KEEP_POSTGRES: &str =
    "WITH told AS (
         INSERT INTO reports (id, gateway, attempt_id, reference, provider_id, status, evidence, code, opted_out, raw,
                              received_at)
         SELECT *, $11 FROM unnest($1::uuid[], $2::text[], $3::uuid[], $4::uuid[], $5::text[], $6::text[], $7::text[],
                                   $8::text[], $9::bool[], $10::text[]))
     UPDATE history h SET state = r.state, code = r.code, reason = r.reason, ended_at = $11
       FROM unnest($12::uuid[], $13::int2[], $14::text[], $15::text[]) AS r (id, state, code, reason)
      WHERE h.id = r.id";

/// Keeps reports, and sets the states of texts that have ended to what their reports come to: at one go, so that the
/// database is asked once.
pub async fn keep(
    tx: &mut Tx,
    reports: &[Kept<'_>],
    texts: &[Advance],
    now: DateTime<Utc>,
) -> StoreResult<()> {
    if reports.is_empty() && texts.is_empty() {
        return Ok(());
    }
    match tx {
        Tx::Sqlite(tx) => {
            let mut both = QueryBuilder::new("");
            filled(reports).for_each(|part| insert_on_sqlite(&mut both, &part, now));
            filled(texts).for_each(|part| advance_on_sqlite(&mut both, &part, now));
            both.build().execute(&mut **tx).await.map(|_| ())
        }
        Tx::Postgres(tx) => keep_on_postgres(tx, reports, texts, now).await,
    }
}

fn insert_on_sqlite<'a>(query: &mut QueryBuilder<Sqlite>, part: &[Option<&Kept<'a>>], now: DateTime<Utc>) {
    query.push(
        "WITH v (id, gateway, attempt_id, reference, provider_id, status, evidence, code, opted_out, raw) AS (",
    );
    query.push_values(part, |mut row, report| {
        row.push_bind(report.map(|report| report.id))
            .push_bind(report.map(|report| report.gateway))
            .push_bind(report.and_then(|report| report.attempt_id))
            .push_bind(report.and_then(|report| report.reference))
            .push_bind(report.and_then(|report| report.provider_id))
            .push_bind(report.map(|report| report.status))
            .push_bind(report.and_then(|report| report.evidence))
            .push_bind(report.and_then(|report| report.code))
            .push_bind(report.map(|report| report.opted_out))
            .push_bind(report.map(|report| report.raw.as_ref()));
    });
    query.push(
        ") INSERT INTO reports (id, gateway, attempt_id, reference, provider_id, status, evidence, code, opted_out,
                                raw, received_at)
           SELECT *, ",
    );
    query.push_bind(now);
    query.push(" FROM v WHERE id IS NOT NULL; ");
}

async fn keep_on_postgres(
    connection: &mut PgConnection,
    reports: &[Kept<'_>],
    texts: &[Advance],
    now: DateTime<Utc>,
) -> StoreResult<()> {
    sqlx::query(KEEP_POSTGRES)
        .bind(column(reports, |report| report.id))
        .bind(column(reports, |report| report.gateway))
        .bind(column(reports, |report| report.attempt_id))
        .bind(column(reports, |report| report.reference))
        .bind(column(reports, |report| report.provider_id))
        .bind(column(reports, |report| report.status))
        .bind(column(reports, |report| report.evidence))
        .bind(column(reports, |report| report.code))
        .bind(column(reports, |report| report.opted_out))
        .bind(column(reports, |report| report.raw.as_ref()))
        .bind(now)
        .bind(column(texts, |text| text.id))
        .bind(column(texts, |text| text.state.code()))
        .bind(column(texts, |text| text.code.as_deref()))
        .bind(column(texts, |text| text.reason.as_deref()))
        .execute(connection)
        .await
        .map(|_| ())
}

/// The names that a parked report goes by.
#[derive(Clone, Debug, FromRow)]
pub struct Parked {
    /// The report.
    pub id: Uuid,
    /// Our name for the send.
    pub reference: Option<Uuid>,
    /// The provider's.
    pub provider_id: Option<String>,
}

/// A gateway's reports since a moment that found no text, or a text whose try was still open.
pub async fn parked(tx: &mut Tx, gateway: &str, since: DateTime<Utc>) -> StoreResult<Vec<Parked>> {
    let select = "SELECT id, reference, provider_id FROM reports
                   WHERE attempt_id IS NULL AND gateway = $1 AND received_at >= $2";
    on!(tx, select, |conn, sql| sqlx::query_as(sql).bind(gateway).bind(since).fetch_all(conn).await)
}

/// What a report said that was parked.
#[derive(Clone, Debug, FromRow)]
pub struct Early {
    /// The gateway.
    pub gateway: String,
    /// What we take it for; none: unknown to us.
    pub evidence: Option<String>,
    /// The provider's code.
    pub code: Option<String>,
    /// It says that she opted out at the provider.
    pub opted_out: bool,
    /// The provider's name for the send.
    pub provider_id: Option<String>,
}

/// Gives a parked report to the try it is about; the report, unless another has taken it meanwhile.
pub async fn adopt(tx: &mut Tx, report: Uuid, attempt: Uuid) -> StoreResult<Option<Early>> {
    let update = "UPDATE reports SET attempt_id = $2 WHERE id = $1 AND attempt_id IS NULL
               RETURNING gateway, evidence, code, opted_out, provider_id";
    on!(tx, update, |conn, sql| sqlx::query_as(sql).bind(report).bind(attempt).fetch_optional(conn).await)
}

/// The text that only its provider can name, with the number of its last try.
pub async fn by_provider(tx: &mut Tx, gateway: &str, name: &str) -> StoreResult<Option<(Uuid, i16)>> {
    let select = "SELECT id, tries FROM history WHERE provider_key = $2 AND gateway = $1";
    on!(tx, select, |conn, sql| sqlx::query_as(sql).bind(gateway).bind(name).fetch_optional(conn).await)
}

/// Writes down the provider's names for tries whose texts reports have ended already.
pub async fn name(tx: &mut Tx, gateway: &str, ends: &[End]) -> StoreResult<()> {
    for end in ends {
        let update = "UPDATE history SET provider_id = $4, gateway = $3
                       WHERE id = $1 AND tries = $2 AND provider_id IS NULL";
        on!(tx, update, |conn, sql| sqlx::query(sql)
            .bind(end.id)
            .bind(end.tries)
            .bind(gateway)
            .bind(&end.provider_id)
            .execute(conn)
            .await
            .map(|_| ()))?;
    }
    Ok(())
}

/// What reports come to for a text that has ended.
#[derive(Clone, Debug)]
pub struct Advance {
    /// The text.
    pub id: Uuid,
    /// Its state now.
    pub state: State,
    /// The provider's code for what went wrong.
    pub code: Option<String>,
    /// As a plain sentence.
    pub reason: Option<String>,
}

fn advance_on_sqlite(query: &mut QueryBuilder<Sqlite>, part: &[Option<&Advance>], now: DateTime<Utc>) {
    query.push("WITH v (id, state, code, reason) AS (");
    query.push_values(part, |mut row, text| {
        row.push_bind(text.map(|text| text.id))
            .push_bind(text.map(|text| text.state.code()))
            .push_bind(text.and_then(|text| text.code.as_deref()))
            .push_bind(text.and_then(|text| text.reason.as_deref()));
    });
    query.push(") UPDATE history SET state = v.state, code = v.code, reason = v.reason, ended_at = ");
    query.push_bind(now);
    query.push(" FROM v WHERE history.id = v.id; ");
}
