//! Who works at the console: what an administrator of one program sees and does, and what two do at once.

use motherline::domain::phone::PhoneNumber;
use motherline::domain::role::{Grant, Role};
use motherline::flows::accounts::{self, Invitation, Refused};
use motherline::flows::auditing::{self, Actor, Object};
use motherline::store::Database;
use motherline::store::accounts::{self as store, Account};
use motherline::store::mothers;

use super::{world, writes};
use crate::dispatcher::count;
use crate::support::console::{Browser, Page, let_in};
use crate::support::engines::{on_both, postgres, sqlite};

fn grant(role: Role, program: &str) -> Grant {
    Grant { role, program: Some(program.to_owned()) }
}

async fn account(database: &Database, email: &str) -> Account {
    let mut tx = database.begin().await.expect("a transaction");
    store::by_email(&mut tx, &email.to_lowercase()).await.expect("read").expect("an account")
}

async fn grants(database: &Database, account: &Account) -> Vec<Grant> {
    let mut tx = database.begin().await.expect("a transaction");
    store::grants(&mut tx, account.id).await.expect("read")
}

fn reads(page: &Page, wanted: &[&str], hidden: &[&str]) {
    let text = page.text();
    wanted.iter().for_each(|words| assert!(text.contains(words), "{words} in {text}"));
    hidden.iter().for_each(|words| assert!(!page.body.contains(words), "{words} in {text}"));
}

#[tokio::test]
async fn an_administrator_of_one_program_sees_and_gives_nothing_beyond_it() {
    on_both(async |database| {
        let world = world(&database).await;
        let own = grant(Role::Administrator, "text4baby-us");
        let mut admin = Browser::granted(world.service(), "Lena", vec![own]).await;
        let beyond =
            [("name", "Eve"), ("email", "eve@example.org"), ("language", "en"), ("grant", "administrator:*")];
        let page = admin.post("/console/accounts", &beyond).await;
        assert_eq!(422, page.status);
        assert!(page.text().contains("Choose at least one role."), "{}", page.text());
        assert!(page.body.contains("value=\"eve@example.org\""), "what was typed is kept");
        let russian = || grant(Role::Viewer, "text4baby-russia");
        let ivan = let_in(world.service(), "Ivan", vec![russian()]).await;
        let both =
            let_in(world.service(), "Olga", vec![russian(), grant(Role::Viewer, "text4baby-us")]).await;
        let sam = let_in(world.service(), "Sam", vec![grant(Role::Author, "text4baby-us")]).await;
        reads(&admin.get("/console/accounts").await.ok(), &["Olga", "Sam", "Lena"], &["Ivan"]);
        let place = async |email: &str| format!("/console/accounts/{}", account(&database, email).await.id);
        // Who works elsewhere is not there; and that it was tried is written down.
        let ivan = place(&ivan).await;
        assert_eq!(404, admin.get(&ivan).await.status);
        for deed in ["roles", "link", "close", "open"] {
            let form = [("grant", "author:text4baby-us")];
            assert_eq!(404, admin.post(&format!("{ivan}/{deed}"), &form).await.status, "{deed}");
        }
        let refused = "SELECT COUNT(*) FROM audit WHERE action = 'refused' AND program = 'text4baby-russia'";
        assert_eq!(5, count(&database, refused).await);
        // Who works in both keeps what is not hers to take, and is not hers to shut out.
        let olga = place(&both).await;
        for deed in ["link", "close", "open"] {
            assert_eq!(404, admin.post(&format!("{olga}/{deed}"), &[]).await.status, "{deed}");
        }
        assert_eq!(8, count(&database, refused).await);
        let roles = format!("{olga}/roles");
        assert_eq!(303, admin.post(&roles, &[("grant", "author:text4baby-us")]).await.status);
        let has = grants(&database, &account(&database, &both).await).await;
        assert_eq!(vec![grant(Role::Author, "text4baby-us"), russian()], has);
        let sam = place(&sam).await;
        assert_eq!(200, admin.post(&format!("{sam}/link"), &[]).await.status);
        assert_eq!(303, admin.post(&format!("{sam}/close"), &[]).await.status);
    })
    .await;
}

