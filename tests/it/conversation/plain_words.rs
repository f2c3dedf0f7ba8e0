//! What women write where a form would have a field: a day by its name, a birth with the number of babies, a stop with its
//! reason, a word to a question that they have not seen.

use chrono::TimeDelta;

use super::{Phone, assert_says, enrolled};

/// By language: what is written.
type Words<const N: usize> = [(&'static str, [&'static str; N]); 3];

/// A woman whose baby is due in a week.
async fn at_term(language: &'static str) -> Phone {
    let mut phone = Phone::new().await;
    phone.speak(language);
    for text in match language {
        "en" => ["BABY", "November 30", "YES", "10001"],
        "es" => ["BEBE", "30 de noviembre", "SI", "10001"],
        _ => ["МАМА", "30.11.2026", "ДА", "Москва"],
    } {
        assert_eq!(1, phone.says(text).await.len(), "to {text:?}");
    }
    phone
}

#[tokio::test]
async fn a_stop_that_tells_of_a_loss_stops_and_stays_a_loss() {
    const WORDS: Words<4> = [
        (
            "en",
            [
                "I lost my baby. STOP",
                "please stop sending these i miscarried last week",
                "stop i had a miscarriage",
                "START",
            ],
        ),
        (
            "es",
            [
                "perdi a mi bebe. STOP",
                "STOP perdi a mi bebe",
                "perdi al bebe ya no me manden mensajes",
                "START",
            ],
        ),
        ("ru", ["СТОП. У меня выкидыш", "стоп у меня выкидыш", "отпишите меня ребенок умер", "СТАРТ"]),
    ];
    for (language, [texts @ .., start]) in WORDS {
        for text in texts {
            let mut phone = enrolled(language).await;
            phone.hears(text, "stopped_loss").await;
            assert_eq!(vec!["frozen"], phone.enrollments().await, "{text}");
            phone.hears(start, "frozen").await;
            assert!(phone.wait(TimeDelta::days(10)).await.is_empty(), "{text}");
        }
    }
}

#[tokio::test]
async fn a_loss_told_after_a_stop_is_not_answered_and_stays_a_loss() {
    let mut phone = enrolled("en").await;
    phone.goes(&[("STOP", "stopped")]).await;
    phone.silence("I lost my baby. STOP").await;
    assert_eq!(vec!["frozen"], phone.enrollments().await);
}

#[tokio::test]
async fn undo_after_a_stop_brings_back_the_stop_and_no_more() {
    const WORDS: Words<4> = [
        ("en", ["I lost my baby. STOP", "I lost my baby", "UNDO", "yes"]),
        ("es", ["perdi a mi bebe. STOP", "perdi a mi bebe", "DESHACER", "si"]),
        ("ru", ["СТОП. У меня выкидыш", "у меня выкидыш", "НАЗАД", "да"]),
    ];
    for (language, [both, loss, undo, yes]) in WORDS {
        let mut phone = enrolled(language).await;
        phone.goes(&[(both, "stopped_loss"), (undo, "start_due")]).await;
        assert_eq!(vec!["stopped"], phone.enrollments().await);
        phone.hears(yes, "resumed").await;
        assert_eq!(vec!["active"], phone.enrollments().await);
        // The loss first, and the STOP after it.
        let mut phone = enrolled(language).await;
        phone.goes(&[(loss, "loss"), ("STOP", "stopped"), (undo, "start_due")]).await;
        assert_eq!(vec!["stopped"], phone.enrollments().await);
        assert!(phone.wait(TimeDelta::days(10)).await.is_empty(), "she has not said yes");
    }
}

#[tokio::test]
async fn how_many_they_are_is_heard_with_their_birth() {
    const WORDS: Words<3> = [
        ("en", ["I had twins yesterday", "yes", "DETAILS"]),
        ("es", ["nacieron mis gemelos ayer", "si", "DATOS"]),
        ("ru", ["я родила двойню 22 ноября", "да", "ДАННЫЕ"]),
    ];
    for (language, [told, yes, details]) in WORDS {
        let mut phone = at_term(language).await;
        phone.goes(&[(told, "confirm_born_several"), (yes, "births_done"), (details, "details_born")]).await;
    }
    let mut phone = at_term("en").await;
    phone.goes(&[("born yesterday", "confirm_born"), ("yes but it's twins", "confirm_born_several")]).await;
    phone.goes(&[("no", "ask_birth"), ("11/21", "confirm_born_several"), ("yes", "births_done")]).await;
}

