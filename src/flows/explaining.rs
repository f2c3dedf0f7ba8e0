//! Why she got something on a day, or did not: the facts of each of her enrollments, gathered for some days, and the one
//! verdict of each day ([`crate::domain::why`]). It only reads.

use std::collections::HashMap;

use chrono::{DateTime, Days, NaiveDate, Utc};
use chrono_tz::Tz;

use super::auditing::told_program;
use super::planning::course;
use super::{Edition, Service, moved};
use crate::domain::delivery::State;
use crate::domain::plan::{self, Course, Next, Occurrence, Reader};
use crate::domain::reason;
use crate::domain::why::{Change, Event, Facts, Plan, Planned, Text, Verdict, verdict};
use crate::library::{Carries, Listener, Program};
use crate::store::audits::{self, Deed};
use crate::store::mothers::{self, Occurred, Said};
use crate::store::people::{Enrollment, Subscriber};
use crate::store::{StoreResult, Tx};

/// One enrollment on one local day.
#[derive(Clone, Debug)]
pub struct Day {
    /// The day.
    pub on: NaiveDate,
    /// Why.
    pub verdict: Verdict,
    /// What the record has for it.
    pub occurred: Option<Occurred>,
    /// Its text, or one for the day that was taken back.
    pub text: Option<Said>,
    /// What the plan has for a day to come, or for one without a record.
    pub planned: Option<Occurrence>,
    /// The tip that it would be.
    pub tip: Option<String>,
}

/// The days of an enrollment from one to another, in order.
pub async fn days(
    service: &Service,
    tx: &mut Tx,
    edition: &Edition,
    (her, enrollment): (&Subscriber, &Enrollment),
    (from, to): (NaiveDate, NaiveDate),
) -> StoreResult<Vec<Day>> {
    let program = edition.library.program(&enrollment.program);
    let zone = her.zone().or(program.map(|program| program.home_zone)).unwrap_or(Tz::UTC);
    let most = (to - from).num_days() + 1;
    let occurred = mothers::occurred(tx, enrollment.id, to, most).await?;
    let occurred: HashMap<_, _> =
        occurred.into_iter().map(|occurred| (occurred.occurs_on, occurred)).collect();
    let mut texts = HashMap::new();
    for text in mothers::tips(tx, enrollment.id, to, most).await? {
        texts.insert(text.id, text);
    }
    let hers = (her.id, enrollment.id);
    let taken_back = mothers::taken_back(tx, hers, (from, to)).await?.into_iter();
    // Of several for one day the last one is told of.
    let taken_back: HashMap<NaiveDate, Said> = taken_back
        .filter(|text| text.state == State::Canceled.code())
        .filter_map(|text| Some((text.occurs_on?, text)))
        .collect();
    let deeds = deeds(service, tx, her, enrollment).await?;
    let held_until = mothers::hold(tx, &enrollment.sender).await?.map(|(until, _)| until);
    let now = service.now();
    let looking = Looking {
        edition,
        program,
        her,
        enrollment,
        zone,
        now,
        carries: service.senders.get(&enrollment.sender).map_or(Carries::Approved, |sender| sender.carries()),
        events: deeds.iter().filter_map(|deed| event(deed, &enrollment.program, zone)).collect(),
        held_until,
    };
    let days = from.iter_days().take_while(|on| *on <= to).map(|on| {
        let occurred = occurred.get(&on).cloned();
        let text = occurred.as_ref().and_then(|occurred| texts.get(&occurred.outbox_id?).cloned());
        looking.day(on, occurred, text, taken_back.get(&on).cloned())
    });
    Ok(days.collect())
}

struct Looking<'a> {
    edition: &'a Edition,
    program: Option<&'a Program>,
    her: &'a Subscriber,
    enrollment: &'a Enrollment,
    zone: Tz,
    now: DateTime<Utc>,
    carries: Carries,
    events: Vec<Event>,
    held_until: Option<DateTime<Utc>>,
}

