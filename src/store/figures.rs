//! How tips did: texts looked at once they are settled, and what they add up to.

use chrono::{DateTime, Utc};
use sqlx::FromRow;
use uuid::Uuid;

use super::{StoreResult, Tx, on};

/// A tip's text that has ended.
#[derive(Clone, Debug, FromRow)]
pub struct Ended {
    /// The text.
    pub id: Uuid,
    /// In which program.
    pub program: Option<String>,
    /// Which tip.
    pub tip: Option<String>,
    /// In the words of which edition.
    pub edition: Option<i64>,
    /// In which language.
    pub language: String,
    /// How many SMS.
    pub segments: i32,
    /// How it ended.
    pub state: i16,
    /// When its last try began.
    pub began_at: Option<DateTime<Utc>>,
    /// When she wrote next.
    pub replied_at: Option<DateTime<Utc>>,
    /// When she stopped next.
    pub stopped_at: Option<DateTime<Utc>>,
}

/// Tips' texts between two ids, in order, so many at most.
pub async fn ended(tx: &mut Tx, after: Uuid, before: Uuid, most: i64) -> StoreResult<Vec<Ended>> {
    let select = "SELECT h.id, h.program, h.tip, h.edition, h.language, h.segments, h.state, h.began_at,
                         (SELECT MIN(i.received_at) FROM inbox i
                           WHERE i.phone = h.phone AND i.received_at >= h.began_at) AS replied_at,
                         (SELECT MIN(c.at) FROM consents c
                           WHERE c.subscriber_id = h.subscriber_id AND c.at >= h.began_at
                             AND c.action = 'opt_out') AS stopped_at
                    FROM history h
                   WHERE h.id > $1 AND h.id < $2 AND h.kind = 'tip'
                   ORDER BY h.id LIMIT $3";
    on!(tx, select, |conn, sql| sqlx::query_as(sql).bind(after).bind(before).bind(most).fetch_all(conn).await)
}

/// What texts of a tip add up to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, FromRow)]
pub struct Figures {
    /// A gateway took them.
    pub sent: i64,
    /// Of these, proved to have arrived.
    pub delivered: i64,
    /// Of these, she wrote within a day.
    pub replied: i64,
    /// Of these, she stopped within a day.
    pub ended: i64,
    /// The SMS they took.
    pub segments: i64,
}

/// Of what figures are: program, tip, edition, language.
pub type Of = (String, String, i64, String);

/// Adds figures to those that stand there.
pub async fn add(tx: &mut Tx, of: &Of, figures: &Figures) -> StoreResult<()> {
    let upsert = "INSERT INTO tip_figures (program, tip, edition, language, sent, delivered, replied, ended, segments)
                  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
                  ON CONFLICT (program, tip, edition, language) DO UPDATE SET
                      sent = tip_figures.sent + excluded.sent, delivered = tip_figures.delivered + excluded.delivered,
                      replied = tip_figures.replied + excluded.replied, ended = tip_figures.ended + excluded.ended,
                      segments = tip_figures.segments + excluded.segments";
    on!(tx, upsert, |conn, sql| sqlx::query(sql)
        .bind(&of.0)
        .bind(&of.1)
        .bind(of.2)
        .bind(&of.3)
        .bind(figures.sent)
        .bind(figures.delivered)
        .bind(figures.replied)
        .bind(figures.ended)
        .bind(figures.segments)
        .execute(conn)
        .await
        .map(|_| ()))
}

/// A tip's figures in an edition's words.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct OfEdition {
    /// Which edition; 0: it is not known.
    pub edition: i64,
    /// What they add up to.
    #[sqlx(flatten)]
    pub figures: Figures,
}

/// A tip's figures by edition, the newest first.
pub async fn by_edition(tx: &mut Tx, program: &str, tip: &str) -> StoreResult<Vec<OfEdition>> {
    let select =
        "SELECT edition, CAST(SUM(sent) AS BIGINT) AS sent, CAST(SUM(delivered) AS BIGINT) AS delivered,
                         CAST(SUM(replied) AS BIGINT) AS replied, CAST(SUM(ended) AS BIGINT) AS ended,
                         CAST(SUM(segments) AS BIGINT) AS segments
                    FROM tip_figures WHERE program = $1 AND tip = $2 GROUP BY edition ORDER BY edition DESC";
    on!(tx, select, |conn, sql| sqlx::query_as(sql).bind(program).bind(tip).fetch_all(conn).await)
}

/// A tip with all its figures.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct OfTip {
    /// The tip.
    pub tip: String,
    /// What they add up to.
    #[sqlx(flatten)]
    pub figures: Figures,
}

/// The figures of a program's tips.
pub async fn by_tip(tx: &mut Tx, program: &str) -> StoreResult<Vec<OfTip>> {
    let select = "SELECT tip, CAST(SUM(sent) AS BIGINT) AS sent, CAST(SUM(delivered) AS BIGINT) AS delivered,
                         CAST(SUM(replied) AS BIGINT) AS replied, CAST(SUM(ended) AS BIGINT) AS ended,
                         CAST(SUM(segments) AS BIGINT) AS segments
                    FROM tip_figures WHERE program = $1 GROUP BY tip";
    on!(tx, select, |conn, sql| sqlx::query_as(sql).bind(program).fetch_all(conn).await)
}
