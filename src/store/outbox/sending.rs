//! Texts on their way: leased, begun, settled. A result counts only under the lease it was begun with.

use chrono::{DateTime, Utc};
use sqlx::{FromRow, QueryBuilder};
use uuid::Uuid;

use crate::domain::delivery::State;
use crate::store::{Sql, StoreResult, Tx, on};

/// A text in a dispatcher's hands.
#[derive(Clone, FromRow)]
pub struct Leased {
    /// Its id.
    pub id: Uuid,
    /// For whom.
    pub subscriber_id: Uuid,
    /// For which enrollment.
    pub enrollment_id: Option<Uuid>,
    /// To which number.
    pub phone: String,
    /// The hash of its shared words.
    pub wording: Option<Vec<u8>>,
    /// Its own words.
    pub body: Option<String>,
    /// How they travel.
    pub encoding: String,
    /// How many SMS they take.
    pub segments: i32,
    /// Too late from here on.
    pub not_after: DateTime<Utc>,
    /// The end of the window it was placed in.
    pub window_closes_at: Option<DateTime<Utc>>,
    /// Attempts so far.
    pub tries: i16,
}

const LEASE: Sql = Sql::pair(
    "UPDATE outbox SET state = 1, lease = $1, next_try_at = $2
      WHERE id IN (SELECT id FROM outbox
                    WHERE sender = $3 AND lane = $4 AND state = 0 AND next_try_at <= $5
                    ORDER BY next_try_at LIMIT $6)
  RETURNING id, subscriber_id, enrollment_id, phone, wording, body, encoding, segments, not_after,
            window_closes_at, tries",
    "UPDATE outbox SET state = 1, lease = $1, next_try_at = $2
      WHERE id IN (SELECT id FROM outbox
                    WHERE sender = $3 AND lane = $4 AND state = 0 AND next_try_at <= $5
                    ORDER BY next_try_at LIMIT $6 FOR UPDATE SKIP LOCKED)
  RETURNING id, subscriber_id, enrollment_id, phone, wording, body, encoding, segments, not_after,
            window_closes_at, tries",
);

/// A dispatcher's claim: its token, and until when it holds.
#[derive(Clone, Copy, Debug)]
pub struct Lease {
    /// A result counts only under the same token.
    pub token: Uuid,
    /// When it runs out.
    pub until: DateTime<Utc>,
}

/// Takes texts of one lane that are due.
pub async fn lease(
    tx: &mut Tx,
    lease: Lease,
    sender: &str,
    lane: i16,
    now: DateTime<Utc>,
    limit: i64,
) -> StoreResult<Vec<Leased>> {
    on!(tx, LEASE, |conn, sql| sqlx::query_as(sql)
        .bind(lease.token)
        .bind(lease.until)
        .bind(sender)
        .bind(lane)
        .bind(now)
        .bind(limit)
        .fetch_all(conn)
        .await)
}

/// Gives leased texts back, each to be tried at its time.
pub async fn give_back(tx: &mut Tx, token: Uuid, texts: &[(Uuid, DateTime<Utc>)]) -> StoreResult<()> {
    if texts.is_empty() {
        return Ok(());
    }
    on!(tx, "WITH v (id, at) AS (", |conn, sql| {
        let mut query = QueryBuilder::new(sql);
        query.push_values(texts, |mut row, (id, at)| {
            row.push_bind(*id).push_bind(*at);
        });
        query.push(
            ") UPDATE outbox SET state = 0, lease = NULL, next_try_at = v.at
                 FROM v WHERE outbox.id = v.id AND outbox.state = 1 AND outbox.lease = ",
        );
        query.push_bind(token);
        query.build().persistent(false).execute(conn).await.map(|_| ())
    })
}

/// Begins the send of leased texts: the last check that she has not stopped and that it is not too late.
/// Gives those that may go, with the number of their attempt.
pub async fn begin(
    tx: &mut Tx,
    lease: Lease,
    texts: &[Uuid],
    now: DateTime<Utc>,
) -> StoreResult<Vec<(Uuid, i16)>> {
    if texts.is_empty() {
        return Ok(Vec::new());
    }
    on!(tx, "UPDATE outbox SET state = 2, tries = tries + 1, next_try_at = ", |conn, sql| {
        let mut query = QueryBuilder::new(sql);
        query.push_bind(lease.until);
        query.push(" WHERE state = 1 AND lease = ").push_bind(lease.token);
        query.push(" AND not_after > ").push_bind(now);
        query.push(" AND (window_closes_at IS NULL OR window_closes_at > ").push_bind(now).push(")");
        query.push(
            " AND EXISTS (SELECT 1 FROM subscribers s
                           WHERE s.id = outbox.subscriber_id
                             AND (s.stopped_at IS NULL
                                  OR (outbox.inbox_id IS NOT NULL AND outbox.queued_at >= s.stopped_at)))
              AND id IN (",
        );
        let mut ids = query.separated(", ");
        for id in texts {
            ids.push_bind(*id);
        }
        query.push(") RETURNING id, tries");
        query.build_query_as().persistent(false).fetch_all(conn).await
    })
}

