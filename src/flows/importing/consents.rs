//! What a cell says of her consent. Nobody is enrolled on a word that is not known to mean yes: a refusal can be written
//! in more ways than anybody can list, and a list says nothing of a woman whom it does not understand.

mod known;

use self::known::{
    BEHIND, BESIDE, DOUBTS, MONTHS, NO, NOTHING, NUMBERED, PARTICLES, REFUSALS, SMALL, TICKS, WAYS, WHO,
};
use crate::domain::keyword::fold;
use crate::library::spreadsheet::Cell;

/// What a cell comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// She agreed.
    Yes,
    /// She did not.
    No,
    /// It does not say.
    Unclear,
    /// There is nothing in it.
    Missing,
}

/// Serial numbers of days, as a spreadsheet program makes them of the day on which she agreed.
const SERIALS: std::ops::RangeInclusive<f64> = 36_526.0..=73_050.0;
/// A name has no more words.
const LONGEST_NAME: usize = 3;
/// As an older version kept a box that was ticked.
const TICKED: &str = "the truth value TRUE";

/// What a cell says.
pub fn answer(cell: Option<&Cell>) -> Answer {
    match cell {
        None => Answer::Missing,
        Some(Cell::Truth(true) | Cell::Date(_)) => Answer::Yes,
        Some(Cell::Truth(false)) => Answer::No,
        Some(Cell::Number(number)) if *number == 0.0 => Answer::No,
        Some(Cell::Number(number)) if *number == 1.0 || SERIALS.contains(number) => Answer::Yes,
        Some(Cell::Number(_) | Cell::Formula | Cell::Other(_)) => Answer::Unclear,
        Some(Cell::Text(text)) => said(text.trim().trim_start_matches('\'').trim()),
    }
}

/// What a cell said, from what is kept of it in words: a number or a date is read as the cell was.
pub fn kept(text: &str) -> Answer {
    match text.parse() {
        _ if text == TICKED => answer(Some(&Cell::Truth(true))),
        Ok(number) => answer(Some(&Cell::Number(number))),
        Err(_) => said(text.trim_start_matches('\'').trim()),
    }
}

fn said(text: &str) -> Answer {
    let folded = fold(text);
    if text.is_empty() {
        return Answer::Missing;
    }
    if TICKS.contains(&&*folded) {
        return Answer::Yes;
    }
    let words = words(text);
    let (Some(first), Some(last)) = (words.first(), words.last()) else { return Answer::Unclear };
    if NOTHING.contains(&&*folded) {
        return Answer::Unclear;
    }
    let refuses = |word: &Word| REFUSALS.iter().flat_map(|list| list.split(' ')).any(|it| word.begins(it));
    if is(NO, &first.folded) || is(NO, &last.folded) || words.iter().any(refuses) {
        return Answer::No;
    }
    // What asks does not answer; and what says no of something is no plain yes.
    let doubts = |(place, word): (usize, &Word)| {
        is(DOUBTS, &word.folded) || (is(NO, &word.folded) && !numbers(&words, place))
    };
    let open = text.contains('?') || words.iter().enumerate().any(doubts);
    let of_a_date = |word: &Word| word.is_number() || is(MONTHS, &word.folded);
    let dated = (3..=4).contains(&words.len()) && words.iter().all(of_a_date);
    let yes = !open && (dated || tells_how(&words, shows_names(text, &words)));
    if yes { Answer::Yes } else { Answer::Unclear }
}

/// Whether a capital letter shows a name: not where all is in capitals, nor where every word has one.
fn shows_names(text: &str, words: &[Word]) -> bool {
    let titled = words.iter().skip(1).any(|word| word.capital && is(SMALL, &word.folded));
    text.contains(char::is_lowercase) && !titled
}

/// Whether every word is known, and one of them says how.
fn tells_how(words: &[Word], names: bool) -> bool {
    // "y" is yes in English, by itself, and "and" in Spanish.
    if let [only] = words
        && only.folded == "y"
    {
        return true;
    }
    // How many words of a name may still come.
    let (mut how, mut name) = (false, 0);
    let mut before = "";
    for (place, word) in words.iter().enumerate() {
        let it = word.folded.as_str();
        let beside = is(BESIDE, it) || is(MONTHS, it) || word.is_number() || BEHIND.contains(&(before, it));
        let beside = beside || numbers(words, place);
        match () {
            () if is(WAYS, it) => (how, name) = (true, 0),
            () if is(WHO, it) => name = if names { LONGEST_NAME } else { 0 },
            // María del Carmen.
            () if name > 0 && is(PARTICLES, it) => {}
            () if beside => name = 0,
            () if name > 0 && word.capital => name -= 1,
            () => return false,
        }
        before = it;
    }
    how
}

/// "Form no. 12": whether the word there says only that a number follows. In "form: no, 20.11.2026" it is a day.
fn numbers(words: &[Word], place: usize) -> bool {
    let behind_a_form = place > 0 && is(NUMBERED, &words[place - 1].folded);
    let dated = words.get(place + 2).is_some_and(|word| word.is_number() || is(MONTHS, &word.folded));
    let numbered = words.get(place + 1).is_some_and(Word::is_number) && !dated;
    words[place].folded == "no" && behind_a_form && numbered
}

/// A word: folded, and whether it was written with a capital letter.
struct Word {
    folded: String,
    capital: bool,
}

impl Word {
    fn begins(&self, with: &str) -> bool {
        self.folded.starts_with(with)
    }

    fn is_number(&self) -> bool {
        self.folded.chars().all(|c| c.is_ascii_digit())
    }
}

