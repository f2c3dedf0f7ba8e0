//! Who is signed out in the midst of their work loses nothing, and is led back to where they were.

use chrono::TimeDelta;
use motherline::domain::phone::PhoneNumber;
use motherline::domain::role::{Grant, Role};
use motherline::store::mothers;

use super::{world, writes};
use crate::dispatcher::count;
use crate::support::console::{Browser, PASSWORD, Page, let_in};
use crate::support::engines::on_both;

const SAVED: &str = "SELECT COUNT(*) FROM saved_replies WHERE body LIKE 'Drink a glass%'";

#[tokio::test]
async fn what_was_typed_when_the_session_ended_is_sent_after_signing_in() {
    on_both(async |database| {
        let mut world = world(&database).await;
        let mut browser = Browser::signed_in(world.service(), &[Role::Helpdesk]).await;
        let then = world.now() + TimeDelta::hours(13);
        world.advance_to(then).await.expect("time passes");
        let form = [
            ("for", "text4baby-us en"),
            ("title", "Water"),
            ("words", "Drink a glass of <b>water</b>.\r\nAnd \"rest\"."),
        ];
        let page = browser.post_from("/console/inbox/replies", "/console/inbox/replies", &form).await;
        assert_eq!(403, page.status);
        assert!(page.text().contains("what you typed is kept"), "{}", page.text());
        assert!(!page.body.contains("Drink"), "nobody reads it there: {}", page.body);
        let kept = page.hidden("kept");
        let page = signs_in(&mut browser, "helpdesk", "guessed", &kept).await;
        assert_eq!(422, page.status);
        // Who owes a code and was too slow begins anew, with all of it.
        let code = [("kept", &*page.hidden("kept")), ("code", "123456"), ("next", "/console/inbox")];
        let page = browser.post("/console/sign-in/code", &code).await;
        assert_eq!((422, "/console/inbox"), (page.status, &*page.hidden("next")));
        assert!(page.text().contains("That took too long"), "{}", page.text());
        let page = signs_in(&mut browser, "helpdesk", PASSWORD, &page.hidden("kept")).await.ok();
        let text = page.text();
        assert!(
            text.contains("Keep a saved reply Program and language text4baby-us en Name Water"),
            "{text}"
        );
        assert!(text.contains("Words Drink a glass of <b>water</b>."), "{text}");
        assert!(page.body.contains("action=\"/console/inbox/replies\""), "{}", page.body);
        assert_eq!(0, count(&database, SAVED).await, "nobody sends it but they");
        browser.learn_token().await;
        let again: Vec<_> = ["for", "title", "words"].map(|name| (name, page.hidden(name))).to_vec();
        let again: Vec<(&str, &str)> = again.iter().map(|(name, value)| (*name, &**value)).collect();
        assert_eq!(form[2].1, again[2].1);
        browser.post("/console/inbox/replies", &again).await.leads_to();
        assert_eq!(1, count(&database, SAVED).await);
    })
    .await;
}

#[tokio::test]
async fn a_form_of_an_earlier_session_is_shown_to_be_sent_again() {
    on_both(async |database| {
        let world = world(&database).await;
        let mut browser = Browser::signed_in(world.service(), &[Role::Helpdesk]).await;
        let mut other_tab = browser.clone();
        // In another tab they signed in anew: the cookie is the browser's, the form is the old one.
        other_tab.enter("helpdesk@example.org").await;
        browser.take_cookies(&other_tab);
        let form = [("for", "text4baby-us en"), ("title", "Water"), ("words", "Drink a glass of water.")];
        let page = browser.post_from("/console/inbox/replies", "/console/inbox/replies", &form).await;
        assert_eq!(403, page.status);
        assert!(page.text().contains("What you typed is still here"), "{}", page.text());
        assert!(page.text().contains("Drink a glass of water."), "{}", page.text());
        // Somebody else signed in there: to them it is neither shown nor sent in their name.
        let ben = [Grant { role: Role::Administrator, program: None }].to_vec();
        let bens = Browser::granted(world.service(), "Ben", ben).await;
        let mut anas = browser.clone();
        anas.take_cookies(&bens);
        let page = anas.post_from("/console/inbox/replies", "/console/inbox/replies", &form).await;
        assert_eq!(403, page.status);
        assert!(page.text().contains("Somebody else typed this"), "{}", page.text());
        assert!(
            !page.body.contains("Drink a glass") && !page.body.contains("name=\"token\""),
            "{}",
            page.body
        );
        // Nothing of it where a browser does not say that it came from a page of ours, and no password ever.
        let page = browser.post("/console/inbox/replies", &form).await;
        assert!(!page.body.contains("Drink a glass"), "{}", page.body);
        let secret = [("present", "guessed again"), ("password", "seven wet paper boats")];
        let page = browser.post_from("/console/me", "/console/me/password", &secret).await;
        assert!(page.status == 403 && !page.body.contains("paper boats"), "{}", page.body);
        assert_eq!(0, count(&database, SAVED).await);
    })
    .await;
}

