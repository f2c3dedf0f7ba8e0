//! A world: a database, a clock moved by hand, a gateway that fails, and the very flows that serve mothers.
//!
//! Time goes in steps: to the next moment at which anything is due, or, where a step is set, to the next multiple of it,
//! so that what many are due together is done together. In each step mothers write first (`talk`); then everything there
//! is to do is done, until nothing is left (`settle`); and now and then what was said is held against the truths.

mod ending;
mod mischief;
mod moments;
mod settle;
mod talk;

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;

use self::mischief::Mischief;
use self::moments::Moments;
use self::talk::Event;
use super::account::Account;
use super::carrier::Carrier;
use super::cast::Cast;
use super::life::{self, Span};
use super::live::{Handset, Live};
use super::truths::{Home, Standing, Truths};
use super::witness::Entry;
use super::words::Words;
use super::{Setting, SimulationError};
use crate::clock::{Clock, ManualClock};
use crate::domain::seal::Seal;
use crate::flows::dispatch::Desk;
use crate::flows::publishing;
use crate::flows::senders::{Audience, Sender, Senders, StopConfirmation};
use crate::flows::{Bells, Service, Shelf};
use crate::gateway::{Gateway, Provider, Rehearsal};
use crate::ids::Ids;
use crate::store::Database;
use crate::telemetry::Metrics;

/// The name of the one gateway and of the one sender.
pub const NAME: &str = "simulation";
/// After the last day nobody writes any more, and what is under way comes to its end.
const EPILOGUE: TimeDelta = TimeDelta::days(4);
/// Where a sender's own moment is past and nothing comes of it, the next look is so much later.
const AGAIN: TimeDelta = TimeDelta::seconds(30);
/// What was said is held against the truths when so much has gathered.
const GATHERED: usize = 500;

/// A world under way.
pub struct Stage<'a> {
    setting: &'a Setting,
    span: Span,
    service: Service,
    sender: Arc<Sender>,
    gateway: Gateway,
    clock: ManualClock,
    desk: Desk,
    carrier: Carrier,
    mothers: Vec<Live>,
    phones: HashMap<String, u32>,
    events: BinaryHeap<Reverse<Event>>,
    happened: u64,
    mischief: Mischief,
    moments: Moments,
    log: Vec<Entry>,
    truths: Truths,
    account: Account,
}

