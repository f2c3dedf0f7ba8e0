//! A gateway that takes each of our names once: what is in doubt there is handed over again, the same try under the
//! same name by the same gateway, and nothing else settles it but a report, an acceptance or a refusal.

use chrono::TimeDelta;
use motherline::clock::Clock;
use motherline::domain::delivery::Evidence;
use motherline::flows::dispatch::{self, Desk, Ready, Room};
use motherline::flows::{doubt, receipts};
use motherline::gateway::{Lookup, Outcome};
use motherline::store::Database;
use motherline::worker::rehearsal::World;

use super::delivery::{claimed, one_in_flight, report};
use super::{count, execute, world};
use crate::support::engines::on_both;

const WAITS: &str = "SELECT COUNT(*) FROM outbox WHERE state = 0 AND tries = 0 AND code = 'repeat'";
const IN_DOUBT: &str = "SELECT COUNT(*) FROM outbox WHERE state = 3 AND tries = 1";

#[tokio::test]
async fn a_doubt_is_handed_over_again_under_its_name_until_the_gateway_says_what_it_was() {
    on_both(async |database| {
        let world = world(database.clone()).await;
        let first = in_doubt_and_repeated(&world, &database).await;
        for unheard in [
            Outcome::Transient { code: "429".into(), sentence: "not now".into(), retry_after: None },
            Outcome::Ambiguous { code: "timeout".into(), sentence: "no answer".into() },
        ] {
            let again = claimed(&world, 1).await.pop().expect("it is begun again");
            assert_eq!(first.reference(), again.reference(), "under its name");
            record(&world, again, unheard).await;
            assert_eq!(1, count(&database, IN_DOUBT).await, "another try would have another name");
            repeat(&world).await;
        }
        let again = claimed(&world, 1).await.pop().expect("it is begun again");
        record(&world, again, Outcome::Accepted { provider_id: Some("taken-1".to_owned()) }).await;
        assert_eq!(1, count(&database, "SELECT COUNT(*) FROM history WHERE state = 4 AND tries = 1").await);
        assert_eq!(1, count(&database, "SELECT COUNT(*) FROM attempts WHERE code = 'crash'").await);
    })
    .await;
}

#[tokio::test]
async fn no_other_gateway_is_given_what_waits_to_be_handed_over_again() {
    on_both(async |database| {
        let world = world(database.clone()).await;
        in_doubt_and_repeated(&world, &database).await;
        let service = world.service();
        let sender = service.senders.get("rehearsal").cloned().expect("a sender");
        let room = Room { answers: 10, unasked: 10, pressing: false };
        let mut desk = Desk::default();
        let other = dispatch::claim(service, &sender, "second", room, &mut desk).await.expect("claimed");
        assert!(other.answers.is_empty() && other.unasked.is_empty(), "it would know nothing of the first");
        let empty = dispatch::claim(service, &sender, "second", room, &mut desk).await.expect("claimed");
        assert!(empty.is_empty(), "nor does it ask again and again");
        assert_eq!(1, count(&database, WAITS).await);
        pass(&world, TimeDelta::minutes(1));
        assert!(claimed(&world, 1).await.pop().expect("its own gateway is back").repeats);
    })
    .await;
}

#[tokio::test]
async fn a_report_ends_what_waits_to_be_handed_over_again() {
    for (evidence, ended) in [
        (Evidence::Failed, "SELECT COUNT(*) FROM history WHERE state = 7"),
        (Evidence::Delivered, "SELECT COUNT(*) FROM history WHERE state = 6"),
    ] {
        on_both(async |database| {
            let world = world(database.clone()).await;
            let first = in_doubt_and_repeated(&world, &database).await;
            let told = report(first.reference(), "so it is", Some(evidence));
            receipts::receive(world.service(), &[("rehearsal".to_owned(), told)]).await.expect("received");
            assert_eq!(1, count(&database, ended).await, "{evidence:?}");
            assert!(claimed(&world, 1).await.is_empty());
        })
        .await;
    }
}

#[tokio::test]
async fn too_late_or_after_stop_nothing_is_handed_over_again() {
    on_both(async |database| {
        let world = world(database.clone()).await;
        in_doubt_and_repeated(&world, &database).await;
        execute(&database, "UPDATE outbox SET not_after = '2026-11-23T00:00:00+00:00'").await;
        motherline::flows::upkeep::expire(world.service()).await.expect("swept");
        assert_eq!(1, count(&database, WAITS).await, "who sweeps does not know whether it was sent");
        assert!(claimed(&world, 1).await.is_empty());
        let told =
            "SELECT COUNT(*) FROM history WHERE state = 7 AND code = 'in_doubt' AND reason LIKE '%may have%'";
        assert_eq!(1, count(&database, told).await, "its account says that it may have arrived");

        execute(&database, "DELETE FROM history").await;
        execute(&database, "DELETE FROM inbox").await;
        in_doubt_and_repeated(&world, &database).await;
        execute(&database, "UPDATE outbox SET lane = 1, inbox_id = NULL").await;
        execute(&database, "UPDATE subscribers SET stopped_at = '2026-11-23T14:00:01+00:00'").await;
        assert!(claimed(&world, 1).await.is_empty(), "no send begins after STOP, not a second one either");
        assert_eq!(1, count(&database, "SELECT COUNT(*) FROM history WHERE state = 9").await);
    })
    .await;
}

/// It hears late that the gateway had not taken the text, while another has handed it over again.
#[tokio::test]
async fn who_was_taken_for_dead_lets_no_new_try_begin_beside_the_one_under_way() {
    on_both(async |database| {
        let world = world(database.clone()).await;
        let ghost = in_doubt_and_repeated(&world, &database).await;
        let again = claimed(&world, 1).await.pop().expect("it is begun again");
        let refused = Outcome::Transient { code: "503".into(), sentence: "no".into(), retry_after: None };
        record(&world, ghost, refused).await;
        let under_way = "SELECT COUNT(*) FROM outbox WHERE state = 2 AND tries = 1";
        assert_eq!(
            1,
            count(&database, under_way).await,
            "a new try would have a new name, and arrive beside it"
        );
        record(&world, again, Outcome::Accepted { provider_id: None }).await;
        assert_eq!(1, count(&database, "SELECT COUNT(*) FROM history WHERE state = 4").await);
    })
    .await;
}

/// A text whose dispatcher died, and which waits to be handed over again; gives its first try.
async fn in_doubt_and_repeated(world: &World, database: &Database) -> Ready {
    let first = one_in_flight(world, database).await;
    pass(world, TimeDelta::seconds(61));
    doubt::recover(world.service()).await.expect("recovered");
    repeat(world).await;
    assert_eq!(1, count(database, WAITS).await);
    first
}

/// The moment at which the doubt is looked at, as its gateway answers.
async fn repeat(world: &World) {
    pass(world, TimeDelta::minutes(3));
    for (text, _) in doubt::waiting(world.service(), 10).await.expect("doubts") {
        doubt::settle(world.service(), &text, &Lookup::Repeat).await.expect("settled");
    }
}

fn pass(world: &World, time: TimeDelta) {
    let Clock::Manual(hands) = &world.service().clock else { panic!("a clock moved by hand") };
    hands.advance_to(world.now() + time);
}

async fn record(world: &World, text: Ready, outcome: Outcome) {
    let sender = world.service().senders.get("rehearsal").cloned().expect("a sender");
    let result = [(text, outcome)];
    dispatch::record(world.service(), &sender, world.gateway(), &result).await.expect("recorded");
}