#[tokio::test]
async fn an_administrator_of_one_program_reads_what_was_done_in_it() {
    on_both(async |database| {
        let mut world = world(&database).await;
        writes(&mut world, super::texts::AMY, &["BABY", "3/12/2027", "YES", "10001"]).await;
        writes(&mut world, super::texts::DORA, &["МАМА", "12.03.2027", "ДА", "Москва", "СТОП"]).await;
        let service = world.service();
        let own = grant(Role::Administrator, "text4baby-us");
        let mut admin = Browser::granted(service, "Lena", vec![own]).await;
        let ivan = let_in(service, "Ivan", vec![grant(Role::Viewer, "text4baby-russia")]).await;
        let ivan = account(&database, &ivan).await;
        let by = accounts::actor(&ivan);
        for program in ["text4baby-us", "text4baby-russia"] {
            let why = format!("because of {program}");
            auditing::saw(service, &by, "publish", Object::program(program), &why).await.expect("written");
        }
        auditing::saw(service, &by, "recall", Object::default(), "the reason").await.expect("written");
        let mut whole = Browser::signed_in(service, &[Role::Administrator]).await;
        let all = whole.get("/console/audit?who=all").await.ok();
        reads(&all, &["because of text4baby-us", "because of text4baby-russia", "the reason", "Ivan"], &[]);
        let mothers: Vec<String> = all
            .body
            .split("href=\"/console/mothers/")
            .skip(1)
            .map(|part| part.split('"').next().expect("an id").to_owned())
            .collect();
        let (russian, american) = (mothers.first().expect("a mother"), mothers.last().expect("a mother"));
        assert_ne!(russian, american);
        for who in ["", "?who=all"] {
            let page = admin.get(&format!("/console/audit{who}")).await.ok();
            // Her own deeds, and those of her program; of others no deed, no name and no reason.
            let hidden = ["because of text4baby-russia", "the reason", &**russian, ">Ivan</option>"];
            reads(&page, &["Lena", "signed in from 127.0.0.1", "because of text4baby-us"], &hidden);
            assert_eq!(who.is_empty(), !page.body.contains(&**american), "what mothers did by themselves");
        }
        admin.get(&format!("/console/audit?who=all&mother={american}")).await.ok();
        assert_eq!(404, admin.get(&format!("/console/audit?who=all&mother={russian}")).await.status);
        assert_eq!(404, admin.get(&format!("/console/audit?who={}", ivan.id)).await.status);
        let refused = "SELECT COUNT(*) FROM audit WHERE action = 'refused' AND program = 'text4baby-russia'";
        assert_eq!(2, count(&database, refused).await);
    })
    .await;
}

#[tokio::test]
async fn who_is_refused_holds_no_connection_that_others_wait_for() {
    let folder = tempfile::TempDir::new().expect("a temporary folder");
    for address in [sqlite(folder.path()), postgres()] {
        let database = Database::open(&address, 2).await.expect("a database");
        let mut world = world(&database).await;
        writes(&mut world, super::texts::DORA, &["МАМА", "12.03.2027", "ДА", "Москва"]).await;
        let service = world.service();
        let mut tx = database.read().await.expect("a transaction");
        let dora = PhoneNumber::from_e164(super::texts::DORA).expect("a number");
        let dora = mothers::by_phone(&mut tx, &dora).await.expect("read").expect("a mother").id;
        drop(tx);
        let named = async |name| {
            Browser::granted(service, name, vec![grant(Role::Administrator, "text4baby-us")]).await
        };
        let (mut ann, mut bea) = (named("Ann").await, named("Bea").await);
        let (mut cora, mut dina) = (named("Cora").await, named("Dina").await);
        let path = format!("/console/audit?mother={dora}");
        let began = std::time::Instant::now();
        let answers = tokio::join!(ann.get(&path), bea.get(&path), cora.get(&path), dina.get(&path));
        for page in [answers.0, answers.1, answers.2, answers.3] {
            assert_eq!(404, page.status);
        }
        assert!(began.elapsed().as_secs() < 5, "nobody waited for another");
        let refused = "SELECT COUNT(*) FROM audit WHERE action = 'refused' AND program = 'text4baby-russia'";
        assert_eq!(4, count(&database, refused).await);
        database.close().await;
    }
}