fn words(text: &str) -> Vec<Word> {
    // What folding drops, such as an apostrophe or an accent by itself, parts no words.
    let parts = |c: char| !c.is_alphanumeric() && !fold(c.encode_utf8(&mut [0; 4])).is_empty();
    let found = text.split(parts).filter(|word| word.chars().any(char::is_alphanumeric));
    found.map(|word| Word { folded: fold(word), capital: word.starts_with(char::is_uppercase) }).collect()
}

fn is(lists: &[&str], word: &str) -> bool {
    lists.iter().any(|list| list.split(' ').any(|known| known == word))
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::*;
    use crate::library::exchange::Odd;

    #[test]
    fn only_what_is_known_to_mean_yes_is_a_yes() {
        for text in [
            "on paper",
            "paper",
            "Aloud at the clinic",
            "on the phone",
            "by phone call",
            "Yes",
            "yes, verbal",
            "YES (signed form on file)",
            "verbal, nurse Ana López, 20 Nov 2026",
            "Signed by María del Carmen",
            "Consent form no. 123, signed",
            "face-to-face",
            "FORMULARIO Nº 12 FIRMADO",
            "Signed form no. 12, kept at the clinic",
            "in person",
            "She said yes at the desk",
            "TRUE",
            "y",
            "✓",
            "✔\u{fe0f}",
            "1",
            "2026-11-20",
            "20 November 2026",
            "en papel",
            "de palabra en la clínica",
            "por teléfono",
            "Sí",
            "si\u{301}, por escrito",
            "VERDADERO",
            "dijo que sí",
            "firmó el formulario con Dra. Ruiz",
            "на бумаге",
            "устно в клинике",
            "по телефону",
            "Да",
            "да, подписала на приёме",
            "лично, медсестре Петровой",
            "на словах",
            "ИСТИНА",
            "согласна",
        ] {
            assert_eq!(Answer::Yes, answer(Some(&Cell::Text(text.to_owned()))), "{text}");
        }
        for text in [
            "no",
            "No.",
            "no (refused)",
            "NO - by phone",
            "not yet",
            "none",
            "declined",
            "She declined on paper",
            "refused by phone",
            "withdrawn",
            "she said no",
            "SIGNED WITH DR RUIZ LATER CANCELLED",
            "Signed with Dr. Ruiz, Rescinded",
            "firmó con Dra. Ruiz, Anulado",
            "подписала, медсестра Петрова Отменила",
            "N",
            "false",
            "0",
            "нет",
            "нет.",
            "Нет, отказалась",
            "отказ",
            "не согласна",
            "согласия нет",
            "ЛОЖЬ",
            "rechazó",
            "No dio su consentimiento",
            "dijo que no",
            "FALSO",
            "sin consentimiento",
        ] {
            assert_eq!(Answer::No, answer(Some(&Cell::Text(text.to_owned()))), "{text}");
        }
        for text in [
            "pending",
            "-",
            "—",
            "?",
            "yes?",
            "N/A",
            "#N/A",
            "x",
            "✗",
            "to phone",
            "call by phone",
            "call her",
            "phone her",
            "will sign on paper",
            "to be signed",
            "phone busy",
            "left voicemail by phone",
            "by phone. Busy",
            "asked on paper",
            "maybe",
            "yes but no texts",
            "CONSENT BY NURSE NOT GIVEN",
            "CONSENT BY NURSE LEFT OPEN",
            "consent by nurse Not Given",
            "Consent By Nurse Left Open",
            "consent with Dr. Ruiz Pending",
            "Consent: no, 20.11.2026",
            "consent form: no, 20 November 2026",
            "VERBAL, NURSE ANA LÓPEZ",
            "consentimiento por enfermera Nunca Dado",
            "УСТНО МЕДСЕСТРОЙ НЕ ДАНО",
            "Dra. Ruiz y enfermera Ana",
            "pendiente",
            "lo está pensando",
            "ожидает",
            "подумает",
            "12",
            "ورقة",
            "<b>@</b>",
        ] {
            assert_eq!(Answer::Unclear, answer(Some(&Cell::Text(text.to_owned()))), "{text}");
        }
    }

    #[test]
    fn what_a_spreadsheet_makes_of_it() {
        let day = NaiveDate::from_ymd_opt(2026, 11, 20).expect("a day");
        for (cell, said) in [
            (None, Answer::Missing),
            (Some(Cell::Text(" ' ".to_owned())), Answer::Missing),
            (Some(Cell::Truth(true)), Answer::Yes),
            (Some(Cell::Truth(false)), Answer::No),
            (Some(Cell::Number(1.0)), Answer::Yes),
            (Some(Cell::Number(0.0)), Answer::No),
            (Some(Cell::Number(7.0)), Answer::Unclear),
            (Some(Cell::Number(46_346.0)), Answer::Yes),
            (Some(Cell::Date(day)), Answer::Yes),
            (Some(Cell::Other(Odd::Error("#N/A".to_owned()))), Answer::Unclear),
            (Some(Cell::Formula), Answer::Unclear),
        ] {
            assert_eq!(said, answer(cell.as_ref()), "{cell:?}");
        }
    }

    #[test]
    fn what_was_kept_of_a_cell_is_read_as_the_cell_was() {
        for (text, said) in [
            ("", Answer::Missing),
            ("'", Answer::Missing),
            ("1", Answer::Yes),
            ("0", Answer::No),
            ("7", Answer::Unclear),
            ("46346", Answer::Yes),
            ("2026-11-20", Answer::Yes),
            ("true", Answer::Yes),
            ("false", Answer::No),
            ("the truth value TRUE", Answer::Yes),
            ("the truth value FALSE", Answer::No),
            ("the error #N/A", Answer::Unclear),
            ("on paper", Answer::Yes),
            ("refused by phone", Answer::No),
        ] {
            assert_eq!(said, kept(text), "{text}");
        }
    }
}
