//! Whether a gateway is back is found out with one text and no more.

use chrono::TimeDelta;

use super::House;
use crate::support::engines::on_both;
use crate::support::service::eventually;

const TRIED: &str = "SELECT COUNT(*) FROM attempts";
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
