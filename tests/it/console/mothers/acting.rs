//! What is done for her: the same as by text, shown before it is done, and refused where a text would be.

use chrono::Datelike;
use motherline::domain::role::Role;
use motherline::store::{exports, promises, witness};
use motherline::worker::rehearsal::World;
use serde_json::Value;
use uuid::Uuid;

use super::{AMY, BEA, deeds, enrollments, enrolls, found, id_of, page_of, until, world, writes};
use crate::support::console::{Browser, Page};
use crate::support::engines::on_both;

/// What she texts; the same at the console, with what is typed there.
type Same = (&'static [&'static str], &'static str, &'static [(&'static str, &'static str)]);

/// The field of a form out of sight.
pub(super) fn hidden(page: &Page, name: &str) -> String {
    let after = page.body.split(&format!("name=\"{name}\" value=\"")).nth(1);
    let after = after.unwrap_or_else(|| panic!("no {name}: {}", page.text()));
    after.split('"').next().expect("a value").to_owned()
}

/// Fills in a form, reads what would happen, and says yes; gives what was shown before.
pub(super) async fn does(browser: &mut Browser, her: Uuid, act: &str, fields: &[(&str, &str)]) -> String {
    let path = format!("{}/do/{act}", page_of(her));
    let shown = browser.post(&path, fields).await.ok();
    let seen = hidden(&shown, "seen");
    let sure = [("confirm", "yes"), ("seen", &*seen), ("sure", "yes")];
    let done = browser.post(&path, &[fields, &sure].concat()).await;
    assert_eq!(page_of(her), done.leads_to());
    shown.text()
}

/// What is refused, and why.
pub(super) async fn refused(browser: &mut Browser, her: Uuid, act: &str, fields: &[(&str, &str)]) -> String {
    let page = browser.post(&format!("{}/do/{act}", page_of(her)), fields).await;
    assert_eq!(422, page.status, "{act}: {}", page.text());
    page.text()
}

/// What she is: her enrollments, what was promised, what she was told last.
async fn state(world: &mut World, number: &str) -> (Vec<String>, Vec<String>, bool, bool) {
    let her = found(world, number).await.expect("she is known");
    let enrolled = enrollments(world, number).await;
    let enrolled = enrolled
        .iter()
        .map(|one| format!("{} {:?} {:?} v{}", one.state.name(), one.anchor(), one.terms(), one.version));
    let enrolled = enrolled.collect();
    let mut tx = world.service().database.read().await.expect("a transaction");
    let promised = promises::of(&mut tx, her.id).await.expect("promises");
    let promised = promised.iter().map(|promise| format!("{} {}", promise.kind, promise.due_at.ordinal()));
    (enrolled, promised.collect(), her.stopped_at.is_some(), her.discreet)
}

/// What went out to a number since somebody last looked.
pub(super) fn told(world: &mut World, number: &str) -> Vec<String> {
    let lines = world.take_lines().into_iter();
    lines.filter(|line| line.to.as_deref() == Some(number)).map(|line| line.body).collect()
}

