//! One text to many: each once, after a crash too; in her hours, or at any; stopped at any moment; and never to a woman
//! for whom it has become wrong since it was queued.

use chrono::TimeDelta;
use motherline::flows::auditing::Actor;
use motherline::flows::broadcasting::{self, Before, NotBegun, Part};
use motherline::flows::dispatch::{self, Desk, Room};
use motherline::flows::populating::{self, Crowd};
use motherline::flows::recalling;
use motherline::library::Text;
use motherline::store::broadcasts::{self, STOPPED};
use motherline::store::{Database, editions};
use motherline::worker::rehearsal::World;
use uuid::Uuid;

use super::{
    AMY, BEA, BY, CAT, NIGHT, count, ends, enrolls, language, message, move_clock, passes, send, told, until,
    world, writes,
};
use crate::conversation::at;
use crate::dispatcher::{count as rows, execute};
use crate::support::engines::on_both;

const DUE: &str = "April 12, 2027";
/// More than are queued in one part.
const CROWD: u64 = 1_300;

async fn with(women: &[&str], database: &Database) -> World {
    let mut world = world(database).await;
    for her in women {
        enrolls(&mut world, her, DUE).await;
    }
    world
}

#[tokio::test]
async fn by_night_it_waits_for_her_morning_and_an_emergency_does_not() {
    on_both(async |database| {
        let mut world = with(&[AMY, BEA], &database).await;
        until(&mut world, NIGHT).await;
        let (_, queued) = send(&world, &message(false)).await;
        assert_eq!((2, false), (queued.people, queued.stopped));
        assert!(told(&until(&mut world, "2026-11-24T08:59:59-05:00").await).is_empty(), "she sleeps");
        let morning = until(&mut world, "2026-11-24T12:00:00-05:00").await;
        assert_eq!(2, told(&morning).len());
        let opening = at("2026-11-24T09:00:00-05:00");
        for line in morning.iter().filter(|line| line.kind.as_deref() == Some("broadcast")) {
            assert!(line.at >= opening, "{}", line.at);
        }
        until(&mut world, "2026-11-24T23:00:00-05:00").await;
        send(&world, &message(true)).await;
        let lines = passes(&mut world, TimeDelta::seconds(1)).await;
        assert_eq!(2, told(&lines).len(), "at once, at any hour");
    })
    .await;
}

#[tokio::test]
async fn after_a_crash_in_the_middle_the_rest_get_it_and_nobody_twice() {
    on_both(async |database| {
        let mut world = world(&database).await;
        let crowd = Crowd { mothers: CROWD, seed: 3, sender: "rehearsal" };
        let service = world.service().clone();
        let library = service.shelf.edition().library.clone();
        populating::populate(&database, &service.clock, &library, &crowd).await.expect("a crowd");
        let message = message(true);
        let counted = count(&world, &message).await;
        assert_eq!(CROWD as usize, counted.people());
        let begun = broadcasting::begin(&service, &message, &counted, BY, false).await.expect("begun");
        let first = broadcasting::queue_part(&service, &message, &begun, Uuid::nil()).await.expect("a part");
        let Some(Part::Queued(queued, _)) = first else { panic!("{first:?}") };
        assert!((1..CROWD as usize).contains(&queued), "{queued} in one part");
        // The process is gone. Whoever comes later is not one of those who were counted.
        move_clock(&world, world.now() + TimeDelta::seconds(1));
        writes(&mut world, AMY, &["BABY", DUE, "YES", "10001"]).await;
        let Some(Before::Unfinished(found)) = broadcasting::before(&service, &message).await.expect("a look")
        else {
            panic!("it is not found")
        };
        let left = broadcasting::count(&service, &message, Some(&found)).await.expect("counted");
        assert_eq!(CROWD as usize - queued, left.people());
        let again = broadcasting::begin(&service, &message, &left, BY, false).await.expect("it goes on");
        assert_eq!(begun.id, again.id);
        // Two who go on at once do no harm.
        let (one, other) = tokio::join!(
            broadcasting::queue(&service, &message, &again),
            broadcasting::queue(&service, &message, &again)
        );
        let (one, other) = (one.expect("queued"), other.expect("queued"));
        assert_eq!(CROWD as usize - queued, one.people + other.people);
        assert!(!one.stopped && !other.stopped);
        let each = "SELECT COUNT(*) - COUNT(DISTINCT subscriber_id) FROM texts WHERE kind = 'broadcast'";
        assert_eq!(0, rows(&database, each).await);
        let all = "SELECT COUNT(*) FROM texts WHERE kind = 'broadcast'";
        assert_eq!(CROWD as i64, rows(&database, all).await);
        let (broadcast, to) = broadcasting::list(&database).await.expect("a list").remove(0);
        assert_eq!(("sent", CROWD as i64, CROWD as i64), (broadcast.state.as_str(), broadcast.people, to));
    })
    .await;
}

