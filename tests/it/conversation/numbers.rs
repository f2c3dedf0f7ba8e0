//! A number and who is behind it, on both engines: somebody else's now, dead, moved and not moved, those who care for her.

use chrono::TimeDelta;
use motherline::gateway::rehearsal::{Fault, FaultKind};

use super::{Phone, assert_says, enrolled, tips};
use crate::support::engines::on_both;

/// The gateway is away from here on, for so many hours.
fn away(phone: &mut Phone, hours: i64) {
    let from = phone.world.now();
    phone.world.add_fault(Fault { from, until: from + TimeDelta::hours(hours), kind: FaultKind::Refuse });
}

/// A reminder of a visit is queued, and waits for a gateway that is away.
async fn reminder_waits(phone: &mut Phone) {
    phone.enrolls().await;
    phone.hears("appt nov 26 2pm", "appt_set_day").await;
    phone.until("2026-11-25T07:00:00-05:00").await;
    away(phone, 6);
    phone.until("2026-11-25T12:00:00-05:00").await;
}

/// Days go by on which nothing that is sent arrives.
async fn nothing_arrives(phone: &mut Phone, days: i64) -> Vec<String> {
    let from = phone.world.now();
    phone.world.add_fault(Fault { from, until: from + TimeDelta::days(days), kind: FaultKind::Undelivered });
    phone.wait(TimeDelta::days(days)).await.into_iter().map(|line| line.body).collect()
}

