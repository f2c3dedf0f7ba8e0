//! A step: everything there is to do at a moment, by the flows themselves.

use std::collections::HashMap;

use chrono::{TimeDelta, Timelike};
use uuid::Uuid;

use super::moments::has_come;
use super::{NAME, Stage, owner_of};
use crate::flows::dispatch::{self, Ready, Room};
use crate::flows::{doubt, erasing, inbound, planning, promises, receipts, silence, upkeep};
use crate::gateway::Outcome;
use crate::ids::try_name;
use crate::simulation::SimulationError;
use crate::simulation::account::Sort;
use crate::simulation::witness::{Entry, Said};
use crate::simulation::words::Says;
use crate::store::StoreResult;
use crate::store::witness::{self, Seen};
use crate::worker::rehearsal::PATIENCE;

/// Work done in one go.
const BATCH: i64 = 500;
/// No moment needs more rounds.
const ROUNDS: usize = 200;
/// All flows are run so often, whether or not anything is due.
const ROUND: TimeDelta = TimeDelta::hours(12);
/// What a dead dispatcher had begun is looked for after this time.
const ORPHANED: TimeDelta = TimeDelta::seconds(61);
/// A doubt is settled within this time.
const DOUBTFUL: TimeDelta = TimeDelta::hours(36);
/// What is too late is looked for so often.
const EXPIRY: TimeDelta = TimeDelta::minutes(30);
/// One claim of so many is never recorded: its dispatcher died.
const DEATHS: u64 = 1_500;

