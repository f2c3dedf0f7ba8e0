//! What comes after joining, on both engines: births, losses, pace, another phone, visits, questions, discretion.

use chrono::TimeDelta;
use motherline::ids::try_name;
use motherline::store::reports::{self, Kept};
use motherline::store::witness;

use super::{Phone, assert_says, tips};
use crate::support::engines::{count, on_both};

/// The words of a language for one part of a life.
type Words = [(&'static str, [&'static str; 4]); 3];

/// Enrolled, in each language after the other.
async fn each(phone: &mut Phone, language: &'static str) {
    phone.speak(language);
    phone.enrolls().await;
}

#[tokio::test]
async fn a_birth_told_early_begins_the_babys_clock() {
    const WORDS: Words = [
        ("en", ["my baby girl came early this morning", "BORN today", "yes", "us-baby-00"]),
        ("es", ["ya nació mi niña", "nació hoy", "si", "us-baby-00"]),
        ("ru", ["я родила раньше срока", "родилась сегодня", "да", "ru-baby-00"]),
    ];
    on_both(async |database| {
        let mut phone = Phone::on(database).await;
        for (language, [told, dated, yes, _]) in WORDS {
            each(&mut phone, language).await;
            let answer = phone.says(told).await;
            assert_eq!(1, answer.len(), "to {told:?}");
            phone.goes(&[(dated, "confirm_born_today"), (yes, "updated_born")]).await;
        }
        let week = phone.wait(TimeDelta::days(16)).await;
        for start in ["us-baby-01", "ru-baby-01"] {
            assert!(tips(&week).iter().any(|tip| tip.starts_with(start)), "{start} in {:?}", tips(&week));
        }
        let pregnancy = tips(&week).into_iter().filter(|tip| tip.contains("-preg-")).count();
        assert_eq!(0, pregnancy, "nothing of the pregnancy any more");
    })
    .await;
}

#[tokio::test]
async fn past_the_due_date_she_is_asked_three_times_and_nothing_is_guessed() {
    on_both(async |database| {
        let mut phone = Phone::on(database).await;
        phone.goes(&[("BABY", "ask_date"), ("december 1", "confirm_due"), ("yes", "ask_zip")]).await;
        phone.hears("10001", "enrolled_due").await;
        let months = phone.until("2027-03-01T12:00:00-05:00").await;
        let asked: Vec<String> = months
            .iter()
            .filter(|line| phone.is(&line.body, "birth_news"))
            .map(|line| line.at.date_naive().to_string())
            .collect();
        assert_eq!(vec!["2026-12-04", "2026-12-11", "2026-12-18"], asked);
        assert!(tips(&months).iter().all(|tip| !tip.starts_with("us-baby")), "{:?}", tips(&months));
        let last = months.iter().rev().find(|line| line.tip.is_some()).expect("a tip");
        assert!(last.at.date_naive().to_string().as_str() <= "2026-12-22", "held after 43+0");
    })
    .await;
}

#[tokio::test]
async fn after_a_loss_only_what_she_said_yes_to() {
    const WORDS: Words = [
        ("en", ["I lost my baby", "yes", "UNDO", "STOP"]),
        ("es", ["tuve un aborto", "si", "DESHACER", "ALTO"]),
        ("ru", ["у меня выкидыш", "да", "НАЗАД", "СТОП"]),
    ];
    on_both(async |database| {
        let mut phone = Phone::on(database).await;
        for (language, [loss, yes, undo, stop]) in WORDS {
            each(&mut phone, language).await;
            phone.goes(&[(loss, "loss"), (undo, "undone")]).await;
            assert_eq!(Some(&"active"), phone.enrollments().await.first());
            phone.goes(&[(loss, "loss"), (yes, "support_yes")]).await;
            assert_eq!(Some(&"supported"), phone.enrollments().await.first());
            let weeks = phone.wait(TimeDelta::days(40)).await;
            let hers: Vec<_> =
                weeks.iter().filter(|line| line.to.as_deref() == Some(phone.number.as_str())).collect();
            assert_eq!(5, hers.len(), "{hers:#?}");
            let gentle = |tip: &Option<String>| tip.as_deref().is_some_and(|tip| tip.contains("-loss-"));
            assert!(hers.iter().all(|line| gentle(&line.tip)), "{hers:#?}");
            assert_eq!(Some(&"frozen"), phone.enrollments().await.first());
            phone.hears(stop, "stopped").await;
        }
    })
    .await;
}

