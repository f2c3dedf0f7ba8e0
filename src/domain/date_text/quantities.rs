//! Numbers that are no dates are set apart first: counts, times of day, money, telephone numbers, idioms.

use std::ops::Range;

use chrono::NaiveDate;

use super::spelled;
use super::tokens::{Kind, Quantity, Token, Unit, group, spend, tokens};
use super::words::DateWords;
use super::year::is_full_year;

/// Signs close before a number that make it a price, a serial number or a telephone number.
const NO_DATE_AFTER: &str = "$€£₽¢#+";
/// Signs close after a number that make it a price or a share.
const NO_DATE_BEFORE: &str = "$€£₽¢%";

/// A text cut into its tokens, with numbers in words made numbers and what is counted set apart.
pub(super) fn counted_apart(text: &str, words: &DateWords, today: NaiveDate) -> Vec<Token> {
    let mut tokens = tokens(text);
    spelled::into_numbers(&mut tokens, words, today);
    set_apart(&mut tokens, words);
    tokens
}

/// Replaces every counted thing by a quantity, and spends what can be no date.
pub(super) fn set_apart(tokens: &mut [Token], words: &DateWords) {
    spend_idioms(tokens, words);
    for at in 0..tokens.len() {
        match tokens[at].kind {
            Kind::Number(_) => number_group(tokens, at, words),
            Kind::Word(_) => counted_in_words(tokens, at, words),
            _ => {}
        }
    }
}

/// Spends "24/7", but not the beginning of "24/7/27".
fn spend_idioms(tokens: &mut [Token], words: &DateWords) {
    for at in 0..tokens.len() {
        if let Some((end, ())) = words.not_dates.at(tokens, at) {
            let whole = tokens[end - 1].number().is_none() || group(tokens, end - 1) == (at..end);
            if whole {
                spend(tokens, at..end);
            }
        }
    }
}

fn number_group(tokens: &mut [Token], at: usize, words: &DateWords) {
    let numbers = group(tokens, at);
    let after = words.past_ending(tokens, numbers.end);
    let in_a_row = after > numbers.end;
    let unit = words.units.at(tokens, after);
    // The "3rd day" of a month is its day, and "03.03.27 boys" no number of boys.
    let is_day = |unit| in_a_row && unit == Unit::Day;
    let is_date = is_whole_date(&tokens[numbers.clone()]);
    if let Some((end, unit)) = unit.filter(|(_, unit)| !is_date && !is_day(*unit)) {
        let count = whole_part(&tokens[numbers]);
        put(tokens, at..end, Quantity { count, unit, in_a_row });
    } else if is_price(tokens, &numbers) || is_time(&tokens[numbers.clone()]) || is_phone(tokens, &numbers) {
        spend(tokens, numbers);
    }
}

/// Three numbers bound together, or a year: no word after them makes them a count.
fn is_whole_date(numbers: &[Token]) -> bool {
    let year = |token: &Token| token.number().is_some_and(is_full_year);
    numbers.len() > 3 || numbers.iter().any(year)
}

/// The count of 20, 20.5 and 20+3 (weeks and days) is 20; a range and a fraction have none.
fn whole_part(numbers: &[Token]) -> Option<u32> {
    let first = numbers.first()?.number()?.value;
    match numbers {
        [_] => Some(first),
        [_, sign, _] if matches!(sign.sign(), Some('+' | '.' | ',')) => Some(first),
        _ => None,
    }
}

fn is_price(tokens: &[Token], numbers: &Range<usize>) -> bool {
    let before = numbers.start.checked_sub(1).and_then(|at| tokens[at].sign());
    let after = tokens.get(numbers.end).and_then(Token::tight_sign);
    before.is_some_and(|sign| NO_DATE_AFTER.contains(sign) && !tokens[numbers.start].spaced)
        || after.is_some_and(|sign| NO_DATE_BEFORE.contains(sign))
}

/// 10:15 and 10:15:30, but not a date written 03:03:2027.
fn is_time(numbers: &[Token]) -> bool {
    let year_last = numbers.len() == 5 && numbers[4].number().is_some_and(|number| number.digits == 4);
    numbers.iter().any(|token| token.sign() == Some(':')) && !year_last
}

/// A number after one in parentheses: (495) 12-03-27.
fn is_phone(tokens: &[Token], numbers: &Range<usize>) -> bool {
    matches!(&tokens[..numbers.start], [.., code, close] if close.sign() == Some(')') && code.number().is_some())
}

/// "A week", "week 20", "через неделю": counts that do not begin with a number.
fn counted_in_words(tokens: &mut [Token], at: usize, words: &DateWords) {
    if let Some((number, count)) = numbered_week(tokens, at, words) {
        let week = Quantity { count: Some(count), unit: Unit::Week, in_a_row: true };
        put(tokens, at..number + 1, week);
        return;
    }
    let relative = &words.relative;
    let unit = match words.articles.at(tokens, at) {
        Some((unit, ())) => words.units.at(tokens, unit),
        None if relative.ahead_before.ends_at(tokens, at) || relative.ago_before.ends_at(tokens, at) => {
            words.units.at(tokens, at)
        }
        None => None,
    };
    if let Some((end, unit)) = unit.filter(|(_, unit)| *unit != Unit::Other) {
        put(tokens, at..end, Quantity { count: Some(1), unit, in_a_row: false });
    }
}

/// "Week 20": where its number is, and the number. In "week 3 March" the number is a day.
fn numbered_week(tokens: &[Token], at: usize, words: &DateWords) -> Option<(usize, u32)> {
    let (number, ()) = words.week_label.at(tokens, at)?;
    let count = tokens.get(number)?.number().filter(|count| count.is_short())?;
    let alone = group(tokens, number) == (number..number + 1);
    (alone && !words.month_follows(tokens, number + 1)).then_some((number, count.value))
}

fn put(tokens: &mut [Token], span: Range<usize>, quantity: Quantity) {
    let at = span.start;
    spend(tokens, span);
    tokens[at].kind = Kind::Quantity(quantity);
}
