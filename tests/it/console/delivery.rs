//! Every text: found by what it has in common with others, told with all that happened to it, taken away as a file.

use std::io::Cursor;

use calamine::{Data, Reader, Xlsx};
use chrono::TimeDelta;
use motherline::domain::role::{Grant, Role};
use motherline::ids::Ids;
use uuid::Uuid;

use super::texts::{AMY, DORA, Ended, counted, world, write};
use crate::conversation::{RUSSIA, US};
use crate::support::console::{Browser, Page};
use crate::support::engines::on_both;
use crate::support::service::on_each;

const PATH: &str = "/console/delivery";

fn russians() -> Vec<Grant> {
    vec![Grant { role: Role::Operator, program: Some(RUSSIA.to_owned()) }]
}

/// How many texts a page lists.
fn listed(page: &Page) -> usize {
    page.body.matches("<a href=\"/console/delivery/0").count()
}

#[tokio::test]
async fn a_rare_code_is_found_among_many_and_told_in_words() {
    on_both(async |database| {
        let world = world(&database).await;
        let now = world.now();
        let mut texts: Vec<Ended> =
            (0..600).map(|n| Ended::delivered(now - TimeDelta::minutes(n * 20))).collect();
        texts.push(Ended { took: 40, named: false, ..Ended::failed(now - TimeDelta::days(6), "30034") });
        texts.push(Ended { phone: "+13055550100", ..Ended::failed(now - TimeDelta::days(2), "30003") });
        let ids = write(&database, &Ids::seeded(1), &texts).await;
        counted(&world).await;
        let mut browser = Browser::signed_in(world.service(), &[Role::Viewer]).await;
        let page = browser.get("/console/delivery?range=30d&code=30034").await.ok();
        assert_eq!(1, listed(&page), "{}", page.text());
        page.link(&format!("/console/delivery/{}", ids[600]));
        let page = browser.get("/console/delivery?range=30d&state=failed").await.ok();
        assert_eq!(2, listed(&page), "{}", page.text());
        let page = browser.get("/console/delivery?range=30d&state=failed&prefix=%2B1305").await.ok();
        assert_eq!(1, listed(&page), "{}", page.text());
        let page = browser.get("/console/delivery?range=30d&prefix=%2B1202&gateway=rehearsal").await.ok();
        assert_eq!(30, listed(&page), "{}", page.text());
        // Page by page, and none twice.
        for (all, filter) in [(602, ""), (601, "&prefix=%2B1202"), (1, "&prefix=%2B1305")] {
            let (mut seen, mut next) = (0, Some(format!("{PATH}?range=30d{filter}")));
            while let Some(path) = next {
                let page = browser.get(&path).await.ok();
                seen += listed(&page);
                let mut places = page.body.split("href=\"").filter_map(|rest| rest.split('"').next());
                next = places.find(|place| place.contains("before=")).map(|path| path.replace("&#38;", "&"));
            }
            assert_eq!(all, seen, "{filter}");
        }
        let text = browser.get("/console/delivery?range=30d").await.ok().text();
        for told in
            ["Due 602 100.0%", "Taken by the gateway 602", "Delivered 600 99.7%", "2 failed on the way"]
        {
            assert!(text.contains(told), "{told}: {text}");
        }
        assert!(text.contains("Half came within 4 s 95% came within 5 s"), "{text}");
    })
    .await;
}

