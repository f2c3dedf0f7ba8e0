//! Nothing is ended that nobody has read, nothing waits where nobody looks, and nothing typed is lost or breaks anything.

use std::time::Duration;

use chrono::TimeDelta;
use motherline::domain::language::Language;
use motherline::domain::role::Role;
use motherline::flows::answering::{self, Fate, Refused, saved};
use motherline::flows::auditing::Actor;
use motherline::store::helps::{self, Item};
use motherline::store::saved_replies::{self, SavedReply};
use motherline::store::{Database, people};

use super::{AMY, BEA, CRIB, US, asks, desk, first, helpdesk, passes, seen, takes, world, writes};
use crate::dispatcher::{count, execute};
use crate::support::console::Browser;
use crate::support::engines::on_both;

const BLEEDING: &str = "I am bleeding a lot";

async fn only(database: &Database) -> Item {
    let mut listed = answering::list(database, Fate::Open, 9).await.expect("a list");
    assert_eq!(1, listed.len());
    listed.remove(0).item
}

#[tokio::test]
async fn nobody_closes_what_they_have_not_read() {
    on_both(async |database| {
        let mut world = world(&database).await;
        asks(&mut world, AMY, CRIB).await;
        let mut ana = desk(&world, "Ana").await;
        let item = first(&mut ana).await;
        let close = format!("{item}/close");
        let read = seen(&ana.get(&item).await.ok());
        writes(&mut world, AMY, &[BLEEDING]).await;
        let form = |seen| [("seen", seen), ("why", "settled"), ("close-note", "She said thanks.")];
        // Nor does who says nothing of what they have read.
        for seen in [&*read, ""] {
            let page = ana.post(&close, &form(seen)).await;
            assert_eq!(422, page.status);
            let text = page.text();
            assert!(text.contains("She has written again meanwhile, so nothing was done"), "{text}");
            assert!(text.contains("bleeding a lot"), "{text}");
            assert_eq!(seen == read, text.contains("bleeding a lot new"), "what is new is marked: {text}");
            assert!(
                page.body.contains("She said thanks.</textarea>") && page.body.contains("open><summary>")
            );
        }
        let list = ana.get("/console/inbox").await.ok().text();
        assert!(list.contains("Danger signs 1") && list.contains("bleeding a lot"), "{list}");
        // Texts beyond the most that an item keeps are not read either.
        let mut tx = database.begin().await.expect("a transaction");
        let id = only(&database).await.id;
        let one = helps::texts(&mut tx, id).await.expect("texts").remove(0);
        for _ in 0..60 {
            helps::add(&mut tx, id, &helps::Text { id: world.service().id(), ..one.clone() })
                .await
                .expect("one");
        }
        tx.commit().await.expect("written");
        let read = seen(&ana.get(&item).await.ok());
        writes(&mut world, AMY, &["Never mind, I have found one at the church"]).await;
        assert_eq!(62, count(&database, "SELECT COUNT(*) FROM help_texts").await, "it is not kept");
        let page = ana.post(&close, &form(&read)).await;
        assert_eq!(422, page.status);
        // Now they have read it. Pressed twice, it is done once, and nobody was faster.
        let read = seen(&page);
        for _ in 0..2 {
            assert_eq!("/console/inbox", ana.post(&close, &form(&read)).await.leads_to());
        }
        assert_eq!(1, count(&database, "SELECT COUNT(*) FROM help_items WHERE state = 'closed'").await);
        let mut bob = desk(&world, "Bob").await;
        let late = bob.post(&close, &form(&read)).await;
        assert!(late.text().contains("Ana was faster"), "{}", late.text());
    })
    .await;
}

#[tokio::test]
async fn what_she_writes_while_it_is_closed_keeps_it_open() {
    on_both(async |database| {
        let mut world = world(&database).await;
        asks(&mut world, AMY, CRIB).await;
        let item = only(&database).await;
        // She is being heard: whoever closes it now waits for what she says.
        let mut tx = database.begin().await.expect("a transaction");
        people::lock_id(&mut tx, item.subscriber_id).await.expect("asked").expect("her");
        let service = world.service().clone();
        let read = (item.id, item.last_at);
        let closing =
            tokio::spawn(
                async move { answering::close(&service, read, (None, ""), &Actor::named("Ana")).await },
            );
        tokio::time::sleep(Duration::from_millis(200)).await;
        let last_at = item.last_at + TimeDelta::microseconds(1);
        helps::put(&mut tx, &Item { urgency: 0, last_at, ..item }).await.expect("written");
        tx.commit().await.expect("written");
        let closed = closing.await.expect("it ends");
        assert!(matches!(closed, Err(Refused::WroteAgain)), "{closed:?}");
        assert_eq!(0, only(&database).await.urgency);
    })
    .await;
}

