//! Texts that answer nothing: questions to nobody, junk, echoes, numbers from elsewhere.

use chrono::TimeDelta;
use motherline::flows::answering::{self, Fate};

use super::{Phone, assert_says};
use crate::support::engines::on_both;

/// Texts without a meaning for us.
fn junk() -> Vec<String> {
    let long = "why is my back always hurting ".repeat(70);
    let texts = ["", "🤰🤰", "\u{1}\u{7}\u{1b}[2J", "你好，你是谁", "lol ok whatever"];
    texts.into_iter().map(str::to_owned).chain([long]).collect()
}

#[tokio::test]
async fn free_text_goes_to_a_person_and_is_never_met_with_silence() {
    let mut phone = Phone::new().await;
    for (language, first, second, emergency) in [
        ("en", "can I dye my hair", "and what about sushi", "911"),
        ("es", "puedo pintarme el pelo", "y puedo comer sushi", "911"),
        ("ru", "можно ли красить волосы", "а суши можно", "112"),
    ] {
        phone.speak(language);
        phone.enrolls().await;
        assert_says(&phone.hears(first, "free_text_enrolled").await, &[emergency]);
        // What follows at once belongs to it.
        phone.silence(second).await;
        phone.wait(TimeDelta::minutes(30)).await;
        assert_says(&phone.hears(second, "help_added").await, &[emergency]);
    }
    phone.wait(TimeDelta::days(1)).await;
    assert_says(&phone.hears("а кофе можно", "help_added").await, &["112"]);
}

#[tokio::test]
async fn a_stranger_is_told_how_to_join() {
    let mut phone = Phone::new().await;
    for (language, text, words) in [
        ("en", "hello? who is this", ["Text4baby", "BABY", "911"]),
        ("ru", "алло, кто это", ["СМС-маме", "МАМА", "112"]),
    ] {
        phone.speak(language);
        assert_says(&phone.hears(text, "free_text_stranger").await, &words);
        phone.silence("🙂").await;
        phone.silence("yes").await;
        assert!(phone.enrollments().await.is_empty());
    }
}

#[tokio::test]
async fn junk_is_met_with_help_once_a_step() {
    let mut phone = Phone::new().await;
    for (index, (way, help)) in [
        (&[][..], "free_text_stranger"),
        (&["BABY"], "ask_date_again"),
        (&["BABY", "LMP"], "ask_lmp_again"),
        (&["BABY", "3/4"], "yes_or_no"),
        (&["BABY", "3/4", "no"], "choose_again"),
        (&["BABY", "3/4", "yes", "10001", "UPDATE"], "ask_date_again"),
        (&["BABY", "3/4", "yes", "10001", "STOP", "START"], "yes_or_no"),
    ]
    .into_iter()
    .enumerate()
    {
        phone.take(&format!("+1202555012{index}"));
        for text in way {
            assert_eq!(1, phone.says(text).await.len(), "to {text:?} of {way:?}");
        }
        let mut answers = Vec::new();
        for text in junk() {
            answers.extend(phone.says(&text).await);
        }
        assert_eq!(1, answers.len(), "after {way:?}: {answers:#?}");
        assert!(phone.is(&answers[0], help), "after {way:?}: {}", answers[0]);
        assert!(help == "choose_again" || answers[0].contains("911"), "the emergency number: {}", answers[0]);
    }
}

#[tokio::test]
async fn a_machine_at_the_other_end_is_not_answered() {
    let mut phone = Phone::new().await;
    let away = "HELP";
    phone.goes(&[(away, "help"), (away, "help")]).await;
    for _ in 0..5 {
        phone.silence(away).await;
    }
    phone.hears("help please", "help").await;
    phone.take("+12025550150");
    phone.hears("Auto reply: I am driving.", "free_text_stranger").await;
    for _ in 0..5 {
        phone.silence("Auto reply: I am driving.").await;
    }
    // Stop is heard from a machine as from anyone.
    phone.take("+12025550151");
    phone.goes(&[("BABY", "ask_date"), ("BABY", "ask_date")]).await;
    phone.silence("BABY").await;
    phone.hears("STOP", "stopped").await;
}

