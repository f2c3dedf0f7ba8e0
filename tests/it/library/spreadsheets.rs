//! A health worker's spreadsheet: what goes out comes back, and every row is answered.

use std::fs;

use motherline::library::exchange::{self, Outcome};
use motherline::library::{Files, Library};
use serde_json::Value;

use super::sheets::{
    RUSSIA, Room, Table, US, changed, few, refusal, said, shelf, the_one, weigh, weigh_csv, weigh_xlsx,
};
use super::today;

const WEEK: &str = "tips/text4baby-us/pregnancy/week-20.toml";

#[test]
fn what_is_exported_comes_back_as_the_same_to_the_byte() {
    let room = Room::new(&Files::built_in());
    let before = room.bytes();
    let tips = |program| Table::of(&Files::built_in(), program).rows.len();
    let (xlsx, us, russia) = (room.file("all.xlsx"), room.file("us.csv"), room.file("ru.csv"));
    let trips: [(&[&str], usize); 3] = [
        (&["--xlsx", &xlsx], tips(US) + tips(RUSSIA)),
        (&["--csv", &us, "--program", US], tips(US)),
        (&["--csv", &russia, "--program", RUSSIA], tips(RUSSIA)),
    ];
    for (shape, rows) in trips {
        let exported = room.run(&[&["export"], shape].concat());
        assert!(exported.status.success(), "{}", said(&exported));
        let imported = room.run(&[&["import"], shape, &["--write"]].concat());
        let said = said(&imported);
        assert!(imported.status.success(), "{said}");
        assert!(
            said.contains(&format!("{rows} rows: 0 created, 0 changed, {rows} same, 0 skipped, 0 refused.")),
            "{said}"
        );
        assert_eq!(before, room.bytes(), "not one byte");
    }
}

#[test]
fn a_changed_cell_is_told_and_written_and_nothing_else() {
    let room = Room::new(&few());
    let mut table = Table::of(&few(), US);
    let row = table.row("pregnancy", "20", "1");
    table.set(row, "text es", "Pida hoy su cita de las 20 semanas.");
    let file = room.put("t.xlsx", &table.xlsx());
    let before = room.bytes();
    let tried = room.run(&["import", "--xlsx", &file]);
    let place = format!("text es ({US}!L{})", row + 2);
    assert!(tried.status.success() && said(&tried).contains(&place), "{}", said(&tried));
    assert!(said(&tried).contains("1 changed") && said(&tried).contains("--write"), "{}", said(&tried));
    assert_eq!(before, room.bytes(), "a dry run is dry");
    let json = room.run(&["import", "--xlsx", &file, "--json"]);
    let lines = String::from_utf8(json.stdout).expect("UTF-8");
    let objects: Vec<Value> =
        lines.lines().map(|line| serde_json::from_str(line).expect("an object")).collect();
    assert_eq!(table.rows.len(), objects.len(), "one object a row");
    assert_eq!("changed", objects[row]["outcome"]);
    assert_eq!("Pida hoy su cita de las 20 semanas.", objects[row]["changes"][0]["after"]);

    let written = room.run(&["import", "--xlsx", &file, "--write"]);
    assert!(written.status.success(), "{}", said(&written));
    let after = room.bytes();
    let differing: Vec<&String> = after.keys().filter(|path| before.get(*path) != after.get(*path)).collect();
    assert_eq!(1, differing.len(), "{differing:?}");
    let lines = |bytes: &[u8]| String::from_utf8_lossy(bytes).lines().map(str::to_owned).collect::<Vec<_>>();
    let (old, new) = (lines(&before[differing[0]]), lines(&after[differing[0]]));
    let pairs = old.iter().zip(&new).filter(|(old, new)| old != new).collect::<Vec<_>>();
    assert_eq!((1, old.len()), (pairs.len(), new.len()), "{pairs:?}");
    assert_eq!("text.es = \"Pida hoy su cita de las 20 semanas.\"", pairs[0].1);
    let again = room.run(&["import", "--xlsx", &file, "--write"]);
    assert!(again.status.success() && said(&again).contains(" 0 changed"), "{}", said(&again));
}

