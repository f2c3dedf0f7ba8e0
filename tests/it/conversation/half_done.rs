//! Half-done enrollments: reminded once, then dropped; and the proof of consent of those that were done.

use chrono::{TimeDelta, Timelike};
use serde_json::Value;

use super::{Phone, assert_says, at};

#[tokio::test]
async fn reminded_once_a_day_later_and_dropped_after_three() {
    let mut phone = Phone::new().await;
    let ways: [(&str, &str, &[&str], &str); 8] = [
        ("en", "+12025550120", &["BABY"], "nudge_date"),
        ("en", "+12025550121", &["BABY", "3/4"], "nudge_due"),
        ("en", "+12025550122", &["BABY", "3/4", "no"], "nudge_date"),
        ("en", "+12025550123", &["BABY", "3/4", "yes"], "nudge_place"),
        ("en", "+12025550125", &["BABY", "born november 2"], "nudge_born"),
        ("es", "+12025550124", &["BEBE"], "nudge_date"),
        ("ru", "+79161234501", &["МАМА", "3 апреля"], "nudge_due"),
        ("ru", "+79161234502", &["МАМА", "3 апреля", "да"], "nudge_place"),
    ];
    for (language, number, texts, _) in ways {
        phone.language = language;
        phone.take(number);
        for text in texts {
            assert_eq!(1, phone.says(text).await.len(), "to {text:?}");
        }
    }
    let begun = phone.world.now();
    let reminders = phone.wait(TimeDelta::days(6)).await;
    for (language, number, texts, reminder) in ways {
        phone.language = language;
        let hers: Vec<_> = reminders.iter().filter(|line| line.to.as_deref() == Some(number)).collect();
        assert_eq!(1, hers.len(), "after {texts:?}: {hers:#?}");
        assert!(phone.is(&hers[0].body, reminder), "after {texts:?}: {}", hers[0].body);
        assert_eq!(Some("nudge"), hers[0].kind.as_deref());
        assert!(hers[0].at >= begun + TimeDelta::hours(24) - TimeDelta::minutes(10), "a day later");
        assert!(hers[0].at < begun + TimeDelta::hours(72));
        // Her zone is not known: only hours that are day in all of them.
        let hour = hers[0].at.with_timezone(&chrono::Utc).hour();
        let day = if language == "ru" { 7..8 } else { 20..24 };
        assert!(day.contains(&hour), "{language}: at {hour} UTC");
    }
    phone.language = "en";
    phone.take("+12025550123");
    phone.hears("10001", "free_text_stranger").await;
    assert!(phone.enrollments().await.is_empty(), "it was dropped");
}

#[tokio::test]
async fn within_three_days_the_question_still_stands() {
    let mut phone = Phone::new().await;
    phone.goes(&[("BABY", "ask_date"), ("april 12", "confirm_due")]).await;
    let reminder = phone.wait(TimeDelta::hours(71)).await;
    assert_eq!(1, reminder.len(), "the reminder");
    // The question may never have come, so that her YES may be to this text alone.
    assert_says(&reminder[0].body, &["April 12, 2027"]);
    phone.goes(&[("yes", "ask_zip")]).await;
    let more = phone.wait(TimeDelta::hours(71)).await;
    assert!(more.is_empty(), "reminded once in all: {more:#?}");
    phone.hears("10001", "enrolled_due").await;
}

#[tokio::test]
async fn nobody_is_reminded_at_night_or_after_stop() {
    let mut phone = Phone::new().await;
    phone.take("+12025550170");
    phone.until("2026-11-23T23:30:00-05:00").await;
    phone.hears("BABY", "ask_date").await;
    phone.take("+12025550171");
    phone.goes(&[("BABY", "ask_date"), ("STOP", "stopped")]).await;
    let lines = phone.wait(TimeDelta::days(5)).await;
    assert_eq!(1, lines.len(), "{lines:#?}");
    assert_eq!(Some("+12025550170"), lines[0].to.as_deref());
    assert_eq!(15, lines[0].at.hour(), "when all of the United States is awake: {}", lines[0].at);
}

#[tokio::test]
async fn the_record_of_consent_keeps_the_exact_words_with_their_times() {
    let mut phone = Phone::new().await;
    let mut shown = Vec::new();
    let texts = ["Baby!", "its apr 12", "is that right", "YES", "10001"];
    for text in texts {
        shown.extend(phone.says(text).await);
    }
    let enrolled_at = phone.world.now();
    let consents = phone.consents().await;
    assert_eq!(1, consents.len());
    let consent = &consents[0];
    assert_eq!(("opt_in", Some("text4baby-us")), (consent.action.as_str(), consent.program.as_deref()));
    assert_eq!(enrolled_at, consent.at);
    assert!(consent.enrollment_id.is_some());
    let turns: Vec<Value> = serde_json::from_str(&consent.exchange).expect("its turns");
    let of = |name: &str| -> Vec<String> {
        turns.iter().filter_map(|turn| turn[name].as_str().map(str::to_owned)).collect()
    };
    assert_eq!(texts.to_vec(), of("answered"), "her words, as she wrote them");
    assert_eq!(shown, of("shown"), "ours, as they went out, the confirmation last");
    let mut times: Vec<_> = Vec::new();
    for turn in &turns {
        times.extend(["shown_at", "answered_at"].iter().filter_map(|name| turn[name].as_str().map(at)));
    }
    assert_eq!(texts.len() + shown.len(), times.len(), "each with its time");
    assert!(times.is_sorted() && times.last() == Some(&enrolled_at));
}

#[tokio::test]
async fn stop_start_and_loss_are_recorded_too() {
    let mut phone = Phone::new().await;
    phone.speak("ru");
    phone.enrolls().await;
    phone.goes(&[("Стоп, пожалуйста", "stopped"), ("старт", "start_due"), ("да", "resumed")]).await;
    phone.goes(&[("ребёнок умер", "loss")]).await;
    let consents = phone.consents().await;
    let actions: Vec<_> = consents.iter().map(|consent| consent.action.as_str()).collect();
    assert_eq!(vec!["opt_in", "opt_out", "opt_in", "freeze"], actions);
    assert!(consents[1].exchange.contains("Стоп, пожалуйста"));
    assert!(consents[2].exchange.contains("С возвращением"), "what was shown before the YES");
    assert!(consents[2].exchange.contains("по вашему тарифу"), "and after it");
}

#[tokio::test]
async fn what_was_never_sent_is_not_recorded_as_shown() {
    let mut phone = Phone::new().await;
    phone.enrolls().await;
    phone.goes(&[("STOP", "stopped"), ("START", "start_due")]).await;
    let reminders = phone.wait(TimeDelta::hours(50)).await;
    phone.hears("YES", "resumed").await;
    let record = phone.consents().await.pop().expect("a consent").exchange;
    assert!(reminders.iter().all(|line| record.contains(&line.body)));
    assert_eq!(reminders.len(), record.matches("one step left").count(), "{record}");
}
