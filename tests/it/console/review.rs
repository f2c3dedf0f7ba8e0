//! From an author's words to a mother's phone: reviewed by somebody else, signed, published.

use motherline::domain::role::{Grant, Role};
use motherline::flows::tip_figures;
use motherline::library::diff;
use motherline::store::{Database, figures};
use motherline::worker::rehearsal::World;

use super::library::{TIP, form, send, somebody, write};
use super::world;
use crate::conversation::{FILES, RUSSIA, US, at};
use crate::support::console::Browser;
use crate::support::engines::on_both;

const WELCOME: &str = "us-starter-1-welcome";
const HER: &str = "+12025550143";

/// Gives a tip to be reviewed.
pub async fn submit(author: &mut Browser, tip: &str) {
    let place = format!("/console/library/tips/{tip}");
    let page = author.get(&place).await.ok();
    let to = format!("{place}/submit");
    send(author, &to, form(&page, &to), &[]).await.leads_to();
    let page = author.get(&place).await.ok();
    assert!(page.text().contains("Waiting for a reviewer since"), "{}", page.text());
}

/// Signs or sends back a tip as somebody who has just read it.
pub async fn judge(reviewer: &mut Browser, tip: &str, how: &str, otherwise: &[(&str, &str)]) -> u16 {
    let place = format!("/console/review/tips/{tip}");
    let page = reviewer.get(&place).await.ok();
    let to = format!("{place}/{how}");
    send(reviewer, &to, form(&page, &to), otherwise).await.status
}

pub async fn publish(reviewer: &mut Browser, why: &str) -> crate::support::console::Page {
    let page = reviewer.get("/console/review/publish").await.ok();
    let fields = form(&page, "/console/review/publish");
    send(reviewer, "/console/review/publish", fields, &[("why", why)]).await
}

async fn enrolls(world: &mut World) {
    for body in ["BABY", "April 12, 2027", "YES", "10001"] {
        world.text(HER, body).await.expect("a text");
    }
    world.take_lines();
}

