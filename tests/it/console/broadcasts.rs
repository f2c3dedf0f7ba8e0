//! Broadcasts at the console: seen before they go, approved by a second person, stopped at a press, and followed.

mod at_once;
mod carrying;
mod deciding;

use chrono::TimeDelta;
use motherline::domain::role::{Grant, Role};
use motherline::flows::broadcasting;
use motherline::gateway::rehearsal::{Fault, FaultKind};
use motherline::library::report::Prices;
use motherline::store::broadcasts;
use motherline::web::console::Settings;
use motherline::worker::rehearsal::{Line, World};

use super::{world, writes};
use crate::conversation::{RUSSIA, US, at};
use crate::dispatcher::count;
use crate::support::console::{Browser, Page, let_in};
use crate::support::engines::on_both;

const AMY: &str = "+12025550141";
const BEA: &str = "+12025550142";
const CAT: &str = "+12025550143";
const DORA: &str = "+79161234567";
const DUE: &str = "April 12, 2027";
const NEW: &str = "/console/broadcasts/new";

async fn enrolls(world: &mut World, her: &str, place: &str) {
    writes(world, her, &["BABY", DUE, "YES", place]).await;
}

async fn until(world: &mut World, then: &str) -> Vec<Line> {
    world.take_lines();
    world.advance_to(at(then)).await.expect("time passes");
    world.take_lines().into_iter().filter(|line| line.kind.as_deref() == Some("broadcast")).collect()
}

async fn passes(world: &mut World, time: TimeDelta) -> Vec<String> {
    world.take_lines();
    world.advance_to(world.now() + time).await.expect("time passes");
    let lines = world.take_lines().into_iter();
    lines.filter(|line| line.kind.as_deref() == Some("broadcast")).map(|line| line.body).collect()
}

/// Somebody at a console where more than so many people need a second person.
async fn at_console(world: &World, name: &str, program: Option<&str>, above: i64) -> Browser {
    let prices = Prices { currency: "USD".to_owned(), each: "0.5".parse().ok(), ..Prices::default() };
    let settings = Settings { approve_above: above, prices, ..Settings::default() };
    let mut browser = Browser::with(world.service(), settings);
    let grants = vec![Grant { role: Role::Operator, program: program.map(str::to_owned) }];
    let email = let_in(world.service(), name, grants).await;
    browser.enter(&email).await;
    browser
}

/// What everybody writes here; more may be added.
fn form<'a>(more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut form = vec![
        ("why", "A recall of infant formula"),
        ("program", US),
        ("words-en", "Do not use Brand X formula."),
    ];
    form.retain(|(name, _)| more.iter().all(|(other, _)| other != name));
    form.extend_from_slice(more);
    form
}

/// What a page of it shows just now to whoever decides.
async fn seen(world: &World, place: &str) -> String {
    let id = place.rsplit('/').next().and_then(|id| id.parse().ok()).expect("its id");
    let mut tx = world.service().database.read().await.expect("a look");
    broadcasting::shown(&broadcasts::find(&mut tx, id).await.expect("a look").expect("a broadcast"))
}

/// Decides about it, having just seen it.
async fn decide(world: &World, who: &mut Browser, place: &str, what: &str, said: &[(&str, &str)]) -> Page {
    let seen = seen(world, place).await;
    who.post(&format!("{place}/{what}"), &[said, &[("shown", &*seen)]].concat()).await
}

/// Writes one, and lets it be counted; gives its address.
async fn write(world: &mut World, browser: &mut Browser, more: &[(&str, &str)]) -> String {
    let place = browser.post(NEW, &form(more)).await.leads_to();
    world.settle().await.expect("it is counted");
    place
}

