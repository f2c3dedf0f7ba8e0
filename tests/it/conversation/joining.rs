//! From the keyword to the first tip, in three languages, by due date, birth and last period.

use chrono::{TimeDelta, Timelike};

use super::{Phone, assert_says, tips};

#[tokio::test]
async fn in_english_by_due_date() {
    let mut phone = Phone::new().await;
    assert_says(&phone.hears("BABY", "ask_date").await, &["Text4baby", "STOP", "LMP"]);
    let read_back = phone.hears("its april 12th!!", "confirm_due").await;
    assert_says(&read_back, &["April 12, 2027", "20 weeks of pregnancy", "YES or NO"]);
    phone.hears("Yes", "ask_zip").await;
    let confirmation = phone.hears("90210", "enrolled_due").await;
    assert_says(&confirmation, &["Text4baby", "3 msgs/week", "rates may apply", "HELP", "STOP"]);
    let week = phone.until("2026-11-30T08:00:00-08:00").await;
    assert_eq!(6, tips(&week).len(), "one a day");
    assert!(week.iter().all(|line| line.track.as_deref() == Some("starter")));
    assert!(week.iter().all(|line| line.at.offset().to_string() == "-08:00"), "her ZIP is in California");
    assert!(week.iter().all(|line| (9..20).contains(&line.at.hour())), "by day, there");
    assert_eq!("2026-11-24", week[0].at.date_naive().to_string(), "the first tomorrow, as was said");
    let then = phone.until("2026-12-07T00:00:00-08:00").await;
    let weeks: Vec<_> = then.iter().map(|line| (line.track.as_deref(), line.week)).collect();
    assert_eq!(vec![(Some("pregnancy"), Some(21)); 3], weeks, "three a week, in the week she is in");
}

#[tokio::test]
async fn in_spanish_by_due_date() {
    let mut phone = Phone::new().await;
    phone.speak("es");
    assert_says(&phone.hears("Bebé", "ask_date").await, &["Text4baby", "STOP", "FUM"]);
    let read_back = phone.hears("para el 12 de abril", "confirm_due").await;
    assert_says(&read_back, &["12 de abril de 2027", "20 semanas", "SÍ o NO"]);
    phone.hears("sí", "ask_zip").await;
    let confirmation = phone.hears("78701", "enrolled_due").await;
    assert_says(&confirmation, &["Text4baby", "3 mensajes/semana", "tarifas", "AYUDA", "STOP"]);
    let day = phone.until("2026-11-24T23:00:00-06:00").await;
    assert_eq!(vec!["us-starter-1-welcome"], tips(&day));
    assert_says(&day[0].body, &["Bienvenida a Text4baby"]);
    assert_eq!("-06:00", day[0].at.offset().to_string(), "in Texas");
}

#[tokio::test]
async fn in_russian_by_due_date() {
    let mut phone = Phone::new().await;
    phone.speak("ru");
    assert_says(&phone.hears("мама", "ask_date").await, &["СМС-маме", "СТОП", "ПМ"]);
    let read_back = phone.hears("ПДР 12.04", "confirm_due").await;
    assert_says(&read_back, &["12 апреля 2027", "20 недель", "ДА или НЕТ"]);
    phone.hears("да", "ask_postcode").await;
    let confirmation = phone.hears("г. Омск", "enrolled_due").await;
    assert_says(&confirmation, &["СМС-маме", "2 СМС в неделю", "по тарифу", "ПОМОЩЬ", "СТОП"]);
    let day = phone.until("2026-11-24T23:00:00+06:00").await;
    assert_eq!(vec!["ru-starter-1-welcome"], tips(&day));
    assert_eq!("+06:00", day[0].at.offset().to_string(), "in Omsk");
}

#[tokio::test]
async fn by_the_babys_birth() {
    let mut phone = Phone::new().await;
    for (language, [keyword, born, yes, skip], words) in [
        ("en", ["BABY", "she was born on november 2", "yes", "skip"], ["November 2, 2026", "3 weeks old"]),
        ("es", ["BEBE", "nació el 2 de noviembre", "si", "saltar"], ["2 de noviembre de 2026", "3 semanas"]),
        ("ru", ["малыш", "родился 2 ноября", "да", "пропустить"], ["2 ноября 2026", "3 недели"]),
    ] {
        phone.speak(language);
        phone.hears(keyword, "ask_date").await;
        assert_says(&phone.hears(born, "confirm_born").await, &words);
        assert_eq!(1, phone.says(yes).await.len());
        phone.hears(skip, "enrolled_born").await;
    }
    let days = phone.wait(TimeDelta::hours(60)).await;
    for (number, visits) in [
        ("+12025550143", "us-starter-2-baby-visits"),
        ("+12025550144", "us-starter-2-baby-visits"),
        ("+79161234567", "ru-starter-2-newborn-danger"),
    ] {
        let hers: Vec<_> = days.iter().filter(|line| line.to.as_deref() == Some(number)).cloned().collect();
        assert_eq!(Some(&visits), tips(&hers).get(1), "the second day speaks of the baby");
    }
}

#[tokio::test]
async fn by_the_last_period_when_she_knows_neither() {
    let mut phone = Phone::new().await;
    for (language, [keyword, unknown, period, yes], words) in [
        ("en", ["BABY", "I don't know", "August 3", "yes"], ["August 3, 2026", "May 10, 2027", "16 weeks"]),
        (
            "es",
            ["BEBE", "no sé", "3 de agosto", "si"],
            ["3 de agosto de 2026", "10 de mayo de 2027", "16 semanas"],
        ),
        ("ru", ["МАМА", "ПМ", "3 августа", "да"], ["3 августа 2026", "10 мая 2027", "16 недель"]),
    ] {
        phone.speak(language);
        phone.hears(keyword, "ask_date").await;
        phone.hears(unknown, "ask_lmp").await;
        assert_says(&phone.hears(period, "confirm_lmp").await, &words);
        assert_eq!(1, phone.says(yes).await.len(), "the place is asked");
        assert!(phone.enrollments().await.is_empty(), "not before she has answered that too");
    }
}

#[tokio::test]
async fn her_last_period_read_wrong_is_asked_again() {
    let mut phone = Phone::new().await;
    phone.goes(&[("BABY", "ask_date"), ("LMP", "ask_lmp"), ("August 3 2026", "confirm_lmp")]).await;
    phone.hears("no", "ask_lmp").await;
    let read_back = phone.hears("August 5", "confirm_lmp").await;
    assert_says(&read_back, &["Last period: August 5, 2026", "May 12, 2027"]);
}

#[tokio::test]
async fn keywords_in_near_forms_and_with_words_around_them() {
    let mut phone = Phone::new().await;
    for (index, (keyword, language)) in
        [("Baby.", "en"), ("babby", "en"), ("TEXT4BABY", "en"), ("text baby", "en"), ("bebe!", "es")]
            .into_iter()
            .enumerate()
    {
        phone.take(&format!("+1202555015{index}"));
        phone.language = language;
        phone.hears(keyword, "ask_date").await;
    }
    phone.speak("ru");
    for (index, keyword) in ["Мама", "мамочка", "MAMA", "малыш", "malysh"].into_iter().enumerate()
    {
        phone.take(&format!("+7916123456{index}"));
        phone.hears(keyword, "ask_date").await;
    }
}
