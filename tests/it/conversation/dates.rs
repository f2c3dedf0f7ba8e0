//! Her date: read as people type it, read back, offered in its other readings, refused for what is wrong.

use super::{Phone, assert_says};

#[tokio::test]
async fn a_date_that_cannot_be_is_told_so_and_asked_again() {
    let tables = [
        (
            "en",
            "BABY",
            [
                ("December 1, 2027", "date_too_far", "December 1, 2027"),
                ("January 5, 2024", "date_too_old", "January 5, 2024"),
                ("born december 1 2026", "born_in_future", "December 1, 2026"),
                ("due november 1 2026", "date_too_old", "November 1, 2026"),
                ("April 12", "confirm_due", "April 12, 2027"),
            ],
        ),
        (
            "es",
            "BEBE",
            [
                ("1 de diciembre de 2027", "date_too_far", "1 de diciembre de 2027"),
                ("5 de enero de 2024", "date_too_old", "5 de enero de 2024"),
                ("nació el 1 de diciembre de 2026", "born_in_future", "1 de diciembre de 2026"),
                ("fecha de parto 1 de noviembre de 2026", "date_too_old", "1 de noviembre de 2026"),
                ("12 de abril", "confirm_due", "12 de abril de 2027"),
            ],
        ),
        (
            "ru",
            "МАМА",
            [
                ("1 декабря 2027", "date_too_far", "1 декабря 2027"),
                ("5 января 2024", "date_too_old", "5 января 2024"),
                ("родился 1 декабря 2026", "born_in_future", "1 декабря 2026"),
                ("ПДР 1 ноября 2026", "date_too_old", "1 ноября 2026"),
                ("12 апреля", "confirm_due", "12 апреля 2027"),
            ],
        ),
    ];
    let mut phone = Phone::new().await;
    for (language, keyword, table) in tables {
        phone.speak(language);
        phone.hears(keyword, "ask_date").await;
        for (text, reply, date) in table {
            assert_says(&phone.hears(text, reply).await, &[date]);
        }
    }
}

#[tokio::test]
async fn the_last_day_that_can_be_and_the_first_that_cannot() {
    let mut phone = Phone::new().await;
    let mut step = Vec::from([("BABY", "ask_date")]);
    // Today is November 23, 2026.
    step.extend([("August 31, 2027", "date_too_far"), ("August 30, 2027", "confirm_due")]);
    step.extend([
        ("BABY", "ask_date"),
        ("November 22, 2025", "date_too_old"),
        ("November 23, 2025", "confirm_born"),
    ]);
    step.extend([
        ("BABY", "ask_date"),
        ("due nov 1, 2026", "date_too_old"),
        ("due nov 2, 2026", "confirm_due"),
    ]);
    step.extend([
        ("BABY", "ask_date"),
        ("born nov 24, 2026", "born_in_future"),
        ("born today", "confirm_born_today"),
    ]);
    step.extend([("BABY", "ask_date"), ("LMP", "ask_lmp")]);
    step.extend([("Jan 25, 2026", "lmp_impossible"), ("Nov 24, 2026", "lmp_impossible")]);
    step.extend([("Jan 26, 2026", "confirm_lmp")]);
    phone.goes(&step).await;
}

#[tokio::test]
async fn without_a_year_it_is_the_next_one_that_makes_sense() {
    let mut phone = Phone::new().await;
    phone.hears("BABY", "ask_date").await;
    assert_says(&phone.hears("3/4", "confirm_due").await, &["March 4, 2027"]);
    assert_says(&phone.hears("december 20", "confirm_due").await, &["December 20, 2026"]);
    assert_says(&phone.hears("nov 20", "confirm_born").await, &["November 20, 2026"]);
    assert_says(&phone.hears("today", "confirm_due").await, &["November 23, 2026"]);
    phone.speak("en");
    for (language, keyword, date) in [("es", "BEBE", "3 de abril de 2027"), ("ru", "МАМА", "3 апреля 2027")]
    {
        phone.speak(language);
        phone.hears(keyword, "ask_date").await;
        assert_says(&phone.hears("3/4", "confirm_due").await, &[date]);
    }
}