#[tokio::test]
async fn it_is_seen_before_it_goes() {
    on_both(async |database| {
        let mut world = world(&database).await;
        enrolls(&mut world, AMY, "10001").await;
        enrolls(&mut world, BEA, "90001").await;
        writes(&mut world, BEA, &["SAFE"]).await;
        enrolls(&mut world, CAT, "10001").await;
        writes(&mut world, CAT, &["STOP"]).await;
        writes(&mut world, DORA, &["МАМА", "12.04.2027", "ДА", "Москва"]).await;
        let mut ana = at_console(&world, "Ana", Some(US), 1_000).await;
        let place = ana.post(NEW, &form(&[])).await.leads_to();
        let page = ana.get(&place).await.ok();
        assert!(page.text().contains("It is being counted") && !page.body.contains("/confirm\""));
        let live = page.link(&format!("{place}/live"));
        world.settle().await.expect("it is counted");
        let changed = ana.get(&live).await;
        assert_eq!("true", changed.headers.get("hx-refresh").expect("a new page"));
        let page = ana.get(&place).await.ok();
        let text = page.text();
        // Amy reads it, Bea only that there is something; Dora is of another program.
        assert!(text.contains("People 2 SMS 2 Cost 1.00 USD"), "{text}");
        assert!(text.contains("Do not use Brand X formula. 1 SMS, GSM-7"), "{text}");
        assert!(text.contains("You have a message. Reply 1 when it is a good time."), "{text}");
        assert!(text.contains("America / New York 1") && text.contains("America / Los Angeles 1"), "{text}");
        assert!(text.contains("+1202•••••41 English pregnancy, 20 weeks America / New York"), "{text}");
        assert!(!page.body.contains(AMY), "numbers are masked");
        // At nine in New York it is six in Los Angeles.
        assert!(text.contains("Quiet hours now 1"), "{text}");
        assert!(text.contains("have texted STOP 1"), "{text}");
        assert!(text.contains("All sent by 23 Nov 2026, 12:30"), "{text}");
        assert!(passes(&mut world, TimeDelta::hours(5)).await.is_empty(), "a preview sends nothing");
    })
    .await;
}

#[tokio::test]
async fn a_language_without_words_stops_all_of_it() {
    on_both(async |database| {
        let mut world = world(&database).await;
        enrolls(&mut world, AMY, "10001").await;
        writes(&mut world, BEA, &["BEBE", "12 de abril de 2027", "SI", "10001"]).await;
        let mut ana = at_console(&world, "Ana", Some(US), 1_000).await;
        let place = write(&mut world, &mut ana, &[]).await;
        let page = ana.get(&place).await.ok();
        assert!(
            page.text().contains("There are no words in Spanish, and 1 person would get it"),
            "{}",
            page.text()
        );
        assert!(!page.body.contains("/confirm\""), "there is nothing to press");
        let refused = decide(&world, &mut ana, &place, "confirm", &[("people", "2")]).await;
        assert_eq!(422, refused.status);
        assert!(refused.text().contains("Words are missing in: Spanish"), "{}", refused.text());
        assert!(passes(&mut world, TimeDelta::hours(1)).await.is_empty());
        // With Spanish words it goes, on one person's word.
        let edit = format!("{place}/edit");
        let page = ana.get(&edit).await.ok();
        assert!(page.body.contains("Do not use Brand X formula.") && page.body.contains("A recall"));
        let more = [("words-es", "No use la fórmula Brand X.")];
        assert_eq!(place, ana.post(&edit, &form(&more)).await.leads_to());
        world.settle().await.expect("it is counted");
        assert!(ana.get(&place).await.ok().text().contains("Send it to 2 people"));
        assert_eq!(
            422,
            decide(&world, &mut ana, &place, "confirm", &[("people", "3")]).await.status,
            "that is not the number shown"
        );
        assert_eq!(place, decide(&world, &mut ana, &place, "confirm", &[("people", "2")]).await.leads_to());
        let mut told = passes(&mut world, TimeDelta::hours(1)).await;
        told.sort();
        assert_eq!(vec!["Do not use Brand X formula.", "No use la fórmula Brand X."], told);
        let page = ana.get(&place).await.ok().text();
        assert!(page.contains("2 of 2 have left") && page.contains("Arrived 2"), "{page}");
        assert!(page.contains("all sent"), "nothing of it is going any more: {page}");
        assert_eq!(
            422,
            decide(&world, &mut ana, &place, "confirm", &[("people", "2")]).await.status,
            "nobody sends it twice"
        );
    })
    .await;
}

