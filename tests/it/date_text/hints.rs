//! What is told beside the date: what it is of, how far along she is, the other readings; and writing it back.

use chrono::NaiveDate;
use motherline::domain::date_text::{Candidate, DateWords, Hint, read};

use super::{today, words};

fn hints(language: &str, table: &[(&str, Option<Hint>)]) {
    let words = words(language);
    for (text, expected) in table {
        assert_eq!(read(text, &words, today()).hint, *expected, "{text}");
    }
}

#[test]
fn the_words_around_a_date_say_what_it_is() {
    let (due, born, last_period) = (Some(Hint::Due), Some(Hint::Born), Some(Hint::LastPeriod));
    hints(
        "en",
        &[
            ("3/3/27", None),
            ("due 3/3/27", due),
            ("Due date: 03/03/2027", due),
            ("he was born on Nov 2", born),
            ("she will be born March 3", due),
            ("had my baby yesterday", born),
            ("DOB 11/2/26", born),
            ("LMP 6/1/26", last_period),
            ("June 1 was my last period", last_period),
            ("my period came on 6/1", last_period),
            ("not sure of my due date, last period was 6/1", last_period),
        ],
    );
    hints(
        "es",
        &[
            ("3/3/27", None),
            ("Fecha de parto: 3 de marzo", due),
            ("FPP 3/3", due),
            ("nació el 2 de noviembre", born),
            ("va a nacer el 3 de marzo", due),
            ("fecha de nacimiento 2/11/26", born),
            ("FUM 1/6/26", last_period),
            ("mi última regla fue el 1 de junio", last_period),
            ("ultima menstruacion 1 junio", last_period),
        ],
    );
    hints(
        "ru",
        &[
            ("03.03.27", None),
            ("ПДР 03.03.27", due),
            ("Рожаю 1 мая", due),
            ("родилась 2 ноября", born),
            ("дата рождения 02.11.26", born),
            ("ПМ 1 июня", last_period),
            ("последние месячные 01.06.26", last_period),
            ("первый день последней менструации 1 июня", last_period),
        ],
    );
}

#[test]
fn weeks_along_are_told_apart_from_dates_and_ages() {
    for (language, text, expected) in [
        ("en", "I'm 20 weeks", Some(20)),
        ("en", "20w3d", Some(20)),
        ("en", "20+3 weeks", Some(20)),
        ("en", "20 wks pregnant", Some(20)),
        ("en", "twenty weeks", Some(20)),
        ("en", "week 20", Some(20)),
        ("en", "in my 20th week", Some(20)),
        ("en", "20 weeks today", Some(20)),
        ("en", "due in 20 weeks", None),
        ("en", "20 weeks left", None),
        ("en", "my baby is 6 weeks old", None),
        ("en", "5 months", None),
        ("en", "100 weeks", None),
        ("en", "4th week of March", None),
        ("es", "tengo 20 semanas", Some(20)),
        ("es", "estoy en 20 semanas", Some(20)),
        ("es", "estoy en la semana 20", Some(20)),
        ("es", "en semana 20", Some(20)),
        ("es", "20 sdg", Some(20)),
        ("es", "20 semanas más o menos", Some(20)),
        ("es", "en 20 semanas", None),
        ("es", "mi bebé tiene 6 semanas", None),
        ("ru", "20 недель", Some(20)),
        ("ru", "срок 20 недель", Some(20)),
        ("ru", "20-я неделя", Some(20)),
        ("ru", "на 20 неделе", Some(20)),
        ("ru", "двадцать недель", Some(20)),
        ("ru", "20н3д", Some(20)),
        ("ru", "через 20 недель", None),
        ("ru", "малышу 6 недель", None),
    ] {
        assert_eq!(read(text, &words(language), today()).gestation_weeks, expected, "{text}");
    }
}

#[test]
fn the_other_order_is_kept_as_the_second_reading() {
    let reading = read("5/1/27", &words("en"), today());
    let candidate = |day, month| Candidate { day, month, year: Some(2027) };
    assert_eq!(reading.candidates, [candidate(1, 5), candidate(5, 1)]);
    assert!(!reading.several);
    let reading = read("5/1/27", &words("es"), today());
    assert_eq!(reading.candidates, [candidate(5, 1), candidate(1, 5)]);
}

#[test]
fn of_two_dates_both_are_kept_in_her_order() {
    let reading = read("10/15 or 10/20", &words("en"), today());
    let days: Vec<u32> = reading.candidates.iter().map(|candidate| candidate.day).collect();
    assert_eq!(days, [15, 20]);
    assert!(reading.several);
}

#[test]
fn a_lexicon_that_cannot_work_says_why() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/message-library/lexicons/en/dates.toml");
    let file = std::fs::read_to_string(path).expect("the lexicon is there");
    for (from, to, complaint) in [
        ("{month} {day}, {year}", "{month} {day}", "{year}"),
        ("  [\"may\"],\n", "", "twelve months, not 11"),
        ("day = 25", "day = 32", "no day 32 in month 12"),
        ("vague =", "vaque =", "vaque"),
    ] {
        let fault = toml::from_str::<DateWords>(&file.replace(from, to)).expect_err(complaint);
        assert!(fault.to_string().contains(complaint), "{fault}");
    }
}

#[test]
fn a_date_is_written_with_the_name_of_its_month() {
    let date = NaiveDate::from_ymd_opt(2027, 3, 14).expect("a day of the calendar");
    assert_eq!(words("en").write(date), "March 14, 2027");
    assert_eq!(words("es").write(date), "14 de marzo de 2027");
    assert_eq!(words("ru").write(date), "14 марта 2027 г.");
}
