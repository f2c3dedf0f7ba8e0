//! Whether a gateway is back is found out with one text and no more; what has become late meanwhile leaves in no flood.

use std::time::Duration;

use chrono::TimeDelta;

use motherline::flows::{Bell, dispatch};
use motherline::store::{Database, outbox};

use super::{House, execute, text};
use crate::support::engines::on_both;
use crate::support::service::eventually;

const TRIED: &str = "SELECT COUNT(*) FROM attempts";
/// To spread them takes longer than to send a few of them.
const TIPS: i64 = 2000;
const ON_THE_WIRE: &str = "SELECT COUNT(*) FROM outbox WHERE state = 2";
const SENT: &str = "SELECT COUNT(*) FROM history WHERE state = 4 AND lane = 1";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_text_asks_whether_a_gateway_is_back() {
    on_both(async |database| {
        let house = House::begin(&database, "asking", |_| {}).await;
        house.gateway_goes_away();
        house.queue(&["+12025550143"; 30], false).await;
        house.queue(&["+12025550144"; 30], true).await;
        let open = r#"motherline_gateway_circuit_open{sender="asking",gateway="rehearsal"} 1"#;
        eventually("the circuit is open", async || {
            house.service().metrics.encode().contains(open).then_some(())
        })
        .await;
        house.until(0, ON_THE_WIRE).await;
        // Texts of both kinds are due again, or still; a minute is the longest pause there is.
        for _ in 0..3 {
            let before = house.count(TRIED).await;
            house.wait(TimeDelta::seconds(61));
            // Both would be begun in one transaction, so none is on the wire when all that asked have come back.
            let tried = eventually("somebody asked", async || {
                let both = "SELECT COUNT(*) * 1000 + (SELECT COUNT(*) FROM outbox WHERE state = 2)
                              FROM attempts";
                let seen = house.count(both).await;
                (seen % 1000 == 0 && seen / 1000 > before).then_some(seen / 1000)
            })
            .await;
            assert_eq!(before + 1, tried, "one text asks");
        }
        let answers = "SELECT COUNT(*) FROM outbox WHERE lane = 0 AND tries > 0";
        assert!(house.count(answers).await > 0, "and an answer, if one waits");
        house.end().await;
    })
    .await;
}