#[test]
fn a_new_row_becomes_a_tip_in_its_file_or_is_told_what_it_lacks() {
    let files = few();
    let mut table = Table::of(&files, US);
    let mut row = table.rows[table.row("baby", "3", "1")].clone();
    row[0] = "us-new-one".to_owned();
    table.rows.push(row);
    let last = table.rows.len() - 1;
    table.set(last, "text en", "Quite new words, said once.");
    table.set(last, "text es", "Palabras nuevas, dichas una vez.");
    table.set(last, "slot", "9");
    let weighed = weigh(&files, &table);
    let verdict = the_one(&weighed);
    assert_eq!(Outcome::Created, verdict.outcome, "{verdict:#?}");
    let after = weighed.after.expect("a library");
    let path = "tips/text4baby-us/baby/week-03.toml";
    assert!(after.0[path].starts_with(&files.0[path]), "what stands there stays");
    assert!(after.0[path][files.0[path].len()..].contains("id = \"us-new-one\""));
    assert_eq!(
        "draft",
        shelf(&after).tip("us-new-one").expect("the tip").value(motherline::library::edit::Field::State)
    );
    assert!(Library::read(&after, today()).library.is_some());

    // Each place of the library has its file, which is made if there is none.
    for (track, week, loss, path) in [
        ("pregnancy", "3", "", "pregnancy/week-03.toml"),
        ("starter", "", "", "starter.toml"),
        ("farewell", "", "", "farewell.toml"),
        ("loss", "", "stillbirth", "loss/stillbirth.toml"),
    ] {
        for (column, value) in [("track", track), ("week", week), ("loss", loss), ("needs", "mother")] {
            table.set(last, column, value);
        }
        let after = weigh(&files, &table).after.expect("a library");
        assert!(after.0[&format!("tips/{US}/{path}")].contains("us-new-one"), "{path}");
    }
    // A second text, and a tip for who cares for her, stand apart; each needs what that place needs.
    let first = table.get(table.row("pregnancy", "20", "1"), "id").to_owned();
    let second = [("track", "more"), ("of", first.as_str()), ("needs", "pregnancy"), ("slot", "")];
    let family = [("track", "pregnancy"), ("week", "20"), ("slot", "9"), ("reader", "family")];
    for (fields, path) in [(&second[..], "more.toml"), (&family[..], "family/pregnancy.toml")] {
        let mut table = table.clone();
        for column in ["loss", "week", "of", "reader"] {
            table.set(last, column, "");
        }
        for (column, value) in fields {
            table.set(last, column, value);
        }
        let after = weigh(&files, &table).after.expect("a library");
        assert!(after.0[&format!("tips/{US}/{path}")].contains("us-new-one"), "{path}");
    }
    let mut nothing = table.clone();
    nothing.set(last, "track", "more");
    nothing.set(last, "loss", "");
    assert!(refusal(&weigh(&files, &nothing)).contains("second text of"), "it does not say of which tip");
    table.set(last, "topic", "");
    table.set(last, "text es", " ");
    let why = refusal(&weigh(&files, &table));
    assert!(why.contains("topic") && why.contains("text es") && !why.contains("slot"), "{why}");
}

#[test]
fn what_spreadsheets_do_to_words_is_undone() {
    let files = changed(WEEK, |text| {
        let mut n = 0;
        let lines = text.lines().map(|line| {
            n += usize::from(line.starts_with("text.en"));
            if line.starts_with("text.en") && n == 1 {
                "text.en = \"Don't wait - \\\"call\\\" them now...\""
            } else {
                line
            }
        });
        lines.map(|line| format!("{line}\n")).collect()
    });
    let mut table = Table::of(&files, US);
    let row = table.row("pregnancy", "20", "1");
    for damaged in [
        "Don’t wait – “call” them now…",
        "  Don't wait - \"call\" them now...\u{a0}\n",
        "Don't\u{a0}wait -\n\"call\" them now...",
    ] {
        table.set(row, "text en", damaged);
        let weighed = weigh(&files, &table);
        assert_eq!(0, weighed.count(Outcome::Changed), "{damaged:?}: {:#?}", weighed.verdicts[row]);
        assert_eq!(Some(&files), weighed.after.as_ref());
    }
    // New words, with signs that would double the SMS: they come in plain, and it is said.
    table.set(row, "text en", "Don’t wait – “call” us now…");
    let weighed = weigh(&files, &table);
    let verdict = the_one(&weighed);
    assert_eq!("Don't wait - \"call\" us now...", verdict.changes[0].after);
    assert!(verdict.notes.iter().any(|note| note.to_string().contains('’')), "{verdict:#?}");
}

