//! A million enrolled, what was sent to them in thirty days, and what came of it: what they wrote and asked, answered
//! and were told of beside their tips. The counts that pages are made of are counted as the service counts them.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Instant;

use chrono::TimeDelta;
use motherline::clock::Clock;
use motherline::domain::seal::Seal;
use motherline::flows::populating::{Crowd, populate};
use motherline::flows::senders::{Audience, Sender, Senders, StopConfirmation};
use motherline::flows::{Bells, Service, Shelf, counting, placing, publishing, tallying, tip_figures};
use motherline::ids::Ids;
use motherline::library::{Files, Library};
use motherline::store::Database;
use motherline::telemetry::Metrics;
use sqlx::AssertSqlSafe;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::tongue::Tongue;

const SENDER: &str = "benchmark";
/// Over so many days the texts went out.
const DAYS: i64 = 30;
/// Rows that a counting duty takes in one go.
const BATCH: i64 = 10_000;

/// Fills an empty database, and gives the service that stands on it.
pub async fn gather(database: &Database) -> Service {
    let (enrolled, sent) = (size("BENCH_ENROLLED", 1_000_000), size("BENCH_SENT", 10_000_000));
    let clock = Clock::System;
    let published = publishing::start(database, &clock, &Files::built_in(), true).await.expect("a library");
    let library = published.edition.library.clone();
    let crowd = Crowd { mothers: enrolled.unsigned_abs(), seed: 1, sender: SENDER };
    populate(database, &clock, &library, &crowd).await.expect("mothers");
    let begins = (clock.now() - TimeDelta::days(DAYS)).timestamp_millis();
    let history = History { enrolled, sent, begins, step: (DAYS * 86_400_000 / sent.max(1)).max(1) };
    match database {
        Database::Sqlite { write, .. } => {
            for words in history.words(Tongue::Sqlite, &library) {
                sqlx::query(AssertSqlSafe(words.clone())).execute(write).await.expect(&words);
            }
        }
        Database::Postgres(pool) => {
            let mut connection = pool.acquire().await.expect("a connection");
            let mut all: Vec<String> =
                ["SET statement_timeout = 0", "SET enable_seqscan = on", "SET synchronous_commit = off"]
                    .map(str::to_owned)
                    .to_vec();
            all.extend(history.words(Tongue::Postgres, &library));
            for words in all {
                sqlx::query(AssertSqlSafe(words.clone())).execute(&mut *connection).await.expect(&words);
            }
            // Its settings are forgotten with it.
            let _ = connection.close().await;
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

/// Counts what pages show, until nothing is left to count; tells how long each duty took.
pub async fn count(service: &Service) {
    let stop = CancellationToken::new();
    let holder = service.id();
    let began = Instant::now();
    let mut beats = 0;
    // A beat ends by itself after a while; the last one finds all of it counted.
    loop {
        let beat = Instant::now();
        tallying::tally(service, holder, TimeDelta::days(400), &stop).await.expect("tallies");
        beats += 1;
        if beat.elapsed().as_secs() < 15 {
            break;
        }
    }
    println!("texts counted in {} s, {beats} beats", began.elapsed().as_secs());
    let began = Instant::now();
    while counting::gather(service, BATCH).await.expect("answers") > 0 {}
    println!("answers counted in {} s", began.elapsed().as_secs());
    let began = Instant::now();
    while placing::gather(service, BATCH).await.expect("places") > 0 {}
    println!("places counted in {} s", began.elapsed().as_secs());
    let began = Instant::now();
    while tip_figures::add(service, BATCH).await.expect("figures") > 0 {}
    println!("tips counted in {} s", began.elapsed().as_secs());
}

/// The one id that a question gives.
pub async fn one(database: &Database, question: &'static str) -> Uuid {
    match database {
        Database::Sqlite { read, .. } => sqlx::query_scalar(question).fetch_one(read).await.expect("an id"),
        Database::Postgres(pool) => sqlx::query_scalar(question).fetch_one(pool).await.expect("an id"),
    }
}

/// Numbers of mothers, as they would be typed: of those that are reserved for fiction.
pub async fn numbers(database: &Database, most: usize) -> Vec<String> {
    let select = "SELECT phone FROM subscribers WHERE phone > '+1' AND phone < '+2' ORDER BY phone LIMIT 100";
    let all: Vec<String> = match database {
        Database::Sqlite { read, .. } => sqlx::query_scalar(select).fetch_all(read).await.expect("numbers"),
        Database::Postgres(pool) => sqlx::query_scalar(select).fetch_all(pool).await.expect("numbers"),
    };
    all.into_iter().cycle().take(most).collect()
}

fn size(name: &str, usual: i64) -> i64 {
    std::env::var(name).ok().and_then(|size| size.parse().ok()).unwrap_or(usual)
}

/// How much there is, and when it began.
struct History {
    enrolled: i64,
    sent: i64,
    /// Milliseconds since 1970.
    begins: i64,
    /// Milliseconds from one text to the next.
    step: i64,
}

impl History {
    /// What is to be said to a database, in order.
    fn words(&self, tongue: Tongue, library: &Library) -> Vec<String> {
        let numbered = "CREATE TABLE numbered AS
            SELECT row_number() OVER () - 1 AS n, e.id AS enrollment_id, e.subscriber_id, e.program, e.language,
                   s.phone
              FROM enrollments e JOIN subscribers s ON s.id = e.subscriber_id";
        vec![
            numbered.to_owned(),
            "CREATE UNIQUE INDEX numbered_n ON numbered (n)".to_owned(),
            "CREATE UNIQUE INDEX numbered_of ON numbered (subscriber_id)".to_owned(),
            known_tips(library),
            "ANALYZE".to_owned(),
            // One woman in three came by a code; all told where they live.
            "UPDATE enrollments SET partner = 'CLINIC' || (n % 40)
               FROM numbered WHERE numbered.enrollment_id = enrollments.id AND n % 3 = 0"
                .to_owned(),
            "UPDATE subscribers SET area = substr('ALAKAZARCACOCTDEFLGAHIIDILINIAKSKYLAMEMDMAMIMNMSMO', 1 + 2 * CAST(n % 24 AS INTEGER), 2)
               FROM numbered WHERE numbered.subscriber_id = subscribers.id"
                .to_owned(),
            self.texts(tongue, library),
            self.waiting(tongue),
            self.planned(tongue, library),
            self.reports(tongue),
            self.written(tongue),
            self.asked(tongue),
            self.asked_words(),
            self.broadcasts(tongue),
            self.broadcast_texts(tongue),
            self.answers(tongue),
            "INSERT INTO answer_marks (program, question, on_day, shard, marks)
             SELECT DISTINCT program, question, DATE(at), 0, 1 FROM answers"
                .to_owned(),
            self.audited(tongue),
            "DROP TABLE numbered".to_owned(),
            "DROP TABLE known_tips".to_owned(),
            "ANALYZE".to_owned(),
        ]
    }

    /// Texts: one woman in eight was not reached by hers, most for one of three codes.
    fn texts(&self, tongue: Tongue, library: &Library) -> String {
        let (from, step, tips) = (self.begins, self.step, tips(library).len());
        let queued = format!("({from} + i * {step})");
        let at = |later: &str| tongue.at(&format!("{queued} + {later}"));
        format!(
            "INSERT INTO history (id, subscriber_id, enrollment_id, sender, phone, lane, kind, language, body, encoding,
                segments, program, edition, tip, track, week, queued_at, not_after, tries, gateway, began_at, state,
                ended_at, code, reason)
             SELECT {id}, m.subscriber_id, m.enrollment_id, '{SENDER}', m.phone, 1, 'tip', m.language, 'Drink water.',
                'GSM-7', 1, m.program, 1, t.tip, 'pregnancy', i % 40, {queued_at}, {not_after}, 1, '{SENDER}', {began_at},
                CASE WHEN i % 8 = 0 THEN 7 ELSE 6 END, {ended_at},
                CASE WHEN i % 8 <> 0 THEN NULL WHEN i % 800 = 0 THEN '30007' WHEN i % 24 = 0 THEN '30005'
                     ELSE '30003' END,
                CASE WHEN i % 8 = 0 THEN 'the phone is off or out of reach' END
               FROM {numbers} JOIN numbered m ON m.n = i % {women} JOIN known_tips t ON t.n = i % {tips}",
            id = tongue.id(&queued, "i"),
            queued_at = at("0"),
            not_after = at("86400000"),
            began_at = at("1000"),
            ended_at = at("3000 + 1000 * (i % 60)"),
            numbers = tongue.numbers(self.sent),
            women = self.enrolled,
        )
    }

    /// One text in fifty waits, most of them broadcasts of one program for the morning.
    fn waiting(&self, tongue: Tongue) -> String {
        let queued = format!("({} + i)", self.begins + (DAYS * 24 - 1) * 3_600_000);
        let at = |later: &str| tongue.at(&format!("{queued} + {later}"));
        format!(
            "INSERT INTO outbox (id, subscriber_id, enrollment_id, sender, phone, lane, kind, language, body, encoding,
                segments, program, queued_at, not_after, state, next_try_at)
             SELECT {id}, m.subscriber_id, m.enrollment_id, '{SENDER}', m.phone, CASE WHEN i % 4 = 0 THEN 1 ELSE 2 END,
                CASE WHEN i % 4 = 0 THEN 'tip' ELSE 'broadcast' END, m.language, 'Drink water.', 'GSM-7', 1, m.program,
                {queued_at}, {not_after}, 0, CASE WHEN i % 2 = 0 THEN {queued_at} ELSE {next} END
               FROM {numbers} JOIN numbered m ON m.n = i % {women}",
            id = tongue.id(&queued, "i + 700000000"),
            queued_at = at("0"),
            not_after = at("86400000"),
            next = at("72000000"),
            numbers = tongue.numbers(self.sent / 50),
            women = self.enrolled,
        )
    }

    /// The tips they were planned for, woman by woman.
    fn planned(&self, tongue: Tongue, library: &Library) -> String {
        let (women, tips) = (self.enrolled, tips(library).len());
        let text = format!("(i * {women} + m.n)");
        let queued = format!("({} + {text} * {})", self.begins, self.step);
        let day = match tongue {
            Tongue::Sqlite => format!("date({queued} / 1000, 'unixepoch')"),
            Tongue::Postgres => format!("CAST({} AS DATE)", tongue.at(&queued)),
        };
        format!(
            "INSERT INTO planned (enrollment_id, occurs_on, track, week, slot, tip, outbox_id, outcome, planned_at)
             SELECT m.enrollment_id, {day}, 'pregnancy', {text} % 40, 1, t.tip, {id}, 'queued', {at}
               FROM numbered m CROSS JOIN {numbers} JOIN known_tips t ON t.n = {text} % {tips}
              WHERE TRUE ON CONFLICT DO NOTHING",
            id = tongue.id(&queued, &text),
            at = tongue.at(&queued),
            numbers = tongue.numbers((self.sent / women).max(1)),
        )
    }

    /// What the gateway reported of each text, half a minute after its first try.
    fn reports(&self, tongue: Tongue) -> String {
        let queued = format!("({} + i * {})", self.begins, self.step);
        let came = format!("({queued} + 31000)");
        format!(
            "INSERT INTO reports (id, gateway, attempt_id, status, evidence, code, opted_out, raw, received_at)
             SELECT {id}, '{SENDER}', {of}, CASE WHEN i % 8 = 0 THEN 'undelivered' ELSE 'delivered' END,
                CASE WHEN i % 8 = 0 THEN 'failed' ELSE 'delivered' END, NULL, FALSE,
                'MessageStatus=delivered&To=%2B12025550100', {at}
               FROM {numbers}",
            id = tongue.id(&came, "i + 600000000"),
            of = tongue.id_of_try(&queued, "i", 1),
            at = tongue.at(&came),
            numbers = tongue.numbers(self.sent),
        )
    }

    /// Something between two texts: one in so many of them.
    fn between(&self, one_in: i64) -> (i64, String) {
        (self.sent / one_in, format!("({} + i * {})", self.begins, self.step * one_in))
    }

    /// One text in twenty is written back.
    fn written(&self, tongue: Tongue) -> String {
        let (count, at) = self.between(20);
        format!(
            "INSERT INTO inbox (id, gateway, provider_id, sender, phone, body, received_at, state, next_try_at, handled_at,
                intent)
             SELECT {id}, '{SENDER}', 'in' || i, '{SENDER}', m.phone, 'thank you', {at}, 2, {at}, {at},
                CASE i % 4 WHEN 0 THEN 'thanks' WHEN 1 THEN 'question' WHEN 2 THEN 'answer' ELSE 'born' END
               FROM {numbers} JOIN numbered m ON m.n = i * 20 % {women}",
            id = tongue.id(&at, "i + 200000000"),
            at = tongue.at(&at),
            numbers = tongue.numbers(count),
            women = self.enrolled,
        )
    }

    /// One text in five hundred leads to a question for a person; the last two hundred wait.
    fn asked(&self, tongue: Tongue) -> String {
        let (count, at) = self.between(500);
        format!(
            "INSERT INTO help_items (id, subscriber_id, sender, program, language, stage, urgency, sign, state, opened_at,
                last_at, closed_at, closed_by)
             SELECT {id}, m.subscriber_id, '{SENDER}', m.program, m.language, 'pregnancy 26+3', i % 4,
                CASE WHEN i % 4 = 0 THEN 'bleeding' END, CASE WHEN i < {waiting} THEN 'answered' ELSE 'open' END,
                {at}, {at}, CASE WHEN i < {waiting} THEN {at} END, CASE WHEN i < {waiting} THEN 'Rosa' END
               FROM {numbers} JOIN numbered m ON m.n = i * 500 % {women}",
            id = tongue.id(&at, "i + 300000000"),
            waiting = (count - 200).max(0),
            at = tongue.at(&at),
            numbers = tongue.numbers(count),
            women = self.enrolled,
        )
    }

    fn asked_words(&self) -> String {
        "INSERT INTO help_texts (id, item_id, from_her, body, at)
         SELECT id, id, TRUE, 'I am bleeding and my head hurts', opened_at FROM help_items"
            .to_owned()
    }

    /// Two dozen of them went out.
    fn broadcasts(&self, tongue: Tongue) -> String {
        let at = format!("({} + i * {})", self.begins, DAYS * 86_400_000 / 24);
        format!(
            "INSERT INTO broadcasts (id, made_by, why, segment, words, emergency, state, people, made_at, ended_at, program)
             SELECT {id}, 'Rosa', 'a recall of formula', '{{\"program\":\"text4baby-us\"}}',
                '{{\"en\":\"Do not use the formula\"}}', FALSE, 'sent', {people}, {at}, {at}, 'text4baby-us'
               FROM {numbers}",
            id = tongue.id(&at, "i + 400000000"),
            people = self.enrolled / 50,
            at = tongue.at(&at),
            numbers = tongue.numbers(24),
        )
    }

    fn broadcast_texts(&self, tongue: Tongue) -> String {
        let at = format!("({} + i * {})", self.begins, self.step);
        format!(
            "INSERT INTO broadcast_texts (broadcast_id, subscriber_id, text_id)
             SELECT b.id, m.subscriber_id, {id}
               FROM broadcasts b, {numbers} JOIN numbered m ON m.n = i % {women}",
            id = tongue.id(&at, "i"),
            numbers = tongue.numbers(self.enrolled / 50),
            women = self.enrolled,
        )
    }

    /// Half of the women answered a question.
    fn answers(&self, tongue: Tongue) -> String {
        format!(
            "INSERT INTO answers (enrollment_id, question, outcome, program, language, edition, at)
             SELECT m.enrollment_id, 'us-danger-1', CASE i % 3 WHEN 0 THEN 'right' ELSE 'wrong' END, m.program,
                m.language, 1, {at}
               FROM {numbers} JOIN numbered m ON m.n = i * 2",
            at = tongue.at(&format!("({} + i * {})", self.begins, self.step)),
            numbers = tongue.numbers(self.enrolled / 2),
        )
    }

    /// One text in a hundred is of something that somebody did.
    fn audited(&self, tongue: Tongue) -> String {
        let (count, at) = self.between(100);
        format!(
            "INSERT INTO audit (id, at, actor, action, subscriber_id, detail, account_id, program)
             SELECT {id}, {at}, 'Rosa', 'look at a subscriber', m.subscriber_id, '', {account}, m.program
               FROM {numbers} JOIN numbered m ON m.n = i * 100 % {women}",
            id = tongue.id(&at, "i + 500000000"),
            at = tongue.at(&at),
            account = tongue.id("1", "i % 20"),
            numbers = tongue.numbers(count),
            women = self.enrolled,
        )
    }
}

/// The library's tips, by their ids.
pub fn tips(library: &Library) -> BTreeSet<&str> {
    library.programs.values().flat_map(|program| program.tips()).map(|(_, tip)| &*tip.id).collect()
}

/// The same as a table, numbered.
fn known_tips(library: &Library) -> String {
    let rows =
        (0..).zip(tips(library)).map(|(n, tip)| format!("({n}, '{tip}')")).collect::<Vec<_>>().join(", ");
    format!("CREATE TABLE known_tips AS SELECT column1 AS n, column2 AS tip FROM (VALUES {rows}) AS known")
}
