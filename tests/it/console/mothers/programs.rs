//! A woman of two programs, and people who work for one of them.

use motherline::domain::conversation::EnrollmentState;
use motherline::domain::gestation::Anchor;
use motherline::domain::role::{Grant, Role};
use motherline::flows::auditing::{self, Actor, Object};
use motherline::store::audits::{self, Sought};
use motherline::store::people::{self, NewEnrollment};
use motherline::store::talk::{self, Consent};
use motherline::worker::rehearsal::World;
use serde_json::Value;
use uuid::Uuid;

use super::acting::does;
use super::{BEA, DORA, deeds, enrollments, enrolls, id_of, page_of, until, world, writes};
use crate::conversation::{RUSSIA, US, at};
use crate::dispatcher::{count, execute};
use crate::support::console::Browser;
use crate::support::engines::on_both;

/// What the Russian program is called.
const RUSSIAN: &str = "СМС-маме";

/// Somebody who works for one program.
async fn of_program(world: &World, name: &str, role: Role, program: &str) -> Browser {
    let grants = vec![Grant { role, program: Some(program.to_owned()) }];
    Browser::granted(world.service(), name, grants).await
}

async fn refused(world: &World, name: &str) -> usize {
    deeds(world).await.iter().filter(|(who, what, ..)| who == name && what == "refused").count()
}

#[tokio::test]
async fn a_proof_of_erasure_is_shown_to_her_own_program_only() {
    on_both(async |database| {
        let mut world = world(&database).await;
        writes(&mut world, DORA, &["МАМА", "12.04.2027", "ДА", "Москва", "СТЕРЕТЬ", "ДА"]).await;
        until(&mut world, "2026-11-26T09:00:00-05:00").await;
        let mut russian = of_program(&world, "Olga", Role::Helpdesk, RUSSIA).await;
        let page = russian.post("/console/mothers", &[("number", DORA)]).await.ok();
        assert!(
            page.text().contains("Her data was erased") && page.text().contains(RUSSIAN),
            "{}",
            page.text()
        );
        assert_eq!(0, refused(&world, "Olga").await);
        let mut other = of_program(&world, "Uma", Role::Helpdesk, US).await;
        let page = other.post("/console/mothers", &[("number", DORA)]).await.ok();
        let text = page.text();
        assert!(text.contains("We hold nobody with this number"), "{text}");
        for hidden in ["erased", "agreed to texts", "ended them", RUSSIA, RUSSIAN] {
            assert!(!text.contains(hidden), "{hidden}: {text}");
        }
        assert_eq!(1, refused(&world, "Uma").await);
        let done = deeds(&world).await;
        assert!(done.contains(&("Uma".into(), "find mother".into(), None, "nobody".into())), "{done:?}");
    })
    .await;
}

/// Bea, enrolled in both programs; her page.
async fn in_both(world: &mut World) -> String {
    enrolls(world, BEA, "April 12 2027").await;
    let bea = id_of(world, BEA).await;
    let first = enrollments(world, BEA).await.remove(0);
    let (service, id, now) = (world.service(), Uuid::from_u128(77), world.now());
    let mut tx = service.database.begin().await.expect("a transaction");
    let anchor = Anchor::Born("2026-10-03".parse().expect("a day"));
    let second = NewEnrollment {
        id,
        subscriber: bea,
        program: RUSSIA.to_owned(),
        sender: first.sender.clone(),
        language: "ru".parse().expect("a language"),
        anchor,
        at: now,
        on: first.enrolled_on,
        terms: first.terms(),
        partner: Some("klinika7".to_owned()),
        next: Some((first.enrolled_on.succ_opt().expect("a day"), at("2026-11-24T10:30:00-05:00"))),
    };
    people::enroll(&mut tx, &[second]).await.expect("enrolled");
    let consent = Consent {
        id: Uuid::from_u128(78),
        subscriber_id: bea,
        enrollment_id: Some(id),
        program: Some(RUSSIA.to_owned()),
        sender: first.sender,
        action: "opt_in".to_owned(),
        exchange: "[{\"shown\":\"Согласны?\",\"answered\":\"Да, согласна\"}]".to_owned(),
        at: now,
    };
    talk::record_consent(&mut tx, &consent).await.expect("recorded");
    let (herself, her) = (Actor::named("subscriber"), Object::mother(bea, None));
    auditing::note(service, &mut tx, &herself, "enroll", her, RUSSIA).await.expect("noted");
    tx.commit().await.expect("written");
    until(world, "2026-11-25T20:00:00-05:00").await;
    page_of(bea)
}

