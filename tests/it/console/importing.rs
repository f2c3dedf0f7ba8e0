//! Lists that clinics bring: what spreadsheets do to them, who is not enrolled, and that nobody is twice.

use std::fmt::Write as _;
use std::io::Write as _;

use motherline::domain::role::Role;
use motherline::flows::importing;
use motherline::web::console::Settings;
use motherline::worker::rehearsal::World;
use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::enrolling::{clerk, world};
use crate::conversation::{RUSSIA, US, at};
use crate::support::console::{Browser, Page, let_in};
use crate::support::engines::{count, on_both};

const HEADINGS: [&str; 9] = [
    "phone",
    "language",
    "due date",
    "birth date",
    "place",
    "reader",
    "partner code",
    "consent date",
    "consent how",
];
const FIELDS: [(&str, &str); 2] = [("program", US), ("language", "en")];

/// A cell of the fixture.
enum Put {
    Text(&'static str),
    Number(f64),
    Date(u16, u8, u8),
    Formula(&'static str),
    Truth(bool),
}
use Put::{Date, Formula as Computed, Number, Text, Truth};

/// A workbook of these rows under the usual headings.
fn workbook(rows: &[Vec<Put>]) -> Vec<u8> {
    let mut workbook = Workbook::new();
    let date = Format::new().set_num_format("dd/mm/yyyy");
    let sheet = workbook.add_worksheet();
    for (column, heading) in (0u16..).zip(HEADINGS) {
        sheet.write_string(0, column, heading).expect("a heading");
    }
    for (row, cells) in (1u32..).zip(rows) {
        for (column, cell) in (0u16..).zip(cells) {
            match cell {
                Text("") => continue,
                Text(text) => sheet.write_string(row, column, *text).map(|_| ()),
                Number(number) => sheet.write_number(row, column, *number).map(|_| ()),
                Date(year, month, day) => {
                    let at = ExcelDateTime::from_ymd(*year, *month, *day).expect("a day");
                    sheet.write_datetime_with_format(row, column, &at, &date).map(|_| ())
                }
                Truth(truth) => sheet.write_boolean(row, column, *truth).map(|_| ()),
                Computed(formula) => sheet.write_formula(row, column, Formula::new(*formula)).map(|_| ()),
            }
            .expect("a cell");
        }
    }
    workbook.save_to_buffer().expect("a workbook")
}

/// A row with a number, a due date and a place; she agreed.
fn row(phone: Put, due: Put, place: Put) -> Vec<Put> {
    vec![phone, Text(""), due, Text(""), place, Text(""), Text(""), Text("2026-11-20"), Text("on paper")]
}

async fn bring(browser: &mut Browser, name: &str, bytes: &[u8]) -> Page {
    browser.upload("/console/enroll/imports", &FIELDS, (name, bytes)).await
}

/// The rows of a page's table: each as its cells' words.
fn table(page: &Page) -> Vec<Vec<String>> {
    let body = page.body.split("<tbody>").nth(1).expect("a table").split("</tbody>").next().expect("its end");
    let rows = body.split("<tr>").skip(1);
    rows.map(|row| {
        let cells = row.split("<td").skip(1);
        cells
            .map(|cell| {
                let shown = cell.split_once('>').map_or("", |(_, rest)| rest);
                let page = Page {
                    status: 200,
                    body: shown.to_owned(),
                    location: None,
                    headers: axum::http::HeaderMap::new(),
                };
                page.text()
            })
            .collect()
    })
    .collect()
}

async fn carry_on(world: &World) {
    while importing::carry_on(world.service(), 25).await.expect("carried on") > 0 {}
}

fn said(world: &mut World) -> Vec<(String, String)> {
    let lines = world.take_lines().into_iter().filter(|line| line.direction == "out");
    lines.map(|line| (line.to.expect("a number"), line.body)).collect()
}

#[tokio::test]
async fn each_row_has_its_verdict() {
    on_both(async |database| {
        let mut world = world(&database).await;
        for her in ["+12025550101", "+12025550102", "+12025550103", "+12025550104"] {
            for text in ["BABY", "April 12, 2027", "YES", "10001"] {
                world.text(her, text).await.expect("a text");
            }
        }
        for text in ["BABY", "I had a miscarriage"] {
            world.text("+12025550105", text).await.expect("a text");
        }
        world.text("+12025550101", "STOP").await.expect("a text");
        world.text("+12025550102", "I lost my baby").await.expect("a text");
        for text in ["DELETE", "YES"] {
            world.text("+12025550103", text).await.expect("a text");
        }
        world.settle().await.expect("erased");
        let due = || Text("2027-04-12");
        let zip = || Text("10001");
        let said = |on: Put, how| {
            vec![Text("202 555 0119"), Text(""), due(), Text(""), zip(), Text(""), Text(""), on, how]
        };
        let agreed = |on: Put, how| said(on, Text(how));
        let rows = vec![
            row(Text("(202) 555-0110"), due(), zip()), // 2
            row(Number(12_025_550_111.0), Number(46_489.0), Number(2_139.0)),
            row(Text("2.02556E+09"), due(), zip()),
            row(Text("202 555 0112"), Text("03/04/2027"), zip()), // 5
            row(Text("202 555 0112"), Text("due April 12, 2027"), zip()),
            row(Text("+1 202 555 0112"), due(), zip()),
            row(Text("+7 916 123-45-67"), due(), zip()),
            row(Text("+12025550101"), due(), zip()),
            row(Text("+12025550102"), due(), zip()), // 10
            row(Text("+12025550103"), due(), zip()),
            row(Text("+12025550104"), due(), zip()),
            row(Text("202 555 0113"), Text("2028-04-12"), zip()),
            row(Text("202 555 0114"), Text("soon"), Text("Atlantis")),
            row(Text("202 555 0115"), due(), Text("Atlantis")), // 15
            row(Text(""), due(), zip()),
            row(Computed("=1+1"), due(), zip()),
            row(Text("<script>alert(1)</script>"), due(), zip()),
            row(Text("202 555 0116 or 202 555 0117"), due(), zip()),
            agreed(Text(""), "on paper"), // 20
            agreed(Text("2026-11-20"), ""),
            agreed(Text("2026-11-20"), "no"),
            agreed(Text("2027-01-01"), "on paper"),
            agreed(Date(2026, 11, 19), "ورقة <b>@</b>"),
            vec![
                Text("202 555 0118"),
                Text("Klingon"),
                due(),
                Text("2026-11-01"),
                zip(),
                Text("sister"),
                Text("a-b"),
                Text("2026-11-20"),
                Text("on paper"),
            ], // 25
            row(Text("+12025550105"), due(), zip()),
            said(Text("2026-11-20"), Truth(false)),
            said(Text("2026-11-20"), Text("declined")),
            said(Text("2026-11-20"), Computed("=NA()")),
            said(Text("2026-11-20"), Text("pending")), // 30
            said(Text("2026-11-20"), Truth(true)),
        ];
        let mut browser = clerk(&world, US).await;
        let place = bring(&mut browser, "<b>@clinic</b>.xlsx", &workbook(&rows)).await.leads_to();
        let page = browser.get(&place).await.ok();
        assert!(
            page.body.contains("&#60;b&#62;@clinic") && !page.body.contains("<script>alert"),
            "not escaped"
        );
        let seen: Vec<(String, String, String, String)> = table(&page)
            .into_iter()
            .map(|cells| {
                let [_, typed, phone, date, verdict, notes] =
                    <[String; 6]>::try_from(cells).expect("six cells");
                let _ = typed;
                (phone, date, verdict, notes)
            })
            .collect();
        let expected = [
            ("+12025550110", "due 12 Apr 2027", "good", ""),
            ("+12025550111", "due 12 Apr 2027", "repaired", "number 46489"),
            ("", "due 12 Apr 2027", "wrong number", "cut off the last figures"),
            ("+12025550112", "", "unclear which", "This can be 4 Mar 2027 or 3 Apr 2027."),
            ("+12025550112", "due 12 Apr 2027", "good", ""),
            ("+12025550112", "due 12 Apr 2027", "twice in the list", "The same number stands in row 6."),
            ("+79161234567", "due 12 Apr 2027", "country not served", "does not serve the country"),
            ("+12025550101", "due 12 Apr 2027", "not to be enrolled", "She has said STOP."),
            ("+12025550102", "due 12 Apr 2027", "not to be enrolled", "She has told of a loss"),
            ("+12025550103", "due 12 Apr 2027", "not to be enrolled", "takes no texts from here"),
            ("+12025550104", "due 12 Apr 2027", "enrolled already", "her page 12"),
            ("+12025550113", "", "wrong date", "12 Apr 2028 cannot be"),
            ("+12025550114", "", "wrong date", "“soon”"),
            ("+12025550115", "due 12 Apr 2027", "good", "enrolled without a place"),
            ("", "due 12 Apr 2027", "wrong number", "There is no number."),
            ("", "due 12 Apr 2027", "cannot be read", "A cell is a formula."),
            ("", "due 12 Apr 2027", "wrong number", "no phone number"),
            ("", "due 12 Apr 2027", "wrong number", "two numbers"),
            ("+12025550119", "due 12 Apr 2027", "consent missing or unclear", "when and how she agreed"),
            ("+12025550119", "due 12 Apr 2027", "consent missing or unclear", "when and how she agreed"),
            ("+12025550119", "due 12 Apr 2027", "consent missing or unclear", "She did not agree."),
            ("+12025550119", "due 12 Apr 2027", "consent missing or unclear", "still to come"),
            ("+12025550119", "due 12 Apr 2027", "consent missing or unclear", "“ورقة <b>@</b>” does not say"),
            ("+12025550118", "", "wrong date", "“Klingon”"),
            ("+12025550105", "due 12 Apr 2027", "not to be enrolled", "takes no texts from here"),
            ("+12025550119", "due 12 Apr 2027", "consent missing or unclear", "She did not agree."),
            ("+12025550119", "due 12 Apr 2027", "consent missing or unclear", "She did not agree."),
            ("+12025550119", "due 12 Apr 2027", "cannot be read", "A cell is a formula."),
            ("+12025550119", "due 12 Apr 2027", "consent missing or unclear", "“pending” does not say"),
            ("+12025550119", "due 12 Apr 2027", "good", ""),
        ];
        for (place, ((phone, date, verdict, says), row)) in expected.into_iter().zip(&seen).enumerate() {
            let place = place + 2;
            assert_eq!((phone, date, verdict), (&*row.0, &*row.1, &*row.2), "row {place}: {}", row.3);
            assert!(row.3.contains(says), "row {place}: {}", row.3);
        }
        assert_eq!(expected.len(), seen.len());
        assert!(seen[1].3.contains("zeros: 02139"), "{}", seen[1].3);
        // By kind.
        let page = browser.get(&format!("{place}?of=consent")).await.ok();
        assert_eq!(8, table(&page).len());
        let csv = browser.get(&format!("{place}/verdicts.csv")).await.ok();
        assert_eq!(1 + rows.len(), csv.body.lines().count(), "{}", csv.body);
        assert!(csv.body.contains(",+12025550110,"), "{}", csv.body);
        assert!(browser.get(&format!("{place}/verdicts.xlsx")).await.ok().body.starts_with("PK"));
        // Nobody is enrolled yet.
        assert_eq!(4, count(&database, "SELECT COUNT(*) FROM subscribers").await);
        // Of whom they have learned what is written down, as it is at the desk.
        let told = "SELECT COUNT(*) FROM audit WHERE action = 'enroll refused' AND subscriber_id IS NOT NULL";
        assert_eq!(3, count(&database, told).await);
    })
    .await;
}

#[tokio::test]
async fn the_good_ones_are_enrolled_each_once() {
    on_both(async |database| {
        let mut world = world(&database).await;
        let mut csv = String::from("\u{feff}телефон;язык;срок родов;индекс;дата согласия;как получено согласие;Имя\n");
        for number in 10..40 {
            let _ = writeln!(csv, "(202) 555-01{number};es;04.03.2027;10001;20.11.2026;на бумаге;<b>@</b>");
        }
        let mut browser = clerk(&world, US).await;
        let page = browser
            .upload("/console/enroll/imports", &FIELDS, ("list.csv", csv.as_bytes()))
            .await;
        let place = page.leads_to();
        let page = browser.get(&place).await.ok();
        assert!(page.text().contains("Not read, and not kept: Имя."), "{}", page.text());
        // 04.03.2027 can be two days, but 20.11.2026 stands in another column: that proves nothing.
        assert!(page.text().contains("unclear which (30)"), "{}", page.text());
        let csv = csv.replacen("04.03.2027", "25.03.2027", 1);
        let place = browser
            .upload("/console/enroll/imports", &FIELDS, ("list.csv", csv.as_bytes()))
            .await
            .leads_to();
        let page = browser.get(&place).await.ok();
        assert!(page.text().contains("is read as the whole column shows"), "{}", page.text());
        assert!(page.text().contains("Enroll 30 women"), "{}", page.text());
        // In between one of them says STOP by herself, and one enrolls.
        for text in ["BABY", "STOP"] {
            world.text("+12025550112", text).await.expect("a text");
        }
        said(&mut world);
        assert_eq!(place, browser.post(&format!("{place}/enroll"), &[]).await.leads_to());
        browser.post(&format!("{place}/enroll"), &[]).await.leads_to();
        assert!(browser.get(&place).await.ok().text().contains("It was begun before"));
        // Half of it; then another process goes on where this one was.
        importing::carry_on(world.service(), 10).await.expect("carried on");
        let live = browser.get(&format!("{place}/live")).await.ok();
        assert!(live.text().contains("10 of 30 gone through") && live.body.contains("every 2s"), "{}", live.body);
        carry_on(&world).await;
        carry_on(&world).await;
        let live = browser.get(&format!("{place}/live")).await.ok();
        assert!(live.text().contains("30 of 30") && !live.body.contains("every 2s"), "{}", live.body);
        let page = browser.get(&place).await.ok().text();
        assert!(!page.contains("can be enrolled") && !page.contains("goes out at an hour"), "{page}");
        world.settle().await.expect("sent");
        let sent = said(&mut world);
        assert_eq!(29, sent.len());
        assert!(sent.iter().all(|(_, words)| words.starts_with("¡Listo!")), "{sent:?}");
        assert_eq!(29, count(&database, "SELECT COUNT(*) FROM enrollments WHERE state = 'active'").await);
        let page = browser.get(&format!("{place}?of=never")).await.ok();
        assert_eq!(1, table(&page).len());
        let select = "SELECT COUNT(*) FROM consents WHERE exchange LIKE '%a list brought in, row%на бумаге%2026-11-20%'";
        assert_eq!(29, count(&database, select).await);
        // Who is erased is not to be found in it any more.
        for text in ["DELETE", "YES"] {
            world.text("+12025550113", text).await.expect("a text");
        }
        world.settle().await.expect("erased");
        let select = "SELECT COUNT(*) FROM import_rows WHERE phone = '+12025550113' OR typed LIKE '%0113%'";
        assert_eq!(0, count(&database, select).await, "also in the list that was never begun");
    })
    .await;
}

#[tokio::test]
async fn first_texts_of_a_list_wait_for_the_morning() {
    on_both(async |database| {
        let mut world = world(&database).await;
        world.advance_to(at("2026-11-23T22:00:00-05:00")).await.expect("time passes");
        let rows = [row(Text("(202) 555-0110"), Text("2027-04-12"), Text("10001"))];
        let mut browser = clerk(&world, US).await;
        let place = bring(&mut browser, "list.xlsx", &workbook(&rows)).await.leads_to();
        browser.post(&format!("{place}/enroll"), &[]).await.leads_to();
        carry_on(&world).await;
        world.settle().await.expect("nothing");
        assert!(said(&mut world).is_empty());
        world.advance_to(at("2026-11-24T09:05:00-05:00")).await.expect("time passes");
        assert_eq!(1, said(&mut world).len());
    })
    .await;
}

/// One long text in very many cells: it stands in the file once.
fn shared() -> Vec<u8> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    let long = "x".repeat(32_000);
    for row in 0..2_200 {
        sheet.write_string(row, 0, &long).expect("a cell");
    }
    let bytes = workbook.save_to_buffer().expect("a workbook");
    assert!(bytes.len() < 100 * 1024, "it is small: {}", bytes.len());
    bytes
}

#[tokio::test]
async fn what_is_no_list_is_said_to_be_none() {
    on_both(async |database| {
        let world = world(&database).await;
        let mut browser = clerk(&world, US).await;
        let mut bomb = ZipWriter::new(std::io::Cursor::new(Vec::new()));
        bomb.start_file("xl/worksheets/sheet1.xml", SimpleFileOptions::default()).expect("a file");
        let zeros = vec![0u8; 1024 * 1024];
        for _ in 0..210 {
            bomb.write_all(&zeros).expect("zeros");
        }
        let bomb = bomb.finish().expect("a bomb").into_inner();
        let utf16: Vec<u8> = [0xff, 0xfe]
            .into_iter()
            .chain("phone\tdue date\tconsent date\tconsent how\n".encode_utf16().flat_map(u16::to_le_bytes))
            .collect();
        for (name, bytes, told) in [
            ("bomb.xlsx", bomb, "larger than 200 MB"),
            ("old.xls", b"\xd0\xcf\x11\xe0 old".to_vec(), "old Excel"),
            ("a.csv", b"name,age\nAmy,20\n".to_vec(), "No row of headings was found"),
            (
                "a.csv",
                b"phone,due date\n2025550143,2027-04-12\n".to_vec(),
                "missing: consent date, consent how",
            ),
            ("a.csv", b"phone,consent,consent date\n2025550143,x,2026-11-01\n".to_vec(), "missing: due date"),
            (
                "a.csv",
                b"phone,consent how,Consented?,consent date,due date\n1,on paper,no,2,3\n".to_vec(),
                "“consent how” and “Consented?” are headings of the same thing",
            ),
            ("rows.csv", b"a\n".repeat(1024 * 1024), "more than 100000 rows"),
            ("cells.csv", b"a,b,c,d,e,f,g,h,i,j,k,l\n".repeat(90_000), "more than 1000000 cells"),
            ("shared.xlsx", shared(), "more than 64 MB of text"),
            ("a.csv", utf16, "There is nobody in it."),
            ("a.csv", b"phone;\xcc\xe0\n1;2\n".to_vec(), "not UTF-8"),
            ("a.csv", Vec::new(), "Choose a file."),
        ] {
            let page = bring(&mut browser, name, &bytes).await;
            assert_eq!(422, page.status, "{name}");
            assert!(page.text().contains(told), "{name}: {}", page.text());
        }
        let mut small = Browser::with(world.service(), Settings { most_upload: 1024, ..Settings::default() });
        let email = let_in(
            world.service(),
            "Small",
            vec![motherline::domain::role::Grant { role: Role::Operator, program: None }],
        )
        .await;
        small.enter(&email).await;
        let refused = bring(&mut small, "large.csv", &vec![b'a'; 100 * 1024]).await;
        assert_eq!(413, refused.status);
        // As the form said.
        assert!(small.get("/console/enroll/imports").await.ok().text().contains("and 1 MB at most."));
        assert!(refused.text().contains("A file may have 1 MB at most."), "{}", refused.text());
        let long = small.post("/console/enroll", &[("place", &"a".repeat(300 * 1024))]).await;
        assert_eq!(413, long.status);
        assert!(long.text().contains("A form may have 256 KB at most."), "{}", long.text());
        small.post("/console/language", &[("language", "ru"), ("next", "/console/enroll")]).await;
        let refused = bring(&mut small, "large.csv", &vec![b'a'; 100 * 1024]).await;
        assert!(refused.text().contains("не больше 1 МБ"), "{}", refused.text());
    })
    .await;
}

#[tokio::test]
async fn another_programs_list_is_not_there() {
    on_both(async |database| {
        let world = world(&database).await;
        let rows = [row(Text("(202) 555-0110"), Text("2027-04-12"), Text("10001"))];
        let mut browser = clerk(&world, US).await;
        let place = bring(&mut browser, "list.xlsx", &workbook(&rows)).await.leads_to();
        let mut other = clerk(&world, RUSSIA).await;
        for path in ["", "/live", "/verdicts.csv", "/verdicts.xlsx"] {
            assert_eq!(404, other.get(&format!("{place}{path}")).await.status, "{path}");
        }
        for path in ["/enroll", "/forget"] {
            assert_eq!(404, other.post(&format!("{place}{path}"), &[]).await.status, "{path}");
        }
        assert!(!other.get("/console/enroll/imports").await.ok().body.contains("list.xlsx"));
        assert_eq!(404, bring(&mut other, "list.xlsx", &workbook(&rows)).await.status);
        let mut helpdesk = Browser::signed_in(world.service(), &[Role::Helpdesk]).await;
        assert_eq!(403, helpdesk.get(&place).await.status);
        // Who may act there and did not bring it sees no number whole.
        let mut second = Browser::signed_in(world.service(), &[Role::Operator]).await;
        let page = second.get(&place).await.ok();
        assert!(!page.body.contains("+12025550110") && page.body.contains("+1202•••••10"), "{}", page.text());
        let csv = second.get(&format!("{place}/verdicts.csv")).await.ok();
        assert!(!csv.body.contains("+12025550110"), "{}", csv.body);
        assert_eq!("/console/enroll/imports", browser.post(&format!("{place}/forget"), &[]).await.leads_to());
        assert_eq!(404, browser.get(&place).await.status);
    })
    .await;
}

#[tokio::test]
async fn ten_thousand_rows() {
    on_both(async |database| {
        let world = world(&database).await;
        let mut csv = String::from("phone,due date,place,consent date,consent how\r\n");
        for number in 0..10_000 {
            let _ = write!(csv, "+1415{:07},2027-04-12,10001,2026-11-20,on paper\r\n", 2_000_000 + number);
        }
        let mut browser = clerk(&world, US).await;
        let began = std::time::Instant::now();
        let place = bring(&mut browser, "many.csv", csv.as_bytes()).await.leads_to();
        eprintln!("10,000 rows checked in {:?}", began.elapsed());
        let page = browser.get(&place).await.ok();
        assert_eq!(150, table(&page).len());
        assert!(page.body.len() < 150 * 1024, "{} bytes", page.body.len());
        assert!(page.text().contains("Enroll 10,000 women"), "{}", page.text());
        let next = page.link(&format!("{place}?of=&#38;after="));
        assert_eq!("152", table(&browser.get(&next).await.ok())[0][0]);
    })
    .await;
}

#[tokio::test]
async fn the_template_is_taken_back() {
    on_both(async |database| {
        let world = world(&database).await;
        let mut browser = clerk(&world, US).await;
        for language in ["en", "es", "ru"] {
            browser.post("/console/language", &[("language", language), ("next", "/console/enroll")]).await;
            assert!(browser.get("/console/enroll/template.xlsx").await.ok().body.starts_with("PK"));
            let template = browser.get("/console/enroll/template.csv").await.ok();
            let row = "+12025550110,en,2027-04-12,,10001,,,2026-11-20,paper\r\n";
            let place =
                bring(&mut browser, "t.csv", format!("{}{row}", template.body).as_bytes()).await.leads_to();
            let page = browser.get(&place).await.ok();
            assert_eq!(1, table(&page).len(), "{}", page.text());
            assert!(page.body.contains("badge good"), "{}", page.text());
        }
    })
    .await;
}
