//! A gateway that carries nothing and fails in every way there is: for hours, for one text, for one phone; and that
//! reports late, twice, out of order, in words nobody knows, or never.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap, HashMap};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::chance::Chance;
use crate::domain::delivery::Evidence;
use crate::flows::dispatch::Ready;
use crate::gateway::{Lookup, Outcome, Report};

/// A word that no gateway has taught us.
const UNKNOWN: &str = "PARTIALLY_ENCHANTED";

/// How it behaves in a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weather {
    /// It cannot be reached; nothing is sent.
    Refuses,
    /// It never answers, and sends nothing.
    Silent,
    /// It sends, and its answer is lost.
    LosesAnswers,
    /// It asks to be left alone for a while.
    Throttles,
}

/// What it does in the long run.
#[derive(Clone, Debug, Default)]
pub struct Forecast {
    /// Times of trouble.
    pub storms: Vec<(DateTime<Utc>, DateTime<Utc>, Weather)>,
    /// When it keeps no list that could be asked about a text.
    pub keeps_no_list: Vec<(DateTime<Utc>, DateTime<Utc>)>,
}

/// The gateway.
pub struct Carrier {
    chance: Chance,
    forecast: Forecast,
    faults: bool,
    reports: BinaryHeap<Reverse<(DateTime<Utc>, u64)>>,
    waiting: HashMap<u64, Report>,
    number: u64,
    doubtful: HashMap<Uuid, bool>,
    blocked: BTreeSet<String>,
    dead: BTreeMap<String, DateTime<Utc>>,
    /// What it did, by name.
    pub deeds: BTreeMap<&'static str, u64>,
    /// Reports in words that nobody knows, that have been handed over.
    pub unknown: i64,
}

/// What became of a try.
pub struct Carried {
    /// What the service is told.
    pub outcome: Outcome,
    /// Whether the text went out.
    pub taken: bool,
    /// Whether she is blocked there from here on.
    pub opted_out: bool,
}

impl Carrier {
    /// A gateway with its future; `faults`: it also fails by chance.
    pub fn new(seed: u64, forecast: Forecast, faults: bool) -> Self {
        Self {
            chance: Chance::of(seed, 0x0067_6174_6577_6179),
            forecast,
            faults,
            reports: BinaryHeap::new(),
            waiting: HashMap::new(),
            number: 0,
            doubtful: HashMap::new(),
            blocked: BTreeSet::new(),
            dead: BTreeMap::new(),
            deeds: BTreeMap::new(),
            unknown: 0,
        }
    }

    /// A phone takes nothing from a moment on.
    pub fn phone_dies(&mut self, phone: String, at: DateTime<Utc>) {
        self.dead.insert(phone, at);
    }

    /// She has written START or YES: what the provider blocked goes through again.
    pub fn unblock(&mut self, phone: &str) {
        self.blocked.remove(phone);
    }

    /// Takes a text, or does not.
    pub fn send(&mut self, text: &Ready, now: DateTime<Utc>) -> Carried {
        let phone = text.phone.as_e164();
        if self.blocked.contains(phone) {
            return self.refuse("blocked", true);
        }
        let storm = self.forecast.storms.iter().find(|(from, until, _)| *from <= now && now < *until);
        match storm.map(|(.., weather)| *weather) {
            Some(Weather::Refuses) => return self.transient("could not be reached", None),
            Some(Weather::Throttles) if self.chance.in_thousand(700) => {
                return self.transient("asked for a slower pace", Some(Duration::from_secs(60)));
            }
            Some(Weather::Silent) => return self.ambiguous(text, false, now),
            Some(Weather::LosesAnswers) => return self.ambiguous(text, true, now),
            Some(Weather::Throttles) | None => {}
        }
        // A sick gateway is rare, and many texts go: of ten thousand so many.
        match if self.faults { self.chance.below(10_000) } else { 9_999 } {
            0..80 => self.transient("failed for a moment", None),
            80..100 => self.refuse("refused for this phone", false),
            100..130 => self.ambiguous(text, true, now),
            130..150 => self.ambiguous(text, false, now),
            150..155 => {
                self.blocked.insert(phone.to_owned());
                self.refuse("said that she opted out there", true)
            }
            155..160 => self.refuse_us(),
            _ => {
                self.reports_on(text, now);
                let provider_id = Some(name(text.reference()));
                Carried { outcome: Outcome::Accepted { provider_id }, taken: true, opted_out: false }
            }
        }
    }

    /// What its list says of a text whose answer was lost.
    pub fn look_up(&mut self, reference: Uuid, now: DateTime<Utc>) -> Lookup {
        let within = |(from, until): &(DateTime<Utc>, DateTime<Utc>)| *from <= now && now < *until;
        if self.forecast.keeps_no_list.iter().any(within) {
            return Lookup::CannotTell;
        }
        let storm = self.forecast.storms.iter().find(|(from, until, _)| *from <= now && now < *until);
        if storm.is_some_and(|(.., weather)| *weather != Weather::LosesAnswers) {
            return Lookup::NoAnswer;
        }
        match self.doubtful.get(&reference) {
            Some(true) => Lookup::Found { provider_id: name(reference), evidence: None },
            _ => Lookup::NotThere,
        }
    }

