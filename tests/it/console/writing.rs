//! What is typed and what lies on the desk takes nothing down: signs that no file bears, numbers that files write
//! otherwise, two at once, an edition that nobody has seen, forms that stay open.

use chrono::{DateTime, Utc};
use motherline::clock::Clock;
use motherline::domain::role::{Grant, Role};
use motherline::store::{Database, Tx, accounts};

use super::library::{TIP, form, published_elsewhere, send, somebody, write};
use super::world;
use crate::conversation::{RUSSIA, US, at};
use crate::dispatcher::execute;
use crate::support::console::{Browser, Page};
use crate::support::engines::{count, on_both};
use crate::support::racing::all_wait;

pub const WEEK: &str = "tips/text4baby-us/pregnancy/week-20.toml";
/// How its words begin.
const ENGLISH: &str = "Have you had your big ultrasound yet?";
const NEW: &str = "/console/library/new";

/// The fields of a new tip, filled in.
pub async fn filled(browser: &mut Browser, id: &str) -> Vec<(String, String)> {
    let asked = format!("{NEW}?program={US}&track=pregnancy&week=20&slot=9");
    let mut fields = form(&browser.get(&asked).await.ok(), NEW);
    let words = [
        ("id", id),
        ("text-en", "Drink water when you are thirsty."),
        ("text-es", "Beba agua cuando tenga sed."),
        ("topic", "food"),
        ("needs", "pregnancy"),
        ("source-organization", "CDC"),
        ("source-title", "Water"),
        ("source-url", "https://www.cdc.gov/water"),
        ("source-year", "2024"),
    ];
    fields.retain(|(name, _)| words.iter().all(|(known, _)| known != name));
    fields.extend(words.map(|(name, value)| (name.to_owned(), value.to_owned())));
    fields
}

/// Every room of the console in which tips are looked at.
async fn all_is_well(browser: &mut Browser) {
    for place in [
        "/console/library?program=text4baby-us",
        "/console/library/list?program=text4baby-us",
        "/console/library/exchange?program=text4baby-us",
        "/console/library/preview?program=text4baby-us",
        "/console/review",
        "/console/review/recalls",
    ] {
        browser.get(place).await.ok();
    }
    browser.get(&format!("/console/library/tips/{TIP}")).await.ok();
}

#[track_caller]
fn refused(page: &Page, why: &str) {
    assert_eq!(422, page.status, "{}", page.text());
    assert!(page.text().contains(why), "{}", page.text());
}

