//! Reports merge in any order; a result counts once and only for its own try.

use motherline::domain::delivery::{Evidence, State};
use motherline::flows::dispatch::{self, Desk, Room};
use motherline::flows::{doubt, receipts};
use motherline::gateway::{Lookup, Outcome, Report};
use motherline::ids::try_name;

use super::{HER, at, count, execute, world};
use crate::support::engines::on_both;

pub(super) fn report(reference: uuid::Uuid, status: &str, evidence: Option<Evidence>) -> Report {
    Report {
        reference: Some(reference),
        provider_id: None,
        status: status.to_owned(),
        evidence,
        code: None,
        sentence: None,
        opted_out: false,
        raw: format!("status={status}"),
    }
}

#[tokio::test]
async fn reports_in_any_order_end_the_same() {
    on_both(async |database| {
        let mut world = world(database.clone()).await;
        world.text(HER, "HELP").await.expect("a text");
        let service = world.service();
        let text = first_text(&database).await;
        let id = try_name(text, 1);
        let (sent, delivered, failed) = (
            report(id, "sent", Some(Evidence::Sent)),
            report(id, "delivered", Some(Evidence::Delivered)),
            report(id, "failed", Some(Evidence::Failed)),
        );
        for order in
            [[&sent, &delivered, &failed], [&failed, &sent, &delivered], [&delivered, &failed, &sent]]
        {
            execute(&database, "UPDATE history SET state = 4").await;
            for one in order {
                let news = ("rehearsal".to_owned(), one.clone());
                receipts::receive(service, std::slice::from_ref(&news)).await.expect("received");
                receipts::receive(service, &[news]).await.expect("received twice");
            }
            assert_eq!(1, count(&database, "SELECT COUNT(*) FROM texts WHERE state = 6").await, "delivered");
            execute(&database, "UPDATE history SET state = 4").await;
            let together = order.map(|one| ("rehearsal".to_owned(), one.clone()));
            receipts::receive(service, &together).await.expect("received in one batch");
            assert_eq!(1, count(&database, "SELECT COUNT(*) FROM texts WHERE state = 6").await, "delivered");
        }
        let unheard = ("rehearsal".to_owned(), report(id, "teleported", None));
        receipts::receive(service, &[unheard]).await.expect("received");
        assert_eq!(1, count(&database, "SELECT COUNT(*) FROM reports WHERE evidence IS NULL").await);
        assert_eq!(1, count(&database, "SELECT COUNT(*) FROM alarms WHERE kind = 'unknown_status'").await);
        assert_eq!(1, count(&database, "SELECT COUNT(*) FROM texts WHERE state = 6").await, "never guessed");
    })
    .await;
}

#[tokio::test]
async fn a_report_before_the_gateways_own_answer_counts() {
    on_both(async |database| {
        let world = world(database.clone()).await;
        let ready = one_in_flight(&world, &database).await;
        let early = Report {
            provider_id: Some("provider-7".to_owned()),
            reference: None,
            ..report(ready.reference(), "delivered", Some(Evidence::Delivered))
        };
        receipts::receive(world.service(), &[("rehearsal".to_owned(), early)]).await.expect("kept");
        assert_eq!(
            1,
            count(&database, "SELECT COUNT(*) FROM reports WHERE attempt_id IS NULL").await,
            "parked"
        );
        let sender = world.service().senders.get("rehearsal").cloned().expect("a sender");
        let accepted = Outcome::Accepted { provider_id: Some("provider-7".to_owned()) };
        dispatch::record(world.service(), &sender, world.gateway(), &[(ready, accepted)])
            .await
            .expect("recorded");
        assert_eq!(1, count(&database, "SELECT COUNT(*) FROM texts WHERE state = 6").await, "delivered");
        assert_eq!(0, count(&database, "SELECT COUNT(*) FROM reports WHERE attempt_id IS NULL").await);
    })
    .await;
}