#[tokio::test]
async fn many_need_a_second_person() {
    on_both(async |database| {
        let mut world = world(&database).await;
        enrolls(&mut world, AMY, "10001").await;
        enrolls(&mut world, BEA, "10001").await;
        let mut ana = at_console(&world, "Ana", Some(US), 1).await;
        let mut bob = at_console(&world, "Bob", Some(US), 1).await;
        let place = write(&mut world, &mut ana, &[]).await;
        assert!(ana.get(&place).await.ok().text().contains("more than 1 person: a second person"));
        assert_eq!(
            422,
            decide(&world, &mut bob, &place, "approve", &[("people", "2")]).await.status,
            "nobody has confirmed it yet"
        );
        decide(&world, &mut ana, &place, "confirm", &[("people", "2")]).await.leads_to();
        assert!(passes(&mut world, TimeDelta::minutes(5)).await.is_empty(), "it waits");
        // Who wrote it does not approve it.
        let page = ana.get(&place).await.ok();
        assert!(page.text().contains("somebody else has to approve it") && !page.body.contains("/approve\""));
        let refused = decide(&world, &mut ana, &place, "approve", &[("people", "2")]).await;
        assert_eq!(422, refused.status);
        assert!(refused.text().contains("somebody else has to approve it"));
        // The second person sees the same, counted anew, with who confirmed how many.
        let page = bob.get(&place).await.ok();
        assert!(page.text().contains("Ana confirmed 2 people"), "{}", page.text());
        assert!(
            page.text().contains("Do not use Brand X formula.")
                && page.text().contains("Approve: send it to 2 people")
        );
        decide(&world, &mut bob, &place, "approve", &[("people", "2")]).await.leads_to();
        assert_eq!(2, passes(&mut world, TimeDelta::hours(1)).await.len());
        let page = bob.get(&place).await.ok().text();
        assert!(page.contains("Written by Ana") && page.contains("Approved by Bob"), "{page}");
        for audited in [
            "SELECT COUNT(*) FROM audit WHERE actor = 'Ana' AND action = 'write broadcast'",
            "SELECT COUNT(*) FROM audit WHERE actor = 'Ana' AND action = 'submit broadcast'",
            "SELECT COUNT(*) FROM audit WHERE actor = 'Bob' AND action = 'approve broadcast'
                AND program = 'text4baby-us' AND account_id IS NOT NULL",
        ] {
            assert_eq!(1, count(&database, audited).await, "{audited}");
        }
    })
    .await;
}

#[tokio::test]
async fn what_grew_since_it_was_confirmed_is_not_approved() {
    on_both(async |database| {
        let mut world = world(&database).await;
        enrolls(&mut world, AMY, "10001").await;
        enrolls(&mut world, BEA, "10001").await;
        let mut ana = at_console(&world, "Ana", Some(US), 1).await;
        let mut bob = at_console(&world, "Bob", Some(US), 1).await;
        let place = write(&mut world, &mut ana, &[]).await;
        decide(&world, &mut ana, &place, "confirm", &[("people", "2")]).await.leads_to();
        world.settle().await.expect("it is counted");
        enrolls(&mut world, CAT, "10001").await;
        // An old count is none to decide by.
        passes(&mut world, TimeDelta::minutes(16)).await;
        let page = bob.get(&place).await.ok();
        assert!(page.text().contains("too old to decide by") && !page.body.contains("/approve\""));
        assert_eq!(422, decide(&world, &mut bob, &place, "approve", &[("people", "2")]).await.status);
        bob.post(&format!("{place}/count"), &[]).await.leads_to();
        world.settle().await.expect("it is counted");
        let said = "It now reaches 3 people, 1 more than were confirmed";
        let page = bob.get(&place).await.ok();
        assert!(page.text().contains(said) && !page.body.contains("/approve\""), "{}", page.text());
        let refused = decide(&world, &mut bob, &place, "approve", &[("people", "3")]).await;
        assert_eq!(422, refused.status);
        assert!(refused.text().contains(said), "{}", refused.text());
        // Confirmed anew, it is approved; whoever comes after that count is not one of them.
        decide(&world, &mut ana, &place, "confirm", &[("people", "3")]).await.leads_to();
        world.settle().await.expect("it is counted");
        passes(&mut world, TimeDelta::minutes(1)).await;
        enrolls(&mut world, "+12025550149", "10001").await;
        decide(&world, &mut bob, &place, "approve", &[("people", "3")]).await.leads_to();
        assert_eq!(3, passes(&mut world, TimeDelta::hours(1)).await.len());
    })
    .await;
}

