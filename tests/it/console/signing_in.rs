//! Who gets in, who does not, and how long it lasts.

use motherline::domain::role::{Grant, Role};
use motherline::store::Database;
use motherline::worker::rehearsal::World;

use crate::conversation::{RUSSIA, SCRIPT, US, at};
use crate::support::console::{Browser, PASSWORD, let_in};
use crate::support::engines::on_both;

async fn world(database: &Database) -> World {
    let programs = vec![US.to_owned(), RUSSIA.to_owned()];
    World::new(database.clone(), &SCRIPT, programs, at("2026-11-23T09:00:00-05:00"), 7)
        .await
        .expect("a world")
}

fn administrator() -> Vec<Grant> {
    vec![Grant { role: Role::Administrator, program: None }]
}

#[tokio::test]
async fn who_is_not_signed_in_is_asked_to_and_comes_back() {
    on_both(async |database| {
        let world = world(&database).await;
        let mut browser = Browser::new(world.service());
        let email = let_in(world.service(), "Ana", administrator()).await;
        let place = browser.get("/console/audit?who=all").await.leads_to();
        assert_eq!("/console/sign-in?next=%2Fconsole%2Faudit%3Fwho%3Dall", place);
        let form = [("email", &*email), ("password", PASSWORD), ("next", "/console/audit?who=all")];
        let place = browser.post("/console/sign-in", &form).await.leads_to();
        assert_eq!("/console/audit?who=all", place);
        let page = browser.get(&place).await.ok();
        assert!(page.text().contains("sign in – from 127.0.0.1"), "{}", page.text());
    })
    .await;
}

#[tokio::test]
async fn a_form_without_its_proof_does_nothing() {
    on_both(async |database| {
        let world = world(&database).await;
        let mut browser = Browser::signed_in(world.service(), &[Role::Administrator]).await;
        let page = browser.send_form("/console/sign-out", "token=guessed".to_owned()).await;
        assert_eq!(403, page.status);
        browser.get("/console/audit").await.ok();
        assert_eq!("/console/sign-in?out=1", browser.post("/console/sign-out", &[]).await.leads_to());
        assert_eq!(303, browser.get("/console/audit").await.status);
    })
    .await;
}
