//! Who is at an item, to whom it was handed on, and what those who answer tell each other.

use chrono::{DateTime, Utc};
use sqlx::FromRow;
use uuid::Uuid;

use super::{Item, items, on};
use crate::store::{StoreResult, Tx};

/// An item as it stands, held by nobody.
pub async fn look(tx: &mut Tx, item: Uuid) -> StoreResult<Option<Item>> {
    let select = items!("WHERE id = $1");
    on!(tx, select, |conn, sql| sqlx::query_as(sql).bind(item).fetch_optional(conn).await)
}

/// Writes down that an account is at an item. What was handed on has then arrived.
pub async fn take(tx: &mut Tx, item: Uuid, account: Uuid, now: DateTime<Utc>) -> StoreResult<()> {
    let update = "UPDATE help_items SET taken_by = $2, taken_at = $3,
                         handed_to = CASE WHEN handed_to = $2 THEN NULL ELSE handed_to END
                   WHERE id = $1";
    on!(tx, update, |conn, sql| sqlx::query(sql)
        .bind(item)
        .bind(account)
        .bind(now)
        .execute(conn)
        .await
        .map(|_| ()))
}

/// Writes down that an account is still at an item; nothing changes if it is not.
pub async fn touch(tx: &mut Tx, item: Uuid, account: Uuid, now: DateTime<Utc>) -> StoreResult<()> {
    let update = "UPDATE help_items SET taken_at = $3 WHERE id = $1 AND taken_by = $2 AND state = 'open'";
    on!(tx, update, |conn, sql| sqlx::query(sql)
        .bind(item)
        .bind(account)
        .bind(now)
        .execute(conn)
        .await
        .map(|_| ()))
}

/// Nobody is at an item any more; it may be handed on.
pub async fn release(tx: &mut Tx, item: Uuid, to: Option<Uuid>) -> StoreResult<()> {
    let update = "UPDATE help_items SET taken_by = NULL, taken_at = NULL, handed_to = $2 WHERE id = $1";
    on!(tx, update, |conn, sql| sqlx::query(sql).bind(item).bind(to).execute(conn).await.map(|_| ()))
}

/// A note about an item.
#[derive(Clone, Debug, FromRow)]
pub struct Note {
    /// Its id.
    pub id: Uuid,
    /// The words.
    pub body: String,
    /// Who wrote it.
    pub written_by: String,
    /// When.
    pub at: DateTime<Utc>,
}

/// Adds a note to an item.
pub async fn add_note(tx: &mut Tx, item: Uuid, note: &Note) -> StoreResult<()> {
    let insert = "INSERT INTO help_notes (id, item_id, body, written_by, at) VALUES ($1, $2, $3, $4, $5)";
    on!(tx, insert, |conn, sql| sqlx::query(sql)
        .bind(note.id)
        .bind(item)
        .bind(&note.body)
        .bind(&note.written_by)
        .bind(note.at)
        .execute(conn)
        .await
        .map(|_| ()))
}

/// The notes of an item, the oldest first.
pub async fn notes(tx: &mut Tx, item: Uuid) -> StoreResult<Vec<Note>> {
    let select = "SELECT id, body, written_by, at FROM help_notes WHERE item_id = $1 ORDER BY at, id";
    on!(tx, select, |conn, sql| sqlx::query_as(sql).bind(item).fetch_all(conn).await)
}