#[tokio::test]
async fn somebody_elses_number_stops_and_says_sorry() {
    const WORDS: [(&str, [&str; 2]); 3] = [
        ("en", ["wrong number", "WRONG"]),
        ("es", ["número equivocado", "no soy yo"]),
        ("ru", ["не я", "вы ошиблись номером"]),
    ];
    on_both(async |database| {
        let mut phone = Phone::on(database).await;
        for (language, words) in WORDS {
            for (words, last) in words.iter().zip(['0', '1']) {
                phone.speak(language);
                let number = format!("{}{last}{}", &phone.number[..10], &phone.number[11..]);
                phone.take(&number);
                phone.enrolls().await;
                phone.hears(words, "wrong").await;
                assert_eq!(vec!["stopped"], phone.enrollments().await, "{words:?}");
                phone.silence(words).await;
                let why = phone.consents().await;
                assert_eq!(Some("opt_out"), why.last().map(|consent| consent.action.as_str()));
            }
        }
        assert!(phone.wait(TimeDelta::days(10)).await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_number_that_takes_nothing_is_left_alone() {
    on_both(async |database| {
        let mut phone = Phone::on(database).await;
        phone.enrolls().await;
        let sent = nothing_arrives(&mut phone, 20).await;
        assert_eq!(5, sent.len(), "as many as configured, and no more: {sent:#?}");
        assert_eq!(vec!["stopped"], phone.enrollments().await);
        // Whoever writes from there is heard: it is somebody's.
        phone.hears("START", "start_due").await;
        phone.hears("yes", "resumed").await;
        assert_eq!(vec!["active"], phone.enrollments().await);
        assert!(!phone.wait(TimeDelta::days(4)).await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_text_that_arrives_ends_the_run() {
    on_both(async |database| {
        let mut phone = Phone::on(database).await;
        phone.enrolls().await;
        assert_eq!(4, nothing_arrives(&mut phone, 5).await.len());
        assert_eq!(1, phone.wait(TimeDelta::days(1)).await.len());
        assert!(nothing_arrives(&mut phone, 5).await.len() >= 3);
        assert_eq!(vec!["active"], phone.enrollments().await);
    })
    .await;
}

#[tokio::test]
async fn only_what_failed_since_she_was_heard_and_at_this_phone_counts() {
    on_both(async |database| {
        let mut phone = Phone::on(database).await;
        phone.enrolls().await;
        assert_eq!(4, nothing_arrives(&mut phone, 5).await.len());
        phone.hears("LESS", "less").await;
        phone.hears("MORE", "more_back").await;
        assert!(nothing_arrives(&mut phone, 5).await.len() >= 2);
        assert_eq!(vec!["active"], phone.enrollments().await, "she is there: she wrote");
        phone.hears("MOVE 202-555-0177", "move_confirm").await;
        phone.says("yes").await;
        phone.take("+12025550177");
        phone.says("yes").await;
        assert!(nothing_arrives(&mut phone, 6).await.len() >= 2);
        assert_eq!(
            vec!["active"],
            phone.enrollments().await,
            "what failed at the other phone is not its fault"
        );
    })
    .await;
}

#[tokio::test]
async fn what_waits_moves_with_her_and_only_from_a_phone_that_still_gets_texts() {
    on_both(async |database| {
        let mut phone = Phone::on(database).await;
        phone.enrolls().await;
        phone.goes(&[("SAFE", "safe_on"), ("appt nov 26 2pm", "appt_set_day")]).await;
        phone.wait(TimeDelta::hours(60)).await;
        phone.hears("MOVE 202-555-0177", "move_confirm").await;
        phone.says("yes").await;
        phone.take("+12025550177");
        phone.says("yes").await;
        let shown = phone.says("READ").await;
        assert!(shown[0].contains("tomorrow, November 26"), "{shown:#?}");
        phone.take("+12025550143");
        for answer in phone.says("READ").await {
            assert!(!answer.contains("November"), "nothing is left on the old one: {answer}");
        }
        // And the other way round: the old phone has stopped in the meantime.
        phone.take("+12025550177");
        phone.hears("MOVE 202-555-0178", "move_confirm").await;
        phone.says("yes").await;
        phone.hears("STOP", "stopped").await;
        phone.take("+12025550178");
        phone.hears("yes", "how_to_join").await;
        assert!(phone.enrollments().await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_tip_that_waits_while_she_moves_comes_to_the_new_phone() {
    on_both(async |database| {
        let mut phone = Phone::on(database).await;
        phone.enrolls().await;
        phone.until("2026-11-24T07:00:00-05:00").await;
        away(&mut phone, 13);
        phone.until("2026-11-24T19:00:00-05:00").await;
        for (number, text) in
            [("+12025550143", "MOVE 202-555-0177"), ("+12025550143", "yes"), ("+12025550177", "yes")]
        {
            phone.take(number);
            phone.says(text).await;
        }
        phone.wait(TimeDelta::days(4)).await;
        assert_eq!(vec!["active"], phone.enrollments().await, "her YES was heard");
    })
    .await;
}

#[tokio::test]
async fn who_comes_back_before_she_is_erased_is_not() {
    on_both(async |database| {
        let mut phone = Phone::on(database).await;
        phone.enrolls().await;
        away(&mut phone, 6);
        phone.says("DELETE").await;
        phone.says("yes").await;
        phone.says("START").await;
        phone.says("yes").await;
        phone.wait(TimeDelta::days(4)).await;
        assert_eq!(vec!["active"], phone.enrollments().await);
    })
    .await;
}

#[tokio::test]
async fn three_hundred_deletes_cost_little_and_are_one_stop() {
    let mut phone = Phone::new().await;
    phone.enrolls().await;
    let mut answers = 0;
    for _ in 0..300 {
        answers += phone.says("DELETE").await.len();
    }
    assert!(answers <= 45, "{answers} answers");
    let stops = phone.consents().await.iter().filter(|consent| consent.action == "opt_out").count();
    assert_eq!(1, stops);
}

#[tokio::test]
async fn other_terms_take_no_reminder_back() {
    on_both(async |database| {
        let mut phone = Phone::on(database).await;
        reminder_waits(&mut phone).await;
        phone.says("LESS").await;
        let day = phone.until("2026-11-25T20:00:00-05:00").await;
        let reminders = day.iter().filter(|line| phone.is(&line.body, "appt_tomorrow")).count();
        assert_eq!(1, reminders, "{day:#?}");
    })
    .await;
}

#[tokio::test]
async fn what_waits_is_covered_once_when_she_hides_twice() {
    on_both(async |database| {
        let mut phone = Phone::on(database).await;
        reminder_waits(&mut phone).await;
        for _ in 0..2 {
            phone.says("SAFE").await;
        }
        let day = phone.until("2026-11-25T20:00:00-05:00").await;
        assert!(day.iter().all(|line| !phone.is(&line.body, "appt_tomorrow")), "{day:#?}");
        assert_eq!(2, day.iter().filter(|line| phone.is(&line.body, "safe_on")).count(), "both are heard");
        assert!(day.iter().any(|line| phone.is(&line.body, "safe_notice")), "{day:#?}");
        assert_says(&phone.says("READ").await[0], &["tomorrow, November 26"]);
    })
    .await;
}

#[tokio::test]
async fn after_months_of_silence_she_is_asked_whether_it_is_still_her() {
    on_both(async |database| {
        let mut phone = Phone::on(database).await;
        phone.enrolls().await;
        phone.wait(TimeDelta::days(95)).await;
        let sent = nothing_arrives(&mut phone, 9).await;
        let asked = sent.iter().filter(|words| phone.is(words, "still_you")).count();
        assert_eq!(1, asked, "{sent:#?}");
        phone.hears("yes", "still_you_yes").await;
        assert_eq!(vec!["active"], phone.enrollments().await);
        // She has written: failures alone do not ask again.
        let sent = nothing_arrives(&mut phone, 5).await;
        assert!(sent.iter().all(|words| !phone.is(words, "still_you")), "{sent:#?}");
    })
    .await;
}

#[tokio::test]
async fn she_says_that_it_is_still_her_in_her_own_words() {
    // Days in which three tips are due, and no five.
    const WORDS: [(&str, i64, [&str; 4], &str); 3] = [
        ("en", 9, ["START", "It's me", "yeah its still me thanks", "yes I'm the mom"], "who is this?"),
        ("es", 9, ["EMPEZAR", "soy yo", "sí, sigo siendo yo", "soy la mamá"], "¿quién es?"),
        ("ru", 12, ["продолжайте", "это я", "да, номер всё ещё мой", "я мама"], "кто это?"),
    ];
    for (language, days, answers, who) in WORDS {
        for answer in answers {
            let mut phone = enrolled(language).await;
            phone.wait(TimeDelta::days(95)).await;
            let sent = nothing_arrives(&mut phone, days).await;
            assert!(sent.iter().any(|words| phone.is(words, "still_you")), "{language}: {sent:#?}");
            // Whoever has the phone may ask who we are; the question stays open.
            phone.goes(&[(who, "help"), (answer, "still_you_yes")]).await;
            assert_eq!(vec!["active"], phone.enrollments().await);
        }
        // Where others read along, nobody is told who we are.
        let mut phone = enrolled(language).await;
        phone.goes(&[("SAFE", "safe_on"), (who, "free_text_enrolled")]).await;
    }
}

#[tokio::test]
async fn nothing_moves_to_a_phone_that_has_not_agreed() {
    on_both(async |database| {
        let mut phone = Phone::on(database).await;
        phone.take("+12025550171");
        phone.enrolls().await;
        phone.take("+12025550172");
        phone.enrolls().await;
        phone.hears("STOP", "stopped").await;
        phone.take("+12025550143");
        phone.enrolls().await;
        // To one that is enrolled itself, one that has stopped, one from another country, and to no number at all.
        for to in ["+1 202 555 0171", "+1 202 555 0172"] {
            phone.hears(&format!("MOVE {to}"), "move_confirm").await;
            phone.hears("yes", "move_not").await;
        }
        for to in ["+44 20 7946 0018", "12"] {
            phone.hears(&format!("MOVE {to}"), "move_ask").await;
        }
        phone.hears("MOVE 202-555-0177", "move_confirm").await;
        assert_eq!(2, phone.says("yes").await.len());
        // The other phone says no: nothing is said to it, and nothing moves.
        phone.take("+12025550177");
        phone.silence("no").await;
        phone.take("+12025550143");
        assert_eq!(vec!["active"], phone.enrollments().await);
        // A phone that we do not know has nothing to move.
        phone.take("+12025550188");
        phone.hears("MOVE", "move_unknown").await;
        phone.take("+12025550143");
        let week = phone.wait(TimeDelta::days(7)).await;
        let hers = |line: &&motherline::worker::rehearsal::Line| line.to.as_deref() == Some("+12025550143");
        assert!(tips(&week.iter().filter(hers).cloned().collect::<Vec<_>>()).len() > 3);
    })
    .await;
}

#[tokio::test]
async fn those_who_care_for_her_get_tips_of_their_own() {
    const WORDS: [(&str, &str, &str); 3] =
        [("en", "DAD", "MOM"), ("es", "PAPÁ", "soy la mamá"), ("ru", "ПАПА", "Я МАМА")];
    on_both(async |database| {
        let mut phone = Phone::on(database).await;
        for (language, family, mother) in WORDS {
            phone.speak(language);
            phone.enrolls().await;
            phone.hears(family, "person_family").await;
            let weeks = phone.wait(TimeDelta::days(21)).await;
            let hers: Vec<_> = weeks
                .into_iter()
                .filter(|line| line.to.as_deref() == Some(phone.number.as_str()) && line.tip.is_some())
                .collect();
            let family = hers
                .iter()
                .filter(|line| line.tip.as_deref().is_some_and(|tip| tip.contains("-family-")))
                .count();
            assert!(hers.len() > 5 && family > 0, "{language}: {:?}", tips(&hers));
            phone.hears(mother, "person_mother").await;
        }
    })
    .await;
}
