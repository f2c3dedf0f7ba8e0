//! Who gets in, who does not, and how long it lasts.

use chrono::TimeDelta;
use motherline::domain::role::{Grant, Role};
use motherline::flows::Service;
use motherline::flows::accounts;
use totp_rs::{Builder, Secret};

use super::world;
use crate::dispatcher::{count, execute};
use crate::support::console::{Browser, PASSWORD, let_in};
use crate::support::engines::on_both;

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
        assert!(page.text().contains("signed in from 127.0.0.1"), "{}", page.text());
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
        assert!(page.text().contains("Nothing was changed"), "{}", page.text());
        browser.get("/console/audit").await.ok();
        assert_eq!("/console/sign-in?out=1", browser.post("/console/sign-out", &[]).await.leads_to());
        assert_eq!(303, browser.get("/console/audit").await.status);
    })
    .await;
}

#[tokio::test]
async fn a_form_from_another_site_does_nothing() {
    on_both(async |database| {
        let world = world(&database).await;
        let mut browser = Browser::signed_in(world.service(), &[Role::Administrator]).await;
        for (name, value) in [("sec-fetch-site", "cross-site"), ("origin", "https://evil.example")] {
            let page =
                browser.post_with("/console/sign-out", &[("host", "console.example"), (name, value)]).await;
            assert_eq!(403, page.status, "{name}");
        }
        let ours = [("host", "console.example"), ("origin", "https://console.example")];
        assert_eq!(303, browser.post_with("/console/sign-out", &ours).await.status);
    })
    .await;
}

#[tokio::test]
async fn who_guesses_is_slowed_down_by_account_and_by_address() {
    on_both(async |database| {
        let world = world(&database).await;
        let email = let_in(world.service(), "Ana", administrator()).await;
        let mut browser = Browser::new(world.service());
        let guess = async |browser: &mut Browser, email: &str, password: &str| {
            let page = browser.post("/console/sign-in", &[("email", email), ("password", password)]).await;
            (page.status, page.text())
        };
        for _ in 0..6 {
            let (status, said) = guess(&mut browser, &email, "four quiet blue heron").await;
            assert_eq!(422, status);
            assert!(said.contains("The e-mail address or the password is wrong."), "{said}");
        }
        // Right by now, and still refused.
        let (status, said) = guess(&mut browser, &email, PASSWORD).await;
        assert_eq!(422, status);
        assert!(said.contains("Too many tries failed"), "{said}");
        // Others sign in from there meanwhile, until too many accounts were tried.
        let bea = let_in(world.service(), "Bea", administrator()).await;
        assert_eq!(303, guess(&mut browser, &bea, PASSWORD).await.0);
        for number in 0..24 {
            guess(&mut browser, &format!("nobody{number}@example.org"), PASSWORD).await;
        }
        assert_eq!(422, guess(&mut browser, &bea, PASSWORD).await.0);
        browser.from = ([192, 0, 2, 7], 40_000).into();
        assert_eq!(303, guess(&mut browser, &bea, PASSWORD).await.0);
        // No account is told apart from none, and no address stands in the audit.
        let told = "SELECT COUNT(*) FROM audit WHERE action = 'sign-in failed' AND detail LIKE '%@%'";
        assert_eq!(0, count(&database, told).await);
    })
    .await;
}

#[tokio::test]
async fn a_code_is_asked_for_and_good_once() {
    on_both(async |database| {
        let mut world = world(&database).await;
        let mut browser = Browser::signed_in(world.service(), &[Role::Administrator]).await;
        assert_eq!("/console/me/codes", browser.post("/console/me/codes/begin", &[]).await.leads_to());
        let page = browser.get("/console/me/codes").await.ok();
        let secret = page.body.split("<code>").nth(1).expect("a secret").split('<').next().expect("a secret");
        let code = |service: &Service| {
            let secret = Secret::try_from_base32(secret).expect("a secret");
            let totp = Builder::new().with_secret(secret).build().expect("codes");
            totp.generate(service.now().timestamp().unsigned_abs()).to_string()
        };
        let wrong = browser.post("/console/me/codes", &[("code", "000000")]).await;
        assert_eq!(422, wrong.status);
        let first = code(world.service());
        assert_eq!("/console/me", browser.post("/console/me/codes", &[("code", &first)]).await.leads_to());
        let stored = "SELECT COUNT(*) FROM accounts WHERE totp IS NOT NULL";
        assert_eq!(1, count(&database, stored).await);

        let mut other = Browser::new(world.service());
        let form = [("email", "administrator@example.org"), ("password", PASSWORD)];
        let place = other.post("/console/sign-in", &form).await.leads_to();
        assert!(place.starts_with("/console/sign-in/code"), "{place}");
        assert_eq!(303, other.get("/console/audit").await.status, "a password alone lets nobody in");
        assert_eq!(422, other.post("/console/sign-in/code", &[("code", &first)]).await.status, "used before");
        let then = world.now() + TimeDelta::minutes(1);
        world.advance_to(then).await.expect("time passes");
        let next = code(world.service());
        assert_eq!(303, other.post("/console/sign-in/code", &[("code", &next)]).await.status);
        other.get("/console/audit").await.ok();
    })
    .await;
}