impl<'a> Stage<'a> {
    /// A world with its mothers, before anything happens.
    pub async fn new(
        setting: &'a Setting,
        database: Database,
        world: u64,
        mothers: u32,
    ) -> Result<Self, SimulationError> {
        let span = setting.span;
        let seed = setting.seed.wrapping_add(world.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        let hands = ManualClock::at(span.from);
        let clock = Clock::Manual(hands.clone());
        let edition = publishing::put_in_force(&database, &clock, setting.library.clone()).await?;
        let sender = Sender {
            name: NAME.to_owned(),
            address: NAME.to_owned(),
            gateway: NAME.to_owned(),
            programs: setting.library.programs.keys().cloned().collect(),
            audience: if setting.public { Audience::Public } else { Audience::Rehearsal },
            stop_confirmation: StopConfirmation::Us,
            provider_stop_words: Vec::new(),
            segments_per_second: u32::MAX,
            segments_per_day: i64::MAX,
            day_zone: Tz::UTC,
            backup: None,
        };
        let service = Service {
            database,
            clock: clock.clone(),
            ids: Ids::seeded(seed),
            shelf: Shelf::new(edition),
            senders: Arc::new(Senders::new([sender.clone()])),
            bells: Arc::new(Bells::default()),
            metrics: Arc::new(Metrics::default()),
            seal: Seal::new(b"simulation"),
        };
        let mischief = Mischief::of(setting, span, world);
        let mut carrier = Carrier::new(seed, mischief.forecast(), setting.faults);
        let mothers: Vec<Live> = (0..mothers)
            .map(|index| Live::new(life::mother(&setting.cast, seed, index, span), seed))
            .collect();
        let standings = standings(&mothers);
        let phones = phones(&mothers);
        for live in &mothers {
            if let Some(lost) = live.mother.habits.lost_phone {
                carrier.phone_dies(live.mother.phone.clone(), lost);
                carrier.phone_dies(live.mother.second.clone(), lost);
            }
        }
        let homes = homes(setting, &setting.cast);
        let words = Words::of(&setting.library, span.from.date_naive());
        let truths = Truths::new(words, homes, standings, setting.public);
        let mut stage = Self {
            setting,
            span,
            service,
            sender: Arc::new(sender),
            gateway: Gateway { name: NAME.to_owned(), provider: Provider::Rehearsal(Rehearsal::new(clock)) },
            clock: hands,
            desk: Desk::default(),
            carrier,
            mothers,
            phones,
            events: BinaryHeap::new(),
            happened: 0,
            mischief,
            moments: Moments::default(),
            log: Vec::new(),
            truths,
            account: Account { worlds: 1, ..Account::default() },
        };
        stage.introduce();
        Ok(stage)
    }

    /// Lets all of it happen; gives what it came to.
    pub async fn run(mut self) -> Result<Account, SimulationError> {
        let end = self.span.until + EPILOGUE;
        self.moments.look(&self.service).await?;
        while let Some(next) = self.next_moment().filter(|next| *next < end) {
            let now = self.service.now();
            let at = self.on_the_grid(if next > now { next } else { now + AGAIN }).min(end);
            self.clock.advance_to(at);
            self.account.moments += 1;
            self.step().await?;
            if self.log.len() >= GATHERED {
                self.sweep().await?;
            }
        }
        self.clock.advance_to(end);
        self.step().await?;
        self.sweep().await?;
        self.end().await
    }

    fn next_moment(&self) -> Option<DateTime<Utc>> {
        let said = self.events.peek().map(|Reverse(event)| event.at);
        let moments = [
            said,
            self.moments.earliest(self.mischief.planner_wakes(self.service.now())),
            self.carrier.next_report(),
            self.mischief.next(),
        ];
        moments.into_iter().flatten().min()
    }

    /// The next moment at which the clock may stand.
    fn on_the_grid(&self, at: DateTime<Utc>) -> DateTime<Utc> {
        let step = self.setting.step.num_microseconds().unwrap_or(0);
        if step <= 0 {
            return at;
        }
        let micros = at.timestamp_micros();
        DateTime::from_timestamp_micros(
            micros.div_euclid(step) * step + if micros.rem_euclid(step) > 0 { step } else { 0 },
        )
        .unwrap_or(at)
    }

    /// Counts everybody and puts their wishes into the line.
    fn introduce(&mut self) {
        for index in 0..self.mothers.len() {
            let mother = self.mothers[index].mother.clone();
            self.account.mothers += 1;
            let program = self.setting.cast.countries[mother.country].program.clone();
            *self.account.speakers.entry((program, mother.language.to_string())).or_default() += 1;
            let mut kinds = mother.kinds;
            kinds.sort_unstable();
            kinds.dedup();
            for kind in kinds {
                *self.account.kinds.entry(kind).or_default() += 1;
            }
            for (at, wish) in mother.wishes {
                self.will_want(index as u32, at, wish);
            }
        }
    }
}

/// Both phones of each mother, in order.
fn standings(mothers: &[Live]) -> Vec<Standing> {
    let each = mothers.iter().flat_map(|live| {
        let (mother, index) = (&live.mother, live.mother.index);
        let mut first = Standing::new(index, mother.country, index * 2 + 1, mother.plain);
        first.unreachable = mother.habits.lost_phone.is_some();
        let second = Standing::new(index, mother.country, index * 2, false);
        [first, second]
    });
    each.collect()
}

fn phones(mothers: &[Live]) -> HashMap<String, u32> {
    let each = mothers.iter().flat_map(|live| {
        let place = live.mother.index * 2;
        [(live.mother.phone.clone(), place), (live.mother.second.clone(), place + 1)]
    });
    each.collect()
}

fn homes(setting: &Setting, cast: &Cast) -> Vec<Home> {
    let programs = cast.countries.iter().filter_map(|country| setting.library.program(&country.program));
    programs.map(Home::of).collect()
}

/// The phone of a mother.
fn phone_of(index: u32, handset: Handset) -> u32 {
    index * 2 + u32::from(handset == Handset::Second)
}

/// Whose phone it is, and which of hers.
fn owner_of(phone: u32) -> (u32, Handset) {
    (phone / 2, if phone.is_multiple_of(2) { Handset::First } else { Handset::Second })
}
