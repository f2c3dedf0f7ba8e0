//! A phone number in a cell, with what spreadsheet programs do to it: the plus goes, leading zeros go, the last figures
//! turn into E+11. What is certain is mended; the rest is refused.

use super::verdict::{Note, Verdict};
use crate::domain::phone::PhoneNumber;
use crate::library::spreadsheet::Cell;

/// Figures of a number, at the least, where two stand in one cell.
const FIGURES: usize = 7;
/// A number of a spreadsheet has so many exact figures.
const EXACT: f64 = 1e15;
/// So many zeros at its end were figures once.
const ZEROS: &str = "000000";
/// A cell is shown no longer.
const SHOWN: usize = 40;

/// A number as it was read.
pub struct Number {
    /// As it stands in the file.
    pub typed: String,
    /// What it is.
    pub phone: Result<PhoneNumber, Note>,
    /// Whether it was mended.
    pub mended: bool,
}

/// Reads a cell. `parse` reads a number as somebody types it in a country of the program, which are `countries`.
pub fn read(
    cell: Option<&Cell>,
    countries: &[String],
    parse: &impl Fn(&str) -> Option<PhoneNumber>,
) -> Number {
    let refused = |typed: &str, what| Number {
        typed: typed.chars().filter(|c| !c.is_control()).take(SHOWN).collect(),
        phone: Err(Note::plain(what)),
        mended: false,
    };
    let (typed, lost) = match cell {
        None => return refused("", Verdict::NumberMissing),
        Some(Cell::Formula) => return refused("=", Verdict::Formula),
        Some(Cell::Truth(truth)) => return refused(&truth.to_string(), Verdict::NumberUnread),
        Some(Cell::Other(odd)) => return refused(odd.written(), Verdict::NumberUnread),
        Some(Cell::Date(date)) => return refused(&date.to_string(), Verdict::NumberUnread),
        Some(Cell::Number(number)) => {
            if number.fract() != 0.0 || *number <= 0.0 || *number >= EXACT {
                return refused(&number.to_string(), Verdict::NumberCut);
            }
            ((*number as u64).to_string(), true)
        }
        Some(Cell::Text(text)) => {
            let text = text.trim().trim_start_matches('\'').trim();
            match text.strip_suffix(".0").filter(|whole| is_figures(whole)) {
                Some(whole) => (whole.to_owned(), true),
                None => (text.to_owned(), is_figures(text)),
            }
        }
    };
    if typed.is_empty() {
        return refused("", Verdict::NumberMissing);
    }
    if is_cut(&typed) || lost && typed.len() > FIGURES && typed.ends_with(ZEROS) {
        return refused(&typed, Verdict::NumberCut);
    }
    if is_several(&typed) {
        return refused(&typed, Verdict::NumberSeveral);
    }
    let as_typed = parse(&typed);
    let mut ways: Vec<PhoneNumber> = as_typed.iter().cloned().collect();
    if lost {
        // What may stand before the figures that are left.
        let abroad = typed.strip_prefix("00").unwrap_or(&typed);
        for way in [format!("+{abroad}"), format!("0{typed}")] {
            ways.extend(parse(&way).filter(|number| number.as_e164().starts_with('+')));
        }
        ways.sort();
        ways.dedup();
        // 646 is New York, and behind a plus New Zealand: what is at home here is meant, if anything is.
        let at_home = |way: &PhoneNumber| way.region().is_some_and(|region| countries.contains(&region));
        if ways.len() > 1 && ways.iter().any(at_home) {
            ways.retain(at_home);
        }
    }
    let shown: String = typed.chars().filter(|c| !c.is_control()).take(SHOWN).collect();
    match ways.as_slice() {
        [] => refused(&typed, Verdict::NumberUnread),
        [only] => Number { typed: shown, phone: Ok(only.clone()), mended: as_typed.is_none() },
        [one, other, ..] => {
            let values = [one.as_e164().to_owned(), other.as_e164().to_owned()];
            Number { typed: shown, phone: Err(Note::new(Verdict::NumberUnsure, values)), mended: false }
        }
    }
}