#[tokio::test]
async fn a_birth_is_told_by_the_day_of_the_week_or_of_the_month() {
    // The Friday before that Monday is the 20th.
    const WORDS: Words<5> = [
        ("en", ["BORN", "November 20", "on friday", "the 20th", "20"]),
        ("es", ["NACIDO", "20 de noviembre", "el viernes", "el 20", "20"]),
        ("ru", ["РОДИЛСЯ", "20 ноября", "в пятницу", "20 числа", "20"]),
    ];
    for (language, [born, date, days @ ..]) in WORDS {
        for day in days {
            let mut phone = at_term(language).await;
            phone.hears(born, "ask_birth").await;
            let read = phone.hears(day, "confirm_born").await;
            assert_says(&read, &[date]);
        }
    }
    let mut phone = at_term("en").await;
    let read = phone.hears("she was born on saturday", "confirm_born").await;
    assert_says(&read, &["November 21"]);
    let read = phone.hears("no it was sunday", "confirm_born").await;
    assert_says(&read, &["November 22"]);
}

#[tokio::test]
async fn a_word_that_is_no_day_is_met_with_the_question_once() {
    let mut phone = at_term("en").await;
    phone.goes(&[("BORN", "ask_birth"), ("yes", "ask_birth")]).await;
    phone.goes(&[("11/21", "confirm_born"), ("no", "ask_birth"), ("idk", "ask_birth")]).await;
    phone.silence("idk").await;
    phone.hears("he has a lot of hair", "free_text_enrolled").await;
    // A question of hers goes to a person all the same.
    let mut phone = at_term("en").await;
    phone.goes(&[("BORN", "ask_birth"), ("can I bathe him?", "free_text_enrolled")]).await;
}

#[tokio::test]
async fn tomorrow_is_no_birth_and_no_due_date_of_a_woman_who_told_of_a_birth() {
    let mut phone = at_term("en").await;
    phone
        .goes(&[("BORN", "ask_birth"), ("november 24", "born_in_future"), ("today", "confirm_born_today")])
        .await;
}

#[tokio::test]
async fn a_birth_with_its_year_is_believed_against_the_due_date() {
    const WORDS: Words<4> = [
        ("en", ["BORN May 2, 2026", "May 2, 2026", "BORN May 2", "yes"]),
        ("es", ["NACIDO 2 de mayo de 2026", "2 de mayo de 2026", "NACIDO 2 de mayo", "si"]),
        ("ru", ["РОДИЛСЯ 2 мая 2026", "2 мая 2026", "РОДИЛСЯ 2 мая", "да"]),
    ];
    for (language, [told, date, without, yes]) in WORDS {
        let mut phone = enrolled(language).await;
        phone.hears(without, "born_in_future").await;
        let read = phone.hears(told, "confirm_born").await;
        assert_says(&read, &[date]);
        phone.hears(yes, "updated_born").await;
    }
}

#[tokio::test]
async fn not_yet_with_a_new_date_is_the_new_date() {
    let mut phone = at_term("en").await;
    phone.goes(&[("not yet 12/10", "confirm_due"), ("yes", "updated_due")]).await;
    let mut phone = at_term("en").await;
    phone.until("2026-12-03T12:00:00-05:00").await;
    phone.hears("not yet", "not_yet").await;
}

#[tokio::test]
async fn nobody_answers_a_question_that_she_has_not_seen() {
    const WORDS: Words<4> = [
        ("en", ["SAFE", "ok", "yes", "no"]),
        ("es", ["DISCRETO", "ok", "si", "no"]),
        ("ru", ["СКРЫТЬ", "ок", "да", "нет"]),
    ];
    for (language, [safe, ok, yes, no]) in WORDS {
        let mut phone = at_term(language).await;
        phone.hears(safe, "safe_on").await;
        phone.until("2026-12-03T13:00:00-05:00").await;
        phone.hears(ok, "safe_notice").await;
        for text in [yes, no] {
            phone.silence(text).await;
        }
        // She is alone and reads, until nothing waits; then her YES is the answer.
        let mut shown = 0;
        while shown < 20 && phone.says("1").await.iter().any(|words| !phone.is(words, "nothing_asked")) {
            shown += 1;
        }
        assert!((1..20).contains(&shown), "{language}: {shown}");
        phone.hears(yes, "ask_birth").await;
    }
}

