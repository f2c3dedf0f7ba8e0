//! Answers to the library's questions.

use chrono::{DateTime, Utc};
use sqlx::FromRow;
use uuid::Uuid;

use super::{StoreResult, Tx, on};

/// An answer.
#[derive(Clone, Debug)]
pub struct Given<'a> {
    /// By which enrollment.
    pub enrollment: Uuid,
    /// To which question.
    pub question: &'a str,
    /// What it came to.
    pub outcome: &'a str,
    /// Of which program.
    pub program: &'a str,
    /// In which language.
    pub language: &'a str,
    /// Of which edition.
    pub edition: i64,
    /// When.
    pub at: DateTime<Utc>,
}

/// Writes an answer down; a later one to the same question takes its place.
pub async fn answer(tx: &mut Tx, given: &Given<'_>) -> StoreResult<()> {
    let upsert = "INSERT INTO answers (enrollment_id, question, outcome, program, language, edition, at)
                  VALUES ($1, $2, $3, $4, $5, $6, $7)
                  ON CONFLICT (enrollment_id, question) DO UPDATE SET
                      outcome = excluded.outcome, language = excluded.language, edition = excluded.edition,
                      at = excluded.at";
    on!(tx, upsert, |conn, sql| sqlx::query(sql)
        .bind(given.enrollment)
        .bind(given.question)
        .bind(given.outcome)
        .bind(given.program)
        .bind(given.language)
        .bind(given.edition)
        .bind(given.at)
        .execute(conn)
        .await
        .map(|_| ()))
}

/// Whether an enrollment has answered a question.
pub async fn is_answered(tx: &mut Tx, enrollment: Uuid, question: &str) -> StoreResult<bool> {
    let select = "SELECT COUNT(*) FROM answers WHERE enrollment_id = $1 AND question = $2";
    let count: i64 = on!(tx, select, |conn, sql| sqlx::query_scalar(sql)
        .bind(enrollment)
        .bind(question)
        .fetch_one(conn)
        .await)?;
    Ok(count > 0)
}

/// How often an answer was given.
#[derive(Clone, Debug, PartialEq, Eq, FromRow, serde::Serialize)]
pub struct Count {
    /// Of which program.
    pub program: String,
    /// To which question.
    pub question: String,
    /// Of which edition.
    pub edition: i64,
    /// In which language.
    pub language: String,
    /// What it came to.
    pub outcome: String,
    /// By how many.
    pub people: i64,
}

/// All answers counted, by question, edition, language and outcome.
pub async fn counts(tx: &mut Tx) -> StoreResult<Vec<Count>> {
    let select = "SELECT program, question, edition, language, outcome, COUNT(*) AS people FROM answers
                   GROUP BY program, question, edition, language, outcome
                   ORDER BY program, question, edition, language, outcome";
    on!(tx, select, |conn, sql| sqlx::query_as(sql).fetch_all(conn).await)
}

/// The answers to a question from one moment up to another, counted by edition, language and outcome; without a question,
/// to all of a program's.
pub async fn counts_of(
    tx: &mut Tx,
    program: &str,
    question: Option<&str>,
    (from, to): (DateTime<Utc>, DateTime<Utc>),
) -> StoreResult<Vec<Count>> {
    match question {
        Some(question) => {
            let select =
                "SELECT program, question, edition, language, outcome, COUNT(*) AS people FROM answers
                           WHERE program = $1 AND question = $2 AND at >= $3 AND at < $4
                           GROUP BY program, question, edition, language, outcome
                           ORDER BY program, question, edition, language, outcome";
            on!(tx, select, |conn, sql| sqlx::query_as(sql)
                .bind(program)
                .bind(question)
                .bind(from)
                .bind(to)
                .fetch_all(conn)
                .await)
        }
        None => {
            let select =
                "SELECT program, question, edition, language, outcome, COUNT(*) AS people FROM answers
                           WHERE program = $1 AND at >= $2 AND at < $3
                           GROUP BY program, question, edition, language, outcome
                           ORDER BY program, question, edition, language, outcome";
            on!(tx, select, |conn, sql| sqlx::query_as(sql)
                .bind(program)
                .bind(from)
                .bind(to)
                .fetch_all(conn)
                .await)
        }
    }
}
