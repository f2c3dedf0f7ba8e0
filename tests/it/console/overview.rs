//! The first page: what is wrong today, and for whom it is told.

use chrono::TimeDelta;
use motherline::domain::role::{Grant, Role};
use motherline::flows::dispatch;
use motherline::ids::Ids;
use motherline::store::service as facts;

use super::texts::{AMY, DORA, Ended, START, counted, world, write};
use crate::conversation::{RUSSIA, US, at};
use crate::support::console::Browser;
use crate::support::engines::on_both;
use crate::support::service::on_each;

const PATH: &str = "/console/overview";

#[tokio::test]
async fn it_tells_what_went_and_what_did_not_beside_last_week() {
    on_both(async |database| {
        let world = world(&database).await;
        let (now, ids) = (at(START), Ids::seeded(1));
        let hour = now - TimeDelta::hours(2);
        let mut texts = vec![Ended::delivered(hour); 40];
        texts.extend(vec![Ended { state: 4, ..Ended::delivered(hour) }; 4]);
        texts.extend(vec![Ended::failed(hour, "30003"); 6]);
        texts.extend(vec![Ended { state: 9, gateway: "", ..Ended::delivered(hour) }; 2]);
        texts.extend(vec![Ended::delivered(hour - TimeDelta::days(7)); 30]);
        write(&database, &ids, &texts).await;
        let mut browser = Browser::signed_in(world.service(), &[Role::Viewer]).await;
        let page = browser.get(PATH).await.ok();
        assert!(page.text().contains("Nothing has been counted yet"), "{}", page.text());
        counted(&world).await;
        let page = browser.get(PATH).await.ok().text();
        for told in [
            "Due 50 a week ago by this time: 30",
            "Given to a gateway 50 a week ago by this time: 30",
            "Delivered 40 80.0% of those given a week ago by this time: 30",
            "Failed or too late 6 a week ago by this time: 0",
            "Taken back 2 a week ago by this time: 0",
            "12.0% of the texts by rehearsal failed in the last 24 hours with code 30003 (texts: 6).",
        ] {
            assert!(page.contains(told), "{told}: {page}");
        }
        // A second count changes nothing; a late report does.
        counted(&world).await;
        assert!(browser.get(PATH).await.text().contains("Delivered 40 80.0%"));
        let update = "UPDATE history SET state = 6, code = NULL WHERE code = '30003'";
        on_each!(&database, |pool| sqlx::query(update).execute(pool).await.map(|_| ())).expect("reports");
        wait(&world, TimeDelta::minutes(3));
        counted(&world).await;
        let page = browser.get(PATH).await.ok().text();
        assert!(page.contains("Delivered 46 92.0%") && !page.contains("30003"), "{page}");
        let page = browser.get("/console/overview?range=7d").await.ok().text();
        assert!(page.contains("Due 50 a week earlier: 30"), "{page}");
        // What does not exist is not there, whoever asks.
        assert_eq!(404, browser.get("/console/overview?program=nothing").await.status);
        // Of the hour that runs, the week before counts as much as has passed of it.
        let last_week = now - TimeDelta::days(7) + TimeDelta::minutes(40);
        write(&database, &ids, &vec![Ended::delivered(last_week); 60]).await;
        on_each!(&database, |pool| sqlx::query("DELETE FROM tallied").execute(pool).await.map(|_| ()))
            .expect("forgotten");
        wait(&world, TimeDelta::minutes(7));
        counted(&world).await;
        let page = browser.get(PATH).await.ok().text();
        assert!(page.contains("Due 50 a week ago by this time: 40"), "{page}");
    })
    .await;
}

/// Time passes, and nothing happens.
pub fn wait(world: &motherline::worker::rehearsal::World, time: TimeDelta) {
    let motherline::clock::Clock::Manual(hands) = &world.service().clock else { panic!("a manual clock") };
    hands.advance_to(world.now() + time);
}

