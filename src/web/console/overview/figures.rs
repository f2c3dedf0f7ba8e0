//! What the overview knows: read at one go, and no page of it counts anything itself. Counts come from the tallies, what
//! waits from the queues as they are.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};

use super::super::period::Period;
use super::super::refusal::Refusal;
use super::super::scope::Scope;
use crate::flows::tallying;
use crate::ids::first_at;
use crate::store::outbox::{ANSWERS, UNASKED, URGENT};
use crate::store::queues::{self, Counted, Keeping, Oldest, Queue, Raised, Waiting};
use crate::store::tallies::{self, Group, Span, Wanted};
use crate::web::Site;

/// Alarms looked through.
const MOST_RAISED: i64 = 500;

/// Texts of a span, by what became of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Fates {
    /// With the gateway or her operator: nothing more is known.
    pub underway: i64,
    /// She has them.
    pub delivered: i64,
    /// They failed.
    pub failed: i64,
    /// Their time passed.
    pub expired: i64,
    /// Taken back.
    pub canceled: i64,
}

impl Fates {
    /// Adds texts in a state.
    pub fn add(&mut self, state: i16, texts: i64) {
        match state {
            4 | 5 => self.underway += texts,
            6 => self.delivered += texts,
            7 => self.failed += texts,
            8 => self.expired += texts,
            9 => self.canceled += texts,
            _ => {}
        }
    }

    /// Those that a gateway was given.
    pub fn tried(self) -> i64 {
        self.underway + self.delivered + self.failed
    }

    /// Those of them of which the gateway told how they ended.
    pub fn reported(self) -> i64 {
        self.delivered + self.failed
    }

    /// The share of these that arrived; none if there were none.
    pub fn rate(self) -> Option<f64> {
        (self.tried() > 0).then(|| self.delivered as f64 / self.tried() as f64)
    }

    /// A share of each.
    fn part(self, share: f64) -> Self {
        let part = |texts: i64| (texts as f64 * share).round() as i64;
        Self {
            underway: part(self.underway),
            delivered: part(self.delivered),
            failed: part(self.failed),
            expired: part(self.expired),
            canceled: part(self.canceled),
        }
    }

    /// Those that have ended and should have gone.
    pub fn due(self) -> i64 {
        self.tried() + self.expired
    }
}

impl std::ops::AddAssign for Fates {
    fn add_assign(&mut self, other: Self) {
        self.underway += other.underway;
        self.delivered += other.delivered;
        self.failed += other.failed;
        self.expired += other.expired;
        self.canceled += other.canceled;
    }
}

/// What a gateway took last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Taken {
    /// From the beginning of this hour,
    pub from: DateTime<Utc>,
    /// up to the end of this one.
    pub to: DateTime<Utc>,
    /// What became of it.
    pub fates: Fates,
}

/// What is said of a sender and gateway: by the middle of each bucket of time.
pub type Routes = BTreeMap<(String, String), BTreeMap<DateTime<Utc>, Fates>>;

/// Part of a queue, and what waits in it.
#[derive(Clone, Debug)]
pub struct Line {
    /// The sender.
    pub sender: String,
    /// The program; none: of every one.
    pub program: Option<String>,
    /// The lane.
    pub lane: i16,
    /// What waits.
    pub waiting: Waiting,
}

/// All of it.
#[derive(Clone, Debug, Default)]
pub struct Figures {
    /// Now.
    pub now: DateTime<Utc>,
    /// When the running hour was counted last.
    pub counted_at: Option<DateTime<Utc>>,
    /// Texts of the span.
    pub texts: Fates,
    /// Those of it that have not ended.
    pub unended: Counted,
    /// Texts of the span before.
    pub before: Fates,
    /// Texts by the middle of each bucket of time, and by state.
    pub hours: Vec<(DateTime<Utc>, i16, i64)>,
    /// By sender and gateway, in the span.
    pub routes: Routes,
    /// The same in the last 24 hours, by hour.
    pub routes_day: Routes,
    /// The same in the last two weeks, mostly by day.
    pub routes_weeks: Routes,
    /// What failed in the last 24 hours: by gateway and code.
    pub codes_day: Vec<(String, String, i64)>,
    /// By prefix, in the last 24 hours.
    pub prefixes_day: BTreeMap<String, Fates>,
    /// Tips skipped in the last 24 hours: program, why, how many.
    pub skipped_day: Vec<(String, String, i64)>,
    /// The queues.
    pub lines: Vec<Line>,
    /// In doubt, by sender and program.
    pub doubts: Vec<(String, String, i64)>,
    /// On the wire.
    pub sending: i64,
    /// The oldest text that waits.
    pub oldest: Option<Oldest>,
    /// What keeps the senders.
    pub keeping: Vec<Keeping>,
    /// Gateways left alone.
    pub circuits: Vec<(String, String, DateTime<Utc>)>,
    /// What was raised in the last 24 hours.
    pub raised: Vec<Raised>,
    /// What waits for a person: urgency, items, since when.
    pub helps: Vec<(i16, i64, DateTime<Utc>)>,
    /// Texts received in the span, by intent.
    pub inbound: Vec<(String, i64)>,
    /// Who is enrolled.
    pub census: Vec<(Group, i64)>,
    /// As of when.
    pub census_at: Option<DateTime<Utc>>,
}