#[tokio::test]
async fn from_an_authors_words_to_a_mothers_phone() {
    on_both(async |database| {
        let mut world = world(&database).await;
        let mut ana = somebody(&world, "Ana", Role::Author).await;
        let mut rita = somebody(&world, "Rita", Role::Reviewer).await;
        let words = [("text-en", "Hello from {program}!"), ("text-es", "¡Hola de {program}!")];
        write(&mut ana, WELCOME, &words).await.leads_to();
        submit(&mut ana, WELCOME).await;
        let queue = rita.get("/console/review").await.ok();
        assert!(queue.body.contains(&format!("/console/review/tips/{WELCOME}")), "{}", queue.body);
        let page = rita.get(&format!("/console/review/tips/{WELCOME}")).await.ok();
        assert!(
            page.text().contains("Welcome to") && page.text().contains("Hello from"),
            "both sides: {}",
            page.text()
        );
        assert_eq!(422, judge(&mut rita, WELCOME, "return", &[("why", " ")]).await, "a reason is needed");
        assert_eq!(303, judge(&mut rita, WELCOME, "return", &[("why", "Say who to call.")]).await);
        let page = ana.get(&format!("/console/library/tips/{WELCOME}")).await.ok();
        assert!(
            page.text().contains("Rita sent it back") && page.text().contains("Say who to call."),
            "{}",
            page.text()
        );
        let words =
            [("text-en", "Hello! Worried? Call your clinic."), ("text-es", "¡Hola! Llame a su clinica.")];
        write(&mut ana, WELCOME, &words).await.leads_to();
        // Nothing that is not signed can be ticked.
        assert!(!rita.get("/console/review/publish").await.ok().body.contains("type=\"checkbox\""));
        submit(&mut ana, WELCOME).await;
        assert_eq!(422, judge(&mut rita, WELCOME, "approve", &[("until", "2026-11-23")]).await);
        assert_eq!(303, judge(&mut rita, WELCOME, "approve", &[("until", "2028-11-23")]).await);
        // Another draft stays where it is.
        write(&mut ana, TIP, &[("text-en", "Not yet.")]).await.leads_to();
        let page = rita.get("/console/review/publish").await.ok();
        assert!(
            page.text().contains("Signed by Rita") && page.text().contains("Worried?"),
            "{}",
            page.text()
        );
        assert!(!page.text().contains("Not yet."));
        assert_eq!(422, publish(&mut rita, "").await.status, "a reason is needed");
        assert_eq!("/console/review/editions", publish(&mut rita, "a warmer welcome").await.leads_to());
        let page = rita.get("/console/review/editions").await.ok();
        assert!(
            page.text().contains("a warmer welcome") && page.text().contains("in force"),
            "{}",
            page.text()
        );
        let edition = world.service().shelf.edition();
        assert_eq!(2, edition.number);
        let changes = diff::tips(&FILES, &edition.library.files);
        assert_eq!(vec![WELCOME], changes.iter().map(|change| change.tip.as_str()).collect::<Vec<_>>());
        let welcome = edition.library.program(US).and_then(|program| program.find(WELCOME)).expect("it");
        assert_eq!(Some("2028-11-23".parse().expect("a day")), welcome.approved_until);
        enrolls(&mut world).await;
        world.advance_to(at("2026-11-24T20:00:00-05:00")).await.expect("time");
        let lines = world.take_lines();
        assert!(lines.iter().any(|line| line.body == "Hello! Worried? Call your clinic."), "{lines:?}");
        // A day later nobody is signed in any more.
        ana.enter("Ana@example.org").await;
        let page = ana.get(&format!("/console/library/tips/{TIP}")).await.ok();
        assert!(page.text().contains("Not yet."), "drafts stay on the desk");
        let page = ana.get(&format!("/console/library/tips/{WELCOME}/history")).await.ok();
        assert!(
            page.text().contains("Edition 2") && page.text().contains("a warmer welcome"),
            "{}",
            page.text()
        );
    })
    .await;
}

#[tokio::test]
async fn nobody_signs_what_they_wrote() {
    on_both(async |database| {
        let world = world(&database).await;
        let both = [Role::Author, Role::Reviewer].map(|role| Grant { role, program: None });
        let mut ana = Browser::granted(world.service(), "Ana", both.to_vec()).await;
        let mut ben = Browser::granted(world.service(), "Ben", both.to_vec()).await;
        let mut rita = somebody(&world, "Rita", Role::Reviewer).await;
        write(&mut ana, TIP, &[("text-en", "Ana's words.")]).await.leads_to();
        write(&mut ben, TIP, &[("text-es", "Palabras de Ben.")]).await.leads_to();
        submit(&mut ben, TIP).await;
        let place = format!("/console/review/tips/{TIP}");
        let seen = form(&rita.get(&place).await.ok(), &format!("{place}/approve"));
        for writer in [&mut ana, &mut ben] {
            let page = writer.get(&place).await.ok();
            assert!(!page.body.contains(&format!("action=\"{place}/approve\"")), "not even offered");
            let page = send(writer, &format!("{place}/approve"), seen.clone(), &[]).await;
            assert_eq!(422, page.status);
            assert!(page.text().contains("Somebody else must sign"), "{}", page.text());
        }
        assert_eq!(303, judge(&mut rita, TIP, "approve", &[]).await);
        // What she has not read she does not sign.
        write(&mut ana, TIP, &[("text-en", "Ana's other words.")]).await.leads_to();
        submit(&mut ana, TIP).await;
        let old = send(&mut rita, &format!("{place}/approve"), seen, &[]).await;
        assert_eq!(422, old.status);
        assert!(old.text().contains("Somebody else has changed it"), "{}", old.text());
        // Ben's words were signed by Rita since: Ana's new ones he may sign.
        write(&mut ana, TIP, &[("right-es", "yes")]).await.leads_to();
        submit(&mut ana, TIP).await;
        assert_eq!(303, judge(&mut ben, TIP, "approve", &[]).await);
        assert_eq!("/console/review/editions", publish(&mut rita, "better").await.leads_to());
    })
    .await;
}

