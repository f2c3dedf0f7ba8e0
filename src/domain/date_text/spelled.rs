//! Numbers said in words become numbers: "March third", "veinte semanas", "3 марта следующего года".

use chrono::{Datelike, NaiveDate};

use super::tokens::{Kind, Number, Token};
use super::words::DateWords;

/// Puts a number in the place of the words for it, and the year in the place of "next year".
pub(super) fn into_numbers(tokens: &mut Vec<Token>, words: &DateWords, today: NaiveDate) {
    let mut at = 0;
    while at < tokens.len() {
        let year = words
            .relative
            .years
            .at(tokens, at)
            .map(|(end, ahead)| (end, today.year().saturating_add(ahead).unsigned_abs()));
        if let Some((end, value)) = year.or_else(|| words.numbers.at(tokens, at)) {
            let number = Number { value, digits: value.to_string().len() };
            let token = Token { kind: Kind::Number(number), spaced: tokens[at].spaced };
            tokens.splice(at..end, [token]);
        }
        at += 1;
    }
}
