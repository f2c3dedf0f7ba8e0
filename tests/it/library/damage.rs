//! Bad spreadsheets: what is wrong is said in a sentence with its place, and nothing is changed.

use std::io::{Cursor, Write};
use std::time::Instant;

use motherline::library::Files;
use motherline::library::exchange::Outcome;
use motherline::library::spreadsheet;
use rust_xlsxwriter::{Format, Workbook};
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

use super::sheets::{
    RUSSIA, Room, Table, US, damage, few, refusal, said, shelf, the_one, weigh, weigh_csv, weigh_xlsx,
};

/// The first rows of the table as a workbook, spoiled.
fn spoiled(spoil: impl Fn(&mut rust_xlsxwriter::Worksheet)) -> Vec<u8> {
    let mut workbook = Table::of(&few(), US).only(8).workbook();
    spoil(workbook.worksheet_from_index(0).expect("a sheet"));
    workbook.save_to_buffer().expect("saved")
}

#[test]
fn formulas_are_refused_with_their_cell() {
    let files = few();
    let formula = spoiled(|sheet| {
        sheet.write_formula(3, 10, "=CONCATENATE(\"a\",B2)").expect("written");
    });
    let why = refusal(&weigh_xlsx(&files, &formula).expect("read"));
    assert!(why.contains(&format!("{US}!K4")) && why.contains("formula"), "{why}");
    // Beside the words nobody minds: how many SMS there are is for reading only.
    let counted = spoiled(|sheet| {
        sheet.write_formula(3, 12, "=LEN(K4)").expect("written");
    });
    assert_eq!(8, weigh_xlsx(&files, &counted).expect("read").count(Outcome::Same));
}

#[test]
fn merged_cells_are_refused_with_their_range() {
    let files = few();
    let words = Table::of(&files, US).get(1, "text en").to_owned();
    let merged = spoiled(|sheet| {
        sheet.merge_range(2, 10, 3, 11, &words, &Format::new()).expect("merged");
    });
    let weighed = weigh_xlsx(&files, &merged).expect("read");
    let refused: Vec<_> = weighed.verdicts.iter().filter(|v| v.outcome == Outcome::Refused).collect();
    assert_eq!(2, refused.len(), "both rows");
    assert!(
        refused.iter().all(|verdict| verdict.why[0].to_string().contains(&format!("{US}!K3:L4"))),
        "{refused:#?}"
    );
    let header = spoiled(|sheet| {
        sheet.merge_range(0, 10, 0, 11, "text en", &Format::new()).expect("merged");
    });
    assert!(damage(weigh_xlsx(&files, &header)).contains(&format!("{US}!K1:L1")));
}

#[test]
fn values_that_are_no_words_are_refused_with_their_cell() {
    let files = few();
    let truth = spoiled(|sheet| {
        sheet.write_boolean(3, 10, true).expect("written");
    });
    let why = refusal(&weigh_xlsx(&files, &truth).expect("read"));
    assert!(why.contains("K4") && why.contains("TRUE"), "{why}");
    let date = Format::new().set_num_format("d mmm");
    let date = spoiled(|sheet| {
        sheet.write_number_with_format(3, 6, 46000.0, &date).expect("written");
    });
    let why = refusal(&weigh_xlsx(&files, &date).expect("read"));
    assert!(why.contains("G4") && why.contains("apostrophe"), "{why}");
    // A number is the words that it shows.
    let number = spoiled(|sheet| {
        sheet.write_number(3, 6, 911.0).expect("written");
    });
    assert_eq!("911", the_one(&weigh_xlsx(&files, &number).expect("read")).changes[0].after);
}

#[test]
fn two_rows_with_one_id_are_both_refused() {
    let files = few();
    let mut table = Table::of(&files, US).only(8);
    table.rows.push(table.rows[2].clone());
    let weighed = weigh(&files, &table);
    let refused: Vec<_> = weighed.verdicts.iter().filter(|v| v.outcome == Outcome::Refused).collect();
    assert_eq!(2, refused.len());
    assert!(refused[0].why[0].to_string().contains(&format!("{US}!A10")), "{:?}", refused[0].why);
    assert!(refused[1].why[0].to_string().contains(&format!("{US}!A4")), "{:?}", refused[1].why);
}

#[test]
fn rows_without_an_id_or_of_another_program_are_refused() {
    let files = few();
    let mut table = Table::of(&files, US).only(8);
    table.set(3, "id", " ");
    assert!(refusal(&weigh(&files, &table)).contains(&format!("{US}!A5")));
    let foreign = Table::of(&files, RUSSIA).get(0, "id").to_owned();
    table.set(3, "id", &foreign);
    assert!(refusal(&weigh(&files, &table)).contains(RUSSIA));
    let mut shifted = Table::of(&files, US).only(8);
    shifted.rows[3].push("stray".to_owned());
    let weighed = weigh_xlsx(&files, &shifted.xlsx()).expect("read");
    assert!(refusal(&weighed).contains("no column name"), "{}", refusal(&weighed));
}