#[tokio::test]
async fn a_translation_left_behind_or_blank_does_not_go_out() {
    on_both(async |database| {
        let world = world(&database).await;
        let mut ana = somebody(&world, "Ana", Role::Author).await;
        let mut rita = somebody(&world, "Rita", Role::Reviewer).await;
        write(&mut ana, TIP, &[("text-en", "Ana's words.")]).await.leads_to();
        submit(&mut ana, TIP).await;
        assert_eq!(422, judge(&mut rita, TIP, "approve", &[]).await, "the Spanish is of other words");
        let place = format!("/console/library/tips/{TIP}");
        ana.post(&format!("{place}/withdraw"), &[]).await.leads_to();
        write(&mut ana, TIP, &[("text-es", "   ")]).await.leads_to();
        let page = ana.get(&place).await.ok();
        assert!(page.text().contains("text.es is missing"), "{}", page.text());
        let to = format!("{place}/submit");
        let page = send(&mut ana, &to, form(&page, &to), &[]).await;
        assert_eq!(422, page.status);
        assert!(page.text().contains("errors in it"), "not even reviewed");
        assert_eq!(1, world.service().shelf.edition().number);
    })
    .await;
}

#[tokio::test]
async fn who_publishes_publishes_what_they_read_and_what_is_theirs() {
    on_both(async |database| {
        let world = world(&database).await;
        let mut ana = somebody(&world, "Ana", Role::Author).await;
        let mut rita = somebody(&world, "Rita", Role::Reviewer).await;
        write(&mut ana, TIP, &[("text-es", "Llame hoy.")]).await.leads_to();
        submit(&mut ana, TIP).await;
        assert_eq!(303, judge(&mut rita, TIP, "approve", &[]).await);
        let fields = form(&rita.get("/console/review/publish").await.ok(), "/console/review/publish");
        let grant = |role| vec![Grant { role, program: Some(RUSSIA.to_owned()) }];
        let mut vera = Browser::granted(world.service(), "Vera", grant(Role::Reviewer)).await;
        assert!(!vera.get("/console/review/publish").await.ok().body.contains(TIP));
        let page = send(&mut vera, "/console/review/publish", fields.clone(), &[("why", "hers")]).await;
        assert_eq!(404, page.status);
        assert_eq!(404, vera.get(&format!("/console/review/tips/{TIP}")).await.status);
        assert_eq!(403, vera.post("/console/review/editions/1/rollback", &[("why", "x")]).await.status);
        write(&mut ana, TIP, &[("text-es", "Llame ya.")]).await.leads_to();
        let page = send(&mut rita, "/console/review/publish", fields, &[("why", "the old tick")]).await;
        assert_eq!(422, page.status, "it is not what was signed");
        assert_eq!(1, world.service().shelf.edition().number);
        assert_eq!(403, ana.get("/console/review/publish").await.status);
    })
    .await;
}

