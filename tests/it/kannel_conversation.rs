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

    let (russian, english) = (Catalog::of("ru"), Catalog::of("en"));
    let (in_moscow, in_new_york) = (today_in(Tz::Europe__Moscow), today_in(Tz::America__New_York));

    let anna = russian.date(in_moscow + Days::new(120));
    let anna = russian.reply("ask_date", &[("program", "СМС-маме"), ("example", &anna)]);
    let amy = english.date(in_new_york + Days::new(120));
    let amy = english.reply("ask_date", &[("program", "Text4baby"), ("example", &amy)]);
    assert_eq!([anna, amy], town.both_say("МАМА", "BABY").await);

    // 23 weeks to the day.
    let due = [in_moscow, in_new_york].map(|today| today + Days::new(119));
    let anna = russian.reply("confirm_due", &[("date", &russian.date(due[0])), ("age", "23 недели")]);
    let amy = english.reply("confirm_due", &[("date", &english.date(due[1])), ("age", "23 weeks")]);
    let typed = [due[0].format("%d.%m.%Y").to_string(), due[1].format("%m/%d/%Y").to_string()];
    assert_eq!([anna, amy], town.both_say(&typed[0], &typed[1]).await);

    let places = [russian.reply("ask_postcode", &[]), english.reply("ask_zip", &[])];
    assert_eq!(places, town.both_say("ДА", "YES").await);

    let anna = [("program", "СМС-маме"), ("frequency", "2 СМС в неделю")];
    let amy = [("program", "Text4baby"), ("frequency", "3 msgs/week")];
    let joined = [russian.reply("enrolled_due", &anna), english.reply("enrolled_due", &amy)];
    assert_eq!(joined, town.both_say("Казань", "96813").await);
    assert_eq!(["Europe/Moscow", "Pacific/Honolulu"], [town.zone(ANNA).await, town.zone(AMY).await]);

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
