//! Who gets in, who does not, and how long it lasts.

use chrono::TimeDelta;
use motherline::domain::role::{Grant, Role};
use motherline::flows::Service;
use motherline::flows::accounts::{self, NotIn, Whence};
use motherline::store::accounts as store;
use motherline::web::console::Settings;
use tokio::task::JoinSet;
use totp_rs::{Builder, Secret};

use super::world;
use crate::dispatcher::count;
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
        let mut at_home = Browser::new(world.service());
        at_home.enter(&email).await;
        let guess = async |browser: &mut Browser, email: &str, password: &str| {
            let page = browser.post("/console/sign-in", &[("email", email), ("password", password)]).await;
            (page.status, page.text())
        };
        let stranger = |last: u8| {
            let mut browser = Browser::new(world.service());
            browser.from = ([192, 0, 2, last], 40_000).into();
            browser
        };
        for _ in 0..6 {
            let (status, said) = guess(&mut stranger(1), &email, "four quiet blue heron").await;
            assert_eq!(422, status);
            assert!(said.contains("The e-mail address or the password is wrong."), "{said}");
        }
        // Right by now, and still refused.
        let (status, said) = guess(&mut stranger(1), &email, PASSWORD).await;
        assert_eq!(422, status);
        assert!(said.contains("Too many tries failed"), "{said}");
        // Elsewhere she signs in, and others from there.
        assert_eq!(303, guess(&mut stranger(2), &email, PASSWORD).await.0);
        let bea = let_in(world.service(), "Bea", administrator()).await;
        assert_eq!(303, guess(&mut stranger(1), &bea, PASSWORD).await.0);
        // Too many accounts from one address; too many addresses for one account.
        let failed = async |email: &str, place: &str| {
            let mut tx = database.begin().await.expect("a transaction");
            let (id, now) = (world.service().id(), world.now());
            store::failed(&mut tx, id, &email.to_lowercase(), place, now).await.expect("a failed try");
            tx.commit().await.expect("written");
        };
        for number in 0..40 {
            failed(&format!("nobody{number}@example.org"), "192.0.2.1").await;
            failed(&email, &format!("198.51.100.{number}")).await;
        }
        assert_eq!(422, guess(&mut stranger(1), &bea, PASSWORD).await.0);
        assert_eq!(303, guess(&mut stranger(3), &bea, PASSWORD).await.0);
        assert_eq!(422, guess(&mut stranger(3), &email, PASSWORD).await.0);
        // A browser in which she signed in before is let try, and no other one's word helps it.
        assert_eq!(303, guess(&mut at_home, &email, PASSWORD).await.0);
        for _ in 0..6 {
            assert_eq!(422, guess(&mut at_home, &email, "four quiet blue heron").await.0);
        }
        let (_, said) = guess(&mut at_home, &email, PASSWORD).await;
        assert!(said.contains("Too many tries failed"), "{said}");
        // No account is told apart from none, and no address stands in the audit.
        let told = "SELECT COUNT(*) FROM audit WHERE action = 'sign-in failed' AND detail LIKE '%@%'";
        assert_eq!(0, count(&database, told).await);
    })
    .await;
}

