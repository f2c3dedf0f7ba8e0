//! What a cell means in its column, whatever a spreadsheet program has made of it: 20 from `20.0` and `020`, a date
//! from its serial number. What could mean two things is refused, with what to write instead.

use chrono::{Days, NaiveDate};

use super::sheet::Cell;
use crate::library::exchange::LONGEST;
use crate::library::field::Kind;

/// Serial numbers that can be a date of this service: the years 2000 to 2099.
const SERIALS: std::ops::RangeInclusive<f64> = 36_526.0..=73_050.0;

/// The cell as text of that kind; empty if it holds only spaces. The error is a sentence without the place.
pub fn read(cell: &Cell, kind: Kind) -> Result<String, String> {
    match cell {
        Cell::Formula => {
            return Err("is a formula: copy the cell and paste it as its value".to_owned());
        }
        Cell::Truth(truth) => {
            let named = if *truth { "TRUE" } else { "FALSE" };
            return Err(format!("is the truth value {named}: write the value as text"));
        }
        Cell::Other(what) => return Err(format!("is {what}: write the value as text")),
        Cell::Text(text) => {
            let length = text.chars().count();
            if length > LONGEST {
                return Err(format!("has {length} characters; a cell has {LONGEST} at most"));
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

fn text(cell: &Cell) -> Result<String, String> {
    match cell {
        Cell::Text(text) => Ok(trimmed(text).to_owned()),
        Cell::Number(number) => Ok(number.to_string()),
        Cell::Date(date) => Err(format!(
            "was made a date by the spreadsheet program ({date}): write an apostrophe before the words"
        )),
        Cell::Formula | Cell::Truth(_) | Cell::Other(_) => Ok(String::new()),
    }
}

fn number(cell: &Cell) -> Result<String, String> {
    let whole = |number: f64| {
        // Beyond this a number of weeks or a year is a slip, and a float no longer exact.
        let fits = number.fract() == 0.0 && number.abs() < 1e9;
        fits.then(|| (number as i64).to_string())
    };
    match cell {
        Cell::Number(value) => whole(*value).ok_or_else(|| format!("is {value}: write a whole number")),
        Cell::Text(text) => {
            let text = trimmed(text);
            let plain = text.replace(',', ".");
            let looks_whole = plain.chars().all(|c| c.is_ascii_digit() || c == '.' || c == '-');
            match plain.parse::<f64>().ok().filter(|_| looks_whole).and_then(whole) {
                _ if text.is_empty() => Ok(String::new()),
                Some(number) => Ok(number),
                None => Err(format!("is {:?}: write a whole number", shortened(text))),
            }
        }
        Cell::Date(date) => {
            Err(format!("was made a date by the spreadsheet program ({date}): write a whole number"))
        }
        Cell::Formula | Cell::Truth(_) | Cell::Other(_) => Ok(String::new()),
    }
}

fn date(cell: &Cell) -> Result<String, String> {
    match cell {
        Cell::Date(date) => Ok(date.to_string()),
        // Counted from 1899-12-30, as every spreadsheet program does for days after February 1900.
        Cell::Number(serial) if SERIALS.contains(serial) => NaiveDate::from_ymd_opt(1899, 12, 30)
            .and_then(|first| first.checked_add_days(Days::new(*serial as u64)))
            .map(|date| date.to_string())
            .ok_or_else(|| format!("is {serial}: write a date as 2026-11-28")),
        Cell::Number(number) => Err(format!("is {number}: write a date as 2026-11-28")),
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
                None => Err(format!("is {:?}: write a date as {}", shortened(day), suggested(day))),
            }
        }
        Cell::Formula | Cell::Truth(_) | Cell::Other(_) => Ok(String::new()),
    }
}

/// How a date is to be written that may be meant month first or day first.
fn suggested(text: &str) -> String {
    let parts: Vec<u32> = text.split(['/', '.', '-', ' ']).filter_map(|part| part.parse().ok()).collect();
    let [first, second, year] = parts.as_slice() else { return "2026-11-28".to_owned() };
    let year = if *year < 100 { year + 2000 } else { *year };
    let day = |month: u32, day: u32| NaiveDate::from_ymd_opt(year as i32, month, day);
    match (day(*first, *second), day(*second, *first)) {
        (Some(one), Some(other)) if one != other => format!("{one} or as {other}, whichever is meant"),
        (Some(one), _) | (None, Some(one)) => one.to_string(),
        (None, None) => "2026-11-28".to_owned(),
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