#[tokio::test]
async fn an_edition_is_gone_back_to_and_a_tip_recalled() {
    on_both(async |database| {
        let mut world = world(&database).await;
        enrolls(&mut world).await;
        world.advance_to(at("2026-11-24T20:00:00-05:00")).await.expect("time");
        let mut ana = somebody(&world, "Ana", Role::Author).await;
        let mut rita = somebody(&world, "Rita", Role::Reviewer).await;
        write(&mut ana, WELCOME, &[("text-es", "¡Hola!")]).await.leads_to();
        submit(&mut ana, WELCOME).await;
        assert_eq!(303, judge(&mut rita, WELCOME, "approve", &[]).await);
        publish(&mut rita, "shorter").await.leads_to();
        let page = rita.get("/console/review/editions/2").await.ok();
        assert!(page.text().contains("0 new, 1 changed, 0 gone"), "{}", page.text());
        assert_eq!(422, rita.post("/console/review/editions/1/rollback", &[("why", "")]).await.status);
        rita.post("/console/review/editions/1/rollback", &[("why", "it was better")]).await.leads_to();
        let edition = world.service().shelf.edition();
        assert_eq!((3, FILES.hash()), (edition.number, edition.library.hash.clone()));
        assert_eq!(
            422,
            rita.post("/console/review/recalls", &[("id", "no-such"), ("why", "x")]).await.status
        );
        let recalled = [("id", WELCOME), ("why", "a wrong number")];
        let place = rita.post("/console/review/recalls", &recalled).await.leads_to();
        assert!(world.service().shelf.edition().recalled.contains(WELCOME));
        let page = rita.get(&format!("{place}/count")).await.ok();
        assert!(page.text().contains("1 woman"), "{}", page.text());
        let words = [("text-en", "It is 211."), ("text-es", "Es el 211."), ("needs", "neutral")];
        // Nobody fills in a name here; nor is a language left without words.
        let named = [("text-en", "{name}, it is 211."), ("text-es", ""), ("needs", "neutral")];
        let page = rita.post(&format!("{place}/correct"), &named).await;
        assert!(page.status == 422 && page.text().contains("Nobody fills in"), "{}", page.text());
        // It is a broadcast to those who got it: counted, seen with its cost, and confirmed there.
        let told = rita.post(&format!("{place}/correct"), &words).await.leads_to();
        assert!(told.starts_with("/console/broadcasts/"), "{told}");
        world.settle().await.expect("it is counted");
        let page = rita.get(&told).await.ok();
        let text = page.text();
        assert!(
            text.contains("who got the recalled tip us-starter-1-welcome") && text.contains("People 1 SMS 1"),
            "{text}"
        );
        assert!(
            !rita.get(&format!("{told}/edit")).await.ok().body.contains("name=\"program\""),
            "whom is not chosen"
        );
        let seen = page.body.split("name=\"shown\" value=\"").nth(1).expect("what was shown");
        let seen = seen.split('"').next().expect("what was shown");
        rita.post(&format!("{told}/confirm"), &[("people", "1"), ("shown", seen)]).await.leads_to();
        assert!(rita.get(&place).await.ok().body.contains(&told), "the recall leads to it");
        let mut author = somebody(&world, "Otto", Role::Author).await;
        assert_eq!(403, author.get(&told).await.status);
        world.take_lines();
        world.advance_to(at("2026-11-25T20:00:00-05:00")).await.expect("time");
        let lines = world.take_lines();
        assert!(lines.iter().any(|line| line.body == "It is 211."), "{lines:?}");
        rita.enter("Rita@example.org").await;
        rita.post(&format!("{place}/lift"), &[("lift-why", "it was right")]).await.leads_to();
        assert!(world.service().shelf.edition().recalled.is_empty());
        let mut boss = Browser::signed_in(world.service(), &[Role::Administrator]).await;
        let audit = boss.get("/console/audit").await.ok().text();
        for deed in [
            "Rita recalled a tip",
            "Rita published an edition",
            "Rita went back to an edition",
            "Ana wrote a tip",
            "Rita signed a tip",
        ] {
            assert!(audit.contains(deed), "{deed}: {audit}");
        }
    })
    .await;
}