#[tokio::test]
async fn what_a_dead_dispatcher_held_comes_into_doubt_and_evidence_settles_it() {
    on_both(async |database| {
        let mut world = world(database.clone()).await;
        one_in_flight(&world, &database).await;
        // It dies here: the try is written and nothing recorded.
        let motherline::clock::Clock::Manual(hands) = world.service().clock.clone() else { panic!("manual") };
        hands.advance_to(world.now() + chrono::TimeDelta::seconds(61));
        assert_eq!(1, doubt::recover(world.service()).await.expect("recovered"));
        assert_eq!(1, count(&database, "SELECT COUNT(*) FROM texts WHERE state = 3").await, "in doubt");
        // The provider was never given it, and its lookup says so: it is sent, once.
        world.advance_to(world.now() + chrono::TimeDelta::minutes(5)).await.expect("time");
        assert_eq!(1, world.take_lines().len());
        assert_eq!(1, count(&database, "SELECT COUNT(*) FROM texts WHERE state = 6").await, "delivered");
        assert_eq!(2, count(&database, "SELECT SUM(tries) FROM texts").await);
        assert_eq!(1, count(&database, "SELECT COUNT(*) FROM attempts WHERE code = 'crash'").await);
    })
    .await;
}

#[tokio::test]
async fn a_dispatcher_that_was_only_slow_is_believed_about_its_own_try_and_no_other() {
    on_both(async |database| {
        let mut world = world(database.clone()).await;
        let ready = one_in_flight(&world, &database).await;
        let motherline::clock::Clock::Manual(hands) = world.service().clock.clone() else { panic!("manual") };
        hands.advance_to(world.now() + chrono::TimeDelta::seconds(61));
        doubt::recover(world.service()).await.expect("recovered");
        let sender = world.service().senders.get("rehearsal").cloned().expect("a sender");
        // While nobody has tried again its word is the best evidence there is: no doubt is left.
        let accepted = Outcome::Accepted { provider_id: Some("late-1".to_owned()) };
        let late = [(ready.clone(), accepted)];
        dispatch::record(world.service(), &sender, world.gateway(), &late).await.expect("recorded");
        assert_eq!(1, count(&database, "SELECT COUNT(*) FROM texts WHERE state = 4").await, "accepted");
        // A second one, tried again meanwhile: the first try's end changes nothing about the second.
        hears(world.service(), "+12025550199", "two").await;
        let ready = claimed(&world, 1).await.pop().expect("a text");
        hands.advance_to(world.now() + chrono::TimeDelta::seconds(61));
        doubt::recover(world.service()).await.expect("recovered");
        world.advance_to(world.now() + chrono::TimeDelta::minutes(5)).await.expect("time");
        let refused = Outcome::Transient { code: "503".into(), sentence: "no".into(), retry_after: None };
        let ghost = [(ready, refused)];
        dispatch::record(world.service(), &sender, world.gateway(), &ghost).await.expect("recorded");
        assert_eq!(
            1,
            count(&database, "SELECT COUNT(*) FROM texts WHERE state = 6").await,
            "delivered it stays"
        );
        assert_eq!(0, count(&database, "SELECT COUNT(*) FROM outbox").await, "and nothing comes back");
    })
    .await;
}

#[tokio::test]
async fn an_answer_in_doubt_is_repeated_and_what_nobody_asked_for_is_not() {
    on_both(async |database| {
        let world = world(database.clone()).await;
        one_in_flight(&world, &database).await;
        hears(world.service(), "+12025550199", "two").await;
        execute(&database, "UPDATE outbox SET kind = 'tip', lane = 1, inbox_id = NULL WHERE state = 0").await;
        assert_eq!(1, claimed(&world, 1).await.len());
        let motherline::clock::Clock::Manual(hands) = world.service().clock.clone() else { panic!("manual") };
        hands.advance_to(world.now() + chrono::TimeDelta::seconds(61));
        doubt::recover(world.service()).await.expect("recovered");
        for _ in 0..7 {
            hands.advance_to(world.now() + chrono::TimeDelta::minutes(3));
            for (text, _) in doubt::waiting(world.service(), 10).await.expect("doubts") {
                doubt::settle(world.service(), &text, &Lookup::CannotTell).await.expect("settled");
            }
        }
        let failed = "SELECT COUNT(*) FROM history WHERE kind = 'tip' AND state = 7
                         AND reason LIKE '%may have been sent%not repeated%'";
        assert_eq!(1, count(&database, failed).await, "the tip is not sent again, and its account says so");
        let again =
            "SELECT COUNT(*) FROM outbox WHERE kind = 'reply' AND state = 0 AND reason LIKE '%is repeated'";
        assert_eq!(1, count(&database, again).await, "the answer is, and its account says so");
        // Evidence that comes after all still counts.
        let tip = first_text_of(&database, "SELECT id FROM history WHERE kind = 'tip'").await;
        let late = report(try_name(tip, 1), "sent", Some(Evidence::Sent));
        receipts::receive(world.service(), &[("rehearsal".to_owned(), late)]).await.expect("received");
        assert_eq!(1, count(&database, "SELECT COUNT(*) FROM history WHERE state = 5").await);
    })
    .await;
}

