//! STOP: in every state, at once, confirmed exactly once, and silence after it.

use chrono::TimeDelta;

use super::{Phone, assert_says, tips};

/// Ways to come to every state of a conversation.
const STATES: [&[&str]; 12] = [
    &[],
    &["BABY"],
    &["BABY", "LMP"],
    &["BABY", "3/4"],
    &["BABY", "3/4", "NO"],
    &["BABY", "3/4", "YES"],
    &["BABY", "3/4", "YES", "10001"],
    &["BABY", "3/4", "YES", "10001", "BABY"],
    &["BABY", "3/4", "YES", "10001", "UPDATE", "4/4"],
    &["BABY", "3/4", "YES", "10001", "should I stop?"],
    &["BABY", "3/4", "YES", "10001", "STOP", "START"],
    &["BABY", "3/4", "YES", "10001", "STOP", "BABY"],
];

#[tokio::test]
async fn in_every_state_it_is_confirmed_once_and_nothing_follows() {
    let mut phone = Phone::new().await;
    for (index, texts) in STATES.iter().enumerate() {
        phone.take(&format!("+120255501{index:02}"));
        for text in *texts {
            assert_eq!(1, phone.says(text).await.len(), "to {text:?} of {texts:?}");
        }
        assert_says(&phone.hears("Stop", "stopped").await, &["Text4baby", "START"]);
        phone.silence("stop").await;
        assert!(!phone.enrollments().await.contains(&"active"), "after {texts:?}");
    }
    let after = phone.wait(TimeDelta::days(14)).await;
    assert!(after.is_empty() && phone.unasked.is_empty(), "after STOP came {after:#?}");
}

#[tokio::test]
async fn in_the_words_of_each_language() {
    let mut phone = Phone::new().await;
    for (language, words) in [
        ("en", ["STOP", "unsubscribe", "Quit.", "opt out", "ＳＴＯＰ", "S T O P", "please stop texting me"]),
        ("es", ["ALTO", "cancelar", "no más mensajes", "basta", "ya no quiero mensajes", "pare", "stop"]),
        ("ru", ["СТОП", "стоп!!!", "отписаться", "отпишите меня", "не присылайте больше", "отмена", "stop"]),
    ] {
        phone.speak(language);
        phone.enrolls().await;
        for (index, word) in words.into_iter().enumerate() {
            phone.take(&format!("{}{index}", if language == "ru" { "+7916123450" } else { "+1202555012" }));
            let keyword = match language {
                "en" => "BABY",
                "es" => "BEBE",
                _ => "МАМА",
            };
            phone.hears(keyword, "ask_date").await;
            phone.hears(word, "stopped").await;
            phone.silence(word).await;
        }
    }
}

#[tokio::test]
async fn after_it_only_help_start_and_start_words_are_answered() {
    let mut phone = Phone::new().await;
    for (language, [stop, update, yes, free, help, start, keyword]) in [
        ("en", ["STOP", "UPDATE", "yes", "my head hurts", "HELP", "START", "BABY"]),
        ("es", ["ALTO", "ACTUALIZAR", "si", "me duele la cabeza", "AYUDA", "START", "BEBE"]),
        ("ru", ["СТОП", "ОБНОВИТЬ", "да", "болит голова", "ПОМОЩЬ", "СТАРТ", "МАМА"]),
    ] {
        phone.speak(language);
        phone.enrolls().await;
        phone.hears(stop, "stopped").await;
        for silent in [update, yes, free, "😀", "", "12.04.2027", stop] {
            phone.silence(silent).await;
        }
        phone.hears(help, "help").await;
        phone.hears(start, "start_due").await;
        phone.hears(stop, "stopped").await;
        phone.silence(yes).await;
        phone.hears(keyword, "ask_date").await;
    }
}