#[tokio::test]
async fn of_a_woman_of_two_programs_each_sees_its_own() {
    on_both(async |database| {
        let mut world = world(&database).await;
        let page = in_both(&mut world).await;
        let russian = enrollments(&world, BEA).await.into_iter().find(|one| one.program == RUSSIA);
        assert_eq!(EnrollmentState::Active, russian.expect("she is in both").state);
        let hers = ["3 Oct 2026", "klinika7", "Да, согласна", RUSSIAN];
        let mut uma = of_program(&world, "Uma", Role::Operator, US).await;
        let more = "She also gets texts of a program that you do not work for.";
        for path in [page.clone(), format!("{page}/why?day=2026-11-25"), format!("{page}/export")] {
            let shown = uma.get(&path).await.ok();
            let text = shown.text();
            assert!(text.contains(more), "{path}: {text}");
            for hidden in hers {
                assert!(!shown.body.contains(hidden), "{path}, {hidden}: {text}");
            }
            let cyrillic = |letter: char| ('А'..='я').contains(&letter);
            let names = ["Русский", "РУ"];
            let foreign =
                text.split_whitespace().find(|word| word.contains(cyrillic) && !names.contains(word));
            assert_eq!(None, foreign, "{path}: {text}");
        }
        let text = uma.get(&page).await.ok().text();
        assert!(text.contains("12 Apr 2027") && text.contains("agreed to texts"), "{text}");
        let given = [("as", "json"), ("why", "she asked for it")];
        let all = uma.post(&format!("{page}/export"), &given).await.ok();
        for hidden in ["2026-10-03", "klinika7", "согласна", RUSSIA] {
            assert!(!all.body.contains(hidden), "{hidden}: {}", all.body);
        }
        let all: Value = serde_json::from_str(&all.body).expect("JSON");
        for (table, rows) in [("enrollments", 1), ("consents", 1), ("agenda", 1), ("inbox", 4)] {
            assert_eq!(rows, all[table].as_array().map_or(0, Vec::len), "{table}: {all:#}");
        }
        let history = all["history"].as_array().expect("texts");
        assert!(history.iter().any(|text| text["kind"] == "tip"), "{history:#?}");
        assert!(history.iter().all(|text| text["program"] != RUSSIA), "{history:#?}");
        // That she stopped concerns her phone.
        writes(&mut world, BEA, &["STOP"]).await;
        let text = uma.get(&page).await.ok().text();
        assert!(text.contains("Stopped since"), "{text}");
        // Who works for both sees both, and nothing is said of more.
        let mut ana = Browser::signed_in(world.service(), &[Role::Operator]).await;
        let whole = ana.get(&page).await.ok();
        for told in ["3 Oct 2026", "klinika7", "Да, согласна"] {
            assert!(whole.text().contains(told), "{told}: {}", whole.text());
        }
        assert!(!whole.text().contains(more), "{}", whole.text());
        let all = ana.post(&format!("{page}/export"), &given).await.ok();
        let all: Value = serde_json::from_str(&all.body).expect("JSON");
        assert_eq!(2, all["enrollments"].as_array().map_or(0, Vec::len));
    })
    .await;
}

#[tokio::test]
async fn after_a_move_consent_is_proved_on_the_phone_she_has() {
    on_both(async |database| {
        let new = "+12025550177";
        let mut world = world(&database).await;
        enrolls(&mut world, BEA, "April 12 2027").await;
        writes(&mut world, BEA, &["LESS"]).await;
        until(&mut world, "2026-11-25T20:00:00-05:00").await;
        let before = page_of(id_of(&world, BEA).await);
        writes(&mut world, BEA, &["MOVE +12025550177", "YES"]).await;
        writes(&mut world, new, &["YES"]).await;
        let path = page_of(id_of(&world, new).await);
        let mut browser = Browser::signed_in(world.service(), &[Role::Operator]).await;
        let page = browser.get(&path).await.ok();
        let text = page.text();
        // The word that began it was written on the other phone.
        assert!(text.contains("on another phone of hers") && text.contains("BABY"), "{text}");
        assert!(page.body.contains(&format!("href=\"{before}\"")), "{}", page.body);
        browser.get(&before).await.ok();
        let given = [("as", "json"), ("why", "she asked for it")];
        let all = browser.post(&format!("{path}/export"), &given).await.ok();
        let all: Value = serde_json::from_str(&all.body).expect("JSON");
        let consents = all["consents"].as_array().expect("consents");
        let began = |consent: &Value| consent["exchange"][0]["answered"] == "BABY";
        assert!(consents.iter().any(began), "{consents:#?}");
        // What she asked for there is known here.
        let why = browser.get(&format!("{path}/why?day=2026-11-23")).await.ok().text();
        assert!(why.contains("She enrolled that day."), "{why}");
    })
    .await;
}

