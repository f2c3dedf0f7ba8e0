//! Visits that she notes: read back, reminded of, asked about afterwards.

use chrono::{Months, NaiveDate, NaiveDateTime, NaiveTime};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::fields::Line;
use super::{Effect, Fields, Reply, Scene, Step};
use crate::domain::date_text::{self, DateWords, Near};
use crate::domain::keyword::Answer;
use crate::domain::time_text::TimeWords;

/// Nobody notes a visit further ahead, in days.
const FURTHEST: i64 = 300;

/// A day, and the time of day if she told it. Both as clocks show it where she lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct When {
    /// The day.
    pub on: NaiveDate,
    /// The time.
    pub at: Option<NaiveTime>,
}

/// A visit she noted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Visit {
    /// Its id.
    pub id: Uuid,
    /// When it is.
    pub when: When,
}

impl When {
    /// Reads a visit's day and time from a text; none without exactly one day. A day without its year is the next one.
    pub fn read(text: &str, times: &TimeWords, dates: &DateWords, now: NaiveDateTime) -> Option<Self> {
        let time = times.read(text, false);
        let rest = time.as_ref().map_or(text, |read| read.rest.as_str());
        let reading = date_text::read(rest, dates, now.date());
        if reading.several {
            return None;
        }
        let at = time.as_ref().map(|read| read.time);
        if let Some(day) = reading.candidates.first() {
            return Some(Self { on: day.next_on_or_after(now.date())?, at });
        }
        // "Friday 10am": of a day that is over already, the next one.
        let near = Near::read(rest, dates, now.date())?;
        let first = Self { on: near.next_on_or_after(now.date())?, at };
        if !first.is_past(now) {
            return Some(first);
        }
        Some(Self { on: near.next_on_or_after(first.on.succ_opt()?)?, at })
    }

    /// Whether it is over.
    pub fn is_past(self, now: NaiveDateTime) -> bool {
        match self.at {
            Some(time) => self.on.and_time(time) <= now,
            None => self.on < now.date(),
        }
    }
}

/// APPT 12/15 2PM. `said` is what followed the word.
pub(super) fn note(scene: &Scene<'_>, said: &str) -> Option<Vec<Effect>> {
    let enrolled = scene.active()?;
    match read(scene, said) {
        Some(when) => Some(set(scene, when)),
        // The word alone asks for the day; in a sentence without one it is no request.
        None if said.split_whitespace().count() <= 1 => {
            let fields = Fields::default();
            Some(vec![scene.ask_of(enrolled, Step::Visit), scene.say_of(enrolled, Reply::ApptAsk, fields)])
        }
        None => None,
    }
}

/// "They moved my visit to the 9th": the only one that is to come is on another day now. Of several nobody knows which, so
/// the new one stands beside them, and she can take one off.
pub(super) fn moved(scene: &Scene<'_>, said: &str) -> Option<Vec<Effect>> {
    let noted = note(scene, said)?;
    let new = noted.iter().find_map(|effect| match effect {
        Effect::NoteVisit(when) => Some(*when),
        _ => None,
    });
    let mut coming =
        scene.known.visits.iter().filter(|visit| !visit.when.is_past(scene.now) && Some(visit.when) != new);
    let only = coming.next().filter(|_| coming.next().is_none() && new.is_some());
    Some(only.map(|old| Effect::CancelVisit(old.id)).into_iter().chain(noted).collect())
}

/// The answer to when the visit is.
pub(super) fn answer_when(scene: &Scene<'_>) -> Option<Vec<Effect>> {
    if scene.no() {
        return Some(vec![scene.just_say(Reply::Unchanged), Effect::Close]);
    }
    read(scene, scene.text).map(|when| set(scene, when))
}

fn read(scene: &Scene<'_>, text: &str) -> Option<When> {
    let (_, language) = scene.voice();
    When::read(text, scene.guide.times(language), scene.guide.dates(language), scene.now)
}

