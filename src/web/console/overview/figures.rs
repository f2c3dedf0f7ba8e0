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
use crate::store::queues::{self, Keeping, Oldest, Queue, Raised, Waiting};
use crate::store::tallies::{self, Group, Wanted};
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

    /// The share of these that arrived; none if there were none.
    pub fn rate(self) -> Option<f64> {
        (self.tried() > 0).then(|| self.delivered as f64 / self.tried() as f64)
    }

    /// Those that have ended and should have gone.
    pub fn due(self) -> i64 {
        self.tried() + self.expired
    }
}

/// What is said of a sender and gateway: by bucket of time.
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
    /// What is due.
    pub waiting: Waiting,
    /// What waits for later, by code.
    pub later: Vec<(String, i64)>,
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
    /// Those of it that have not ended; one more than is counted means more.
    pub unended: i64,
    /// Texts of the span before.
    pub before: Fates,
    /// Texts by hour.
    pub hours: Vec<(DateTime<Utc>, i16, i64)>,
    /// By sender and gateway, in the span.
    pub routes: Routes,
    /// The same in the last 24 hours, by hour.
    pub routes_day: Routes,
    /// The same in the last seven days.
    pub routes_week: Routes,
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
        let week = over(now - TimeDelta::days(7), now + TimeDelta::seconds(1));
        let mut tx = site.service.database.read().await?;
        let tx = &mut tx;
        let mut figures = Self {
            now,
            counted_at: tallies::counted_at(tx, now - TimeDelta::days(7)).await?,
            texts: fates(tallies::by_state(tx, &span).await?),
            before: fates(tallies::by_state(tx, &over(last.from, last.to)).await?),
            hours: tallies::by_hour(tx, &span).await?,
            routes: routes(tallies::by_route(tx, &span).await?),
            routes_day: routes(tallies::by_route(tx, &day).await?),
            routes_week: routes(tallies::by_route(tx, &week).await?),
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
                for program in &each {
                    let queue = Queue { sender: &sender.name, lane, program: program.as_deref() };
                    let waiting = queues::due(tx, queue, now).await?;
                    self.line(&sender.name, program.clone(), lane, waiting, Vec::new());
                }
            }
            for program in sender.programs.iter().filter(|program| scope.covers(program)) {
                let queue = Queue { sender: &sender.name, lane: UNASKED, program: Some(program) };
                let waiting = queues::due(tx, queue, now).await?;
                let later = queues::later(tx, &sender.name, program, now).await?;
                self.line(&sender.name, Some(program.clone()), UNASKED, waiting, later);
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
        self.circuits =
            queues::circuits(tx).await?.into_iter().filter(|(sender, ..)| serves(sender)).collect();
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

    fn line(
        &mut self,
        sender: &str,
        program: Option<String>,
        lane: i16,
        waiting: Waiting,
        later: Vec<(String, i64)>,
    ) {
        if waiting.due > 0 || !later.is_empty() {
            self.lines.push(Line { sender: sender.to_owned(), program, lane, waiting, later });
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

fn routes(rows: Vec<(String, String, DateTime<Utc>, i16, i64)>) -> Routes {
    let mut routes = Routes::new();
    for (sender, gateway, at, state, texts) in rows {
        if !gateway.is_empty() {
            routes.entry((sender, gateway)).or_default().entry(at).or_default().add(state, texts);
        }
    }
    routes
}