/// Ends those of these leased texts that were not begun: the ones too late expire, the others are canceled
/// because she has stopped.
pub async fn settle_unbegun(tx: &mut Tx, token: Uuid, texts: &[Uuid], now: DateTime<Utc>) -> StoreResult<()> {
    if texts.is_empty() {
        return Ok(());
    }
    // One whose window closed while it waited for its turn goes back, to be placed in the next window.
    on!(tx, "UPDATE outbox SET state = 0, lease = NULL, next_try_at = ", |conn, sql| {
        let mut query = QueryBuilder::new(sql);
        query.push_bind(now).push(" WHERE state = 1 AND lease = ").push_bind(token);
        query.push(" AND window_closes_at <= ").push_bind(now).push(" AND not_after > ").push_bind(now);
        query.push(" AND id IN (");
        let mut ids = query.separated(", ");
        for id in texts {
            ids.push_bind(*id);
        }
        query.push(")");
        query.build().persistent(false).execute(conn).await.map(|_| ())
    })?;
    on!(tx, "UPDATE outbox SET state = CASE WHEN not_after <= ", |conn, sql| {
        let mut query = QueryBuilder::new(sql);
        query.push_bind(now);
        query.push(" THEN 8 ELSE 9 END, reason = CASE WHEN not_after <= ").push_bind(now);
        query.push(" THEN 'its time had passed before it could be sent' ELSE 'she had stopped' END,");
        query.push(" lease = NULL, ended_at = ").push_bind(now);
        query.push(" WHERE state = 1 AND lease = ").push_bind(token).push(" AND id IN (");
        let mut ids = query.separated(", ");
        for id in texts {
            ids.push_bind(*id);
        }
        query.push(")");
        query.build().persistent(false).execute(conn).await.map(|_| ())
    })
}

/// Ends leased texts that may not be sent to their number at all.
pub async fn refuse(
    tx: &mut Tx,
    token: Uuid,
    texts: &[Uuid],
    reason: &str,
    now: DateTime<Utc>,
) -> StoreResult<()> {
    for text in texts {
        let update =
            "UPDATE outbox SET state = 7, lease = NULL, ended_at = $3, code = 'not_allowed', reason = $4
                       WHERE id = $1 AND lease = $2 AND state = 1";
        on!(tx, update, |conn, sql| sqlx::query(sql)
            .bind(*text)
            .bind(token)
            .bind(now)
            .bind(reason)
            .execute(conn)
            .await
            .map(|_| ()))?;
    }
    Ok(())
}

/// What a send has come to.
#[derive(Clone, Debug)]
pub struct Settled {
    /// The text.
    pub id: Uuid,
    /// Its state now.
    pub state: State,
    /// When to try again, or when doubt is looked at; otherwise when it ended.
    pub at: DateTime<Utc>,
    /// The provider's code.
    pub code: Option<String>,
    /// As a plain sentence.
    pub reason: Option<String>,
}

/// Records what sends came to. One whose lease was lost, or of which a report already told more, stays.
pub async fn settle(tx: &mut Tx, token: Uuid, results: &[Settled]) -> StoreResult<()> {
    if results.is_empty() {
        return Ok(());
    }
    on!(tx, "WITH v (id, state, at, code, reason) AS (", |conn, sql| {
        let mut query = QueryBuilder::new(sql);
        query.push_values(results, |mut row, result| {
            row.push_bind(result.id)
                .push_bind(result.state.code())
                .push_bind(result.at)
                .push_bind(&result.code)
                .push_bind(&result.reason);
        });
        query.push(
            ") UPDATE outbox SET state = v.state, next_try_at = v.at, ended_at = v.at, code = v.code,
                                 reason = v.reason, lease = NULL
                 FROM v WHERE outbox.id = v.id AND outbox.state = 2 AND outbox.lease = ",
        );
        query.push_bind(token);
        query.build().persistent(false).execute(conn).await.map(|_| ())
    })
}

/// The program of an unasked text and her zone: what its window depends on.
pub async fn window_of(tx: &mut Tx, text: Uuid) -> StoreResult<Option<(Option<String>, Option<String>)>> {
    let select = "SELECT o.program, s.zone FROM outbox o JOIN subscribers s ON s.id = o.subscriber_id
                   WHERE o.id = $1";
    on!(tx, select, |conn, sql| sqlx::query_as(sql).bind(text).fetch_optional(conn).await)
}

/// Gives a leased text back, placed in another window.
pub async fn place(
    tx: &mut Tx,
    token: Uuid,
    text: Uuid,
    at: DateTime<Utc>,
    closes: DateTime<Utc>,
) -> StoreResult<()> {
    let update = "UPDATE outbox SET state = 0, lease = NULL, next_try_at = $3, window_closes_at = $4
                   WHERE id = $1 AND lease = $2 AND state = 1";
    on!(tx, update, |conn, sql| sqlx::query(sql)
        .bind(text)
        .bind(token)
        .bind(at)
        .bind(closes)
        .execute(conn)
        .await
        .map(|_| ()))
}
