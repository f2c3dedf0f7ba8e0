//! The inbox at the console: danger first, one person at a time, nothing answered unread, and each program's own.

mod reading;

use chrono::TimeDelta;
use motherline::domain::role::{Grant, Role};
use motherline::store::helps::queue::{self, FIRST};
use motherline::store::helps::{self, Item};
use motherline::worker::rehearsal::World;

use super::{world, writes};
use crate::conversation::{RUSSIA, US};
use crate::dispatcher::count;
use crate::support::console::{Browser, Page};
use crate::support::engines::on_both;

const AMY: &str = "+12025550141";
const BEA: &str = "+12025550142";
const DORA: &str = "+79161234567";
const DUE: &str = "April 12, 2027";
const CRIB: &str = "Where can I get a crib for free in my town?";

async fn asks(world: &mut World, her: &str, question: &str) {
    writes(world, her, &["BABY", DUE, "YES", "10001", question]).await;
}

async fn passes(world: &mut World, time: TimeDelta) -> Vec<String> {
    world.take_lines();
    world.advance_to(world.now() + time).await.expect("time passes");
    world.take_lines().into_iter().filter(|line| line.direction == "out").map(|line| line.body).collect()
}

fn helpdesk(program: &str) -> Vec<Grant> {
    vec![Grant { role: Role::Helpdesk, program: Some(program.to_owned()) }]
}

async fn desk(world: &World, name: &str) -> Browser {
    Browser::granted(world.service(), name, helpdesk(US)).await
}

/// The address of the first item in the list.
async fn first(browser: &mut Browser) -> String {
    browser.get("/console/inbox").await.ok().link("/console/inbox/0")
}

/// Up to where a page was read, as its form holds it.
fn seen(page: &Page) -> String {
    let after = page.body.split("name=\"seen\" value=\"").nth(1).expect("a form");
    after.split('"').next().expect("a place").to_owned()
}

async fn takes(browser: &mut Browser, item: &str) -> String {
    assert_eq!(item, browser.post(&format!("{item}/take"), &[]).await.leads_to());
    seen(&browser.get(item).await.ok())
}

#[tokio::test]
async fn danger_is_first_and_its_words_are_marked() {
    on_both(async |database| {
        let mut world = world(&database).await;
        asks(&mut world, AMY, CRIB).await;
        passes(&mut world, TimeDelta::hours(1)).await;
        asks(&mut world, BEA, "I am bleeding a lot since this morning").await;
        let mut ana = desk(&world, "Ana").await;
        let list = ana.get("/console/inbox").await.ok();
        let text = list.text();
        let (danger, crib) = (text.find("bleeding a lot").expect("hers"), text.find("crib").expect("hers"));
        assert!(danger < crib, "{text}");
        assert!(text.contains("Danger signs 1 After a loss 0 Questions 1"), "{text}");
        assert!(list.body.contains("data-since=\"2026-11-23T"), "its age ticks");
        let item = first(&mut ana).await;
        let page = ana.get(&item).await.ok();
        assert!(page.body.contains("<mark>bleeding"), "{}", page.body);
        assert!(!page.body.contains("<mark>I am bleeding a lot since this morning</mark>"));
        assert!(page.text().contains("pregnancy, 20 weeks"), "{}", page.text());
        assert!(page.text().contains("+1202•••••42") && !page.body.contains(BEA), "the number is masked");
        page.link("/console/mothers/");
        // What is seen is written down.
        let seen = "SELECT COUNT(*) FROM audit WHERE action = 'read item' AND actor = 'Ana'
                       AND subscriber_id IS NOT NULL AND program = 'text4baby-us'";
        assert_eq!(1, count(&database, seen).await);
    })
    .await;
}

#[tokio::test]
async fn the_list_renews_itself_only_when_something_changed() {
    on_both(async |database| {
        let mut world = world(&database).await;
        asks(&mut world, AMY, CRIB).await;
        let mut ana = desk(&world, "Ana").await;
        let live = ana.get("/console/inbox").await.ok().link("/console/inbox/live");
        assert_eq!(204, ana.get(&live).await.status);
        asks(&mut world, BEA, "I am bleeding a lot").await;
        let part = ana.get(&live).await.ok();
        assert!(part.text().contains("bleeding a lot") && !part.body.contains("<html"), "{}", part.body);
        let again = part.link("/console/inbox/live");
        assert_eq!(204, ana.get(&again).await.status);
    })
    .await;
}

