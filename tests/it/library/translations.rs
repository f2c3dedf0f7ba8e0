//! A translator's file: gettext takes it, it comes back unchanged, and every entry is answered.

use std::process::Command;

use motherline::library::edit::Field;
use motherline::library::exchange::{self, Damaged, Outcome, Weighed};
use motherline::library::{Files, translations};

use super::sheets::{
    RUSSIA, Room, Table, US, damage, few, refusal, said, shelf, the_one, weigh as weigh_table,
};
use super::today;

fn po(files: &Files) -> String {
    translations::po(&shelf(files), US, "es", today()).expect("a translation")
}

fn weigh(files: &Files, po: &str) -> Result<Weighed, Damaged> {
    let shelf = shelf(files);
    let proposals = translations::import(po.as_bytes(), "es.po", &shelf, US)?;
    Ok(exchange::weigh(files, &shelf, proposals, today()))
}

/// The file with the translation of its first tip replaced by these lines.
fn with_first(po: &str, lines: &str) -> String {
    let entry = po.find("msgctxt").expect("an entry");
    let begins = entry + po[entry..].find("msgstr").expect("a translation");
    let ends = begins + po[begins..].find("\n\n").expect("an end");
    format!("{}{lines}{}", &po[..begins], &po[ends..])
}

fn msgfmt(file: &str) -> String {
    let output = Command::new("msgfmt")
        .args(["--check", "--verbose", "-o", "/dev/null", file])
        .env("LC_ALL", "C")
        .output()
        .expect("msgfmt is installed: sh deploy/install-test-packages.sh");
    assert!(output.status.success(), "{}", said(&output));
    said(&output)
}

#[test]
fn gettext_takes_it_and_it_comes_back_as_the_same_to_the_byte() {
    let room = Room::new(&Files::built_in());
    let before = room.bytes();
    let tips = Table::of(&Files::built_in(), US).rows.len();
    let file = room.file("es.po");
    let exported = room.run(&["export", "--po", "es", &file, "--program", US]);
    assert!(exported.status.success(), "{}", said(&exported));
    assert_eq!(format!("{tips} translated messages.\n"), msgfmt(&file), "without a warning");
    let imported = room.run(&["import", "--po", &file, "--program", US, "--write"]);
    assert!(
        imported.status.success() && said(&imported).contains(&format!("{tips} same")),
        "{}",
        said(&imported)
    );
    assert_eq!(before, room.bytes());

    // As gettext's own tools would write it: sorted, wrapped and escaped their way.
    let theirs = room.file("theirs.po");
    let sorted = Command::new("msgcat").args(["--sort-output", "--width=40", "-o", &theirs, &file]).status();
    assert!(sorted.expect("msgcat is installed").success());
    let imported = room.run(&["import", "--po", &theirs, "--program", US, "--write"]);
    assert!(
        imported.status.success() && said(&imported).contains(&format!("{tips} same")),
        "{}",
        said(&imported)
    );
    assert_eq!(before, room.bytes());
}

#[test]
fn a_template_is_taken_by_gettext_and_becomes_a_translation() {
    let room = Room::new(&Files::built_in());
    for program in [US, RUSSIA] {
        let (pot, po) = (room.file("a.pot"), room.file("a.po"));
        let exported = room.run(&["export", "--pot", &pot, "--program", program]);
        assert!(exported.status.success(), "{}", said(&exported));
        assert!(msgfmt(&pot).contains("0 translated messages"));
        let begun = Command::new("msginit")
            .args(["--no-translator", "--locale=es", "-i", &pot, "-o", &po])
            .output()
            .expect("msginit is installed");
        assert!(begun.status.success(), "{}", said(&begun));
        msgfmt(&po);
    }
    let one_language = room.run(&["export", "--po", "ru", &room.file("ru.po"), "--program", RUSSIA]);
    assert!(
        !one_language.status.success() && said(&one_language).contains("nothing to translate"),
        "{}",
        said(&one_language)
    );
}

#[test]
fn each_entry_is_answered() {
    let files = few();
    let whole = po(&files);
    let changed =
        weigh(&files, &with_first(&whole, "msgstr \"Hola de \"\n\"nuevo, \\\"mamá\\\".\"")).expect("read");
    let verdict = the_one(&changed);
    assert_eq!(
        (Outcome::Changed, "Hola de nuevo, \"mamá\"."),
        (verdict.outcome, verdict.changes[0].after.as_str())
    );
    assert!(verdict.changes[0].place.as_deref().is_some_and(|place| place.starts_with("es.po:")));

    let empty = weigh(&files, &with_first(&whole, "msgstr \"\"")).expect("read");
    assert_eq!(Outcome::Skipped, the_one(&empty).outcome);
    let fuzzy = weigh(&files, &whole.replacen("#: ", "#, no-wrap, fuzzy\n#: ", 1)).expect("read");
    assert!(
        the_one(&fuzzy).outcome == Outcome::Skipped && the_one(&fuzzy).why[0].to_string().contains("fuzzy")
    );
    let other_source =
        weigh(&files, &whole.replacen("msgid \"\"\n\"Welcome", "msgid \"\"\n\"Welcome back", 1));
    assert!(refusal(&other_source.expect("read")).contains("other words"));
    let unknown = weigh(&files, &whole.replacen("msgctxt \"us-", "msgctxt \"xx-", 1)).expect("read");
    assert!(refusal(&unknown).contains("xx-"));
    let lost = weigh(&files, &with_first(&whole, "msgstr \"Llame a {nadie}.\"")).expect("read");
    assert!(refusal(&lost).contains("[placeholder]"));
    let obsolete = weigh(&files, &format!("{whole}\n#~ msgid \"old\"\n#~ msgstr \"viejo\"\n")).expect("read");
    assert!(
        obsolete.notes[0].to_string().contains("1 old") && obsolete.count(Outcome::Refused) == 0,
        "{:?}",
        obsolete.notes
    );
}