#[tokio::test]
async fn the_queue_is_by_who_is_asked_and_by_language() {
    on_both(async |database| {
        let world = world(&database).await;
        let mut ana = somebody(&world, "Ana", Role::Author).await;
        let mut rita = somebody(&world, "Rita", Role::Reviewer).await;
        write(&mut ana, TIP, &[("text-es", "Llame hoy.")]).await.leads_to();
        submit(&mut ana, TIP).await;
        let waits = format!("/console/review/tips/{TIP}");
        for (place, there) in [
            ("/console/review?language=es", true),
            ("/console/review?language=en", false),
            ("/console/review?mine=yes", false),
            ("/console/review?program=text4baby-russia", false),
        ] {
            assert_eq!(there, rita.get(place).await.ok().body.contains(&waits), "{place}");
        }
        let page = rita.get(&waits).await.ok();
        let choice = page
            .body
            .split("<option value=\"")
            .skip(1)
            .find(|option| option.contains(">Rita<"))
            .expect("Rita");
        let id = choice.split('"').next().expect("an id").to_owned();
        rita.post(&format!("{waits}/assign"), &[("reviewer", &id)]).await.leads_to();
        assert!(rita.get("/console/review?mine=yes").await.ok().body.contains(&waits));
        let russian = vec![Grant { role: Role::Reviewer, program: Some(RUSSIA.to_owned()) }];
        let mut vera = Browser::granted(world.service(), "Vera", russian).await;
        assert_eq!(404, vera.get("/console/review?program=text4baby-us").await.status);
        assert!(!vera.get("/console/review").await.ok().body.contains(&waits));
        // Drafts that nobody has signed yet are given to be reviewed by the page.
        let other = "us-preg-20-2-first-movements";
        let list = ana.get("/console/library/list?program=text4baby-us&q=first-movements").await.ok();
        let ticked = list.body.split(&format!("value=\"{other} ")).nth(1).expect("a box");
        let ticked = format!("{other} {}", ticked.split('"').next().expect("a mark"));
        let place = ana.post("/console/library/submit", &[("tip", &ticked), ("back", "q=first\nx")]).await;
        assert_eq!("/console/library/list?q=first%0Ax", place.leads_to());
        assert!(
            rita.get("/console/review").await.ok().body.contains(&format!("/console/review/tips/{other}"))
        );
        assert_eq!(303, judge(&mut rita, other, "approve", &[]).await, "a draft as it was published");
        let page = rita.get("/console/review/book?program=text4baby-us&track=pregnancy&part=1").await.ok();
        assert!(page.text().contains("Signed: ____") && page.body.len() < 150 * 1024, "{}", page.body.len());
        let whole = rita.get("/console/review/book/whole?program=text4baby-us").await.ok();
        assert!(whole.body.contains(TIP));
    })
    .await;
}

#[tokio::test]
async fn how_a_tip_did_is_counted_once() {
    on_both(async |database: Database| {
        let mut world = world(&database).await;
        enrolls(&mut world).await;
        world.advance_to(at("2026-11-24T20:00:00-05:00")).await.expect("time");
        world.text(HER, "what about my back?").await.expect("a text");
        world.text(HER, "STOP").await.expect("a text");
        let service = world.service();
        assert_eq!(0, tip_figures::add(service, 100).await.expect("counted"), "it has not settled");
        world.advance_to(at("2026-11-28T09:00:00-05:00")).await.expect("time");
        let service = world.service();
        assert_eq!(1, tip_figures::add(service, 100).await.expect("counted"));
        assert_eq!(0, tip_figures::add(service, 100).await.expect("counted"), "once");
        let mut tx = database.read().await.expect("a transaction");
        let counted = figures::by_edition(&mut tx, US, WELCOME).await.expect("figures");
        drop(tx);
        let one = counted.first().expect("its edition");
        assert_eq!((1, 1, 1, 1), (one.edition, one.figures.sent, one.figures.replied, one.figures.ended));
        let mut ana = somebody(&world, "Ana", Role::Author).await;
        let page = ana.get(&format!("/console/library/tips/{WELCOME}")).await.ok();
        assert!(page.text().contains("too few to tell"), "{}", page.text());
    })
    .await;
}