#[tokio::test]
async fn an_answer_goes_out_and_the_item_is_done() {
    on_both(async |database| {
        let mut world = world(&database).await;
        asks(&mut world, AMY, CRIB).await;
        let mut ana = desk(&world, "Ana").await;
        let item = first(&mut ana).await;
        let hers = takes(&mut ana, &item).await;
        // Nothing, too much, or with a gap to fill in: said beside the field, and kept.
        for (words, said) in [
            ("", "Write what she is to read"),
            ("Dear {name}, try 211.", "Nobody fills in"),
            (&*"long words ".repeat(60), "Make it 3 or fewer"),
        ] {
            let page = ana.post(&format!("{item}/answer"), &[("seen", &hers), ("words", words)]).await;
            assert_eq!(422, page.status);
            assert!(page.text().contains(said), "{}", page.text());
            let field = page.body.split("name=\"words\"").nth(1).and_then(|field| field.split_once(">\n"));
            let kept = field.and_then(|(_, field)| field.split("</textarea>").next());
            assert_eq!(Some(words), kept, "what was typed is kept");
        }
        let form = [("seen", &*hers), ("words", "Call 211, they have cribs."), ("do", "send")];
        assert_eq!("/console/inbox", ana.post(&format!("{item}/answer"), &form).await.leads_to());
        let list = ana.get("/console/inbox").await.ok().text();
        assert!(list.contains("on its way") && list.contains("Nobody is waiting"), "{list}");
        assert_eq!(vec!["Call 211, they have cribs."], passes(&mut world, TimeDelta::minutes(1)).await);
        let answered = ana.get("/console/inbox?show=answered").await.ok().text();
        assert!(answered.contains("crib") && answered.contains("by Ana"), "{answered}");
        let page = ana.get(&item).await.ok().text();
        assert!(page.contains("Answered by Ana") && page.contains("delivered"), "{page}");
        let audited = "SELECT COUNT(*) FROM audit WHERE action = 'help answered' AND actor = 'Ana'
                          AND account_id IS NOT NULL AND detail NOT LIKE '%211%'";
        assert_eq!(1, count(&database, audited).await);
    })
    .await;
}

#[tokio::test]
async fn no_two_people_answer_the_same_one() {
    on_both(async |database| {
        let mut world = world(&database).await;
        asks(&mut world, AMY, CRIB).await;
        let (mut ana, mut bob) = (desk(&world, "Ana").await, desk(&world, "Bob").await);
        let item = first(&mut ana).await;
        let hers = takes(&mut ana, &item).await;
        // Bob sees that Ana is answering, in the list and on the page, and has no form to answer.
        assert!(bob.get("/console/inbox").await.ok().text().contains("Ana is answering"));
        let page = bob.get(&item).await.ok();
        assert!(page.text().contains("Ana is answering") && !page.body.contains("name=\"words\""));
        let words = [("seen", &*hers), ("words", "Bob’s words are kept.")];
        let refused = bob.post(&format!("{item}/answer"), &words).await;
        assert_eq!(422, refused.status);
        let text = refused.text();
        assert!(text.contains("Ana is answering now") && text.contains("Bob’s words are kept."), "{text}");
        assert_eq!(422, bob.post(&format!("{item}/take"), &[]).await.status, "not without saying so");
        // He takes it over, which is said and written down; now Ana is refused, and keeps her words.
        let from = page.body.split("name=\"from\" value=\"").nth(1).expect("a form").split('"').next();
        let from = from.expect("an account").to_owned();
        assert_eq!(item, bob.post(&format!("{item}/take"), &[("from", &*from)]).await.leads_to());
        let refused = ana.post(&format!("{item}/answer"), &[("seen", &*hers), ("words", "Try 211.")]).await;
        assert_eq!(422, refused.status);
        assert!(refused.text().contains("Bob is answering now") && refused.text().contains("Try 211."));
        let over = "SELECT COUNT(*) FROM audit WHERE action = 'help taken over' AND actor = 'Bob'
                       AND detail LIKE '%from Ana'";
        assert_eq!(1, count(&database, over).await);
        assert!(bob.post(&format!("{item}/answer"), &words).await.leads_to().ends_with("inbox"));
        let refused = ana.post(&format!("{item}/answer"), &[("seen", &*hers), ("words", "Try 211.")]).await;
        let text = refused.text();
        assert!(text.contains("Bob was faster") && text.contains("Try 211."), "{text}");
        assert!(text.contains("Bob’s words are kept."), "she sees what was answered");
        assert_eq!(vec!["Bob’s words are kept."], passes(&mut world, TimeDelta::minutes(1)).await);
    })
    .await;
}

