//! What is too old is deleted, and nothing that is still needed.

use chrono::TimeDelta;
use motherline::flows::retention::{Retention, forget};

use super::{HER, at, count, enroll, world};
use crate::support::engines::on_both;

#[tokio::test]
async fn what_is_too_old_is_forgotten_and_what_proves_is_kept() {
    on_both(async |database| {
        let mut world = world(database.clone()).await;
        enroll(&mut world).await;
        world.advance_to(at("2027-01-20T12:00:00-05:00")).await.expect("time");
        world.text(HER, "HELP").await.expect("a text");
        let policy = Retention {
            texts: TimeDelta::days(40),
            reports: TimeDelta::days(35),
            inbox: TimeDelta::days(40),
        };
        let all = async |table: &'static str| match table {
            "history" => count(&database, "SELECT COUNT(*) FROM history").await,
            "reports" => count(&database, "SELECT COUNT(*) FROM reports").await,
            "planned" => count(&database, "SELECT COUNT(*) FROM planned").await,
            "consents" => count(&database, "SELECT COUNT(*) FROM consents").await,
            _ => count(&database, "SELECT COUNT(*) FROM inbox").await,
        };
        let (texts, reports, planned, consents) =
            (all("history").await, all("reports").await, all("planned").await, all("consents").await);
        while forget(world.service(), &policy).await.expect("forgotten") > 0 {}
        let (texts_left, reports_left) = (all("history").await, all("reports").await);
        assert!(0 < texts_left && texts_left < texts, "{texts_left} of {texts} texts");
        assert!(0 < reports_left && reports_left < reports, "{reports_left} of {reports} reports");
        assert_eq!(1, all("inbox").await, "only what she wrote now");
        assert_eq!((planned, consents), (all("planned").await, all("consents").await));
        let young = "SELECT COUNT(*) FROM history WHERE queued_at < '2026-12-11T17:00:00+00:00'";
        assert_eq!(0, count(&database, young).await, "older than forty days");
    })
    .await;
}