#[tokio::test]
async fn what_is_held_and_who_does_not_answer_is_told_first_in_each_language() {
    on_both(async |database| {
        let world = world(&database).await;
        let service = world.service();
        let now = service.now();
        let mut tx = service.database.begin().await.expect("a transaction");
        facts::hold_sender(&mut tx, "rehearsal", now + TimeDelta::hours(1), "the account is empty <now>")
            .await
            .expect("held");
        tx.commit().await.expect("committed");
        let sender = service.senders.get("rehearsal").expect("a sender").clone();
        dispatch::gateway_away(service, &sender, "rehearsal").await.expect("written down");
        // Of one that the sender has no more nobody will hear that it answers.
        dispatch::gateway_away(service, &sender, "given-up").await.expect("written down");
        let mut browser = Browser::signed_in(service, &[Role::Operator]).await;
        let page = browser.get(PATH).await.ok();
        let text = page.text();
        assert!(
            text.contains(
                "Sender rehearsal sends nothing until 23 Nov 2026, 10:00. the account is empty <now>"
            ),
            "{text}"
        );
        assert!(
            text.contains("rehearsal does not answer sender rehearsal since 23 Nov 2026, 09:00"),
            "{text}"
        );
        assert!(!text.contains("given-up does not answer"), "{text}");
        assert!(text.contains("A gateway did not answer"), "{text}");
        page.link("/console/delivery?range=7d&#38;state=queued");
        browser.post("/console/language", &[("language", "ru"), ("next", PATH)]).await;
        let page = browser.get(PATH).await.ok();
        assert!(page.text().contains("Отправитель rehearsal ничего не отправляет до"), "{}", page.text());
        dispatch::gateway_back(service, &sender, "twilio").await.expect("written down");
        let page = browser.get(PATH).await.ok().text();
        assert!(!page.contains("twilio не отвечает"), "{page}");
    })
    .await;
}

#[tokio::test]
async fn who_counts_one_program_is_told_of_no_other() {
    on_both(async |database| {
        let mut world = world(&database).await;
        for texts in [["BABY", "3/12/2027", "YES", "10001"]] {
            for text in texts {
                world.text(AMY, text).await.expect("a text");
            }
        }
        let hour = world.now() - TimeDelta::hours(1);
        let russian = Ended { program: RUSSIA, phone: DORA, ..Ended::delivered(hour) };
        write(&database, &Ids::seeded(1), &[vec![russian; 3], vec![Ended::delivered(hour); 30]].concat())
            .await;
        counted(&world).await;
        let grants = vec![Grant { role: Role::Viewer, program: Some(RUSSIA.to_owned()) }];
        let mut browser = Browser::granted(world.service(), "Vera", grants).await;
        let page = browser.get(PATH).await.ok().text();
        assert!(page.contains("Due 3 a week ago by this time: 0"), "{page}");
        assert!(page.contains("Nobody wrote in this period up to 23 Nov 2026, 09:0"), "{page}");
        assert!(!page.contains(US), "{page}");
        let page = browser.get("/console/overview?program=text4baby-us").await;
        assert_eq!(404, page.status);
        let mut all = Browser::signed_in(world.service(), &[Role::Administrator]).await;
        let page = all.get("/console/audit").await.ok().text();
        assert!(page.contains("Vera was refused Text4baby (text4baby-us) counts"), "{page}");
        let page = all.get("/console/overview?program=text4baby-us").await.ok().text();
        assert!(page.contains("1 enrolled, as of"), "{page}");
        assert!(page.contains("a start word") && !page.contains("Due 3 "), "{page}");
        // Who waits is known at once, and what was written once it is counted: the page says so.
        world.text(AMY, "I am bleeding a lot").await.expect("a text");
        let page = all.get("/console/overview?program=text4baby-us").await.ok().text();
        assert!(page.contains("danger signs: 1") && !page.contains("a sign of danger"), "{page}");
        assert!(page.contains("; who waits for an answer is as of this moment."), "{page}");
    })
    .await;
}

#[tokio::test]
async fn the_live_part_is_sent_only_where_it_has_changed() {
    on_both(async |database| {
        let world = world(&database).await;
        counted(&world).await;
        let mut browser = Browser::signed_in(world.service(), &[Role::Viewer]).await;
        let page = browser.get(PATH).await.ok();
        let seen = page.body.split("name=\"seen\" value=\"").nth(1).expect("what was seen");
        let seen = seen.split('"').next().expect("its end").to_owned();
        let live = format!("/console/overview/live?range=today&seen={seen}");
        assert_eq!(204, browser.get(&live).await.status);
        write(&database, &Ids::seeded(1), &[Ended::delivered(world.now())]).await;
        wait(&world, TimeDelta::seconds(30));
        counted(&world).await;
        let page = browser.get(&live).await.ok();
        assert!(page.text().contains("Delivered 1"), "{}", page.text());
        assert!(!page.body.contains("<html"), "only the part");
    })
    .await;
}

