//! Where she lives: a ZIP, a postcode, a city, a refusal, or a place nobody knows.

use chrono::{TimeDelta, Timelike};

use super::Phone;
use crate::support::engines::on_both;

/// Where the place takes her: what she answers, and the offset of her first tip.
async fn first_tip_of(phone: &mut Phone, number: &str, answers: &[(&str, &str)]) -> (String, u32) {
    phone.take(number);
    let texts = match phone.language {
        "en" => ["BABY", "April 12, 2027", "yes"],
        "es" => ["BEBE", "12 de abril", "sí"],
        _ => ["МАМА", "12.04.2027", "да"],
    };
    for text in texts {
        assert_eq!(1, phone.says(text).await.len());
    }
    phone.goes(answers).await;
    let lines = phone.wait(TimeDelta::hours(50)).await;
    let line = lines.iter().find(|line| line.to.as_deref() == Some(number)).expect("a tip");
    (line.at.offset().to_string(), line.at.hour())
}

#[tokio::test]
async fn a_zip_code_gives_her_zone() {
    let mut phone = Phone::new().await;
    let enrolled = "enrolled_due";
    let places = [
        ("+12025550110", "02139", "-05:00"),
        ("+12025550111", "my zip is 60601", "-06:00"),
        ("+12025550112", "85001-1234", "-07:00"),
        ("+12025550113", "96813", "-10:00"),
        ("+12025550114", "00901", "-04:00"),
    ];
    for (number, zip, offset) in places {
        let (found, hour) = first_tip_of(&mut phone, number, &[(zip, enrolled)]).await;
        assert_eq!(offset, found, "{zip}");
        assert!((9..20).contains(&hour), "{zip}: at {hour}");
    }
}

#[tokio::test]
async fn a_postcode_or_a_city_gives_her_zone() {
    let mut phone = Phone::new().await;
    phone.speak("ru");
    let places = [
        ("+79161234501", "236000", "+02:00"),
        ("+79161234502", "Новосибирск", "+07:00"),
        ("+79161234503", "Владивосток, Приморье", "+10:00"),
        ("+79161234504", "ekaterinburg", "+05:00"),
    ];
    for (number, place, offset) in places {
        let (found, hour) = first_tip_of(&mut phone, number, &[(place, "enrolled_due")]).await;
        assert_eq!(offset, found, "{place}");
        assert!((9..20).contains(&hour), "{place}: at {hour}");
    }
}

#[tokio::test]
async fn without_a_place_only_hours_that_are_day_everywhere() {
    let mut phone = Phone::new().await;
    for (number, answer) in
        [("+12025550120", "SKIP"), ("+12025550121", "no"), ("+12025550122", "i'd rather not say")]
    {
        let (offset, hour) = first_tip_of(&mut phone, number, &[(answer, "enrolled_due")]).await;
        // From 15:00 in New York it is past 9:00 in Samoa, and before 20:00 in Puerto Rico until 19:00.
        assert_eq!("-05:00", offset);
        assert!((15..19).contains(&hour), "{answer}: at {hour}");
    }
    phone.speak("ru");
    let (_, hour) = first_tip_of(&mut phone, "+79161234505", &[("ПРОПУСТИТЬ", "enrolled_due")]).await;
    assert_eq!(10, hour, "in Moscow: then it is 9 in Kaliningrad and 19 in Kamchatka");
}

#[tokio::test]
async fn a_place_nobody_knows_is_asked_once_more_and_keeps_nobody_out() {
    let mut phone = Phone::new().await;
    for (language, number, wrong, again, right) in [
        ("en", "+12025550130", "00000", "zip_again", "10001"),
        ("es", "+12025550131", "no existe", "zip_again", "10001"),
        ("ru", "+79161234506", "Тридевятое царство", "postcode_again", "Казань"),
    ] {
        phone.speak(language);
        first_tip_of(&mut phone, number, &[(wrong, again), (right, "enrolled_due")]).await;
    }
    phone.speak("en");
    let answers = [("99999", "zip_again"), ("i told you", "enrolled_due")];
    let (_, hour) = first_tip_of(&mut phone, "+12025550132", &answers).await;
    assert!((15..19).contains(&hour), "as if she had skipped it: at {hour}");
}

#[tokio::test]
async fn her_zip_is_kept_for_a_second_pregnancy() {
    let mut phone = Phone::new().await;
    let (first, _) = first_tip_of(&mut phone, "+12025550133", &[("90210", "enrolled_due")]).await;
    phone
        .goes(&[
            ("BABY", "already_due"),
            ("yes", "ask_date"),
            ("april 20", "confirm_due"),
            ("yes", "ask_zip"),
        ])
        .await;
    phone.hears("skip", "enrolled_due").await;
    let lines = phone.wait(TimeDelta::hours(50)).await;
    assert_eq!(first, lines[0].at.offset().to_string(), "still in California");
}

#[tokio::test]
async fn what_was_still_to_come_today_is_not_lost_to_another_hour_or_zone() {
    on_both(async |database| {
        let mut phone = Phone::on(database).await;
        phone.goes(&[("BABY", "ask_date"), ("april 12", "confirm_due"), ("yes", "ask_zip")]).await;
        phone.goes(&[("83702", "enrolled_due"), ("TIME 6PM", "time_set")]).await;
        // Noon in Boise: by her new hour the day's tip would have come already.
        phone.until("2026-11-24T12:00:00-07:00").await;
        phone.hears("TIME 10AM", "time_set").await;
        // A quarter to ten in Boise, and a quarter to twelve in Miami, where she lives now.
        let mut came = phone.until("2026-11-25T09:45:00-07:00").await;
        phone.hears("ZIP 33101", "place_set").await;
        came.extend(phone.until("2026-11-25T23:00:00-05:00").await);
        // And it comes once, however often she changes her mind.
        came.extend(phone.until("2026-11-26T09:00:00-05:00").await);
        for hour in ["TIME 9PM", "TIME 7PM", "TIME 11AM"] {
            phone.says(hour).await;
        }
        came.extend(phone.until("2026-11-26T16:00:00-05:00").await);
        phone.hears("TIME 6PM", "time_set").await;
        came.extend(phone.until("2026-11-26T23:00:00-05:00").await);
        let days: Vec<String> = came
            .iter()
            .filter(|line| line.tip.is_some())
            .map(|line| line.at.format("%d").to_string())
            .collect();
        assert_eq!(vec!["24", "25", "26"], days, "{came:#?}");
    })
    .await;
}
