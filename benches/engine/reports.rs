//! Reports: delivery reports a second that are written, merged into their texts and thanked for, beside a listener
//! that reads the same calls and writes nothing.

use std::sync::Arc;

use motherline::ids::try_name;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::caller::{self, request};
use crate::dispatch;
use crate::figures::{Sample, Watch};
use crate::house::{self, House};
use crate::world::{Engine, SENDER, World, close, count, on_pool};

const SENT: &str = "sent";
const COPY: &str = "reports";

/// Makes a database of texts that the gateway has accepted; gives the calls that report each delivered.
pub async fn prepare(world: &World, engine: Engine) -> Arc<[Vec<u8>]> {
    dispatch::fill(world, engine, SENT, world.settings.texts).await;
    let database = world.open(engine, SENT).await;
    let ids: Vec<Uuid> = on_pool!(&database, |pool| {
        sqlx::query(ACCEPTED).execute(pool).await.expect("all are accepted");
        sqlx::query("DELETE FROM outbox").execute(pool).await.expect("none waits");
        sqlx::query_scalar("SELECT id FROM history ORDER BY id").fetch_all(pool).await.expect("their ids")
    });
    close(database).await;
    ids.into_iter().map(delivered).collect()
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

/// Until the last is thanked for; by then all of it is in the database.
pub async fn ours(world: &World, engine: Engine, calls: &Arc<[Vec<u8>]>) -> Sample {
    world.copy(engine, SENT, COPY);
    let database = world.open(engine, COPY).await;
    let house = House::open(world, database.clone(), 1).await;
    let connections = caller::connect(house.address, world.settings.connections).await;
    let watch = Watch::start(world.server(engine));
    let thanked = caller::flood(connections, calls.clone()).await;
    let sample = watch.stop(thanked, calls.len() as u64);
    let merged = count(&database, "SELECT COUNT(*) FROM history WHERE state = 6").await;
    assert_eq!(thanked, merged, "what was thanked for is not what was merged");
    house.close().await;
    world.remove(engine, COPY);
    sample
}

/// The same calls to a listener that only thanks.
pub async fn bare(world: &World, calls: &Arc<[Vec<u8>]>) -> Sample {
    let stop = CancellationToken::new();
    let address = house::bare(&stop).await;
    let connections = caller::connect(address, world.settings.connections).await;
    let watch = Watch::start(None);
    let thanked = caller::flood(connections, calls.clone()).await;
    let sample = watch.stop(thanked, calls.len() as u64);
    stop.cancel();
    sample
}
