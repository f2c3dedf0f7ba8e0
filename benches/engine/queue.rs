//! Queues of texts that may all go now: tips that the planner made, and where more are wanted than it would make in
//! good time, copies of them.

use std::sync::Arc;

use chrono::TimeDelta;
use motherline::clock::Clock;

use crate::planning;
use crate::world::{Engine, World, close, count, on_pool};

/// A number reserved for fiction.
pub const HER: &str = "+12025550143";
/// So many are planned; the others are copies of these.
const PLANNED: u64 = 50_000;

/// A database with so many texts that may go now; its name. Made once.
pub async fn of(world: &World, engine: Engine, texts: u64) -> String {
    let name = format!("queue_{texts}");
    if !world.has(engine, &name) {
        eprintln!("queueing {texts} texts on {}", engine.name());
        make(world, engine, &name, texts).await;
    }
    name
}

async fn make(world: &World, engine: Engine, name: &str, texts: u64) {
    planning::prepare(world, engine, name, texts.min(PLANNED)).await;
    let database = world.open(engine, name).await;
    planning::everybody(world, &database).await;
    let now = Clock::System.now();
    let open = "UPDATE outbox SET next_try_at = $1, window_closes_at = $2, not_after = $2, phone = $3";
    on_pool!(&database, |pool| {
        let update = sqlx::query(open).bind(now).bind(now + TimeDelta::days(1)).bind(HER);
        update.execute(pool).await.expect("all may go");
        // The real program finds nobody made up, and nobody due.
        let unmarked = sqlx::query("DELETE FROM facts WHERE name = 'populated'");
        unmarked.execute(pool).await.expect("no mark");
        let nobody = sqlx::query("DELETE FROM agenda");
        nobody.execute(pool).await.expect("nobody is due");
        sqlx::query("CREATE TABLE model AS SELECT * FROM outbox").execute(pool).await.expect("a model");
    });
    let copy = match engine {
        Engine::Sqlite => COPY_SQLITE,
        Engine::Postgres => COPY_POSTGRES,
    };
    let (planned, mut there, mut part) = (texts.min(PLANNED), texts.min(PLANNED), 0_u32);
    while there < texts {
        // An id begins with its time in milliseconds: each part has its own 65 seconds.
        part += 1;
        let limit = planned.min(texts - there);
        on_pool!(&database, |pool| {
            let insert = sqlx::query(copy).bind(part.to_be_bytes().as_slice()).bind(limit as i64);
            insert.execute(pool).await.expect("copies");
        });
        there += limit;
    }
    on_pool!(&database, |pool| {
        sqlx::query("DROP TABLE model").execute(pool).await.expect("no model");
    });
    assert_eq!(texts, count(&database, "SELECT COUNT(*) FROM outbox WHERE state = 0").await, "texts");
    close(database).await;
}

macro_rules! copy {
    ($id:literal) => {
        concat!(
            "INSERT INTO outbox (id, subscriber_id, enrollment_id, version, inbox_id, sender, phone, lane, kind, language,
                                 wording, body, encoding, segments, program, edition, tip, track, week, occurs_on,
                                 queued_at, not_after, window_closes_at, state, next_try_at, tries)
             SELECT ",
            $id,
            ", subscriber_id, enrollment_id, version, inbox_id, sender, phone, lane, kind, language, wording, body,
                    encoding, segments, program, edition, tip, track, week, occurs_on, queued_at, not_after,
                    window_closes_at, state, next_try_at, tries
               FROM model ORDER BY id LIMIT $2"
        )
    };
}

const COPY_SQLITE: &str = copy!("CAST($1 || substr(id, 5) AS BLOB)");
const COPY_POSTGRES: &str = copy!("encode($1 || substring(uuid_send(id) from 5), 'hex')::uuid");

/// The words of the texts that were planned, for who sends them by other means.
pub async fn words(world: &World, engine: Engine, name: &str) -> Arc<[String]> {
    let database = world.open(engine, name).await;
    let words: Vec<String> = on_pool!(&database, |pool| {
        let select =
            "SELECT w.body FROM outbox o JOIN wordings w ON w.hash = o.wording ORDER BY o.id LIMIT $1";
        sqlx::query_scalar(select).bind(PLANNED as i64).fetch_all(pool).await.expect("their words")
    });
    database.close().await;
    words.into()
}