#[tokio::test]
async fn one_text_tells_all_that_happened_to_it() {
    on_both(async |database| {
        let mut world = world(&database).await;
        for text in ["BABY", "3/12/2027", "YES", "10001"] {
            world.text(AMY, text).await.expect("a text");
        }
        world.report(AMY, "undelivered");
        world.settle().await.expect("settled");
        let mut viewer = Browser::signed_in(world.service(), &[Role::Viewer]).await;
        let page = viewer.get(PATH).await.ok();
        assert!(listed(&page) >= 4 && page.text().contains("+1202•••••41"), "{}", page.text());
        let first = page.link("/console/delivery/0");
        let page = viewer.get(&first).await.ok();
        let text = page.text();
        for told in [
            "Queued",
            "Text4baby (text4baby-us)",
            "Try 1 began, by rehearsal",
            "rehearsal reported: undelivered",
            "Last known: failed",
        ] {
            assert!(text.contains(told), "{told}: {text}");
        }
        assert!(text.contains("These words are hers alone") && !text.contains("As received"), "{text}");
        let mut operator = Browser::signed_in(world.service(), &[Role::Operator]).await;
        let page = operator.get(&first).await.ok();
        let text = page.text();
        assert!(text.contains("As received status=undelivered") && !text.contains("hers alone"), "{text}");
        assert!(!page.body.contains("2025550141") && !page.body.contains("555-0141"), "no number");
        // Of another program: not there, and written down.
        let mut other = Browser::granted(world.service(), "Vera", russians()).await;
        assert_eq!(0, listed(&other.get(PATH).await.ok()));
        assert_eq!(404, other.get(&first).await.status);
        assert_eq!(404, other.get(&format!("{PATH}/{}", Uuid::nil())).await.status);
        assert_eq!(404, other.get(&format!("{PATH}/nonsense")).await.status);
        let mut admin = Browser::signed_in(world.service(), &[Role::Administrator]).await;
        let audit = admin.get("/console/audit").await.ok().text();
        assert!(audit.contains("Vera was refused Text4baby (text4baby-us) a text"), "{audit}");
    })
    .await;
}

#[tokio::test]
async fn a_whole_number_does_not_stay_in_the_address() {
    on_both(async |database| {
        let world = world(&database).await;
        let mut browser = Browser::signed_in(world.service(), &[Role::Viewer]).await;
        let place = browser.get("/console/delivery?range=7d&prefix=%2B12025550141").await.leads_to();
        assert_eq!("/console/delivery?range=7d", place);
        let page = browser.get(&place).await.ok().text();
        assert!(page.contains("Only the beginning of a number is looked for here"), "{page}");
    })
    .await;
}

#[tokio::test]
async fn a_view_is_taken_away_masked_by_whoever_it_may_be() {
    on_both(async |database| {
        let world = world(&database).await;
        let hour = world.now() - TimeDelta::hours(1);
        let dora = Ended { program: RUSSIA, phone: DORA, ..Ended::delivered(hour) };
        let mut texts = vec![Ended::delivered(hour); 1500];
        texts.extend([dora, dora, Ended { code: Some("=cmd|x"), ..Ended::failed(hour, "") }]);
        write(&database, &Ids::seeded(1), &texts).await;
        counted(&world).await;
        let mut browser = Browser::granted(world.service(), "Vera", russians()).await;
        let page = browser.get("/console/delivery/texts.csv?range=today").await.ok();
        assert_eq!(3, page.body.lines().count(), "{}", page.body);
        assert!(page.body.contains("+7916•••••67") && !page.body.contains(DORA), "{}", page.body);
        // Nobody takes many numbers away at once, whatever they may see one at a time.
        assert!(page.body.contains(",SM1\r\n"), "what a provider is asked by: {}", page.body);
        browser.get("/console/delivery/texts.csv?range=today&state=failed&code=79161234567").await.ok();
        let mut admin = Browser::signed_in(world.service(), &[Role::Administrator]).await;
        let page = admin.get(PATH).await.ok();
        assert!(!page.body.contains("/console/delivery/numbers"), "{}", page.body);
        let form = [("reason", "to ask the operator"), ("format", "csv")];
        let page = admin.post("/console/delivery/numbers", &form).await;
        assert!([404, 405].contains(&page.status), "{}", page.status);
        let audit = admin.get("/console/audit").await.ok().text();
        assert!(audit.contains("; state failed; code …67"), "{audit}");
        assert!(!audit.contains("9161234567"), "{audit}");
        let page = admin.get("/console/delivery/texts.csv?range=today").await.ok();
        assert_eq!(1504, page.body.lines().count());
        assert!(page.body.contains("'=cmd|x"), "a cell that is no formula");
        let mut viewer = Browser::signed_in(world.service(), &[Role::Viewer]).await;
        let page = viewer.get("/console/delivery/counts.csv?range=today").await.ok();
        assert!(page.body.contains("Delivered,1502"), "{}", page.body);
        assert!(page.body.contains("Hour,State,Texts\r\n2026-11-23T08:00,"), "{}", page.body);
        // Over months days are told, which are not called hours of the day before.
        let page = viewer.get("/console/delivery/counts.csv?range=own&from=2026-08-01").await.ok();
        assert!(page.body.contains("Day (UTC),State,Texts\r\n2026-11-23,"), "{}", page.body);
    })
    .await;
}