#[test]
fn russian_keeps_its_quotation_marks_and_dashes() {
    let files = few();
    let mut table = Table::of(&files, RUSSIA);
    let row = table.row("pregnancy", "20", "1");
    let words = "Скажите врачу: «болит» – и\u{a0}попросите помощь…";
    table.set(row, "text ru", words);
    let weighed = weigh(&files, &table);
    assert_eq!(words, the_one(&weighed).changes[0].after);
}

#[test]
fn numbers_and_dates_are_read_as_they_were_meant_or_not_at_all() {
    let signed =
        "state = \"approved\"\nreviewer = \"Dr. A\"\nreviewed_on = 2026-11-20\nexpires_on = 2028-11-20";
    let files = changed(WEEK, |text| text.replacen("state = \"draft\"", signed, 1));
    let table = Table::of(&files, US);
    let row = table.row("pregnancy", "20", "1");
    for (column, value) in [
        ("week", "20.0"),
        ("week", "020"),
        ("week", " 20 "),
        ("slot", "1,0"),
        ("track", "Pregnancy"),
        ("reviewed_on", " 2026-11-20 "),
        ("reviewed_on", "2026-11-20 00:00:00"),
        ("topic", &format!("{} \n", table.get(row, "topic"))),
    ] {
        let mut odd = table.clone();
        odd.set(row, column, value);
        let weighed = weigh(&files, &odd);
        assert_eq!(
            table.rows.len(),
            weighed.count(Outcome::Same),
            "{column} {value:?}: {:#?}",
            weighed.verdicts[row]
        );
    }
    for (column, value, hint) in [
        ("week", "20.5", "whole number"),
        ("week", "twenty", "whole number"),
        ("reviewed_on", "11/28/2026", "2026-11-28"),
        ("reviewed_on", "03/04/2026", "2026-03-04 or as 2026-04-03"),
        ("expires_on", "soon", "2026-11-28"),
    ] {
        let mut odd = table.clone();
        odd.set(row, column, value);
        let why = refusal(&weigh(&files, &odd));
        assert!(why.contains(hint) && why.contains(&format!("{}", row + 2)), "{column} {value}: {why}");
    }
    // Dates that have become numbers, or real dates, in a workbook.
    let at = table.column("reviewed_on") as u16;
    let number = |value: f64, format: Option<&str>| {
        let mut workbook = table.workbook();
        let sheet = workbook.worksheet_from_index(0).expect("a sheet");
        match format {
            Some(format) => sheet.write_number_with_format(
                row as u32 + 1,
                at,
                value,
                &rust_xlsxwriter::Format::new().set_num_format(format),
            ),
            None => sheet.write_number(row as u32 + 1, at, value),
        }
        .expect("written");
        weigh_xlsx(&files, &workbook.save_to_buffer().expect("saved")).expect("read")
    };
    // 46346 is 2026-11-20.
    for weighed in
        [number(46346.0, None), number(46346.0, Some("yyyy-mm-dd")), number(46346.0, Some("m/d/yyyy"))]
    {
        assert_eq!(table.rows.len(), weighed.count(Outcome::Same), "{:#?}", weighed.verdicts[row]);
    }
    assert!(refusal(&number(20.0, None)).contains("2026-11-28"));
}