#[tokio::test]
async fn a_change_makes_what_was_confirmed_void() {
    on_both(async |database| {
        let mut world = world(&database).await;
        enrolls(&mut world, AMY, "10001").await;
        let mut ana = at_console(&world, "Ana", Some(US), 0).await;
        let mut bob = at_console(&world, "Bob", Some(US), 0).await;
        let place = write(&mut world, &mut ana, &[]).await;
        decide(&world, &mut ana, &place, "confirm", &[("people", "1")]).await.leads_to();
        world.settle().await.expect("it is counted");
        let more = [("words-en", "Do not use Brand Y formula.")];
        bob.post(&format!("{place}/edit"), &form(&more)).await.leads_to();
        world.settle().await.expect("it is counted");
        assert_eq!(422, decide(&world, &mut ana, &place, "approve", &[("people", "1")]).await.status);
        // Now it is Bob's, and Ana is the second person.
        decide(&world, &mut bob, &place, "confirm", &[("people", "1")]).await.leads_to();
        world.settle().await.expect("it is counted");
        assert_eq!(422, decide(&world, &mut bob, &place, "approve", &[("people", "1")]).await.status);
        decide(&world, &mut ana, &place, "approve", &[("people", "1")]).await.leads_to();
        assert_eq!(vec!["Do not use Brand Y formula."], passes(&mut world, TimeDelta::hours(1)).await);
        // Nor is one changed that has begun; what was typed is not lost.
        let refused = ana.post(&format!("{place}/edit"), &form(&[("words-en", "Not Brand Q either.")])).await;
        assert_eq!(422, refused.status);
        assert!(refused.text().contains("somebody has decided about it"), "{}", refused.text());
        assert!(refused.body.contains("Not Brand Q either.") && refused.body.contains("A recall of infant"));
        assert_eq!(422, ana.post(&format!("{place}/withdraw"), &[]).await.status);
    })
    .await;
}

#[tokio::test]
async fn stopped_at_a_press_the_rest_does_not_leave() {
    on_both(async |database| {
        let mut world = world(&database).await;
        enrolls(&mut world, AMY, "10001").await;
        // Her morning comes three hours later.
        enrolls(&mut world, BEA, "90001").await;
        until(&mut world, "2026-11-24T00:30:00-05:00").await;
        let mut ana = at_console(&world, "Ana", Some(US), 1_000).await;
        let place = write(&mut world, &mut ana, &[]).await;
        assert_eq!(422, ana.post(&format!("{place}/stop"), &[]).await.status, "it has not begun");
        decide(&world, &mut ana, &place, "confirm", &[("people", "2")]).await.leads_to();
        let morning = until(&mut world, "2026-11-24T09:45:00-05:00").await;
        assert_eq!(vec![AMY], morning.iter().filter_map(|line| line.to.as_deref()).collect::<Vec<_>>());
        ana.enter("Ana@example.org").await;
        let page = ana.get(&place).await.ok();
        assert!(
            page.text().contains("1 of 2 have left")
                && page.text().contains("Stop it now")
                && page.text().contains("queued to all"),
            "{}",
            page.text()
        );
        assert_eq!(place, ana.post(&format!("{place}/stop"), &[]).await.leads_to());
        assert!(until(&mut world, "2026-11-24T20:00:00-05:00").await.is_empty());
        ana.enter("Ana@example.org").await;
        let page = ana.get(&place).await.ok().text();
        assert!(page.contains("stopped") && page.contains("Taken back or too late 1"), "{page}");
        assert!(!page.contains("Stop it now"), "{page}");
        let canceled = "SELECT COUNT(*) FROM history WHERE kind = 'broadcast' AND state = 9";
        assert_eq!(1, count(&database, canceled).await);
        let audited = "SELECT COUNT(*) FROM audit WHERE actor = 'Ana' AND action = 'stop broadcast'";
        assert_eq!(1, count(&database, audited).await);
    })
    .await;
}

