//! A world of its own: an in-memory database, a clock moved by hand, the rehearsal gateway, and the very
//! flows that serve real mothers, run in the order of time.

use std::sync::Arc;

use chrono::{DateTime, FixedOffset, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;
use serde::Serialize;
use uuid::Uuid;

use super::{Gateways, carry, loops};
use crate::clock::{Clock, ManualClock};
use crate::domain::phone::PhoneNumber;
use crate::domain::seal::Seal;
use crate::domain::segment;
use crate::flows::dispatch::{self, Desk, Room};
use crate::flows::publishing::{self, NoEdition};
use crate::flows::senders::{Audience, Sender, Senders, StopConfirmation};
use crate::flows::silence::Patience;
use crate::flows::{
    Bells, Service, Shelf, broadcasting, doubt, erasing, inbound, planning, promises, silence, upkeep,
};
use crate::gateway::rehearsal::{Carried, Fault};
use crate::gateway::{Gateway, Http, Provider, Rehearsal};
use crate::ids::Ids;
use crate::library::{Files, Library};
use crate::store::inbox::Received;
use crate::store::outbox::Told;
use crate::store::{
    Database, OpenError, StoreError, StoreResult, agenda, outbox, people, promises as promised, talk,
};
use crate::telemetry::Metrics;

/// The name of the one gateway and of the one sender of a rehearsal.
pub const NAME: &str = "rehearsal";
/// A number is nobody's after so many failures in a row; without a sign of life for so long she is asked.
pub const PATIENCE: Patience = Patience { failures: 5, silent: TimeDelta::days(90) };
/// Work done in one go.
const BATCH: i64 = 500;

/// A rehearsal could not begin, or broke.
#[derive(Debug, thiserror::Error)]
pub enum RehearsalError {
    /// No database in memory.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The library has errors.
    #[error(transparent)]
    Library(#[from] NoEdition),
    /// The database failed.
    #[error("the rehearsal's database failed: {0}")]
    Store(#[from] StoreError),
    /// The HTTP client, which is never used here, could not be made.
    #[error("{0}")]
    Http(String),
}

/// What is played: a library, read once for any number of worlds.
#[derive(Clone)]
pub struct Script {
    library: Arc<Library>,
}

impl Script {
    /// Reads the library of these files.
    pub fn read(files: &Files, today: NaiveDate) -> Result<Self, RehearsalError> {
        let checked = Library::read(files, today);
        match checked.library {
            Some(library) => Ok(Self { library: Arc::new(library) }),
            None => Err(NoEdition::Faulty(checked.faults).into()),
        }
    }

    /// The library that a shelf has in force.
    pub fn of(shelf: &Shelf) -> Self {
        Self { library: shelf.edition().library.clone() }
    }

    /// The library.
    pub fn library(&self) -> &Library {
        &self.library
    }
}

/// A line of the transcript.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Line {
    /// When, in her zone.
    pub at: DateTime<FixedOffset>,
    /// in, out.
    pub direction: &'static str,
    /// Her number, in texts she sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// Her number, in texts she got.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    /// The words.
    pub body: String,
    /// reply, tip, reminder, nudge; none in texts she sent.
    pub kind: Option<String>,
    /// The tip's track.
    pub track: Option<String>,
    /// The tip.
    pub tip: Option<String>,
    /// The tip's week in its track.
    pub week: Option<i32>,
    /// How many SMS it takes.
    pub segments: u32,
}

/// The world.
pub struct World {
    service: Service,
    gateways: Gateways,
    gateway: Arc<Gateway>,
    sender: Arc<Sender>,
    http: Http,
    clock: ManualClock,
    texts: u64,
    lines: Vec<Line>,
}

impl World {
    /// A world on a database of its own that begins at `start`, with these programs of a library (the first
    /// is home) and a seed for its chance.
    pub async fn new(
        database: Database,
        script: &Script,
        programs: Vec<String>,
        start: DateTime<Utc>,
        seed: u64,
    ) -> Result<Self, RehearsalError> {
        let hands = ManualClock::at(start);
        let clock = Clock::Manual(hands.clone());
        let edition = publishing::put_in_force(&database, &clock, script.library.clone()).await?;
        let sender = Sender {
            name: NAME.to_owned(),
            address: NAME.to_owned(),
            gateway: NAME.to_owned(),
            programs,
            audience: Audience::Rehearsal,
            stop_confirmation: StopConfirmation::Us,
            provider_stop_words: Vec::new(),
            segments_per_second: u32::MAX,
            segments_per_day: i64::MAX,
            day_zone: Tz::UTC,
            backup: None,
        };
        let rehearsal = Provider::Rehearsal(Rehearsal::new(clock.clone()));
        let gateways = Gateways::new([Gateway { name: NAME.to_owned(), provider: rehearsal }]);
        let service = Service {
            database,
            clock,
            ids: Ids::seeded(seed),
            shelf: Shelf::new(edition),
            senders: Arc::new(Senders::new([sender])),
            bells: Arc::new(Bells::default()),
            metrics: Arc::new(Metrics::default()),
            seal: Seal::new(b"rehearsal"),
        };
        let http =
            Http::new(dispatch::SEND_LIMIT).map_err(|error| RehearsalError::Http(error.to_string()))?;
        let (Some(gateway), Some(sender)) = (gateways.get(NAME).cloned(), service.senders.get(NAME).cloned())
        else {
            unreachable!("both were made above")
        };
        Ok(Self { service, gateways, gateway, sender, http, clock: hands, texts: 0, lines: Vec::new() })
    }

    /// The same world with a sender that texts the public: it carries what is approved and nothing else.
    #[must_use]
    pub fn public(mut self) -> Self {
        let sender = Sender { audience: Audience::Public, ..(*self.sender).clone() };
        self.sender = Arc::new(sender.clone());
        self.service.senders = Arc::new(Senders::new([sender]));
        self
    }

    /// What time it is there.
    pub fn now(&self) -> DateTime<Utc> {
        self.service.now()
    }

    /// Adds a time in which the gateway misbehaves.
    pub fn add_fault(&self, fault: Fault) {
        self.rehearsal().add_fault(fault);
    }

    /// Puts in a delivery report about the last text to a number.
    pub fn report(&self, to: &str, state: &str) {
        self.rehearsal().report_at(self.now(), to, state);
    }

    /// She writes, now; everything this brings about at once happens.
    pub async fn text(&mut self, from: &str, body: &str) -> Result<(), RehearsalError> {
        self.texts += 1;
        let received = Received {
            id: self.service.id(),
            gateway: NAME.to_owned(),
            provider_id: format!("{NAME}-{}", self.texts),
            sender: NAME.to_owned(),
            phone: from.to_owned(),
            body: body.to_owned(),
            answered_by: None,
            at: self.now(),
        };
        inbound::accept(&self.service, &received).await?;
        let zone = match PhoneNumber::from_e164(from) {
            Some(phone) => self.zone_of(&phone).await?,
            None => None,
        };
        let line = Line {
            at: self.local(from, zone, received.at),
            direction: "in",
            from: Some(from.to_owned()),
            to: None,
            body: body.to_owned(),
            kind: None,
            track: None,
            tip: None,
            week: None,
            segments: segment::count(body).segments,
        };
        self.lines.push(line);
        self.settle().await
    }

    /// Lets time pass until `until`, everything in its order.
    pub async fn advance_to(&mut self, until: DateTime<Utc>) -> Result<(), RehearsalError> {
        self.settle().await?;
        while let Some(next) = self.next_moment().await?.filter(|next| *next <= until) {
            // A moment that is past and still not dealt with (a sender on hold) comes up again shortly.
            let step =
                if next > self.now() { next } else { (self.now() + TimeDelta::seconds(30)).min(until) };
            if step <= self.now() {
                break;
            }
            self.clock.advance_to(step);
            self.settle().await?;
        }
        self.clock.advance_to(until);
        self.settle().await
    }

    /// When the next text to her may go out by itself.
    pub async fn next_text(&self) -> Result<Option<DateTime<Utc>>, RehearsalError> {
        let mut tx = self.service.database.read().await?;
        let moments = [
            agenda::next_due(&mut tx).await?,
            outbox::next_moment(&mut tx).await?,
            talk::next_due(&mut tx).await?,
            promised::next_due(&mut tx).await?,
        ];
        Ok(moments.into_iter().flatten().min())
    }

    /// When something happens next by itself.
    pub async fn next_moment(&self) -> Result<Option<DateTime<Utc>>, RehearsalError> {
        let moments = [self.next_text().await?, self.rehearsal().next_report()];
        Ok(moments.into_iter().flatten().min())
    }

    /// The lines since they were last taken.
    pub fn take_lines(&mut self) -> Vec<Line> {
        std::mem::take(&mut self.lines)
    }

    /// Whether anything was said since the lines were last taken.
    pub fn has_lines(&self) -> bool {
        !self.lines.is_empty()
    }

    /// The zone she told, if she did.
    pub async fn zone_of(&self, phone: &PhoneNumber) -> Result<Option<Tz>, RehearsalError> {
        let mut tx = self.service.database.read().await?;
        Ok(people::lock(&mut tx, phone).await?.and_then(|subscriber| subscriber.zone()))
    }

    /// The gateway.
    pub fn gateway(&self) -> &Gateway {
        &self.gateway
    }

    /// The flows, for a look at what they wrote.
    pub fn service(&self) -> &Service {
        &self.service
    }

    /// Does all there is to do at this moment.
    pub async fn settle(&mut self) -> Result<(), RehearsalError> {
        loop {
            let service = &self.service;
            let mut done = inbound::handle(service, BATCH).await?;
            done += planning::plan(service, BATCH).await?;
            done += upkeep::converse(service, BATCH).await?;
            done += promises::keep(service, BATCH).await?;
            done += erasing::erase(service, BATCH).await?;
            done += silence::look(service, PATIENCE, BATCH).await?;
            done += broadcasting::carry_on(service, Uuid::nil()).await?;
            done += self.send().await?;
            done += loops::rehearsed_reports(service, &self.gateways).await?;
            done += doubt::recover(service).await?;
            done += carry::settle_doubts(service, &self.http, &self.gateways, BATCH).await?;
            done += usize::try_from(upkeep::expire(service).await?).unwrap_or(0);
            for carried in self.rehearsal().take_carried() {
                let line = self.line(&carried).await?;
                self.lines.push(line);
            }
            if done == 0 {
                return Ok(());
            }
        }
    }

    async fn send(&self) -> StoreResult<usize> {
        let room = Room { answers: BATCH as usize, unasked: BATCH as usize, pressing: false };
        let (service, sender) = (&self.service, &self.sender);
        let claimed = dispatch::claim(service, sender, NAME, room, &mut Desk::default()).await?;
        let mut results = Vec::new();
        for text in claimed.answers.into_iter().chain(claimed.unasked) {
            let outcome = carry::send(service, &self.http, &self.gateway, &sender.address, &text).await;
            results.push((text, outcome));
        }
        if !results.is_empty() {
            dispatch::record(service, sender, &self.gateway, &results).await?;
        }
        Ok(results.len() + claimed.settled)
    }

    async fn line(&self, carried: &Carried) -> Result<Line, RehearsalError> {
        let mut tx = self.service.database.read().await?;
        let told: Option<Told> = outbox::told(&mut tx, carried.reference).await?;
        drop(tx);
        let zone = told.as_ref().and_then(|told| told.zone.as_deref()?.parse().ok());
        let starter = told.as_ref().is_some_and(|told| told.track.as_deref() == Some("starter"));
        Ok(Line {
            at: self.local(&carried.to, zone, carried.at),
            direction: "out",
            from: None,
            to: Some(carried.to.clone()),
            body: carried.body.clone(),
            kind: told.as_ref().map(|told| told.kind.clone()),
            week: told.as_ref().and_then(|told| told.week).filter(|_| !starter),
            segments: told.as_ref().map_or(1, |told| told.segments.unsigned_abs()),
            tip: told.as_ref().and_then(|told| told.tip.clone()),
            track: told.and_then(|told| told.track),
        })
    }

    /// The time on her clock: in her zone, or in the home zone of the program that serves her country.
    fn local(&self, phone: &str, zone: Option<Tz>, at: DateTime<Utc>) -> DateTime<FixedOffset> {
        at.with_timezone(&zone.unwrap_or_else(|| self.home_of(phone))).fixed_offset()
    }

    fn home_of(&self, phone: &str) -> Tz {
        let edition = self.service.shelf.edition();
        let region = PhoneNumber::from_e164(phone).and_then(|phone| phone.region());
        let programs: Vec<_> =
            self.sender.programs.iter().filter_map(|id| edition.library.program(id)).collect();
        let serving = programs
            .iter()
            .find(|program| region.as_ref().is_some_and(|region| program.countries.contains(region)));
        serving.or(programs.first()).map_or(Tz::UTC, |program| program.home_zone)
    }

    fn rehearsal(&self) -> &Rehearsal {
        match &self.gateway.provider {
            Provider::Rehearsal(rehearsal) => rehearsal,
            _ => unreachable!("a rehearsal has no other gateway"),
        }
    }
}