#[tokio::test]
async fn who_only_looks_waits_for_nobody() {
    on_both(async |database| {
        let mut world = world(&database).await;
        asks(&mut world, AMY, CRIB).await;
        let item = only(&database).await;
        let mut tx = database.begin().await.expect("a transaction");
        people::lock_id(&mut tx, item.subscriber_id).await.expect("asked").expect("her");
        helps::find(&mut tx, item.id).await.expect("asked").expect("it");
        let looks = async {
            answering::prepare(world.service(), &item, "Try 211.").await.expect("prepared");
            answering::find(&database, &item.id.to_string()).await.expect("it is found");
            answering::number(&database, &item).await.expect("asked")
        };
        let number = tokio::time::timeout(Duration::from_secs(5), looks).await.expect("nobody is in the way");
        assert_eq!(Some(AMY), number.as_deref());
    })
    .await;
}

#[tokio::test]
async fn an_answer_that_is_sent_twice_goes_once_and_nobody_else_was_faster() {
    on_both(async |database| {
        let mut world = world(&database).await;
        asks(&mut world, AMY, CRIB).await;
        let mut ana = desk(&world, "Ana").await;
        let item = first(&mut ana).await;
        let hers = takes(&mut ana, &item).await;
        let answer = format!("{item}/answer");
        // A newline is one, however a browser sends it.
        let form = [("seen", &*hers), ("words", "Call 211.\r\nThey have cribs.\r\n")];
        for _ in 0..2 {
            assert_eq!("/console/inbox", ana.post(&answer, &form).await.leads_to());
        }
        let other = ana.post(&answer, &[("seen", &*hers), ("words", "Or call 311.")]).await;
        assert!(other.text().contains("Nothing was sent") && other.text().contains("Or call 311."));
        let mut bob = desk(&world, "Bob").await;
        assert!(bob.post(&answer, &form).await.text().contains("Ana was faster"));
        assert_eq!(vec!["Call 211.\nThey have cribs."], passes(&mut world, TimeDelta::minutes(1)).await);
    })
    .await;
}

#[tokio::test]
async fn a_note_leaves_a_half_typed_answer_as_it_is() {
    on_both(async |database| {
        let mut world = world(&database).await;
        asks(&mut world, AMY, CRIB).await;
        let (mut ana, mut bob) = (desk(&world, "Ana").await, desk(&world, "Bob").await);
        let item = first(&mut ana).await;
        let hers = takes(&mut ana, &item).await;
        let form = [("seen", &*hers), ("words", "Please call"), ("note", "She sounds tired.")];
        let page = ana.post(&format!("{item}/note"), &form).await.ok();
        assert!(page.body.contains("\nPlease call</textarea>"), "{}", page.body);
        assert!(page.text().contains("She sounds tired.") && !page.body.contains("tired.</textarea>"));
        // Nor is it lost with the item: whoever takes it back goes on with it.
        let from = bob.get(&item).await.ok();
        let from = from.body.split("name=\"from\" value=\"").nth(1).expect("a form").split('"').next();
        bob.post(&format!("{item}/take"), &[("from", from.expect("an account"))]).await.leads_to();
        let refused = ana.post(&format!("{item}/answer"), &form).await;
        assert!(refused.body.contains("name=\"words\" value=\"Please call\""), "{}", refused.body);
        let from = refused.body.split("name=\"from\" value=\"").nth(1).expect("a form").split('"').next();
        let form = [("words", "Please call"), ("from", from.expect("an account"))];
        let page = ana.post(&format!("{item}/take"), &form).await.ok();
        assert!(page.body.contains("\nPlease call</textarea>"), "{}", page.body);
    })
    .await;
}

#[tokio::test]
async fn who_writes_to_a_program_that_is_gone_waits_where_people_look() {
    on_both(async |database| {
        let mut world = world(&database).await;
        asks(&mut world, AMY, BLEEDING).await;
        let mut boss = Browser::signed_in(world.service(), &[Role::Administrator]).await;
        let broadcast = [("why", "a flood"), ("program", US), ("area", "NY"), ("words-en", "Boil it.")];
        let broadcast = boss.post("/console/broadcasts/new", &broadcast).await.leads_to();
        execute(&database, "UPDATE help_items SET program = 'gone-program'").await;
        execute(&database, "UPDATE broadcasts SET program = 'gone-program'").await;
        // What was sent to them is found and can be taken back.
        assert_eq!(broadcast, boss.get("/console/broadcasts").await.ok().link(&broadcast));
        boss.get(&broadcast).await.ok();
        let mut theirs = Browser::granted(world.service(), "Gus", helpdesk("gone-program")).await;
        for browser in [&mut boss, &mut theirs] {
            let list = browser.get("/console/inbox").await.ok();
            let text = list.text();
            assert!(text.contains("Danger signs 1") && text.contains("bleeding a lot"), "{text}");
            browser.get(&list.link("/console/inbox/0")).await.ok();
            let overview = browser.get("/console/overview").await.ok().text();
            assert!(overview.contains("told of danger and has waited"), "{overview}");
        }
        let mut ana = desk(&world, "Ana").await;
        assert!(ana.get("/console/inbox").await.ok().text().contains("Nobody is waiting"));
        assert!(!ana.get("/console/overview").await.ok().text().contains("told of danger and has waited"));
        let item = first(&mut boss).await;
        let form = [("seen", &*seen(&boss.get(&item).await.ok())), ("why", "called")];
        boss.post(&format!("{item}/close"), &form).await.leads_to();
        assert!(theirs.get("/console/inbox?show=closed").await.ok().text().contains("bleeding a lot"));
    })
    .await;
}

