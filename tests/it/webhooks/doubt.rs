//! When Twilio does not say yes: what may have been sent waits for evidence, what was certainly not is tried
//! again when Twilio wants it.

use std::time::{Duration, Instant};

use chrono::TimeDelta;
use motherline::clock::Clock;
use serde_json::json;

use super::house::{AMY, BEA, CAT, House, US};
use super::twilio::Answer;
use crate::support::service::{Service, eventually, on_each};

#[tokio::test]
async fn what_may_have_been_sent_is_not_sent_again_without_evidence() {
    let mut house = House::open().await;
    for woman in [AMY, BEA, CAT] {
        house.twilio.will(woman, Answer::Fault);
        house.says(woman, "HELP").await;
        house.service.until_states(woman, &["in_doubt"]).await;
    }
    // Twilio's list has Bea's text, does not have Cat's, and of Amy's it cannot tell.
    let body = house.twilio.posts_to(BEA)[0].body().to_owned();
    let row =
        json!({"sid": "SM000000000000000000000000000000d1", "status": "sent", "from": US, "body": body});
    house.twilio.lists(BEA, vec![row]);
    house.twilio.lists(CAT, Vec::new());
    // Two minutes go by, which no test should wait for; and a restart, which looks at doubts at once.
    assert_eq!(0, house.service.stop().await);
    age_doubts(&house.service).await;
    house.service.start_again().await;
    house.service.until_states(BEA, &["sent"]).await;
    house.service.until_states(CAT, &["accepted"]).await;
    assert_eq!("in_doubt", house.service.states(AMY).await[0]);
    assert!(house.twilio.looked_up().iter().any(|phone| phone == AMY));
    let counts = [AMY, BEA, CAT].map(|woman| house.twilio.posts_to(woman).len());
    assert_eq!([1, 1, 2], counts, "only what is certainly not there goes again");

    // A report settles what the list could not.
    let post = house.twilio.posts_to(AMY).remove(0);
    assert_eq!(200, house.report(&post, "delivered", &[]).await);
    assert_eq!(["delivered"], *house.service.states(AMY).await);
    let lost = r#"motherline_sends_total{sender="long-code",outcome="accepted""#;
    assert_eq!(1.0, house.service.metric(lost).await, "since the restart");
}

async fn age_doubts(service: &Service) {
    let looked = "UPDATE outbox SET next_try_at = $1 WHERE state = 3";
    let began = "UPDATE outbox SET began_at = $1 WHERE state = 3";
    let then = Clock::System.now() - TimeDelta::minutes(3);
    on_each!(&service.database, |pool| {
        for update in [looked, began] {
            let done = sqlx::query(update).bind(then).execute(pool).await.expect("time goes by");
            assert_eq!(3, done.rows_affected());
        }
    });
}

#[tokio::test]
async fn a_throttled_text_waits_as_long_as_twilio_asks() {
    let house = House::open().await;
    house.twilio.will(AMY, Answer::Throttle(7));
    let before = Instant::now();
    let first = house.says(AMY, "HELP").await;
    let second = house.twilio.post_to(AMY, 2).await;
    assert!(before.elapsed() >= Duration::from_millis(6_900), "{:?}", before.elapsed());
    assert_eq!(first.body(), second.body());
    assert_ne!(first.field("StatusCallback"), second.field("StatusCallback"), "each try has its own name");
    house.service.until_states(AMY, &["accepted"]).await;
    assert_eq!(2, house.service.sent_to(AMY).await[0].tries);
    let throttled = r#"motherline_sends_total{sender="long-code",outcome="transient",code="20429"}"#;
    assert_eq!(1.0, house.service.metric(throttled).await);
}

#[tokio::test]
async fn a_refusal_of_us_stops_the_sender_with_an_alarm_and_loses_nothing() {
    let house = House::open().await;
    house.twilio.will(AMY, Answer::Refuse(20003));
    house.says(AMY, "HELP").await;
    eventually("the alarm", async || house.service.alarms("sender_refused").await.pop()).await;
    assert_eq!(200, house.text(BEA, "HELP").await);
    house.service.heard_all(BEA, 1).await;
    // Until the hold ends everything waits, hers and what came meanwhile.
    assert_eq!(
        (["queued"].to_vec(), ["queued"].to_vec()),
        (house.service.states(AMY).await, house.service.states(BEA).await)
    );
    let lift = "UPDATE sender_accounts SET held_until = $1";
    let now = "UPDATE outbox SET next_try_at = $1";
    let then = Clock::System.now() - TimeDelta::seconds(1);
    on_each!(&house.service.database, |pool| {
        for update in [lift, now] {
            sqlx::query(update).bind(then).execute(pool).await.expect("five minutes go by");
        }
    });
    house.service.until_states(AMY, &["accepted"]).await;
    house.service.until_states(BEA, &["accepted"]).await;
}