    /// The dispatcher that handed it over died before it wrote down what came of it.
    pub fn orphaned(&mut self, reference: Uuid, taken: bool) {
        self.count("lost the dispatcher that sent a text");
        self.doubtful.insert(reference, taken);
    }

    /// When its next report comes.
    pub fn next_report(&self) -> Option<DateTime<Utc>> {
        self.reports.peek().map(|Reverse((at, _))| *at)
    }

    /// The reports whose time has come.
    pub fn take_reports(&mut self, now: DateTime<Utc>) -> Vec<Report> {
        let mut due = Vec::new();
        while self.next_report().is_some_and(|at| at <= now) {
            let Some(Reverse((_, number))) = self.reports.pop() else { break };
            if let Some(report) = self.waiting.remove(&number) {
                self.unknown += i64::from(report.evidence.is_none());
                due.push(report);
            }
        }
        due
    }

    fn reports_on(&mut self, text: &Ready, now: DateTime<Utc>) {
        let phone = text.phone.as_e164();
        let dead = self.dead.get(phone).is_some_and(|since| *since <= now);
        let (reference, phone) = (text.reference(), phone.to_owned());
        let soon = now + TimeDelta::seconds(self.chance.between(2, 50));
        if dead {
            self.count("reported a phone that takes nothing");
            return self.report(soon, reference, &phone, "undelivered", Some(Evidence::Failed));
        }
        if !self.faults {
            return self.report(soon, reference, &phone, "delivered", Some(Evidence::Delivered));
        }
        let late = soon + TimeDelta::minutes(self.chance.between(120, 4_000));
        match self.chance.below(1_000) {
            0..25 => self.count("never reported"),
            25..45 => {
                self.count("reported hours or days late");
                self.report(late, reference, &phone, "delivered", Some(Evidence::Delivered));
            }
            45..70 => {
                self.count("reported twice");
                self.report(soon, reference, &phone, "delivered", Some(Evidence::Delivered));
                self.report(soon, reference, &phone, "delivered", Some(Evidence::Delivered));
            }
            70..80 => {
                self.count("reported out of order");
                self.report(soon, reference, &phone, "delivered", Some(Evidence::Delivered));
                self.report(late, reference, &phone, "sent", Some(Evidence::Sent));
            }
            80..86 => {
                self.count("reported a failure");
                self.report(soon, reference, &phone, "undelivered", Some(Evidence::Failed));
            }
            86..89 => {
                self.count("reported in a word that nobody knows");
                self.report(soon, reference, &phone, UNKNOWN, None);
            }
            89..250 => {
                self.report(soon, reference, &phone, "sent", Some(Evidence::Sent));
                let then = soon + TimeDelta::seconds(self.chance.between(1, 30));
                self.report(then, reference, &phone, "delivered", Some(Evidence::Delivered));
            }
            _ => self.report(soon, reference, &phone, "delivered", Some(Evidence::Delivered)),
        }
    }

    fn report(
        &mut self,
        at: DateTime<Utc>,
        reference: Uuid,
        phone: &str,
        status: &str,
        evidence: Option<Evidence>,
    ) {
        let failed = evidence == Some(Evidence::Failed);
        let report = Report {
            reference: Some(reference),
            provider_id: Some(name(reference)),
            status: status.to_owned(),
            evidence,
            code: failed.then(|| status.to_owned()),
            sentence: failed.then(|| "The phone did not take it.".to_owned()),
            opted_out: false,
            // Providers repeat the number.
            raw: format!("to={phone}&status={status}"),
        };
        self.number += 1;
        self.reports.push(Reverse((at, self.number)));
        self.waiting.insert(self.number, report);
    }

    fn transient(&mut self, deed: &'static str, retry_after: Option<Duration>) -> Carried {
        self.count(deed);
        let (code, sentence) = ("transient".to_owned(), "Nothing was sent.".to_owned());
        let outcome = Outcome::Transient { code, sentence, retry_after };
        Carried { outcome, taken: false, opted_out: false }
    }

    fn ambiguous(&mut self, text: &Ready, taken: bool, now: DateTime<Utc>) -> Carried {
        self.count(if taken { "sent, and lost its answer" } else { "never answered" });
        self.doubtful.insert(text.reference(), taken);
        if taken {
            self.reports_on(text, now);
        }
        let (code, sentence) = ("no-answer".to_owned(), "It may have been sent.".to_owned());
        Carried { outcome: Outcome::Ambiguous { code, sentence }, taken, opted_out: false }
    }

    fn refuse(&mut self, deed: &'static str, opted_out: bool) -> Carried {
        self.count(deed);
        let (code, sentence) = ("refused".to_owned(), "The phone cannot be texted.".to_owned());
        let outcome = Outcome::RefusedRecipient { code, sentence, opted_out };
        Carried { outcome, taken: false, opted_out }
    }

    fn refuse_us(&mut self) -> Carried {
        self.count("refused a text as faulty");
        let (code, sentence) = ("faulty".to_owned(), "It cannot carry this text.".to_owned());
        let outcome = Outcome::RefusedUs { code, sentence, stops_sender: false };
        Carried { outcome, taken: false, opted_out: false }
    }

    fn count(&mut self, deed: &'static str) {
        *self.deeds.entry(deed).or_default() += 1;
    }
}

fn name(reference: Uuid) -> String {
    format!("carrier-{reference}")
}