#[tokio::test]
async fn a_span_that_makes_no_sense_is_told_beside_the_field_and_kept() {
    on_both(async |database| {
        let world = world(&database).await;
        let mut browser = Browser::signed_in(world.service(), &[Role::Viewer]).await;
        let page = browser.get("/console/overview?range=own&from=%3Csoon%3E&to=2026-11-22").await.ok();
        assert!(page.text().contains("Write the day and time as 2026-11-24"), "{}", page.text());
        assert!(page.body.contains("&#60;soon&#62;"), "{}", page.body);
        let page = browser.get("/console/overview?range=own&from=2026-11-20&to=2026-11-10").await.ok();
        assert!(page.text().contains("The end is before the beginning."), "{}", page.text());
    })
    .await;
}

#[tokio::test]
async fn a_gateway_that_stops_reporting_and_a_prefix_that_fails_are_told() {
    on_both(async |database| {
        let world = world(&database).await;
        let now = world.now();
        let mut texts = Vec::new();
        for day in 1..6 {
            texts.extend(vec![Ended::delivered(now - TimeDelta::days(day)); 60]);
        }
        let silent = Ended { state: 4, phone: "+13055550100", ..Ended::delivered(now - TimeDelta::hours(3)) };
        texts.extend(vec![silent; 30]);
        let bad = Ended { phone: "+14155550100", ..Ended::failed(now - TimeDelta::hours(20), "30006") };
        texts.extend(vec![bad; 25]);
        write(&database, &Ids::seeded(1), &texts).await;
        counted(&world).await;
        let mut browser = Browser::signed_in(world.service(), &[Role::Viewer]).await;
        let page = browser.get(PATH).await.ok();
        let text = page.text();
        assert!(text.contains("rehearsal has stopped reporting: of 30 texts that it took"), "{text}");
        assert!(text.contains("100.0% of the texts to numbers that begin with +1415 failed"), "{text}");
        page.link("/console/delivery?range=24h&#38;state=failed&#38;prefix=%2B1415");
    })
    .await;
}

#[tokio::test]
async fn a_silence_is_told_as_long_as_it_lasts() {
    on_both(async |database| {
        let world = world(&database).await;
        let (now, ids) = (world.now(), Ids::seeded(1));
        let silent = |ago: TimeDelta| Ended { state: 4, ..Ended::delivered(now - ago) };
        let mut texts = Vec::new();
        // It reported until six days ago, and then no more.
        for day in 6..12 {
            texts.extend(vec![Ended::delivered(now - TimeDelta::days(day)); 60]);
        }
        for day in 1..6 {
            texts.extend(vec![silent(TimeDelta::days(day)); 60]);
        }
        texts.extend(vec![silent(TimeDelta::hours(3)); 30]);
        write(&database, &ids, &texts).await;
        counted(&world).await;
        let mut browser = Browser::signed_in(world.service(), &[Role::Viewer]).await;
        let page = browser.get(PATH).await.ok().text();
        let told = "rehearsal has stopped reporting: of 30 texts that it took between 06:00 and 07:00";
        assert!(page.contains(told), "{page}");
        // One that never reported is told of, too: there is no week to be compared with.
        let old = "DELETE FROM history WHERE state = 6";
        on_each!(&database, |pool| sqlx::query(old).execute(pool).await.map(|_| ())).expect("deleted");
        let all = "DELETE FROM tallied";
        on_each!(&database, |pool| sqlx::query(all).execute(pool).await.map(|_| ())).expect("deleted");
        for table in ["DELETE FROM tallies", "DELETE FROM prefix_tallies"] {
            on_each!(&database, |pool| sqlx::query(table).execute(pool).await.map(|_| ())).expect("deleted");
        }
        counted(&world).await;
        let page = browser.get(PATH).await.ok().text();
        assert!(page.contains("rehearsal does not report what becomes of texts: of 30"), "{page}");
        assert!(!page.contains("reports come in"), "{page}");
        // At night nothing goes out, and it is told still.
        wait(&world, TimeDelta::hours(14));
        let mut browser = Browser::signed_in(world.service(), &[Role::Operator]).await;
        let page = browser.get(PATH).await.ok().text();
        assert!(page.contains("rehearsal does not report"), "{page}");
        // Now it reports.
        write(&database, &ids, &vec![Ended::delivered(world.now() - TimeDelta::hours(2)); 20]).await;
        counted(&world).await;
        let page = browser.get(PATH).await.ok().text();
        assert!(page.contains("texts go out, reports come in, nothing is late"), "{page}");
    })
    .await;
}