#[test]
fn what_is_stale_is_fuzzy_until_somebody_has_looked_it_over() {
    let files = few();
    let mut table = Table::of(&files, US);
    let row = table.row("starter", "", "1");
    table.set(row, "text en", "Welcome to {program}. In an emergency call {emergency}.");
    let files = weigh_table(&files, &table).after.expect("a library");
    let id = table.get(row, "id");
    let stale = po(&files);
    assert_eq!(1, stale.matches("#, fuzzy").count());
    let untouched = weigh(&files, &stale).expect("read");
    assert_eq!(Outcome::Skipped, the_one(&untouched).outcome);
    // The mark taken away says: it is right as it is.
    let looked_over = weigh(&files, &stale.replace("#, fuzzy\n", "")).expect("read");
    let verdict = the_one(&looked_over);
    assert_eq!((Outcome::Changed, "stale"), (verdict.outcome, verdict.changes[0].field.as_str()));
    let after = looked_over.after.as_ref().expect("a library");
    assert_eq!("", shelf(after).tip(id).expect("the tip").value(Field::Stale));
}

#[test]
fn a_file_in_the_wrong_language_is_told_so_with_its_line() {
    let files = few();
    let whole = po(&files);
    for (language, hint) in
        [("en", "translated into: es"), ("ru", "does not speak"), ("", "names no language")]
    {
        let other = whole.replacen("Language: es\\n", &format!("Language: {language}\\n"), 1);
        let said = damage(weigh(&files, &other));
        assert!(said.starts_with("es.po:2:") && said.contains(hint), "{said}");
    }
    let regional = weigh(&files, &whole.replacen("Language: es\\n", "Language: es_US\\n", 1)).expect("read");
    assert_eq!(regional.verdicts.len(), regional.count(Outcome::Same));
}

#[test]
fn a_damaged_file_is_told_with_its_line() {
    let files = few();
    let whole = po(&files);
    let shelf = shelf(&files);
    let import = |bytes: &[u8]| translations::import(bytes, "es.po", &shelf, US);
    let utf16: Vec<u8> =
        std::iter::once(0xfeffu16).chain(whole.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    assert!(damage(import(&utf16)).contains("es.po:1: the file is UTF-16"));
    assert!(damage(import(&utf16[2..])).contains("UTF-16"));
    let latin: Vec<u8> = whole.chars().map(|c| u8::try_from(u32::from(c)).unwrap_or(b'?')).collect();
    let first = whole.lines().position(|line| !line.is_ascii()).expect("a line") + 1;
    assert!(damage(import(&latin)).starts_with(&format!("es.po:{first}: ")), "{}", damage(import(&latin)));
    let named = whole.replacen("charset=UTF-8", "charset=windows-1251", 1);
    assert!(damage(import(named.as_bytes())).contains("windows-1251"));
    let marked = [b"\xef\xbb\xbf", whole.as_bytes()].concat();
    assert!(import(&marked).is_ok(), "a mark in front harms nobody");
    assert!(damage(import(b"")).contains("no header"));
    for (old, new, hint) in [
        ("msgctxt \"us-starter-1", "msgctxt us-starter-1", "quotation mark"),
        ("msgstr \"\"\n\"Bienvenida", "msgtsr \"\"\n\"Bienvenida", "msgtsr"),
        ("Bienvenida", "Bien\\venida", "means nothing"),
        ("Bienvenida", "Bien\"venida", "closing quotation mark"),
    ] {
        let spoiled = whole.replacen(old, new, 1);
        assert_ne!(whole, spoiled, "{old}");
        let said = damage(import(spoiled.as_bytes()));
        let line = whole[..whole.find(old).expect("its place")].matches('\n').count() + 1;
        assert!(said.contains(hint) && said.starts_with(&format!("es.po:{line}:")), "{said}");
    }
}

#[test]
fn two_entries_for_one_tip_are_both_refused() {
    let files = few();
    let whole = po(&files);
    let entry = whole.split("\n\n").nth(1).expect("an entry");
    let twice = weigh(&files, &format!("{whole}\n{entry}\n")).expect("read");
    assert_eq!(2, twice.count(Outcome::Refused));
    let whys = twice.verdicts.iter().flat_map(|verdict| &verdict.why);
    let whys: Vec<String> = whys.map(ToString::to_string).collect();
    assert!(whys.iter().all(|why| why.contains("stands here and in line")), "{whys:?}");
}

#[test]
fn a_file_cut_anywhere_is_refused_or_changes_nothing() {
    let files = few();
    let whole = po(&files);
    let shelf = shelf(&files);
    // A cut between two lines of one translation cannot be seen; any other can.
    let ends = (0..whole.len()).step_by(97).filter(|end| !whole.as_bytes()[..*end].ends_with(b"\n"));
    for end in ends {
        let Ok(proposals) = translations::import(&whole.as_bytes()[..end], "es.po", &shelf, US) else {
            continue;
        };
        for row in proposals.rows {
            assert_ne!(Outcome::Changed, row.verdict.outcome, "cut at byte {end}: {:#?}", row.verdict);
        }
    }
}
