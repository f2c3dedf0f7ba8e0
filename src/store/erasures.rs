//! Everything of one person, taken out; and the proof that is left.

use chrono::{DateTime, Utc};
use sqlx::FromRow;
use uuid::Uuid;

use super::{StoreResult, Tx, imports, on};
use crate::domain::phone::PhoneNumber;

/// What is proved.
#[derive(Clone, Debug, FromRow)]
pub struct Proof {
    /// opt_in, opt_out, freeze, moved, erased.
    pub action: String,
    /// For which program.
    pub program: Option<String>,
    /// Through which sender.
    pub sender: String,
    /// When.
    pub at: DateTime<Utc>,
}

/// Who asked to be erased and has nothing on its way any more, or asked before a moment.
pub async fn due(tx: &mut Tx, patience: DateTime<Utc>, limit: i64) -> StoreResult<Vec<Uuid>> {
    let select = "SELECT s.id FROM subscribers s
                   WHERE s.erase_at IS NOT NULL
                     AND (s.erase_at < $1 OR NOT EXISTS (SELECT 1 FROM outbox o
                                                          WHERE o.subscriber_id = s.id AND o.kind <> 'tip'))
                   ORDER BY s.erase_at LIMIT $2";
    on!(tx, select, |conn, sql| sqlx::query_scalar(sql).bind(patience).bind(limit).fetch_all(conn).await)
}

/// Whether she still does.
pub async fn is_due(tx: &mut Tx, subscriber: Uuid, patience: DateTime<Utc>) -> StoreResult<bool> {
    let select = "SELECT COUNT(*) FROM subscribers s
                   WHERE s.id = $2 AND s.erase_at IS NOT NULL
                     AND (s.erase_at < $1 OR NOT EXISTS (SELECT 1 FROM outbox o
                                                          WHERE o.subscriber_id = s.id AND o.kind <> 'tip'))";
    let count: i64 = on!(tx, select, |conn, sql| sqlx::query_scalar(sql)
        .bind(patience)
        .bind(subscriber)
        .fetch_one(conn)
        .await)?;
    Ok(count > 0)
}

/// Writes a proof down under what her number is known by.
pub async fn prove(tx: &mut Tx, id: Uuid, digest: &[u8], proof: &Proof) -> StoreResult<()> {
    let insert =
        "INSERT INTO proofs (id, digest, action, program, sender, at) VALUES ($1, $2, $3, $4, $5, $6)";
    on!(tx, insert, |conn, sql| sqlx::query(sql)
        .bind(id)
        .bind(digest)
        .bind(&proof.action)
        .bind(&proof.program)
        .bind(&proof.sender)
        .bind(proof.at)
        .execute(conn)
        .await
        .map(|_| ()))
}

/// Whether a number that is known by this was erased.
pub async fn is_known(tx: &mut Tx, digest: &[u8]) -> StoreResult<bool> {
    let select = "SELECT COUNT(*) FROM proofs WHERE digest = $1 AND action = 'erased'";
    let count: i64 = on!(tx, select, |conn, sql| sqlx::query_scalar(sql).bind(digest).fetch_one(conn).await)?;
    Ok(count > 0)
}

/// Her texts: tips are found by their plan, all others by their subscriber, as the indexes are.
const HERS: &str = "SELECT outbox_id FROM planned
                     WHERE outbox_id IS NOT NULL
                       AND enrollment_id IN (SELECT id FROM enrollments WHERE subscriber_id = $1)
                     UNION SELECT text_id FROM strays WHERE subscriber_id = $1
                     UNION SELECT id FROM history WHERE subscriber_id = $1 AND kind <> 'tip'
                     UNION SELECT id FROM outbox WHERE subscriber_id = $1 AND kind <> 'tip'";

