//! A tip falls due: enrollments found by an indexed moment, decided in memory, written in one transaction.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Days, NaiveDate, Utc};
use chrono_tz::Tz;
use uuid::Uuid;

use super::{Bell, Edition, Service};
use crate::domain::calendar::Almanac;
use crate::domain::gestation::Anchor;
use crate::domain::language::Language;
use crate::domain::plan::{self, Course, Next, NextDue, Occurrence, Slot};
use crate::library::{Carries, Program, Text};
use crate::store::outbox::{self, Kind, NewText, TipPlace, Words};
use crate::store::planned::{self, Due, Outcome, Planned};
use crate::store::{StoreResult, Tx};

/// Plans everybody whose moment has come, so many in a transaction; gives how many there were. Where the database
/// can, two transactions are under way at once: while one waits for the disk, the other writes.
pub async fn plan_all(service: &Service, batch: i64) -> StoreResult<usize> {
    let all = async || {
        let mut planned = 0;
        loop {
            let now = plan(service, batch).await?;
            planned += now;
            if (now as i64) < batch {
                return StoreResult::Ok(planned);
            }
        }
    };
    if service.database.is_embedded() {
        return all().await;
    }
    let (one, two) = tokio::join!(all(), all());
    Ok(one? + two?)
}

/// Plans up to `limit` enrollments whose moment has come; gives how many there were.
pub async fn plan(service: &Service, limit: i64) -> StoreResult<usize> {
    let now = service.now();
    let edition = service.shelf.edition();
    let mut tx = service.database.begin().await?;
    let due = planned::due(&mut tx, now, limit).await?;
    let mut batch = Batch::new(service, &edition, now);
    for enrollment in &due {
        batch.decide(enrollment);
    }
    batch.tell();
    let tips = batch.write(&mut tx).await?;
    tx.commit().await?;
    if tips > 0 {
        service.bells.ring(Bell::Outbound);
    }
    Ok(due.len())
}

/// The first occurrence after a local day that is still to come at `now`.
pub(super) fn first_after(
    program: &Program,
    enrollment: Uuid,
    anchor: Anchor,
    enrolled_on: NaiveDate,
    zone: Option<Tz>,
    after: NaiveDate,
    now: DateTime<Utc>,
) -> NextDue {
    let course = course(program, enrollment, anchor, enrolled_on, zone);
    let mut after = after;
    loop {
        let Next::Due(occurrence) = plan::next(&course, after) else {
            return None;
        };
        let at = moment(&course, &occurrence);
        if at >= now {
            return Some((occurrence.on, at));
        }
        after = occurrence.on;
    }
}

/// The course of an enrollment in a program.
pub fn course(
    program: &Program,
    enrollment: Uuid,
    anchor: Anchor,
    enrolled_on: NaiveDate,
    zone: Option<Tz>,
) -> Course<'_> {
    let whereabouts = program.whereabouts(zone);
    Course { enrollment, anchor, enrolled_on, whereabouts, timetable: &program.timetable }
}

/// When an occurrence is looked at: its sending time, or the beginning of a day that has no window.
fn moment(course: &Course<'_>, occurrence: &Occurrence) -> DateTime<Utc> {
    occurrence.at.unwrap_or_else(|| course.whereabouts.start_of(occurrence.on))
}

/// What a transaction will write.
struct Batch<'a> {
    service: &'a Service,
    edition: &'a Edition,
    now: DateTime<Utc>,
    /// What the calendar has told about the places and days of this batch.
    almanac: Almanac,
    /// How many slots stay empty, by program: nothing in the library may be sent for them.
    empty: BTreeMap<(&'a str, Slot, Language), usize>,
    occurrences: Vec<Planned>,
    texts: Vec<NewText>,
    words: HashMap<[u8; 32], Text>,
    next: Vec<(Uuid, NextDue)>,
    complete: Vec<Uuid>,
}

impl<'a> Batch<'a> {
    fn new(service: &'a Service, edition: &'a Edition, now: DateTime<Utc>) -> Self {
        Self {
            service,
            edition,
            now,
            almanac: Almanac::default(),
            empty: BTreeMap::new(),
            occurrences: Vec::new(),
            texts: Vec::new(),
            words: HashMap::new(),
            next: Vec::new(),
            complete: Vec::new(),
        }
    }

