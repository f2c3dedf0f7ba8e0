//! What Twilio says of our texts afterwards: in any order, twice, too early, in words nobody knows.

use super::house::{AMY, House};
use crate::support::service::{Service, eventually, on_each};

#[tokio::test]
async fn reports_count_in_any_order_and_never_take_back() {
    let house = House::open().await;
    let post = house.says(AMY, "HELP").await;
    for (reported, then) in [
        ("sent", "sent"),
        ("queued", "sent"),
        ("sent", "sent"),
        ("delivered", "delivered"),
        ("delivered", "delivered"),
        ("sent", "delivered"),
        ("undelivered", "delivered"),
        ("queued", "delivered"),
    ] {
        assert_eq!(200, house.report(&post, reported, &[]).await);
        assert_eq!([then], *house.service.states(AMY).await, "after {reported}");
    }
    let delivered = r#"motherline_delivery_reports_total{gateway="twilio",meaning="delivered"}"#;
    assert_eq!(2.0, house.service.metric(delivered).await);
}

#[tokio::test]
async fn a_failure_is_kept_with_its_code_and_a_plain_sentence() {
    let house = House::open().await;
    let post = house.says(AMY, "HELP").await;
    assert_eq!(200, house.report(&post, "undelivered", &[("ErrorCode", "30005")]).await);
    let sent = house.service.sent_to(AMY).await.pop().expect("her answer");
    assert_eq!(("failed", Some("30005")), (sent.state(), sent.code.as_deref()));
    assert_eq!(Some("The number is not in use."), sent.reason.as_deref());
}

#[tokio::test]
async fn reports_may_come_before_the_answer() {
    let house = House::open().await;
    let release = house.twilio.will_hold(AMY);
    let post = house.says(AMY, "HELP").await;
    assert_eq!(200, house.report(&post, "delivered", &[]).await);
    assert_eq!(["delivered"], *house.service.states(AMY).await);
    release.send(()).expect("Twilio waits");
    until_named(&house.service, &post.sid).await;
    assert_eq!(["delivered"], *house.service.states(AMY).await);

    // Not even our own name for it comes along: Twilio's must do, once we know it.
    let release = house.twilio.will_hold(AMY);
    let post = house.says(AMY, "INFO").await;
    assert_eq!(200, house.report_at("/webhooks/twilio/report", &post.sid, "delivered", &[]).await);
    assert_eq!("sending", house.service.states(AMY).await[1]);
    release.send(()).expect("Twilio waits");
    until_named(&house.service, &post.sid).await;
    assert_eq!(["delivered", "delivered"], *house.service.states(AMY).await);
}

/// Until Twilio's answer is written down.
async fn until_named(service: &Service, sid: &str) {
    eventually("Twilio's name for the text", async || {
        let select = "SELECT COUNT(*) FROM texts WHERE provider_id = $1";
        let count: i64 =
            on_each!(&service.database, |pool| sqlx::query_scalar(select).bind(sid).fetch_one(pool).await)
                .expect("the attempts");
        (count == 1).then_some(())
    })
    .await;
}

#[tokio::test]
async fn a_word_nobody_knows_is_kept_and_flagged() {
    let house = House::open().await;
    let post = house.says(AMY, "HELP").await;
    assert_eq!(200, house.report(&post, "beamed_up", &[]).await);
    assert_eq!(200, house.report(&post, "beamed_up", &[]).await);
    house.service.until_states(AMY, &["accepted"]).await;
    let select = "SELECT status, evidence, raw FROM reports WHERE attempt_id IS NOT NULL";
    let kept: Vec<(String, Option<String>, String)> =
        on_each!(&house.service.database, |pool| sqlx::query_as(select).fetch_all(pool).await)
            .expect("the reports");
    assert_eq!(2, kept.len());
    let (status, evidence, raw) = &kept[0];
    assert_eq!(("beamed_up", None), (&**status, evidence.as_deref()));
    assert!(raw.contains(&post.sid), "{raw}");
    let alarms = house.service.alarms("unknown_status").await;
    assert_eq!(1, alarms.len(), "one is enough for a day");
    assert_eq!("twilio beamed_up", alarms[0].subject);
    let unknown = r#"motherline_delivery_reports_total{gateway="twilio",meaning="unknown"}"#;
    assert_eq!(2.0, house.service.metric(unknown).await);
}

#[tokio::test]
async fn a_report_about_somebody_elses_text_changes_nothing() {
    let house = House::open().await;
    house.says(AMY, "HELP").await;
    house.service.until_states(AMY, &["accepted"]).await;
    let path = "/webhooks/twilio/report?m=00000000-0000-7000-8000-000000000001";
    assert_eq!(200, house.report_at(path, "SM000000000000000000000000000000bb", "failed", &[]).await);
    assert_eq!(["accepted"], *house.service.states(AMY).await);
}