#[tokio::test]
async fn what_is_done_here_is_what_her_text_would_have_done() {
    on_both(async |database| {
        let mut world = world(&database).await;
        for her in [AMY, BEA] {
            enrolls(&mut world, her, "December 1 2026").await;
        }
        let bea = id_of(&world, BEA).await;
        let mut browser = Browser::signed_in(world.service(), &[Role::Operator]).await;
        // As she texts it, and as it is done for her.
        let same: [Same; 9] = [
            (&["UPDATE December 4 2026", "YES"], "date", &[("date", "2026-12-04"), ("tell", "yes")]),
            (&["LESS"], "less", &[("tell", "yes")]),
            (&["MORE"], "all", &[("tell", "yes")]),
            (&["TIME 6PM"], "hour", &[("time", "18:00"), ("tell", "yes")]),
            (&["PAUSE UNTIL JANUARY 5"], "pause", &[("until", "2027-01-05"), ("tell", "yes")]),
            (&["RESUME"], "resume", &[("tell", "yes")]),
            (&["BORN November 20", "YES"], "birth", &[("born", "2026-11-20"), ("tell", "yes")]),
            (&["UPDATE November 21", "YES"], "date", &[("date", "2026-11-21"), ("tell", "yes")]),
            (&["STOP"], "stop", &[("why", "she phoned")]),
        ];
        for (texts, act, fields) in same {
            world.take_lines();
            writes(&mut world, AMY, texts).await;
            let by_text = told(&mut world, AMY).pop();
            let before = does(&mut browser, bea, act, fields).await;
            world.settle().await.expect("it is sent");
            let here = told(&mut world, BEA);
            assert_eq!(by_text.as_slice(), here, "{act}");
            let first = here.first().expect("a text").split('\n').next().expect("a line");
            assert!(before.contains(first), "{act}: what she gets is shown before: {before}");
            assert_eq!(state(&mut world, AMY).await, state(&mut world, BEA).await, "{act}");
        }
        let done = deeds(&world).await;
        let of = |what: &str| {
            done.iter()
                .filter(|(who, did, whose, _)| who == "operator" && did == what && *whose == Some(bea))
                .count()
        };
        assert_eq!([2, 1, 5, 1], ["retime", "birth", "terms", "stop"].map(of), "{done:?}");
        // STOP is respected: nothing goes, and nothing brings her back from here.
        for (act, fields) in [
            ("send", &[("words", "Hello")][..]),
            ("resend", &[]),
            ("date", &[("date", "2026-11-22")]),
            ("resume", &[]),
            ("stop", &[("why", "she phoned")]),
        ] {
            let text = refused(&mut browser, bea, act, fields).await;
            assert!(
                text.contains("Only START from her own phone") || text.contains("enrolled in nothing"),
                "{act}: {text}"
            );
        }
        until(&mut world, "2026-12-15T20:00:00-05:00").await;
        assert!(told(&mut world, BEA).is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_loss_told_here_is_a_loss() {
    on_both(async |database| {
        let mut world = world(&database).await;
        for her in [AMY, BEA] {
            enrolls(&mut world, her, "April 12 2027").await;
        }
        let bea = id_of(&world, BEA).await;
        let mut browser = Browser::signed_in(world.service(), &[Role::Operator]).await;
        let text = refused(&mut browser, bea, "loss", &[("tell", "yes")]).await;
        assert!(text.contains("on whose word and why"), "{text}");
        world.take_lines();
        writes(&mut world, AMY, &["I lost my baby"]).await;
        let by_text = told(&mut world, AMY);
        does(&mut browser, bea, "loss", &[("why", "her clinic told us"), ("tell", "yes")]).await;
        world.settle().await.expect("it is sent");
        assert_eq!(by_text, told(&mut world, BEA));
        assert_eq!(state(&mut world, AMY).await, state(&mut world, BEA).await);
        let text = refused(&mut browser, bea, "date", &[("date", "2027-04-13")]).await;
        assert!(text.contains("She is enrolled in nothing") || text.contains("told of a loss"), "{text}");
        // She may answer as if she had told it herself.
        writes(&mut world, BEA, &["YES"]).await;
        assert_eq!("supported", enrollments(&world, BEA).await[0].state.name());
    })
    .await;
}

#[tokio::test]
async fn of_twins_one_is_lost_and_the_other_goes_on() {
    on_both(async |database| {
        let mut world = world(&database).await;
        enrolls(&mut world, AMY, "April 12 2027").await;
        writes(&mut world, AMY, &["TWINS"]).await;
        let amy = id_of(&world, AMY).await;
        let mut browser = Browser::signed_in(world.service(), &[Role::Operator]).await;
        let fields = [("lost", "one"), ("why", "her clinic told us")];
        let shown = does(&mut browser, amy, "loss", &fields).await;
        assert!(shown.contains("She is told nothing by text."), "{shown}");
        let after = &enrollments(&world, AMY).await[0];
        assert_eq!(("active", 1), (after.state.name(), after.terms().babies()));
    })
    .await;
}

#[tokio::test]
async fn what_a_text_would_be_refused_for_is_said_beside_the_field() {
    on_both(async |database| {
        let mut world = world(&database).await;
        enrolls(&mut world, AMY, "April 12 2027").await;
        let amy = id_of(&world, AMY).await;
        let mut browser = Browser::signed_in(world.service(), &[Role::Operator]).await;
        for (act, field, value, wrong) in [
            ("date", "date", "2028-04-12", "at most 280 days ahead"),
            ("date", "date", "2026-10-01", "It lies too far back"),
            ("date", "date", "April 12", "Write the day as 2027-04-12."),
            ("date", "date", "2027-04-12", "It is so already."),
            ("birth", "born", "2026-11-25", "This day is still to come."),
            ("birth", "born", "2026-08-01", "This is too early for her due date."),
            ("pause", "until", "2028-01-01", "within half a year"),
            ("hour", "time", "23:00", "She may be texted from"),
            ("hour", "time", "evening", "Write the time as 18:30."),
            ("move", "number", "12", "No phone of her program"),
            ("move", "number", AMY, "That phone cannot be asked"),
            ("send", "words", "", "Write what she is to read."),
            ("erase", "why", "", "on whose word and why"),
        ] {
            let text = refused(&mut browser, amy, act, &[(field, value)]).await;
            assert!(text.contains(wrong), "{act} {value}: {text}");
        }
        assert_eq!(404, browser.get(&format!("{}/do/sing", page_of(amy))).await.status);
        assert_eq!("v0", format!("v{}", enrollments(&world, AMY).await[0].version), "nothing was done");
    })
    .await;
}

#[tokio::test]
async fn nothing_is_done_to_who_changed_meanwhile() {
    on_both(async |database| {
        let mut world = world(&database).await;
        enrolls(&mut world, AMY, "April 12 2027").await;
        let amy = id_of(&world, AMY).await;
        let mut browser = Browser::signed_in(world.service(), &[Role::Operator]).await;
        let path = format!("{}/do/date", page_of(amy));
        let shown = browser.post(&path, &[("date", "2027-05-03"), ("tell", "yes")]).await.ok();
        assert!(shown.text().contains("due 3 May 2027: 17 weeks today"), "{}", shown.text());
        let seen = hidden(&shown, "seen");
        writes(&mut world, AMY, &["UPDATE April 20 2027", "YES"]).await;
        let late = [("date", "2027-05-03"), ("confirm", "yes"), ("seen", &*seen)];
        let page = browser.post(&path, &late).await;
        assert_eq!(409, page.status);
        assert!(page.text().contains("She has changed meanwhile"), "{}", page.text());
        let anchor = enrollments(&world, AMY).await[0].anchor().date().to_string();
        assert_eq!("2027-04-20", anchor);
        // What is shown now may be done.
        let again = hidden(&page, "seen");
        let now = [("date", "2027-05-03"), ("confirm", "yes"), ("seen", &*again)];
        assert_eq!(page_of(amy), browser.post(&path, &now).await.leads_to());
    })
    .await;
}

#[tokio::test]
async fn by_night_she_is_told_in_the_morning_and_on_a_shared_phone_nothing_is_given_away() {
    on_both(async |database| {
        let mut world = world(&database).await;
        for her in [AMY, BEA] {
            enrolls(&mut world, her, "April 12 2027").await;
        }
        writes(&mut world, BEA, &["SAFE"]).await;
        let (amy, bea) = (id_of(&world, AMY).await, id_of(&world, BEA).await);
        until(&mut world, "2026-11-23T23:30:00-05:00").await;
        world.take_lines();
        let mut browser = Browser::signed_in(world.service(), &[Role::Operator]).await;
        let shown = does(&mut browser, amy, "less", &[("tell", "yes")]).await;
        assert!(shown.contains("She gets, at 24 Nov 2026, 09:00, her time"), "{shown}");
        let shown = does(&mut browser, amy, "send", &[("words", "Your <fast> results are fine.")]).await;
        assert!(shown.contains("Your <fast> results are fine."), "{shown}");
        let twice = [("words", "Your <fast> results are fine."), ("confirm", "yes"), ("seen", "another")];
        assert_eq!(409, browser.post(&format!("{}/do/send", page_of(amy)), &twice).await.status);
        let shown = does(&mut browser, bea, "less", &[("tell", "yes")]).await;
        assert!(shown.contains("She is told nothing by text."), "{shown}");
        let shown = does(&mut browser, bea, "send", &[("words", "Your results are fine.")]).await;
        assert!(shown.contains("Others may read her phone"), "{shown}");
        world.settle().await.expect("a moment");
        assert!(world.take_lines().is_empty(), "at night nothing goes");
        until(&mut world, "2026-11-24T09:10:00-05:00").await;
        let lines = world.take_lines();
        let to = |her: &str| {
            let hers = lines.iter().filter(|line| line.to.as_deref() == Some(her));
            hers.map(|line| line.body.as_str()).collect::<Vec<_>>()
        };
        assert_eq!(2, to(AMY).len(), "{lines:?}");
        assert!(to(AMY).contains(&"Your <fast> results are fine."));
        assert_eq!(1, to(BEA).len(), "{lines:?}");
        assert!(!to(BEA)[0].contains("results"));
        writes(&mut world, BEA, &["READ"]).await;
        let read = told(&mut world, BEA);
        assert!(read.iter().any(|text| text.contains("Your results are fine.")), "{read:?}");
        let mut browser = Browser::signed_in(world.service(), &[Role::Administrator]).await;
        let page = browser.get(&page_of(amy)).await.ok();
        assert!(page.text().contains("answer, by operator"), "{}", page.text());
        // The last text goes once more.
        world.take_lines();
        does(&mut browser, amy, "resend", &[]).await;
        world.settle().await.expect("a moment");
        assert_eq!(1, told(&mut world, AMY).len());
        let text = refused(&mut browser, bea, "resend", &[]).await;
        assert!(text.contains("she reads what waits herself"), "{text}");
    })
    .await;
}

#[tokio::test]
async fn another_phone_is_asked_before_anything_moves() {
    on_both(async |database| {
        let mut world = world(&database).await;
        enrolls(&mut world, AMY, "April 12 2027").await;
        let amy = id_of(&world, AMY).await;
        let mut browser = Browser::signed_in(world.service(), &[Role::Operator]).await;
        world.take_lines();
        let shown = does(&mut browser, amy, "move", &[("number", "202-555-0142")]).await;
        assert!(shown.contains("+1202•••••42 is asked whether it is hers"), "{shown}");
        world.settle().await.expect("a moment");
        assert_eq!(1, told(&mut world, BEA).len());
        assert_eq!(1, enrollments(&world, AMY).await.len());
        writes(&mut world, BEA, &["YES"]).await;
        assert_eq!((0, 1), (enrollments(&world, AMY).await.len(), enrollments(&world, BEA).await.len()));
        let done = deeds(&world).await;
        assert!(done.iter().all(|(.., detail)| !detail.contains("555")), "{done:?}");
    })
    .await;
}

#[tokio::test]
async fn what_is_exported_is_all_there_is() {
    on_both(async |database| {
        let mut world = world(&database).await;
        enrolls(&mut world, AMY, "April 12 2027").await;
        writes(&mut world, AMY, &["APPT December 3 2pm", "Is coffee fine?", "TIME 6PM"]).await;
        until(&mut world, "2026-11-26T20:00:00-05:00").await;
        let amy = id_of(&world, AMY).await;
        let mut browser = Browser::signed_in(world.service(), &[Role::Operator]).await;
        let path = format!("{}/export", page_of(amy));
        assert_eq!(422, browser.post(&path, &[("as", "json")]).await.status);
        let page = browser.post(&path, &[("as", "json"), ("why", "she asked for it")]).await.ok();
        let all: Value = serde_json::from_str(&page.body).expect("JSON");
        let rows = |table: &str| all[table].as_array().map_or(0, Vec::len);
        for table in [
            "subscribers",
            "enrollments",
            "consents",
            "visits",
            "help_items",
            "help_texts",
            "audit",
            "planned",
            "agenda",
        ] {
            assert!(rows(table) > 0, "{table}: {all:#}");
        }
        assert_eq!(7, rows("inbox"));
        assert!(rows("history") >= 9, "{}", rows("history"));
        assert_eq!(AMY, all["subscribers"][0]["phone"]);
        assert_eq!(amy.to_string(), all["enrollments"][0]["subscriber_id"]);
        assert_eq!("BABY", all["consents"][0]["exchange"][0]["answered"]);
        assert_eq!(Value::Bool(false), all["subscribers"][0]["discreet"]);
        let history = all["history"].as_array().expect("texts");
        assert!(history.iter().all(|text| text["words"].is_string()), "{history:#?}");
        let page = browser.post(&path, &[("as", "page"), ("why", "she asked for it")]).await.ok();
        assert!(page.text().contains("Is coffee fine?") && page.text().contains(AMY));
        let given = deeds(&world).await.into_iter().filter(|(_, what, ..)| what == "export").count();
        assert_eq!(2, given);
    })
    .await;
}

#[tokio::test]
async fn no_table_of_hers_is_left_out_of_an_export() {
    on_both(async |database| {
        let world = world(&database).await;
        let mut tx = world.service().database.read().await.expect("a transaction");
        let covered = exports::covered();
        let elsewhere = ["help_notes", "help_texts", "attempts", "subscribers", "inbox"];
        let all = witness::columns(&mut tx).await.expect("columns");
        let hers = ["subscriber_id", "enrollment_id", "phone"];
        // The account of what reports said is kept by our names for tries, and holds what gateways wrote.
        for (table, _) in all.iter().filter(|(_, column)| hers.contains(&column.as_str())) {
            assert!(covered.iter().any(|(name, _)| name == table), "{table} is not exported");
        }
        for (table, columns) in &covered {
            let there = all.iter().filter(|(name, _)| name == table).count();
            assert_eq!(there, columns.len(), "{table}: a column is left out");
            assert!(
                elsewhere.contains(table)
                    || columns.iter().any(|column| hers.contains(column))
                    || *table == "mentions",
                "{table}"
            );
        }
    })
    .await;
}

#[tokio::test]
async fn erased_here_she_is_erased() {
    on_both(async |database| {
        let mut world = world(&database).await;
        enrolls(&mut world, AMY, "April 12 2027").await;
        until(&mut world, "2026-11-25T20:00:00-05:00").await;
        let amy = id_of(&world, AMY).await;
        let mut browser = Browser::signed_in(world.service(), &[Role::Operator]).await;
        let path = format!("{}/do/erase", page_of(amy));
        let shown = browser.post(&path, &[("why", "she phoned and asked")]).await.ok();
        let seen = hidden(&shown, "seen");
        let unsure = [("why", "she phoned and asked"), ("confirm", "yes"), ("seen", &*seen)];
        let page = browser.post(&path, &unsure).await;
        assert_eq!(422, page.status);
        assert!(page.text().contains("Tick this first, if you are sure."), "{}", page.text());
        assert!(found(&world, AMY).await.is_some());
        world.take_lines();
        does(&mut browser, amy, "erase", &[("why", "she phoned and asked")]).await;
        until(&mut world, "2026-11-28T20:00:00-05:00").await;
        assert_eq!(1, told(&mut world, AMY).len(), "she is told that it is done, and nothing else");
        assert!(found(&world, AMY).await.is_none());
        let mut tx = world.service().database.read().await.expect("a transaction");
        let number = [AMY.trim_start_matches('+').to_owned()];
        let left = witness::traces(&mut tx, &number).await.expect("a look");
        assert!(left.is_empty(), "{left:?}");
        let all = exports::all(&mut tx, amy).await.expect("rows");
        for (table, rows) in &all {
            assert!(table == "audit" || rows.as_array().is_some_and(Vec::is_empty), "{table}: {rows}");
        }
        drop(tx);
        let mut browser = Browser::signed_in(world.service(), &[Role::Administrator]).await;
        assert_eq!(404, browser.get(&page_of(amy)).await.status);
    })
    .await;
}
