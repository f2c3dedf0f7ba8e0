//! What holds for every text and every date.

use std::sync::LazyLock;

use chrono::{Datelike, Duration, NaiveDate};
use motherline::domain::date_text::{DateWords, read};
use proptest::prelude::*;

use super::{today, words};

/// Pieces of which real texts are made: they go deeper into the reader than random letters do.
const PIECES: [&str; 40] = [
    "3",
    "03",
    "27",
    "2027",
    "15",
    "32",
    "0",
    "20270303",
    "99999999999",
    "/",
    "-",
    ".",
    ",",
    ":",
    " ",
    "'",
    "+",
    "$",
    "%",
    "(",
    ")",
    "mar",
    "marzo",
    "марта",
    "may",
    "мая",
    "or",
    "o",
    "или",
    "de",
    "th",
    "го",
    "weeks",
    "in",
    "через",
    "ago",
    "one",
    "l",
    "\n",
    "half",
];

/// The dates of three years, the earlier of them behind us.
fn dates() -> impl Strategy<Value = NaiveDate> {
    let first = NaiveDate::from_ymd_opt(2026, 1, 1).expect("a day of the calendar");
    (0..3 * 365 + 1_i64).prop_map(move |days| first + Duration::days(days))
}

/// Eleven ways to type a date, day first unless `month_first`.
fn shapes(date: NaiveDate, month: &str, month_first: bool) -> Vec<String> {
    let (day, number, year, short) = (date.day(), date.month(), date.year(), date.year() % 100);
    let (first, second) = if month_first { (number, day) } else { (day, number) };
    vec![
        format!("{first}/{second}/{year}"),
        format!("{first:02}.{second:02}.{short}"),
        format!("{first}-{second}-{short}"),
        format!("{first} {second} {year}"),
        format!("{first:02}{second:02}{year}"),
        format!("{first:02}{second:02}{short}"),
        date.format("%Y-%m-%d").to_string(),
        date.format("%Y%m%d").to_string(),
        format!("{day} {month} {year}"),
        format!("{day}{month}{short}"),
        format!("{month} {day}, {year}").to_uppercase(),
    ]
}

/// The languages, and whether they put the month first.
static LANGUAGES: LazyLock<[(DateWords, bool); 3]> =
    LazyLock::new(|| [(words("en"), true), (words("es"), false), (words("ru"), false)]);

proptest! {
    #[test]
    fn any_text_has_a_reading(text in "\\PC{0,400}") {
        for (words, _) in &*LANGUAGES {
            let _ = read(&text, words, today()).explain(today());
        }
    }

    #[test]
    fn any_text_of_likely_pieces_has_a_reading(pieces in prop::collection::vec(prop::sample::select(&PIECES[..]), 0..60)) {
        let text = pieces.concat();
        for (words, _) in &*LANGUAGES {
            for candidate in read(&text, words, today()).candidates {
                prop_assert!(candidate.next_on_or_after(today()).is_some(), "{text:?} names no day: {candidate:?}");
            }
        }
    }

    #[test]
    fn a_date_reads_back_as_itself_in_every_shape(date in dates()) {
        for (words, month_first) in &*LANGUAGES {
            let written = words.write(date);
            prop_assert_eq!(read(&written, words, today()).explain(today()), (Some(date), false), "{}", written);
            let month = written.split(' ').find(|word| word.chars().count() > 2 && word.chars().all(char::is_alphabetic));
            let month = month.expect("a date is written with the name of its month");
            for text in shapes(date, month, *month_first) {
                prop_assert_eq!(read(&text, words, today()).explain(today()).0, Some(date), "{}", text);
            }
        }
    }

    #[test]
    fn a_day_without_a_year_is_the_next_or_the_last_one(date in dates()) {
        let (english, _) = &LANGUAGES[0];
        let reading = read(&date.format("%b %d").to_string(), english, today());
        let next = reading.candidates[0].next_on_or_after(today());
        let last = reading.candidates[0].last_on_or_before(today());
        prop_assert!(next >= Some(today()) && last <= Some(today()));
        for found in [next, last].into_iter().flatten() {
            prop_assert_eq!((found.month(), found.day()), (date.month(), date.day()));
        }
    }
}
