//! Answers that are written once and used often.

use chrono::{DateTime, Utc};
use sqlx::FromRow;
use uuid::Uuid;

use super::{StoreResult, Tx, on};
use crate::domain::language::Language;

/// A saved reply.
#[derive(Clone, Debug, FromRow)]
pub struct SavedReply {
    /// Its id.
    pub id: Uuid,
    /// For which program.
    pub program: String,
    /// In which language.
    #[sqlx(try_from = "String")]
    pub language: Language,
    /// By which those who answer find it.
    pub title: String,
    /// The words, as she is to read them.
    pub body: String,
    /// Who wrote or changed it last.
    pub changed_by: String,
    /// When.
    pub changed_at: DateTime<Utc>,
}

macro_rules! replies {
    ($which:literal) => {
        concat!(
            "SELECT id, program, language, title, body, changed_by, changed_at FROM saved_replies ",
            $which
        )
    };
}

/// All of them: few hundred at most.
pub async fn all(tx: &mut Tx) -> StoreResult<Vec<SavedReply>> {
    let select = replies!("ORDER BY program, language, title");
    on!(tx, select, |conn, sql| sqlx::query_as(sql).fetch_all(conn).await)
}

/// Those of a program in a language, by title.
pub async fn of(tx: &mut Tx, program: &str, language: Language) -> StoreResult<Vec<SavedReply>> {
    let select = replies!("WHERE program = $1 AND language = $2 ORDER BY title");
    on!(tx, select, |conn, sql| sqlx::query_as(sql)
        .bind(program)
        .bind(language.as_str())
        .fetch_all(conn)
        .await)
}

/// One.
pub async fn find(tx: &mut Tx, id: Uuid) -> StoreResult<Option<SavedReply>> {
    let select = replies!("WHERE id = $1");
    on!(tx, select, |conn, sql| sqlx::query_as(sql).bind(id).fetch_optional(conn).await)
}

/// Whether another one of the same program and language is called so.
pub async fn is_called(tx: &mut Tx, reply: &SavedReply) -> StoreResult<bool> {
    let select = "SELECT COUNT(*) FROM saved_replies
                   WHERE program = $1 AND language = $2 AND title = $3 AND id <> $4";
    let count: i64 = on!(tx, select, |conn, sql| sqlx::query_scalar(sql)
        .bind(&reply.program)
        .bind(reply.language.as_str())
        .bind(&reply.title)
        .bind(reply.id)
        .fetch_one(conn)
        .await)?;
    Ok(count > 0)
}

/// Writes one, or writes it anew.
pub async fn put(tx: &mut Tx, reply: &SavedReply) -> StoreResult<()> {
    let upsert = "INSERT INTO saved_replies (id, program, language, title, body, changed_by, changed_at)
                       VALUES ($1, $2, $3, $4, $5, $6, $7)
                  ON CONFLICT (id) DO UPDATE SET
                              program = excluded.program, language = excluded.language, title = excluded.title,
                              body = excluded.body, changed_by = excluded.changed_by,
                              changed_at = excluded.changed_at";
    on!(tx, upsert, |conn, sql| sqlx::query(sql)
        .bind(reply.id)
        .bind(&reply.program)
        .bind(reply.language.as_str())
        .bind(&reply.title)
        .bind(&reply.body)
        .bind(&reply.changed_by)
        .bind(reply.changed_at)
        .execute(conn)
        .await
        .map(|_| ()))
}

/// Takes one away.
pub async fn remove(tx: &mut Tx, id: Uuid) -> StoreResult<()> {
    let delete = "DELETE FROM saved_replies WHERE id = $1";
    on!(tx, delete, |conn, sql| sqlx::query(sql).bind(id).execute(conn).await.map(|_| ()))
}