#[tokio::test]
async fn whoever_does_nothing_for_a_while_is_at_it_no_more() {
    on_both(async |database| {
        let mut world = world(&database).await;
        asks(&mut world, AMY, CRIB).await;
        let (mut ana, mut bob) = (desk(&world, "Ana").await, desk(&world, "Bob").await);
        let item = first(&mut ana).await;
        let hers = takes(&mut ana, &item).await;
        passes(&mut world, TimeDelta::minutes(14)).await;
        assert_eq!(204, ana.post(&format!("{item}/here"), &[]).await.status, "she types");
        passes(&mut world, TimeDelta::minutes(14)).await;
        assert!(bob.get(&item).await.ok().text().contains("Ana is answering"));
        passes(&mut world, TimeDelta::minutes(2)).await;
        assert!(bob.get(&item).await.ok().text().contains("Nobody is answering yet"));
        takes(&mut bob, &item).await;
        let refused = ana.post(&format!("{item}/answer"), &[("seen", &*hers), ("words", "Try 211.")]).await;
        assert!(refused.text().contains("Bob is answering now"), "{}", refused.text());
        assert_eq!("/console/inbox", bob.post(&format!("{item}/put-back"), &[]).await.leads_to());
        takes(&mut ana, &item).await;
    })
    .await;
}

#[tokio::test]
async fn nobody_answers_what_they_have_not_read() {
    on_both(async |database| {
        let mut world = world(&database).await;
        asks(&mut world, AMY, CRIB).await;
        let mut ana = desk(&world, "Ana").await;
        let item = first(&mut ana).await;
        let hers = takes(&mut ana, &item).await;
        let live = ana.get(&item).await.ok().link(&format!("{item}/live"));
        assert_eq!(204, ana.get(&live).await.status);
        passes(&mut world, TimeDelta::minutes(1)).await;
        writes(&mut world, AMY, &["Never mind, I have found one at the church"]).await;
        assert!(ana.get(&live).await.ok().text().contains("She has written again"));
        let page = ana.post(&format!("{item}/answer"), &[("seen", &*hers), ("words", "Try 211.")]).await;
        assert_eq!(422, page.status);
        let text = page.text();
        assert!(text.contains("written again") && text.contains("Try 211."), "{text}");
        assert!(text.contains("at the church new"), "what is new is marked: {text}");
        assert!(passes(&mut world, TimeDelta::minutes(1)).await.is_empty(), "nothing went out");
        let form = [("seen", &*seen(&page)), ("words", "Good to hear.")];
        ana.post(&format!("{item}/answer"), &form).await.leads_to();
        assert_eq!(vec!["Good to hear."], passes(&mut world, TimeDelta::minutes(1)).await);
    })
    .await;
}