#[tokio::test]
async fn a_one_that_shows_what_waits_is_no_day_of_birth() {
    let mut phone = at_term("en").await;
    phone.hears("SAFE", "safe_on").await;
    phone.until("2026-11-26T13:00:00-05:00").await;
    phone.hears("BORN", "ask_birth").await;
    let shown = phone.says("1").await;
    assert!(shown.iter().all(|words| !phone.is(words, "confirm_born")), "{shown:?}");
    let read = phone.hears("the 25th", "confirm_born").await;
    assert_says(&read, &["November 25"]);
    let shown = phone.says("1").await;
    assert!(shown.iter().all(|words| !phone.is(words, "confirm_born")), "{shown:?}");
    phone.hears("yes", "updated_born").await;
}

#[tokio::test]
async fn the_date_beside_the_keyword_is_taken() {
    let mut phone = enrolled("en").await;
    phone.goes(&[("UPDATE 4/2", "confirm_due"), ("yes", "updated_due")]).await;
    const WORDS: Words<2> = [
        ("en", ["BABY due february 1st", "baby wic"]),
        ("es", ["bebe 12 de abril", "bebe clinica"]),
        ("ru", ["Мама, срок 12 апреля 2027", "мама хочу советы"]),
    ];
    for (language, [dated, other]) in WORDS {
        let mut phone = Phone::new().await;
        phone.speak(language);
        phone.hears(dated, "confirm_due").await;
        let mut phone = Phone::new().await;
        phone.speak(language);
        phone.hears(other, "ask_date").await;
    }
    let mut phone = Phone::new().await;
    phone.speak("ru");
    phone.hears("МАМА ПОЛИКЛИНИКА7", "ask_date").await;
}

#[tokio::test]
async fn a_town_is_a_place_in_the_united_states_too() {
    let mut phone = enrolled("en").await;
    phone.goes(&[("zip Houston", "place_set"), ("ZIP Portland, Maine", "place_set")]).await;
    phone.hears("zip Springfield", "free_text_enrolled").await;
    let mut phone = Phone::new().await;
    phone.goes(&[("BABY", "ask_date"), ("april 12", "confirm_due"), ("yes", "ask_zip")]).await;
    phone.hears("Chicago", "enrolled_due").await;
    // A sentence names it too; what is kept is the name.
    for (language, [start, due, yes, lives, details]) in [
        ("en", ["BABY", "april 12", "yes", "I live in Boise, Idaho", "DETAILS"]),
        ("es", ["BEBE", "12 de abril", "si", "vivo en Boise, Idaho", "DATOS"]),
    ] {
        let mut phone = Phone::new().await;
        phone.speak(language);
        phone.goes(&[(start, "ask_date"), (due, "confirm_due"), (yes, "ask_zip")]).await;
        phone.hears(lives, "enrolled_due").await;
        let held = phone.hears(details, "details_due").await;
        assert_says(&held, &[" Boise, Idaho"]);
        assert!(!held.contains(lives), "{held}");
    }
}

#[tokio::test]
async fn what_was_taken_needs_help_before_comfort() {
    const WORDS: Words<1> = [
        ("en", ["i took a bunch of pills to die"]),
        ("es", ["me tome unas pastillas para morirme"]),
        ("ru", ["я выпила таблетки чтобы умереть"]),
    ];
    for (language, [text]) in WORDS {
        enrolled(language).await.hears(text, "danger_poison").await;
    }
}

#[tokio::test]
async fn stop_behind_a_visit_that_is_off_stops() {
    let mut phone = enrolled("en").await;
    phone.hears("cancel my appointment and stop texting me", "stopped").await;
    let mut phone = enrolled("en").await;
    phone.hears("cancel appt stop", "stopped").await;
}
