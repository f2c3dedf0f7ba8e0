//! Which calls are heard and which are turned away; and that neither leaves her words in the log.

use super::house::{AMY, House, TOKEN, US, encoded, signature, stopped};
use crate::kannel_conversation::catalog::Catalog;

const INBOUND: &str = "/webhooks/twilio/inbound";
const REPORT: &str = "/webhooks/twilio/report";

#[tokio::test]
async fn a_signed_text_is_answered_through_twilio() {
    let house = House::open().await;
    let post = house.says(AMY, "HELP").await;
    assert_eq!((AMY, US), (post.to(), post.field("From")));
    let fields = [
        ("program", "Text4baby"),
        ("frequency", "3 msgs/week"),
        ("contact", "text4baby.example.org"),
        ("emergency", "911"),
    ];
    assert_eq!(Catalog::of("en").reply("help", &fields), post.body());
    let callback = post.field("StatusCallback");
    assert!(callback.starts_with("https://tips.example.org/webhooks/twilio/report?m="), "{callback}");
    assert_eq!(1.0, house.service.metric(r#"motherline_inbound_texts_total{intent="help"}"#).await);
}

/// Twilio chooses our number from a pool: a text to any of them is a text to us.
#[tokio::test]
async fn a_text_to_any_number_of_a_pool_is_heard() {
    let service = "MG00000000000000000000000000000001";
    let house =
        House::altered("auth_token", &format!("messaging_service_sid = \"{service}\"\nauth_token")).await;
    let form = [("MessageSid", "SM1"), ("From", AMY), ("To", "+12025550101"), ("Body", "STOP it please")];
    assert_eq!(200, house.call(INBOUND, &form).await);
    let post = house.twilio.post_to(AMY, 1).await;
    assert_eq!((service, ""), (post.field("MessagingServiceSid"), post.field("From")));
    assert_eq!(stopped(), post.body());
}

#[tokio::test]
async fn a_call_that_proves_nothing_is_forbidden() {
    let house = House::open().await;
    let form = [("MessageSid", "SM1"), ("From", AMY), ("To", US), ("Body", "BABY is my secret word")];
    let status = [("MessageSid", "SM1"), ("MessageStatus", "delivered"), ("To", AMY)];
    let elsewhere = signature(REPORT, &form, TOKEN);
    let by_another = signature(INBOUND, &form, "another token");
    let altered = signature(INBOUND, &[("From", AMY), ("To", US), ("Body", "HELP")], TOKEN);
    let post = async |path: &str, headers: &[(&str, &str)], form: &[(&str, &str)]| {
        house.service.post(path, headers, encoded(form)).await
    };
    assert_eq!(403, post(INBOUND, &[], &form).await);
    assert_eq!(403, post(REPORT, &[], &status).await);
    for wrong in [&elsewhere, &by_another, &altered, "", "not base 64 ä"] {
        assert_eq!(403, post(INBOUND, &[("x-twilio-signature", wrong)], &form).await, "{wrong}");
    }
    let (got, _) = house.service.get(&format!("{INBOUND}?{}", encoded(&form))).await.expect("an answer");
    assert_eq!(403, got);
    let turned_away = r#"motherline_webhooks_rejected_total{gateway="twilio",status="403"}"#;
    assert_eq!(8.0, house.service.metric(turned_away).await);
    assert!(house.service.heard(AMY).await.is_empty());

    let log = house.service.log();
    assert_eq!(8, log.matches("a webhook call was turned away").count());
    for secret in ["2025550143", "secret word", TOKEN, "SM1"] {
        assert!(!log.contains(secret), "{secret} is in the log:\n{log}");
    }
}

#[tokio::test]
async fn a_call_that_makes_no_sense_is_told_so() {
    let house = House::open().await;
    let calls: [(&str, &[(&str, &str)]); 6] = [
        (INBOUND, &[("From", AMY), ("To", US), ("Body", "no name of its own")]),
        (INBOUND, &[("MessageSid", "SM1"), ("To", US), ("Body", "from nobody")]),
        (INBOUND, &[("MessageSid", "SM1"), ("From", AMY), ("Body", "to nobody")]),
        (
            INBOUND,
            &[("MessageSid", "SM1"), ("From", AMY), ("To", "+12025550199"), ("Body", "not our number")],
        ),
        (INBOUND, &[]),
        (REPORT, &[("MessageSid", "SM1")]),
    ];
    for (path, form) in calls {
        assert_eq!(400, house.call(path, form).await, "{path} {form:?}");
    }
    for unknown in ["/webhooks/twilio/elsewhere", "/webhooks/kannel/inbound"] {
        assert_eq!(404, house.call(unknown, &[]).await);
    }
    let long = "x".repeat(64 * 1024);
    let form = [("MessageSid", "SM1"), ("From", AMY), ("To", US), ("Body", &*long)];
    assert_eq!(413, house.call(INBOUND, &form).await);
    for (status, count) in [(400, 6.0), (413, 1.0)] {
        let series = format!(r#"motherline_webhooks_rejected_total{{gateway="twilio",status="{status}"}}"#);
        assert_eq!(count, house.service.metric(&series).await, "{status}");
    }
    assert!(house.service.heard(AMY).await.is_empty());
    // None of it has hurt.
    house.says(AMY, "HELP").await;
}

#[tokio::test]
async fn a_text_that_comes_twice_has_one_effect() {
    let house = House::open().await;
    let sid = "SM000000000000000000000000000000aa";
    assert_eq!(200, house.text_as(sid, AMY, "BABY", &[]).await);
    house.twilio.post_to(AMY, 1).await;
    assert_eq!(200, house.text_as(sid, AMY, "BABY", &[]).await);
    // An answer to the second would come before this one.
    house.says(AMY, "HELP").await;
    assert_eq!(2, house.service.heard_all(AMY, 2).await.len());
}

/// From the first word to STOP, with refusals and reports in between.
#[tokio::test]
async fn the_log_holds_no_number_and_no_words() {
    let house = House::open().await;
    house.enroll(AMY).await;
    let post = house.says(AMY, "my unmistakable words").await;
    assert_eq!(200, house.report(&post, "undelivered", &[("ErrorCode", "30003")]).await);
    assert_eq!(200, house.report(&post, "beamed up", &[]).await);
    house.twilio.will(AMY, super::twilio::Answer::Refuse(21610));
    house.says(AMY, "INFO").await;
    let log = house.service.log();
    for secret in ["2025550143", "unmistakable", "Your due date", TOKEN, "10001"] {
        assert!(!log.contains(secret), "{secret} is in the log:\n{log}");
    }
}
