//! Rows that are too old to be kept, found by the time in their ids.

use uuid::Uuid;

use super::{StoreResult, Tx, on};

/// What may be deleted once it is old.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Old {
    /// Texts that have ended.
    Texts,
    /// Whose the tips are that no plan leads to.
    Strays,
    /// Tries of texts that are gone.
    Tries,
    /// Reports.
    Reports,
    /// Texts received and handled, or given up.
    Inbox,
}

impl Old {
    fn words(self) -> &'static str {
        match self {
            Self::Texts => {
                "DELETE FROM history WHERE id IN
                     (SELECT id FROM history WHERE id < $1 ORDER BY id LIMIT $2)"
            }
            Self::Strays => {
                "DELETE FROM strays WHERE text_id IN
                     (SELECT text_id FROM strays WHERE text_id < $1 ORDER BY text_id LIMIT $2)"
            }
            // A text may still wait after long; its tries are its account.
            Self::Tries => {
                "DELETE FROM attempts WHERE text_id IN
                     (SELECT a.text_id FROM attempts a
                       WHERE a.text_id < $1 AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.id = a.text_id)
                       ORDER BY a.text_id LIMIT $2)"
            }
            Self::Reports => {
                "DELETE FROM reports WHERE id IN
                     (SELECT id FROM reports WHERE id < $1 ORDER BY id LIMIT $2)"
            }
            Self::Inbox => {
                "DELETE FROM inbox WHERE id IN
                     (SELECT id FROM inbox WHERE id < $1 AND state >= 2 ORDER BY id LIMIT $2)"
            }
        }
    }
}

/// Deletes up to `most` rows whose ids come before one; gives how many.
pub async fn delete(tx: &mut Tx, what: Old, before: Uuid, most: i64) -> StoreResult<u64> {
    on!(tx, what.words(), |conn, sql| sqlx::query(sql)
        .bind(before)
        .bind(most)
        .execute(conn)
        .await
        .map(|done| done.rows_affected()))
}
