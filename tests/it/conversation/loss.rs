//! Words of loss freeze at once; nothing about pregnancy or baby goes out after them, unless she asks.

use chrono::TimeDelta;

use super::{Phone, assert_says};

/// What she may say, by language.
const LOSSES: [(&str, [&str; 4]); 3] = [
    ("en", ["I lost my baby", "I had a miscarriage last night", "my baby died", "there is no heartbeat"]),
    ("es", ["perdí a mi bebé", "tuve un aborto espontáneo", "mi bebe falleció", "ya no estoy embarazada"]),
    ("ru", ["у меня выкидыш", "я потеряла ребенка", "малыш умер", "замершая беременность"]),
];

#[tokio::test]
async fn told_in_plain_words_everything_stops_at_once() {
    let mut phone = Phone::new().await;
    for (language, losses) in LOSSES {
        for (index, words) in losses.into_iter().enumerate() {
            phone.language = language;
            phone.take(&format!("{}{index}", if language == "ru" { "+7916123450" } else { "+1202555012" }));
            if language == "es" {
                phone.take(&format!("+1202555013{index}"));
            }
            phone.enrolls().await;
            let answer = phone.hears(words, "loss").await;
            assert_says(&answer, &[if language == "ru" { "112" } else { "911" }]);
            assert_eq!(vec!["frozen"], phone.enrollments().await);
            phone.silence(words).await;
        }
    }
    let after = phone.wait(TimeDelta::days(21)).await;
    assert!(after.is_empty() && phone.unasked.is_empty(), "{after:#?}");
}

#[tokio::test]
async fn what_she_writes_afterwards_is_answered_with_care() {
    let mut phone = Phone::new().await;
    for (language, [loss, thanks, update, start, keyword, stop], [number, word]) in [
        ("en", ["i miscarried", "thank you", "UPDATE", "START", "BABY", "STOP"], ["911", "BABY"]),
        ("es", ["perdimos al bebe", "gracias", "ACTUALIZAR", "START", "BEBE", "ALTO"], ["911", "BEBE"]),
        ("ru", ["мы потеряли малыша", "спасибо", "ОБНОВИТЬ", "СТАРТ", "МАМА", "СТОП"], ["112", "МАМА"]),
    ] {
        phone.speak(language);
        phone.enrolls().await;
        phone.hears(loss, "loss").await;
        phone.silence(thanks).await;
        phone.silence("😢").await;
        assert_says(&phone.hears(update, "frozen").await, &[number, word]);
        assert_says(&phone.hears(start, "frozen").await, &[number, word]);
        phone.hears(keyword, "ask_date_after_loss").await;
        assert!(phone.wait(TimeDelta::hours(40)).await.is_empty(), "and she is not reminded of it");
        phone.hears(stop, "stopped").await;
        assert_eq!(vec!["frozen"], phone.enrollments().await);
    }
}

#[tokio::test]
async fn told_on_the_way_or_in_another_question_the_question_is_dropped() {
    let mut phone = Phone::new().await;
    let ways: [&[&str]; 4] = [
        &["BABY"],
        &["BABY", "3/4"],
        &["BABY", "3/4", "yes"],
        &["BABY", "3/4", "yes", "10001", "UPDATE", "3/5"],
    ];
    for (index, texts) in ways.into_iter().enumerate() {
        phone.take(&format!("+1202555012{index}"));
        for text in texts {
            assert_eq!(1, phone.says(text).await.len());
        }
        phone.hears("we lost the baby", "loss").await;
        // Who was enrolled is asked whether she would like a few texts, and nothing that was open before.
        let enrolled = texts.len() > 3;
        if enrolled {
            phone.hears("no", "support_no").await;
        } else {
            phone.silence("yes").await;
            phone.silence("10001").await;
        }
        assert!(!phone.enrollments().await.contains(&"active"));
    }
    assert!(phone.wait(TimeDelta::days(7)).await.is_empty(), "no reminder either");
}

#[tokio::test]
async fn a_new_pregnancy_after_a_loss() {
    let mut phone = Phone::new().await;
    phone.enrolls().await;
    phone.hears("I lost the baby", "loss").await;
    phone.wait(TimeDelta::days(100)).await;
    phone
        .goes(&[
            ("BABY", "ask_date_after_loss"),
            ("october 1 2027", "confirm_due"),
            ("yes", "ask_zip"),
            ("skip", "enrolled_due"),
        ])
        .await;
    assert_eq!(vec!["active", "frozen"], phone.enrollments().await);
    assert_eq!(1, phone.wait(TimeDelta::hours(40)).await.len());
}

#[tokio::test]
async fn stop_before_a_loss_does_not_bring_the_pregnancy_back() {
    let mut phone = Phone::new().await;
    // Enrolled, stopped, enrolled anew, and lost: START must not find the first.
    phone.enrolls().await;
    phone
        .goes(&[("STOP", "stopped"), ("BABY", "ask_date"), ("april 13", "confirm_due"), ("yes", "ask_zip")])
        .await;
    phone.goes(&[("10001", "enrolled_due"), ("my baby died", "loss"), ("START", "frozen")]).await;
    // And a loss told after STOP is not answered, for she asked for silence.
    phone.take("+12025550155");
    phone.enrolls().await;
    phone.hears("STOP", "stopped").await;
    phone.silence("I had a miscarriage").await;
    phone.hears("START", "frozen").await;
}

#[tokio::test]
async fn what_only_sounds_like_it_is_no_loss() {
    let mut phone = Phone::new().await;
    phone.enrolls().await;
    phone.hears("I lost my mucus plug, is that ok", "danger_labor").await;
    assert_eq!(vec!["active"], phone.enrollments().await);
    phone.speak("ru");
    phone.enrolls().await;
    phone.hears("я потеряла сознание вчера", "danger_mother").await;
    assert_eq!(vec!["active"], phone.enrollments().await);
}
