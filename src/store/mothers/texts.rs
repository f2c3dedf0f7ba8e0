//! Her texts and ours, wherever they stand.

use chrono::{DateTime, NaiveDate, Utc};
use sqlx::FromRow;
use uuid::Uuid;

use crate::store::{StoreResult, Tx, on};

/// A text that she wrote.
#[derive(Clone, Debug, FromRow)]
pub struct Heard {
    /// Its id.
    pub id: Uuid,
    /// To which of our senders.
    pub sender: String,
    /// When it came.
    pub received_at: DateTime<Utc>,
    /// Its words.
    pub body: String,
    /// What it was taken for.
    pub intent: Option<String>,
    /// 0 waiting, 2 handled, 3 given up.
    pub state: i16,
    /// The provider answered her itself.
    pub answered_by: Option<String>,
}

/// The last texts of a number before a moment, the newest first.
pub async fn heard(tx: &mut Tx, phone: &str, before: DateTime<Utc>, most: i64) -> StoreResult<Vec<Heard>> {
    let select = "SELECT id, sender, received_at, body, intent, state, answered_by FROM inbox
                   WHERE phone = $1 AND received_at < $2 ORDER BY received_at DESC LIMIT $3";
    on!(tx, select, |conn, sql| sqlx::query_as(sql).bind(phone).bind(before).bind(most).fetch_all(conn).await)
}

/// A text of ours.
#[derive(Clone, Debug, FromRow)]
pub struct Said {
    /// Its id.
    pub id: Uuid,
    /// Whose phone it went to.
    pub subscriber_id: Uuid,
    /// For which enrollment.
    pub enrollment_id: Option<Uuid>,
    /// The text it answers; none: nobody asked for it.
    pub inbox_id: Option<Uuid>,
    /// By which sender.
    pub sender: String,
    /// What it is.
    pub kind: String,
    /// In which language.
    pub language: String,
    /// Its words.
    pub body: Option<String>,
    /// The hash of the words, where they are shared.
    pub wording: Option<Vec<u8>>,
    /// How many SMS it takes.
    pub segments: i32,
    /// Of which program.
    pub program: Option<String>,
    /// From which edition.
    pub edition: Option<i64>,
    /// Which tip.
    pub tip: Option<String>,
    /// Its track.
    pub track: Option<String>,
    /// Its week.
    pub week: Option<i32>,
    /// For which local day.
    pub occurs_on: Option<NaiveDate>,
    /// When it was queued.
    pub queued_at: DateTime<Utc>,
    /// Too late from then on.
    pub not_after: DateTime<Utc>,
    /// Where it waits: not before.
    pub next_try_at: Option<DateTime<Utc>>,
    /// Where it waits: the end of the window it was placed in.
    pub window_closes_at: Option<DateTime<Utc>>,
    /// Its state's code.
    pub state: i16,
    /// Tries so far.
    pub tries: i16,
    /// By which gateway the last try went.
    pub gateway: Option<String>,
    /// When the last try began.
    pub began_at: Option<DateTime<Utc>>,
    /// When the last thing known of it became known.
    pub ended_at: Option<DateTime<Utc>>,
    /// The provider's code for what went wrong.
    pub code: Option<String>,
    /// As a plain sentence.
    pub reason: Option<String>,
}

macro_rules! ours {
    (outbox) => {
        "SELECT t.id, t.subscriber_id, t.enrollment_id, t.inbox_id, t.sender, t.kind, t.language,
                COALESCE(t.body, w.body) AS body, t.wording, t.segments, t.program, t.edition, t.tip, t.track, t.week,
                t.occurs_on, t.queued_at, t.not_after, t.next_try_at, t.window_closes_at, t.state, t.tries, t.gateway,
                t.began_at, NULL AS ended_at, t.code, t.reason
           FROM outbox t LEFT JOIN wordings w ON w.hash = t.wording "
    };
    (history) => {
        "SELECT t.id, t.subscriber_id, t.enrollment_id, t.inbox_id, t.sender, t.kind, t.language,
                COALESCE(t.body, w.body) AS body, t.wording, t.segments, t.program, t.edition, t.tip, t.track, t.week,
                t.occurs_on, t.queued_at, t.not_after, NULL AS next_try_at, NULL AS window_closes_at, t.state, t.tries,
                t.gateway, t.began_at, t.ended_at, t.code, t.reason
           FROM history t LEFT JOIN wordings w ON w.hash = t.wording "
    };
}

