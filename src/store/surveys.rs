//! Answers to the library's questions.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use sqlx::{FromRow, QueryBuilder};
use uuid::Uuid;

use super::{Sql, StoreResult, Tx, on};

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

/// Between these days everything lies.
const FIRST: NaiveDate = NaiveDate::from_ymd_opt(2000, 1, 1).expect("a day");
const LAST: NaiveDate = NaiveDate::from_ymd_opt(2200, 1, 1).expect("a day");
/// Marks of a day are spread over so many rows.
const SHARDS: u8 = 16;

/// Writes an answer down; a later one to the same question takes its place.
pub async fn answer(tx: &mut Tx, given: &Given<'_>) -> StoreResult<()> {
    let select = "SELECT at FROM answers WHERE enrollment_id = $1 AND question = $2";
    let before: Option<DateTime<Utc>> = on!(tx, select, |conn, sql| sqlx::query_scalar(sql)
        .bind(given.enrollment)
        .bind(given.question)
        .fetch_optional(conn)
        .await)?;
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
        .map(|_| ()))?;
    let days: BTreeSet<NaiveDate> = before.into_iter().chain([given.at]).map(|at| at.date_naive()).collect();
    for day in days {
        let mark = "INSERT INTO answer_marks (program, question, on_day, shard, marks) VALUES ($1, $2, $3, $4, 1)
                    ON CONFLICT (program, question, on_day, shard) DO UPDATE SET marks = answer_marks.marks + 1";
        on!(tx, mark, |conn, sql| sqlx::query(sql)
            .bind(given.program)
            .bind(given.question)
            .bind(day)
            .bind(i16::from(given.enrollment.as_bytes()[15] % SHARDS))
            .execute(conn)
            .await
            .map(|_| ()))?;
    }
    Ok(())
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

/// A day of a question's answers: program, question and day.
pub type Marked = (String, String, NaiveDate);

/// Days that are to be counted anew, so many at most.
pub async fn marked(tx: &mut Tx, most: i64) -> StoreResult<Vec<Marked>> {
    let select = "SELECT DISTINCT program, question, on_day FROM answer_marks ORDER BY on_day, program, question LIMIT $1";
    on!(tx, select, |conn, sql| sqlx::query_as(sql).bind(most).fetch_all(conn).await)
}

/// Counts a day anew and takes its marks away. Who answers meanwhile marks it again.
pub async fn count_day(tx: &mut Tx, (program, question, day): &Marked) -> StoreResult<()> {
    // The marks first: whoever changes one of them has ended when they are gone, and is counted.
    for delete in [
        "DELETE FROM answer_marks WHERE program = $1 AND question = $2 AND on_day = $3",
        "DELETE FROM answer_days WHERE program = $1 AND question = $2 AND on_day = $3",
    ] {
        on!(tx, delete, |conn, sql| sqlx::query(sql)
            .bind(program)
            .bind(question)
            .bind(day)
            .execute(conn)
            .await
            .map(|_| ()))?;
    }
    let insert = "INSERT INTO answer_days (program, question, on_day, edition, language, outcome, people)
                  SELECT program, question, $3, edition, language, outcome, COUNT(*) FROM answers
                   WHERE program = $1 AND question = $2 AND at >= $4 AND at < $5
                   GROUP BY program, question, edition, language, outcome";
    let (from, to) = span(*day);
    on!(tx, insert, |conn, sql| sqlx::query(sql)
        .bind(program)
        .bind(question)
        .bind(day)
        .bind(from)
        .bind(to)
        .execute(conn)
        .await
        .map(|_| ()))
}

/// When a day begins and ends, in UTC.
fn span(day: NaiveDate) -> (DateTime<Utc>, DateTime<Utc>) {
    let begins = |day: NaiveDate| day.and_time(NaiveTime::MIN).and_utc();
    (begins(day), begins(day.succ_opt().unwrap_or(day)))
}

/// All answers counted, by question, edition, language and outcome.
pub async fn counts(tx: &mut Tx) -> StoreResult<Vec<Count>> {
    let mut all: BTreeMap<Key, i64> = BTreeMap::new();
    for (_, one) in counted(tx, (None, None), (NaiveDate::MIN, NaiveDate::MAX)).await? {
        let key = (one.program, one.question, one.edition, one.language, one.outcome);
        *all.entry(key).or_default() += one.people;
    }
    Ok(all.into_iter().map(|(key, people)| count(key, people)).collect())
}

