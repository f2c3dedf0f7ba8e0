//! UPDATE: a new date re-times everything, takes back what was queued, and sends no day's tip twice.

use chrono::TimeDelta;
use motherline::gateway::rehearsal::{Fault, FaultKind};

use super::{Phone, assert_says, at, tips};

#[tokio::test]
async fn a_birth_moves_her_to_the_babys_tips() {
    let mut phone = Phone::new().await;
    for (language, [update, birth, yes], [read_back, done]) in [
        ("en", ["UPDATE", "nov 23", "NO"], ["November 23, 2026", "November 23, 2026"]),
        ("es", ["ACTUALIZAR", "nació el 22 de noviembre", "si"], ["22 de noviembre", "22 de noviembre"]),
        ("ru", ["обновить", "родила 22 ноября", "да"], ["22 ноября 2026", "22 ноября 2026"]),
    ] {
        phone.speak(language);
        phone.enrolls().await;
        phone.hears(update, "ask_update").await;
        if language == "en" {
            // On the day itself it may be the due date, and NO offers the birth.
            phone.hears(birth, "confirm_due").await;
            assert_says(&phone.hears(yes, "offer_others").await, &["baby born", read_back]);
            assert_says(&phone.hears("1", "updated_born").await, &[done]);
        } else {
            assert_says(&phone.hears(birth, "confirm_born").await, &[read_back]);
            assert_says(&phone.hears(yes, "updated_born").await, &[done]);
        }
        assert_eq!(vec!["active"], phone.enrollments().await, "the same enrollment");
    }
    let then = phone.wait(TimeDelta::days(20)).await;
    assert!(then.iter().all(|line| line.track.as_deref() != Some("pregnancy")));
    assert!(then.iter().any(|line| line.tip.as_deref() == Some("us-baby-01-2-fever")), "in their week");
}

#[tokio::test]
async fn a_new_due_date_moves_the_weeks() {
    let mut phone = Phone::new().await;
    phone.enrolls().await;
    phone.until("2026-12-01T12:00:00-05:00").await;
    phone.goes(&[("update", "ask_update"), ("march 29 2027", "confirm_due")]).await;
    assert_says(&phone.hears("yes", "updated_due").await, &["March 29, 2027", "23 weeks 1 day"]);
    let then = phone.until("2026-12-05T00:00:00-05:00").await;
    let weeks: Vec<_> = then.iter().map(|line| line.week).collect();
    assert_eq!(vec![Some(23), Some(23)], weeks, "Wednesday and Friday, two weeks further on than they were");
}

#[tokio::test]
async fn the_date_may_stand_beside_the_word() {
    let mut phone = Phone::new().await;
    for (language, due, other, born, no_date) in [
        (
            "en",
            "UPDATE march 29 2027",
            "my due date is now april 2",
            "update nov 20",
            "my due date worries me",
        ),
        (
            "es",
            "actualizar 29 de marzo de 2027",
            "mi fecha de parto es el 2 de abril",
            "actualizar 20 de noviembre",
            "mi fecha de parto me preocupa",
        ),
        (
            "ru",
            "обновить 29 марта 2027",
            "срок родов теперь 2 апреля",
            "обновить 20 ноября",
            "мой срок пугает меня",
        ),
    ] {
        phone.speak(language);
        phone.enrolls().await;
        phone.hears(due, "confirm_due").await;
        let yes = ["yes", "si", "да"][["en", "es", "ru"].iter().position(|l| *l == language).expect("one")];
        assert_says(&phone.hears(yes, "updated_due").await, &["29"]);
        phone.hears(other, "confirm_due").await;
        assert_says(&phone.hears(yes, "updated_due").await, &["2"]);
        phone.hears(no_date, "free_text_enrolled").await;
        phone.hears(born, "confirm_born").await;
        assert_says(&phone.hears(yes, "updated_born").await, &["20"]);
    }
}

