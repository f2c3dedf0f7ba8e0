//! Whole lives with the service, from the keyword to the end, on a clock moved by hand.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use chrono::{Datelike, NaiveDate, Timelike, Weekday};
use motherline::domain::phone::PhoneNumber;
use motherline::store::{people, planned};
use motherline::worker::rehearsal::Line;

use crate::conversation::{Phone, at};

/// What became of every slot that was due to her newest enrollment.
async fn account(phone: &Phone) -> Vec<planned::Account> {
    let mut tx = phone.world.service().database.begin().await.expect("a transaction");
    let number = PhoneNumber::from_e164(phone.number.clone()).expect("a number");
    let her = people::lock(&mut tx, &number).await.expect("a look").expect("she is known");
    let enrollments = people::enrollments_of(&mut tx, her.id).await.expect("a look");
    planned::account(&mut tx, enrollments[0].id).await.expect("a look")
}

/// How many slots of each track.
fn by_track(account: &[planned::Account]) -> BTreeMap<&str, usize> {
    let mut tracks = BTreeMap::new();
    for slot in account {
        *tracks.entry(slot.track.as_str()).or_default() += 1;
    }
    tracks
}

/// From the keyword to the end: what must hold of any life.
async fn lives(
    phone: &mut Phone,
    texts: [&str; 4],
    until: &str,
    weekdays: &[Weekday],
) -> Vec<planned::Account> {
    for text in texts {
        assert_eq!(1, phone.says(text).await.len(), "to {text:?}");
    }
    let (lines, asked): (Vec<Line>, Vec<Line>) =
        phone.until(until).await.into_iter().partition(|line| line.tip.is_some());
    let account = account(phone).await;
    let slots: HashSet<_> = account.iter().map(|slot| (&slot.track, slot.week, slot.slot)).collect();
    assert_eq!(account.len(), slots.len(), "no slot twice");
    let days: HashSet<_> = lines.iter().map(|line| line.at.date_naive()).collect();
    assert_eq!(lines.len(), days.len(), "no two tips on a day");
    let sent: HashSet<_> = lines.iter().map(|line| line.tip.as_deref().expect("a tip")).collect();
    assert_eq!(lines.len(), sent.len(), "no tip twice");
    let queued = account.iter().filter(|slot| slot.outcome == "queued").count();
    assert_eq!(queued, lines.len(), "all that were queued were sent");
    let empty: Vec<_> = account.iter().filter(|slot| slot.outcome != "queued").collect();
    assert!(empty.is_empty(), "every slot has its tip: {empty:?}");
    // What comes beside the tips is asked past the due date, three times, until she tells of the birth.
    let questions = if account.iter().any(|slot| slot.track == "pregnancy") { 3 } else { 0 };
    assert_eq!(questions, asked.len(), "{asked:?}");
    assert!(asked.iter().all(|line| phone.is(&line.body, "birth_news")), "{asked:?}");
    for line in lines.iter().chain(&asked) {
        assert!((9..20).contains(&line.at.hour()), "{line:?}");
    }
    for line in &lines {
        assert!(
            ["starter", "farewell"].contains(&line.track.as_deref().unwrap_or_default())
                || weekdays.contains(&line.at.weekday()),
            "{line:?}"
        );
    }
    account
}

const US_DAYS: [Weekday; 3] = [Weekday::Mon, Weekday::Wed, Weekday::Fri];
const RUSSIAN_DAYS: [Weekday; 2] = [Weekday::Tue, Weekday::Fri];

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a day")
}

#[tokio::test]
async fn a_pregnancy_in_america_until_it_is_held() {
    let mut phone = Phone::new().await;
    // 4+0 on Monday, November 23, 2026; 43+0 on Monday, August 23, 2027.
    let texts = ["BABY", "August 2, 2027", "YES", "10001"];
    let account = lives(&mut phone, texts, "2027-12-31T12:00:00-05:00", &US_DAYS).await;
    // The pack ends on Sunday, so every Monday, Wednesday and Friday of 38 weeks from 5+0, and 43+0.
    assert_eq!(BTreeMap::from([("starter", 6), ("pregnancy", 38 * 3 + 1)]), by_track(&account));
    assert_eq!(Some(day("2027-08-23")), account.last().map(|slot| slot.occurs_on), "held after 43+0");
    assert_eq!(vec!["active"], phone.enrollments().await, "until she tells of the birth");
    assert_eq!(None, phone.world.next_moment().await.expect("a look"), "nothing more is planned");
    phone
        .goes(&[("UPDATE", "ask_update"), ("born august 24", "confirm_born"), ("yes", "updated_born")])
        .await;
    let next = phone.world.next_moment().await.expect("a look").expect("the baby's tips");
    assert!(next < at("2028-01-04T00:00:00-05:00"), "{next}");
}

#[tokio::test]
async fn a_first_year_in_america() {
    let mut phone = Phone::new().await;
    let texts = ["BABY", "born november 23 2026", "YES", "90210"];
    let account = lives(&mut phone, texts, "2028-02-01T12:00:00-05:00", &US_DAYS).await;
    assert_eq!(BTreeMap::from([("starter", 6), ("baby", 51 * 3), ("farewell", 1)]), by_track(&account));
    assert!(
        account.last().is_some_and(|slot| slot.occurs_on == day("2027-11-22")),
        "the day before the birthday"
    );
    assert_eq!(vec!["completed"], phone.enrollments().await);
    assert_eq!(None, phone.world.next_moment().await.expect("a look"));
}

