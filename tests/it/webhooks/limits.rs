//! What must not leave: texts to other countries, and more texts than the day allows.

use super::house::{AMY, House};
use crate::kannel_conversation::catalog::Catalog;
use crate::support::service::eventually;

#[tokio::test]
async fn no_text_leaves_for_a_country_outside_the_program() {
    let house = House::open().await;
    // Russia; Canada and Jamaica, which share +1; France; Japan; and one that is no number at all.
    let strangers =
        ["+79161234567", "+14165550123", "+18765550123", "+33612345678", "+819012345678", "CARRIER"];
    for stranger in strangers {
        for body in ["BABY", "HELP", "STOP", "12/24/2026"] {
            assert_eq!(200, house.text(stranger, body).await);
        }
    }
    for stranger in strangers {
        let heard = house.service.heard_all(stranger, 4).await;
        let expected = if stranger == "CARRIER" { "not_a_number" } else { "country_not_served" };
        assert!(heard.iter().all(|intent| intent == expected), "{stranger}: {heard:?}");
        assert!(house.service.sent_to(stranger).await.is_empty());
        assert!(house.service.enrollments(stranger).await.is_empty());
    }
    house.says(AMY, "BABY").await;
    assert_eq!(1, house.twilio.count());
    let counted = r#"motherline_inbound_texts_total{intent="country_not_served"}"#;
    assert_eq!(20.0, house.service.metric(counted).await);
}

/// One number, both programs: a woman who asks for the one that does not serve her is told so, once.
#[tokio::test]
async fn the_wrong_program_says_so_once() {
    let house = House::altered(r#"["text4baby-us"]"#, r#"["text4baby-us", "text4baby-russia"]"#).await;
    let anna = "+79161234567";
    let post = house.says(anna, "BABY").await;
    let sorry = Catalog::of("en").reply("country_not_served", &[("program", "Text4baby")]);
    assert_eq!(sorry, post.body());
    assert_eq!(200, house.text(anna, "BABY").await);
    house.service.heard_all(anna, 2).await;
    let post = house.says(anna, "МАМА").await;
    assert!(post.body().starts_with("Здравствуйте! Это «СМС-маме»"), "{}", post.body());
}

#[tokio::test]
async fn the_daily_cap_stops_the_sender_with_an_alarm() {
    let mut house = House::with("segments_per_day = 3").await;
    for body in ["BABY", "in 20 weeks", "HELP"] {
        house.says(AMY, body).await;
    }
    assert_eq!(200, house.text(AMY, "INFO").await);
    let alarm = eventually("the alarm", async || house.service.alarms("daily_cap").await.pop()).await;
    assert_eq!("long-code", alarm.subject);
    assert_eq!("it has sent as many segments today as it may", alarm.detail);
    assert_eq!("queued", house.service.states(AMY).await[3]);
    assert_eq!(1.0, house.service.metric(r#"motherline_alarms_total{kind="daily_cap"}"#).await);
    // Nothing more today, not even after a restart, and she is still heard.
    house.service.kill();
    house.service.start_again().await;
    assert_eq!(200, house.text(AMY, "STOP").await);
    assert_eq!("stop", house.service.heard_all(AMY, 5).await[4]);
    assert_eq!("canceled", house.service.states(AMY).await[3]);
    assert_eq!(3, house.twilio.count());
}