#[tokio::test]
async fn what_is_claimed_to_go_well_is_known() {
    on_both(async |database| {
        let world = world(&database).await;
        counted(&world).await;
        let mut browser = Browser::signed_in(world.service(), &[Role::Viewer]).await;
        let page = browser.get(PATH).await.ok().text();
        assert!(page.contains("Nothing is late. No text has gone out in the last 24 hours."), "{page}");
        assert!(!page.contains("Nothing has been counted yet"), "{page}");
        let silent = Ended { state: 4, ..Ended::delivered(world.now() - TimeDelta::hours(3)) };
        write(&database, &Ids::seeded(1), &[silent; 3]).await;
        wait(&world, TimeDelta::minutes(5));
        counted(&world).await;
        let page = browser.get(PATH).await.ok().text();
        assert!(page.contains("No report has come on those of the last 24 hours yet."), "{page}");
    })
    .await;
}

#[tokio::test]
async fn what_waits_in_any_lane_is_told_with_its_age() {
    on_both(async |database| {
        let world = world(&database).await;
        let (now, ids) = (world.now(), Ids::seeded(3));
        let person = "INSERT INTO subscribers (id, phone, created_at) VALUES ($1, $2, $3)";
        let insert = "INSERT INTO outbox (id, subscriber_id, sender, phone, lane, kind, language, body, encoding, segments,
                                          program, queued_at, not_after, state, next_try_at, tries, code)
                      SELECT $1, id, 'rehearsal', phone, $2, 'reply', 'en', 'Hello', 'GSM-7', 1, $3, $4, $5, 0, $6, $7, $8
                        FROM subscribers";
        let tried = "INSERT INTO attempts (text_id, number, gateway, began_at, ended_at, outcome, code)
                     VALUES ($1, 1, 'rehearsal', $2, $2, 'transient', 'unreachable')";
        let (hour, morning) = (now - TimeDelta::hours(1), now + TimeDelta::hours(20));
        on_each!(&database, |pool| sqlx::query(person)
            .bind(ids.text(now))
            .bind(AMY)
            .bind(now)
            .execute(pool)
            .await
            .map(|_| ()))
        .expect("a person");
        // An answer that was tried in vain again and again, and broadcasts that wait for the morning.
        let soon = now + TimeDelta::minutes(3);
        for (lane, next, tries, code) in [(0_i16, soon, 5_i16, Some("unreachable")), (2, morning, 0, None)] {
            let id = ids.text(hour);
            on_each!(&database, |pool| {
                sqlx::query(insert)
                    .bind(id)
                    .bind(lane)
                    .bind(US)
                    .bind(hour)
                    .bind(morning)
                    .bind(next)
                    .bind(tries)
                    .bind(code)
                    .execute(pool)
                    .await
                    .expect("a text");
                if tries > 0 {
                    let began = now - TimeDelta::minutes(30);
                    sqlx::query(tried).bind(id).bind(began).execute(pool).await.expect("a try");
                }
            });
        }
        let mut browser = Browser::signed_in(world.service(), &[Role::Viewer]).await;
        let page = browser.get(PATH).await.ok().text();
        assert!(page.contains("Answers to mothers wait since 08:30 (30 min): 1, sender rehearsal."), "{page}");
        assert!(page.contains("broadcasts 0 1 for their hour"), "{page}");
        assert!(page.contains("answers 0 23 Nov 2026, 08:30 1 to be tried again (unreachable)"), "{page}");
        // The same to whoever counts this program alone.
        let grants = vec![Grant { role: Role::Viewer, program: Some(US.to_owned()) }];
        let mut browser = Browser::granted(world.service(), "Vera", grants).await;
        let page = browser.get(PATH).await.ok().text();
        assert!(page.contains("text4baby-us broadcasts 0 1 for their hour"), "{page}");
        assert!(page.contains("Not ended yet 2") && page.contains("Oldest unsent text: answer"), "{page}");
    })
    .await;
}