#[tokio::test]
async fn characters_that_nobody_can_type_break_nothing() {
    on_both(async |database| {
        let mut world = world(&database).await;
        asks(&mut world, AMY, CRIB).await;
        asks(&mut world, BEA, BLEEDING).await;
        let mut boss = Browser::signed_in(world.service(), Role::ALL).await;
        let item = first(&mut boss).await;
        let hers = takes(&mut boss, &item).await;
        let reply = [("for", "text4baby-us en"), ("title", "Cr\0ib"), ("words", "Call\0 2\u{1b}11.")];
        boss.post("/console/inbox/replies", &reply).await.leads_to();
        boss.post(&format!("{item}/note"), &[("note", "Call\0 her.")]).await.leads_to();
        let form = [("seen", &*hers), ("words", "Call\0 911 now.")];
        boss.post(&format!("{item}/answer"), &form).await.leads_to();
        let item = first(&mut boss).await;
        let read = seen(&boss.get(&item).await.ok());
        let form = [("seen", &*read), ("why", "other"), ("close-note", "She\0 rang.")];
        boss.post(&format!("{item}/close"), &form).await.leads_to();
        let broadcast =
            [("why", "a fl\0ood"), ("program", US), ("area", "N\0Y"), ("words-en", "Boil\0 your water.")];
        let place = boss.post("/console/broadcasts/new", &broadcast).await.leads_to();
        assert_eq!(vec!["Call 911 now."], passes(&mut world, TimeDelta::minutes(1)).await);
        let page = boss.get(&place).await.ok().text();
        assert!(page.contains("a flood") && page.contains("Boil your water."), "{page}");
        // In addresses too.
        for asked in [
            "/console/audit?who=a%00&action=%00",
            "/console/delivery?range=30d&state=failed&code=3%000003&prefix=%00&gateway=%00&sender=%00",
            "/console/delivery?program=%00text4baby-us",
            "/console/library/list?program=text4baby-us&q=%00a&after=%00",
            "/console/inbox?show=answered&after=%00",
        ] {
            boss.get(asked).await.ok();
        }
        for unknown in
            ["/console/library/tips/us%00", "/console/review/recalls/%00", "/console/questions/a%00/b"]
        {
            assert_eq!(404, boss.get(unknown).await.status, "{unknown}");
        }
    })
    .await;
}

#[tokio::test]
async fn two_replies_of_one_title_at_once_are_one_and_a_fault_of_the_form() {
    on_both(async |database| {
        let world = world(&database).await;
        let language: Language = "en".parse().expect("a language");
        let mut tx = database.begin().await.expect("a transaction");
        let first = SavedReply {
            id: world.service().id(),
            program: US.to_owned(),
            language,
            title: "Crib".to_owned(),
            body: "Call 211.".to_owned(),
            changed_by: "Bob".to_owned(),
            changed_at: world.now(),
        };
        saved_replies::put(&mut tx, &first).await.expect("written");
        let service = world.service().clone();
        let keeping = tokio::spawn(async move {
            let new = saved::New { program: US, language, title: "Crib", words: "Call 311." };
            saved::keep(&service, None, new, &Actor::named("Ana")).await
        });
        // It has looked for one of this title, or waits to.
        tokio::time::sleep(Duration::from_millis(200)).await;
        tx.commit().await.expect("written");
        let kept = keeping.await.expect("it ends");
        assert!(matches!(kept, Err(saved::NotKept::Called)), "{kept:?}");
    })
    .await;
}

#[tokio::test]
async fn why_an_answer_did_not_go_is_said_in_the_language_of_the_page() {
    on_both(async |database| {
        let mut world = world(&database).await;
        asks(&mut world, AMY, CRIB).await;
        let mut ana = desk(&world, "Ana").await;
        ana.post("/console/language", &[("language", "es")]).await.leads_to();
        let item = first(&mut ana).await;
        let hers = takes(&mut ana, &item).await;
        let form = [("seen", &*hers), ("words", "Call 211.")];
        ana.post(&format!("{item}/answer"), &form).await.leads_to();
        // Nobody has sent it yet.
        execute(&database, "UPDATE subscribers SET stopped_at = '2026-11-23T14:00:01+00:00'").await;
        assert!(passes(&mut world, TimeDelta::hours(1)).await.is_empty());
        let page = ana.get(&item).await.ok().text();
        assert!(page.contains("anulado: ya había parado"), "{page}");
        assert!(page.contains("Text4baby"), "its program is called by its name: {page}");
    })
    .await;
}