#[test]
fn a_cell_of_ten_megabytes_is_refused_with_its_place() {
    let files = few();
    let mut table = Table::of(&files, US).only(8);
    table.set(3, "text en", &"long ".repeat(2 * 1024 * 1024));
    let began = Instant::now();
    let why = refusal(&weigh_csv(&files, &table.csv(), US).expect("read"));
    assert!(why.contains("t.csv!K5") && why.contains("10485760 characters"), "{why}");
    assert!(why.len() < 200, "the cell is not printed");
    eprintln!("10 MB in one cell: {:?}", began.elapsed());
    // A workbook's cell holds no more than 32,767 characters, unless somebody writes the file by hand.
    let bytes = with_part(&Table::of(&files, US).only(8).xlsx(), "xl/sharedStrings.xml", |xml| {
        let words = Table::of(&files, US).get(3, "text en").replace('\'', "&apos;");
        let words = words.replace("&apos;", "'");
        xml.replacen(&words, &"x".repeat(10 * 1024 * 1024), 1)
    });
    let why = refusal(&weigh_xlsx(&files, &bytes).expect("read"));
    assert!(why.contains(&format!("{US}!K5")) && why.contains("10485760 characters"), "{why}");
}

/// A workbook with one part of it written anew.
fn with_part(bytes: &[u8], name: &str, change: impl Fn(&str) -> String) -> Vec<u8> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).expect("a workbook");
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for index in 0..archive.len() {
        let mut part = archive.by_index(index).expect("a part");
        let found = part.name().expect("a name").into_owned();
        let mut text = String::new();
        std::io::Read::read_to_string(&mut part, &mut text).expect("text");
        writer.start_file(found.as_str(), SimpleFileOptions::default()).expect("begun");
        let text = if found == name {
            let new = change(&text);
            assert_ne!(text, new, "{name} was not changed");
            new
        } else {
            text
        };
        writer.write_all(text.as_bytes()).expect("written");
    }
    writer.finish().expect("finished").into_inner()
}

#[test]
fn a_small_file_that_unpacks_to_a_huge_one_is_refused_before_it_is_read() {
    let files = few();
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let zeros = vec![b' '; 1024 * 1024];
    writer.start_file("xl/workbook.xml", SimpleFileOptions::default()).expect("begun");
    for _ in 0..201 {
        writer.write_all(&zeros).expect("written");
    }
    let bomb = writer.finish().expect("finished").into_inner();
    assert!(bomb.len() < 1024 * 1024, "it is small: {}", bomb.len());
    assert!(damage(weigh_xlsx(&files, &bomb)).contains("unpacked"));
    // The same, when it says of itself that it is small.
    let declared = (201u32 * 1024 * 1024).to_le_bytes();
    let mut liar = bomb.clone();
    let places: Vec<usize> = (0..liar.len() - 4).filter(|at| liar[*at..*at + 4] == declared).collect();
    assert!(!places.is_empty());
    for at in places {
        liar[at..at + 4].copy_from_slice(&1000u32.to_le_bytes());
    }
    let told = damage(weigh_xlsx(&files, &liar));
    assert!(told.contains("unpacked") || told.contains("damaged"), "{told}");
    let large = vec![b'a'; 51 * 1024 * 1024];
    assert!(damage(weigh_xlsx(&files, &large)).contains("50 MB"));
    assert!(damage(weigh_csv(&files, &large, US)).contains("50 MB"));
}

#[test]
fn what_asks_for_more_memory_than_it_can_need_is_refused() {
    let files = few();
    // Each sheet by itself would do.
    let mut workbook = Workbook::new();
    for _ in 0..2 {
        let sheet = workbook.add_worksheet();
        for row in 0..60_000 {
            sheet.write_number(row, 0, 1).expect("written");
        }
    }
    let rows = workbook.save_to_buffer().expect("saved");
    assert!(damage(weigh_xlsx(&files, &rows)).contains("more than 100000 rows"));
    assert!(
        damage(weigh_csv(&files, "id\n".repeat(200_000).as_bytes(), US)).contains("more than 100000 rows")
    );
    let claims = with_part(&Table::of(&files, US).only(8).xlsx(), "xl/sharedStrings.xml", |xml| {
        xml.replacen("uniqueCount=\"", "uniqueCount=\"99999999999", 1)
    });
    let told = damage(weigh_xlsx(&files, &claims));
    assert!(told.contains("more texts than it can have"), "{told}");
    // Nor does it help to say nothing of how many they are.
    let table = Table::of(&files, US).only(8).xlsx();
    let texts = with_part(&table, "xl/sharedStrings.xml", |_| {
        format!("<sst>{}</sst>", "<x:si></x:si>".repeat(1_000_001))
    });
    assert!(texts.len() < 100 * 1024, "it is small: {}", texts.len());
    let told = damage(weigh_xlsx(&files, &texts));
    assert!(told.contains("more than 1000000 cells"), "{told}");
    let forms = with_part(&table, "xl/styles.xml", |xml| {
        xml.replacen("<cellXfs", &format!("{}<cellXfs", "<xf/>".repeat(140_000)), 1)
    });
    let told = damage(weigh_xlsx(&files, &forms));
    assert!(told.contains("more than 131072 formats"), "{told}");
    let sheets = with_part(&table, "xl/workbook.xml", |xml| {
        xml.replacen(
            "</sheets>",
            &format!("{}</sheets>", "<sheet name=\"a\" r:id=\"rId1\"/>".repeat(1_001)),
            1,
        )
    });
    let told = damage(weigh_xlsx(&files, &sheets));
    assert!(told.contains("more than 1000 formats, names, links or sheets"), "{told}");
}

