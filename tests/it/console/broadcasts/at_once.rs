//! Two who decide about the same broadcast at the same moment: one of the two comes true, wholly.

use chrono::TimeDelta;
use motherline::flows::Service;
use motherline::flows::auditing::Actor;
use motherline::flows::broadcasting::{self, Confirmed, Message, NotDone};
use motherline::library::Text;
use motherline::store::broadcasts::{self, Broadcast, planning};
use motherline::store::{Database, Tx};
use motherline::worker::rehearsal::World;
use uuid::Uuid;

use super::{AMY, BEA, CAT, at_console, decide, enrolls, passes, seen, until, world, write};
use crate::conversation::US;
use crate::dispatcher::count;
use crate::support::console::Browser;
use crate::support::engines::on_both;
use crate::support::racing::all_wait;

const WAITS: &str = "SELECT COUNT(*) FROM outbox WHERE kind = 'broadcast'";
const STOPS: &str = "SELECT COUNT(*) FROM audit WHERE action = 'stop broadcast'";

fn id_of(place: &str) -> Uuid {
    place.rsplit('/').next().and_then(|id| id.parse().ok()).expect("its id")
}

async fn found(service: &Service, id: Uuid) -> Broadcast {
    let mut tx = service.database.read().await.expect("a look");
    broadcasts::find(&mut tx, id).await.expect("a look").expect("a broadcast")
}

/// Nobody else gets on with these broadcasts before this is dropped.
async fn hold(database: &Database, ids: &[Uuid]) -> Tx {
    let mut tx = database.begin().await.expect("a transaction");
    for id in ids {
        planning::lock(&mut tx, *id).await.expect("held").expect("a broadcast");
    }
    tx
}

fn actor(service: &Service, name: &str) -> Actor {
    Actor { name: name.to_owned(), account: Some(service.id()) }
}

