//! The whole line through a real Kannel: two women on one number, in two countries, alphabets and programs.
//!
//! What stands here is what their handsets show, letter by letter. Dates are moved by SQL where a test cannot
//! wait for weeks; everything else goes the way of a real text.

pub mod catalog;
mod town;

use chrono::{Days, NaiveDate};
use chrono_tz::Tz;
use motherline::clock::Clock;
use tempfile::TempDir;

use self::catalog::Catalog;
use self::town::Town;
use crate::support::engines;

const NUMBER: &str = "511411";
const ANNA: &str = "+79161234567";
const AMY: &str = "+12025550143";
const STRANGER: &str = "+12025550144";
/// With everything in it that an address or Kannel's own escapes could trip over.
const SECRET: &str = "s cret&+%d%ö";

#[tokio::test]
async fn two_women_and_one_number_on_sqlite() {
    let folder = TempDir::new().expect("a folder");
    two_women_and_one_number(engines::sqlite(folder.path())).await;
}

#[tokio::test]
async fn two_women_and_one_number_on_postgres() {
    two_women_and_one_number(engines::postgres()).await;
}

async fn two_women_and_one_number(database: String) {
    let mut town = Town::open(database).await;

    let (words, today) = (Catalog::of("ru"), today_in(Tz::Europe__Moscow));
    let example = words.date(today + Days::new(120));
    let asked = words.reply("ask_date", &[("program", "СМС-маме"), ("example", &example)]);
    assert_eq!(asked, town.says(ANNA, "МАМА").await);
    // 23 weeks to the day.
    let due = today + Days::new(119);
    let read_back = words.reply("confirm_due", &[("date", &words.date(due)), ("age", "23 недели")]);
    assert_eq!(read_back, town.says(ANNA, &due.format("%d.%m.%Y").to_string()).await);
    assert_eq!(words.reply("ask_postcode", &[]), town.says(ANNA, "ДА").await);
    let joined = words.reply("enrolled_due", &[("program", "СМС-маме"), ("frequency", "2 СМС в неделю")]);
    assert_eq!(joined, town.says(ANNA, "Казань").await);
    assert_eq!("Europe/Moscow", town.zone(ANNA).await);

    let (words, today) = (Catalog::of("en"), today_in(Tz::America__New_York));
    let example = words.date(today + Days::new(120));
    let asked = words.reply("ask_date", &[("program", "Text4baby"), ("example", &example)]);
    assert_eq!(asked, town.says(AMY, "BABY").await);
    let due = today + Days::new(119);
    let read_back = words.reply("confirm_due", &[("date", &words.date(due)), ("age", "23 weeks")]);
    assert_eq!(read_back, town.says(AMY, &due.format("%m/%d/%Y").to_string()).await);
    assert_eq!(words.reply("ask_zip", &[]), town.says(AMY, "YES").await);
    let joined = words.reply("enrolled_due", &[("program", "Text4baby"), ("frequency", "3 msgs/week")]);
    assert_eq!(joined, town.says(AMY, "96813").await);
    assert_eq!("Pacific/Honolulu", town.zone(AMY).await);

    // Everything so far was reported as delivered, by Kannel and to the right row.
    for woman in [ANNA, AMY] {
        town.service.until_states(woman, &["delivered"; 4]).await;
    }
    town.tips_come().await;
    town.stop_is_the_end().await;
    town.a_stranger_gets_nothing().await;
}

fn today_in(zone: Tz) -> NaiveDate {
    Clock::System.now().with_timezone(&zone).date_naive()
}
