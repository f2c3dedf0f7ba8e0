//! What a cell means in its column, whatever a spreadsheet program has made of it: 20 from `20.0` and `020`, a date
//! from its serial number. What could mean two things is refused, with what to write instead.

use chrono::{Days, NaiveDate};

use super::sheet::Cell;
use crate::library::exchange::{LONGEST, Meant, Shown, WrongCell};
use crate::library::field::Kind;

/// Serial numbers that can be a date of this service: the years 2000 to 2099.
const SERIALS: std::ops::RangeInclusive<f64> = 36_526.0..=73_050.0;

/// The cell as text of that kind; empty if it holds only spaces. What is wrong is told without the place.
pub fn read(cell: &Cell, kind: Kind) -> Result<String, WrongCell> {
    match cell {
        Cell::Formula => return Err(WrongCell::Formula),
        Cell::Truth(truth) => return Err(WrongCell::Truth(*truth)),
        Cell::Other(odd) => return Err(WrongCell::Odd(odd.clone())),
        Cell::Text(text) => {
            let length = text.chars().count();
            if length > LONGEST {
                return Err(WrongCell::Lengthy { length, most: LONGEST });
            }
        }
        Cell::Number(_) | Cell::Date(_) => {}
    }
    match kind {
        Kind::Text => text(cell),
        Kind::Choice => text(cell).map(|text| text.to_lowercase()),
        Kind::Number => number(cell),
        Kind::Date => date(cell),
        Kind::Languages => text(cell).map(|text| languages(&text)),
    }
}

fn text(cell: &Cell) -> Result<String, WrongCell> {
    match cell {
        Cell::Text(text) => Ok(trimmed(text).to_owned()),
        Cell::Number(number) => Ok(number.to_string()),
        Cell::Date(date) => Err(WrongCell::DateForWords(*date)),
        Cell::Formula | Cell::Truth(_) | Cell::Other(_) => Ok(String::new()),
    }
}

fn number(cell: &Cell) -> Result<String, WrongCell> {
    let whole = |number: f64| {
        // Beyond this a number of weeks or a year is a slip, and a float no longer exact.
        let fits = number.fract() == 0.0 && number.abs() < 1e9;
        fits.then(|| (number as i64).to_string())
    };
    match cell {
        Cell::Number(value) => {
            whole(*value).ok_or_else(|| WrongCell::NoNumber(Shown::Number(value.to_string())))
        }
        Cell::Text(text) => {
            let text = trimmed(text);
            let plain = text.replace(',', ".");
            let looks_whole = plain.chars().all(|c| c.is_ascii_digit() || c == '.' || c == '-');
            match plain.parse::<f64>().ok().filter(|_| looks_whole).and_then(whole) {
                _ if text.is_empty() => Ok(String::new()),
                Some(number) => Ok(number),
                None => Err(WrongCell::NoNumber(Shown::Words(shortened(text)))),
            }
        }
        Cell::Date(date) => Err(WrongCell::DateForNumber(*date)),
        Cell::Formula | Cell::Truth(_) | Cell::Other(_) => Ok(String::new()),
    }
}

fn date(cell: &Cell) -> Result<String, WrongCell> {
    match cell {
        Cell::Date(date) => Ok(date.to_string()),
        // Counted from 1899-12-30, as every spreadsheet program does for days after February 1900.
        Cell::Number(serial) if SERIALS.contains(serial) => NaiveDate::from_ymd_opt(1899, 12, 30)
            .and_then(|first| first.checked_add_days(Days::new(*serial as u64)))
            .map(|date| date.to_string())
            .ok_or_else(|| no_date(*serial)),
        Cell::Number(number) => Err(no_date(*number)),
        Cell::Text(text) => {
            let text = trimmed(text);
            // Some programs add midnight to a date.
            let day =
                text.strip_suffix(" 00:00:00").or_else(|| text.strip_suffix("T00:00:00")).unwrap_or(text);
            if day.is_empty() {
                return Ok(String::new());
            }
            let is_iso = day.len() == 10 && day.as_bytes()[4] == b'-';
            match day.parse::<NaiveDate>().ok().filter(|_| is_iso) {
                Some(date) => Ok(date.to_string()),
                None => Err(WrongCell::NoDate { shown: Shown::Words(shortened(day)), meant: suggested(day) }),
            }
        }
        Cell::Formula | Cell::Truth(_) | Cell::Other(_) => Ok(String::new()),
    }
}

fn no_date(number: f64) -> WrongCell {
    WrongCell::NoDate { shown: Shown::Number(number.to_string()), meant: Meant::Some }
}

/// How a date is to be written that may be meant month first or day first.
fn suggested(text: &str) -> Meant {
    let parts: Vec<u32> = text.split(['/', '.', '-', ' ']).filter_map(|part| part.parse().ok()).collect();
    let [first, second, year] = parts.as_slice() else { return Meant::Some };
    let year = if *year < 100 { year + 2000 } else { *year };
    let day = |month: u32, day: u32| NaiveDate::from_ymd_opt(year as i32, month, day);
    match (day(*first, *second), day(*second, *first)) {
        (Some(one), Some(other)) if one != other => Meant::Either(one, other),
        (Some(one), _) | (None, Some(one)) => Meant::One(one),
        (None, None) => Meant::Some,
    }
}

fn languages(text: &str) -> String {
    let codes = text.split(|c: char| c == ',' || c == ';' || c.is_whitespace());
    let codes: Vec<String> = codes.filter(|code| !code.is_empty()).map(str::to_lowercase).collect();
    codes.join(", ")
}

fn trimmed(text: &str) -> &str {
    text.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}' || c == '\u{200b}')
}

fn shortened(text: &str) -> String {
    text.chars().take(40).collect()
}