const AWAY: &str = "SELECT COUNT(*) FROM circuits";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_process_wrote_of_a_gateway_before_it_was_gone_does_not_stay() {
    on_both(async |database| {
        let house = House::begin(&database, "told", |_| {}).await;
        house.queue(&["+12025550143"], false).await;
        house.until(1, SENT).await;
        // Another process, to which it did not answer, and which is gone since.
        dispatch::gateway_away(house.service(), &house.sender, "rehearsal").await.expect("written");
        house.queue(&["+12025550143"], false).await;
        house.until(2, SENT).await;
        assert_eq!(1, house.count(AWAY).await, "it may be there still, and be right");
        house.wait(TimeDelta::minutes(11));
        house.queue(&["+12025550143"], false).await;
        house.until(0, AWAY).await;
        house.end().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_gateway_that_answers_another_process_alone_is_told_of_again() {
    on_both(async |database| {
        let house = House::begin(&database, "alone", |_| {}).await;
        house.gateway_goes_away();
        house.queue(&["+12025550143"; 30], false).await;
        house.until(1, AWAY).await;
        house.until(0, ON_THE_WIRE).await;
        let since = "SELECT COUNT(DISTINCT open_since) FROM
                       (SELECT open_since FROM circuits UNION ALL SELECT MIN(at) FROM alarms WHERE kind = 'gateway_away') AS t";
        // Another process, to which it answers. This one asks within a minute, and is not answered.
        dispatch::gateway_back(house.service(), &house.sender, "rehearsal").await.expect("written");
        assert_eq!(0, house.count(AWAY).await);
        house.wait(TimeDelta::seconds(61));
        house.until(1, AWAY).await;
        assert_eq!(1, house.count(since).await, "since when it has been away");
        assert_eq!(1, house.count("SELECT COUNT(*) FROM alarms WHERE kind = 'gateway_away'").await);
        house.end().await;
    })
    .await;
}

/// Tips of a morning, due now; their windows stay open for four hours.
async fn queue_tips(house: &House) {
    let service = house.service();
    let tips: Vec<_> = (0..TIPS)
        .map(|_| {
            let mut tip = text(service, &house.sender.name, "+12025550143", false);
            tip.window_closes_at = Some(service.now() + TimeDelta::hours(4));
            tip
        })
        .collect();
    let mut tx = house.database.begin().await.expect("a transaction");
    outbox::queue(&mut tx, &tips).await.expect("they wait");
    tx.commit().await.expect("they wait");
    service.bells.ring(Bell::Outbound);
}

/// How many tips are sent when nothing is due any more.
async fn sent(house: &House) -> i64 {
    let now = house.world.now();
    eventually("nothing is due any more", async || {
        let due = "SELECT COUNT(*) FROM outbox WHERE state <> 0 OR next_try_at <= $1";
        let due: i64 = match &house.database {
            Database::Sqlite { read, .. } => sqlx::query_scalar(due).bind(now).fetch_one(read).await,
            Database::Postgres(pool) => sqlx::query_scalar(due).bind(now).fetch_one(pool).await,
        }
        .expect("a count");
        (due == 0).then_some(())
    })
    .await;
    house.count(SENT).await
}

/// The tips are late: few of them leave at once, and the rest leaves over an hour.
async fn leave_over_an_hour(house: &House) {
    let at_once = sent(house).await;
    // A claim that was under way when the clock was moved had begun some dozens.
    assert!(at_once < 100, "nothing goes before all that is late is spread: {at_once}");
    let mut half = at_once;
    for _ in 0..10 {
        house.wait(TimeDelta::minutes(3));
        half = sent(house).await;
    }
    let rest = TIPS - at_once;
    assert!(
        (at_once + rest / 4..at_once + rest * 3 / 4).contains(&half),
        "half of {rest} in half the time: {half}"
    );
    for _ in 0..11 {
        house.wait(TimeDelta::minutes(3));
        sent(house).await;
    }
    assert_eq!(TIPS, house.count(SENT).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_an_outage_what_is_late_is_spread_again() {
    on_both(async |database| {
        let house = House::begin(&database, "back", |_| {}).await;
        house.gateway_goes_away_for(TimeDelta::minutes(30));
        queue_tips(&house).await;
        let open = r#"motherline_gateway_circuit_open{sender="back",gateway="rehearsal"} 1"#;
        let service = house.service();
        eventually("the circuit is open", async || service.metrics.encode().contains(open).then_some(()))
            .await;
        house.until(0, ON_THE_WIRE).await;
        house.wait(TimeDelta::minutes(31));
        eventually("one asks", async || (house.count(SENT).await > 0).then_some(())).await;
        leave_over_an_hour(&house).await;
        house.end().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_a_hold_what_is_late_is_spread_again_and_an_answer_goes() {
    on_both(async |database| {
        let house = House::begin(&database, "held", |_| {}).await;
        house.queue(&["+12025550143"], false).await;
        house.until(1, SENT).await;
        execute(&database, "DELETE FROM history").await;
        execute(
            &database,
            "UPDATE sender_accounts SET held_until = '2026-11-23T14:20:00+00:00' WHERE sender = 'held'",
        )
        .await;
        queue_tips(&house).await;
        house.queue(&["+12025550144"], true).await;
        // It looks a few times, and must not begin anything.
        tokio::time::sleep(Duration::from_millis(200)).await;
        assert_eq!(0, house.count("SELECT COUNT(*) FROM history").await);
        house.wait(TimeDelta::minutes(21));
        house.until(1, "SELECT COUNT(*) FROM history WHERE state = 4 AND lane = 0").await;
        leave_over_an_hour(&house).await;
        house.end().await;
    })
    .await;
}