#[test]
fn a_cell_in_the_farthest_corner_costs_nothing() {
    let files = few();
    let began = Instant::now();
    let corner = spoiled(|sheet| {
        sheet.write_string(1_048_575, 16_383, "x").expect("written");
    });
    let why = refusal(&weigh_xlsx(&files, &corner).expect("read"));
    assert!(why.contains("XFD1048576"), "{why}");
    assert!(began.elapsed().as_secs() < 30, "{:?}", began.elapsed());
}

#[test]
fn hidden_sheets_and_sheets_of_nobody_are_told() {
    let files = few();
    let table = Table::of(&files, US).only(8);
    let with = |name: &str, hidden: bool, cells: &[&str]| {
        let mut workbook = table.workbook();
        let sheet = workbook.add_worksheet().set_name(name).expect("a name");
        sheet.set_hidden(hidden);
        for (column, cell) in (0u16..).zip(cells) {
            sheet.write_string(0, column, *cell).expect("written");
        }
        weigh_xlsx(&files, &workbook.save_to_buffer().expect("saved")).expect("read")
    };
    let notes = with("notes", true, &["ask Anna"]);
    assert!(
        notes.notes.iter().any(|note| note.to_string().contains("hidden sheet \"notes\"")),
        "{:?}",
        notes.notes
    );
    assert_eq!(0, notes.count(Outcome::Refused));
    let tips = with("text4baby", false, &["id", "topic"]);
    assert!(refusal(&tips).contains("named like no program"));
    let mut workbook = Workbook::new();
    workbook.add_worksheet().set_name("nothing").expect("a name").write_string(0, 0, "x").expect("written");
    let none = damage(weigh_xlsx(&files, &workbook.save_to_buffer().expect("saved")));
    assert!(none.contains(US), "{none}");
}

#[test]
fn a_workbook_cut_anywhere_is_refused_in_words() {
    let files = few();
    let whole = Table::of(&files, US).only(8).xlsx();
    let shelf = shelf(&files);
    for end in (0..whole.len()).step_by(whole.len() / 60) {
        let told = damage(spreadsheet::from_xlsx(&whole[..end], &shelf, None));
        assert!(told.contains("damaged") || told.contains("no .xlsx"), "{end}: {told}");
    }
    // A byte that fell over somewhere: read as it was, or refused; never something else.
    for at in (0..whole.len()).step_by(whole.len() / 60) {
        let mut bytes = whole.clone();
        bytes[at] ^= 0x20;
        if let Ok(proposals) = spreadsheet::from_xlsx(&bytes, &shelf, None) {
            assert!(proposals.rows.iter().all(|row| row.change.is_none()), "byte {at}");
        }
    }
    assert!(damage(spreadsheet::from_xlsx(b"\xd0\xcf\x11\xe0 old", &shelf, None)).contains("old Excel"));
}

#[test]
fn a_table_cut_anywhere_is_refused_or_changes_nothing() {
    let files = few();
    let whole = Table::of(&files, US).only(8).csv();
    let shelf = shelf(&files);
    for end in (0..whole.len()).step_by(13) {
        if let Ok(proposals) = spreadsheet::from_csv(&whole[..end], "t.csv", &shelf, US) {
            assert!(proposals.rows.iter().all(|row| row.change.is_none()), "cut at byte {end}");
        }
    }
    let end = whole.iter().rposition(|byte| *byte == b'"').expect("a quotation mark");
    let told = damage(spreadsheet::from_csv(&whole[..end], "t.csv", &shelf, US));
    assert!(told.contains("quotation mark") && told.contains("line 9"), "{told}");
}