/// The answers to a question from one day (UTC) up to another, counted by month, edition, language and outcome; without a
/// question, to all of a program's. A month is told as 2026-11.
pub async fn counts_of(
    tx: &mut Tx,
    program: &str,
    question: Option<&str>,
    days: (NaiveDate, NaiveDate),
) -> StoreResult<Vec<(String, Count)>> {
    counted(tx, (Some(program), question), days).await
}

type Key = (String, String, i64, String, String);

fn count((program, question, edition, language, outcome): Key, people: i64) -> Count {
    Count { program, question, edition, language, outcome, people }
}

/// A count of a month, or a day that is to be counted.
#[derive(FromRow)]
struct Seen {
    month: String,
    #[sqlx(flatten)]
    count: Count,
    marked: Option<NaiveDate>,
}

macro_rules! counted {
    ($month:literal) => {
        concat!(
            "SELECT program, question, edition, language, outcome, ",
            $month,
            " AS month, CAST(SUM(people) AS BIGINT) AS people, CAST(NULL AS DATE) AS marked
           FROM answer_days d
          WHERE NOT EXISTS (SELECT 1 FROM answer_marks m
                             WHERE m.program = d.program AND m.question = d.question AND m.on_day = d.on_day)
            AND d.on_day >= "
        )
    };
}
const COUNTED: Sql = Sql::pair(counted!("strftime('%Y-%m', on_day)"), counted!("to_char(on_day, 'YYYY-MM')"));

/// What was counted, of days on which nothing has changed since; the others are counted now.
async fn counted(
    tx: &mut Tx,
    (program, question): (Option<&str>, Option<&str>),
    (from, to): (NaiveDate, NaiveDate),
) -> StoreResult<Vec<(String, Count)>> {
    // Days beyond the calendar of PostgreSQL are none of ours.
    let (from, to) = (from.max(FIRST), to.min(LAST));
    let mut all: BTreeMap<(Key, String), i64> = BTreeMap::new();
    let mut add = |month: String, one: Count| {
        let key = (one.program, one.question, one.edition, one.language, one.outcome);
        *all.entry((key, month)).or_default() += one.people;
    };
    // What is counted and what is marked, as of one moment: a day that is counted anew meanwhile is in one of them.
    let seen: Vec<Seen> = on!(tx, COUNTED, |conn, sql| {
        let mut query = QueryBuilder::new(sql);
        query.push_bind(from).push(" AND d.on_day < ").push_bind(to);
        for (column, value) in [(" AND d.program = ", program), (" AND d.question = ", question)] {
            if let Some(value) = value {
                query.push(column).push_bind(value.to_owned());
            }
        }
        query.push(
            " GROUP BY 1, 2, 3, 4, 5, 6
                  UNION ALL
                 SELECT DISTINCT program, question, CAST(0 AS BIGINT), '', '', '', CAST(0 AS BIGINT), on_day
                   FROM answer_marks",
        );
        query.build_query_as().fetch_all(conn).await
    })?;
    let mut marked = Vec::new();
    for one in seen {
        match one.marked {
            None => add(one.month, one.count),
            Some(day) => marked.push((one.count.program, one.count.question, day)),
        }
    }
    let fits = |(of, asked, day): &Marked| {
        program.is_none_or(|program| program == of)
            && question.is_none_or(|question| question == asked)
            && (from..to).contains(day)
    };
    for (of, asked, day) in marked.iter().filter(|day| fits(day)) {
        let select = "SELECT program, question, edition, language, outcome, COUNT(*) AS people FROM answers
                       WHERE program = $1 AND question = $2 AND at >= $3 AND at < $4
                       GROUP BY program, question, edition, language, outcome";
        let (from, to) = span(*day);
        let counts: Vec<Count> = on!(tx, select, |conn, sql| sqlx::query_as(sql)
            .bind(of)
            .bind(asked)
            .bind(from)
            .bind(to)
            .fetch_all(conn)
            .await)?;
        for one in counts {
            add(day.format("%Y-%m").to_string(), one);
        }
    }
    Ok(all.into_iter().map(|((key, month), people)| (month, count(key, people))).collect())
}