#[tokio::test]
async fn the_same_again_within_a_day_is_a_slip_unless_it_is_said() {
    on_both(async |database| {
        let mut world = with(&[AMY], &database).await;
        send(&world, &message(true)).await;
        let counted = count(&world, &message(true)).await;
        let refused = broadcasting::begin(world.service(), &message(true), &counted, BY, false).await;
        assert!(matches!(refused, Err(NotBegun::Lately(_))), "{refused:?}");
        broadcasting::begin(world.service(), &message(true), &counted, BY, true).await.expect("it is said");
        // Other words are another matter, and so are the same ones after a day.
        let mut other = message(true);
        other.words.insert(language("en"), Text::new("The water is good again."));
        assert!(broadcasting::before(world.service(), &other).await.expect("a look").is_none());
        execute(&database, "UPDATE broadcasts SET state = 'sent'").await;
        passes(&mut world, TimeDelta::hours(25)).await;
        assert!(broadcasting::before(world.service(), &message(true)).await.expect("a look").is_none());
    })
    .await;
}

async fn claims(world: &World, unasked: usize) -> Vec<dispatch::Ready> {
    let service = world.service();
    let sender = service.senders.get("rehearsal").cloned().expect("a sender");
    let room = Room { answers: 0, unasked, pressing: false };
    let claimed = dispatch::claim(service, &sender, "rehearsal", room, &mut Desk::default()).await;
    claimed.expect("claimed").unasked
}

#[tokio::test]
async fn what_has_not_left_of_a_stopped_one_does_not_leave() {
    on_both(async |database| {
        let mut world = with(&[AMY, BEA, CAT], &database).await;
        writes(&mut world, CAT, &["SAFE"]).await;
        let (broadcast, _) = send(&world, &message(true)).await;
        assert_eq!(1, claims(&world, 1).await.len(), "one is under way");
        let stopped =
            broadcasting::stop(world.service(), broadcast.id, &Actor::named("Bob")).await.expect("stopped");
        assert_eq!((true, 2), stopped);
        assert!(told(&passes(&mut world, TimeDelta::seconds(30)).await).is_empty());
        let fates = broadcasting::fates(&database, broadcast.id).await.expect("a look");
        assert_eq!(vec![(Some("canceled"), 2), (Some("sending"), 1)], fates.into_iter().collect::<Vec<_>>());
        assert_eq!(0, rows(&database, "SELECT COUNT(*) FROM unread").await, "nor does anybody read it later");
        let again =
            broadcasting::stop(world.service(), broadcast.id, &Actor::named("Bob")).await.expect("a look");
        assert_eq!((false, 0), again);
        let audited = "SELECT COUNT(*) FROM audit WHERE actor = 'Bob' AND action = 'stop broadcast'";
        assert_eq!(1, rows(&database, audited).await);
    })
    .await;
}

#[tokio::test]
async fn a_stop_reaches_what_another_process_queues_and_sends() {
    on_both(async |database| {
        let mut world = with(&[AMY, BEA], &database).await;
        let (broadcast, _) = send(&world, &message(true)).await;
        // It is stopped, and whoever stopped it has got no further than that.
        let mut tx = database.begin().await.expect("a transaction");
        assert!(broadcasts::end(&mut tx, broadcast.id, STOPPED, world.now()).await.expect("stopped"));
        tx.commit().await.expect("stopped");
        assert!(told(&passes(&mut world, TimeDelta::seconds(5)).await).is_empty(), "no try begins");
        let reason = Some("its broadcast was stopped".to_owned());
        let canceled = |her: &str| (her.to_owned(), 9, reason.clone());
        assert_eq!(vec![canceled(AMY), canceled(BEA)], ends(&database).await);
        // Another process was just queuing.
        let part = broadcasting::queue_part(world.service(), &message(true), &broadcast, Uuid::nil()).await;
        assert_eq!(Some(Part::Stopped), part.expect("a look"));
        let queued = broadcasting::queue(world.service(), &message(true), &broadcast).await.expect("a look");
        assert_eq!((0, true), (queued.people, queued.stopped));
    })
    .await;
}

#[tokio::test]
async fn a_stop_waits_for_the_part_that_is_being_queued_and_finds_it() {
    let database = Database::open(&crate::support::engines::postgres(), 8).await.expect("a database");
    let world = with(&[AMY], &database).await;
    let message = message(true);
    let counted = count(&world, &message).await;
    let broadcast = broadcasting::begin(world.service(), &message, &counted, BY, false).await.expect("begun");
    let mut queuing = database.begin().await.expect("a transaction");
    let state = broadcasts::hold(&mut queuing, broadcast.id).await.expect("a look");
    assert_eq!(Some("sending"), state.as_deref());
    let (service, id) = (world.service().clone(), broadcast.id);
    let stop = tokio::spawn(async move { broadcasting::stop(&service, id, &Actor::named("Bob")).await });
    tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    assert!(!stop.is_finished(), "it waits");
    queuing.commit().await.expect("queued");
    assert_eq!((true, 0), stop.await.expect("it ends").expect("stopped"));
    database.close().await;
}