#[tokio::test]
async fn as_many_tries_at_once_are_no_more_than_one_after_the_other() {
    on_both(async |database| {
        let world = world(&database).await;
        let service = world.service();
        let email = let_in(service, "Ana", administrator()).await;
        let at_home = Whence::new(service, "192.0.2.1", None);
        let account = accounts::sign_in(service, &email, PASSWORD, &at_home).await.expect("she is in");
        let (mut passwords, mut codes) = (JoinSet::new(), JoinSet::new());
        for _ in 0..40 {
            let (service, email, account) = (service.clone(), email.clone(), account.clone());
            let whence = Whence::new(&service, "192.0.2.9", None);
            let (other, from) = (service.clone(), whence.clone());
            passwords
                .spawn(async move { accounts::sign_in(&other, &email, "guessed", &from).await.map(|_| ()) });
            codes.spawn(async move { accounts::check_code(&service, &account, "000000", &whence).await });
        }
        for tried in [passwords, codes] {
            let tried = tried.join_all().await;
            let weighed = tried.iter().filter(|done| matches!(done, Err(NotIn::Wrong))).count();
            let refused = tried.iter().filter(|done| matches!(done, Err(NotIn::TooMany))).count();
            assert_eq!((6, 34), (weighed, refused), "{tried:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_code_is_asked_for_and_good_once() {
    on_both(async |database| {
        let mut world = world(&database).await;
        let mut browser = Browser::signed_in(world.service(), &[Role::Administrator]).await;
        let mut stale = Browser::new(world.service());
        stale.enter("administrator@example.org").await;
        // A browser left open is not enough.
        let begin = "/console/me/codes/begin";
        let page = browser.post(begin, &[("codes-present", "guessed")]).await;
        assert_eq!(422, page.status);
        assert!(page.body.contains("id=\"codes-present-fault\""), "beside its field: {}", page.text());
        assert_eq!("/console/me", browser.get("/console/me/codes").await.leads_to());
        let present = [("codes-present", PASSWORD)];
        assert_eq!("/console/me/codes", browser.post(begin, &present).await.leads_to());
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
        let taken = browser.clone();
        assert_eq!("/console/me", browser.post("/console/me/codes", &[("code", &first)]).await.leads_to());
        let stored = "SELECT COUNT(*) FROM accounts WHERE totp IS NOT NULL";
        assert_eq!(1, count(&database, stored).await);
        assert_eq!(303, stale.get("/console/me").await.status, "other sessions ended");
        assert_eq!(303, taken.clone().get("/console/me").await.status, "the old cookie is worth nothing");
        browser.learn_token().await;
        assert_eq!("/console/me", browser.post(begin, &present).await.leads_to());
        assert_eq!(
            "/console/me",
            browser.get("/console/me/codes").await.leads_to(),
            "none takes their place"
        );

        let mut other = Browser::new(world.service());
        let form = [("email", "administrator@example.org"), ("password", PASSWORD)];
        let place = other.post("/console/sign-in", &form).await.leads_to();
        assert!(place.starts_with("/console/sign-in/code"), "{place}");
        assert_eq!(303, other.get("/console/audit").await.status, "a password alone lets nobody in");
        let used = other.post("/console/sign-in/code", &[("code", &first)]).await;
        assert_eq!(422, used.status, "used before");
        assert!(used.body.contains("id=\"code-fault\""), "beside its field: {}", used.text());
        let then = world.now() + TimeDelta::minutes(1);
        world.advance_to(then).await.expect("time passes");
        let next = code(world.service());
        assert_eq!(303, other.post("/console/sign-in/code", &[("code", &next)]).await.status);
        other.get("/console/audit").await.ok();

        // Who owes a code is out with all others when the password is another one.
        let mut half = Browser::new(world.service());
        half.post("/console/sign-in", &form).await.leads_to();
        let changed = [
            ("present", PASSWORD),
            ("password", "seven wet paper boats"),
            ("again", "seven wet paper boats"),
        ];
        assert_eq!("/console/me", browser.post("/console/me/password", &changed).await.leads_to());
        assert_eq!("/console/sign-in", half.get("/console/sign-in/code").await.leads_to());
        // Off again, for who knows the password.
        browser.learn_token().await;
        let off = "/console/me/codes/off";
        let page = browser.post(off, &[("codes-present", PASSWORD)]).await;
        assert!(page.body.contains("id=\"codes-present-fault\""), "beside its field: {}", page.text());
        let off = browser.post(off, &[("codes-present", "seven wet paper boats")]).await;
        assert_eq!("/console/me", off.leads_to());
        assert_eq!(0, count(&database, stored).await);
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
        let old = [("email", "zoe@example.org"), ("password", "seven wet paper boats")];
        assert_eq!(422, Browser::new(world.service()).post("/console/sign-in", &old).await.status);
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
        let begun = world.now();
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

        // Who found a browser open does not guess the password for ever, nor keeps the cookie that they took.
        let change = async |browser: &mut Browser, present: &str| {
            let new = ("password", "seven wet paper boats");
            let form = [("present", present), new, ("again", new.1)];
            browser.post("/console/me/password", &form).await
        };
        for _ in 0..6 {
            let page = change(&mut here, "guessed").await;
            assert!(page.text().contains("This is not your current password."), "{}", page.text());
        }
        let page = change(&mut here, PASSWORD).await;
        assert!(page.text().contains("Too many tries failed"), "{}", page.text());
        let then = world.now() + TimeDelta::minutes(16);
        world.advance_to(then).await.expect("time passes");
        let mut taken = here.clone();
        assert_eq!("/console/me", change(&mut here, PASSWORD).await.leads_to());
        assert_eq!(303, taken.get("/console/me").await.status);
        let page = here.get("/console/me").await.ok();
        assert!(page.text().contains("Your password is changed"), "{}", page.text());

        // Another name gives a session no more time.
        let then = begun + TimeDelta::hours(12) - TimeDelta::seconds(1);
        world.advance_to(then).await.expect("time passes");
        here.get("/console/me").await.ok();
        world.advance_to(begun + TimeDelta::hours(12)).await.expect("time passes");
        assert_eq!(303, here.get("/console/me").await.status, "twelve hours are all");
    })
    .await;
}

#[tokio::test]
async fn an_unused_session_ends_and_what_asks_by_itself_is_no_use() {
    on_both(async |database| {
        let mut world = world(&database).await;
        let email = let_in(world.service(), "Ana", administrator()).await;
        let mut browser = Browser::exactly(world.service(), Settings::default());
        browser.enter(&email).await;
        // A page that is only looked at writes nothing.
        let looked = browser.get("/console/me").await.ok();
        assert!(!looked.headers.contains_key("set-cookie"), "{:?}", looked.headers);
        let mut pass = async |minutes: i64| {
            let then = world.now() + TimeDelta::minutes(minutes);
            world.advance_to(then).await.expect("time passes");
        };
        pass(2).await;
        let used = "SELECT COUNT(*) FROM sessions WHERE seen_at > began_at";
        browser.get("/console/overview/live").await.ok();
        assert_eq!(0, count(&database, used).await);
        // Whoever types is there.
        let words = [("counted", "words"), ("words", "Your baby’s heart")];
        let counted = browser.post("/console/segments/live", &words).await.ok();
        assert!(counted.text().contains("These make it cost more"), "{}", counted.text());
        assert_eq!(1, count(&database, used).await);
        for _ in 0..3 {
            pass(29).await;
            browser.get("/console/me").await.ok();
        }
        pass(29).await;
        browser.get("/console/overview/live").await.ok();
        pass(1).await;
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
        // The last one who can let others in stays; who was only invited lets nobody in yet.
        let bea =
            [("name", "Bea"), ("email", "bea@example.org"), ("language", "en"), ("grant", "administrator:*")];
        admin.post("/console/accounts", &bea).await.ok();
        let own = format!("/console/accounts/{}/close", id("administrator"));
        let page = admin.post(&own, &[]).await;
        assert_eq!(422, page.status);
        assert!(page.text().contains("Nobody would be left"), "{}", page.text());
        let none = admin.post(&own.replace("/close", "/roles"), &[("grant", "viewer:*")]).await;
        assert_eq!(422, none.status);
        assert!(none.body.contains("value=\"viewer:*\" checked"), "what was ticked is kept");
        assert_eq!(422, admin.post(&own.replace("/close", "/link"), &[]).await.status);
        admin.get("/console/accounts").await.ok();
    })
    .await;
}
