//! Whether a gateway is back is found out with one text and no more.

use chrono::TimeDelta;

use motherline::store::outbox;

use super::{House, text};
use crate::support::engines::on_both;
use crate::support::service::eventually;

const TRIED: &str = "SELECT COUNT(*) FROM attempts";
/// To spread them takes longer than to send a few of them.
const TIPS: i64 = 2000;
const ON_THE_WIRE: &str = "SELECT COUNT(*) FROM outbox WHERE state = 2";

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

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_an_outage_what_is_late_is_spread_again() {
    on_both(async |database| {
        let house = House::begin(&database, "back", |_| {}).await;
        house.gateway_goes_away_for(TimeDelta::minutes(30));
        let service = house.service();
        let tips: Vec<_> = (0..TIPS)
            .map(|_| {
                let mut tip = text(service, "back", "+12025550143", false);
                tip.window_closes_at = Some(service.now() + TimeDelta::hours(4));
                tip
            })
            .collect();
        let mut tx = database.begin().await.expect("a transaction");
        outbox::queue(&mut tx, &tips).await.expect("they wait");
        tx.commit().await.expect("they wait");
        service.bells.ring(motherline::flows::Bell::Outbound);
        let open = r#"motherline_gateway_circuit_open{sender="back",gateway="rehearsal"} 1"#;
        eventually("the circuit is open", async || service.metrics.encode().contains(open).then_some(()))
            .await;
        house.until(0, ON_THE_WIRE).await;
        house.wait(TimeDelta::minutes(31));
        // The one that asked is gone; of the rest each leaves within an hour.
        let sent = "SELECT COUNT(*) FROM history WHERE state = 4";
        let at_once = eventually("nothing is late any more", async || {
            let late =
                "SELECT COUNT(*) FROM outbox WHERE state = 0 AND next_try_at <= '2026-11-23T14:31:00+00:00'";
            let gone = house.count(sent).await;
            (house.count(late).await == 0 && gone > 0 && house.count(ON_THE_WIRE).await == 0).then_some(gone)
        })
        .await;
        // A claim that was under way when the clock was moved had begun some dozens.
        assert!(at_once < 100, "nothing goes before all that is late is spread: {at_once}");
        house.wait(TimeDelta::minutes(30));
        let half = eventually("some leave", async || {
            let gone = house.count(sent).await;
            let due =
                "SELECT COUNT(*) FROM outbox WHERE state <> 0 OR next_try_at <= '2026-11-23T15:01:00+00:00'";
            (house.count(due).await == 0).then_some(gone)
        })
        .await;
        let rest = TIPS - at_once;
        assert!(
            (at_once + rest / 4..at_once + rest * 3 / 4).contains(&half),
            "half of {rest} in half the time: {half}"
        );
        house.wait(TimeDelta::minutes(31));
        house.until(TIPS, sent).await;
        house.end().await;
    })
    .await;
}
