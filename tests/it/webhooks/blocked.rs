//! STOP where Twilio answers by itself and then blocks: who confirms, what still goes out, how she comes back.

use super::house::{AMY, BEA, House, stopped};
use super::twilio::Answer;
use crate::support::service::eventually;

#[tokio::test]
async fn a_stop_that_twilio_confirms_is_not_confirmed_again() {
    let house = House::open().await;
    house.enroll(AMY).await;
    assert_eq!(200, house.text(AMY, " stop ").await);
    assert_eq!("stop", house.service.heard_all(AMY, 5).await[4]);
    assert_eq!(["stopped"], *house.service.enrollments(AMY).await);
    assert_eq!((true, true), house.service.stopped_and_blocked(AMY).await);

    // Only her START lifts it at Twilio: what we sent now would be refused there.
    assert_eq!(200, house.text(AMY, "BABY").await);
    assert_eq!("baby", house.service.heard_all(AMY, 6).await[5]);
    let alarms = house.service.alarms("blocked_at_provider").await;
    assert_eq!(1, alarms.len());
    assert!(alarms[0].detail.contains("only START, YES or UNSTOP from her phone lifts it"));
    assert!(!alarms[0].subject.contains("2025550143"));

    let post = house.says(AMY, "START").await;
    assert!(post.body().starts_with("Welcome back to Text4baby. Your due date:"), "{}", post.body());
    assert_eq!(5, house.twilio.posts_to(AMY).len(), "nothing between STOP and START");
    let post = house.says(AMY, "YES").await;
    assert!(post.body().starts_with("You will get Text4baby again"), "{}", post.body());
    assert_eq!(["active"], *house.service.enrollments(AMY).await);
    assert_eq!((false, false), house.service.stopped_and_blocked(AMY).await);
}

#[tokio::test]
async fn a_stop_that_twilio_does_not_know_is_confirmed_by_us() {
    let house = House::open().await;
    house.enroll(AMY).await;
    assert_eq!(stopped(), house.says(AMY, "ALTO").await.body());
    assert_eq!((true, false), house.service.stopped_and_blocked(AMY).await);
    assert_eq!(["stopped"], *house.service.enrollments(AMY).await);
    // Once, whatever else she says to that end.
    for body in ["alto", "STOP", "no more texts please"] {
        assert_eq!(200, house.text(AMY, body).await);
    }
    house.service.heard_all(AMY, 8).await;
    house.says(BEA, "HELP").await;
    assert_eq!(5, house.twilio.posts_to(AMY).len());
}

#[tokio::test]
async fn advanced_opt_out_tells_which_words_twilio_answered() {
    let house = House::open().await;
    house.enroll(AMY).await;
    let more = [("OptOutType", "STOP")];
    assert_eq!(200, house.text_as("SM000000000000000000000000000000c1", AMY, "Basta ya", &more).await);
    house.service.heard_all(AMY, 5).await;
    assert_eq!((true, true), house.service.stopped_and_blocked(AMY).await);
    let more = [("OptOutType", "HELP")];
    assert_eq!(200, house.text_as("SM000000000000000000000000000000c2", BEA, "HELP", &more).await);
    house.service.heard_all(BEA, 1).await;
    house.says(BEA, "BABY").await;
    assert_eq!(4, house.twilio.posts_to(AMY).len());
    // Twilio took her word for START and said that she is back: the rest of it is ours to ask.
    let more = [("OptOutType", "START")];
    assert_eq!(200, house.text_as("SM000000000000000000000000000000c3", AMY, "Otra vez", &more).await);
    let post = house.twilio.post_to(AMY, 5).await;
    assert!(post.body().starts_with("Welcome back to Text4baby. Your due date:"), "{}", post.body());
    assert_eq!((true, false), house.service.stopped_and_blocked(AMY).await);
}

#[tokio::test]
async fn a_refusal_because_she_opted_out_is_a_stop() {
    let house = House::open().await;
    house.enroll(AMY).await;
    house.twilio.will(AMY, Answer::Refuse(21610));
    house.says(AMY, "HELP").await;
    let sent = eventually("the refusal is written down", async || {
        house.service.sent_to(AMY).await.pop().filter(|sent| sent.state() == "failed")
    })
    .await;
    assert_eq!(Some("21610"), sent.code.as_deref());
    assert_eq!(Some("She has opted out at Twilio; only her own START lifts it."), sent.reason.as_deref());
    assert_eq!((true, true), house.service.stopped_and_blocked(AMY).await);
    assert_eq!(["stopped"], *house.service.enrollments(AMY).await);
    let refused = r#"motherline_sends_total{sender="long-code",outcome="refused_recipient",code="21610"}"#;
    assert_eq!(1.0, house.service.metric(refused).await);

    // The same said later, of a text that had been taken.
    house.enroll(BEA).await;
    let post = house.says(BEA, "HELP").await;
    assert_eq!(200, house.report(&post, "undelivered", &[("ErrorCode", "21610")]).await);
    assert_eq!((true, true), house.service.stopped_and_blocked(BEA).await);
    assert_eq!(["stopped"], *house.service.enrollments(BEA).await);
}