#[tokio::test]
async fn who_has_stopped_is_told_nothing_and_it_says_why() {
    on_both(async |database| {
        let mut world = world(&database).await;
        asks(&mut world, AMY, CRIB).await;
        let mut ana = desk(&world, "Ana").await;
        let item = first(&mut ana).await;
        let hers = takes(&mut ana, &item).await;
        writes(&mut world, AMY, &["STOP"]).await;
        let page = ana.post(&format!("{item}/answer"), &[("seen", &*hers), ("words", "Try 211.")]).await;
        assert!(page.text().contains("She has texted STOP") && page.text().contains("Try 211."));
        // It can still be closed, with a reason; "other" says which.
        let close = format!("{item}/close");
        assert!(ana.post(&close, &[]).await.text().contains("Say why"));
        assert_eq!(422, ana.post(&close, &[("why", "other")]).await.status);
        let form = [("seen", &*seen(&page)), ("why", "called"), ("close-note", "called her at noon")];
        assert_eq!("/console/inbox", ana.post(&close, &form).await.leads_to());
        let page = ana.get(&item).await.ok().text();
        assert!(page.contains("Closed by Ana") && page.contains("Somebody has called her"), "{page}");
        assert!(page.contains("called her at noon"), "{page}");
        assert!(passes(&mut world, TimeDelta::hours(1)).await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn it_is_handed_on_within_its_program_with_a_note_she_never_sees() {
    on_both(async |database| {
        let mut world = world(&database).await;
        asks(&mut world, AMY, CRIB).await;
        let (mut ana, mut bob) = (desk(&world, "Ana").await, desk(&world, "Bob").await);
        Browser::granted(world.service(), "Vera", helpdesk(RUSSIA)).await;
        let item = first(&mut ana).await;
        let page = ana.get(&item).await.ok();
        assert!(page.body.contains(">Bob<") && !page.body.contains(">Vera<"), "only who answers there");
        let id = |page: &str, name: &str| -> String {
            let before = page.split(&format!("\">{name}<")).next().expect("a choice");
            before.rsplit('"').next().expect("an id").to_owned()
        };
        let bobs = id(&page.body, "Bob");
        let hand = format!("{item}/hand-on");
        assert_eq!(422, ana.post(&hand, &[("to", &*bobs)]).await.status, "a note is needed");
        let form = [("to", &*bobs), ("hand-note", "You know <b>the</b> county.")];
        assert_eq!("/console/inbox", ana.post(&hand, &form).await.leads_to());
        assert!(ana.get("/console/inbox?show=mine").await.ok().text().contains("Nobody is waiting"));
        assert!(bob.get("/console/inbox?show=mine").await.ok().text().contains("handed on to you"));
        let page = bob.get(&item).await.ok();
        assert!(page.text().contains("You know <b>the</b> county."), "{}", page.text());
        let vera = "SELECT COUNT(*) FROM help_notes";
        assert_eq!(1, count(&database, vera).await);
        assert!(passes(&mut world, TimeDelta::hours(1)).await.iter().all(|text| !text.contains("county")));
    })
    .await;
}

#[tokio::test]
async fn another_programs_item_is_not_there_and_the_try_is_written_down() {
    on_both(async |database| {
        let mut world = world(&database).await;
        asks(&mut world, AMY, CRIB).await;
        writes(
            &mut world,
            DORA,
            &["МАМА", "12.04.2027", "ДА", "Москва", "Где взять кроватку для малыша бесплатно?"],
        )
        .await;
        let mut ana = desk(&world, "Ana").await;
        let mut vera = Browser::granted(world.service(), "Vera", helpdesk(RUSSIA)).await;
        let hers = vera.get("/console/inbox").await.ok();
        assert!(hers.text().contains("кроватку") && !hers.text().contains("crib"), "{}", hers.text());
        let item = hers.link("/console/inbox/0");
        assert!(!ana.get("/console/inbox").await.ok().text().contains("кроватку"));
        assert_eq!(404, ana.get(&item).await.status);
        for (part, form) in
            [("take", vec![]), ("answer", vec![("words", "hi")]), ("close", vec![("why", "called")])]
        {
            assert_eq!(404, ana.post(&format!("{item}/{part}"), &form).await.status, "{part}");
        }
        let tried = "SELECT COUNT(*) FROM audit WHERE action = 'refused' AND actor = 'Ana'
                        AND program = 'text4baby-russia'";
        assert_eq!(4, count(&database, tried).await);
        assert_eq!(404, ana.get("/console/inbox/0198c0de-0000-7000-8000-000000000000").await.status);
        // Who only counts does not come in at all.
        let mut viewer = Browser::signed_in(world.service(), &[Role::Viewer]).await;
        assert_eq!(403, viewer.get("/console/inbox").await.status);
        assert_eq!(403, viewer.get(&item).await.status);
    })
    .await;
}

#[tokio::test]
async fn a_long_list_has_pages() {
    on_both(async |database| {
        let mut world = world(&database).await;
        asks(&mut world, AMY, CRIB).await;
        // Sixty that are answered, each a minute later than the one before.
        let mut tx = database.begin().await.expect("a transaction");
        let open = queue::open(&mut tx, Some(&[US.to_owned()]), None, FIRST, 10).await.expect("a list");
        for number in 0..60 {
            let (id, stage) = (world.service().id(), format!("baby {number}+0"));
            let item = Item { id, stage, ..open[0].listed.item.clone() };
            helps::put(&mut tx, &item).await.expect("written");
            let at = world.now() + TimeDelta::minutes(number);
            assert!(helps::end(&mut tx, id, ("answered", None), "Bob", at).await.expect("written"));
        }
        tx.commit().await.expect("written");
        let mut ana = desk(&world, "Ana").await;
        let page = ana.get("/console/inbox?show=answered").await.ok();
        assert!(page.text().contains("baby, 59 weeks") && page.text().contains("baby, 10 weeks"));
        assert!(!page.text().contains("baby, 9 weeks"));
        let next = ana.get(&page.link("/console/inbox?show=answered&#38;after=1")).await.ok().text();
        assert!(
            next.contains("baby, 9 weeks")
                && next.contains("baby, 0 days")
                && !next.contains("baby, 10 weeks"),
            "{next}"
        );
    })
    .await;
}

#[tokio::test]
async fn a_saved_reply_is_checked_kept_and_put_in() {
    on_both(async |database| {
        let mut world = world(&database).await;
        asks(&mut world, AMY, CRIB).await;
        let mut ana = desk(&world, "Ana").await;
        let place = "/console/inbox/replies";
        let form = |words| [("for", "text4baby-us en"), ("title", "Crib"), ("words", words)];
        let page = ana.post(place, &form("Dear {name}, call 211.")).await;
        assert_eq!(422, page.status);
        assert!(
            page.text().contains("Nobody fills in") && page.body.contains("Dear {name}"),
            "{}",
            page.text()
        );
        let long = "long words ".repeat(60);
        assert_eq!(422, ana.post(place, &form(&long)).await.status);
        let russia = [("for", "text4baby-russia ru"), ("title", "Crib"), ("words", "Звоните.")];
        assert_eq!(422, ana.post(place, &russia).await.status, "not her program");
        assert_eq!(place, ana.post(place, &form("Call 211 for a crib.")).await.leads_to());
        assert!(ana.post(place, &form("Another.")).await.text().contains("already"), "one of a title");
        let spanish = [("for", "text4baby-us es"), ("title", "Cuna"), ("words", "Llame al 211.")];
        ana.post(place, &spanish).await.leads_to();
        // On the item's page only those of her language; put in behind what is typed, without a script too.
        let item = first(&mut ana).await;
        let hers = takes(&mut ana, &item).await;
        let page = ana.get(&item).await.ok();
        assert!(page.body.contains("data-fill=\"Call 211 for a crib.\"") && !page.body.contains("Cuna"));
        let reply =
            page.body.split("<option value=\"").find(|part| part.contains("\">Crib</option>")).expect("it");
        let reply = reply.split('"').next().expect("an id").to_owned();
        let form = [("seen", &*hers), ("words", "Hello!"), ("reply", &*reply), ("do", "insert")];
        let page = ana.post(&format!("{item}/answer"), &form).await;
        assert!(page.body.contains("Hello!\nCall 211 for a crib."), "{}", page.body);
        // Changed and removed, and all of it written down; nobody else's program can.
        let one = ana.get(place).await.ok().link("/console/inbox/replies/0");
        let mut vera = Browser::granted(world.service(), "Vera", helpdesk(RUSSIA)).await;
        assert_eq!(404, vera.get(&one).await.status);
        assert_eq!(404, vera.post(&format!("{one}/remove"), &[]).await.status);
        let change = [("for", "text4baby-us en"), ("title", "Crib"), ("words", "Call 311.")];
        ana.post(&one, &change).await.leads_to();
        assert!(ana.get(place).await.ok().text().contains("Call 311."));
        ana.post(&format!("{one}/remove"), &[]).await.leads_to();
        assert!(!ana.get(place).await.ok().text().contains("Call 311."));
        let audited = "SELECT COUNT(DISTINCT action) FROM audit WHERE actor = 'Ana'
                          AND action IN ('save reply', 'change saved reply', 'remove saved reply')";
        assert_eq!(3, count(&database, audited).await);
    })
    .await;
}

#[tokio::test]
async fn notes_about_her_are_erased_with_her_and_move_with_her() {
    on_both(async |database| {
        let mut world = world(&database).await;
        asks(&mut world, AMY, CRIB).await;
        let mut ana = desk(&world, "Ana").await;
        let item = first(&mut ana).await;
        ana.post(&format!("{item}/note"), &[("note", "She sounds tired.")]).await.leads_to();
        // She moves to another phone: what waits, and what is noted about it, is hers there.
        writes(&mut world, AMY, &["MOVE", BEA, "YES"]).await;
        writes(&mut world, BEA, &["YES"]).await;
        let page = ana.get(&item).await.ok().text();
        assert!(page.contains("She sounds tired.") && page.contains("+1202•••••42"), "{page}");
        writes(&mut world, BEA, &["DELETE", "YES"]).await;
        passes(&mut world, TimeDelta::hours(25)).await;
        for left in [
            "SELECT COUNT(*) FROM help_notes",
            "SELECT COUNT(*) FROM help_items",
            "SELECT COUNT(*) FROM help_texts",
        ] {
            assert_eq!(0, count(&database, left).await, "{left}");
        }
        ana.enter("Ana@example.org").await;
        assert_eq!(404, ana.get(&item).await.status);
    })
    .await;
}
