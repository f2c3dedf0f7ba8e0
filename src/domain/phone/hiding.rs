//! Numbers hidden in free text: what a person typed, or a machine told, where no whole number may stand. What looks like a
//! number and is none stays: a day, a time, an amount, an address of the network, an id of ours.

use std::ops::Range;

use uuid::Uuid;

use super::{BETWEEN, FEWEST_FIGURES};

/// No more than this is written between two figures of a number: `) - `.
const WIDEST: usize = 4;
/// Years that a day may have.
const YEARS: std::ops::RangeInclusive<u32> = 1900..=2199;
/// An id is so long.
const ID: usize = 36;

/// A text in which no phone number stands any more, however it is written: of so many figures, with no more than spaces,
/// brackets, hyphens and dots between them, the last two are left.
pub fn hidden_in(text: &str) -> String {
    let mut hidden = String::with_capacity(text.len());
    let mut copied = 0;
    for run in runs(text) {
        let plus = text[..run[0].start].ends_with('+');
        for part in parts(text, &run, plus) {
            let figures: usize = part.iter().map(Range::len).sum();
            if figures < FEWEST_FIGURES || (!plus && is_amount(text, part)) {
                continue;
            }
            hidden.push_str(&text[copied..part[0].start]);
            hidden.push('…');
            copied = second_last(part);
        }
    }
    hidden.push_str(&text[copied..]);
    hidden
}

/// Groups of figures that may be parts of one number each.
fn runs(text: &str) -> Vec<Vec<Range<usize>>> {
    let mut runs: Vec<Vec<Range<usize>>> = Vec::new();
    let mut apart = true;
    for group in groups(text) {
        let clock = is_clock(text, &group);
        match runs.last_mut() {
            Some(run)
                if !apart && !clock && run.last().is_some_and(|last| joins(&text[last.end..group.start])) =>
            {
                run.push(group);
            }
            _ => runs.push(vec![group]),
        }
        apart = clock;
    }
    runs
}

/// Figures in a row, but for those of ids.
fn groups(text: &str) -> Vec<Range<usize>> {
    let bytes = text.as_bytes();
    let mut groups: Vec<Range<usize>> = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let begins = at == 0 || !bytes[at - 1].is_ascii_alphanumeric();
        let id = if begins && bytes[at].is_ascii_hexdigit() { text.get(at..at + ID) } else { None };
        if id.is_some_and(|id| id.as_bytes()[8] == b'-' && Uuid::try_parse(id).is_ok()) {
            at += ID;
        } else if bytes[at].is_ascii_digit() {
            let length = bytes[at..].iter().take_while(|byte| byte.is_ascii_digit()).count();
            groups.push(at..at + length);
            at += length;
        } else {
            at += 1;
        }
    }
    groups
}

/// Whether it is of a time: `14:05`.
fn is_clock(text: &str, group: &Range<usize>) -> bool {
    let bytes = text.as_bytes();
    let figure = |at: Option<usize>| at.and_then(|at| bytes.get(at)).is_some_and(u8::is_ascii_digit);
    let before = group.start >= 2 && bytes[group.start - 1] == b':' && figure(Some(group.start - 2));
    let after = bytes.get(group.end) == Some(&b':') && figure(Some(group.end + 1));
    group.len() <= 2 && (before || after)
}

/// Whether people write this between the figures of a number. A full stop ends a sentence.
fn joins(between: &str) -> bool {
    between.chars().count() <= WIDEST
        && between.chars().all(|one| BETWEEN.contains(one))
        && !(between.starts_with('.') && between.len() > 1)
}

/// A run without the days and the addresses in it, and without what these take apart.
fn parts<'a>(text: &str, run: &'a [Range<usize>], plus: bool) -> Vec<&'a [Range<usize>]> {
    let mut parts = Vec::new();
    let (mut from, mut at) = (0, 0);
    while !plus && at < run.len() {
        let taken = [is_address(text, run, at), is_day(text, run, at), is_years(text, run, at)];
        match taken.into_iter().flatten().next() {
            Some(length) => {
                parts.push(&run[from..at]);
                at += length;
                from = at;
            }
            None => at += 1,
        }
    }
    parts.push(&run[from..]);
    parts.retain(|part| !part.is_empty());
    parts
}

/// The one sign between so many groups from a place on; none if it is not the same, or joins them to others as well.
fn sign(text: &str, run: &[Range<usize>], at: usize, length: usize) -> Option<char> {
    let between = |place: usize| Some(&text[run.get(place)?.end..run.get(place + 1)?.start]);
    let first = between(at)?;
    let mut signs = first.chars();
    let sign = signs.next().filter(|_| signs.next().is_none())?;
    let same = (at..at + length - 1).all(|place| between(place) == Some(first));
    let more = at.checked_sub(1).and_then(between) == Some(first) || between(at + length - 1) == Some(first);
    (same && !more).then_some(sign)
}

fn values(text: &str, run: &[Range<usize>], at: usize, length: usize) -> Option<Vec<(u32, usize)>> {
    let groups = run.get(at..at + length)?;
    groups.iter().map(|group| Some((text[group.clone()].parse().ok()?, group.len()))).collect()
}

