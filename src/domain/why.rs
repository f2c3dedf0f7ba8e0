//! Why she got a tip on a day, or did not: the facts of one enrollment and one local day, and the one verdict that they
//! come to. Pure, so that whoever asks is told the same, at the console or at the command line.

use chrono::{DateTime, NaiveDate, Utc};

use super::conversation::EnrollmentState;
use super::delivery::State;
use super::named::named;
use super::plan::{Pause, Terms};

named! {
    /// Something that changed what comes to her.
    pub enum Change {
        /// She enrolled.
        Enrolled = "enrolled",
        /// She, or her provider, ended all texts.
        Stopped = "stopped",
        /// Texts came again, or her dates were changed.
        Dates = "dates",
        /// Her baby was born.
        Born = "born",
        /// She told of a loss.
        Lost = "lost",
        /// It was none.
        Undone = "undone",
        /// A pause began.
        Paused = "paused",
        /// A pause, or LESS, ended.
        Back = "back",
        /// Other terms: fewer texts, another hour, several babies, who reads.
        Terms = "terms",
        /// Another place, another zone.
        Place = "place",
        /// Another phone.
        Moved = "moved",
    }
}

/// A change, and her local day of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Event {
    /// On which day.
    pub on: NaiveDate,
    /// What.
    pub what: Change,
}

named! {
    /// What an occurrence came to when it was planned.
    pub enum Planned {
        /// Its tip was queued.
        Queued = "queued",
        /// There was none that its sender might carry.
        NoTip = "no_tip",
        /// It was too late already.
        Expired = "expired",
        /// She had it already.
        Repeat = "repeat",
        /// No hour in common that day.
        NoWindow = "no_window",
    }
}

/// A text that was queued for the day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    /// Its state.
    pub state: State,
    /// Tries so far.
    pub tries: i16,
    /// Where it waits: not before.
    pub next_try_at: Option<DateTime<Utc>>,
    /// Her local day of that.
    pub next_try_on: Option<NaiveDate>,
    /// The provider's code.
    pub code: Option<String>,
    /// Why it came to nothing, as written down.
    pub reason: Option<String>,
}

/// What the plan, as it is now, says of the day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Plan {
    /// A tip.
    Due {
        /// When; none: the zones she may be in have no hour in common that day.
        at: Option<DateTime<Utc>>,
        /// The library has one that her sender may carry.
        has_tip: bool,
    },
    /// Nothing, because the due date is three weeks past and no birth was told.
    Held,
    /// Nothing, because the course is over.
    Over,
    /// Nothing on that day; the next one is this, if any.
    OtherDays(Option<NaiveDate>),
    /// The program is not in the library any more.
    NoProgram,
}

/// All that a verdict depends on.
#[derive(Clone, Debug)]
pub struct Facts<'a> {
    /// The day asked about, in her calendar.
    pub on: NaiveDate,
    /// Today there.
    pub today: NaiveDate,
    /// Now.
    pub now: DateTime<Utc>,
    /// When she enrolled.
    pub enrolled_on: NaiveDate,
    /// What has become of the enrollment.
    pub state: EnrollmentState,
    /// Since which day.
    pub state_on: NaiveDate,
    /// How it departs from its program's rhythm, now.
    pub terms: &'a Terms,
    /// Since which day nothing unasked may go to her.
    pub stopped_on: Option<NaiveDate>,
    /// Since which day her provider refuses.
    pub blocked_on: Option<NaiveDate>,
    /// What changed, the oldest first.
    pub events: &'a [Event],
    /// What the record of occurrences has for the day.
    pub planned: Option<Planned>,
    /// The text of that.
    pub text: Option<&'a Text>,
    /// Why a text for this day was taken back before it went; the day is free in the record again.
    pub taken_back: Option<&'a str>,
    /// What the plan says.
    pub plan: Plan,
    /// Until when the sender may not send.
    pub held_until: Option<DateTime<Utc>>,
}

