//! A million enrolled, and what was sent to them in thirty days.

use std::sync::Arc;

use chrono::TimeDelta;
use motherline::clock::Clock;
use motherline::domain::seal::Seal;
use motherline::flows::populating::{Crowd, populate};
use motherline::flows::senders::{Audience, Sender, Senders, StopConfirmation};
use motherline::flows::{Bells, Service, Shelf, publishing};
use motherline::ids::Ids;
use motherline::library::Files;
use motherline::store::Database;
use motherline::telemetry::Metrics;
use uuid::Uuid;

const SENDER: &str = "benchmark";
/// Over so many days the texts went out.
const DAYS: i64 = 30;

/// The women in the order of a number, to be joined with the numbers of texts.
const NUMBERED_SQLITE: &str = "CREATE TABLE numbered AS
    SELECT row_number() OVER () - 1 AS n, e.id AS enrollment_id, e.subscriber_id, e.program, e.language, s.phone
      FROM enrollments e JOIN subscribers s ON s.id = e.subscriber_id";

/// Texts: one woman in eight was not reached by hers, most for one of three codes.
const HISTORY_SQLITE: &str = "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < $1)
    INSERT INTO history (id, subscriber_id, enrollment_id, sender, phone, lane, kind, language, body, encoding, segments,
                         program, edition, tip, track, week, queued_at, not_after, tries, gateway, began_at, state,
                         ended_at, code, reason)
    SELECT unhex(printf('%012x7%03xb%011x0000', $2 + i * $3, i % 4096, i)), m.subscriber_id, m.enrollment_id,
           'benchmark', m.phone, 1, 'tip', m.language, 'Drink water.', 'GSM-7', 1, m.program, 1,
           'tip-' || (i % 300), 'pregnancy', i % 40,
           strftime('%Y-%m-%dT%H:%M:%f+00:00', ($2 + i * $3) / 1000.0, 'unixepoch'),
           strftime('%Y-%m-%dT%H:%M:%f+00:00', ($2 + i * $3) / 1000.0 + 86400, 'unixepoch'), 1, 'benchmark',
           strftime('%Y-%m-%dT%H:%M:%f+00:00', ($2 + i * $3) / 1000.0 + 1, 'unixepoch'),
           CASE WHEN i % 8 = 0 THEN 7 ELSE 6 END,
           strftime('%Y-%m-%dT%H:%M:%f+00:00', ($2 + i * $3) / 1000.0 + 3 + i % 60, 'unixepoch'),
           CASE WHEN i % 8 <> 0 THEN NULL WHEN i % 800 = 0 THEN '30007' WHEN i % 24 = 0 THEN '30005' ELSE '30003' END,
           CASE WHEN i % 8 = 0 THEN 'the phone is off or out of reach' END
      FROM n JOIN numbered m ON m.n = n.i % $4";

const HISTORY_POSTGRES: &str = "
    INSERT INTO history (id, subscriber_id, enrollment_id, sender, phone, lane, kind, language, body, encoding, segments,
                         program, edition, tip, track, week, queued_at, not_after, tries, gateway, began_at, state,
                         ended_at, code, reason)
    SELECT CAST(lpad(to_hex($2 + i * $3), 12, '0') || '7' || lpad(to_hex(i % 4096), 3, '0') || 'b' ||
                lpad(to_hex(i), 11, '0') || '0000' AS UUID), m.subscriber_id, m.enrollment_id,
           'benchmark', m.phone, 1, 'tip', m.language, 'Drink water.', 'GSM-7', 1, m.program, 1,
           'tip-' || (i % 300), 'pregnancy', i % 40,
           to_timestamp(($2 + i * $3) / 1000.0), to_timestamp(($2 + i * $3) / 1000.0 + 86400), 1, 'benchmark',
           to_timestamp(($2 + i * $3) / 1000.0 + 1), CASE WHEN i % 8 = 0 THEN 7 ELSE 6 END,
           to_timestamp(($2 + i * $3) / 1000.0 + 3 + i % 60),
           CASE WHEN i % 8 <> 0 THEN NULL WHEN i % 800 = 0 THEN '30007' WHEN i % 24 = 0 THEN '30005' ELSE '30003' END,
           CASE WHEN i % 8 = 0 THEN 'the phone is off or out of reach' END
      FROM generate_series($5::BIGINT, $1 - 1) i JOIN numbered m ON m.n = i % $4";