/// Signs in where something is carried.
async fn signs_in(browser: &mut Browser, name: &str, password: &str, kept: &str) -> Page {
    let email = format!("{name}@example.org");
    browser.post("/console/sign-in", &[("kept", kept), ("email", &email), ("password", password)]).await
}

#[tokio::test]
async fn what_was_confirmed_is_looked_at_anew_and_by_nobody_else() {
    on_both(async |database| {
        let mut world = world(&database).await;
        writes(&mut world, "+12025550141", &["BABY", "April 12, 2027", "YES", "10001"]).await;
        let mut tx = database.read().await.expect("a look");
        let number = PhoneNumber::from_e164("+12025550141").expect("a number");
        let her = mothers::by_phone(&mut tx, &number).await.expect("a look").expect("she is known").id;
        drop(tx);
        let mut browser = Browser::signed_in(world.service(), &[Role::Operator]).await;
        let ben = [Grant { role: Role::Operator, program: None }].to_vec();
        let_in(world.service(), "Ben", ben).await;
        let path = format!("/console/mothers/{her}/do/erase");
        let why = ("why", "she phoned and asked");
        let page = browser.post(&path, &[why]).await.ok();
        assert!(page.body.contains("novalidate data-keep"), "{}", page.body);
        let sure = [why, ("seen", &*page.hidden("seen")), ("confirm", "yes"), ("sure", "yes")];
        let then = world.now() + TimeDelta::hours(13);
        world.advance_to(then).await.expect("time passes");
        let kept = browser.post_from(&path, &path, &sure).await.hidden("kept");
        let page = signs_in(&mut browser.clone(), "Ben", PASSWORD, &kept).await.ok();
        assert!(page.text().contains("Somebody else typed this"), "{}", page.text());
        assert!(!page.body.contains("she phoned") && !page.body.contains("do/erase"), "{}", page.body);
        let page = signs_in(&mut browser, "operator", PASSWORD, &kept).await.ok();
        let text = page.text();
        assert!(text.contains("Done for her: Erase her data Why she phoned and asked"), "{text}");
        assert!(!page.body.contains("\"confirm\"") && !page.body.contains("\"sure\""), "{}", page.body);
        let again = [("why", &*page.hidden("why")), ("seen", &*page.hidden("seen"))];
        browser.learn_token().await;
        let page = browser.post(&path, &again).await.ok();
        assert!(page.text().contains("This will be done"), "{}", page.text());
        assert_eq!(1, count(&database, "SELECT COUNT(*) FROM subscribers").await, "nothing was done");
        // A broadcast is confirmed on its own page alone.
        browser.post("/console/sign-out", &[]).await.leads_to();
        let place = format!("/console/broadcasts/{her}");
        let shown = [("people", "2"), ("shown", "x"), ("again", "yes")];
        for what in ["confirm", "approve"] {
            let page = browser.post_from(&place, &format!("{place}/{what}"), &shown).await;
            assert!(page.leads_to().starts_with("/console/sign-in"));
        }
    })
    .await;
}

