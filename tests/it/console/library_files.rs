//! What an author or a translator reads of a file that they brought, in their own language.

use motherline::domain::role::Role;
use rust_xlsxwriter::{Format, Workbook};

use super::library::somebody;
use super::world;
use crate::conversation::{RUSSIA, US};
use crate::support::console::{Browser, Page};
use crate::support::engines::on_both;

const TO: &str = "/console/library/exchange";

/// A few tips of an exported table, spoiled in every way that a row can be refused for.
fn spoiled(csv: &str) -> Vec<u8> {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .from_reader(csv.trim_start_matches('\u{feff}').as_bytes());
    let table: Vec<Vec<String>> = reader
        .records()
        .take(20)
        .map(|row| row.expect("a row").iter().map(str::to_owned).collect())
        .collect();
    let column = |name: &str| table[0].iter().position(|found| found == name).expect("a column") as u16;
    let (words, topic, slot) = (column("text en"), column("topic"), column("slot"));
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet().set_name(US).expect("a name");
    for (row, cells) in (0u32..).zip(&table) {
        for (at, cell) in (0u16..).zip(cells).filter(|(_, cell)| !cell.is_empty()) {
            sheet.write_string(row, at, cell).expect("written");
        }
    }
    let format = |shown: &str| Format::new().set_num_format(shown);
    sheet.write_string(0, column("SMS es"), "my remarks").expect("written");
    sheet.write_formula(1, words, "=CONCATENATE(\"a\",B2)").expect("written");
    sheet.write_boolean(2, words, true).expect("written");
    sheet.write_number_with_format(3, words, 0.5, &format("hh:mm")).expect("written");
    sheet.write_string(4, words, "long ".repeat(500)).expect("written");
    sheet.write_number_with_format(5, topic, 46000.0, &format("d mmm")).expect("written");
    sheet.write_number_with_format(6, slot, 46000.0, &format("d mmm")).expect("written");
    sheet.write_string(7, slot, "first").expect("written");
    sheet.write_string(8, column("reviewed_on"), "03/04/2026").expect("written");
    sheet.merge_range(9, words, 9, words + 1, "one for both", &Format::new()).expect("merged");
    sheet.write_string(10, 40, "stray").expect("written");
    sheet.write_string(11, 0, " ").expect("written");
    sheet.write_string(12, 0, &table[14][0]).expect("written");
    sheet.write_string(13, 0, "ru-preg-20-1-second-scan").expect("written");
    sheet.write_string(15, topic, " ").expect("written");
    sheet.write_string(15, words, " ").expect("written");
    sheet.write_string(16, column("fingerprint"), "v0000000000").expect("written");
    sheet.write_string(16, words, "Other words.").expect("written");
    sheet.write_string(17, column("fingerprint"), " ").expect("written");
    sheet.write_string(17, column("state"), "approved").expect("written");
    sheet.write_string(18, words, "Call {nobody}.").expect("written");
    sheet.write_string(19, 0, "us-new-1").expect("written");
    sheet.write_string(19, column("track"), "no-such").expect("written");
    sheet.write_string(20, 0, "us-new-2").expect("written");
    let notes = workbook.add_worksheet().set_name("other tips").expect("a name");
    notes.set_hidden(true).write_string(0, 0, "id").expect("written");
    let notes = workbook.add_worksheet().set_name("notes").expect("a name");
    notes.write_string(0, 0, "ask Anna").expect("written");
    workbook.save_to_buffer().expect("saved")
}

/// What is said on a page of a file: the fault beside its field, the notes and why rows are refused; without what is
/// marked as English, and without what is quoted.
fn said(page: &Page) -> Vec<String> {
    let quoted = |text: &str| {
        let mut parts = text.split('«');
        let before = parts.next().unwrap_or_default().to_owned();
        parts.fold(before, |said, part| said + part.split_once('»').map_or("", |(_, behind)| behind))
    };
    let rows = page.body.split("<p class=\"small\"><bdi>").skip(1);
    let rows = rows.map(|row| row.split("</bdi>").next().unwrap_or_default());
    let faults = page.body.split("class=\"fault\"").skip(1);
    let faults = faults
        .map(|fault| fault.split_once('>').unwrap_or_default().1.split("</").next().unwrap_or_default());
    rows.chain(faults).map(quoted).collect()
}

fn foreign(said: &[String], language: &str) {
    for line in said {
        let words: Vec<&str> = line.split(|c: char| !c.is_alphabetic()).collect();
        for word in ["the", "is", "not", "of", "and", "this", "that", "with", "write", "was"] {
            assert!(!words.contains(&word), "{language}: {line}");
        }
        let cyrillic = line.chars().any(|c| matches!(c, 'а'..='я'));
        assert_eq!(language == "ru", cyrillic, "{language}: {line}");
    }
}