#[tokio::test]
async fn a_woman_who_stops_while_it_waits_does_not_get_it() {
    on_both(async |database| {
        let mut world = with(&[AMY, BEA, CAT], &database).await;
        until(&mut world, NIGHT).await;
        send(&world, &message(false)).await;
        // One says so, and of another it is known and nothing was taken back.
        writes(&mut world, AMY, &["STOP"]).await;
        let stopped =
            "UPDATE subscribers SET stopped_at = '2026-11-24T04:00:00+00:00' WHERE phone = '+12025550142'";
        execute(&database, stopped).await;
        let lines = until(&mut world, "2026-11-24T12:00:00-05:00").await;
        assert_eq!(vec![(CAT, "Boil your water.")], told(&lines));
        let reasons: Vec<_> = ends(&database).await.into_iter().filter_map(|(_, _, reason)| reason).collect();
        assert_eq!(vec!["she texted STOP", "she had stopped"], reasons);
    })
    .await;
}

#[tokio::test]
async fn a_woman_who_tells_of_a_loss_while_it_waits_does_not_get_it() {
    on_both(async |database| {
        let mut world = with(&[AMY, BEA], &database).await;
        until(&mut world, NIGHT).await;
        send(&world, &message(false)).await;
        let mut everybody = message(false);
        everybody.segment.also_after_loss = true;
        everybody.words.insert(language("en"), Text::new("The river rises."));
        send(&world, &everybody).await;
        // Of one it is known and nothing was taken back.
        let frozen = "UPDATE enrollments SET state = 'frozen' WHERE subscriber_id =
                          (SELECT id FROM subscribers WHERE phone = '+12025550141')";
        execute(&database, frozen).await;
        let lines = until(&mut world, "2026-11-24T12:00:00-05:00").await;
        let mut all = told(&lines);
        all.sort_unstable();
        let (water, river) = ("Boil your water.", "The river rises.");
        assert_eq!(vec![(AMY, river), (BEA, water), (BEA, river)], all);
        let reason = "she had told of a loss".to_owned();
        assert!(ends(&database).await.contains(&(AMY.to_owned(), 9, Some(reason))));
    })
    .await;
}

#[tokio::test]
async fn a_woman_who_hides_while_it_waits_reads_it_when_she_is_alone() {
    on_both(async |database| {
        let mut world = with(&[AMY, BEA], &database).await;
        // One hid before, one hides while it waits.
        writes(&mut world, AMY, &["SAFE"]).await;
        until(&mut world, NIGHT).await;
        assert_eq!(1, count(&world, &message(false)).await.reached[&language("en")].covered);
        send(&world, &message(false)).await;
        writes(&mut world, BEA, &["SAFE"]).await;
        let lines = until(&mut world, "2026-11-24T12:00:00-05:00").await;
        let notice = "You have a message. Reply 1 when it is a good time.";
        let mut all = told(&lines);
        all.sort_unstable();
        assert_eq!(vec![(AMY, notice), (BEA, notice)], all);
        for her in [AMY, BEA] {
            let read = writes(&mut world, her, &["1"]).await;
            assert!(read.len() == 1 && read[0].contains("Boil your water."), "{read:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn words_that_are_recalled_do_not_leave() {
    on_both(async |database| {
        let mut world = with(&[AMY], &database).await;
        let tip = "us-starter-1-welcome";
        let words = {
            let edition = world.service().shelf.edition();
            let program = edition.library.program(crate::conversation::US).expect("a program");
            program.find(tip).expect("a tip").texts[&language("en")].national.clone()
        };
        let mut message = message(true);
        message.words.insert(language("en"), words);
        send(&world, &message).await;
        recalling::recall(world.service(), tip, "Ana", "a wrong number")
            .await
            .expect("a recall")
            .expect("a tip");
        assert!(told(&passes(&mut world, TimeDelta::seconds(5)).await).is_empty());
        assert_eq!(vec![(AMY.to_owned(), 9, Some("its tip was recalled".to_owned()))], ends(&database).await);
        let mut tx = database.read().await.expect("a look");
        assert_eq!(1, editions::recalls(&mut tx).await.expect("a look").len());
    })
    .await;
}

#[tokio::test]
async fn what_missed_her_hours_waits_for_the_next_morning() {
    on_both(async |database| {
        let mut world = with(&[AMY], &database).await;
        send(&world, &message(false)).await;
        // Nobody sent it all day.
        move_clock(&world, at(NIGHT));
        assert!(told(&passes(&mut world, TimeDelta::minutes(5)).await).is_empty());
        let lines = until(&mut world, "2026-11-24T12:00:00-05:00").await;
        assert_eq!(1, told(&lines).len());
    })
    .await;
}