/// Why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The handset has it.
    Arrived,
    /// The gateway took it, and no receipt has come.
    HandedOver,
    /// It is on the wire.
    Sending,
    /// It may have been sent, and nothing proves it yet.
    InDoubt,
    /// It waits for its minute.
    Waiting(Option<DateTime<Utc>>),
    /// It is due, and in line.
    InLine,
    /// It missed her hours, and waits for the next ones.
    NextWindow(Option<DateTime<Utc>>),
    /// The sender may not send until then.
    SenderHeld(DateTime<Utc>),
    /// The gateway did not take it, and is tried again.
    GatewayDown {
        /// When.
        until: Option<DateTime<Utc>>,
        /// What the gateway said.
        said: Option<String>,
    },
    /// It did not arrive.
    Failed(Option<String>),
    /// It may have been sent, and was not settled in time.
    NeverSettled,
    /// Her sender may not text her number.
    NotAllowed,
    /// It could not go before its time was over: the gateway was tried in vain.
    ExpiredTrying(Option<String>),
    /// It could not go before its time was over.
    ExpiredWaiting,
    /// It was taken back before it went.
    TakenBack(String),
    /// The library had no tip that her sender might carry.
    NoTip,
    /// She wants only what is vital, and nothing of that week is.
    NothingVital,
    /// The service came to it when it was too late to be right.
    PlannedTooLate,
    /// She had that very tip already.
    Repeat,
    /// The zones she may be in have no hour in common that day.
    NoWindow,
    /// Texts are kept for a time only, and this one is gone.
    NotKept,
    /// She was not enrolled yet.
    NotEnrolledYet,
    /// She enrolled that day; tips begin on the next one.
    EnrolledThatDay,
    /// She had stopped.
    Stopped(NaiveDate),
    /// Her provider refused.
    Blocked(NaiveDate),
    /// She had told of a loss.
    AfterLoss(NaiveDate),
    /// She had begun anew.
    Replaced(NaiveDate),
    /// It was over.
    Completed(NaiveDate),
    /// She had asked for a pause.
    Paused(Option<NaiveDate>),
    /// The due date was three weeks past, and no birth told.
    Held,
    /// The course was over.
    Over,
    /// Nothing was due by the plan that she had then; it has changed since.
    OtherPlan(Event),
    /// Her tips come on other days.
    OtherDay(Option<NaiveDate>),
    /// She wants only what is vital, one text a week: it comes on another day.
    FewerDays(Option<NaiveDate>),
    /// It will come then.
    Coming(DateTime<Utc>),
    /// It will be due, and the library has no tip for it yet.
    NoTipYet,
    /// It is due, and the service has not come to it.
    NotPlannedYet,
    /// It was due, and the service did not come to it: it was not running.
    NeverPlanned,
    /// The program is not in the library.
    NoProgram,
}

/// The verdict.
pub fn verdict(facts: &Facts<'_>) -> Verdict {
    if let Some(planned) = facts.planned {
        return recorded(facts, planned);
    }
    if let Some(reason) = facts.taken_back {
        return Verdict::TakenBack(reason.to_owned());
    }
    if facts.on < facts.enrolled_on {
        return Verdict::NotEnrolledYet;
    }
    if let Some(ended) = ended(facts) {
        return ended;
    }
    if facts.on == facts.enrolled_on {
        return Verdict::EnrolledThatDay;
    }
    if let Some(until) = paused(facts) {
        return Verdict::Paused(until);
    }
    by_plan(facts)
}

/// What the record says.
fn recorded(facts: &Facts<'_>, planned: Planned) -> Verdict {
    match planned {
        Planned::NoTip if facts.terms.less => Verdict::NothingVital,
        Planned::NoTip => Verdict::NoTip,
        Planned::Expired => Verdict::PlannedTooLate,
        Planned::Repeat => Verdict::Repeat,
        Planned::NoWindow => Verdict::NoWindow,
        Planned::Queued => facts.text.map_or(Verdict::NotKept, |text| of_text(facts, text)),
    }
}

fn of_text(facts: &Facts<'_>, text: &Text) -> Verdict {
    let reason = || text.reason.clone();
    match text.state {
        State::Delivered => Verdict::Arrived,
        State::Accepted | State::Sent => Verdict::HandedOver,
        State::Sending => Verdict::Sending,
        State::InDoubt => Verdict::InDoubt,
        State::Failed => match text.code.as_deref() {
            Some("in_doubt") => Verdict::NeverSettled,
            Some("not_allowed") => Verdict::NotAllowed,
            _ => Verdict::Failed(reason()),
        },
        State::Expired if text.tries > 0 => Verdict::ExpiredTrying(reason()),
        State::Expired => Verdict::ExpiredWaiting,
        State::Canceled => Verdict::TakenBack(text.reason.clone().unwrap_or_default()),
        State::Queued => waits(facts, text),
    }
}

