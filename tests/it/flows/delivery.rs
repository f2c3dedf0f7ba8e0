//! Reports merge in any order; results count once and only under their lease.

use motherline::domain::delivery::{Evidence, State};
use motherline::flows::{dispatch, doubt, receipts};
use motherline::gateway::{Lookup, Outcome, Report};
use motherline::store::outbox;

use super::{HER, at, count, enroll, execute, world};
use crate::support::engines::on_both;

fn report(reference: uuid::Uuid, status: &str, evidence: Option<Evidence>) -> Report {
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
        let mut tx = database.begin().await.expect("tx");
        let id: uuid::Uuid = match &mut tx {
            motherline::store::Tx::Sqlite(tx) => {
                sqlx::query_scalar("SELECT id FROM attempts").fetch_one(&mut **tx).await.expect("an attempt")
            }
            motherline::store::Tx::Postgres(tx) => {
                sqlx::query_scalar("SELECT id FROM attempts").fetch_one(&mut **tx).await.expect("an attempt")
            }
        };
        drop(tx);
        let (sent, delivered, failed) = (
            report(id, "sent", Some(Evidence::Sent)),
            report(id, "delivered", Some(Evidence::Delivered)),
            report(id, "failed", Some(Evidence::Failed)),
        );
        for order in
            [[&sent, &delivered, &failed], [&failed, &sent, &delivered], [&delivered, &failed, &sent]]
        {
            execute(&database, "UPDATE outbox SET state = 4").await;
            for one in order {
                receipts::receive(service, "rehearsal", one).await.expect("received");
                receipts::receive(service, "rehearsal", one).await.expect("received twice");
            }
            assert_eq!(1, count(&database, "SELECT COUNT(*) FROM outbox WHERE state = 6").await, "delivered");
        }
        receipts::receive(service, "rehearsal", &report(id, "teleported", None)).await.expect("received");
        assert_eq!(1, count(&database, "SELECT COUNT(*) FROM reports WHERE evidence IS NULL").await);
        assert_eq!(1, count(&database, "SELECT COUNT(*) FROM alarms WHERE kind = 'unknown_status'").await);
        assert_eq!(1, count(&database, "SELECT COUNT(*) FROM outbox WHERE state = 6").await, "never guessed");
    })
    .await;
}

#[tokio::test]
async fn a_report_before_the_gateways_own_answer_counts() {
    on_both(async |database| {
        let world = world(database.clone()).await;
        let (lease, ready) = one_in_flight(&world, &database).await;
        let early = Report {
            provider_id: Some("provider-7".to_owned()),
            reference: None,
            ..report(ready.attempt, "delivered", Some(Evidence::Delivered))
        };
        receipts::receive(world.service(), "rehearsal", &early).await.expect("kept");
        assert_eq!(
            1,
            count(&database, "SELECT COUNT(*) FROM reports WHERE attempt_id IS NULL").await,
            "parked"
        );
        let sender = world.service().senders.get("rehearsal").cloned().expect("a sender");
        let accepted = Outcome::Accepted { provider_id: Some("provider-7".to_owned()) };
        dispatch::record(world.service(), &sender, lease, &[(ready, accepted)]).await.expect("recorded");
        assert_eq!(1, count(&database, "SELECT COUNT(*) FROM outbox WHERE state = 6").await, "delivered");
        assert_eq!(0, count(&database, "SELECT COUNT(*) FROM reports WHERE attempt_id IS NULL").await);
    })
    .await;
}

#[tokio::test]
async fn what_a_dead_dispatcher_held_comes_into_doubt_and_evidence_settles_it() {
    on_both(async |database| {
        let mut world = world(database.clone()).await;
        let (lease, ready) = one_in_flight(&world, &database).await;
        // It dies here: the attempt is written and nothing recorded.
        let motherline::clock::Clock::Manual(hands) = world.service().clock.clone() else { panic!("manual") };
        hands.advance_to(lease.until);
        assert_eq!(1, doubt::recover(world.service()).await.expect("recovered"));
        assert_eq!(1, count(&database, "SELECT COUNT(*) FROM outbox WHERE state = 3").await, "in doubt");
        // The ghost comes back with a result: its lease is over, and it counts for nothing.
        let sender = world.service().senders.get("rehearsal").cloned().expect("a sender");
        let ghost = (ready.clone(), Outcome::Accepted { provider_id: None });
        dispatch::record(world.service(), &sender, lease, &[ghost]).await.expect("recorded");
        assert_eq!(
            1,
            count(&database, "SELECT COUNT(*) FROM outbox WHERE state = 3").await,
            "still in doubt"
        );
        // The provider was never given it, and its lookup says so: it is sent, once.
        world.advance_to(lease.until + chrono::TimeDelta::minutes(5)).await.expect("time");
        assert_eq!(1, world.take_lines().len());
        assert_eq!(1, count(&database, "SELECT COUNT(*) FROM outbox WHERE state = 6").await, "delivered");
        assert_eq!(2, count(&database, "SELECT COUNT(*) FROM attempts").await);
    })
    .await;
}

