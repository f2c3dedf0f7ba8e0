//! The dispatcher itself, on a clock moved by hand, on both engines: what breaks in it, and how it asks whether a
//! gateway is back.

mod asking;
mod breaking;
mod yielding;

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use motherline::clock::ManualClock;
use motherline::domain::segment::Encoding;
use motherline::flows::senders::Sender;
use motherline::flows::{Bell, Service};
use motherline::gateway::rehearsal::{Fault, FaultKind};
use motherline::gateway::{Gateway, Http, Provider, Rehearsal};
use motherline::store::Database;
use motherline::store::outbox::{self, Kind, NewText, Words};
use motherline::worker::dispatcher::Dispatcher;
use motherline::worker::rehearsal::World;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::conversation::SCRIPT;
pub use crate::support::engines::count;
use crate::support::service::eventually;

/// A sender's dispatcher at work.
pub struct House {
    pub world: World,
    pub database: Database,
    pub sender: Arc<Sender>,
    gateway: Arc<Gateway>,
    stop: CancellationToken,
    at_work: JoinHandle<()>,
}

impl House {
    /// One with a sender of this name, changed by hand.
    pub async fn begin(database: &Database, name: &str, change: impl FnOnce(&mut Sender)) -> Self {
        let start = "2026-11-23T09:00:00-05:00".parse::<DateTime<Utc>>().expect("a time");
        let world = World::new(database.clone(), &SCRIPT, vec!["text4baby-us".to_owned()], start, 7).await;
        let world = world.expect("a world");
        let service = world.service();
        let mut sender = (**service.senders.get("rehearsal").expect("a sender")).clone();
        sender.name = name.to_owned();
        change(&mut sender);
        let sender = Arc::new(sender);
        let provider = Provider::Rehearsal(Rehearsal::new(service.clock.clone()));
        let gateway = Arc::new(Gateway { name: "rehearsal".to_owned(), provider });
        let http = Arc::new(Http::new(Duration::from_secs(30)).expect("a client"));
        let routes = vec![(gateway.clone(), "rehearsal".to_owned())];
        let dispatcher = Dispatcher::new(service.clone(), http, routes, sender.clone(), 8);
        let stop = CancellationToken::new();
        let at_work = tokio::spawn(dispatcher.run(stop.clone()));
        Self { world, database: database.clone(), sender, gateway, stop, at_work }
    }

    pub fn service(&self) -> &Service {
        self.world.service()
    }

    /// Moves the clock on.
    pub fn wait(&self, time: TimeDelta) {
        self.hands().advance_to(self.world.now() + time);
        self.service().bells.ring(Bell::Outbound);
    }

    fn hands(&self) -> ManualClock {
        let motherline::clock::Clock::Manual(hands) = self.service().clock.clone() else { panic!("manual") };
        hands
    }

    /// The gateway is away from now on.
    pub fn gateway_goes_away(&self) {
        self.gateway_goes_away_for(TimeDelta::days(1));
    }

    /// The gateway is away for so long.
    pub fn gateway_goes_away_for(&self, time: TimeDelta) {
        let Provider::Rehearsal(rehearsal) = &self.gateway.provider else { panic!("a rehearsal") };
        let from = self.world.now();
        rehearsal.add_fault(Fault { from, until: from + time, kind: FaultKind::Refuse });
    }

    /// Queues texts for these numbers, due now, and rings.
    pub async fn queue(&self, phones: &[&str], answers: bool) {
        let texts: Vec<NewText> =
            phones.iter().map(|phone| text(self.service(), &self.sender.name, phone, answers)).collect();
        let mut tx = self.database.begin().await.expect("a transaction");
        outbox::queue(&mut tx, &texts).await.expect("they wait");
        tx.commit().await.expect("they wait");
        self.service().bells.ring(if answers { Bell::Answers } else { Bell::Outbound });
    }

    /// Counts rows.
    pub async fn count(&self, sql: &'static str) -> i64 {
        count(&self.database, sql).await
    }

    /// Waits until there are so many.
    pub async fn until(&self, wanted: i64, sql: &'static str) {
        eventually(sql, async || (self.count(sql).await == wanted).then_some(())).await;
    }

    /// Stops it as SIGTERM would.
    pub async fn end(self) {
        self.stop.cancel();
        let ended = tokio::time::timeout(Duration::from_secs(60), self.at_work).await;
        ended.expect("it drains in time").expect("it ends well");
    }
}

/// A text of one segment, due now.
pub fn text(service: &Service, sender: &str, phone: &str, answers: bool) -> NewText {
    let now = service.now();
    NewText {
        id: service.text_id(),
        subscriber: service.id(),
        enrollment: None,
        answers: answers.then(Uuid::nil),
        sender: sender.to_owned(),
        phone: phone.to_owned(),
        kind: if answers { Kind::Reply } else { Kind::Reminder },
        language: "en".parse().expect("a language"),
        words: Words::Own("a text".to_owned()),
        encoding: Encoding::Gsm7,
        segments: 1,
        program: Some("text4baby-us".to_owned()),
        edition: None,
        tip: None,
        queued_at: now,
        due_at: now,
        not_after: now + TimeDelta::days(30),
        window_closes_at: None,
    }
}

/// Changes rows by hand.
pub async fn execute(database: &Database, sql: &'static str) {
    match database {
        Database::Sqlite { write, .. } => drop(sqlx::query(sql).execute(write).await.expect("a change")),
        Database::Postgres(pool) => drop(sqlx::query(sql).execute(pool).await.expect("a change")),
    }
}