#[tokio::test]
async fn an_emergency_is_confirmed_as_one() {
    on_both(async |database| {
        let mut world = world(&database).await;
        enrolls(&mut world, AMY, "10001").await;
        until(&mut world, "2026-11-23T23:30:00-05:00").await;
        let mut ana = at_console(&world, "Ana", Some(US), 1_000).await;
        let place = write(&mut world, &mut ana, &[("emergency", "yes")]).await;
        let refused = decide(&world, &mut ana, &place, "confirm", &[("people", "1")]).await;
        assert_eq!(422, refused.status);
        assert!(refused.text().contains("tick that it may"), "{}", refused.text());
        decide(&world, &mut ana, &place, "confirm", &[("people", "1"), ("emergency", "yes")])
            .await
            .leads_to();
        assert_eq!(1, passes(&mut world, TimeDelta::minutes(1)).await.len(), "at once, at night");
        // The same once more is a slip unless it is said.
        let place = write(&mut world, &mut ana, &[("emergency", "yes")]).await;
        let refused =
            decide(&world, &mut ana, &place, "confirm", &[("people", "1"), ("emergency", "yes")]).await;
        assert!(refused.text().contains("sent by Ana") && refused.body.contains("name=\"again\""));
        let again = [("people", "1"), ("emergency", "yes"), ("again", "yes")];
        decide(&world, &mut ana, &place, "confirm", &again).await.leads_to();
        assert_eq!(1, passes(&mut world, TimeDelta::minutes(1)).await.len());
    })
    .await;
}

#[tokio::test]
async fn a_recall_reaches_every_mother_of_one_state() {
    on_both(async |database| {
        let mut world = world(&database).await;
        enrolls(&mut world, AMY, "10001").await;
        enrolls(&mut world, BEA, "90001").await;
        // Nobody knows where she lives.
        enrolls(&mut world, CAT, "SKIP").await;
        let mut ana = at_console(&world, "Ana", Some(US), 1_000).await;
        let refused = ana.post(NEW, &form(&[("area", "XX")])).await;
        assert_eq!(422, refused.status);
        assert!(refused.text().contains("No state or region is known by this. Known are: AK, AL"));
        // By a ZIP code of it as well as by its code.
        for typed in ["ny", "10001"] {
            let place = write(&mut world, &mut ana, &[("area", typed)]).await;
            let text = ana.get(&place).await.ok().text();
            assert!(text.contains("living in NY") && text.contains("People 1 SMS 1"), "{text}");
            assert!(text.contains("nobody knows whether they live there 1"), "{text}");
        }
        let place = write(&mut world, &mut ana, &[("area", "NY"), ("unplaced", "yes")]).await;
        assert!(ana.get(&place).await.ok().text().contains("Send it to 2 people"));
        decide(&world, &mut ana, &place, "confirm", &[("people", "2")]).await.leads_to();
        assert_eq!(2, until(&mut world, "2026-11-24T20:00:00-05:00").await.len());
        let to = "SELECT COUNT(*) FROM history WHERE kind = 'broadcast' AND phone <> '+12025550142'";
        assert_eq!(2, count(&database, to).await);
    })
    .await;
}

#[tokio::test]
async fn its_results_are_counted_up() {
    on_both(async |database| {
        let mut world = world(&database).await;
        for her in [AMY, BEA, CAT] {
            enrolls(&mut world, her, "10001").await;
        }
        passes(&mut world, TimeDelta::hours(3)).await;
        let mut ana = at_console(&world, "Ana", Some(US), 1_000).await;
        let (from, until) = (world.now(), world.now() + TimeDelta::minutes(10));
        world.add_fault(Fault { from, until, kind: FaultKind::Undelivered });
        let place = write(&mut world, &mut ana, &[("emergency", "yes")]).await;
        decide(&world, &mut ana, &place, "confirm", &[("people", "3"), ("emergency", "yes")])
            .await
            .leads_to();
        passes(&mut world, TimeDelta::minutes(1)).await;
        writes(&mut world, AMY, &["STOP"]).await;
        writes(&mut world, BEA, &["Thank you! Which shop has Brand Z then?"]).await;
        passes(&mut world, TimeDelta::minutes(3)).await;
        let page = ana.get(&place).await.ok().text();
        assert!(page.contains("3 of 3 have left") && page.contains("Failed 3"), "{page}");
        assert!(page.contains("STOP within a day 1") && page.contains("Wrote within a day 2"), "{page}");
        assert!(page.contains("Why texts failed"), "{page}");
        assert!(page.contains("This code is new to us"), "a code is explained as elsewhere: {page}");
        let list = ana.get("/console/broadcasts").await.ok().text();
        assert!(list.contains("A recall of infant formula") && list.contains("3 of 3"), "{list}");
    })
    .await;
}