/// Why a text waits: what keeps it longest is said first.
fn waits(facts: &Facts<'_>, text: &Text) -> Verdict {
    if let Some(stopped) = facts.stopped_on {
        return Verdict::Stopped(stopped);
    }
    if text.code.as_deref() == Some("repeat") {
        return Verdict::InDoubt;
    }
    let at = text.next_try_at;
    if let Some(until) =
        facts.held_until.filter(|until| *until > facts.now && at.is_none_or(|at| at <= *until))
    {
        return Verdict::SenderHeld(until);
    }
    if text.tries > 0 {
        return Verdict::GatewayDown { until: at, said: text.reason.clone() };
    }
    if text.next_try_on.is_some_and(|on| on > facts.on) {
        return Verdict::NextWindow(at);
    }
    if at.is_some_and(|at| at > facts.now) { Verdict::Waiting(at) } else { Verdict::InLine }
}

/// Whether everything had ended by that day.
fn ended(facts: &Facts<'_>) -> Option<Verdict> {
    let since = facts.state_on;
    let by_then = facts.on >= since;
    match facts.state {
        EnrollmentState::Replaced if by_then => return Some(Verdict::Replaced(since)),
        EnrollmentState::Completed if by_then => return Some(Verdict::Completed(since)),
        EnrollmentState::Frozen if by_then => return Some(Verdict::AfterLoss(since)),
        _ => {}
    }
    let last = |those: &[Change]| {
        let of_those = |event: &&Event| event.on <= facts.on && those.contains(&event.what);
        facts.events.iter().rev().find(of_those).copied()
    };
    let lost =
        last(&[Change::Lost, Change::Undone, Change::Enrolled]).filter(|event| event.what == Change::Lost);
    // Texts of support come after a loss by a plan of their own.
    if let Some(lost) = lost.filter(|_| facts.state != EnrollmentState::Supported || facts.on < since) {
        return Some(Verdict::AfterLoss(lost.on));
    }
    let stop = last(&[Change::Stopped, Change::Dates, Change::Enrolled, Change::Moved]);
    let stopped = stop.filter(|event| event.what == Change::Stopped).map(|event| event.on);
    // What was before anything was written down is known by how it is now.
    let stopped = stopped.or(facts.stopped_on.filter(|since| facts.on >= *since));
    let blocked = facts.blocked_on.filter(|since| facts.on >= *since);
    let stopped =
        stopped.or_else(|| Some(since).filter(|_| facts.state == EnrollmentState::Stopped && by_then));
    blocked.map(Verdict::Blocked).or(stopped.map(Verdict::Stopped))
}

/// Whether a pause held that day, and until when.
fn paused(facts: &Facts<'_>) -> Option<Option<NaiveDate>> {
    let of_pauses = |event: &&Event| {
        let pauses = [Change::Paused, Change::Back, Change::Enrolled];
        event.on <= facts.on && pauses.contains(&event.what)
    };
    let begun = facts.events.iter().rev().find(of_pauses).is_some_and(|event| event.what == Change::Paused);
    match facts.terms.pause {
        Some(Pause { until }) if begun || facts.on >= facts.today => {
            Some(until).filter(|until| until.is_none_or(|until| facts.on < until))
        }
        _ => begun.then_some(None).filter(|_| facts.terms.pause.is_none()),
    }
}

fn by_plan(facts: &Facts<'_>) -> Verdict {
    let past = facts.on < facts.today;
    // Whatever fell due is on record: of a day gone by, a plan that was made later tells nothing.
    let since = facts.events.iter().rev().find(|event| event.on > facts.on && event.what != Change::Enrolled);
    if let Some(changed) = since.filter(|_| past) {
        return Verdict::OtherPlan(*changed);
    }
    match facts.plan {
        Plan::NoProgram => Verdict::NoProgram,
        Plan::Held => Verdict::Held,
        Plan::Over => Verdict::Over,
        Plan::OtherDays(next) if facts.terms.less => Verdict::FewerDays(next),
        Plan::OtherDays(next) => Verdict::OtherDay(next),
        Plan::Due { at: None, .. } => Verdict::NoWindow,
        Plan::Due { .. } if past => Verdict::NeverPlanned,
        Plan::Due { at: Some(at), .. } if at <= facts.now => Verdict::NotPlannedYet,
        Plan::Due { has_tip: false, .. } if facts.terms.less => Verdict::NothingVital,
        Plan::Due { has_tip: false, .. } => Verdict::NoTipYet,
        Plan::Due { at: Some(at), .. } => Verdict::Coming(at),
    }
}

#[cfg(test)]
mod tests;
