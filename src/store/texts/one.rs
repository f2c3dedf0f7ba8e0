//! One text with all that happened to it: its tries, and what the gateways reported of it.

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::FromRow;
use uuid::Uuid;

use crate::ids::{first_at, try_name};
use crate::store::{StoreResult, Tx, on};

/// A text.
#[derive(Clone, Debug, FromRow)]
pub struct Text {
    /// It.
    pub id: Uuid,
    /// For whom.
    pub subscriber_id: Uuid,
    /// The text it answers.
    pub inbox_id: Option<Uuid>,
    /// By which sender.
    pub sender: String,
    /// To which number.
    pub phone: String,
    /// What it is.
    pub kind: String,
    /// In which language.
    pub language: String,
    /// Its words, if they are shared: nothing in them is hers.
    pub shared: Option<String>,
    /// Its words, if they are hers alone.
    pub body: Option<String>,
    /// How it travels.
    pub encoding: String,
    /// How many SMS it takes.
    pub segments: i32,
    /// Of which program.
    pub program: Option<String>,
    /// From which edition.
    pub edition: Option<i64>,
    /// The tip it carries.
    pub tip: Option<String>,
    /// Where that stands.
    pub track: Option<String>,
    /// In which week.
    pub week: Option<i32>,
    /// When it was queued.
    pub queued_at: DateTime<Utc>,
    /// Too late to be right from here on.
    pub not_after: DateTime<Utc>,
    /// When it is tried next; none: it has ended.
    pub next_try_at: Option<DateTime<Utc>>,
    /// Its state.
    pub state: i16,
    /// How often it was tried.
    pub tries: i16,
    /// By which gateway it was tried last.
    pub gateway: Option<String>,
    /// When the last try began.
    pub began_at: Option<DateTime<Utc>>,
    /// When the last thing known of it became known; none: it has not ended.
    pub ended_at: Option<DateTime<Utc>>,
    /// The provider's code.
    pub code: Option<String>,
    /// As a plain sentence.
    pub reason: Option<String>,
    /// The provider's name for it.
    pub provider_id: Option<String>,
}

macro_rules! text {
    ($own:literal, $from:literal) => {
        concat!(
            "SELECT t.id, t.subscriber_id, t.inbox_id, t.sender, t.phone, t.kind, t.language, w.body AS shared, t.body,
                    t.encoding, t.segments, t.program, t.edition, t.tip, t.track, t.week, t.queued_at, t.not_after,
                    t.state, t.tries, t.gateway, t.began_at, t.code, t.reason, ",
            $own,
            " FROM ",
            $from,
            " t LEFT JOIN wordings w ON w.hash = t.wording WHERE t.id = $1"
        )
    };
}

/// A text, wherever it is.
pub async fn find(tx: &mut Tx, id: Uuid) -> StoreResult<Option<Text>> {
    let select = text!("t.next_try_at, NULL AS ended_at, NULL AS provider_id", "outbox");
    let waits = on!(tx, select, |conn, sql| sqlx::query_as(sql).bind(id).fetch_optional(conn).await)?;
    if waits.is_some() {
        return Ok(waits);
    }
    let select = text!("NULL AS next_try_at, t.ended_at, t.provider_id", "history");
    on!(tx, select, |conn, sql| sqlx::query_as(sql).bind(id).fetch_optional(conn).await)
}

/// A try that came to nothing.
#[derive(Clone, Debug, FromRow)]
pub struct Try {
    /// Which: 1 is the first.
    pub number: i16,
    /// By which gateway.
    pub gateway: String,
    /// When it began.
    pub began_at: DateTime<Utc>,
    /// When it ended.
    pub ended_at: DateTime<Utc>,
    /// refused_us, transient, ambiguous.
    pub outcome: String,
    /// The provider's code.
    pub code: Option<String>,
    /// As a plain sentence.
    pub sentence: Option<String>,
}

/// The tries of a text that came to nothing, in their order; the last ones of very many.
pub async fn tries(tx: &mut Tx, id: Uuid) -> StoreResult<Vec<Try>> {
    let select = "SELECT number, gateway, began_at, ended_at, outcome, code, sentence FROM attempts
                   WHERE text_id = $1 ORDER BY number DESC LIMIT 200";
    let mut tries: Vec<Try> =
        on!(tx, select, |conn, sql| sqlx::query_as(sql).bind(id).fetch_all(conn).await)?;
    tries.reverse();
    Ok(tries)
}

/// A report.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Reported {
    /// Our id for it.
    pub id: Uuid,
    /// Of which try.
    pub attempt_id: Uuid,
    /// The gateway.
    pub gateway: String,
    /// The gateway's own word.
    pub status: String,
    /// What we take it for; none: unknown to us.
    pub evidence: Option<String>,
    /// The provider's code.
    pub code: Option<String>,
    /// It says that she told her provider to stop.
    pub opted_out: bool,
    /// All of it, as received.
    pub raw: String,
    /// When it came.
    pub received_at: DateTime<Utc>,
}

/// What was reported of a text. Reports have no index by text, which would be written with each: what says that it
/// failed is looked up by its try, what says that it went well is looked for among so many at most that came after each
/// of some moments. So of a text whose reports took long some may be missing here.
pub async fn reports(
    tx: &mut Tx,
    text: Uuid,
    since: impl IntoIterator<Item = DateTime<Utc>>,
    most: i64,
) -> StoreResult<Vec<Reported>> {
    let (first, last) = (try_name(text, 0), try_name(text, i16::MAX));
    let select =
        "SELECT id, attempt_id, gateway, status, evidence, code, opted_out, raw, received_at FROM reports
                   WHERE attempt_id >= $1 AND attempt_id <= $2 AND (evidence = 'failed' OR evidence IS NULL)
                   ORDER BY attempt_id, id LIMIT 100";
    let mut found: Vec<Reported> =
        on!(tx, select, |conn, sql| sqlx::query_as(sql).bind(first).bind(last).fetch_all(conn).await)?;
    for since in since {
        let select =
            "SELECT id, attempt_id, gateway, status, evidence, code, opted_out, raw, received_at FROM
                          (SELECT * FROM reports WHERE id >= $1 AND id < $2 ORDER BY id LIMIT $3) passed
                       WHERE attempt_id >= $4 AND attempt_id <= $5";
        let some: Vec<Reported> = on!(tx, select, |conn, sql| sqlx::query_as(sql)
            .bind(first_at(since))
            .bind(first_at(since + TimeDelta::minutes(30)))
            .bind(most)
            .bind(first)
            .bind(last)
            .fetch_all(conn)
            .await)?;
        found.extend(some);
    }
    found.sort_by_key(|report| report.id);
    found.dedup();
    Ok(found)
}

/// About when a report came by which a text's end became known.
pub fn about(ended_at: DateTime<Utc>) -> DateTime<Utc> {
    ended_at - TimeDelta::seconds(2)
}