/// What is deleted by her id, in an order in which nothing is looked for that is gone already. Last she herself.
const BY_ID: [&str; 18] = [
    "DELETE FROM help_notes WHERE item_id IN (SELECT id FROM help_items WHERE subscriber_id = $1)",
    "DELETE FROM help_texts WHERE item_id IN (SELECT id FROM help_items WHERE subscriber_id = $1)",
    "DELETE FROM help_items WHERE subscriber_id = $1",
    "INSERT INTO answer_marks (program, question, on_day, shard, marks)
     SELECT DISTINCT program, question, DATE(at), 0, 1 FROM answers
      WHERE enrollment_id IN (SELECT id FROM enrollments WHERE subscriber_id = $1)
      ORDER BY 3, 1, 2
     ON CONFLICT (program, question, on_day, shard) DO UPDATE SET marks = answer_marks.marks + 1",
    "DELETE FROM answers WHERE enrollment_id IN (SELECT id FROM enrollments WHERE subscriber_id = $1)",
    "DELETE FROM agenda WHERE enrollment_id IN (SELECT id FROM enrollments WHERE subscriber_id = $1)",
    "DELETE FROM planned WHERE enrollment_id IN (SELECT id FROM enrollments WHERE subscriber_id = $1)",
    "DELETE FROM strays WHERE subscriber_id = $1",
    "DELETE FROM mentions WHERE subscriber_id = $1",
    "DELETE FROM corrections WHERE subscriber_id = $1",
    // Broadcasts are few, and to each the key leads.
    "DELETE FROM broadcast_texts WHERE broadcast_id IN (SELECT id FROM broadcasts) AND subscriber_id = $1",
    "DELETE FROM failing WHERE subscriber_id = $1",
    "DELETE FROM unread WHERE subscriber_id = $1",
    "DELETE FROM visits WHERE subscriber_id = $1",
    "DELETE FROM promises WHERE subscriber_id = $1",
    "DELETE FROM conversations WHERE subscriber_id = $1",
    "DELETE FROM consents WHERE subscriber_id = $1",
    "DELETE FROM enrollments WHERE subscriber_id = $1",
];

/// Takes out everything of a person, but for what was reported of her texts: that goes as [`reports_after`] finds it.
pub async fn erase(tx: &mut Tx, subscriber: Uuid, phone: &str, now: DateTime<Utc>) -> StoreResult<()> {
    let texts: Vec<Uuid> =
        on!(tx, HERS, |conn, sql| sqlx::query_scalar(sql).bind(subscriber).fetch_all(conn).await)?;
    for text in texts {
        // What was reported of it is looked for beside all this.
        let note = "INSERT INTO erased_texts (text_id, at) VALUES ($1, $2) ON CONFLICT DO NOTHING";
        on!(tx, note, |conn, sql| sqlx::query(sql).bind(text).bind(now).execute(conn).await.map(|_| ()))?;
        for delete in [
            "DELETE FROM attempts WHERE text_id = $1",
            "DELETE FROM history WHERE id = $1",
            "DELETE FROM outbox WHERE id = $1",
        ] {
            on!(tx, delete, |conn, sql| sqlx::query(sql).bind(text).execute(conn).await.map(|_| ()))?;
        }
    }
    for delete in BY_ID {
        on!(tx, delete, |conn, sql| sqlx::query(sql).bind(subscriber).execute(conn).await.map(|_| ()))?;
    }
    // The provider's name for a text stays, without her number and her words, as long as texts are kept: a webhook that
    // is repeated late would else be a new text, and make her known anew.
    let inbox = "UPDATE inbox SET phone = '', body = '', intent = NULL WHERE phone = $1 AND state >= 2";
    on!(tx, inbox, |conn, sql| sqlx::query(sql).bind(phone).execute(conn).await.map(|_| ()))?;
    imports::erase(tx, phone).await?;
    // A text of hers that came after her wish is heard first, and makes her known anew.
    let her = "DELETE FROM subscribers WHERE id = $1";
    on!(tx, her, |conn, sql| sqlx::query(sql).bind(subscriber).execute(conn).await.map(|_| ()))
}

/// The texts of who was erased up to a moment, of which reports may be left.
pub async fn texts(tx: &mut Tx, until: DateTime<Utc>) -> StoreResult<Vec<Uuid>> {
    let select = "SELECT text_id FROM erased_texts WHERE at <= $1 ORDER BY text_id";
    on!(tx, select, |conn, sql| sqlx::query_scalar(sql).bind(until).fetch_all(conn).await)
}

/// Nothing is left of what was reported of these.
pub async fn texts_are_gone(tx: &mut Tx, until: DateTime<Utc>) -> StoreResult<()> {
    let delete = "DELETE FROM erased_texts WHERE at <= $1";
    on!(tx, delete, |conn, sql| sqlx::query(sql).bind(until).execute(conn).await.map(|_| ()))
}

