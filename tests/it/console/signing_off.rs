//! What is signed goes out as it was signed, once, by who has read it; what is said on the way is not lost.

use motherline::domain::role::{Grant, Role};

use super::library::{TIP, form, published_elsewhere, send, somebody, write};
use super::review::{judge, publish, submit};
use super::world;
use super::writing::{WEEK, filled};
use crate::conversation::RUSSIA;
use crate::support::console::Browser;
use crate::support::engines::{count, on_both};

#[tokio::test]
async fn what_cannot_be_laid_over_the_edition_is_not_published_and_not_lost() {
    on_both(async |database| {
        let world = world(&database).await;
        let mut ana = somebody(&world, "Ana", Role::Author).await;
        let mut rita = somebody(&world, "Rita", Role::Reviewer).await;
        write(&mut ana, TIP, &[("text-es", "Llame hoy.")]).await.leads_to();
        let new = filled(&mut ana, "us-preg-20-9-water").await;
        send(&mut ana, "/console/library/new", new, &[]).await.leads_to();
        submit(&mut ana, TIP).await;
        assert_eq!(303, judge(&mut rita, TIP, "approve", &[]).await);
        // From elsewhere comes a file with line ends of two kinds, which cannot be changed here.
        published_elsewhere(&world, WEEK, "slot = 3\n", "slot = 3\r\n").await;
        let page = publish(&mut rita, "better").await;
        assert_eq!(422, page.status);
        assert!(page.text().contains("The file of this tip has to be mended first"), "{}", page.text());
        assert_eq!(2, world.service().shelf.edition().number);
        assert_eq!(1, count(&database, "SELECT COUNT(*) FROM desk_tips WHERE state = 'approved'").await);
        for (tip, words) in [(TIP, "Llame hoy."), ("us-preg-20-9-water", "Beba agua")] {
            let page = ana.get(&format!("/console/library/tips/{tip}")).await.ok();
            assert!(page.text().contains(words), "{}", page.text());
        }
    })
    .await;
}

#[tokio::test]
async fn a_signature_that_ends_soon_is_renewed() {
    on_both(async |database| {
        let world = world(&database).await;
        let mut ana = somebody(&world, "Ana", Role::Author).await;
        let mut rita = somebody(&world, "Rita", Role::Reviewer).await;
        let list = "/console/library/list?program=text4baby-us&q=anatomy-scan";
        let offered = format!("value=\"{TIP} ");
        for (until, renewed) in [("2026-12-24", true), ("2028-11-23", false)] {
            submit(&mut ana, TIP).await;
            assert_eq!(303, judge(&mut rita, TIP, "approve", &[("until", until)]).await);
            publish(&mut rita, until).await.leads_to();
            assert_eq!(renewed, ana.get(list).await.ok().body.contains(&offered), "{until}");
        }
        let edition = world.service().shelf.edition();
        assert_eq!(3, edition.number);
        let page = ana.get(&format!("/console/library/tips/{TIP}")).await.ok();
        assert!(!page.body.contains(&format!("{TIP}/submit")), "it counts for two years");
        // Who publishes what somebody published meanwhile is told, and keeps the reason.
        let tip = write(&mut ana, TIP, &[("text-es", "Llame hoy.")]).await.leads_to();
        submit(&mut ana, TIP).await;
        assert_eq!(303, judge(&mut rita, TIP, "approve", &[]).await);
        let fields = form(&rita.get("/console/review/publish").await.ok(), "/console/review/publish");
        publish(&mut rita, "faster").await.leads_to();
        let page = send(&mut rita, "/console/review/publish", fields, &[("why", "a slow hand")]).await;
        assert_eq!(422, page.status);
        assert!(page.text().contains("somebody was faster") && page.body.contains("a slow hand"));
        assert!(ana.get(&tip).await.ok().text().contains("Llame hoy."));
    })
    .await;
}

#[tokio::test]
async fn what_was_said_is_kept_where_it_was_not_done() {
    on_both(async |database| {
        let world = world(&database).await;
        let mut ana = somebody(&world, "Ana", Role::Author).await;
        let mut rita = somebody(&world, "Rita", Role::Reviewer).await;
        let place = format!("/console/library/tips/{TIP}");
        write(&mut ana, TIP, &[("text-es", " ")]).await.leads_to();
        let (page, to) = (ana.get(&place).await.ok(), format!("{place}/submit"));
        let fields = form(&page, &to);
        let page = send(&mut ana, &to, fields.clone(), &[("words", "Look at the second sentence.")]).await;
        assert_eq!(422, page.status);
        assert!(page.text().contains("errors in it") && page.body.contains("Look at the second sentence."));
        // Nobody is asked who may not, or is not there.
        let nobody = "019aaaaa-0000-7000-8000-000000000000";
        let page = send(&mut ana, &to, fields, &[("words", "For you."), ("reviewer", nobody)]).await;
        assert_eq!(422, page.status);
        assert!(page.text().contains("Choose somebody who may review it") && page.body.contains("For you."));
        write(&mut ana, TIP, &[("text-es", "Llame hoy.")]).await.leads_to();
        submit(&mut ana, TIP).await;
        let review = format!("/console/review/tips/{TIP}");
        let page = rita.post(&format!("{review}/assign"), &[("reviewer", nobody)]).await;
        assert_eq!(422, page.status, "{}", page.text());
        assert!(page.text().contains("Choose somebody who may review it"), "{}", page.text());
        let long = "я".repeat(2001);
        for (to, field) in [(format!("{review}/remark"), "remark"), (format!("{review}/return"), "why")] {
            let mut fields = vec![(field.to_owned(), long.clone())];
            fields.extend(form(&rita.get(&review).await.ok(), &format!("{review}/return")));
            let page = send(&mut rita, &to, fields, &[(field, &long)]).await;
            assert_eq!(422, page.status, "{field}");
            assert!(page.text().contains("Write 2,000 characters at most.") && page.body.contains(&long));
        }
        // However much was said, the page stays light.
        for _ in 0..30 {
            let remark = [("remark", "я".repeat(2000)), ("next", place.clone())];
            let remark = remark.each_ref().map(|(name, value)| (*name, value.as_str()));
            ana.post(&format!("{review}/remark"), &remark).await.leads_to();
        }
        for page in [ana.get(&place).await.ok(), rita.get(&review).await.ok()] {
            assert!(page.body.len() < 150 * 1024, "{}", page.body.len());
        }
        // Another program's files are named to nobody whom they do not concern.
        let path = "programs/text4baby-us.toml";
        published_elsewhere(&world, path, "id = \"text4baby-us\"", "id = \"text4baby-us\" # Ours.").await;
        let grants = vec![Grant { role: Role::Reviewer, program: Some(RUSSIA.to_owned()) }];
        let mut vera = Browser::granted(world.service(), "Vera", grants).await;

        for (browser, named) in [(&mut rita, true), (&mut vera, false)] {
            let page = browser.get("/console/review/editions/2").await.ok();
            assert_eq!(named, page.text().contains(path), "{}", page.text());
        }
    })
    .await;
}