#[tokio::test]
async fn no_sign_and_no_number_takes_the_library_down() {
    on_both(async |database| {
        let world = world(&database).await;
        let mut ana = somebody(&world, "Ana", Role::Author).await;
        for (field, value) in [("text-en", "Call \u{fffd}"), ("topic", "vis\u{fffd}t"), ("text-es", "Llame\u{86}")] {
            refused(&write(&mut ana, TIP, &[(field, value)]).await, "a sign in it that cannot be sent");
        }
        let fields = filled(&mut ana, "us-preg-20-9-water").await;
        refused(&send(&mut ana, NEW, fields.clone(), &[("week", "100")]).await, "There is no such week.");
        let odd = [("week", "020"), ("slot", "+9"), ("source-year", "02024"), ("priority", "2")];
        let place = send(&mut ana, NEW, fields, &odd).await.leads_to();
        all_is_well(&mut ana).await;
        // As they stand in a file, so that whoever opens the form has the marks of what lies there.
        let opened = form(&ana.get(&format!("{place}/edit")).await.ok(), &format!("{place}/edit"));
        for (name, value) in [("week", "20"), ("slot", "9"), ("source-year", "2024")] {
            assert!(opened.contains(&(name.to_owned(), value.to_owned())), "{opened:?}");
        }
        write(&mut ana, "us-preg-20-9-water", &[("slot", "08")]).await.leads_to();
        // A name that was another tip's before is not given again.
        execute(
            &database,
            "INSERT INTO recalls (tip, at, made_by, reason) VALUES ('us-gone', '2026-11-01T00:00:00+00:00', 'Zoe', 'x')",
        )
        .await;
        let fields = filled(&mut ana, "us-gone").await;
        refused(&send(&mut ana, NEW, fields, &[]).await, "never used twice");
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_laid_out_hides_nothing_and_can_be_thrown_away() {
    on_both(async |database| {
        let world = world(&database).await;
        let mut ana = somebody(&world, "Ana", Role::Author).await;
        write(&mut ana, "us-preg-20-2-first-movements", &[("text-en", "Does it move?")]).await.leads_to();
        for (tip, content) in [
            (TIP, r#"{"program":"text4baby-us","tip":"us-preg-20-1-anatomy-scan","values":{"week":"05","track":"pregnancy"},"words":{"en":"Spoilt"}}"#),
            ("us-new", "{\"program\":\"text4baby-us\",\"tip\":\"us-new\",\"values\":{\"week\":\"20\",\"track\":\"pregnancy\"},\"words\":{\"en\":\"New and \u{fffd}\"}}"),
            ("us-none", "no JSON"),
        ] {
            put(&database, tip, content).await;
        }
        all_is_well(&mut ana).await;
        let page = ana.get("/console/library/tips/us-preg-20-2-first-movements").await.ok();
        assert!(page.text().contains("Does it move?"), "other work of the same file is there");
        for (tip, words) in [(TIP, "Spoilt"), ("us-new", "New and")] {
            let place = format!("/console/library/tips/{tip}");
            let page = ana.get(&place).await.ok();
            assert!(page.text().contains(words), "{}", page.text());
            let discard = format!("{place}/discard");
            send(&mut ana, &discard, form(&page, &discard), &[]).await.leads_to();
        }
        let discard = "/console/library/tips/us-none/discard";
        let russian = vec![Grant { role: Role::Author, program: Some(RUSSIA.to_owned()) }];
        let mut vera = Browser::granted(world.service(), "Vera", russian).await;
        assert_eq!(404, vera.post(discard, &[("seen", "a mark")]).await.status, "another program's");
        ana.post(discard, &[("seen", "a mark")]).await.leads_to();
        assert_eq!(1, count(&database, "SELECT COUNT(*) FROM desk_tips").await);
        assert!(ana.get(&format!("/console/library/tips/{TIP}")).await.ok().text().contains(ENGLISH));
    })
    .await;
}

/// Puts a row on the desk by hand.
async fn put(database: &Database, tip: &str, content: &str) {
    let at: DateTime<Utc> = at("2026-11-23T09:00:00-05:00");
    let insert = "INSERT INTO desk_tips (tip, program, content, mark, state, writers, changed_by, changed_at)
                  VALUES ($1, 'text4baby-us', $2, 'a mark', 'writing', '[]', 'Zoe', $3)";
    let done = match database {
        Database::Sqlite { write, .. } => {
            sqlx::query(insert).bind(tip).bind(content).bind(at).execute(write).await.map(|_| ())
        }
        Database::Postgres(pool) => {
            sqlx::query(insert).bind(tip).bind(content).bind(at).execute(pool).await.map(|_| ())
        }
    };
    done.expect("a row");
}

/// Two who write a tip first, at the very same moment. On SQLite one waits for the other.
#[tokio::test]
async fn of_two_who_first_write_a_tip_at_once_one_is_told() {
    on_both(async |database| {
        let world = world(&database).await;
        let Database::Postgres(pool) = &database else { return };
        let mut ana = somebody(&world, "Ana", Role::Author).await;
        let place = format!("/console/library/tips/{TIP}");
        let page = ana.get(&place).await.ok();
        for to in ["edit", "submit"] {
            let to = format!("{place}/{to}");
            let fields = match to.ends_with("edit") {
                true => form(&ana.get(&to).await.ok(), &to),
                false => form(&page, &to),
            };
            let mut tx = pool.begin().await.expect("a transaction");
            sqlx::query(
                "INSERT INTO desk_tips (tip, program, content, mark, state, writers, changed_by, changed_at)
                 VALUES ($1, 'text4baby-us', $2, 'hers', 'waiting', '[]', 'Zoe', now())",
            )
            .bind(TIP)
            .bind(format!(
                r#"{{"program":"text4baby-us","tip":"{TIP}","values":{{"week":"20"}},"words":{{"en":"Zoe was faster"}}}}"#
            ))
            .execute(&mut *tx)
            .await
            .expect("Zoe's");
            let sending = send(&mut ana, &to, fields, &[("text-en", "Ana's words.")]);
            let (page, ()) = tokio::join!(sending, async {
                all_wait(&database, 1).await;
                tx.commit().await.expect("Zoe is first");
            });
            refused(&page, "Somebody else has");
            let zoes = "SELECT COUNT(*) FROM desk_tips WHERE mark = 'hers' AND state = 'waiting'";
            assert_eq!(1, count(&database, zoes).await, "{to}: nothing of hers is overwritten");
            execute(&database, "DELETE FROM desk_tips").await;
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_who_begin_with_the_same_tip_both_keep_what_they_wrote() {
    on_both(async |database| {
        let world = world(&database).await;
        let (mut ana, mut ben) =
            (somebody(&world, "Ana", Role::Author).await, somebody(&world, "Ben", Role::Author).await);
        let place = format!("/console/library/tips/{TIP}/edit");
        let hers = form(&ana.get(&place).await.ok(), &place);
        let his = form(&ben.get(&place).await.ok(), &place);
        // Both have seen that nobody has written before anything of either is written.
        let mut held = database.begin().await.expect("a transaction");
        if let Tx::Postgres(tx) = &mut held {
            sqlx::query("LOCK TABLE desk_tips IN EXCLUSIVE MODE").execute(&mut **tx).await.expect("held");
        }
        let release = async {
            all_wait(&database, 2).await;
            drop(held);
        };
        let (one, other, ()) = tokio::join!(
            send(&mut ana, &place, hers, &[("text-en", "Ana's words.")]),
            send(&mut ben, &place, his, &[("text-en", "Ben's words.")]),
            release
        );
        let (page, words) = if one.status == 422 { (one, ["Ben", "Ana"]) } else { (other, ["Ana", "Ben"]) };
        refused(&page, "Somebody else has");
        for name in words {
            assert!(page.text().contains(&format!("{name}'s words.")), "{name}: {}", page.text());
        }
        let desk = ana.get("/console/library/tips/us-preg-20-1-anatomy-scan").await.ok().text();
        let [first, second] = words.map(|name| desk.contains(&format!("{name}'s words.")));
        assert!(first && !second, "{desk}");
        assert_eq!(1, count(&database, "SELECT COUNT(*) FROM audit WHERE action = 'write tip'").await);
    })
    .await;
}

#[tokio::test]
async fn nobody_settles_what_they_have_not_seen() {
    on_both(async |database| {
        let world = world(&database).await;
        let mut ana = somebody(&world, "Ana", Role::Author).await;
        write(&mut ana, TIP, &[("text-en", "Ana's words.")]).await.leads_to();
        let csv = ana.get("/console/library/export?program=text4baby-us&shape=csv").await.ok().body;
        let changed = csv.replace("Ana's words.", "Ana's words from a file.");
        let fields = [("program", US)];
        let brought =
            ana.upload("/console/library/exchange", &fields, ("tips.csv", changed.as_bytes())).await;
        let take = brought.ok().link("/console/library/exchange/");
        let place = format!("/console/library/tips/{TIP}/edit");
        let opened = form(&ana.get(&place).await.ok(), &place);
        published_elsewhere(&world, WEEK, ENGLISH, "Zoe's words.").await;
        let page = send(&mut ana, &place, opened, &[("text-en", "Ana's better words.")]).await;
        refused(&page, "An edition published meanwhile changed this tip");
        assert!(page.text().contains("Zoe's") && page.text().contains("Ana's"), "{}", page.text());
        let tip = ana.get(&format!("/console/library/tips/{TIP}")).await.ok();
        assert!(tip.text().contains("changed this tip"), "it is not settled: {}", tip.text());
        assert_eq!("/console/library", ana.post(&take, &[]).await.leads_to());
        let told = ana.get("/console/library").await.ok();
        assert!(told.text().contains("An edition published meanwhile"), "{}", told.text());
        // She has seen it now.
        send(&mut ana, &place, form(&page, &place), &[]).await.leads_to();
        let tip = ana.get(&format!("/console/library/tips/{TIP}")).await.ok();
        assert!(tip.text().contains("Ana's better words.") && !tip.text().contains("changed this tip"));
    })
    .await;
}

#[tokio::test]
async fn a_form_is_known_to_be_open_as_long_as_it_is() {
    on_both(async |database| {
        let world = world(&database).await;
        let (mut ana, mut ben) =
            (somebody(&world, "Ana", Role::Author).await, somebody(&world, "Ben", Role::Author).await);
        let Clock::Manual(hands) = &world.service().clock else { panic!("a manual clock") };
        let place = format!("/console/library/tips/{TIP}/edit");
        let live = place.replace("/edit", "/others/live");
        ana.get(&place).await.ok();
        for minute in 1..=15 {
            hands.advance_to(at(&format!("2026-11-23T09:{minute:02}:00-05:00")));
            ana.get(&live).await.ok();
        }
        let page = ben.get(&place).await.ok();
        assert!(page.text().contains("Ana has this tip open"), "{}", page.text());
        hands.advance_to(at("2026-11-23T09:18:00-05:00"));
        let page = ben.get(&live).await.ok();
        assert!(!page.text().contains("Ana"), "she has gone: {}", page.text());
    })
    .await;
}

#[tokio::test]
async fn a_file_tells_what_was_not_read_and_is_taken_over_once_by_who_may() {
    on_both(async |database| {
        let world = world(&database).await;
        let mut ana = somebody(&world, "Ana", Role::Author).await;
        let csv = ana.get("/console/library/export?program=text4baby-us&shape=csv").await.ok().body;
        let header = csv.lines().next().expect("a header");
        assert!(header.contains("topic"), "{header}");
        let changed = csv.replacen("topic", "Espanol", 1).replace(ENGLISH, "Was your big ultrasound done?");
        let to = "/console/library/exchange";
        let page = ana.upload(to, &[("program", US)], ("tips.csv", changed.as_bytes())).await.ok();
        assert!(page.text().contains("there is no column \"espanol\"; it was not read"), "{}", page.text());
        assert!(page.text().contains("At most 10 MB."), "{}", page.text());
        let take = page.link("/console/library/exchange/");
        // Whoever may write there no more takes nothing over.
        let grants = |program: &str| [Grant { role: Role::Author, program: Some(program.to_owned()) }];
        for (program, status) in [(RUSSIA, 403), (US, 303)] {
            let mut tx = database.begin().await.expect("a transaction");
            let account = accounts::by_email(&mut tx, "ana@example.org").await.expect("her").expect("her");
            accounts::set_grants(&mut tx, account.id, &grants(program)).await.expect("granted");
            tx.commit().await.expect("granted");
            assert_eq!(status, ana.post(&take, &[]).await.status, "{program}");
        }
        ana.post(&take, &[]).await.leads_to();
        let told = ana.get("/console/library").await.ok();
        assert!(told.text().contains("This file was saved already"), "{}", told.text());
        assert_eq!(1, count(&database, "SELECT COUNT(*) FROM desk_tips").await);
    })
    .await;
}

#[tokio::test]
async fn a_phone_shows_the_last_texts_and_those_after_a_loss() {
    on_both(async |database| {
        let world = world(&database).await;
        let mut ana = somebody(&world, "Ana", Role::Author).await;
        let asked = "/console/library/preview?program=text4baby-us&language=en";
        for (track, texts) in
            [("farewell", 1), ("loss-miscarriage", 4), ("loss-stillbirth", 4), ("loss-baby", 4)]
        {
            let page = ana.get(&format!("{asked}&track={track}")).await.ok();
            let shown = page.body.matches("class=\"bubble\"").count();
            assert!(shown >= texts, "{track}: {shown}, {}", page.text());
        }
        let page = ana.get(&format!("{asked}&tip=us-no-such-tip")).await;
        assert_eq!(404, page.status);
        assert!(page.text().contains("There is no tip with this id"), "{}", page.text());
    })
    .await;
}