#[tokio::test]
async fn a_pregnancy_in_russia_until_it_is_held() {
    let mut phone = Phone::new().await;
    phone.speak("ru");
    let texts = ["МАМА", "2 августа 2027", "ДА", "Москва"];
    let account = lives(&mut phone, texts, "2027-12-31T12:00:00+03:00", &RUSSIAN_DAYS).await;
    // Tuesday and Friday of the 38 weeks from 5+0; 43+0 is a Monday.
    assert_eq!(BTreeMap::from([("starter", 6), ("pregnancy", 38 * 2)]), by_track(&account));
    assert_eq!(Some(day("2027-08-20")), account.last().map(|slot| slot.occurs_on));
    assert_eq!(vec!["active"], phone.enrollments().await);
}

#[tokio::test]
async fn a_first_year_in_russia() {
    let mut phone = Phone::new().await;
    phone.speak("ru");
    let texts = ["МАЛЫШ", "родился 23 ноября 2026", "ДА", "Владивосток"];
    let account = lives(&mut phone, texts, "2028-02-01T12:00:00+10:00", &RUSSIAN_DAYS).await;
    assert_eq!(BTreeMap::from([("starter", 6), ("baby", 51 * 2), ("farewell", 1)]), by_track(&account));
    assert!(account.last().is_some_and(|slot| slot.occurs_on == day("2027-11-22")));
    assert_eq!(vec!["completed"], phone.enrollments().await);
}

/// From week 4 to the first birthday: a tip on every day of the cadence, and none twice.
async fn a_whole_life(phone: &mut Phone, joins: [&str; 4], birth: [&str; 3], weekdays: &[Weekday]) {
    for text in joins {
        assert_eq!(1, phone.says(text).await.len(), "to {text:?}");
    }
    // Born on the due date, a Monday; told the next morning.
    let mut lines = phone.until("2027-08-10T08:00:00Z").await;
    for text in birth {
        assert_eq!(1, phone.says(text).await.len(), "to {text:?}");
    }
    lines.extend(phone.until("2029-01-01T12:00:00Z").await);
    let got: BTreeMap<NaiveDate, &str> =
        lines.iter().filter_map(|line| Some((line.at.date_naive(), line.tip.as_deref()?))).collect();
    let days = |from: &str, until: &str| {
        let until = day(until);
        day(from).iter_days().take_while(move |on| *on < until).collect::<Vec<_>>().into_iter()
    };
    // 4+0 is Monday, November 30; the pack is over by then. After the birth was told come the texts on a newborn.
    let newborn = days("2027-08-11", "2027-08-14");
    let weekly = days("2026-11-30", "2028-08-07").filter(|on| weekdays.contains(&on.weekday()));
    let due: BTreeSet<NaiveDate> =
        days("2026-11-24", "2026-11-30").chain(weekly).chain(newborn).chain([day("2028-08-08")]).collect();
    let due: Vec<NaiveDate> = due.into_iter().collect();
    assert_eq!(due, got.keys().copied().collect::<Vec<_>>(), "no gap, and nothing beside");
    let once: HashSet<&str> = got.values().copied().collect();
    assert_eq!(got.len(), once.len(), "no repeat");
    assert!(got.values().last().is_some_and(|tip| tip.contains("farewell")), "the last word");
    assert_eq!(vec!["completed"], phone.enrollments().await);
}

#[tokio::test]
async fn a_whole_life_in_america() {
    for (language, joins, birth) in [
        ("en", ["BABY", "August 9, 2027", "YES", "10001"], ["UPDATE", "born august 9", "yes"]),
        ("es", ["BEBE", "9 de agosto de 2027", "SI", "10001"], ["ACTUALIZAR", "nacio el 9 de agosto", "si"]),
    ] {
        let mut phone = Phone::new().await;
        phone.speak(language);
        a_whole_life(&mut phone, joins, birth, &US_DAYS).await;
    }
}

#[tokio::test]
async fn a_whole_life_in_russia() {
    let mut phone = Phone::new().await;
    phone.speak("ru");
    let joins = ["МАМА", "9 августа 2027", "ДА", "Москва"];
    a_whole_life(&mut phone, joins, ["ОБНОВИТЬ", "родился 9 августа", "да"], &RUSSIAN_DAYS).await;
}

#[tokio::test]
async fn the_latest_who_may_enroll_get_their_starter_pack() {
    let mut phone = Phone::new().await;
    for (number, date) in [("+12025550161", "due november 2 2026"), ("+12025550162", "born november 23 2025")]
    {
        phone.take(number);
        for text in ["BABY", date, "yes"] {
            assert_eq!(1, phone.says(text).await.len());
        }
        let promise = phone.says("10001").await;
        assert!(promise[0].contains("First tip tomorrow"), "{promise:?}");
    }
    let lines = phone.until("2027-01-31T12:00:00-05:00").await;
    for number in ["+12025550161", "+12025550162"] {
        let hers = lines.iter().filter(|line| line.to.as_deref() == Some(number));
        assert_eq!(6, hers.count(), "what was promised, and no more");
    }
}
