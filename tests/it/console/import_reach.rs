//! What a list tells to whom, who is written down for what, and what of it is left when somebody is erased.

use motherline::domain::role::Role;
use motherline::flows::importing;
use rust_xlsxwriter::Workbook;

use super::enrolling::{clerk, world};
use super::writes;
use crate::conversation::{RUSSIA, US};
use crate::dispatcher::execute;
use crate::support::console::Browser;
use crate::support::engines::{count, on_both};

const FIELDS: [(&str, &str); 2] = [("program", US), ("language", "en")];
const HEADINGS: &str = "phone,due date,place,consent date,consent how,partner code\n";
/// Of a woman known in the other program alone.
const DORA: &str = "+79161234567";

async fn bring(browser: &mut Browser, csv: &str) -> String {
    browser.upload("/console/enroll/imports", &FIELDS, ("list.csv", csv.as_bytes())).await.leads_to()
}

#[tokio::test]
async fn a_list_tells_nobody_more_than_they_may_know() {
    on_both(async |database| {
        let mut world = world(&database).await;
        let mut both = Browser::signed_in(world.service(), &[Role::Operator]).await;
        let dora = [
            ("program", RUSSIA),
            ("number", DORA),
            ("language", "ru"),
            ("what", "due"),
            ("date", "April 12, 2027"),
            ("place", "Казань"),
            ("reader", "mother"),
            ("step", "check"),
        ];
        let back = both.post("/console/enroll", &dora).await.ok();
        let words = super::enrolling::hidden(&back, "words");
        let mut fields = dora.to_vec();
        fields.retain(|(name, _)| *name != "step");
        fields.extend([("step", "enroll"), ("yes", "yes"), ("words", &*words)]);
        both.post("/console/enroll", &fields).await.leads_to();
        execute(&database, "UPDATE enrollments SET state = 'frozen', before_loss = 'active'").await;
        let mut csv = HEADINGS.to_owned();
        for number in [DORA, "202 555 0110", "202 555 0111", "202 555 0112"] {
            csv.push_str(&format!("{number},2027-04-12,call 202 555 0110,2026-11-20,on paper,NOWHERE1\n"));
        }
        let place = bring(&mut both, &csv).await;
        let page = both.get(&place).await.ok();
        assert!(page.text().contains("She has told of a loss"), "{}", page.text());
        assert!(page.text().contains("The code NOWHERE1 is not in the program’s list"), "{}", page.text());
        page.link("/console/mothers/0");
        let told = "SELECT COUNT(*) FROM audit
                     WHERE action = 'enroll refused' AND detail = 'lost' AND subscriber_id IS NOT NULL";
        assert_eq!(1, count(&database, told).await);
        assert_eq!(0, count(&database, "SELECT COUNT(*) FROM audit WHERE action = 'import seen'").await);

        let mut ours = clerk(&world, US).await;
        for path in ["", "/verdicts.csv"] {
            let page = ours.get(&format!("{place}{path}")).await.ok();
            let text = page.text();
            assert!(!text.contains("loss") && !page.body.contains("/console/mothers/0"), "{text}");
            assert!(text.contains("takes no texts from here"), "{text}");
            // Nor a number, in whatever cell it was written.
            assert!(!text.contains("555") && text.contains("+1202•••••10") && text.contains("••• ••• ••10"), "{text}");
        }
        assert_eq!(1, count(&database, "SELECT COUNT(*) FROM audit WHERE action = 'import seen'").await);

        // They have it enrolled: it is their doing, and whoever brought it vouches for what it says.
        writes(&mut world, "+12025550112", &["BABY", "April 12, 2027", "YES", "10001", "STOP"]).await;
        ours.post(&format!("{place}/enroll"), &[]).await.leads_to();
        while importing::carry_on(world.service(), 25).await.expect("carried on") > 0 {}
        let done = "SELECT COUNT(*) FROM audit WHERE action = 'enroll' AND actor = 'Clerk of text4baby-us'";
        assert_eq!(2, count(&database, done).await);
        let vouched = "SELECT COUNT(*) FROM consents WHERE exchange LIKE '%\"vouched\":{\"by\":\"operator\"%a list brought%'";
        assert_eq!(2, count(&database, vouched).await);
        let refused = "SELECT COUNT(*) FROM audit WHERE action = 'enroll refused' AND detail = 'stopped'
                          AND actor = 'Clerk of text4baby-us' AND subscriber_id IS NOT NULL";
        assert_eq!(1, count(&database, refused).await);

        // Somebody else deletes it while its page is open.
        both.post(&format!("{place}/forget"), &[]).await.leads_to();
        assert_eq!(404, ours.post(&format!("{place}/enroll"), &[]).await.status);
    })
    .await;
}