#[tokio::test]
async fn todays_tip_is_not_sent_twice() {
    let mut phone = Phone::new().await;
    phone.enrolls().await;
    phone.until("2026-11-30T23:00:00-05:00").await;
    let monday = phone.until("2026-12-02T11:30:00-05:00").await;
    assert_eq!(1, monday.len(), "Wednesday's tip is there");
    phone.goes(&[("update", "ask_update"), ("march 29 2027", "confirm_due"), ("yes", "updated_due")]).await;
    assert!(phone.until("2026-12-03T23:00:00-05:00").await.is_empty(), "the next is Friday's");
    // And before today's tip went, the new date decides what it is.
    phone.until("2026-12-04T08:00:00-05:00").await;
    phone
        .goes(&[("update", "ask_update"), ("born december 1", "confirm_born"), ("yes", "updated_born")])
        .await;
    let friday = phone.until("2026-12-05T08:00:00-05:00").await;
    assert_eq!(1, friday.len());
    assert_eq!((Some("baby"), Some(0)), (friday[0].track.as_deref(), friday[0].week));
}

#[tokio::test]
async fn what_was_queued_under_the_old_date_is_taken_back() {
    let mut phone = Phone::new().await;
    phone.enrolls().await;
    phone.until("2026-12-02T08:00:00-05:00").await;
    let (from, until) = (at("2026-12-02T09:59:00-05:00"), at("2026-12-02T12:00:00-05:00"));
    phone.world.add_fault(Fault { from, until, kind: FaultKind::Refuse });
    assert!(
        phone.until("2026-12-02T11:15:00-05:00").await.is_empty(),
        "the tip of week 21 waits for the gateway"
    );
    for text in ["update", "november 30", "yes"] {
        assert!(phone.says(text).await.is_empty(), "the gateway is away");
    }
    let then = phone.until("2026-12-03T12:00:00-05:00").await;
    let tips = tips(&then);
    assert!(
        tips.iter().all(|tip| tip.starts_with("us-baby-00") || *tip == "us-starter-2-baby-visits"),
        "no pregnancy tip after the birth: {tips:?}"
    );
    assert_eq!(3, then.len() - tips.len(), "her three answers arrive");
}

#[tokio::test]
async fn update_by_the_last_period_and_with_dates_that_cannot_be() {
    let mut phone = Phone::new().await;
    phone.enrolls().await;
    phone.goes(&[("UPDATE", "ask_update"), ("december 1 2027", "date_too_far"), ("LMP", "ask_lmp")]).await;
    phone.goes(&[("july 13", "confirm_lmp"), ("yes", "updated_due"), ("BABY", "already_due")]).await;
    phone.hears("no", "unchanged").await;
}

#[tokio::test]
async fn update_from_somebody_not_enrolled() {
    let mut phone = Phone::new().await;
    for (language, update, keyword) in
        [("en", "UPDATE", "BABY"), ("es", "ACTUALIZAR", "BEBE"), ("ru", "ОБНОВИТЬ", "МАМА")]
    {
        phone.speak(language);
        if language == "es" {
            phone.goes(&[("BEBE", "ask_date"), ("STOP", "stopped")]).await;
            phone.silence(update).await;
        } else {
            assert_says(&phone.hears(update, "how_to_join").await, &[keyword]);
        }
    }
}

#[tokio::test]
async fn a_due_date_after_a_birth_is_another_pregnancy() {
    let mut phone = Phone::new().await;
    phone.goes(&[("BABY", "ask_date"), ("born march 1 2026", "confirm_born"), ("yes", "ask_zip")]).await;
    phone.hears("10001", "enrolled_born").await;
    phone.wait(TimeDelta::days(10)).await;
    phone.goes(&[("UPDATE", "ask_update"), ("june 1 2027", "confirm_due"), ("yes", "enrolled_due")]).await;
    assert_eq!(vec!["active", "replaced"], phone.enrollments().await);
    let week = phone.wait(TimeDelta::hours(150)).await;
    assert_eq!(6, tips(&week).len(), "with its own starter pack: {week:#?}");
}