/// `2026-11-29`, `29.11.2026`, `11-29-2026`.
fn is_day(text: &str, run: &[Range<usize>], at: usize) -> Option<usize> {
    let values = values(text, run, at, 3)?;
    sign(text, run, at, 3).filter(|sign| matches!(sign, '-' | '–' | '.'))?;
    let year = |(value, length): (u32, usize)| length == 4 && YEARS.contains(&value);
    let small = |(value, length): (u32, usize), most: u32| length <= 2 && (1..=most).contains(&value);
    let pair = |one, other| (small(one, 31) && small(other, 12)) || (small(one, 12) && small(other, 31));
    let day =
        (year(values[0]) && pair(values[1], values[2])) || (year(values[2]) && pair(values[0], values[1]));
    day.then_some(3)
}

/// `2025-2026`.
fn is_years(text: &str, run: &[Range<usize>], at: usize) -> Option<usize> {
    let values = values(text, run, at, 2)?;
    sign(text, run, at, 2).filter(|sign| matches!(sign, '-' | '–'))?;
    values.iter().all(|(value, length)| *length == 4 && YEARS.contains(value)).then_some(2)
}

/// `192.168.0.12`: from where somebody signed in.
fn is_address(text: &str, run: &[Range<usize>], at: usize) -> Option<usize> {
    let values = values(text, run, at, 4)?;
    sign(text, run, at, 4).filter(|sign| *sign == '.')?;
    let one = |(value, length): &(u32, usize)| *value <= 255 && value.to_string().len() == *length;
    values.iter().all(one).then_some(4)
}

/// `12 500 000` or `1.250.000`, of eight figures at most: in longer ones nobody can tell an amount from a number, but by
/// what it is an amount of.
fn is_amount(text: &str, part: &[Range<usize>]) -> bool {
    let (first, rest) = (&part[0], &part[1..]);
    let grouped = !rest.is_empty() && first.len() <= 3 && rest.iter().all(|group| group.len() == 3);
    let same = sign(text, part, 0, part.len()).is_some_and(|sign| matches!(sign, ' ' | '\u{a0}' | '.'));
    let figures: usize = part.iter().map(Range::len).sum();
    let end = part.last().map_or(first.end, |last| last.end);
    let before = text[..first.start].trim_end().chars().next_back();
    let after = text[end..].trim_start();
    let money = before.is_some_and(is_currency)
        || after.starts_with(is_currency)
        || ["руб", "долл", "USD", "RUB", "dollars", "dólares"].iter().any(|word| after.starts_with(word));
    grouped && same && (figures <= FEWEST_FIGURES || money)
}

fn is_currency(sign: char) -> bool {
    matches!(sign, '$' | '€' | '£' | '₽')
}

/// Where the second last figure stands.
fn second_last(part: &[Range<usize>]) -> usize {
    let mut places = part.iter().rev().flat_map(|group| group.clone().rev());
    places.nth(1).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::hidden_in;

    #[test]
    fn numbers_are_hidden_however_they_are_written() {
        let raw = "To=%2B12025550143&MessageStatus=sent&ErrorCode=30003&sid=SM9f12";
        assert_eq!("To=%2B…43&MessageStatus=sent&ErrorCode=30003&sid=SM9f12", hidden_in(raw));
        for (words, hidden) in [
            ("79161234567", "…67"),
            ("she rang from +1 202 555 0143", "she rang from +…43"),
            ("she rang from (202) 555-0143, twice", "she rang from (…43, twice"),
            ("202.555.0143", "…43"),
            ("202-555-0143 and 1-202-555-0144", "…43 and …44"),
            ("1 (202) 555 - 0143.", "…43."),
            ("1\u{a0}202\u{a0}555\u{a0}0143", "…43"),
            ("она звонила с 8 (916) 123-45-67", "она звонила с …67"),
            ("+7 916 123 45 67", "+…67"),
            ("8-916-123-45-67", "…67"),
            ("8 (3452) 23-05-12", "…12"),
            ("+7 495 10-11-2026", "+…26"),
            ("llamó del 55 1234 5678", "llamó del …78"),
            ("987 654 321", "…21"),
            ("2026-11-29 (202) 555-0143", "2026-11-29 (…43"),
            ("29.11.2026 14:05 8 916 123-45-67", "29.11.2026 14:05 …67"),
        ] {
            assert_eq!(hidden, hidden_in(words), "{words}");
            assert_eq!(hidden, hidden_in(hidden), "once hidden, it stays so");
        }
    }

    #[test]
    fn what_is_no_number_stays() {
        for words in [
            "",
            "2026-11-29",
            "due 2026-11-29 14:05:06, not 2026-12-03",
            "29.11.2026 14:05",
            "с 29.11.2026 по 03.12.2026",
            "11-29-2026",
            "29.11.26 14:05",
            "2026-11-28T10:01:43.201255Z",
            "2025-2026",
            "the flood of 1990–2024",
            "12 500 000 families",
            "1.250.000",
            "$120 000 000",
            "120 000 000 руб.",
            "at 10.30. 2026 was a good year",
            "week 22, 3 of 4; 911; 10001; 555-0143",
            "0193e5b0-1234-7123-8123-123456789012: 3 rows",
            "from 192.168.100.200",
            "from 2001:db8::1234:5678",
            "us-preg-22-2-iron",
        ] {
            assert_eq!(words, hidden_in(words));
        }
    }
}
