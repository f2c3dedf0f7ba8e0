//! Who came by whose code and from where, as it may be told; what was answered; posters.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use motherline::domain::role::{Grant, Role};
use motherline::flows::placing;
use motherline::flows::senders::{Audience, Sender, Senders};
use motherline::library::Files;
use motherline::store::Database;
use motherline::store::surveys::{self, Given};
use motherline::worker::rehearsal::{Script, World};

use super::enrolling::{START, world};
use crate::conversation::{FILES, MONDAY, RUSSIA, US, at};
use crate::support::console::{Browser, Page};
use crate::support::engines::on_both;
use crate::support::service::on_each;

/// A world whose library has two partners.
async fn with_partners(database: &Database) -> World {
    let Files(mut files) = FILES.clone();
    let partners = "[[partner]]\ncode = \"clinic7\"\nname = \"The clinic on <Main> Street\"\n\
                    [[partner]]\ncode = \"wic\"\nname = \"WIC\"\n";
    files.insert(format!("partners/{US}.toml"), partners.to_owned());
    let script = Script::read(&Files(files), at(MONDAY).date_naive()).expect("a sound library");
    World::new(database.clone(), &script, vec![US.to_owned(), RUSSIA.to_owned()], at(START), 7)
        .await
        .expect("a world")
}

async fn viewer(world: &World, program: &str) -> Browser {
    let grants = vec![Grant { role: Role::Viewer, program: Some(program.to_owned()) }];
    Browser::granted(world.service(), &format!("Viewer of {program}"), grants).await
}

async fn enrolls(world: &mut World, numbers: std::ops::Range<u32>, word: &str, zip: &str) {
    for number in numbers {
        let her = format!("+12025550{number}");
        for text in [word, "April 12, 2027", "YES", zip] {
            world.text(&her, text).await.expect("a text");
        }
    }
}

/// The words of the rows of one of a page's tables.
fn table(page: &Page, nth: usize) -> Vec<String> {
    let body =
        page.body.split("<table").nth(nth + 1).expect("a table").split("</table>").next().expect("its end");
    let row = |row: &str| {
        let page =
            Page { status: 200, body: row.to_owned(), location: None, headers: axum::http::HeaderMap::new() };
        page.text()
    };
    body.split("<tr").skip(2).map(|part| row(part.split_once('>').map_or("", |(_, rest)| rest))).collect()
}

#[tokio::test]
async fn small_numbers_are_told_together_and_never_one_alone() {
    on_both(async |database| {
        let mut world = with_partners(&database).await;
        enrolls(&mut world, 100..112, "BABY CLINIC7", "10001").await;
        enrolls(&mut world, 112..115, "BABY WIC", "94102").await;
        enrolls(&mut world, 115..126, "BABY", "10001").await;
        // What is not counted yet is a few minutes old.
        assert_eq!(0, placing::gather(world.service(), 1_000).await.expect("counted"));
        world.advance_to(at("2026-11-23T09:10:00-05:00")).await.expect("time passes");
        let mut counted = 0;
        loop {
            match placing::gather(world.service(), 10).await.expect("counted") {
                0 => break,
                some => counted += some,
            }
        }
        assert_eq!(26, counted);
        let mut browser = viewer(&world, US).await;
        let page = browser.get("/console/partners").await.ok();
        // Three by WIC alone could be reckoned from the whole: those without a code are told with them.
        assert_eq!(
            vec![
                "CLINIC7 The clinic on <Main> Street 12 12",
                "without a code, WIC together, not shown separately 14",
                "All 26"
            ],
            table(&page, 0)
        );
        assert_eq!(vec!["CA, NY together, not shown separately 26", "All 26"], {
            let mut rows = table(&page, 1);
            rows[0] = rows[0].replace("NY, CA", "CA, NY");
            rows
        });
        assert!(page.body.contains("&#60;Main&#62;"), "not escaped");
        let csv = browser.get(&page.link("/console/partners/numbers.csv?")).await.ok();
        assert!(csv.body.contains("CLINIC7,The clinic on <Main> Street,12"), "{}", csv.body);
        assert!(!csv.body.contains(",3\r\n") && csv.body.contains(",14\r\n"), "{}", csv.body);
        // Other months.
        let page = browser.get("/console/partners?from=2026-01&to=2026-10").await.ok();
        assert!(page.text().contains("too few to show"), "{}", page.text());
        assert_eq!(200, browser.get("/console/partners?from=-200000-01").await.status);
        let page = browser.get("/console/partners?from=tomorrow&to=").await.ok();
        assert!(page.text().contains("Write the month as 2026-11."), "{}", page.text());
        // Another program's numbers are not there.
        for path in ["", "/numbers.csv"] {
            let page = browser.get(&format!("/console/partners{path}?program={RUSSIA}")).await;
            assert_eq!(404, page.status);
        }
    })
    .await;
}