#[tokio::test]
async fn an_invitation_is_good_once_and_not_for_long() {
    on_both(async |database| {
        let mut world = world(&database).await;
        let mut admin = Browser::signed_in(world.service(), &[Role::Administrator]).await;
        let form = [
            ("name", "Zoë <b>"),
            ("email", "zoe@example.org"),
            ("language", "es"),
            ("grant", "author:text4baby-us"),
        ];
        let page = admin.post("/console/accounts", &form).await.ok();
        assert!(page.text().contains("Give Zoë <b> this link"), "{}", page.text());
        let link =
            page.body.split("/console/welcome/").nth(1).expect("a link").split('<').next().expect("a link");
        let link = format!("/console/welcome/{link}");
        let mut zoe = Browser::new(world.service());
        let short = zoe.post(&link, &[("password", "short"), ("again", "short")]).await;
        assert_eq!(422, short.status);
        let differ = zoe.post(&link, &[("password", "seven wet paper boats"), ("again", "other")]).await;
        assert!(differ.text().contains("The two are not the same."), "{}", differ.text());
        let words = [("password", "seven wet paper boats"), ("again", "seven wet paper boats")];
        assert_eq!("/console", zoe.post(&link, &words).await.leads_to());
        assert_eq!(410, Browser::new(world.service()).post(&link, &words).await.status);
        let page = zoe.get("/console/me").await.ok();
        assert!(page.text().contains("Su cuenta"), "in her language: {}", page.text());
        assert_eq!(403, zoe.get("/console/accounts").await.status);

        // A second link voids the first, and neither is good after three days.
        let id = admin.get("/console/accounts").await.ok();
        let people: Vec<&str> = id.body.split("/console/accounts/").skip(1).collect();
        let zoes =
            people.iter().find(|part| part.contains("Zoë")).expect("Zoë").split('"').next().expect("an id");
        let page = admin.post(&format!("/console/accounts/{zoes}/link"), &[]).await.ok();
        assert_eq!(303, zoe.get("/console/me").await.status, "her sessions ended");
        let link =
            page.body.split("/console/welcome/").nth(1).expect("a link").split('<').next().expect("a link");
        let then = world.now() + accounts::INVITED_FOR;
        world.advance_to(then).await.expect("time passes");
        assert_eq!(410, Browser::new(world.service()).get(&format!("/console/welcome/{link}")).await.status);
    })
    .await;
}

#[tokio::test]
async fn a_session_ends_when_told_to_and_after_its_time() {
    on_both(async |database| {
        let mut world = world(&database).await;
        let mut here = Browser::signed_in(world.service(), &[Role::Administrator]).await;
        let mut there = Browser::new(world.service());
        there.enter("administrator@example.org").await;
        let page = here.get("/console/me").await.ok();
        let session = page.body.split("name=\"session\" value=\"").nth(1).expect("another session");
        let session = session.split('"').next().expect("its name").to_owned();
        assert_eq!(
            "/console/me",
            here.post("/console/me/sessions", &[("session", &session)]).await.leads_to()
        );
        assert_eq!(303, there.get("/console/me").await.status);
        here.get("/console/me").await.ok();

        // The name in the cookie is not in the database.
        let then = world.now() + TimeDelta::hours(12) + TimeDelta::seconds(1);
        world.advance_to(then).await.expect("time passes");
        assert_eq!(303, here.get("/console/me").await.status, "twelve hours are all");
    })
    .await;
}