impl Figures {
    /// Reads them.
    pub async fn read(site: &Site, scope: &Scope, period: &Period) -> Result<Self, Refusal> {
        let now = site.service.now();
        let over = |from, to| Wanted { from, to, programs: scope.programs(), ..Wanted::default() };
        let span = over(period.from, period.to);
        let last = period.before();
        let day = over(now - TimeDelta::hours(24), now + TimeDelta::seconds(1));
        let weeks = over(now - TimeDelta::days(14), now + TimeDelta::seconds(1));
        let mut tx = site.service.database.read().await?;
        let tx = &mut tx;
        let mut figures = Self {
            now,
            counted_at: tallies::counted_at(tx, now - TimeDelta::days(7)).await?,
            texts: fates(tallies::by_state(tx, &span).await?),
            before: match period.running(now) {
                None => fates(tallies::by_state(tx, &over(last.from, last.to)).await?),
                Some((hour, share)) => {
                    let mut before = fates(tallies::by_state(tx, &over(last.from, hour)).await?);
                    let whole = over(hour, hour + TimeDelta::hours(1));
                    before += fates(tallies::by_state(tx, &whole).await?).part(share);
                    before
                }
            },
            hours: middles(tallies::by_hour(tx, &span).await?),
            routes: routes(tallies::by_route(tx, &span).await?),
            routes_day: routes(tallies::by_route(tx, &day).await?),
            routes_weeks: routes(tallies::by_route(tx, &weeks).await?),
            skipped_day: tallies::by_outcome(tx, &day).await?,
            inbound: tallies::by_intent(tx, &span).await?,
            census: tallies::census(tx).await?,
            census_at: tallying::taken_at(tx).await?,
            ..Self::default()
        };
        let failed = Wanted { states: vec![7], ..day.clone() };
        let codes = tallies::by_code(tx, &failed).await?;
        figures.codes_day =
            codes.into_iter().map(|(gateway, code, _, texts)| (gateway, code, texts)).collect();
        for (prefix, state, texts) in tallies::by_prefix(tx, &day).await? {
            figures.prefixes_day.entry(prefix).or_default().add(state, texts);
        }
        figures.inbound.sort_by_key(|(_, texts)| std::cmp::Reverse(*texts));
        figures.census.retain(|(group, _)| scope.covers(&group.program));
        figures.look(tx, site, scope, period).await?;
        Ok(figures)
    }

    /// What a gateway took last, at least so long ago, by as many hours as make `enough`; none: that is more than a day.
    pub fn last_taken(&self, gateway: &str, ago: TimeDelta, enough: i64) -> Option<Taken> {
        let mut hours: BTreeMap<DateTime<Utc>, Fates> = BTreeMap::new();
        for (_, buckets) in self.routes_day.iter().filter(|(route, _)| route.1 == gateway) {
            for (at, fates) in buckets {
                *hours.entry(tallies::hour_of(*at)).or_default() += *fates;
            }
        }
        let hour = TimeDelta::hours(1);
        let mut last: Option<Taken> = None;
        for (at, fates) in hours.into_iter().rev().filter(|(at, _)| *at + hour <= self.now - ago) {
            let taken = last.get_or_insert(Taken { from: at, to: at + hour, fates: Fates::default() });
            taken.from = at;
            taken.fates += fates;
            if taken.fates.tried() >= enough {
                return last;
            }
        }
        None
    }

    /// Whether a gateway reported on such a share of its texts, in the last two weeks or on any day of them.
    pub fn reports_usually(&self, gateway: &str, enough: i64, share: f64) -> bool {
        let mut days: BTreeMap<DateTime<Utc>, Fates> = BTreeMap::new();
        let mut all = Fates::default();
        for (_, buckets) in self.routes_weeks.iter().filter(|(route, _)| route.1 == gateway) {
            for (at, fates) in buckets {
                *days.entry(tallies::day_of(*at)).or_default() += *fates;
                all += *fates;
            }
        }
        let usual = |fates: &Fates| {
            fates.tried() >= enough && fates.reported() as f64 >= fates.tried() as f64 * share
        };
        days.values().chain([&all]).any(usual)
    }