fn is_figures(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// 2.54E+11: what stood behind the E's figures is lost.
fn is_cut(text: &str) -> bool {
    let Some((before, after)) = text.split_once(['E', 'e']) else { return false };
    let before = before.replace([',', '.'], "");
    is_figures(&before) && is_figures(after.trim_start_matches(['+', '-']))
}

fn is_several(text: &str) -> bool {
    let figures = |part: &str| part.chars().filter(char::is_ascii_digit).count();
    let parts = text.split(['/', ';', ',', '\n', '|']).filter(|part| figures(part) >= FIGURES).count();
    let words = text.split_whitespace().filter(|word| word.chars().any(char::is_alphabetic)).count();
    parts > 1 || words > 0 && figures(text) >= 2 * FIGURES
}

#[cfg(test)]
mod tests {
    use super::*;

    fn in_america(text: &str) -> Option<PhoneNumber> {
        PhoneNumber::parse(text, None).or_else(|| PhoneNumber::parse(text, Some("US")))
    }

    fn in_kenya(text: &str) -> Option<PhoneNumber> {
        PhoneNumber::parse(text, None).or_else(|| PhoneNumber::parse(text, Some("KE")))
    }

    #[test]
    fn what_spreadsheets_do_to_numbers() {
        let text = |text: &str| Cell::Text(text.to_owned());
        for (cell, reads) in [
            (text("(202) 555-0143"), Ok("+12025550143")),
            (text("'+1 202 555 0143"), Ok("+12025550143")),
            (Cell::Number(12_025_550_143.0), Ok("+12025550143")),
            (Cell::Number(2_025_550_143.0), Ok("+12025550143")),
            (text("2025550143.0"), Ok("+12025550143")),
            (text("1.20256E+10"), Err(Verdict::NumberCut)),
            (text("1,2E10"), Err(Verdict::NumberCut)),
            (Cell::Number(12_025_000_000.0), Err(Verdict::NumberCut)),
            (Cell::Number(0.5), Err(Verdict::NumberCut)),
            (text("202 555 0143 / 202 555 0144"), Err(Verdict::NumberSeveral)),
            (text("202-555-0143 or 202-555-0144"), Err(Verdict::NumberSeveral)),
            (text("call her sister"), Err(Verdict::NumberUnread)),
            (text("<script>"), Err(Verdict::NumberUnread)),
            (text(" "), Err(Verdict::NumberMissing)),
            (Cell::Formula, Err(Verdict::Formula)),
        ] {
            let read = read(Some(&cell), &["US".to_owned()], &in_america);
            let seen =
                read.phone.as_ref().map(PhoneNumber::as_e164).map_err(|note| note.what().expect("a verdict"));
            assert_eq!(reads, seen, "{cell:?}");
        }
    }

    #[test]
    fn a_lost_plus_or_zero_is_put_back() {
        for lost in [254_712_345_678.0, 712_345_678.0] {
            let read = read(Some(&Cell::Number(lost)), &["KE".to_owned()], &in_kenya);
            assert_eq!("+254712345678", read.phone.expect("a number").as_e164());
        }
    }

    #[test]
    fn numbers_of_every_area_are_read_though_abroad_they_are_others() {
        let mut unsure = 0;
        for area in [
            "201", "202", "206", "212", "213", "240", "251", "305", "310", "312", "313", "315", "316", "323",
            "330", "334", "336", "347", "352", "361", "386", "404", "407", "410", "415", "432", "434", "440",
            "442", "469", "480", "484", "504", "505", "512", "516", "541", "559", "571", "602", "605", "612",
            "614", "617", "620", "626", "631", "636", "646", "651", "661", "662", "703", "713", "718", "772",
            "773", "786", "808", "812", "814", "817", "818", "860", "901", "903", "904", "912", "914", "916",
            "917", "919", "951", "954", "971", "972", "980", "989",
        ] {
            let typed = format!("{area}2345678");
            unsure += usize::from(in_america(&format!("+{typed}")).is_some());
            for cell in [Cell::Text(typed.clone()), Cell::Number(typed.parse().expect("a number"))] {
                let read = read(Some(&cell), &["US".to_owned()], &in_america);
                let seen = read.phone.as_ref().map(PhoneNumber::as_e164).map_err(|note| note.what());
                assert_eq!(Ok(&*format!("+1{typed}")), seen, "{area}");
            }
        }
        assert!(unsure > 5, "some of them are numbers of other countries, too: {unsure}");
    }

    #[test]
    fn what_can_be_two_numbers_of_the_program_is_refused() {
        let both = ["US".to_owned(), "NZ".to_owned()];
        let read = read(Some(&Cell::Number(6_462_345_678.0)), &both, &in_america);
        assert_eq!(Some(Verdict::NumberUnsure), read.phone.expect_err("two").what());
    }
}
