//! Why she got a tip on a day, or did not: the facts of one enrollment and one local day, and the one verdict that they
//! come to. Pure, so that whoever asks is told the same, at the console or at the command line.

mod facts;

use chrono::{DateTime, NaiveDate, Utc};

pub use self::facts::{Change, Event, Facts, Plan, Planned, Said, Text};

use super::conversation::EnrollmentState;
use super::delivery::State;
use super::plan::{Pause, Reader};

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
        /// Why.
        said: Option<Said>,
    },
    /// It did not arrive.
    Failed(Option<Said>),
    /// It may have been sent, and was not settled in time.
    NeverSettled,
    /// Her sender may not text her number.
    NotAllowed,
    /// It could not go before its time was over: the gateway was tried in vain.
    ExpiredTrying(Option<Said>),
    /// It could not go before its time was over.
    ExpiredWaiting,
    /// It was taken back before it went.
    TakenBack(String),
    /// The library had no tip for this reader that the sender might carry.
    NoTip(Reader),
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
    /// It will be due, and the library has no tip for this reader yet.
    NoTipYet(Reader),
    /// It is due, and the service has not come to it.
    NotPlannedYet,
    /// It was due, and the service did not come to it: it was not running.
    NeverPlanned,
    /// The program is not in the library.
    NoProgram,
}

/// The verdict.
pub fn verdict(facts: &Facts<'_>) -> Verdict {
    if let Some((planned, at)) = facts.planned {
        return recorded(facts, planned, at);
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

/// What the record says. What was true when the day was planned counts, and not what she has asked for since.
fn recorded(facts: &Facts<'_>, planned: Planned, at: DateTime<Utc>) -> Verdict {
    match planned {
        Planned::NoTip if less_at(facts, at) => Verdict::NothingVital,
        Planned::NoTip => Verdict::NoTip(reader_at(facts, at)),
        Planned::Expired => Verdict::PlannedTooLate,
        Planned::Repeat => Verdict::Repeat,
        Planned::NoWindow => Verdict::NoWindow,
        Planned::Queued => facts.text.map_or(Verdict::NotKept, |text| of_text(facts, text)),
    }
}

/// Whether only what is vital came at a moment. Nobody enrolls so.
fn less_at(facts: &Facts<'_>, at: DateTime<Utc>) -> bool {
    let of_less = |event: &&Event| {
        matches!(event.what, Change::Less | Change::More | Change::Supported | Change::Enrolled)
    };
    let mut those = facts.events.iter().filter(of_less);
    match those.clone().rev().find(|event| event.at <= at) {
        Some(last) => last.what == Change::Less,
        None => those.next().is_none() && facts.terms.less,
    }
}

/// Who read at a moment. Whoever has not said so is taken for the mother.
fn reader_at(facts: &Facts<'_>, at: DateTime<Utc>) -> Reader {
    let mut known = None;
    for event in facts.events {
        let Change::Reader(reader) = event.what else { continue };
        if event.at > at {
            return known.unwrap_or(Reader::Mother);
        }
        known = Some(reader);
    }
    known.unwrap_or(facts.terms.reader())
}

fn of_text(facts: &Facts<'_>, text: &Text) -> Verdict {
    let reason = || text.said();
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
        return Verdict::GatewayDown { until: at, said: text.said() };
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
    let lost = last(&[Change::Lost, Change::Undone, Change::Supported, Change::Enrolled])
        .filter(|event| event.what == Change::Lost);
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
    let holds = |until: Option<NaiveDate>| until.is_none_or(|until| facts.on < until);
    if facts.on >= facts.today {
        return facts.terms.pause.map(|pause| pause.until).filter(|until| holds(*until));
    }
    let of_pauses = |event: &&Event| {
        matches!(
            event.what,
            Change::Paused(_) | Change::Back | Change::More | Change::Supported | Change::Enrolled
        )
    };
    let mut those = facts.events.iter().filter(of_pauses);
    let Change::Paused(until) = those.clone().rev().find(|event| event.on <= facts.on)?.what else {
        return None;
    };
    let is_last = those.all(|event| event.on <= facts.on);
    let until = match (until, facts.terms.pause) {
        // The end of the pause that holds now stands in her terms as well.
        (None, Some(Pause { until })) if is_last => until,
        (until, _) => until,
    };
    Some(until).filter(|until| holds(*until))
}

fn by_plan(facts: &Facts<'_>) -> Verdict {
    let past = facts.on < facts.today;
    // Whatever fell due is on record: of a day gone by, a plan that was made later tells nothing. The first change after
    // it ended the plan that held that day.
    let changes = |event: &&Event| event.what != Change::Enrolled;
    let first_after = |on: NaiveDate| facts.events.iter().filter(changes).find(|event| event.on > on);
    if let Some(changed) = first_after(facts.on).filter(|_| past) {
        return Verdict::OtherPlan(*changed);
    }
    let that_day = || facts.events.iter().filter(changes).find(|event| event.on == facts.on);
    let reader = facts.terms.reader();
    match facts.plan {
        Plan::NoProgram => Verdict::NoProgram,
        Plan::Held => Verdict::Held,
        Plan::Over => Verdict::Over,
        Plan::OtherDays(next) if facts.terms.less => Verdict::FewerDays(next),
        Plan::OtherDays(next) => Verdict::OtherDay(next),
        Plan::Due { at: None, .. } => Verdict::NoWindow,
        // On the day of a change the new plan may have come too late for it.
        Plan::Due { .. } if past => {
            that_day().map_or(Verdict::NeverPlanned, |event| Verdict::OtherPlan(*event))
        }
        Plan::Due { at: Some(at), .. } if at <= facts.now => Verdict::NotPlannedYet,
        Plan::Due { has_tip: false, .. } if facts.terms.less => Verdict::NothingVital,
        Plan::Due { has_tip: false, .. } => Verdict::NoTipYet(reader),
        Plan::Due { at: Some(at), .. } => Verdict::Coming(at),
    }
}

#[cfg(test)]
mod tests;
