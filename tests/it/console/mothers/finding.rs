//! Found by number, opened, revealed.

use motherline::domain::role::{Grant, Role};

use super::{AMY, DORA, deeds, enrolls, id_of, page_of, until, world, writes};
use crate::conversation::{RUSSIA, US};
use crate::support::console::Browser;
use crate::support::engines::on_both;

#[tokio::test]
async fn a_number_is_found_as_anybody_writes_it_and_stands_in_no_address() {
    on_both(async |database| {
        let mut world = world(&database).await;
        enrolls(&mut world, AMY, "April 12 2027").await;
        writes(&mut world, DORA, &["МАМА"]).await;
        let mut browser = Browser::signed_in(world.service(), &[Role::Operator]).await;
        for (typed, number) in [
            ("(202) 555-0141", AMY),
            ("+1 202 555 0141", AMY),
            ("8 916 123-45-67", DORA),
            ("+79161234567", DORA),
        ] {
            let page = browser.post("/console/mothers", &[("number", typed)]).await;
            assert_eq!(page_of(id_of(&world, number).await), page.leads_to(), "{typed}");
        }
        for (typed, wrong) in [
            ("", "Write the number."),
            ("Amy", "There are no figures in it."),
            ("0141", "too short: it has 4 figures"),
            ("12345678901234567", "too long: it has 17 figures"),
            ("202 55O 0141", "It holds letters"),
            ("123 456 7890", "No phone has this number in RU, US"),
        ] {
            let page = browser.post("/console/mothers", &[("number", typed)]).await;
            assert_eq!(422, page.status, "{typed}");
            assert!(page.text().contains(wrong), "{typed}: {}", page.text());
        }
        let page = browser.post("/console/mothers", &[("number", "(202) 555-0199")]).await.ok();
        assert!(page.text().contains("We hold nobody with this number"), "{}", page.text());
        let amy = id_of(&world, AMY).await;
        let done = deeds(&world).await;
        assert!(done.contains(&("operator".into(), "find mother".into(), None, "nobody".into())));
        assert!(done.contains(&("operator".into(), "find mother".into(), Some(amy), "found".into())));
        assert!(done.iter().all(|(.., detail)| !detail.contains("555")), "{done:?}");
    })
    .await;
}

#[tokio::test]
async fn who_was_erased_is_known_by_the_seal_and_nothing_is_shown_but_the_proof() {
    on_both(async |database| {
        let mut world = world(&database).await;
        enrolls(&mut world, AMY, "April 12 2027").await;
        writes(&mut world, AMY, &["DELETE", "YES"]).await;
        until(&mut world, "2026-11-26T09:00:00-05:00").await;
        let mut browser = Browser::signed_in(world.service(), &[Role::Helpdesk]).await;
        let page = browser.post("/console/mothers", &[("number", AMY)]).await.ok();
        for told in ["Her data was erased", "agreed to texts", "ended them"] {
            assert!(page.text().contains(told), "{told}: {}", page.text());
        }
    })
    .await;
}

#[tokio::test]
async fn another_programs_woman_is_not_there_and_that_somebody_tried_is_written_down() {
    on_both(async |database| {
        let mut world = world(&database).await;
        enrolls(&mut world, AMY, "April 12 2027").await;
        let amy = id_of(&world, AMY).await;
        let russian = vec![Grant { role: Role::Operator, program: Some(RUSSIA.to_owned()) }];
        let mut browser = Browser::granted(world.service(), "Olga", russian).await;
        let paths = ["", "/why", "/export", "/do/stop"].map(|rest| format!("{}{rest}", page_of(amy)));
        for path in &paths {
            assert_eq!(404, browser.get(path).await.status, "{path}");
        }
        for path in ["/number", "/do/stop"].map(|rest| format!("{}{rest}", page_of(amy))) {
            assert_eq!(404, browser.post(&path, &[("reason", "I want to know")]).await.status, "{path}");
        }
        let page = browser.post("/console/mothers", &[("number", AMY)]).await.ok();
        assert!(page.text().contains("We hold nobody"), "{}", page.text());
        let refused = deeds(&world).await;
        let refused = refused.iter().filter(|(who, what, ..)| who == "Olga" && what == "refused").count();
        assert_eq!(paths.len() + 3, refused);
        // One who may only read counts does not come so far.
        let viewer = vec![Grant { role: Role::Viewer, program: Some(US.to_owned()) }];
        let mut browser = Browser::granted(world.service(), "Vera", viewer).await;
        for path in [&*page_of(amy), "/console/mothers"] {
            assert_eq!(403, browser.get(path).await.status);
        }
        // A helpdesk reads her page, and may do nothing for her.
        let helpdesk = vec![Grant { role: Role::Helpdesk, program: Some(US.to_owned()) }];
        let mut browser = Browser::granted(world.service(), "Hal", helpdesk).await;
        let page = browser.get(&page_of(amy)).await.ok();
        assert!(!page.body.contains("/do/"), "{}", page.body);
        assert_eq!(403, browser.get(&format!("{}/do/stop", page_of(amy))).await.status);
        assert_eq!(404, browser.get(&page_of(uuid::Uuid::max())).await.status);
    })
    .await;
}