/// It has the evidence, and cannot give it just now.
#[tokio::test]
async fn a_doubt_stays_while_the_provider_does_not_answer() {
    on_both(async |database| {
        let world = world(database.clone()).await;
        hears(world.service(), HER, "one").await;
        // Tries that certainly came to nothing, in an outage before.
        execute(&database, "UPDATE outbox SET tries = 6").await;
        assert_eq!(1, claimed(&world, 1).await.len());
        let motherline::clock::Clock::Manual(hands) = world.service().clock.clone() else { panic!("manual") };
        hands.advance_to(world.now() + chrono::TimeDelta::seconds(61));
        doubt::recover(world.service()).await.expect("recovered");
        let settle = async |lookup: &Lookup| {
            hands.advance_to(world.now() + chrono::TimeDelta::minutes(3));
            for (text, _) in doubt::waiting(world.service(), 10).await.expect("doubts") {
                doubt::settle(world.service(), &text, lookup).await.expect("settled");
            }
        };
        for _ in 0..20 {
            settle(&Lookup::NoAnswer).await;
        }
        let doubtful = "SELECT COUNT(*) FROM outbox WHERE state = 3 AND reason LIKE '%does not say%'";
        assert_eq!(1, count(&database, doubtful).await, "an hour later it is in doubt");
        // Nobody will ever tell: it was in doubt once, however often it had been tried, and she waits for it.
        settle(&Lookup::CannotTell).await;
        assert_eq!(1, count(&database, "SELECT COUNT(*) FROM outbox WHERE state = 0 AND tries = 7").await);
        // What is said of the try before, late, does not end the repeat.
        let text = first_text_of(&database, "SELECT id FROM outbox").await;
        let late = report(try_name(text, 7), "failed", Some(Evidence::Failed));
        receipts::receive(world.service(), &[("rehearsal".to_owned(), late)]).await.expect("received");
        assert_eq!(
            1,
            count(&database, "SELECT COUNT(*) FROM outbox WHERE state = 0").await,
            "it is repeated"
        );
        // In doubt again, and the provider is away until it is too late.
        assert_eq!(1, claimed(&world, 1).await.len());
        hands.advance_to(world.now() + chrono::TimeDelta::seconds(61));
        doubt::recover(world.service()).await.expect("recovered");
        execute(&database, "UPDATE outbox SET not_after = '2026-11-23T00:00:00+00:00'").await;
        settle(&Lookup::NoAnswer).await;
        let ended = "SELECT COUNT(*) FROM history WHERE state = 7 AND reason LIKE '%may have been sent%'";
        assert_eq!(1, count(&database, ended).await);
    })
    .await;
}

#[tokio::test]
async fn no_send_begins_after_stop_even_for_a_text_that_stop_did_not_find() {
    on_both(async |database| {
        let world = world(database.clone()).await;
        hears(world.service(), HER, "one").await;
        execute(&database, "UPDATE outbox SET lane = 1, inbox_id = NULL").await;
        execute(&database, "UPDATE subscribers SET stopped_at = '2026-11-23T14:00:01+00:00'").await;
        assert!(claimed(&world, 10).await.is_empty(), "the statement that begins the try is the last check");
        assert_eq!(0, count(&database, "SELECT COUNT(*) FROM outbox").await);
        assert_eq!(1, count(&database, "SELECT COUNT(*) FROM history WHERE state = 9 AND tries = 0").await);
    })
    .await;
}

#[tokio::test]
async fn the_daily_cap_takes_what_fits_and_stops_there() {
    on_both(async |database| {
        let world = world(database.clone()).await;
        let service = world.service();
        for woman in 0..5 {
            hears(service, &format!("+1202555010{woman}"), &format!("help-{woman}")).await;
        }
        let sender = service.senders.get("rehearsal").expect("a sender");
        let capped = motherline::flows::senders::Sender { segments_per_day: 3, ..(**sender).clone() };
        let room = Room { answers: 10, unasked: 10, pressing: false };
        let mut desk = Desk::default();
        let first = dispatch::claim(service, &capped, "rehearsal", room, &mut desk).await.expect("claimed");
        assert_eq!(3, first.answers.len(), "as many as the day has room for");
        let none = dispatch::claim(service, &capped, "rehearsal", room, &mut desk).await.expect("claimed");
        assert!(none.answers.is_empty());
        assert_eq!(2, count(&database, "SELECT COUNT(*) FROM outbox WHERE state = 0 AND tries = 0").await);
        assert_eq!(1, count(&database, "SELECT COUNT(*) FROM alarms WHERE kind = 'daily_cap'").await);
        let held = dispatch::claim(service, &capped, "rehearsal", room, &mut desk).await.expect("claimed");
        assert_eq!(
            Some(at("2026-11-24T00:00:00+00:00")),
            held.wait_until,
            "the sender is stopped till midnight"
        );
    })
    .await;
}