/// So many reports after one, in order: each with the name of the try it is about.
pub async fn reports_after(tx: &mut Tx, after: Uuid, most: i64) -> StoreResult<Vec<(Uuid, Option<Uuid>)>> {
    let select = "SELECT id, attempt_id FROM reports WHERE id > $1 ORDER BY id LIMIT $2";
    on!(tx, select, |conn, sql| sqlx::query_as(sql).bind(after).bind(most).fetch_all(conn).await)
}

/// Deletes reports.
pub async fn forget_reports(tx: &mut Tx, reports: &[Uuid]) -> StoreResult<()> {
    for report in reports {
        let delete = "DELETE FROM reports WHERE id = $1";
        on!(tx, delete, |conn, sql| sqlx::query(sql).bind(report).execute(conn).await.map(|_| ()))?;
    }
    Ok(())
}

/// Somebody writes another's number, which is known by this.
pub async fn mention(tx: &mut Tx, digest: &[u8], subscriber: Uuid) -> StoreResult<()> {
    let insert = "INSERT INTO mentions (digest, subscriber_id) VALUES ($1, $2) ON CONFLICT DO NOTHING";
    on!(tx, insert, |conn, sql| sqlx::query(sql)
        .bind(digest)
        .bind(subscriber)
        .execute(conn)
        .await
        .map(|_| ()))
}

/// Where the words of somebody's conversation stand: what to select by her id, and what to write back by its key.
const WORDS: [(&str, &str); 7] = [
    (
        "SELECT i.id, i.body FROM inbox i JOIN subscribers s ON s.phone = i.phone WHERE s.id = $1",
        "UPDATE inbox SET body = $2 WHERE id = $1",
    ),
    (
        "SELECT id, body FROM history WHERE subscriber_id = $1 AND kind <> 'tip' AND body IS NOT NULL",
        "UPDATE history SET body = $2 WHERE id = $1",
    ),
    (
        "SELECT id, body FROM outbox WHERE subscriber_id = $1 AND kind <> 'tip' AND body IS NOT NULL",
        "UPDATE outbox SET body = $2 WHERE id = $1",
    ),
    (
        "SELECT t.id, t.body FROM help_texts t JOIN help_items h ON h.id = t.item_id WHERE h.subscriber_id = $1",
        "UPDATE help_texts SET body = $2 WHERE id = $1",
    ),
    (
        "SELECT n.id, n.body FROM help_notes n JOIN help_items h ON h.id = n.item_id WHERE h.subscriber_id = $1",
        "UPDATE help_notes SET body = $2 WHERE id = $1",
    ),
    (
        "SELECT id, exchange FROM consents WHERE subscriber_id = $1",
        "UPDATE consents SET exchange = $2 WHERE id = $1",
    ),
    (
        "SELECT subscriber_id, exchange FROM conversations WHERE subscriber_id = $1",
        "UPDATE conversations SET exchange = $2 WHERE subscriber_id = $1",
    ),
];

/// Hides a number, known by this, in the words of all who wrote it to us.
pub async fn hide(tx: &mut Tx, digest: &[u8], number: &PhoneNumber) -> StoreResult<()> {
    let select = "SELECT subscriber_id FROM mentions WHERE digest = $1";
    let writers: Vec<Uuid> =
        on!(tx, select, |conn, sql| sqlx::query_scalar(sql).bind(digest).fetch_all(conn).await)?;
    for writer in writers {
        for (select, update) in WORDS {
            let texts: Vec<(Uuid, String)> =
                on!(tx, select, |conn, sql| sqlx::query_as(sql).bind(writer).fetch_all(conn).await)?;
            for (id, words) in texts {
                let Some(hidden) = number.hidden_in(&words) else { continue };
                on!(tx, update, |conn, sql| sqlx::query(sql)
                    .bind(id)
                    .bind(&hidden)
                    .execute(conn)
                    .await
                    .map(|_| ()))?;
            }
        }
    }
    let delete = "DELETE FROM mentions WHERE digest = $1";
    on!(tx, delete, |conn, sql| sqlx::query(sql).bind(digest).execute(conn).await.map(|_| ()))
}
