//! Who is signed out in the midst of their work loses nothing, and is led back to where they were.

use chrono::TimeDelta;
use motherline::domain::role::Role;

use super::world;
use crate::dispatcher::count;
use crate::support::console::{Browser, PASSWORD};
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
        let (kept, to) = (page.hidden("kept"), page.hidden("kept-to"));
        assert!(!kept.contains("token"), "{kept}");
        let carried = [("kept", &*kept), ("kept-to", &*to), ("email", "helpdesk@example.org")];
        let mut wrong = carried.to_vec();
        wrong.push(("password", "guessed"));
        let page = browser.post("/console/sign-in", &wrong).await;
        assert_eq!((422, &kept), (page.status, &page.hidden("kept")), "it is carried on");
        let mut right = carried.to_vec();
        right.push(("password", PASSWORD));
        let page = browser.post("/console/sign-in", &right).await.ok();
        assert!(page.text().contains("Drink a glass of <b>water</b>."), "{}", page.text());
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
        let page = browser.get("/console/me/password").await;
        assert_eq!(405, page.status);
        assert!(page.text().contains("Aquí no hay nada"), "{}", page.text());
        let from = [("referer", "http://console.example/console/me/password")];
        assert_eq!("/console/me", browser.get_with("/console/me/password", &from).await.leads_to());
        // Before anybody is signed in, where they wanted to go stays.
        let page = Browser::new(world.service()).get("/console/sign-in?next=%2Fconsole%2Finbox").await.ok();
        assert!(page.body.contains("value=\"/console/sign-in?next=%2Fconsole%2Finbox\""), "{}", page.body);
    })
    .await;
}
