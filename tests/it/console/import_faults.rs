//! A row that breaks its enrolling is left to a person, and holds nobody else up; one that somebody else holds is tried
//! again. The fault is made: the database refuses one woman.

use motherline::flows::importing;
use motherline::store::Database;

use super::enrolling::{clerk, world};
use crate::conversation::US;
use crate::dispatcher::execute;
use crate::support::engines::{count, on_both};

async fn refuse_one(database: &Database) {
    match database {
        Database::Sqlite { .. } => {
            execute(
                database,
                "CREATE TRIGGER refused BEFORE INSERT ON subscribers WHEN NEW.phone = '+12025550112'
                 BEGIN SELECT RAISE(ABORT, 'refused'); END",
            )
            .await;
        }
        Database::Postgres(_) => {
            execute(
                database,
                "CREATE FUNCTION refused() RETURNS trigger LANGUAGE plpgsql AS
                 $$ BEGIN RAISE EXCEPTION 'refused'; END $$",
            )
            .await;
            execute(
                database,
                "CREATE TRIGGER refused BEFORE INSERT ON subscribers FOR EACH ROW
                 WHEN (NEW.phone = '+12025550112') EXECUTE FUNCTION refused()",
            )
            .await;
        }
    }
}

#[tokio::test]
async fn a_row_that_breaks_is_set_aside_and_the_others_are_enrolled() {
    on_both(async |database| {
        let world = world(&database).await;
        let mut csv = String::from("phone,due date,place,consent date,consent how\n");
        for number in 110..116 {
            csv.push_str(&format!("202-555-0{number},2027-03-25,10001,2026-11-20,on paper\n"));
        }
        let mut browser = clerk(&world, US).await;
        let fields = [("program", US), ("language", "en")];
        let place = browser.upload("/console/enroll/imports", &fields, ("list.csv", csv.as_bytes())).await;
        let place = place.leads_to();
        refuse_one(&database).await;
        browser.post(&format!("{place}/enroll"), &[]).await.leads_to();
        let mut beats = 0;
        while importing::carry_on(world.service(), 25).await.expect("carried on") > 0 {
            beats += 1;
            assert!(beats < 50, "it comes to an end");
        }
        assert_eq!(5, count(&database, "SELECT COUNT(*) FROM enrollments").await);
        let aside = "SELECT COUNT(*) FROM import_rows WHERE verdict = 'broke' AND phone = '+12025550112'";
        assert_eq!(1, count(&database, aside).await);
        let page = browser.get(&place).await.ok().text();
        assert!(page.contains("enrolled (5)") && page.contains("6 of 6"), "{page}");
    })
    .await;
}

#[tokio::test]
async fn a_deadlock_is_no_fault_of_hers() {
    on_both(async |database| {
        // Writers of SQLite wait for each other and never clash.
        if database.is_embedded() {
            return;
        }
        let world = world(&database).await;
        let csv = "phone,due date,consent date,consent how\n202-555-0112,2027-03-25,2026-11-20,on paper\n";
        let mut browser = clerk(&world, US).await;
        let fields = [("program", US), ("language", "en")];
        let place = browser.upload("/console/enroll/imports", &fields, ("list.csv", csv.as_bytes())).await;
        browser.post(&format!("{}/enroll", place.leads_to()), &[]).await.leads_to();
        execute(
            &database,
            "CREATE FUNCTION clashed() RETURNS trigger LANGUAGE plpgsql AS
             $$ BEGIN RAISE EXCEPTION 'deadlock detected' USING ERRCODE = '40P01'; END $$",
        )
        .await;
        execute(
            &database,
            "CREATE TRIGGER clashed BEFORE INSERT ON enrollments FOR EACH ROW EXECUTE FUNCTION clashed()",
        )
        .await;
        assert!(importing::carry_on(world.service(), 25).await.is_err());
        assert_eq!(1, count(&database, "SELECT COUNT(*) FROM import_rows WHERE waits").await);
        execute(&database, "DROP TRIGGER clashed ON enrollments").await;
        while importing::carry_on(world.service(), 25).await.expect("carried on") > 0 {}
        assert_eq!(1, count(&database, "SELECT COUNT(*) FROM enrollments").await);
    })
    .await;
}
