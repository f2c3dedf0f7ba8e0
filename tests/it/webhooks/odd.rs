//! Texts that are hardly texts: kept, met with help once, and never the beginning of a loop.

use tempfile::TempDir;

use super::house::{AMY, BEA, House, settings};
use super::twilio::Twilio;
use crate::support::engines;

#[tokio::test]
async fn odd_texts_are_kept_and_met_with_help_once() {
    let folder = TempDir::new().expect("a folder");
    for database in [engines::sqlite(folder.path()), engines::postgres()] {
        let twilio = Twilio::open().await;
        let settings = settings(&twilio, &database, "");
        let house = House::of(twilio, settings, TempDir::new().expect("a folder")).await;
        let long = "Lorem ipsum dolor sit amet. ".repeat(72);
        let odd = [
            "",
            " ",
            "👶",
            "\u{0}\u{1}\u{7f}\u{200b}",
            "\u{feff}\u{202e}",
            "你好，我想要帮助",
            "مرحبا",
            &long,
        ];
        for body in odd {
            assert_eq!(200, house.text(AMY, body).await, "{body:?}");
        }
        house.service.heard_all(AMY, odd.len()).await;
        // The last comes after all that went to her, and in the middle of an enrollment it is no other.
        house.says(BEA, "BABY").await;
        assert_eq!(1, house.twilio.posts_to(AMY).len(), "{:?}", house.twilio.posts_to(AMY));
        for body in odd {
            assert_eq!(200, house.text(BEA, body).await, "{body:?}");
        }
        house.service.heard_all(BEA, 1 + odd.len()).await;
        house.says(AMY, "HELP").await;
        assert_eq!(2, house.twilio.posts_to(BEA).len(), "{:?}", house.twilio.posts_to(BEA));
    }
}

/// The other end answers by itself, always the same: it is heard, and soon not answered.
#[tokio::test]
async fn an_auto_responder_is_not_answered_for_ever() {
    let house = House::open().await;
    let body = "HELP! I am driving and cannot read this. Sent automatically";
    for _ in 0..8 {
        assert_eq!(200, house.text(AMY, body).await);
    }
    for _ in 0..8 {
        assert_eq!(200, house.text(BEA, "HELP").await);
    }
    house.service.heard_all(AMY, 8).await;
    house.service.heard_all(BEA, 8).await;
    house.says("+12025550146", "HELP").await;
    // "HELP!" may be meant, so it is answered as danger is: a few times more.
    assert_eq!((5, 2), (house.twilio.posts_to(AMY).len(), house.twilio.posts_to(BEA).len()));
}