#[tokio::test]
async fn a_workbook_holds_the_same() {
    on_both(async |database| {
        let world = world(&database).await;
        let hour = world.now() - TimeDelta::hours(1);
        write(&database, &Ids::seeded(1), &vec![Ended::delivered(hour); 1200]).await;
        let mut browser = Browser::signed_in(world.service(), &[Role::Viewer]).await;
        let bytes = browser.fetch("/console/delivery/texts.xlsx?range=today").await;
        let mut workbook = Xlsx::new(Cursor::new(bytes)).expect("a workbook");
        let (_, sheet) = workbook.worksheets().into_iter().next().expect("a sheet");
        assert_eq!(1201, sheet.height());
        assert_eq!(Some(&Data::String("+1202•••••41".to_owned())), sheet.get((1, 5)));
        assert_eq!(Some(&Data::Float(5.0)), sheet.get((1, 16)));
    })
    .await;
}

#[tokio::test]
async fn what_waits_is_listed_with_what_has_ended() {
    on_both(async |database| {
        let world = world(&database).await;
        let hour = world.now() - TimeDelta::hours(1);
        write(&database, &Ids::seeded(1), &[Ended::delivered(hour)]).await;
        let insert = "INSERT INTO outbox (id, subscriber_id, sender, phone, lane, kind, language, body, encoding, segments,
                                          program, queued_at, not_after, state, next_try_at, code)
                      SELECT $1, id, 'rehearsal', phone, 1, 'reminder', 'en', 'Hello', 'GSM-7', 1, $2, $3, $4, 0, $3, '30003'
                        FROM subscribers";
        let person = "INSERT INTO subscribers (id, phone, created_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
        let id = Ids::seeded(9).text(world.now());
        let (now, later) = (world.now() - TimeDelta::hours(1), world.now() + TimeDelta::days(1));
        on_each!(&database, |pool| {
            sqlx::query(person).bind(id).bind(AMY).bind(now).execute(pool).await.expect("a person");
            sqlx::query(insert).bind(id).bind(US).bind(now).bind(later).execute(pool).await.expect("a text");
        });
        let mut browser = Browser::signed_in(world.service(), &[Role::Viewer]).await;
        let page = browser.get(PATH).await.ok();
        assert_eq!(2, listed(&page), "{}", page.text());
        for state in ["open", "queued"] {
            let page = browser.get(&format!("{PATH}?state={state}")).await.ok();
            assert_eq!(1, listed(&page), "{}", page.text());
        }
        let page = browser.get(&format!("{PATH}?code=30003")).await.ok();
        assert_eq!(1, listed(&page), "{}", page.text());
        let page = browser.get(&format!("{PATH}/{id}")).await.ok();
        assert!(page.text().contains("A text waiting") && page.text().contains("Next try"), "{}", page.text());
        // One that ends while a page is read is in both tables for that page, and told once, as it ended.
        let ended = "INSERT INTO history (id, subscriber_id, sender, phone, lane, kind, language, body, encoding, segments,
                                          program, queued_at, not_after, tries, state, ended_at)
                     SELECT id, subscriber_id, sender, phone, lane, kind, language, body, encoding, segments, program,
                            queued_at, not_after, 1, 6, queued_at FROM outbox";
        on_each!(&database, |pool| sqlx::query(ended).execute(pool).await.map(|_| ())).expect("ended");
        let page = browser.get(PATH).await.ok();
        assert_eq!((2, 2), (listed(&page), page.body.matches("badge good").count()), "{}", page.text());
        on_each!(&database, |pool| sqlx::query("DELETE FROM history WHERE id IN (SELECT id FROM outbox)")
            .execute(pool)
            .await
            .map(|_| ()))
        .expect("waits again");
        let page = browser.get("/console/overview").await.ok().text();
        assert!(page.contains("Texts are late since 08:00"), "{page}");
        assert!(page.contains("Oldest unsent text: reminder, text4baby-us, waits for 1 h"), "{page}");
    })
    .await;
}