    /// Everything of an enrollment that fell due up to now, and what comes after.
    fn decide(&mut self, due: &Due) {
        let Some(program) = self.edition.library.program(&due.program) else {
            tracing::error!(program = %due.program, enrollment = %due.id, "its program is not in the library: nothing is planned for it");
            self.next.push((due.id, None));
            return;
        };
        let zone = due.zone.as_deref().and_then(|name| name.parse().ok());
        let course = course(program, due.id, due.anchor(), due.enrolled_on, zone);
        let mut after = due.next_on - Days::new(1);
        loop {
            match plan::next_with(&mut self.almanac, &course, after) {
                Next::Due(occurrence) if moment(&course, &occurrence) > self.now => {
                    self.next.push((due.id, Some((occurrence.on, moment(&course, &occurrence)))));
                    return;
                }
                Next::Due(occurrence) => {
                    self.settle(program, due, &course, &occurrence);
                    after = occurrence.on;
                }
                Next::Held => return self.next.push((due.id, None)),
                Next::Complete => return self.complete.push(due.id),
            }
        }
    }

    fn settle(&mut self, program: &'a Program, due: &Due, course: &Course<'_>, occurrence: &Occurrence) {
        let (slot, now) = (occurrence.slot, self.now);
        let mut planned = Planned {
            enrollment: due.id,
            on: occurrence.on,
            track: slot.track.name(),
            week: slot.week as i32,
            slot: slot.number as i32,
            tip: None,
            text: None,
            outcome: Outcome::NoTip,
        };
        let carries =
            self.service.senders.get(&due.sender).map_or(Carries::Approved, |sender| sender.carries());
        let window = self.almanac.local(&program.timetable.window, &course.whereabouts).at_or_after(now);
        let sendable = window.filter(|window| window.opens.max(now) < occurrence.not_after);
        planned.outcome = match (occurrence.at, sendable) {
            (None, _) => Outcome::NoWindow,
            (Some(_), None) => Outcome::Expired,
            (Some(_), Some(window)) => {
                match program.tip(slot, due.anchor(), occurrence.on, carries, due.language) {
                    None => {
                        *self.empty.entry((&program.id, slot, due.language)).or_default() += 1;
                        Outcome::NoTip
                    }
                    Some((tip, text)) => {
                        let id = self.service.text_id();
                        let place = TipPlace {
                            tip: tip.id.to_string(),
                            track: slot.track.name(),
                            week: slot.week as i32,
                            on: occurrence.on,
                        };
                        planned.tip = Some(tip.id.to_string());
                        planned.text = Some(id);
                        self.words.entry(text.hash).or_insert_with(|| text.clone());
                        self.texts.push(NewText {
                            id,
                            subscriber: due.subscriber_id,
                            enrollment: Some(due.id),
                            answers: None,
                            sender: due.sender.clone(),
                            phone: due.phone.clone(),
                            kind: Kind::Tip,
                            language: due.language,
                            words: Words::Shared(text.hash),
                            encoding: text.encoding,
                            segments: text.segments,
                            program: Some(program.id.clone()),
                            edition: Some(self.edition.number),
                            tip: Some(place),
                            queued_at: now,
                            due_at: window.opens.max(now),
                            not_after: occurrence.not_after,
                            window_closes_at: Some(window.closes),
                        });
                        Outcome::Queued
                    }
                }
            }
        };
        self.occurrences.push(planned);
    }

    /// Says which slots stay empty: a line for each, however many women they are due to.
    fn tell(&self) {
        for ((program, slot, language), enrollments) in &self.empty {
            tracing::warn!(program, track = slot.track.name(), week = slot.week, slot = slot.number, %language, enrollments,
                "no tip that may be sent: the slot stays empty");
        }
    }

    /// Writes it all; gives how many tips were queued.
    async fn write(mut self, tx: &mut Tx) -> StoreResult<usize> {
        let now = self.now;
        let old = planned::record(tx, &self.occurrences, now).await?;
        if !old.is_empty() {
            // An occurrence whose day is there already was planned before. One whose tip is there already is
            // recorded as what it is: the day passes without a text.
            let repeats: Vec<Planned> = self
                .occurrences
                .iter()
                .filter(|planned| planned.text.is_some_and(|text| old.contains(&text)))
                .map(|planned| Planned { tip: None, text: None, outcome: Outcome::Repeat, ..planned.clone() })
                .collect();
            planned::record(tx, &repeats, now).await?;
            self.texts.retain(|text| !old.contains(&text.id));
        }
        let words: Vec<_> =
            self.words.values().map(|text| (&text.hash, &*text.body, text.encoding, text.segments)).collect();
        outbox::share_words(tx, &words).await?;
        outbox::queue(tx, &self.texts).await?;
        planned::advance(tx, &self.next).await?;
        planned::complete(tx, &self.complete, now).await?;
        Ok(self.texts.len())
    }
}