impl Stage<'_> {
    /// Does all there is to do at this moment.
    pub(super) async fn step(&mut self) -> Result<(), SimulationError> {
        self.make_mischief().await?;
        let mut heard = self.hear().await?;
        for _ in 0..ROUNDS {
            let done = self.round(heard).await?;
            heard = 0;
            self.moments.look(&self.service).await?;
            // What is due and comes to nothing comes up again shortly.
            if done == 0 || !self.is_due() {
                return Ok(());
            }
        }
        Err(SimulationError::Restless(self.service.now()))
    }

    fn is_due(&self) -> bool {
        let now = self.service.now();
        let moment = self.moments.earliest(self.mischief.planner_wakes(now));
        has_come(moment, now) || has_come(self.carrier.next_report(), now) || self.moments.erasing.is_some()
    }

    /// All flows in their order, each if its time has come; `heard`: so many texts wait to be handled.
    async fn round(&mut self, heard: usize) -> Result<usize, SimulationError> {
        let now = self.service.now();
        let everything = self.moments.round.is_none_or(|at| at <= now);
        if everything {
            self.moments.round = Some(now + ROUND);
        }
        let mut done = 0;
        if heard > 0 || everything {
            done += self.handle(heard).await?;
        }
        let (moments, service) = (self.moments, self.service.clone());
        if (everything || has_come(moments.agenda, now)) && self.mischief.planner_wakes(now).is_none() {
            done += self.plan().await?;
        }
        if everything || has_come(moments.talk, now) {
            done += upkeep::converse(&service, BATCH).await?;
        }
        if everything || has_come(moments.promises, now) {
            done += promises::keep(&service, BATCH).await?;
        }
        if everything || self.moments.erasing.is_some() {
            done += self.erase().await?;
        }
        if everything || std::mem::take(&mut self.mischief.failures) {
            done += silence::look(&service, PATIENCE, BATCH).await?;
        }
        if everything || done > 0 || has_come(moments.outbox, now) {
            done += self.send().await?;
        }
        done += self.report().await?;
        if everything || has_come(moments.orphans, now) {
            self.moments.orphans = None;
            done += doubt::recover(&service).await?;
        }
        if everything || self.moments.doubts.is_some_and(|until| now < until) {
            done += self.settle_doubts().await?;
        }
        if everything || self.moments.expiry.is_none_or(|at| at <= now) {
            self.moments.expiry = Some(now + EXPIRY);
            done += usize::try_from(upkeep::expire(&service).await?).unwrap_or(0);
        }
        Ok(done)
    }

    async fn handle(&self, heard: usize) -> StoreResult<usize> {
        let mut done = 0;
        loop {
            let handled = inbound::handle(&self.service, BATCH).await?;
            done += handled;
            if handled == 0 || done == heard {
                return Ok(done);
            }
        }
    }

    async fn plan(&self) -> StoreResult<usize> {
        let mut done = 0;
        loop {
            let planned = planning::plan(&self.service, BATCH).await?;
            done += planned;
            if planned < BATCH as usize {
                return Ok(done);
            }
        }
    }

    /// Whoever asked for it is erased; before that, what was said to her is held against the truths.
    async fn erase(&mut self) -> Result<usize, SimulationError> {
        self.sweep().await?;
        let erased = erasing::erase(&self.service, BATCH).await?;
        if erased > 0 || has_come(self.moments.erasing, self.service.now()) {
            self.moments.erasing = None;
        }
        Ok(erased)
    }

    /// Claims what is due, hands it over, and writes down what came of it.
    async fn send(&mut self) -> Result<usize, SimulationError> {
        let mut done = 0;
        loop {
            let room = Room { answers: BATCH as usize, unasked: BATCH as usize, pressing: false };
            let (service, sender) = (&self.service, &self.sender);
            let claimed = dispatch::claim(service, sender, NAME, room, &mut self.desk).await?;
            done += claimed.settled;
            if claimed.answers.is_empty() && claimed.unasked.is_empty() {
                return Ok(done);
            }
            let answers = claimed.answers.len();
            let mut results = Vec::with_capacity(answers + claimed.unasked.len());
            let mut opted_out = Vec::new();
            for (place, text) in claimed.answers.into_iter().chain(claimed.unasked).enumerate() {
                let outcome = self.hand_over(&text, place < answers, &mut opted_out);
                results.push((text, outcome));
            }
            done += results.len();
            let more = results.len() >= BATCH as usize;
            if self.setting.faults && self.mischief.chance.below(DEATHS) == 0 {
                // That she opted out there is lost with it: nobody knows until the provider says so again.
                self.lose(&results);
            } else {
                // What was handed over together was on its way before anybody knew.
                self.log.extend(opted_out);
                dispatch::record(&self.service, &self.sender, &self.gateway, &results).await?;
            }
            if !more {
                return Ok(done);
            }
        }
    }

    fn hand_over(&mut self, text: &Ready, answer: bool, opted_out: &mut Vec<Entry>) -> Outcome {
        let now = self.service.now();
        let carried = self.carrier.send(text, now);
        let Some(phone) = self.phones.get(text.phone.as_e164()).copied() else { return carried.outcome };
        let (mother, handset) = owner_of(phone);
        let country = self.truths.standings[phone as usize].country;
        let says = self.truths.words.read(&self.truths.homes[country].program, &text.body);
        self.count(mother, says, answer);
        self.log.push(Entry::Said(Said {
            id: text.id,
            number: text.number,
            phone,
            at: now,
            answer,
            body: text.body.clone(),
            says,
            not_after: text.not_after,
            taken: carried.taken,
            doubtful: matches!(carried.outcome, Outcome::Ambiguous { .. }),
        }));
        if matches!(carried.outcome, Outcome::Ambiguous { .. }) {
            self.moments.doubts = Some(now + DOUBTFUL);
        }
        if carried.opted_out {
            opted_out.push(Entry::OptedOut { phone, at: now });
        }
        self.mischief.failures |= matches!(carried.outcome, Outcome::RefusedRecipient { .. });
        if carried.taken {
            let words = &self.truths.words;
            let answered = self.mothers[mother as usize].read(handset, says, &text.body, words, now);
            if let Some(answered) = answered {
                self.will_say(mother, now + answered.after, answered);
            }
        }
        if says == Says::Reply(crate::domain::conversation::Reply::Deleted) {
            self.moments.erasing = Some(now + TimeDelta::hours(25));
        }
        carried.outcome
    }

    fn count(&mut self, mother: u32, says: Says, answer: bool) {
        let now = self.service.now();
        let sort = match (answer, says) {
            (true, _) => Sort::Answer,
            (false, Says::Tip(_)) => Sort::Tip,
            (false, _) => Sort::Other,
        };
        let week = (now - self.span.from).num_days().div_euclid(7);
        *self.account.weeks.entry((week, sort)).or_default() += 1;
        if answer {
            let hour = now.with_timezone(&self.mothers[mother as usize].home()).hour() as usize;
            self.account.answer_hours[hour] += 1;
            let name = match says {
                Says::Reply(reply) => reply.name(),
                Says::Tip(_) => "a second text on a tip",
                Says::Question(_) => "a question of the library",
                Says::Other => "what the library says to an answer",
            };
            *self.account.answers.entry(name).or_default() += 1;
        }
    }

    /// The dispatcher dies before it has written down what came of these.
    fn lose(&mut self, results: &[(Ready, Outcome)]) {
        for (text, outcome) in results {
            let taken = matches!(outcome, Outcome::Accepted { .. });
            if !matches!(outcome, Outcome::Ambiguous { .. }) {
                self.carrier.orphaned(text.reference(), taken);
            }
        }
        let now = self.service.now();
        (self.moments.orphans, self.moments.doubts) = (Some(now + ORPHANED), Some(now + DOUBTFUL));
    }

    /// What the gateway says meanwhile.
    async fn report(&mut self) -> Result<usize, SimulationError> {
        let reports = self.carrier.take_reports(self.service.now());
        if reports.is_empty() {
            return Ok(0);
        }
        let failed = crate::domain::delivery::Evidence::Failed;
        self.mischief.failures |= reports.iter().any(|report| report.evidence == Some(failed));
        let news: Vec<_> = reports.into_iter().map(|report| (NAME.to_owned(), report)).collect();
        receipts::receive(&self.service, &news).await?;
        Ok(news.len())
    }

    async fn settle_doubts(&mut self) -> StoreResult<usize> {
        let now = self.service.now();
        let doubtful = doubt::waiting(&self.service, BATCH).await?;
        for (text, _) in &doubtful {
            let lookup = self.carrier.look_up(try_name(text.id, text.tries), now);
            doubt::settle(&self.service, text, &lookup).await?;
        }
        Ok(doubtful.len())
    }

    /// Holds what was heard and said since the last time against the truths.
    pub(super) async fn sweep(&mut self) -> Result<(), SimulationError> {
        let log = std::mem::take(&mut self.log);
        let said: Vec<_> = log
            .iter()
            .filter_map(|entry| match entry {
                Entry::Said(said) => Some(said.id),
                _ => None,
            })
            .collect();
        let mut seen = HashMap::with_capacity(said.len());
        if !said.is_empty() {
            let mut tx = self.service.database.read().await?;
            for text in witness::seen(&mut tx, &said).await? {
                seen.insert(text.id, text);
            }
            tx.commit().await?;
        }
        for entry in &log {
            self.transcribe(entry, &seen);
            match entry {
                Entry::Heard(heard) => self.truths.hear(heard),
                Entry::Said(said) => self.truths.said(said, seen.get(&said.id)),
                Entry::OptedOut { phone, at } => self.truths.opted_out(*phone, *at),
            }
        }
        Ok(())
    }

    /// Writes down what is said between us and the mother who is followed.
    fn transcribe(&mut self, entry: &Entry, seen: &HashMap<Uuid, Seen>) {
        let Some(follow) = self.setting.follow else { return };
        let (phone, at) = match entry {
            Entry::Heard(heard) => (heard.phone, heard.at),
            Entry::Said(said) => (said.phone, said.at),
            Entry::OptedOut { phone, at } => (*phone, *at),
        };
        let (mother, handset) = owner_of(phone);
        if mother != follow {
            return;
        }
        let clock =
            at.with_timezone(&self.mothers[mother as usize].home()).format("%a %Y-%m-%d %H:%M:%S %:z");
        self.account.transcript.push(match entry {
            Entry::Heard(heard) => format!("{clock} {handset:?} → {}", heard.body),
            Entry::Said(said) => {
                let seen = seen.get(&said.id);
                let kind = seen.map_or("?", |seen| seen.kind.as_str());
                let tip = seen.and_then(|seen| seen.tip.as_deref()).unwrap_or_default();
                let taken = if said.taken { "" } else { " (not taken)" };
                format!("{clock} {handset:?} ← {kind} {tip}{taken} {}", said.body)
            }
            Entry::OptedOut { .. } => format!("{clock} {handset:?} opted out at the provider"),
        });
    }
}
