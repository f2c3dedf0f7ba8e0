//! A cross-section of the conversations, on SQLite and on PostgreSQL.

use chrono::TimeDelta;

use super::{Phone, tips};
use crate::support::engines::on_both;

#[tokio::test]
async fn a_life_with_the_service_in_three_languages() {
    on_both(async |database| {
        let mut phone = Phone::on(database).await;
        for (language, [help, update, birth, yes, free, stop, start, loss]) in [
            (
                "en",
                [
                    "HELP",
                    "UPDATE",
                    "born nov 20",
                    "yes",
                    "can I dye my hair",
                    "STOP",
                    "START",
                    "my baby died",
                ],
            ),
            (
                "es",
                [
                    "AYUDA",
                    "ACTUALIZAR",
                    "nació el 20 de noviembre",
                    "si",
                    "puedo pintarme el pelo",
                    "ALTO",
                    "START",
                    "mi bebe murio",
                ],
            ),
            (
                "ru",
                [
                    "ПОМОЩЬ",
                    "ОБНОВИТЬ",
                    "родился 20 ноября",
                    "да",
                    "можно красить волосы",
                    "СТОП",
                    "СТАРТ",
                    "малыш умер",
                ],
            ),
        ] {
            phone.speak(language);
            phone.enrolls().await;
            phone.goes(&[(help, "help"), (update, "ask_update"), (birth, "confirm_born")]).await;
            phone.goes(&[(yes, "updated_born"), (free, "free_text_enrolled"), (stop, "stopped")]).await;
            phone.silence(stop).await;
            phone.goes(&[(start, "start_born"), (yes, "resumed")]).await;
            let day = phone.wait(TimeDelta::hours(26)).await;
            assert_eq!(1, day.len(), "{:?}", tips(&day));
            phone.hears(loss, "loss").await;
            assert!(phone.wait(TimeDelta::days(3)).await.is_empty());
            let actions: Vec<_> = phone.consents().await.into_iter().map(|consent| consent.action).collect();
            assert_eq!(vec!["opt_in", "opt_out", "opt_in", "freeze"], actions);
        }
    })
    .await;
}

#[tokio::test]
async fn half_done_then_done() {
    on_both(async |database| {
        let mut phone = Phone::on(database).await;
        phone.goes(&[("BABY", "ask_date"), ("3/4", "confirm_due"), ("no", "offer_others")]).await;
        let reminder = phone.wait(TimeDelta::hours(60)).await;
        assert_eq!(1, reminder.len());
        assert!(phone.is(&reminder[0].body, "nudge_date"));
        phone.goes(&[("2", "ask_zip"), ("nowhere", "zip_again"), ("skip", "enrolled_due")]).await;
        phone.goes(&[("BABY", "already_due"), ("yes", "ask_date"), ("april 20", "confirm_due")]).await;
        phone.goes(&[("yes", "ask_zip"), ("10001", "enrolled_due")]).await;
        assert_eq!(vec!["active", "replaced"], phone.enrollments().await);
        phone.take("+12025550188");
        phone.hears("BABY", "ask_date").await;
        phone.wait(TimeDelta::days(4)).await;
        phone.hears("april 12", "free_text_stranger").await;
    })
    .await;
}

#[tokio::test]
async fn whatever_characters_she_sends() {
    on_both(async |database| {
        let mut phone = Phone::on(database).await;
        let texts = [
            "",
            "🤰",
            "\u{0}BABY\u{0}",
            "\u{1}\u{7f}\u{85}",
            "\u{d7ff}\u{e000}\u{10ffff}",
            "'; DROP TABLE inbox; --",
        ];
        let mut answers = 0;
        for text in texts {
            answers += phone.says(text).await.len();
        }
        assert!(answers >= 1, "she is answered");
        phone.take("+12025550189");
        phone.hears("BABY", "ask_date").await;
        phone.hears(&"я".repeat(2000), "ask_date_again").await;
        phone.hears("april 12", "confirm_due").await;
    })
    .await;
}
