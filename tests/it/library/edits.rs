//! A change touches its own bytes and no others, and takes with it what follows from it.

use std::collections::BTreeMap;

use motherline::library::edit::{self, Change, Field};
use motherline::library::save::{self, SaveError};
use motherline::library::{Files, Library};

use super::sheets::{Room, US, changed, few, shelf};
use super::today;

const WEEK: &str = "tips/text4baby-us/pregnancy/week-20.toml";

/// A change of one tip of week 20, settled and applied.
fn applied(files: &Files, make: impl Fn(&mut Change)) -> Files {
    let shelf = shelf(files);
    let tip = shelf.tips_of(US).into_iter().find(|tip| tip.spot.file == WEEK).expect("a tip");
    let mut change = Change { program: US.to_owned(), tip: tip.id.clone(), ..Change::default() };
    make(&mut change);
    let change = change.settled(tip, shelf.languages(US).expect("languages"));
    edit::apply(files, &shelf, &[&change]).expect("applied")
}

/// Lines that are only in one and only in the other.
fn differences(before: &Files, after: &Files) -> (Vec<String>, Vec<String>) {
    for (path, text) in &after.0 {
        assert!(path == WEEK || before.0[path] == *text, "{path} was touched");
    }
    let (before, after) = (&before.0[WEEK], &after.0[WEEK]);
    let only = |one: &str, other: &str| {
        let mut lines: Vec<String> = one.split('\n').map(str::to_owned).collect();
        for line in other.split('\n') {
            if let Some(at) = lines.iter().position(|known| known == line) {
                lines.remove(at);
            }
        }
        lines
    };
    (only(before, after), only(after, before))
}

#[test]
fn nothing_but_the_value_changes_whatever_the_layout() {
    let odd =
        |text: &str| {
            text.replacen("priority = 1\n", "priority  =   1   # vital, says \"Anna\"\n# a note\n", 1)
                .replacen("[[tip]]", "# над текстом\n\n\n[[tip]]", 1)
        };
    let layouts: [fn(String) -> String; 4] = [
        |text| text,
        |text| text.replace('\n', "\r\n"),
        |text| format!("\u{feff}{text}"),
        |text| text.trim_end().to_owned(),
    ];
    for layout in layouts {
        let before = changed(WEEK, |text| layout(odd(text)));
        let after = applied(&before, |change| drop(change.values.insert(Field::Priority, "3".to_owned())));
        let (gone, come) = differences(&before, &after);
        assert_eq!(1, gone.len(), "{gone:?}");
        assert_eq!(vec![gone[0].replacen('1', "3", 1)], come);
    }
}

#[test]
fn a_file_that_would_not_keep_its_layout_is_left_alone_and_named() {
    refused(changed(WEEK, |text| text.replacen('\n', "\r\n", 3)));
    refused(changed(WEEK, |text| text.replacen("[[tip]]", "[[ tip ]]", 1)));
}

fn refused(mixed: Files) {
    let shelf = shelf(&mixed);
    let tip = shelf.tips_of(US).into_iter().find(|tip| tip.spot.file == WEEK).expect("a tip");
    let change = Change {
        program: US.to_owned(),
        tip: tip.id.clone(),
        values: BTreeMap::from([(Field::Priority, "3".to_owned())]),
        ..Change::default()
    };
    let fault = edit::apply(&mixed, &shelf, &[&change]).expect_err("refused");
    assert_eq!(WEEK, fault.file);
    assert!(fault.message.contains("Windows"), "{}", fault.message);
}

#[test]
fn new_words_take_the_signature_away_and_leave_translations_stale() {
    let signed =
        "state = \"approved\"\nreviewer = \"Dr. A\"\nreviewed_on = 2026-11-01\nexpires_on = 2028-11-01";
    let before = changed(WEEK, |text| text.replacen("state = \"draft\"", signed, 1));
    let english =
        |change: &mut Change| drop(change.words.insert("en".to_owned(), "Say \"hi\".\\".to_owned()));
    let after = applied(&before, english);
    let (gone, come) = differences(&before, &after);
    assert_eq!(5, gone.len(), "words and signature: {gone:?}");
    assert!(come.contains(&"text.en = \"Say \\\"hi\\\".\\\\\"".to_owned()), "{come:?}");
    assert!(come.contains(&"stale = [\"es\"]".to_owned()) && come.contains(&"state = \"draft\"".to_owned()));
    let checked = Library::read(&after, today());
    assert!(checked.library.is_some(), "{:#?}", checked.faults);
    let fault = checked.faults.iter().find(|fault| fault.check == "stale").expect("a warning");
    assert!(fault.message.contains("text.es"), "{}", fault.message);

    // The translation follows: nothing is stale any more, and nothing else happens.
    let spanish = |change: &mut Change| drop(change.words.insert("es".to_owned(), "Diga hola.".to_owned()));
    let followed = applied(&after, spanish);
    let (gone, come) = differences(&after, &followed);
    assert_eq!(2, gone.len(), "{gone:?}");
    assert_eq!(vec!["text.es = \"Diga hola.\""], come);

    // Both at once: nothing is stale in between.
    let both = applied(&before, |change| {
        english(change);
        spanish(change);
    });
    assert!(!both.0[WEEK].contains("stale"));
}

#[test]
fn a_stale_mark_for_a_language_that_is_no_translation_is_an_error() {
    for language in ["en", "fr"] {
        let marked = changed(WEEK, |text| {
            text.replacen("slot = 1", &format!("slot = 1\nstale = [\"{language}\"]"), 1)
        });
        let checked = Library::read(&marked, today());
        assert!(checked.library.is_none(), "{language}");
        assert_eq!("stale", checked.faults[0].check);
    }
}

#[test]
fn files_are_replaced_whole_and_not_at_all_if_somebody_was_faster() {
    let before = few();
    let room = Room::new(&before);
    let after = applied(&before, |change| drop(change.values.insert(Field::Priority, "3".to_owned())));
    let untouched = room.bytes();
    assert_eq!(vec![WEEK.to_owned()], save::save(&room.library(), &before, &after).expect("saved"));
    let mut saved = room.bytes();
    let place = room.library().join(WEEK).display().to_string();
    assert_eq!(after.0[WEEK].as_bytes(), saved[&place]);
    saved.insert(place.clone(), untouched[&place].clone());
    assert_eq!(untouched, saved, "nothing is left lying beside it");

    // What lies there now is not what this change began from.
    let error = save::save(
        &room.library(),
        &before,
        &applied(&before, |change| {
            change.values.insert(Field::Priority, "2".to_owned());
        }),
    );
    assert!(matches!(error, Err(SaveError::Overtaken { ref path }) if path == WEEK), "{error:?}");
    assert_eq!(after.0[WEEK].as_bytes(), room.bytes()[&place]);
}

#[test]
fn a_library_that_cannot_be_written_is_not_half_written() {
    let before = few();
    let room = Room::new(&before);
    let mut after = applied(&before, |change| drop(change.values.insert(Field::Priority, "3".to_owned())));
    // In the place of the second file's folder lies a file.
    std::fs::write(room.library().join("tips/text4baby-us/zzz"), "").expect("written");
    after.0.insert("tips/text4baby-us/zzz/new.toml".to_owned(), String::new());
    let untouched = room.bytes();
    let error = save::save(&room.library(), &before, &after).expect_err("it cannot be written");
    assert!(error.to_string().contains("No file was changed"), "{error}");
    assert_eq!(untouched, room.bytes());
}