#[tokio::test]
async fn who_is_erased_is_erased_where_her_number_could_not_be_read() {
    on_both(async |database| {
        let mut world = world(&database).await;
        let mut browser = clerk(&world, US).await;
        let mut csv = HEADINGS.to_owned();
        for number in
            ["202-555-0117 / 202-555-0118", "(202) 555-0117 or 202 555 0119", "202 555 0120 / 202 555 0121"]
        {
            csv.push_str(&format!("{number},2027-04-12,10001,2026-11-20,on paper,\n"));
        }
        let place = bring(&mut browser, &csv).await;
        writes(&mut world, "+12025550117", &["BABY", "April 12, 2027", "YES", "10001", "DELETE", "YES"])
            .await;
        world.settle().await.expect("erased");
        assert_eq!(0, count(&database, "SELECT COUNT(*) FROM import_rows WHERE typed LIKE '%0117%'").await);
        let blank =
            "SELECT COUNT(*) FROM import_rows WHERE verdict = 'erased' AND typed = '' AND agreed_how = ''";
        assert_eq!(2, count(&database, blank).await);
        assert!(browser.get(&place).await.ok().text().contains("202 555 0120 / 202 555 0121"));
    })
    .await;
}

#[tokio::test]
async fn what_an_older_version_took_for_a_yes_is_weighed_anew() {
    on_both(async |database| {
        let world = world(&database).await;
        let mut browser = clerk(&world, US).await;
        let mut csv = HEADINGS.to_owned();
        for number in 110..116 {
            csv.push_str(&format!("202 555 0{number},2027-04-12,10001,2026-11-20,on paper,\n"));
        }
        csv.push_str("202 555 0116,2027-04-12,10001,2026-11-20,\"on paper,\nat the clinic\",\n");
        let place = bring(&mut browser, &csv).await;
        assert!(browser.get(&place).await.ok().text().contains("Enroll 7 women"));
        // As it left them: good, and waiting.
        for older in [
            "UPDATE import_rows SET agreed_how = 'refused by phone' WHERE place = 2",
            "UPDATE import_rows SET agreed_how = 'pending' WHERE place = 3",
            "UPDATE import_rows SET agreed_how = '' WHERE place = 4",
            // A day, as the spreadsheet program had it; a box that was ticked.
            "UPDATE import_rows SET agreed_how = '46346' WHERE place = 5",
            "UPDATE import_rows SET agreed_how = 'the truth value TRUE' WHERE place = 6",
        ] {
            execute(&database, older).await;
        }
        browser.post(&format!("{place}/enroll"), &[]).await.leads_to();
        while importing::carry_on(world.service(), 25).await.expect("carried on") > 0 {}
        let page = browser.get(&place).await.ok().text();
        assert!(page.contains("enrolled (4)") && page.contains("7 of 7"), "{page}");
        for said in ["She did not agree.", "“pending” does not say", "when and how she agreed"] {
            assert!(page.contains(said), "{said}: {page}");
        }
        assert_eq!(4, count(&database, "SELECT COUNT(*) FROM subscribers").await);
        let apart = "SELECT COUNT(*) FROM import_rows
                      WHERE (place = 2 AND verdict = 'consent_no') OR (place = 3 AND verdict = 'consent_unclear')
                         OR (place = 4 AND verdict = 'consent_missing')";
        assert_eq!(3, count(&database, apart).await);
    })
    .await;
}

#[tokio::test]
async fn sheets_and_columns_that_are_passed_over_are_named() {
    on_both(async |database| {
        let world = world(&database).await;
        let mut browser = clerk(&world, US).await;
        let mut workbook = Workbook::new();
        for (name, phone) in [("Monday", "202 555 0110"), ("Tuesday", "202 555 0111"), ("Notes", "")] {
            let sheet = workbook.add_worksheet().set_name(name).expect("a name");
            let headings = [
                "No.",
                "Phone",
                "ZIP",
                "City",
                "due date",
                "consent date",
                "consent how",
                "Consent taken by",
            ];
            let cells = ["1", phone, "10001", "New York", "2027-04-12", "2026-11-20", "on paper", "Ana"];
            for (column, (heading, cell)) in (0u16..).zip(headings.into_iter().zip(cells)) {
                if !phone.is_empty() {
                    sheet.write_string(0, column, heading).expect("a heading");
                    sheet.write_string(1, column, cell).expect("a cell");
                } else if column == 1 {
                    sheet.write_string(0, column, heading).expect("a word");
                }
            }
        }
        let bytes = workbook.save_to_buffer().expect("a workbook");
        let page = browser.upload("/console/enroll/imports", &FIELDS, ("two.xlsx", &bytes)).await;
        let page = browser.get(&page.leads_to()).await.ok();
        let loud =
            page.body.split("<div class=\"caution\" role=\"alert\">").nth(1).expect("it is said loudly");
        let loud = loud.split("</div>").next().unwrap_or_default();
        for said in [
            "Only the sheet “Monday” was read.",
            "not read: Tuesday. Upload",
            "“City” is not read: the list has “ZIP” for the same.",
            "Not read, and not kept: Consent taken by, No..",
        ] {
            assert!(loud.contains(said), "{said}: {loud}");
        }
        assert!(page.text().contains("Enroll 1 woman"), "{}", page.text());
    })
    .await;
}
