//! Why she got something on a day, or did not, as whoever asks reads it.

use chrono::{NaiveDate, TimeDelta};
use motherline::domain::role::Role;
use motherline::flows::auditing::{self, Actor, Object};
use motherline::gateway::rehearsal::{Fault, FaultKind};
use motherline::store::{Tx, service as facts};
use motherline::worker::rehearsal::World;
use uuid::Uuid;

use super::{AMY, BEA, enrolls, id_of, page_of, until, world, writes};
use crate::conversation::at;
use crate::support::console::Browser;
use crate::support::engines::on_both;

/// What stands on the page of a day.
async fn asked(browser: &mut Browser, world: &World, her: &str, day: &str) -> String {
    let path = format!("{}/why?day={day}", page_of(id_of(world, her).await));
    browser.get(&path).await.ok().text()
}

#[tokio::test]
async fn every_day_has_its_one_reason() {
    on_both(async |database| {
        let mut world = world(&database).await;
        enrolls(&mut world, AMY, "April 12 2027").await;
        until(&mut world, "2026-11-25T20:00:00-05:00").await;
        let mut browser = Browser::signed_in(world.service(), &[Role::Helpdesk]).await;
        for (day, reason) in [
            ("2026-11-20", "She was not enrolled yet."),
            ("2026-11-23", "She enrolled that day."),
            ("2026-11-24", "She got it: her phone confirmed it."),
            ("2026-11-25", "She got it: her phone confirmed it."),
            ("2026-11-26", "It will come at 26 Nov 2026, 10:"),
        ] {
            let text = asked(&mut browser, &world, AMY, day).await;
            assert!(text.contains(reason), "{day}: {text}");
        }
        writes(&mut world, AMY, &["STOP"]).await;
        let text = asked(&mut browser, &world, AMY, "2026-11-26").await;
        assert!(text.contains("Her texts have been stopped since 25 Nov 2026."), "{text}");
        until(&mut world, "2026-11-28T09:00:00-05:00").await;
        writes(&mut world, AMY, &["START", "YES", "PAUSE 7"]).await;
        // What was true on that day counts.
        let mut browser = Browser::signed_in(world.service(), &[Role::Operator]).await;
        let text = asked(&mut browser, &world, AMY, "2026-11-27").await;
        assert!(text.contains("Her texts have been stopped since 25 Nov 2026."), "{text}");
        let text = asked(&mut browser, &world, AMY, "2026-11-30").await;
        assert!(text.contains("She asked for a pause until 5 Dec 2026."), "{text}");
        let text = asked(&mut browser, &world, AMY, "no-day").await;
        assert!(text.contains("Write the day as 2026-11-24"), "{text}");
    })
    .await;
}

#[tokio::test]
async fn a_loss_new_dates_and_a_long_silence_after_the_due_date() {
    on_both(async |database| {
        let mut world = world(&database).await;
        enrolls(&mut world, AMY, "November 27 2026").await;
        enrolls(&mut world, BEA, "April 12 2027").await;
        let mut browser = Browser::signed_in(world.service(), &[Role::Helpdesk]).await;
        let text = asked(&mut browser, &world, AMY, "2026-12-25").await;
        assert!(text.contains("Nothing comes until she does: nobody guesses."), "{text}");
        until(&mut world, "2026-11-28T20:00:00-05:00").await;
        writes(&mut world, BEA, &["UPDATE May 3 2027", "YES"]).await;
        let mut browser = Browser::signed_in(world.service(), &[Role::Operator]).await;
        let text = asked(&mut browser, &world, BEA, "2026-11-22").await;
        assert!(text.contains("She was not enrolled yet."), "{text}");
        writes(&mut world, BEA, &["I lost my baby"]).await;
        let text = asked(&mut browser, &world, BEA, "2026-12-02").await;
        assert!(text.contains("She told of a loss on 28 Nov 2026."), "{text}");
    })
    .await;
}

