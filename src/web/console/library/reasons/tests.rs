//! Every reason there is, in every language.

use chrono::NaiveDate;

use super::*;
use crate::library::Field;
use crate::library::exchange::{
    Damaged, Meant, Mended, NothingToTranslate, Shown, Sign, TooMuch, WrongCell, WrongLine,
};

fn day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 28).unwrap()
}

fn x() -> String {
    "1".to_owned()
}

fn found() -> Found {
    Found { check: "placeholder", message: "es: the words are wrong".to_owned() }
}

fn cells() -> Vec<WrongCell> {
    let shown = || Shown::Words(x());
    vec![
        WrongCell::Formula,
        WrongCell::Truth(true),
        WrongCell::Truth(false),
        WrongCell::Odd(Odd::Error("#N/A".to_owned())),
        WrongCell::Odd(Odd::Time("14:30".to_owned())),
        WrongCell::Odd(Odd::Formula),
        WrongCell::Lengthy { length: 3000, most: 2000 },
        WrongCell::DateForWords(day()),
        WrongCell::DateForNumber(day()),
        WrongCell::NoNumber(Shown::Number("1.5".to_owned())),
        WrongCell::NoDate { shown: shown(), meant: Meant::Some },
        WrongCell::NoDate { shown: shown(), meant: Meant::One(day()) },
        WrongCell::NoDate { shown: shown(), meant: Meant::Either(day(), day()) },
    ]
}

fn whys() -> Vec<Why> {
    let mut all = vec![
        Why::Found(found()),
        Why::Nameless { hidden: true, name: x(), known: vec![x()] },
        Why::Headless(x()),
        Why::Merged(x()),
        Why::Twice { tip: x(), other: x() },
        Why::NoId(x()),
        Why::Foreign { place: x(), tip: x(), owner: x(), program: x() },
        Why::FieldEmptied { place: x(), field: x() },
        Why::WordsEmptied { place: x(), words: x() },
        Why::Overtaken,
        Why::Unseen(vec![Field::State]),
        Why::Lacking { place: x(), columns: vec![x()] },
        Why::Nowhere(x()),
        Why::EntryTwice { tip: x(), line: 7 },
        Why::NoContext,
        Why::NoTip { program: x(), tip: x() },
        Why::OtherWords(x()),
        Why::Untranslated,
        Why::Fuzzy,
        Why::Lengthy { length: 3000, most: 2000 },
    ];
    all.extend(cells().into_iter().map(|wrong| Why::Cell { place: x(), wrong }));
    all
}

fn notes() -> Vec<Note> {
    let mut all = vec![
        Note::Found(found()),
        Note::SignsOnly(x()),
        Note::StandingLeft(vec![Field::State]),
        Note::Draft,
        Note::NewDraft,
        Note::Stays(x()),
        Note::SheetUnread { hidden: true, name: x() },
        Note::SheetHidden(x()),
        Note::NoColumn { place: x(), name: x() },
        Note::NoColumnName { place: x(), what: Odd::Formula },
        Note::NoColumnName { place: x(), what: Odd::Error("#N/A".to_owned()) },
        Note::WithoutColumns { sheet: x(), columns: vec![x()] },
        Note::WithoutRow { sheet: x(), count: 3, program: x() },
        Note::Obsolete { file: x(), count: 3 },
        Note::WithoutEntry { file: x(), count: 3, program: x() },
    ];
    let signs = || vec![Sign::Unbreaking, Sign::Space, Sign::Itself('’')];
    for how in [Mended::Spaces, Mended::Signs(signs()), Mended::Dear(signs())] {
        all.push(Note::Mended { place: Some(x()), how: how.clone() });
        all.push(Note::Mended { place: None, how });
    }
    all
}

fn damages() -> Vec<Damaged> {
    let nothing = [
        NothingToTranslate::NoProgram(x(), x()),
        NothingToTranslate::OneLanguage { program: x(), language: x() },
        NothingToTranslate::NotSpoken { program: x(), language: x(), others: x() },
        NothingToTranslate::Source { program: x(), language: x(), others: x() },
    ];
    let lines = [
        WrongLine::Stray,
        WrongLine::Plural,
        WrongLine::NoKeyword(x()),
        WrongLine::OfNothing,
        WrongLine::SecondTranslation,
        WrongLine::NoTranslation,
        WrongLine::Unopened,
        WrongLine::Unclosed,
        WrongLine::Behind,
        WrongLine::Escape('q'),
        WrongLine::Unended,
        WrongLine::Half,
        WrongLine::NoHeader,
        WrongLine::Charset(x()),
        WrongLine::Utf16,
        WrongLine::NoUtf8(None),
        WrongLine::NoUtf8(Some(x())),
        WrongLine::NoLanguage,
    ];
    let lines = lines.into_iter().chain(nothing.map(WrongLine::Nothing));
    let mut all = vec![
        Damaged::Large { name: None, megabytes: 50 },
        Damaged::Large { name: Some(x()), megabytes: 50 },
        Damaged::LargeUnpacked(200),
        Damaged::TooMuch(TooMuch::Rows(100_000)),
        Damaged::TooMuch(TooMuch::Cells(100_000)),
        Damaged::TooMuch(TooMuch::Megabytes(64)),
        Damaged::OldWorkbook,
        Damaged::NoWorkbook,
        Damaged::Broken("the zip is not one".to_owned()),
        Damaged::BrokenSheet { sheet: x(), how: "the xml is not one".to_owned() },
        Damaged::Boastful,
        Damaged::Workbook,
        Damaged::HalfUtf16,
        Damaged::Zeros,
        Damaged::CodePage { line: 3, after: x() },
        Damaged::Values("the record is not one".to_owned()),
        Damaged::OpenQuote { name: x(), line: 3 },
        Damaged::EndsEarly { name: x(), line: 3 },
        Damaged::NoSheet(vec![x()]),
        Damaged::NoProgram { program: x(), known: vec![x()] },
        Damaged::Misread(x()),
        Damaged::Headless(x()),
        Damaged::MergedNames(x()),
        Damaged::ColumnTwice { place: x(), column: x(), first: x() },
    ];
    all.extend(lines.map(|wrong| Damaged::Translation { place: x(), wrong }));
    all
}

#[test]
fn each_is_said_whole_in_every_language() {
    let says: Vec<Box<dyn Fn(Tongue) -> Said>> = whys()
        .into_iter()
        .map(|one| Box::new(move |tongue| why(&one, tongue)) as Box<dyn Fn(Tongue) -> Said>)
        .chain(notes().into_iter().map(|one| Box::new(move |tongue| note(&one, tongue)) as _))
        .chain(damages().into_iter().map(|one| Box::new(move |tongue| damaged(&one, tongue)) as _))
        .collect();
    for say in says {
        let english = say(Tongue::En);
        assert_eq!(None, english.english, "it is English as it is");
        assert!(!english.text.contains(" --"), "flags are of the command line: {}", english.text);
        for tongue in [Tongue::Es, Tongue::Ru] {
            let said = say(tongue);
            assert!(!said.text.contains(['{', '}']), "{}", said.text);
            let words: Vec<&str> = said.text.split(|c: char| !c.is_alphabetic()).collect();
            for word in ["the", "is", "not", "of", "and", "this", "that", "with", "write", "stands", "MB"] {
                assert!(word == "MB" && tongue == Tongue::Es || !words.contains(&word), "{}", said.text);
            }
            assert_ne!(english.text, said.text);
            let cyrillic = said.text.chars().any(|c| matches!(c, 'а'..='я'));
            assert_eq!(tongue == Tongue::Ru, cyrillic, "{}", said.text);
        }
    }
}