#[tokio::test]
async fn what_did_not_leave_is_as_if_it_had_not_begun() {
    on_both(async |database| {
        let world = world(database.clone()).await;
        let ready = one_in_flight(&world, &database).await;
        let sender = world.service().senders.get("rehearsal").cloned().expect("a sender");
        let charged = "SELECT segments FROM sender_accounts";
        assert_eq!(i64::from(ready.segments), count(&database, charged).await);
        dispatch::take_back(world.service(), &sender, &[ready]).await.expect("taken back");
        assert_eq!(1, count(&database, "SELECT COUNT(*) FROM outbox WHERE state = 0 AND tries = 0").await);
        assert_eq!(0, count(&database, charged).await, "nor does it count for the day's cap");
    })
    .await;
}

#[test]
fn merging_commutes_and_may_be_repeated() {
    let evidence = [Evidence::Accepted, Evidence::Sent, Evidence::Failed, Evidence::Delivered];
    let states =
        [State::Sending, State::InDoubt, State::Accepted, State::Sent, State::Failed, State::Delivered];
    for state in states {
        for a in evidence {
            assert_eq!(state.merge(a), state.merge(a).merge(a));
            for b in evidence {
                assert_eq!(state.merge(a).merge(b), state.merge(b).merge(a), "{state:?} {a:?} {b:?}");
            }
        }
        assert_eq!(State::Delivered, state.merge(Evidence::Delivered), "nothing undoes a delivery");
    }
}

/// A HELP answered as far as the try: it is on the wire, and nothing is recorded yet.
pub(super) async fn one_in_flight(
    world: &motherline::worker::rehearsal::World,
    database: &motherline::store::Database,
) -> dispatch::Ready {
    hears(world.service(), HER, "one").await;
    let ready = claimed(world, 1).await.pop().expect("one text");
    assert_eq!(1, count(database, "SELECT COUNT(*) FROM outbox WHERE state = 2 AND tries = 1").await);
    ready
}

pub(super) async fn claimed(
    world: &motherline::worker::rehearsal::World,
    most: usize,
) -> Vec<dispatch::Ready> {
    let service = world.service();
    let sender = service.senders.get("rehearsal").cloned().expect("a sender");
    let room = Room { answers: most, unasked: most, pressing: false };
    let claimed = dispatch::claim(service, &sender, "rehearsal", room, &mut Desk::default()).await;
    let claimed = claimed.expect("claimed");
    claimed.answers.into_iter().chain(claimed.unasked).collect()
}

pub(super) async fn first_text(database: &motherline::store::Database) -> uuid::Uuid {
    first_text_of(database, "SELECT id FROM texts").await
}

pub(super) async fn first_text_of(database: &motherline::store::Database, sql: &'static str) -> uuid::Uuid {
    use motherline::store::Database;
    match database {
        Database::Sqlite { read, .. } => sqlx::query_scalar(sql).fetch_one(read).await.expect("a text"),
        Database::Postgres(pool) => sqlx::query_scalar(sql).fetch_one(pool).await.expect("a text"),
    }
}

/// HELP arrives from a number, and is answered as far as the outbox.
pub(super) async fn hears(service: &motherline::flows::Service, phone: &str, provider_id: &str) {
    let received = motherline::store::inbox::Received {
        id: service.id(),
        gateway: "rehearsal".to_owned(),
        provider_id: provider_id.to_owned(),
        sender: "rehearsal".to_owned(),
        phone: phone.to_owned(),
        body: "HELP".to_owned(),
        answered_by: None,
        at: at(super::START),
    };
    motherline::flows::inbound::accept(service, &received).await.expect("accepted");
    motherline::flows::inbound::handle(service, 10).await.expect("handled");
}