/// Fills an empty database, and gives the service that stands on it.
pub async fn gather(database: &Database) -> Service {
    let (enrolled, sent) = (size("BENCH_ENROLLED", 1_000_000), size("BENCH_SENT", 10_000_000));
    let clock = Clock::System;
    let published = publishing::start(database, &clock, &Files::built_in(), true).await.expect("a library");
    let library = published.edition.library.clone();
    let crowd = Crowd { mothers: enrolled.unsigned_abs(), seed: 1, sender: SENDER };
    populate(database, &clock, &library, &crowd).await.expect("mothers");
    let begins = (clock.now() - TimeDelta::days(DAYS)).timestamp_millis();
    let step = (DAYS * 86_400_000 / sent.max(1)).max(1);
    match database {
        Database::Sqlite { write, .. } => {
            sqlx::query(NUMBERED_SQLITE).execute(write).await.expect("numbers");
            sqlx::query("CREATE UNIQUE INDEX numbered_n ON numbered (n)")
                .execute(write)
                .await
                .expect("an index");
            let insert = sqlx::query(HISTORY_SQLITE).bind(sent).bind(begins).bind(step).bind(enrolled);
            insert.execute(write).await.expect("texts");
            sqlx::query("DROP TABLE numbered").execute(write).await.expect("gone");
            sqlx::query("ANALYZE").execute(write).await.expect("statistics");
        }
        Database::Postgres(pool) => {
            let mut connection = pool.acquire().await.expect("a connection");
            let connection = &mut *connection;
            for words in [
                "SET statement_timeout = 0",
                "SET enable_seqscan = on",
                "SET synchronous_commit = off",
                NUMBERED_SQLITE,
                "CREATE UNIQUE INDEX numbered_n ON numbered (n)",
                "ANALYZE numbered",
            ] {
                sqlx::query(words).execute(&mut *connection).await.expect("numbers");
            }
            let insert =
                sqlx::query(HISTORY_POSTGRES).bind(sent).bind(begins).bind(step).bind(enrolled).bind(0_i64);
            insert.execute(&mut *connection).await.expect("texts");
            for words in [
                "DROP TABLE numbered",
                "ANALYZE",
                "SET enable_seqscan = off",
                "SET statement_timeout = '30s'",
            ] {
                sqlx::query(words).execute(&mut *connection).await.expect("statistics");
            }
        }
    }
    let sender = Sender {
        name: SENDER.to_owned(),
        address: "+12025550100".to_owned(),
        gateway: "rehearsal".to_owned(),
        programs: library.programs.keys().cloned().collect(),
        audience: Audience::Rehearsal,
        stop_confirmation: StopConfirmation::Us,
        provider_stop_words: Vec::new(),
        segments_per_second: 100,
        segments_per_day: i64::MAX,
        day_zone: chrono_tz::Tz::UTC,
        backup: None,
    };
    Service {
        database: database.clone(),
        clock,
        ids: Ids::System,
        shelf: Shelf::new(published.edition),
        senders: Arc::new(Senders::new([sender])),
        bells: Arc::new(Bells::default()),
        metrics: Arc::new(Metrics::default()),
        seal: Seal::new(b"a benchmark"),
    }
}

/// The one id that a question gives.
pub async fn one(database: &Database, question: &'static str) -> Uuid {
    match database {
        Database::Sqlite { read, .. } => sqlx::query_scalar(question).fetch_one(read).await.expect("an id"),
        Database::Postgres(pool) => sqlx::query_scalar(question).fetch_one(pool).await.expect("an id"),
    }
}

fn size(name: &str, usual: i64) -> i64 {
    std::env::var(name).ok().and_then(|size| size.parse().ok()).unwrap_or(usual)
}
