//! What is done in the background: one broadcast never holds up another, and what cannot be read goes to nobody.

use std::collections::{BTreeMap, HashSet};

use chrono::TimeDelta;
use motherline::flows::auditing::Actor;
use motherline::flows::broadcasting::{self, Confirmed, Message, Segment, Submitted};
use motherline::flows::populating::{self, Crowd};
use motherline::library::Text;
use motherline::store::broadcasts::{self, Broadcast, SENDING, STOPPED, WITHDRAWN, planning};
use motherline::store::{Database, service as duties};
use motherline::worker::rehearsal::World;
use uuid::Uuid;

use super::{AMY, BEA, at_console, decide, enrolls, passes, world, write};
use crate::conversation::US;
use crate::dispatcher::{count, execute};
use crate::support::engines::on_both;
use crate::support::racing::all_wait;

#[tokio::test]
async fn one_that_cannot_be_read_goes_to_nobody_and_holds_up_no_other() {
    on_both(async |database| {
        let mut world = world(&database).await;
        enrolls(&mut world, AMY, "10001").await;
        enrolls(&mut world, BEA, "10001").await;
        let mut ana = at_console(&world, "Ana", Some(US), 1_000).await;
        // One is being queued and one is to be counted, as a newer version wrote them: of those in New York with a car.
        let going = write(&mut world, &mut ana, &[("area", "NY")]).await;
        decide(&world, &mut ana, &going, "confirm", &[("people", "2")]).await.leads_to();
        let drafted = ana.post(super::NEW, &super::form(&[("area", "NY")])).await.leads_to();
        execute(
            &database,
            "UPDATE broadcasts SET segment = '{\"program\":\"text4baby-us\",\"area\":\"NY\",\"car\":true}'",
        )
        .await;
        let place = write(&mut world, &mut ana, &[("words-en", "The water is bad.")]).await;
        assert!(ana.get(&place).await.ok().text().contains("People 2"), "it was counted all the same");
        decide(&world, &mut ana, &place, "confirm", &[("people", "2")]).await.leads_to();
        let told = passes(&mut world, TimeDelta::hours(1)).await;
        assert_eq!(vec!["The water is bad."; 2], told, "and went; the others reach nobody");
        for unread in [&going, &drafted] {
            let page = ana.get(unread).await.ok();
            assert!(page.text().contains("cannot read whom it is for"), "{}", page.text());
            assert!(!page.text().contains("Every program") && !page.body.contains("/confirm\""));
        }
        let refused = ana.get(&format!("{drafted}/edit")).await;
        assert!(refused.status == 422 && refused.text().contains("cannot read whom it is for"));
        let refused = decide(&world, &mut ana, &drafted, "confirm", &[("people", "1")]).await;
        assert!(refused.status == 422 && refused.text().contains("cannot read whom it is for"));
        assert!(ana.get("/console/broadcasts").await.ok().text().contains("cannot be read"));
        let told = "SELECT COUNT(DISTINCT subject) FROM alarms WHERE kind = 'broadcast_broken'";
        assert_eq!(2, count(&database, told).await, "somebody is told");
    })
    .await;
}

async fn drafted(world: &World, by: &Actor, emergency: bool) -> Uuid {
    let words = [("en", "Boil your water."), ("es", "Hierva el agua."), ("ru", "Кипятите воду.")];
    let words = words.map(|(code, words)| (code.parse().expect("a language"), Text::new(words)));
    let message = Message { segment: Segment::default(), words: BTreeMap::from(words), emergency };
    broadcasting::draft(world.service(), None, &message, "a flood", by).await.expect("written")
}

async fn found(world: &World, id: Uuid) -> Broadcast {
    let mut tx = world.service().database.read().await.expect("a look");
    broadcasts::find(&mut tx, id).await.expect("a look").expect("a broadcast")
}