impl Looking<'_> {
    fn day(
        &self,
        on: NaiveDate,
        occurred: Option<Occurred>,
        text: Option<Said>,
        taken_back: Option<Said>,
    ) -> Day {
        let (plan, planned, tip) = self.plan(on);
        let terms = self.enrollment.terms();
        let known = text.as_ref().and_then(|text| {
            Some(Text {
                state: State::from_code(text.state)?,
                tries: text.tries,
                next_try_at: text.next_try_at,
                next_try_on: text.next_try_at.map(|at| self.local(at)),
                code: text.code.clone(),
                reason: text.reason.clone(),
            })
        });
        let facts = Facts {
            on,
            today: self.local(self.now),
            now: self.now,
            enrolled_on: self.enrollment.enrolled_on,
            state: self.enrollment.state,
            state_on: self.local(self.enrollment.state_since),
            terms: &terms,
            stopped_on: self.her.stopped_at.map(|at| self.local(at)),
            blocked_on: self.her.blocked_at.map(|at| self.local(at)),
            events: &self.events,
            planned: occurred.as_ref().and_then(|occurred| {
                Planned::named(&occurred.outcome).map(|planned| (planned, occurred.planned_at))
            }),
            text: known.as_ref(),
            taken_back: taken_back.as_ref().map(|text| text.reason.as_deref().unwrap_or_default()),
            plan,
            held_until: self.held_until,
        };
        let verdict = verdict(&facts);
        let text = text.or(taken_back.filter(|_| occurred.is_none()));
        Day { on, verdict, occurred, text, planned, tip }
    }

    fn local(&self, at: DateTime<Utc>) -> NaiveDate {
        at.with_timezone(&self.zone).date_naive()
    }

    /// What the plan says of a day.
    fn plan(&self, on: NaiveDate) -> (Plan, Option<Occurrence>, Option<String>) {
        let Some(program) = self.program else { return (Plan::NoProgram, None, None) };
        let (her, enrollment) = (self.her, self.enrollment);
        let terms = enrollment.terms();
        let from = course(program, enrollment.id, enrollment.anchor(), enrollment.enrolled_on, her.zone());
        let course = Course { terms: terms.clone(), ..from };
        match plan::next(&course, on - Days::new(1)) {
            Next::Held => (Plan::Held, None, None),
            Next::Complete => (Plan::Over, None, None),
            Next::Due(occurrence) if occurrence.on > on => (Plan::OtherDays(Some(occurrence.on)), None, None),
            Next::Due(occurrence) => {
                let listener = Listener {
                    language: enrollment.language,
                    area: her.area.as_deref(),
                    reader: terms.reader(),
                    carries: self.carries,
                };
                let chosen = program.choose(&occurrence, &listener, |tip| self.edition.stands_by(tip));
                let tip = chosen.map(|(tip, _)| tip.id.to_string());
                (Plan::Due { at: occurrence.at, has_tip: tip.is_some() }, Some(occurrence), tip)
            }
        }
    }
}

/// What changed what comes by an enrollment, the oldest first: on this phone since it is here, before that on the phones
/// that it came from.
async fn deeds(
    service: &Service,
    tx: &mut Tx,
    her: &Subscriber,
    enrollment: &Enrollment,
) -> StoreResult<Vec<Deed>> {
    let before = moved::before(service, tx, her, &[enrollment.id]).await?;
    let mut left = before.iter().map(|phone| phone.until);
    let mut all = audits::changes(tx, her.id).await?;
    let mut came = left.next();
    all.retain(|deed| came.is_none_or(|came| deed.at >= came));
    for phone in &before {
        let gone = phone.until;
        came = left.next();
        let theirs = audits::changes(tx, phone.her.id).await?.into_iter();
        all.extend(theirs.filter(|deed| deed.at < gone && came.is_none_or(|came| deed.at >= came)));
    }
    all.sort_by_key(|deed| deed.id);
    Ok(all)
}

/// What a deed changed of what comes by an enrollment in a program.
fn event(deed: &Deed, program: &str, zone: Tz) -> Option<Event> {
    // The first words are the service's own; behind them stands why a person did it.
    let own = deed.detail.split("; “").next().unwrap_or_default();
    // What a person changed of an enrollment is filed under its program.
    let filed = deed.program.as_deref().filter(|_| deed.action == "terms");
    if told_program(&deed.action, &deed.detail).or(filed).is_some_and(|of| of != program) {
        return None;
    }
    let what = match &*deed.action {
        "enroll" => Change::Enrolled,
        "stop" | "provider_opt_out" | "unreachable" => Change::Stopped,
        "retime" => Change::Dates,
        "birth" => Change::Born,
        "freeze" => Change::Lost,
        "unfreeze" => Change::Undone,
        "support" => Change::Supported,
        "terms" => match own {
            reason::AGAIN => Change::Back,
            reason::LESS => Change::Less,
            reason::MORE => Change::More,
            own if own.starts_with(reason::PAUSE) => Change::Paused(reason::pause_end(own)),
            _ => Change::Terms,
        },
        "role" => Reader::named(own).map_or(Change::Terms, Change::Reader),
        "discreet" | "language" => Change::Terms,
        "place" => Change::Place,
        "move" => Change::Moved,
        _ => return None,
    };
    Some(Event { at: deed.at, on: deed.at.with_timezone(&zone).date_naive(), what })
}