/// Three women of New York.
async fn three(database: &Database) -> World {
    let mut world = world(database).await;
    for her in [AMY, BEA, CAT] {
        enrolls(&mut world, her, "10001").await;
    }
    world
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_who_stop_it_in_flight_stop_it_once() {
    on_both(async |database| {
        let mut world = three(&database).await;
        until(&mut world, "2026-11-24T00:30:00-05:00").await;
        let mut ana = at_console(&world, "Ana", Some(US), 1_000).await;
        let mut bob = at_console(&world, "Bob", Some(US), 1_000).await;
        let place = write(&mut world, &mut ana, &[]).await;
        decide(&world, &mut ana, &place, "confirm", &[("people", "3")]).await.leads_to();
        // A part of it is being queued while both press, and more would be.
        let turn = broadcasting::turn(world.service(), Uuid::nil(), &mut Default::default()).await;
        assert_eq!(3, turn.expect("a part").done);
        let held = hold(&database, &[id_of(&place)]).await;
        let stop = format!("{place}/stop");
        let release = async {
            all_wait(&database, 2).await;
            drop(held);
        };
        let (one, other, ()) = tokio::join!(ana.post(&stop, &[]), bob.post(&stop, &[]), release);
        for pressed in [one, other] {
            assert_eq!(place, pressed.leads_to());
        }
        let told = [ana.get(&place).await.ok().text(), bob.get(&place).await.ok().text()];
        for said in ["Stopped. Nothing of it leaves any more.", "It had been stopped before."] {
            assert_eq!(1, told.iter().filter(|text| text.contains(said)).count(), "{said}: {told:?}");
        }
        assert_eq!(1, count(&database, STOPS).await);
        // What is left of it is taken back by two at once as well.
        let (id, by) = (id_of(&place), Actor::named("Zoe"));
        let (one, other) = tokio::join!(
            broadcasting::stop(world.service(), id, &by),
            broadcasting::stop(world.service(), id, &by)
        );
        let (one, other) = (one.expect("taken back"), other.expect("taken back"));
        assert_eq!((false, false, 3), (one.0, other.0, one.1 + other.1));
        assert!(passes(&mut world, TimeDelta::days(2)).await.is_empty());
        assert_eq!(0, count(&database, WAITS).await);
        let canceled = "SELECT COUNT(*) FROM history WHERE kind = 'broadcast' AND state = 9";
        assert_eq!(3, count(&database, canceled).await);
        assert_eq!("stopped", found(world.service(), id).await.state);
    })
    .await;
}

/// One that waits for a second person; gives its id and what they are shown.
async fn waiting(world: &mut World, ana: &mut Browser) -> (Uuid, String) {
    ana.enter("Ana@example.org").await;
    let place = write(world, ana, &[]).await;
    // The last one of these was the same.
    decide(world, ana, &place, "confirm", &[("people", "3"), ("again", "yes")]).await.leads_to();
    world.settle().await.expect("it is counted");
    (id_of(&place), seen(world, &place).await)
}

fn yes(shown: &str) -> Confirmed<'_> {
    Confirmed { people: 3, shown, emergency: false, again: true }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn stopped_while_it_is_approved_all_of_it_goes_or_none() {
    on_both(async |database| {
        let mut world = three(&database).await;
        let mut ana = at_console(&world, "Ana", Some(US), 1).await;
        for round in 0..6 {
            let (id, shown) = waiting(&mut world, &mut ana).await;
            let service = world.service().clone();
            let stops = count(&database, STOPS).await;
            let held = hold(&database, &[id]).await;
            let (approver, presser) = (service.clone(), service.clone());
            let approving = tokio::spawn(async move {
                broadcasting::approve(&approver, id, yes(&shown), &actor(&approver, "Cleo")).await
            });
            all_wait(&database, 1).await;
            // Whoever presses comes a little earlier or later each time.
            let stopping = tokio::spawn(async move {
                for _ in 0..round * 4 {
                    tokio::task::yield_now().await;
                }
                broadcasting::stop(&presser, id, &actor(&presser, "Bob")).await
            });
            drop(held);
            approving.await.expect("it ends").expect("approved");
            let (stopped, _) = stopping.await.expect("it ends").expect("a press");
            let told = passes(&mut world, TimeDelta::hours(1)).await.len();
            let state = found(&service, id).await.state;
            let outcome = (state.as_str(), told, count(&database, STOPS).await - stops);
            assert_eq!(if stopped { ("stopped", 0, 1) } else { ("sent", 3, 0) }, outcome, "round {round}");
            assert_eq!(0, count(&database, WAITS).await);
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn given_up_or_changed_while_it_is_approved_one_of_the_two_comes_true() {
    on_both(async |database| {
        let mut world = three(&database).await;
        let words = "Boil your water.";
        let mut ana = at_console(&world, "Ana", Some(US), 1).await;
        for change in [false, true] {
            let (id, shown) = waiting(&mut world, &mut ana).await;
            let service = world.service().clone();
            let held = hold(&database, &[id]).await;
            let (approver, other) = (service.clone(), service.clone());
            let approving = tokio::spawn(async move {
                broadcasting::approve(&approver, id, yes(&shown), &actor(&approver, "Cleo")).await
            });
            let undoing = tokio::spawn(async move {
                let bob = actor(&other, "Bob");
                if change {
                    let mut message: Message =
                        broadcasting::message(&found(&other, id).await).expect("it can be read");
                    message.words.values_mut().for_each(|text| *text = Text::new(words));
                    return broadcasting::draft(&other, Some(id), &message, "a flood", &bob).await.map(drop);
                }
                broadcasting::withdraw(&other, id, &bob).await
            });
            all_wait(&database, 2).await;
            drop(held);
            let (approved, undone) = (approving.await.expect("it ends"), undoing.await.expect("it ends"));
            let told = passes(&mut world, TimeDelta::hours(1)).await;
            let now = found(&service, id).await;
            match (approved, undone) {
                (Ok(()), Err(NotDone::State(state))) => {
                    assert_eq!(("sending", "sent"), (state.as_str(), now.state.as_str()));
                    assert_eq!(vec!["Do not use Brand X formula."; 3], told, "what was approved");
                }
                (Err(NotDone::State(_) | NotDone::Changed(_)), Ok(())) => {
                    assert!(told.is_empty(), "{told:?}");
                    assert_eq!(if change { "draft" } else { "withdrawn" }, now.state);
                    assert_eq!(None, now.approved_by);
                }
                both => panic!("one of the two: {both:?}"),
            }
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_who_confirm_the_same_words_at_once_one_is_asked_again() {
    on_both(async |database| {
        let mut world = three(&database).await;
        let mut ana = at_console(&world, "Ana", Some(US), 1_000).await;
        let mut bob = at_console(&world, "Bob", Some(US), 1_000).await;
        let hers = write(&mut world, &mut ana, &[]).await;
        let his = write(&mut world, &mut bob, &[]).await;
        let held = hold(&database, &[id_of(&hers), id_of(&his)]).await;
        let release = async {
            all_wait(&database, 2).await;
            drop(held);
        };
        let (one, other, ()) = tokio::join!(
            decide(&world, &mut ana, &hers, "confirm", &[("people", "3")]),
            decide(&world, &mut bob, &his, "confirm", &[("people", "3")]),
            release
        );
        let mut statuses = [one.status, other.status];
        statuses.sort_unstable();
        assert_eq!([303, 422], statuses, "{} {}", one.text(), other.text());
        let asked = if one.status == 422 { one } else { other };
        assert!(asked.body.contains("name=\"again\""), "{}", asked.text());
        assert_eq!(3, passes(&mut world, TimeDelta::hours(2)).await.len(), "nobody is told twice");
    })
    .await;
}
