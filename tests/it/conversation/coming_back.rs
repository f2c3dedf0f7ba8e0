//! START after STOP, a start word from somebody who is enrolled, a second pregnancy, a second program.

use chrono::TimeDelta;

use super::{Phone, assert_says, tips};

#[tokio::test]
async fn start_reads_back_and_yes_resumes() {
    let mut phone = Phone::new().await;
    for (language, [stop, start, yes], [program, date, frequency, rates]) in [
        ("en", ["STOP", "start", "Yes"], ["Text4baby", "April 12, 2027", "3 msgs/week", "rates may apply"]),
        ("es", ["BAJA", "START", "sí"], ["Text4baby", "12 de abril de 2027", "3 mensajes/semana", "tarifas"]),
        ("ru", ["СТОП", "старт", "да"], ["СМС-маме", "12 апреля 2027", "2 СМС в неделю", "по вашему тарифу"]),
    ] {
        phone.speak(language);
        phone.enrolls().await;
        phone.hears(stop, "stopped").await;
        assert_says(&phone.hears(start, "start_due").await, &[program, date]);
        assert_says(&phone.hears(yes, "resumed").await, &[program, frequency, rates]);
        assert_eq!(vec!["active"], phone.enrollments().await, "the same one");
    }
}

#[tokio::test]
async fn what_she_had_does_not_come_again() {
    let mut phone = Phone::new().await;
    phone.enrolls().await;
    let before = phone.wait(TimeDelta::hours(74)).await;
    phone.goes(&[("STOP", "stopped")]).await;
    assert!(phone.wait(TimeDelta::days(1)).await.is_empty());
    phone.goes(&[("START", "start_due"), ("YES", "resumed")]).await;
    let after = phone.until("2026-12-12T00:00:00-05:00").await;
    let (before, after) = (tips(&before), tips(&after));
    assert_eq!(3, before.len());
    assert!(after.len() >= 6, "they come again: {after:?}");
    assert!(before.iter().all(|tip| !after.contains(tip)), "{before:?}, then {after:?}");
}

#[tokio::test]
async fn start_and_no_asks_the_new_date() {
    let mut phone = Phone::new().await;
    for (language, [stop, start, no, birth, yes], date) in [
        ("en", ["STOP", "START", "NO", "november 20", "yes"], "November 20, 2026"),
        ("es", ["ALTO", "START", "no", "20 de noviembre", "si"], "20 de noviembre de 2026"),
        ("ru", ["СТОП", "СТАРТ", "нет", "20 ноября", "да"], "20 ноября 2026"),
    ] {
        phone.speak(language);
        phone.enrolls().await;
        phone.goes(&[(stop, "stopped"), (start, "start_due"), (no, "ask_update")]).await;
        assert_says(&phone.hears(birth, "confirm_born").await, &[date]);
        assert!(!phone.enrollments().await.contains(&"active"), "not before she says yes");
        phone.hears(yes, "resumed").await;
        assert_eq!(vec!["active"], phone.enrollments().await);
    }
    let days = phone.wait(TimeDelta::days(10)).await;
    assert!(days.iter().any(|line| line.track.as_deref() == Some("baby")), "the baby's tips come");
    assert!(days.iter().all(|line| line.track.as_deref() != Some("pregnancy")));
}

#[tokio::test]
async fn after_start_a_date_or_update_says_as_much_as_no() {
    let mut phone = Phone::new().await;
    phone.enrolls().await;
    phone.goes(&[("STOP", "stopped"), ("START", "start_due"), ("UPDATE", "ask_update")]).await;
    phone.goes(&[("april 20", "confirm_due"), ("STOP", "stopped"), ("START", "start_due")]).await;
    assert_says(&phone.hears("april 21", "confirm_due").await, &["April 21, 2027"]);
    phone.goes(&[("STOP", "stopped"), ("START", "start_due"), ("hm what?", "yes_or_no")]).await;
    phone.silence("well").await;
    phone.hears("yes", "resumed").await;
}