#[tokio::test]
async fn another_programs_broadcast_is_not_there() {
    on_both(async |database| {
        let mut world = world(&database).await;
        enrolls(&mut world, AMY, "10001").await;
        let mut ana = at_console(&world, "Ana", Some(US), 1_000).await;
        let mut vera = at_console(&world, "Vera", Some(RUSSIA), 1_000).await;
        let mut olga = at_console(&world, "Olga", None, 1_000).await;
        let place = write(&mut world, &mut ana, &[]).await;
        assert_eq!(404, vera.get(&place).await.status);
        for part in ["confirm", "approve", "stop", "withdraw", "count", "edit"] {
            assert_eq!(404, vera.post(&format!("{place}/{part}"), &[("people", "1")]).await.status, "{part}");
        }
        let tried = "SELECT COUNT(*) FROM audit WHERE action = 'refused' AND actor = 'Vera'";
        assert_eq!(7, count(&database, tried).await);
        assert!(!vera.get("/console/broadcasts").await.ok().text().contains("infant formula"));
        // Nor does she write to another program, or to every one.
        for program in [US, "*"] {
            let refused = vera.post(NEW, &form(&[("program", program)])).await;
            assert_eq!(422, refused.status);
            assert!(refused.text().contains("Choose a program that you work for"));
        }
        // One to every program is for who may everywhere.
        let all = write(&mut world, &mut olga, &[("program", "*"), ("words-ru", "Вода плохая.")]).await;
        assert_eq!(404, ana.get(&all).await.status);
        assert!(olga.get(&all).await.ok().text().contains("Every program"));
        assert!(olga.get(&place).await.ok().text().contains("infant formula"));
        let mut desk = Browser::signed_in(world.service(), &[Role::Helpdesk]).await;
        assert_eq!(403, desk.get("/console/broadcasts").await.status);
        assert_eq!(403, desk.post(NEW, &form(&[])).await.status);
        assert_eq!(403, desk.post(&format!("{place}/stop"), &[]).await.status);
    })
    .await;
}

/// What a field of a form that is shown again holds.
fn kept(page: &Page, name: &str) -> String {
    let field = format!("name=\"{name}\"");
    let at = page.body.find(&field).unwrap_or_else(|| panic!("no field {name}"));
    let start = page.body[..at].rfind('<').expect("an element");
    let (element, after) = page.body[start..].split_once('>').expect("an element");
    let value = |text: &str| {
        text.split("value=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap_or_default().to_owned()
    };
    match element.split(' ').next() {
        Some("<textarea") => after.split("</textarea>").next().unwrap_or_default().trim().to_owned(),
        Some("<select") => {
            let options = after.split("</select>").next().unwrap_or_default().split("<option").skip(1);
            options.filter(|option| option.contains(" selected")).map(value).collect()
        }
        _ if element.contains("checkbox") => {
            if element.contains(" checked") {
                value(element)
            } else {
                String::new()
            }
        }
        _ => value(element),
    }
}

#[tokio::test]
async fn what_makes_no_sense_is_said_beside_the_field_and_kept() {
    on_both(async |database| {
        let world = world(&database).await;
        let mut ana = at_console(&world, "Ana", Some(US), 1_000).await;
        let long = "long words ".repeat(60);
        for (more, said) in [
            (vec![("why", "")], "Say why it is sent"),
            (vec![("words-en", "")], "Write it in one language at least"),
            (vec![("words-en", "Dear {name}")], "Nobody fills in"),
            (vec![("words-es", &*long)], "Make it 3 or fewer"),
            (vec![("from", "x"), ("track", "baby")], "a number from 0 to 60"),
            (vec![("from", "20"), ("to", "10"), ("track", "pregnancy")], "The last week is before the first"),
            (vec![("from", "20")], "Choose pregnant or with a baby first"),
            (vec![("after-loss", "yes"), ("track", "baby")], "After a loss there is no stage"),
        ] {
            let page = ana.post(NEW, &form(&more)).await;
            assert_eq!(422, page.status, "{said}");
            assert!(page.text().contains(said), "{said}: {}", page.text());
            for (name, typed) in more {
                assert_eq!(typed.trim(), kept(&page, name), "{name} is kept");
            }
        }
        let script = form(&[("why", "<script>alert(1)</script>"), ("words-en", "<b>Boil</b> your water.")]);
        let place = ana.post(NEW, &script).await.leads_to();
        let page = ana.get(&place).await.ok();
        assert!(!page.body.contains("<script>alert") && !page.body.contains("<b>Boil"), "{}", page.body);
    })
    .await;
}