#[test]
fn tables_in_every_encoding_are_read_or_told_apart() {
    let files = few();
    for program in [US, RUSSIA] {
        let table = Table::of(&files, program).only(20);
        let text = String::from_utf8(table.csv()).expect("UTF-8");
        let utf16 = |order: fn(u16) -> [u8; 2]| -> Vec<u8> {
            std::iter::once(0xfeffu16).chain(text.encode_utf16()).flat_map(order).collect()
        };
        let tabs = csv_with(&table, b'\t');
        for bytes in [
            text.clone().into_bytes(),
            format!("\u{feff}{text}").into_bytes(),
            utf16(u16::to_le_bytes),
            utf16(u16::to_be_bytes),
            csv_with(&table, b';'),
            tabs.clone(),
            String::from_utf8(tabs).expect("UTF-8").replace('\n', "\r\n").into_bytes(),
        ] {
            assert_eq!(20, weigh_csv(&files, &bytes, program).expect("read").count(Outcome::Same));
        }
        let odd = utf16(u16::to_le_bytes);
        assert!(damage(weigh_csv(&files, &odd[..odd.len() - 1], program)).contains("UTF-16"));
        assert!(damage(weigh_csv(&files, &odd[2..], program)).contains("CSV UTF-8"));
    }
    // Windows-1252 in Spanish, Windows-1251 in Russian.
    let spanish = String::from_utf8(Table::of(&files, US).csv()).expect("UTF-8");
    let latin: Vec<u8> = spanish.chars().map(|c| u8::try_from(u32::from(c)).unwrap_or(b'?')).collect();
    let line = spanish.lines().position(|line| !line.is_ascii()).expect("a line") + 1;
    let told = damage(weigh_csv(&files, &latin, US));
    assert!(told.contains(&format!("line {line}, ")) && told.contains("1252"), "{told}");
    let russian = String::from_utf8(Table::of(&files, RUSSIA).csv()).expect("UTF-8");
    let cyrillic = |c: char| match c {
        'А'..='я' => (u32::from(c) - u32::from('А')) as u8 + 0xc0,
        c => u8::try_from(u32::from(c)).unwrap_or(b'?'),
    };
    let told = damage(weigh_csv(&files, &russian.chars().map(cyrillic).collect::<Vec<_>>(), RUSSIA));
    assert!(told.contains("line 2, ") && told.contains("1251"), "{told}");
    // UTF-8 that a program took for Windows-1252 and saved as UTF-8 once more.
    let marked = [b"\xef\xbb\xbf", Table::of(&files, US).csv().as_slice()].concat();
    let doubled: String = marked.iter().map(|byte| char::from(*byte)).collect();
    assert!(damage(weigh_csv(&files, doubled.as_bytes(), US)).contains("wrong letters"));
}

fn csv_with(table: &Table, delimiter: u8) -> Vec<u8> {
    let mut writer = csv::WriterBuilder::new().delimiter(delimiter).from_writer(Vec::new());
    writer.write_record(&table.header).expect("written");
    table.rows.iter().for_each(|row| writer.write_record(row).expect("written"));
    writer.into_inner().expect("bytes")
}

#[test]
fn the_command_says_what_is_wrong_and_with_which_file() {
    let room = Room::new(&few());
    let before = room.bytes();
    let file = room.put("half.xlsx", &Table::of(&few(), US).xlsx()[..5000]);
    let table = room.put("table.csv", b"name,age\nAnna,30\n");
    for (args, hint) in [
        (vec!["import", "--xlsx", &file, "--write"], "half.xlsx"),
        (vec!["import", "--csv", &table, "--program", US, "--write"], "\"id\""),
        (vec!["import", "--csv", &table, "--write"], "--program"),
        (vec!["import", "--csv", &table, "--program", "nobody", "--write"], US),
        (vec!["import", "--csv", "nowhere.csv", "--program", US], "nowhere.csv"),
        (vec!["export", "--xlsx", &file, "--program", "nobody"], US),
    ] {
        let output = room.run(&args);
        assert_eq!(Some(2), output.status.code(), "{}", said(&output));
        assert!(said(&output).contains(hint), "{args:?}: {}", said(&output));
    }
    assert_eq!(before, room.bytes());
}

#[test]
fn a_library_that_cannot_be_read_takes_nothing_in() {
    let Files(mut files) = few();
    let week = "tips/text4baby-us/pregnancy/week-20.toml";
    let table = Table::of(&Files(files.clone()), US);
    files.insert(week.to_owned(), "[[tip]\n".to_owned());
    let room = Room::new(&Files(files));
    let before = room.bytes();
    let file = room.put("t.xlsx", &table.xlsx());
    let output = room.run(&["import", "--xlsx", &file, "--write"]);
    assert_eq!(Some(2), output.status.code());
    assert!(said(&output).contains(week), "{}", said(&output));
    assert_eq!(before, room.bytes());
}