/// The first word of another program's that stands on a page.
fn foreign(text: &str) -> Option<&str> {
    let cyrillic = |letter: char| ('А'..='я').contains(&letter);
    text.split_whitespace().find(|word| word.contains(cyrillic) && !["Русский", "РУ"].contains(word))
}

/// What is written down of a deed to her: by whom, in which program, and what else.
async fn filed(world: &World, action: &str) -> Vec<(String, String, String)> {
    let sought = Sought { everybody: true, ..Sought::default() };
    let mut tx = world.service().database.read().await.expect("a look");
    let all = audits::list(&mut tx, &sought, 200).await.expect("a look").into_iter();
    let mut filed: Vec<_> = all
        .filter(|deed| deed.action == action)
        .map(|deed| (deed.program.unwrap_or_default(), deed.actor, deed.detail))
        .collect();
    filed.sort();
    filed
}

#[tokio::test]
async fn what_ends_everything_shows_nothing_of_another_program() {
    on_both(async |database| {
        let mut world = world(&database).await;
        let page = in_both(&mut world).await;
        let bea = id_of(&world, BEA).await;
        execute(&database, "UPDATE enrollments SET state = 'completed' WHERE program = 'text4baby-us'").await;
        let mut uma = of_program(&world, "Uma", Role::Operator, US).await;
        let mut olga = of_program(&world, "Olga", Role::Operator, RUSSIA).await;
        let why = "her sister called";
        let given = [("why", why), ("lost", "all"), ("tell", "yes")];
        for act in ["loss", "stop", "erase"] {
            let shown = uma.post(&format!("{page}/do/{act}"), &given).await.ok();
            let text = shown.text();
            let told = "in the words of a program that you do not work for";
            assert!(text.contains(told) && !text.contains("She is told nothing"), "{act}: {text}");
            assert_eq!(None, foreign(&text), "{act}: {text}");
            assert!(!shown.body.contains(RUSSIA), "{act}");
        }
        for (act, deed, detail) in [("loss", "freeze", ""), ("stop", "stop", "console")] {
            execute(&database, "UPDATE enrollments SET state = 'active' WHERE program <> 'text4baby-us'")
                .await;
            does(&mut uma, bea, act, &given).await;
            let waits = "SELECT COUNT(*) FROM outbox WHERE kind = 'reply' AND program <> 'text4baby-us'";
            assert_eq!(1, count(&database, waits).await, "{act}: she is told as by her own text");
            let reason = format!("“{why}”");
            let reason = if detail.is_empty() { reason } else { format!("{detail}; {reason}") };
            let of = |program: &str, who: &str, what: &str| (program.into(), who.into(), what.into());
            let mut both = [of(US, "Uma", &reason), of(RUSSIA, "service", detail)];
            both.sort();
            assert_eq!(both.to_vec(), filed(&world, deed).await, "{act}");
            let whole = uma.get(&page).await.ok();
            assert_eq!(None, foreign(&whole.text()), "{act}: {}", whole.text());
            let hers = olga.get(&page).await.ok().text();
            assert!(!hers.contains(why) && !hers.contains("Uma"), "{act}: {hers}");
        }
        let export = [("as", "json"), ("why", "she asked for it")];
        let own = uma.post(&format!("{page}/export"), &export).await.ok().body;
        assert!(own.contains(why) && foreign(&own).is_none(), "{own}");
        let theirs = olga.post(&format!("{page}/export"), &export).await.ok().body;
        assert!(theirs.contains("opt_out") && !theirs.contains(why) && !theirs.contains("Uma"), "{theirs}");
    })
    .await;
}