#[tokio::test]
async fn what_was_queued_is_taken_back() {
    use motherline::gateway::rehearsal::{Fault, FaultKind};
    let mut phone = Phone::new().await;
    phone.enrolls().await;
    let (from, until) = (super::at("2026-11-24T09:59:00-05:00"), super::at("2026-11-24T12:00:00-05:00"));
    phone.world.add_fault(Fault { from, until, kind: FaultKind::Refuse });
    assert!(phone.until("2026-11-24T11:30:00-05:00").await.is_empty(), "her tip waits for the gateway");
    assert!(phone.says("STOP").await.is_empty(), "as does the confirmation");
    let then = phone.until("2026-12-24T12:00:00-05:00").await;
    assert_eq!(1, then.len(), "the confirmation and no tip: {then:#?}");
    assert!(phone.is(&then[0].body, "stopped"));
}

#[tokio::test]
async fn one_stop_ends_both_programs_of_a_phone() {
    let mut phone = Phone::new().await;
    // A number of no country, such as only a rehearsal carries.
    phone.take("+99912345678");
    phone.enrolls().await;
    phone.language = "ru";
    phone.enrolls().await;
    assert_eq!(vec!["active", "active"], phone.enrollments().await);
    let day = phone.wait(TimeDelta::hours(36)).await;
    let mut got = tips(&day);
    got.sort_unstable();
    assert!(got.contains(&"ru-starter-1-welcome") && got.contains(&"us-starter-1-welcome"), "{got:?}");
    phone.hears("стоп", "stopped").await;
    phone.silence("STOP").await;
    assert_eq!(vec!["stopped", "stopped"], phone.enrollments().await);
    assert!(phone.wait(TimeDelta::days(14)).await.is_empty());
}

#[tokio::test]
async fn in_doubt_she_is_asked() {
    let mut phone = Phone::new().await;
    for (language, [doubt, no, yes, free]) in [
        ("en", ["can I stop?", "no", "yes", "thanks so much"]),
        ("es", ["puedo parar?", "no", "si", "muchas gracias"]),
        ("ru", ["можно остановить?", "нет", "да", "спасибо вам"]),
    ] {
        phone.speak(language);
        phone.enrolls().await;
        phone.hears(doubt, "stop_unsure").await;
        phone.hears(no, "unchanged").await;
        phone.hears(doubt, "stop_unsure").await;
        phone.hears(free, "nothing_asked").await;
        assert_eq!(vec!["active"], phone.enrollments().await, "nothing has stopped");
        phone.hears(yes, "stopped").await;
        assert_eq!(vec!["stopped"], phone.enrollments().await);
    }
}

#[tokio::test]
async fn two_doubtful_texts_in_a_row_are_a_stop() {
    let mut phone = Phone::new().await;
    phone.enrolls().await;
    phone.goes(&[("too many messages", "stop_unsure"), ("I don't want this anymore", "stopped")]).await;
    assert!(phone.wait(TimeDelta::days(7)).await.is_empty());
}

#[tokio::test]
async fn a_doubt_on_the_way_does_not_lose_the_way() {
    let mut phone = Phone::new().await;
    phone
        .goes(&[("BABY", "ask_date"), ("not sure if I should stop", "stop_unsure"), ("no", "ask_date")])
        .await;
    phone.goes(&[("can I stop?", "stop_unsure"), ("april 12", "confirm_due")]).await;
    phone.goes(&[("can i stop", "stop_unsure"), ("no", "confirm_due"), ("yes", "ask_zip")]).await;
    phone.goes(&[("stop?", "stop_unsure"), ("what for", "zip_again"), ("10001", "enrolled_due")]).await;
    phone.hears("thank you", "nothing_asked").await;
    assert_eq!(vec!["active"], phone.enrollments().await, "enrolled once");

    phone.take("+12025550199");
    phone.goes(&[("BABY", "ask_date"), ("april 12", "confirm_due"), ("yes", "ask_zip")]).await;
    phone.goes(&[("stop?", "stop_unsure"), ("10001", "enrolled_due"), ("thank you", "nothing_asked")]).await;
    phone.silence("10002").await;
    assert_eq!(vec!["active"], phone.enrollments().await, "enrolled once");
}