#[tokio::test]
async fn a_doubt_nobody_can_settle_is_never_sent_again() {
    on_both(async |database| {
        let world = world(database.clone()).await;
        let (lease, _) = one_in_flight(&world, &database).await;
        let motherline::clock::Clock::Manual(hands) = world.service().clock.clone() else { panic!("manual") };
        hands.advance_to(lease.until);
        doubt::recover(world.service()).await.expect("recovered");
        for _ in 0..100 {
            hands.advance_to(world.now() + chrono::TimeDelta::minutes(31));
            for (text, _) in doubt::waiting(world.service(), 10).await.expect("doubts") {
                doubt::settle(world.service(), "rehearsal", &text, &Lookup::CannotTell)
                    .await
                    .expect("settled");
            }
        }
        assert_eq!(1, count(&database, "SELECT COUNT(*) FROM attempts").await, "one try and no more");
        let failed = "SELECT COUNT(*) FROM outbox WHERE state = 7 AND reason LIKE '%may have been sent%'";
        assert_eq!(1, count(&database, failed).await, "and the account says so");
    })
    .await;
}

#[tokio::test]
async fn no_send_begins_after_stop_even_for_a_text_already_leased() {
    on_both(async |database| {
        let mut world = world(database.clone()).await;
        enroll(&mut world).await;
        execute(
            &database,
            "UPDATE outbox SET state = 0, lane = 1, inbox_id = NULL, not_after = '2027-01-01T00:00:00+00:00'",
        )
        .await;
        let service = world.service();
        let sender = service.senders.get("rehearsal").cloned().expect("a sender");
        let (lease, leased) = dispatch::lease(service, &sender, 10).await.expect("leased");
        assert!(!leased.is_empty());
        // STOP lands between the lease and the attempt, and for good measure misses the outbox.
        execute(&database, "UPDATE subscribers SET stopped_at = '2026-11-23T14:00:01+00:00'").await;
        let (_, ready) = dispatch::begin(service, &sender, lease, leased).await.expect("begun");
        assert!(ready.is_empty(), "the statement that writes the attempt is the last check");
        assert_eq!(0, count(&database, "SELECT COUNT(*) FROM outbox WHERE state IN (0, 1, 2)").await);
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
        let (lease, leased) = dispatch::lease(service, &capped, 10).await.expect("leased");
        assert_eq!(5, leased.len());
        let (_, ready) = dispatch::begin(service, &capped, lease, leased).await.expect("begun");
        assert_eq!(3, ready.len(), "as many as the day has room for");
        assert_eq!(
            2,
            count(&database, "SELECT COUNT(*) FROM outbox WHERE state = 0").await,
            "the others wait"
        );
        assert_eq!(1, count(&database, "SELECT COUNT(*) FROM alarms WHERE kind = 'daily_cap'").await);
        let (_, more) = dispatch::lease(service, &capped, 10).await.expect("leased");
        assert!(more.is_empty(), "the sender is stopped");
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

/// A HELP answered as far as the attempt: it is on the wire, and nothing is recorded yet.
async fn one_in_flight(
    world: &motherline::worker::rehearsal::World,
    database: &motherline::store::Database,
) -> (outbox::Lease, dispatch::Ready) {
    let service = world.service();
    hears(service, HER, "one").await;
    let sender = service.senders.get("rehearsal").cloned().expect("a sender");
    let (lease, leased) = dispatch::lease(service, &sender, 1).await.expect("leased");
    let (lease, mut begun) = dispatch::begin(service, &sender, lease, leased).await.expect("begun");
    let ready = begun.pop().expect("one text");
    assert_eq!(1, count(database, "SELECT COUNT(*) FROM attempts WHERE ended_at IS NULL").await);
    (lease, ready)
}

/// HELP arrives from a number, and is answered as far as the outbox.
async fn hears(service: &motherline::flows::Service, phone: &str, provider_id: &str) {
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
