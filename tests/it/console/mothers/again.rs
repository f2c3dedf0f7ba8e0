//! The last text once more, as long as it is right; of one program at work, nothing of another is touched.

use motherline::domain::role::{Grant, Role};
use motherline::store::audits;

use super::acting::{does, refused, told};
use super::{AMY, BEA, CAT, deeds, enrollments, enrolls, id_of, page_of, until, world, writes};
use crate::conversation::US;
use crate::dispatcher::execute;
use crate::support::console::Browser;
use crate::support::engines::on_both;

const GONE: &str = "The last text is not right any more";

#[tokio::test]
async fn what_is_not_right_any_more_does_not_go_again() {
    on_both(async |database| {
        let mut world = world(&database).await;
        for her in [AMY, BEA] {
            enrolls(&mut world, her, "November 30 2026").await;
        }
        enrolls(&mut world, CAT, "April 12 2027").await;
        writes(&mut world, CAT, &["APPT December 2 2pm"]).await;
        let [amy, bea, cat] = [id_of(&world, AMY).await, id_of(&world, BEA).await, id_of(&world, CAT).await];
        // A visit that is off by now.
        until(&mut world, "2026-12-01T12:00:00-05:00").await;
        let mut browser = Browser::signed_in(world.service(), &[Role::Operator]).await;
        let path = format!("{}/do/resend", page_of(cat));
        let shown = browser.post(&path, &[]).await.ok();
        assert!(shown.text().contains("December 2, 2026, 2 PM"), "{}", shown.text());
        let looked = deeds(&world).await.remove(0);
        assert_eq!(("open mother", Some(cat)), (&*looked.1, looked.2), "who saw it");
        execute(&database, "UPDATE visits SET state = 'canceled'").await;
        assert!(refused(&mut browser, cat, "resend", &[]).await.contains(GONE));
        // A question whether the baby has come, where it has.
        until(&mut world, "2026-12-03T12:00:00-05:00").await;
        browser.enter("operator@example.org").await;
        browser.post(&format!("{}/do/resend", page_of(amy)), &[]).await.ok();
        writes(&mut world, BEA, &["BORN"]).await;
        until(&mut world, "2026-12-03T12:05:00-05:00").await;
        for her in [amy, bea] {
            does(&mut browser, her, "birth", &[("born", "2026-12-02")]).await;
            until(&mut world, "2026-12-03T12:10:00-05:00").await;
            assert!(refused(&mut browser, her, "resend", &[]).await.contains(GONE));
        }
        // What was sent to many, and stopped because it was wrong.
        world.take_lines();
        does(&mut browser, cat, "send", &[("words", "Hello, how are you?")]).await;
        until(&mut world, "2026-12-03T12:20:00-05:00").await;
        assert_eq!(1, told(&mut world, CAT).len());
        browser.post(&path, &[]).await.ok();
        execute(&database, "UPDATE history SET kind = 'broadcast' WHERE body = 'Hello, how are you?'").await;
        browser.post(&path, &[]).await.ok();
        let stopped =
            "INSERT INTO broadcasts (id, made_by, why, segment, words, emergency, state, people, made_at,
                                               program)
                       SELECT id, 'Ana', 'why', '{}', '{}', FALSE, 'stopped', 1, queued_at, program
                         FROM history WHERE kind = 'broadcast'";
        execute(&database, stopped).await;
        let one = "INSERT INTO broadcast_texts (broadcast_id, subscriber_id, text_id)
                   SELECT id, subscriber_id, id FROM history WHERE kind = 'broadcast'";
        execute(&database, one).await;
        assert!(refused(&mut browser, cat, "resend", &[]).await.contains(GONE));
    })
    .await;
}

#[tokio::test]
async fn who_works_in_one_program_changes_nothing_of_another() {
    on_both(async |database| {
        let mut world = world(&database).await;
        enrolls(&mut world, AMY, "April 12 2027").await;
        // As if she were enrolled in both.
        execute(&database, "UPDATE enrollments SET program = 'text4baby-russia', language = 'ru'").await;
        writes(&mut world, AMY, &["BABY", "April 20 2027", "YES", "10001"]).await;
        let amy = id_of(&world, AMY).await;
        let all = enrollments(&world, AMY).await;
        let [ours, other] = &all[..] else { panic!("two, not {all:?}") };
        assert_eq!((US, "active", "active"), (&*ours.program, ours.state.name(), other.state.name()));
        let grants = vec![Grant { role: Role::Operator, program: Some(US.to_owned()) }];
        let mut browser = Browser::granted(world.service(), "Ana", grants).await;
        let theirs = other.id.to_string();
        for (act, day) in [("date", "2027-04-21"), ("birth", "2026-11-20")] {
            let fields = [("enrollment", &*theirs), ("date", day), ("born", day)];
            assert!(refused(&mut browser, amy, act, &fields).await.contains("enrolled in nothing"), "{act}");
        }
        does(&mut browser, amy, "less", &[]).await;
        does(&mut browser, amy, "date", &[("date", "2027-04-22")]).await;
        let after = enrollments(&world, AMY).await;
        let of = |id| after.iter().find(|one| one.id == id).expect("it is there");
        assert!(of(ours.id).terms().less && !of(other.id).terms().less);
        assert_eq!((other.anchor(), other.version), (of(other.id).anchor(), of(other.id).version));
        let mut tx = world.service().database.read().await.expect("a transaction");
        let done = audits::list(&mut tx, &audits::Sought::default(), 100).await.expect("deeds");
        drop(tx);
        let programs = done.iter().filter(|deed| ["terms", "retime"].contains(&&*deed.action));
        assert!(programs.map(|deed| deed.program.as_deref()).eq([Some(US), Some(US)]), "{done:?}");
        // Who works in both says which of them is meant: none is guessed.
        let both = [US, "text4baby-russia"];
        let both = both.map(|program| Grant { role: Role::Operator, program: Some(program.to_owned()) });
        let mut zoe = Browser::granted(world.service(), "Zoe", both.to_vec()).await;
        for (act, day) in [("date", "2027-04-23"), ("birth", "2026-11-20")] {
            let fields = [("date", day), ("born", day)];
            let page = refused(&mut zoe, amy, act, &fields).await;
            assert!(page.contains("Choose which enrollment is meant."), "{act}: {page}");
        }
        does(&mut zoe, amy, "date", &[("enrollment", &*theirs), ("date", "2027-04-24")]).await;
        let chosen = enrollments(&world, AMY).await;
        let day =
            |id| chosen.iter().find(|one| one.id == id).expect("it is there").anchor().date().to_string();
        assert_eq!(("2027-04-22", "2027-04-24"), (&*day(ours.id), &*day(other.id)));
        // STOP is a matter of her phone.
        does(&mut browser, amy, "stop", &[("why", "she phoned")]).await;
        let stopped = enrollments(&world, AMY).await;
        assert!(stopped.iter().all(|one| one.state.name() == "stopped"), "{stopped:?}");
    })
    .await;
}