#[tokio::test]
async fn what_held_it_up_is_named() {
    on_both(async |database| {
        let mut world = world(&database).await;
        enrolls(&mut world, AMY, "April 12 2027").await;
        world.add_fault(Fault {
            from: at("2026-11-24T00:00:00-05:00"),
            until: at("2026-11-24T12:00:00-05:00"),
            kind: FaultKind::Refuse,
        });
        until(&mut world, "2026-11-24T11:30:00-05:00").await;
        let mut browser = Browser::signed_in(world.service(), &[Role::Helpdesk]).await;
        let text = asked(&mut browser, &world, AMY, "2026-11-24").await;
        assert!(text.contains("The gateway did not take it. It is tried again at 24 Nov 2026"), "{text}");
        let mut tx = world.service().database.begin().await.expect("a transaction");
        let later = world.now() + TimeDelta::hours(2);
        facts::hold_sender(&mut tx, "rehearsal", later, "out of credit").await.expect("a hold");
        tx.commit().await.expect("held");
        let text = asked(&mut browser, &world, AMY, "2026-11-24").await;
        assert!(text.contains("Our number may not send until 24 Nov 2026, 13:30"), "{text}");
    })
    .await;
}

#[tokio::test]
async fn what_she_asked_for_later_explains_no_earlier_day() {
    on_both(async |database| {
        let mut world = world(&database).await;
        enrolls(&mut world, AMY, "April 12 2027").await;
        until(&mut world, "2026-12-03T20:00:00-05:00").await;
        // The library had nothing for the 2nd.
        let amy = id_of(&world, AMY).await;
        emptied(&world, amy, "2026-12-02").await;
        let mut browser = Browser::signed_in(world.service(), &[Role::Helpdesk]).await;
        let gap = "The library had no approved tip for that place in her language.";
        let text = asked(&mut browser, &world, AMY, "2026-12-02").await;
        assert!(text.contains(gap), "{text}");
        writes(&mut world, AMY, &["LESS"]).await;
        let text = asked(&mut browser, &world, AMY, "2026-12-02").await;
        assert!(text.contains(gap), "{text}");
        // The first change after a day ended its plan, not the last one; and people who look at her change nothing.
        until(&mut world, "2026-12-05T20:00:00-05:00").await;
        writes(&mut world, AMY, &["PAUSE UNTIL DECEMBER 12"]).await;
        until(&mut world, "2026-12-14T20:00:00-05:00").await;
        writes(&mut world, AMY, &["MORE", "PAUSE UNTIL DECEMBER 30"]).await;
        until(&mut world, "2026-12-16T20:00:00-05:00").await;
        looked_at(&world, amy, 600).await;
        let mut browser = Browser::signed_in(world.service(), &[Role::Operator]).await;
        for (day, reason) in [
            ("2026-12-02", gap),
            ("2026-12-08", "She asked for a pause until 12 Dec 2026."),
            ("2026-12-15", "She asked for a pause until 30 Dec 2026."),
            ("2026-12-01", "It changed on 3 Dec 2026: she asked for other texts"),
        ] {
            let text = asked(&mut browser, &world, AMY, day).await;
            assert!(text.contains(reason), "{day}: {text}");
        }
    })
    .await;
}

/// A day of hers comes to nothing, for want of a tip.
async fn emptied(world: &World, her: Uuid, day: &str) {
    let mut tx = world.service().database.begin().await.expect("a transaction");
    let day: NaiveDate = day.parse().expect("a day");
    let update = "UPDATE planned SET outcome = 'no_tip', tip = NULL, outbox_id = NULL
                   WHERE occurs_on = $2 AND enrollment_id IN (SELECT id FROM enrollments WHERE subscriber_id = $1)";
    let changed = match &mut tx {
        Tx::Sqlite(tx) => {
            let done = sqlx::query(update).bind(her).bind(day).execute(&mut **tx).await;
            done.expect("a change").rows_affected()
        }
        Tx::Postgres(tx) => {
            let done = sqlx::query(update).bind(her).bind(day).execute(&mut **tx).await;
            done.expect("a change").rows_affected()
        }
    };
    assert_eq!(1, changed, "something was due");
    tx.commit().await.expect("changed");
}

/// Somebody opens her page again and again.
async fn looked_at(world: &World, her: Uuid, times: usize) {
    let mut tx = world.service().database.begin().await.expect("a transaction");
    for _ in 0..times {
        let (ana, to) = (Actor::named("Ana"), Object::mother(her, None));
        auditing::note(world.service(), &mut tx, &ana, "open mother", to, "").await.expect("noted");
    }
    tx.commit().await.expect("written");
}