#[tokio::test]
async fn no_offers_the_other_readings_and_a_number_chooses() {
    let mut phone = Phone::new().await;
    phone.goes(&[("BABY", "ask_date"), ("3/4", "confirm_due")]).await;
    let offer = phone.hears("No", "offer_others").await;
    let lines: Vec<&str> = offer.lines().skip(1).collect();
    assert_eq!("1 = baby born March 4, 2026", lines[0]);
    assert_eq!("2 = due date April 3, 2027", lines[1]);
    assert!(lines.contains(&"5 = last period April 3, 2026"), "a last period comes last: {lines:?}");
    assert!(!offer.contains("due date March 4"), "what she refused is not offered again");
    assert_says(&phone.hears("9", "choose_again").await, &["2 = due date April 3, 2027"]);
    phone.silence("77").await;
    phone.goes(&[("2", "ask_zip"), ("10001", "enrolled_due")]).await;
    assert_says(&phone.hears("BABY", "already_due").await, &["April 3, 2027"]);

    phone.speak("ru");
    phone.goes(&[("МАМА", "ask_date"), ("3 апреля", "confirm_due")]).await;
    let offer = phone.hears("нет", "offer_others").await;
    assert_says(&offer, &["1 = малыш родился 3 апреля 2026", "2 = месячные начались 3 апреля 2026"]);
    phone.hears("1", "ask_postcode").await;

    phone.speak("es");
    phone.goes(&[("BEBE", "ask_date"), ("3 de agosto de 2026", "confirm_born")]).await;
    let offer = phone.hears("no", "offer_others").await;
    assert_eq!(2, offer.lines().count(), "one other reading: {offer}");
    phone.hears("sí", "ask_zip").await;
}

#[tokio::test]
async fn no_without_another_reading_asks_the_date_again() {
    let mut phone = Phone::new().await;
    for (language, keyword, date, no) in [
        ("en", "BABY", "August 13, 2027", "No"),
        ("es", "BEBE", "13 de agosto de 2027", "no"),
        ("ru", "МАМА", "13 августа 2027", "нет"),
    ] {
        phone.speak(language);
        phone.hears(keyword, "ask_date").await;
        phone.hears(date, "confirm_due").await;
        phone.hears(no, "ask_update").await;
        phone.hears(date, "confirm_due").await;
    }
}

#[tokio::test]
async fn another_date_instead_of_yes_is_read_back_in_its_turn() {
    let mut phone = Phone::new().await;
    phone.goes(&[("BABY", "ask_date"), ("April 12", "confirm_due")]).await;
    assert_says(&phone.hears("no its april 21", "confirm_due").await, &["April 21, 2027"]);
    assert_says(&phone.hears("2027-04-22", "confirm_due").await, &["April 22, 2027"]);
    phone.goes(&[("no", "ask_update")]).await;
    assert_says(&phone.hears("my due date is 04/23/27", "confirm_due").await, &["April 23, 2027"]);
    assert_says(&phone.hears("UPDATE", "ask_update").await, &["birth date"]);
    assert_says(&phone.hears("april 24", "confirm_due").await, &["April 24, 2027"]);
    phone.goes(&[("lmp", "ask_lmp"), ("july 1", "confirm_lmp"), ("yes", "ask_zip")]).await;
}

#[tokio::test]
async fn two_dates_are_one_too_many() {
    let mut phone = Phone::new().await;
    for (language, keyword, two, one) in [
        ("en", "BABY", "march 3 2027 or april 20 2027", "march 3 2027"),
        ("es", "BEBE", "3 de marzo o 20 de abril de 2027", "3 de marzo"),
        ("ru", "МАМА", "3 марта или 20 апреля 2027", "3 марта"),
    ] {
        phone.speak(language);
        phone.hears(keyword, "ask_date").await;
        phone.hears(two, "ask_one_date").await;
        phone.hears(one, "confirm_due").await;
    }
}

#[tokio::test]
async fn neither_yes_nor_no_is_asked_once_more() {
    let mut phone = Phone::new().await;
    for (language, keyword, date, noise, yes, place) in [
        ("en", "BABY", "April 12", "is that a saturday", "yes", "ask_zip"),
        ("es", "BEBE", "12 de abril", "qué día cae eso", "si", "ask_zip"),
        ("ru", "МАМА", "12 апреля", "какой это день", "да", "ask_postcode"),
    ] {
        phone.speak(language);
        phone.hears(keyword, "ask_date").await;
        phone.hears(date, "confirm_due").await;
        phone.hears(noise, "yes_or_no").await;
        phone.silence("🤰").await;
        phone.hears(yes, place).await;
    }
}