#[tokio::test]
async fn one_of_twins_goes_on() {
    on_both(async |database| {
        let mut phone = Phone::on(database).await;
        phone.goes(&[("BABY", "ask_date"), ("born november 2", "confirm_born"), ("yes", "ask_zip")]).await;
        phone.goes(&[("10001", "enrolled_born"), ("twins", "several_born")]).await;
        phone.hears("one of my babies died", "loss_which").await;
        assert!(phone.wait(TimeDelta::days(2)).await.is_empty(), "nothing until she answers");
        phone.hears("1", "loss_one").await;
        assert_eq!(1, phone.wait(TimeDelta::days(1)).await.len());
        phone.hears("my baby died", "loss").await;
        assert!(phone.wait(TimeDelta::days(9)).await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn less_pause_and_her_hour() {
    on_both(async |database| {
        let mut phone = Phone::on(database).await;
        each(&mut phone, "en").await;
        phone.wait(TimeDelta::days(7)).await;
        phone.hears("LESS", "less").await;
        let month = phone.wait(TimeDelta::days(28)).await;
        assert!((2..=4).contains(&month.len()), "about one a week: {:?}", tips(&month));
        phone.goes(&[("MORE", "more_back"), ("TIME 6PM", "time_set"), ("TIME 23:00", "time_outside")]).await;
        let week = phone.wait(TimeDelta::days(7)).await;
        assert_eq!(3, week.len(), "{:?}", tips(&week));
        assert!(week.iter().all(|line| line.at.format("%H").to_string() == "18"), "{week:#?}");
        phone.hears("PAUSE 14", "paused_until").await;
        assert!(phone.wait(TimeDelta::days(13)).await.is_empty());
        assert!(!phone.wait(TimeDelta::days(5)).await.is_empty(), "and back by itself");
        phone.hears("pause", "paused").await;
        let pause = phone.wait(TimeDelta::days(35)).await;
        assert_eq!(1, pause.len(), "one reminder, no tip: {pause:#?}");
        assert!(phone.is(&pause[0].body, "still_paused"));
        phone.hears("RESUME", "resumed").await;
        assert!(!phone.wait(TimeDelta::days(5)).await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn both_phones_agree_before_anything_moves() {
    on_both(async |database| {
        let mut phone = Phone::on(database).await;
        each(&mut phone, "en").await;
        phone.hears("MOVE +1 202 555 0177", "move_confirm").await;
        let asked = phone.says("yes").await;
        assert_eq!(2, asked.len(), "{asked:#?}");
        assert!(phone.is(&asked[0], "move_sent") && phone.is(&asked[1], "move_offer"), "{asked:#?}");
        assert!(!asked[1].contains("Text4baby"), "it gives nothing away: {asked:#?}");
        phone.take("+12025550177");
        let answers = phone.says("yes").await;
        assert_eq!(2, answers.len(), "one to each phone: {answers:#?}");
        assert_eq!(vec!["active"], phone.enrollments().await);
        let week = phone.wait(TimeDelta::days(3)).await;
        assert!(!week.is_empty());
        assert!(week.iter().all(|line| line.to.as_deref() == Some("+12025550177")), "{week:#?}");
        let consents: Vec<String> =
            phone.consents().await.into_iter().map(|consent| consent.action).collect();
        assert_eq!(vec!["opt_in"], consents);
        phone.take("+12025550143");
        assert!(phone.enrollments().await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_visit_is_reminded_of_and_cancel_appt_is_no_stop() {
    const WORDS: Words = [
        ("en", ["APPT 12/4 2pm", "CANCEL APPT", "yes", "APPT dec 4 9 am"]),
        (
            "es",
            ["CITA 4 de diciembre a las 2 de la tarde", "CANCELAR CITA", "si", "CITA 4 de diciembre 9:00"],
        ),
        ("ru", ["ВИЗИТ 4 декабря в 14:00", "ОТМЕНИТЬ ВИЗИТ", "да", "ВИЗИТ 4.12 9:00"]),
    ];
    on_both(async |database| {
        let mut phone = Phone::on(database).await;
        for (language, [appt, cancel, _, again]) in WORDS {
            each(&mut phone, language).await;
            phone.goes(&[(appt, "appt_set"), (cancel, "appt_canceled"), (again, "appt_set")]).await;
            assert_eq!(Some(&"active"), phone.enrollments().await.first(), "{cancel:?} stops nothing");
        }
        let weeks = phone.until("2026-12-06T12:00:00-05:00").await;
        for (language, [.., yes, _]) in WORDS {
            phone.speak(language);
            let hers = |key: &str| {
                weeks
                    .iter()
                    .filter(|line| {
                        line.to.as_deref() == Some(phone.number.as_str()) && phone.is(&line.body, key)
                    })
                    .count()
            };
            assert_eq!(
                (1, 1, 1),
                (hers("appt_soon"), hers("appt_tomorrow"), hers("appt_after")),
                "{language}"
            );
            assert_eq!(1, phone.says(yes).await.len());
        }
    })
    .await;
}

#[tokio::test]
async fn what_was_promised_keeps_the_clock_of_the_place_she_moved_to() {
    on_both(async |database| {
        let mut phone = Phone::on(database).await;
        phone.speak("ru");
        phone.goes(&[("МАМА", "ask_date"), ("12.12.2026", "confirm_due"), ("да", "ask_postcode")]).await;
        phone.hears("236000", "enrolled_due").await;
        phone.goes(&[("ВИЗИТ 4 декабря в 14:00", "appt_set")]).await;
        // From Kaliningrad to Kamchatka, ten hours east: ten in the morning there is eight in the evening here, and a
        // reminder for tomorrow that waits for the morning would come on the day itself.
        phone.goes(&[("ИНДЕКС 683000", "place_set")]).await;
        let weeks = phone.until("2027-01-20T12:00:00+12:00").await;
        let came = |key: &str| -> Vec<String> {
            let hers = weeks.iter().filter(|line| phone.is(&line.body, key));
            hers.map(|line| line.at.with_timezone(&chrono_tz::Asia::Kamchatka).format("%d.%m %H").to_string())
                .collect()
        };
        assert_eq!(vec!["01.12 10"], came("appt_soon"));
        assert_eq!(vec!["03.12 10"], came("appt_tomorrow"));
        assert_eq!(vec!["05.12 10"], came("appt_after"));
        assert_eq!(vec!["15.12 10", "22.12 10", "29.12 10"], came("birth_news"));
    })
    .await;
}

#[tokio::test]
async fn erased_and_known_again_only_by_the_seal() {
    on_both(async |database| {
        let mut phone = Phone::on(database).await;
        each(&mut phone, "en").await;
        phone.wait(TimeDelta::days(3)).await;
        phone.goes(&[("DELETE", "delete_sure"), ("yes", "deleted")]).await;
        assert!(phone.wait(TimeDelta::days(20)).await.is_empty());
        let service = phone.world.service();
        let her = motherline::domain::phone::PhoneNumber::from_e164(phone.number.clone()).expect("a number");
        let mut tx = service.database.begin().await.expect("a transaction");
        assert!(motherline::store::people::lock(&mut tx, &her).await.expect("a look").is_none());
        assert!(motherline::flows::erasing::is_known(service, &mut tx, &her).await.expect("a look"));
        drop(tx);
        // She herself may come back. She had said STOP, so nobody reminds her of what she began.
        phone.hears("BABY", "ask_date").await;
        assert!(phone.wait(TimeDelta::days(3)).await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn of_who_is_erased_nothing_is_left_where_others_wrote_of_her() {
    on_both(async |database| {
        let mut phone = Phone::on(database).await;
        each(&mut phone, "en").await;
        phone.hears("MOVE (202) 555-0177", "move_confirm").await;
        phone.says("yes").await;
        phone.take("+12025550177");
        phone.says("yes").await;
        // Tips that were planned by the old date are taken back, and others take their days.
        phone.wait(TimeDelta::days(3)).await;
        phone.goes(&[("UPDATE march 3 2027", "confirm_due"), ("yes", "updated_due")]).await;
        assert!(!phone.wait(TimeDelta::days(9)).await.is_empty());
        let number = ["12025550177".to_owned()];
        let formatted = ["555-0177".to_owned()];
        let mut tx = phone.world.service().database.begin().await.expect("a transaction");
        assert!(!witness::traces(&mut tx, &number).await.expect("a look").is_empty());
        assert_eq!(
            vec![("inbox".to_owned(), "body".to_owned())],
            witness::traces(&mut tx, &formatted).await.expect("a look")
        );
        drop(tx);
        phone.goes(&[("DELETE", "delete_sure"), ("yes", "deleted")]).await;
        phone.wait(TimeDelta::days(2)).await;
        let mut tx = phone.world.service().database.begin().await.expect("a transaction");
        let left = witness::traces(&mut tx, &[number, formatted].concat()).await.expect("a look");
        assert!(left.is_empty(), "{left:?}");
    })
    .await;
}

/// Among more reports than are looked at in one go, what tells of her goes and what tells of others stays.
#[tokio::test]
async fn what_was_reported_of_who_is_erased_is_found_among_all_reports() {
    on_both(async |database| {
        let mut phone = Phone::on(database).await;
        each(&mut phone, "en").await;
        phone.wait(TimeDelta::days(5)).await;
        let database = phone.world.service().database.clone();
        let hers = "SELECT COUNT(*) FROM reports WHERE raw <> 'of somebody else'";
        assert!(count(&database, hers).await > 3);
        let mut tx = database.begin().await.expect("a transaction");
        let ids = phone.world.service().ids.clone();
        for _ in 0..10_500 {
            let kept = Kept {
                id: ids.next(phone.world.now()),
                gateway: "rehearsal",
                attempt_id: Some(try_name(ids.text(phone.world.now()), 1)),
                reference: None,
                provider_id: None,
                status: "delivered",
                evidence: Some("delivered"),
                code: None,
                opted_out: false,
                raw: "of somebody else".into(),
            };
            reports::keep(&mut tx, &[kept], &[], phone.world.now()).await.expect("kept");
        }
        tx.commit().await.expect("kept");
        // She hears from us after them as well.
        phone.wait(TimeDelta::days(5)).await;
        phone.goes(&[("DELETE", "delete_sure"), ("yes", "deleted")]).await;
        phone.wait(TimeDelta::days(2)).await;
        // A report of a text that is gone holds no number, and is of nobody.
        let left = "SELECT COUNT(*) FROM reports WHERE raw <> 'of somebody else' AND attempt_id IS NOT NULL";
        assert_eq!(0, count(&database, left).await);
        let others = "SELECT COUNT(*) FROM reports WHERE raw = 'of somebody else'";
        assert_eq!(10_500, count(&database, others).await);
        assert_eq!(0, count(&database, "SELECT COUNT(*) FROM erased_texts").await);
    })
    .await;
}

#[tokio::test]
async fn on_a_shared_phone_nothing_is_given_away() {
    on_both(async |database| {
        let mut phone = Phone::on(database).await;
        each(&mut phone, "en").await;
        phone.hears("SAFE", "safe_on").await;
        let days = phone.wait(TimeDelta::hours(52)).await;
        assert_eq!(2, days.len(), "{days:#?}");
        assert!(days.iter().all(|line| phone.is(&line.body, "safe_notice")), "{days:#?}");
        let shown = phone.says("1").await;
        assert_eq!(1, shown.len());
        assert_says(&shown[0], &["visit"]);
        phone.hears("READ", "safe_none").await;
        phone.hears("SAFE OFF", "safe_off").await;
        let day = phone.wait(TimeDelta::days(1)).await;
        assert!(!phone.is(&day[0].body, "safe_notice"), "{day:#?}");
    })
    .await;
}

#[tokio::test]
async fn an_answer_to_a_tip_is_counted_and_followed_up() {
    on_both(async |database| {
        let mut phone = Phone::on(database).await;
        phone.goes(&[("BABY", "ask_date"), ("march 12 2027", "confirm_due"), ("yes", "ask_zip")]).await;
        phone.hears("10001", "enrolled_due").await;
        let weeks = phone.until("2026-12-05T12:00:00-05:00").await;
        assert!(tips(&weeks).contains(&"us-preg-25-3-flu-question"), "{:?}", tips(&weeks));
        assert_eq!(1, phone.says("2").await.len());
        let mut tx = phone.world.service().database.begin().await.expect("a transaction");
        let counts = motherline::store::surveys::counts(&mut tx).await.expect("counts");
        drop(tx);
        assert_eq!(
            vec![("us-flu-1", "not-yet", 1)],
            counts.iter().map(|c| (c.question.as_str(), c.outcome.as_str(), c.people)).collect::<Vec<_>>()
        );
        let month = phone.wait(TimeDelta::days(32)).await;
        assert_eq!(
            1,
            month.iter().filter(|line| line.kind.as_deref() == Some("question")).count(),
            "{month:#?}"
        );
    })
    .await;
}

#[tokio::test]
async fn a_figure_that_answers_no_question_is_met_with_one_of_them_once() {
    let mut phone = Phone::new().await;
    phone.goes(&[("BABY", "ask_date"), ("march 12 2027", "confirm_due"), ("yes", "ask_zip")]).await;
    phone.hears("10001", "enrolled_due").await;
    let weeks = phone.until("2026-12-05T12:00:00-05:00").await;
    assert!(tips(&weeks).contains(&"us-preg-25-3-flu-question"), "{:?}", tips(&weeks));
    // Two questions are open, and the figure is for the one that was asked last.
    phone.goes(&[("TIME", "time_ask"), ("77", "time_ask")]).await;
    phone.silence("77").await;
    // Of the tip's own she is told which answers it takes once that one is over.
    phone.goes(&[("6PM", "time_set"), ("77", "question_again")]).await;
    phone.silence("77").await;
}
