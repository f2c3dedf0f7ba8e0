//! Bells from process to process: what is rung in one is heard in another that shares its PostgreSQL, again after
//! the connection was lost, and never by whoever rang.

use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::TimeDelta;
use motherline::flows::{Bell, Bells, Service};
use motherline::store::Database;
use motherline::worker::wake;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::world;
use crate::support::engines;
use crate::webhooks::proxy::Proxy;

/// A bell that was not heard is rung again after this time.
const AGAIN: Duration = Duration::from_millis(500);

/// Another process on the same database.
async fn process(like: &Service, address: &str) -> Service {
    let database = Database::open(address, 3).await.expect("the database");
    Service { database, bells: Arc::new(Bells::default()), ..like.clone() }
}

#[tokio::test]
async fn a_bell_is_heard_in_the_other_processes() {
    let direct = engines::postgres();
    let (server, name) = direct.rsplit_once('/').expect("an address");
    let (user, port) = server.rsplit_once(':').expect("a port");
    let proxy = Proxy::to(port.parse().expect("a port")).await;
    let like = world(Database::open(&direct, 3).await.expect("a database")).await.service().clone();
    let here = process(&like, &direct).await;
    let there = process(&like, &format!("{user}:{}/{name}", proxy.port)).await;
    let (mut loops, stop) = (JoinSet::new(), CancellationToken::new());
    wake::join_bells(&here, &mut loops, &stop);
    wake::join_bells(&there, &mut loops, &stop);
    // Nobody polls here: only the bell itself can be heard. It is rung until it is, because one may be lost.
    for lost in [false, true] {
        if lost {
            proxy.cut();
            proxy.open();
        }
        answers_heard(&here, &there).await;
    }
    // By now the second connection stands, or this is heard by it.
    answers_heard(&here, &there).await;
    let before = here.bells.answers_rung();
    let rung = answers_heard(&here, &there).await;
    // Who rings is not told of it, or it would never end: what is told back comes after all of that.
    let back = here.bells.outbound.notified();
    tokio::pin!(back);
    let patience = Instant::now() + Duration::from_secs(20);
    loop {
        assert!(Instant::now() < patience, "nothing is heard here");
        there.bells.ring(Bell::Outbound);
        if tokio::time::timeout(AGAIN, &mut back).await.is_ok() {
            break;
        }
    }
    assert_eq!(before + rung, here.bells.answers_rung());
    late_heard(&here, &there).await;
    stop.cancel();
    while loops.join_next().await.is_some() {}
}

/// Rings here until it is heard there; gives how often that was.
async fn answers_heard(here: &Service, there: &Service) -> u64 {
    let before = there.bells.answers_rung();
    let patience = Instant::now() + Duration::from_secs(20);
    for rung in 1.. {
        assert!(Instant::now() < patience, "nothing is heard there");
        here.bells.ring(Bell::Answers);
        let again = Instant::now() + AGAIN;
        while Instant::now() < again {
            if there.bells.answers_rung() > before {
                return rung;
            }
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    }
    unreachable!("it rings for ever")
}

/// That women wait too long here is known there.
async fn late_heard(here: &Service, there: &Service) {
    while there.bells.answers_are_late() {
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    let patience = Instant::now() + Duration::from_secs(20);
    while !there.bells.answers_are_late() {
        assert!(Instant::now() < patience, "nothing is heard there");
        here.bells.handled_after(TimeDelta::seconds(1));
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}
