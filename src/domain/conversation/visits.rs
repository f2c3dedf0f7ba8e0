//! Visits that she notes: read back, reminded of, asked about afterwards.

use chrono::{Days, Months, NaiveDate, NaiveDateTime, NaiveTime};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::fields::Line;
use super::{Effect, Fields, Reply, Scene, Step};
use crate::domain::date_text::{self, DateWords, Near};
use crate::domain::keyword::Answer;
use crate::domain::time_text::TimeWords;

/// Nobody notes a visit further ahead, in days.
const FURTHEST: i64 = 300;

/// So many visits are told, or noted, in one text.
const MOST_AT_ONCE: usize = 4;

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

/// A text in which a visit's day is told.
pub struct Told<'a> {
    /// What she wrote of it.
    pub text: &'a str,
    /// The words of times of day in her language.
    pub times: &'a TimeWords,
    /// The words of dates in her language.
    pub dates: &'a DateWords,
    /// What clocks show where she lives.
    pub now: NaiveDateTime,
}

impl When {
    /// Reads the day and time of a visit that she notes; none without exactly one day. A day without its year is the next
    /// one. A day of the week by its name alone is never today: that she would call so, and of next week's she is to be
    /// reminded.
    #[must_use]
    pub fn noted(told: &Told<'_>) -> Option<Self> {
        told.read(1)
    }

    /// Reads which visit she speaks of, today's as well.
    #[must_use]
    pub fn named(told: &Told<'_>) -> Option<Self> {
        told.read(0)
    }

    /// Whether it is over.
    pub fn is_past(self, now: NaiveDateTime) -> bool {
        match self.at {
            Some(time) => self.on.and_time(time) <= now,
            None => self.on < now.date(),
        }
    }
}

impl Told<'_> {
    /// `soonest`: in how many days a day of the week is, if nothing but its name is said.
    fn read(&self, soonest: u64) -> Option<When> {
        let (now, dates) = (self.now, self.dates);
        let time = self.times.read(self.text, false);
        let rest = time.as_ref().map_or(self.text, |read| read.rest.as_str());
        let at = time.as_ref().map(|read| read.time);
        if let Some(on) = date_text::day_of_week(rest, dates, now.date()) {
            return Some(When { on, at });
        }
        let reading = date_text::read(rest, dates, now.date());
        if reading.several {
            return None;
        }
        if let Some(day) = reading.candidates.first() {
            return Some(When { on: day.next_on_or_after(now.date())?, at });
        }
        let near = Near::read(rest, dates, now.date())?;
        let soonest = if matches!(near, Near::Weekday(_)) { soonest } else { 0 };
        let first = When { on: near.next_on_or_after(now.date() + Days::new(soonest))?, at };
        if !first.is_past(now) {
            return Some(first);
        }
        // "The 23rd at 10am": of a day that is over already, the next one.
        Some(When { on: near.next_on_or_after(first.on.succ_opt()?)?, at })
    }
}

/// APPT 12/15 2PM. `said` is what followed the word.
pub(super) fn note(scene: &Scene<'_>, said: &str) -> Option<Vec<Effect>> {
    let enrolled = scene.active()?;
    let told = told(scene, said);
    if let Some(several) = several(scene, &told) {
        return Some(several);
    }
    match When::noted(&told) {
        Some(when) => Some(set(scene, when)),
        // The word alone, or beside its week, asks for the day; in a sentence without one it is no request.
        None if said.split_whitespace().count() <= 1 || date_text::is_only_a_week(said, told.dates) => {
            let fields = Fields::default();
            Some(vec![scene.ask_of(enrolled, Step::Visit), scene.say_of(enrolled, Reply::ApptAsk, fields)])
        }
        None => None,
    }
}

/// "Dec 15 at 2 and Dec 20 at 9": a day in each of its parts, all of them to come.
fn several(scene: &Scene<'_>, told: &Told<'_>) -> Option<Vec<Effect>> {
    let parts = told.dates.parts(told.text);
    let worded = parts.iter().all(|part| part.contains(char::is_alphabetic));
    if !worded || !(2..=MOST_AT_ONCE).contains(&parts.len()) {
        return None;
    }
    let days = parts.iter().map(|text| When::noted(&Told { text, ..*told }));
    let mut days = days.collect::<Option<Vec<When>>>()?;
    days.sort_unstable();
    days.dedup();
    let near = |when: &When| !when.is_past(scene.now) && (when.on - scene.today).num_days() <= FURTHEST;
    if days.len() < 2 || !days.iter().all(near) {
        return None;
    }
    let said = listed(scene, Reply::ApptSetSeveral, &days);
    Some(days.into_iter().map(Effect::NoteVisit).chain([said, Effect::Close]).collect())
}

/// "When is my appointment?"
pub(super) fn list(scene: &Scene<'_>) -> Option<Vec<Effect>> {
    scene.active()?;
    let mut coming: Vec<When> =
        scene.known.visits.iter().map(|visit| visit.when).filter(|when| !when.is_past(scene.now)).collect();
    coming.sort_unstable();
    if coming.is_empty() {
        return Some(vec![scene.just_say(Reply::ApptNone)]);
    }
    Some(vec![listed(scene, Reply::ApptList, &coming)])
}

fn listed(scene: &Scene<'_>, reply: Reply, visits: &[When]) -> Effect {
    let choices = visits.iter().take(MOST_AT_ONCE).map(|when| Line::Visit(*when)).collect();
    scene.say(reply, Fields { choices, ..Fields::default() })
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
    let told = told(scene, scene.text);
    several(scene, &told).or_else(|| When::noted(&told).map(|when| set(scene, when)))
}

fn told<'a>(scene: &Scene<'a>, text: &'a str) -> Told<'a> {
    let (_, language) = scene.voice();
    Told { text, times: scene.guide.times(language), dates: scene.guide.dates(language), now: scene.now }
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
    let said = named(scene, said);
    let meant: Vec<&Visit> =
        coming.iter().filter(|visit| said.is_empty() || said.contains(&visit.when.on)).copied().collect();
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
    let said = named(scene, scene.text);
    let by_day = || visits.iter().find(|(_, when)| said.contains(&when.on));
    let (id, when) = scene.number(visits.len()).map(|number| &visits[number]).or_else(by_day)?;
    Some(off(scene, *id, *when))
}

/// The days on which the visit may be that she speaks of: "Monday", on a Monday, is today or in a week.
fn named(scene: &Scene<'_>, said: &str) -> Vec<NaiveDate> {
    let told = told(scene, said);
    [When::named(&told), When::noted(&told)].into_iter().flatten().map(|when| when.on).collect()
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