    /// Whether texts went out in the last day, and whether reports came of them.
    pub fn goes(&self) -> (bool, bool) {
        let mut fates = self.routes_day.values().flat_map(BTreeMap::values);
        let sent = fates.clone().any(|fates| fates.tried() > 0);
        (sent, fates.any(|fates| fates.reported() > 0))
    }

    /// Looks at what waits at this moment.
    async fn look(
        &mut self,
        tx: &mut crate::store::Tx,
        site: &Site,
        scope: &Scope,
        period: &Period,
    ) -> Result<(), Refusal> {
        let now = self.now;
        let ids = (first_at(period.from), first_at(period.to));
        let each: Vec<Option<String>> =
            if scope.is_all() { vec![None] } else { scope.each().into_iter().map(Some).collect() };
        for program in &each {
            self.unended += queues::unended(tx, ids, program.as_deref()).await?;
            let oldest = queues::oldest(tx, program.as_deref()).await?;
            self.oldest = [self.oldest.take(), oldest].into_iter().flatten().min_by_key(|text| text.id);
        }
        for sender in site.service.senders.iter().filter(|sender| scope.served_by(sender)) {
            for lane in [ANSWERS, URGENT] {
                let serves = |program: &&Option<String>| {
                    program.as_ref().is_none_or(|program| sender.programs.contains(program))
                };
                for program in each.iter().filter(serves) {
                    let queue = Queue { sender: &sender.name, lane, program: program.as_deref() };
                    let waiting = queues::waiting(tx, queue, now).await?;
                    self.line(&sender.name, program.clone(), lane, waiting);
                }
            }
            for program in sender.programs.iter().filter(|program| scope.covers(program)) {
                let queue = Queue { sender: &sender.name, lane: UNASKED, program: Some(program) };
                let waiting = queues::waiting(tx, queue, now).await?;
                self.line(&sender.name, Some(program.clone()), UNASKED, waiting);
            }
        }
        let covers = |program: &str| scope.covers(program);
        self.doubts =
            queues::doubts(tx).await?.into_iter().filter(|(_, program, _)| covers(program)).collect();
        let sending = queues::sending(tx).await?;
        self.sending =
            sending.iter().filter(|(_, program, _)| covers(program)).map(|(.., texts)| texts).sum();
        let serves =
            |name: &str| site.service.senders.get(name).is_some_and(|sender| scope.served_by(sender));
        self.keeping = queues::keeping(tx).await?.into_iter().filter(|kept| serves(&kept.sender)).collect();
        // Of a gateway that a sender has no more nobody will ever hear that it answers.
        let routes = |sender: &str, gateway: &str| {
            serves(sender) && site.service.senders.get(sender).is_some_and(|sender| sender.uses(gateway))
        };
        let circuits = queues::circuits(tx).await?.into_iter();
        self.circuits = circuits.filter(|(sender, gateway, _)| routes(sender, gateway)).collect();
        // What an alarm is about is named first; where that is no sender of theirs alone, it may be another program's.
        let concerns = |raised: &Raised| {
            let first = raised.subject.split(' ').next().unwrap_or_default();
            let sender = site.service.senders.get(first);
            scope.is_all() || sender.is_some_and(|sender| scope.covers_sender(sender))
        };
        let raised = queues::raised(tx, first_at(now - TimeDelta::hours(24)), MOST_RAISED).await?;
        self.raised = raised.into_iter().filter(concerns).collect();
        let mut helps: BTreeMap<i16, (i64, DateTime<Utc>)> = BTreeMap::new();
        for (program, urgency, items, since) in queues::helps(tx).await? {
            if covers(&program) {
                let known = helps.entry(urgency).or_insert((0, since));
                *known = (known.0 + items, known.1.min(since));
            }
        }
        self.helps = helps.into_iter().map(|(urgency, (items, since))| (urgency, items, since)).collect();
        Ok(())
    }

    fn line(&mut self, sender: &str, program: Option<String>, lane: i16, waiting: Waiting) {
        if !waiting.is_empty() {
            self.lines.push(Line { sender: sender.to_owned(), program, lane, waiting });
        }
    }
}

fn fates(rows: Vec<(i16, bool, i64)>) -> Fates {
    let mut fates = Fates::default();
    for (state, _, texts) in rows {
        fates.add(state, texts);
    }
    fates
}

fn middles(rows: Vec<(Span, i16, i64)>) -> Vec<(DateTime<Utc>, i16, i64)> {
    rows.into_iter().map(|(span, state, texts)| (span.middle(), state, texts)).collect()
}

fn routes(rows: Vec<(String, String, Span, i16, i64)>) -> Routes {
    let mut routes = Routes::new();
    for (sender, gateway, span, state, texts) in rows {
        if !gateway.is_empty() {
            routes.entry((sender, gateway)).or_default().entry(span.middle()).or_default().add(state, texts);
        }
    }
    routes
}