#[tokio::test]
async fn her_page_tells_all_of_it_and_her_number_only_for_a_reason() {
    on_both(async |database| {
        let mut world = world(&database).await;
        enrolls(&mut world, AMY, "April 12 2027").await;
        writes(&mut world, AMY, &["PAUSE UNTIL JANUARY 5", "Is <b>coffee</b> fine?"]).await;
        let amy = id_of(&world, AMY).await;
        let mut browser = Browser::signed_in(world.service(), &[Role::Operator]).await;
        let page = browser.get(&page_of(amy)).await.ok();
        let text = page.text();
        for told in [
            "+1202•••••41",
            "America / New York",
            "10001",
            "pregnancy, 20 weeks",
            "12 Apr 2027",
            "paused until 5 Jan 2027",
            "agreed to texts · Text4baby · through",
            "Is <b>coffee</b> fine?",
            "She is waiting for an answer",
            "Wed 6 Jan 2027",
        ] {
            assert!(text.contains(told), "{told}: {text}");
        }
        assert!(!page.body.contains("2025550141") && !page.body.contains("<b>coffee"), "{}", page.body);
        assert!(page.body.len() < 150 * 1024);
        let number = format!("{}/number", page_of(amy));
        let refused = browser.post(&number, &[("reason", "")]).await;
        assert_eq!(422, refused.status);
        assert!(!refused.body.contains(AMY) && refused.text().contains("Say in a few words"));
        let reason = "the clinic calls, see 2025550199; on 2026-11-29 she rang from +1 (202) 555-0141";
        let shown = browser.post(&number, &[("reason", reason)]).await.ok();
        assert!(shown.body.contains(AMY));
        let again = browser.get(&page_of(amy)).await.ok();
        assert!(!again.body.contains(AMY));
        let done = deeds(&world).await;
        let reason = "the clinic calls, see …99; on 2026-11-29 she rang from +…41";
        let revealed = ("operator".into(), "reveal number".into(), Some(amy), reason.into());
        assert!(done.contains(&revealed), "{done:?}");
        // Refused or not, each time her page was shown.
        assert_eq!(4, done.iter().filter(|(_, what, ..)| what == "open mother").count());
        // No moment in an address breaks the page.
        for far in [i64::MIN, -6_000_000_000_000_000_000, 0, i64::MAX] {
            browser.get(&format!("{}?before={far}", page_of(amy))).await.ok();
        }
    })
    .await;
}

#[tokio::test]
async fn older_texts_are_a_link_away_and_none_is_lost_between() {
    on_both(async |database| {
        let mut world = world(&database).await;
        enrolls(&mut world, AMY, "April 12 2027").await;
        for number in 0..30 {
            writes(&mut world, AMY, &[&format!("question number {number}!")]).await;
            until(&mut world, &format!("2026-11-{}T{}:00:00-05:00", 24 + number / 10, 10 + number % 10))
                .await;
        }
        let amy = id_of(&world, AMY).await;
        let mut browser = Browser::signed_in(world.service(), &[Role::Operator]).await;
        let mut path = page_of(amy);
        let mut seen = String::new();
        let mut pages = 0;
        loop {
            let page = browser.get(&path).await.ok();
            pages += 1;
            seen.push_str(&page.text());
            let Some(older) =
                page.body.split('"').find(|link| link.contains("?before=") && link.ends_with("#talk"))
            else {
                break;
            };
            path = older.split('#').next().expect("a path").to_owned();
        }
        assert!(pages > 1);
        for number in 0..30 {
            assert!(seen.contains(&format!("question number {number}!")), "{number}");
        }
        assert!(seen.contains("April 12 2027"), "what began it");
    })
    .await;
}