#[tokio::test]
async fn an_unused_session_ends_and_what_asks_by_itself_is_no_use() {
    on_both(async |database| {
        let mut world = world(&database).await;
        let mut browser = Browser::signed_in(world.service(), &[Role::Administrator]).await;
        let then = world.now() + TimeDelta::minutes(2);
        world.advance_to(then).await.expect("time passes");
        let used = "SELECT COUNT(*) FROM sessions WHERE seen_at > began_at";
        let words = [("counted", "words"), ("words", "Your baby’s heart")];
        let counted = browser.post("/console/segments/live", &words).await.ok();
        assert!(counted.text().contains("These make it cost more"), "{}", counted.text());
        assert_eq!(0, count(&database, used).await);
        browser.get("/console/me").await.ok();
        assert_eq!(1, count(&database, used).await);
        execute(&database, "UPDATE sessions SET expires_at = '2026-11-23T13:59:00+00:00'").await;
        assert_eq!(303, browser.get("/console/me").await.status);
    })
    .await;
}

#[tokio::test]
async fn who_is_shown_the_door_is_out_at_once() {
    on_both(async |database| {
        let world = world(&database).await;
        let mut admin = Browser::signed_in(world.service(), &[Role::Administrator]).await;
        let mut viewer = Browser::signed_in(world.service(), &[Role::Viewer]).await;
        let page = admin.get("/console/accounts").await.ok();
        let id = |name: &str| {
            let mut parts = page.body.split("href=\"/console/accounts/").skip(1);
            let part = parts.find(|part| part.contains(&format!("<bdi>{name}</bdi>"))).expect("a person");
            part.split('"').next().expect("an id").to_owned()
        };
        let close = format!("/console/accounts/{}/close", id("viewer"));
        assert_eq!(303, admin.post(&close, &[]).await.status);
        assert_eq!(303, viewer.get("/console/me").await.status);
        let form = [("email", "viewer@example.org"), ("password", PASSWORD)];
        assert_eq!(422, Browser::new(world.service()).post("/console/sign-in", &form).await.status);
        // The last one who can let others in stays.
        let own = format!("/console/accounts/{}/close", id("administrator"));
        let page = admin.post(&own, &[]).await;
        assert_eq!(422, page.status);
        assert!(page.text().contains("Nobody would be left"), "{}", page.text());
        let none = admin.post(&own.replace("/close", "/roles"), &[("grant", "viewer:*")]).await;
        assert_eq!(422, none.status);
        admin.get("/console/accounts").await.ok();
    })
    .await;
}

#[tokio::test]
async fn an_administrator_of_one_program_gives_nothing_beyond_it() {
    on_both(async |database| {
        let world = world(&database).await;
        let own = Grant { role: Role::Administrator, program: Some("text4baby-us".to_owned()) };
        let mut admin = Browser::granted(world.service(), "Lena", vec![own]).await;
        let beyond =
            [("name", "Eve"), ("email", "eve@example.org"), ("language", "en"), ("grant", "administrator:*")];
        let page = admin.post("/console/accounts", &beyond).await;
        assert_eq!(422, page.status);
        assert!(page.text().contains("Choose at least one role."), "{}", page.text());
        assert!(page.body.contains("value=\"eve@example.org\""), "what was typed is kept");
        let other = Grant { role: Role::Viewer, program: Some("text4baby-russia".to_owned()) };
        let_in(world.service(), "Ivan", vec![other]).await;
        let page = admin.get("/console/accounts").await.ok();
        let part = page.body.split("href=\"/console/accounts/").find(|part| part.contains("<bdi>Ivan</bdi>"));
        let id = part.expect("Ivan").split('"').next().expect("an id");
        assert_eq!(403, admin.post(&format!("/console/accounts/{id}/close"), &[]).await.status);
        let roles = format!("/console/accounts/{id}/roles");
        assert_eq!(303, admin.post(&roles, &[("grant", "author:text4baby-us")]).await.status);
        let kept = "SELECT COUNT(*) FROM grants WHERE role = 'viewer' AND program = 'text4baby-russia'";
        assert_eq!(1, count(&database, kept).await);
    })
    .await;
}
