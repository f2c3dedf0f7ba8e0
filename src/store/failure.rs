//! What a failure means: that the database is away, or that what it was asked for cannot be done.

use sqlx::error::DatabaseError;
use sqlx::sqlite::SqliteError;

use super::StoreError;

/// Whether the database as a whole fails just now: cut off, restarting, locked, full. Asking for the same again
/// later may do; asking for less now does not.
pub fn is_away(error: &StoreError) -> bool {
    match error {
        StoreError::Io(_)
        | StoreError::Tls(_)
        // What came over the connection was no PostgreSQL: it was cut while it was made, or something else answers.
        | StoreError::Protocol(_)
        | StoreError::PoolTimedOut
        | StoreError::PoolClosed
        | StoreError::WorkerCrashed
        | StoreError::InvalidSavePointStatement
        | StoreError::BeginFailed => true,
        StoreError::Database(error) => match error.try_downcast_ref::<SqliteError>() {
            Some(error) => sqlite_is_away(error),
            None => error.code().is_some_and(|code| postgres_is_away(&code)),
        },
        _ => false,
    }
}

/// Whether two transactions wanted the same rows in another order, and this one had to give way: the same again
/// at once will do.
pub fn is_clash(error: &StoreError) -> bool {
    match error {
        StoreError::Database(error) if error.try_downcast_ref::<SqliteError>().is_none() => {
            error.code().is_some_and(|code| code.starts_with("40"))
        }
        _ => false,
    }
}

/// Whether a statement was ended for taking too long; it may have waited for one row that somebody holds.
pub fn is_cut_short(error: &StoreError) -> bool {
    matches!(error, StoreError::Database(error) if error.code().is_some_and(|code| code == "57014"))
}

/// Whether the same may do later, with nothing wrong in it: the database is away, or somebody else was quicker or holds
/// what is wanted.
pub fn is_no_fault(error: &StoreError) -> bool {
    is_away(error) || is_clash(error) || is_cut_short(error)
}

/// <https://sqlite.org/rescode.html>: the last eight bits are the primary code.
fn sqlite_is_away(error: &SqliteError) -> bool {
    let code = error.code().and_then(|code| code.parse::<i32>().ok()).unwrap_or_default();
    // BUSY, LOCKED, NOMEM, READONLY, INTERRUPT, IOERR, CORRUPT, FULL, CANTOPEN, PROTOCOL, NOTADB
    matches!(code & 0xff, 5..=11 | 13..=15 | 26)
}

/// PostgreSQL, appendix A, by class.
fn postgres_is_away(code: &str) -> bool {
    // Connections; a transaction that may not write, as on a standby; resources, of which the disk is one; an
    // operator's doing, such as a restart; the system; itself. A statement that was cut short for taking too long
    // (57014) may have waited for one row.
    ["08", "25", "53", "57", "58", "XX"].iter().any(|class| code.starts_with(class)) && code != "57014"
}