#[tokio::test]
async fn start_without_anything_to_resume() {
    let mut phone = Phone::new().await;
    assert_says(&phone.hears("START", "how_to_join").await, &["BABY"]);
    phone.goes(&[("BABY", "ask_date"), ("START", "ask_date"), ("april 12", "confirm_due")]).await;
    phone.goes(&[("START", "confirm_due"), ("yes", "ask_zip"), ("START", "ask_zip")]).await;
    phone.goes(&[("10001", "enrolled_due"), ("START", "help")]).await;
}

#[tokio::test]
async fn a_start_word_from_somebody_enrolled_asks_whether_it_is_a_new_one() {
    let mut phone = Phone::new().await;
    for (language, [keyword, no, yes, date, place], read_back) in [
        ("en", ["BABY", "no", "YES", "may 5 2027", "10001"], ["April 12, 2027", "20 weeks", "BORN"]),
        ("es", ["BEBE", "no", "SI", "5 de mayo", "10001"], ["12 de abril de 2027", "20 semanas", "NACIDO"]),
        ("ru", ["МАМА", "нет", "ДА", "5 мая", "Москва"], ["12 апреля 2027", "20 недель", "РОДИЛСЯ"]),
    ] {
        phone.speak(language);
        phone.enrolls().await;
        assert_says(&phone.hears(keyword, "already_due").await, &read_back);
        phone.hears(no, "unchanged").await;
        assert_eq!(vec!["active"], phone.enrollments().await);
        phone.goes(&[(keyword, "already_due"), (yes, "ask_date"), (date, "confirm_due")]).await;
        assert_eq!(vec!["active"], phone.enrollments().await, "the first goes on until the second stands");
        assert_eq!(1, phone.says(yes).await.len());
        phone.hears(place, "enrolled_due").await;
        assert_eq!(vec!["active", "replaced"], phone.enrollments().await);
    }
    let week = phone.until("2026-11-28T23:00:00-05:00").await;
    let hers = week.iter().filter(|line| line.to.as_deref() == Some("+12025550143")).count();
    assert_eq!(5, hers, "one a day, of the new enrollment alone");
}

#[tokio::test]
async fn after_the_first_year_a_start_word_begins_a_new_enrollment() {
    let mut phone = Phone::new().await;
    phone.goes(&[("BABY", "ask_date"), ("born december 10 2025", "confirm_born"), ("yes", "ask_zip")]).await;
    phone.hears("10001", "enrolled_born").await;
    let rest = phone.until("2027-02-01T12:00:00-05:00").await;
    assert!(
        rest.iter().all(|line| line.at.date_naive().to_string().as_str() < "2026-12-10"),
        "until the birthday"
    );
    assert_eq!(vec!["completed"], phone.enrollments().await);
    phone.hears("START", "how_to_join").await;
    phone
        .goes(&[
            ("BABY", "ask_date"),
            ("august 1", "confirm_due"),
            ("yes", "ask_zip"),
            ("10001", "enrolled_due"),
        ])
        .await;
    assert_eq!(vec!["active", "completed"], phone.enrollments().await);
    assert_eq!(1, phone.wait(TimeDelta::days(1)).await.len(), "her tips come");
}

#[tokio::test]
async fn a_pregnancy_long_past_its_date_is_over_too() {
    let mut phone = Phone::new().await;
    phone
        .goes(&[
            ("BABY", "ask_date"),
            ("due december 1", "confirm_due"),
            ("yes", "ask_zip"),
            ("10001", "enrolled_due"),
        ])
        .await;
    phone.until("2026-12-20T12:00:00-05:00").await;
    // From 37+0 on the start word tells of the birth.
    phone.goes(&[("BABY", "birth_news"), ("NOT YET", "not_yet")]).await;
    let until = phone.until("2027-03-01T12:00:00-05:00").await;
    assert!(
        until.iter().filter(|line| line.kind.as_deref() == Some("tip")).all(|line| line
            .at
            .date_naive()
            .to_string()
            .as_str()
            <= "2026-12-22"),
        "held after 43+0"
    );
    phone
        .goes(&[
            ("BABY", "ask_date"),
            ("november 1", "confirm_due"),
            ("yes", "ask_zip"),
            ("10001", "enrolled_due"),
        ])
        .await;
    assert_eq!(vec!["active", "replaced"], phone.enrollments().await);
}
