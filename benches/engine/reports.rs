//! Reports: delivery reports a second that are written, merged into their texts and thanked for, beside a listener
//! that reads the same calls and writes nothing, and beside the texts themselves as they go out; and the same
//! reports merged without HTTP.

use std::sync::Arc;

use motherline::clock::Clock;
use motherline::domain::delivery::Evidence;
use motherline::flows::receipts::receive;
use motherline::gateway::Report;
use motherline::ids::try_name;
use motherline::store::Database;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::caller::{self, request};
use crate::figures::{Sample, Watch};
use crate::house::{self, House};
use crate::table::{Goal, Row, Table};
use crate::world::{Engine, SENDER, World, close, count, on_pool};
use crate::{dispatch, queue};

const SENT: &str = "sent";
const COPY: &str = "reports";
/// Reports merged in a transaction, where they do not come by HTTP.
const BATCH: usize = 512;

/// Over as many connections as texts are in flight beside it.
pub async fn measure(world: &World, table: &mut Table) {
    let settings = &world.settings;
    let (texts, connections) = (settings.texts, settings.connections);
    let fast = Goal::AtLeast(1.0);
    for engine in settings.engines() {
        let texts_out = format!("texts out, {connections} in flight");
        let row = |how: &str, beside: &str, goal| {
            Row::new(format!("reports, {}, {how}", engine.name()), "reports/s", beside, goal)
        };
        let called = format!("{connections} connections");
        let mut listener = row(&called, "bare listener", Goal::Open);
        let mut called = row(&called, &texts_out, fast);
        let mut merged = row(&format!("{BATCH} at a time, no HTTP"), &texts_out, fast);
        let ids = prepare(world, engine).await;
        let calls: Arc<[Vec<u8>]> = ids.iter().copied().map(delivered).collect();
        for _ in settings.rounds() {
            let ours = ours(world, engine, &calls).await;
            listener.add(ours, bare(world, &calls).await);
            let out = dispatch::ours(world, engine, texts, connections).await;
            called.add(ours, out);
            merged.add(merging(world, engine, &ids).await, out);
        }
        table.add([listener, called, merged]);
        world.remove(engine, SENT);
    }
}

/// Makes a database of texts that the gateway has accepted.
async fn prepare(world: &World, engine: Engine) -> Vec<Uuid> {
    world.copy(engine, &queue::of(world, engine, world.settings.texts).await, SENT);
    let database = world.open(engine, SENT).await;
    let ids: Vec<Uuid> = on_pool!(&database, |pool| {
        sqlx::query(ACCEPTED).execute(pool).await.expect("all are accepted");
        sqlx::query("DELETE FROM outbox").execute(pool).await.expect("none waits");
        sqlx::query_scalar("SELECT id FROM history ORDER BY id").fetch_all(pool).await.expect("their ids")
    });
    close(database).await;
    ids
}

const ACCEPTED: &str = "
    INSERT INTO history (id, subscriber_id, enrollment_id, inbox_id, sender, phone, lane, kind, language, wording,
                         body, encoding, segments, program, edition, tip, track, week, occurs_on, queued_at,
                         not_after, tries, gateway, began_at, state, ended_at)
    SELECT id, subscriber_id, enrollment_id, inbox_id, sender, phone, lane, kind, language, wording, body, encoding,
           segments, program, edition, tip, track, week, occurs_on, queued_at, not_after, 1, 'benchmark', queued_at,
           4, queued_at
      FROM outbox";

fn delivered(text: Uuid) -> Vec<u8> {
    let sid = format!("SM{}", text.simple());
    let form = [
        ("MessageSid", &*sid),
        ("MessageStatus", "delivered"),
        ("To", "+12025550143"),
        ("From", "+12025550100"),
        ("AccountSid", crate::simulator::ACCOUNT),
        ("ApiVersion", "2010-04-01"),
    ];
    request(&format!("/webhooks/{SENDER}/report?m={}", try_name(text, 1)), &form)
}

/// The same report, read.
fn read(text: Uuid) -> (String, Report) {
    let report = Report {
        reference: Some(try_name(text, 1)),
        provider_id: Some(format!("SM{}", text.simple())),
        status: "delivered".to_owned(),
        evidence: Some(Evidence::Delivered),
        code: None,
        sentence: None,
        opted_out: false,
        raw: format!("MessageSid=SM{}&MessageStatus=delivered", text.simple()),
    };
    (SENDER.to_owned(), report)
}

/// Until the last is thanked for; by then all of it is in the database.
async fn ours(world: &World, engine: Engine, calls: &Arc<[Vec<u8>]>) -> Sample {
    world.copy(engine, SENT, COPY);
    let database = world.open(engine, COPY).await;
    let house = House::open(world, database.clone(), 1).await;
    let connections = caller::connect(house.address, world.settings.connections).await;
    let watch = Watch::start(world.server(engine));
    let thanked = caller::flood(connections, calls.clone()).await;
    let sample = watch.stop(thanked, calls.len() as u64);
    assert_merged(&database, thanked).await;
    house.close().await;
    world.remove(engine, COPY);
    sample
}

/// One batch after the other.
async fn merging(world: &World, engine: Engine, ids: &[Uuid]) -> Sample {
    world.copy(engine, SENT, COPY);
    let database = world.open(engine, COPY).await;
    let service = world.stock.service(database.clone(), Clock::System);
    let reports: Vec<_> = ids.iter().copied().map(read).collect();
    let watch = Watch::start(world.server(engine));
    for batch in reports.chunks(BATCH) {
        receive(&service, batch).await.expect("they are merged");
    }
    let all = ids.len() as u64;
    let sample = watch.stop(all, all);
    assert_merged(&database, all).await;
    database.close().await;
    world.remove(engine, COPY);
    sample
}

async fn assert_merged(database: &Database, reports: u64) {
    let merged = count(database, "SELECT COUNT(*) FROM history WHERE state = 6").await;
    assert_eq!(reports, merged, "not every report is merged into its text");
}

/// The same calls to a listener that only thanks.
async fn bare(world: &World, calls: &Arc<[Vec<u8>]>) -> Sample {
    let stop = CancellationToken::new();
    let address = house::bare(&stop).await;
    let connections = caller::connect(address, world.settings.connections).await;
    let watch = Watch::start(None);
    let thanked = caller::flood(connections, calls.clone()).await;
    let sample = watch.stop(thanked, calls.len() as u64);
    stop.cancel();
    sample
}
