//! A gateway that misbehaves: what can be tried again is, what is in doubt is not, and the account balances.

use motherline::gateway::rehearsal::{Fault, FaultKind};

use super::{HER, at, count, enroll, tips, world};
use crate::support::engines::on_both;

async fn through(database: motherline::store::Database, kind: FaultKind, hours: i64) -> (usize, i64, i64) {
    let mut world = world(database.clone()).await;
    enroll(&mut world).await;
    let from = at("2026-11-24T09:00:00-05:00");
    world.add_fault(Fault { from, until: from + chrono::TimeDelta::hours(hours), kind });
    world.advance_to(at("2026-11-24T23:00:00-05:00")).await.expect("time");
    let lines = world.take_lines();
    let delivered = count(&database, "SELECT COUNT(*) FROM history WHERE kind = 'tip' AND state = 6").await;
    let attempts = count(&database, "SELECT SUM(tries) FROM texts WHERE kind = 'tip'").await;
    (tips(&lines).len(), delivered, attempts)
}

#[tokio::test]
async fn a_gateway_that_cannot_be_reached_gets_the_text_once_it_can() {
    on_both(async |database| {
        let (carried, delivered, attempts) = through(database, FaultKind::Refuse, 2).await;
        assert_eq!((1, 1), (carried, delivered));
        assert!(attempts > 2, "it was tried again and again: {attempts}");
    })
    .await;
}

#[tokio::test]
async fn a_throttled_text_waits_as_long_as_it_is_told() {
    on_both(async |database| {
        let (carried, delivered, attempts) = through(database, FaultKind::Throttle, 2).await;
        assert_eq!((1, 1), (carried, delivered));
        assert!(attempts > 1);
    })
    .await;
}

#[tokio::test]
async fn a_lost_reply_is_never_a_second_text() {
    on_both(async |database| {
        let (carried, delivered, attempts) = through(database, FaultKind::LostReply, 2).await;
        assert_eq!((1, 1, 1), (carried, delivered, attempts));
    })
    .await;
}

#[tokio::test]
async fn a_text_that_was_certainly_not_sent_is_sent_after_all() {
    on_both(async |database| {
        let (carried, delivered, attempts) = through(database, FaultKind::Timeout, 2).await;
        assert_eq!((1, 1), (carried, delivered));
        assert!(attempts > 1, "each doubt was settled before the next try: {attempts}");
    })
    .await;
}

#[tokio::test]
async fn replies_go_before_tips() {
    on_both(async |database| {
        let mut world = world(database.clone()).await;
        enroll(&mut world).await;
        let from = at("2026-11-24T00:00:00-05:00");
        world.add_fault(Fault { from, until: at("2026-11-24T10:59:59-05:00"), kind: FaultKind::Refuse });
        world.advance_to(at("2026-11-24T10:59:59-05:00")).await.expect("time");
        super::execute(&database, "UPDATE outbox SET next_try_at = queued_at WHERE state = 0").await;
        world.take_lines();
        world.text(HER, "HELP").await.expect("a text");
        let kinds: Vec<_> = world.take_lines().into_iter().filter_map(|line| line.kind).collect();
        assert_eq!(vec!["reply", "tip"], kinds, "she asked, so she is answered first");
    })
    .await;
}