#[test]
fn columns_are_found_by_name_and_a_missing_one_means_unchanged() {
    let files = few();
    let mut table = Table::of(&files, US).without("text es").without("source url").without("week");
    table.header.reverse();
    table.rows.iter_mut().for_each(|row| row.reverse());
    let column = table.column("text en");
    table.header[column] = " Text.EN ".to_owned();
    table.header.push("remarks".to_owned());
    table.rows.iter_mut().for_each(|row| row.push("by Anna".to_owned()));
    let weighed = weigh(&files, &table);
    assert_eq!(table.rows.len(), weighed.count(Outcome::Same), "{:#?}", weighed.verdicts[0]);
    let told = weighed.notes.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
    assert!(told.contains("remarks") && told.contains("text es") && told.contains("source url"), "{told}");
}

#[test]
fn an_empty_cell_never_empties_a_tip() {
    let files = few();
    let mut table = Table::of(&files, US);
    let row = table.row("pregnancy", "20", "1");
    table.set(row, "text es", "");
    let why = refusal(&weigh(&files, &table));
    assert!(why.contains(&format!("!L{}", row + 2)) && why.contains("empty"), "{why}");
}

#[test]
fn an_import_never_leaves_a_library_that_fails_its_check() {
    let files = few();
    let room = Room::new(&files);
    let before = room.bytes();
    let mut table = Table::of(&files, US);
    let (bad, good) = (table.row("pregnancy", "20", "1"), table.row("pregnancy", "21", "1"));
    table.set(good, "priority", "3");
    for (column, value, check) in [
        ("week", "99", "[week]"),
        ("needs", "baby", "[needs]"),
        ("text en", "Ask {nobody} about it.", "[placeholder]"),
        ("text en", &"Long words again. ".repeat(40), "[length]"),
        ("source url", "www.example.org", "[link]"),
        ("state", "approved", "[review]"),
    ] {
        let mut spoiled = table.clone();
        spoiled.set(bad, column, value);
        let file = room.put("t.xlsx", &spoiled.xlsx());
        let output = room.run(&["import", "--xlsx", &file, "--write"]);
        assert_eq!(Some(1), output.status.code(), "{}", said(&output));
        assert!(
            said(&output).contains(check) && said(&output).contains("1 refused"),
            "{column}: {}",
            said(&output)
        );
        assert_eq!(before, room.bytes(), "nothing was written");
    }
    // The good row alone, if that is what is wanted.
    table.set(bad, "week", "99");
    let file = room.put("t.xlsx", &table.xlsx());
    let output = room.run(&["import", "--xlsx", &file, "--write", "--partly"]);
    assert_eq!(Some(1), output.status.code(), "a row is still refused");
    let after = Files::from_folder(&room.library()).expect("a library");
    assert!(Library::read(&after, today()).library.is_some());
    let changed: Vec<_> = after.0.iter().filter(|(path, text)| files.0.get(*path) != Some(*text)).collect();
    assert!(changed.len() == 1 && changed[0].0.ends_with("week-21.toml"), "{changed:?}");
}

#[test]
fn a_signature_stands_only_under_words_that_were_seen() {
    let files = few();
    let mut table = Table::of(&files, US);
    let row = table.row("pregnancy", "20", "1");
    for (column, value) in [
        ("state", "approved"),
        ("reviewer", "Dr. A"),
        ("reviewed_on", "2026-11-20"),
        ("expires_on", "2028-11-20"),
    ] {
        table.set(row, column, value);
    }
    // Without proof of what was seen it counts for nothing.
    assert!(refusal(&weigh(&files, &table.without("fingerprint"))).contains("fingerprint"));
    let signed = weigh(&files, &table).after.expect("a library");
    let id = table.get(row, "id").to_owned();
    let approved = |files: &Files| {
        let shelf = shelf(files);
        shelf.tip(&id).expect("the tip").value(motherline::library::edit::Field::State).to_owned()
    };
    assert_eq!("approved", approved(&signed));
    // The words change in the signed sheet: a draft again, and it stays one when the same sheet comes once more.
    table = Table::of(&signed, US);
    table.set(row, "text es", "Pida su cita hoy mismo, por favor.");
    let weighed = weigh(&signed, &table);
    assert!(the_one(&weighed).notes.contains(&exchange::Note::Draft), "{:#?}", the_one(&weighed));
    let new_words = weighed.after.expect("a library");
    assert_eq!("draft", approved(&new_words));
    let again = weigh(&new_words, &table);
    assert_eq!(
        0,
        again.count(Outcome::Changed) + again.count(Outcome::Refused),
        "{:#?}",
        again.verdicts[row]
    );
    assert_eq!("draft", approved(&again.after.expect("a library")));
}