async fn before_a_moment(
    tx: &mut Tx,
    selects: [&'static str; 2],
    (subscriber, before): (Uuid, DateTime<Utc>),
    most: i64,
) -> StoreResult<Vec<Said>> {
    let mut found = Vec::new();
    for select in selects {
        let part: Vec<Said> = on!(tx, select, |conn, sql| sqlx::query_as(sql)
            .bind(subscriber)
            .bind(before)
            .bind(most)
            .fetch_all(conn)
            .await)?;
        found.extend(part);
    }
    Ok(found)
}

/// The last texts to her that are no tips, before a moment, the newest first.
pub async fn personal(
    tx: &mut Tx,
    subscriber: Uuid,
    before: DateTime<Utc>,
    most: i64,
) -> StoreResult<Vec<Said>> {
    let selects = [
        concat!(
            ours!(outbox),
            "WHERE t.subscriber_id = $1 AND t.kind <> 'tip' AND t.queued_at < $2 ORDER BY t.queued_at DESC LIMIT $3"
        ),
        concat!(
            ours!(history),
            "WHERE t.subscriber_id = $1 AND t.kind <> 'tip' AND t.queued_at < $2 ORDER BY t.queued_at DESC LIMIT $3"
        ),
    ];
    before_a_moment(tx, selects, (subscriber, before), most).await
}

/// A text by its id, wherever it stands.
pub async fn text(tx: &mut Tx, id: Uuid) -> StoreResult<Option<Said>> {
    for select in [concat!(ours!(outbox), "WHERE t.id = $1"), concat!(ours!(history), "WHERE t.id = $1")] {
        let found = on!(tx, select, |conn, sql| sqlx::query_as(sql).bind(id).fetch_optional(conn).await)?;
        if found.is_some() {
            return Ok(found);
        }
    }
    Ok(None)
}

/// Whether a text is of a broadcast that was stopped.
pub async fn is_called_off(tx: &mut Tx, text: Uuid) -> StoreResult<bool> {
    let select = "SELECT EXISTS (SELECT 1 FROM broadcast_texts t JOIN broadcasts b ON b.id = t.broadcast_id
                                  WHERE t.text_id = $1 AND b.state = 'stopped')";
    on!(tx, select, |conn, sql| sqlx::query_scalar(sql).bind(text).fetch_one(conn).await)
}

/// The tips of an enrollment for local days up to one, the last first: so many at most of those that have ended, and what
/// still waits.
pub async fn tips(tx: &mut Tx, enrollment: Uuid, up_to: NaiveDate, most: i64) -> StoreResult<Vec<Said>> {
    let mut found = Vec::new();
    for select in [
        concat!(
            ours!(outbox),
            "JOIN planned p ON p.outbox_id = t.id WHERE p.enrollment_id = $1 AND p.occurs_on <= $2
              ORDER BY p.occurs_on DESC LIMIT $3"
        ),
        concat!(
            ours!(history),
            "JOIN planned p ON p.outbox_id = t.id WHERE p.enrollment_id = $1 AND p.occurs_on <= $2
              ORDER BY p.occurs_on DESC LIMIT $3"
        ),
    ] {
        let part: Vec<Said> = on!(tx, select, |conn, sql| sqlx::query_as(sql)
            .bind(enrollment)
            .bind(up_to)
            .bind(most)
            .fetch_all(conn)
            .await)?;
        found.extend(part);
    }
    Ok(found)
}

/// Tips of hers that no plan leads to any more, before a moment, the newest first: taken back, or sent to a phone whose
/// enrollment moved on.
pub async fn strays(
    tx: &mut Tx,
    subscriber: Uuid,
    before: DateTime<Utc>,
    most: i64,
) -> StoreResult<Vec<Said>> {
    let selects = [
        concat!(
            ours!(outbox),
            "JOIN strays s ON s.text_id = t.id WHERE s.subscriber_id = $1 AND t.queued_at < $2
              ORDER BY t.queued_at DESC LIMIT $3"
        ),
        concat!(
            ours!(history),
            "JOIN strays s ON s.text_id = t.id WHERE s.subscriber_id = $1 AND t.queued_at < $2
              ORDER BY t.queued_at DESC LIMIT $3"
        ),
    ];
    before_a_moment(tx, selects, (subscriber, before), most).await
}

/// Tips of an enrollment for some local days that were taken back, in the order in which they were queued.
pub async fn taken_back(
    tx: &mut Tx,
    (subscriber, enrollment): (Uuid, Uuid),
    (from, to): (NaiveDate, NaiveDate),
) -> StoreResult<Vec<Said>> {
    let select = concat!(
        ours!(history),
        "JOIN strays s ON s.text_id = t.id
          WHERE s.subscriber_id = $1 AND t.enrollment_id = $2 AND t.occurs_on >= $3 AND t.occurs_on <= $4
          ORDER BY t.queued_at, t.id"
    );
    on!(tx, select, |conn, sql| sqlx::query_as(sql)
        .bind(subscriber)
        .bind(enrollment)
        .bind(from)
        .bind(to)
        .fetch_all(conn)
        .await)
}

/// What waits to go out to her: kind, enrollment, whether it was asked for.
pub async fn waiting(tx: &mut Tx, subscriber: Uuid) -> StoreResult<Vec<Said>> {
    let mut found = Vec::new();
    for select in [
        concat!(ours!(outbox), "WHERE t.subscriber_id = $1 AND t.kind <> 'tip' AND t.state = 0"),
        concat!(
            ours!(outbox),
            "JOIN planned p ON p.outbox_id = t.id JOIN enrollments e ON e.id = p.enrollment_id
              WHERE e.subscriber_id = $1 AND t.state = 0 AND t.enrollment_id = e.id"
        ),
    ] {
        let part: Vec<Said> =
            on!(tx, select, |conn, sql| sqlx::query_as(sql).bind(subscriber).fetch_all(conn).await)?;
        found.extend(part);
    }
    Ok(found)
}