#[tokio::test]
async fn an_emergency_does_not_wait_until_a_big_one_is_queued() {
    on_both(async |database| {
        let world = world(&database).await;
        let service = world.service();
        // More than are queued in one part.
        let crowd = Crowd { mothers: 1_200, seed: 3, sender: "rehearsal" };
        let library = service.shelf.edition().library.clone();
        populating::populate(&database, &service.clock, &library, &crowd).await.expect("a crowd");
        let by = Actor { name: "Ana".to_owned(), account: Some(service.id()) };
        let big = drafted(&world, &by, false).await;
        broadcasting::carry_on(service, Uuid::nil()).await.expect("counted");
        let counted = found(&world, big).await;
        let people = broadcasting::counted(&counted).expect("a count").people() as i64;
        let shown = broadcasting::shown(&counted);
        let confirmed = Confirmed { people, shown: &shown, emergency: false, again: false };
        let submitted = broadcasting::submit(service, big, confirmed, 10_000, &by).await.expect("begun");
        assert_eq!(Submitted::Sending, submitted);
        let mut broken = HashSet::new();
        let turn = broadcasting::turn(service, Uuid::nil(), &mut broken).await.expect("a part");
        assert!(turn.more && turn.done < people as usize, "{turn:?}");
        let urgent = drafted(&world, &by, true).await;
        broadcasting::turn(service, Uuid::nil(), &mut broken).await.expect("a part");
        assert!(broadcasting::counted(&found(&world, urgent).await).is_some(), "it is counted");
        assert_eq!("sending", found(&world, big).await.state, "before all of the big one is queued");
        broadcasting::carry_on(service, Uuid::nil()).await.expect("all of it");
        assert_eq!("sent", found(&world, big).await.state);
        assert_eq!(people, count(&database, "SELECT COUNT(*) FROM broadcast_texts").await);
        // While another process has the duty, nobody else begins the same work.
        broadcasting::count_anew(service, urgent).await.expect("asked");
        assert_eq!(0, broadcasting::carry_on(service, service.id()).await.expect("nothing"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn for_an_emergency_a_count_and_a_taking_back_are_left_off() {
    on_both(async |database| {
        let mut world = world(&database).await;
        enrolls(&mut world, AMY, "10001").await;
        let by = Actor { name: "Ana".to_owned(), account: Some(world.service().id()) };
        for taken_back in [false, true] {
            let urgent = drafted(&world, &by, true).await;
            broadcasting::carry_on(world.service(), Uuid::nil()).await.expect("counted");
            let long = drafted(&world, &by, false).await;
            if taken_back {
                let stopped = Broadcast {
                    state: STOPPED.to_owned(),
                    count_asked_at: None,
                    ended_at: Some(world.now()),
                    ..found(&world, long).await
                };
                put(&database, &stopped).await;
            }
            // Approved at the moment at which a turn has seen what there is to do, and begins.
            let mut held = database.begin().await.expect("a transaction");
            let (now, soon) = (world.now(), world.now() + TimeDelta::seconds(30));
            duties::hold_duty(&mut held, "broadcasts", Uuid::nil(), now, soon).await.expect("held");
            let service = world.service().clone();
            let turn =
                tokio::spawn(
                    async move { broadcasting::turn(&service, Uuid::nil(), &mut HashSet::new()).await },
                );
            all_wait(&database, 1).await;
            let approved =
                Broadcast { state: SENDING.to_owned(), made_at: now, ..found(&world, urgent).await };
            planning::put(&mut held, &approved).await.expect("approved");
            held.commit().await.expect("written");
            let turn = turn.await.expect("it ends").expect("a turn");
            assert_eq!((0, true), (turn.done, turn.more), "it is left off, and the emergency's turn comes");
            let waits = async || {
                let long = found(&world, long).await;
                long.count_asked_at.is_some() || taken_back && long.cleared_at.is_none()
            };
            assert!(waits().await, "it stays asked for");
            let turn = broadcasting::turn(world.service(), Uuid::nil(), &mut HashSet::new()).await;
            assert_eq!(1, turn.expect("a part").done, "she is told");
            assert!(
                waits().await && found(&world, urgent).await.queued_to.is_some(),
                "and nothing before that"
            );
            broadcasting::carry_on(world.service(), Uuid::nil()).await.expect("all of it");
            assert_eq!("sent", found(&world, urgent).await.state);
            assert!(!waits().await, "what was left off is done after it");
        }
    })
    .await;
}

async fn put(database: &Database, broadcast: &Broadcast) {
    let mut tx = database.begin().await.expect("a transaction");
    planning::put(&mut tx, broadcast).await.expect("written");
    tx.commit().await.expect("written");
}

#[tokio::test]
async fn what_has_not_begun_is_found_however_many_have_ended_since() {
    on_both(async |database| {
        let mut world = world(&database).await;
        enrolls(&mut world, AMY, "10001").await;
        let mut ana = at_console(&world, "Ana", Some(US), 1_000).await;
        write(&mut world, &mut ana, &[]).await;
        let mut tx = database.begin().await.expect("a transaction");
        for _ in 0..51 {
            let ended = Broadcast {
                id: world.service().id(),
                why: "an old flood".to_owned(),
                segment: "{}".to_owned(),
                words: "{}".to_owned(),
                state: WITHDRAWN.to_owned(),
                program: Some(US.to_owned()),
                ..Broadcast::default()
            };
            broadcasts::begin(&mut tx, &ended).await.expect("written");
        }
        tx.commit().await.expect("written");
        let planned = ana.get("/console/broadcasts?show=planned").await.ok().text();
        assert!(
            planned.contains("A recall of infant formula") && !planned.contains("an old flood"),
            "{planned}"
        );
        let finished = ana.get("/console/broadcasts?show=finished").await.ok();
        assert!(finished.text().contains("an old flood") && finished.text().contains("Older"));
        let older =
            ana.get(&finished.link("/console/broadcasts?show=finished&#38;before=")).await.ok().text();
        assert!(older.contains("an old flood") && !older.contains("infant formula"), "{older}");
        let going = ana.get("/console/broadcasts?show=going").await.ok().text();
        assert!(going.contains("There is no broadcast here."), "{going}");
    })
    .await;
}