#[tokio::test]
async fn three_hundred_texts_in_a_minute_lose_nothing_and_cost_little() {
    on_both(async |database| {
        let mut phone = Phone::on(database.clone()).await;
        phone.enrolls().await;
        let number = phone.number.clone();
        let mut answers = Vec::new();
        for text in 0..300 {
            answers.extend(phone.wait(TimeDelta::milliseconds(200)).await);
            // Half of them ask for something that is answered each time.
            let words = if text % 2 == 0 { format!("crib x{text}?") } else { "MORE".to_owned() };
            phone.world.text(&number, &words).await.expect("heard");
        }
        answers.extend(phone.wait(TimeDelta::minutes(1)).await);
        assert!(answers.len() <= 40, "{} answers", answers.len());
        assert!(phone.is(&answers.last().expect("an answer").body, "resting"), "{:?}", answers.last());
        // What she wrote first is there for a person to read.
        let item = answering::list(&database, Fate::Open, 9).await.expect("a list").remove(0).item;
        let kept = answering::exchange(&database, &item).await.expect("an exchange");
        for text in (0..60).step_by(2) {
            let words = format!("crib x{text}?");
            assert!(kept.iter().any(|entry| entry.body == words), "{words:?} is lost");
        }
        // Danger and STOP are answered all the same.
        phone.hears("i am bleeding a lot", "danger_mother").await;
        phone.hears("STOP", "stopped").await;
        assert_eq!(vec!["stopped"], phone.enrollments().await);
    })
    .await;
}

#[tokio::test]
async fn a_fourth_language_waits_for_a_person() {
    let mut phone = Phone::new().await;
    phone.enrolls().await;
    for (words, answer) in [
        ("je peux boire du café ?", "free_text_enrolled"),
        ("我怀孕了，可以喝咖啡吗", "help_added"),
        ("هل يمكنني شرب القهوة", "help_added"),
    ] {
        phone.hears(words, answer).await;
        phone.wait(TimeDelta::hours(1)).await;
    }
    let items = answering::list(&phone.world.service().database, Fate::Open, 9).await.expect("a list");
    assert_eq!(1, items.len());
    assert_eq!(vec!["active"], phone.enrollments().await);
}

#[tokio::test]
async fn the_same_text_five_times_is_one_question() {
    let mut phone = Phone::new().await;
    phone.enrolls().await;
    let words = "Where do I get a crib?";
    phone.hears(words, "free_text_enrolled").await;
    for _ in 0..4 {
        phone.silence(words).await;
    }
    let items = answering::list(&phone.world.service().database, Fate::Open, 9).await.expect("a list");
    assert_eq!(1, items.len(), "one question, however often it is put");
}

#[tokio::test]
async fn yes_to_nothing() {
    let mut phone = Phone::new().await;
    for (language, yes, emergency) in [("en", "YES", "911"), ("es", "sí", "911"), ("ru", "да", "112")] {
        phone.speak(language);
        phone.enrolls().await;
        assert_says(&phone.hears(yes, "nothing_asked").await, &[emergency]);
        phone.silence("2").await;
        assert_eq!(vec!["active"], phone.enrollments().await);
    }
}

#[tokio::test]
async fn help_answers_anyone() {
    let mut phone = Phone::new().await;
    for (language, [help, info, stop], words) in [
        (
            "en",
            ["HELP", "info", "STOP"],
            ["Text4baby", "text4baby.example.org", "3 msgs/week", "rates may apply", "STOP"],
        ),
        (
            "es",
            ["AYUDA", "información", "ALTO"],
            ["Text4baby", "text4baby.example.org", "3 mensajes/semana", "tarifas", "STOP"],
        ),
        (
            "ru",
            ["помощь", "инфо", "СТОП"],
            ["СМС-маме", "sms-mame.example.org", "2 СМС в неделю", "по вашему тарифу", "СТОП"],
        ),
    ] {
        phone.speak(language);
        assert_says(&phone.hears(help, "help").await, &words);
        phone.enrolls().await;
        assert_says(&phone.hears(info, "help").await, &words);
        phone.hears(stop, "stopped").await;
        assert_says(&phone.hears(help, "help").await, &words);
    }
}

#[tokio::test]
async fn a_number_from_elsewhere_is_not_enrolled_and_gets_nothing() {
    let mut phone = Phone::new().await;
    phone.take("+33612345678");
    for text in ["BABY", "april 12", "yes", "HELP", "STOP"] {
        phone.silence(text).await;
    }
    assert!(phone.enrollments().await.is_empty());
    assert!(phone.wait(TimeDelta::days(5)).await.is_empty());
}

#[tokio::test]
async fn a_program_of_another_country_is_refused_once() {
    let mut phone = Phone::new().await;
    phone.take("+12025550160");
    assert_eq!(1, phone.says("МАМА").await.len(), "she is told");
    phone.silence("МАМА").await;
    phone.silence("мамочка").await;
    assert!(phone.enrollments().await.is_empty());
    phone.hears("BABY", "ask_date").await;
}