#[tokio::test]
async fn two_who_count_at_once_count_each_arrival_once() {
    on_both(async |database| {
        let mut world = with_partners(&database).await;
        enrolls(&mut world, 100..112, "BABY CLINIC7", "10001").await;
        world.advance_to(at("2026-11-23T09:10:00-05:00")).await.expect("time passes");
        let service = world.service();
        let (one, other) = tokio::join!(placing::gather(service, 100), placing::gather(service, 100));
        assert_eq!(12, one.expect("counted") + other.expect("counted"));
        let sum = "SELECT CAST(SUM(people) AS BIGINT) FROM arrivals WHERE kind = 'code'";
        let counted: i64 =
            on_each!(&database, |pool| sqlx::query_scalar(sum).fetch_one(pool).await).expect("a sum");
        assert_eq!(12, counted);
    })
    .await;
}

#[tokio::test]
async fn a_poster_of_a_trial_is_not_to_be_hung_up() {
    on_both(async |database| {
        let world = with_partners(&database).await;
        let mut service = world.service().clone();
        let own = service.senders.get("rehearsal").expect("a sender").clone();
        let address = "+12025550100".to_owned();
        let cautions = [
            (Audience::Trial(Vec::new()), Some(("This number is on trial", "Este número está en pruebas"))),
            (Audience::Rehearsal, Some(("This is a rehearsal", "Esto es solo un ensayo"))),
            (Audience::Public, None),
        ];
        for (audience, caution) in cautions {
            let sender = Sender { audience, address: address.clone(), ..(*own).clone() };
            service.senders = Arc::new(Senders::new([sender]));
            let grants = vec![Grant { role: Role::Viewer, program: Some(US.to_owned()) }];
            let name = format!("Viewer {}", caution.map_or("of all", |(caution, _)| caution));
            let mut browser = Browser::granted(&service, &name, grants).await;
            let page = browser.get(&format!("/console/partners/{US}/poster")).await.ok().text();
            let (english, spanish) =
                caution.unwrap_or(("Do not hang this poster up", "No cuelgue este cartel"));
            assert_eq!(caution.is_some(), page.contains(english) && page.contains(spanish), "{page}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_poster_opens_the_right_text() {
    on_both(async |database| {
        let world = with_partners(&database).await;
        let mut browser = viewer(&world, US).await;
        let page = browser.get(&format!("/console/partners/{US}/poster?code=clinic%207")).await.ok();
        let text = page.text();
        for shown in [
            "Pregnant, or with a new baby?",
            "Text BABY CLINIC7 to",
            "¿Embarazada o con un bebé recién nacido?",
            "Mande BEBE CLINIC7 al",
            "Msg & data rates may apply. Reply STOP to end.",
            "Para terminar: STOP",
            "The clinic on <Main> Street",
        ] {
            assert!(text.contains(shown), "{shown} is not in {text}");
        }
        assert!(page.body.contains("?&#38;body=BABY%20CLINIC7\""), "{}", page.body);
        assert_eq!(2, page.body.matches("<svg class=\"qr\"").count());
        assert!(!page.body.contains(" style="), "inline style");
        assert!(page.body.len() < 150 * 1024, "{} bytes", page.body.len());
        // Without a code, and with one that texting would not take.
        browser.get(&format!("/console/partners/{US}/poster")).await.ok();
        for code in ["nonsense", "%3Cb%3E1", "12345"] {
            let page = browser.get(&format!("/console/partners/{US}/poster?code={code}")).await;
            assert_eq!(422, page.status, "{code}");
        }
        browser.get(&format!("/console/partners/{US}/poster?code=NEW9")).await.ok();
        for program in [RUSSIA, "none"] {
            assert_eq!(404, browser.get(&format!("/console/partners/{program}/poster")).await.status);
        }
    })
    .await;
}

async fn answered(
    world: &World,
    question: &str,
    (outcome, language, people): (&str, &str, usize),
    (edition, at): (i64, DateTime<Utc>),
) {
    let mut tx = world.service().database.begin().await.expect("a transaction");
    for _ in 0..people {
        let enrollment = world.service().id();
        let given = Given { enrollment, question, outcome, program: US, language, edition, at };
        surveys::answer(&mut tx, &given).await.expect("noted");
    }
    tx.commit().await.expect("noted");
}

#[tokio::test]
async fn answers_are_told_by_their_words_and_language() {
    on_both(async |database| {
        let world = world(&database).await;
        let edition = world.service().shelf.edition().number;
        let now = world.now();
        for given in [("rarely", "en", 30), ("some", "en", 12), ("often", "en", 4), ("rarely", "es", 5)] {
            answered(&world, "us-mood-1", given, (edition, now)).await;
        }
        // By words that are not those of any edition that is kept.
        answered(&world, "us-mood-1", ("rarely", "en", 11), (99, now)).await;
        answered(&world, "us-mood-1", ("rarely", "en", 500), (edition, at("2025-01-05T12:00:00-05:00")))
            .await;
        answered(&world, "us-mood-2", ("rarely", "en", 10), (edition, now)).await;
        let mut browser = viewer(&world, US).await;
        let list = browser.get("/console/questions").await.ok();
        assert!(list.text().contains("us-mood-1") && list.text().contains("little joy"), "{}", list.text());
        // Only what its own page tells: 46 and 11, and not the five in Spanish.
        assert!(list.text().contains("57") && !list.text().contains("62"), "{}", list.text());
        let page = browser.get(&list.link(&format!("/console/questions/{US}/us-mood-1"))).await.ok();
        assert!(page.text().contains("English, edition 99 11 answers"), "{}", page.text());
        // The few and the next are together, in the authors' order, with the numbers that women wrote.
        assert_eq!(vec!["rarely 0–1 30 65.2%", "together: some, often 16 34.8%"], table(&page, 1));
        assert!(page.text().contains("Español, edition 1 En estas 2 semanas"), "{}", page.text());
        assert!(page.text().contains("Too few answers to show."), "{}", page.text());
        let page = browser.get(&format!("/console/questions/{US}/us-mood-1?language=es")).await.ok();
        assert!(!page.text().contains("edition 99"), "{}", page.text());
        // Where an answer leads to a question, it is known how many were asked.
        let page = browser.get(&format!("/console/questions/{US}/us-mood-2")).await.ok();
        assert!(page.text().contains("who were asked it have answered"), "{}", page.text());
        let csv = browser.get(&format!("/console/questions/{US}/answers.csv")).await.ok();
        assert!(csv.body.contains("us-mood-1,en,1,1,rarely,0–1,30"), "{}", csv.body);
        assert!(csv.body.contains("us-mood-1,en,1,1,\"together: some, often\",,16"), "{}", csv.body);
        assert!(!csv.body.contains(",5\r\n") && !csv.body.contains(",4\r\n"), "{}", csv.body);
        assert!(
            browser.get(&format!("/console/questions/{US}/answers.xlsx")).await.ok().body.starts_with("PK")
        );
        for path in ["us-mood-1", "answers.csv", "answers.xlsx"] {
            assert_eq!(
                404,
                browser.get(&format!("/console/questions/{RUSSIA}/{path}")).await.status,
                "{path}"
            );
        }
        assert_eq!(404, browser.get(&format!("/console/questions/{US}/nothing")).await.status);
        // A month more does not tell that month's small number: "some" was given 12 times, and now 3 times more.
        answered(&world, "us-mood-1", ("some", "en", 3), (edition, at("2026-10-05T12:00:00-05:00"))).await;
        answered(&world, "us-mood-1", ("rarely", "en", 20), (edition, at("2026-10-05T12:00:00-05:00"))).await;
        let both =
            browser.get(&format!("/console/questions/{US}/us-mood-1?from=2026-10&to=2026-11")).await.ok();
        assert_eq!(
            vec!["rarely 0–1 30 43.5%", "together: rarely, some, often 39 56.5%"],
            table(&both, 1),
            "{}",
            both.text()
        );
        let both = browser.get("/console/questions?from=2026-13&to=2026-11").await.ok();
        assert!(both.body.contains("value=\"2026-13\""), "{}", both.body);
        assert!(!page.text().contains("500") && !page.text().contains("530"), "another year is counted");
    })
    .await;
}