fn set(scene: &Scene<'_>, when: When) -> Vec<Effect> {
    let far = (when.on - scene.today).num_days() > FURTHEST;
    // Nobody has a visit in a year: a day without its year was meant of this one, and is over.
    let last = when.on.checked_sub_months(Months::new(12)).filter(|_| far).unwrap_or(when.on);
    let fields = Fields { when: Some(When { on: last, ..when }), ..Fields::default() };
    if far || when.is_past(scene.now) {
        return vec![scene.ask(Step::Visit), scene.say(Reply::ApptPast, fields)];
    }
    // What is said of reminders comes true: three days and one day before, where that is not today already.
    let reply = match (when.on - scene.today).num_days() {
        ..=1 => Reply::ApptSetSoon,
        2 | 3 => Reply::ApptSetDay,
        _ => Reply::ApptSet,
    };
    vec![Effect::NoteVisit(when), scene.say(reply, fields), Effect::Close]
}

/// CANCEL APPT. It is never taken for a stop, nor a stop for it.
pub(super) fn cancel(scene: &Scene<'_>, said: &str) -> Vec<Effect> {
    let coming: Vec<&Visit> =
        scene.known.visits.iter().filter(|visit| !visit.when.is_past(scene.now)).collect();
    let named = read(scene, said).map(|when| when.on);
    let meant: Vec<&Visit> =
        coming.iter().filter(|visit| named.is_none_or(|on| on == visit.when.on)).copied().collect();
    match (meant.as_slice(), coming.as_slice()) {
        ([one], _) => off(scene, one.id, one.when),
        ([], []) => vec![scene.just_say(Reply::ApptNone)],
        ([], several) | (several, _) => {
            let visits: Vec<(Uuid, When)> = several.iter().map(|visit| (visit.id, visit.when)).collect();
            let choices = visits.iter().map(|(_, when)| Line::Visit(*when)).collect();
            let fields = Fields { choices, ..Fields::default() };
            vec![scene.ask(Step::VisitWhich { visits }), scene.say(Reply::ApptWhich, fields)]
        }
    }
}

/// The answer to which visit is off.
pub(super) fn answer_which(scene: &Scene<'_>, visits: &[(Uuid, When)]) -> Option<Vec<Effect>> {
    if scene.no() {
        return Some(vec![scene.just_say(Reply::Unchanged), Effect::Close]);
    }
    let by_day = || {
        let on = read(scene, scene.text)?.on;
        visits.iter().find(|(_, when)| when.on == on)
    };
    let (id, when) = scene.number(visits.len()).map(|number| &visits[number]).or_else(by_day)?;
    Some(off(scene, *id, *when))
}

fn off(scene: &Scene<'_>, id: Uuid, when: When) -> Vec<Effect> {
    let fields = Fields { when: Some(when), ..Fields::default() };
    vec![Effect::CancelVisit(id), scene.say(Reply::ApptCanceled, fields), Effect::Close]
}

/// The answer to whether the visit took place. The schedule of her program names the next one.
pub(super) fn answer_after(scene: &Scene<'_>, visit: Uuid) -> Option<Vec<Effect>> {
    let kept = match scene.parsed.answer {
        Some(Answer::Yes) => true,
        Some(Answer::No) => false,
        _ => return None,
    };
    let was = Effect::VisitWas { visit, kept };
    if !kept {
        return Some(vec![was, scene.just_say(Reply::ApptMissed), Effect::Close]);
    }
    let next = scene.active().and_then(|enrolled| {
        let (visit, on) = scene.guide.next_visit(&enrolled.program, enrolled.anchor, scene.today)?;
        // One that she has noted already needs no prompt.
        let noted = scene.known.visits.iter().any(|noted| !noted.when.is_past(scene.now));
        (!noted).then_some(Fields { date: Some(on), visit: Some(visit), ..Fields::default() })
    });
    let say = match next {
        Some(fields) => scene.say(Reply::ApptKeptNext, fields),
        None => scene.just_say(Reply::ApptKept),
    };
    Some(vec![was, say, Effect::Close])
}
