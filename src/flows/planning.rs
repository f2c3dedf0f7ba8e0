//! A tip falls due: enrollments found by an indexed moment, decided in memory, written in one transaction.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Days, NaiveDate, Utc};
use chrono_tz::Tz;
use uuid::Uuid;

use super::{Edition, Service};
use crate::domain::gestation::Anchor;
use crate::domain::plan::{self, Course, Next, NextDue, Occurrence};
use crate::library::{Carries, Program, Text};
use crate::store::outbox::{self, Kind, NewText, TipPlace, Words};
use crate::store::planned::{self, Due, Outcome, Planned};
use crate::store::{StoreResult, Tx};

/// Plans up to `limit` enrollments whose moment has come; gives how many there were.
pub async fn plan(service: &Service, limit: i64) -> StoreResult<usize> {
    let now = service.now();
    let edition = service.shelf.edition();
    let mut tx = service.database.begin().await?;
    let due = planned::due(&mut tx, now, limit).await?;
    let mut batch = Batch::default();
    for enrollment in &due {
        batch.decide(service, &edition, enrollment, now);
    }
    let tips = batch.write(&mut tx, now).await?;
    tx.commit().await?;
    if tips > 0 {
        service.bells.outbound.notify_waiters();
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
#[derive(Default)]
struct Batch {
    occurrences: Vec<Planned>,
    texts: Vec<NewText>,
    words: HashMap<[u8; 32], Text>,
    next: Vec<(Uuid, NextDue)>,
    complete: Vec<Uuid>,
}

impl Batch {
    /// Everything of an enrollment that fell due up to now, and what comes after.
    fn decide(&mut self, service: &Service, edition: &Edition, due: &Due, now: DateTime<Utc>) {
        let Some(program) = edition.library.program(&due.program) else {
            tracing::error!(program = %due.program, enrollment = %due.id, "its program is not in the library: nothing is planned for it");
            self.next.push((due.id, None));
            return;
        };
        let zone = due.zone.as_deref().and_then(|name| name.parse().ok());
        let course = course(program, due.id, due.anchor(), due.enrolled_on, zone);
        let mut after = due.next_on - Days::new(1);
        loop {
            match plan::next(&course, after) {
                Next::Due(occurrence) if moment(&course, &occurrence) > now => {
                    self.next.push((due.id, Some((occurrence.on, moment(&course, &occurrence)))));
                    return;
                }
                Next::Due(occurrence) => {
                    self.settle(service, edition, program, due, &course, &occurrence, now);
                    after = occurrence.on;
                }
                Next::Held => return self.next.push((due.id, None)),
                Next::Complete => return self.complete.push(due.id),
            }
        }
    }

    #[expect(
        clippy::too_many_arguments,
        reason = "one decision looks at all of these, and they have no other use together"
    )]
    fn settle(
        &mut self,
        service: &Service,
        edition: &Edition,
        program: &Program,
        due: &Due,
        course: &Course<'_>,
        occurrence: &Occurrence,
        now: DateTime<Utc>,
    ) {
        let slot = occurrence.slot;
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
        let carries = service.senders.get(&due.sender).map_or(Carries::Approved, |sender| sender.carries());
        let window = program.timetable.window.at_or_after(now, &course.whereabouts);
        let sendable = window.filter(|window| window.opens.max(now) < occurrence.not_after);
        planned.outcome = match (occurrence.at, sendable) {
            (None, _) => Outcome::NoWindow,
            (Some(_), None) => Outcome::Expired,
            (Some(_), Some(window)) => {
                match program.tip(slot, due.anchor(), occurrence.on, carries, due.language) {
                    None => {
                        tracing::warn!(program = %program.id, track = slot.track.name(), week = slot.week, slot = slot.number,
                            language = %due.language, "no tip that may be sent: the slot stays empty");
                        Outcome::NoTip
                    }
                    Some((tip, text)) => {
                        let id = service.text_id();
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
                            edition: Some(edition.number),
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

    /// Writes it all; gives how many tips were queued.
    async fn write(self, tx: &mut Tx, now: DateTime<Utc>) -> StoreResult<usize> {
        let new: HashSet<(Uuid, NaiveDate)> =
            planned::record(tx, &self.occurrences, now).await?.into_iter().collect();
        // An occurrence whose day is there already was planned before. One whose tip is there already is
        // recorded as what it is: the day passes without a text.
        let repeats: Vec<Planned> = self
            .occurrences
            .iter()
            .filter(|planned| planned.tip.is_some() && !new.contains(&(planned.enrollment, planned.on)))
            .map(|planned| Planned { tip: None, text: None, outcome: Outcome::Repeat, ..planned.clone() })
            .collect();
        planned::record(tx, &repeats, now).await?;
        let wanted: HashSet<Uuid> = self
            .occurrences
            .iter()
            .filter(|planned| new.contains(&(planned.enrollment, planned.on)))
            .filter_map(|planned| planned.text)
            .collect();
        let texts: Vec<NewText> = self.texts.into_iter().filter(|text| wanted.contains(&text.id)).collect();
        let words: Vec<_> =
            self.words.values().map(|text| (&text.hash, &*text.body, text.encoding, text.segments)).collect();
        outbox::share_words(tx, &words).await?;
        outbox::queue(tx, &texts).await?;
        planned::advance(tx, &self.next).await?;
        planned::complete(tx, &self.complete, now).await?;
        Ok(texts.len())
    }
}