async fn bring(browser: &mut Browser, program: &str, name: &str, bytes: &[u8]) -> Page {
    browser.upload(TO, &[("program", program)], (name, bytes)).await
}

#[tokio::test]
async fn why_a_file_is_not_taken_is_said_in_the_readers_language() {
    on_both(async |database| {
        let world = world(&database).await;
        let mut ana = somebody(&world, "Ana", Role::Author).await;
        let exported = |shape: &str| format!("/console/library/export?program={US}&{shape}");
        let csv = ana.get(&exported("shape=csv")).await.ok().body;
        let po = ana.get(&exported("shape=po&language=es")).await.ok().body;
        let workbook = spoiled(&csv);
        // Entries of the translation: the first six, each spoiled in its own way.
        let entries: Vec<&str> = po.split("\n\n").collect();
        let translated = |entry: &str, words: &str| {
            let (before, _) = entry.split_once("msgstr").expect("a translation");
            format!("{before}msgstr \"{words}\"")
        };
        let spoiled = [
            entries[0].to_owned(),
            entries[1].to_owned(),
            entries[1].to_owned(),
            entries[2].replacen("msgctxt \"us-", "msgctxt \"xx-", 1),
            entries[3].replacen("msgid \"\"\n\"", "msgid \"\"\n\"Oh. ", 1),
            entries[4].lines().filter(|line| !line.starts_with("msgctxt")).collect::<Vec<_>>().join("\n"),
            translated(entries[5], ""),
            translated(entries[6], &"largo ".repeat(500)),
            translated(entries[7], "Llame a {nadie}."),
            entries[8].replacen("#: ", "#, fuzzy\n#: ", 1),
        ];
        let spoiled = format!("{}\n", spoiled.join("\n\n"));
        for language in ["es", "ru"] {
            ana.post("/console/language", &[("language", language), ("next", TO)]).await;
            let page = bring(&mut ana, US, "tips.xlsx", &workbook).await.ok();
            let lines = said(&page);
            assert!(lines.len() >= 20, "{language}: {lines:#?}");
            foreign(&lines, language);
            let page = bring(&mut ana, US, "es.po", spoiled.as_bytes()).await.ok();
            let lines = said(&page);
            assert!(lines.len() >= 9, "{language}: {lines:#?}");
            foreign(&lines, language);
            // What a check says of the words stands behind a sentence, and is marked.
            assert!(page.body.contains("<bdi class=\"soft\" lang=\"en\">"), "{}", page.body);
            let half = &workbook[..workbook.len() / 2];
            let latin = b"id,text es\nus-1,se\xf1ora\n";
            let header = |old: &str, new: &str| po.replacen(old, new, 1).into_bytes();
            for (program, name, bytes) in [
                (US, "a.xlsx", half.to_vec()),
                (US, "a.xlsx", b"\xd0\xcf\x11\xe0 old".to_vec()),
                (US, "a.xlsx", b"no workbook".to_vec()),
                (US, "a.csv", workbook.clone()),
                (US, "a.csv", latin.to_vec()),
                (US, "a.csv", b"name,age\nAna,30\n".to_vec()),
                (US, "a.csv", b"id,topic,topic\nus-1,a,b\n".to_vec()),
                (US, "a.csv", b"id,topic\nus-1,\"a\n".to_vec()),
                (US, "a.csv", b"id,topic\nus-1".to_vec()),
                (US, "a.csv", "id\n".repeat(200_000).into_bytes()),
                (US, "a.po", b"\n".to_vec()),
                (US, "a.po", header("msgctxt", "msgctx")),
                (US, "a.po", header("Language: es", "Language: en")),
                (US, "a.po", header("charset=UTF-8", "charset=windows-1252")),
                (US, "a.po", po.as_bytes()[..po.len() - 3].to_vec()),
                (RUSSIA, "a.po", po.clone().into_bytes()),
            ] {
                let page = bring(&mut ana, program, name, &bytes).await;
                assert_eq!(422, page.status, "{name}");
                let lines = said(&page);
                assert_eq!(1, lines.len(), "{name}: {lines:?}: {}", page.body);
                foreign(&lines, language);
            }
            let page = bring(&mut ana, US, "a.xlsx", half).await;
            assert!(
                page.body.contains("<p class=\"small soft\" lang=\"en\">"),
                "what tried to read it: {}",
                page.body
            );
        }
    })
    .await;
}