#[test]
fn an_old_sheet_does_not_undo_what_others_did_since() {
    let files = few();
    let old = Table::of(&files, US);
    let row = old.row("pregnancy", "20", "1");
    let mut newer = old.clone();
    newer.set(row, "text en", "Ask for your scan today, at your clinic.");
    let library = weigh(&files, &newer).after.expect("a library");
    let why = refusal(&weigh(&library, &old));
    assert!(why.contains("export again"), "{why}");
    // A translation that was made in an old sheet is one of other words.
    let mut late = old.clone();
    late.set(row, "text es", "Pida su cita hoy mismo, por favor.");
    assert!(refusal(&weigh(&library, &late)).contains("export again"));
    // Nobody's doubt is taken away by a sheet that did not know of it.
    let fresh = Table::of(&library, US);
    assert_eq!("es", fresh.get(row, "stale"));
    let again = weigh(&library, &newer);
    assert_eq!(Some(&library), again.after.as_ref());
    let mut looked_over = fresh.clone();
    looked_over.set(row, "stale", "");
    let cleared = weigh(&library, &looked_over).after.expect("a library");
    assert!(!cleared.0[WEEK].contains("stale"));
}

#[test]
fn a_thousand_faulty_rows_get_a_thousand_refusals() {
    let files = few();
    let table = Table::of(&files, US).only(1);
    let mut many = table.clone();
    for n in 0..1000 {
        let mut row = table.rows[0].clone();
        row[0] = format!("us-many-{n}");
        let week = many.column("week");
        row[week] = "x".to_owned();
        many.rows.push(row);
    }
    let weighed = weigh_csv(&files, &many.csv(), US).expect("read");
    assert_eq!((1000, 1), (weighed.count(Outcome::Refused), weighed.count(Outcome::Same)));
    assert_eq!(Some(&files), weighed.after.as_ref());
}

/// Whoever opens the workbook finds each column explained.
#[test]
fn the_sheet_that_explains_names_every_column() {
    use calamine::{Data, Reader, Xlsx};
    let room = Room::new(&few());
    let file = room.file("t.xlsx");
    assert!(room.run(&["export", "--xlsx", &file]).status.success());
    let mut book: Xlsx<_> = calamine::open_workbook(&file).expect("a workbook");
    let words = |range: calamine::Range<Data>| -> Vec<String> {
        range.rows().flatten().map(ToString::to_string).collect()
    };
    let explained = words(book.worksheet_range("How to").expect("the sheet")).join("\n");
    for column in
        words(book.worksheet_range(US).expect("the sheet")).iter().take_while(|c| *c != "fingerprint")
    {
        let name = column.split_once(' ').map_or(column.as_str(), |(kind, _)| kind);
        assert!(explained.contains(name), "{column} is not explained");
    }
    assert!(explained.contains("family") && explained.contains("MORE"), "{explained}");
}

#[test]
fn words_that_begin_like_a_formula_stay_words() {
    let files = changed(WEEK, |text| {
        text.replacen("topic = \"", "topic = \"=1+1 ", 1).replacen("title = \"", "title = \"'quoted' ", 1)
    });
    let table = Table::of(&files, US);
    let row = table.row("pregnancy", "20", "1");
    assert!(table.get(row, "topic").starts_with("'=1+1"), "guarded in CSV");
    let csv = weigh_csv(&files, &table.csv(), US).expect("read");
    assert_eq!(table.rows.len(), csv.count(Outcome::Same));
    let room = Room::new(&files);
    let file = room.file("t.xlsx");
    assert!(room.run(&["export", "--xlsx", &file]).status.success());
    let xlsx = weigh_xlsx(&files, &fs::read(&file).expect("a file")).expect("read");
    assert_eq!(0, xlsx.count(Outcome::Changed) + xlsx.count(Outcome::Refused));
}
