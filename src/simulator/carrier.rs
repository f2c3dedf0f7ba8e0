//! The gateway itself: takes a text or does not, and knows how its answer will go.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use super::account::{Account, Asked, Summary, Taken};
use super::callbacks::{Callbacks, News};
use super::chance::{Dice, Draw};
use super::faults::Fault;
use super::pace::Pace;
use super::settings::Settings;
use super::text::{Refusal, Text};
use crate::domain::segment;

/// Everything that its connections share.
pub struct Carrier {
    pub settings: Settings,
    /// Tells this start of the simulator from every other.
    pub run: u64,
    pub started: Instant,
    desk: Mutex<Desk>,
    pub callbacks: Option<Callbacks>,
}

/// What changes with every text.
pub struct Desk {
    pub account: Account,
    pub pace: Option<Pace>,
}

/// What becomes of a request for a text.
pub struct Verdict {
    /// None: it is not.
    pub taken: Option<Taken>,
    /// What is answered instead of a yes. None where nothing is taken: it was taken before, under the same name.
    pub refusal: Option<Refusal>,
    pub manner: Manner,
    pub latency: Duration,
    /// What will be reported.
    pub news: Option<Box<News>>,
}

/// How an answer goes out.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Manner {
    /// As it should.
    Whole,
    /// Not at all: the connection is reset.
    Reset,
    /// Not at all, or cut in its middle.
    Lost {
        /// Cut in its middle.
        half: bool,
    },
    /// After the service has stopped waiting.
    Late,
    /// Byte by byte.
    Drip,
}

impl Carrier {
    pub fn new(settings: Settings) -> Self {
        let desk = Desk {
            account: Account::new(settings.account),
            pace: settings.segments_per_second.map(Pace::new),
        };
        Self {
            run: settings.clock.now().timestamp_micros().unsigned_abs(),
            started: Instant::now(),
            desk: Mutex::new(desk),
            callbacks: settings.reports.clone().map(Callbacks::new),
            settings,
        }
    }

    pub fn desk(&self) -> MutexGuard<'_, Desk> {
        self.desk.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The account in numbers.
    pub fn summary(&self) -> Summary {
        let waiting = self.callbacks.as_ref().map_or(0, Callbacks::waiting);
        self.desk().account.summary(waiting)
    }

    /// Whether it is away and says so.
    pub fn is_away(&self) -> bool {
        let now = self.started.elapsed();
        let mut outages = self.settings.outages.iter();
        outages.any(|outage| outage.answers && (outage.from..outage.to).contains(&now))
    }

    /// Takes a text, or does not. It is taken, if at all, before it is answered: what the service does not wait
    /// for has been sent all the same.
    pub fn receive(&self, text: &Text<'_>, second: u32) -> Verdict {
        let segments = self.settings.segments_per_second.map(|_| segment::count(&text.body).segments);
        let mut desk = self.desk();
        let asked = desk.account.ask(text);
        if self.is_away() {
            desk.account.refuse("outage");
            return Verdict::refused(Refusal::Status(503), Duration::ZERO);
        }
        let dice = self.dice(text, asked);
        let latency = self.settings.latency.drawn(dice);
        let fault = self.settings.errors.drawn(dice.roll(Draw::Fault));
        if let Some(fault) = fault.filter(|fault| !fault.takes()) {
            desk.account.refuse(&fault.to_string());
            return match refusal(fault) {
                Some(refusal) => Verdict::refused(refusal, latency),
                None => Verdict { manner: Manner::Reset, ..Verdict::refused(Refusal::Garbage, latency) },
            };
        }
        if let (Some(pace), Some(segments)) = (&mut desk.pace, segments)
            && !pace.allows(segments, self.started.elapsed())
        {
            desk.account.refuse("pace");
            return Verdict::refused(Refusal::Status(429), latency);
        }
        let manner = match fault {
            Some(Fault::Lost) => Manner::Lost { half: dice.happens(Draw::Cut, 0.5) },
            Some(Fault::Late) => Manner::Late,
            Some(Fault::Drip) => Manner::Drip,
            _ => Manner::Whole,
        };
        let answer = Verdict { taken: None, refusal: fault.and_then(refusal), manner, latency, news: None };
        if text.is_taken_once() && desk.account.has_taken(asked) {
            desk.account.refuse("duplicate");
            return answer;
        }
        let spoiled = fault.map(|fault| fault.to_string());
        let taken = desk.account.take(asked, text, second, spoiled.as_deref());
        drop(desk);
        let news = self.callbacks.as_ref().map(|callbacks| callbacks.news(self, text, taken, dice));
        Verdict { taken: Some(taken), news, ..answer }
    }

    fn dice(&self, text: &Text<'_>, asked: Asked) -> Dice {
        let seed = self.settings.seed;
        match text.reference {
            Some(reference) => Dice::of_reference(seed, reference, asked.before),
            None => Dice::of_number(seed, asked.number),
        }
    }
}

impl Verdict {
    fn refused(refusal: Refusal, latency: Duration) -> Self {
        Self { taken: None, refusal: Some(refusal), manner: Manner::Whole, latency, news: None }
    }
}

/// What a fault says in place of a yes, if it says anything.
fn refusal(fault: Fault) -> Option<Refusal> {
    match fault {
        Fault::Status { status, .. } => Some(Refusal::Status(status)),
        Fault::Code(code) => Some(Refusal::Code(code)),
        Fault::Garbage { .. } => Some(Refusal::Garbage),
        Fault::Reset | Fault::Lost | Fault::Late | Fault::Drip => None,
    }
}
