//! What surrounds every answer of the console: nothing is framed, cached or made to run, and a cookie goes nowhere else.

use motherline::domain::role::{Grant, Role};
use motherline::web::console::Settings;

use super::world;
use crate::dispatcher::count;
use crate::support::console::{Browser, PASSWORD, let_in};
use crate::support::engines::on_both;

#[tokio::test]
async fn nothing_runs_that_is_not_ours_and_nothing_is_kept() {
    on_both(async |database| {
        let world = world(&database).await;
        let mut browser = Browser::signed_in(world.service(), &[Role::Administrator]).await;
        for path in ["/console/me", "/console/sign-in", "/console/nowhere", "/console/welcome/nothing"] {
            let page = browser.get(path).await;
            let header =
                |name: &str| page.headers.get(name).map(|value| value.to_str().expect("words").to_owned());
            let policy = header("content-security-policy").expect("a policy");
            assert!(
                policy.starts_with("default-src 'none'; script-src 'self'; style-src 'self'"),
                "{path}: {policy}"
            );
            assert!(
                !policy.contains("unsafe") && policy.contains("frame-ancestors 'none'"),
                "{path}: {policy}"
            );
            assert_eq!(Some("nosniff".to_owned()), header("x-content-type-options"), "{path}");
            assert_eq!(Some("no-store".to_owned()), header("cache-control"), "{path}");
        }
        assert_eq!(404, browser.get("/console/nowhere").await.status);
        let damaged = browser.get("/console/accounts/not-an-id").await;
        assert_eq!(400, damaged.status);
        assert!(damaged.text().contains("The address or the form is damaged"), "{}", damaged.text());
        // The style and the scripts are kept by the browser, and asked about.
        let style = browser.get("/console/static/console.css").await.ok();
        assert!(style.headers.contains_key("etag"));
    })
    .await;
}

#[tokio::test]
async fn a_cookie_goes_by_https_alone_where_there_is_https() {
    on_both(async |database| {
        let world = world(&database).await;
        let email = let_in(world.service(), "Ana", vec![Grant { role: Role::Viewer, program: None }]).await;
        for (secure, name) in [(false, "motherline="), (true, "__Host-motherline=")] {
            let mut browser = Browser::with(world.service(), Settings { secure, ..Settings::default() });
            let page = browser.post("/console/sign-in", &[("email", &email), ("password", PASSWORD)]).await;
            let cookies = page.headers.get_all("set-cookie").into_iter();
            let cookies: Vec<&str> = cookies.map(|cookie| cookie.to_str().expect("words")).collect();
            let cookie = cookies.iter().find(|cookie| cookie.starts_with(name)).expect("a session");
            assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax"), "{cookie}");
            assert_eq!(secure, cookie.contains("Secure"), "{cookie}");
            assert!(!cookie.contains("Domain"), "{cookie}");
        }
    })
    .await;
}

#[tokio::test]
async fn the_proxys_last_word_says_who_called() {
    on_both(async |database| {
        let world = world(&database).await;
        let settings = Settings { behind_proxy: true, ..Settings::default() };
        let mut browser = Browser::with(world.service(), settings);
        let forwarded = [("x-forwarded-for", "203.0.113.9, 198.51.100.7")];
        browser.post_with("/console/sign-in", &forwarded).await;
        let mut direct = Browser::new(world.service());
        direct.post_with("/console/sign-in", &forwarded).await;
        let from = async |address: &str| match address {
            "proxy" => {
                count(&database, "SELECT COUNT(*) FROM failed_sign_ins WHERE address = '198.51.100.7'").await
            }
            _ => count(&database, "SELECT COUNT(*) FROM failed_sign_ins WHERE address = '127.0.0.1'").await,
        };
        // An empty e-mail address is none: nothing was tried.
        assert_eq!((0, 0), (from("proxy").await, from("direct").await));
        let guess = "email=a%40b&password=guessed".to_owned();
        browser.form_with("/console/sign-in", &forwarded, guess.clone()).await;
        direct.form_with("/console/sign-in", &forwarded, guess).await;
        assert_eq!((1, 1), (from("proxy").await, from("direct").await));
    })
    .await;
}