#[tokio::test]
async fn who_administers_everything_takes_away_a_role_of_no_program() {
    on_both(async |database| {
        let world = world(&database).await;
        let mut admin = Browser::signed_in(world.service(), &[Role::Administrator]).await;
        let sam = vec![grant(Role::Author, "text4baby-usa"), grant(Role::Viewer, "text4baby-us")];
        let sam = let_in(world.service(), "Sam", sam).await;
        let sam = account(&database, &sam).await;
        let place = format!("/console/accounts/{}", sam.id);
        let page = admin.get(&place).await.ok();
        assert!(page.body.contains("value=\"author:text4baby-usa\" checked"), "{}", page.text());
        let kept = [("grant", "author:text4baby-usa"), ("grant", "author:text4baby-us")];
        admin.post(&format!("{place}/roles"), &kept).await.leads_to();
        assert_eq!(2, grants(&database, &sam).await.len());
        admin.post(&format!("{place}/roles"), &[("grant", "viewer:text4baby-us")]).await.leads_to();
        assert_eq!(vec![grant(Role::Viewer, "text4baby-us")], grants(&database, &sam).await);
        // And nobody is given one.
        let page = admin.post(&format!("{place}/roles"), &[("grant", "author:text4baby-usa")]).await;
        assert_eq!(422, page.status);
        assert_eq!(303, admin.post(&format!("{place}/close"), &[]).await.status);
    })
    .await;
}

#[tokio::test]
async fn of_two_at_once_one_is_right() {
    on_both(async |database| {
        let world = world(&database).await;
        let service = world.service();
        let everywhere = || vec![Grant { role: Role::Administrator, program: None }];
        let ana = account(&database, &let_in(service, "Ana", everywhere()).await).await;
        let bea = account(&database, &let_in(service, "Bea", everywhere()).await).await;
        let (by_ana, by_bea) = (accounts::actor(&ana), accounts::actor(&bea));
        for round in 0..5 {
            // Roles given at once by two are those of one, not of both.
            let sam =
                let_in(service, &format!("Sam{round}"), vec![grant(Role::Viewer, "text4baby-us")]).await;
            let sam = account(&database, &sam).await;
            let (one, other) =
                ([grant(Role::Author, "text4baby-us")], [grant(Role::Reviewer, "text4baby-us")]);
            let (first, second) = tokio::join!(
                accounts::grant(service, sam.id, |_| false, &one, &by_ana),
                accounts::grant(service, sam.id, |_| false, &other, &by_bea),
            );
            first.and(second).expect("both are done");
            assert_eq!(1, grants(&database, &sam).await.len());
            // One link is taken up once, one address invited once.
            let word = accounts::invite_anew(service, sam.id, &by_ana).await.expect("a link");
            let (first, second) = tokio::join!(
                accounts::take_up(service, &word, "seven wet paper boats"),
                accounts::take_up(service, &word, "eight dry paper boats"),
            );
            let stale = |done: &Result<Account, Refused>| matches!(done, Err(Refused::Stale));
            assert!(first.is_ok() != second.is_ok() && (stale(&first) || stale(&second)));
            let eve = Invitation {
                email: format!("eve{round}@example.org"),
                name: format!("Eve{round}"),
                language: "en".to_owned(),
                zone: "UTC".to_owned(),
                grants: everywhere(),
            };
            let (first, second) = tokio::join!(
                accounts::invite(service, &eve, &by_ana),
                accounts::invite(service, &eve, &by_bea),
            );
            let taken =
                [&first, &second].iter().filter(|done| matches!(done, Err(Refused::EmailTaken))).count();
            assert!(taken == 1 && first.is_ok() != second.is_ok(), "round {round}");
            // Of two who shut each other out one stays, though others are invited.
            let (first, second) = tokio::join!(
                accounts::close(service, ana.id, &by_bea),
                accounts::close(service, bea.id, &by_ana),
            );
            let last = |done: &Result<(), Refused>| matches!(done, Err(Refused::LastAdministrator));
            assert!(first.is_ok() != second.is_ok() && (last(&first) || last(&second)), "round {round}");
            for account in [&ana, &bea] {
                accounts::reopen(service, account.id, &by_ana).await.expect("open again");
            }
        }
        let service_itself = Invitation {
            email: "service@example.org".to_owned(),
            name: "Service".to_owned(),
            language: "en".to_owned(),
            zone: "UTC".to_owned(),
            grants: everywhere(),
        };
        let refused = accounts::invite(service, &service_itself, &Actor::named("test")).await;
        assert!(matches!(refused, Err(Refused::NameTaken)), "nobody is called as the service is");
    })
    .await;
}