#[tokio::test]
async fn a_live_part_beside_what_is_typed_says_that_the_session_ended() {
    on_both(async |database| {
        let world = world(&database).await;
        let mut browser = Browser::new(world.service());
        let here = [("hx-request", "true"), ("hx-current-url", "http://console.example/console/inbox/x")];
        for path in ["/console/inbox/x/live?seen=1", "/console/library/tips/x/others/live"] {
            let page = browser.get_with(path, &here).await;
            assert_eq!((286, None), (page.status, page.headers.get("hx-redirect")), "{path}");
            assert_eq!("innerHTML", page.headers.get("hx-reswap").expect("where"), "{path}");
            assert!(page.text().contains("What you typed is still here"), "{}", page.text());
        }
        let page = browser.post_with("/console/segments/live", &here).await.ok();
        assert!(page.headers.get("hx-redirect").is_none() && page.text().contains("send it, then sign in"));
        let spanish = [here[0], here[1], ("accept-language", "es")];
        let page = browser.post_with("/console/segments/live", &spanish).await.ok();
        assert!(page.text().contains("Lo que escribió sigue aquí"), "{}", page.text());
    })
    .await;
}

#[tokio::test]
async fn a_live_part_takes_the_whole_page_to_sign_in_and_back() {
    on_both(async |database| {
        let world = world(&database).await;
        let mut browser = Browser::new(world.service());
        let here = "http://console.example/console/overview?range=7d";
        let live = [("hx-request", "true"), ("hx-current-url", here)];
        let page = browser.get_with("/console/overview/live?range=7d", &live).await;
        let place = page.headers.get("hx-redirect").expect("a place").to_str().expect("words");
        assert_eq!((204, "/console/sign-in?next=%2Fconsole%2Foverview%3Frange%3D7d"), (page.status, place));
        let elsewhere = [("hx-request", "true"), ("hx-current-url", "https://example.org/elsewhere")];
        let page = browser.get_with("/console/overview/live", &elsewhere).await;
        let place = page.headers.get("hx-redirect").expect("a place");
        assert_eq!("/console/sign-in?next=%2Fconsole", place);
        // A part of a page is no page to come back to.
        let mut browser = Browser::signed_in(world.service(), &[Role::Viewer]).await;
        browser.post("/console/sign-out", &[]).await.leads_to();
        let next = ("next", "/console/overview/live?range=7d");
        let form = [next, ("email", "viewer@example.org"), ("password", PASSWORD)];
        assert_eq!("/console", browser.post("/console/sign-in", &form).await.leads_to());
    })
    .await;
}

#[tokio::test]
async fn another_language_is_of_the_same_page() {
    on_both(async |database| {
        let world = world(&database).await;
        let mut browser = Browser::signed_in(world.service(), &[Role::Administrator]).await;
        let page = browser.get("/console/audit?who=all&day=2026-11-23").await.ok();
        assert_eq!("/console/audit?who=all&day=2026-11-23", page.hidden("next"));
        let spanish = [("language", "es"), ("next", &*page.hidden("next"))];
        let place = browser.post("/console/language", &spanish).await.leads_to();
        assert_eq!("/console/audit?who=all&day=2026-11-23", place);
        // A form leads to an address that has no page.
        let wrong = [("present", "guessed"), ("password", "x"), ("again", "x")];
        let page = browser.post_from("/console/me?from=menu", "/console/me/password", &wrong).await;
        assert_eq!((422, "/console/me?from=menu"), (page.status, &*page.hidden("next")));
        assert_eq!("/console/me", browser.get("/console/me/password").await.leads_to());
        // So does signing in anew where an answer was refused.
        let item = "/console/inbox/0199a0b0-0000-7000-8000-000000000000";
        assert_eq!(item, browser.get(&format!("{item}/answer")).await.leads_to());
        // Before anybody is signed in, where they wanted to go stays.
        let page = Browser::new(world.service()).get("/console/sign-in?next=%2Fconsole%2Finbox").await.ok();
        assert!(page.body.contains("value=\"/console/sign-in?next=%2Fconsole%2Finbox\""), "{}", page.body);
    })
    .await;
}
